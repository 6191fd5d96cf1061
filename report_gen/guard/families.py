"""Whether an SSEP is named with its limb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from report_gen.guard.expectation import Expectation
from report_gen.guard.reading import SentenceReading, Token

__all__ = ["families_hold"]

_LIMBS: Final = frozenset({"limb_upper", "limb_lower"})


def families_hold(reading: SentenceReading, expected: Expectation) -> bool:
    """Whether no sentence leaves out the limb of an SSEP, or names one where none is stated."""
    return all(_limb_named(tokens, expected) for tokens in _sentences(reading))


def _sentences(reading: SentenceReading) -> Iterator[tuple[Token, ...]]:
    ends = [0, *(token.at for token in reading.tokens if token.raw == "."), len(reading.text) + 1]
    for start, end in pairwise(ends):
        yield reading.words(start, end)


def _names(tokens: Sequence[Token]) -> set[str]:
    return {name for token in tokens if token.kind == "term" for name in token.meanings[0]}


def _limb_named(tokens: Sequence[Token], expected: Expectation) -> bool:
    """An SSEP is named with its limb, its nerve, or the remark that the limb is not stated."""
    places = [index for index, token in enumerate(tokens) if "ssep" in _names((token,))]
    if expected.concepts & _LIMBS:
        starts = (0, *(index + 1 for index in places))
        return all(
            _placed(_names(tokens[max(start, index - 4) : index]))
            or any(token.raw in ("limb", "limbs") for token in tokens[index + 1 : index + 4])
            for start, index in zip(starts, places, strict=False)
        )
    unstated = any("limb" in named for named in expected.absent)
    limbs = [index for index, token in enumerate(tokens) if token.raw in ("limb", "limbs")]
    if unstated and any("ssep" not in _names(tokens[max(0, index - 2) : index + 5]) for index in limbs):
        return False
    return not unstated or not places or bool(limbs)


def _placed(names: set[str]) -> bool:
    return bool(names & _LIMBS) or any(name.startswith("nerves.") for name in names)
