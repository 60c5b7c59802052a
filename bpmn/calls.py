"""Draw a called process in the place of its call, so that its steps stand in the caller's lane."""

from collections import Counter
from copy import deepcopy
from typing import Final

from lxml import etree

from bpmn.errors import N_
from bpmn.xml import BPMN, BPMNDI, MOST_ELEMENTS, Unreadable, parse, tag

CALL: Final = tag(BPMN, "callActivity")
PROCESS: Final = tag(BPMN, "process")
MOST_CALLS: Final = 200

# What belongs to a process as such, and not to what it does.
_ITS_OWN: Final = frozenset(
    tag(BPMN, name) for name in ("documentation", "extensionElements", "ioSpecification")
)
_REFERENCES: Final = ("id", "sourceRef", "targetRef", "attachedToRef", "default", "bpmnElement")
_NAMING: Final = frozenset(tag(BPMN, name) for name in ("incoming", "outgoing", "flowNodeRef"))


class CircularCall(Unreadable):
    """A process that calls itself would never end."""

    sentence = N_(
        "Proses “%(process)s” memanggil dirinya sendiri, langsung atau lewat proses lain. "
        "Hapus pemanggilan yang melingkar itu."
    )


class TooManyCalls(Unreadable):
    """Calls within calls multiply."""

    sentence = N_(
        "Diagram ini terlalu sering memanggil proses (paling banyak %(limit)s kali, dan isinya "
        "tidak terlalu besar). Sederhanakan dahulu."
    )


def read(data: bytes) -> etree._Element:
    """The diagram with every call opened: what rules, reader and engine all look at."""
    root = parse(data)
    inline(root)
    return root


def inline(root: etree._Element) -> None:
    """Replace every call of a process of the same file; a call of another stays as it is."""
    processes = {process.get("id", ""): process for process in root.iter(PROCESS)}
    called: Counter[str] = Counter()
    for name, process in processes.items():
        _inline(process, processes, called, (name,))
    _forget(root, {name: processes[name] for name in called})


def _inline(
    place: etree._Element,
    processes: dict[str, etree._Element],
    called: Counter[str],
    way: tuple[str, ...],
) -> None:
    for call in list(place.iter(CALL)):
        name = call.get("calledElement", "")
        if name not in processes:
            continue
        if name in way:
            raise CircularCall(process=processes[name].get("name") or name)
        called[name] += 1
        if called.total() > MOST_CALLS:
            raise TooManyCalls(limit=MOST_CALLS)
        _open(call, processes[name], called[name])
        _inline(call, processes, called, (*way, name))


def _open(call: etree._Element, process: etree._Element, time: int) -> None:
    """Make the call a sub-process with the content of what it calls."""
    call.tag = tag(BPMN, "subProcess")
    del call.attrib["calledElement"]
    if sum(1 for _ in call.getroottree().iter()) + sum(1 for _ in process.iter()) > MOST_ELEMENTS:
        raise TooManyCalls(limit=MOST_CALLS)
    content = [deepcopy(part) for part in process if part.tag not in _ITS_OWN]
    if time > 1:
        _renumber(content, f"_{time}")
    call.extend(content)


def _renumber(content: list[etree._Element], suffix: str) -> None:
    """Ids are unique in a file: what is called again bears the number of the call."""
    elements = [element for part in content for element in part.iter(etree.Element)]
    known = {element.get("id") for element in elements} - {None}
    for element in elements:
        for reference in _REFERENCES:
            if element.get(reference) in known:
                element.set(reference, f"{element.get(reference)}{suffix}")
        if element.tag in _NAMING and (element.text or "").strip() in known:
            element.text = f"{(element.text or '').strip()}{suffix}"


def _forget(root: etree._Element, called: dict[str, etree._Element]) -> None:
    """What is called is not started by itself: take it and its pool out of the file."""
    for process in called.values():
        _drop(process)
    pools = [
        pool for pool in root.iter(tag(BPMN, "participant")) if pool.get("processRef", "") in called
    ]
    # Looked for once: thousands of pools times thousands of shapes would take minutes.
    names = {pool.get("id") for pool in pools}
    shapes = root.iter(tag(BPMNDI, "BPMNShape"))
    for drawn in [*pools, *(shape for shape in shapes if shape.get("bpmnElement") in names)]:
        _drop(drawn)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
