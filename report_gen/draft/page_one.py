"""Page one: who, what and when; the summary table; the impression."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.document.blocks import Cell, Column, KeyValue, KeyValues, Paragraph, Row, Section, Table
from report_gen.draft.events import shown
from report_gen.draft.model import Block, Sentence, Stated
from report_gen.draft.sentences import say, sentence
from report_gen.draft.summary import baseline_words, event_words, worst_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED
from report_gen.vocab import places_in_team, signal_classes, vocabulary

__all__ = ["at_a_glance", "identification", "impression", "key_value", "running_header"]

PROPOSED_LABEL = "Proposed from the record; not yet adopted by the interpreting professional"


def key_value(label: str, facts: Sequence[Fact | None], text: str | None = None) -> KeyValue:
    """A labelled value citing `facts`; its text is that of the first fact unless given."""
    kept = [fact for fact in facts if fact is not None]
    words = text if text is not None else (kept[0].text("text", NOT_RECORDED) if kept else NOT_RECORDED)
    return KeyValue(label, words or NOT_RECORDED, tuple(fact.id for fact in kept))


def _name(facts: Facts) -> str:
    fact = facts.by_id["patient.name"]
    latin = fact.text("latin")
    return f"{latin} ({fact.text('text')})" if latin else fact.text("text")


def running_header(facts: Facts) -> tuple[KeyValue, ...]:
    """Patient (in Latin script where the record has it), MRN, date of birth, date of service."""
    name = facts.by_id["patient.name"]
    return (
        key_value("Patient", [name], name.text("latin") or name.text("text")),
        key_value("MRN", [facts.get("patient.mrn")]),
        key_value("DOB", [facts.get("patient.date_of_birth")]),
        key_value("DOS", [facts.get("encounter.date_of_service")]),
    )


def _people(facts: Facts, place: str) -> KeyValue:
    """The people who hold a place in the team."""
    roles, label = vocabulary("roles"), place.capitalize()
    people = [fact for fact in facts.of_kind("person") if roles[fact.status].place == place]
    if not people:
        return KeyValue(label, NOT_RECORDED, ("people.missing",) if facts.get("people.missing") else ())
    return key_value(label, people, "; ".join(fact.text("name") for fact in people))


def _diagnoses(facts: Facts) -> KeyValue:
    diagnoses = facts.of_kind("diagnosis")
    words: list[str] = []
    for fact in diagnoses:
        side = fact.side if fact.side in ("left", "right", "bilateral") else ""
        extras = ", ".join(part for part in (side, fact.text("icd10cm"), fact.text("severity")) if part)
        words.append(f"{fact.text('text')}{f' ({extras})' if extras else ''}")
    return key_value("Diagnosis", diagnoses, "; ".join(words))


def identification(facts: Facts) -> Section[Block]:
    """Identification of patient, place, operation and team."""
    age, sex = facts.by_id["patient.age"], facts.by_id["patient.sex"]
    facility, side = facts.by_id["encounter.facility"], facts.by_id["surgery.side"]
    room = facility.text("operating_room")
    levels = facts.get("surgery.levels")
    procedure = facts.by_id["surgery.procedure"]
    order = facts.by_id["order"]
    ordered = (
        NOT_RECORDED
        if order.status == "not_recorded"
        else f"{order.text('by') or 'surgeon not recorded'}"
        f"{', ' + order.text('ordered_at') if order.text('ordered_at') else ', time not recorded'}"
        f"{', ' + order.text('document') if order.text('document') else ''}: {order.text('modalities')}"
    )
    clock, zone = facts.by_id["case.clock"], facts.by_id["encounter.time_zone"]
    outcome = facts.get("surgery.outcome")
    items = [
        key_value("Patient", [facts.get("patient.name")], _name(facts)),
        key_value("MRN", [facts.get("patient.mrn")]),
        key_value(
            "Date of birth",
            [facts.get("patient.date_of_birth"), age, sex],
            f"{facts.by_id['patient.date_of_birth'].text('text')} "
            f"(age {age.text('age_years') or NOT_RECORDED}, sex {sex.text('text')})",
        ),
        key_value("Encounter", [facts.get("patient.encounter")]),
        key_value("Date of service", [facts.get("encounter.date_of_service")]),
        key_value("Facility", [facility], facility.text("text") + (f", {room}" if room else "")),
        key_value("Place of service", [facts.get("encounter.place_of_service")]),
        key_value(
            "Case",
            [facts.get("case.id"), facts.get("case.version")],
            f"{facts.by_id['case.id'].text('text')}, version {facts.by_id['case.version'].text('version')}",
        ),
        key_value("Procedure", [procedure]),
        key_value(
            "Level and side",
            [levels, side],
            f"{levels.text('text') if levels else 'no level recorded'}; side: {side.text('text')}",
        ),
        key_value("Approach", [facts.get("surgery.approach")]),
        key_value("Position", [facts.get("surgery.position")]),
        _diagnoses(facts),
        key_value("IONM order", [order], ordered),
        *(_people(facts, place) for place in places_in_team()),
        key_value("Times", [clock, zone], f"{clock.text('text')}, {zone.text('text')}"),
    ]
    blocks: list[Block] = [KeyValues(tuple(items), columns=2)]
    extra: list[Sentence] = []
    if outcome is not None:
        extra.append(say("outcome", outcome))
    if (arrest := facts.get("surgery.circulatory_arrest")) is not None:
        extra.append(say("circulatory_arrest", arrest))
    if (after := facts.get("surgery.postoperative_diagnosis")) is not None:
        extra.append(say("postoperative_diagnosis", after))
    if (amends := facts.get("case.amends")) is not None:
        extra.append(say("amends", amends))
    if (note := facts.get("case.record_note")) is not None:
        extra.append(say("record_note", note))
    if extra:
        blocks.append(Paragraph(tuple(extra)))
    return Section("identification", "Intraoperative neurophysiological monitoring report", tuple(blocks), role="title")


def overall(facts: Facts) -> tuple[Sentence, ...]:
    """The one-line answer: how many events, how they ended, how the channels closed."""
    counts = [(name, facts.by_id[f"aggregate.{name}s"]) for name in signal_classes()]
    sentences = [say("event_count", count, name) for name, count in counts if count.number("count")]
    if not sentences:
        sentences.append(say("no_events", *(count for _, count in counts)))
    resolution = facts.get("aggregate.resolution")
    if resolution is not None:
        sentences.append(say("resolution_open" if resolution.status == "some_open" else "resolution_all", resolution))
    closing = facts.by_id["aggregate.closing"]
    if closing.number("channels"):
        sentences.append(say("closing_counts", closing))
    return tuple(sentences)


def at_a_glance(facts: Facts) -> Section[Block]:
    """The summary table, modality by side."""
    rows: list[Row] = []
    previous = ""
    for summary in facts.summaries:
        fact, label = summary.fact, summary.fact.text("row")
        event = fact.status in (*signal_classes(), "beyond_criterion")
        side = {"not_recorded": "not recorded"}.get(fact.side, fact.side)
        rows.append(
            Row(
                (
                    Cell(label if label != previous else "", (fact.id,) if label != previous else (), strong=True),
                    Cell(side, (fact.id,)),
                    Cell(baseline_words(summary), (fact.id,)),
                    Cell(worst_words(facts, summary), (fact.id,), strong=event),
                    Cell(fact.text("closing"), (fact.id,)),
                    Cell(event_words(summary), (fact.id,), strong=event),
                )
            )
        )
        previous = label
    covered = {fact.modality for fact in facts.of_kind("summary")}
    rows.extend(_other_modality(facts, fact) for fact in facts.of_kind("modality") if fact.modality not in covered)
    table: Table[Sentence] = Table(
        "summary",
        "Modality by side: baseline, worst, closing",
        (
            Column("Modality", 1.2),
            Column("Side", 0.6),
            Column("Baseline", 1.7),
            Column("Worst", 1.8),
            Column("Closing", 2.0),
            Column("Event", 1.05),
        ),
        tuple(rows),
    )
    return Section("summary", "At a glance", (Paragraph(overall(facts)), table), role="summary")


def _other_modality(facts: Facts, modality: Fact) -> Row:
    """A modality without channels: its tests, or why there is nothing to show."""
    of_block = vocabulary("modalities")[modality.modality].of_block
    candidates = (*facts.of_kind("threshold"), *facts.of_kind("mapping"))
    own = facts.of_kind("tof") if of_block else [fact for fact in candidates if fact.modality == modality.modality]
    tests = [fact for fact in own if fact.status != "not_recorded"]
    if tests:
        place = "Anesthesia and physiology" if of_block else "Stimulation tests and mapping"
        noun = "reading" if of_block else "result"
        words = f"{len(tests)} {noun}{'s' if len(tests) != 1 else ''}, see {place}"
    else:
        words = {
            "performed": "performed; no reading recorded",
            "not_performed": f"not performed: {modality.text('reason') or 'reason not recorded'}",
            "requested_not_listed": "requested; performance not recorded",
        }[modality.status]
    cited = tuple(fact.id for fact in (modality, *tests))
    return Row((Cell(f"{modality.text('label')}: {words}", cited), *[Cell("")] * 5), heading=True)


def _proposed(facts: Facts) -> tuple[Sentence, ...]:
    sentences = list(overall(facts))
    sentences += [
        say("event_summary", chain.event, chain.onset, chain.resolution, shown_by=shown(chain))
        for chain in facts.events
        if chain.signal
    ]
    for course in facts.modalities:
        modality, extreme, patterns = course.modality, course.extreme, course.patterns
        tests = [test.fact for test in course.tests]
        if modality.status == "not_performed":
            sentences.append(say("impression_unmonitored", modality))
        elif patterns is not None:
            sentences.append(say("impression_patterns", modality, patterns))
        elif extreme is not None:
            rows = [fact for fact in facts.of_kind("summary") if fact.modality == modality.modality]
            sentences.append(say("impression_modality", modality, extreme, rows))
        if tests:
            sentences.append(say("impression_tests", modality, tests))
    return tuple(sentences)


def _verbatim(own: Fact) -> Sentence:
    """A person's own words as they stand."""
    return Sentence.stating(own.text("text"), (Stated(own.id, "text"),), worded_by="person")


def impression(facts: Facts) -> Section[Block]:
    """The professional's own text verbatim, or a proposal from computed facts, marked as such."""
    own = facts.by_id["opinion.impression"]
    blocks: list[Block] = []
    if own.status == "recorded":
        blocks.append(Paragraph((_verbatim(own),), verbatim=True))
        blocks.append(Paragraph((say("authorship", own),)))
    else:
        pending = sentence("The interpreting professional's impression is not recorded.", own)
        blocks.append(Paragraph((pending,)))
        blocks.append(Paragraph(_proposed(facts), label=PROPOSED_LABEL, proposed=True))
    if (outcome := facts.get("opinion.outcome_class")) is not None:
        blocks.append(Paragraph((say("outcome_class", outcome),)))
    if (correlation := facts.get("opinion.correlation")) is not None:
        blocks.append(Paragraph((_verbatim(correlation),), label="Clinical correlation", verbatim=True))
    return Section("impression", "Impression", tuple(blocks), role="impression")
