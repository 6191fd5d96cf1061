"""Writes a part of a run as a table for the terminal or for a README."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

from bench.result import Figure, Part, Row

__all__ = ["WIDTH", "heading", "markdown", "number", "table"]

WIDTH: Final = 110
"""No line of a table is longer."""
_GROUP: Final = " / "
"""Stands in a row's name between what it belongs to and what it is."""
_UNITS: Final[Mapping[str, str]] = {
    "ms": "ms",
    "s": "s",
    "us": "µs",
    "mib": "MiB",
    "kib": "KiB",
    "kb": "kB",
    "bytes": "bytes",
    "pct": "%",
    "usd": "USD",
}
_UNMEASURED: Final = "–"
_GAP: Final = 2
_CELL: Final = 44
"""Longer words are cut."""
_HEAD: Final = 10
"""Words of a column's head stand on one line up to this width."""


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    head: tuple[str, ...]
    cells: tuple[str, ...]
    words: bool

    @property
    def width(self) -> int:
        return max(map(len, (*self.head, *self.cells)))

    def aligned(self, text: str) -> str:
        return text.ljust(self.width) if self.words else text.rjust(self.width)


def heading(name: str) -> tuple[str, str]:
    """A figure's name in words, and its unit: `within_6s_pct` is `within 6s` in `%`. The unit may be empty."""
    stem, per, base = name.partition("_per_")
    if per:
        # Money per report: the unit is what is counted, so it stays in front of "per".
        words, unit = _split(stem)
        return (words, f"{unit} per {base}") if unit else (words, f"per {base.replace('_', ' ')}")
    return _split(name)


def _split(name: str) -> tuple[str, str]:
    stem, _, last = name.rpartition("_")
    if last in _UNITS and stem:
        return stem.replace("_", " "), _UNITS[last]
    return name.replace("_", " "), ""


def number(value: Figure, unit: str = "") -> str:
    """A figure with three digits that mean something, thousands apart; a share never rounds to none or all."""
    if value is None:
        return _UNMEASURED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    if unit == "%":
        return _share(value)
    return _digits(value)


def _share(value: float) -> str:
    # 99.97 % within the deadline is not all of them.
    if 0 < value < 0.05:
        return "<0.1"
    if 99.95 <= value < 100:
        return ">99.9"
    return f"{value:.1f}"


def _digits(value: float) -> str:
    if not value:
        return "0"
    places = min(max(2 - floor(log10(abs(value))), 0), 6)
    return f"{value:,.{places}f}"


def table(part: Part) -> str:
    """A part as text for the terminal: its question, its rows with units in the head, and its notes.

    Rows named `a / b` stand under a line `a`. Rows that share no figure are tables of their own, and so are columns
    that do not fit beside the others. A row that does not count says why and has no figures.
    """
    took = f" ({part.seconds:.0f} s)" if part.seconds else ""
    lines = _wrapped(": ".join(filter(None, (part.name, part.question))) + took, "")
    for block in _blocks(part.rows):
        lines += ["", *_block(block)]
    if part.notes:
        lines.append("")
    for note in part.notes:
        lines += _wrapped(note, "  ")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ") or [""]


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    block: list[Row] = []
    known: set[str] = set()
    for row in rows:
        figures = set(row.figures) if _counts(row) else set()
        if figures and known and not figures & known:
            yield block
            block, known = [], set()
        block.append(row)
        known |= figures
    if block:
        yield block


def _counts(row: Row) -> bool:
    return not row.failed and not row.skipped


def _block(rows: Sequence[Row]) -> Iterator[str]:
    counted = [row for row in rows if _counts(row)]
    side = max((len(line) for line in (*map(_name, rows), *(_cut("  " + _group(row)) for row in rows))), default=0)
    for which, columns in enumerate(_split_wide(_columns(counted), side)):
        if which:
            yield ""
        yield from _head(columns, side)
        # Why a row does not count is said once, beside the first columns.
        last = ""
        for row in rows if not which else [row for row in counted if any(one.name in row.figures for one in columns)]:
            if _group(row) not in ("", last):
                yield _cut("  " + _group(row))
            last = _group(row)
            name = _name(row).ljust(side)
            if _counts(row):
                place = next(place for place, other in enumerate(counted) if other is row)
                yield (" " * _GAP).join([name, *(column.aligned(column.cells[place]) for column in columns)])
            else:
                yield from _reason(name, row)


