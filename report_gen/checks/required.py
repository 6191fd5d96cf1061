"""Fields that must be there before a draft is closed (G1) or signed (G2), and those whose absence only warns.

Source of the gates: clinical reference §1.8. A value that the record itself states as not recorded counts as given,
except where signing needs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.model import Ask, Finding, Gate, Severity
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["required_findings"]

_SOURCE = "clinical reference §1.8"
_PROFESSIONAL = "interpreting_professional"


def _finding(
    code: str, severity: Severity, gate: Gate, pointer: str, message: str, question: str, ask: Ask, *facts: Fact
) -> Finding:
    return Finding(
        code=f"required.{code}",
        severity=severity,
        gate=gate,
        pointer=pointer,
        message=message,
        question=question,
        ask=ask,
        source=_SOURCE,
        facts=tuple(fact.id for fact in facts),
    )


def required_findings(facts: Facts) -> Iterator[Finding]:
    """Every absent field that a gate asks for."""
    yield from _people(facts)
    yield from _modalities(facts)
    yield from _core_fields(facts)
    yield from _events(facts)
    yield from _professional(facts)
    yield from _state(facts)


def _people(facts: Facts) -> Iterator[Finding]:
    roles = {fact.status for fact in facts.of_kind("person")}
    if "technologist" not in roles:
        yield _finding(
            "technologist",
            "block",
            "draft",
            "/people",
            "No technologist is recorded.",
            "Who was the technologist, with which credential?",
            "technologist",
        )
    if _PROFESSIONAL not in roles:
        yield _finding(
            "professional",
            "block",
            "sign",
            "/people",
            "No interpreting professional is recorded.",
            "Who interpreted this case?",
            "professional",
        )
    for fact in facts.of_kind("person"):
        if fact.status == _PROFESSIONAL and not fact.text("work_location"):
            in_room = any(row.status == "in_room" for row in facts.of_kind("session"))
            yield _finding(
                "professional_location",
                "warn" if in_room else "block",
                "sign",
                f"{fact.pointer}/work_location",
                "The professional's location is not recorded.",
                "From where did you monitor this case?",
                "professional",
                fact,
            )
        if fact.status in ("technologist", _PROFESSIONAL) and not fact.text("credentials"):
            yield _finding(
                "credentials",
                "warn",
                "sign",
                f"{fact.pointer}/credentials",
                f"No credential of the {fact.text('role')} is recorded.",
                "Which credential, number and validity?",
                "schedule",
                fact,
            )


def _has_data(facts: Facts, modality: str) -> bool:
    channels = [fact for fact in facts.of_kind("channel.baseline") if fact.modality == modality]
    if any(fact.pointer.count("/") > 3 for fact in channels):
        return True
    tests = [*facts.of_kind("threshold"), *facts.of_kind("mapping")]
    if any(fact.modality == modality for fact in tests):
        return True
    return modality == "tof" and any(fact.status == "recorded" for fact in facts.of_kind("tof"))


def _modalities(facts: Facts) -> Iterator[Finding]:
    for modality in facts.of_kind("modality"):
        label, code = modality.text("label"), modality.modality
        if modality.status == "requested_not_listed":
            yield _finding(
                "requested_modality",
                "block",
                "sign",
                modality.pointer,
                f"{label} was requested and the record does not say whether it was performed.",
                f"Was {label} performed, and if not, why?",
                "technologist",
                modality,
            )
            continue
        if modality.status == "not_performed":
            if not modality.text("reason"):
                yield _finding(
                    "not_performed_reason",
                    "block",
                    "draft",
                    f"{modality.pointer}/not_performed_reason",
                    f"{label} was not performed and no reason is recorded.",
                    f"Why was {label} not performed?",
                    "technologist",
                    modality,
                )
            continue
        if not _has_data(facts, code) and not modality.text("reason"):
            yield _finding(
                "baseline",
                "block",
                "draft",
                modality.pointer,
                f"{label} has neither a baseline nor a reason for its absence.",
                f"What was the {label} baseline, or why was none obtained?",
                "technologist",
                modality,
            )
        closings = [fact for fact in facts.of_kind("channel.closing") if fact.modality == code]
        if closings and all(fact.pointer.endswith("/measurements") for fact in closings):
            yield _finding(
                "closing",
                "block",
                "draft",
                modality.pointer,
                f"{label} has no closing reading.",
                f"What was the closing {label} reading?",
                "technologist",
                modality,
            )
        for fact in closings:
            if fact.pointer.endswith("/measurements") and not all(
                row.pointer.endswith("/measurements") for row in closings
            ):
                channel = facts.by_id[fact.group]
                yield _finding(
                    "channel_closing",
                    "warn",
                    "sign",
                    fact.pointer,
                    f"No closing reading of the {channel.side} {channel.text('label')} is recorded.",
                    "What was its closing reading?",
                    "technologist",
                    fact,
                )
        review = facts.get(f"{modality.group}.baseline_review")
        if review is not None and (review.status == "not_recorded" or not review.text("at")):
            yield _finding(
                "baseline_review",
                "block",
                "sign",
                f"{modality.pointer}/baseline_review",
                f"The time at which the {label} baselines were reviewed is not recorded.",
                f"When did you review the {label} baselines, and did you accept them?",
                "professional",
                modality,
            )


def _core_fields(facts: Facts) -> Iterator[Finding]:
    """Core and conditional fields of each modality, as its vocabulary entry lists them."""
    for modality in facts.of_kind("modality"):
        if modality.status != "performed":
            continue
        extra = vocabulary("modalities")[modality.modality].extra
        label = modality.text("label")
        missing: set[str] = set()
        lacking: list[Fact] = []
        for fact in facts.of_kind("channel.baseline"):
            if fact.modality == modality.modality and fact.status == "measured":
                absent = {name for name in extra["core_parameters"] if fact.value(name) is None}
                missing |= absent
                lacking.extend([fact] if absent else [])
        if missing:
            names = joined(vocabulary("parameters").display(name) for name in sorted(missing))
            yield _finding(
                "core_parameter",
                "warn",
                "draft",
                lacking[0].pointer,
                f"{len(lacking)} {label} baseline readings lack {names}.",
                f"What was the {names}?",
                "technologist",
                *lacking[:20],
            )
        if extra["stimulated"] and any(
            fact.status == "not_recorded" for fact in facts.in_group(modality.group, "modality.stimulation")
        ):
            yield _finding(
                "stimulation",
                "warn",
                "draft",
                f"{modality.pointer}/stimulation",
                f"{label} stimulation settings are not recorded.",
                f"Which {label} stimulation settings were used?",
                "technologist",
                modality,
            )
        recording = facts.get(f"{modality.group}.recording")
        if recording is not None and (
            recording.status == "not_recorded" or "impedances not recorded" in recording.text("text")
        ):
            yield _finding(
                "recording",
                "warn",
                "draft",
                f"{modality.pointer}/recording",
                f"{label} recording settings or impedances are not recorded.",
                f"Which {label} filters and impedances were recorded?",
                "technologist",
                modality,
            )
        if modality.modality == "emg_triggered_screw" and not facts.in_group("threshold.screw", "threshold"):
            yield _finding(
                "screw_table",
                "warn",
                "draft",
                "/threshold_tests",
                "Screw stimulation was performed and no result is recorded.",
                "What were the thresholds by level and side?",
                "technologist",
                modality,
            )


def _events(facts: Facts) -> Iterator[Finding]:
    for event in facts.of_kind("event"):
        name, place = event.text("id"), event.pointer
        signal = event.status in ("alert", "change", "improvement")
        onset = facts.by_id[f"{event.group}.onset"]
        if onset.status == "not_recorded":
            # Published and late-entered cases have no clock times; the report prints that, signing asks for it.
            yield _finding(
                "event_onset",
                "warn",
                "draft",
                place,
                f"The time of {name} is not recorded.",
                f"When did {name} begin, or between which times?",
                "technologist",
                onset,
            )
        if signal and not event.modality:
            yield _finding(
                "event_modality",
                "block",
                "draft",
                f"{place}/modality",
                f"{name} names no modality.",
                f"Which modality showed {name}?",
                "technologist",
                event,
            )
        if signal and event.side == "not_recorded":
            yield _finding(
                "event_side",
                "warn",
                "draft",
                f"{place}/side",
                f"The side of {name} is not recorded.",
                f"Which side did {name} affect?",
                "technologist",
                event,
            )
        if event.status != "alert":
            continue
        for fact in facts.in_group(event.group, "event.ack"):
            if fact.status == "not_recorded" and fact.text("to") in ("surgeon", "surgical team"):
                yield _finding(
                    "acknowledgement",
                    "block",
                    "sign",
                    f"{fact.pointer}/acknowledged",
                    f"Acknowledgement of {name} by the {fact.text('to')} is not recorded.",
                    f"Did the {fact.text('to')} acknowledge {name}, when and in which words?",
                    "technologist",
                    fact,
                )
        for fact in facts.in_group(event.group, "event.told"):
            if fact.status != "not_recorded" and not fact.text("at"):
                yield _finding(
                    "notification_time",
                    "block",
                    "sign",
                    f"{fact.pointer}/at",
                    f"The time at which the {fact.text('to')} was told of {name} is not recorded.",
                    f"When was the {fact.text('to')} told of {name}?",
                    "technologist",
                    fact,
                )
        physiology = facts.get(f"{event.group}.physiology")
        if physiology is not None and not physiology.text("map_mmhg"):
            yield _finding(
                "physiology_at_alert",
                "warn",
                "sign",
                physiology.pointer,
                f"Mean arterial pressure at {name} is not recorded.",
                f"What was the mean arterial pressure at {name}?",
                "anesthesia",
                physiology,
            )


def _professional(facts: Facts) -> Iterator[Finding]:
    for fact in facts.of_kind("professional.sessions"):
        yield _finding(
            "professional_sessions",
            "block",
            "sign",
            fact.pointer,
            "The professional's times of attention are not recorded.",
            "From when to when, and in which mode, did you attend to this case?",
            "professional",
            fact,
        )
    for fact in facts.of_kind("opinion.impression"):
        if fact.status == "not_recorded":
            yield _finding(
                "impression",
                "block",
                "sign",
                fact.pointer,
                "The professional's impression is not entered.",
                "What is your impression: adopt, edit or replace the proposal?",
                "professional",
                fact,
            )
    review = facts.by_id["limitations.review"]
    if review.status == "not_recorded":
        yield _finding(
            "limitations_review",
            "block",
            "sign",
            "/limitations/reviewed_at",
            "A review of the limitations is not recorded.",
            "Have you reviewed the limitations, and when?",
            "professional",
            review,
        )


def _state(facts: Facts) -> Iterator[Finding]:
    pressure = facts.by_id["physiology.map_mmhg"]
    if pressure.status == "not_recorded":
        yield _finding(
            "physiology",
            "warn",
            "draft",
            "/physiology",
            "Mean arterial pressure is not recorded.",
            "Which pressures does the anesthesia record show?",
            "anesthesia",
            pressure,
        )
    for fact in facts.of_kind("tof"):
        if fact.status == "not_recorded":
            yield _finding(
                "tof",
                "warn",
                "draft",
                "/anesthesia/train_of_four",
                "Train-of-four is not recorded although a modality depends on the neuromuscular block.",
                "Which train-of-four readings were taken, where and when?",
                "technologist",
                fact,
            )
    if facts.by_id["adverse_effects"].status == "not_recorded":
        yield _finding(
            "adverse_effects",
            "warn",
            "draft",
            "/adverse_effects",
            "A check for adverse effects of monitoring is not recorded.",
            "Were tongue, lips and needle sites checked, and what was seen?",
            "technologist",
            facts.by_id["adverse_effects"],
        )
    if facts.by_id["anesthesia.regimen"].status == "not_recorded":
        yield _finding(
            "anesthesia",
            "warn",
            "sign",
            "/anesthesia",
            "The anesthetic regimen is not recorded.",
            "Which agents and doses were given?",
            "anesthesia",
            facts.by_id["anesthesia.regimen"],
        )
    undosed = [fact for fact in facts.of_kind("agent") if not fact.text("dose")]
    if undosed:
        yield _finding(
            "anesthesia_dose",
            "warn",
            "sign",
            undosed[0].pointer,
            f"{len(undosed)} agents have no dose.",
            "Which doses were given?",
            "anesthesia",
            *undosed,
        )
    exam = facts.by_id["postoperative.examination"]
    if exam.status == "performed" and not exam.text("examiner"):
        yield _finding(
            "postoperative_examiner",
            "warn",
            "sign",
            exam.pointer,
            "The examiner of the post-operative examination is not recorded.",
            "Who examined the patient?",
            "surgeon",
            exam,
        )
    if facts.by_id["surgery.side"].side == "not_recorded":
        yield _finding(
            "surgery_side",
            "warn",
            "draft",
            "/surgery/side",
            "The side of surgery is not recorded.",
            "Which side was operated, or is the procedure in the midline?",
            "surgeon",
            facts.by_id["surgery.side"],
        )
    for fact in facts.of_kind("milestone.missing"):
        yield _finding(
            "milestone",
            "warn",
            "sign",
            fact.pointer,
            f"The time of {fact.text('label')} is not recorded.",
            f"When was {fact.text('label')}?",
            "technologist",
            fact,
        )
    if not facts.of_kind("interval.monitoring"):
        yield _finding(
            "monitoring_times",
            "block",
            "sign",
            "/intervals",
            "The times of monitoring are not recorded.",
            "When did monitoring start and end?",
            "technologist",
        )
