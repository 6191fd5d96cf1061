"""Change from the pre-position to the post-position baseline: the only evidence of the effect of positioning.

Source: clinical reference §1.3 and §10 fact 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.case.contract.signals import Measurement
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.model import Value
from report_gen.facts.signals.changes import FORMULA
from report_gen.facts.signals.criteria import Change, any_true, compare, meets, responded
from report_gen.facts.signals.naming import ChannelIndex, ChannelView
from report_gen.facts.wording import change_text
from report_gen.vocab import vocabulary

__all__ = ["derive_positioning"]

_AFTER = ("post_position", "opening")


@dataclass(frozen=True, slots=True)
class _BaselinePair:
    """The baselines of one channel before and after positioning."""

    view: ChannelView
    before: tuple[int, Measurement]
    after: tuple[int, Measurement]

    @property
    def lost(self) -> bool:
        """Whether a response present before positioning is absent after it; no change is larger."""
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
        """Percent change in the worse direction; infinite for a loss, minus infinite when not comparable."""
        change = self.change
        if self.lost:
            return float("inf")
        if change is None or change.percent is None:
            return float("-inf")
        worse = vocabulary("parameters")[change.parameter].worse
        return change.percent if worse == "increase" else -change.percent


def derive_positioning(b: FactBuilder, channels: ChannelIndex) -> None:
    """Add, for each modality with baselines before and after positioning, the largest change between them."""
    pairs: dict[str, list[_BaselinePair]] = {}
    for view in channels.views.values():
        baselines = view.baselines()
        before = [pair for pair in baselines if pair[1].baseline_kind == "pre_position"]
        after = [pair for pair in baselines if pair[1].baseline_kind in _AFTER]
        if before and after:
            pairs.setdefault(view.channel.modality, []).append(_BaselinePair(view, before[-1], after[0]))
    for modality, channel_pairs in pairs.items():
        if any(pair.lost or pair.change is not None for pair in channel_pairs):
            _largest(b, channels, modality, channel_pairs)


def _largest(b: FactBuilder, channels: ChannelIndex, modality: str, pairs: list[_BaselinePair]) -> None:
    largest = max(pairs, key=lambda pair: pair.size)
    criterion = channels.criterion_for(modality)
    answers = [
        meets(criterion, pair.after[1].reading, pair.before[1].reading) if criterion is not None else None
        for pair in pairs
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
        [*values, text("channel", largest.view.label), number("channels", len(pairs), str(len(pairs)))],
        formula=f"post-position against pre-position baseline of each channel, the largest for the worse: {FORMULA}; "
        "a lost response is the largest",
        inputs=[pair.view.measurement_ids[index] for pair in pairs for index in (pair.before[0], pair.after[0])],
        group=f"modality.{modality}",
        status=status,
        side=largest.view.channel.side,
        modality=modality,
        site=largest.view.site,
    )
