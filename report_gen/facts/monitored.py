"""The one definition of monitored and of attended time; the page, the tables and the claim all count by it.

Monitored: the monitoring intervals less set-up, baseline recording, stand-by, removal, and the gaps in which no
modality was recorded. A gap of one modality is a gap in that modality alone. During a link outage recording goes on in
the room, so that it takes nothing away.
Attended: monitored time in which a session of an interpreting professional is recorded; of a professional who is not
in the room, less the outages of the link, since without it nothing is seen.
Source: clinical reference §1.3 and billing reference §3 (what is no monitoring time, and minutes without the link).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from typing import Final, Protocol

from report_gen.facts.intervals import Span, intersect, merge, subtract
from report_gen.vocab import vocabulary

__all__ = ["IN_ROOM", "KindOfTime", "attended", "interruptions", "modalities_of_case", "monitored", "stops"]

IN_ROOM: Final = "in_room"
"""The mode of a session that needs no link."""
_GAP: Final = "gap"


class KindOfTime(Protocol):
    """A stretch of the case of one kind."""

    @property
    def kind(self) -> str:
        """Code of `interval_kinds`."""

    @property
    def span(self) -> Span:
        """Start and end."""

    @property
    def modalities(self) -> Collection[str]:
        """Modalities of the case that it names. Empty: it concerns all."""


def modalities_of_case(named: Iterable[str], listed: Collection[str]) -> tuple[str, ...]:
    """The modalities of the case that a stretch names.

    One that names none of them concerns all: a slip of the pen must not earn minutes.
    """
    return tuple(code for code in named if code in listed)


def interruptions(gaps: Iterable[tuple[Span, Collection[str]]], performed: Collection[str]) -> tuple[Span, ...]:
    """Spans in which no modality was recorded: a gap of one modality is a gap in that modality alone.

    Args:
        gaps: Each gap with its modalities; one that names none is a gap of all.
        performed: Modalities performed. Empty: any gap interrupts.
    """
    gaps = tuple(gaps)
    if not performed:
        return merge(span for span, _ in gaps)
    each = (merge(span for span, codes in gaps if not codes or code in codes) for code in performed)
    return reduce(intersect, each)


def stops(stretches: Iterable[KindOfTime], performed: Collection[str]) -> Mapping[str, tuple[Span, ...]]:
    """The time that is no monitoring, by kind of stretch; kinds may overlap.

    Args:
        stretches: Every stretch of the case.
        performed: Modalities performed.
    """
    stretches = tuple(stretches)
    found = {
        kind: merge(stretch.span for stretch in stretches if stretch.kind == kind)
        for kind, entry in vocabulary("interval_kinds").entries.items()
        if entry.stops_monitoring
    }
    gaps = [(stretch.span, stretch.modalities) for stretch in stretches if stretch.kind == _GAP]
    return {**found, _GAP: interruptions(gaps, performed)}


def monitored(stretches: Iterable[KindOfTime], performed: Collection[str]) -> tuple[Span, ...]:
    """Monitored time, whoever watched. Arguments as of `stops`."""
    stretches = tuple(stretches)
    stopped = [span for spans in stops(stretches, performed).values() for span in spans]
    return subtract((stretch.span for stretch in stretches if stretch.kind == "monitoring"), stopped)


def attended(within: Iterable[Span], sessions: Iterable[tuple[str, Span]], outages: Iterable[Span]) -> tuple[Span, ...]:
    """Monitored time that a professional attended.

    Args:
        within: Monitored time.
        sessions: Each session with the code of its mode.
        outages: Outages of the link.
    """
    sessions = tuple(sessions)
    present = [span for mode, span in sessions if mode == IN_ROOM]
    linked = subtract((span for mode, span in sessions if mode != IN_ROOM), outages)
    return intersect(within, [*present, *linked])
