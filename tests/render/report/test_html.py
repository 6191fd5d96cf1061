"""The HTML preview, read back: it says what the draft says, in order, and is nothing but a page to be read."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.checks import CheckedReport
from report_gen.document.blocks import Chronology, Column, KeyValues, Paragraph, SignatureBlock, Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Draft, Signatory, statements
from report_gen.finding import Finding, Source
from report_gen.pipeline import prepare
from report_gen.render.html_text import plain
from report_gen.render.report.html import render_html
from report_gen.render.report.html_templates import style
from report_gen.render.report.html_views import column_label
from report_gen.render.report.open_items import boxes
from report_gen.render.report.sections import ReportBlock, sections
from report_gen.render.report.standing import Standing
from tests.cases.quiet import case as case_data
from tests.cases.reports import asked_by_name, loaded
from tests.hostile import HOSTILE, everywhere
from tests.markup_tree import Node, tree
from tests.selection import over_samples

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "valid").glob("*.json"))
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _names(words: str) -> set[str]:
    return set(words.split())


ELEMENTS = _names(
    "html head meta title style body a header nav main footer section details summary div span p b bdi br ul li dl dt "
    "dd h1 h2 h3 h4 h5 table caption colgroup thead tbody tr th td figure figcaption svg g line rect "
    "polygon polyline text"
)
ATTRIBUTES = _names(
    "lang translate charset http-equiv content name class id role href scope span colspan rowspan data-label "
    "aria-label aria-labelledby aria-describedby aria-hidden viewbox fill stroke stroke-width stroke-dasharray "
    "font-family font-size font-weight text-anchor textlength lengthadjust x y x1 y1 x2 y2 width height points"
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


def _stated(draft: Draft) -> list[str]:
    """Everything that the draft states; what a signature block prints of its names is in its own order and lines."""
    unsigned = tuple(
        replace(section, blocks=tuple(block for block in section.blocks if not isinstance(block, Signatory)))
        for section in draft.sections
    )
    return [text for _, text, _ in statements(replace(draft, sections=unsigned), shown=False)]


def _said(block: ReportBlock) -> list[str]:
    """Everything that a block prints, in order; the words of a figure are its caption."""
    match block:
        case Paragraph():
            return [block.label, *(row.text for row in block.sentences)]
        case KeyValues():
            return [f"{item.label}: {item.text}" for item in block.items]
        case Table():
            cells = [cell.text for row in block.rows for cell in row.cells]
            return [block.caption, *_headers(block.columns), *cells, *(note.text for note in block.note)]
        case Chronology():
            told = [word for row in block.entries for word in (row.time, *(one.text for one in row.sentences))]
            return [block.caption, "Time", "What", *told]
        case SignatureBlock():
            return [
                block.title,
                block.statement,
                *(item.text for item in block.confirmations),
                *(word for line in block.lines for word in (line.label, line.prefilled)),
            ]
        case TimelineFigure() | TrendFigure():
            return [block.title]


def _headers(columns: Sequence[Column]) -> list[str]:
    """Headers row by row; one that stands over both rows is in the first."""
    upper: list[str] = []
    for column in columns:
        if not column.group:
            upper.append(column.title)
        elif not upper or upper[-1] != column.group:
            upper.append(column.group)
    return [*upper, *(column.title for column in columns if column.group)]


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
    assert {node.attributes["href"] for node in nodes if "href" in node.attributes} <= {f"#{name}" for name in ids}
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
        assert [node.name for node in page.all("body")[0].children] == ["a", "header", "nav", "main", "footer"]
        _check_page(page)

    @by_sample
    def test_says_every_statement_in_order(self, path):
        """Every sentence, cell and labelled value of the draft, in the order of the draft."""
        texts = _stated(_checked(path).draft)
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
        asked = asked_by_name(shown)
        assert [row.code for row in asked if _squeezed(f"{row.message} Question for the ") not in framed] == []
        assert [row.code for row in asked if _squeezed(row.question) not in framed] == []
        assert [row.subject for row in shown if row not in asked and row.subject not in framed] == []

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
        """One image by role, whichever width is shown, with caption and description; no other image."""
        figures = [
            block
            for section in _checked(path).draft.sections
            for block in section.blocks
            if isinstance(block, (TimelineFigure, TrendFigure))
        ]
        page = _page(path)
        by_id = {node.attributes["id"]: node for node in page.walk() if "id" in node.attributes}
        drawn = page.all("figure")
        assert len(drawn) == len(figures)
        assert {node.attributes["aria-hidden"] for node in page.all("svg")} <= {"true"}
        for node, figure in zip(drawn, figures, strict=True):
            (image,) = [inner for inner in node.all("div") if inner.attributes.get("role") == "img"]
            assert [_class(inner) for inner in image.children] == ["wide", "narrow"]
            assert len(image.all("svg")) == 2
            title, words = (by_id[image.attributes[f"aria-{name}"]] for name in ("labelledby", "describedby"))
            assert (title.name, _squeezed(title.text())) == ("figcaption", _squeezed(figure.title))
            assert _squeezed(words.text()) == _squeezed(figure.alt_text)

    @by_sample
    def test_every_cell_knows_its_headings(self, path):
        """A caption, a heading for each column and row, rows as wide as the table, cells with their column's title."""
        tables = _page(path).all("table")
        assert tables
        for table in tables:
            assert table.children[0].name == "caption"
            assert table.children[0].text()
            (head,) = table.all("thead")
            assert {node.attributes["scope"] for node in head.all("th")} <= {"col", "colgroup"}
            for body in table.all("tbody"):
                _check_rows(body, len([node for node in head.all("th") if node.attributes["scope"] == "col"]))

    @by_sample
    def test_every_cell_names_its_column(self, path):
        """Where a cell stands alone, on a narrow screen, it still says what it is of."""
        tables = [
            block
            for section in _checked(path).draft.sections
            for block in section.blocks
            if isinstance(block, (Table, Chronology))
        ]
        for table, block in zip(_page(path).all("table"), tables, strict=True):
            labels = ["What"] if isinstance(block, Chronology) else [column_label(column) for column in block.columns]
            for row in (row for body in table.all("tbody") for row in body.children):
                named = [cell.attributes["data-label"] for cell in row.children if cell.name == "td"]
                assert named == labels[len(labels) - len(named) :]

    @by_sample
    def test_fetches_runs_and_links_to_nothing(self, path):
        """No address anywhere but in words; the policy forbids the rest."""
        policy = {node.attributes.get("http-equiv"): node.attributes["content"] for node in _page(path).all("meta")[1:]}
        (sheet,) = _page(path).all("style")
        digest = base64.b64encode(hashlib.sha256(sheet.text().encode()).digest()).decode()
        assert policy["Content-Security-Policy"] == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )
        assert sheet.text() == style()

    @by_sample
    def test_leads_to_every_section_of_the_report(self, path):
        """A link of each, in order, and one to the record; the skip link goes past them."""
        checked = _checked(path)
        titles: list[str] = []
        for section in sections(checked):
            if section.part == "report" and section.level == 1 and section.role != "title":
                titles.append(section.title)
            elif (section.part, section.role) == ("report", "event") and titles[-1] != "Alerts":
                titles.append("Alerts")
        (links,) = _page(path).all("nav")
        assert [_squeezed(link.text()) for link in links.all("a")] == [*map(_squeezed, titles), "Technicalrecord"]
        (skip,) = [link for link in _page(path).all("a") if _class(link) == "skip"]
        assert skip.attributes["href"] == "#main"

    @by_sample
    def test_only_the_record_and_the_identification_are_folded(self, path):
        """Whatever is signed is open, but who and what, which the head of the page says in short."""
        titles = [
            section.title for section in sections(_checked(path)) if (section.part, section.level) == ("record", 1)
        ]
        first, *rest = _page(path).all("details")
        assert _class(first) == "identification"
        assert [_squeezed(node.children[0].text()) for node in rest] == list(map(_squeezed, titles))
        assert [node.children[0].children[0].name for node in rest] == ["h3"] * len(titles)
        assert {key for node in (first, *rest) for key in node.attributes} <= {"class", "id"}

    @by_sample
    def test_the_same_report_gives_the_same_bytes(self, path):
        """Twice in one process; other processes are tested with the pipeline."""
        assert render_html(_checked(path)) == render_html(prepare(load_case(path)))

    @by_sample
    def test_stays_small(self, path):
        """Small enough for a message, with every drawing in two widths."""
        assert len(render_html(_checked(path))) < (700_000 if path.stem == "stress_twelve_hours" else 180_000)


