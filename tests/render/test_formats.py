"""The table of forms: everything that makes, chooses or names a form reads it."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

import report_gen.pipeline
from report_gen import Settings, generate, load_case
from report_gen.case.contract.model import Case
from report_gen.checks import CheckedReport
from report_gen.cli.command_line import parser
from report_gen.identity import content_id, report_id
from report_gen.pipeline import prepare, render
from report_gen.render.formats import FLAVOURS, FORMATS, RENDERERS, Document, Edition, pdf_name, record_name

EVERY = Settings(**{form: True for form in FORMATS if form != "json"})
"""Settings that ask for every form."""
NAMED = ("pdf", "record", "json", "html")
"""Forms that a report has an attribute for; `documents` has every one."""
SAMPLE = Path(__file__).parents[2] / "samples" / "valid" / "published_c04_acdf.json"


@cache
def case() -> Case:
    """A short case."""
    return load_case(SAMPLE)


@cache
def checked() -> CheckedReport:
    """Its checked report."""
    return prepare(case())


class TestTheTable:
    def test_each_form_but_json_is_a_choice_of_the_settings(self):
        """JSON is always made; no other form is made without being asked for, nor asked for in vain."""
        flags = {row.name for row in fields(Settings)}
        assert [form for form in FORMATS if form != "json" and form not in flags] == []
        assert Settings(pdf=False).formats == ("json",)
        assert EVERY.formats == FORMATS

    def test_the_command_line_offers_each(self):
        """And no other."""
        taken = parser().parse_args(["generate", "case.json", "--format", ",".join(FORMATS)])
        assert taken.format == frozenset(FORMATS)
        with pytest.raises(SystemExit):
            parser().parse_args(["generate", "case.json", "--format", "odt"])

    def test_a_new_row_is_made_by_the_one_way_through(self, monkeypatch):
        """With the content id at hand, and timed; nothing else has to be told of it."""

        def text(of: CheckedReport, edition: object) -> Document:
            return Document(f"{of.draft.report_id}.txt", content_id(edition.report_json).encode())

        monkeypatch.setattr(report_gen.pipeline, "RENDERERS", MappingProxyType({**RENDERERS, "text": text}))
        made = render(checked(), ("text",))
        assert list(made) == ["json", "text"]
        assert made["text"].data.decode() == content_id(made["json"].data)


class TestDocuments:
    def test_come_in_the_order_of_the_table_with_json_always(self):
        """Whatever the order in which they are asked for."""
        assert list(render(checked(), ("html", "pdf"))) == ["pdf", "record", "json", "html"]
        assert list(render(checked(), ())) == ["json"]

    def test_are_those_of_the_report(self):
        """A report hands on what was made, and keeps what it was made from: nobody makes it again to sign it."""
        report = generate(case(), settings=EVERY)
        assert report.checked == checked()
        assert report.checked.draft.report_id == report.report_id == report_id(case())
        assert dict(report.documents) == dict(render(checked(), FORMATS))
        assert (report.pdf, report.record_pdf, report.json, report.html) == tuple(
            report.documents[form].data for form in NAMED
        )
        assert (report.pages, report.notices) == (report.documents["pdf"].pages, report.documents["pdf"].notices)

    def test_that_were_not_asked_for_are_empty(self):
        """No document, no bytes, no pages."""
        report = generate(case(), settings=Settings(pdf=False))
        assert list(report.documents) == ["json"]
        assert (report.pdf, report.html, report.pages, report.notices) == (b"", b"", 0, ())

    def test_are_named_after_the_report(self):
        """By its id and its form; each flavour of the PDF, bound or not, has a name of its own."""
        name = report_id(case())
        made = render(checked(), FORMATS)
        endings = [".pdf", "-record.pdf", ".json", ".html"]
        assert [document.file_name for document in made.values()] == [f"{name}{ending}" for ending in endings]
        for flavour, bind in (("draft", False), ("data", False), ("draft", True), ("data", True)):
            report = generate(case(), settings=Settings(flavour=flavour, bind=bind))
            assert report.documents["pdf"].file_name == pdf_name(name, flavour, bind=bind)
        names = {pdf_name(name, flavour, bind=bind) for flavour in FLAVOURS for bind in (False, True)}
        assert len(names | {record_name(name)}) == 2 * len(FLAVOURS) + 1

    def test_a_report_never_comes_without_its_record(self):
        """Nobody chooses one of the two; the report states the digest of the other."""
        assert "record" in render(checked(), ("pdf",))
        assert "record" not in render(checked(), ("html",))

    def test_cannot_be_exchanged(self):
        """A report is a value."""
        made = render(checked(), ())
        assert json.loads(made["json"].data)["report_id"] == report_id(case())
        with pytest.raises(TypeError, match="does not support item assignment"):
            made["json"] = made["json"]


class TestAttachedData:
    def test_hold_the_case_or_are_not_attached(self):
        """An empty file in the place of the case would be taken for it."""
        with pytest.raises(ValueError, match="case_json is empty"):
            Edition(provenance={}, flavour="data")
