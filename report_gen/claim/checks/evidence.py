"""Evidence that a reviewer asks for: order, reading of baselines, communication, diagnosis, reasons (`evidence.toml`).

Messages name labels, roles, counts and times; never a person or the words of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks.diagnoses import diagnosis_coded, diagnosis_side, diagnosis_specific
from report_gen.claim.checks.parameters import texts
from report_gen.claim.checks.wording import clock
from report_gen.claim.given import Check, Given, Said, confirm, fail, met, skip
from report_gen.claim.record import ClaimRecord, Modality
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Fact
from report_gen.facts.wording import joined
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]

_INDICATION: Final = "indication_per_modality"
"""Item that a practice confirms for a modality that only serves others."""


def _labels(codes: Iterable[str]) -> str:
    return joined(vocabulary("modalities").label(code) for code in codes)


def _role(record: ClaimRecord, fact_id: str) -> str:
    member = record.member(fact_id)
    return vocabulary("roles").display(member.role) if member is not None else "somebody outside the team"


def _starts(record: ClaimRecord, kind: str) -> list[datetime]:
    return [row.span.start_at for row in record.stretches if row.kind == kind]


def _monitoring_end(record: ClaimRecord) -> datetime | None:
    return max((row.span.end_at for row in record.stretches if row.kind == "monitoring"), default=None)


def _surgery_start(record: ClaimRecord) -> datetime | None:
    incision = record.milestone("incision")
    return incision.instant("at") if incision else min(_starts(record, "monitoring"), default=None)


def order_recorded(given: Given, version: Version) -> Iterator[Said]:
    """Who ordered monitoring, and when (`evidence.toml`)."""
    record = given.record
    if not record.ordered:
        yield fail("No order for monitoring is recorded.", ["order"])
    elif record.ordered_at is None:
        yield confirm(f"An order by the {_role(record, record.ordered_by)} is recorded without its time.", ["order"])
    else:
        when = record.facts.by_id["order"].text("ordered_at")
        yield met(f"An order by the {_role(record, record.ordered_by)} of {when} is recorded.", ["order"])


def order_before(given: Given, version: Version) -> Iterator[Said]:
    """An order is written before surgery starts, not after (`evidence.toml`)."""
    record, start = given.record, _surgery_start(given.record)
    if record.ordered_at is None:
        yield skip("There is no time of an order to compare.")
    elif start is None:
        yield confirm("Neither incision nor start of monitoring is recorded; the order cannot be placed before it.")
    else:
        late = minutes_between(start, record.ordered_at)
        if late > 0:
            yield confirm(f"The order is dated {late:.0f} min after surgery began.", ["order"])
        else:
            yield met("The order is dated no later than the start of surgery.", ["order"])


def order_modalities(given: Given, version: Version) -> Iterator[Said]:
    """Each modality performed was ordered by name (`evidence.toml`)."""
    record = given.record
    if not record.ordered:
        yield skip("There is no order to compare with.")
        return
    extra = [row for row in record.performed if row.code not in record.ordered_modalities]
    if extra:
        words = _labels(row.code for row in extra)
        yield fail(f"Performed and not in the order: {words}.", ["order", *(row.fact for row in extra)])
    else:
        yield met(f"All {len(record.performed)} modalities performed are in the order.", ["order"])


def order_by_surgeon(given: Given, version: Version) -> Iterator[Said]:
    """The order comes from a surgeon of the case (`evidence.toml`)."""
    record = given.record
    if not record.ordered:
        yield skip("There is no order.")
        return
    member, facts = record.member(record.ordered_by), ["order", record.ordered_by]
    role = member.role if member is not None else ""
    if role in texts(version, "surgeons"):
        yield met(f"The order is by the {_role(record, record.ordered_by)} of the case.", facts)
    elif role in texts(version, "deputies"):
        yield confirm(f"The order is by the {_role(record, record.ordered_by)}.", facts)
    else:
        yield fail(f"The order is by the {_role(record, record.ordered_by)}, not by a surgeon of the case.", facts)


def baseline_read(given: Given, version: Version) -> Iterator[Said]:
    """Baselines were read by the professional, at a known time, during the case (`evidence.toml`)."""
    record = given.record
    rows = [row for row in record.performed if row.review_fact]
    if not rows:
        yield skip("No modality performed has baselines to be read.")
        return
    said = [
        *_unread(record, rows, texts(version, "readers")),
        *_late(rows, _monitoring_end(record), "after the end of monitoring"),
        *_late(rows, record.life.first_signed_at, "after the report was signed"),
        *_early(rows, min(_starts(record, "baseline"), default=None)),
        *_rejected(record, rows),
    ]
    yield from said
    if not said:
        times = joined(sorted({clock(record, row.reviewed_at) for row in rows if row.reviewed_at is not None}))
        count = "1 modality" if len(rows) == 1 else f"{len(rows)} modalities"
        yield met(f"Baselines of {count} were read at {times}.", [row.review_fact for row in rows])


def _unread(record: ClaimRecord, rows: Sequence[Modality], roles: Sequence[str]) -> Iterator[Said]:
    """Nobody read them, or somebody whose role does not read."""
    unread = [row for row in rows if not row.reviewed_by]
    others = [row for row in rows if (who := record.member(row.reviewed_by)) is not None and who.role not in roles]
    if others:
        words = _labels(row.code for row in others)
        yield fail(f"The baselines of {words} were read by nobody who interprets.", [row.review_fact for row in others])
    if unread:
        words = _labels(row.code for row in unread)
        yield fail(f"No reading of the baselines is recorded for {words}.", [row.review_fact for row in unread])
    untimed = [row for row in rows if row.reviewed_by and row.reviewed_at is None]
    if untimed:
        words, cited = _labels(row.code for row in untimed), [row.review_fact for row in untimed]
        yield confirm(f"The baselines of {words} were read at a time not recorded.", cited)


def _late(rows: Sequence[Modality], limit: datetime | None, words: str) -> Iterator[Said]:
    late = [row for row in rows if limit is not None and row.reviewed_at is not None and row.reviewed_at > limit]
    if late:
        labels = _labels(row.code for row in late)
        yield fail(f"The baselines of {labels} were read {words}.", [row.review_fact for row in late])


def _early(rows: Sequence[Modality], first: datetime | None) -> Iterator[Said]:
    early = [row for row in rows if first is not None and row.reviewed_at is not None and row.reviewed_at < first]
    if early:
        labels = _labels(row.code for row in early)
        yield confirm(f"{labels}: read before any baseline was recorded.", [row.review_fact for row in early])


def _rejected(record: ClaimRecord, rows: Sequence[Modality]) -> Iterator[Said]:
    rejected = [row for row in rows if record.facts.by_id[row.review_fact].status == "rejected"]
    if rejected:
        labels = _labels(row.code for row in rejected)
        yield confirm(
            f"The baselines of {labels} were rejected and no accepted ones are recorded.",
            [row.review_fact for row in rejected],
        )


def baseline_by_reader(given: Given, version: Version) -> Iterator[Said]:
    """Whoever read the baselines attended to the case as its professional (`evidence.toml`)."""
    record = given.record
    rows = [row for row in record.performed if row.reviewed_by]
    if not rows:
        yield skip("No reading of baselines is recorded.")
    elif not record.readers and all(_reads(record, row.reviewed_by, texts(version, "readers")) for row in rows):
        yield confirm("Without a log of the professional nobody can be matched with the reading of baselines.")
    else:
        others = [row for row in rows if row.reviewed_by not in record.readers]
        facts = [row.review_fact for row in others or rows]
        if others:
            yield fail(f"Baselines of {_labels(row.code for row in others)}: read by nobody of the log.", facts)
        else:
            yield met("Baselines were read by a professional of the log.", facts)


def _reads(record: ClaimRecord, person: str, roles: Sequence[str]) -> bool:
    member = record.member(person)
    return member is not None and member.role in roles


def communication_log(given: Given, version: Version) -> Iterator[Said]:
    """Messages and notifications stand in a log with times (`evidence.toml`)."""
    facts, team = given.record.facts, texts(version, "team")
    entries = [*facts.of_kind("message"), *(row for row in facts.of_kind("event.told") if row.values)]
    timed = [row for row in entries if row.instant("at") is not None]
    to_team = [row for row in timed if row.status in team or row.code("to") in team]
    if not timed:
        count = f"none of {len(entries)} entries has a time" if entries else "there are no entries"
        yield fail(f"No log of communication with times: {count}.", [row.id for row in entries])
        return
    if len(timed) < len(entries):
        untimed = [row.id for row in entries if row not in timed]
        yield confirm(f"{len(untimed)} of {len(entries)} entries of the log have no time.", untimed)
    if to_team:
        said = f"{len(timed)} entries with times, {len(to_team)} of them to the surgical or anesthesia team."
        yield met(said, [row.id for row in timed])
    else:
        yield confirm("No entry with a time tells the surgical or anesthesia team anything.", [row.id for row in timed])


def live_view(given: Given, version: Version) -> Iterator[Said]:
    """A professional outside the room saw waveforms live over a tested channel (`evidence.toml`)."""
    record, link = given.record, given.record.facts.by_id["communication.channel"]
    sessions = [row.fact for row in record.sessions if row.mode in texts(version, "outside")]
    if not sessions:
        yield skip("No session from outside the room is recorded.")
        return
    live, facts = link.number("live_waveforms"), [link.id, *sessions]
    if live == 0:
        yield fail("The record says that waveforms did not reach the professional live.", facts)
        return
    parts = {
        "the channel": link.status != "not_recorded" and bool(link.text("text")),
        "the live view of waveforms": live is not None,
        "the test of the channel": link.instant("tested_at") is not None,
    }
    lacking = [words for words, recorded in parts.items() if not recorded]
    if lacking:
        yield confirm(f"Not recorded: {joined(lacking)}.", facts)
    else:
        yield met(f"Waveforms were live; the channel was tested at {link.text('tested_at')}.", facts)


def alerts_told(given: Given, version: Version) -> Iterator[Said]:
    """The surgeon was told of each alert, at a recorded time or one stated as unknown (`evidence.toml`)."""
    facts, team = given.record.facts, texts(version, "surgical")
    alerts = [row for row in facts.of_kind("event") if row.status == "alert"]
    if not alerts:
        yield skip("No alert is recorded.")
        return
    for event in alerts:
        told = [row for row in facts.in_group(event.group, "event.told") if row.values and row.status in team]
        timed = [row for row in told if row.text("at") or row.text("at_stated")]
        name = event.text("id")
        if not told:
            yield fail(f"{name}: no notification of the surgeon is recorded.", [event.id])
        elif not timed:
            yield confirm(f"{name}: the surgeon was told at a time not recorded.", [row.id for row in told])
        else:
            at = timed[0].text("at")
            when = f"at {at}" if at else "at a time that the record states as not known"
            yield met(f"{name}: the surgeon was told {when}.", [row.id for row in timed])


def indication_per_modality(given: Given, version: Version) -> Iterator[Said]:
    """A structure at risk is named for each modality performed; one that serves others asks (`evidence.toml`)."""
    record, serving = given.record, texts(version, "serving")
    rows = record.performed
    named = {course.modality.id: course.indication.id for course in record.facts.modalities if course.indication}
    bare = [row for row in rows if row.fact not in named]
    lacking = [row for row in bare if row.code not in serving]
    aside = [row for row in bare if row.code in serving]
    asked = [row for row in aside if not given.profile.confirmed(f"{_INDICATION}:{row.code}", record.date_of_service)]
    if not rows:
        yield skip("No modality was performed.")
        return
    if lacking:
        words = _labels(row.code for row in lacking)
        yield fail(f"No structure at risk is recorded for {words}.", [row.fact for row in lacking])
    if asked:
        words = _labels(row.code for row in asked)
        yield confirm(
            f"{words}: no structure at risk; it serves the others, or has a reason.", [row.fact for row in asked]
        )
    if not lacking and not asked:
        but = f", {_labels(row.code for row in aside)} aside as the practice confirmed" if aside else ""
        cited = [named[row.fact] for row in rows if row not in aside]
        yield met(f"A structure at risk is recorded for each modality{but}.", cited)


def examination(given: Given, version: Version) -> Iterator[Said]:
    """The state before surgery was examined (`evidence.toml`)."""
    exam = given.record.facts.by_id["preoperative.examination"]
    if exam.status == "performed":
        yield met("A pre-operative examination is recorded.", [exam.id])
    else:
        yield confirm(f"Pre-operative examination: {exam.status.replace('_', ' ')}.", [exam.id])


def operative_note(given: Given, version: Version) -> Iterator[Said]:
    """The surgeon's note mentions monitoring (`evidence.toml`)."""
    note = given.record.facts.get("surgery.operative_note")
    mentions = note.number("mentions_monitoring") if note is not None else None
    if note is None or mentions is None:
        yield confirm("Whether the operative note mentions monitoring is not recorded.")
    elif mentions:
        yield met("The operative note mentions monitoring.", [note.id])
    else:
        yield fail("The operative note does not mention monitoring.", [note.id])


