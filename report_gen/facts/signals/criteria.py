"""A reading against its baseline and against the criterion in force: arithmetic only, no judgement.

Percent change is (value - baseline) / baseline x 100, negative for a decrease (clinical reference §2.4 b). Every answer
is three-valued: what the record does not allow to be answered stays None, and is never read as `within`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from report_gen.case.contract.model import Case
from report_gen.case.contract.signals import AlertCriterion, Condition, Reading
from report_gen.facts.wording import number_text
from report_gen.vocab import compared_parameters, vocabulary
from report_gen.vocab.entries import CriterionParameter

__all__ = [
    "ATTEMPTED_STATES",
    "RESPONSE_STATES",
    "Change",
    "absolute_limits",
    "all_true",
    "any_true",
    "compare",
    "compared_baseline",
    "condition_text",
    "criterion_brief",
    "criterion_text",
    "for_improvement",
    "meets",
    "responded",
]

RESPONSE_STATES = ("measured", "present", "increased", "reduced", "hard_to_elicit", "changed")
"""States of a reading in which there was a response."""
ATTEMPTED_STATES = (*RESPONSE_STATES, "absent")
"""States of a reading in which a response was looked for, and which say whether there was one."""

_NOISE = 1e-9
"""Recorded decimals such as 0.9 against 1.8 are exactly at 50 % for a reader; binary noise must not undo that."""

_LARGEST_RATIO = 1e6


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter of a reading compared with the same parameter of the baseline."""

    parameter: str
    """Field of the reading, such as `amplitude_uv`."""
    baseline: float
    """Baseline value in the unit of the parameter."""
    value: float
    """Value in the same unit."""

    absolute: float = field(init=False)
    """Value minus baseline, in the unit of the parameter."""
    percent: float | None = field(init=False)
    """Change in percent of the baseline, negative for a decrease; None when the baseline is zero or next to it."""

    def __post_init__(self) -> None:
        """Compute once what is asked for several times."""
        object.__setattr__(self, "absolute", self.value - self.baseline)
        object.__setattr__(self, "percent", _percent(self.absolute, self.baseline))

    @property
    def percent_of_baseline(self) -> float | None:
        """Value in percent of the baseline; None when the baseline is zero or next to it."""
        return _percent(self.value, self.baseline)


def _percent(part: float, whole: float) -> float | None:
    """A percentage; None where the whole is so small beside the part that it means nothing."""
    if whole == 0 or abs(part) / _LARGEST_RATIO > abs(whole):
        return None
    return part / whole * 100


def responded(reading: Reading) -> bool | None:
    """Whether the reading shows a reproducible response; None when it does not say.

    An amplitude of zero is no response (clinical reference §3.2). A trace that cannot be interpreted says nothing.
    """
    if reading.quality == "not_interpretable":
        return None
    if reading.state == "absent":
        return False
    if reading.state not in RESPONSE_STATES:
        return None
    if reading.state != "measured":
        return True
    if reading.amplitude_uv is not None:
        return reading.amplitude_uv > 0
    return True if any(getattr(reading, name) is not None for name in compared_parameters()) else None


def compare(reading: Reading, baseline: Reading | None) -> tuple[Change, ...]:
    """Every parameter that both readings give as a number; empty without a measured baseline."""
    if baseline is None or baseline.state != "measured" or reading.state != "measured":
        return ()
    changes: list[Change] = []
    at_baseline, now = baseline.__dict__, reading.__dict__
    for name in compared_parameters():
        if at_baseline[name] is not None and now[name] is not None:
            changes.append(Change(name, at_baseline[name], now[name]))
    return tuple(changes)


def _lost(reading: Reading, baseline: Reading | None) -> bool | None:
    """Whether a response of the baseline is gone; None when the record does not allow an answer."""
    now = responded(reading)
    if now is not False:
        return None if now is None else False
    return None if baseline is None else responded(baseline)


def _change_met(condition: Condition, comparison: str, change: float | None) -> bool | None:
    """A computed change, negative for a decrease, against the threshold."""
    if change is None or condition.threshold is None:
        return None
    signed = -change if comparison.startswith("decrease") else change
    return signed >= condition.threshold - _NOISE


def _computed_change(comparison: str, parameter: str, reading: Reading, changes: Sequence[Change]) -> float | None:
    """The change in the unit that the comparison asks for; a typed percent stands in where numbers are missing."""
    change = next((change for change in changes if change.parameter == parameter), None)
    if change is not None:
        return change.percent if comparison.endswith("_pct") else change.absolute
    stated = reading.amplitude_pct_of_baseline
    if parameter == "amplitude_uv" and comparison.endswith("_pct") and stated is not None:
        return stated - 100
    return None


