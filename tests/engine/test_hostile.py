"""Hostile diagrams and data: nothing runs, no file is read, no bomb goes off, one sentence."""

import gc
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time
from typing import Any

import pytest

from bpmn import reader
from bpmn.errors import AlurError
from bpmn.lint import lint
from engine import formdata, program
from engine.worktime import national
from tests.engine import hostile
from tests.engine.diagrams import catch, diagram, each, step, timer, xor
from tests.engine.runs import DAY, Run

# The slowest refusal takes a third of a second; what breeds is stopped after nine tenths.
SECONDS, SECONDS_BRED, MEGABYTES = 2.0, 5.0, 200
# What Python reports while a diagram is handled; `exec` also means that something is imported.
FORBIDDEN = ("exec", "open", "os.", "subprocess.", "socket.", "ctypes.", "shutil.", "import")
_watched: list[str] | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    # A declared encoding is looked up among Python's own.
    python = ("encodings", "stringprep")
    if (
        _watched is not None
        and event.startswith(FORBIDDEN)
        and not any(name in repr(arguments) for name in python)
    ):
        _watched.append(f"{event} {arguments!r:.200}")


sys.addaudithook(_hook)


@contextmanager
def watched(seconds: float = SECONDS) -> Iterator[None]:
    """Nothing runs that is not ours, and neither time nor memory runs out."""
    global _watched
    began, weight = thread_time(), _weight()
    _watched = seen = []
    try:
        yield
    finally:
        _watched = None
    assert seen == []
    assert thread_time() - began < seconds
    assert _weight() - weight < MEGABYTES


def _weight() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Refused(AlurError):
    """What a designer reads when the rules find an error."""

    sentence = "%(said)s"


def handle(xml: bytes) -> None:
    """All that happens to a diagram from the upload to the end of its case."""
    for finding in lint(xml):
        if finding.severity == "error":
            raise Refused(said=finding.message)
    reader.read(xml)
    run = Run(program.compile(xml))
    for _ in range(30):
        if run.is_done or not (run.open or run.wake_at):
            return
        run.do(*run.open[:1], outcome="x", x=1)
        run.at(DAY)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> Iterator[None]:
    """Whatever is imported at first use is imported now, and what other tests left is not ours."""
    handle(
        diagram("mulai -> A -> X; X -> B : outcome == 'x'; X -> selesai : *; B -> selesai", X=xor())
    )
    national.days(2026, True, True)
    # To look through a whole run's garbage takes Python longer than any diagram may.
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    Run(diagram("mulai -> T -> selesai", T=catch(timer("P1D"))))
    with pytest.raises(AlurError):
        handle(b"<")


def is_one_sentence(text: str) -> bool:
    text.encode()
    one_line = "\n" not in text and text == text.strip() and len(text) < 1_000
    foreign = ("Error", "Exception", "Traceback", "not ", "Task object", "expected", "invalid")
    return one_line and text.endswith((".", ").")) and not any(word in text for word in foreign)


def cases(*kinds: Callable[[], Iterator[tuple[str, bytes]]]) -> Any:
    found = [each_case for kind in kinds for each_case in kind()]
    ids = [
        "".join(c if c.isascii() and c.isprintable() else "?" for c in name) for name, _ in found
    ]
    return pytest.mark.parametrize("xml", [xml for _, xml in found], ids=ids)


@cases(
    hostile.files,
    hostile.structures,
    hostile.times,
    hostile.events,
    hostile.computed,
    hostile.refused_elements,
)
def test_a_hostile_diagram_is_refused_in_one_sentence(xml: bytes) -> None:
    with watched(), pytest.raises(AlurError) as refused:
        handle(xml)
    assert is_one_sentence(str(refused.value)), str(refused.value)


@cases(hostile.breeding)
def test_a_case_that_grows_each_day_is_stopped_before_anybody_has_to_wait(xml: bytes) -> None:
    assert [each.message for each in lint(xml) if each.severity == "error"] == []
    run = Run(program.compile(xml))
    with watched():
        run.do("Z", x=1)
    with pytest.raises(AlurError) as refused:
        for _ in range(30):
            with watched(SECONDS_BRED):
                run.at(DAY)
    assert is_one_sentence(str(refused.value))


def test_what_reads_a_file_runs_code_or_takes_long_would_be_seen() -> None:
    for deed in (hostile.SECRET.read_text, lambda: exec("1"), lambda: sum(range(10**8))):
        with pytest.raises(AssertionError), watched(seconds=0.2):
            deed()


def test_there_are_many_of_them() -> None:
    kinds = (hostile.files, hostile.structures, hostile.times, hostile.refused_elements)
    assert sum(len(list(kind())) for kind in kinds) > 150


@cases(hostile.ignored)
def test_what_other_engines_would_run_is_not_even_looked_at(xml: bytes) -> None:
    with watched():
        handle(xml)


# --- what is sent with a step ----------------------------------------------------------------


def deep(times: int) -> Any:
    found: Any = "x"
    for _ in range(times):
        found = [found]
    return found


def doubled(times: int) -> Any:
    found: Any = ["x"]
    for _ in range(times):
        found = [found, found]
    return found


def circular() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["a"] = found
    return found


class Bait:
    """Would run if anybody looked at it."""

    def __repr__(self) -> str:
        raise AssertionError

    __str__ = __eq__ = __hash__ = __iter__ = __len__ = __repr__  # type: ignore[assignment]