def closing_status(given: Given, version: Version) -> Iterator[Said]:
    """Responses were looked at when monitoring ended, or the record says why not (`evidence.toml`)."""
    closings: dict[str, list[Fact]] = {}
    for fact in given.record.facts.of_kind("channel.closing"):
        closings.setdefault(fact.modality, []).append(fact)
    followed = {row.code: closings[row.code] for row in given.record.performed if row.code in closings}
    if not followed:
        yield skip("No modality performed was followed to the end.")
        return
    missing = {code: [row for row in rows if row.status == "not_recorded"] for code, rows in followed.items()}
    none = [code for code, rows in missing.items() if len(rows) == len(followed[code])]
    some = [code for code, rows in missing.items() if rows and code not in none]
    if none:
        yield fail(f"No closing status is recorded for {_labels(none)}.", [row.id for c in none for row in missing[c]])
    if some:
        count, every = sum(len(missing[code]) for code in some), sum(len(followed[code]) for code in some)
        words = f"{_labels(some)}: no closing status of {count} of {every} responses."
        yield confirm(words, [row.id for code in some for row in missing[code]])
    if not none and not some:
        count = sum(len(rows) for rows in followed.values())
        yield met(f"All {count} responses have a closing status.", [row.id for r in followed.values() for row in r])


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            order_recorded,
            order_before,
            order_modalities,
            order_by_surgeon,
            baseline_read,
            baseline_by_reader,
            communication_log,
            live_view,
            alerts_told,
            diagnosis_coded,
            diagnosis_side,
            diagnosis_specific,
            indication_per_modality,
            examination,
            operative_note,
            closing_status,
        )
    }
)
"""Checks by rule id."""
