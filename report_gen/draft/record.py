"""The record of communication, personnel and time; limits; what stays blank for the professional; the appendix."""

from __future__ import annotations

from collections.abc import Mapping

from report_gen.document.blocks import Cell, Column, KeyValue, KeyValues, Paragraph, Row, Section, Table
from report_gen.draft.model import Block, Sentence, Signatory, SignsAs
from report_gen.draft.responses import PairedResponse, ResponseRow, grouped, rows_of
from report_gen.draft.sentences import say
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import ResponseCourse
from report_gen.vocab import interval_kinds

__all__ = ["appendix", "attestation", "communication", "limitations", "personnel_and_time"]


def communication(facts: Facts) -> Section[Block]:
    """The channel and the log."""
    blocks: list[Block] = [Paragraph((say("channel_link", facts.by_id["communication.channel"]),))]
    messages = facts.of_kind("message")
    if messages:
        blocks.append(
            Table(
                "messages",
                "Communication log",
                (Column("Time", 0.6), Column("From, to", 2.2), Column("Content", 1.2), Column("Text", 3.4)),
                tuple(_message_row(fact) for fact in messages),
            )
        )
    return Section("communication", "Communication", tuple(blocks))


def _message_row(fact: Fact) -> Row:
    kind = fact.text("kind") + (f" ({fact.text('event')})" if fact.text("event") else "")
    return Row(
        (
            Cell(fact.text("at") or "not recorded", (fact.id,)),
            Cell(f"{fact.text('from')} to {fact.text('to')}", (fact.id,)),
            Cell(kind, (fact.id,)),
            Cell(fact.text("text"), (fact.id,)),
        )
    )


def personnel_and_time(facts: Facts) -> Section[Block]:
    """Who took part with what credentials, when they attended, and the minutes computed from the intervals."""
    blocks: list[Block] = [
        Table(
            "people",
            "Personnel",
            (Column("Name and role", 2.4), Column("Credentials and further details", 5.2)),
            tuple(_person_row(fact) for fact in facts.of_kind("person")),
        )
    ]
    attended = [*facts.of_kind("attendance"), *facts.of_kind("session")]
    if attended:
        blocks.append(
            Table(
                "attendance",
                "Attendance and sessions",
                (
                    Column("Name", 1.4),
                    Column("As", 2.4),
                    Column("From", 0.8),
                    Column("To", 0.8),
                    Column("Length", 0.8),
                    Column("Other cases", 0.9),
                    Column("Handed over to", 1.2),
                ),
                tuple(_attendance_row(fact) for fact in attended),
            )
        )
    sentences: list[Sentence] = [say("sessions_missing", fact) for fact in facts.of_kind("professional.sessions")]
    sentences.extend(say("professional_minutes", fact) for fact in facts.of_kind("minutes.professional"))
    sentences.extend(say("professional_mode", fact) for fact in facts.of_kind("minutes.professional.mode"))
    sentences.extend(say("other_cases", fact) for fact in facts.of_kind("professional.other_cases"))
    for kind in interval_kinds("preparation", "break", "removal"):
        sentences.extend(say("minutes_of", fact) for fact in facts.of_kind(f"minutes.{kind}"))
    sentences.extend(say("milestone_missing", fact) for fact in facts.of_kind("milestone.missing"))
    if sentences:
        blocks.append(Paragraph(tuple(sentences)))
    milestones = sorted(facts.of_kind("milestone"), key=_start)
    if milestones:
        blocks.append(KeyValues(tuple(_milestone(fact) for fact in milestones), columns=3))
    every = interval_kinds("preparation", "monitoring", "break", "removal")
    intervals = [fact for kind in every for fact in facts.of_kind(f"interval.{kind}")]
    if intervals:
        blocks.append(
            Table(
                "intervals",
                "Intervals",
                (Column("Interval", 2.6), Column("From", 0.75), Column("To", 0.75), Column("Length", 0.95)),
                tuple(_interval_row(fact) for fact in sorted(intervals, key=_start)),
                panels=2,
            )
        )
    return Section("personnel", "Personnel and time", tuple(blocks))


def _start(fact: Fact) -> float:
    at = fact.instant("start_at") or fact.instant("at")
    return at.timestamp() if at is not None else float("inf")


def _person_row(fact: Fact) -> Row:
    details = [
        fact.text("credentials") or "credentials not recorded",
        f"NPI {fact.text('npi')}" if fact.text("npi") else "",
        fact.text("employer"),
        f"worked from: {fact.text('work_location')}" if fact.text("work_location") else "",
        f"hospital privileges: {fact.text('hospital_privileges')}" if fact.text("hospital_privileges") else "",
    ]
    return Row(
        (
            Cell(f"{fact.text('name')}, {fact.text('role')}", (fact.id,), strong=True),
            Cell("; ".join(part for part in details if part), (fact.id,)),
        )
    )


def _attendance_row(fact: Fact) -> Row:
    others = fact.text("other_open_cases") or ("not recorded" if fact.kind == "session" else "")
    clock = f" ({fact.text('clock')})" if fact.text("clock") else ""
    return Row(
        (
            Cell(fact.text("name"), (fact.id,)),
            Cell((fact.text("mode") or fact.text("role")) + clock, (fact.id,)),
            Cell(fact.text("start_at"), (fact.id,)),
            Cell(fact.text("end_at"), (fact.id,)),
            Cell(fact.text("duration_min"), (fact.id,)),
            Cell(others, (fact.id,)),
            Cell(fact.text("handed_over_to"), (fact.id,)),
        )
    )


