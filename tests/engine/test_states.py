"""What any release has stored can be read, and the case goes on to its end as it did then."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import program, state
from tests.engine.runs import Run
from tests.engine.states.make import HERE, apply

FILES = sorted(HERE.glob("*/*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_stored_case_goes_on_as_it_would_have_then(file: Path) -> None:
    compiled = program.compile(file.with_suffix(".bpmn").read_bytes())
    told = json.loads(file.read_text(encoding="utf-8"))
    for at, run in _stored(compiled, told["states"]):
        for move, then in zip(told["moves"][at:], told["states"][at + 1 :], strict=True):
            apply(run, move)
            assert run.open == then["open"]
            assert (run.wake_at and run.wake_at.isoformat()) == then["wake"]
        assert run.is_done


def _stored(compiled: program.Program, states: list[dict[str, Any]]) -> Iterator[tuple[int, Run]]:
    for at, seen in enumerate(states[:-1]):
        if "state" in seen:
            run = Run.stored_as(compiled, seen["state"].encode(), seen["now"])
            assert run.open == seen["open"]
            assert (run.wake_at and run.wake_at.isoformat()) == seen["wake"]
            yield at, run


def test_there_is_a_corpus_of_the_first_release() -> None:
    first = [file.stem for file in FILES if file.parent.name == "0.1.0"]
    assert len(first) >= 15
    assert "gambut-pengumpulan-dan-pengukuran-data-kinerja" in first


def test_a_state_of_a_later_release_is_refused_in_a_sentence() -> None:
    told = json.loads(FILES[0].read_text(encoding="utf-8"))
    compiled = program.compile(FILES[0].with_suffix(".bpmn").read_bytes())
    later = json.loads(told["states"][0]["state"]) | {"format": state.FORMAT + 1}
    with pytest.raises(state.UnknownState, match="Perbarui Alur dahulu"):
        Run.stored_as(compiled, json.dumps(later).encode(), told["states"][0]["now"])
