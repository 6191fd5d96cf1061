"""How far a report is signed: one value decides what every rendering says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.document.blocks import SignatureBlock
from report_gen.draft.model import Signatory
from report_gen.pipeline import prepare, provenance
from report_gen.render.report import html, pages
from report_gen.render.report import json as report_json
from report_gen.render.report.sections import sections
from report_gen.render.report.standing import KIND, Standing, standing

SAMPLES = Path(__file__).parents[3] / "samples" / "valid"
UNSIGNED = (Standing.DRAFT, Standing.PARTLY_SIGNED)


@pytest.fixture(scope="module")
def checked():
    """A checked report with an event and something open."""
    return prepare(load_case(SAMPLES / "invented_scoliosis_mep_loss.json"))


@pytest.fixture(params=Standing, ids=lambda one: one.name)
def stands(request, monkeypatch):
    """Each standing in turn, as if every report had it."""
    for module in (html, pages, report_json):
        monkeypatch.setattr(module, "standing", lambda _: request.param)
    return request.param


class TestWhatItSays:
    def test_no_two_standings_look_alike(self):
        """Whoever sees one page, or only the properties of the file, knows what it is."""
        for name in ("mark", "foot", "subject"):
            assert len({getattr(one, name) for one in Standing}) == len(Standing)

    def test_only_what_everybody_signed_is_no_draft(self):
        """Mark, foot and properties say draft until then, and the foot that it is not for billing."""
        for one in Standing:
            draft = one in UNSIGNED
            assert ("DRAFT" in one.mark, "NOT FOR BILLING" in one.foot, "draft" in one.subject) == (draft,) * 3
            assert (one.status in ("draft", "partly_signed")) == draft

    def test_a_checked_report_is_a_draft(self, checked):
        """Checks cannot sign."""
        assert standing(checked) is Standing.DRAFT


class TestEveryRendering:
    def test_the_pages_say_it(self, checked, stands):
        """Top, foot and properties of the PDF."""
        made = pages.report_pages(checked, "0000-0000-0000-0000")
        assert (made.running.mark, made.running.foot, made.subject) == (stands.mark, stands.foot, stands.subject)
        assert made.subject.startswith(KIND)

    def test_the_preview_says_it_and_nothing_else(self, checked, stands):
        """Header, footer and title; a mark of another standing is nowhere."""
        page = unescape(html.render_html(checked).decode())
        assert page.count(stands.mark) == 3
        assert stands.foot in page
        assert stands is Standing.DRAFT or Standing.DRAFT.mark not in page

    def test_the_file_says_it(self, checked, stands):
        """The status in report.json."""
        assert json.loads(report_json.render_json(checked, provenance()))["status"] == stands.status


class TestWhoHasYetToSign:
    def test_the_draft_names_them_and_the_rendering_draws_their_blanks(self, checked):
        """A form has the recorded names with their credentials and what the log has, and all else left to fill in."""
        signatories = [
            one for section in checked.draft.sections for one in section.blocks if isinstance(one, Signatory)
        ]
        forms = [one for section in sections(checked) for one in section.blocks if isinstance(one, SignatureBlock)]
        assert [one.role for one in signatories] == ["professional", "technologist"]
        named = [[line for line in form.lines if line.prefilled] for form in forms]
        assert [[line.prefilled for line in lines] for lines in named] == [
            [f"{name}; {held}" for name, held in zip(one.names, one.credentials, strict=True)] for one in signatories
        ]
        assert [tuple(fact for line in lines for fact in line.facts) for lines in named] == [
            one.facts for one in signatories
        ]
        assert [form.confirmations for form in forms] == [one.confirmations for one in signatories]
        blanks = [[line.label for line in form.lines if not line.prefilled] for form in forms]
        assert blanks == [["Signature", "Date and time"], ["Signature, date and time"] * 2]

    def test_credentials_that_the_record_does_not_have_are_a_blank(self, checked):
        """They are left to whoever signs, as the signature is."""
        bare = Signatory("professional", ("Neuro, Nora, MD",), ("person.prof1",), ("",))
        section = next(one for one in checked.draft.sections if one.id == "attestation")
        draft = replace(checked.draft, sections=(replace(section, blocks=(bare,)),))
        (form,) = sections(replace(checked, draft=draft))[0].blocks
        assert [line.label for line in form.lines] == [
            *("Printed name", "Credentials and license", "Signature", "Date and time"),
        ]

    def test_all_other_sections_are_those_of_the_draft(self, checked):
        """Only the blanks are added."""
        shown = sections(checked)
        assert [one.id for one in shown] == [one.id for one in checked.draft.sections]
        assert [one.id for one, other in zip(shown, checked.draft.sections, strict=True) if one != other] == [
            "attestation"
        ]
