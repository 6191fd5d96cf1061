"""Change from the pre-position to the post-position baseline, which alone shows what positioning did.

Source: clinical reference §1.3 and §10 fact 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.case.signals import Measurement
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.changes import FORMULA
from report_gen.facts.criteria import Change, any_true, compare, meets, responded
from report_gen.facts.model import Value
from report_gen.facts.naming import ChannelIndex, ChannelView
from report_gen.facts.wording import change_text
from report_gen.vocab import vocabulary

__all__ = ["derive_positioning"]

_AFTER = ("post_position", "opening")


@dataclass(frozen=True, slots=True)
class _Pair:
    """The baselines of one channel before and after positioning."""

    view: ChannelView
    before: tuple[int, Measurement]
    after: tuple[int, Measurement]

    @property
    def lost(self) -> bool:
        """Whether the response before positioning is gone after it: the farthest change there is."""
        return responded(self.before[1].reading) is True and responded(self.after[1].reading) is False

    @property
    def change(self) -> Change | None:
        """The change of the modality's primary parameter; None where the record gives no percentage."""
        primary = vocabulary("modalities")[self.view.channel.modality].primary_parameter
        for change in compare(self.after[1].reading, self.before[1].reading):
            if change.parameter == primary and change.percent is not None:
                return change
        return None

    @property
    def size(self) -> float:
        """How far it went in the worse direction, in percent; a loss before all, what is not comparable behind all."""
        change = self.change
        if self.lost:
            return float("inf")
        if change is None or change.percent is None:
            return float("-inf")
        worse = vocabulary("parameters")[change.parameter].worse
        return change.percent if worse == "increase" else -change.percent


def derive_positioning(b: FactBuilder, channels: ChannelIndex) -> None:
    """Add, for each modality with baselines before and after positioning, the largest change between them."""
    pairs: dict[str, list[_Pair]] = {}
    for view in channels.views.values():
        rows = view.baselines()
        before = [pair for pair in rows if pair[1].baseline_kind == "pre_position"]
        after = [pair for pair in rows if pair[1].baseline_kind in _AFTER]
        if before and after:
            pairs.setdefault(view.channel.modality, []).append(_Pair(view, before[-1], after[0]))
    for modality, found in pairs.items():
        if any(pair.lost or pair.change is not None for pair in found):
            _largest(b, channels, modality, found)


def _largest(b: FactBuilder, channels: ChannelIndex, modality: str, rows: list[_Pair]) -> None:
    largest = max(rows, key=lambda row: row.size)
    criterion = channels.criterion_for(modality)
    answers = [
        meets(criterion, row.after[1].reading, row.before[1].reading) if criterion is not None else None for row in rows
    ]
    status = {True: "met", False: "not_met", None: "not_comparable"}[any_true(answers)]
    change = None if largest.lost else largest.change
    percent = change.percent if change is not None else None
    values: list[Value] = (
        [text("parameter", "loss of"), text("change_pct", "the response")]
        if change is None or percent is None
        else [
            number("change_pct", percent, change_text(percent, "%", decimals=0)),
            term("parameter", "parameters", change.parameter),
        ]
    )
    b.compute(
        f"modality.{modality}.positioning",
        "modality.positioning",
        b.by_id[f"modality.{modality}"].pointer,
        [*values, text("channel", largest.view.label), number("channels", len(rows), str(len(rows)))],
        formula=f"post-position against pre-position baseline of each channel, the largest for the worse: {FORMULA}; "
        "a lost response is the largest",
        inputs=[row.view.measurement_ids[index] for row in rows for index in (row.before[0], row.after[0])],
        group=f"modality.{modality}",
        status=status,
        side=largest.view.channel.side,
        modality=modality,
        site=largest.view.site,
    )
