"""The table of steps as PermenPAN-RB 35/2012 draws it: the symbols of each step in the columns
of those who do it, and the arrows between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from bpmn.durations import spoken
from bpmn.reader import Lane, MutuBaku, Outcome, Sop, Step
from web.sheet_arrows import CELL, Place, Point, Route, Sheet

# Where the nine points of a cell lie in it; beyond them is its border.
_ACROSS: Final = {-1: 0, 0: 9, 1: 50, 2: 91, 3: 100}
_DOWN: Final = {-1: 0, 0: 13, 1: 50, 2: 87, 3: 100}
# What the regulation writes beside the arrows of a decision.
_ANSWERS: Final = {"setuju": "Ya", "tidak": "Tidak"}


@dataclass(frozen=True)
class Line:
    """A straight piece of an arrow within one cell, in hundredths of its width and height."""

    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


@dataclass(frozen=True)
class Answer:
    """A word beside the symbol, at the side where its arrow leaves."""

    side: str
    text: str
    back: bool = False


@dataclass
class Cell:
    """What stands in the column of one pelaksana; `symbol` is empty when she has no part."""

    lane: Lane
    symbol: str = ""
    part: str = ""
    begins: bool = False
    ends: bool = False
    times: int = 0
    lines: list[Line] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """An answer to the step's decision, in words: the twin of its arrow."""

    answer: str
    target: Step | None
    back: bool
    usulan: bool


@dataclass
class Row:
    """One step: its row of the table."""

    step: Step
    cells: list[Cell]
    ways: list[Way]
    joined: list[str]

    @property
    def is_tall(self) -> bool:
        """A capsule stands beside the symbol."""
        return any(cell.begins or cell.ends for cell in self.cells)


@dataclass(frozen=True)
class _Arrow:
    source: int
    target: int
    answer: str = ""
    usulan: bool = False

    @property
    def is_back(self) -> bool:
        return self.target <= self.source

    @property
    def order(self) -> tuple[bool, int]:
        """Forward and short ones first: they get the straight ways."""
        return self.is_back, abs(self.target - self.source)


def waktu(mutu: MutuBaku) -> str:
    """As the source writes it; and as the clock counts it, where that is something else."""
    counted = mutu.waktu.words if mutu.waktu else ""
    written = mutu.waktu_teks or ""
    if not counted or not written or spoken(written) == mutu.waktu:
        return written or counted
    return f"{counted} ({written})"


def rows(sop: Sop, posts: Mapping[str, str]) -> list[Row]:
    """The rows of the table, with everything drawn."""
    table = [_row(sop, step, posts) for step in sop.steps]
    _draw(sop, table)
    return table


def _row(sop: Sop, step: Step, posts: Mapping[str, str]) -> Row:
    cells = [Cell(lane) for lane in sop.lanes]
    for cell in cells:
        if step.lane is not None and cell.lane.id == step.lane.id:
            _put_doer(sop, step, cell)
        elif cell.lane.jabatan in step.peserta:
            cell.symbol, cell.part = "kotak", "peserta"
    own = step.lane.jabatan if step.lane else ""
    drawn = {cell.lane.jabatan: cell.lane.name for cell in cells if cell.part == "peserta"}
    joined = [drawn.get(slug) or posts.get(slug, slug) for slug in step.peserta if slug != own]
    return Row(step, cells, list(_ways(sop, step)), joined)


def _put_doer(sop: Sop, step: Step, cell: Cell) -> None:
    begins, ends = step.id == sop.first, _ends(step)
    cell.part = "utama"
    cell.times = len(step.repeat.anggota) if step.repeat else 0
    if step.decision is not None:
        # A decision keeps its own symbol; the capsule stands beside it.
        cell.symbol, cell.begins, cell.ends = "belah-ketupat", begins, ends
    else:
        cell.symbol = "kapsul" if begins or ends else "kotak"


def _ends(step: Step) -> bool:
    """Whether the SOP may end with this step."""
    if step.decision is None:
        return not step.next
    nowhere = [way for way in step.decision.outcomes if way.target is None]
    return bool(nowhere) and not _besides(step)


