"""The claim checklist as sections: what is open and whom to ask first, then the lines, the minutes and what was met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from report_gen.claim.attachment import AttachmentFile, ClaimAttachment
from report_gen.claim.model import Assessment, Attention, ExcludedReason, Line, RuleFinding
from report_gen.document.blocks import (
    Cell,
    Column,
    KeyValue,
    KeyValues,
    PageBlock,
    Paragraph,
    Phrase,
    Row,
    Section,
    Table,
)
from report_gen.facts.intervals import minutes
from report_gen.facts.wording import duration_text
from report_gen.finding import Certainty, Source
from report_gen.vocab import vocabulary

__all__ = ["checklist"]

_CERTAINTY: Final[dict[Certainty, str]] = {
    "measured": "from the table",
    "read": "read in the source",
    "third_party": "told by a third party",
    "believed": "not verified",
    "own": "our own policy",
}
_LEFT_OUT: Final = {"not_monitoring": "outside monitoring", "outside_anesthesia": "outside anesthesia time"}
_PLACES: Final = {"in_room": "in the room", "remote": "outside the room"}
_SHOWN_FACTS: Final = 1
"""Fact ids printed for a finding; all of them stand in claim.json."""


def checklist(assessment: Assessment, attached: ClaimAttachment) -> tuple[Section[PageBlock], ...]:
    """The sections of the checklist in reading order.

    Args:
        assessment: The assessment.
        attached: What the attachment screen asks for.
    """
    numbers = _numbered(assessment.open)
    sections = [_head(assessment, attached)]
    if assessment.open:
        sections.append(Section("open", "What is open, and whom to ask", (_open_table(assessment.open, numbers),)))
    sections.append(Section("lines", "Proposed lines", _lines(assessment)))
    sections.append(Section("minutes", "The professional's minutes", _minutes(assessment)))
    sections.append(Section("met", "Met, and not concerned", _met(assessment)))
    return tuple(sections)


def _head(assessment: Assessment, attached: ClaimAttachment) -> Section[PageBlock]:
    policy = f"{assessment.policy}, {'settled' if assessment.policy_confirmed else 'NOT CONFIRMED by the practice'}"
    control = attached.control_number + ("" if attached.control_number_from == "record" else " (made by report_gen)")
    values = (
        ("Case", f"{assessment.case_id}, {assessment.date_of_service.isoformat()}"),
        ("Payer", f"{vocabulary('payer_classes').display(assessment.payer_class)}; policy {policy}"),
        ("Report", f"{attached.report_id}, {_standing(attached)}"),
        ("Attachment control number", control),
        ("Report file", _file(attached.file) if attached.file else _no_file(attached)),
        ("Technical record", _file(attached.record_file) if attached.record_file else "no file of its own named"),
        ("Monitoring ended to draft", _lag(assessment.lag.close_to_draft_min)),
        ("Monitoring ended to signature", _lag(assessment.lag.close_to_signed_min)),
    )
    items = tuple(KeyValue(label, text, ()) for label, text in values)
    words = "The lines and minutes below rest on the record as it stands."
    if assessment.open:
        asked = (f"{_office(who)} {_count(assessment.open, who)}" for who in _askers(assessment.open))
        words = f"To ask: {', '.join(asked)}."
    # The label is the only bold text of a paragraph: the answer must be what the eye falls on.
    answer = Paragraph((Phrase(words),), label=assessment.statement.removesuffix("."))
    return Section("identification", "Claim checklist", (answer, KeyValues(items)), role="title")


def _standing(attached: ClaimAttachment) -> str:
    """How far the report is signed; a signature on record does not sign a draft that is to be attached."""
    if attached.file is not None and attached.file.draft:
        return "signed by the record, and the file named is an UNSIGNED DRAFT" if attached.signed else "NOT SIGNED"
    return "signed by the record" if attached.signed else "NOT SIGNED"


def _no_file(attached: ClaimAttachment) -> str:
    if attached.signed:
        return "none named; attach the signed report with its technical record, never a draft"
    return "none named; an unsigned report is not to be attached"


def _file(file: AttachmentFile) -> str:
    pages = "pages not counted" if file.pages is None else f"{file.pages} page{'' if file.pages == 1 else 's'}"
    held = "HOLD, an unsigned draft, not to be attached: " if file.draft else ""
    return f"{held}{file.name}, {pages}, SHA-256 {file.sha256}"


def _lag(spent_min: float | None) -> str:
    return "not recorded" if spent_min is None else duration_text(spent_min)


# --- what is open ----------------------------------------------------------------------------------------------------


def _askers(findings: Sequence[RuleFinding]) -> list[str]:
    """Those to ask, first whoever holds back most items."""
    order = vocabulary("respondents").codes
    urgency = {who: -sum(finding.blocking for finding in findings if finding.who == who) for who in order}
    return sorted(dict.fromkeys(finding.who for finding in findings), key=lambda who: (urgency[who], order.index(who)))


def _office(who: str) -> str:
    """The checklist's name for those who can answer."""
    entry = vocabulary("respondents")[who]
    return entry.office or entry.display


