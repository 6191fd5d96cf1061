"""Responses of which one reading was taken and no other."""

from __future__ import annotations

from report_gen.facts.builder import FactBuilder
from report_gen.facts.model import Fact
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.criteria import ATTEMPTED_STATES
from report_gen.facts.signals.naming import ChannelView

__all__ = ["only_reading", "only_words"]


def only_reading(b: FactBuilder, view: ChannelView, course: ChannelCourse) -> Fact | None:
    """The one reading of a response, its baseline, where nothing was read of it afterwards.

    None: it was read more than once, or never.

    Args:
        b: Collector, which has the facts of the response.
        view: The response.
        course: What was read after the baseline.
    """
    if course.between or b.in_group(view.fact_id, "channel.closing")[-1].status in ATTEMPTED_STATES:
        return None
    read = [fact for fact in b.in_group(view.fact_id, "channel.baseline") if fact.status in ATTEMPTED_STATES]
    return read[0] if len(read) == 1 else None


def only_words(fact: Fact) -> str:
    """That reading in words without its remark, with its time: `only reading 28 mmHg (09:13)`."""
    at = fact.text("at") or fact.text("when")
    return f"only reading {fact.text('bare') or fact.text('text')}{f' ({at})' if at else ''}"
