"""Labelled values in a grid, the long ones on lines of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_gen.document.blocks import KeyValues
from report_gen.render.pdf.layout.lines import Measured, TextLine, in_units, wrap
from report_gen.render.pdf.layout.pieces import INSIDE, PagePiece, beside, bound, text_pieces
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.styles import Setting, Type
from report_gen.render.pdf.tagged import Element

__all__ = ["key_value_pieces"]

_GAP: Final = 14.0
"""Room between two columns."""
_MANY_LINES: Final = 12
"""A value with more lines than this may be parted over pages."""


def key_value_pieces(block: KeyValues, width: float, words: Lettering, setting: Setting) -> list[PagePiece]:
    """A grid of labelled values, in rows of the least height together.

    Args:
        block: The values.
        width: Width of the text.
        words: What measures them.
        setting: Sizes and distances.
    """
    face = setting.cell
    spans = [words.spans(item.text, label=f"{item.label}:") for item in block.items]
    made: list[PagePiece] = []
    for start, end in _rows(spans, block.columns, width, face):
        columns = block.columns if end - start > 1 else 1
        pitch = (width + _GAP) / columns
        cells = [_set(cell, pitch - _GAP, face) for cell in spans[start:end]]
        if len(cells) == 1:
            row = text_pieces(cells[0], Element("P"), face)
            row[-1].after = setting.item
            if len(cells[0]) <= _MANY_LINES:
                bound(row, INSIDE)
        else:
            parts = [text_pieces(lines, Element("P"), face) for lines in cells]
            row = [beside([(number * pitch, part) for number, part in enumerate(parts)])]
            row[0].after = setting.item
        row[-1].bond = INSIDE
        made += row
    return made


def _set(cell: Sequence[Measured], room: float, face: Type) -> list[TextLine]:
    return wrap(cell, in_units(room, face.size))


def _rows(spans: Sequence[Sequence[Measured]], columns: int, width: float, face: Type) -> list[tuple[int, int]]:
    """Which values stand in each row: as many as there are columns, or one on the whole width, whatever is lower."""
    count = len(spans)
    room = (width + _GAP) / columns - _GAP
    narrow = [len(_set(cell, room, face)) for cell in spans]
    wide = (
        narrow
        if columns == 1
        else [1 if lines == 1 else len(_set(cell, width, face)) for cell, lines in zip(spans, narrow, strict=True)]
    )
    best: list[tuple[float, int]] = [(0.0, 0)] * (count + 1)
    for start in range(count - 1, -1, -1):
        end = min(start + columns, count)
        # A little more for a value alone, so that columns stay columns where nothing is won.
        best[start] = min(
            (max(narrow[start:end]) + best[end][0], end), (wide[start] + 0.01 + best[start + 1][0], start + 1)
        )
    rows: list[tuple[int, int]] = []
    start = 0
    while start < count:
        rows.append((start, best[start][1]))
        start = best[start][1]
    return rows
