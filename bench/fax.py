"""What is left of a report after a fax: recall of its words, read back by tesseract, for each part that matters.

    python bench/fax.py [--threshold 50] [--psm 6] [--keep DIR] [CASE ...]

Each page is drawn by pdfium, scaled to the grid of a group 3 fax (204 dots an inch across; 196 lines an inch down in
fine mode, 98 in standard mode), made black or white by area as a fax machine does, and read by tesseract; standard
pages have each line doubled first, as the receiving machine prints them. Recall is the share of a part's words (two
characters and more) that tesseract finds in the region of the page where that part stands. `clean` is the same page
in grey at 300 dpi, without a fax: what tesseract loses there, it loses by itself. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # it ships no types
from PIL import Image

from report_gen import ReportGenError, Settings, __version__, generate, load_case
from report_gen.draft.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Draft, Table, statements
from report_gen.pipeline import prepare
from report_gen.render.escape import printable
from report_gen.render.figures.drawing import draw_timeline, draw_trend, timeline_height, trend_height
from report_gen.render.figures.pen import RecorderPen
from report_gen.render.metrics import coverage
from report_gen.render.pdf.styles import MARGIN
from report_gen.render.standing import DRAFT_MARK

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "valid"
CASES = ("invented_scoliosis_mep_loss", "invented_cea_shunt", "invented_acdf_quiet", "published_c04_acdf")
PARTS = ("summary table", "impression", "alert chains", "closing table", "figures", "header and footer")
KINDS = {
    "of all, numbers": re.compile(r".*\d"),
    "of all, signed": re.compile(r"[-+]\d"),
    "of all, µV": re.compile(r"uv$"),
    "of all, the others": re.compile(r"(?!uv$)[^\d]+$"),
}
"""Kinds of words over all parts: tesseract's English is bad at µV, and a lost minus changes what a number says."""
TESSERACT = shutil.which("tesseract") or ""
ACROSS = 204  # dots an inch, in both fax modes
OVERSAMPLED = 4  # pixels drawn for each dot across, so that a dot's share of black is measured
EDGE = 46.0  # height in points of the running header; the footer is a little less


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


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a page, from edge to edge."""

    page: int  # index of the page
    high: float  # upper edge in points from the page's foot
    low: float  # lower edge

    def holds(self, row: Read) -> bool:
        """Whether a word stands inside."""
        return row.page == self.page and self.low <= row.middle <= self.high


@dataclass(slots=True)
class Part:
    """What should be read, and where."""

    expected: Counter[str] = field(default_factory=Counter)  # words printed
    bands: list[Band] = field(default_factory=list)  # where they stand

    def expect(self, texts: Iterable[str]) -> None:
        """Add the words of texts."""
        for text in texts:
            self.expected.update(words(_printed(text)))


# --- words -----------------------------------------------------------------------------------------------------------

_SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "“": '"', "”": '"', "µ": "u", "\u03bc": "u", "×": "x"})
_PARTED = re.compile(r"[\s,;()\[\]]+")
_UNIT = re.compile(r"(\d)(ms|uv|mv|ma|mmhg|hz|min|mg|ug|ml|bpm|mac)\b")
_EDGES = "{}<>.:!?'\"|_…·•*=~\u2018"


def words(text: str) -> Iterator[str]:
    """The words of a text, without case and outer punctuation; `18.9ms` is two words, as `18.9 ms` to a reader."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME).casefold()
    for part in _PARTED.split(_UNIT.sub(r"\1 \2", plain)):
        word = part.strip(_EDGES)
        if len(word) > 1:
            yield word


def _printed(text: str) -> str:
    return printable(text, coverage().settable).text


# --- where the parts stand -------------------------------------------------------------------------------------------


class Places:
    """Finds lines of a PDF in reading order."""

    def __init__(self, data: bytes) -> None:
        """Read the text and the boxes of all characters."""
        document = pypdfium2.PdfDocument(data)
        try:
            self.sizes = [page.get_size() for page in document]
            self._pages = [_squeezed(page) for page in document]
        finally:
            document.close()
        self._from = (0, 0)

    def line(self, text: str) -> Band:
        """The band of the next whole line, or lines, that say this."""
        sought = "".join(_printed(text).split())
        page, start = self._from
        while page < len(self._pages):
            letters, boxes, starts = self._pages[page]
            at = letters.find(sought, start)
            while at >= 0 and not (at in starts and at + len(sought) in starts):
                at = letters.find(sought, at + 1)
            if at >= 0:
                self._from = (page, at + len(sought))
                rows = boxes[at : at + len(sought)]
                return Band(page, max(top for _, top in rows), min(bottom for bottom, _ in rows))
            page, start = page + 1, 0
        raise LookupError("a heading or caption of the draft is not on a line of its own in the PDF")

    def between(self, first: Band, after: Band | None) -> list[Band]:
        """The bands from the foot of a line to the head of another, running headers and footers left out."""
        last = after.page if after else len(self.sizes) - 1
        bands = []
        for page in range(first.page, last + 1):
            high = first.low if page == first.page else self.sizes[page][1] - EDGE
            low = after.high if after and page == last else EDGE
            bands.append(Band(page, high, low))
        return [band for band in bands if band.high > band.low]


def _squeezed(page: pypdfium2.PdfPage) -> tuple[str, list[tuple[float, float]], set[int]]:
    """The characters of a page without white space, their lower and upper edges, and where lines begin."""
    text = page.get_textpage()
    letters: list[str] = []
    boxes: list[tuple[float, float]] = []
    starts = {0}
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if letter in ("\r", "\n", "\r\n"):
            starts.add(len(letters))
        elif letter and not letter.isspace():
            _, bottom, _, top = text.get_charbox(index, loose=True)
            letters.append(letter[0])
            boxes.append((bottom, top))
    starts.add(len(letters))
    return "".join(letters), boxes, starts


def parts(draft: Draft, places: Places) -> dict[str, Part]:
    """What each part should say, and where it stands."""
    found = {name: Part() for name in PARTS}
    stated: dict[str, list[str]] = {}
    for where, text, _ in statements(draft, figures=False):
        stated.setdefault(where, []).append(text)
    heads: list[Band] = []
    for section in draft.sections:
        heads.append(places.line(section.title))
        for block in section.blocks:
            if isinstance(block, (TimelineFigure, TrendFigure)):
                _figure(found["figures"], block, places.line(block.title), places.sizes[0][0])
            elif isinstance(block, Table) and block.id == "summary":
                heads[-1] = places.line(block.caption)
                cells = [cell.text for row in block.rows for cell in row.cells]
                stated[section.id] = [*(column.title for column in block.columns), *cells]
    for section, head, after in zip(draft.sections, heads, [*heads[1:], None], strict=True):
        part = found.get(_part(section.id))
        if part:
            part.bands += places.between(head, after)
            part.expect(stated.get(section.id, ()))
    for page, (_, height) in enumerate(places.sizes):
        found["header and footer"].bands += [Band(page, height, height - EDGE), Band(page, EDGE - 6, 0)]
        found["header and footer"].expect([*stated["running_header"], DRAFT_MARK, f"{DRAFT_MARK} – NOT FOR BILLING"])
    return found


def _part(section: str) -> str:
    """The part that a section belongs to; empty when it is not measured."""
    if section.startswith("event-"):
        return "alert chains"
    return {"summary": "summary table", "impression": "impression", "closing": "closing table"}.get(section, "")


def _figure(part: Part, figure: TimelineFigure | TrendFigure, caption: Band, page_width: float) -> None:
    pen, width = RecorderPen(), page_width - 2 * MARGIN
    if isinstance(figure, TimelineFigure):
        draw_timeline(pen, figure, width, _printed)
        height = timeline_height(figure, width, _printed)
    else:
        draw_trend(pen, figure, width, _printed)
        height = trend_height(figure)
    part.bands.append(Band(caption.page, caption.low, caption.low - height - 3))
    part.expect(label.text for label in pen.words)


def arrive(page: pypdfium2.PdfPage, mode: Mode, threshold: float) -> Image.Image:
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


@dataclass(slots=True)
class Tally:
    """What was read of one part."""

    expected: Counter[str] = field(default_factory=Counter)  # words printed
    lost: Counter[str] = field(default_factory=Counter)  # words not read
    instead: Counter[str] = field(default_factory=Counter)  # words read that are not printed

    @property
    def recall(self) -> str:
        """Share of the words read, in percent."""
        return f"{100 * (1 - self.lost.total() / self.expected.total()):.1f}" if self.expected else "none"

    def add(self, other: Tally) -> None:
        """Count another part in."""
        self.expected += other.expected
        self.lost += other.lost
        self.instead += other.instead


def tally(part: Part, seen: Iterable[Read]) -> Tally:
    """Compare a part with what was read in its place."""
    where = part.bands
    inside = Counter(
        row.word for row in seen if any(row.page == b.page and b.low <= row.middle <= b.high for b in where)
    )
    return Tally(part.expected, part.expected - inside, inside - part.expected)


def of_kind(kind: re.Pattern[str], rows: Iterable[Tally]) -> Tally:
    """The words of one kind in all parts."""
    total = Tally()
    for row in rows:
        total.add(Tally(*(_only(kind, counted) for counted in (row.expected, row.lost, row.instead))))
    return total


def _only(kind: re.Pattern[str], counted: Counter[str]) -> Counter[str]:
    return Counter({word: count for word, count in counted.items() if kind.match(word)})


def misread(lost: Mapping[str, int], instead: Iterable[str], most: int) -> str:
    """The words most often lost, each with the most similar word that was read instead."""
    others = list(instead)
    shown = []
    for word, count in sorted(lost.items(), key=lambda row: (-row[1], row[0]))[:most]:
        ranked = sorted((-SequenceMatcher(None, word, other).ratio(), other) for other in others)
        like = f" ({ranked[0][1]}?)" if ranked and ranked[0][0] <= -0.5 else ""
        shown.append(f"{count} {word}{like}")
    return ", ".join(shown) or "none"


def bench(path: Path, options: argparse.Namespace, total: dict[str, dict[str, Tally]]) -> None:
    """Print the recall of one case and count it in."""
    case = load_case(path)
    report = generate(case, settings=Settings(page_size=options.page_size, allow_incomplete=True))
    places = Places(report.pdf)
    expected = parts(prepare(case).draft, places)
    images = _images(report.pdf, options.threshold / 100)
    seen: dict[str, list[Read]] = {mode.name: [] for mode in MODES}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(mode, pool.submit(read, page, image, mode, options.psm)) for page, mode, image in images]
        for mode, job in jobs:
            seen[mode.name] += job.result()
    if options.keep:
        for page, mode, image in images:
            image.save(options.keep / f"{path.stem}-{page + 1}-{mode.name}.png")
    tallies = {mode: {name: tally(part, seen[mode]) for name, part in expected.items()} for mode in seen}
    print(f"\n{path.stem}, {report.pages} pages")
    table(tallies, options.lost)
    for arrived, rows in tallies.items():
        for name, row in rows.items():
            total[arrived][name].add(row)


def _images(data: bytes, threshold: float) -> list[tuple[int, Mode, Image.Image]]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [(number, mode, arrive(page, mode, threshold)) for number, page in enumerate(document) for mode in MODES]
    finally:
        document.close()


def table(tallies: Mapping[str, Mapping[str, Tally]], most: int) -> None:
    """Print recall by part and mode, then what was lost."""
    print(f"  {'recall, %':<20}{'words':>7}" + "".join(f"{mode:>10}" for mode in tallies))
    for name in PARTS:
        _line(name, [modes[name] for modes in tallies.values()])
    for name, kind in KINDS.items():
        _line(name, [of_kind(kind, modes.values()) for modes in tallies.values()])
    for mode, modes in tallies.items():
        for name in PARTS:
            if most and modes[name].lost:
                print(f"  lost, {mode}, {name}: {misread(modes[name].lost, modes[name].instead, most)}")


def _line(name: str, rows: Sequence[Tally]) -> None:
    print(f"  {name:<20}{rows[0].expected.total():>7}" + "".join(f"{row.recall:>10}" for row in rows))


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was measured, and with what."""
    parser = argparse.ArgumentParser(description="What is left of a report after a fax.")
    parser.add_argument("--threshold", type=float, default=50, help="percent of a dot that makes it black (50)")
    parser.add_argument("--psm", type=int, default=6, help="tesseract's page segmentation mode (6)")
    parser.add_argument("--lost", type=int, default=8, help="lost words to print for each part (8)")
    parser.add_argument("--page-size", choices=("letter", "a4"), default="letter", help="paper (letter)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the pages as they arrive into this folder")
    parser.add_argument("cases", nargs="*", type=Path, metavar="CASE", help="case files (default: four samples)")
    options = parser.parse_args(argv)
    if not 0 < options.threshold < 100:
        parser.error("--threshold lies between 0 and 100")
    if options.keep and not options.keep.is_dir():
        parser.error("--keep needs an existing folder")
    if not TESSERACT:
        print("not measured: tesseract is not on PATH (Debian: tesseract-ocr)", file=sys.stderr)
        return 0
    version = subprocess.run([TESSERACT, "--version"], check=True, capture_output=True, text=True)
    print(f"report_gen {__version__}, {version.stdout.split(chr(10))[0]}, psm {options.psm}, {options.threshold:g} %")
    total = {mode.name: {name: Tally() for name in PARTS} for mode in MODES}
    for path in options.cases or [SAMPLES / f"{name}.json" for name in CASES]:
        try:
            bench(path, options, total)
        except (OSError, ReportGenError, LookupError) as error:
            print(f"\n{path.stem}: not measured ({error})")
    print("\nall together")
    table(total, 3 * options.lost)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
