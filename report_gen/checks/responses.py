"""Which records are of one response, and which one is its homologue on the other side (clinical reference §7.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from report_gen.facts.model import Fact
from report_gen.vocab import vocabulary

__all__ = ["OTHER_SIDE", "alike", "homologues", "mirrored", "on_other_side", "same_response"]

OTHER_SIDE: Final = {"left": "right", "right": "left"}
_PLACE: Final = ("nerve", "muscle", "level", "electrode", "region")
"""Codes that say where a response is; any of them names it."""
_IN_WORDS: Final = ("nerve_other", "muscle_other", "region_other")
"""The same in the record's words."""
_FURTHER: Final = ("recording_level",)
"""What tells responses of one place apart."""
_UNSTATED: Final = "unspecified"
"""In the code of a modality of which the record does not say the kind or limb."""
_ELECTRODE: Final = re.compile(r"(?<=[a-z])[1-8](?![0-9])")
"""The number of a scalp electrode: odd on the left, even on the right."""


def alike(first: Fact, second: Fact) -> bool:
    """Whether two channels are of one response, whatever their sides: same modality, place, peak and derivation.

    A derivation that only one of them states tells nothing apart.
    """
    if not _alike_but_for_montage(first, second):
        return False
    own, other = first.words("montage").casefold(), second.words("montage").casefold()
    return own == other or not (own and other)


def mirrored(first: Fact, second: Fact) -> bool:
    """Whether two channels are alike but for a derivation that is the other side's, such as C3' and C4'.

    Both may be of one side, recorded over either hemisphere; or the side of one of them is entered wrongly.
    """
    own, other = first.words("montage").casefold(), second.words("montage").casefold()
    return own != other and _ELECTRODE.sub(_opposite, own) == other and _alike_but_for_montage(first, second)


def _opposite(electrode: re.Match[str]) -> str:
    number = int(electrode[0])
    return str(number + 1 if number % 2 else number - 1)


def _alike_but_for_montage(first: Fact, second: Fact) -> bool:
    return first.modality == second.modality and _of_one_place(first, second) and _placed(first)


def _of_one_place(first: Fact, second: Fact) -> bool:
    # The site of the fact follows from the codes, and tells most pairs apart at once.
    return first.site == second.site and _place_of(first) == _place_of(second)


def _place_of(channel: Fact) -> tuple[str, ...]:
    """What must be the same of two channels at one place."""
    values = {value.name: value for value in channel.values}
    codes = [value.code if (value := values.get(name)) is not None else "" for name in (*_PLACE, *_FURTHER)]
    words = [value.text if (value := values.get(name)) is not None else "" for name in ("peak", *_IN_WORDS)]
    return (*codes, *words)


def _placed(channel: Fact) -> bool:
    """Whether anything names the place of the response; without it nothing tells two apart.

    A modality that has one response on each side, such as BAEP, names it by itself.
    """
    entry = vocabulary("modalities").get(channel.modality)
    one_place = entry is not None and entry.site_kind == "none" and _UNSTATED not in entry.code
    return one_place or any(channel.code(name) for name in (*_PLACE, *_IN_WORDS))


def same_response(channels: Sequence[Fact]) -> list[list[Fact]]:
    """Groups of two or more channels with a side that are of one response and side, in the order of the record.

    Mirrored derivations belong to one only where the other side has no such response.
    """
    groups: list[list[Fact]] = []
    for channel in channels:
        if channel.side not in OTHER_SIDE:
            continue
        alone = not homologues(channel, channels)
        for group in groups:
            same = alike(group[0], channel) or (alone and mirrored(group[0], channel))
            if group[0].side == channel.side and same:
                group.append(channel)
                break
        else:
            groups.append([channel])
    return [group for group in groups if len(group) > 1]


def on_other_side(channel: Fact, channels: Sequence[Fact]) -> bool:
    """Whether the same nerve or muscle is recorded on the other side, whatever the peak or level."""
    other = OTHER_SIDE.get(channel.side)
    places = (*_PLACE, *_IN_WORDS)
    return any(
        row.side == other
        and row.modality == channel.modality
        and all(row.code(name) == channel.code(name) and row.words(name) == channel.words(name) for name in places)
        for row in channels
    )


def homologues(channel: Fact, channels: Sequence[Fact]) -> list[Fact]:
    """The same response on the other side; derivations mirror each other and need not be written alike."""
    other = OTHER_SIDE.get(channel.side)
    return [
        row
        for row in channels
        if other is not None and row.side == other and row.modality == channel.modality and _of_one_place(row, channel)
    ]
