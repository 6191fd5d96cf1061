"""Channels by modality, response and side: the order in which closing status and appendix list them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from report_gen.document.blocks import Cell, Row
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined

__all__ = ["PairedResponse", "ResponseRow", "grouped", "rows_of", "times_between"]


_MOST_TIMES = 6
"""Times listed one by one in a heading."""


@dataclass(frozen=True, slots=True)
class PairedResponse:
    """One response, such as the tibialis anterior TcMEP, with its channels by side."""

    name: str
    """Nerve, muscle, level or electrode without the modality; the modality where it has none of them."""
    channels: tuple[Fact, ...]
    """Channel facts, at most one for each side."""

    def on(self, side: str) -> Fact | None:
        """The channel of a side, or None."""
        return next((fact for fact in self.channels if fact.side == side), None)

    @property
    def lateral(self) -> bool:
        """Whether every channel is left or right."""
        return all(fact.side in ("left", "right") for fact in self.channels)


def _name(channel: Fact, modality: Fact) -> str:
    peak = channel.text("peak")
    name = channel.text("site_name") or modality.text("label")
    if not peak or name.endswith(f" {peak}"):
        return name
    return f"{name}, {peak}" if len(peak) > 1 else f"{name}, wave {peak}"


def grouped(facts: Facts) -> list[tuple[Fact, list[PairedResponse]]]:
    """Modalities in order, each with its responses; a modality without channels is left out."""
    groups: list[tuple[Fact, list[PairedResponse]]] = []
    for modality in facts.of_kind("modality"):
        by_name: dict[str, list[list[Fact]]] = {}
        for channel in facts.of_kind("channel"):
            if channel.modality != modality.modality:
                continue
            sets = by_name.setdefault(_name(channel, modality), [])
            row_with_room = next(
                (channels for channels in sets if all(fact.side != channel.side for fact in channels)), None
            )
            if row_with_room is None:
                sets.append([channel])
            else:
                row_with_room.append(channel)
        responses = [PairedResponse(name, tuple(channels)) for name, sets in by_name.items() for channels in sets]
        if responses:
            groups.append((modality, responses))
    return groups


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """Cells beside a response's name, and whether they hold numbers."""

    cells: tuple[Cell, ...]
    """Cells after the first."""
    measured: bool
    """Whether a number stands in them; rows without one may share a line."""


def rows_of(responses: Sequence[PairedResponse], describe: Callable[[PairedResponse], ResponseRow]) -> list[Row]:
    """A row for each response; responses that say the same thing without numbers share one."""
    groups: list[tuple[list[PairedResponse], list[ResponseRow]]] = []
    for response in responses:
        row = describe(response)
        same_row = next((pair for pair in groups if not row.measured and _alike(pair[1][0], row)), None)
        if same_row is None:
            groups.append(([response], [row]))
        else:
            same_row[0].append(response)
            same_row[1].append(row)
    return [Row((_head(members), *_merged(rows))) for members, rows in groups]


def _alike(first: ResponseRow, second: ResponseRow) -> bool:
    return [cell.text for cell in first.cells] == [cell.text for cell in second.cells]


def _head(members: Sequence[PairedResponse]) -> Cell:
    return Cell(
        joined(member.name for member in members), tuple(fact.id for member in members for fact in member.channels)
    )


def _merged(rows: Sequence[ResponseRow]) -> list[Cell]:
    return [
        Cell(cells[0].text, tuple(dict.fromkeys(i for cell in cells for i in cell.facts)), strong=cells[0].strong)
        for cells in zip(*(row.cells for row in rows), strict=True)
    ]


def times_between(facts: Sequence[Fact]) -> str:
    """When readings were taken: each time where they are few, else first and last; in words where no clock gave it.

    Without any of them: `time not recorded`.
    """
    timed = sorted(
        ((at.timestamp(), fact.text("at")) for fact in facts if (at := fact.instant("at")) is not None),
        key=lambda pair: pair[0],
    )
    otherwise = [fact.text("when") for fact in facts if fact.instant("at") is None and fact.text("when")]
    if not timed and not otherwise:
        return "time not recorded"
    times = list(dict.fromkeys(words for _, words in timed))
    shown = [joined(times)] if len(times) <= _MOST_TIMES else [f"{times[0]} to {times[-1]}"]
    words = "; ".join(part for part in (*shown, *dict.fromkeys(otherwise)) if part)
    return words if len(timed) + len(otherwise) == len(facts) else f"{words}, some times not recorded"
