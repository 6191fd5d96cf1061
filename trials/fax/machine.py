"""What a fax machine makes of a page, and what tesseract reads there."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped] # it ships no types
from PIL import Image

from trials.fax.words import words

__all__ = ["MODES", "TESSERACT", "Mode", "Read", "arrived", "read"]

TESSERACT = shutil.which("tesseract") or ""
ACROSS = 204  # dots an inch, in both fax modes
OVERSAMPLED = 4  # pixels drawn for each dot across, so that a dot's share of black is measured


@dataclass(frozen=True, slots=True)
class Mode:
    """A way for a page to arrive."""

    name: str  # name as printed
    across: int  # dots an inch across
    down: int  # lines an inch down, as sent
    repeat: int = 1  # how often each line is printed
    fax: bool = True  # black or white only


MODES = (Mode("clean", 300, 300, fax=False), Mode("fine", ACROSS, 196), Mode("standard", ACROSS, 98, repeat=2))


@dataclass(frozen=True, slots=True)
class Read:
    """A word as read."""

    word: str  # normalised
    page: int  # index of the page
    middle: float  # height of its middle in points from the page's foot


def arrived(data: bytes, threshold: float) -> list[tuple[int, Mode, Image.Image]]:
    """Each page of a PDF in each mode; a dot is black when at least this share of its area is."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            (number, mode, _arrive(page, mode, threshold)) for number, page in enumerate(document) for mode in MODES
        ]
    finally:
        document.close()


def _arrive(page: pypdfium2.PdfPage, mode: Mode, threshold: float) -> Image.Image:
    """A page as it arrives; a dot is black when at least this share of its area is."""
    scale = mode.across / 72 * (OVERSAMPLED if mode.fax else 1)
    drawn: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    if not mode.fax:
        return drawn
    width, height = page.get_size()
    grid = (round(width / 72 * mode.across), round(height / 72 * mode.down))
    dots = drawn.resize(grid, Image.Resampling.BOX)
    cut = 255 * (1 - threshold)
    black = dots.point([0 if level <= cut else 255 for level in range(256)])
    return black.resize((grid[0], grid[1] * mode.repeat), Image.Resampling.NEAREST)


def read(page: int, image: Image.Image, mode: Mode, psm: int) -> list[Read]:
    """The words that tesseract finds on a page."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    command = [TESSERACT, "stdin", "stdout", "-l", "eng", "--psm", str(psm), "--dpi", str(mode.across), "tsv"]
    # One thread each: pages are read side by side.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=buffer.getvalue(), check=True, capture_output=True, env=environment)
    inch = mode.down * mode.repeat / 72
    rows = csv.DictReader(io.StringIO(done.stdout.decode()), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        Read(word, page, (image.height - int(row["top"]) - int(row["height"]) / 2) / inch)
        for row in rows
        if row["level"] == "5"
        for word in words(row["text"])
    ]
