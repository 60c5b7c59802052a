"""Receive a step's form: what was typed, ticked off and attached."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from flask import current_app, flash, g, request, url_for
from werkzeug.datastructures import FileStorage

from bpmn.document import Step
from bpmn.errors import N_, AlurError
from bpmn.forms import BERKAS, Formulir
from engine import vault
from engine.filetypes import TYPES
from engine.models import Task
from tasks import documents
from tasks.drafts import Writer
from tasks.ground import Reached
from web import errors, fields
from web.fields import MARK, name_of

# `tick.1`: the first thing of the kelengkapan is there.
TICK: Final = "tick."

_KEPT_BESIDE: Final = ("outcome", "reason", "late_reason", "late_note")
# Several files at once; the door in front takes a little more.
_LARGEST: Final = 30 * 1024 * 1024
_LARGEST_TEXT: Final = 2 * 1024 * 1024
_WITH_FILES: Final = frozenset({"tasks.complete", "filling.draft", "documents.upload"})
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,30}")
_LONGEST_ONCE: Final = 40
# What a script may know before a file travels for nothing.
FILES: Final = {
    "accept": ",".join(f".{kind}" for kind in (*TYPES, "jpeg")),
    "largest": documents.LARGEST,
    "together": _LARGEST - _LARGEST_TEXT,
}


class FilesRefused(AlurError):
    """A file of the form cannot be taken in; which, and why, stands beside its field."""

    status = 422
    sentence = N_("Ada berkas yang tidak diterima.")


@dataclass
class Sent:
    """What came with a form: typed, ticked off, and attached."""

    form: Formulir | None = None
    data: dict[str, Any] | None = None
    ticks: tuple[int, ...] = ()
    took_files: bool = False
    # Sentences about files that were refused, by the field they were meant for.
    refused: dict[str, str] = field(default_factory=dict)

    def refuse_files(self) -> None:
        if self.refused:
            raise FilesRefused

    def announce_refusals(self) -> None:
        for said in self.refused.values():
            flash(said, "danger")

    def kept(self) -> dict[str, str]:
        """As a draft keeps it."""
        beside = {name: request.form.get(name, "") for name in _KEPT_BESIDE}
        typed = dict(fields.flat(self.form, self.data or {})) if self.form else {}
        ticks = {f"{TICK}{number}": "1" for number in self.ticks}
        beside = {name: text for name, text in beside.items() if text}
        return {MARK: "1", **typed, **ticks, **beside}

    @property
    def key(self) -> str | None:
        """Names this request and no other: what was changed before it was sent again is new."""
        once = request.form.get("once", "")
        if not 0 < len(once) <= _LONGEST_ONCE:
            return None
        content = orjson.dumps(self.kept(), option=orjson.OPT_SORT_KEYS)
        return f"{once}:{hashlib.sha256(content).hexdigest()[:32]}"

    @property
    def writer(self) -> Writer:
        """The page it came from, and the draft that page knows; other programs know of none."""
        page = page_token()
        return Writer(page, request.form.get("base", "")[:60] if page else None)


def page_token() -> str | None:
    """Names the opened page that sends the form."""
    page = request.form.get("page", "")
    return page if _TOKEN.fullmatch(page) else None


def let_files_in() -> None:
    """Before anything of the form is read: these take files."""
    if request.endpoint in _WITH_FILES:
        request.max_content_length = _LARGEST
        request.max_form_memory_size = _LARGEST_TEXT


def typed(step: Step) -> Sent:
    """What was typed into the form of a step and ticked off, without its files."""
    ticks = tuple(_ticks())
    if step.form is None or MARK not in request.form:
        return Sent(ticks=ticks)
    return Sent(step.form, fields.read(step.form, request.form), ticks)


def _ticks() -> Iterator[int]:
    numbers = (name.removeprefix(TICK) for name in request.form if name.startswith(TICK))
    yield from sorted(int(number) for number in numbers if fields.is_count(number))


def received(found: Reached) -> Sent:
    """What came with the form of a step; its files are in the vault when this returns."""
    sent = typed(found.step)
    for key in file_fields(sent.form):
        take_files(found.task, key, sent)
    return sent


def file_fields(form: Formulir | None) -> Iterator[str]:
    """Where files can be attached: in the form's own fields, and as what the step yields."""
    yield documents.OUTPUT
    if form is not None:
        yield from (asked.kunci for asked in form.of_kind(BERKAS))


def take_files(task: Task, key: str, sent: Sent) -> None:
    """Those that were chosen for one field."""
    for file in request.files.getlist(name_of((key,))):
        if not file.filename:
            continue
        try:
            _attach(task, key, file)
            sent.took_files = True
        except vault.VaultFull:
            raise
        except AlurError as error:
            sent.refused[name_of((key,))] = errors.sentence(error)


def _attach(task: Task, key: str, file: FileStorage) -> None:
    documents.attach(
        g.session,
        task,
        key,
        file.filename or "",
        file.stream,
        folder(),
        g.actor.person_id,
        g.now,
    )


def folder() -> Path:
    """Where the content of documents lies."""
    found: Path = current_app.config["DOCUMENTS"]
    return found


def place(task_id: int) -> str:
    """The address of the task's page, under which its draft is kept."""
    return url_for("tasks.page", task_id=task_id)
