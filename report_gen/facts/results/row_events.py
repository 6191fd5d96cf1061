"""Events of a row of the results: which concern it, how they are named in it, and how grave that makes the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.model import Fact
from report_gen.facts.wording import joined
from report_gen.vocab import signal_classes

__all__ = ["gravest", "row_events", "touching"]

_SIDED: Final = ("left", "right", "midline")


def touching(b: FactBuilder, modality: str, side: str, channels: Iterable[str] = ()) -> list[Fact]:
    """The events that concern a modality and side: by their responses; without any, unless their side excludes it.

    Args:
        b: Collector.
        modality: Modality code.
        side: Side code.
        channels: Fact ids of the responses of both.
    """
    own = set(channels)
    return [
        event
        for event in b.of_kind("event")
        if own & set(event.inputs)
        or (
            not event.inputs
            and event.modality == modality
            and not (event.side in _SIDED and side in _SIDED and event.side != side)
        )
    ]


def gravest(events: Sequence[Fact], *, beyond: bool) -> str:
    """Status of a row: the gravest class of its events; without any, whether a cell is beyond its criterion."""
    for status in signal_classes():
        if any(fact.status == status for fact in events):
            return status
    return "beyond_criterion" if beyond else "none"


def row_events(b: FactBuilder, fact_id: str, modality: str, events: Sequence[Fact]) -> None:
    """The events by class, such as `E1 and E3 alerts`; nothing where there are none."""
    if not events:
        return
    by_class: dict[str, list[Fact]] = {}
    for event in events:
        by_class.setdefault(event.text("event_class"), []).append(event)
    words = [
        f"{joined(event.text('id') for event in those)} {name}{'s' if len(those) > 1 else ''}"
        for name, those in by_class.items()
    ]
    b.compute(
        f"{fact_id}.events",
        "result.events",
        "/events",
        [text("text", "; ".join(words))],
        formula="events that name a response of the row",
        inputs=[event.id for event in events],
        group=fact_id,
        modality=modality,
    )
