"""Boxes and lines: what a drawing is made of."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; inside a block it is measured from the block's anchor."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def moved(self, x: int, y: int) -> Box:
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn element: where it is and where its label is."""

    id: str
    box: Box
    label: Box | None = None
    kind: str = ""

    def moved(self, x: int, y: int) -> Shape:
        label = self.label and self.label.moved(x, y)
        return Shape(self.id, self.box.moved(x, y), label, self.kind)


@dataclass(frozen=True, slots=True)
class Edge:
    """A drawn flow: its corners and where its label is."""

    id: str
    points: tuple[tuple[int, int], ...]
    label: Box | None = None

    def moved(self, x: int, y: int) -> Edge:
        points = tuple((px + x, py + y) for px, py in self.points)
        return Edge(self.id, points, self.label and self.label.moved(x, y))


@dataclass(slots=True)
class Picture:
    """A finished sheet, its upper left corner at 0, 0."""

    width: int
    height: int
    anchor: int  # where the first step's row runs: flows enter a sub-process at this height
    shapes: list[Shape]
    edges: list[Edge]
