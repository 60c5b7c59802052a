"""Answers as others read them: on the pages of later steps and of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from bpmn.document import Step
from bpmn.forms import ANGKA, BERKAS, KINERJA, PILIHAN, TANGGAL, Isian
from engine import numbers
from engine.models import Case
from engine.performance import Rules
from tasks import answers, documents
from tasks.answers import Answer
from tasks.forms import cells, indicators, texts
from web.i18n import _


@dataclass(frozen=True)
class Item:
    """One field and what it was answered."""

    asked: Isian
    label: str
    text: str = ""
    rows: tuple["ReadRow", ...] = ()
    files: tuple[dict[str, Any], ...] = ()

    @property
    def measured(self) -> str:
        return _("Capaian (%)")

    @property
    def columns(self) -> list[str]:
        return [_(column.text) for column in texts.columns(self.asked)]


@dataclass(frozen=True)
class ReadRow:
    """A row as text; `again` where its sasaran is that of the row above."""

    cells: tuple[str, ...]
    row: Mapping[str, Any]
    capaian: str = ""
    again: bool = False
    evidence: str | None = None


@dataclass(frozen=True)
class Part:
    """What one unit answered, or that it still owes it."""

    unit: str | None
    who: str | None
    at: datetime | None
    is_open: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Block:
    """A step with its answers."""

    step: Step
    parts: tuple[Part, ...]

    @property
    def open(self) -> list[str]:
        return [part.unit or "" for part in self.parts if part.is_open]

    @property
    def unmeasured(self) -> list[str]:
        """The indicators without a realisasi, each with its unit: what the report still lacks."""
        return [
            f"{part.unit}: {row.row['indikator']}" if part.unit else str(row.row["indikator"])
            for part in self.parts
            for item in part.items
            if item.asked.jenis == KINERJA
            for row in item.rows
            if row.row.get("realisasi") is None
        ]

    @property
    def is_performance(self) -> bool:
        return self.step.form is not None and bool(self.step.form.of_kind(KINERJA))


@dataclass(frozen=True)
class _Page:
    """What every row needs: where the evidence lies, and how the office writes capaian."""

    documents: Mapping[str, int]
    rules: Rules

    def percent(self, kept: int | float | None) -> str:
        if kept is None:
            return ""
        band = self.rules.band(numbers.of(kept))
        text = indicators.percent_text(kept, self.rules)
        return f"{text} ({band})" if band else text


def blocks(
    session: Session, case: Case, known: list[Answer], rules: Rules, *, alone: bool = False
) -> list[Block]:
    """Step by step; `alone`: of a repeated step only what is known here, not who still owes."""
    page = _Page(documents.names(session, case.id) if known else {}, rules)
    steps = {answer.step.id: answer.step for answer in known}
    found = []
    for step in steps.values():
        if alone:
            units = [answers.Unit(each.unit, each) for each in known if each.step.id == step.id]
        else:
            units = answers.units(session, case.id, step, known)
        found.append(Block(step, tuple(_part(unit, page) for unit in units)))
    return found


def _part(unit: answers.Unit, page: _Page) -> Part:
    answer = unit.answer
    if answer is None:
        return Part(unit.name, None, None, unit.is_open, ())
    items = tuple(
        item
        for asked in answer.form.isian
        if (item := _item(asked, answer.data.get(asked.kunci), page)) is not None
    )
    return Part(unit.name, answer.who, answer.at, unit.is_open, items)


def _item(asked: Isian, kept: Any, page: _Page) -> Item | None:
    """Nothing for what was left empty."""
    if kept in (None, "", []):
        return None
    label = _(asked.text)
    if asked.jenis == BERKAS:
        return Item(asked, label, files=tuple(kept))
    if asked.has_rows:
        return Item(asked, label, rows=tuple(_rows(asked, kept, page)))
    return Item(asked, label, _text(asked, kept))


def _rows(asked: Isian, kept: list[dict[str, Any]], page: _Page) -> list[ReadRow]:
    rows, above = [], None
    for row in kept:
        shown = tuple(_text(column, row.get(column.kunci)) for column in texts.columns(asked))
        if asked.jenis != KINERJA:
            rows.append(ReadRow(shown, row))
            continue
        document = page.documents.get((row.get("bukti") or "").casefold().strip())
        rows.append(
            ReadRow(
                shown,
                row,
                page.percent(row.get("capaian")),
                row.get("sasaran") == above,
                url_for("documents.download", document_id=document) if document else None,
            )
        )
        above = row.get("sasaran")
    return rows


def _text(asked: Isian, kept: Any) -> str:
    if kept is None:
        return ""
    if asked.kunci in indicators.TARGETS or asked.jenis == ANGKA:
        return indicators.written(kept) if isinstance(kept, list) else numbers.write(kept)
    if asked.jenis == PILIHAN:
        return next((_(one.text) for one in asked.pilihan if one.nilai == kept), str(kept))
    if asked.jenis == TANGGAL:
        return cells.write_day(date.fromisoformat(kept))
    return str(kept)