def _class(node: Node) -> str:
    return node.attributes.get("class", "")


def _check_rows(body: Node, columns: int) -> None:
    """Every row of a group fills the table and has a heading, its own or one that covers it."""
    below = 0
    for row in body.children:
        assert row.name == "tr"
        cells = row.children
        scopes = [cell.attributes["scope"] for cell in cells if cell.name == "th"]
        assert scopes or below
        assert set(scopes) <= {"row", "rowgroup"}
        wide = sum(int(cell.attributes.get("colspan", "1")) for cell in cells) + (1 if below else 0)
        assert wide == columns
        below = max(below - 1, 0, *(int(cell.attributes.get("rowspan", "1")) - 1 for cell in cells))
    assert below == 0


class TestFrames:
    def test_stand_under_their_headings_before_anything_else(self):
        """Contradictions under the title, open points before the signatures, each with whom to ask."""
        path = next(path for path in SAMPLES if path.stem == "published_c04_acdf")
        contradiction = Finding(
            code="contradiction.example",
            severity="block",
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
        frame = page.all("section")[0].children[1]
        assert _class(frame) == "box"
        assert frame.children[0].text() == "Contradictions and gaps in the record, to be settled before signing"
        assert [row.text() for row in frame.all("li")] == [
            "E1 is recorded as <resolved>, but its last reading is beyond the criterion. "
            "Question for the anesthesia team: Did it recover?"
        ]
        frame = by_title["Supervision and attestation"].children[1]
        assert frame.children[0].text() == "Open before signing"
        assert "resolved" not in frame.text()

    def test_there_is_none_without_findings(self):
        """An empty frame would say that something is open."""
        page = tree(render_html(replace(_checked(SAMPLES[0]), findings=())).decode())
        assert [node for node in page.all("div") if _class(node) == "box"] == []


class TestTheStyle:
    def test_fetches_nothing(self):
        """No address and no other sheet."""
        assert not re.search(r"url|@import|@font-face|http|expression|<", style())

    def test_is_black_on_white(self):
        """Grey and colour do not survive a copy, and carry meaning for some readers only."""
        assert set(re.findall(r"#[0-9a-fA-F]+", style())) == {"#000", "#fff"}

    def test_hides_only_what_is_said_elsewhere(self):
        """What another element says, one of two drawings, the name of a fold that is open, links on paper."""
        hidden = {
            name.strip() for group in re.findall(r"([^{}]+)\{[^{}]*display:none", style()) for name in group.split(",")
        }
        assert hidden == {
            "header .kind",
            "table:not(.times) tbody td:empty",
            "nav",
            ".skip",
            "figure .wide",
            "figure .narrow",
            ".identification summary",
            ".unfold",
        }

    def test_unfolds_everything_on_paper(self):
        """Print holds the whole record; a browser that cannot do that says so."""
        printed = style()[style().index("@media print") :]
        assert "details::details-content{content-visibility:visible" in printed
        assert "@supports selector(details::details-content){\n.unfold{display:none}" in style()


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
        texts = _stated(checked.draft)
        assert _missing(texts, _body(page)) == []
        assert _squeezed(text) in _body(page)

    def test_the_longest_texts_lay_out_in_time(self):
        """Every text field at its longest."""
        data = case_data()
        everywhere(data, "word " * 39)
        data["opinion"] = {"by": data["people"][-1]["id"], "impression": "Sentence of the impression. " * 285}
        page = tree(render_html(prepare(loaded(data))).decode())
        assert _squeezed("Sentence of the impression. " * 285) in _body(page)
