"""The PDF renderer; importing it loads ReportLab, so nothing else does until a PDF is wanted."""

from report_gen.render.pdf.archive import EmbeddedFile
from report_gen.render.pdf.document import RenderedPdf, set_pages
from report_gen.render.pdf.fonts import font_status
from report_gen.render.pdf.script_fonts import script_status

__all__ = ["EmbeddedFile", "RenderedPdf", "font_status", "script_status", "set_pages"]
