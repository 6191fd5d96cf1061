"""The professional's statements about responses against those responses' own values (clinical reference §1.6, §7.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.losses import changed
from report_gen.checks.contradictions.units import Slips
from report_gen.checks.contradictions.words.statements import Claim, Mention, Statement, statements
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.responses import OTHER_SIDE
from report_gen.checks.subjects import named, plainly_named, time_of
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.criteria import RESPONSE_STATES
from report_gen.facts.views.courses import Reading, ResponseCourse
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["IMPRESSION_CHECKS", "Said", "said_of_responses"]

_SOME_CHANGE_PCT: Final = 20
"""Percent of fall from which a statement that a response fell is taken to have its values: our own choice, well inside
every criterion, so that only a response without any change is asked about."""
_LATER_PCT: Final = 5
_MOST_NAMED: Final = 3
_WRITTEN: Final = ("opinion.impression", "opinion.correlation")


Said = Sequence[tuple[Fact, Statement]]
"""Statements of the professional, each with the fact that holds the words."""


def said_of_responses(facts: Facts) -> Said:
    """Every statement about responses in the professional's own words, in their order."""
    return tuple(
        (fact, statement)
        for kind in _WRITTEN
        for fact in facts.of_kind(kind)
        if fact.status != "not_recorded"
        for statement in statements(fact.words("text"), facts)
    )


def _claimed(own_words: Said, claim: Claim) -> Iterator[tuple[Fact, Statement]]:
    return (row for row in own_words if row[1].claim == claim)


def _covered(facts: Facts, statement: Statement) -> list[ResponseCourse]:
    return [course for course in facts.responses if statement.covers(course.channel)]


def _some_change(facts: Facts, course: ResponseCourse, *, at_closing: bool) -> bool:
    """Whether the record has any change of a response: beyond its criterion, lost, smaller, later, or in an event.

    At closing only a reading that is lost or beyond its criterion counts.
    """
    if at_closing:
        return changed(course.closing)
    classes = vocabulary("event_classes")
    if any(classes[chain.event.status].deteriorates and course.channel in chain.responses for chain in facts.events):
        return True
    for reading in course.readings:
        if changed(reading):
            return True
        change = reading.change
        if change is None:
            continue
        for value in change.values:
            if value.number is None or not value.name.endswith("_change_pct"):
                continue
            if value.number <= -_SOME_CHANGE_PCT or (value.name.startswith("latency") and value.number >= _LATER_PCT):
                return True
    return False


def _change_in_impression(facts: Facts, _: Slips, own_words: Said) -> Iterator[Fired]:
    """A muscle, nerve, limb or modality, with its side, that the words say changed, and whose own values did not."""
    asked: set[tuple[str, str]] = set()
    for claim in ("changed", "beyond"):
        for fact, statement in _claimed(own_words, claim):
            if not statement.mentions:
                yield from _denied_of_side(facts, fact, statement)
            for mention in statement.mentions:
                if (mention.site, mention.side) in asked:
                    continue
                found = _denied(facts, fact, statement, mention)
                if found is not None:
                    asked.add((mention.site, mention.side))
                    yield found


def _denied_of_side(facts: Facts, fact: Fact, statement: Statement) -> Iterator[Fired]:
    """A statement about a modality or limb, on one side or without a side, whose own values deny it."""
    if not statement.modalities:
        return
    at_closing = statement.claim == "beyond"
    own = _covered(facts, statement)
    if not all(course.followed for course in own):
        return
    others = [replace(statement, sides=frozenset({OTHER_SIDE[side]})) for side in statement.sides]
    other = [course for elsewhere in others for course in _covered(facts, elsewhere)]
    compared = bool(own) and all(_compared(course, at_closing=at_closing) for course in own)
    if not compared or any(_some_change(facts, course, at_closing=at_closing) for course in own):
        return
    elsewhere = [course for course in other if _some_change(facts, course, at_closing=at_closing)]
    if at_closing:
        said, what = "was beyond criterion or absent at closing", "its closing readings are neither"
    else:
        said, what = "changed", "its record has no change"
    yield fired(
        fact.pointer,
        fact,
        *(course.channel for course in (elsewhere or own)[:20]),
        about=fact,
        channel=_scope(facts, statement, own),
        said=said,
        what=what,
        other=f"; that of the {named(elsewhere[0].channel)} has" if elsewhere and not at_closing else "",
    )


