"""The PDFs of both parts, read back: what they say, on which pages, in which fonts, and in black on white alone."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen import CaseInvalidError, RenderError, Report, Settings, generate, load_case
from report_gen.checks import CheckedReport
from report_gen.document.blocks import KeyValues, Paragraph, Part, SignatureBlock, Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.pipeline import prepare
from report_gen.render.escape import printable
from report_gen.render.metrics import coverage
from report_gen.render.pdf import document
from report_gen.render.pdf.layout.paginate import PieceTooHigh
from report_gen.render.report.pages import report_pages
from report_gen.render.report.pdf import render_pdf
from report_gen.render.report.sections import sections
from report_gen.render.report.standing import Standing
from tests.cases.quiet import case as case_data
from tests.cases.reports import asked_by_name, loaded
from tests.hostile import HOSTILE, everywhere
from tests.selection import examples, now_and_in_full, over_samples

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "valid").glob("*.json"))
HOSTILE_NOW = tuple(
    text
    for text in HOSTILE
    if text.startswith(("O'Brien", '<img src="/etc', "<font color", "{{", "&amp;", "WWW", "x\u0301", "\U0001f600", "ע"))
)
"""A tag that is none, one that reads a file, one that runs code, a template, entities, a word wider than the page, a
tower of accents, an emoji, and other scripts."""
NO_FONTS = Path(__file__).parent
"""A folder without fonts: every machine then names what the report fonts do not have. tests/render/pdf/test_scripts.py
draws it."""


@cache
def _report(path: Path) -> Report:
    return generate(load_case(path), settings=Settings(script_fonts=NO_FONTS))


@cache
def _checked(path: Path) -> CheckedReport:
    return prepare(load_case(path))


_CONTENT = re.compile(r"Content \S+")


def _pages(data: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def _squeezed(text: str) -> str:
    """Text without white space: where lines break is the layout's affair."""
    return "".join(text.split())


def _parts(path: Path) -> dict[Part, bytes]:
    """The report of a sample and its technical record."""
    return {"report": _report(path).pdf, "record": _report(path).record_pdf}


def _body(*files: bytes) -> str:
    """The text of all pages in order, without running header and footer."""
    # The content id ends what stands on every page, which is drawn first.
    pages = [page for data in files for page in _pages(data)]
    return _squeezed("".join(_CONTENT.split(page, maxsplit=1)[1] for page in pages))


def _printed(text: str) -> str:
    return _squeezed(printable(text, coverage().settable).text)


NOW = ("invented_scoliosis_mep_loss", "published_c04_acdf", "invented_names_eight_scripts")
by_sample = over_samples(*NOW)
PART = pytest.mark.parametrize("part", ["report", "record"])
"""Events and figures; a thin record without figures; letters that the report fonts do not have, and a parted table."""


