"""Coded statements of the case that the rest of it denies: a modality not performed, the regimen, an excluded cause."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.criteria import RESPONSE_STATES
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = ["CAUSE_CHECKS", "STATEMENT_CHECKS"]

_RESULTS: Final = (
    "channel.baseline",
    "channel.measurement",
    "channel.closing",
    "event.reading",
    "event.retest.reading",
    "threshold",
    "mapping",
)
_VOLATILE: Final = ("sevoflurane", "desflurane", "isoflurane", "halothane", "enflurane")
"""Agents that total intravenous anesthesia is without; what is said of nitrous oxide differs by practice."""
_NO_CAUSE: Final = ("other", "undetermined")


def _unperformed(facts: Facts) -> Iterator[Fired]:
    """One finding for each modality that was not performed by the list, and has results."""
    for modality in facts.of_kind("modality"):
        if modality.status != "not_performed":
            continue
        results = [
            fact
            for kind in _RESULTS
            for fact in facts.of_kind(kind)
            if fact.modality == modality.modality
            and fact.status in (*RESPONSE_STATES, "threshold", "no_response", "recorded")
        ]
        events = [chain.event for chain in facts.events if chain.signal and chain.event.modality == modality.modality]
        if results or events:
            what = "results of it are" if results else "an event of it is"
            yield fired(
                modality.pointer,
                modality,
                *results,
                *events,
                about=modality,
                modality=modality.text("label"),
                what=what,
            )


def _regimen(facts: Facts) -> Iterator[Fired]:
    """Total intravenous anesthesia beside a volatile agent given beyond the incision, or else the first baseline.

    One that was off before belongs to induction; of one without an end nobody can say.
    """
    regimen = facts.by_id["anesthesia.regimen"]
    if regimen.code("text") != "tiva":
        return
    for kind, step in (("milestone", "incision"), ("channel.baseline", "first baseline")):
        times = [fact.instant("at") for fact in facts.of_kind(kind) if fact.status == step or kind != "milestone"]
        first = min((at for at in times if at is not None), key=utc, default=None)
        if first is not None:
            break
    for agent in facts.of_kind("agent"):
        if agent.code("agent") in _VOLATILE and earlier(first, agent.instant("end_at")):
            yield fired(
                regimen.pointer,
                regimen,
                agent,
                regimen=regimen.text("text"),
                agent=vocabulary("agents").display(agent.code("agent")),
                end=agent.text("end_at"),
                step=step,
            )


def _excluded(_: Facts, chain: EventChain) -> Iterator[Fired]:
    """One finding for an event: a cause that was excluded, and that somebody suspects or states."""
    if chain.excluded is None:
        return
    excluded = [code for code in chain.excluded.codes("text") if code not in _NO_CAUSE]
    named: list[Fact] = [fact for fact in (chain.cause, *chain.stated_causes) if fact is not None]
    for fact in named:
        both = [code for code in excluded if code in fact.codes("text")]
        if both:
            words = joined([vocabulary("causes").display(code) for code in both])
            said = "a suspected" if fact is chain.cause or fact.status == "suspected" else "the stated"
            yield fired(fact.pointer, chain.event, chain.excluded, fact, event=chain.id, cause=words, said=said)
            return


STATEMENT_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.not_performed_with_results": _unperformed,
        "contradiction.regimen_against_agents": _regimen,
    }
)
"""Contradictions between a coded statement of the case and the rest of it."""

CAUSE_CHECKS: Final[Checks[[Facts, EventChain]]] = MappingProxyType({"contradiction.excluded_and_suspected": _excluded})
"""Contradictions between causes of one event."""
