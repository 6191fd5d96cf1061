"""Each event as its chain: onset, values, criterion, context, notification, intervention, re-test, resolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.events.begun import occurrence_words
from report_gen.draft.events.ending import cause_sentence, end_words
from report_gen.draft.events.tables import values_table
from report_gen.draft.events.values import of_baseline
from report_gen.draft.model import Block, Sentence, Stated
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words, repeated
from report_gen.facts.model import Fact, Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.views.courses import EventChain, Notification, Reading, Retest
from report_gen.facts.views.told_order import told_in_order
from report_gen.vocab import vocabulary

__all__ = ["act_sentence", "event_chains", "in_order", "occurrence", "onset_words", "shown"]

_CRITERION: Final[Mapping[str, str]] = {
    "met": "events.account_criterion_met",
    "not_met": "events.account_criterion_not_met",
    "not_comparable": "events.account_criterion_not_comparable",
}
_ACKNOWLEDGED: Final[Mapping[str, str]] = {
    "yes": "events.acknowledged_yes",
    "no": "events.acknowledged_no",
    "not_recorded": "events.acknowledged_not_recorded",
}
_AFTER_ONSET: Final = ("events.delay_after_onset", "events.delay_before_onset")
_AFTER_NOTICED: Final = ("events.delay_after_noticed", "events.delay_before_noticed")
_RETEST: Final[Mapping[tuple[bool, bool], str]] = {
    (False, False): "events.retest",
    (False, True): "events.retest_in_percent",
    (True, False): "events.retest_own_times",
    (True, True): "events.retest_own_times_in_percent",
}
"""By whether only its readings have times, and whether any is in percent of baseline."""


def in_order(facts: Facts) -> list[EventChain]:
    """Events by onset or notice; those without a time stand where the record puts them."""
    return [row for row in told_in_order(facts.events, ()) if isinstance(row, EventChain)]


def occurrence(chain: EventChain, *, named: bool = False) -> Sentence:
    """The line of an event that is not about a response; with what occurred where `named`."""
    changed = chain.event.code("direction") != "none"
    event = Noted(chain.event)
    occurred = [occurrence_words(fact) for fact in chain.occurrences] if named else []
    context = chain.context
    coded = Noted(context).text("text") if context is not None and context.status != "not_recorded" else ""
    told = joined_words([part for part in (*occurred, coded) if part], "; ")
    note = Noted(context).text("note") if context is not None else ""
    if not note and chain.note is not None:
        note = Noted(chain.note).text("text")
    return say(
        "events.occurrence_line",
        event=chain.event,
        when=onset_words(chain.onset),
        place=_place(chain) if event.text("responses") else "",
        what=event.text("what") if changed else "",
        told=told,
        note=note,
        shown_by=shown(chain) if changed else (),
    )


def onset_words(onset: Fact) -> Words:
    """When an event began or was noticed, behind a comma."""
    return phrase("events.onset_words", onset=onset)


def _place(chain: EventChain) -> Words:
    """The responses, with the level where it is recorded."""
    return phrase("events.place", event=chain.event)


def event_chains(facts: Facts, heading: Section[Block] | None) -> tuple[Section[Block], ...]:
    """One section for each event of which more is recorded than a row of the report tells.

    Args:
        facts: The facts.
        heading: The section that they stand under. None: the first of them is of its level.
    """
    chains = [section for chain in in_order(facts) if _has_more(chain) and (section := _section(chain)).blocks]
    if heading is None:
        return tuple(replace(section, level=1) for section in chains)
    return (heading, *chains)


def _has_more(chain: EventChain) -> bool:
    """Whether an event's chain holds more than its line in the course."""
    parts = (chain.onset_window, chain.notice_delay, chain.criterion, chain.excluded, chain.physiology, chain.cause)
    acts = (chain.no_notification, chain.no_intervention, chain.no_retest, chain.resolution)
    done = (*chain.notifications, *chain.messages, *chain.interventions, *chain.answered_by, *chain.retests)
    facts = (*chain.readings, *chain.occurrences, *chain.stated_causes, *done)
    # The course shows the context's own words in place of the note.
    note = chain.note if chain.context is not None and chain.context.text("note") else None
    return (
        chain.signal
        or bool(facts)
        or bool(chain.event.text("severity"))
        or any(part is not None for part in (*parts, *acts, note))
    )


