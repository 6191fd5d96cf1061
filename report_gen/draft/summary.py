"""Cells of the summary table: what the responses of a modality and side have in common, and which stand out."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.changes import reading_phrase
from report_gen.facts.views.courses import ResponseCourse
from report_gen.facts.views.modalities import SummaryRow
from report_gen.facts.wording import counted, joined

__all__ = ["baseline_words", "event_words", "worst_words"]

_MOST_SHOWN = 4
"""Responses listed by name in one cell."""


def baseline_words(row: SummaryRow) -> str:
    """One response shows its baseline; several show how many gave one, and name those that did not."""
    facts = row.baselines
    if len(facts) == 1:
        return facts[0].text("text")
    names = [course.channel.text("short") for course in row.courses]
    patterns = [fact.text("pattern") for fact in facts]
    if all(patterns):
        return counted(names, patterns)
    missing: dict[str, list[str]] = {}
    for name, fact in zip(names, facts, strict=True):
        if fact.status not in ("measured", "present"):
            missing.setdefault(fact.text("text"), []).append(name)
    present = f"present in {len(facts) - sum(map(len, missing.values()))} of {len(facts)}"
    return "; ".join([present, *(f"{joined(named)}: {words}" for words, named in missing.items())])


def worst_words(facts: Facts, row: SummaryRow) -> str:
    """The readings beyond their criterion, else the one farthest from baseline, else the patterns seen."""
    if row.worst is None:
        return joined(dict.fromkeys(_patterns(facts, row))) or "not ranked"
    each = [(course, course.worst) for course in row.courses if course.worst is not None]
    beyond = [pair for pair in each if pair[1].status == "beyond_criterion"]
    shown = beyond or [pair for pair in each if pair[1] is row.worst]
    words = [_named(course, fact, alone=len(row.courses) == 1) for course, fact in shown[:_MOST_SHOWN]]
    more = f"; and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    return "; ".join(words) + more


def _named(course: ResponseCourse, worst: Fact, *, alone: bool) -> str:
    return reading_phrase(worst) if alone else f"{course.channel.text('short')}: {reading_phrase(worst)}"


def _patterns(facts: Facts, row: SummaryRow) -> Iterator[str]:
    """Patterns after baseline, those of events included."""
    for course in row.courses:
        own = [fact for fact in facts.in_group(course.channel.id) if fact.kind != "channel.baseline"]
        at_events = [reading for chain in facts.events for reading in chain.every_reading]
        readings = [*own, *(reading.fact for reading in at_events if reading.channel is course.channel)]
        yield from (fact.text("pattern") for fact in readings if fact.author == "record" and fact.value("pattern"))


def event_words(row: SummaryRow) -> str:
    """The events by class, such as `E1 and E3 alerts`."""
    by_class: dict[str, list[str]] = {}
    for event in row.events:
        by_class.setdefault(event.text("event_class"), []).append(event.text("id"))
    words = [f"{joined(ids)} {name}{'s' if len(ids) > 1 else ''}" for name, ids in by_class.items()]
    return "; ".join(words) or "none recorded"
