"""Sentences that a prompt may show: the grammar's own examples, with slots and without a number.

``python -m tests.llm.question.grammar_examples`` prints them, for whoever writes the next version of a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from report_gen.guard.reader.meaning import Meaning
from report_gen.guard.reader.proof import read, words_of
from report_gen.guard.reader.rules import grammar_rules
from tests.guard.cases import SCOLIOSIS, sample
from tests.guard.reader.example_case import example_terms

__all__ = ["filled", "meanings", "sentences"]

NUMBERS: Mapping[str, str] = {
    "minutes": "1 min",
    "pressure": "85 mmHg",
    "dose": "4 µg/min",
    "percent": "17%",
}
"""What stands for a number in a prompt, which holds none of its own, and the one that the example case has there."""


@cache
def slots() -> Mapping[str, str]:
    """What each slot of the example case's alert stands for, as it is printed."""
    found, _ = sample(SCOLIOSIS)
    alert = next(passage for passage in found if passage.about)
    said = [value for unit in alert.units for part in unit.parts for value in part.said if value.slot]
    return {value.slot: f"“{value.text}”" if value.how == "quote" else value.text for value in said}


def filled(text: str) -> str:
    """A sentence of a prompt as it is said of the example case."""
    text = re.sub(r"\{([tnq]\d+)\}", lambda slot: slots()[slot[1]], text)
    return re.sub(r"<(\w+)>", lambda number: NUMBERS[number[1]], text)


def meanings(text: str) -> frozenset[Meaning]:
    """Every meaning of a sentence of a prompt."""
    terms = example_terms()
    return frozenset(read(words_of(filled(text), terms), terms).meanings)


def sentences() -> Iterator[str]:
    """The examples that are sentences by themselves, as a prompt may show them; none that still holds a number."""
    for rule in grammar_rules():
        for alternative in rule.alternatives:
            for words, _ in alternative.examples:
                text = _with_slots(f"{words[:1].upper()}{words.removesuffix('.')[1:]}.")
                if len(meanings(text)) == 1 and not re.search(r"\d", re.sub(r"\{\w+\}", "", text)):
                    yield text


def _with_slots(text: str) -> str:
    for slot, words in sorted(slots().items(), key=lambda row: -len(row[1])):
        text = re.sub(rf"(?<![\w:]){re.escape(words)}(?![\w:])", f"{{{slot}}}", text)
    for name, words in NUMBERS.items():
        text = text.replace(words, f"<{name}>")
    return text


if __name__ == "__main__":
    print(*sentences(), sep="\n")  # noqa: T201 - what it is for