def _heading(chain: EventChain) -> str:
    event, onset = chain.event, chain.onset
    noticed = f"noticed {onset.text('noticed_at')}" if onset.text("noticed_at") else ""
    time = onset.text("onset_at") or onset.text("when") or noticed
    parts = [event.text("event_class").capitalize(), event.text("modality"), _side_of(chain), time]
    return f"{event.text('id')}: {', '.join(part for part in parts if part)}"


def _side_of(chain: EventChain) -> str:
    """The side in the heading: that of all responses; where they differ, the sentences name each."""
    sides = {channel.side for channel in chain.responses}
    if len(sides) > 1:
        return "left and right" if sides == {"left", "right"} else ""
    side = chain.event.side if sides <= {"not_recorded"} else next(iter(sides))
    return {"not_recorded": "side not recorded", "not_applicable": ""}.get(side, side)


def _section(chain: EventChain) -> Section[Block]:
    blocks: list[Block] = []
    if onset := _onset(chain):
        blocks.append(Paragraph(tuple(onset), label="Onset" if len(onset) > 1 else ""))
    table = values_table(chain)
    if table is not None:
        blocks.append(table)
    for label, sentences in (
        ("Criterion", _criterion(chain)),
        ("Context", _context(chain)),
        ("Notification", _notifications(chain)),
        ("Intervention", _interventions(chain)),
        ("Re-test", _retests(chain)),
    ):
        if sentences:
            blocks.append(Paragraph(tuple(sentences), label=label if len(sentences) > 1 else ""))
    # The guard reads what an account says of an ending otherwise than what a summary says; it asks for the label.
    if ending := _resolution(chain):
        blocks.append(Paragraph(tuple(ending), label="Resolution"))
    return Section(f"event-{chain.id}", _heading(chain), tuple(blocks), level=2, role="event", about=chain.event.id)


def _onset(chain: EventChain) -> list[Sentence]:
    event, onset = chain.event, chain.onset
    if not chain.signal and (event.code("direction") == "none" or not event.modality):
        # Its clock time stands in the heading and in its row of the report.
        timed = onset.text("onset_at") and not onset.text("noticed_at") and not onset.text("when")
        sentences = [] if timed else [say("events.onset_occurrence", onset=onset)]
    else:
        sentences = _began(chain)
    if event.text("severity"):
        sentences.append(say("events.account_severity", event=event))
    if event.code("onset_kind") == "unknown_gap" and chain.onset_window is None:
        sentences.append(say("events.onset_kind", event=event))
    if chain.notice_delay is not None:
        key = "events.notice_delay" if chain.notice_delay.number("delay_min") else "events.notice_at_once"
        sentences.append(say(key, delay=chain.notice_delay))
    return sentences


def _began(chain: EventChain) -> list[Sentence]:
    """What changed where, with the time as far as the record has it."""
    event, onset = chain.event, chain.onset
    what, kind = _changed(event)
    place = _place(chain) if event.text("responses") else "record"

    def began(pattern: str, **more: Fact | Noted | str | None) -> Sentence:
        return say(pattern, shown_by=shown(chain), event=event, onset=onset, what=what, place=place, kind=kind, **more)

    if onset.text("onset_at") or (onset.text("when") and chain.onset_window is None):
        noticed = onset if onset.text("noticed_at") and not onset.text("onset_at") else None
        last = [say("events.last_unaffected", onset=onset)] if onset.text("last_unaffected_at") else []
        return [began("events.onset", noticed=noticed), *last]
    if chain.onset_window is not None:
        known = Noted(event).text("onset_kind") if event.code("onset_kind") == "unknown_gap" else "not known"
        return [
            began("events.onset_window"),
            say("events.onset_within", onset=onset, window=chain.onset_window, known=known),
        ]
    return [began("events.onset_noticed" if onset.text("noticed_at") else "events.onset_unknown")]


