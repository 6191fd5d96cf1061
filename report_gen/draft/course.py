"""The course in time order: what was monitored, what each modality showed, and a line for each event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.events import in_order, shown
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined, utc
from report_gen.vocab import interval_kinds

__all__ = ["course"]


def course(facts: Facts, figures: Sequence[Block]) -> Section[Block]:
    """What was monitored, from when to when, with its gaps, baselines, quiet modalities and events."""
    blocks: list[Block] = [Paragraph(tuple(_frame(facts)))]
    modalities = _modalities(facts)
    if modalities:
        blocks.append(Paragraph(tuple(modalities)))
    events = [*_events(facts), *_improvements(facts)]
    if events:
        blocks.append(Paragraph(tuple(events), listed=True))
    blocks.extend(figures)
    return Section("course", "Course", tuple(blocks), role="course")


def _frame(facts: Facts) -> list[Sentence]:
    minutes = facts.by_id["minutes.monitoring"]
    sentences = [say("monitored_missing" if minutes.status == "not_recorded" else "monitored", minutes)]
    sentences.extend(say("monitoring_end", fact) for fact in facts.of_kind("monitoring.end"))
    sentences.extend(_reviews(facts))
    sentences.extend(_unobtainable(facts))
    positioned = facts.of_kind("modality.positioning")
    if positioned:
        sentences.append(say("positioning", positioned))
    sentences.extend(
        say("baseline_reset", fact, facts.by_id[fact.group]) for fact in facts.of_kind("modality.baseline_reset")
    )
    breaks: list[tuple[datetime, Sentence]] = []
    for kind in interval_kinds("break"):
        for fact in facts.of_kind(f"interval.{kind}"):
            start_at = fact.instant("start_at")
            if start_at is not None:
                breaks.append((utc(start_at), say(kind, fact)))
    sentences.extend(words for _, words in sorted(breaks, key=lambda pair: pair[0]))
    return sentences


def _reviews(facts: Facts) -> list[Sentence]:
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts.of_kind("modality.baseline_review"):
        key: tuple[str, ...] = (fact.status, fact.text("by"), fact.text("at"), fact.text("note"))
        groups.setdefault(key, []).append(fact)
    sentences: list[Sentence] = []
    for key, reviews in groups.items():
        names = joined_words(Noted(fact).says("modality", facts.by_id[fact.group].text("label")) for fact in reviews)
        macro = "baselines_unreviewed" if key[0] == "not_recorded" else "baselines_reviewed"
        sentences.append(say(macro, Noted(*reviews), names))
    return sentences


def _unobtainable(facts: Facts) -> list[Sentence]:
    """Baselines that cannot be followed, one sentence for each kind, reason and modality."""
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts.of_kind("channel.baseline"):
        if fact.status in ("not_obtained", "not_monitored", "absent"):
            groups.setdefault((fact.modality, fact.text("text")), []).append(fact)
    sentences: list[Sentence] = []
    for baselines in groups.values():
        channels = [facts.by_id[group] for group in dict.fromkeys(fact.group for fact in baselines)]
        names = joined(f"{_side(channel)}{channel.text('label')}" for channel in channels)
        kinds = " or ".join(
            dict.fromkeys(fact.text("baseline_kind") for fact in baselines if fact.text("baseline_kind"))
        )
        one = "yes" if len(channels) == 1 else ""
        sentences.append(say("baseline_unobtainable", Noted(*baselines), names, kinds, one))
    return sentences


def _side(fact: Fact) -> str:
    return f"{fact.side} " if fact.side in ("left", "right", "midline") else ""


def _modalities(facts: Facts) -> list[Sentence]:
    """What each modality showed; modalities that say the same thing share a sentence."""
    sentences: list[Sentence] = []
    alike: dict[str, list[tuple[Fact, Fact]]] = {"none_met": [], "not_comparable": []}
    for course in facts.modalities:
        modality, extreme, patterns = course.modality, course.extreme, course.patterns
        if extreme is not None and extreme.status == "met":
            sentences.append(say("modality_met", extreme, modality))
        elif extreme is not None:
            alike[extreme.status].append((modality, extreme))
        if patterns is not None:
            sentences.append(say("patterns", patterns, modality))
    shared = [
        say(
            macro,
            [extreme for _, extreme in group],
            joined_words(Noted(extreme).says("modality", modality.text("label")) for modality, extreme in group),
        )
        for macro, group in (
            ("modalities_quiet", alike["none_met"]),
            ("modalities_not_comparable", alike["not_comparable"]),
        )
        if group
    ]
    return [*shared, *sentences]


def _improvements(facts: Facts) -> list[Sentence]:
    return [say("improvement", fact) for fact in facts.of_kind("channel.improvement")]


def _events(facts: Facts) -> list[Sentence]:
    sentences: list[Sentence] = []
    for chain in in_order(facts):
        if chain.signal:
            sentences.append(say("event_in_course", chain.event, chain.onset, chain.resolution, shown_by=shown(chain)))
        else:
            changed = chain.event.code("direction") != "none"
            arguments = (chain.event, chain.onset, chain.context, chain.note, "yes" if changed else "")
            sentences.append(say("occurrence_in_course", *arguments, shown_by=shown(chain) if changed else ()))
    return sentences
