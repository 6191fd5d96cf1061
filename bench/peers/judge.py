"""Whether a PDF says everything that its content says, read back by a library that none of the engines uses."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.peers.blocks import Content

__all__ = ["Found", "inspect", "lost", "missing", "page_texts", "picture"]

_NUMBER = re.compile(r"\d+")
_HYPHENS = dict.fromkeys(map(ord, "-\u00ad\u2010\ufffe\x02"))
"""Hyphens, and what PDFium gives for one at the end of a line: a word may be parted there."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a PDF is."""

    pages: int
    """Number of pages."""
    tagged: bool
    """Whether it says that it is tagged (`/MarkInfo` with `/Marked true`)."""


def missing() -> str:
    """Why no PDF can be read here; empty when it can."""
    try:
        import pikepdf  # noqa: F401
        import pypdfium2  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        return "pypdfium2 or pikepdf is not installed (extra extract)"
    return ""


def inspect(pdf: bytes) -> Found:
    """Pages and tags of a PDF."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        marks = document.Root.get("/MarkInfo")
        return Found(len(document.pages), marks is not None and bool(marks.get("/Marked", False)))


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page.

    Raises:
        ValueError: The data are no PDF.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise ValueError("the data are no PDF") from None
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def picture(pdf: bytes, path: Path) -> None:
    """Page 1 at 70 dpi as PNG."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        document[0].render(scale=70 / 72).to_pil().save(path)
    finally:
        document.close()


def lost(pdf: bytes, content: Content) -> str:
    """What of the content is not in the PDF, in numbers and without its words; empty when nothing is lost.

    Each text must stand as often as the content has it, each number likewise, and each word; what stands on every page
    must stand on every page, with its number and the total. Blanks and hyphens do not count; a text may go on on the
    next page.
    """
    try:
        pages = page_texts(pdf)
    except ValueError as error:
        return str(error)
    gone = _lost_texts(pages, content)
    if gone:
        return f"{len(gone)} of {sum(1 for _ in content.texts())} texts are lost, the first in block {gone[0] + 1}"
    for kind, counted in (("numbers", _numbers), ("words", _words)):
        wanted = sum((counted(text) for _, text in content.texts()), Counter[str]())
        if few := sum((wanted - sum(map(counted, pages), Counter[str]())).values()):
            return f"{few} {kind} are lost"
    return _lost_running(pages, content)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def _words(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", text)
    # A word with a hyphen may be parted at it, and PDFium then drops the hyphen; such words are left to the texts.
    return Counter(word for word in plain.split() if word.isalpha())


def _lost_texts(pages: Sequence[str], content: Content) -> list[int]:
    """Numbers of the blocks of the texts that do not stand as often as they must."""
    squeezed = [_squeezed(page) for page in pages]
    wanted = Counter(_squeezed(text) for _, text in content.texts())
    gone = []
    for number, text in content.texts():
        plain = _squeezed(text)
        times = sum(page.count(plain) for page in squeezed)
        # Parted once more at each page's end at most.
        if times < wanted[plain]:
            times += sum(_parted(text, before, after) for before, after in pairwise(squeezed))
        if times < wanted[plain]:
            gone.append(number)
    return gone


def _parted(text: str, before: str, after: str) -> bool:
    """Whether a text begins on one page and ends on the next, parted between two words."""
    words = text.split()
    return any(
        _squeezed("".join(words[:cut])) in before and _squeezed("".join(words[cut:])) in after
        for cut in range(1, len(words))
    )


def _lost_running(pages: Sequence[str], content: Content) -> str:
    running = content.running
    identity = (f"{label} {text}" for label, text in running.identity)
    # Ours leaves kind and time of the draft out where the foot has no room for them.
    always = (running.mark, running.reference, running.foot, running.content, *identity)
    for number, page in enumerate(pages, start=1):
        plain = _squeezed(page)
        texts = (*always, running.counted.format(page=number, pages=len(pages)))
        if gone := sum(_squeezed(text) not in plain for text in texts):
            return f"{gone} of {len(texts)} texts of header and footer are lost on page {number}"
    return ""
