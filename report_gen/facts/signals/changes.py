"""The change of a reading against its baseline as a fact, and its place against the criterion in force."""

from __future__ import annotations

from dataclasses import dataclass, field

from report_gen.case.contract.signals import AlertCriterion, Reading
from report_gen.facts.builder import FactBuilder, number
from report_gen.facts.model import Fact, Value
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.signals.criteria import Change, compare, for_improvement, meets
from report_gen.facts.signals.naming import ChannelView, Moment
from report_gen.facts.wording import change_text, decimals_of, number_text, percent_text
from report_gen.vocab import vocabulary

__all__ = [
    "FORMULA",
    "Compared",
    "change_fact",
    "change_phrase",
    "change_values",
    "criterion_status",
    "reading_phrase",
]

FORMULA = "(value \u2212 baseline) / baseline \u00d7 100 for percent; value \u2212 baseline otherwise"
_MOST_DECIMALS = 3


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

    def __post_init__(self) -> None:
        """Find the baseline once; several functions ask for it."""
        baseline = self.view.reference(self.criterion.baseline_kind if self.criterion else "post_position", self.moment)
        object.__setattr__(self, "reference", None if baseline is None else (baseline[0], baseline[1].reading))


def criterion_status(comparison: Compared) -> str:
    """The place of a reading against its criterion.

    `within_criterion` and `beyond_criterion` for an alert criterion, `improved` and `not_improved` for an improvement
    criterion, `not_comparable` where the record does not allow an answer, `no_criterion` where none is recorded, and
    the state itself where no response was assessed.
    """
    if comparison.reading.state in ("not_obtained", "not_monitored", "not_recorded"):
        return comparison.reading.state
    if comparison.criterion is None:
        return "no_criterion"
    reference = comparison.reference
    met = meets(comparison.criterion, comparison.reading, reference[1] if reference else None)
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
        status=criterion_status(comparison),
        side=comparison.view.channel.side,
        modality=comparison.view.channel.modality,
        site=comparison.view.site,
        must_state=must_state,
    )


def change_values(comparison: Compared) -> list[Value]:
    """Every computed change of a reading against its baseline, in printed form."""
    reference = comparison.reference
    values: list[Value] = []
    for change in compare(comparison.reading, reference[1] if reference else None):
        values.extend(_values_of(change, _thresholds(comparison.criterion, change.parameter)))
    return values


def _thresholds(criterion: AlertCriterion | None, parameter: str) -> list[float]:
    """Percent thresholds of the criterion for one parameter."""
    entries = vocabulary("criterion_parameters")
    return [
        condition.threshold
        for condition in (criterion.conditions if criterion else ())
        if condition.threshold is not None
        and entries[condition.parameter].parameter == parameter
        and entries[condition.parameter].comparison.endswith("_pct")
    ]


def _percent_decimals(percent: float, thresholds: list[float]) -> int:
    """Number of decimals that keeps a percentage on its side of a threshold: 49.6 % must not print as 50 %."""
    size = abs(percent)
    for decimals in range(_MOST_DECIMALS):
        printed = float(number_text(size, decimals=decimals))
        if all((printed >= limit) == (size >= limit - 1e-9) for limit in thresholds):
            return decimals
    return _MOST_DECIMALS


def _values_of(change: Change, thresholds: list[float]) -> list[Value]:
    names = change_names()[change.parameter]
    decimals = max(decimals_of(change.baseline), decimals_of(change.value))
    words = change_text(change.absolute, names.difference_unit, decimals=decimals)
    values = [number(names.difference, change.absolute, words)]
    percent, of_baseline = change.percent, change.percent_of_baseline
    if percent is None or of_baseline is None:
        return values
    digits = _percent_decimals(percent, thresholds)
    values.append(number(names.percent, percent, change_text(percent, "%", decimals=digits)))
    if names.parameter.unit != "ms":
        values.append(number(names.of_baseline, of_baseline, percent_text(of_baseline, decimals=digits)))
    return values


def change_phrase(fact: Fact | None) -> str:
    """Shortest change that carries its sign, such as `amplitude \u221262%, latency +1.3 ms`."""
    if fact is None:
        return ""
    shown = [(names.label, names.judged) for names in change_names().values()]
    return ", ".join(f"{label} {fact.text(name)}" for label, name in shown if fact.value(name))


def reading_phrase(fact: Fact) -> str:
    """A reading as its change, or as its values when there is no change; `absent` is stated before any change."""
    if fact.code("text") == "absent":
        return "absent"
    return change_phrase(fact) or fact.text("text")
