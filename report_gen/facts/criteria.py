"""A reading against its baseline and against the criterion in force: arithmetic only, no judgement.

Percent change is (value - baseline) / baseline x 100, negative for a decrease (clinical reference §2.4 b).
"""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.case.signals import AlertCriterion, Condition, Reading
from report_gen.facts.wording import number_text
from report_gen.vocab import vocabulary

__all__ = ["Change", "compare", "condition_text", "criterion_text", "meets"]


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter of a reading compared with the same parameter of the baseline."""

    parameter: str
    """Field of the reading, such as `amplitude_uv`."""
    baseline: float
    """Baseline value in the unit of the parameter."""
    value: float
    """Value in the same unit."""

    @property
    def absolute(self) -> float:
        """Value minus baseline, in the unit of the parameter."""
        return self.value - self.baseline

    @property
    def percent(self) -> float | None:
        """Change in percent of the baseline, negative for a decrease; None when the baseline is zero."""
        return None if self.baseline == 0 else self.absolute / self.baseline * 100

    @property
    def percent_of_baseline(self) -> float | None:
        """Value in percent of the baseline; None when the baseline is zero."""
        return None if self.baseline == 0 else self.value / self.baseline * 100


COMPARED = (
    "amplitude_uv",
    "latency_ms",
    "interpeak_i_v_ms",
    "interpeak_i_iii_ms",
    "threshold_ma",
    "threshold_v",
    "velocity_cm_s",
    "saturation_pct",
    "pressure_mmhg",
    "spectral_edge_hz",
    "firing_rate_hz",
)


def compare(reading: Reading, baseline: Reading | None) -> tuple[Change, ...]:
    """Every parameter that both readings give as a number; empty without a measured baseline."""
    if baseline is None or baseline.state != "measured" or reading.state != "measured":
        return ()
    changes: list[Change] = []
    for name in COMPARED:
        before, now = getattr(baseline, name), getattr(reading, name)
        if before is not None and now is not None:
            changes.append(Change(name, before, now))
    return tuple(changes)


def _condition_met(condition: Condition, reading: Reading, baseline: Reading | None) -> bool | None:
    entry = vocabulary("criterion_parameters")[condition.parameter]
    comparison = str(entry.extra["comparison"])
    parameter = str(entry.extra.get("parameter") or "")
    had_response = baseline is None or baseline.state in ("measured", "present")
    if comparison == "state":
        return None
    if comparison == "loss":
        return (reading.state == "absent" and had_response) if reading.state != "not_recorded" else None
    if reading.state == "absent" and had_response and comparison == "decrease_pct":
        return True
    if condition.threshold is None:
        return None
    if comparison == "at_most":
        value = getattr(reading, parameter)
        return None if value is None else value <= condition.threshold
    stated = reading.amplitude_pct_of_baseline
    if comparison == "decrease_pct" and parameter == "amplitude_uv" and reading.amplitude_uv is None:
        return None if stated is None else 100 - stated >= condition.threshold
    change = next((row for row in compare(reading, baseline) if row.parameter == parameter), None)
    if change is None:
        return None
    amount = change.percent if comparison.endswith("_pct") else change.absolute
    if amount is None:
        return None
    # Recorded decimals such as 0.9 against 1.8 are exactly at 50 % for a reader; binary noise must not undo that.
    signed = -amount if comparison.startswith("decrease") else amount
    return signed >= condition.threshold - 1e-9


def meets(criterion: AlertCriterion, reading: Reading, baseline: Reading | None) -> bool | None:
    """Whether a reading meets a criterion; None when the record does not allow an answer."""
    answers = [_condition_met(condition, reading, baseline) for condition in criterion.conditions]
    if criterion.logic == "all":
        return False if False in answers else (None if None in answers else True)
    return True if True in answers else (None if all(answer is None for answer in answers) else False)


def condition_text(condition: Condition) -> str:
    """A condition in words, such as `amplitude decrease of at least 50%`."""
    entry = vocabulary("criterion_parameters")[condition.parameter]
    if condition.threshold is None:
        return entry.display
    unit = str(entry.extra.get("unit") or "")
    amount = number_text(condition.threshold)
    return f"{entry.display} {amount}{'' if unit in ('', '%') else ' '}{unit}"


def criterion_text(criterion: AlertCriterion) -> str:
    """All conditions in words, joined by their logic."""
    joiner = " or " if criterion.logic == "any" else " and "
    return joiner.join(condition_text(condition) for condition in criterion.conditions)
