"""Each modality: baseline or reason, closing status, review, criterion, last data (clinical reference §1.3, §1.6)."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import absent, earlier
from report_gen.checks.model import Finding
from report_gen.facts.modality_views import ModalityCourse
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined, utc

__all__ = ["modality_findings"]


def modality_findings(facts: Facts) -> Iterator[Finding]:
    """What is missing of the modalities."""
    performed = [fact for fact in facts.of_kind("modality") if fact.status == "performed"]
    for modality in facts.of_kind("modality"):
        if modality.status == "not_performed" and not modality.text("reason"):
            label = modality.text("label")
            yield absent(
                "not_performed_reason",
                f"{modality.pointer}/not_performed_reason",
                f"{label} was not performed and no reason is recorded.",
                f"Why was {label} not performed?",
                facts=[modality],
                severity="block",
                gate="draft",
            )
    for modality in performed:
        yield from _baseline(facts, modality)
        yield from _closing(facts, modality)
    for course in facts.modalities:
        if course.modality in performed:
            yield from _review(facts, course)
    yield from _criteria(facts, performed)
    untimed = [fact for fact in performed if not fact.text("last_data_at")]
    if untimed:
        yield absent(
            "last_data",
            f"{untimed[0].pointer}/last_data_at",
            f"The time of the last data is not recorded for {joined(fact.text('label') for fact in untimed)}.",
            "When were the last data of each modality recorded?",
            facts=untimed,
        )


def _is_missing(fact: Fact) -> bool:
    """Whether the fact stands for a reading that the record does not have at all: a recorded one has a state."""
    return not fact.code("text")


def _has_data(facts: Facts, modality: Fact) -> bool:
    """A baseline, a test, a mapping result, a train-of-four or a wake-up test, whatever the modality consists of."""
    code = modality.modality
    baselines = [fact for fact in facts.of_kind("channel.baseline") if fact.modality == code]
    if any(not _is_missing(fact) for fact in baselines):
        return True
    if any(fact.modality == code for fact in (*facts.of_kind("threshold"), *facts.of_kind("mapping"))):
        return True
    if code == "wake_up_test":
        return any(fact.status == "wake_up_test" for fact in facts.of_kind("milestone"))
    return code == "tof" and any(fact.status == "recorded" for fact in facts.of_kind("tof"))


def _baseline(facts: Facts, modality: Fact) -> Iterator[Finding]:
    label = modality.text("label")
    if not _has_data(facts, modality) and not modality.text("reason"):
        yield absent(
            "baseline",
            modality.pointer,
            f"{label} has neither a baseline nor a reason for its absence.",
            f"What was the {label} baseline, or why was none obtained?",
            facts=[modality],
            severity="block",
            gate="draft",
        )


def _closing(facts: Facts, modality: Fact) -> Iterator[Finding]:
    label = modality.text("label")
    closings = [fact for fact in facts.of_kind("channel.closing") if fact.modality == modality.modality]
    missing = [fact for fact in closings if _is_missing(fact)]
    if closings and len(missing) == len(closings):
        yield absent(
            "closing",
            modality.pointer,
            f"{label} has no closing reading.",
            f"What was the closing {label} reading?",
            facts=[modality],
            severity="block",
            gate="draft",
        )
        return
    for fact in missing:
        channel = facts.by_id[fact.group]
        side = f"{channel.side} " if channel.side in ("left", "right", "midline") else ""
        yield absent(
            "channel_closing",
            fact.pointer,
            f"No closing reading of the {side}{channel.text('label')} is recorded.",
            "What was its closing reading?",
            facts=[fact],
        )


def _review(facts: Facts, course: ModalityCourse) -> Iterator[Finding]:
    """Review of the baselines by the professional; a reset is a baseline to review again, with who decided it."""
    modality, review = course.modality, course.baseline_review
    label = modality.text("label")
    if review is None:
        return
    if review.status == "not_recorded" or not review.text("at"):
        yield absent(
            "baseline_review",
            f"{modality.pointer}/baseline_review",
            f"The time at which the {label} baselines were reviewed is not recorded.",
            f"When did you review the {label} baselines, and did you accept them?",
            facts=[modality],
            severity="block",
            ask="professional",
        )
    if review.status == "rejected":
        yield absent(
            "baseline_rejected",
            review.pointer,
            f"The {label} baselines were rejected and no accepted one is recorded.",
            f"Was a later {label} baseline accepted?",
            facts=[review],
            ask="professional",
        )
    measured = [
        fact
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == modality.modality and fact.code("baseline_kind") == "reset"
    ]
    stated = course.baseline_resets
    authorized = [fact for fact in stated if fact.text("authorized_by")]
    times = [at for fact in measured if (at := fact.instant("at")) is not None]
    reviewed_after = bool(times) and not earlier(review.instant("at"), max(times, key=utc)) and review.text("at") != ""
    if (measured or stated) and not authorized and not reviewed_after:
        yield absent(
            "reset_authorization",
            (stated or measured)[0].pointer,
            f"Who decided on the new {label} baseline is not recorded.",
            f"Who decided on the new {label} baseline, when and why?",
            facts=[*stated, *measured],
            ask="professional",
        )


def _criteria(facts: Facts, performed: list[Fact]) -> Iterator[Finding]:
    covered = {code for fact in facts.of_kind("criterion") for code in fact.codes("modalities")}
    followed = {fact.modality for fact in facts.of_kind("channel")}
    lacking = [fact for fact in performed if fact.modality in followed - covered and fact.modality != "tof"]
    if lacking:
        yield absent(
            "criterion",
            "/criteria",
            f"No alert criterion is recorded for {joined(fact.text('label') for fact in lacking)}.",
            "Which alert criterion was in force, and from which source?",
            facts=lacking,
            ask="professional",
        )
