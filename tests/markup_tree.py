"""Reads HTML into a tree and refuses what is not well formed, where a browser would guess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "meta"}


@dataclass
class Node:
    """An element with its content in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[Node | str] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        """Elements directly inside."""
        return [part for part in self.content if isinstance(part, Node)]

    def walk(self) -> Iterator[Node]:
        """This element and all inside, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *names: str) -> list[Node]:
        """Elements inside of these names, in reading order."""
        return [node for node in self.walk() if node.name in names]

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """The words inside; a line break is a line feed."""
        if self.name in without:
            return ""
        if self.name == "br":
            return "\n"
        return "".join(part if isinstance(part, str) else part.text(without=without) for part in self.content)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"{tag} has an attribute twice: {names}"
        assert all(value is not None for _, value in attrs), f"{tag} has an attribute without a value"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(f"{tag} is closed the way HTML ignores")

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].name == tag, f"</{tag}> closes {self._open[-1].name}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].content.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def finish(self) -> Node:
        self.close()
        assert self._open == [self.root], f"never closed: {[node.name for node in self._open[1:]]}"
        return self.root


def tree(markup: str) -> Node:
    """The tree of a document or a fragment.

    Raises:
        AssertionError: Something is not closed, closed twice, or written so that a browser would have to guess.
    """
    reader = _Reader()
    reader.feed(markup)
    return reader.finish()