def _count(findings: Sequence[RuleFinding], who: str) -> str:
    mine = [finding for finding in findings if finding.who == who]
    holding = sum(finding.blocking for finding in mine)
    return f"{len(mine)} ({holding} HOLD)" if holding else str(len(mine))


def _open_table(findings: Sequence[RuleFinding], numbers: Mapping[Source, int]) -> Table[Phrase]:
    columns = (
        Column("State", 6),
        Column("What was found", 37),
        Column("What to do", 36),
        Column("Line", 6),
        Column("Denial", 8),
        Column("Rule [source], facts", 27),
    )
    body: list[Row] = []
    for who in _askers(findings):
        mine = _merged(
            sorted((finding for finding in findings if finding.who == who), key=lambda finding: not finding.blocking)
        )
        head = Cell(f"Ask the {_office(who)}: {_count(findings, who)}", strong=True)
        body.append(Row((head, *(Cell("") for _ in columns[1:])), heading=True))
        body.extend(_open_row(finding, numbers) for finding in mine)
    words = (
        "HOLD: to be settled before the claim goes out. check: to be looked at. "
        "Denial: claim adjustment reason codes that the open item invites."
    )
    note = (Phrase(words), Phrase(f"Sources: {_sources(numbers)}."))
    return Table("open", f"{len(findings)} open items", columns, tuple(body), note)


def _merged(findings: Sequence[RuleFinding]) -> list[RuleFinding]:
    """Findings that say the same of different lines or people, as one row; claim.json keeps them apart."""
    merged: dict[tuple[str, str, str], RuleFinding] = {}
    for finding in findings:
        key = finding.code, finding.message, finding.action
        known = merged.get(key)
        merged[key] = (
            finding
            if known is None
            else replace(
                known,
                lines=tuple(dict.fromkeys((*known.lines, *finding.lines))),
                evidence=tuple(dict.fromkeys((*known.evidence, *finding.evidence))),
            )
        )
    return list(merged.values())


def _open_row(finding: RuleFinding, numbers: Mapping[Source, int]) -> Row:
    facts = tuple(evidence.fact for evidence in finding.evidence)
    cited = "".join(f"[{number}]" for number in dict.fromkeys(numbers[source] for source in finding.sources))
    return Row(
        (
            Cell("HOLD" if finding.blocking else "check", strong=finding.blocking),
            Cell(finding.message, facts),
            Cell(finding.action),
            Cell(_ranges(finding.lines)),
            Cell(", ".join(finding.denials)),
            Cell(f"{finding.code} {cited}" + (f"; {_facts(facts)}" if facts else "")),
        )
    )


def _ranges(lines: Sequence[str]) -> str:
    """Line ids with neighbors joined: `L2-L5, L7`."""
    runs: list[list[int]] = []
    for number in sorted(int(line.removeprefix("L")) for line in lines):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"L{run[0]}" if len(run) == 1 else f"L{run[0]}-L{run[-1]}" for run in runs)


def _facts(facts: Sequence[str]) -> str:
    more = f" and {len(facts) - _SHOWN_FACTS} more" if len(facts) > _SHOWN_FACTS else ""
    return f"{', '.join(facts[:_SHOWN_FACTS])}{more}"


def _numbered(findings: Sequence[RuleFinding]) -> dict[Source, int]:
    """Each source of the open items, numbered in the order of the table; those that read alike share a number."""
    ordered = [
        finding
        for who in _askers(findings)
        for hold in (True, False)
        for finding in findings
        if finding.who == who and finding.blocking is hold
    ]
    cited = dict.fromkeys(source for finding in ordered for source in finding.sources)
    numbers = {words: number for number, words in enumerate(dict.fromkeys(map(_named, cited)), 1)}
    return {source: numbers[_named(source)] for source in cited}


def _sources(numbers: Mapping[Source, int]) -> str:
    """Titles with their certainty; places and dates stand in claim.json and with `report-gen rules show`."""
    listed = {number: _named(source) for source, number in numbers.items()}
    return "; ".join(f"[{number}] {words}" for number, words in listed.items())


def _named(source: Source) -> str:
    return f"{source.title} ({_CERTAINTY[source.certainty]}, {source.checked_on.isoformat()})"


# --- lines and minutes -----------------------------------------------------------------------------------------------


