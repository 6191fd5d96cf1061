"""Anesthesia, physiology, neuromuscular block, times of the case, the end (clinical reference §1.3, §1.5, §1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.required.extent import nothing_monitored, says_nothing
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["STATE_CHECKS"]

_NEEDED_MILESTONES = ("incision", "closure_start")
_QUANTITIES = (("map_mmhg", "Mean arterial pressure"), ("core_temp_c", "Core temperature"))


def _physiology(facts: Facts) -> Iterator[Fired]:
    """Values of the patient stand beside readings; where nothing was monitored they are not asked for."""
    yield from _never_recorded(facts, "map_mmhg")


def _temperature(facts: Facts) -> Iterator[Fired]:
    yield from _never_recorded(facts, "core_temp_c")


def _never_recorded(facts: Facts, name: str) -> Iterator[Fired]:
    fact = _range(facts, name)
    if fact.status == "not_recorded" and not nothing_monitored(facts):
        yield fired("/physiology", fact)


def _range(facts: Facts, name: str) -> Fact:
    return next(fact for fact in facts.of_kind("physiology.range") if fact.site == name)


def _physiology_at_baseline_and_closing(facts: Facts) -> Iterator[Fired]:
    missing = [
        (words, snapshot)
        for name, words in _QUANTITIES
        if _range(facts, name).status != "not_recorded"
        for snapshot in facts.of_kind("physiology.snapshot")
        if not snapshot.text(name)
    ]
    if not missing or nothing_monitored(facts) or off_by_a_day(facts):
        return
    for words, snapshot in missing:
        moment = snapshot.text("label")
        yield fired(snapshot.pointer, snapshot, Quantity=words, quantity=words.lower(), moment=moment)


def _tof(facts: Facts) -> Iterator[Fired]:
    missing = [fact for fact in facts.of_kind("tof") if fact.status == "not_recorded"]
    if missing:
        yield fired("/anesthesia/train_of_four", *missing)


def _tof_site(facts: Facts) -> Iterator[Fired]:
    placeless = [
        fact
        for fact in facts.of_kind("tof")
        if fact.status == "recorded" and (not fact.site or fact.side == "not_recorded")
    ]
    if placeless:
        yield fired(placeless[0].pointer, *placeless)


def _anesthesia(facts: Facts) -> Iterator[Fired]:
    """Where agents are listed they are not asked again."""
    regimen = facts.by_id["anesthesia.regimen"]
    if regimen.status == "not_recorded":
        ask = "Which regimen was it" if facts.of_kind("agent") else "Which agents and doses were given"
        yield fired("/anesthesia", regimen, ask_agents=ask)


def _anesthesia_agents(facts: Facts) -> Iterator[Fired]:
    regimen = facts.by_id["anesthesia.regimen"]
    if regimen.status != "not_recorded" and not facts.of_kind("agent"):
        yield fired("/anesthesia/agents", regimen)


def _anesthesia_dose(facts: Facts) -> Iterator[Fired]:
    undosed = [fact for fact in facts.of_kind("agent") if not fact.text("dose")]
    if undosed:
        yield fired(undosed[0].pointer, *undosed, count=len(undosed))


def _adverse_effects(facts: Facts) -> Iterator[Fired]:
    effects = facts.by_id["adverse_effects"]
    if not nothing_monitored(facts) and effects.status in ("not_recorded", "not_checked"):
        state = "is not recorded" if effects.status == "not_recorded" else "was not made"
        yield fired("/adverse_effects", effects, state=state)


def _postoperative_examination(facts: Facts) -> Iterator[Fired]:
    """Not asked where the course after surgery tells of an examination: the fact then need not be stated."""
    exam = facts.by_id["postoperative.examination"]
    if exam.status == "not_recorded" and exam.must_state:
        yield fired(exam.pointer, exam)


def _postoperative_examiner(facts: Facts) -> Iterator[Fired]:
    exam = facts.by_id["postoperative.examination"]
    if exam.status == "performed" and says_nothing(exam.text("examiner")):
        yield fired(exam.pointer, exam)


def _milestone(facts: Facts) -> Iterator[Fired]:
    """Incision and closure, asked at once; an operation that was called off may have had neither."""
    outcome = facts.get("surgery.outcome")
    if outcome is not None and outcome.status == "aborted":
        return
    timed = {fact.status for fact in facts.of_kind("milestone") if fact.text("at")}
    milestones = (*facts.of_kind("milestone"), *facts.of_kind("milestone.missing"))
    untimed = [
        milestone
        for code in _NEEDED_MILESTONES
        if code not in timed
        for milestone in milestones
        if milestone.code("label") == code
    ]
    if untimed:
        codes = dict.fromkeys(fact.code("label") for fact in untimed)
        names = joined(vocabulary("milestones").display(code) for code in codes)
        yield fired(untimed[0].pointer, *untimed, milestones=names)


def _monitoring_times(facts: Facts) -> Iterator[Fired]:
    if not facts.of_kind("interval.monitoring") and not nothing_monitored(facts):
        yield fired("/intervals")


def _gap_reason(facts: Facts) -> Iterator[Fired]:
    gaps = [*facts.of_kind("interval.gap"), *facts.of_kind("interval.outage")]
    unexplained = [fact for fact in gaps if not fact.text("reason")]
    if unexplained:
        yield fired(f"{unexplained[0].pointer}/reason", *unexplained)


def _early_end_reason(facts: Facts) -> Iterator[Fired]:
    end = facts.get("monitoring.end")
    if end is not None and end.status == "before_closure" and not end.text("reason"):
        yield fired(f"{end.pointer}/reason", end)


STATE_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "required.physiology": _physiology,
        "required.temperature": _temperature,
        "required.physiology_at_baseline_and_closing": _physiology_at_baseline_and_closing,
        "required.tof": _tof,
        "required.tof_site": _tof_site,
        "required.anesthesia": _anesthesia,
        "required.anesthesia_agents": _anesthesia_agents,
        "required.anesthesia_dose": _anesthesia_dose,
        "required.adverse_effects": _adverse_effects,
        "required.postoperative_examination": _postoperative_examination,
        "required.postoperative_examiner": _postoperative_examiner,
        "required.milestone": _milestone,
        "required.monitoring_times": _monitoring_times,
        "required.gap_reason": _gap_reason,
        "required.early_end_reason": _early_end_reason,
    }
)
"""What is missing of the patient's state and of the times of the case."""