DATA: dict[str, Any] = {
    "no fields at all": None,
    "a list": [1],
    "a text": "x",
    "bytes": b"{}",
    "a dunder": {"__class__": 1},
    "a dunder further in": {"a": [{"__init__": 1}]},
    "two underscores": {"__": 1},
    "typename": {"typename": "Task"},
    "typename further in": {"a": {"b": {"typename": "Task"}}},
    "the outcome": {"outcome": "setuju"},
    "the reason": {"reason": "x"},
    "no name": {"": 1},
    "a blank in a name": {"a b": 1},
    "a dot in a name": {"a.b": 1},
    "a quote in a name": {"a'": 1},
    "a line in a name": {"a\n": 1},
    "a digit first": {"1a": 1},
    "a name of letters from elsewhere": {"аbс": 1},
    "half a character in a name": {"a\ud800": 1},
    "a huge name": {"a" * 10**6: 1},
    "a name that is a number": {1: 1},
    "a name that is nothing": {None: 1},
    "a name that is a tuple": {("a",): 1},
    "a name of bytes": {b"a": 1},
    "NaN": {"a": float("nan")},
    "Infinity": {"a": float("inf")},
    "minus Infinity": {"a": [-float("inf")]},
    "a number of 5,000 digits": {"a": 10**5000},
    "a number past 64 bits": {"a": 2**64},
    "1e300": {"a": 1e300},
    "bytes as a value": {"a": b"x"},
    "a set": {"a": {1}},
    "a function": {"a": print},
    "an object": {"a": Bait()},
    "a complex number": {"a": 1j},
    "a generator": {"a": (n for n in range(10**9))},
    "a range": {"a": range(10**9)},
    "a NUL": {"a": "x\0y"},
    "an escape": {"a": "\x1b[2J"},
    "half a character": {"a": "\ud800"},
    "the other half": {"a": {"b": ["\udfff"]}},
    "no character": {"a": "\uffff"},
    "a million deep": {"a": deep(10**6)},
    "21 deep": {"a": deep(21)},
    "in a circle": circular(),
    "doubled to a million": {"a": doubled(18)},
    "a hundred megabytes": {"a": "x" * 10**8},
    "a million small things": {"a": [1] * 10**6},
    "a million empty things": {"a": [[]] * 10**6},
    "a million fields": {f"a{n}": None for n in range(10**6)},
    "many letters of three bytes": {"a": "…" * 100_000},
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_hostile_data_are_refused_in_one_sentence_that_names_the_field(data: Any) -> None:
    with watched(), pytest.raises(formdata.BadData) as refused:
        formdata.check(data)
    assert is_one_sentence(str(refused.value))
    assert refused.value.field or not isinstance(data, dict) or "" in data
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("arrows", "nodes", "data"),
    [
        ("Z", {"A": step(each("Z.n"))}, {"n": 10**6}),
        ("Z", {"A": step(each("Z.n"))}, {"n": "9" * 10_000}),
        ("Z", {"A": step(each(of="Z.n"))}, {"n": list(range(1_000))}),
        ("Z", {"A": step(each(of="Z.n"))}, {"n": {"a": 1}}),
        ("X : Z.n + Z.n + Z.n == 'x'", {}, {"n": "x" * 9_999}),
        ("X : Z.n + Z.n == 'x'", {}, {"n": [1] * 600}),
        ("X : Z.n * Z.n * Z.n > 1", {}, {"n": 10**17}),
        ("X : Z.n", {}, {"n": "ya"}),
        ("X : Z.n > 1", {}, {"n": "2"}),
        ("X : Z.n.__class__ == 1", {}, {"n": 1}),
        ("X : Z.n[5] == 1", {}, {"n": [1]}),
        ("X : len(Z.n) > 1", {}, {"n": None}),
        ("X : 1 / Z.n > 1", {}, {"n": 0}),
        ("X : Y.n > 1", {}, {"n": 1}),
    ],
)
def test_data_that_a_diagram_cannot_use_are_told_when_the_step_is_completed(
    arrows: str, nodes: dict[str, Any], data: dict[str, Any]
) -> None:
    condition = arrows.partition(" : ")[2]
    rest = (
        "A -> selesai"
        if not condition
        else f"X -> A : {condition}; X -> selesai : *; A -> selesai2"
    )
    way = "mulai -> Z -> X" if condition else "mulai -> Z -> A"
    run = Run(diagram(f"{way}; {rest}", **nodes, **({"X": xor()} if condition else {})))
    with watched(), pytest.raises(AlurError) as refused:
        run.do("Z", **formdata.check(data))
    assert is_one_sentence(str(refused.value))


def test_good_data_come_through_as_they_are() -> None:
    data = {
        "teks": "Baris satu\nBaris dua\t“kutip” 中文 🙂",
        "angka": -12.5,
        "besar": 10**18,
        "ya": True,
        "kosong": None,
        "daftar": [{"nama": "Budi", "nilai-akhir": [1, 2]}, []],
        "_x": {"outcome": "boleh di dalam"},
    }
    assert formdata.check(data) == data
    assert formdata.check({}) == {}
    assert formdata.check({"a": deep(18)}) == {"a": deep(18)}


def test_a_copy_has_nothing_in_common_with_what_was_sent() -> None:
    sent = {"a": [{"b": 1}]}
    kept = formdata.check(sent)
    sent["a"][0]["b"] = 2
    assert kept == {"a": [{"b": 1}]}
