"""A fact keeps its meaning: nothing outside `facts/` turns printed English back into data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.source.printed import modules, printed_text_read

PACKAGE = Path(__file__).parents[3] / "report_gen"


def test_no_printed_text_decides_anything():
    """Codes, flags, days and numbers are asked of the fact; only a person's own words are searched."""
    found = [
        fault
        for place, source in modules(PACKAGE, but=frozenset({"facts"}))
        for fault in printed_text_read(source, place)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'fact.text("kind") == "bolus"',
        'words != facts.by_id["order"].text("modalities")',
        'label in fact.text("modalities")',
        'fact.text("modalities").split(", ")',
        'fact.text(name).startswith("absent")',
        'fact.text("direction").rpartition(" ")[2]',
        'fact.text("number")[0]',
        're.findall("x", fact.text("text"))',
        'PATTERN.search(fact.text("text"))',
        'date.fromisoformat(fact.text("valid_from"))',
        "next(code for code, entry in entries.items() if entry.display == words)",
        'vocabulary("roles").display(code) == who',
        'who in vocabulary("roles").label(code).lower()',
        "{entry.display: code for code, entry in entries.items()}",
        'any(fact.text("to").lower() == "surgeon" for fact in facts)',
        '" ".join(sentence.text for sentence in unit.template)',
    ],
)
def test_each_way_to_read_print_is_found(line):
    """Compared, searched, parted, parsed, looked up by its printed term, or read out of a sentence again."""
    assert len(printed_text_read(line, "room.py")) == 1


@pytest.mark.parametrize(
    "line",
    [
        'fact.code("kind") == "bolus"',
        'if not fact.text("at"): pass',
        'fact.text("at") != ""',
        "say(f\"at {fact.text('at')}\")",
        'words = fact.text("text") or "not recorded"',
        'PATTERN.findall(own.words("text"))',
        'joined(vocabulary("roles").display(code) for code in codes)',
        'tree.text() == "x"',
    ],
)
def test_printing_is_no_reading(line):
    """Neither is asking whether there is anything to print."""
    assert printed_text_read(line, "room.py") == []
