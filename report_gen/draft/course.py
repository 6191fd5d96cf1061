"""The course: baselines and positioning for the report, and what each modality showed for the technical record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.stated_time import in_recorded_order

__all__ = ["course", "course_by_modality", "nothing_monitored", "trends_section"]

_REVIEWED: Final[Mapping[str, str]] = {
    "accepted": "course.reviewed_accepted",
    "accepted_with_limits": "course.reviewed_with_limits",
    "rejected": "course.reviewed_rejected",
}

_JOINED: Final[Mapping[str, str]] = {
    "accepted": "course.part_accepted",
    "accepted_with_limits": "course.part_with_limits",
}
"""Patterns of reviews that share a sentence."""


def course(facts: Facts, figures: Sequence[Block]) -> tuple[Section[Block], ...]:
    """Baselines, the largest change at positioning, resets, an end out of the usual, closing reports; the timeline.

    From when to when stands in the identification, what interrupted monitoring with the limitations, what happened at a
    response with its event. Nothing where the record has none of that.
    """
    frame = _frame(facts)
    blocks: list[Block] = [*([Paragraph(tuple(frame))] if frame else []), *figures]
    return (Section("course", "Course", tuple(blocks), role="course"),) if blocks else ()


def trends_section(figures: Sequence[Block]) -> tuple[Section[Block], ...]:
    """The trends; nothing without any."""
    return (Section("trends", "Trends", tuple(figures)),) if figures else ()


def course_by_modality(facts: Facts) -> Section[Block] | None:
    """Positioning, what met a criterion, patterns, baselines that could not be followed. None: nothing of it."""
    sentences = [*_positioned(facts), *_modalities(facts), *_unobtainable(facts)]
    if not sentences:
        return None
    return Section("modalities", "Course by modality", (Paragraph(tuple(sentences)),))


def _frame(facts: Facts) -> list[Sentence]:
    sentences = [say("course.monitoring_end", fact=fact) for fact in facts.of_kind("monitoring.end")]
    sentences.extend(_reviews(facts))
    for fact in facts.of_kind("aggregate.positioning"):
        met = "a criterion was met" if fact.status == "met" else ""
        key = "course.positioning_share" if fact.text("pct_of_baseline") else "course.positioning"
        sentences.append(say(key, largest=fact, met=met))
    for fact in facts.of_kind("modality.baseline_reset"):
        sentences.append(say("course.reset", reset=fact, modality=Noted(facts.by_id[fact.group]).text("label")))
    # One that names an event stands in the account of that.
    sentences.extend(
        say("course.closing_report", message=fact)
        for fact in facts.of_kind("message")
        if fact.status == "closing_report" and not fact.code("event")
    )
    return sentences


def nothing_monitored(facts: Facts) -> bool:
    """Whether the record lists what was not performed, or that the operation was called off, and nothing performed."""
    modalities = facts.of_kind("modality")
    outcome = facts.get("surgery.outcome")
    declined = bool(modalities) or (outcome is not None and outcome.status == "aborted")
    performed = any(fact.status == "performed" for fact in modalities)
    return declined and not performed and not facts.of_kind("channel") and not facts.of_kind("threshold")


def _reviews(facts: Facts) -> list[Sentence]:
    """The reviews of baselines; those by one person in one sentence, each with its time and its words."""
    groups: dict[tuple[str, ...], dict[tuple[str, ...], list[Fact]]] = {}
    for fact in facts.of_kind("modality.baseline_review"):
        by, at, note = fact.text("by"), fact.text("at"), fact.text("note")
        joins = by and at and fact.status in _JOINED
        # Of nobody and of no time nothing is joined but what is told as of one time.
        key: tuple[str, ...] = (by,) if joins else (fact.status, by, note, at or "no time")
        groups.setdefault(key, {}).setdefault((fact.status, at, note), []).append(fact)
    return [
        _reviewed(facts, in_recorded_order(rows.values(), lambda reviews: reviews[0].instant("at")))
        for rows in groups.values()
    ]


def _reviewed(facts: Facts, parts: Sequence[Sequence[Fact]]) -> Sentence:
    """One sentence about the reviews of one person; of several times each stands behind its modalities."""
    names = [
        joined_words(Noted(fact).says("modality", facts.by_id[fact.group].text("label")) for fact in reviews)
        for reviews in parts
    ]
    every = Noted(*(fact for reviews in parts for fact in reviews))
    if len(parts) == 1:
        nobody = None if every.text("by") or every.status not in _REVIEWED else every
        key = _REVIEWED.get(every.status, "course.unreviewed")
        return say(key, review=every, modalities=names[0], nobody=nobody)
    listing = joined_words(
        [
            phrase(_JOINED[reviews[0].status], review=Noted(*reviews), modalities=name)
            for name, reviews in zip(names, parts, strict=True)
        ],
        "; ",
    )
    return say("course.reviewed_by", review=every, listing=listing)


def _positioned(facts: Facts) -> list[Sentence]:
    """The largest change of each modality with positioning, by the baseline after it."""
    positioned: dict[str, list[Fact]] = {}
    for fact in facts.of_kind("modality.positioning"):
        positioned.setdefault(fact.code("after"), []).append(fact)
    return [
        say(
            "course.positioning_of",
            change=Noted(*rows),
            listing=joined_words(
                phrase("course.positioning_part", change=fact, met="criterion met" if fact.status == "met" else "")
                for fact in rows
            ),
        )
        for rows in positioned.values()
    ]


def _unobtainable(facts: Facts) -> list[Sentence]:
    """Baselines that cannot be followed, one sentence for each reason and modality."""
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts.of_kind("channel.baseline"):
        if fact.status in ("not_obtained", "not_monitored", "absent"):
            groups.setdefault((fact.modality, fact.text("text")), []).append(fact)
    sentences: list[Sentence] = []
    for baselines in groups.values():
        channels = [facts.by_id[group] for group in dict.fromkeys(fact.group for fact in baselines)]
        names = joined_words(Noted(channel).text("short") for channel in channels)
        kinds = " or ".join(
            dict.fromkeys(fact.text("baseline_kind") for fact in baselines if fact.text("baseline_kind"))
        )
        modality = facts.get(f"modality.{channels[0].modality}")
        label = Noted(modality).text("label") if modality is not None else ""
        sentences.append(
            say("course.unobtainable", baselines=Noted(*baselines), names=names, kinds=kinds, modality=label)
        )
    return sentences


def _modalities(facts: Facts) -> list[Sentence]:
    """What each modality showed; modalities that say the same thing share a sentence."""
    sentences: list[Sentence] = []
    alike: dict[str, list[tuple[Fact, Fact]]] = {"none_met": [], "not_comparable": [], "no_criterion": []}
    for one in facts.modalities:
        modality, extreme, patterns = one.modality, one.extreme, one.patterns
        label = Noted(modality).text("label")
        if extreme is not None and extreme.status == "met":
            if extreme.number("channels") == 1:
                sentences.append(say("course.met_one", extreme=extreme, modality=label))
            else:
                beyond, channels = (FILTERS["count_word"](Noted(extreme).text(name)) for name in ("beyond", "channels"))
                sentences.append(say("course.met", extreme=extreme, modality=label, beyond=beyond, channels=channels))
        elif extreme is not None:
            alike[extreme.status].append((modality, extreme))
        if patterns is not None:
            sentences.append(say("course.patterns", fact=patterns, modality=label))
    shared = [
        _shared(pattern, group)
        for pattern, group in (
            # One that has several equally far names none, so that another's farthest is not said of it.
            *(("course.none_met", rows) for rows in _named_and_not(alike["none_met"])),
            *(("course.not_comparable", rows) for rows in _named_and_not(alike["not_comparable"])),
            ("course.no_criterion", alike["no_criterion"]),
        )
        if group
    ]
    return [*shared, *sentences]


def _shared(pattern: str, group: list[tuple[Fact, Fact]]) -> Sentence:
    """What several modalities have in common, with the response of each that is farthest from baseline."""
    names = joined_words(Noted(extreme).says("modality", modality.text("label")) for modality, extreme in group)
    names = names.replace(" and ", " or ") if pattern != "course.no_criterion" else names
    farthest = [_farthest(extreme) for _, extreme in group if extreme.text("channel")]
    return say(pattern, names=names, farthest=joined_words(farthest, ", ") if farthest else "")


def _farthest(extreme: Fact) -> Words:
    side = Noted(extreme).side_words()
    return phrase("course.farthest", extreme=extreme, side=side + " " if side else "")


def _named_and_not(group: list[tuple[Fact, Fact]]) -> tuple[list[tuple[Fact, Fact]], list[tuple[Fact, Fact]]]:
    """Modalities whose farthest response is named, then those that name none."""
    named = [row for row in group if row[1].text("channel")]
    return named, [row for row in group if not row[1].text("channel")]
