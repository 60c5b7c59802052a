"""What each piece of syntax means: a closure for what is allowed, a sentence for the rest."""

import ast
from collections.abc import Callable, Mapping
from typing import Final

from bpmn.expressions import values
from bpmn.expressions.errors import (
    MissingName,
    NotAllowed,
    NotYesOrNo,
    Unfit,
    WrongValue,
    in_short,
)

Names = Mapping[str, object]
Run = Callable[[Names], object]

FUNCTIONS: Final = frozenset(values.FUNCTIONS)

_BINARY: Final[Mapping[type, Callable[..., object]]] = {
    ast.Add: values.add,
    ast.Sub: values.subtract,
    ast.Mult: values.multiply,
    ast.Div: values.divide,
    ast.Mod: values.remainder,
}
_UNARY: Final[Mapping[type, Callable[..., object]]] = {
    ast.USub: values.negative,
    ast.UAdd: values.number,
}
_COMPARISONS: Final[Mapping[type, Callable[..., bool]]] = {
    ast.Eq: values.equal,
    ast.NotEq: values.unequal,
    ast.Lt: values.less,
    ast.LtE: values.at_most,
    ast.Gt: values.greater,
    ast.GtE: values.at_least,
    ast.In: values.within,
    ast.NotIn: values.not_within,
}


def compiled(node: ast.expr) -> Run:
    build = _BUILDERS.get(type(node))
    if build is None:
        raise _not_allowed(node)
    return build(node)


def _not_allowed(node: ast.AST) -> NotAllowed:
    return NotAllowed(part=_shown(node), functions=", ".join(sorted(FUNCTIONS)))


def _shown(node: ast.AST) -> str:
    return in_short(ast.unparse(node))


def _guarded(node: ast.AST, operate: Callable[..., object], *operands: Run) -> Run:
    """Run an operation; a value it cannot use is told with the part of the text it stands in."""

    def run(names: Names) -> object:
        found = [operand(names) for operand in operands]
        try:
            return operate(*found)
        except Unfit as unfit:
            raise WrongValue(part=_shown(node), why=unfit.why) from None

    return run


def _constant(node: ast.Constant) -> Run:
    value = node.value
    if not (value is None or isinstance(value, bool | int | float | str)):
        raise _not_allowed(node)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _refuse_huge(node, value)
    return lambda _names: value


def _refuse_huge(node: ast.Constant, value: float) -> None:
    try:
        values.number(value)
    except Unfit as unfit:
        raise WrongValue(part=_shown(node), why=unfit.why) from None


def _name(node: ast.Name) -> Run:
    name = _plain(node, node.id)
    if name in FUNCTIONS:
        raise _not_allowed(node)

    def run(names: Names) -> object:
        if name not in names:
            raise MissingName(name=name)
        return names[name]

    return run


def _plain(node: ast.AST, name: str) -> str:
    if name.startswith("__"):
        raise _not_allowed(node)
    return name


def _member(node: ast.Attribute) -> Run:
    name = _plain(node, node.attr)
    return _guarded(node, values.member, compiled(node.value), lambda _names: name)


def _item(node: ast.Subscript) -> Run:
    return _guarded(node, values.member, compiled(node.value), compiled(node.slice))


def _list(node: ast.List | ast.Tuple) -> Run:
    items = [compiled(item) for item in node.elts]
    return lambda names: [item(names) for item in items]


def _truth(node: ast.expr) -> Run:
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool | None):
        raise NotYesOrNo(part=_shown(node))
    return _guarded(node, values.yes, compiled(node))


def _together(node: ast.BoolOp) -> Run:
    parts = [_truth(part) for part in node.values]
    decide = all if isinstance(node.op, ast.And) else any
    return lambda names: decide(part(names) for part in parts)


def _alone(node: ast.UnaryOp) -> Run:
    # `!` arrives as `~`, see dialects.py.
    if isinstance(node.op, ast.Not | ast.Invert):
        truth = _truth(node.operand)
        return lambda names: not truth(names)
    return _guarded(node, _UNARY[type(node.op)], compiled(node.operand))


def _compared(node: ast.Compare) -> Run:
    if not all(type(sign) in _COMPARISONS for sign in node.ops):
        raise _not_allowed(node)
    operands = [compiled(operand) for operand in (node.left, *node.comparators)]
    pairs = zip(operands, operands[1:], node.ops, strict=False)
    links = [_guarded(node, _COMPARISONS[type(sign)], a, b) for a, b, sign in pairs]
    return lambda names: all(link(names) for link in links)


def _computed(node: ast.BinOp) -> Run:
    operate = _BINARY.get(type(node.op))
    if operate is None:
        raise _not_allowed(node)
    return _guarded(node, operate, compiled(node.left), compiled(node.right))


def _chosen(node: ast.IfExp) -> Run:
    condition, chosen, otherwise = _truth(node.test), compiled(node.body), compiled(node.orelse)
    return lambda names: chosen(names) if condition(names) else otherwise(names)


def _called(node: ast.Call) -> Run:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or node.keywords or not _fits(name, len(node.args)):
        raise _not_allowed(node)
    return _guarded(node, values.FUNCTIONS[name], *map(compiled, node.args))


def _fits(name: str, arguments: int) -> bool:
    if name in ("min", "max"):
        return arguments >= 1
    return arguments == 1 or (name == "round" and arguments == 2)


_BUILDERS: Final[Mapping[type, Callable[..., Run]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _member,
    ast.Subscript: _item,
    ast.List: _list,
    ast.Tuple: _list,
    ast.BoolOp: _together,
    ast.UnaryOp: _alone,
    ast.Compare: _compared,
    ast.BinOp: _computed,
    ast.IfExp: _chosen,
    ast.Call: _called,
}
