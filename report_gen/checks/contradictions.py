"""Statements of the record that cannot both hold. They block signing and are shown, never smoothed.

Source: clinical reference §1.8 (list of contradictions) and §1.3 (time rules).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from report_gen.checks.model import Ask, Finding, Severity
from report_gen.facts.intervals import Span, contains
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["contradiction_findings"]

_SOURCE = "clinical reference §1.8"
_ROUNDING_POINTS = 1.0
"""Percent points by which a typed and a computed percent may differ through rounding."""
_ORDERED = ("patient_in_room", "induction", "intubation", "incision", "closure_start", "skin_closed", "out_of_room")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|percent\b)")


def _finding(
    code: str,
    pointer: str,
    message: str,
    question: str,
    facts: Sequence[Fact],
    ask: Ask = "technologist",
    severity: Severity = "block",
) -> Finding:
    return Finding(
        code=f"contradiction.{code}",
        severity=severity,
        gate="sign",
        pointer=pointer,
        message=message,
        question=question,
        ask=ask,
        source=_SOURCE,
        facts=tuple(fact.id for fact in facts),
        contradiction=True,
    )


def contradiction_findings(facts: Facts) -> Iterator[Finding]:
    """Every contradiction found."""
    for event in facts.of_kind("event"):
        yield from _resolution(facts, event)
        yield from _notification(facts, event)
        yield from _direction(facts, event)
        yield from _event_side(facts, event)
        yield from _event_time(facts, event)
        yield from _chain_order(facts, event)
    yield from _closing_after_last_data(facts)
    yield from _unobtainable_then_measured(facts)
    yield from _motor_under_block(facts)
    yield from _typed_percent(facts)
    yield from _sides(facts)
    yield from _milestone_order(facts)
    yield from _professional(facts)
    yield from _own_words(facts)


def _channels_of(facts: Facts, event: Fact) -> list[Fact]:
    shorts = set(event.text("channels_short").split(", "))
    return [
        fact for fact in facts.of_kind("channel") if fact.modality == event.modality and fact.text("short") in shorts
    ]


def _resolution(facts: Facts, event: Fact) -> Iterator[Finding]:
    resolution = facts.get(f"{event.group}.resolution")
    if resolution is None or resolution.status == "not_recorded":
        return
    name = event.text("id")
    closings = [row for channel in _channels_of(facts, event) for row in facts.in_group(channel.id, "channel.closing")]
    if vocabulary("resolution_classes")[resolution.status].extra["recovered"]:
        last = _last_changes(facts, event)
        beyond = [fact for fact in last if fact.status == "beyond_criterion"]
        if beyond:
            yield _finding(
                "resolved_beyond_criterion",
                resolution.pointer,
                f"{name} is recorded as {resolution.text('text')}, and its last value still meets the criterion in "
                "force.",
                f"Did {name} return to within criterion, and at which value?",
                [resolution, *beyond],
                "professional",
            )
        still = [
            change
            for row in closings
            if (change := facts.get(f"{row.id}.change")) is not None and change.status == "beyond_criterion"
        ]
        if still and not beyond:
            yield _finding(
                "resolved_beyond_at_closing",
                resolution.pointer,
                f"{name} is recorded as {resolution.text('text')}, and a closing reading of the same response meets "
                "the criterion in force.",
                f"Was there a further change after {name}?",
                [resolution, *still],
                "professional",
            )
    if resolution.status == "lost_to_close":
        seen = [row for row in closings if row.status in ("measured", "present")]
        if seen and len(seen) == len(closings):
            yield _finding(
                "lost_but_present",
                resolution.pointer,
                f"{name} is recorded as lost to close, and closing readings of the same response show it.",
                f"Was the response absent at closing after {name}?",
                [resolution, *seen],
                "professional",
            )


def _last_changes(facts: Facts, event: Fact) -> list[Fact]:
    """The last recorded comparison of each response of an event."""
    last: dict[str, Fact] = {}
    for kind in ("event.value", "event.retest.value"):
        for value in facts.in_group(event.group, kind):
            change = facts.get(f"{value.id}.change")
            if change is not None:
                last[value.text("short")] = change
    return list(last.values())


def _notification(facts: Facts, event: Fact) -> Iterator[Finding]:
    told = facts.get(f"{event.group}.told")
    if event.status == "alert" and told is not None:
        name = event.text("id")
        yield _finding(
            "alert_without_notification",
            told.pointer,
            f"{name} is recorded as an alert and nobody as told.",
            f"Who was told of {name}, when, and what was the reply?",
            [event, told],
        )


def _direction(facts: Facts, event: Fact) -> Iterator[Finding]:
    name, direction = event.text("id"), event.text("direction")
    values = facts.in_group(event.group, "event.value")
    if not values:
        return
    if direction == vocabulary("change_directions").display("loss"):
        kept = [fact for fact in values if fact.status in ("measured", "present") and fact.number("amplitude_uv")]
        if len(kept) == len(values):
            yield _finding(
                "loss_with_values",
                event.pointer,
                f"{name} is recorded as a loss of response, and its values show a response.",
                f"Was the response absent or attenuated at {name}?",
                [event, *kept],
            )
    falling = vocabulary("change_directions").display("decrease")
    rising = vocabulary("change_directions").display("increase")
    for value in values:
        change = facts.get(f"{value.id}.change")
        percent = change.number("amplitude_change_pct") if change is not None else None
        if change is None or percent is None:
            continue
        if (direction == falling and percent > 0) or (direction == rising and percent < 0):
            yield _finding(
                "direction_against_value",
                value.pointer,
                f"{name} is recorded as {direction}, and the value changed by {change.text('amplitude_change_pct')}.",
                f"Which is right for {name}, the direction or the value?",
                [event, value, change],
            )


def _event_side(facts: Facts, event: Fact) -> Iterator[Finding]:
    sides = {fact.side for fact in _channels_of(facts, event)} & {"left", "right"}
    stated = event.side
    if not sides or stated in ("not_recorded", "not_applicable", "midline"):
        return
    expected = "bilateral" if len(sides) == 2 else next(iter(sides))
    if stated != expected:
        yield _finding(
            "event_side_against_channels",
            f"{event.pointer}/side",
            f"{event.text('id')} is recorded as {stated}, and its channels are {' and '.join(sorted(sides))}.",
            f"Which side did {event.text('id')} affect?",
            [event],
        )


def _begun(facts: Facts, event: Fact) -> datetime | None:
    onset = facts.by_id[f"{event.group}.onset"]
    return onset.instant("onset_at") or onset.instant("noticed_at")


def _spans(facts: Facts, *kinds: str) -> list[Span]:
    spans: list[Span] = []
    for kind in kinds:
        for fact in facts.of_kind(f"interval.{kind}"):
            start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
            if start_at is not None and end_at is not None:
                spans.append(Span(start_at, end_at))
    return spans


def _event_time(facts: Facts, event: Fact) -> Iterator[Finding]:
    at = _begun(facts, event)
    if at is None or event.status not in ("alert", "change", "improvement"):
        return
    name = event.text("id")
    monitored = _spans(facts, "monitoring", "baseline")
    if monitored and not contains(monitored, at):
        yield _finding(
            "event_outside_monitoring",
            event.pointer,
            f"{name} lies outside the recorded monitoring intervals.",
            f"Was the time of {name} or the monitoring interval entered wrongly?",
            [facts.by_id[f"{event.group}.onset"]],
        )
    baselines = [
        moment
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == event.modality and (moment := fact.instant("at")) is not None
    ]
    if baselines and utc(at) < min(utc(moment) for moment in baselines):
        yield _finding(
            "event_before_baseline",
            event.pointer,
            f"{name} lies before the first baseline of its modality.",
            f"Was the time of {name} or of the baseline entered wrongly?",
            [facts.by_id[f"{event.group}.onset"]],
        )


def _chain_order(facts: Facts, event: Fact) -> Iterator[Finding]:
    begun = facts.by_id[f"{event.group}.onset"].instant("onset_at")
    name = event.text("id")
    late: list[tuple[Fact, str]] = []
    if begun is not None:
        for kind, what in (("event.told", "told"), ("event.retest", "re-tested"), ("event.resolution", "resolved")):
            late.extend(
                (fact, what)
                for fact in facts.in_group(event.group, kind)
                if (at := fact.instant("at")) is not None and utc(at) < utc(begun)
            )
    for fact, what in late:
        yield _finding(
            "chain_order",
            fact.pointer,
            f"{name} is recorded as {what} before its onset.",
            f"Which time of {name} is right?",
            [fact],
        )
    for fact in facts.in_group(event.group, "event.ack"):
        told = facts.get(fact.id.replace(".ack.", ".told."))
        at, told_at = fact.instant("at"), told.instant("at") if told is not None else None
        if at is not None and told_at is not None and utc(at) < utc(told_at):
            yield _finding(
                "chain_order",
                fact.pointer,
                f"{name} is recorded as acknowledged before anybody was told.",
                f"Which time of {name} is right?",
                [fact],
            )


def _closing_after_last_data(facts: Facts) -> Iterator[Finding]:
    for fact in facts.of_kind("channel.closing"):
        last = facts.by_id[f"modality.{fact.modality}"] if f"modality.{fact.modality}" in facts.by_id else None
        end, at = last.instant("last_data_at") if last is not None else None, fact.instant("at")
        if last is not None and end is not None and at is not None and utc(at) > utc(end):
            yield _finding(
                "closing_after_last_data",
                fact.pointer,
                f"A closing {last.text('label')} reading is later than the last data of the modality.",
                "Which time is right, the closing reading or the last data?",
                [fact, last],
            )


def _unobtainable_then_measured(facts: Facts) -> Iterator[Finding]:
    for channel in facts.of_kind("channel"):
        baselines = facts.in_group(channel.id, "channel.baseline")
        if any(fact.status in ("measured", "present", "not_recorded") for fact in baselines):
            continue
        later = [
            fact
            for kind in ("channel.measurement", "channel.closing")
            for fact in facts.in_group(channel.id, kind)
            if fact.status in ("measured", "present")
        ]
        if later:
            yield _finding(
                "no_baseline_then_value",
                baselines[-1].pointer,
                f"The {channel.side} {channel.text('label')} baseline is recorded as {baselines[-1].text('text')}, and "
                "a later reading has a response.",
                "Was a baseline obtained, and when?",
                [baselines[-1], later[0]],
            )


def _motor_under_block(facts: Facts) -> Iterator[Finding]:
    readings = [
        (utc(at), fact)
        for fact in facts.of_kind("tof")
        if (at := fact.instant("at")) is not None and fact.number("count") is not None
    ]
    if not any(fact.number("count") == 0 for _, fact in readings):
        return
    reversals = [
        utc(at)
        for fact in facts.of_kind("agent")
        if fact.status == "nmb_reversal" and (at := fact.instant("start_at")) is not None
    ]
    statements = [
        (fact, at)
        for kind in ("channel.closing", "channel.measurement", "channel.baseline", "event.retest.value")
        for fact in facts.of_kind(kind)
        if vocabulary("modalities")[fact.modality].extra.get("needs_tof")
        and fact.status in ("measured", "present", "absent")
        and (at := fact.instant("at")) is not None
    ]
    statements += [
        (facts.by_id[f"{event.group}.onset"], at)
        for event in facts.of_kind("event")
        if event.modality
        and vocabulary("modalities")[event.modality].extra.get("needs_tof")
        and (at := _begun(facts, event)) is not None
    ]
    reported: set[str] = set()
    for fact, at in statements:
        before = [pair for pair in readings if pair[0] <= utc(at)]
        if not before:
            continue
        moment, last = max(before, key=lambda pair: pair[0])
        if last.number("count") != 0 or any(moment <= reversal <= utc(at) for reversal in reversals):
            continue
        if last.id in reported:
            continue
        reported.add(last.id)
        yield _finding(
            "motor_under_block",
            fact.pointer,
            f"A motor or EMG statement follows a train-of-four of 0/4 at {last.text('at')} without reversal between.",
            "What was the neuromuscular block at that time?",
            [fact, last],
        )


def _typed_percent(facts: Facts) -> Iterator[Finding]:
    for kind in ("event.value", "event.retest.value", "channel.measurement", "channel.closing"):
        for fact in facts.of_kind(kind):
            stated = fact.number("stated_pct_of_baseline")
            change = facts.get(f"{fact.id}.change")
            computed = change.number("amplitude_pct_of_baseline") if change is not None else None
            if stated is None or computed is None or change is None:
                continue
            if abs(stated - computed) > _ROUNDING_POINTS:
                yield _finding(
                    "percent_typed_against_computed",
                    f"{fact.pointer}/reading/amplitude_pct_of_baseline",
                    f"The record states {fact.text('stated_pct_of_baseline')} of baseline; the recorded values give "
                    f"{change.text('amplitude_pct_of_baseline')}.",
                    "Which is right, the typed percent or the values?",
                    [fact, change],
                )


def _sides(facts: Facts) -> Iterator[Finding]:
    surgery = facts.by_id["surgery.side"]
    operated = surgery.side if surgery.side in ("left", "right") else ""
    traps = vocabulary("icd10cm_traps")
    for fact in facts.of_kind("diagnosis"):
        code = fact.text("icd10cm")
        coded = str(traps[code].extra.get("side") or "") if code in traps else ""
        stated = fact.side if fact.side in ("left", "right", "bilateral") else ""
        if coded and stated and coded != stated:
            yield _finding(
                "diagnosis_code_side",
                f"{fact.pointer}/icd10cm",
                f"The diagnosis code carries the side {coded}, and the diagnosis is recorded as {stated}.",
                "Which side is right?",
                [fact],
                "surgeon",
            )
        named = stated or coded
        if operated and named in ("left", "right") and named != operated:
            yield _finding(
                "diagnosis_against_surgery_side",
                "/surgery/side",
                f"The diagnosis is on the {named} side, and surgery is recorded on the {operated} side.",
                "Which side was operated?",
                [fact, surgery],
                "surgeon",
            )


def _milestone_order(facts: Facts) -> Iterator[Finding]:
    times = {
        fact.status: (utc(at), fact)
        for fact in facts.of_kind("milestone")
        if fact.status in _ORDERED and (at := fact.instant("at")) is not None
    }
    known = [times[code] for code in _ORDERED if code in times]
    for (earlier_at, earlier), (later_at, later) in zip(known, known[1:], strict=False):
        if later_at < earlier_at:
            yield _finding(
                "milestone_order",
                later.pointer,
                f"{later.text('label')} is recorded before {earlier.text('label')}.",
                "Which time is right?",
                [earlier, later],
            )


def _professional(facts: Facts) -> Iterator[Finding]:
    time = facts.get("anesthesia.time")
    start_at, end_at = (time.instant("start_at"), time.instant("end_at")) if time is not None else (None, None)
    overlap = facts.get("professional.other_cases")
    for fact in facts.of_kind("session"):
        begin, end = fact.instant("start_at"), fact.instant("end_at")
        if (begin is not None and start_at is not None and utc(begin) < utc(start_at)) or (
            end is not None and end_at is not None and utc(end) > utc(end_at)
        ):
            yield _finding(
                "session_outside_anesthesia",
                fact.pointer,
                "A session of the professional lies partly outside the anesthesia time.",
                "Which time is right, the session or the anesthesia?",
                [fact],
                "professional",
            )
    sessions = facts.of_kind("session")
    if (
        sessions
        and overlap is not None
        and overlap.number("most_at_once")
        and all(fact.number("other_open_cases") == 0 for fact in sessions)
    ):
        yield _finding(
            "exclusive_against_other_cases",
            overlap.pointer,
            "Every session is recorded with no other case open, and sessions in other cases overlap it.",
            "Which other cases were open at the same time?",
            [overlap, *sessions],
            "professional",
        )


def _own_words(facts: Facts) -> Iterator[Finding]:
    """The professional's own text against the record: it is printed verbatim, so a mismatch has to be shown."""
    own = facts.by_id["opinion.impression"]
    if own.status == "not_recorded":
        return
    words = own.text("text")
    gaps = [*facts.of_kind("interval.gap"), *facts.of_kind("interval.outage")]
    if gaps and re.search(r"\b(continuous(ly)?|uninterrupted|without interruption)\b", words, re.IGNORECASE):
        yield _finding(
            "continuous_with_gap",
            own.pointer,
            f"The impression says continuous, and {len(gaps)} gaps or outages are recorded.",
            "Should the impression name the gaps?",
            [own, *gaps],
            "professional",
        )
    known = {
        round(abs(value.number))
        for fact in facts
        for value in fact.values
        if value.number is not None and value.text.endswith("%")
    }
    known |= {100 - number for number in known if number <= 100}
    odd = sorted({round(float(text)) for text in _PERCENT.findall(words)} - known)
    if odd:
        yield _finding(
            "percent_in_impression",
            own.pointer,
            "The impression states a percent that no recorded or computed value gives.",
            "Which value does the percent in the impression refer to?",
            [own],
            "professional",
        )