def _lines(assessment: Assessment) -> tuple[PageBlock, ...]:
    if not assessment.lines:
        return (Paragraph((Phrase("The record supports no line; see what is open."),)),)
    columns = (
        Column("Line", 5),
        Column("What it stands for", 46),
        Column("Code", 9),
        Column("Units", 6, "right"),
        Column("Minutes", 8, "right"),
        Column("Rounding", 10),
        Column("Modifiers", 9),
        Column("Professional (NPI)", 19),
    )
    rows = tuple(_line(line) for line in assessment.lines)
    words = "Proposed from the record and the rules; the practice decides what it bills."
    if not assessment.has_code_map:
        words += " No code map of the practice was given: lines speak in concepts."
    return (Table("lines", f"{len(rows)} lines", columns, rows, (Phrase(words),)),)


def _line(line: Line) -> Row:
    person = line.person.removeprefix("person.") or "not recorded"
    return Row(
        (
            Cell(line.id, strong=True),
            Cell(f"{line.label} ({line.concept})", line.facts),
            Cell(line.code or "no map"),
            Cell(str(line.units)),
            Cell("" if line.minutes is None else f"{line.minutes:.0f}"),
            Cell(line.rounding),
            Cell(", ".join(line.modifiers) or "none"),
            Cell(f"{person} ({line.npi or 'NPI not recorded'})", (line.person,) if line.person else ()),
        )
    )


def _minutes(assessment: Assessment) -> tuple[PageBlock, ...]:
    if not assessment.minutes.attention:
        missing = ", ".join(name.replace("_", " ") for name in assessment.minutes.missing)
        words = f"Cannot be computed: the record lacks {missing}. Nothing is estimated."
        return (Paragraph((Phrase(words),)),)
    columns = (
        Column("Professional", 14),
        Column("Where", 15),
        Column("Logged", 9, "right"),
        Column("Excluded", 37),
        Column("Counted", 9, "right"),
        Column("Exclusive", 10, "right"),
        Column("Shared", 9, "right"),
        Column("Not known", 10, "right"),
    )
    rows = tuple(_attention(attention) for attention in assessment.minutes.attention)
    found = assessment.minutes
    words = (
        f"Monitored: {duration_text(found.monitored_min or 0)}; attended: {duration_text(found.attended_min or 0)} of "
        "it. Counted: attended inside anesthesia, by professional and place. "
        "Exclusive: no other case of any payer open. Shared: another one open. "
        "Not known: not recorded, or dealt out between patients."
    )
    note = (Phrase(words),)
    return (Table("minutes", "Minutes of attention inside monitoring", columns, rows, note),)


def _left_out_as(reason: ExcludedReason) -> str:
    kind = vocabulary("interval_kinds").get(reason)
    return kind.left_out_as if kind is not None else _LEFT_OUT[reason]


def _attention(attention: Attention) -> Row:
    excluded = "; ".join(f"{_left_out_as(part.reason)} {part.minutes:.0f}" for part in attention.excluded)
    unknown = minutes(attention.undetermined) + minutes(attention.allotted)
    return Row(
        (
            Cell(attention.person.removeprefix("person."), (attention.person,), strong=True),
            Cell(_PLACES[attention.place]),
            Cell(f"{attention.logged_min:.0f}", attention.facts),
            Cell(excluded or "none", tuple(fact for part in attention.excluded for fact in part.facts)),
            Cell(f"{attention.counted_min:.0f}"),
            Cell(f"{minutes(attention.exclusive):.0f}"),
            Cell(f"{minutes(attention.shared):.0f}"),
            Cell(f"{unknown:.0f}"),
        )
    )


# --- what was met ----------------------------------------------------------------------------------------------------


def _met(assessment: Assessment) -> tuple[Paragraph[Phrase], ...]:
    """The number of rules met, by topic; every rule stands in claim.json with its evidence."""
    open_rules = {finding.code for finding in assessment.open}
    passed = {
        finding.code: finding.topic
        for finding in assessment.findings
        if finding.outcome == "pass" and finding.code not in open_rules
    }
    idle = {
        finding.code: finding.topic
        for finding in assessment.findings
        if finding.code not in open_rules and finding.code not in passed
    }
    counts = [Phrase(f"{len(passed)} rules are met ({_topics(passed)}).")] if passed else []
    if idle:
        counts.append(Phrase(f"{len(idle)} do not concern this case ({_topics(idle)})."))
    closing = (
        f"The oldest check of a rule is of {assessment.rules_checked_on.isoformat()}. claim.json names every rule with "
        "its evidence, and `report-gen rules show ID` explains one. This page certifies no coding."
    )
    return (Paragraph((*counts, Phrase(closing))),)


def _topics(rules: Mapping[str, str]) -> str:
    return ", ".join(f"{topic} {count}" for topic, count in Counter(rules.values()).items())
