"""What we lean on in ReportLab is still there: one test for each name in report_gen/render/pdf/reportlab_private.py."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from report_gen.render.pdf import reportlab_private
from report_gen.render.pdf.fonts import register_fonts

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
        reportlab_private.add_operators(canvas, ["/Artifact BMC", "EMC"])
        assert b"/Artifact BMC" in canvas.getpdfdata()

    def test_pages_are_named(self, canvas):
        """The name of the page being drawn leads to it, and to its number once it is finished."""
        name = reportlab_private.page_name(canvas)
        canvas.showPage()
        assert canvas._doc.idToObject[name].__class__ is pdfdoc.PDFPage
        number = reportlab_private.object_number(canvas, name)
        assert b"\n%d 0 obj" % number in canvas.getpdfdata()

    def test_objects_are_written_under_the_numbers_kept_for_them(self, canvas):
        """In their order, among those that ReportLab numbers itself."""
        first = reportlab_private.reserve_objects(canvas, 2)
        reference = reportlab_private.add_object(canvas, pdfdoc.PDFDictionary({}), "own")
        reportlab_private.fill_objects(canvas, first, [b"<</Other %d 0 R>>" % (first + 1), b"(second)"])
        reportlab_private.add_catalog_entries(canvas, {"Own": b"%d 0 R" % first, "Other": reference})
        canvas.drawString(10, 10, "x")
        with pikepdf.open(io.BytesIO(canvas.getpdfdata())) as pdf:
            assert str(pdf.Root.Own.Other) == "second"

    def test_values_are_written_as_elsewhere_in_the_file(self, canvas):
        """Numbers, strings and what is written already."""
        assert reportlab_private.pdf_value(canvas, 3) == b"3"
        assert reportlab_private.pdf_value(canvas, b"/Row") == b"/Row"
        assert reportlab_private.pdf_value(canvas, pdfdoc.PDFString("a (b)")).startswith(b"(a ")

    def test_pages_are_labelled(self, canvas):
        """Each part counts from 1, behind its own prefix."""
        for _ in range(3):
            canvas.drawString(10, 10, "x")
            canvas.showPage()
        reportlab_private.set_page_labels(canvas, [(0, ""), (2, "B")])
        with pikepdf.open(io.BytesIO(canvas.getpdfdata())) as pdf:
            assert [page.label for page in pdf.pages] == ["1", "2", "B1"]

    def test_text_is_coded_in_subsets_with_names(self, canvas):
        """A TrueType font gives codes, and the names under which pages find its subsets."""
        register_fonts()
        font = pdfmetrics.getFont("ReportSans")
        assert reportlab_private.split_text(canvas, font, "ab") == [(0, b"ab")]
        name = reportlab_private.font_name(canvas, font, 0)
        reportlab_private.add_operators(canvas, [f"BT {name} 9 Tf (ab) Tj ET"])
        with pikepdf.open(io.BytesIO(canvas.getpdfdata())) as pdf:
            assert name in pdf.pages[0].Resources.Font

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

    def test_a_finished_file_is_whole(self, canvas):
        """Every object is found where the table says, and every stream ends with a line feed of its own."""
        canvas.drawString(10, 10, "x")
        canvas.showPage()
        data = reportlab_private.finished(canvas)
        assert data.count(b"\nendstream") == data.count(b"endstream") > 0
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert not pdf.check_pdf_syntax()
            assert len(pdf.pages) == 1

    def test_a_line_feed_of_the_data_is_not_taken_for_the_one_that_ends_them(self, canvas):
        """Compressed data may end with any byte; the length that is written counts it."""
        stream = pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary({}), filters=[])
        stream.content = b"data\n"
        reportlab_private.add_object(canvas, stream, "stream")
        canvas.drawString(10, 10, "x")
        canvas.showPage()
        data = reportlab_private.finished(canvas)
        assert b"/Length 5" in data
        assert b"data\n\nendstream" in data

    def test_every_page_can_name_an_added_font(self, canvas):
        """It stands in the fonts of the page's resources."""
        canvas.drawString(10, 10, "x")
        reportlab_private.add_font(canvas, "Own", pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Font")}))
        with pikepdf.open(io.BytesIO(canvas.getpdfdata())) as pdf:
            assert pdf.pages[0].Resources.Font["/Own"].Type == "/Font"
