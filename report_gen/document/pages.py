"""A whole document with what stands on each of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from report_gen.document.blocks import Box, PageBlock, Section, SectionRole

__all__ = ["Pages", "Running"]


@dataclass(frozen=True, slots=True)
class Running:
    """What stands on every page, as recorded; it is made printable where it is drawn."""

    kind: str
    """Kind of document; it gives way where there is no room."""
    mark: str
    """Standing of the document, top right, bold."""
    identity: tuple[tuple[str, str], ...]
    """Labels and values under the kind; the first value gives way when there is no room."""
    reference: str
    """Which document this is, at the foot."""
    foot: str
    """What must not be forgotten, under it, bold."""
    content: str
    """What ties the pages to data, at the right of it."""
    counted: str = "Page {page} of {pages}"
    """How a page is counted at the foot, with its number and the number of pages of its part."""
    drafted: str = ""
    """When the draft was made, at the foot of an unsigned page. Empty: not printed."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A document to be set."""

    sections: tuple[Section[PageBlock], ...]
    """Sections in order."""
    running: Running
    """What stands on every page."""
    title: str
    """Title in the file's properties."""
    subject: str
    """Subject in the file's properties."""
    language: str
    """Language of the text."""
    stamp_at: datetime
    """The document's own time, used as creation date."""
    label_prefix: str = ""
    """Before the number of a page in its label, such as `B`. Empty: numbers alone."""
    boxes: Mapping[SectionRole, Box] = field(default_factory=dict)
    """Frames by the role of the section under whose heading they stand."""
