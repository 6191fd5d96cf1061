"""Anesthesia, physiology, neuromuscular block, times of the case, the end (clinical reference §1.3, §1.5, §1.6)."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import absent
from report_gen.checks.model import Finding
from report_gen.facts.model import Facts
from report_gen.vocab import vocabulary

__all__ = ["state_findings"]

_NEEDED_MILESTONES = ("incision", "closure_start")


def state_findings(facts: Facts) -> Iterator[Finding]:
    """What is missing of the patient's state and of the times of the case."""
    yield from _physiology(facts)
    yield from _block(facts)
    yield from _anesthesia(facts)
    yield from _after(facts)
    yield from _times(facts)


def _physiology(facts: Facts) -> Iterator[Finding]:
    for name, code, words in (
        ("map_mmhg", "physiology", "Mean arterial pressure"),
        ("core_temp_c", "temperature", "Core temperature"),
    ):
        fact = next(fact for fact in facts.of_kind("physiology.range") if fact.site == name)
        if fact.status == "not_recorded":
            yield absent(
                code,
                "/physiology",
                f"{words} is not recorded.",
                f"Which values of {words.lower()} does the anesthesia record show?",
                facts=[fact],
                gate="draft",
                ask="anesthesia",
            )
            continue
        for snapshot in facts.of_kind("physiology.snapshot"):
            if not snapshot.text(name):
                label = snapshot.text("label")
                yield absent(
                    "physiology_at_baseline_and_closing",
                    snapshot.pointer,
                    f"{words} near {label} is not recorded.",
                    f"What was the {words.lower()} at {label}?",
                    facts=[snapshot],
                    ask="anesthesia",
                )


def _block(facts: Facts) -> Iterator[Finding]:
    if any(fact.status == "not_recorded" for fact in facts.of_kind("tof")):
        yield absent(
            "tof",
            "/anesthesia/train_of_four",
            "Train-of-four is not recorded although a modality depends on the neuromuscular block.",
            "Which train-of-four readings were taken, where and when?",
            facts=[fact for fact in facts.of_kind("tof") if fact.status == "not_recorded"],
            gate="draft",
        )
    placeless = [
        fact
        for fact in facts.of_kind("tof")
        if fact.status == "recorded" and (not fact.site or fact.side == "not_recorded")
    ]
    if placeless:
        yield absent(
            "tof_site",
            placeless[0].pointer,
            "Muscle or side of a train-of-four reading is not recorded.",
            "At which muscle and side was train-of-four taken?",
            facts=placeless,
            gate="draft",
        )


def _anesthesia(facts: Facts) -> Iterator[Finding]:
    regimen, agents = facts.by_id["anesthesia.regimen"], facts.of_kind("agent")
    if regimen.status == "not_recorded":
        yield absent(
            "anesthesia",
            "/anesthesia",
            "The anesthetic regimen is not recorded.",
            "Which agents and doses were given?",
            facts=[regimen],
            ask="anesthesia",
        )
    elif not agents:
        yield absent(
            "anesthesia_agents",
            "/anesthesia/agents",
            "The anesthetic agents are not recorded.",
            "Which agents and doses were given?",
            facts=[regimen],
            ask="anesthesia",
        )
    undosed = [fact for fact in agents if not fact.text("dose")]
    if undosed:
        yield absent(
            "anesthesia_dose",
            undosed[0].pointer,
            f"{len(undosed)} agents have no dose." if len(undosed) > 1 else "An agent has no dose.",
            "Which doses were given?",
            facts=undosed,
            ask="anesthesia",
        )


def _after(facts: Facts) -> Iterator[Finding]:
    effects, exam = facts.by_id["adverse_effects"], facts.by_id["postoperative.examination"]
    if effects.status in ("not_recorded", "not_checked"):
        state = "is not recorded" if effects.status == "not_recorded" else "was not made"
        yield absent(
            "adverse_effects",
            "/adverse_effects",
            f"A check for adverse effects of monitoring {state}.",
            "Were tongue, lips and needle sites checked, and what was seen?",
            facts=[effects],
            gate="draft",
        )
    if exam.status == "not_recorded":
        yield absent(
            "postoperative_examination",
            exam.pointer,
            "Whether there is a post-operative examination to report is not recorded.",
            "Was the patient examined after surgery, by whom and when, or is that not available?",
            facts=[exam],
            ask="surgeon",
        )
    if exam.status == "performed" and not exam.text("examiner"):
        yield absent(
            "postoperative_examiner",
            exam.pointer,
            "The examiner of the post-operative examination is not recorded.",
            "Who examined the patient?",
            facts=[exam],
            ask="surgeon",
        )


def _times(facts: Facts) -> Iterator[Finding]:
    timed = {fact.status for fact in facts.of_kind("milestone") if fact.text("at")}
    for code in _NEEDED_MILESTONES:
        if code not in timed:
            words = vocabulary("milestones").display(code)
            rows = (*facts.of_kind("milestone"), *facts.of_kind("milestone.missing"))
            fact = next(row for row in rows if row.code("label") == code)
            yield absent(
                "milestone",
                fact.pointer,
                f"The time of {words} is not recorded.",
                f"When was {words}?",
                facts=[fact],
            )
    if not facts.of_kind("interval.monitoring"):
        yield absent(
            "monitoring_times",
            "/intervals",
            "The times of monitoring are not recorded.",
            "When did monitoring start and end?",
            severity="block",
        )
    unexplained = [
        fact for kind in ("interval.gap", "interval.outage") for fact in facts.of_kind(kind) if not fact.text("reason")
    ]
    if unexplained:
        yield absent(
            "gap_reason",
            f"{unexplained[0].pointer}/reason",
            "The reason of a gap or outage is not recorded.",
            "Why were there no data?",
            facts=unexplained,
        )
    end = facts.get("monitoring.end")
    if end is not None and end.status == "before_closure" and not end.text("reason"):
        yield absent(
            "early_end_reason",
            f"{end.pointer}/reason",
            "Monitoring ended before closure and no reason is recorded.",
            "Why did monitoring end before closure?",
            facts=[end],
        )
