"""What bpmn-js, Camunda 7 (`${…}`) and Camunda 8 (FEEL) write, turned into one grammar."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from bpmn.expressions.errors import BadExpression, Malformed, TooLong, UnknownMark, in_short

LONGEST: Final = 2_000
DEEPEST: Final = 60

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[\s\u00a0]+)
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<name>[A-Za-z_]\w*)
    | (?P<mark>==|!=|<=|>=|&&|\|\||[-+*/%<>=!()\[\],.])
    """,
    re.VERBOSE | re.ASCII,
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}
# A time as FEEL makes it of a text.
_FEEL_TIME: Final = re.compile(r"""(?:duration|date|date and time)\(\s*("[^"]*"|'[^']*')\s*\)""")
_WRAPPED: Final = re.compile(r"[$#]\{(.*)\}", re.DOTALL)

# `~` binds as tightly as `!` does elsewhere; `not` would swallow the comparison after it.
_MARKS: Final = {"=": "==", "&&": "and", "||": "or", "!": "~"}
_WORDS: Final = {"true": "True", "false": "False", "null": "None", "none": "None"}
WORDS: Final = frozenset(_WORDS) | {"and", "or", "not", "in", "if", "then", "else"}
_CLOSING: Final = {"(": ")", "[": "]"}
_BEFORE_OPERAND: Final = frozenset(
    ("(", "[", ",", "+", "-", "*", "/", "%", "<", ">", "==", "!=", "<=", ">=", "~")
) | {"and", "or", "not", "in", "else"}


def bare(text: str) -> str:
    """The expression without the wrapping that marks it as one."""
    text = text.strip()
    if text.startswith("=") and not text.startswith("=="):
        text = text[1:].strip()
    wrapped = _WRAPPED.fullmatch(text)
    return wrapped.group(1).strip() if wrapped else text


def unquoted(text: str) -> str:
    """What stands for itself, such as a duration, without wrapping or quotes around it."""
    text = bare(text)
    made = _FEEL_TIME.fullmatch(text)
    text = made.group(1) if made else text
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1].strip() if quoted else text


def as_python(text: str) -> str:
    """The same expression as Python spells it, or `BadExpression`."""
    if len(text) > LONGEST:
        raise too_long()
    tokens = tuple(_tokens(bare(text)))
    # Python would make one text of two that stand side by side.
    if not tokens or any(_is_text(one) and _is_text(other) for one, other in pairwise(tokens)):
        raise Malformed(text=in_short(text))
    spelled = _ordered(_Run(tokens, text), 0, frozenset(), 0)
    if spelled.end < len(tokens):
        raise Malformed(text=in_short(text))
    return " ".join(spelled.words)


def _is_text(token: str) -> bool:
    return token[0] in "'\""


def too_long() -> BadExpression:
    return TooLong(length=LONGEST, depth=DEEPEST)


def _tokens(text: str) -> Iterator[str]:
    at = 0
    before = ""
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise UnknownMark(mark=in_short(text[at]), at=at + 1)
        at = found.end()
        if found.lastgroup != "space":
            yield _spelled(found.lastgroup, found.group(), before)
            before = found.group()


def _spelled(kind: str | None, word: str, before: str) -> str:
    if kind == "text":
        return repr(_ESCAPE.sub(_unescaped, word[1:-1]))
    if kind == "name" and before != ".":
        return _WORDS.get(word, word)
    return _MARKS.get(word, word)


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPED.get(found.group(1), found.group(1))


class _Run(NamedTuple):
    tokens: tuple[str, ...]
    text: str


class _Spelled(NamedTuple):
    words: list[str]
    end: int


def _ordered(run: _Run, at: int, stops: frozenset[str], depth: int) -> _Spelled:
    """Copy tokens up to a stop; FEEL's `if c then a else b` becomes `(a if c else b)`."""
    if depth > DEEPEST:
        raise too_long()
    words: list[str] = []
    while at < len(run.tokens) and run.tokens[at] not in stops:
        word = run.tokens[at]
        if word in _CLOSING:
            inside = _until(run, at + 1, _CLOSING[word], depth)
            words += [word, *inside.words, _CLOSING[word]]
            at = inside.end
        elif word == "if" and (not words or words[-1] in _BEFORE_OPERAND):
            choice = _feel_choice(run, at + 1, stops, depth)
            words += choice.words
            at = choice.end
        elif word == "if":
            condition = _until(run, at + 1, "else", depth)
            words += ["if", *condition.words, "else"]
            at = condition.end
        else:
            words.append(word)
            at += 1
    return _Spelled(words, at)


def _until(run: _Run, at: int, stop: str, depth: int) -> _Spelled:
    part = _ordered(run, at, frozenset({stop}), depth + 1)
    if part.end >= len(run.tokens):
        raise Malformed(text=in_short(run.text))
    return _Spelled(part.words, part.end + 1)


def _feel_choice(run: _Run, at: int, stops: frozenset[str], depth: int) -> _Spelled:
    condition = _until(run, at, "then", depth)
    chosen = _until(run, condition.end, "else", depth)
    otherwise = _ordered(run, chosen.end, stops | {","}, depth + 1)
    words = ["(", *chosen.words, "if", *condition.words, "else", *otherwise.words, ")"]
    return _Spelled(words, otherwise.end)
