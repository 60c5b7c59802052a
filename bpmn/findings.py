"""What a rule has to say about an element: how grave, what is wrong and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

Severity = Literal["error", "warning"]

# An error refuses publishing, a warning does not.
ERROR: Final = "error"
WARNING: Final = "warning"


@dataclass(frozen=True)
class Finding:
    """One remark about one element; `message` is the sentence in Indonesian, filled in."""

    rule: str
    element: str
    severity: Severity
    sentence: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        return self.sentence % self.facts


class Place(Protocol):
    """Something in a diagram that can be pointed at."""

    @property
    def anchor(self) -> str: ...

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Rule:
    """The name a finding carries, and how grave it is."""

    name: str
    severity: Severity

    def at(self, place: Place, sentence: str, **facts: object) -> Finding:
        """A finding whose sentence names the element as `%(It)s` (or `%(it)s` further on)."""
        it = place.label
        said = {name: str(fact) for name, fact in facts.items()}
        said |= {"it": it, "It": it[:1].upper() + it[1:]}
        return Finding(self.name, place.anchor, self.severity, sentence, said)


def error(name: str) -> Rule:
    return Rule(name, ERROR)


def warning(name: str) -> Rule:
    return Rule(name, WARNING)
