"""The report as one page for a browser: the result on the first screen of a phone, the record folded below it.

It says, in the same order, what the PDF of the report and of its technical record says. It fetches nothing, runs
nothing and links to nothing but its own sections. The browser is told not to translate it, which would send the text to
a translation service, and not to turn numbers into telephone links.
"""

from __future__ import annotations

from datetime import datetime

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import PageBlock, Part, Section
from report_gen.render.report.abbreviations import key_sections
from report_gen.render.report.html_templates import environment
from report_gen.render.report.html_views import section_views
from report_gen.render.report.open_items import boxes
from report_gen.render.report.pages import drafted_words
from report_gen.render.report.sections import sections
from report_gen.render.report.standing import KIND, standing

__all__ = ["render_html"]


def render_html(report: CheckedReport, *, content_id: str = "", drafted_at: datetime | None = None) -> bytes:
    """The report as one UTF-8 file of HTML, marked with its standing; the same report gives the same bytes.

    Args:
        report: Checked report; the only thing that can be rendered.
        content_id: Identifies ``report.json`` of the same report, as on the pages of the PDF. Empty: not printed.
        drafted_at: When the draft was made, as in `report_pages`.
    """
    draft, stands = report.draft, standing(report)
    views = section_views(_with_keys(report), boxes(report))
    page = (
        environment()
        .get_template("report.html.jinja")
        .render(
            language=draft.language,
            title=draft.title,
            kind=KIND,
            mark=stands.mark,
            foot=stands.foot,
            identity=draft.running_header,
            report_id=draft.report_id,
            version=draft.version,
            content_id=content_id,
            drafted=drafted_words(report, drafted_at),
            report=[view for view in views if view.part == "report"],
            record=[view for view in views if view.part == "record"],
        )
    )
    return f"{page}\n".encode()


def _with_keys(report: CheckedReport) -> list[Section[PageBlock]]:
    """The sections of both parts, each part with the key to its abbreviations."""
    parts: tuple[Part, ...] = ("report", "record")
    shown = sections(report)
    return [
        section
        for part in parts
        for section in (
            *(section for section in shown if section.part == part),
            *key_sections(report.facts, report.draft, part),
        )
    ]