def _group(row: Row) -> str:
    group, apart, _ = row.name.partition(_GROUP)
    return group if apart else ""


def _name(row: Row) -> str:
    _, apart, rest = row.name.partition(_GROUP)
    return _cut("    " + rest if apart else "  " + row.name)


def _cut(text: str) -> str:
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _reason(name: str, row: Row) -> list[str]:
    room = " " * (len(name) + _GAP)
    return textwrap.wrap(_why(row), WIDTH, initial_indent=name + "  ", subsequent_indent=room)


def _why(row: Row) -> str:
    if row.skipped:
        return "skipped: " + row.why.removeprefix("skipped").lstrip(": ")
    return "not ok: " + (row.why or "nothing was measured")


def _columns(rows: Sequence[Row]) -> list[_Column]:
    return [_column(name, rows) for name in dict.fromkeys(name for row in rows for name in row.figures)]


def _column(name: str, rows: Sequence[Row]) -> _Column:
    words, unit = heading(name)
    cells = tuple(_cut(number(row.figures[name], unit)) if name in row.figures else "" for row in rows)
    room = max(_HEAD, *map(len, cells)) if cells else _HEAD
    head = (*textwrap.wrap(words, room), *textwrap.wrap(unit, room)) if unit else tuple(textwrap.wrap(words, room))
    return _Column(name, head, cells, any(isinstance(row.figures.get(name), str) for row in rows))


def _split_wide(columns: Sequence[_Column], side: int) -> list[list[_Column]]:
    """Columns that fit beside the names, as many tables as it takes; at least one, which may have no columns."""
    tables: list[list[_Column]] = [[]]
    used = side
    for column in columns:
        if tables[-1] and used + _GAP + column.width > WIDTH:
            tables.append([])
            used = side
        tables[-1].append(column)
        used += _GAP + column.width
    return tables


def _head(columns: Sequence[_Column], side: int) -> Iterator[str]:
    deep = max((len(column.head) for column in columns), default=0)
    for line in range(deep):
        # The heads stand on the figures: short ones are filled up from above.
        cells = [column.aligned((*[""] * (deep - len(column.head)), *column.head)[line]) for column in columns]
        yield (" " * _GAP).join([" " * side, *cells])


def markdown(part: Part, columns: Sequence[str] = (), *, rows: Sequence[str] = ()) -> str:
    """A part as a table for a README.

    Args:
        part: The part.
        columns: Names of the figures to show, in this order. Empty: all, in the order of the rows.
        rows: Words of which the names of the rows shown hold one. Empty: all rows.

    Raises:
        ValueError: No row has a figure of such a name.
    """
    known = tuple(dict.fromkeys(name for row in part.rows if _counts(row) for name in row.figures))
    if missing := [name for name in columns if name not in known]:
        raise ValueError(f"{part.name} has no figure {', '.join(missing)}; it has {', '.join(known) or 'none'}")
    chosen = tuple(columns) or known
    heads = [", ".join(filter(None, heading(name))) for name in chosen]
    lines = [["", *heads], ["---", *("---:" for _ in chosen)]]
    for row in part.rows:
        if rows and not any(words in row.name for words in rows):
            continue
        if _counts(row):
            cells = [number(row.figures[name], heading(name)[1]) if name in row.figures else "" for name in chosen]
            lines.append([row.name, *cells])
        else:
            lines.append([f"{row.name} ({_why(row)})", *("" for _ in chosen)])
    return "".join(f"| {' | '.join(map(_escaped, line))} |\n" for line in lines)


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
