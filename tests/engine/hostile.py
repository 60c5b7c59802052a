"""Diagrams that nobody draws by mistake: to read a file, run code, fill the memory or never end."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from tests.bpmn.test_expressions import HOSTILE
from tests.engine.diagrams import (
    BPMN,
    Node,
    again,
    border,
    catch,
    declared,
    diagram,
    each,
    end,
    error,
    escalation,
    message,
    part,
    signal,
    some,
    step,
    terminate,
    throw,
    timer,
    together,
    xor,
)

SECRET = Path(__file__).with_name("rahasia.txt")
CODE = f"open({str(SECRET)!r}).read() or __import__('os').system('true')"
PLAIN = diagram("mulai -> A -> selesai").decode()
BPMN_TAG = f'<definitions xmlns="{BPMN}" targetNamespace="x">'
OUTSIDE = (
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xi="http://www.w3.org/2001/XInclude" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:sop="urn:alur:sop:1"'
)


def files() -> Iterator[tuple[str, bytes]]:
    """No diagram at all, or one that smuggles something in."""
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    inside = "<!DOCTYPE definitions [{}]>"
    external = f'<!ENTITY x SYSTEM "{SECRET.as_uri()}">'
    for name, doctype in {
        "doctype": "<!DOCTYPE definitions>",
        "doctype of a file": f'<!DOCTYPE definitions SYSTEM "{SECRET.as_uri()}">',
        "doctype of a host": '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/x.dtd">',
        "entity": inside.format('<!ENTITY x "A">'),
        "entity of a file": inside.format(external),
        "parameter entity": inside.format(f'<!ENTITY % x SYSTEM "{SECRET.as_uri()}"> %x;'),
        "billion laughs": inside.format(f'<!ENTITY l0 "lol">{lol}'),
        "quadratic blow-up": inside.format(f'<!ENTITY x "{"A" * 50_000}">'),
        "doctype behind a comment": "<!-- x --><!DOCTYPE definitions>",
        "doctype behind an instruction": "<?x y?>\n\n<!DOCTYPE definitions>",
        "doctype in small letters": "<!doctype definitions>",
        "attribute list": inside.format('<!ATTLIST process id CDATA "x">'),
    }.items():
        text = doctype + PLAIN.replace('name="A"', 'name="&x;&l9;"' if "[" in doctype else "")
        yield name, text.encode()
        if "file" in name:
            yield f"{name}, UTF-16", text.encode("utf-16")
            yield f"{name}, UTF-16 unmarked", text.encode("utf-16-le")
    declared_as = '<?xml version="1.0" encoding="{}"?>'
    for encoding in ("utf-7", "utf-32", "ebcdic-cp-us", "rot13", "hex", "zlib", "idna", "no-such"):
        yield f"declared as {encoding}", (declared_as.format(encoding) + PLAIN).encode()
    yield "declared UTF-8, is not", declared_as.format("utf-8").encode() + b"\xff\xfe" * 50
    yield (
        "half a character",
        PLAIN.replace('name="A"', 'name="\ud800"').encode("utf-8", "surrogatepass"),
    )
    yield "UTF-32", PLAIN.encode("utf-32")
    yield "nothing", b""
    yield "blanks", b" \n\t" * 1000
    yield "zeros", bytes(10_000)
    yield "not XML", b"%PDF-1.7 \x00\x01"
    yield "a zip", b"PK\x03\x04" + bytes(100)
    yield "a gzip bomb", gzip.compress(bytes(50_000_000))
    yield "HTML", b"<html><body>x</body></html>"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    yield "another BPMN", b'<definitions xmlns="http://schema.omg.org/spec/BPMN/1.0"/>'
    yield "cut off", PLAIN[:-30].encode()
    yield "two roots", (PLAIN + PLAIN).encode()
    yield "the same attribute twice", PLAIN.replace('id="A"', 'id="A" id="B"').encode()
    yield "unknown prefix", PLAIN.replace("<userTask", "<x:userTask").encode()
    yield "unknown entity", PLAIN.replace('name="A"', 'name="&nbsp;"').encode()
    yield "a control character", PLAIN.replace('name="A"', 'name="\x01"').encode()
    yield "too large", (PLAIN + " " * 3_000_000).encode()
    yield "a hundred thousand deep", (BPMN_TAG + "<a>" * 100_000).encode()
    yield (
        "sixty deep",
        (BPMN_TAG + "<process>" * 60 + "</process>" * 60 + "</definitions>").encode(),
    )
    yield (
        "a hundred thousand elements",
        (BPMN_TAG + "<lane/>" * 100_000 + "</definitions>").encode(),
    )
    spaces = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(30_000))
    yield "thirty thousand namespaces", f'<definitions xmlns="{BPMN}" {spaces}/>'.encode()


def structures() -> Iterator[tuple[str, bytes]]:
    """Well written, but what they draw is hostile."""
    empty = f"{BPMN_TAG}</definitions>"
    yield "no process", empty.encode()
    yield "an empty process", f'{BPMN_TAG}<process id="P"/></definitions>'.encode()
    yield (
        "two processes",
        PLAIN.replace("</definitions>", _process("Q", "") + "</definitions>").encode(),
    )
    for name, calls in {
        "a process that calls itself": {"P": "P"},
        "two that call each other": {"P": "Q", "Q": "P"},
        "three in a circle": {"P": "Q", "Q": "R", "R": "Q"},
        "a call of nothing": {"P": "tidak_ada"},
        "a call without a name": {"P": ""},
    }.items():
        inside = "".join(_process(id, _call(f"K_{id}", called)) for id, called in calls.items())
        yield name, f"{BPMN_TAG}{inside}</definitions>".encode()
    doubling = "".join(_process(f"P{n}", _call(f"K{n}", f"P{n + 1}", f"L{n}")) for n in range(30))
    yield "calls that double", f"{BPMN_TAG}{doubling}{_process('P30', '')}</definitions>".encode()
    for name, id in {
        "a huge id": "A" * 1_000_000,
        "a dunder id": "__class__",
        "an engine's id": "End",
        "another engine's id": "Sop.EndJoin",
        "an instance's id": "A [child]",
        "a border's id": "A.BoundaryEventSplit",
        "a function's id": "len",
        "the outcome's id": "outcome",
        "the library's word": "typename",
        "no id": "",
        "an id with blanks": "x' or '1'='1",
        "an id written backwards": "A\u202eB",
        "an id nobody sees": "\u200b",
    }.items():
        # ids are written into arrows, whose own names must stay short
        yield (
            name,
            diagram("mulai -> LANGKAH -> selesai")
            .replace(b'"LANGKAH"', _quoted(id))
            .replace(b">LANGKAH<", b">" + _quoted(id)[1:-1] + b"<"),
        )
    yield "a huge name", PLAIN.replace('name="A"', f'name="{"x" * 1_000_000}"').encode()
    yield "the same id twice", diagram("mulai -> A -> B -> selesai").replace(b'"B"', b'"A"')
    yield "an arrow to nowhere", PLAIN.replace('targetRef="selesai"', 'targetRef="x"').encode()
    yield "an arrow into the start", diagram("mulai -> A -> mulai")
    yield "no start", diagram("A -> selesai")
    yield "no end", diagram("mulai -> A")
    yield (
        "a border in a circle",
        diagram("mulai -> A -> selesai; T -> A", T=border("T", timer("PT1M"))),
    )
    yield (
        "a border of an arrow",
        diagram("mulai -> A -> selesai; T -> B -> selesai2", T=border("f0_mulai_A", timer("PT1M"))),
    )
    yield (
        "a thousand steps in a row",
        diagram("mulai -> " + " -> ".join(f"A{n}" for n in range(1000)) + " -> selesai"),
    )
    gates = {f"G{n}": together() for n in range(1000)}
    yield (
        "a thousand gateways in a row",
        diagram("mulai -> " + " -> ".join(gates) + " -> selesai", **gates),
    )
    yield "a step that follows itself", diagram("mulai -> A -> A")
    yield "an engine's circle", diagram("mulai -> G -> H -> G", G=together(), H=together())
    yield (
        "a circle of throws",
        diagram("mulai -> E -> F -> E", E=throw(escalation()), F=throw(escalation())),
    )
    for name, condition in {
        "true": "true",
        "a sum": "1 + 1 == 2",
        "outcome": "outcome != 'x'",
    }.items():
        yield (
            f"a circle by {name}",
            diagram(f"mulai -> M -> X; X -> M : {condition}; X -> selesai : *", M=xor(), X=xor()),
        )
    yield (
        "a circle in a sub-process",
        diagram(
            "mulai -> S -> selesai",
            S=part("mulai_s -> M -> X; X -> M : true; X -> selesai_s : *", M=xor(), X=xor()),
        ),
    )
    yield "a long circle", _long_circle(140)
    yield "a circle of signals", diagram(
        "mulai -> P; P -> t -> k -> M -> t; P -> k2 -> selesai; M -> selesai2 : false",
        declared("signal", "S"),
        P=together(), M=xor(), t=catch(signal("S")), k=throw(signal("S")), k2=throw(signal("S")),
    )  # fmt: skip
    yield (
        "branches that double without end",
        diagram("mulai -> M -> P; P -> M; P -> M; P -> selesai", M=xor(), P=together()),
    )
    for gateway, condition in ((together(), ""), (some(), " : true")):
        yield f"branches that double twenty times ({gateway.kind})", _doubling(gateway, condition)
    yield "meetings at events", _meetings(throw(escalation()))
    yield "timers that breed", diagram(
        "mulai -> A -> selesai; T -> M -> P; P -> M; P -> M",
        T=border("A", timer("PT1M")), M=xor(), P=together(),
    )  # fmt: skip
    for count in ("201", "1000000", "999999999999", "10*10*10*10", "-1", "'x'", "1/0", "9" * 999):
        for one_by_one in (True, False):
            how = "one by one" if one_by_one else "at once"
            yield (
                f"repeated {count[:15]} times {how}",
                diagram("mulai -> A -> selesai", A=step(each(count, one_by_one=one_by_one))),
            )
    inner = part("mulai_t -> B -> selesai_t", B=step(each(200))).repeated(each(200))
    yield "two hundred times two hundred", diagram("mulai -> S -> selesai", S=inner)
    nest = step(each(2))
    for level in range(16):
        nest = part(f"mulai_{level} -> S{level} -> selesai_{level}", **{f"S{level}": nest})
        nest = nest.repeated(each(2))
    yield "two to the sixteenth", diagram("mulai -> S -> selesai", S=nest)
    for most in ("1000000000", "-1", "x", "1e9", "0"):
        loop = again(most=1).replace('"1"', f'"{most}"')
        yield f"looped {most} times", alone(step(loop))
    endless = part("mulai_s -> selesai_s").repeated(again("true"))
    yield "a loop without people", diagram("mulai -> S -> selesai", S=endless)


def breeding() -> Iterator[tuple[str, bytes]]:
    """Cases that grow each time somebody looks at them."""
    yield "waits that double each day", diagram(
        "mulai -> Z -> M -> P; P -> t; P -> u; t -> X; u -> X; X -> M : Z.x == 1; X -> selesai : *",
        P=together(), M=xor(), X=xor(), t=catch(timer("PT1M")), u=catch(timer("PT1M")),
    )  # fmt: skip
    yield "late steps that breed", diagram(
        "mulai -> Z -> M -> A -> X; T -> X; X -> M : Z.x == 1; X -> selesai : *",
        A=step(), T=border("A", timer("R/PT1M", "timeCycle")), M=xor(), X=xor(),
    )  # fmt: skip


def times() -> Iterator[tuple[str, bytes]]:
    """Times that no clock reaches."""
    for text in (
        "P999999Y", "P1Y", "P1M", "-PT1H", "PT0S", "P", "PT", "PT30S", "PT" + "9" * 100_000 + "M",
        "P9999D", "P999W", "PT99999H", "P99999999999D", "PT1H30", "P1.5D",
        "0 0 * * *", "besok", "P1D; P2D", "’PT10M’", CODE,
    ):  # fmt: skip
        yield f"a deadline of {text[:20]}", _limited(timer(text))
    for text in (
        "R999999999/PT1M", "R" + "9" * 5000 + "/PT1M", "R-1/PT1M", "R/PT0S", "R/P1Y", "R//", "R/",
        "R5/0001-01-01T00:00/PT1M", "R/PT1M/PT1M", "R²/PT1M", "R/9999-12-31T23:59/PT1M",
        "R٣/PT1M", "R3/2026-03-12T09:00/2026-03-13T09:00", "0 0 9 * * MON", CODE,
    ):  # fmt: skip
        yield f"a cycle of {text[:20]}", _limited(timer(text, "timeCycle"))
    for text in ("0001-01-01T00:00", "9999-12-31T23:59:59-23:59", "2026-13-40", "12 Maret", "1/0",
                 "2026-3-12", "1970-01-01", "2026-03-12T25:00", "[1]", "true", CODE):  # fmt: skip
        waiting = catch(timer(text, "timeDate"))
        yield f"a date of {text[:20]}", diagram("mulai -> T -> A -> selesai", T=waiting)

    for text in ("1 + 1", "'x'", "''", "{'a': 1}", "outcome.lama()", "[1]", "null"):
        yield f"a wait of {text}", diagram("mulai -> T -> A -> selesai", T=catch(timer(text)))
    for kind, text in (
        ("timeDuration", "PT10M"), ("timeCycle", "R4/P1W"), ("timeCycle", "R/P13M"),
        ("timeCycle", "R/PT0S"), ("timeCycle", "lama"), ("timeDate", "besok"), ("timeDate", CODE),
    ):  # fmt: skip
        opening = Node("startEvent", timer(text, kind))
        yield f"opened by {kind} {text[:10]}", diagram("M -> A -> selesai", M=opening)


def events() -> Iterator[tuple[str, bytes]]:
    """Events where none can stand, that nobody brings about or nobody hears."""
    kinds = {
        "message": message("M"),
        "signal": signal("Z"),
        "error": error("E"),
        "escalation": escalation("X"),
        "condition": f"<conditionalEventDefinition>{_tagged('condition', '1 == 2')}"
        "</conditionalEventDefinition>",
        "timer": timer("PT1M"),
        "terminate": terminate(),
        "link": '<linkEventDefinition name="L"/>',
        "compensation": "<compensateEventDefinition/>",
        "cancel": "<cancelEventDefinition/>",
        "two at once": message("M") + signal("Z"),
    }
    for place, honest in _HONEST.items():
        for kind, event in kinds.items():
            if kind not in honest:
                yield f"{place} {kind}", _placed(place, event)


_EVERYTHING = declared("message", "M") + declared("signal", "Z") + declared("error", "E")
_EVERYTHING += declared("escalation", "X")
# Where each kind of event may stand although nothing else is drawn.
_HONEST = {
    "begun by": (),
    "a part begun by": (),
    "beside, begun by": (),
    "instead, begun by": (),
    "waiting for": ("timer",),
    "at the border": ("timer", "condition"),
    "sending": ("message", "signal", "escalation"),
    "ending with": ("message", "escalation", "terminate"),
}


def _placed(place: str, event: str) -> bytes:
    interrupts = {"isInterrupting": "true" if place.startswith("instead") else "false"}
    inside = {"m": Node("startEvent", event, interrupts)}
    on_event = {"triggeredByEvent": "true"}
    beside = Node("subProcess", "", on_event, "m -> B -> selesai_b", inside)
    arrows, nodes = {
        "begun by": ("M1 -> A -> selesai", {"M1": Node("startEvent", event)}),
        "a part begun by": (
            "mulai -> S -> selesai",
            {"S": part("m -> B -> selesai_b", **inside)},
        ),
        "beside, begun by": ("mulai -> A -> selesai", {"S": beside}),
        "instead, begun by": ("mulai -> A -> selesai", {"S": beside}),
        "waiting for": ("mulai -> A -> t -> B -> selesai", {"t": catch(event)}),
        "at the border": (
            "mulai -> A -> selesai; t -> B -> selesai",
            {"t": border("A", event, interrupts=True)},
        ),
        "sending": ("mulai -> A -> t -> B -> selesai", {"t": throw(event)}),
        "ending with": ("mulai -> A -> t", {"t": end(event)}),
    }[place]
    return diagram(arrows, _EVERYTHING, **nodes)


def computed() -> Iterator[tuple[str, bytes]]:
    """Every place where the engine computes, with the same attempt to get out of the language."""
    rest = "X -> selesai : *; B -> selesai"
    for number, text in enumerate(HOSTILE):
        if text.isprintable() and text.strip():
            arrows = f"mulai -> A -> X; X -> B : {text.replace(';', ' ')}; {rest}"
            yield f"condition {number}: {text[:25]}", diagram(arrows, X=xor())
    for text in ("().__class__.__base__.__subclasses__()", CODE, "9**9**9", "[0]*10**9"):
        condition = _tagged("condition", text)
        for place, node in {
            "count": step(each(text)),
            "count, one by one": step(each(text, one_by_one=True)),
            "list": step(each(of=text)),
            "enough": step(each(2, until=text)),
            "loop": step(again(text)),
            "loop before": step(again(text, first=True)),
            "wait": catch(timer(text)),
            "event": catch(f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>"),
        }.items():
            yield f"{place}: {text[:20]}", alone(node)
        arrows = f"mulai -> Z -> A; A -> B : {text}; A -> selesai : *; B -> selesai"
        yield f"or: {text[:20]}", diagram(arrows, A=some())


def refused_elements() -> Iterator[tuple[str, bytes]]:
    """What other engines would run."""
    for name, node in {
        "script task": Node("scriptTask", _tagged("script"), {"scriptFormat": "python"}),
        "service task": Node("serviceTask"),
        "an unknown action": Node("serviceTask", "", {"sop:tindakan": "os.system"}),
        "camunda service": Node("serviceTask", "", {"camunda:expression": f"${{{CODE}}}"}),
        "business rule": Node("businessRuleTask", "", {"camunda:decisionRef": CODE}),
        "a send task without a message": Node("sendTask"),
        "an ad-hoc sub-process": Node("adHocSubProcess", _tagged("completionCondition")),
        "a transaction": Node("transaction"),
        "a complex gateway": Node("complexGateway", _tagged("activationCondition")),
        "a choreography": Node("choreographyTask"),
    }.items():
        yield name, _outside(alone(node))
    yield "a data store", diagram("mulai -> A -> selesai", '<dataStore id="D" name="D"/>')
    assigned = f"<assignment>{_tagged('from')}{_tagged('to')}</assignment>"
    ends = "<sourceRef>x</sourceRef><targetRef>y</targetRef>"
    association = f"<dataInputAssociation>{assigned}{ends}</dataInputAssociation>"
    yield "an assignment", alone(step(association))


def ignored() -> Iterator[tuple[str, bytes]]:
    """What other engines would run and ours does not so much as look at."""
    value = _attribute(CODE)
    for name, inside in {
        "a pre-script": _tagged("spiffworkflow:preScript"),
        "a post-script": _tagged("spiffworkflow:postScript"),
        "a unit test": _tagged("spiffworkflow:inputJson"),
        "an execution listener": f'<camunda:executionListener event="start" class="{value}"/>',
        "a listener's script": _tagged("camunda:script"),
        "a task listener": f'<camunda:taskListener event="create" class="{value}"/>',
        "an input mapping": _tagged("camunda:inputParameter"),
        "zeebe's mapping": f'<zeebe:input source="{value}" target="x"/>',
        "an included file": f'<xi:include href="{SECRET.as_uri()}" parse="text"/>',
        "a hidden script": f'<scriptTask xmlns="urn:x" id="x">{_tagged("script")}</scriptTask>',
        "a property": f'<camunda:property name="x" value="{value}"/>',
    }.items():
        yield name, _outside(alone(step(f"<extensionElements>{inside}</extensionElements>")))
    yield "documentation", alone(step(_tagged("documentation")))
    assigned = {"camunda:assignee": f"${{{CODE}}}", "camunda:formKey": SECRET.as_uri()}
    yield "an assignee", _outside(alone(Node("userTask", "", assigned)))
    yield "a stylesheet", f'<?xml-stylesheet href="{SECRET.as_uri()}"?>{PLAIN}'.encode()
    schema = 'importType="http://www.w3.org/2001/XMLSchema" namespace="x"'
    imported = f'<import {schema} location="{SECRET.as_uri()}"/>'
    yield "an import", diagram("mulai -> A -> selesai", imported)
    located = f'<definitions xsi:schemaLocation="{BPMN} {SECRET.as_uri()}"'
    yield "a schema location", _outside(PLAIN.replace("<definitions", located).encode())
    python = b'<conditionExpression xsi:type="tFormalExpression" language="python">'
    choice = diagram("mulai -> A -> X; X -> B : A.n == 5; X -> selesai : *; B -> selesai", X=xor())
    yield "a condition's language", _outside(choice).replace(b"<conditionExpression>", python)
    yield "forty blocks in a row", _blocks()
    # People come between, so it grows no faster than they work.
    yield "meetings at steps", _meetings(step())
    many = " ".join(f'a{n}="x"' for n in range(100_000))
    yield "a hundred thousand attributes", PLAIN.replace('id="A"', f'id="A" {many}').encode()
    quoted = "x'or'1'='1"
    yield (
        "an id for XPath",
        PLAIN.replace('"A"', f'"{quoted}"').replace(">A<", f">{quoted}<").encode(),
    )
    talking = {"P": together(), "k": throw(message("M")), "t": catch(message("M"))}
    arrows = "mulai -> P; P -> A -> k -> selesai; P -> t -> selesai2"
    yield "a correlation", diagram(arrows, _correlation(), **talking)
    inputs = "<inputSet><dataInputRefs>x</dataInputRefs></inputSet>"
    asked = f'<ioSpecification><dataInput id="x" name="x"/>{inputs}</ioSpecification>'
    yield "a data input nobody fills", alone(step(asked))


def alone(node: Node) -> bytes:
    return diagram("mulai -> A -> selesai", A=node)


def _limited(event: str) -> bytes:
    return diagram("mulai -> A -> selesai; T -> E", T=border("A", event), E=end(escalation()))


def _correlation() -> str:
    retrieval = "correlationPropertyRetrievalExpression"
    found = f'<{retrieval} messageRef="M">{_tagged("formalExpression")}</{retrieval}>'
    key = '<correlationKey name="K"><correlationPropertyRef>C</correlationPropertyRef>'
    return (
        f'<message id="M" name="M"/><correlationProperty id="C">{found}</correlationProperty>'
        f'<collaboration id="K">{key}</correlationKey></collaboration>'
    )


def _meetings(kind: Node, times: int = 40) -> bytes:
    """Branches that meet without a join, so that each goes on by itself."""
    arrows, nodes = ["mulai -> Awal -> E0"], {f"E{times}": kind}
    for at in range(times):
        arrows.append(f"E{at} -> F{at}; F{at} -> E{at + 1}; F{at} -> G{at} -> E{at + 1}")
        nodes |= {f"E{at}": kind, f"F{at}": together(), f"G{at}": throw(escalation())}
    return diagram("; ".join([*arrows, f"E{times} -> selesai"]), **nodes)


def _blocks(times: int = 40) -> bytes:
    arrows, nodes, before = [], {}, "mulai"
    for at in range(times):
        arrows.append(f"{before} -> F{at} -> A{at} -> J{at}; F{at} -> B{at} -> J{at}")
        nodes |= {f"F{at}": together(), f"J{at}": together()}
        before = f"J{at}"
    return diagram("; ".join([*arrows, f"{before} -> selesai"]), **nodes)


def _tagged(name: str, text: str = CODE) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _process(id: str, inside: str) -> str:
    first = "K" if inside else "A"
    step_drawn = inside or f'<userTask id="A_{id}" name="A"/>'
    target = f"{first}_{id}" if f'id="{first}_{id}"' in step_drawn else ""
    target = target or (inside.split('id="')[1].split('"')[0] if inside else f"A_{id}")
    return (
        f'<process id="{id}"><startEvent id="m_{id}"/>{step_drawn}<endEvent id="s_{id}"/>'
        f'<sequenceFlow id="f_{id}" sourceRef="m_{id}" targetRef="{target}"/>'
        f'<sequenceFlow id="g_{id}" sourceRef="{target}" targetRef="s_{id}"/></process>'
    )


def _call(id: str, called: str, also: str = "") -> str:
    drawn = f'<callActivity id="{id}" name="K" calledElement="{called}"/>'
    if also:
        drawn += f'<callActivity id="{also}" name="L" calledElement="{called}"/>'
    return drawn


def _quoted(id: str) -> bytes:
    return f'"{_attribute(id)}"'.encode()


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;")


def _outside(xml: bytes) -> bytes:
    return xml.replace(b"<definitions", f"<definitions {OUTSIDE}".encode(), 1)


def _long_circle(length: int) -> bytes:
    names = [f"M{n}" for n in range(length)]
    arrows = f"mulai -> {' -> '.join(names)}; {names[-1]} -> M0 : true; {names[-1]} -> selesai : *"
    return diagram(arrows, **{name: xor() for name in names})


def _doubling(gateway: Node, condition: str, times: int = 20) -> bytes:
    arrows, nodes = ["mulai -> P0"], {f"P{times}": gateway}
    for n in range(times):
        arrows += [
            f"P{n} -> X{n}{condition}",
            f"P{n} -> Y{n}{condition}",
            f"Y{n} -> X{n} -> P{n + 1}",
        ]
        nodes |= {f"P{n}": gateway, f"X{n}": xor(), f"Y{n}": xor()}
    return diagram("\n".join([*arrows, f"P{times} -> selesai"]), **nodes)
