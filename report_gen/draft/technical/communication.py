"""How operating room and professional were linked, and every message, once."""

from __future__ import annotations

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.facts.model import Fact, Facts

__all__ = ["communication"]


def communication(facts: Facts) -> Section[Block]:
    """The channel, then the messages of the log and the notifications of events as one list."""
    blocks: list[Block] = [Paragraph((_channel(facts.by_id["communication.channel"]),))]
    if entries := facts.of_kind("communication.entry"):
        columns = (
            Column("Time", 0.8),
            Column("From, to", 2.2),
            Column("About", 1.2),
            Column("Words", 2.6),
            Column("Acknowledged", 0.9),
        )
        rows = tuple(_telling(fact) for fact in entries)
        blocks.append(without_empty_columns(Table("messages", "Messages and notifications, each once", columns, rows)))
    return Section("communication", "Communication", tuple(blocks))


def _channel(channel: Fact) -> Sentence:
    if channel.status == "not_recorded":
        return say("record.channel_missing", channel=channel)
    live = channel.flag("live_waveforms")
    if live is None:
        return say("record.channel", channel=channel)
    return say("record.channel_live", channel=channel) if live else say("record.channel_not_live", channel=channel)


def _telling(fact: Fact) -> Row:
    cited = (fact.id, *fact.inputs)
    time = fact.text("at") or fact.text("when") or "not recorded"
    if fact.text("at") and fact.text("when"):
        time = f"{time} ({fact.text('when')})"
    about = fact.text("kind") + (f" ({fact.text('event')})" if fact.text("event") else "")
    reply = f"Reply: \u201c{fact.text('reply')}\u201d" if fact.text("reply") else ""
    return Row(
        (
            Cell(time, cited),
            Cell(f"{_party(fact, 'from')} to {_party(fact, 'to')}", cited),
            Cell(about, cited),
            Cell(" ".join(words for words in (_ended(fact.text("text"), reply), reply) if words), cited),
            Cell(_acknowledged(fact), cited),
        )
    )


def _ended(words: str, following: str) -> str:
    """Words with a full stop where more follows."""
    return f"{words}." if words and following and words[-1] not in ".!?" else words


def _party(fact: Fact, side: str) -> str:
    role, name = fact.text(side), fact.text(f"{side}_name")
    return f"{role} ({name})" if role and name else role or name or "not recorded"


def _acknowledged(fact: Fact) -> str:
    """When, or whether, it was acknowledged; empty for a message of the log that no notification belongs to."""
    if fact.code("acknowledged") != "yes":
        return fact.text("acknowledged")
    return fact.text("acknowledged_at") or "yes, time not recorded"
