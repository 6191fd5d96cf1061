"""Names of the values of a change; a report shows the one by which the parameter is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from report_gen.vocab import Aspect, Parameter, compared_parameters

__all__ = ["ChangeNames", "change_names", "judged_names"]


@dataclass(frozen=True, slots=True)
class ChangeNames:
    """Names of the values that hold the change of one parameter in the fact of a change."""

    parameter: Parameter
    """The parameter that changed."""
    difference: str
    """Value minus baseline, such as `latency_change_ms`."""
    difference_unit: str
    """Its unit as printed."""
    percent: str
    """Change in percent of the baseline, such as `amplitude_change_pct`."""
    of_baseline: str
    """Value in percent of the baseline, such as `amplitude_pct_of_baseline`."""

    @property
    def label(self) -> str:
        """Short word before the change."""
        return self.parameter.change_label

    @property
    def aspect(self) -> Aspect | None:
        """What of the response changed."""
        return self.parameter.aspect

    @property
    def in_percent(self) -> bool:
        """Whether the change is judged in percent of the baseline."""
        return self.parameter.change == "percent"

    @property
    def judged(self) -> str:
        """Name of the value by which the parameter is judged; tables show it."""
        return self.percent if self.in_percent else self.difference

    @property
    def remaining(self) -> str:
        """Name of the remaining percentage of the response where it is judged in percent, else of the difference."""
        return self.of_baseline if self.in_percent else self.difference


@cache
def change_names() -> Mapping[str, ChangeNames]:
    """The names by parameter, in the order in which changes are printed."""
    return MappingProxyType({code: _names(entry) for code, entry in compared_parameters().items()})


@cache
def judged_names() -> Mapping[str, str]:
    """The label of each parameter by the name of the value by which it is judged, in the same order."""
    return MappingProxyType({names.judged: names.label for names in change_names().values()})


def _names(parameter: Parameter) -> ChangeNames:
    stem, _, suffix = parameter.code.rpartition("_")
    # A difference of two percentages is in points; written with a percent sign it would read as a relative change.
    points = suffix == "pct"
    return ChangeNames(
        parameter=parameter,
        difference=f"{stem}_change_points" if points else f"{stem}_change_{suffix}",
        difference_unit="points" if points else parameter.unit,
        percent=f"{stem}_change_pct",
        of_baseline=f"{stem}_pct_of_baseline",
    )
