"""Why a step was late, as whoever finished it says: one of the office's reasons, and a word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bpmn.errors import N_
from engine.models import Office, Task
from tasks.ground import TaskError

LONGEST_NOTE: Final = 500
# No longer chosen; what was said with it keeps its words.
ENDED: Final = "ended"
# Of this one a word must say what it was.
OTHER: Final = "lain"
USUAL: Final[Sequence[Mapping[str, str]]] = (
    {"code": "berkas-kurang", "text": N_("Berkas pemohon atau unit lain belum lengkap")},
    {"code": "menunggu-pimpinan", "text": N_("Menunggu pejabat yang berwenang")},
    {"code": "beban-kerja", "text": N_("Pekerjaan menumpuk")},
    {"code": "tidak-di-tempat", "text": N_("Pelaksana dinas luar, cuti atau sakit")},
    {"code": "jaringan", "text": N_("Jaringan, listrik atau aplikasi terganggu")},
    {"code": "mutu-baku", "text": N_("Mutu baku waktunya terlalu singkat")},
    {"code": OTHER, "text": N_("Sebab lain")},
)


class ReasonMissing(TaskError):
    sentence = N_("Langkah ini lewat tenggat. Pilih sebabnya.")
    status = 422
    field = "late_reason"


class NoteMissing(TaskError):
    sentence = N_("Tulis dengan singkat apa sebabnya.")
    status = 422
    field = "late_note"


class NoteTooLong(TaskError):
    sentence = N_("Keterangan terlalu panjang: %(length)s huruf, paling banyak %(limit)s.")
    status = 422
    field = "late_note"


@dataclass(frozen=True)
class Excuse:
    """What is said of a late step; `asked`: by a page that asks for it."""

    reason: str = ""
    note: str = ""
    asked: bool = False


def reasons(office: Office) -> Sequence[Mapping[str, str]]:
    """What may be chosen, in the office's order."""
    return [each for each in office.late_reasons if ENDED not in each] or USUAL


def text(office: Office, code: str | None) -> str | None:
    """A reason in words; one that is no longer on the list as it was kept."""
    known = [*office.late_reasons, *USUAL]
    return next((each["text"] for each in known if each["code"] == code), code)


def is_late(task: Task, now: datetime) -> bool:
    """Past its due time when its clock last ran."""
    return task.due_at is not None and task.due_at <= (task.paused_at or now)


def check(office: Office, task: Task, said: Excuse, now: datetime) -> dict[str, Any]:
    """What is kept of it. Other programs may finish a late step without a word; people may not."""
    if not is_late(task, now):
        return {}
    reason, note = said.reason.strip(), said.note.strip()
    known = {each["code"] for each in reasons(office)}
    if reason not in known:
        if said.asked or reason:
            raise ReasonMissing
        return {}
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong(length=len(note), limit=LONGEST_NOTE)
    if reason == OTHER and not note:
        raise NoteMissing
    return {"late_reason": reason, "late_note": note or None}


def final(office: Office, task: Task, said: Excuse, now: datetime) -> dict[str, Any]:
    """The same at its end: what was said when a leader asked stands, unless she says more now."""
    is_silent = not (said.reason.strip() or said.note.strip())
    return {} if is_silent and task.late_reason else check(office, task, said, now)
