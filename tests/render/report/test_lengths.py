"""How long the signed part is, how its pages are filled, and what each of its pages says."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from report_gen import generate, load_case
from report_gen.pipeline import Report
from report_gen.settings import PAGE_SIZES, PageSize, Settings
from tests.selection import OF_EACH_COURSE, over_samples

by_sample = over_samples(
    "invented_acdf_quiet",
    "invented_scoliosis_mep_loss",
    "invented_cea_shunt",
    "invented_taaa",
    "published_c04_acdf",
    "stress_twelve_hours",
)
"""Quiet, one alert, an episode of four, two with much told after surgery, a thin record, twelve hours."""
QUIET, EVENTFUL, LONG = 2, 3, 4
"""Most pages of the signed part: without an event of a response, with such events, and of more than eight hours."""
_HEAD, _FOOT = 50.0, 45.0
"""Room of the running lines in points."""
LEAST = 0.3
"""Least share of a page that is filled."""


@cache
def _report(path: Path, page_size: PageSize) -> Report:
    # As the command makes it, which says on every page when it ran.
    drafted_at = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    settings = Settings(page_size=page_size, allow_incomplete=True, drafted_at=drafted_at)
    return generate(load_case(path), settings=settings)


def _most(path: Path, report: Report) -> int:
    facts = report.checked.facts
    if (facts.by_id["minutes.monitoring"].number("monitored_min") or 0) > 8 * 60:
        return LONG
    return EVENTFUL if any(chain.signal for chain in facts.events) else QUIET


def _filled(page: pypdfium2.PdfPage) -> float:
    """Share of the text of a page down to its lowest word."""
    text, height = page.get_textpage(), page.get_height()
    lows = [text.get_rect(place)[1] for place in range(text.count_rects())]
    inside = [low for low in lows if _FOOT < low < height - _HEAD]
    return (height - _HEAD - min(inside)) / (height - _HEAD - _FOOT) if inside else 0.0


class TestEverySample:
    @pytest.mark.parametrize("page_size", PAGE_SIZES)
    @by_sample
    def test_is_as_short_as_was_promised(self, path, page_size):
        """Two pages of a quiet case, three of an eventful one, four of twelve hours."""
        report = _report(path, page_size)
        assert report.pages <= _most(path, report)

    @pytest.mark.parametrize("page_size", PAGE_SIZES)
    @by_sample
    def test_no_page_is_nearly_empty(self, path, page_size):
        """Each page of the signed part is filled to a third."""
        pages = pypdfium2.PdfDocument(io.BytesIO(_report(path, page_size).pdf))
        assert [number + 1 for number, page in enumerate(pages) if _filled(page) < LEAST] == []

    @pytest.mark.parametrize("page_size", PAGE_SIZES)
    @over_samples(*OF_EACH_COURSE, "invented_lumbar_fusion_screws", "invented_tethered_cord_bcr", "stress_twelve_hours")
    def test_limitations_begin_on_page_one(self, path, page_size):
        """With the line that matters most, also where the results go on overleaf."""
        report = _report(path, page_size)
        limits = next(row for row in report.checked.draft.sections if row.role == "limitations")
        first = pypdfium2.PdfDocument(io.BytesIO(report.pdf))[0].get_textpage().get_text_bounded()
        label = next(block.label for block in limits.blocks)
        assert f"{label}." in " ".join(first.split())
