"""Give every step a cell: its column tells how far along the flow it is, its row whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpmn.layout.model import Node, Scope

Pair = tuple[str, str]


@dataclass(slots=True)
class Grid:
    """Where everything stands, in cells: `column[node]`, `row[node]`, and the rows per band."""

    columns: int
    rows: list[int]
    column: dict[str, int] = field(default_factory=dict)
    row: dict[str, int] = field(default_factory=dict)


def place(scope: Scope) -> Grid:
    """Columns by the longest way from a start, rows by lane."""
    nodes = [node for node in scope.nodes if node.kind != "pool"]
    pairs = _pairs(scope)
    forward = _without_ways_back([node.id for node in nodes], pairs)
    column = _columns([node.id for node in nodes], forward)
    row = _rows(nodes, forward, column)
    return Grid(max(column.values(), default=0) + 1, _squeeze(scope, nodes, row), column, row)


def _pairs(scope: Scope) -> list[Pair]:
    """The sequence flows, each between the cells it joins."""
    owners = scope.owners()
    return [
        (owners[flow.source].id, owners[flow.target].id) for flow in scope.flows if not flow.message
    ]


def _without_ways_back(nodes: list[str], pairs: list[Pair]) -> list[Pair]:
    """Depth first from the starts: a flow into a step that is still open closes a circle."""
    after = _successors(nodes, pairs)
    targets = {target for source, target in pairs if source != target}
    starts = [node for node in nodes if node not in targets]
    state: dict[str, int] = {}
    forward: list[Pair] = []
    for start in starts + nodes:
        if start not in state:
            _descend(start, after, state, forward)
    return forward


def _descend(
    start: str, after: dict[str, list[str]], state: dict[str, int], forward: list[Pair]
) -> None:
    state[start] = 1
    path = [(start, iter(after[start]))]
    while path:
        node, rest = path[-1]
        following = next(rest, None)
        if following is None:
            state[node] = 2
            path.pop()
        elif state.get(following) != 1:
            forward.append((node, following))
            if following not in state:
                state[following] = 1
                path.append((following, iter(after[following])))


def _successors(nodes: list[str], pairs: list[Pair]) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in pairs:
        after[source].append(target)
    return after


def _columns(nodes: list[str], forward: list[Pair]) -> dict[str, int]:
    column = _longest(nodes, forward)
    # A start waits beside the step it starts, not at the far left.
    after = _successors(nodes, forward)
    targets = {target for _, target in forward}
    for node in nodes:
        if node not in targets and after[node]:
            column[node] = min(column[following] for following in after[node]) - 1
    return column


def _longest(nodes: list[str], forward: list[Pair]) -> dict[str, int]:
    """For every node the number of flows on the longest way to it."""
    after = _successors(nodes, forward)
    waiting = dict.fromkeys(nodes, 0)
    for _, target in forward:
        waiting[target] += 1
    length = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        for following in after[node]:
            length[following] = max(length[following], length[node] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    return length


def _rows(nodes: list[Node], forward: list[Pair], column: dict[str, int]) -> dict[str, int]:
    """Each step beside the one before it, if that is in the same lane and the cell is free."""
    ids = [node.id for node in nodes]
    before = _successors(ids, [(target, source) for source, target in forward])
    remaining = _longest(ids, [(target, source) for source, target in forward])
    bands = {node.id: node.band for node in nodes}
    taken: set[tuple[int, int, int]] = set()
    row: dict[str, int] = {}
    # The longest way on goes straight; shorter branches make room for it.
    for node in sorted(nodes, key=lambda n: (column[n.id], -remaining[n.id])):
        beside = [i for i in before[node.id] if i in row and bands[i] == node.band]
        wanted = sorted(row[i] for i in beside)
        at = wanted[(len(wanted) - 1) // 2] if wanted else 0
        row[node.id] = _free_row(node, column[node.id], at, taken)
        taken.add((node.band, column[node.id], row[node.id]))
    return row


def _free_row(node: Node, column: int, at: int, taken: set[tuple[int, int, int]]) -> int:
    """The wanted row, else one below, one above, two below …"""
    offset = 0
    while (node.band, column, at + offset) in taken:
        offset = -offset if offset > 0 else 1 - offset
    return at + offset


def _squeeze(scope: Scope, nodes: list[Node], row: dict[str, int]) -> list[int]:
    """Number the rows of each band from 0 and tell how many it has."""
    counts = []
    for band in range(scope.bands):
        used = sorted({row[node.id] for node in nodes if node.band == band})
        for node in nodes:
            if node.band == band:
                row[node.id] = used.index(row[node.id])
        counts.append(max(len(used), 1))
    return counts
