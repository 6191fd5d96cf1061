"""What we lean on in ReportLab is still there: one test for each name in report_gen/render/pdf/reportlab_private.py."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from report_gen.render.pdf import reportlab_private
from report_gen.render.pdf.flowables import Text
from report_gen.render.pdf.fonts import register_fonts
from report_gen.render.pdf.styles import styles

AT = datetime(2026, 2, 11, 18, 30, 5, tzinfo=UTC)


@pytest.fixture
def canvas() -> Canvas:
    """An empty canvas."""
    return Canvas(io.BytesIO(), invariant=1)


class TestSeams:
    def test_stamp_and_id(self, canvas):
        """The creation date and the file id come from the time given."""
        reportlab_private.set_stamp(canvas, AT)
        canvas.drawString(10, 10, "x")
        data = canvas.getpdfdata()
        assert b"D:20260211183005" in data
        other = Canvas(io.BytesIO(), invariant=1)
        reportlab_private.set_stamp(other, AT.replace(second=6))
        other.drawString(10, 10, "x")
        assert data[data.index(b"/ID") :] != (rest := other.getpdfdata())[rest.index(b"/ID") :]

    def test_operators_reach_the_page(self, canvas):
        """What is emitted stands in the page's content."""
        canvas.setPageCompression(0)
        reportlab_private.emit(canvas, "/Artifact BMC")
        reportlab_private.emit(canvas, "EMC")
        assert b"/Artifact BMC" in canvas.getpdfdata()

    def test_positions_are_of_the_page(self, canvas):
        """A point of a moved and scaled system is found on the page."""
        canvas.translate(100, 50)
        canvas.scale(2, 3)
        assert reportlab_private.position(canvas, 5, 5) == (110, 65)

    def test_pages_are_counted_and_named(self, canvas):
        """Finished pages are counted, and a reference leads to the page being drawn."""
        assert reportlab_private.page_count(canvas) == 0
        reference = reportlab_private.page_reference(canvas)
        canvas.showPage()
        assert reportlab_private.page_count(canvas) == 1
        assert canvas._doc.idToObject[reference.name].__class__ is pdfdoc.PDFPage

    def test_page_and_catalog_take_entries(self, canvas):
        """Entries that ReportLab does not list itself are written, and its empty transition is not."""
        canvas.drawString(10, 10, "x")
        canvas.showPage()
        reportlab_private.add_page_entries(canvas, {"Tabs": pdfdoc.PDFName("S")})
        reportlab_private.add_catalog_entries(canvas, {"OutputIntents": pdfdoc.PDFArray([])})
        reportlab_private.add_catalog_entries(canvas, {"AF": pdfdoc.PDFArray([])})
        data = canvas.getpdfdata()
        assert b"/Tabs /S" in data
        assert b"/OutputIntents" in data
        assert b"/AF" in data
        assert b"/Trans" not in data

    def test_streams_end_with_a_line_feed_only_inside_the_block(self, canvas):
        """The wrapper does its work while a file is written and leaves no trace after."""
        before = pdfdoc.PDFStream.format
        canvas.drawString(10, 10, "x")
        with reportlab_private.line_before_endstream():
            data = canvas.getpdfdata()
        assert data.count(b"\nendstream") == data.count(b"endstream")
        assert pdfdoc.PDFStream.format is before

    def test_a_line_feed_of_the_data_is_not_taken_for_the_one_that_ends_them(self, canvas):
        """Compressed data may end with any byte; the length that is written counts it."""
        stream = pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary({}), filters=[])
        stream.content = b"data\n"
        reportlab_private.add_object(canvas, stream, "stream")
        canvas.drawString(10, 10, "x")
        with reportlab_private.line_before_endstream():
            data = canvas.getpdfdata()
        assert b"/Length 5" in data
        assert b"data\n\nendstream" in data

    def test_text_in_one_face_is_written_elsewhere(self, canvas):
        """Paragraphs and strings come through the canvas's text object, with size and leading."""
        canvas.setPageCompression(0)
        text = reportlab_private.OwnFaceText(canvas, 0, 0)
        text.own_face, text.show = "Courier", lambda words, size, leading: f"%{words} {size:g} {leading:g}"
        text.setFont("Courier", 9, 11)
        text.textLine("own")
        text.setFont("Helvetica", 9, 11)
        text.textLine("other")
        assert "%own 9 11" in text.getCode()
        assert "(other) Tj" in text.getCode()

    def test_every_page_can_name_an_added_font(self, canvas):
        """It stands in the fonts of the page's resources."""
        canvas.drawString(10, 10, "x")
        reportlab_private.add_font(canvas, "Own", pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Font")}))
        with pikepdf.open(io.BytesIO(canvas.getpdfdata())) as pdf:
            assert pdf.pages[0].Resources.Font["/Own"].Type == "/Font"

    def test_column_widths_are_known_after_layout(self):
        """A table knows its columns."""
        table = Table([["a", "b"]], colWidths=[30, 40])
        table.wrap(100, 100)
        assert reportlab_private.column_widths(table) == [30, 40]

    def test_a_paragraph_keeps_its_broken_lines(self):
        """Lines are broken once for a width, and again for another."""
        register_fonts()
        text = Text("word " * 60, styles().body)
        first = text.wrap(200, 1000)
        lines = text.blPara
        assert text.wrap(200, 1000) == first
        assert text.blPara is lines
        assert text.wrap(100, 1000)[1] > first[1]
