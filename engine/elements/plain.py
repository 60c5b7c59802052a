"""A diagram as the library is to read it: said in one way, and nothing in it that it misreads."""

from typing import Final

from lxml import etree

from bpmn.xml import BPMN, BPMNDI, tag

# Pictures, what other engines run, and data that the library would compute with Python.
_USELESS: Final = (
    f"{{{BPMNDI}}}*",
    tag(BPMN, "extensionElements"),
    tag(BPMN, "ioSpecification"),
    tag(BPMN, "correlationKey"),
    tag(BPMN, "correlationProperty"),
    tag(BPMN, "correlationSubscription"),
)
_HOLDS_AN_ID: Final = frozenset({"flowNodeRef", "incoming", "outgoing"})
_IDS: Final = ("sourceRef", "targetRef", "attachedToRef", "default")
_EVENTS: Final = ("messageRef", "signalRef", "errorRef", "escalationRef")
_SWITCHES: Final = (
    "cancelActivity",
    "isSequential",
    "testBefore",
    "triggeredByEvent",
    "isInterrupting",
)


def make(root: etree._Element) -> None:
    etree.strip_elements(root, *_USELESS, with_tail=False)
    for element in root.iter(f"{{{BPMN}}}*"):
        if etree.QName(element).localname in _HOLDS_AN_ID:
            element.text = (element.text or "").strip()
        for name in (*_IDS, *_EVENTS):
            if (written := element.get(name)) is not None:
                element.set(name, written.strip())
        for name in _SWITCHES:
            if (written := element.get(name)) is not None:
                # To the library, whatever is not spelled `true` is false.
                element.set(name, "true" if written.strip() in ("true", "1") else "false")
    for process in root.iter(tag(BPMN, "process")):
        process.set("isExecutable", "true")
    _tell_apart(root)


def _tell_apart(root: etree._Element) -> None:
    """The library goes by names and codes: two without one would be the same to it, or none."""
    for sent in root.iter(tag(BPMN, "message"), tag(BPMN, "signal")):
        sent.set("name", sent.get("id", ""))
    for kind in ("error", "escalation"):
        for raised in root.iter(tag(BPMN, kind)):
            code = raised.get(f"{kind}Code") or raised.get("id") or ""
            raised.set(f"{kind}Code", code)
