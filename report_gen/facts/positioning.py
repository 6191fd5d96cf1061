"""Change from the pre-position to the post-position baseline, which alone shows what positioning did.

Source: clinical reference §1.3 and §10 fact 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.case.signals import Measurement
from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.changes import FORMULA
from report_gen.facts.criteria import Change, compare, meets
from report_gen.facts.naming import ChannelIndex, ChannelView
from report_gen.facts.wording import change_text
from report_gen.vocab import vocabulary

__all__ = ["derive_positioning"]

_AFTER = ("post_position", "opening")


@dataclass(frozen=True, slots=True)
class _Pair:
    view: ChannelView
    before: tuple[int, Measurement]
    after: tuple[int, Measurement]
    change: Change
    worse_pct: float


def derive_positioning(b: FactBuilder, channels: ChannelIndex) -> None:
    """Add, for each modality with baselines before and after positioning, the largest change between them."""
    pairs: dict[str, list[_Pair]] = {}
    for view in channels.views.values():
        pair = _pair(view)
        if pair is not None:
            pairs.setdefault(view.channel.modality, []).append(pair)
    for modality, rows in pairs.items():
        _largest(b, channels, modality, rows)


def _pair(view: ChannelView) -> _Pair | None:
    rows = view.baselines()
    before = [pair for pair in rows if pair[1].baseline_kind == "pre_position"]
    after = [pair for pair in rows if pair[1].baseline_kind in _AFTER]
    if not before or not after:
        return None
    primary = vocabulary("modalities")[view.channel.modality].extra.get("primary_parameter")
    for change in compare(after[0][1].reading, before[-1][1].reading):
        if change.parameter == primary and change.percent is not None:
            worse = vocabulary("parameters")[change.parameter].extra.get("worse")
            size = change.percent if worse == "increase" else -change.percent
            return _Pair(view, before[-1], after[0], change, size)
    return None


def _largest(b: FactBuilder, channels: ChannelIndex, modality: str, rows: list[_Pair]) -> None:
    largest = max(rows, key=lambda row: row.worse_pct)
    criterion = channels.criterion_for(modality)
    answers = {
        meets(criterion, row.after[1].reading, row.before[1].reading) if criterion is not None else None for row in rows
    }
    status = "met" if True in answers else ("not_comparable" if None in answers else "not_met")
    percent = largest.change.percent or 0.0
    b.compute(
        f"modality.{modality}.positioning",
        "modality.positioning",
        b.by_id[f"modality.{modality}"].pointer,
        [
            number("change_pct", percent, change_text(percent, "%", decimals=0)),
            text("parameter", vocabulary("parameters").display(largest.change.parameter)),
            text("channel", largest.view.label),
            number("channels", len(rows), str(len(rows))),
        ],
        formula=f"post-position against pre-position baseline of each channel, the largest for the worse: {FORMULA}",
        inputs=[f"{row.view.fact_id}.m{index + 1}" for row in rows for index in (row.before[0], row.after[0])],
        group=f"modality.{modality}",
        status=status,
        side=largest.view.channel.side,
        modality=modality,
        site=largest.view.site,
    )
