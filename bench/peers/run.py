"""Part `peers`: the same content set by ours and by what others use, in the same run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean, median
from tempfile import TemporaryDirectory
from typing import Final

from bench.measure import percentiles
from bench.peers import judge
from bench.peers.content import Prepared, figures, prepare
from bench.peers.turns import OURS, WHOLE, Engine, Entrant
from bench.result import Figure, Part, Row, Scale

__all__ = ["CASES", "ENGINES", "PICTURES", "Size", "compare", "measure"]

CASES: Final = ("invented_acdf_quiet", "invented_scoliosis_mep_loss", "published_c04_acdf")
"""Samples whose variations are set in turn."""
ENGINES: Final = (
    Engine("ours (report_gen)", OURS),
    Engine("ours, from the case's bytes", WHOLE),
    Engine("Word template, LibreOffice", "bench.peers.word", slow=True),
    Engine("WeasyPrint", "bench.peers.weasy"),
    Engine("fpdf2", "bench.peers.fpdf"),
    Engine("typst", "bench.peers.typst"),
)
"""Ours first: the others are compared with it."""
PICTURES: Final = "REPORT_GEN_BENCH_PICTURES"
"""Environment variable with the folder that page pictures go to; unset: none are made."""
_QUESTION = "How long do other engines take to set what one of our reports says, and how big are their PDFs?"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is run."""

    cases: tuple[str, ...]
    """Samples in turn."""
    warm: int
    """Documents of each engine that are counted."""
    warm_up: int
    """Documents set before, in the same process; a slow engine sets one of them at most."""
    cold: int
    """Fresh processes, each with one document."""
    slow_warm: int
    """As `warm`, for an engine that is slow."""
    slow_cold: int
    """As `cold`, for an engine that is slow; 0: its cold figures are not taken."""


_SIZES: Mapping[Scale, Size] = {
    "smoke": Size(CASES[-1:], warm=1, warm_up=0, cold=1, slow_warm=1, slow_cold=0),
    "quick": Size(CASES, warm=6, warm_up=3, cold=2, slow_warm=3, slow_cold=1),
    "full": Size(CASES, warm=24, warm_up=3, cold=5, slow_warm=8, slow_cold=2),
}


def measure(scale: Scale, seed: int) -> Part:
    """The part at a scale; the documents depend on the seed alone."""
    rows, drawn = compare(ENGINES, _SIZES[scale], seed)
    skipped = tuple(f"{row.name}: {row.why}." for row in rows if row.why.startswith("skipped"))
    return Part("peers", _QUESTION, rows, (*_notes(drawn), *skipped))


def _notes(drawn: int) -> tuple[str, ...]:
    return (
        "Same content: the report that is signed and its technical record, a PDF each; every heading, sentence and "
        "table cell, header and footer of every page, paper, type sizes, embedded fonts. Each PDF is read back; a row "
        "counts only when no text, number or word is lost. Times, sizes and pages are of both together.",
        f"Only ours draws figures ({drawn} in the documents counted) and sets narrow tables and signatures side by "
        "side; its time and size include them, and the digest of the record that the report states.",
        "Warm: one process for each engine, each document a case of its own (another patient, days and times), the "
        "engines in turn. Cold: a fresh process that loads engine and prepared content and writes both PDFs, Python's "
        "start included.",
        "Nobody but the second row pays for loading the case or writing the sentences: ours starts from its checked "
        "report, the others from the same content; the second row starts from the case's bytes, and makes facts, "
        "sentences, findings and JSON too. Ours cold does pay for importing the whole package and reading back its "
        "facts. Tags are on wherever an engine has them.",
        "LibreOffice starts one process for each document, as practices run it: warm is a further document with the "
        "same user profile, cold makes the profile too. Ratios are medians of ratios document by document, ours = 1.",
    )


def compare(engines: Sequence[Engine], size: Size, seed: int) -> tuple[tuple[Row, ...], int]:
    """A row for each engine, and how many figures ours drew; the first engine is what the others are compared with."""
    if why := judge.missing():
        return tuple(Row(engine.name, ok=False, why=f"skipped: {why}") for engine in engines), 0
    random = Random(seed)  # noqa: S311 - invented patients, not secrets
    count = size.warm_up + max(size.warm, size.cold)
    documents = [prepare(size.cases[number % len(size.cases)], random) for number in range(count)]
    with TemporaryDirectory(prefix="bench-peers-") as folder:
        entrants = [Entrant(engine, Path(folder) / str(number)) for number, engine in enumerate(engines)]
        try:
            _take_turns(entrants, documents, size)
        finally:
            for entrant in entrants:
                entrant.leave()
    _take_pictures(entrants)
    counted = documents[size.warm_up : size.warm_up + size.warm]
    return tuple(_row(entrant, entrants[0]) for entrant in entrants), sum(figures(one.report) for one in counted)


def _take_turns(entrants: Sequence[Entrant], documents: Sequence[Prepared], size: Size) -> None:
    for number, document in enumerate(documents[: size.warm_up]):
        for entrant in entrants:
            if number == 0 or not entrant.engine.slow:
                entrant.take_warm_turn(document, counted=False)
    for number, document in enumerate(documents[size.warm_up :]):
        for entrant in entrants:
            warm, cold = (size.slow_warm, size.slow_cold) if entrant.engine.slow else (size.warm, size.cold)
            if number < warm:
                entrant.take_warm_turn(document, counted=True)
            if number < cold:
                entrant.take_cold_turn(document)


def _take_pictures(entrants: Sequence[Entrant]) -> None:
    if not (folder := os.environ.get(PICTURES)):
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for entrant in entrants:
        if not entrant.why and entrant.pdfs:
            name = entrant.engine.module.rpartition(".")[2]
            judge.picture(entrant.pdfs[0][0], Path(folder) / f"{name}.png")


def _row(entrant: Entrant, ours: Entrant) -> Row:
    if entrant.why:
        return Row(entrant.engine.name, ok=False, why=entrant.why)
    found = [[judge.inspect(pdf) for pdf in pdfs] for pdfs in entrant.pdfs]
    sizes = _sizes(entrant)
    return Row(
        entrant.engine.name,
        {
            "warm_ratio": _ratio(entrant.warm_ms, ours.warm_ms, ours.why),
            "cold_ratio": _ratio(entrant.cold_ms, ours.cold_ms, ours.why),
            "size_ratio": _ratio(sizes, _sizes(ours), ours.why),
            **percentiles(entrant.warm_ms, "ms"),
            "cold_p50_ms": median(entrant.cold_ms) if entrant.cold_ms else None,
            "size_kb": fmean(sizes) / 1000,
            "pages": fmean(sum(one.pages for one in parts) for parts in found),
            "tagged": "yes" if all(one.tagged for parts in found for one in parts) else "no",
            "documents": len(entrant.warm_ms),
            "version": entrant.version,
        },
        {"warm_ms": tuple(entrant.warm_ms), "cold_ms": tuple(entrant.cold_ms)},
    )


def _sizes(entrant: Entrant) -> list[int]:
    """Bytes of each counted document, both of its files together."""
    return [sum(map(len, pdfs)) for pdfs in entrant.pdfs]


def _ratio(values: Sequence[float], ours: Sequence[float], why: str) -> Figure:
    """Median ratio to ours, document by document; None when there is no pair or ours does not count."""
    pairs = [value / own for value, own in zip(values, ours, strict=False)]
    return median(pairs) if pairs and not why else None
