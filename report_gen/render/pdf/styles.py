"""Type, measures and paper; black on white, nothing under 8 pt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["MARGIN", "NORMAL", "SMALL", "TIGHT", "Setting", "Type", "page"]

MARGIN: Final = 38.0
"""Left and right margin in points."""
SMALL: Final = 8.0
"""Type size of running head and foot, in points: the smallest of all."""
_ASCENT, _DESCENT = 0.905, 0.212
"""How far the report fonts reach above and below their baseline, in em."""

PAGES: dict[str, tuple[float, float]] = {"letter": (612.0, 792.0), "a4": (595.2756, 841.8898)}


def page(size: Literal["letter", "a4"]) -> tuple[float, float]:
    """Width and height of the paper in points."""
    return PAGES[size]


@dataclass(frozen=True, slots=True)
class Type:
    """A size of type with the distance of its lines, in points."""

    size: float
    leading: float

    @property
    def baseline(self) -> float:
        """From the top of a line down to its baseline."""
        return (self.leading - (_ASCENT + _DESCENT) * self.size) / 2 + _ASCENT * self.size


@dataclass(frozen=True, slots=True)
class Setting:
    """The sizes and distances of one document."""

    body: Type
    """Prose."""
    cell: Type
    """Tables, grids, forms."""
    note: Type
    """Notes under tables and figures."""
    title: Type
    """The title of the document."""
    heading: Type
    """Headings of sections, with a rule under them."""
    subheading: Type
    """Headings inside sections."""
    gap: float
    """Between two blocks."""
    section: float
    """Over a heading."""
    row: float
    """Over and under the text of a table row."""
    item: float
    """Between two lines of a list."""


NORMAL: Final = Setting(
    body=Type(9.0, 11.0),
    cell=Type(8.5, 10.0),
    note=Type(8.0, 9.6),
    title=Type(14.0, 17.0),
    heading=Type(10.5, 12.5),
    subheading=Type(9.5, 11.5),
    gap=4.0,
    section=8.0,
    row=1.6,
    item=1.2,
)
"""As the report is set when there is room."""
TIGHT: Final = Setting(
    body=Type(8.5, 10.2),
    cell=Type(8.0, 9.3),
    note=Type(8.0, 9.3),
    title=Type(13.0, 15.5),
    heading=Type(10.0, 11.8),
    subheading=Type(9.0, 10.8),
    gap=2.2,
    section=4.5,
    row=0.7,
    item=0.5,
)
"""Where that saves a page, and for the technical record."""