def _besides(step: Step) -> list[str]:
    """What may come next without an answer of its own leading there."""
    led = {way.target for way in step.decision.outcomes} if step.decision else set()
    return [target for target in step.next if target not in led]


def _ways(sop: Sop, step: Step) -> Iterator[Way]:
    for outcome in step.decision.outcomes if step.decision else ():
        target = sop.step(outcome.target) if outcome.target else None
        yield Way(outcome.label, target, outcome.back, outcome.usulan)


# --- the arrows ------------------------------------------------------------------------------


def _draw(sop: Sop, table: list[Row]) -> None:
    symbols = [(Place(r, c), cell) for r, row in enumerate(table) for c, cell in _filled(row)]
    sheet = Sheet(len(sop.lanes), {place.centre for place, _ in symbols})
    for place, cell in symbols:
        if cell.part == "utama":
            _draw_joint(sheet, table, place)
    for arrow in sorted(_arrows(table), key=lambda arrow: arrow.order):
        source, target = _doer_at(table, arrow.source), _doer_at(table, arrow.target)
        if source is None or target is None or source == target:
            continue
        if (route := sheet.route(source, target)) is not None:
            _draw_arrow(table, arrow, source, target, route)


def _filled(row: Row) -> Iterator[tuple[int, Cell]]:
    return ((column, cell) for column, cell in enumerate(row.cells) if cell.symbol)


def _doer_at(table: list[Row], row: int) -> Place | None:
    columns = [column for column, cell in _filled(table[row]) if cell.part == "utama"]
    return Place(row, columns[0]) if columns else None


def _draw_joint(sheet: Sheet, table: list[Row], place: Place) -> None:
    places = [Place(place.row, column) for column, _ in _filled(table[place.row])]
    if len(places) > 1:
        _scatter(table, sheet.joint(places), "bersama")


def _draw_arrow(
    table: list[Row], arrow: _Arrow, source: Place, target: Place, route: Route
) -> None:
    kind = "usulan" if arrow.usulan else ""
    _scatter(table, route.points, kind)
    table[target.row].cells[target.column].heads.append((route.arrives, kind))
    if arrow.answer:
        answer = Answer(route.leaves, arrow.answer, arrow.is_back)
        table[source.row].cells[source.column].answers.append(answer)


def _arrows(table: list[Row]) -> Iterator[_Arrow]:
    at = {row.step.id: number for number, row in enumerate(table)}
    for number, row in enumerate(table):
        step = row.step
        for outcome in step.decision.outcomes if step.decision else ():
            if outcome.target in at:
                is_proposed = outcome.usulan and not step.usulan  # else the whole row says so
                yield _Arrow(number, at[outcome.target], _word(outcome), is_proposed)
        for target in _besides(step):
            if target in at:
                yield _Arrow(number, at[target])


def _word(outcome: Outcome) -> str:
    return _ANSWERS.get(outcome.value, outcome.label)


def _scatter(table: list[Row], points: tuple[Point, ...], kind: str) -> None:
    """Cut the line at the borders of the cells; every cell draws its own pieces."""
    for (x1, y1), (x2, y2) in _straights(points):
        if y1 == y2:
            low, high = sorted((x1, x2))
            for column in range(low // CELL, high // CELL + 1):
                left, right = _within(low, high, column)
                y = _DOWN[y1 % CELL]
                line = Line(_ACROSS[left], y, _ACROSS[right], y, kind)
                table[y1 // CELL].cells[column].lines.append(line)
        else:
            low, high = sorted((y1, y2))
            for row in range(low // CELL, high // CELL + 1):
                top, bottom = _within(low, high, row)
                x = _ACROSS[x1 % CELL]
                line = Line(x, _DOWN[top], x, _DOWN[bottom], kind)
                table[row].cells[x1 // CELL].lines.append(line)


def _within(low: int, high: int, cell: int) -> tuple[int, int]:
    """The piece of a line that lies in one cell, by the points of that cell."""
    first = cell * CELL
    return max(low - first, -1), min(high - first, CELL)


def _straights(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    """The points where a line bends, two by two."""
    bends = [points[0]]
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        if (before[0] == point[0]) != (point[0] == after[0]):
            bends.append(point)
    bends.append(points[-1])
    return pairwise(bends)