def _denied(facts: Facts, fact: Fact, statement: Statement, mention: Mention) -> Fired | None:
    """A statement about one response that its own values deny. None: they do not, or there are none to say so."""
    of_site = [
        course
        for course in facts.responses
        if course.channel.site == mention.site
        and (not statement.modalities or course.channel.modality in statement.modalities)
    ]
    own = [course for course in of_site if course.channel.side == mention.side or not mention.side]
    other = [course for course in of_site if course.channel.side == OTHER_SIDE.get(mention.side)]
    at_closing = statement.claim == "beyond"
    if not of_site or any(_some_change(facts, course, at_closing=at_closing) for course in own):
        return None
    if own and not any(_compared(course, at_closing=at_closing) for course in own):
        return None
    elsewhere = any(_some_change(facts, course, at_closing=at_closing) for course in other)
    channel = of_site[0].channel if not own else own[0].channel
    if at_closing:
        said, has = "was beyond criterion or absent at closing", "its closing reading is neither"
    else:
        said, has = "changed", "its record has no change"
    if not own:
        has = "no such response is recorded"
    return fired(
        fact.pointer,
        fact,
        *(course.channel for course in (*own, *other)),
        about=fact,
        channel=plainly_named(channel, mention.side or "left and right"),
        said=said,
        what=has + (f"; that of the {OTHER_SIDE[mention.side]} side is" if at_closing and elsewhere else ""),
        other=f"; that of the {OTHER_SIDE[mention.side]} side has" if elsewhere and not at_closing else "",
    )


def _compared(course: ResponseCourse, *, at_closing: bool) -> bool:
    """Whether the record can deny a change of a response: it was compared, at closing with its criterion."""
    if at_closing:
        change = course.closing.change
        return change is not None and change.status == "within_criterion"
    return any(reading.change is not None for reading in course.readings)


def _scope(facts: Facts, statement: Statement, covered: Sequence[ResponseCourse]) -> str:
    """What a statement is about, in the program's own words: none of the person's text is repeated."""
    if statement.mentions or len(covered) == 1:
        names = list(dict.fromkeys(named(course.channel) for course in covered))
        return joined(names) if len(names) <= _MOST_NAMED else f"{names[0]} and {len(names) - 1} further responses"
    entries = vocabulary("modalities")
    codes = list(dict.fromkeys(course.channel.modality for course in covered))
    if not statement.modalities and not statement.limbs and not statement.sides:
        return "the case"
    names = [entries[code].abbreviation or entries[code].display for code in codes]
    side = f"{next(iter(statement.sides))} " if statement.sides else ""
    limb = {"upper": "arm ", "lower": "leg "}.get(next(iter(statement.limbs)), "") if len(statement.limbs) == 1 else ""
    return f"{side}{limb}{joined(names)}" if names else "the case"


def _listed(courses: Sequence[ResponseCourse]) -> str:
    names = [named(course.channel) for course in courses]
    if len(names) > _MOST_NAMED:
        return f"the {', the '.join(names[: _MOST_NAMED - 1])} and {len(names) - _MOST_NAMED + 1} further responses"
    return joined(f"the {name}" for name in names)


def _unchanged_in_impression(facts: Facts, slips: Slips, own_words: Said) -> Iterator[Fired]:
    """No change, of what the record has a change of; once for each text."""
    seen: set[str] = set()
    for fact, statement in _claimed(own_words, "unchanged"):
        covered = _covered(facts, statement)
        against = [course for course in covered if _told_changed(course, slips)]
        key = ".".join(course.channel.id for course in against)
        if against and key not in seen:
            seen.add(key)
            reading = _told_changed(against[0], slips)[0]
            at = f" at {reading.fact.text('at')}" if reading.fact.text("at") else ""
            what = "is absent" if reading.fact.status == "absent" else "meets the criterion in force"
            words = f"a reading of the {named(against[0].channel)}{at} {what}"
            more = len(against) - 1
            words += f", and of {more} further response{'s' if more > 1 else ''}" if more else ""
            yield fired(
                fact.pointer,
                fact,
                *(course.channel for course in against),
                about=fact,
                scope=_scope(facts, statement, covered),
                what=words,
                subject=_listed(against).removeprefix("the "),
            )
            continue
        yield from _alert_without_words(facts, fact, statement, covered, seen)


def _told_changed(course: ResponseCourse, slips: Slips) -> list[Reading]:
    """Readings that show a change, without those whose unit is in doubt: that is asked first, together with it."""
    return [reading for reading in course.readings if changed(reading) and reading.fact.id not in slips.doubted]


def _alert_without_words(
    facts: Facts, fact: Fact, statement: Statement, covered: Sequence[ResponseCourse], seen: set[str]
) -> Iterator[Fired]:
    """An alert of deterioration that has no value, of a modality that the words call unchanged."""
    for chain in facts.events:
        event = chain.event
        concerned = event.modality in statement.modalities or (not statement.placed and not statement.sides)
        sided = not statement.sides or event.side in statement.sides or event.side == "bilateral"
        if event.status != "alert" or not concerned or not sided or statement.mentions or event.id in seen:
            continue
        if statement.limbs and not any(course.channel in chain.responses for course in covered):
            continue
        seen.add(event.id)
        at = time_of(chain)
        yield fired(
            fact.pointer,
            fact,
            event,
            about=fact,
            scope=_scope(facts, statement, covered),
            what=f"alert {chain.id}{f' at {at}' if at else ''} is recorded",
            subject=f"alert {chain.id}",
        )


