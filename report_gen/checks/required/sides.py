"""A response without a side, or on one alone where others are on both (clinical reference §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.responses import OTHER_SIDE, homologues, on_other_side, same_response
from report_gen.checks.subjects import coded_label
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["SIDE_CHECKS"]

_MOST_NAMED: Final = 3
_MOST_CITED: Final = 20


def _homologue(facts: Facts) -> Iterator[Fired]:
    """Not asked of the operated side, where more is recorded on purpose, nor of what two records already name twice."""
    channels = facts.of_kind("channel")
    twice = {channel.id for group in same_response(channels) for channel in group}
    paired = {channel.modality for channel in channels if homologues(channel, channels)}
    operated = facts.by_id["surgery.side"].side
    for channel in channels:
        if channel.side == operated:
            continue
        alone = channel.side in OTHER_SIDE and bool(channel.site) and not on_other_side(channel, channels)
        if alone and channel.modality in paired and channel.id not in twice:
            label, entry = coded_label(channel), vocabulary("modalities")[channel.modality]
            yield fired(
                channel.pointer,
                channel,
                channel=label,
                side=channel.side,
                other=f"{OTHER_SIDE[channel.side]} {label}",
                modality=entry.abbreviation or entry.display,
            )


def _channel_side(facts: Facts) -> Iterator[Fired]:
    """Asked once for all of them; what has no side says so, and one that an event asks about is not asked twice."""
    asked = {
        channel.id
        for chain in facts.events
        if chain.event.side == "not_recorded"
        for channel in facts.of_kind("channel")
        if channel in chain.responses or (not chain.responses and channel.modality == chain.event.modality)
    }
    unsided = [
        channel for channel in facts.of_kind("channel") if channel.side == "not_recorded" and channel.id not in asked
    ]
    if unsided:
        names = list(dict.fromkeys(_label(channel) for channel in unsided))
        more = len(names) - _MOST_NAMED
        shown = joined(names) if more <= 0 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"
        ask = f"the {shown} recorded" if len(unsided) == 1 else f"each of these recorded: {shown}"
        only = unsided[0] if len(unsided) == 1 else None
        yield fired(
            f"{unsided[0].pointer}/side",
            *unsided[:_MOST_CITED],
            count=len(unsided),
            about=only,
            channel=shown,
            ask_side=ask,
        )


def _label(channel: Fact) -> str:
    """Its label, which is that of its modality alone where it names no place."""
    entry, label = vocabulary("modalities")[channel.modality], coded_label(channel)
    return (entry.abbreviation or entry.display) if label == entry.channel_label else label


SIDE_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {"required.homologue": _homologue, "required.channel_side": _channel_side}
)
"""What is missing of the sides of responses."""
