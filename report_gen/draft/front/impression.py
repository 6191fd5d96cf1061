"""The impression: the professional's own text, or a proposal by system from computed facts, marked as not adopted."""

from __future__ import annotations

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.model import Block, Sentence, Stated
from report_gen.draft.sentences import say
from report_gen.draft.words import FILTERS, Noted, joined_words, repeated
from report_gen.facts.model import Fact, Facts

__all__ = ["PROPOSED_LABEL", "impression"]

PROPOSED_LABEL = "Proposed from the record; not yet adopted by the interpreting professional"


def impression(facts: Facts) -> Section[Block]:
    """The text verbatim with who and when, class and correlation; else the proposal, at most a line a system."""
    own = facts.by_id["opinion.impression"]
    outcome = facts.get("opinion.outcome_class")
    blocks: list[Block] = []
    if own.status == "recorded":
        blocks.append(Paragraph((_verbatim(own),), verbatim=True))
        signed = [say("page_one.authorship", own=own, outcome=outcome)]
        blocks.append(Paragraph(tuple(signed)))
    else:
        missing = [say("page_one.no_impression", own=own)]
        if outcome is not None:
            missing.append(say("page_one.outcome_class", outcome=outcome))
        blocks.append(Paragraph(tuple(missing)))
        if proposal := _proposed(facts):
            blocks.append(Paragraph(proposal, label=PROPOSED_LABEL, proposed=True, listed=True))
    if (correlation := facts.get("opinion.correlation")) is not None:
        blocks.append(Paragraph((_verbatim(correlation),), label="Clinical correlation", verbatim=True))
    return Section("impression", "Impression", tuple(blocks), role="impression")


def _verbatim(own: Fact) -> Sentence:
    """A person's own words as they stand."""
    return Sentence.stating(own.text("text"), (Stated(own.id, "text"),), worded_by="person")


def _proposed(facts: Facts) -> tuple[Sentence, ...]:
    """A line for each system, then what was not monitored."""
    lines = [say("page_one.system", system=fact) for fact in facts.of_kind("result.system")]
    missing = [Noted(fact).text("text") for fact in facts.of_kind("aggregate.closing.unfollowed")]
    missing += [
        Noted(fact).text("label") + " (" + (Noted(fact).text("reason") or "reason not recorded") + ")"
        for fact in facts.of_kind("modality")
        if fact.status == "not_performed"
    ]
    told = " ".join(missing)
    missing += [
        Noted(fact).text("structure")
        for fact in facts.of_kind("limitations.not_monitored")
        if not repeated(fact.text("structure"), told)
    ]
    if missing:
        lines.append(
            say("page_one.proposed_not_monitored", those=joined_words(map(FILTERS["unstopped"], missing), "; "))
        )
    return tuple(lines)
