"""Whether modalities are named in full, and each value by its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from report_gen.guard.expectation import BoundValue, Expectation
from report_gen.guard.reading import SentenceReading, Token

__all__ = ["families_hold"]

_LIMBS: Final = frozenset({"limb_upper", "limb_lower"})


def families_hold(reading: SentenceReading, expected: Expectation) -> bool:
    """Whether no sentence leaves out a limb, gives a value to another modality, or judges fewer than it should."""
    pairs = [pair for pair in expected.pairs if pair.family]
    sentences = list(_sentences(reading))
    if any(not _limb_named(tokens, expected) for tokens in sentences):
        return False
    if not pairs:
        return True
    known = frozenset().union(*(pair.family for pair in pairs))
    if any(not _own_behind(tokens, pairs, known) for tokens in sentences):
        return False
    return all(_values_named(tokens, pairs, known) for tokens in sentences) and _all_judged(sentences, pairs)


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


def _values_named(tokens: Sequence[Token], pairs: Sequence[BoundValue], known: frozenset[str]) -> bool:
    """The modality nearest to a value is its own; read forwards throughout or backwards throughout."""
    families = {pair.value: pair.family for pair in pairs}
    value_families = [families[f"mask {token.mask}"] for token in tokens if f"mask {token.mask}" in families]
    named = _names(tokens)
    if len(value_families) == 1 and named & {"met", "compare"} and not named & known <= value_families[0]:
        return False
    forwards = _nearest_own(tokens, families, known)
    return forwards or (not _place_first(tokens, pairs, known) and _nearest_own(tokens[::-1], families, known))


def _place_first(tokens: Sequence[Token], pairs: Sequence[BoundValue], known: frozenset[str]) -> bool:
    """Whether a nerve or muscle stands before the first value, so that places stand before their values."""
    sites = frozenset().union(*(pair.sites for pair in pairs)) - known
    for token in tokens:
        if token.kind == "mask" and any(pair.value == f"mask {token.mask}" for pair in pairs):
            return False
        if _names((token,)) & sites:
            return True
    return False


def _nearest_own(tokens: Sequence[Token], families: dict[str, frozenset[str]], known: frozenset[str]) -> bool:
    since: list[set[str]] = []
    first = True
    for token in tokens:
        if token.kind == "term":
            named = set(token.meanings[0]) & known
            if named:
                since.append(named)
        family = families.get(f"mask {token.mask}") if token.kind == "mask" else None
        if family is not None:
            # A list of the modalities may stand before the first value; between two values stands one place.
            limbs = [named for named in since if named & _LIMBS]
            alone = limbs if len(limbs) == 1 and family & _LIMBS else []
            heard = [*since[-1:], *alone] if first else since
            if any(not named <= family for named in heard):
                return False
            since, first = [], False
    return True


def _own_behind(tokens: Sequence[Token], pairs: Sequence[BoundValue], known: frozenset[str]) -> bool:
    """The modality right behind a place is that of the place: `tibialis anterior TcMEP`."""
    for token, following in pairwise(tokens):
        families = [pair.family for pair in pairs if pair.sites & _names((token,)) and not pair.sites & known]
        named = _names((following,)) & known
        if families and named and not any(named <= family for family in families):
            return False
    return True


def _all_judged(sentences: Sequence[Sequence[Token]], pairs: Sequence[BoundValue]) -> bool:
    """What is said of a criterion is said of every modality."""
    known = frozenset().union(*(pair.family - _LIMBS for pair in pairs))
    judged: set[str] = set()
    for tokens in sentences:
        names = _names(tokens)
        if names & {"met", "compare"}:
            judged |= names if not _lists(tokens, known) else _names(_before_worst(tokens))
    return not judged or known <= judged


def _before_worst(tokens: Sequence[Token]) -> Sequence[Token]:
    """What stands before the farthest reading is named."""
    stop = next((index for index, token in enumerate(tokens) if _names((token,)) & {"lead", "worst"}), len(tokens))
    return tokens[:stop]


def _lists(tokens: Sequence[Token], known: frozenset[str]) -> bool:
    """Whether several modalities are judged in one list, before any value."""
    part = _before_worst(tokens)
    return len(part) < len(tokens) and sum(bool(_names((token,)) & known) for token in part) > 1
