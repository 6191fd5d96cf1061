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
from report_gen.vocab import vocabulary

__all__ = ["harm_by_monitoring", "limitations", "stimulus_changed", "technical_notes"]

_CHANGED: Final = {
    "raise_stimulus": "Stimulus raised",
    "lower_stimulus": "Stimulus lowered",
    "change_stimulation_site": "Stimulation site changed",
}
"""Interventions after which a response is elicited otherwise than at baseline."""


def limitations(facts: Facts) -> Section[Block]:
    """A line for each kind, the graver first: gaps at alerts, what was not monitored, the rest; harm is a result."""
    gaps = facts.of_kind("interval.gap")
    at_alerts = [gap for gap in gaps if any(_at(gap, chain) for chain in facts.events)]
    no_data = ("No data", [*_gaps(at_alerts), *_gaps([gap for gap in gaps if gap not in at_alerts])])
    unmonitored = (("Not monitored", _unmonitored(facts)), ("Limited", _limited(facts)))
    kinds: tuple[tuple[str, Sequence[Sentence]], ...] = (
        *(unmonitored if not at_alerts else (no_data, *unmonitored)),
        ("Not documented", _undocumented(facts)),
        *(() if at_alerts else (no_data,)),
        ("Remote view lost", _outages(facts)),
        ("Stand-by", [say("page_one.standby", gap=gap, why=_why(Noted(gap))) for gap in _of(facts, "standby")]),
        ("Technique changed", stimulus_changed(facts)),
        ("May affect the readings", _confounders(facts)),
        ("MAP below target", _pressure(facts)),
        ("Technical problems", _problems(facts)),
        ("Criterion", _criteria(facts)),
        ("Adverse effects of monitoring", _no_harm(facts)),
    )
    lines = tuple(Paragraph(tuple(told), label=label) for label, told in kinds if told)
    return Section("limitations", "Limitations", lines, role="limitations")


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
        _adverse_in_full(facts.by_id["adverse_effects"]),
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


def _of(facts: Facts, kind: str) -> Sequence[Fact]:
    return facts.of_kind(f"interval.{kind}")


def _unmonitored(facts: Facts) -> list[Sentence]:
    """Modalities that were not performed, and structures that nothing watched."""
    left = [fact for fact in facts.of_kind("modality") if fact.status == "not_performed"]
    names = ("page_one.not_performed", "page_one.requested_not_performed")
    return [
        *(say(names[bool(fact.flag("requested"))], modality=fact) for fact in left),
        *_listed("page_one.not_monitored", [_structure(row) for row in facts.of_kind("limitations.not_monitored")]),
    ]


def _undocumented(facts: Facts) -> list[Sentence]:
    rows = [fact for fact in facts.of_kind("modality") if fact.status == "requested_not_listed"]
    return [say("page_one.requested_not_listed", modality=fact) for fact in rows]


def _limited(facts: Facts) -> list[Sentence]:
    rows = [fact for fact in facts.of_kind("modality") if fact.status == "performed" and fact.text("reason")]
    return [say("page_one.limited", modality=fact) for fact in rows]


def _outages(facts: Facts) -> list[Sentence]:
    return [say("page_one.outage", gap=gap, why=_why(Noted(gap))) for gap in _of(facts, "outage")]


def _confounders(facts: Facts) -> list[Sentence]:
    texts = [Noted(fact).text("text") for fact in facts.of_kind("limitations.confounder")]
    return _listed("page_one.confounders", texts)


def _criteria(facts: Facts) -> list[Sentence]:
    """That no criterion is recorded, or for which modalities none is: nothing of theirs was held against one."""
    criteria = facts.of_kind("criterion")
    missing = [say("page_one.no_criterion", criterion=fact) for fact in criteria if fact.status == "not_recorded"]
    if missing:
        return missing
    covered = {code for fact in criteria for code in fact.codes("modalities")}
    compared = {
        fact.modality for kind in ("result.group", "result.tests", "summary.tests") for fact in facts.of_kind(kind)
    }
    without = [
        fact
        for fact in facts.of_kind("modality")
        if fact.status == "performed" and fact.modality in compared - covered and not _of_block(fact)
    ]
    names = joined_words(Noted(fact).text("label") for fact in without)
    return [say("page_one.no_criterion_for", names=names)] if without else []


def _of_block(fact: Fact) -> bool:
    return vocabulary("modalities")[fact.modality].of_block


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
    return noted.text("modalities") or None


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
    return None if adverse.status in _NO_HARM else _adverse_in_full(adverse)


def _no_harm(facts: Facts) -> list[Sentence]:
    """That no adverse effect was seen, or that nobody looked, behind a label that names them; nothing where one was."""
    adverse = facts.by_id["adverse_effects"]
    pattern = _NO_HARM.get(adverse.status)
    return [say(pattern, adverse=adverse)] if pattern else []


_NO_HARM: Final = {
    "not_recorded": "page_one.adverse_check_missing",
    "not_checked": "page_one.adverse_not_checked_for",
    "none_observed": "page_one.adverse",
}


def _adverse_in_full(fact: Fact) -> Sentence:
    names = {"not_recorded": "page_one.adverse_missing", "not_checked": "page_one.adverse_not_checked"}
    return say(names.get(fact.status, "page_one.adverse_in_full"), adverse=fact)
