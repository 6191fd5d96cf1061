"""The structure of the PDF, read back: what a screen reader and an archive get."""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import pdfa

from report_gen import Settings, generate, load_case
from report_gen.document.blocks import Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Draft
from report_gen.pipeline import prepare
from report_gen.render.report.pages import record_pages, report_pages
from tests.selection import over_samples

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "valid").glob("*.json"))
NOW = ("invented_scoliosis_mep_loss", "published_c04_acdf", "invented_outage_cautery_gaps")
by_sample = over_samples(*NOW)
"""Figures and an event; a thin record without figures; long tables, of which one is parted over two pages."""

KNOWN_FINDINGS = {
    "ISO_19005_3:6.6.2.3.1-1",  # the checker does not know the PDF/UA identification
    "ISO_19005_3:6.6.4-3",  # it checks level B, and the file claims level A
}
"""What pikepdf's checker of level B says of a right file of level A that is PDF/UA too."""
NOT_LOOKED_INTO = {"pikepdf:font-type3"}
"""What it leaves to others: the font of letters of further scripts, drawn where this machine has fonts for them."""


@cache
def _pdf(path: Path) -> bytes:
    return generate(load_case(path), settings=Settings(bind=True)).pdf


@cache
def _draft(path: Path) -> Draft:
    return prepare(load_case(path)).draft


def _elements(node: Any) -> list[Any]:
    """Every structure element below a node, in reading order."""
    found: list[Any] = []
    kids = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            found.append(kid)
            found.extend(_elements(kid))
    return found


def _tree(pdf: pikepdf.Pdf) -> list[Any]:
    return _elements(pdf.Root.StructTreeRoot)


def _attribute(element: Any, name: str) -> Any:
    return next((row.get(name) for row in element.get("/A", []) if name in row), None)


def _widths(rows: list[Any]) -> list[int]:
    """How many columns the cells of each row cover, with those that reach down into it."""
    widths, below = [], 0
    for row in rows:
        spans = [(int(_attribute(cell, "/ColSpan") or 1), int(_attribute(cell, "/RowSpan") or 1)) for cell in row.K]
        widths.append(sum(across for across, _ in spans) + below)
        below = sum(across for across, down in spans if down == 2)
    return widths


