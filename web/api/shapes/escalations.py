"""Escalations, as other programs see them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from bpmn.errors import N_
from tasks.escalations import EscalationLine
from web.api.shapes import Paged, Shape
from web.api.shapes.sops import OfficeSlug


class Escalation(Shape):
    """Somebody was told that a step is overdue: once for each task and level."""

    id: Annotated[int, Meta(ge=1)]
    task: Annotated[int, Meta(ge=1)]
    case: Annotated[int, Meta(ge=1)]
    office: str
    level: Annotated[int, Meta(ge=1)]
    due_at: datetime
    raised_at: datetime
    to: Annotated[str | None, Meta(description=N_("Jabatan yang diberi tahu."))]


class EscalationQuery(Paged):
    office: OfficeSlug | None = None
    case: (
        Annotated[int, Meta(ge=1, le=2**63 - 1, description=N_("Hanya dari berkas ini."))] | None
    ) = None
    since: Annotated[datetime, Meta(tz=True, description=N_("Dicatat sejak saat ini."))] | None = (
        None
    )


def escalation(line: EscalationLine) -> Escalation:
    found = line.escalation
    return Escalation(
        id=found.id,
        task=found.task_id,
        case=line.case_id,
        office=line.office,
        level=found.level,
        due_at=found.due_at,
        raised_at=found.raised_at,
        to=line.to,
    )
