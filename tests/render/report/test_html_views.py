"""The shapes of blocks in the page, each by itself: headers of two levels, times, forms, frames, folds."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from report_gen.document.blocks import (
    Box,
    Cell,
    Chronology,
    Column,
    KeyValue,
    KeyValues,
    Paragraph,
    Phrase,
    Row,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
    TimeEntry,
    ToConfirm,
)
from report_gen.render.report.html_templates import TEMPLATES, environment
from report_gen.render.report.html_views import section_views
from tests.markup_tree import Node, tree

NAMES = KeyValues((KeyValue("Patient", "Testcase, Bella", ()),))


def _shown(*blocks, boxes=None, **section) -> Node:
    """A section with these blocks as it is in the page."""
    (view,) = section_views([Section("one", "One", blocks, **section)], boxes or {})
    macros = environment().get_template("section.html.jinja").module
    return tree((macros.folded if view.part == "record" else macros.section)(view))


def _table(*titles: str, rows=(("a", "b", "c"),), groups=None) -> Table[Phrase]:
    columns = tuple(Column(title, 1, group=(groups or {}).get(index, "")) for index, title in enumerate(titles))
    return Table("t", "Caption", columns, tuple(Row(tuple(map(Cell, row))) for row in rows))


class TestHeadersOfTwoLevels:
    TABLE = _table(
        "Response",
        "Worst",
        "Closing",
        "Worst",
        "TOF",
        "Event",
        rows=(("L TA", "absent", "15 %", "absent", "4/4", "E1"),),
        groups={1: "Left", 2: "Left", 3: "Right", 4: "Right"},
    )

    def test_stand_over_their_columns(self):
        """A group over its columns; a column outside any over both rows."""
        upper, lower = _shown(self.TABLE).all("thead")[0].children
        assert [
            (cell.text(), cell.attributes["scope"], cell.attributes.get("colspan"), cell.attributes.get("rowspan"))
            for cell in upper.children
        ] == [
            ("Response", "col", None, "2"),
            ("Left", "colgroup", "2", None),
            ("Right", "colgroup", "2", None),
            ("Event", "col", None, "2"),
        ]
        assert [cell.text() for cell in lower.children] == ["Worst", "Closing", "Worst", "TOF"]

    def test_are_groups_of_columns(self):
        """What a header of a group spans is a group of the table."""
        spans = [int(node.attributes["span"]) for node in _shown(self.TABLE).all("colgroup")]
        assert spans == [1, 2, 2, 1]

    def test_stand_together_where_a_cell_stands_alone(self):
        """On a phone a value says of which side it is."""
        (row,) = _shown(self.TABLE).all("tbody")[0].children
        assert [cell.attributes["data-label"] for cell in row.all("td")] == [
            "Left worst",
            "Left closing",
            "Right worst",
            "Right TOF",
            "Event",
        ]


class TestColumns:
    def test_of_short_values_never_break_a_line(self):
        """The room goes to the column of long ones."""
        long = "within criterion in 3 of 4, farthest L AH; beyond criterion L TA " * 3
        table = _table("Response", "Worst", "Closing", rows=(("L TA", "silent in 3 of 3", long),))
        first, short, wide = _shown(table).all("tbody")[0].children[0].children
        assert "kept" in first.attributes["class"]
        assert "kept" in short.attributes["class"]
        assert "class" not in wide.attributes

    def test_never_need_more_than_the_screen_has(self):
        """What is kept on one line fits beside the rest."""
        row = tuple(f"{index} silent in 3 of 3, absent at closing" for index in range(9))
        cells = _shown(_table(*"ABCDEFGHI", rows=(row,))).all("tbody")[0].children[0].children
        assert [cell for cell in cells if "kept" in cell.attributes.get("class", "")] == []

    def test_keep_a_number_with_its_unit(self):
        """In a column of any width."""
        (row,) = _shown(_table("Level", "Result", rows=(("L5", "> 8 mA, then 16 mA"),))).all("tbody")[0].children
        assert [node.text() for node in row.all("span")] == ["> 8 mA", "16 mA"]


class TestChronology:
    BLOCK = Chronology(
        "chain-E1",
        "E1, in order of time",
        (
            TimeEntry("11:28", (), (Phrase("L TA absent."), Phrase("Criterion met.")), strong=True),
            TimeEntry("11:29", (), (Phrase("Surgeon told."),)),
            TimeEntry("", (), (Phrase("Anesthesiologist told."),)),
        ),
    )

    def test_is_a_table_of_times(self):
        """Each time heads what happened then; one that holds on is said once."""
        (table,) = _shown(self.BLOCK).all("table")
        assert [node.text() for node in table.all("thead")[0].all("th")] == ["Time", "What"]
        heads = [(node.text(), node.attributes["scope"]) for body in table.all("tbody") for node in body.all("th")]
        assert heads == [("11:28", "row"), ("11:29", "rowgroup")]
        told = [node.text() for node in table.all("td")]
        assert told == ["L TA absent. Criterion met.", "Surgeon told.", "Anesthesiologist told."]

    def test_sets_what_counts_in_bold(self):
        """The first sentence of a strong entry."""
        assert [node.text() for node in _shown(self.BLOCK).all("td")[0].all("b")] == ["L TA absent."]

    def test_has_a_caption_that_is_not_seen(self):
        """It stands under a heading that says the same."""
        (caption,) = _shown(self.BLOCK).all("caption")
        assert (caption.text(), caption.attributes["class"]) == ("E1, in order of time", "unseen")

    def test_may_begin_without_a_time(self):
        """No empty heading."""
        block = Chronology("c", "C", (TimeEntry("", (), (Phrase("Before."),)),))
        assert [node.name for node in _shown(block).all("tbody")[0].children[0].children] == ["td", "td"]


class TestSignatures:
    BLOCK = SignatureBlock(
        "Interpreting professional",
        "",
        (SignatureLine("Printed name", "Neuro, Nora, MD"), SignatureLine("Signature")),
        (ToConfirm("remote 08:02 to 10:10"), ToConfirm("edited")),
    )

    def test_are_confirmed_by_nobody_yet(self):
        """An empty box before each statement, drawn by the style sheet; nothing could tick it."""
        (boxes,) = [node for node in _shown(self.BLOCK).all("ul") if node.attributes["class"] == "confirm"]
        assert [node.text() for node in boxes.children] == [
            "To confirm or correct: remote 08:02 to 10:10",
            "To confirm or correct: edited",
        ]
        assert _shown(self.BLOCK).all("input") == []

    def test_stand_side_by_side(self):
        """Those that follow one another; a blank is told to who cannot see it."""
        (row,) = [
            node for node in _shown(self.BLOCK, self.BLOCK).all("div") if node.attributes.get("class") == "signatures"
        ]
        assert len(row.children) == 2
        assert [node.text() for node in row.children[0].all("dd")] == ["Neuro, Nora, MD", "blank"]


class TestSections:
    def test_the_result_is_framed(self):
        """The section itself, with its heading inside, and what counts in bold."""
        lines = Paragraph((Phrase("TcMEP lost at 11:28."), Phrase("MAP 54 mmHg.")), strong=True)
        (section,) = _shown(lines, role="result").children
        assert section.attributes["class"] == "result"
        assert [node.text() for node in section.all("b")] == ["TcMEP lost at 11:28."]

    def test_contradictions_stand_above_the_identification(self):
        """Under the title, in sight, before what is folded on a phone."""
        boxes = {"title": Box("Contradictions", ("One.",))}
        (section,) = _shown(NAMES, role="title", boxes=boxes).children
        assert [node.name for node in section.children] == ["h1", "div", "details"]
        assert section.children[1].children[0].name == "h2"
        assert "Testcase, Bella" in section.children[2].text()

    def test_the_record_is_folded_under_its_headings(self):
        """What belongs under a heading is inside its fold."""
        chapters = [
            Section("events", "Events", (NAMES,), part="record"),
            Section("e1", "E1", (NAMES,), 2, part="record"),
            Section("tests", "Tests", (NAMES,), part="record"),
        ]
        first, second = section_views(chapters, {})
        assert (first.title, [inner.title for inner in first.inner], second.title) == ("Events", ["E1"], "Tests")
        (fold,) = tree(environment().get_template("section.html.jinja").module.folded(first)).children
        assert fold.name == "details"
        assert [node.name for node in fold.all("h3", "h4")] == ["h3", "h4"]
        assert [node.name for node in fold.children] == ["summary", "dl", "section"]

    def test_ids_of_the_two_parts_do_not_meet(self):
        """A section of the report and one of the record may have the same id."""
        views = section_views([Section("one", "One", (NAMES,)), Section("one", "One", (NAMES,), part="record")], {})
        assert [view.id for view in views] == ["report-one", "record-one"]

    def test_a_person_s_words_keep_their_lines(self):
        """Blank lines part paragraphs; the label stands before the first."""
        block = Paragraph((Phrase("One\ntwo\n\nthree"),), label="Impression", verbatim=True)
        assert [node.text() for node in _shown(block).all("p")] == ["Impression. One\ntwo", "three"]


class TestTemplates:
    @pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.jinja")), ids=lambda path: path.name)
    def test_take_no_way_round_escaping(self, path):
        """No filter, block or attribute that would let text become markup."""
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*(safe|xmlattr|tojson|urlize|forceescape)|autoescape|Markup", source)
        assert not re.search(r"=\{\{|style=|\son\w+=|<script", source)

    @pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.jinja")), ids=lambda path: path.name)
    def test_put_plain_characters_into_attributes(self, path):
        """A value inside quotation marks takes the filter of attributes, or is a number or word of the program."""
        values = re.findall(r'="[^"]*?\{\{ ([^}]*) \}\}', path.read_text(encoding="utf-8"))
        ours = {"names", "role", "span", "cell.scope", "cell.columns", "cell.rows", "block.columns"}
        assert {value for value in values if not value.endswith("|attribute")} <= ours

    def test_refuse_what_is_not_given(self):
        """A name that nothing stands for is a fault, never a gap in a report."""
        with pytest.raises(UndefinedError, match="language"):
            environment().get_template("base.html.jinja").render()

    def test_escape_whatever_is_printed(self):
        """Without a filter, in any template that extends the base."""
        page = (
            '{% extends "base.html.jinja" %}{% block title %}{{ words|attribute }}{% endblock %}'
            "{% block main %}<p>{{ words }}</p>{% endblock %}"
        )
        other = environment().overlay(loader=ChoiceLoader([DictLoader({"page": page}), environment().loader]))
        made = tree(other.get_template("page").render(language="en", words="<b>a & b</b>"))
        assert [node.text() for node in made.all("p", "title")] == ["<b>a & b</b>"] * 2
        assert [node.name for node in made.all("body")[0].children] == ["a", "header", "main", "footer"]

    def test_are_loaded_when_a_page_is_asked_for(self):
        """Nobody who wants paper waits for them."""
        code = "import sys, report_gen.cli.process, report_gen.pipeline, report_gen.render.formats\n"
        code += "sys.exit(any('html_' in name or name.endswith('report.html') for name in sys.modules))"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
