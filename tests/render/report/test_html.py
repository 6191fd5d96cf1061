"""The HTML preview, read back: it says what the draft says, in order, and is nothing but a page to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.checks import CheckedReport
from report_gen.document.blocks import KeyValues, Paragraph, SignatureBlock, Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import statements
from report_gen.finding import Finding, Source
from report_gen.pipeline import prepare
from report_gen.render.html_markup import plain
from report_gen.render.report.html import render_html
from report_gen.render.report.html_style import STYLE
from report_gen.render.report.open_items import boxes
from report_gen.render.report.sections import ReportBlock, sections
from report_gen.render.report.standing import Standing
from tests.cases.quiet import case as case_data
from tests.cases.reports import loaded
from tests.hostile import HOSTILE, everywhere
from tests.markup_tree import Node, tree
from tests.selection import over_samples

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "valid").glob("*.json"))
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _names(words: str) -> set[str]:
    return set(words.split())


ELEMENTS = _names(
    "html head meta title style body header main footer section div span p b bdi br ul li dl dt dd h1 h2 h3 "
    "table caption thead tbody tr th td figure figcaption svg desc g line rect polygon polyline text"
)
ATTRIBUTES = _names(
    "lang translate charset http-equiv content name class id role tabindex scope colspan rowspan data-label "
    "aria-label aria-labelledby aria-describedby viewbox fill stroke stroke-width stroke-dasharray font-family "
    "font-size font-weight text-anchor textlength lengthadjust x y x1 y1 x2 y2 width height points"
)

by_sample = over_samples("invented_scoliosis_mep_loss", "published_c04_acdf", "invented_names_eight_scripts")
"""Events and drawings; a thin record without drawings; names that are read from right to left."""


@cache
def _checked(path: Path) -> CheckedReport:
    return prepare(load_case(path))


@cache
def _page(path: Path) -> Node:
    return tree(render_html(_checked(path)).decode())


def _squeezed(text: str) -> str:
    return "".join(plain(text).split())


def _body(page: Node) -> str:
    """The words of the page without those inside drawings."""
    (body,) = page.all("body")
    return _squeezed(body.text(without=("svg",)))


def _missing(texts: Iterator[str] | list[str], body: str) -> list[str]:
    """Texts that do not stand in the body after the one before."""
    missing, place = [], 0
    for text in texts:
        found = body.find(_squeezed(text), place)
        if found < 0:
            missing.append(text)
        else:
            place = found + len(_squeezed(text))
    return missing


def _said(block: ReportBlock) -> list[str]:
    """Everything that a block prints, in order; the words of a figure are its caption."""
    match block:
        case Paragraph():
            return [block.label, *(row.text for row in block.sentences)]
        case KeyValues():
            return [f"{item.label}: {item.text}" for item in block.items]
        case Table():
            cells = [cell.text for row in block.rows for cell in row.cells]
            return [block.caption, *(column.title for column in block.columns), *cells, *(n.text for n in block.note)]
        case SignatureBlock():
            return [
                block.title,
                block.statement,
                *(word for line in block.lines for word in (line.label, line.prefilled)),
            ]
        case TimelineFigure() | TrendFigure():
            return [block.title]


def _check_page(page: Node) -> None:
    """What holds for every page, whatever the case says."""
    nodes = list(page.walk())[1:]
    assert {node.name for node in nodes} <= ELEMENTS
    assert {name for node in nodes for name in node.attributes} <= ATTRIBUTES
    ids = [node.attributes["id"] for node in nodes if "id" in node.attributes]
    assert len(set(ids)) == len(ids)
    named = [
        name
        for node in nodes
        for key in ("aria-labelledby", "aria-describedby")
        for name in node.attributes.get(key, "").split()
    ]
    assert set(named) <= set(ids)
    # An element that closes a paragraph would leave its end behind.
    inside = {inner.name for node in nodes if node.name in ("p", *HEADINGS) for inner in node.walk()}
    assert inside <= {"p", *HEADINGS, "b", "bdi", "br", "span"}


class TestEverySample:
    @by_sample
    def test_is_well_formed(self, path):
        """Everything that opens closes; nothing stands where a browser would move it."""
        data = render_html(_checked(path)).decode()
        assert data.startswith("<!DOCTYPE html>\n<html ")
        page = _page(path)
        assert [node.name for node in page.children] == ["html"]
        assert [node.name for node in page.children[0].children] == ["head", "body"]
        assert [node.name for node in page.all("body")[0].children] == ["header", "main", "footer"]
        _check_page(page)

    @by_sample
    def test_says_every_statement_in_order(self, path):
        """Every sentence, cell and labelled value of the draft, in the order of the draft."""
        texts = [text for _, text, _ in statements(_checked(path).draft, shown=False)]
        assert len(texts) > 20
        assert _missing(texts, _body(_page(path))) == []

    @by_sample
    def test_says_everything_that_is_printed_in_order(self, path):
        """Headings, boxes, labels, captions, column titles and blanks too: all that stands in the PDF."""
        checked = _checked(path)
        framed = boxes(checked)
        texts = []
        for section in sections(checked):
            texts.append(section.title)
            if section.role in framed:
                texts += [framed[section.role].title, *framed[section.role].items]
            texts += [text for block in section.blocks for text in _said(block)]
        assert _missing(texts, _body(_page(path))) == []

    @by_sample
    def test_shows_what_must_be_settled(self, path):
        """Every contradiction and every open point of signing stands in a frame, with its question."""
        framed = _squeezed(" ".join(node.text() for node in _page(path).all("div") if _class(node) == "box"))
        shown = [
            row
            for row in _checked(path).findings
            if row.contradiction or (row.severity == "block" and row.gate in ("draft", "sign"))
        ]
        assert [row.code for row in shown if _squeezed(f"{row.message} Question for the ") not in framed] == []
        assert [row.code for row in shown if _squeezed(row.question) not in framed] == []

    @by_sample
    def test_says_whose_it_is_and_that_it_is_a_draft(self, path):
        """Patient and numbers at the top, report id at the foot, the mark at both."""
        draft = _checked(path).draft
        (header,), (footer,) = _page(path).all("header"), _page(path).all("footer")
        assert header.text().startswith(Standing.DRAFT.mark)
        for item in draft.running_header:
            assert plain(f"{item.label}: {item.text}") in header.text()
        assert footer.text().endswith(Standing.DRAFT.foot)
        assert f"Report {draft.report_id}, version {draft.version}" in footer.text()

    def test_names_the_content_when_it_is_told(self):
        """The same id as on the pages of the PDF, so that page and data can be matched."""
        page = tree(render_html(_checked(SAMPLES[0]), content_id="0123-4567-89ab-cdef").decode())
        assert "Content 0123-4567-89ab-cdef" in page.all("footer")[0].text()
        assert "Content" not in _page(SAMPLES[0]).all("footer")[0].text()

    @by_sample
    def test_a_proposal_is_marked(self, path):
        """What the program proposes stands apart, under the words that say so."""
        blocks = [block for section in _checked(path).draft.sections for block in section.blocks]
        proposals = [block for block in blocks if isinstance(block, Paragraph) and block.proposed]
        marked = [node for node in _page(path).all("div") if _class(node) == "proposed"]
        assert len(marked) == len(proposals)
        for node, block in zip(marked, proposals, strict=True):
            assert [inner.text() for inner in node.children] == [plain(row.text) for row in block.sentences]

    @by_sample
    def test_headings_skip_no_level(self, path):
        """One heading of the first level, first; each other one at most one level under the one before."""
        levels = [int(node.name[1]) for node in _page(path).all(*HEADINGS)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []

    @by_sample
    def test_describes_itself_without_the_patient(self, path):
        """Language and title are set; the title, which stands in the browser's history, names nobody."""
        draft = _checked(path).draft
        (page,) = _page(path).all("html")
        assert page.attributes == {"lang": "en-US", "translate": "no"}
        (title,) = _page(path).all("head")[0].all("title")
        assert title.text() == f"{draft.title} ({Standing.DRAFT.mark})"
        assert plain(draft.running_header[0].text) not in title.text()

    @by_sample
    def test_every_drawing_has_its_facts_in_words(self, path):
        """An image by role, with title and description, and a caption above it."""
        figures = [
            block
            for section in _checked(path).draft.sections
            for block in section.blocks
            if isinstance(block, (TimelineFigure, TrendFigure))
        ]
        drawn = _page(path).all("figure")
        assert len(drawn) == len(figures) == len(_page(path).all("svg"))
        for node, figure in zip(drawn, figures, strict=True):
            assert node.children[0].name == "figcaption"
            (image,) = node.all("svg")
            title, words = image.children[:2]
            assert (title.name, words.name, image.attributes["role"]) == ("title", "desc", "img")
            assert (title.text(), words.text()) == (plain(figure.title), plain(figure.alt_text))
            assert image.attributes["aria-labelledby"] == title.attributes["id"]
            assert image.attributes["aria-describedby"] == words.attributes["id"]

    @by_sample
    def test_every_cell_knows_its_headings(self, path):
        """A caption, a heading for each column and row, rows as wide as the table, cells with their column's title."""
        tables = _page(path).all("table")
        assert tables
        for table in tables:
            assert table.children[0].name == "caption"
            assert table.children[0].text()
            (head,) = table.all("thead")
            columns = head.all("th")
            assert {node.attributes["scope"] for node in columns} == {"col"}
            for body in table.all("tbody"):
                _check_rows(body, [node.text() for node in columns])

    @by_sample
    def test_fetches_runs_and_links_to_nothing(self, path):
        """No address anywhere but in words; the policy forbids the rest."""
        policy = {node.attributes.get("http-equiv"): node.attributes["content"] for node in _page(path).all("meta")[1:]}
        assert policy["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        assert [node.text() for node in _page(path).all("style")] == [STYLE]

    @by_sample
    def test_the_same_report_gives_the_same_bytes(self, path):
        """Twice in one process; other processes are tested with the pipeline."""
        assert render_html(_checked(path)) == render_html(prepare(load_case(path)))

    @by_sample
    def test_stays_small(self, path):
        """Small enough for a message: under 100 kB, twelve hours with sixty events under 300."""
        assert len(render_html(_checked(path))) < (300_000 if path.stem == "stress_twelve_hours" else 100_000)


def _class(node: Node) -> str:
    return node.attributes.get("class", "")


def _check_rows(body: Node, titles: list[str]) -> None:
    """Every row of a group fills the table, has a heading, and its cells say which column they stand in."""
    below = 0
    for row in body.children:
        assert row.name == "tr"
        cells = row.children
        scopes = [cell.attributes["scope"] for cell in cells if cell.name == "th"]
        assert scopes
        assert set(scopes) <= {"row", "rowgroup"}
        wide = sum(int(cell.attributes.get("colspan", "1")) for cell in cells) + (1 if below else 0)
        assert wide == len(titles)
        below = max(below - 1, 0, *(int(cell.attributes.get("rowspan", "1")) - 1 for cell in cells))
        labels = [cell.attributes["data-label"] for cell in cells if cell.name == "td"]
        assert labels == titles[len(titles) - len(labels) :]
    assert below == 0


class TestFrames:
    def test_stand_under_their_headings_before_anything_else(self):
        """Contradictions before the impression, open points before the signatures, each with whom to ask."""
        path = next(path for path in SAMPLES if path.stem == "published_c04_acdf")
        contradiction = Finding(
            code="contradiction.example",
            severity="warn",
            gate="sign",
            pointer="/events/0",
            message="E1 is recorded as <resolved>, but its last reading is beyond the criterion.",
            question="Did it recover?",
            who="anesthesia",
            sources=(Source("a test", "one row", date(2026, 1, 1), date(2026, 1, 1), "own"),),
            origin="contradiction",
        )
        checked = _checked(path)
        page = tree(render_html(replace(checked, findings=(contradiction, *checked.findings))).decode())
        _check_page(page)
        by_title = {section.children[0].text(): section for section in page.all("section")}
        frame = by_title["Impression"].children[1]
        assert _class(frame) == "box"
        assert frame.children[0].text() == "Contradictions in the record, to be settled before signing"
        assert [row.text() for row in frame.all("li")] == [
            "E1 is recorded as <resolved>, but its last reading is beyond the criterion. "
            "Question for the anesthesia team: Did it recover?"
        ]
        frame = by_title["Attestation and signature"].children[1]
        assert frame.children[0].text() == "Open before signing"
        assert "resolved" not in frame.text()

    def test_there_is_none_without_findings(self):
        """An empty frame would say that something is open."""
        page = tree(render_html(replace(_checked(SAMPLES[0]), findings=())).decode())
        assert [node for node in page.all("div") if _class(node) == "box"] == []


class TestTheStyle:
    def test_fetches_nothing(self):
        """No address and no other sheet."""
        assert not re.search(r"url|@import|@font-face|http|expression|<", STYLE)

    def test_is_black_on_white(self):
        """Grey and colour do not survive a copy, and carry meaning for some readers only."""
        assert set(re.findall(r"#[0-9a-fA-F]+", STYLE)) == {"#000", "#fff"}

    def test_hides_only_what_is_said_elsewhere(self):
        """An empty cell, and on a phone the kind of report that the first heading says."""
        hidden = re.findall(r"([^{}]+)\{[^{}]*display:none", STYLE)
        assert [name.strip() for name in hidden] == ["header .kind", "tbody td:empty"]


class TestOtherScripts:
    def test_names_stand_as_recorded(self):
        """A browser has fonts for all of them: nothing is replaced."""
        path = next(path for path in SAMPLES if path.stem == "invented_names_eight_scripts")
        text = _page(path).all("body")[0].text()
        for name in ("测试，小明", "परीक्षण, आशा", "اختبار، ليلى", "בדיקה, נועה", "Δοκιμάκη, Ελένη", "Тестова-Щукіна"):
            assert name in text
        assert "not printable" not in text

    def test_what_reads_from_right_to_left_is_set_apart(self):
        """Arabic and Hebrew names do not reorder what stands beside them."""
        path = next(path for path in SAMPLES if path.stem == "invented_names_eight_scripts")
        assert {"اختبار، ليلى", "בדיקה, נועה"} <= {node.text() for node in _page(path).all("bdi")}


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_stands_for_itself_in_every_field(self, text):
        """Markup, template syntax and scripts of all kinds are words, and change nothing about the page."""
        data = case_data()
        assert everywhere(data, text) > 10
        checked = prepare(loaded(data))
        page = tree(render_html(checked).decode())
        _check_page(page)
        texts = [words for _, words, _ in statements(checked.draft, shown=False)]
        assert _missing(texts, _body(page)) == []
        assert _squeezed(text) in _body(page)

    def test_the_longest_texts_lay_out_in_time(self):
        """Every text field at its longest."""
        data = case_data()
        everywhere(data, "word " * 39)
        data["opinion"] = {"by": data["people"][-1]["id"], "impression": "Sentence of the impression. " * 285}
        page = tree(render_html(prepare(loaded(data))).decode())
        assert _squeezed("Sentence of the impression. " * 285) in _body(page)
