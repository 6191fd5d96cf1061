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
from report_gen.claim.record import ClaimRecord, Modality
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Fact
from report_gen.facts.wording import joined
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]

_INDICATION: Final = "indication_per_modality"
"""Item that a practice confirms for a modality that only serves others."""


def _labels(modalities: Iterable[Modality]) -> str:
    return joined(vocabulary("modalities").label(modality.code) for modality in modalities)


def _reviews(modalities: Iterable[Modality]) -> list[str]:
    """Fact ids of the reviews of their baselines."""
    return [modality.review_fact for modality in modalities]


def _timed(modalities: Iterable[Modality]) -> list[tuple[Modality, datetime]]:
    """Those whose baselines were read at a recorded time, with that time."""
    return [(modality, modality.reviewed_at) for modality in modalities if modality.reviewed_at is not None]


def _role(record: ClaimRecord, fact_id: str) -> str:
    member = record.member(fact_id)
    return vocabulary("roles").display(member.role) if member is not None else "somebody outside the team"


def _starts(record: ClaimRecord, kind: str) -> list[datetime]:
    return [interval.span.start_at for interval in record.stretches if interval.kind == kind]


def _monitoring_end(record: ClaimRecord) -> datetime | None:
    return max((interval.span.end_at for interval in record.stretches if interval.kind == "monitoring"), default=None)


def _surgery_start(record: ClaimRecord) -> datetime | None:
    incision = record.milestone("incision")
    return incision.instant("at") if incision else min(_starts(record, "monitoring"), default=None)


