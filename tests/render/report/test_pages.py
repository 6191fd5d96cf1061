"""The two parts of a report as pages: what stands on each, and how each names the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from report_gen import load_case
from report_gen.checks import CheckedReport
from report_gen.document.blocks import Paragraph
from report_gen.document.pages import Pages
from report_gen.pipeline import prepare
from report_gen.render.report import pages
from report_gen.render.report.pages import RecordFile, record_pages, report_pages
from report_gen.render.report.standing import Standing
from tests.selection import SAMPLES

ID = "0123-4567-89ab-cdef"
RECORD = RecordFile("x-record.pdf", 6, "ab" * 32)
AT = datetime(2026, 4, 14, 20, 2, tzinfo=UTC)


@cache
def checked() -> CheckedReport:
    """A report with an alert, of a hospital in New York."""
    return prepare(load_case(SAMPLES / "invented_scoliosis_mep_loss.json"))


def last_words(made: Pages) -> str:
    """The last paragraph over the signatures, or of a document without any."""
    section = next((row for row in made.sections if row.role == "attestation"), made.sections[-1])
    (*_, paragraph) = (block for block in section.blocks if isinstance(block, Paragraph))
    return " ".join(sentence.text for sentence in paragraph.sentences)


class TestTheReport:
    def test_holds_its_own_sections_alone(self):
        """Those of the record are in the other part, and none is in neither."""
        own, other = report_pages(checked(), ID).sections, record_pages(checked(), ID).sections
        assert {section.part for section in own} == {"report"}
        assert {section.part for section in other} == {"record"}
        shown = [row.id for row in (*own, *other[1:]) if not row.id.startswith("abbreviations")]
        assert shown == [row.id for row in checked().draft.sections]

    def test_ends_with_the_key_to_its_abbreviations(self):
        """Each part has its own."""
        own, other = report_pages(checked(), ID).sections, record_pages(checked(), ID).sections
        assert [own[-1].id, other[-1].id] == ["abbreviations-report", "abbreviations-record"]

    def test_names_its_record_over_the_signatures(self):
        """File, pages, digest; on every page how many there are of both."""
        made = report_pages(checked(), ID, record=RECORD)
        assert last_words(made) == f"Technical record: x-record.pdf, 6 pages (B1–B6), SHA-256 {'ab' * 32}"
        assert made.running.counted == "Page {page} of {pages} (+ technical record, B1–B6)"

    def test_names_one_page_as_one(self):
        """No range of a single page."""
        made = report_pages(checked(), ID, record=replace(RECORD, pages=1))
        assert "1 page (B1)" in last_words(made)
        assert made.running.counted.endswith("(+ technical record, B1)")

    def test_bound_says_where_the_record_is(self):
        """In this file; the digest is that of the file of its own."""
        words = last_words(report_pages(checked(), ID, record=RECORD, bound=True))
        assert words.startswith(
            "Technical record: pages B1–B6 of this file; as a file of its own x-record.pdf, 6 pages"
        )
        assert RECORD.sha256 in words

    def test_without_a_record_names_none(self):
        """Nothing is said of what was not drawn."""
        made = report_pages(checked(), ID)
        assert made.running.counted == "Page {page} of {pages}"
        assert made.sections[-1] == report_pages(checked(), ID, record=None).sections[-1]


class TestTheRecord:
    def test_names_its_report(self):
        """At its head and at the foot of every page, with the content id that both bear."""
        made, name = record_pages(checked(), ID), checked().draft.report_id
        assert last_words(replace(made, sections=made.sections[:1])) == (
            f"Technical record to report {name}, version 1: part of it, filed with it, not signed separately. "
            f"Content id of the report: {ID}."
        )
        assert made.running.reference == f"Technical record to report {name}, version 1, not signed separately"
        assert made.running.content == report_pages(checked(), ID).running.content == f"Content {ID}"

    def test_counts_its_own_pages(self):
        """With labels of its own, so that no page is taken for one of the report."""
        made = record_pages(checked(), ID)
        assert (made.label_prefix, made.running.counted) == ("B", "Page B{page} of B{pages}")
        assert report_pages(checked(), ID).label_prefix == ""

    def test_is_called_what_it_is(self):
        """In the properties of its file and at the top of its pages."""
        made, report = record_pages(checked(), ID), report_pages(checked(), ID)
        assert made.title == f"{report.title}, technical record"
        assert made.subject == f"{report.subject}: technical record"
        assert made.running.kind == "IONM technical record, filed with the report"


_STATED = "; status in the record: final, not verified"


class TestEveryPage:
    def test_says_whose_it_is_in_both_parts(self):
        """Name, MRN, birth date, encounter, date of service, facility."""
        for made in (report_pages(checked(), ID), record_pages(checked(), ID)):
            labels = [label for label, _ in made.running.identity]
            assert labels == ["Patient", "MRN", "DOB", "Encounter", "DOS", "Facility"]
            assert made.running.mark == Standing.DRAFT.mark

    @pytest.mark.parametrize("part", [report_pages, record_pages])
    def test_an_unsigned_one_says_when_the_draft_was_made(self, part):
        """By the facility's clock, with its zone; else how far the record goes; a stated status proves nothing."""
        assert part(checked(), ID, drafted_at=AT).running.drafted == f"Drafted 2026-04-14 16:02 EDT{_STATED}"
        assert part(checked(), ID).running.drafted == f"Record as of 2026-04-15 07:30 EDT{_STATED}"

    def test_a_record_without_times_says_nothing_of_them(self):
        """No time is made up."""
        thin = prepare(load_case(SAMPLES / "published_c04_acdf.json"))
        assert report_pages(thin, ID).running.drafted == ""

    def test_a_signed_one_is_no_draft(self, monkeypatch):
        """What counts then is the time of the signature."""
        monkeypatch.setattr(pages, "standing", lambda _: Standing.SIGNED)
        assert report_pages(checked(), ID, drafted_at=AT).running.drafted == ""
