"""Tasks, as other programs see and do them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, field

import bpmn.reader
from bpmn.errors import N_
from engine import models
from engine.models.task import OPEN
from tasks.inbox import TaskView
from web.api.shapes import Asked, Data, Paged, Shape, forms
from web.api.shapes.sops import Name, OfficeSlug

Status = Literal["waiting", "claimed", "done", "cancelled"]
Account = Annotated[str, Meta(max_length=80, description=N_("Nama akun."))]


class Task(Shape):
    """One step of one case, waiting for somebody or done."""

    id: Annotated[int, Meta(ge=1)]
    case: Annotated[int, Meta(ge=1, description=N_("Nomor berkas."))]
    case_title: str
    step: Annotated[str, Meta(description=N_("Unsur diagram."))]
    name: str
    lane: str
    office: str
    status: Status
    assignee: Annotated[str | None, Meta(description=N_("Akun yang memegang atau menyelesaikan."))]
    opened_at: datetime
    due_at: Annotated[datetime | None, Meta(description=N_("Kosong: tanpa mutu baku waktu."))]
    ended_at: datetime | None
    overdue: Annotated[bool, Meta(description=N_("Lewat tenggat, atau selesai setelah tenggat."))]


class Way(Shape):
    """One answer to a decision."""

    value: Annotated[str, Meta(description=N_("Nilai outcome."))]
    label: str
    back: Annotated[bool, Meta(description=N_("Mengembalikan berkas: alasan wajib diisi."))]


class Earlier(Shape):
    """A step of the case that was done before."""

    task: Annotated[int, Meta(ge=1)]
    step: str
    name: str
    outcome: str | None
    ended_at: datetime | None


class TaskDetail(Task):
    """A task with all that is needed to do it."""

    sop: str
    post: Annotated[str | None, Meta(description=N_("Jabatan yang mengerjakan."))]
    needs: Annotated[str | None, Meta(description=N_("Kelengkapan menurut mutu baku."))]
    output: str | None
    outcomes: Annotated[
        list[Way], Meta(description=N_("Keputusan yang harus dipilih; kosong: tidak ada."))
    ]
    fields: Annotated[list[forms.Field], Meta(description=N_("Formulir langkah ini."))]
    outcome: str | None
    reason: str | None
    data: Annotated[dict[str, Any] | None, Meta(description=N_("Jawaban formulirnya."))]
    earlier: list[Earlier]


class TaskQuery(Paged):
    view: Annotated[
        Literal["inbox", "mine", "team", "joint", "overdue", "office", "done"],
        Meta(
            description=N_(
                "inbox: yang menunggu saya; mine: yang saya pegang; team: yang dapat saya ambil; "
                "joint: yang meminta saya ikut serta; overdue: yang lewat tenggat; office: semua "
                "di kantor yang saya pimpin atau awasi; done: yang saya selesaikan."
            )
        ),
    ] = "inbox"
    office: OfficeSlug | None = None
    sop: Name | None = None
    search: Annotated[
        str, Meta(max_length=100, description=N_("Kata dari langkah, judul atau data."))
    ] = ""


class Completion(Asked):
    """How a step ends."""

    data: Annotated[Data, Meta(description=N_("Isi formulir langkah."))] = field(
        default_factory=dict
    )
    outcome: (
        Annotated[str, Meta(max_length=60, description=N_("Keputusan, bila langkah memintanya."))]
        | None
    ) = None
    reason: Annotated[
        str, Meta(max_length=2_000, description=N_("Alasan; wajib saat mengembalikan berkas."))
    ] = ""
    late_reason: Annotated[
        str,
        Meta(
            max_length=60,
            description=N_("Bila langkah lewat tenggat: kode sebabnya menurut daftar kantor."),
        ),
    ] = ""
    late_note: Annotated[
        str, Meta(max_length=500, description=N_("Keterangan sebab itu; wajib untuk sebab lain."))
    ] = ""


class Assignee(Asked):
    """Who is to do a step."""

    assignee: Annotated[
        Account | None, Meta(description=N_("Akun; null: kembali kepada semua pemegang jabatan."))
    ]
    reason: Annotated[
        str, Meta(max_length=1_000, description=N_("Alasan; wajib bila pimpinan yang memutuskan."))
    ] = ""


def task(
    found: models.Task,
    case_title: str,
    office: models.Office,
    accounts: Mapping[int, str],
    now: datetime,
) -> Task:
    return Task(**_plain(found, case_title, office, accounts, now))


def detail(shown: TaskView, accounts: Mapping[int, str], now: datetime) -> TaskDetail:
    found, decision, mutu_baku = shown.task, shown.step.decision, shown.step.mutu_baku
    return TaskDetail(
        **_plain(found, shown.case.title, shown.office, accounts, now),
        sop=f"{shown.office.slug}/{shown.sop.slug}",
        post=shown.post,
        needs=mutu_baku.kelengkapan,
        output=mutu_baku.output,
        outcomes=_ways(decision.outcomes if decision else ()),
        fields=[forms.field(each) for each in (shown.step.form.isian if shown.step.form else ())],
        outcome=found.outcome,
        reason=found.reason,
        data=found.data,
        earlier=[
            Earlier(
                task=line.task.id,
                step=line.task.step,
                name=line.task.name,
                outcome=line.task.outcome,
                ended_at=line.task.ended_at,
            )
            for line in shown.earlier
        ],
    )


def people_of(tasks: Sequence[models.Task]) -> set[int]:
    """Whose accounts the shapes of these tasks name."""
    return {who for task in tasks if (who := _who(task)) is not None}


def _who(task: models.Task) -> int | None:
    return task.claimed_by if task.status in OPEN else task.ended_by


def _plain(
    task: models.Task,
    case_title: str,
    office: models.Office,
    accounts: Mapping[int, str],
    now: datetime,
) -> dict[str, Any]:
    return {
        "id": task.id,
        "case": task.case_id,
        "case_title": case_title,
        "step": task.step,
        "name": task.name,
        "lane": task.lane,
        "office": office.slug,
        "status": task.status,
        "assignee": accounts.get(_who(task) or 0),
        "opened_at": task.opened_at,
        "due_at": task.due_at,
        "ended_at": task.ended_at,
        "overdue": task.due_at is not None and task.due_at <= (task.ended_at or now),
    }


def _ways(outcomes: Sequence[bpmn.reader.Outcome]) -> list[Way]:
    return [Way(value=each.value, label=each.label, back=each.back) for each in outcomes]