def order_recorded(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Who ordered monitoring, and when (`evidence.toml`)."""
    record = claim.record
    if not record.ordered:
        yield fail("No order for monitoring is recorded.", ["order"])
    elif not record.ordered_by:
        yield confirm("An order is recorded without who gave it.", ["order"])
    elif record.ordered_at is None:
        yield confirm(f"An order by the {_role(record, record.ordered_by)} is recorded without its time.", ["order"])
    else:
        when = record.facts.by_id["order"].text("ordered_at")
        yield passed(f"An order by the {_role(record, record.ordered_by)} of {when} is recorded.", ["order"])


def order_before(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """An order is written before surgery starts, not after (`evidence.toml`)."""
    record, start = claim.record, _surgery_start(claim.record)
    if record.ordered_at is None:
        yield not_applicable("There is no time of an order to compare.")
    elif start is None:
        yield confirm("Neither incision nor start of monitoring is recorded; the order cannot be placed before it.")
    else:
        late = minutes_between(start, record.ordered_at)
        if late > 0:
            yield confirm(f"The order is dated {late:.0f} min after surgery began.", ["order"])
        else:
            yield passed("The order is dated no later than the start of surgery.", ["order"])


def order_modalities(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Each modality performed was ordered by name (`evidence.toml`)."""
    record = claim.record
    if not record.ordered:
        yield not_applicable("There is no order to compare with.")
        return
    extra = [modality for modality in record.performed if modality.code not in record.ordered_modalities]
    if extra:
        cited = ["order", *(modality.fact for modality in extra)]
        yield fail(f"Performed and not in the order: {_labels(extra)}.", cited)
    else:
        yield passed(f"All {len(record.performed)} modalities performed are in the order.", ["order"])


def order_by_surgeon(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The order comes from a surgeon of the case (`evidence.toml`)."""
    record = claim.record
    if not record.ordered:
        yield not_applicable("There is no order.")
        return
    if not record.ordered_by:
        yield confirm("Who gave the order is not recorded.", ["order"])
        return
    member, facts = record.member(record.ordered_by), ["order", record.ordered_by]
    role = member.role if member is not None else ""
    if role in texts(version, "surgeons"):
        yield passed(f"The order is by the {_role(record, record.ordered_by)} of the case.", facts)
    elif role in texts(version, "deputies"):
        yield confirm(f"The order is by the {_role(record, record.ordered_by)}.", facts)
    else:
        yield fail(f"The order is by the {_role(record, record.ordered_by)}, not by a surgeon of the case.", facts)


def baseline_read(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Baselines were read by the professional, at a known time, during the case (`evidence.toml`)."""
    record = claim.record
    modalities = [modality for modality in record.performed if modality.review_fact]
    if not modalities:
        yield not_applicable("No modality performed has baselines to be read.")
        return
    verdicts = [
        *_unread(record, modalities, texts(version, "readers")),
        *_late(modalities, _monitoring_end(record), "after the end of monitoring"),
        *_late(modalities, record.life.first_signed_at, "after the report was signed"),
        *_early(modalities, min(_starts(record, "baseline"), default=None)),
        *_rejected(record, modalities),
    ]
    yield from verdicts
    if not verdicts:
        times = joined(sorted({clock(record, at) for _, at in _timed(modalities)}))
        count = "1 modality" if len(modalities) == 1 else f"{len(modalities)} modalities"
        yield passed(f"Baselines of {count} were read at {times}.", _reviews(modalities))


def _unread(record: ClaimRecord, modalities: Sequence[Modality], roles: Sequence[str]) -> Iterator[RuleVerdict]:
    """Nobody read them, nobody is named who did, or somebody whose role does not read."""
    unnamed = [modality for modality in modalities if modality.reviewed and not modality.reviewed_by]
    unread = [modality for modality in modalities if not modality.reviewed]
    non_readers = {member.fact for member in record.members if member.role not in roles}
    others = [modality for modality in modalities if modality.reviewed_by in non_readers]
    if others:
        yield fail(f"The baselines of {_labels(others)} were read by nobody who interprets.", _reviews(others))
    if unread:
        yield fail(f"No reading of the baselines is recorded for {_labels(unread)}.", _reviews(unread))
    if unnamed:
        yield confirm(f"Who read the baselines of {_labels(unnamed)} is not recorded.", _reviews(unnamed))
    untimed = [modality for modality in modalities if modality.reviewed_by and modality.reviewed_at is None]
    if untimed:
        yield confirm(f"The baselines of {_labels(untimed)} were read at a time not recorded.", _reviews(untimed))


def _late(modalities: Sequence[Modality], limit: datetime | None, words: str) -> Iterator[RuleVerdict]:
    late = [modality for modality, at in _timed(modalities) if limit is not None and at > limit]
    if late:
        yield fail(f"The baselines of {_labels(late)} were read {words}.", _reviews(late))


def _early(modalities: Sequence[Modality], first: datetime | None) -> Iterator[RuleVerdict]:
    early = [modality for modality, at in _timed(modalities) if first is not None and at < first]
    if early:
        yield confirm(f"{_labels(early)}: read before any baseline was recorded.", _reviews(early))


def _rejected(record: ClaimRecord, modalities: Sequence[Modality]) -> Iterator[RuleVerdict]:
    rejected = [modality for modality in modalities if record.facts.by_id[modality.review_fact].status == "rejected"]
    if rejected:
        words = f"The baselines of {_labels(rejected)} were rejected and no accepted ones are recorded."
        yield confirm(words, _reviews(rejected))


def baseline_by_reader(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Whoever read the baselines attended to the case as its professional (`evidence.toml`)."""
    record = claim.record
    modalities = [modality for modality in record.performed if modality.reviewed_by]
    reviewers = {modality.reviewed_by for modality in modalities}
    if not modalities:
        yield not_applicable("No reading of baselines is recorded.")
    elif not record.readers and all(_reads(record, person, texts(version, "readers")) for person in reviewers):
        yield confirm("Without a log of the professional nobody can be matched with the reading of baselines.")
    else:
        others = [modality for modality in modalities if modality.reviewed_by not in record.readers]
        facts = _reviews(others or modalities)
        if others:
            yield fail(f"Baselines of {_labels(others)}: read by nobody of the log.", facts)
        else:
            yield passed("Baselines were read by a professional of the log.", facts)


def _reads(record: ClaimRecord, person: str, roles: Sequence[str]) -> bool:
    member = record.member(person)
    return member is not None and member.role in roles


def communication_log(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Messages and notifications stand in a log with times (`evidence.toml`)."""
    facts, team = claim.record.facts, texts(version, "team")
    entries = facts.of_kind("communication.entry")
    timed = [entry for entry in entries if entry.instant("at") is not None]
    to_team = [entry for entry in timed if entry.code("to") in team]
    if not timed:
        count = f"none of {len(entries)} entries has a time" if entries else "there are no entries"
        yield fail(f"No log of communication with times: {count}.", [entry.id for entry in entries])
        return
    if len(timed) < len(entries):
        untimed = [entry.id for entry in entries if entry not in timed]
        yield confirm(f"{len(untimed)} of {len(entries)} entries of the log have no time.", untimed)
    if to_team:
        words = f"{len(timed)} entries with times, {len(to_team)} of them to the surgical or anesthesia team."
        yield passed(words, [entry.id for entry in timed])
    else:
        words = "No entry with a time tells the surgical or anesthesia team anything."
        yield confirm(words, [entry.id for entry in timed])


def live_view(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """A professional outside the room saw waveforms live over a tested channel (`evidence.toml`)."""
    record, link = claim.record, claim.record.facts.by_id["communication.channel"]
    sessions = [session.fact for session in record.sessions if session.mode in texts(version, "outside")]
    if not sessions:
        yield not_applicable("No session from outside the room is recorded.")
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
        yield passed(f"Waveforms were live; the channel was tested at {link.text('tested_at')}.", facts)


def alerts_told(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The surgeon was told of each alert, at a recorded time or one stated as unknown (`evidence.toml`)."""
    facts, team = claim.record.facts, texts(version, "surgical")
    alerts = [event for event in facts.of_kind("event") if event.status == "alert"]
    if not alerts:
        yield not_applicable("No alert is recorded.")
        return
    for event in alerts:
        told = [entry for entry in facts.in_group(event.group, "event.notification") if entry.values]
        logged = [entry for entry in facts.of_kind("message") if entry.code("event") == event.code("id")]
        notifications = [entry for entry in (*told, *logged) if entry.code("to") in team]
        timed = [entry for entry in notifications if entry.text("at") or entry.text("at_stated")]
        name = event.text("id")
        if not notifications:
            yield fail(f"{name}: no notification of the surgeon is recorded.", [event.id])
        elif not timed:
            cited = [entry.id for entry in notifications]
            yield confirm(f"{name}: the surgeon was told at a time not recorded.", cited)
        else:
            at = timed[0].text("at")
            when = f"at {at}" if at else "at a time that the record states as not known"
            yield passed(f"{name}: the surgeon was told {when}.", [entry.id for entry in timed])


def indication_per_modality(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """A structure at risk is named for each modality performed; one that serves others asks (`evidence.toml`)."""
    record, serving = claim.record, texts(version, "serving")
    modalities, day = record.performed, record.date_of_service
    indications = {course.modality.id: course.indication.id for course in record.facts.modalities if course.indication}
    bare = [modality for modality in modalities if modality.fact not in indications]
    lacking = [modality for modality in bare if modality.code not in serving]
    aside = [modality for modality in bare if modality.code in serving]
    asked = [modality for modality in aside if not claim.profile.confirmed(f"{_INDICATION}:{modality.code}", day)]
    if not modalities:
        yield not_applicable("No modality was performed.")
        return
    if lacking:
        cited = [modality.fact for modality in lacking]
        yield fail(f"No structure at risk is recorded for {_labels(lacking)}.", cited)
    if asked:
        cited = [modality.fact for modality in asked]
        yield confirm(f"{_labels(asked)}: no structure at risk; it serves the others, or has a reason.", cited)
    if not lacking and not asked:
        but = f", {_labels(aside)} aside as the practice confirmed" if aside else ""
        cited = [indications[modality.fact] for modality in modalities if modality not in aside]
        yield passed(f"A structure at risk is recorded for each modality{but}.", cited)


def examination(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The state before surgery was examined (`evidence.toml`)."""
    exam = claim.record.facts.by_id["preoperative.examination"]
    if exam.status == "performed":
        yield passed("A pre-operative examination is recorded.", [exam.id])
    else:
        yield confirm(f"Pre-operative examination: {exam.status.replace('_', ' ')}.", [exam.id])


def operative_note(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The surgeon's note mentions monitoring (`evidence.toml`)."""
    note = claim.record.facts.get("surgery.operative_note")
    mentions = note.number("mentions_monitoring") if note is not None else None
    if note is None or mentions is None:
        yield confirm("Whether the operative note mentions monitoring is not recorded.")
    elif mentions:
        yield passed("The operative note mentions monitoring.", [note.id])
    else:
        yield fail("The operative note does not mention monitoring.", [note.id])


def closing_status(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Responses were looked at when monitoring ended, or the record says why not (`evidence.toml`)."""
    closings: dict[str, list[Fact]] = {}
    for closing in claim.record.facts.of_kind("channel.closing"):
        closings.setdefault(closing.modality, []).append(closing)
    followed = {modality: closings[modality.code] for modality in claim.record.performed if modality.code in closings}
    if not followed:
        yield not_applicable("No modality performed was followed to the end.")
        return
    missing = {
        modality: [response for response in responses if response.status == "not_recorded"]
        for modality, responses in followed.items()
    }
    none = [modality for modality, responses in missing.items() if len(responses) == len(followed[modality])]
    some = [modality for modality, responses in missing.items() if responses and modality not in none]
    if none:
        cited = [response.id for modality in none for response in missing[modality]]
        yield fail(f"No closing status is recorded for {_labels(none)}.", cited)
    if some:
        cited = [response.id for modality in some for response in missing[modality]]
        words = f"{len(cited)} of {sum(len(followed[modality]) for modality in some)} responses"
        yield confirm(f"{_labels(some)}: no closing status of {words}.", cited)
    if not none and not some:
        cited = [response.id for responses in followed.values() for response in responses]
        yield passed(f"All {len(cited)} responses have a closing status.", cited)


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
