"""The only language a diagram may compute in: values and comparisons, never code."""

import ast
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bpmn.expressions.dialects import DEEPEST, LONGEST, WORDS, as_python, bare, too_long, unquoted
from bpmn.expressions.errors import (
    BadExpression,
    CountsFromOne,
    Malformed,
    MissingName,
    NotAllowed,
    NotYesOrNo,
    TooLong,
    UnknownMark,
    WrongValue,
    in_short,
)
from bpmn.expressions.grammar import FUNCTIONS, Names, Run, compiled

__all__ = [
    "DEEPEST",
    "FUNCTIONS",
    "LONGEST",
    "WORDS",
    "BadExpression",
    "CountsFromOne",
    "Expression",
    "Malformed",
    "MissingName",
    "NotAllowed",
    "NotYesOrNo",
    "TooLong",
    "UnknownMark",
    "WrongValue",
    "bare",
    "compile",
    "literal",
    "unquoted",
]

_DURATION: Final = r"P(?=[\dT])(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?"
_DATE: Final = r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_LITERAL: Final = re.compile(
    rf"-?{_DURATION}|{_DATE}|R\d*(?:/{_DATE})?/{_DURATION}(?:/{_DATE})?", re.ASCII
)


@dataclass(frozen=True)
class Expression:
    """A checked expression: `text` as drawn, `names` it reads."""

    text: str
    names: frozenset[str]
    _run: Run = field(repr=False, compare=False)

    def evaluate(self, names: Names) -> object:
        """The value for these names, or `BadExpression` naming the part that has none."""
        try:
            return self._run(names)
        except RecursionError:
            # Only data nested hundreds deep can do this; the expression itself is shallow.
            raise WrongValue(
                part=in_short(self.text), why="datanya bertingkat terlalu dalam"
            ) from None


def literal(text: str) -> str | None:
    """The bare text when it reads as an ISO duration, date or cycle (`R3/PT10M`)."""
    text = unquoted(text)
    return text if len(text) <= 200 and _LITERAL.fullmatch(text) else None


@lru_cache(maxsize=1024)
def compile(text: str) -> Expression:
    """Check an expression once, evaluate it often."""
    source = as_python(text)
    try:
        body = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        raise Malformed(text=in_short(text)) from None
    except (MemoryError, RecursionError):
        raise too_long() from None
    _refuse_depth(body)
    if text.lstrip().startswith("="):
        _refuse_numbered_items(body)
    run = compiled(body)
    return Expression(text, frozenset(_names(body)), run)


def _refuse_depth(body: ast.AST) -> None:
    """Level by level, so that measuring the depth is no recursion itself."""
    level = [body]
    for _ in range(DEEPEST + 1):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise too_long()


def _refuse_numbered_items(body: ast.AST) -> None:
    for node in ast.walk(body):
        if isinstance(node, ast.Subscript) and not _is_text(node.slice):
            raise CountsFromOne(part=in_short(ast.unparse(node)))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _names(body: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
    return found - FUNCTIONS
