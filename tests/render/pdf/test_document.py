"""Made-up documents set and read back: parts bound in one file, tags, hostile text, and the same bytes."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from report_gen import RenderError
from report_gen.document.blocks import Box, Cell, Column, Row, Table
from report_gen.document.pages import Pages
from report_gen.render.pdf import set_pages
from tests.hostile import HOSTILE
from tests.render.pdf.made import chronology, pages, prose, record, report, section, signature, table, words


def _texts(data: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _elements(node: Any) -> list[Any]:
    found: list[Any] = []
    kids = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            found += [kid, *_elements(kid)]
    return found


def _roles(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [str(element.S)[1:] for element in _elements(pdf.Root.StructTreeRoot)]


class TestParts:
    def test_each_begins_on_a_page_and_is_counted_by_itself(self):
        """The foot says so, and the file knows how many pages each has."""
        made = set_pages((report(), record()))
        assert made.part_pages == (made.pages - made.part_pages[1], made.part_pages[1])
        texts = [_squeezed(text) for text in _texts(made.data)]
        first, second = made.part_pages
        for number in range(first):
            assert f"Page{number + 1}of{first}" in texts[number]
        for number in range(second):
            assert f"PageB{number + 1}ofB{second}" in texts[first + number]
        assert "Technicalrecord" in texts[first]

    def test_pages_have_labels(self):
        """Of the part to which they belong."""
        made = set_pages((report(), record()))
        first, second = made.part_pages
        with pikepdf.open(io.BytesIO(made.data)) as pdf:
            labels = [page.label for page in pdf.pages]
        assert labels == [str(n + 1) for n in range(first)] + [f"B{n + 1}" for n in range(second)]

    def test_each_is_an_element_of_its_own(self):
        """One document alone needs none."""
        assert _roles(set_pages((report(), record())).data).count("Part") == 2
        assert _roles(set_pages(report()).data).count("Part") == 0

    def test_bookmarks_lead_through_both(self):
        """In order."""
        with pikepdf.open(io.BytesIO(set_pages((report(), record())).data)) as pdf, pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0] == "Intraoperative monitoring report"
        assert titles[-3:] == ["Technical record", "All readings", "Agents"]

    def test_a_part_alone_has_the_bytes_of_a_document(self):
        """A sequence of one is the document."""
        assert set_pages((report(),)).data == set_pages(report()).data


class TestTags:
    def test_the_first_heading_is_the_title(self):
        """Also where no section says that it is."""
        roles = _roles(set_pages(pages(section("One", prose(1)), section("Two", prose(1), level=2))).data)
        assert [role for role in roles if role.startswith("H")] == ["H1", "H3"] or "H1" in roles

    def test_a_table_over_several_pages_is_one_element(self):
        """Its heads are content once."""
        with pikepdf.open(io.BytesIO(set_pages(record(200)).data)) as pdf:
            tables = [row for row in _elements(pdf.Root.StructTreeRoot) if row.S == "/Table"]
            heads = [row for row in _elements(tables[0]) if row.S == "/TH"]
            assert len(pdf.pages) > 2
            assert len(heads) == 6
            assert sum(row.S == "/TR" for row in _elements(tables[0])) == 201

    def test_columns_in_groups_have_two_rows_of_heads(self):
        """A group spans its columns, a column outside of groups both rows."""
        with pikepdf.open(io.BytesIO(set_pages(pages(section("Results", table(3, grouped=True)))).data)) as pdf:
            rows = [row for row in _elements(pdf.Root.StructTreeRoot) if row.S == "/TR"]
            attributes = [[{k: v for a in cell.A for k, v in a.items()} for cell in row.K] for row in rows[:2]]
            spans = [[int(cell.get("/ColSpan", 1)) for cell in row] for row in attributes]
            down = [[int(cell.get("/RowSpan", 1)) for cell in row] for row in attributes]
        assert sum(spans[0]) == 6
        assert sorted(down[0]) == [1, 1, 2, 2]
        assert sum(spans[1]) == 4

    def test_two_panels_are_one_table(self):
        """Read down the left, then down the right."""
        with pikepdf.open(io.BytesIO(set_pages(pages(section("Agents", table(8, panels=2)))).data)) as pdf:
            tables = [row for row in _elements(pdf.Root.StructTreeRoot) if row.S == "/Table"]
            assert len(tables) == 1
            assert sum(row.S == "/TR" for row in tables[0].K) == 9

    def test_a_caption_that_repeats_the_heading_is_not_printed_twice(self):
        """Those who hear the table hear it all the same."""
        made = set_pages(pages(section("Caption of made", table(3)))).data
        assert _texts(made)[0].count("Caption of made") == 1
        with pikepdf.open(io.BytesIO(made)) as pdf:
            found = next(row for row in _elements(pdf.Root.StructTreeRoot) if row.S == "/Table")
            assert str(found.A[0].Summary) == "Caption of made"


class TestBlocks:
    def test_everything_is_printed(self):
        """Of every kind of block."""
        text = _squeezed("".join(_texts(set_pages(report()).data)))
        for wanted in (
            "ALERT 11:28: TcMEP lost in both tibialis anterior.",
            "Proposal:",
            "Diagnosis: adolescent idiopathic scoliosis",
            "Attended remotely from 08:02 to 10:10 with up to 2 other cases open at the same time.",
            "Printed name: Neuro, Nora, MD",
            "Date and time",
            "Note of made.",
            "Drafted 2026-04-14 13:30",
        ):
            assert _squeezed(wanted) in text

    def test_a_box_stands_under_the_heading_of_its_section(self):
        """With each item."""
        document = replace(
            pages(section("First", prose(1)), section("Second", prose(1), role="impression")),
            boxes={"impression": Box("Settle this", ("one item", "another item"))},
        )
        text = _texts(set_pages(document).data)[0]
        assert text.index("Second") < text.index("Settle this") < text.index("another item") < text.rindex("S0 with")

    def test_a_row_higher_than_a_page_goes_on_over_it(self):
        """The only one that is ever parted; nothing of it is lost."""
        long = " ".join(f"word{number}" for number in range(3000))
        made = set_pages(
            pages(
                section("T", Table("t", "Caption", (Column("A", 1), Column("B", 1)), (Row((Cell("x"), Cell(long))),)))
            )
        )
        assert made.pages > 1
        assert "word2999" in "".join(_texts(made.data))

    def test_signatures_that_are_higher_than_a_page_stand_under_each_other(self):
        """Everything is there."""
        made = set_pages(pages(section("S", signature("A", 60), signature("B", 40), role="attestation")))
        text = _squeezed("".join(_texts(made.data)))
        assert text.count("Attendedremotely") == 100

    def test_long_identities_take_lines_and_the_name_alone_is_shortened(self):
        """MRN and dates always stand whole."""
        base = report()
        facility = "Hospital of a long name " * 3
        identity = (("Patient", "Name " * 40), *base.running.identity[1:5], ("Facility", facility))
        made = set_pages(replace(base, running=replace(base.running, identity=identity)))
        for text in map(_squeezed, _texts(made.data)):
            assert "MRN:TEST-0002" in text
            assert "Dateofservice:2026-04-14" in text
            assert _squeezed(facility) in text

    @pytest.mark.parametrize("size", ["letter", "a4"])
    def test_nothing_reaches_over_the_margin(self, size):
        """Letters stand inside the paper's margins on either paper."""
        pdf = pypdfium2.PdfDocument(set_pages((report(3), record()), page_size=size).data)
        try:
            for page in pdf:
                text = page.get_textpage()
                boxes = [text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
                assert min(box[0] for box in boxes) >= 37
                assert max(box[2] for box in boxes) <= page.get_width() - 37
        finally:
            pdf.close()


class TestDensity:
    def test_a_page_is_saved_where_tighter_setting_can(self):
        """A report a little longer than a page fits on it."""
        counts = [set_pages(pages(section("A", *[prose(2, 16)] * n))).pages for n in range(20, 46)]
        assert counts == sorted(counts)
        sizes = [_smallest(set_pages(pages(section("A", *[prose(2, 16)] * n))).data) for n in (20, 46)]
        assert min(sizes) >= 8

    def test_the_record_is_set_tight(self):
        """More of it stands on a page than of a report."""
        assert len(_texts(set_pages(record(60)).data)) <= len(
            _texts(set_pages(pages(section("All readings", table(60)))).data)
        )


def _smallest(data: bytes) -> float:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return min(
            float(operands[1])
            for page in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "Tf"
        )


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_is_printed_or_named(self, text):
        """In every kind of block; nothing of it is markup, and nothing raises."""
        document = _hostile(text)
        made = set_pages(document, fonts_folder=Path(__file__).parent)
        assert made.pages >= 1
        with pikepdf.open(io.BytesIO(made.data)) as pdf:
            assert not pdf.check_pdf_syntax()
            assert not any("/Annots" in page for page in pdf.pages)

    def test_tags_are_letters(self):
        """What looks like markup stands there as recorded."""
        text = "<b>bold</b> &amp; <img src='x'> (a\\b) %d {page}"
        assert _squeezed("".join(_texts(set_pages(_hostile(text)).data))).count(_squeezed(text)) > 5


def _hostile(text: str) -> Pages:
    grid = Table(
        "t", text, (Column(text, 1, group=text), Column("B", 1)), (Row((Cell(text), Cell(text, strong=True))),)
    )
    base = pages(
        section(text or "x", prose(1), role="title"),
        section("Result", type(prose(1))((words(3), type(words(1))(text)), label=text, verbatim=True), role="result"),
        section("Table", grid, chronology(2, name=text)),
        section("Signatures", signature(text), signature(), role="attestation"),
    )
    running = replace(base.running, identity=(("Patient", text), ("MRN", text)), reference=text, drafted=text)
    return replace(base, running=running)


class TestBytes:
    def test_are_the_same_in_many_threads(self):
        """One lock stands around ReportLab's shared fonts."""
        alone = set_pages((report(), record())).data
        made: list[bytes] = []

        def draw() -> None:
            made.extend(set_pages((report(), record())).data for _ in range(4))

        threads = [threading.Thread(target=draw) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [alone] * 8

    def test_do_not_depend_on_the_seed_of_the_process(self):
        """Nor on any order of a set."""
        program = (
            "import hashlib\nfrom tests.render.pdf.made import report, record\n"
            "from report_gen.render.pdf import set_pages\n"
            "print(hashlib.sha256(set_pages((report(), record())).data).hexdigest())"
        )
        root = Path(__file__).parents[3]
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                check=True,
                cwd=root,
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            ).stdout
            for seed in ("1", "2")
        }
        assert len(digests) == 1


class TestFailure:
    def test_a_piece_higher_than_a_page_is_an_error_without_text(self, monkeypatch):
        """Nothing is clipped, and nothing quoted."""
        monkeypatch.setattr("report_gen.render.pdf.running.RunningLines.top", 50.0)
        with pytest.raises(RenderError, match="does not fit on a page") as caught:
            set_pages(report())
        assert "Neuro" not in str(caught.value)


def test_reportlabs_own_layout_is_not_loaded():
    """Only its canvas and what writes the file: a cold start waits for nothing else."""
    program = (
        "import sys, report_gen.render.pdf; print([name for name in sys.modules if name.startswith('reportlab.pl')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