class TestEverySample:
    @by_sample
    def test_says_everything_that_the_draft_says(self, path):
        """Every sentence, cell and labelled value of a part stands in the extracted text of its PDF."""
        bodies = {part: _body(data) for part, data in _parts(path).items()}
        missing = []
        for section in sections(_checked(path)):
            body = bodies[section.part]
            texts = [section.title]
            for block in section.blocks:
                match block:
                    case Paragraph():
                        texts += [sentence.text for sentence in block.sentences]
                    case KeyValues():
                        texts += [f"{item.label}: {item.text}" for item in block.items]
                    case Table():
                        texts += [cell.text for row in block.rows for cell in row.cells]
                        texts += [block.caption, *(row.text for row in block.note)]
                    case SignatureBlock():
                        texts += [block.title, block.statement, *(line.label for line in block.lines)]
                    case TimelineFigure() | TrendFigure():
                        texts.append(block.title)
            # A text that is parted over two pages is looked for by its halves.
            missing += [text for text in texts if _printed(text) not in body and not _in_halves(_printed(text), body)]
        assert missing == []

    @by_sample
    def test_says_every_contradiction_and_every_open_point(self, path):
        """What must be settled before signing stands on the page, with its question."""
        body = _body(_report(path).pdf)
        shown = [row for row in _report(path).findings if row.severity == "block" or row.contradiction]
        asked = asked_by_name(shown)
        assert [row.code for row in asked if _printed(row.message) not in body] == []
        assert [row.code for row in asked if _printed(row.question) not in body] == []
        assert [row.subject for row in shown if row not in asked and row.subject not in body] == []

    @by_sample
    @PART
    def test_every_page_says_whose_and_which_report_it_is(self, path, part):
        """Patient, MRN, birth date, encounter, date of service, facility, report id, draft mark, and page x of y."""
        report, draft = _report(path), _checked(path).draft
        pages = _pages(_parts(path)[part])
        assert len(pages) == {"report": report.pages, "record": report.record_pages}[part]
        whose, *more, facility = draft.running_header
        for number, page in enumerate(pages, start=1):
            text = _squeezed(page)
            for item in more:
                assert _printed(f"{item.label}: {item.text}") in text
            assert _printed(whose.text)[:12] in text
            assert _printed(facility.text)[:12] in text
            assert _squeezed(f"eport {draft.report_id}, version {draft.version}") in text
            letter = {"report": "", "record": "B"}[part]
            assert f"Page{letter}{number}of{letter}{len(pages)}" in text
            assert text.count(_squeezed(Standing.DRAFT.mark)) >= 2

    @by_sample
    @PART
    def test_fonts_are_embedded_and_large_enough(self, path, part):
        """Every font travels in the file and maps back to text; nothing is set under 8 pt."""
        with pikepdf.open(io.BytesIO(_parts(path)[part])) as pdf:
            for page in pdf.pages:
                for font in page.Resources.Font.values():
                    assert "/FontFile2" in font.FontDescriptor
                    assert "/ToUnicode" in font
                sizes = {
                    float(operands[1])
                    for operands, operator in pikepdf.parse_content_stream(page)
                    if str(operator) == "Tf"
                }
                assert min(sizes) >= 8

    @by_sample
    @PART
    def test_everything_is_black_or_white(self, path, part):
        """No grey and no colour: both disappear in a fax, and colour would carry meaning alone."""
        with pikepdf.open(io.BytesIO(_parts(path)[part])) as pdf:
            used = {
                tuple(float(value) for value in operands)
                for page in pdf.pages
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) in ("g", "G", "rg", "RG", "k", "K")
            }
        assert {value for values in used for value in values} <= {0.0, 1.0}
        assert all(len(set(values)) == 1 for values in used)

    @by_sample
    @PART
    def test_the_document_describes_itself_without_the_patient(self, path, part):
        """Title, language and bookmarks are set; none of them, nor the file's metadata, names the patient."""
        draft = _checked(path).draft
        with pikepdf.open(io.BytesIO(_parts(path)[part])) as pdf:
            assert str(pdf.Root.Lang) == "en-US"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert str(pdf.docinfo.Title) == draft.title + {"report": "", "record": ", technical record"}[part]
            described = " ".join(str(value) for value in pdf.docinfo.values())
            with pdf.open_outline() as outline:
                titles = [item.title for item in outline.root]
            described += " ".join(titles)
        patient = draft.running_header[0].text
        assert patient not in described
        of_part = [section.title for section in draft.part(part).sections if section.level == 1]
        expected = ([] if part == "report" else ["Technical record"]) + of_part
        # Limitations stand before results that go on overleaf.
        assert sorted(titles) == sorted(expected)
        assert [title for title in titles if title != "Limitations"] == [
            title for title in expected if title != "Limitations"
        ]

    @by_sample
    @PART
    def test_nothing_active_is_inside(self, path, part):
        """No script, link, form or attachment."""
        with pikepdf.open(io.BytesIO(_parts(path)[part])) as pdf:
            assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(pdf.Root.keys())
            assert not any("/Annots" in page or "/AA" in page for page in pdf.pages)

    @by_sample
    @PART
    def test_no_character_was_drawn_as_a_box(self, path, part):
        """No replacement character, no black square, no missing glyph in the extracted text."""
        assert not re.search("[\ufffd\ufffe\u25a0\u25a1]", "".join(_pages(_parts(path)[part])))