class TestEverySample:
    @by_sample
    def test_is_archival(self, path):
        """The checker of PDF/A-3b finds what it says of every right file of level A, and nothing else."""
        findings = pdfa.validate_written(io.BytesIO(_pdf(path)), "3b").findings
        assert {row.rule for row in findings} - NOT_LOOKED_INTO == KNOWN_FINDINGS

    @by_sample
    def test_is_marked_as_tagged(self, path):
        """The catalog says so, and the metadata claim PDF/A-3a and PDF/UA-1."""
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            assert pdf.Root.MarkInfo.Marked
            metadata = pdf.Root.Metadata.read_bytes().decode()
            assert all(page.Tabs == "/S" for page in pdf.pages)
        for claim in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
            assert claim in metadata

    @by_sample
    def test_every_piece_of_content_is_tagged_or_an_artifact(self, path):
        """No operator that paints stands outside marked content, and marks are balanced."""
        painting = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh"}
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            for page in pdf.pages:
                depth, loose = 0, []
                for _, operator in pikepdf.parse_content_stream(page):
                    name = str(operator)
                    depth += (name in ("BDC", "BMC")) - (name == "EMC")
                    if name in painting and depth == 0:
                        loose.append(name)
                    assert depth in (0, 1)
                assert (depth, loose) == (0, [])

    @by_sample
    def test_the_parent_tree_leads_back(self, path):
        """Each mark of each page has its element, and that element names the mark."""
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
            rows = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
            for page in pdf.pages:
                marks = [
                    int(operands[1].MCID)
                    for operands, operator in pikepdf.parse_content_stream(page)
                    if str(operator) == "BDC" and "/MCID" in operands[1]
                ]
                assert marks == list(range(len(rows[int(page.StructParents)])))

    @by_sample
    def test_heading_levels_do_not_skip(self, path):
        """One first-level heading for each part, and no level without the one above it."""
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            levels = [int(str(row.S)[2:]) for row in _tree(pdf) if str(row.S) in ("/H1", "/H2", "/H3")]
        assert levels[0] == 1
        assert levels.count(1) == 2
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        # Each section of the pages has one: those of the draft, the record's title, the keys to abbreviations.
        checked = prepare(load_case(path))
        parts = report_pages(checked, ""), record_pages(checked, "")
        assert len(levels) == sum(len(part.sections) for part in parts)

    @by_sample
    def test_tables_have_a_name_heads_and_even_rows(self, path):
        """Each is one element with a caption or a summary; heads have a scope; every row covers every column.

        The times of a chronology head its rows; the columns of any other table have heads.
        """
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            tables = [row for row in _tree(pdf) if row.S == "/Table"]
            for table in tables:
                roles = [str(kid.S) for kid in table.K]
                assert (roles[0] == "/Caption") != (_attribute(table, "/Summary") is not None)
                assert set(roles[1:]) == {"/TR"}
                rows = [row for row in table.K if row.S == "/TR"]
                assert len(set(_widths(rows))) == 1
                # The entries of a chronology have their time as head, and no titles over them.
                assert {str(cell.S) for cell in rows[0].K} == {"/TH"} or all(row.K[0].S == "/TH" for row in rows)
                heads = [cell for row in rows for cell in row.K if cell.S == "/TH"]
                assert all(_attribute(cell, "/Scope") in ("/Column", "/Row") for cell in heads)
        blocks = [block for section in _draft(path).sections for block in section.blocks if isinstance(block, Table)]
        assert len(tables) >= len(blocks)

    @by_sample
    def test_figures_have_words(self, path):
        """Each figure carries its facts in words and the box it fills."""
        figures = [
            block
            for section in _draft(path).sections
            for block in section.blocks
            if isinstance(block, (TimelineFigure, TrendFigure))
        ]
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            made = [row for row in _tree(pdf) if row.S == "/Figure"]
            assert [str(row.Alt) for row in made] == [figure.alt_text for figure in figures]
            assert all(len(_attribute(row, "/BBox")) == 4 for row in made)

    @by_sample
    def test_a_table_over_several_pages_stays_one(self, path):
        """Rows of a split table belong to one element, and its repeated heads are decoration."""
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            for table in (row for row in _tree(pdf) if row.S == "/Table"):
                assert sum(kid.S == "/Caption" for kid in table.K) <= 1
                rows = [row for row in table.K if row.S == "/TR"]
                heads = [row for row in rows if all(cell.S == "/TH" for cell in row.K) and len(row.K) > 1]
                assert heads == rows[: len(heads)]

    def test_a_table_is_over_several_pages_in_one_of_every_run(self):
        """The test above would otherwise hold of nothing."""
        most = 0
        for path in (path for path in SAMPLES if path.stem in NOW):
            with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
                tables = [row for row in _tree(pdf) if row.S == "/Table"]
                pages = [{cell.Pg.objgen for cell in _elements(table) if "/Pg" in cell} for table in tables]
                most = max(most, *map(len, pages))
        assert most > 1

    @by_sample
    def test_the_document_says_its_language_and_times(self, path):
        """Title, creation date and producer agree between the information dictionary and the metadata."""
        with pikepdf.open(io.BytesIO(_pdf(path))) as pdf:
            metadata = pdf.Root.Metadata.read_bytes().decode()
            assert f">{pdf.docinfo.Title}<" in metadata
            assert f"<pdf:Producer>{pdf.docinfo.Producer}<" in metadata
            date = str(pdf.docinfo.CreationDate)[2:16]
            assert f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}" in metadata
            assert pdf.Root.Lang == "en-US"
            assert pdf.pdf_version == "1.7"


class TestTheCheckItself:
    def test_an_untagged_page_is_found(self):
        """A file without marks, as ReportLab writes it by itself, does not pass the checker of PDF/A."""
        from reportlab.pdfgen.canvas import Canvas

        buffer = io.BytesIO()
        canvas = Canvas(buffer)
        canvas.drawString(72, 720, "plain")
        canvas.save()
        rules = {row.rule for row in pdfa.validate_written(io.BytesIO(buffer.getvalue()), "3b").findings}
        assert rules - KNOWN_FINDINGS
