"""Webhooks and what they were sent, as other programs make and see them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from bpmn.errors import N_
from engine import webhooks
from engine.webhooks import Line, Row
from tasks import outside
from web.api.shapes import SAYING, Asked, Paged, Shape
from web.api.shapes.sops import OfficeSlug

Topic = Literal["case", "task", "escalation"]
Topics = Annotated[list[Topic], Meta(min_length=1, description=N_("Pokok yang diberitahukan."))]


class Webhook(Shape):
    """An address outside that is told what happens."""

    id: Annotated[int, Meta(ge=1)]
    name: str
    url: str
    office: Annotated[str | None, Meta(description=N_("Kosong: semua kantor."))]
    topics: list[Topic]
    made_at: datetime
    waiting: Annotated[int, Meta(ge=0, description=N_("Kiriman yang menunggu."))]
    dead: Annotated[int, Meta(ge=0, description=N_("Kiriman yang gagal untuk seterusnya."))]
    secret: Annotated[
        str | UnsetType,
        Meta(description=N_("Kunci tanda tangan; hanya disebut sekali, saat dibuat.")),
    ] = UNSET


class NewWebhook(Asked):
    """What a webhook needs."""

    name: Annotated[str, Meta(min_length=1, max_length=webhooks.LONGEST_NAME, pattern=SAYING)]
    url: Annotated[
        str,
        Meta(
            min_length=9,
            max_length=outside.LONGEST_URL,
            description=N_("Alamat https yang menerima POST."),
            extra_json_schema={"pattern": "^https?://[!-~]+$"},
        ),
    ]
    office: OfficeSlug | None = None
    topics: Topics = field(default_factory=lambda: list[Topic](webhooks.TOPICS))


class Attempt(Shape):
    """One time that a delivery was tried."""

    at: datetime
    status: Annotated[int | None, Meta(description=N_("Kode yang dijawab; kosong: tak dijawab."))]
    why: str | None
    milliseconds: Annotated[int, Meta(ge=0)]


class Delivery(Shape):
    """Something a webhook was sent or is to be sent."""

    id: Annotated[int, Meta(ge=1)]
    type: Annotated[str, Meta(description=N_("Misalnya task.completed."))]
    case: int | None
    number: Annotated[int | None, Meta(description=N_("Nomor pada riwayat berkas."))]
    at: datetime
    state: Literal["waiting", "sent", "dead", "dropped"]
    send_at: Annotated[datetime | None, Meta(description=N_("Kapan dicoba lagi."))]
    ended_at: datetime | None
    attempts: list[Attempt]


class DeliveryQuery(Paged):
    state: Annotated[
        Literal["waiting", "sent", "dead"] | None,
        Meta(description=N_("Hanya yang menunggu, terkirim, atau gagal.")),
    ] = None


class Revived(Shape):
    """How many are sent once more."""

    count: Annotated[int, Meta(ge=0)]


def webhook(row: Row, *, with_secret: bool = False) -> Webhook:
    found = row.webhook
    return Webhook(
        id=found.id,
        name=found.name,
        url=found.url,
        office=row.office.slug if row.office else None,
        topics=found.topics.split(),  # type: ignore[arg-type]
        made_at=found.made_at,
        waiting=row.waiting,
        dead=row.dead,
        secret=found.secret if with_secret else UNSET,
    )


def delivery(line: Line) -> Delivery:
    found, event = line.dispatch, line.event
    return Delivery(
        id=found.id,
        type=webhooks.kind(found.topic, event.kind if event else None),
        case=event.case_id if event else None,
        number=event.number if event else None,
        at=found.at,
        state=found.ended_as or "waiting",  # type: ignore[arg-type]
        send_at=None if found.ended_as else found.send_at,
        ended_at=found.ended_at,
        attempts=[
            Attempt(at=each.at, status=each.status, why=each.why, milliseconds=each.milliseconds)
            for each in line.tries
        ],
    )
