"""What is urgent, in the words that letters of an office bear."""

from typing import Final

from bpmn.errors import N_

LABELS: Final = {0: N_("biasa"), 1: N_("segera"), 2: N_("sangat segera")}


def read(text: str) -> int:
    """What was chosen; what nobody can choose is no priority at all."""
    return int(text) if text in {str(priority) for priority in LABELS} else -1
