"""The change of a reading against its baseline as a fact, and its place against the criterion in force."""

from __future__ import annotations

from dataclasses import dataclass, field

from report_gen.case.signals import AlertCriterion, Reading
from report_gen.facts.builder import FactBuilder, number
from report_gen.facts.change_names import change_names
from report_gen.facts.criteria import Change, compare, for_improvement, meets
from report_gen.facts.model import Fact, Value
from report_gen.facts.naming import ChannelView, Moment
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
        """Find the baseline once; a reading is looked at several times."""
        found = self.view.reference(self.criterion.baseline_kind if self.criterion else "post_position", self.moment)
        object.__setattr__(self, "reference", None if found is None else (found[0], found[1].reading))


def criterion_status(row: Compared) -> str:
    """The place of a reading against its criterion.

    `within_criterion` and `beyond_criterion` for an alert criterion, `improved` and `not_improved` for an improvement
    criterion, `not_comparable` where the record does not allow an answer, `no_criterion` where none is recorded, and
    the state itself where nothing was seen.
    """
    if row.reading.state in ("not_obtained", "not_monitored", "not_recorded"):
        return row.reading.state
    if row.criterion is None:
        return "no_criterion"
    reference = row.reference
    met = meets(row.criterion, row.reading, reference[1] if reference else None)
    if met is None:
        return "not_comparable"
    if for_improvement(row.criterion):
        return "improved" if met else "not_improved"
    return "beyond_criterion" if met else "within_criterion"


def change_fact(
    b: FactBuilder, reading_fact: Fact, kind: str, row: Compared, *, group: str, must_state: bool
) -> Fact | None:
    """Add the change of a reading against its baseline; None when there is no baseline to compare with."""
    reference = row.reference
    if reference is None:
        return None
    inputs = [reading_fact.id, row.view.measurement_ids[reference[0]]]
    return b.compute(
        f"{reading_fact.id}.change",
        kind,
        reading_fact.pointer,
        change_values(row),
        formula=FORMULA,
        inputs=[*inputs, *([f"criterion.{row.criterion.id}"] if row.criterion else [])],
        group=group,
        status=criterion_status(row),
        side=row.view.channel.side,
        modality=row.view.channel.modality,
        site=row.view.site,
        must_state=must_state,
    )


def change_values(row: Compared) -> list[Value]:
    """Every computed change of a reading against its baseline, in printed form."""
    reference = row.reference
    values: list[Value] = []
    for change in compare(row.reading, reference[1] if reference else None):
        values.extend(_values_of(change, _thresholds(row.criterion, change.parameter)))
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
    """Digits that keep a percentage on its own side of a threshold: 49.6 % must not print as the 50 % it misses."""
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
    shown = [(row.label, row.judged) for row in change_names().values()]
    return ", ".join(f"{label} {fact.text(name)}" for label, name in shown if fact.value(name))


def reading_phrase(fact: Fact) -> str:
    """A reading by what it changed, or by itself; `absent` says more than any change."""
    if fact.code("text") == "absent":
        return "absent"
    return change_phrase(fact) or fact.text("text")
