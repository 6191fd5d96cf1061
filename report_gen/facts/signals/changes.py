"""The change of a reading against its baseline as a fact, and its place against the criterion in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from report_gen.case.contract.signals import AlertCriterion, Reading
from report_gen.facts.builder import FactBuilder, number
from report_gen.facts.model import Fact, Value
from report_gen.facts.signals.change_names import ChangeNames, change_names, judged_names
from report_gen.facts.signals.criteria import Change, compare, for_improvement, meets
from report_gen.facts.signals.naming import ChannelView, Moment
from report_gen.facts.wording import change_text, decimals_of, number_text, percent_text, printed_decimals
from report_gen.vocab import vocabulary

__all__ = [
    "FORMULA",
    "MOST_PERCENT",
    "TOO_LARGE",
    "Compared",
    "change_fact",
    "change_phrase",
    "change_values",
    "percent_decimals",
]

FORMULA = "(value \u2212 baseline) / baseline \u00d7 100 for percent; value \u2212 baseline otherwise"
_MOST_DECIMALS = 3
MOST_PERCENT = 1000.0
"""A response above this percentage of its baseline was typed in another unit; the number would tell nobody anything."""
TOO_LARGE = "above 1000% of baseline, percentage not printed"
"""Stands for such a percentage; the reading itself is printed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A reading of a channel at a time, and the criterion it is held against."""

    view: ChannelView
    reading: Reading
    moment: Moment
    criterion: AlertCriterion | None
    """None: no criterion is recorded."""
    reference: tuple[int, Reading] | None = field(init=False)
    """The baseline it is compared with, with its index among the measurements. None: there is none."""
    changes: tuple[Change, ...] = field(init=False)
    """The change of every parameter that both give as a number. Empty: there is none."""
    status: str = field(init=False)
    """Its place against the criterion: `within_criterion` and `beyond_criterion` for an alert criterion, `improved` and
    `not_improved` for an improvement criterion, `not_comparable` where the record does not allow an answer,
    `no_criterion` where none is recorded, and the state itself where no response was assessed."""

    def __post_init__(self) -> None:
        """Find baseline, changes and place once; several functions ask for them."""
        baseline = self.view.reference(self.criterion.baseline_kind if self.criterion else "post_position", self.moment)
        reading = None if baseline is None else baseline[1].reading
        object.__setattr__(self, "reference", None if baseline is None else (baseline[0], baseline[1].reading))
        object.__setattr__(self, "changes", compare(self.reading, reading))
        object.__setattr__(self, "status", _status(self))


def _status(comparison: Compared) -> str:
    if comparison.reading.state in ("not_obtained", "not_monitored", "not_recorded"):
        return comparison.reading.state
    if comparison.criterion is None:
        return "no_criterion"
    reference = comparison.reference
    met = meets(comparison.criterion, comparison.reading, reference[1] if reference else None, comparison.changes)
    if met is None:
        return "not_comparable"
    if for_improvement(comparison.criterion):
        return "improved" if met else "not_improved"
    return "beyond_criterion" if met else "within_criterion"


def change_fact(
    b: FactBuilder, reading_fact: Fact, kind: str, comparison: Compared, *, group: str, must_state: bool
) -> Fact | None:
    """Add the change of a reading against its baseline; None when there is no baseline to compare with."""
    reference = comparison.reference
    if reference is None:
        return None
    inputs = [reading_fact.id, comparison.view.measurement_ids[reference[0]]]
    return b.compute(
        f"{reading_fact.id}.change",
        kind,
        reading_fact.pointer,
        change_values(comparison),
        formula=FORMULA,
        inputs=[*inputs, *([f"criterion.{comparison.criterion.id}"] if comparison.criterion else [])],
        group=group,
        status=comparison.status,
        side=comparison.view.channel.side,
        modality=comparison.view.channel.modality,
        site=comparison.view.site,
        must_state=must_state,
    )


def change_values(comparison: Compared) -> list[Value]:
    """Every computed change of a reading against its baseline, in printed form."""
    values: list[Value] = []
    for change in comparison.changes:
        values.extend(_values_of(change, comparison.criterion, comparison.view.channel.modality))
    return values


def _thresholds(criterion: AlertCriterion | None, parameter: str, comparison: str) -> list[float]:
    """Thresholds of the criterion for one parameter: in percent (`_pct`), or in its unit (`_abs`)."""
    if criterion is None:
        return []
    entries = vocabulary("criterion_parameters").entries
    return [
        condition.threshold
        for condition in criterion.conditions
        if condition.threshold is not None
        and entries[condition.parameter].parameter == parameter
        and entries[condition.parameter].comparison.endswith(comparison)
    ]


def _kept_decimals(size: float, limits: Sequence[float], least: int = 0) -> int:
    """Number of decimals that keeps a size on its side of every limit: 49.6 % must not print as 50 %."""
    for decimals in range(least, _MOST_DECIMALS):
        printed = float(number_text(size, decimals=decimals))
        if all((printed >= limit) == (size >= limit - 1e-9) for limit in limits):
            return decimals
    return _MOST_DECIMALS


def percent_decimals(percent: float, thresholds: Sequence[float]) -> int:
    """Number of decimals of a change in percent that keeps it on its side of each threshold.

    A response that is still there must not print as one that is gone, which is a decrease of 100 %.
    """
    return _kept_decimals(abs(percent), [*thresholds, 100.0] if percent < 0 else thresholds)


def _difference(change: Change, names: ChangeNames, limits: Sequence[float], modality: str) -> Value:
    """The change in the unit of the parameter, with the digits of its kind, and on its side of each limit."""
    recorded = max(decimals_of(change.baseline), decimals_of(change.value))
    usual = printed_decimals(change.parameter, modality)
    exact = usual is None or names.parameter.exact
    decimals = max(recorded, usual or 0) if exact else _kept_decimals(abs(change.absolute), limits, usual or 0)
    return number(
        names.difference, change.absolute, change_text(change.absolute, names.difference_unit, decimals=decimals)
    )


def _values_of(change: Change, criterion: AlertCriterion | None, modality: str) -> list[Value]:
    names = change_names()[change.parameter]
    values = [_difference(change, names, _thresholds(criterion, change.parameter, "_abs"), modality)]
    percent, of_baseline = change.percent, change.percent_of_baseline
    if percent is None or of_baseline is None:
        return values
    if of_baseline > MOST_PERCENT:
        values.append(number(names.percent, percent, TOO_LARGE))
        if names.parameter.unit != "ms":
            values.append(number(names.of_baseline, of_baseline, TOO_LARGE))
        return values
    digits = percent_decimals(percent, _thresholds(criterion, change.parameter, "_pct"))
    values.append(number(names.percent, percent, change_text(percent, "%", decimals=digits)))
    if names.parameter.unit != "ms":
        values.append(number(names.of_baseline, of_baseline, percent_text(of_baseline, decimals=digits)))
    return values


def change_phrase(fact: Fact | None) -> str:
    """Shortest change that carries its sign, such as `amplitude \u221262%, latency +1.3 ms`."""
    if fact is None:
        return ""
    texts = {value.name: value.text for value in fact.values}
    return ", ".join([f"{label} {texts[name]}" for name, label in judged_names().items() if name in texts])