def _condition_met(
    condition: Condition, reading: Reading, baseline: Reading | None, changes: Sequence[Change]
) -> bool | None:
    """Whether a condition is met, three-valued. A state is a judgement, but where the coded pattern is that state."""
    entry = vocabulary("criterion_parameters")[condition.parameter]
    comparison, parameter = entry.comparison, entry.parameter or ""
    if "not_interpretable" in (reading.quality, baseline.quality if baseline else None):
        return None
    if comparison == "state":
        return _state_met(entry, reading, baseline)
    if comparison == "loss":
        return _lost(reading, baseline)
    gone = reading.state == "absent" and parameter == "amplitude_uv"
    if comparison == "at_most":
        value = 0.0 if gone else getattr(reading, parameter)
        return None if value is None or condition.threshold is None else value <= condition.threshold + _NOISE
    if gone and _lost(reading, baseline):
        # A lost response is beyond any decrease and cannot be an increase.
        return comparison.startswith("decrease")
    return _change_met(condition, comparison, _computed_change(comparison, parameter, reading, changes))


def _state_met(entry: CriterionParameter, reading: Reading, baseline: Reading | None) -> bool | None:
    """Whether the coded pattern is the state of a condition; None where it does not say, or was so at baseline."""
    if reading.state != "measured" or reading.pattern is None:
        return None
    if reading.pattern in entry.not_met_by:
        return False
    before = baseline.pattern if baseline is not None else None
    return True if reading.pattern in entry.met_by and before not in entry.met_by else None


def any_true(answers: list[bool | None]) -> bool | None:
    """True when one is true; None when none is and one is unknown; False when all are false."""
    return True if True in answers else (None if None in answers else False)


def all_true(answers: list[bool | None]) -> bool | None:
    """False when one is false; None when none is and one is unknown; True when all are true."""
    return False if False in answers else (None if None in answers else True)


def meets(
    criterion: AlertCriterion, reading: Reading, baseline: Reading | None, changes: Sequence[Change] | None = None
) -> bool | None:
    """Whether a reading meets a criterion; None when the record does not allow an answer.

    Args:
        criterion: The criterion.
        reading: The reading.
        baseline: What it is compared with. None: there is nothing.
        changes: Its changes from the baseline, where they are known already.
    """
    changes = compare(reading, baseline) if changes is None else changes
    answers = [_condition_met(condition, reading, baseline, changes) for condition in criterion.conditions]
    return all_true(answers) if criterion.logic == "all" else any_true(answers)


def absolute_limits(case: Case, modality: str) -> tuple[float, ...]:
    """Values at or below which a reading of the modality meets a criterion of the case, in the units of values."""
    entries = vocabulary("criterion_parameters")
    return tuple(
        [
            condition.threshold
            for criterion in case.criteria
            if modality in criterion.modalities
            for condition in criterion.conditions
            if condition.threshold is not None and entries[condition.parameter].comparison == "at_most"
        ]
    )


def compared_baseline(criterion: AlertCriterion) -> str | None:
    """The kind of baseline that a criterion compares with; None where it compares with none and names none."""
    entries = vocabulary("criterion_parameters")
    alone = all(entries[condition.parameter].comparison in ("at_most", "state") for condition in criterion.conditions)
    named = "baseline_kind" in criterion.model_fields_set
    return None if alone and not named else criterion.baseline_kind


def for_improvement(criterion: AlertCriterion) -> bool:
    """Whether the criterion describes an improvement (an amplitude above baseline) and not an alert."""
    return all(condition.parameter == "amplitude_increase_pct" for condition in criterion.conditions)


def condition_text(condition: Condition) -> str:
    """A condition in words, such as `amplitude decrease of at least 50%`."""
    entry = vocabulary("criterion_parameters")[condition.parameter]
    if condition.threshold is None:
        return entry.display
    amount = number_text(condition.threshold)
    return f"{entry.display} {amount}{'' if entry.unit in ('', '%') else ' '}{entry.unit}"


def criterion_brief(criterion: AlertCriterion) -> str:
    """All conditions as they stand in a line of many, such as `lost or ≥ 80% lower`."""
    words: list[str] = []
    for condition in criterion.conditions:
        entry = vocabulary("criterion_parameters")[condition.parameter]
        amount = "" if condition.threshold is None else number_text(condition.threshold)
        unit = f"{'' if entry.unit in ('', '%') else ' '}{entry.unit}"
        words.append(entry.brief.format(amount + unit) if entry.brief else condition_text(condition))
    return (" or " if criterion.logic == "any" else " and ").join(words)


def criterion_text(criterion: AlertCriterion) -> str:
    """All conditions in words, joined by their logic."""
    joiner = " or " if criterion.logic == "any" else " and "
    return joiner.join(condition_text(condition) for condition in criterion.conditions)
