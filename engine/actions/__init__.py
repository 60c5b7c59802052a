"""What a service task may do. An action sees the case's data and yields data; it reaches nothing.

A diagram names one with `sop:tindakan` and gives it `sop:isi`. A new action is a new file here and
a line in this table; a name that is not in it is refused before the diagram is published.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.actions import catat, hitung

Action = Callable[[Mapping[str, Any], str], dict[str, Any]]

ACTIONS: Final[Mapping[str, Action]] = {
    "catat": catat.run,
    "hitung": hitung.run,
}
