"""What changes the reading of a value, in a few lines on page one; the full list stands in the technical record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import FILTERS, Noted, joined_words, repeated
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc

__all__ = ["harm_by_monitoring", "limitations", "stimulus_changed", "technical_notes"]

_CHANGED: Final = {
    "raise_stimulus": "Stimulus raised",
    "lower_stimulus": "Stimulus lowered",
    "change_stimulation_site": "Stimulation site changed",
}
"""Interventions after which a response is elicited otherwise than at baseline."""


def limitations(facts: Facts) -> Section[Block]:
    """By consequence: gaps at alerts, what was not monitored, no remote view, and the rest; harm is a result."""
    gaps = facts.of_kind("interval.gap")
    at_alerts = [gap for gap in gaps if any(_at(gap, chain) for chain in facts.events)]
    lines = [
        *_gaps(at_alerts),
        *_modalities(facts),
        *_listed("page_one.not_monitored", [_structure(row) for row in facts.of_kind("limitations.not_monitored")]),
        *(say("page_one.outage", gap=fact, why=_why(Noted(fact))) for fact in facts.of_kind("interval.outage")),
        *stimulus_changed(facts),
        *_listed(
            "page_one.confounders", [Noted(fact).text("text") for fact in facts.of_kind("limitations.confounder")]
        ),
        *_pressure(facts),
        *_gaps([gap for gap in gaps if gap not in at_alerts]),
        *(say("page_one.standby", gap=fact, why=_why(Noted(fact))) for fact in facts.of_kind("interval.standby")),
        *_problems(facts),
        *(
            say("page_one.no_criterion", criterion=fact)
            for fact in facts.of_kind("criterion")
            if fact.status == "not_recorded"
        ),
        *(() if harm_by_monitoring(facts) else (_adverse(facts.by_id["adverse_effects"], short=True),)),
    ]
    return Section("limitations", "Limitations", (Paragraph(tuple(lines)),), role="limitations")


def _at(gap: Fact, chain: EventChain) -> bool:
    """Whether an alert began in a gap, or may have: between its last unaffected trace and its notice."""
    start, end = gap.instant("start_at"), gap.instant("end_at")
    onset, begun = chain.onset, chain.begun_at
    if chain.event.status != "alert" or start is None or end is None or begun is None:
        return False
    first = begun if onset.instant("onset_at") is not None else onset.instant("last_unaffected_at") or begun
    return utc(start) <= utc(begun) and utc(first) <= utc(end)


def technical_notes(facts: Facts) -> Section[Block]:
    """Every technical problem with its remedy, the check for adverse effects, who reviewed and who signed the log."""
    lines = [
        *(say("page_one.problem", problem=fact) for fact in facts.of_kind("problem")),
        _adverse(facts.by_id["adverse_effects"], short=False),
        say("page_one.reviewed", review=facts.by_id["limitations.review"])
        if facts.by_id["limitations.review"].status == "recorded"
        else say("page_one.not_reviewed", review=facts.by_id["limitations.review"]),
        *(say("page_one.log_signed", log=fact) for fact in facts.of_kind("log.signature")),
    ]
    return Section(
        "technical_notes", "Technical problems and adverse effects", (Paragraph(tuple(lines)),), part="record"
    )


def _listed(name: str, words: Sequence[str]) -> list[Sentence]:
    """One sentence for all that is of one kind; nothing without any."""
    kept = [FILTERS["unstopped"](item) for item in words if item]
    return [say(name, those=joined_words(kept, "; "))] if kept else []


def stimulus_changed(facts: Facts, modalities: Collection[str] | None = None) -> list[Sentence]:
    """How responses were elicited otherwise than at baseline.

    Args:
        facts: The facts.
        modalities: Codes of the modalities of the events that it was done about. None: all, and what is of no event.
    """
    about = [fact for fact in facts.of_kind("event.intervention") if fact.status in _CHANGED]
    if modalities is None:
        changed = [*about, *(fact for fact in facts.of_kind("intervention") if fact.status in _CHANGED)]
    else:
        changed = [fact for fact in about if facts.by_id[fact.group].modality in modalities]
    said: dict[tuple[str, str], list[Fact]] = {}
    for fact in changed:
        said.setdefault((fact.text("done"), fact.text("at")), []).append(fact)
    return [
        say("page_one.stimulus", done=Noted(*rows), what=Noted(*rows).says("done", _CHANGED[rows[0].status]))
        for rows in said.values()
    ]


def _modalities(facts: Facts) -> list[Sentence]:
    lines: list[Sentence] = []
    for fact in facts.of_kind("modality"):
        if fact.status == "not_performed":
            name = "page_one.requested_not_performed" if fact.flag("requested") else "page_one.not_performed"
            lines.append(say(name, modality=fact))
        elif fact.status == "requested_not_listed":
            lines.append(say("page_one.requested_not_listed", modality=fact))
        elif fact.text("reason"):
            lines.append(say("page_one.limited", modality=fact))
    return lines


def _structure(fact: Fact) -> str:
    noted = Noted(fact)
    return noted.text("structure") + (" (" + noted.text("reason") + ")" if fact.text("reason") else "")


def _gaps(gaps: Sequence[Fact]) -> list[Sentence]:
    """Stretches without data; those of one reason are one sentence."""
    alike: dict[tuple[str, ...], list[Fact]] = {}
    for fact in gaps:
        alike.setdefault(tuple(fact.text(name) for name in ("modalities", "reason", "detail")), []).append(fact)
    return [
        say(
            "page_one.gap",
            gap=Noted(*group),
            names=_names(Noted(*group)),
            why=_why(Noted(*group)),
            times=joined_words(phrase("page_one.gap_times", gap=fact) for fact in group),
        )
        for group in alike.values()
    ]


def _names(noted: Noted) -> str | None:
    return noted.text("modalities").replace(" and ", " or ") or None


def _why(noted: Noted) -> str | None:
    """Why it was so; a reason that has no code, or whose words those beside it hold, is told in these alone."""
    other = noted.code("reason") == "other" and noted.text("detail")
    if other or repeated(noted.text("reason"), noted.text("detail")):
        return noted.says("reason", noted.text("detail"))
    parts = [noted.text(name) for name in ("reason", "detail") if noted.text(name)]
    return joined_words(parts, "; ") if parts else None


def _pressure(facts: Facts) -> list[Sentence]:
    target, below = facts.get("anesthesia.map_target"), facts.get("physiology.map_below_target")
    if target is None or below is None or not below.number("below"):
        return []
    return [say("page_one.below_target", target=target, below=below)]


def _problems(facts: Facts) -> list[Sentence]:
    """Technical problems in short, but for those that a gap of the same minute tells."""
    gaps = {fact.instant("start_at") for kind in ("gap", "outage") for fact in facts.of_kind(f"interval.{kind}")}
    parts = [
        joined_words([Noted(fact).text(name) for name in ("at", "problem") if fact.text(name)], " ")
        for fact in facts.of_kind("problem")
        if fact.instant("at") is None or fact.instant("at") not in gaps
    ]
    return _listed("page_one.problems", parts)


def harm_by_monitoring(facts: Facts) -> Sentence | None:
    """The adverse effects that were found. None: there are none, or nobody looked."""
    adverse = facts.by_id["adverse_effects"]
    if adverse.status in ("none_observed", "not_checked", "not_recorded"):
        return None
    return _adverse(adverse, short=False)


def _adverse(fact: Fact, *, short: bool) -> Sentence:
    if fact.status == "not_recorded":
        return say("page_one.adverse_missing", adverse=fact)
    if fact.status == "not_checked":
        return say("page_one.adverse_not_checked", adverse=fact)
    if short and fact.status == "none_observed":
        return say("page_one.adverse", adverse=fact)
    return say("page_one.adverse_in_full", adverse=fact)
