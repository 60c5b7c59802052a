"""What leaves the house, in words: what happened and where, never who nor what about.

The name of a step and of an SOP come from a published diagram. Titles of cases, answers, comments
and names of people are typed by people about people: they stay inside, behind the link.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final

# Whoever has more than this before her opens the page.
MOST_LINES: Final = 10
REPEAT: Final = (
    "Pesan ini mungkin sudah Anda terima: pengiriman sebelumnya terputus, jadi dikirim ulang."
)


@dataclass(frozen=True)
class Line:
    """One thing, as much of it as may be told outside."""

    what: str
    # The step, of which SOP, in which office; a case as a whole has no step.
    step: str | None
    sop: str | None
    office: str
    link: str
    due: str | None = None
    is_alarm: bool = False

    @property
    def place(self) -> str:
        return " · ".join(part for part in (self.sop, self.office) if part)


@dataclass(frozen=True)
class Message:
    """A message, the same however it travels; `id` stays the same when it is sent again."""

    id: str
    kind: str
    at: datetime
    subject: str
    opening: tuple[str, ...]
    # Where all of it is to be seen, and where she says that she wants less of it.
    link: str
    settings: str
    lines: tuple[Line, ...] = ()
    more: int = 0
    code: str | None = None
    is_repeat: bool = False


def as_text(message: Message) -> str:
    parts = [*_opening(message)]
    for line in message.lines:
        said = [line.what + (f": {line.step}" if line.step else ""), f"  {line.place}"]
        if line.due:
            said.append(f"  {line.due}")
        parts.append("\n".join([*said, f"  {line.link}"]))
    if message.more:
        parts.append(f"… dan {message.more} lainnya.")
    parts.append(f"{_ALL}: {message.link}\n{_SETTINGS}: {message.settings}")
    return "\n\n".join(parts) + "\n"


_ALL: Final = "Semuanya di Alur"
_SETTINGS: Final = "Atur pemberitahuan"


def as_html(message: Message) -> str:
    rows = "".join(_row(line) for line in message.lines)
    more = f"<p>… dan {message.more} lainnya.</p>" if message.more else ""
    opening = "".join(f"<p>{escape(text)}</p>" for text in _opening(message))
    return (
        f'<!doctype html><html lang="id"><body>{opening}'
        f"{f'<ul>{rows}</ul>' if rows else ''}{more}"
        f'<p><a href="{escape(message.link)}">{_ALL}</a> · '
        f'<a href="{escape(message.settings)}">{_SETTINGS}</a></p></body></html>\n'
    )


def _row(line: Line) -> str:
    label = escape(line.step or line.what)
    what = f"{escape(line.what)}: " if line.step else ""
    due = f"<br>{escape(line.due)}" if line.due else ""
    return f'<li>{what}<a href="{escape(line.link)}">{label}</a><br>{escape(line.place)}{due}</li>'


def _opening(message: Message) -> tuple[str, ...]:
    return (REPEAT, *message.opening) if message.is_repeat else message.opening


def as_data(message: Message) -> dict[str, Any]:
    """For programs."""
    lines = [
        {
            "what": line.what,
            "step": line.step,
            "sop": line.sop,
            "office": line.office,
            "due": line.due,
            "alarm": line.is_alarm,
            "link": line.link,
        }
        for line in message.lines
    ]
    return {
        "id": message.id,
        "kind": message.kind,
        "subject": message.subject,
        "opening": list(message.opening),
        "lines": lines,
        "more": message.more,
        "code": message.code,
        "repeated": message.is_repeat,
        "link": message.link,
    }