def _present_in_impression(facts: Facts, _: Slips, own_words: Said) -> Iterator[Fired]:
    """Present at closing, of what was absent there or has no closing reading."""
    seen: set[str] = set()
    for fact, statement in _claimed(own_words, "present"):
        covered = _covered(facts, statement) if statement.placed else []
        absent = [course for course in covered if course.closing.fact.status == "absent"]
        unread = [course for course in covered if _unread(course)]
        parts = [f"{_listed(absent)} {_was(absent)} absent at closing"] if absent else []
        parts += [f"{_listed(unread)} {'has' if len(unread) == 1 else 'have'} no closing reading"] if unread else []
        what = joined(parts)
        if what and what not in seen:
            seen.add(what)
            closings = [course.closing.fact for course in (*absent, *unread)][:20]
            yield fired(fact.pointer, fact, *closings, about=fact, scope=_scope(facts, statement, covered), what=what)


def _within_in_impression(facts: Facts, slips: Slips, own_words: Said) -> Iterator[Fired]:
    """Within criterion at closing, of what was beyond it there, lost, or has no closing reading at all."""
    seen: set[str] = set()
    for fact, statement in _claimed(own_words, "within"):
        covered = _covered(facts, statement) if statement.placed else []
        beyond = [
            course for course in covered if changed(course.closing) and course.closing.fact.id not in slips.doubted
        ]
        unread = [course for course in covered if _unread(course)]
        parts = [f"{_listed(beyond)} {_was(beyond)} beyond it or absent"] if beyond else []
        if unread and len(unread) == len(covered):
            parts.append(f"{_listed(unread)} {'has' if len(unread) == 1 else 'have'} no closing reading")
        what = joined(parts)
        if what and what not in seen:
            seen.add(what)
            closings = [course.closing.fact for course in (*beyond, *unread)][:20]
            yield fired(fact.pointer, fact, *closings, about=fact, scope=_scope(facts, statement, covered), what=what)


def _recovered_in_impression(facts: Facts, slips: Slips, own_words: Said) -> Iterator[Fired]:
    """Fully recovered, or back to baseline, of what was beyond its criterion or lost at closing."""
    seen: set[str] = set()
    for fact, statement in _claimed(own_words, "recovered"):
        covered = _covered(facts, statement)
        beyond = [
            course for course in covered if changed(course.closing) and course.closing.fact.id not in slips.doubted
        ]
        what = _listed(beyond)
        if beyond and what not in seen:
            seen.add(what)
            closings = [course.closing.fact for course in beyond][:20]
            words = f"{what} {_was(beyond)} beyond criterion or absent at closing"
            yield fired(fact.pointer, fact, *closings, about=fact, scope=_scope(facts, statement, covered), what=words)


def _unobtainable_in_impression(facts: Facts, _: Slips, own_words: Said) -> Iterator[Fired]:
    """Not obtained, of responses every one of which has a baseline."""
    for fact, statement in _claimed(own_words, "unobtainable"):
        covered = _covered(facts, statement) if statement.placed else []
        if covered and all(_has_baseline(course) for course in covered):
            baselines = [course.baselines[-1] for course in covered][:20]
            channels = _listed(covered)
            has = "has" if len(covered) == 1 else "have"
            words = f"{channels} {has} a baseline"
            yield fired(fact.pointer, fact, *baselines, about=fact, scope=_scope(facts, statement, covered), what=words)


def _has_baseline(course: ResponseCourse) -> bool:
    return any(fact.status in RESPONSE_STATES for fact in course.baselines)


def _stable_without_baseline(facts: Facts, _: Slips, own_words: Said) -> Iterator[Fired]:
    """Stable, of responses none of which had a baseline to be stable against; the whole of a modality is asked once."""
    for fact, statement in _claimed(own_words, "unchanged"):
        covered = _covered(facts, statement) if statement.placed else []
        narrowed = bool(statement.mentions or statement.limbs or statement.sides)
        if covered and narrowed and not any(course.followed for course in covered):
            baselines = [course.baselines[-1] for course in covered if course.baselines][:20]
            whole = {course.channel.modality for course in covered}
            if any(course.followed for course in facts.responses if course.channel.modality in whole):
                yield fired(fact.pointer, fact, *baselines, about=fact, modality=_scope(facts, statement, covered))


def _unread(course: ResponseCourse) -> bool:
    """Whether a response that was followed has no closing reading."""
    fact = course.closing.fact
    missing = not fact.code("text") or fact.status in ("not_recorded", "not_obtained", "not_monitored")
    return fact.kind != "channel.closing" or missing


def _was(courses: Sequence[ResponseCourse]) -> str:
    return "was" if len(courses) == 1 else "were"


IMPRESSION_CHECKS: Final[Checks[[Facts, Slips, Said]]] = MappingProxyType(
    {
        "contradiction.change_in_impression": _change_in_impression,
        "contradiction.no_change_in_impression": _unchanged_in_impression,
        "contradiction.present_in_impression": _present_in_impression,
        "contradiction.within_in_impression": _within_in_impression,
        "contradiction.recovered_in_impression": _recovered_in_impression,
        "contradiction.unobtainable_in_impression": _unobtainable_in_impression,
        "contradiction.part_stable_without_baseline": _stable_without_baseline,
    }
)
"""Contradictions between statements about responses and the responses."""
