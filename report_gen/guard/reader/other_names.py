"""Other names of what a case names: a change with its parameter behind the noun, a muscle or a side in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from report_gen.facts.model import Fact
from report_gen.vocab import vocabulary

__all__ = ["of_change", "of_response", "of_site"]

_NOUNS: Final[Mapping[str, tuple[str, ...]]] = {
    "decrease": ("decrease", "fall", "drop", "decline", "reduction"),
    "increase": ("increase", "rise"),
    "prolongation": ("prolongation", "increase"),
    "shortening": ("shortening", "decrease", "reduction"),
}
"""Nouns for what a parameter did, by the noun that the record prints."""
_TOGETHER: Final = " with "
"""Stands between changes that came together."""
_SIDES: Final = {"L": "left", "R": "right"}
"""By the letter that begins a short name."""


def of_change(what: str) -> Iterator[str]:
    """Names of a change, its own first: `amplitude decrease`, `decrease in amplitude`, `fall in amplitude`.

    Args:
        what: What changed, as it is printed.
    """
    yield what
    parts = [tuple(_turned(part)) for part in what.split(_TOGETHER)]
    if any(len(part) > 1 for part in parts):
        yield from (name for one in product(*parts) if (name := _TOGETHER.join(one)) != what)


def _turned(part: str) -> Iterator[str]:
    yield part
    parameter, _, noun = part.rpartition(" ")
    if parameter in {entry.display for entry in vocabulary("parameters").entries.values()}:
        for other in _NOUNS.get(noun, ()):
            yield from (f"{other} in {parameter}", f"{other} of {parameter}", f"{other} in the {parameter}")


def of_site(channel: Fact) -> Iterator[str]:
    """Names of where a response is recorded, its own first; a muscle that is printed in short has its name in full.

    Args:
        channel: The response.
    """
    yield channel.text("site_name")
    muscle = vocabulary("muscles").get(channel.code("muscle"))
    if muscle is not None and muscle.abbreviation:
        yield muscle.display


def of_response(short: str) -> Iterator[str]:
    """Short names of a response, its own first: `L TA`, `left TA`.

    Args:
        short: As it is printed.
    """
    yield short
    letter, _, rest = short.partition(" ")
    if letter in _SIDES and rest:
        yield f"{_SIDES[letter]} {rest}"
