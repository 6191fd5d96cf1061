"""The claim checklist as plain text, for a terminal: the same sections, 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from report_gen.document.blocks import HasText, KeyValues, PageBlock, Paragraph, Row, Section, Table

__all__ = ["claim_text"]

_WIDTH: Final = 100


def claim_text(sections: Sequence[Section[PageBlock]]) -> str:
    """The sections as text that ends with a newline."""
    lines: list[str] = []
    for section in sections:
        lines += ["", section.title.upper()]
        for block in section.blocks:
            match block:
                case Paragraph():
                    words = " ".join(sentence.text for sentence in block.sentences)
                    lines += _wrapped(f"{block.label}. {words}" if block.label else words)
                case KeyValues():
                    for item in block.items:
                        lines += _pair(f"{item.label}:", item.text)
                case Table():
                    lines += _table(block)
    return "\n".join(lines[1:]) + "\n"


def _pair(label: str, text: str) -> list[str]:
    """Label and value in two columns; a value with no room there stands below its label."""
    line = f"  {label:<31}{text}"
    return [line] if len(line) <= _WIDTH else [f"  {label}", *_wrapped(text, indent="    ")]


def _table(block: Table[HasText]) -> Iterator[str]:
    """Each row as a paragraph of labelled values: a terminal has no room for wrapped cells."""
    titles = [column.title for column in block.columns]
    for row in block.rows:
        yield from _row(row, titles)
    for sentence in block.note:
        yield from _wrapped(sentence.text.strip(), indent="  ")


def _row(row: Row, titles: Sequence[str]) -> Iterator[str]:
    first, *rest = row.cells
    if row.heading:
        yield f"  {first.text}"
        return
    pairs = [(title, cell.text) for title, cell in zip(titles[1:], rest, strict=True) if cell.text]
    lead, *more = pairs
    yield from _wrapped(f"{first.text:<6} {lead[1]}", indent="    ", hang="           ")
    for title, text in more:
        yield from _wrapped(f"{title}: {text}", indent="           ", hang="             ")


def _wrapped(words: str, *, indent: str = "  ", hang: str | None = None) -> list[str]:
    later = indent if hang is None else hang
    return textwrap.wrap(words, _WIDTH, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False)
