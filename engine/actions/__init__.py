"""What a service task may do. An action sees the case's data and yields data; it reaches nothing.

A diagram names one with `sop:tindakan` and gives it `sop:isi`. A new action is a new file here and
a line in this table; a name that is not in it is refused before the diagram is published.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bpmn import expressions
from bpmn.errors import N_, AlurError
from engine.actions import catat, hitung

Action = Callable[[Mapping[str, Any], str], dict[str, Any]]


class UnknownAction(AlurError):
    sentence = N_("Tindakan “%(action)s” tidak dikenal di sini. Yang ada: %(known)s.")


ACTIONS: Final[Mapping[str, Action]] = {
    "catat": catat.run,
    "hitung": hitung.run,
}


def check(action: str, content: str) -> None:
    """Refuse while the diagram is read what could only fail in the middle of a case."""
    if action not in ACTIONS:
        raise UnknownAction(action=action, known=", ".join(ACTIONS))
    if action == "hitung":
        expressions.compile(content)
