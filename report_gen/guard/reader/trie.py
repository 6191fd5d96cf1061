"""Terms by their tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from report_gen.guard.reader.meaning import Meaning
from report_gen.guard.reader.tokens import tokens

__all__ = ["Trie"]


@dataclass(slots=True)
class Trie:
    """Terms by their tokens."""

    next: dict[str, Trie] = field(default_factory=dict)
    found: list[tuple[str, Meaning]] = field(default_factory=list)

    def put(self, text: str, terminal: str, meaning: Meaning) -> None:
        """Add a term; the same twice is once."""
        node = self
        for token in tokens(text):
            node = node.next.setdefault(token.word, Trie())
        if node is not self and (terminal, meaning) not in node.found:
            node.found.append((terminal, meaning))
