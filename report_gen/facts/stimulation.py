"""Facts of stimulation tests (screw, nerve, dilator) and of mapping."""

from __future__ import annotations

from report_gen.case.signals import ThresholdTest
from report_gen.facts.builder import FactBuilder, modality_label, term, text
from report_gen.facts.criteria import condition_text
from report_gen.facts.wording import NOT_RECORDED, quantity_text
from report_gen.vocab import modality_of_test, vocabulary

__all__ = ["derive_tests"]

_STAGES = {
    "initial": "initial",
    "after_redirection": "after redirection",
    "after_removal": "after removal",
    "final": "final",
}
_ANSWERS = {True: "met", False: "not met", None: "not comparable"}


def derive_tests(b: FactBuilder) -> None:
    """Add a fact for each screw, nerve or dilator test and each mapping result."""
    for index, row in enumerate(b.case.threshold_tests):
        fact_id = b.row_ids("threshold", b.case.threshold_tests)[index]
        b.add(
            fact_id,
            "threshold",
            f"/threshold_tests/{index}",
            [
                text("place", _place(row)),
                text("result", _result(row)),
                text("stage", _STAGES[row.stage]),
                term("muscle", "muscles", row.muscle, vocabulary("muscles").label(row.muscle)) if row.muscle else None,
                b.quantity("threshold_ma", row.threshold_ma),
                b.quantity("threshold_v", row.threshold_v),
                b.quantity("max_tested_ma", row.max_tested_ma),
                b.quantity("max_tested_v", row.max_tested_v),
                b.words("direction", row.direction),
                b.words("note", row.note),
                b.instant("at", row.at),
            ],
            group=f"threshold.{row.kind}",
            status=row.outcome,
            side=row.side,
            site=row.level or row.nerve or "",
            modality=modality_of_test(row.kind).code,
        )
        _against_criterion(b, fact_id, f"/threshold_tests/{index}", row)
    for index, result in enumerate(b.case.mapping_tests):
        b.add(
            b.row_ids("mapping", b.case.mapping_tests)[index],
            "mapping",
            f"/mapping_tests/{index}",
            [
                text("site", result.site),
                text("result", result.result),
                b.quantity("intensity_ma", result.intensity_ma),
                b.words("polarity", None if result.polarity == "not_recorded" else result.polarity),
                b.yes_no("after_discharge", result.after_discharge),
                b.instant("at", result.at),
                modality_label("modality", result.modality),
            ],
            group="mapping",
            side=result.side,
            modality=result.modality,
        )


def _against_criterion(b: FactBuilder, fact_id: str, pointer: str, row: ThresholdTest) -> None:
    """Whether a threshold is at or below the one that the criterion of its modality names."""
    found = next(
        (
            (criterion, condition)
            for criterion in b.case.criteria
            if modality_of_test(row.kind).code in criterion.modalities
            for condition in criterion.conditions
            if condition.parameter == "threshold_at_most_ma" and condition.threshold is not None
        ),
        None,
    )
    if found is None or row.outcome == "not_recorded":
        return
    criterion, condition = found
    limit, met = condition.threshold or 0.0, None
    if row.threshold_ma is not None:
        met = row.threshold_ma <= limit
    elif row.outcome == "no_response" and row.max_tested_ma is not None and row.max_tested_ma >= limit:
        met = False
    b.compute(
        f"{fact_id}.criterion",
        "threshold.criterion",
        pointer,
        [text("text", _ANSWERS[met]), text("criterion", condition_text(condition))],
        formula="threshold held against the criterion in force; no response up to at least that current is above it",
        inputs=[fact_id, f"criterion.{criterion.id}"],
        group=f"threshold.{row.kind}",
        status={True: "met", False: "not_met", None: "not_comparable"}[met],
        side=row.side,
        site=row.level or row.nerve or "",
        modality=modality_of_test(row.kind).code,
    )


def _place(row: ThresholdTest) -> str:
    side = row.side if row.side in ("left", "right", "midline") else ""
    names = [row.level or "", vocabulary("nerves").display(row.nerve) if row.nerve else ""]
    return " ".join(part for part in (side, *names) if part) or "place not recorded"


def _result(row: ThresholdTest) -> str:
    found = [(name, getattr(row, name)) for name in ("threshold_ma", "threshold_v")]
    limits = [(name, getattr(row, name)) for name in ("max_tested_ma", "max_tested_v")]
    if row.outcome == "no_response":
        limit = next((quantity_text(name, amount) for name, amount in limits if amount is not None), "")
        return f"no response up to {limit}" if limit else "no response"
    return next((quantity_text(name, amount) for name, amount in found if amount is not None), NOT_RECORDED)
