"""What is remarked of several readings of a table alike, told once under it."""

from __future__ import annotations

from collections.abc import Iterable

from report_gen.draft.model import Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted
from report_gen.facts.model import Fact

__all__ = ["Remarks"]


class Remarks:
    """The remarks that stand in a table more than once, numbered in the order in which its cells need them."""

    def __init__(self, readings: Iterable[Fact]) -> None:
        """Find the remarks that are made of more than one of these readings."""
        made: dict[str, dict[str, Fact]] = {}
        for reading in readings:
            if reading.text("remark"):
                made.setdefault(reading.text("remark"), {})[reading.id] = reading
        self._several = {words for words, facts in made.items() if len(facts) > 1}
        self._told: dict[str, dict[str, Fact]] = {}

    def short(self, words: str, *readings: Fact) -> str:
        """Words of a cell with the number of a note in place of each remark of these readings that has one."""
        for reading in readings:
            remark, text = reading.text("remark"), reading.text("text")
            if remark in self._several and text in words:
                self._told.setdefault(remark, {})[reading.id] = reading
                number = list(self._told).index(remark) + 1
                words = words.replace(text, f"{reading.text('bare')} [{number}]", 1)
        return words

    def notes(self) -> tuple[Sentence, ...]:
        """The notes under the table, in the order of their numbers."""
        return tuple(
            say("record.numbered", number=f"[{number}]", reading=Noted(*facts.values()))
            for number, facts in enumerate(self._told.values(), 1)
        )
