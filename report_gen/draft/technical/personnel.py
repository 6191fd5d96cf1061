"""Who took part, when they attended, how the minutes are counted, the steps of the operation and the intervals."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.document.blocks import Cell, Column, KeyValue, KeyValues, Paragraph, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.facts.model import Fact, Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.vocab import interval_kinds

__all__ = ["personnel_and_time"]

_COUNTED = ("preparation", "break", "removal")
"""Parts of a case whose minutes are counted apart from monitoring."""


def personnel_and_time(facts: Facts) -> Section[Block]:
    """Who took part with what credentials, when they attended, and the minutes computed from the intervals."""
    blocks: list[Block] = [_people(facts)]
    attended = [*facts.of_kind("attendance"), *facts.of_kind("session")]
    if attended:
        blocks.append(_attendance(attended))
    if rows := _minutes(facts):
        columns = (Column("Counted", 4.0), Column("Length", 1.2))
        blocks.append(Table("minutes", "Monitored and attended time", columns, tuple(rows)))
    if sentences := _remarks(facts):
        blocks.append(Paragraph(tuple(sentences)))
    milestones = in_recorded_order(facts.of_kind("milestone"), lambda fact: fact.instant("at"))
    if milestones:
        blocks.append(KeyValues(tuple(_milestone(fact) for fact in milestones), columns=3))
    if (intervals := _intervals(facts)) is not None:
        blocks.append(intervals)
    return Section("personnel", "Personnel and time", tuple(blocks))


def _people(facts: Facts) -> Block:
    people = facts.of_kind("person")
    if not people:
        return Paragraph((say("record.people_missing", people=facts.by_id["people.missing"]),))
    columns = (Column("Name and role", 2.4), Column("Credentials and further details", 5.2))
    return Table("people", "Personnel", columns, tuple(_person_row(fact) for fact in people))


def _attendance(attended: Sequence[Fact]) -> Table[Sentence]:
    columns = (
        Column("Name", 1.4),
        Column("As", 2.4),
        Column("From", 0.8),
        Column("To", 0.8),
        Column("Length", 0.8),
        Column("Other cases open", 0.9),
        Column("Handed over to", 1.2),
    )
    rows = tuple(_attendance_row(fact) for fact in attended)
    return without_empty_columns(Table("attendance", "Attendance and sessions", columns, rows))


def _minutes(facts: Facts) -> list[Row]:
    """The subtraction from the monitoring intervals to the attended time, with what nobody attended."""
    monitored = facts.by_id["minutes.monitoring"]
    if monitored.status == "not_recorded":
        return []
    ids = (monitored.id,)
    rows: list[Row] = []
    if monitored.text("left_out"):
        rows.append(_count("monitoring intervals", monitored.text("interval_min"), ids))
        rows.append(_count(f"less {monitored.text('left_out')}", monitored.text("left_out_min"), ids))
    rows.append(_count("monitored", monitored.text("monitored_min"), ids, strong=True))
    modes = facts.of_kind("minutes.professional.mode")
    for fact in facts.of_kind("minutes.professional"):
        if fact.status == "not_recorded":
            continue
        one = modes[0] if len(modes) == 1 else None
        words = "attended by the professional" + (f", {one.text('mode')}" if one is not None else "")
        rows.append(_count(words, fact.text("attended_min"), (fact.id, *([one.id] if one is not None else ()))))
    if len(modes) > 1:
        rows.extend(_count(f"of it {fact.text('mode')}", fact.text("attended_min"), (fact.id,)) for fact in modes)
    rows.extend(_unattended(fact) for fact in facts.of_kind("unattended"))
    return rows


def _count(words: str, length: str, ids: tuple[str, ...], *, strong: bool = False) -> Row:
    return Row((Cell(words, ids, strong=strong), Cell(length, ids, strong=strong)))


def _unattended(fact: Fact) -> Row:
    none = "no session recorded" if fact.status == "no_session" else ""
    reason = fact.text("reason") if fact.code("reason") != "link_outage" else ""
    why = ", ".join(words for words in (none, ": ".join(part for part in (fact.text("link"), reason) if part)) if words)
    span = f"{fact.text('start_at')} to {fact.text('end_at')}"
    return _count(f"not attended {span}" + (f" ({why})" if why else ""), fact.text("duration_min"), (fact.id,))


def _remarks(facts: Facts) -> list[Sentence]:
    """What no table says: other cases, what is not recorded, stretches without clock times."""
    sentences = [say("record.sessions_missing", sessions=fact) for fact in facts.of_kind("professional.sessions")]
    sentences.extend(
        say("record.attended_uncounted", minutes=fact)
        for fact in facts.of_kind("minutes.professional")
        if fact.status == "not_recorded"
    )
    sentences.extend(_other_cases(fact) for fact in facts.of_kind("professional.other_cases"))
    sentences.extend(_untimed(fact) for fact in facts.of_kind("untimed_interval"))
    sentences.extend(say("record.milestone_missing", milestone=fact) for fact in facts.of_kind("milestone.missing"))
    return sentences


def _other_cases(fact: Fact) -> Sentence:
    if fact.status == "not_recorded":
        return say("record.other_cases_missing", others=fact)
    if not fact.number("cases"):
        return say("record.other_cases_none", others=fact)
    if fact.number("cases") == 1:
        return say("record.other_case", others=fact)
    number = phrase("record.other_cases_number", others=fact)
    return say("record.other_cases", number=number.capitalize(), others=fact)


def _untimed(fact: Fact) -> Sentence:
    if fact.code("reason") == "other" and fact.text("detail"):
        return say("record.untimed_in_words", interval=fact)
    return say("record.untimed", interval=fact)


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
            Cell(f"{fact.text('name', 'name not recorded')}, {fact.text('role')}", (fact.id,), strong=True),
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
    when = fact.text("when")
    time = f"{fact.text('at')}{f' ({when})' if when else ''}" if fact.text("at") else when or "time not recorded"
    return KeyValue(words[:1].upper() + words[1:], f"{time}{clock}", (fact.id,))


def _intervals(facts: Facts) -> Table[Sentence] | None:
    """Every interval, then the length of all of a kind where there are several."""
    every = interval_kinds(*_COUNTED, "monitoring")
    by_kind = {kind: facts.of_kind(f"interval.{kind}") for kind in every}
    totals = {kind: facts.of_kind(f"minutes.{kind}") for kind in interval_kinds(*_COUNTED)}
    rows = [
        _interval_row(fact, totals.get(kind, ()) if len(found) == 1 else ())
        for kind, found in by_kind.items()
        for fact in found
    ]
    if not rows:
        return None
    starts = [_start(fact) for found in by_kind.values() for fact in found]
    ordered = [row for _, row in sorted(zip(starts, rows, strict=True), key=lambda pair: pair[0])]
    ordered.extend(_total_row(fact) for kind, found in totals.items() for fact in found if len(by_kind[kind]) > 1)
    columns = (Column("Interval", 2.3), Column("From", 0.9), Column("To", 0.9), Column("Length", 0.95))
    return Table("intervals", "Intervals", columns, tuple(ordered), panels=2)


def _total_row(fact: Fact) -> Row:
    ids = (fact.id,)
    return Row((Cell(f"{fact.text('label')}, all", ids), Cell(""), Cell(""), Cell(fact.text("duration_min"), ids)))


def _start(fact: Fact) -> float:
    at = fact.instant("start_at") or fact.instant("at")
    return at.timestamp() if at is not None else float("inf")


def _interval_row(fact: Fact, total: Sequence[Fact]) -> Row:
    names = ("baseline_kind", "modalities", "reason", "detail", "clock")
    own = fact.code("reason") == "other" and bool(fact.text("detail"))
    details = ", ".join(fact.text(name) for name in names if fact.text(name) and not (own and name == "reason"))
    ids = (fact.id,)
    return Row(
        (
            Cell(fact.text("kind") + (f": {details}" if details else ""), ids),
            Cell(fact.text("start_at"), ids),
            Cell(fact.text("end_at"), ids),
            Cell(fact.text("duration_min"), (*ids, *(row.id for row in total))),
        )
    )
