"""Times from and to in one, plain across a change of the clock: `23:35 EDT–02:05 EST`, else `01:45–01:46 EDT`."""

from __future__ import annotations

from report_gen.draft.words import Noted, Words
from report_gen.facts.clock import names_zone, span_text, unbroken, zone_text
from report_gen.facts.model import Fact, Facts

__all__ = ["span_words"]


def span_words(facts: Facts, fact: Fact, until: Fact | None = None) -> Words:
    """From when to when something was; both ends name their zone where the clock was changed between them.

    Args:
        facts: The facts.
        fact: What begins, and ends unless another does.
        until: What ends, where one thing followed another without a break. None: `fact` itself.
    """
    until = until or fact
    start, end = fact.instant("start_at"), until.instant("end_at")
    words = [fact.text("start_at"), until.text("end_at")]
    if start is not None and end is not None:
        local = [facts.clock.local(at) for at in (start, end)]
        if local[0].utcoffset() != local[1].utcoffset():
            words = [
                text if names_zone(text) else f"{text} {zone_text(at)}" for text, at in zip(words, local, strict=True)
            ]
    first, last = words
    both = Noted(fact).says("start_at", unbroken(span_text(first, last)))
    return Words(both, [*both.states, *Noted(until).says("end_at", last).states])
