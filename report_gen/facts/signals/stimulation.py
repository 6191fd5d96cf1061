"""Facts of stimulation tests (screw, nerve, dilator) and of mapping."""

from __future__ import annotations

from report_gen.case.contract.signals import ThresholdTest
from report_gen.facts.builder import FactBuilder, modality_label, number, term, text
from report_gen.facts.model import Value
from report_gen.facts.signals.criteria import condition_text
from report_gen.facts.wording import NOT_RECORDED, number_text, quantity_text
from report_gen.vocab import modality_of_test, vocabulary

__all__ = ["derive_tests"]

_STAGES = {
    "initial": "initial",
    "after_redirection": "after redirection",
    "after_removal": "after removal",
    "final": "final",
}
_STATUSES = {True: "met", False: "not_met", None: "not_comparable"}


def derive_tests(b: FactBuilder) -> None:
    """Add a fact for each screw, nerve or dilator test and each mapping result."""
    for index, test in enumerate(b.case.threshold_tests):
        fact_id = b.row_ids("threshold", b.case.threshold_tests)[index]
        b.add(
            fact_id,
            "threshold",
            f"/threshold_tests/{index}",
            [
                text("place", _place(test)),
                b.words("where", _where(test) or None),
                text("result", _result(test)),
                text("stage", _STAGES[test.stage]),
                Value("first", _STAGES["initial"], flag=True) if test.stage == "initial" else None,
                term("muscle", "muscles", test.muscle, test.muscle_other or vocabulary("muscles").label(test.muscle))
                if test.muscle
                else None,
                b.coded("region", "body_regions", test.region),
                b.quantity("threshold_ma", test.threshold_ma),
                b.quantity("threshold_v", test.threshold_v),
                b.quantity("max_tested_ma", test.max_tested_ma),
                b.quantity("max_tested_v", test.max_tested_v),
                b.words("direction", test.direction),
                b.words("note", test.note),
                *b.moment(test.at, test.when),
            ],
            group=f"threshold.{test.kind}",
            status=test.outcome,
            side=test.side,
            site=test.level or test.nerve or "",
            modality=modality_of_test(test.kind).code,
        )
        _against_criterion(b, fact_id, f"/threshold_tests/{index}", test)
    for index, result in enumerate(b.case.mapping_tests):
        b.add(
            b.row_ids("mapping", b.case.mapping_tests)[index],
            "mapping",
            f"/mapping_tests/{index}",
            [
                text("site", result.site),
                text("result", result.result),
                None
                if result.intensity_ma is None
                else number("intensity_ma", result.intensity_ma, quantity_text("threshold_ma", result.intensity_ma)),
                b.words("polarity", None if result.polarity == "not_recorded" else result.polarity),
                b.yes_no("after_discharge", result.after_discharge),
                *b.moment(result.at, result.when),
                modality_label("modality", result.modality),
            ],
            group="mapping",
            side=result.side,
            modality=result.modality,
        )


def _against_criterion(b: FactBuilder, fact_id: str, pointer: str, test: ThresholdTest) -> None:
    """Add whether a threshold is at or below the threshold that the criterion of its modality names.

    A threshold above it is the good result; `not met` would read as a test that failed.
    """
    pair = next(
        (
            (criterion, condition)
            for criterion in b.case.criteria
            if modality_of_test(test.kind).code in criterion.modalities
            for condition in criterion.conditions
            if condition.parameter == "threshold_at_most_ma" and condition.threshold is not None
        ),
        None,
    )
    if pair is None or test.outcome == "not_recorded":
        return
    criterion, condition = pair
    limit, met = condition.threshold or 0.0, None
    if test.threshold_ma is not None:
        met = test.threshold_ma <= limit
    elif test.outcome == "no_response" and test.max_tested_ma is not None and test.max_tested_ma >= limit:
        met = False
    b.compute(
        f"{fact_id}.criterion",
        "threshold.criterion",
        pointer,
        [
            text("text", _against(met, f"{number_text(limit)} mA")),
            text("criterion", condition_text(condition)),
        ],
        formula="threshold held against the criterion in force; no response up to at least that current is above it",
        inputs=[fact_id, f"criterion.{criterion.id}"],
        group=f"threshold.{test.kind}",
        status=_STATUSES[met],
        side=test.side,
        site=test.level or test.nerve or "",
        modality=modality_of_test(test.kind).code,
    )


def _against(met: bool | None, limit: str) -> str:
    """A threshold against the limit of its criterion, in words."""
    if met is None:
        return f"not comparable with {limit}"
    return f"≤ {limit}" if met else f"> {limit}"


def _place(test: ThresholdTest) -> str:
    side = test.side if test.side in ("left", "right", "midline") else ""
    return " ".join(part for part in (side, _where(test)) if part) or "place not recorded"


def _where(test: ThresholdTest) -> str:
    """What was stimulated, without its side. Empty: not recorded."""
    names = [test.level or "", test.nerve_other or (vocabulary("nerves").display(test.nerve) if test.nerve else "")]
    if test.region is not None:
        names.append(test.region_other or vocabulary("body_regions").display(test.region))
    return " ".join(part for part in names if part)


def _result(test: ThresholdTest) -> str:
    thresholds = [(name, getattr(test, name)) for name in ("threshold_ma", "threshold_v")]
    limits = [(name, getattr(test, name)) for name in ("max_tested_ma", "max_tested_v")]
    if test.outcome == "no_response":
        limit = next((quantity_text(name, amount) for name, amount in limits if amount is not None), "")
        return f"no response up to {limit}" if limit else "no response"
    return next((quantity_text(name, amount) for name, amount in thresholds if amount is not None), NOT_RECORDED)
