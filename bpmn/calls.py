"""Draw a called process in the place of its call, so that its steps stand in the caller's lane."""

from collections import Counter
from copy import deepcopy
from typing import Final

from lxml import etree

from bpmn.errors import N_
from bpmn.xml import BPMN, BPMNDI, MOST_ELEMENTS, Unreadable, parse, tag

CALL: Final = tag(BPMN, "callActivity")
PROCESS: Final = tag(BPMN, "process")
_BY_HAND: Final = tag(BPMN, "manualTask")
_STEP: Final = tag(BPMN, "userTask")
MOST_CALLS: Final = 200
# Each call is a sub-process more around its steps; the library follows them by recursion.
DEEPEST: Final = 20

# What belongs to a process as such, and not to what it does.
_ITS_OWN: Final = frozenset(
    tag(BPMN, name) for name in ("documentation", "extensionElements", "ioSpecification")
)
_A_FRAME: Final = _ITS_OWN | {tag(BPMN, "laneSet")}
_REFERENCES: Final = ("id", "sourceRef", "targetRef", "attachedToRef", "default", "bpmnElement")
# Where Camunda 8 says which process is called.
_ZEEBE: Final = (
    f"{tag(BPMN, 'extensionElements')}/{{http://camunda.org/schema/zeebe/1.0}}calledElement"
)
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
        "Diagram ini terlalu sering memanggil proses (paling banyak %(limit)s kali, %(depth)s "
        "tingkat, dan isinya tidak terlalu besar). Sederhanakan dahulu."
    )


def read(data: bytes) -> etree._Element:
    """The diagram with every call opened: what rules, reader and engine all look at."""
    root = parse(data)
    inline(root)
    _forget_empty(root)
    for task in root.iter(_BY_HAND):
        # Work by hand is a step like any other: somebody does it, and by when is measured.
        task.tag = _STEP
    return root


def inline(root: etree._Element) -> None:
    """Replace every call of a process of the same file; a call of another stays as it is."""
    processes = {process.get("id", ""): process for process in root.iter(PROCESS)}
    called: Counter[str] = Counter()
    for name in _callers(processes):
        _inline(processes[name], processes, called, (name,))
    _forget(root, {name: processes[name] for name in called})


def _callers(processes: dict[str, etree._Element]) -> list[str]:
    """The processes that nobody calls: what is called is opened where it is called."""
    called = {
        _called(call, processes) for process in processes.values() for call in process.iter(CALL)
    }
    # If each is called by some other, they call each other in a circle.
    return [name for name in processes if name not in called] or list(processes)


def _called(call: etree._Element, processes: dict[str, etree._Element]) -> str:
    """The id of what is called; a prefix says whose it is, and here all are of one file."""
    zeebe = call.find(_ZEEBE)
    named = call.get("calledElement", "") or ("" if zeebe is None else zeebe.get("processId", ""))
    written = named.strip()
    return written if written in processes else written.rpartition(":")[2]


def _inline(
    place: etree._Element,
    processes: dict[str, etree._Element],
    called: Counter[str],
    way: tuple[str, ...],
) -> None:
    for call in list(place.iter(CALL)):
        name = _called(call, processes)
        if name not in processes:
            continue
        if name in way:
            raise CircularCall(process=processes[name].get("name") or name)
        called[name] += 1
        if called.total() > MOST_CALLS or len(way) > DEEPEST:
            raise _too_many()
        _open(call, processes[name], called[name])
        _inline(call, processes, called, (*way, name))


def _too_many() -> TooManyCalls:
    return TooManyCalls(limit=MOST_CALLS, depth=DEEPEST)


def _open(call: etree._Element, process: etree._Element, time: int) -> None:
    """Make the call a sub-process with the content of what it calls."""
    call.tag = tag(BPMN, "subProcess")
    call.attrib.pop("calledElement", None)
    if sum(1 for _ in call.getroottree().iter()) + sum(1 for _ in process.iter()) > MOST_ELEMENTS:
        raise _too_many()
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
        pool
        for pool in root.iter(tag(BPMN, "participant"))
        if pool.get("processRef", "").strip() in called
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


def _forget_empty(root: etree._Element) -> None:
    """Some modellers give every pool a process, also the pools of others, which stay empty."""
    processes = root.findall(PROCESS)
    empty = [process for process in processes if not is_drawn(process)]
    if len(empty) == len(processes):
        return
    names = {process.get("id") for process in empty}
    for process in empty:
        _drop(process)
    for pool in root.iter(tag(BPMN, "participant")):
        if pool.get("processRef", "").strip() in names:
            del pool.attrib["processRef"]


def is_drawn(process: etree._Element) -> bool:
    """Whether there is anything in it but a frame."""
    return any(child.tag not in _A_FRAME for child in process.iterchildren("*"))
