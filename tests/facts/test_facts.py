"""Every shipped diagram says what the office's own document says, field by field."""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bpmn import durations, library
from bpmn.reader import Sop, Step, read

FACTS = {
    f"{path.parent.name}/{path.stem}": tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("*/*.toml"))
}
COLUMNS = ("nomor", "kegiatan", "penanggung_jawab", "keterangan", "peserta")
MUTU_BAKU = ("kelengkapan", "waktu_teks", "output", "dasar_usulan")


@pytest.mark.parametrize("name", FACTS)
def test_a_shipped_sop_differs_in_no_field_from_its_source(name: str) -> None:
    said = dict(_flat("", _as_facts(read(library.load(name)))))
    meant = dict(_flat("", _normal(FACTS[name])))
    differences = {
        field: (said.get(field), meant.get(field))
        for field in said.keys() | meant.keys()
        if said.get(field) != meant.get(field)
    }
    assert differences == {}


def test_the_seven_sops_have_fifty_eight_steps() -> None:
    steps = {name: len(read(library.load(name)).steps) for name in library.names()}
    assert steps == {name: len(facts["steps"]) for name, facts in FACTS.items()}
    assert len(steps) == 7
    assert sum(steps.values()) == 58


def test_only_ways_that_no_source_names_are_marked_as_proposals() -> None:
    proposed = {
        (name, step.nomor)
        for name in library.names()
        for step in read(library.load(name)).steps
        if step.decision and any(outcome.usulan for outcome in step.decision.outcomes)
    }
    assert proposed == {
        *(("bukit-batu/pengumpulan-data-kinerja", nomor) for nomor in "356"),
        *(("martapura-barat/monitoring-kinerja", nomor) for nomor in "68"),
        *(("martapura-barat/monitoring-renstra", nomor) for nomor in "34"),
    }


def test_labels_are_short_enough_for_a_box_on_the_screen() -> None:
    for name in library.names():
        assert all(len(step.name) <= 60 for step in read(library.load(name)).steps)


def _as_facts(sop: Sop) -> dict[str, Any]:
    """The SOP in the shape of the table, which is how a person would copy it down."""
    return {
        "header": asdict(sop.header),
        "lanes": [asdict(lane) for lane in sop.lanes],
        "steps": [_row(step, sop) for step in sop.steps],
        "temuan": [{**asdict(each), "unsur": None} for each in sop.temuan],
    }


def _row(step: Step, sop: Sop) -> dict[str, Any]:
    row = {column: getattr(step, column) for column in COLUMNS}
    row |= {column: getattr(step.mutu_baku, column) for column in MUTU_BAKU}
    waktu = step.mutu_baku.waktu
    row |= {"lane": step.lane and step.lane.id, "waktu": waktu and waktu.iso}
    if step.decision is None:
        return row | {"lanjut": [sop.step(each).nomor for each in step.next]}
    for outcome in step.decision.outcomes:
        row[outcome.value] = outcome.target and sop.step(outcome.target).nomor
        row[f"{outcome.value}_usulan"] = outcome.value == "tidak" and outcome.usulan
    return row


def _normal(facts: dict[str, Any]) -> dict[str, Any]:
    """PT60M and PT1H are the same hour, and only one row follows a row."""
    steps = [dict(step) for step in facts["steps"]]
    for step in steps:
        if "waktu" in step:
            step["waktu"] = durations.parse(step["waktu"]).iso
        if "lanjut" in step:
            step["lanjut"] = [step["lanjut"]]
    return {**facts, "steps": steps}


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each field under its path; what is empty is not said at all."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _flat(f"{path}[{place}]", inner)
    elif value not in (None, False, ""):
        yield path, value