def _in_halves(text: str, body: str) -> bool:
    return any(text[:cut] in body and text[cut:] in body for cut in range(1, len(text)))


class TestPageOne:
    @pytest.mark.parametrize(
        "path",
        now_and_in_full(
            [path for path in SAMPLES if path.stem != "stress_twelve_hours"], NOW, key=lambda path: path.stem
        ),
        ids=lambda path: path.stem,
    )
    def test_answers_at_a_glance(self, path):
        """Identification, result, impression and the results by response begin on the first page, in this order."""
        first = _squeezed(_pages(_report(path).pdf)[0])
        heads = [_squeezed(section.title) for section in _checked(path).draft.sections[:4]]
        places = [first.find(head) for head in heads]
        assert -1 not in places
        assert places == sorted(places)


class TestLength:
    @by_sample
    def test_stays_readable(self, path):
        """What is signed is two or three pages, and four after the sixty events of twelve hours."""
        assert _report(path).pages <= (4 if path.stem == "stress_twelve_hours" else 3)


class TestHostileText:
    @pytest.mark.parametrize("text", now_and_in_full(HOSTILE, HOSTILE_NOW), ids=range(len(HOSTILE)))
    def test_stands_for_itself_in_every_field(self, text):
        """Markup, template syntax and scripts of all kinds in any text field are printed, or named as not printable."""
        data = case_data()
        changed = everywhere(data, text)
        assert changed > 10
        report = generate(loaded(data), settings=Settings(allow_incomplete=True, script_fonts=NO_FONTS))
        body = _body(report.pdf, report.record_pdf)
        assert _printed(text) in body or _in_halves(_printed(text), body)
        with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
            assert not any(
                "/Annots" in page or ("/XObject" in page.Resources and len(page.Resources.XObject) > 1)
                for page in pdf.pages
            )

    @settings(max_examples=examples(12, 80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(text=st.text(max_size=60) | st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
    def test_any_text_is_refused_by_name_or_stands_there(self, text):
        """Whatever Unicode holds: the case file is refused with a coded problem, or page and preview show the text."""
        data = case_data()
        everywhere(data, text)
        case, problems = None, ()
        try:
            case = loaded(data)
        except CaseInvalidError as error:
            problems = error.problems
        if case is None:
            assert problems
            assert all(row.code and row.pointer for row in problems)
            return
        report = generate(case, settings=Settings(allow_incomplete=True, html=True, script_fonts=NO_FONTS))
        shown = _printed(text.strip())
        body = _body(report.pdf, report.record_pdf)
        assert shown in body or _in_halves(shown, body)
        assert report.html

    def test_longest_texts_lay_out_in_time(self):
        """Every text field at its longest ends in pages, not in an error."""
        data = case_data()
        everywhere(data, "word " * 39)
        data["opinion"] = {"by": data["people"][-1]["id"], "impression": "Sentence of the impression. " * 285}
        report = generate(loaded(data), settings=Settings(allow_incomplete=True, script_fonts=NO_FONTS))
        assert report.pages + report.record_pages > 3


class TestFailure:
    def test_a_layout_that_does_not_fit_is_an_error_without_text(self, monkeypatch):
        """What does not fit is not named."""

        def fail(*_arguments: object, **_options: object) -> None:
            raise PieceTooHigh("Testcase, Anna")

        monkeypatch.setattr(document, "paginate", fail)
        with pytest.raises(RenderError, match="does not fit on a page") as caught:
            render_pdf([report_pages(_checked(SAMPLES[0]), "0000-0000-0000-0000")])
        assert "Anna" not in str(caught.value)
