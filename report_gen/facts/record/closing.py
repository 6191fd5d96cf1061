"""Facts of communication, problems, adverse effects, limitations, later examination, and the professional's text."""

from __future__ import annotations

from report_gen.facts.builder import FactBuilder, modality_label, terms, text
from report_gen.facts.record.communication import derive_communication
from report_gen.facts.record.postoperative import derive_postoperative
from report_gen.facts.record.provenance import derive_origins

__all__ = ["derive_closing"]


def derive_closing(b: FactBuilder) -> None:
    """Add the facts that the end of the report states."""
    derive_communication(b)
    for index, problem in enumerate(b.case.technical_problems):
        b.add(
            b.row_ids("problem", b.case.technical_problems)[index],
            "problem",
            f"/technical_problems/{index}",
            [
                text("problem", problem.problem),
                b.words("remedy", problem.remedy),
                *b.moment(problem.at, problem.when),
                modality_label("modality", problem.modality) if problem.modality else None,
            ],
            group="problems",
            modality=problem.modality or "",
        )
    _adverse_effects(b)
    _limitations(b)
    derive_postoperative(b)
    _opinion(b)
    if (signed := b.case.log_signature) is not None:
        values = [b.words("by", b.person_name(signed.by)), b.instant("at", signed.at)]
        b.add("log.signature", "log.signature", "/log_signature", values)
    derive_origins(b)


def _adverse_effects(b: FactBuilder) -> None:
    """`none observed` is not `not checked` (clinical reference §10 fact 28)."""
    check = b.case.adverse_effects
    if check is None:
        b.add("adverse_effects", "adverse_effects", "/adverse_effects", [])
        return
    b.add(
        "adverse_effects",
        "adverse_effects",
        "/adverse_effects",
        [
            terms("text", "adverse_effects", check.observed)
            or text("text", "none observed" if check.checked else "not checked"),
            b.yes_no("checked", check.checked),
            b.instant("at", check.at),
            b.words("detail", check.detail),
        ],
        status="observed" if check.observed else ("none_observed" if check.checked else "not_checked"),
    )


def _limitations(b: FactBuilder) -> None:
    limits = b.case.limitations
    b.add(
        "limitations.review",
        "limitations.review",
        "/limitations",
        [b.instant("at", limits.reviewed_at if limits else None)],
        group="limitations",
    )
    not_monitored = limits.not_monitored if limits else ()
    for index, item in enumerate(not_monitored):
        b.add(
            b.row_ids("limitations.not_monitored", not_monitored)[index],
            "limitations.not_monitored",
            f"/limitations/not_monitored/{index}",
            [text("structure", item.structure), b.words("reason", item.reason)],
            group="limitations",
            author="professional",
        )
    confounders = limits.confounders if limits else ()
    for index, words in enumerate(confounders):
        b.add(
            b.row_ids("limitations.confounder", confounders)[index],
            "limitations.confounder",
            f"/limitations/confounders/{index}",
            [text("text", words)],
            group="limitations",
            author="professional",
        )


def _opinion(b: FactBuilder) -> None:
    opinion = b.case.opinion
    written = opinion is not None and opinion.impression is not None
    b.add(
        "opinion.impression",
        "opinion.impression",
        "/opinion/impression",
        []
        if opinion is None or not written
        else [
            b.words("text", opinion.impression),
            b.words("by", b.person_name(opinion.by)),
            b.instant("at", at := opinion.entered_at),
            # A time that bears its date says it already.
            None
            if at is None or b.clock.dated(at) == b.clock.time(at)
            else text("on", b.clock.local(at).date().isoformat()),
        ],
        group="opinion",
        inputs=[] if opinion is None else [f"person.{opinion.by}"],
        author="professional",
    )
    if opinion is not None and opinion.clinical_correlation is not None:
        b.add(
            "opinion.correlation",
            "opinion.correlation",
            "/opinion/clinical_correlation",
            [text("text", opinion.clinical_correlation)],
            group="opinion",
            author="professional",
        )
    if opinion is not None and opinion.outcome_class is not None:
        b.add(
            "opinion.outcome_class",
            "opinion.outcome_class",
            "/opinion/outcome_class",
            [text("text", opinion.outcome_class.replace("_", " "))],
            group="opinion",
            status=opinion.outcome_class,
            author="professional",
        )