def _milestone(fact: Fact) -> KeyValue:
    clock = f" ({fact.text('clock')})" if fact.text("clock") else ""
    words = fact.text("label")
    return KeyValue(words[:1].upper() + words[1:], f"{fact.text('at') or 'not recorded'}{clock}", (fact.id,))


def _interval_row(fact: Fact) -> Row:
    names = ("baseline_kind", "modalities", "reason", "detail", "clock")
    details = ", ".join(fact.text(name) for name in names if fact.text(name))
    return Row(
        (
            Cell(fact.text("kind") + (f": {details}" if details else ""), (fact.id,)),
            Cell(fact.text("start_at"), (fact.id,)),
            Cell(fact.text("end_at"), (fact.id,)),
            Cell(fact.text("duration_min"), (fact.id,)),
        )
    )


def limitations(facts: Facts) -> Section[Block]:
    """What was not performed or not monitored, confounders, problems, adverse effects."""
    sentences: list[Sentence] = []
    for fact in facts.of_kind("modality"):
        if fact.status == "not_performed":
            sentences.append(say("not_performed", fact))
        elif fact.status == "requested_not_listed":
            sentences.append(say("requested_not_listed", fact))
        elif fact.text("reason"):
            sentences.append(say("limited_modality", fact))
    sentences.extend(say("not_monitored", fact) for fact in facts.of_kind("limitations.not_monitored"))
    sentences.extend(say("confounder", fact) for fact in facts.of_kind("limitations.confounder"))
    sentences.append(say("limitations_review", facts.by_id["limitations.review"]))
    sentences.extend(say("problem", fact) for fact in facts.of_kind("problem"))
    sentences.append(say("adverse_effects", facts.by_id["adverse_effects"]))
    sentences.extend(say("log_signature", fact) for fact in facts.of_kind("log.signature"))
    return Section("limitations", "Limitations and technical record", (Paragraph(tuple(sentences)),))


def attestation(facts: Facts) -> Section[Block]:
    """Who is to sign; the program fills in names only."""
    return Section(
        "attestation",
        "Attestation and signature",
        (
            _signatory(facts, "professional", "interpreting_professional"),
            _signatory(facts, "technologist", "technologist"),
        ),
        role="attestation",
    )


def _signatory(facts: Facts, role: SignsAs, code: str) -> Signatory:
    people = [fact for fact in facts.of_kind("person") if fact.status == code]
    return Signatory(role, tuple(fact.text("name") for fact in people), tuple(fact.id for fact in people))


def appendix(facts: Facts) -> tuple[Section[Block], ...]:
    """Montage of every response, and the baselines that closing status does not show; nothing without channels."""
    courses = {course.channel.id: course for course in facts.responses}
    rows: list[Row] = []
    for modality, responses in grouped(facts):
        shown = [response for response in responses if _has_more(courses, response)]
        montage_rows = rows_of(shown, lambda response: _montage_row(courses, response))
        if montage_rows:
            head = Cell(modality.text("label"), (modality.id,), strong=True)
            rows.extend([Row((head, Cell(""), Cell("")), heading=True), *montage_rows])
    if not rows:
        return ()
    return (
        Section(
            "appendix",
            "Appendix: montages and further baselines",
            (
                Table(
                    "montages",
                    "By response",
                    (Column("Response", 2.0), Column("Montage", 1.4), Column("Further baselines", 4.4)),
                    tuple(rows),
                ),
            ),
        ),
    )


def _has_more(courses: Mapping[str, ResponseCourse], response: PairedResponse) -> bool:
    """Whether a montage or a second site is recorded, or a baseline stands nowhere else."""
    return any(
        channel.text("montage")
        or sum(bool(channel.text(name)) for name in ("nerve", "muscle", "level", "electrode")) > 1
        or len(courses[channel.id].baselines) > 1
        for channel in response.channels
    )


def _montage_row(courses: Mapping[str, ResponseCourse], response: PairedResponse) -> ResponseRow:
    by_montage: dict[str, list[Fact]] = {}
    for channel in response.channels:
        by_montage.setdefault(channel.text("montage") or "not recorded", []).append(channel)
    montage = (
        next(iter(by_montage))
        if len(by_montage) == 1
        else "; ".join(
            f"{_side_words(channel)} {words}".strip() for words, channels in by_montage.items() for channel in channels
        )
    )
    parts: list[str] = []
    cited: list[Fact] = []
    for channel in response.channels:
        used = courses[channel.id].reference
        for fact in courses[channel.id].baselines:
            if fact is used or (fact.status == "not_recorded" and used is None):
                continue
            kind = fact.text("baseline_kind") or "kind not recorded"
            parts.append(
                f"{_side_words(channel)} {kind} {fact.text('at') or '(time not recorded)'}: {fact.text('text')}".strip()
            )
            cited.append(fact)
    ids = tuple(channel.id for channel in response.channels)
    named = dict.fromkeys(
        words
        for channel in response.channels
        for name in ("nerve", "muscle", "level", "electrode")
        if (words := channel.text(name)) and words not in response.name
    )
    montage = ", ".join([montage, *named])
    return ResponseRow(
        (Cell(montage, ids), Cell("; ".join(parts) or "none", tuple(fact.id for fact in cited) or ids)),
        measured=bool(parts),
    )


def _side_words(channel: Fact) -> str:
    return channel.side if channel.side in ("left", "right", "midline") else ""
