"""Cases and their history, as other programs see and start them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from bpmn.errors import N_
from engine import models
from engine.casebook import CaseRow, CaseView, EventLine
from web.api.shapes import SAYING, Asked, Data, Paged, Shape, sops, tasks
from web.api.shapes.sops import Name, OfficeSlug
from web.api.shapes.tasks import Task

Status = Literal["running", "suspended", "done", "cancelled"]


class CaseLine(Shape):
    """A case in a list."""

    id: Annotated[int, Meta(ge=1)]
    sop: str
    office: str
    revision: Annotated[int, Meta(ge=1, description=N_("Revisi SOP yang diikutinya."))]
    title: str
    status: Status
    started_at: datetime
    ended_at: datetime | None


class Case(CaseLine):
    """A case with its tasks, in the order in which they were opened."""

    started_by: Annotated[str | None, Meta(description=N_("Akun; kosong: dimulai oleh jam."))]
    suspended_at: datetime | None
    data: Annotated[dict[str, Any], Meta(description=N_("Data awal berkas."))]
    tasks: list[Task]


class Event(Shape):
    """Something that happened to a case; nobody can change it afterwards."""

    number: Annotated[int, Meta(ge=1)]
    at: datetime
    kind: Annotated[str, Meta(description=N_("Misalnya started, claimed, completed, late."))]
    task: int | None
    name: Annotated[str | None, Meta(description=N_("Nama langkahnya."))]
    account: Annotated[str | None, Meta(description=N_("Siapa; kosong: terjadi sendiri."))]
    capacity: Annotated[str | None, Meta(description=N_("Jabatan dan dasarnya saat itu."))]
    detail: dict[str, Any]


class CaseQuery(Paged):
    office: OfficeSlug | None = None
    sop: Name | None = None
    status: Annotated[
        Literal["open", "running", "suspended", "done", "cancelled"] | None,
        Meta(description=N_("open: berjalan atau ditangguhkan.")),
    ] = None
    search: Annotated[str, Meta(max_length=100, description=N_("Kata dari judul atau data."))] = ""


class NewCase(Asked):
    """What a case begins with."""

    sop: Name
    title: Annotated[
        str,
        Meta(
            max_length=200,
            description=N_("Judul berkas; dikosongkan bila SOP mempunyai aturan judul."),
        ),
    ] = ""
    data: Annotated[Data, Meta(description=N_("Data awal berkas: isi formulir mulai."))] = field(
        default_factory=dict
    )


class Ending(Asked):
    """Why a case is cancelled."""

    reason: Annotated[
        str,
        Meta(
            min_length=1, max_length=2_000, pattern=SAYING, description=N_("Alasan; masuk riwayat.")
        ),
    ]


class OnlyReason(Asked):
    """The same in the address, for whoever cannot send a body with DELETE."""

    reason: (
        Annotated[
            str, Meta(max_length=2_000, description=N_("Alasan, bila tidak dikirim sebagai isi."))
        ]
        | None
    ) = None


def line(row: CaseRow, revision: int) -> CaseLine:
    return CaseLine(**_plain(row.case, row.sop, row.office, revision))


def case(shown: CaseView, accounts: Mapping[int, str], now: datetime) -> Case:
    found = shown.case
    return Case(
        **_plain(found, shown.sop, shown.office, shown.revision.number),
        started_by=accounts.get(found.started_by or 0),
        suspended_at=found.suspended_at,
        data=found.data,
        tasks=[
            tasks.task(each.task, found.title, shown.office, accounts, now) for each in shown.tasks
        ],
    )


def people_of(shown: CaseView) -> set[int]:
    """Whose accounts the shape of this case names."""
    found = tasks.people_of([line.task for line in shown.tasks])
    return found | ({shown.case.started_by} if shown.case.started_by else set())


def event(line: EventLine, accounts: Mapping[int, str]) -> Event:
    found = line.event
    return Event(
        number=found.number,
        at=found.at,
        kind=found.kind,
        task=found.task_id,
        name=line.step,
        account=accounts.get(found.person_id or 0),
        capacity=found.capacity,
        detail={name: _said(name, value, accounts) for name, value in found.detail.items()},
    )


def people_in(lines: Sequence[EventLine]) -> set[int]:
    """Whose accounts these lines name: who did it, and whom it was given to or taken from."""
    named = {line.event.person_id for line in lines}
    named |= {line.event.detail.get(where) for line in lines for where in _PEOPLE}
    return {who for who in named if isinstance(who, int)}


_PEOPLE = ("to", "from")


def _said(name: str, value: Any, accounts: Mapping[int, str]) -> Any:
    return accounts.get(value) if name in _PEOPLE and isinstance(value, int) else value


def _plain(
    case: models.Case, sop: models.Sop, office: models.Office, revision: int
) -> dict[str, Any]:
    return {
        "id": case.id,
        "sop": sops.name(office, sop),
        "office": office.slug,
        "revision": revision,
        "title": case.title,
        "status": case.status,
        "started_at": case.started_at,
        "ended_at": case.ended_at,
    }