def _changed(event: Fact) -> tuple[Words | str, str]:
    """What changed behind its article with how it set in, and how it set in where that stands apart.

    Of several kinds of change in an order, nobody knows which of them set in so.
    """
    noted = Noted(event)
    words = FILTERS["with_article"](noted)
    kind = noted.text("onset_kind") if event.code("onset_kind") != "unknown_gap" else ""
    article, _, rest = words.partition(" ")
    if not kind or event.codes("further") or article not in ("a", "an"):
        return words, kind
    states = words.states if isinstance(words, Words) else ()
    return joined_words(("a", kind, Words(rest, states)), " "), ""


def shown(chain: EventChain) -> tuple[Fact, ...]:
    """The readings at the event of the responses that it names: they show what its sentences say of them."""
    named = {channel.id for channel in chain.responses}
    return tuple(reading.fact for reading in chain.readings if reading.channel.id in named)


def _criterion(chain: EventChain) -> list[Sentence]:
    criterion = chain.criterion
    return [say(_CRITERION[criterion.status], criterion=criterion)] if criterion is not None else []


def _physiology_listing(fact: Fact) -> Words:
    """The recorded physiology of one time in words, with the neuromuscular block."""
    parameters, noted = vocabulary("parameters"), Noted(fact)
    known = [(parameters.get(value.name), value.name) for value in fact.values]
    named = [(entry.short_name, name) for entry, name in known if entry is not None and entry.short_name]
    words = [f"{short_name} " + noted.text(name) for short_name, name in named]
    if block := noted.text("tof"):
        words.append("last train-of-four " + block)
    return joined_words(words, ", ")


def _context(chain: EventChain) -> list[Sentence]:
    sentences: list[Sentence] = []
    if chain.context is not None:
        sentences.append(_around(chain.context))
    for fact in chain.occurrences:
        timed = fact.text("at") or fact.text("when")
        key = "events.account_occurrence" if timed else "events.account_occurrence_untimed"
        sentences.append(say(key, occurrence=fact, words=occurrence_words(fact)))
    if chain.excluded is not None:
        sentences.append(say("events.account_excluded", excluded=chain.excluded))
    if chain.physiology is not None:
        sentences.append(_physiology(chain.physiology))
    if chain.note is not None:
        sentences.append(say("events.account_note", note=chain.note))
    return sentences


def _around(context: Fact) -> Sentence:
    """What the operation was at; a note that holds the words of the code stands for them."""
    coded, note = Noted(context).text("text"), Noted(context).text("note")
    if context.status == "not_recorded":
        return say("events.account_context_missing", context=context)
    if repeated(coded, note):
        return say("events.account_context_noted", note=Noted(context).says("text", note))
    return say("events.account_context", context=context)


def _physiology(fact: Fact) -> Sentence:
    if fact.status == "not_recorded":
        return say("events.account_physiology_missing", physiology=fact)
    key = "events.account_physiology" if fact.text("at") else "events.account_physiology_untimed"
    return say(key, physiology=fact, listing=_physiology_listing(fact))


def _notifications(chain: EventChain) -> list[Sentence]:
    if chain.no_notification is not None:
        return [say("events.notification_missing", told=chain.no_notification)]
    if not chain.notifications and chain.messages:
        number = FILTERS["count_word"](str(len(chain.messages)))
        count = f"{number} {'message' if len(chain.messages) == 1 else 'messages'}"
        listing = joined_words((_message(message) for message in chain.messages), "; ")
        return [say("events.told_in_log", count=count, listing=listing)]
    return [_notification(row) for row in chain.notifications]


def _message(fact: Fact) -> Words:
    timed = fact.text("at") or fact.text("when")
    when = phrase("events.moment", fact=fact) if timed else Noted(fact).lacks("at", "time not recorded")
    return phrase("events.log_message", message=fact, when=when)


def _notification(row: Notification) -> Sentence:
    told, answer = row.fact, row.acknowledgement
    timed = bool(told.text("at") or told.text("when"))
    if timed:
        time = " " + phrase("events.moment", fact=told) + (_delay(row.delay) if row.delay is not None else "")
    else:
        time = Noted(told).lacks("at", "; the time is not recorded")
    joint = " and" if timed else ";"
    acknowledged = phrase(_ACKNOWLEDGED[answer.status], answer=answer, joint=joint)
    return say("events.notification", told=told, time=time, acknowledged=acknowledged)


