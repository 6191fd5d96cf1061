"""What stands on every page: whose it is and how it stands at the head, which document and page it is at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from report_gen.document.pages import Running
from report_gen.render.figures.place import shortened
from report_gen.render.metrics import RULE, text_width
from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.styles import MARGIN, SMALL

__all__ = ["RunningLines"]

_TOP: Final = 30.0
"""From the upper edge of the paper to the first baseline."""
_LINE: Final = 10.5
_LOW: Final = 17.0
"""From the lower edge of the paper to the last baseline."""
_ROOM: Final = 10.0
"""Between the rules and the text of the page."""
_GAP: Final = 10.0
_NEAR: Final = 3.0
"""Between a label and its value."""
_NAME: Final = 200.0
"""Room that a name is given before other values move to a second line."""


@dataclass(frozen=True, slots=True)
class _RunningText:
    text: str
    bold: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, SMALL, bold=self.bold)


_NOTHING: Final = _RunningText("")


class RunningLines:
    """The running lines of one part of a document; the same on all of its pages but for the number."""

    def __init__(self, running: Running, words: Lettering, paper: tuple[float, float]) -> None:
        """Lay them out on paper of this width and height."""
        self._width, self._height = paper
        self._room = self._width - 2 * MARGIN
        self._counted = running.counted
        self._mark = _RunningText(words.drawn(running.mark), bold=True)
        self._head = self._identity([(label, words.drawn(text)) for label, text in running.identity])
        self._foot = self._lowest(running, words)

    @property
    def top(self) -> float:
        """Upper edge of the text of a page."""
        return self._height - _TOP - (len(self._head) - 1) * _LINE - 5.0 - _ROOM

    @property
    def bottom(self) -> float:
        """Lower edge of the text of a page."""
        return _LOW + (len(self._foot) - 1) * _LINE + 11.0 + _ROOM / 2

    # --- layout ------------------------------------------------------------------------------------------------------

    def _identity(self, pairs: Sequence[tuple[str, str]]) -> list[list[_RunningText]]:
        """Who, in one line or as few as hold it, the first value bold; only that one is shortened for want of room."""
        label, name = pairs[0] if pairs else ("", "")
        lead = [_RunningText(f"{label}:")] if label else []
        rest = [self._fitting(f"{label}: {text}") for label, text in pairs[1:]]
        taken = self._mark.width + _GAP + sum(words.width + _NEAR for words in lead)
        space = self._room - taken
        lines = _parted(rest, space - min(_NAME, _bold_width(name)) - _GAP, self._room)
        space -= sum(piece.width + _GAP for piece in lines[0])
        return [[*lead, _RunningText(shortened(name, space, _bold_width), bold=True), *lines[0]], *lines[1:]]

    def _fitting(self, text: str) -> _RunningText:
        """A value that is longer than a line loses its end."""
        return _RunningText(shortened(text, self._room, _plain_width))

    def _lowest(self, running: Running, words: Lettering) -> list[tuple[_RunningText, _RunningText, _RunningText]]:
        """Reference and count; under them the time of the draft, what must not be forgotten, and content.

        The same on all documents, so that each stands where it is looked for; only where the second line does not hold
        its three, what must not be forgotten stands in the first or, for want of room, in a line of its own. The kind
        stands where there is no time.
        """
        reference, drafted, kind = (
            _RunningText(words.drawn(text)) for text in (running.reference, running.drafted, running.kind)
        )
        content, foot = _RunningText(words.drawn(running.content)), _RunningText(words.drawn(running.foot), bold=True)
        counted = _RunningText(running.counted.format(page=999, pages=999))
        first = (_RunningText(self._short(reference, counted)), _NOTHING, counted)
        for left in (drafted if drafted.text else kind, drafted):
            if self._fits(left, foot, content):
                return [first, (left, foot, content)]
        last = self._if_fits(drafted, kind, content)
        if self._fits(reference, foot, counted):
            return [(reference, foot, counted), last]
        return [first, (foot, _NOTHING, _NOTHING), last]

    def _fits(self, *three: _RunningText) -> bool:
        return sum(words.width for words in three) + 2 * _GAP <= self._room

    def _if_fits(
        self, left: _RunningText, middle: _RunningText, right: _RunningText
    ) -> tuple[_RunningText, _RunningText, _RunningText]:
        if not left.text:
            left, middle = middle, left
        if not self._fits(left, _NOTHING, right):
            left = _RunningText(self._short(left, right))
        return (left, middle, right) if self._fits(left, middle, right) else (left, _NOTHING, right)

    def _short(self, words: _RunningText, beside: _RunningText) -> str:
        return shortened(words.text, self._room - beside.width - _GAP, _plain_width)

    # --- drawing -----------------------------------------------------------------------------------------------------

    def draw(self, ink: Ink, page: int, pages: int) -> None:
        """Draw head and foot of one page; they repeat what the report says and are artifacts."""
        left, right = MARGIN, self._width - MARGIN
        ink.begin_artifact("Pagination")
        y = self._height - _TOP
        ink.text(self._mark.text, right - self._mark.width, y, SMALL, bold=True)
        for line in self._head:
            x = left
            for piece in line:
                ink.text(piece.text, x, y, SMALL, bold=piece.bold)
                x += piece.width + (_NEAR if piece.text.endswith(":") else _GAP)
            y -= _LINE
        rule = y + _LINE - 5.0
        ink.rule((left, rule), (right, rule), RULE)
        y = _LOW + (len(self._foot) - 1) * _LINE
        ink.rule((left, y + 11.0), (right, y + 11.0), RULE)
        for number, (first, middle, last) in enumerate(self._foot):
            if number == 0:
                last = _RunningText(self._counted.format(page=page, pages=pages))
            ink.text(first.text, left, y, SMALL, bold=first.bold)
            ink.text(middle.text, self._middle(first, middle, last), y, SMALL, bold=middle.bold)
            ink.text(last.text, right - last.width, y, SMALL, bold=last.bold)
            y -= _LINE
        ink.end()

    def _middle(self, first: _RunningText, middle: _RunningText, last: _RunningText) -> float:
        """Left edge of what stands in the middle of the paper, or of the room between its neighbours."""
        x = (self._width - middle.width) / 2
        low = MARGIN + first.width + _GAP
        high = self._width - MARGIN - last.width - _GAP - middle.width
        return x if low <= x <= high else (low + high) / 2


def _parted(pieces: Sequence[_RunningText], first: float, room: float) -> list[list[_RunningText]]:
    """Values in as few lines as hold them; of two lines, the second is not left with the last value alone."""
    lines: list[list[_RunningText]] = [[]]
    left = first
    for piece in pieces:
        if piece.width > left:
            lines.append([])
            left = room
        lines[-1].append(piece)
        left -= piece.width + _GAP
    if len(lines) == 2:
        upper, lower = lines
        while len(upper) > len(lower) + 1 and _line_width([upper[-1], *lower]) <= room:
            lower.insert(0, upper.pop())
    return lines


def _line_width(pieces: Sequence[_RunningText]) -> float:
    return sum(piece.width for piece in pieces) + _GAP * (len(pieces) - 1)


def _plain_width(text: str) -> float:
    return text_width(text, SMALL)


def _bold_width(text: str) -> float:
    return text_width(text, SMALL, bold=True)
