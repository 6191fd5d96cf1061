"""Each modality: baseline or reason, closing status, review, criterion, last data (clinical reference §1.3, §1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, get_args

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.required.extent import role_named
from report_gen.checks.subjects import named
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.modalities import ModalityCourse
from report_gen.facts.wording import joined, utc
from report_gen.vocab import modality_of_test, vocabulary
from report_gen.vocab.entries import TestKind

__all__ = ["ABSENT_MODALITY_CHECKS", "ALL_MODALITIES_CHECKS", "MODALITY_CHECKS"]


def _performed(facts: Facts) -> tuple[Fact, ...]:
    """Modalities that were performed."""
    return tuple(fact for fact in facts.of_kind("modality") if fact.status == "performed")


def _unasked(facts: Facts, modality: Fact | None = None) -> bool:
    """Whether nobody can be asked before the draft is closed: no technologist is named, or no reading was entered.

    A record without a measured reading and its time was not taken from the machine, so that none can be read there now.
    """
    if not role_named(facts, "technologist"):
        return True
    kinds = ("channel.baseline", "channel.measurement", "channel.closing")
    return modality is not None and not any(
        fact.modality == modality.modality and fact.status == "measured" and fact.instant("at") is not None
        for kind in kinds
        for fact in facts.of_kind(kind)
    )


def _not_performed_reason(facts: Facts) -> Iterator[Fired]:
    for modality in facts.of_kind("modality"):
        if modality.status == "not_performed" and not modality.text("reason"):
            place = f"{modality.pointer}/not_performed_reason"
            yield fired(place, modality, about=modality, eased=_unasked(facts), modality=modality.text("label"))


def _is_missing(fact: Fact) -> bool:
    """Whether there is no such reading: a recorded one has a state, and `not_recorded` is none."""
    return not fact.code("text") or fact.status == "not_recorded"


def _has_data(facts: Facts, modality: Fact) -> bool:
    """A baseline, a test, a mapping result, a train-of-four or a wake-up test, whatever the modality consists of."""
    code = modality.modality
    baselines = [fact for fact in facts.of_kind("channel.baseline") if fact.modality == code]
    if any(not _is_missing(fact) for fact in baselines):
        return True
    if any(fact.modality == code for fact in (*facts.of_kind("threshold"), *facts.of_kind("mapping"))):
        return True
    entry = vocabulary("modalities")[code]
    if entry.milestone is not None:
        return any(fact.status == entry.milestone for fact in facts.of_kind("milestone"))
    return entry.of_block and any(fact.status == "recorded" for fact in facts.of_kind("tof"))


def _baseline(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    modality = course.modality
    if not _of_tests(facts, modality) and not _has_data(facts, modality) and not modality.text("reason"):
        yield fired(
            modality.pointer, modality, about=modality, eased=_unasked(facts, modality), modality=modality.text("label")
        )


def _of_tests(facts: Facts, modality: Fact) -> bool:
    """Whether a modality has results and no baseline: single tests, maps, train-of-four, a wake-up test."""
    entry = vocabulary("modalities")[modality.modality]
    followed = any(fact.modality == modality.modality for fact in facts.of_kind("channel"))
    tested = entry.group == "mapping" or modality.modality in {
        modality_of_test(kind).code for kind in get_args(TestKind)
    }
    return entry.milestone is not None or entry.of_block or (tested and not followed)


def _test_result(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    """A test without a result; of screws the table is asked for."""
    modality = course.modality
    of_screws = modality.modality == modality_of_test("screw").code
    if _of_tests(facts, modality) and not of_screws and not _has_data(facts, modality) and not modality.text("reason"):
        yield fired(modality.pointer, modality, about=modality, modality=modality.text("label"))


def _closings(facts: Facts, modality: Fact) -> tuple[list[Fact], bool]:
    """The closing readings that are missing, and whether those are all that there should be."""
    closings = [fact for fact in facts.of_kind("channel.closing") if fact.modality == modality.modality]
    missing = [fact for fact in closings if _is_missing(fact)]
    return missing, bool(closings) and len(missing) == len(closings)


def _closing(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    modality = course.modality
    _, none_left = _closings(facts, modality)
    if none_left:
        yield fired(
            modality.pointer, modality, about=modality, eased=_unasked(facts, modality), modality=modality.text("label")
        )


def _channel_closing(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    missing, none_left = _closings(facts, course.modality)
    for fact in () if none_left else missing:
        channel = facts.by_id[fact.group]
        yield fired(fact.pointer, fact, about=channel, channel=named(channel))


def _baseline_review(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    """Of baselines that the record has: one that it lacks is asked for first."""
    modality, review = course.modality, course.baseline_review
    code = modality.modality
    recorded = any(fact.modality == code and not _is_missing(fact) for fact in facts.of_kind("channel.baseline"))
    if recorded and review is not None and (review.status == "not_recorded" or not review.text("at")):
        yield fired(f"{modality.pointer}/baseline_review", modality, about=modality, modality=modality.text("label"))


def _baseline_rejected(_: Facts, course: ModalityCourse) -> Iterator[Fired]:
    review = course.baseline_review
    if review is not None and review.status == "rejected":
        yield fired(review.pointer, review, about=course.modality, modality=course.modality.text("label"))


def _reset_authorization(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    """A reset that nobody authorized and no later review covers: a new baseline needs one of the two."""
    modality, review, stated = course.modality, course.baseline_review, course.baseline_resets
    if review is None:
        return
    measured = [
        fact
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == modality.modality and fact.code("baseline_kind") == "reset"
    ]
    authorized = [fact for fact in stated if fact.text("authorized_by")]
    times = [at for fact in measured if (at := fact.instant("at")) is not None]
    reviewed_after = bool(times) and not earlier(review.instant("at"), max(times, key=utc)) and review.text("at") != ""
    if (measured or stated) and not authorized and not reviewed_after:
        place = (stated or measured)[0].pointer
        yield fired(place, *stated, *measured, about=modality, modality=modality.text("label"))


def _criterion(facts: Facts) -> Iterator[Fired]:
    covered = {code for fact in facts.of_kind("criterion") for code in fact.codes("modalities")}
    followed = {fact.modality for fact in facts.of_kind("channel")}
    controls = {code for code, entry in vocabulary("modalities").entries.items() if entry.of_block}
    lacking = [fact for fact in _performed(facts) if fact.modality in followed - covered - controls]
    if lacking:
        yield fired("/criteria", *lacking, modalities=joined(fact.text("label") for fact in lacking))


def _last_data(facts: Facts) -> Iterator[Fired]:
    untimed = [fact for fact in _performed(facts) if not fact.text("last_data_at")]
    if untimed:
        names = joined(fact.text("label") for fact in untimed)
        yield fired(f"{untimed[0].pointer}/last_data_at", *untimed, modalities=names)


ABSENT_MODALITY_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {"required.not_performed_reason": _not_performed_reason}
)
"""What is missing of modalities that were not performed."""

MODALITY_CHECKS: Final[Checks[[Facts, ModalityCourse]]] = MappingProxyType(
    {
        "required.baseline": _baseline,
        "required.test_result": _test_result,
        "required.closing": _closing,
        "required.channel_closing": _channel_closing,
        "required.baseline_review": _baseline_review,
        "required.baseline_rejected": _baseline_rejected,
        "required.reset_authorization": _reset_authorization,
    }
)
"""What is missing of each modality performed."""

ALL_MODALITIES_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "required.criterion": _criterion,
        "required.last_data": _last_data,
    }
)
"""What is asked once for all modalities performed."""
