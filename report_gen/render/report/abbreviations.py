"""The key to the abbreviations that a part of the report uses, taken from the vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from report_gen.document.blocks import PageBlock, Paragraph, Part, Phrase, Section
from report_gen.draft.model import Draft, statements
from report_gen.facts.model import Facts
from report_gen.vocab import vocabulary

__all__ = ["abbreviation_key", "key_sections"]

_CODED_IN: Final = ("electrode_sites", "modalities", "muscles", "nerves")
"""Vocabularies whose abbreviations are looked for where a fact of the case holds the code: elsewhere, `PT` or `AP` may
be anything."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")


def key_sections(facts: Facts, draft: Draft, part: Part) -> tuple[Section[PageBlock], ...]:
    """The section with the key to what a part of the draft prints; none where it prints no abbreviation.

    It states nothing of the case, so that it belongs to the pages and not to the draft.
    """
    key = abbreviation_key(facts, (text for _, text, _ in statements(draft.part(part))))
    if not key:
        return ()
    block = Paragraph((Phrase(key),))
    return (Section(f"abbreviations-{part}", "Abbreviations", (block,), level=2, part=part),)


def abbreviation_key(facts: Facts, texts: Iterable[str]) -> str:
    """One line that explains every abbreviation in the texts; empty where there is none.

    Args:
        facts: The case, whose codes say what an abbreviation stands for.
        texts: Everything that is printed in the part.
    """
    printed = {word for text in set(texts) for word in _WORD.findall(text)}
    coded = {
        (value.vocabulary, value.code)
        for fact in facts
        for value in fact.values
        if value.vocabulary in _CODED_IN and value.code
    }
    meanings: dict[str, str] = {}
    for name, code in sorted(coded):
        entry = vocabulary(name).get(code)
        if entry is not None and entry.abbreviation and _WORD.fullmatch(entry.abbreviation):
            meanings[entry.abbreviation] = entry.display
    meanings |= {entry.abbreviation or "": entry.display for entry in vocabulary("abbreviations").entries.values()}
    if "L" in printed or "R" in printed:
        meanings |= {"L": "left", "R": "right"}
    ordered = sorted(meanings.items(), key=lambda row: row[0].lower())
    rows = [f"{short} {words}" for short, words in ordered if short in printed and short != words]
    return f"{'; '.join(rows)}." if rows else ""
