"""Rows of events that name no response: what they say is said of their modality, of no response in it."""

from __future__ import annotations

from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.results.row_events import row_events
from report_gen.facts.results.state_words import when_words
from report_gen.facts.results.summary import SIDES, row_fact
from report_gen.facts.row_ids import code_ids
from report_gen.facts.signals.naming import ChannelIndex
from report_gen.facts.signals.worst import event_state, names_nobody
from report_gen.vocab import signal_classes, vocabulary

__all__ = ["derive_unnamed"]


def derive_unnamed(b: FactBuilder, channels: ChannelIndex) -> None:
    """Add a row for each event of a modality that names no response and says that one got worse."""
    events = [event for event in b.of_kind("event") if names_nobody(event) and event.modality]
    tested = {fact.modality for fact in b.of_kind("threshold")}
    said = [
        (event, state)
        for event in events
        if event.modality not in tested
        and (state := event_state(b, event, _loss(channels, event.modality))) is not None
    ]
    ids = code_ids("result", [f"{event.modality}.unnamed.{event.code('id')}" for event, _ in said])
    for fact_id, (event, state) in zip(ids, said, strict=True):
        label = vocabulary("modalities").label(event.modality)
        name = f"{label[:1].upper()}{label[1:]}, response not named"
        side = event.side if event.side in SIDES else "not_recorded" if event.side == "" else event.side
        row_fact(
            b,
            fact_id,
            name,
            event.modality,
            "" if side in SIDES else side,
            [event.id],
            event.status if event.status in signal_classes() else "none",
        )
        b.compute(
            f"{fact_id}.{side}.worst",
            "result.worst",
            event.pointer,
            [text("text", f"{state.share}{when_words([state])}")],
            formula="the state that the kind of change leaves a response in",
            inputs=[event.id],
            group=fact_id,
            status="beyond" if state.status == "beyond_criterion" else "none",
            side=side,
            modality=event.modality,
        )
        row_events(b, fact_id, event.modality, [event])


def _loss(channels: ChannelIndex, modality: str) -> str:
    return "no_criterion" if channels.criterion_for(modality) is None else "not_comparable"