def _delay(delay: Fact) -> Words:
    length = delay.number("delay_min") or 0
    if length == 0:
        # It is told by words alone: there is no length to be said.
        at_once = "events.delay_at_onset" if delay.status == "onset" else "events.delay_at_notice"
        return Words(phrase(at_once), (Stated(delay.id),))
    after, before = _AFTER_ONSET if delay.status == "onset" else _AFTER_NOTICED
    return phrase(after if length > 0 else before, delay=delay)


def _interventions(chain: EventChain) -> list[Sentence]:
    if chain.no_intervention is not None:
        return [say("events.intervention_missing", act=chain.no_intervention)]
    done = in_recorded_order((*chain.interventions, *chain.answered_by), lambda fact: fact.instant("at"))
    return [act_sentence(fact) for fact in done]


def act_sentence(fact: Fact) -> Sentence:
    """What was done, by whom, where and how, as a sentence of its own."""
    act = Noted(fact)
    other = act.status == "other"
    target = "target " + act.text("map_target_mmhg") if act.text("map_target_mmhg") else ""
    dose = act.text("agent") + (" " + act.text("dose") if act.text("dose") else "") if act.text("agent") else ""
    details = [words for words in (act.text("level"), target, dose, act.text("detail")) if words]
    return say(
        "events.intervention" if act.text("actor") else "events.intervention_of_nobody",
        act=fact,
        opening=phrase("events.opening", fact=fact),
        colon=": " if other else " ",
        what="\u201c" + act.text("done") + "\u201d" if other else act.text("done"),
        side=_act_side(act),
        details=joined_words(details, "; ") if details else "",
    )


def _act_side(act: Noted) -> str:
    side = act.facts[0].side
    if side in ("left", "right"):
        return " on the " + act.says("side", side) + " side"
    words = {"bilateral": " on both sides", "midline": " in the midline"}.get(side)
    if words:
        return act.says("side", words)
    return act.lacks("side", " (side not recorded)") if side == "not_recorded" else ""


def _retests(chain: EventChain) -> list[Sentence]:
    if chain.no_retest is not None:
        return [say("events.retest_missing", retest=chain.no_retest)]
    return [_retest(retest) for retest in chain.retests]


def _retest(retest: Retest) -> Sentence:
    whole = retest.fact.text("at") or retest.fact.text("when")
    times = [_own_time(reading, retest) for reading in retest.readings]
    parts: list[str] = []
    compared: list[Fact] = []
    in_percent = False
    for reading, time in zip(retest.readings, times, strict=True):
        value, share = Noted(reading.fact), of_baseline(reading)
        in_percent = in_percent or bool(share)
        words = value.text("short") + " " + (share or value.text("text"))
        parts.append(words + ", " + value.text(time) if time else words)
        compared.extend([reading.change] if reading.change is not None else [])
    own = bool(times) and all(times) and not whole
    return say(
        _RETEST[own, in_percent],
        retest=retest.fact,
        opening="" if own else phrase("events.opening", fact=retest.fact),
        listing=joined_words(parts, "; " if any(times) else ", "),
        shown_by=compared,
    )


def _own_time(reading: Reading, retest: Retest) -> str:
    """Name of the value that says when a reading was taken, apart from its re-test; empty: the record does not say."""
    if reading.fact.text("when"):
        return "when"
    return "at" if reading.fact.text("at") and reading.fact.instant("at") != retest.fact.instant("at") else ""


def _resolution(chain: EventChain) -> list[Sentence]:
    sentences: list[Sentence] = []
    end = chain.resolution
    if end is not None and end.status == "not_recorded":
        sentences.append(say("events.resolution_missing", end=end))
    elif end is not None:
        timed = bool(end.text("at") or end.text("when"))
        sentences.append(
            say(
                "events.resolution" if timed else "events.resolution_untimed",
                end=end,
                words=end_words(end),
                when=phrase("events.moment", fact=end) if timed else None,
                duration=chain.duration,
            )
        )
    causes = [*([chain.cause] if chain.cause is not None else []), *chain.stated_causes]
    return [*sentences, *(cause_sentence(Noted(fact)) for fact in causes)]
