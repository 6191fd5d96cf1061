"""What a check of numbers, no check and the guard each let through of the same scripted drafts.

The drafts and the ways to make a sentence of them unfaithful are those of `trials.guard`: the template of every sample,
so that each class has something to try, and wordings of the questions that rules are tuned on, never those held out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType
from typing import Final

from bench.result import Figure, Part, Row, Scale
from trials.guard.corpus import DRAFTS, Sheet, sheets, template_sheets
from trials.guard.figures import Figures, Tally, known_figures, pooled_catches, wilson
from trials.guard.figures import measure as judge

__all__ = ["ALARMS", "ALL", "UNFAITHFUL", "measure"]

UNFAITHFUL: Final = "unfaithful"
"""Rows of the classes of mutation stand under this name."""
ALL: Final = f"{UNFAITHFUL} / all classes"
"""The row over all classes."""
ALARMS: Final = "faithful / as written"
"""The row of the false alarms."""


@dataclass(frozen=True, slots=True)
class _Size:
    drafts: int | None
    """Wordings judged, by case and then by writer. None: all."""
    per_class: int
    """The most mutations of one class of one draft."""


_SIZES: Final[Mapping[Scale, _Size]] = MappingProxyType(
    {"smoke": _Size(12, 1), "quick": _Size(None, 4), "full": _Size(None, 12)}
)


@dataclass(slots=True)
class _Pooled:
    """What the check of numbers made of the drafts as written."""

    sentences: int = 0
    refused: int = 0


def measure(scale: Scale, seed: int) -> Part:
    """Judge the tuning drafts, as written and with one sentence made unfaithful at a time.

    Args:
        scale: How many drafts and how many mutations of each class.
        seed: Of what is drawn; the same seed and scale give the same figures.
    """
    size = _SIZES[scale]
    pooled = _Pooled()
    found = chain(template_sheets(), islice(sheets(DRAFTS), size.drafts))
    figures = judge(_watched(found, pooled), seed, size.per_class)
    return Part(
        "checking",
        "What gets through of unfaithful sentences, and how many faithful ones are refused?",
        (*_classes(figures), _alarms(figures, pooled)),
        (
            f"{figures.drafts} drafts: the template of each sample, and wordings that rules are tuned on; at most "
            f"{size.per_class} mutations of a class for each.",
            "none: what a model writes is printed. pooled: each number and time of a sentence must occur somewhere in "
            "the case. ours: the guard.",
            "at most: upper end of the two-sided 95 % Wilson interval of ours. A mutation is tried only on a sentence "
            "that ours accepts as it stands; the drafts and mutations are ours, and no model's.",
        ),
    )


def _watched(found: Iterable[Sheet], pooled: _Pooled) -> Iterator[Sheet]:
    for sheet in found:
        known = known_figures(sheet.facts)
        texts = [claim.text for page in sheet.pages for claim in page.claims]
        pooled.sentences += len(texts)
        pooled.refused += sum(pooled_catches(text, known) for text in texts)
        yield sheet


def _classes(figures: Figures) -> Iterator[Row]:
    whole = Tally()
    for family, tally in figures.tallies.items():
        whole.tried += tally.tried
        whole.caught += tally.caught
        whole.pooled += tally.pooled
        yield _class(f"{UNFAITHFUL} / {family}", tally)
    yield _class(ALL, whole)


def _class(name: str, tally: Tally) -> Row:
    if not tally.tried:
        return Row(name, ok=False, why="no sentence of these drafts could be made unfaithful in this way")
    return Row(
        name,
        {
            "tried": tally.tried,
            "none_let_through_pct": _percent(tally.tried, tally.tried),
            "pooled_let_through_pct": _percent(tally.tried - tally.pooled, tally.tried),
            "ours_let_through_pct": _percent(tally.tried - tally.caught, tally.tried),
            "ours_at_most_pct": 100 * (1 - wilson(tally.caught, tally.tried)),
        },
    )


def _alarms(figures: Figures, pooled: _Pooled) -> Row:
    total = figures.alarms.total
    if not total.sentences or total.sentences != pooled.sentences:
        return Row(ALARMS, ok=False, why="the two checks did not see the same sentences")
    found: dict[str, Figure] = {
        "sentences": total.sentences,
        "none_refused_pct": 0.0,
        "pooled_refused_pct": _percent(pooled.refused, pooled.sentences),
        "ours_refused_pct": _percent(total.sentences - total.proved, total.sentences),
    }
    return Row(ALARMS, found)


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole
