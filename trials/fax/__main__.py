"""What is left of a report after a fax: recall of its words, read back by tesseract, for each part that matters.

    python -m trials.fax [--threshold 50] [--psm 6] [--keep DIR] [CASE ...]

Each page is drawn by pdfium, scaled to the grid of a group 3 fax (204 dots an inch across; 196 lines an inch down in
fine mode, 98 in standard mode), made black or white by area as a fax machine does, and read by tesseract; standard
pages have each line doubled first, as the receiving machine prints them. Recall is the share of a part's words (two
characters and more) that tesseract finds in the region of the page where that part stands. `clean` is the same page
in grey at 300 dpi, without a fax: what tesseract loses there, it loses by itself. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from report_gen import ReportGenError, Settings, __version__, generate, load_case
from report_gen.pipeline import prepare
from trials.fax.machine import MODES, TESSERACT, Read, arrived, read
from trials.fax.page import PARTS, Places, parts
from trials.fax.recall import KINDS, Tally, misread, of_kind, tally

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "valid"
CASES = ("invented_scoliosis_mep_loss", "invented_cea_shunt", "invented_acdf_quiet", "published_c04_acdf")


def measure(path: Path, options: argparse.Namespace, total: dict[str, dict[str, Tally]]) -> None:
    """Print the recall of one case and count it in."""
    case = load_case(path)
    report = generate(case, settings=Settings(page_size=options.page_size, allow_incomplete=True))
    places = Places(report.pdf)
    expected = parts(prepare(case).draft, places)
    images = arrived(report.pdf, options.threshold / 100)
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
    for mode_name, rows in tallies.items():
        for name, row in rows.items():
            total[mode_name][name].add(row)


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
            measure(path, options, total)
        except (OSError, ReportGenError, LookupError) as error:
            print(f"\n{path.stem}: not measured ({error})")
    print("\nall together")
    table(total, 3 * options.lost)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
