"""Tags: what is a heading, a paragraph, a table cell or a figure, for screen readers and for the archive.

While a page is drawn, every piece of content is put between marks that name its structure element, or marked as an
artifact (running header, rules, repeated table heads). When the file is written, the elements become the structure
tree that PDF/UA-1 (ISO 14289-1) and level A of PDF/A-3 (ISO 19005-3) ask for.
"""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from report_gen.render.pdf.reportlab_private import (
    add_catalog_entries,
    add_page_entries,
    fill_objects,
    object_number,
    page_name,
    pdf_value,
    reserve_objects,
)

__all__ = ["Element", "StructureRole", "TaggedCanvas", "Tags"]

StructureRole = Literal[
    "Document", "Part", "H1", "H2", "H3", "P", "Table", "Caption", "TR", "TH", "TD", "Figure", "Div"
]
_ROLES: Final = {role: role.encode() for role in get_args(StructureRole)}


class Element:
    """One structure element, while the document is drawn."""

    __slots__ = ("attributes", "kids", "layout", "number", "parent", "placed", "role", "table")

    def __init__(self, role: StructureRole, parent: Element | None = None, table: dict[str, Any] | None = None) -> None:
        """An element that has no place yet.

        Args:
            role: Standard structure type.
            parent: Element it will stand in. None: the one that is in force when it is drawn.
            table: Attributes of the owner Table: `Scope`, `ColSpan`.
        """
        self.role: StructureRole = role
        self.parent = parent
        self.table = table
        self.kids: list[Element | tuple[str, int]] = []
        """Elements, and pieces of content as (name of the page, mark number), in reading order."""
        self.attributes: dict[str, Any] | None = None
        """Entries of its own such as `Alt`."""
        self.layout: dict[str, Any] | None = None
        """Attributes of the owner Layout: `BBox`, `Placement`."""
        self.number = 0
        """Number of its object in the file, when that is written."""
        self.placed = False
        """Whether it is among the kids of its parent."""


class Tags:
    """The structure of a document while it is drawn."""

    def __init__(self) -> None:
        """Start with an empty document."""
        self.root = Element("Document")
        self.root.placed = True
        self._marks: list[list[Element]] = [[]]
        """For each page, the element of every mark by number."""
        self._page = ""

    def begin(self, canvas: Canvas, element: Element) -> str:
        """The operators that mark what follows as content of an element, up to ``EMC``."""
        if not self._page:
            self._page = page_name(canvas)
        marks = self._marks[-1]
        number = len(marks)
        element.kids.append((self._page, number))
        marks.append(element)
        return f"/{element.role} <</MCID {number}>> BDC"

    def page_done(self, canvas: Canvas) -> None:
        """Tell the finished page which row of the parent tree is its own, and to follow the structure when tabbing."""
        number = len(self._marks) - 1
        add_page_entries(canvas, {"StructParents": number, "Tabs": pdfdoc.PDFName("S")})
        self._marks.append([])
        self._page = ""

    def write(self, canvas: Canvas) -> None:
        """Turn the elements into objects of the file and name their tree in the catalog."""
        elements = _walk(self.root)
        first = reserve_objects(canvas, len(elements) + 1)
        root = len(elements) + first
        for number, element in enumerate(elements, start=first):
            element.number = number
        pages: dict[str, bytes] = {}
        written: list[bytes] = []
        for element in elements:
            parent = element.parent.number if element.parent is not None else root
            written.append(_object(canvas, element, parent, pages))
        rows = [
            b"%d [%s]" % (number, b" ".join([b"%d 0 R" % element.number for element in marks]))
            for number, marks in enumerate(self._marks[:-1])
        ]
        written.append(
            b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>"
            % (self.root.number, b"\n".join(rows), len(rows))
        )
        fill_objects(canvas, first, written)
        marked = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})
        add_catalog_entries(canvas, {"StructTreeRoot": b"%d 0 R" % root, "MarkInfo": marked})


def _walk(root: Element) -> list[Element]:
    """Every element, each behind its parent."""
    found = [root]
    for element in found:
        found.extend([kid for kid in element.kids if isinstance(kid, Element)])
    return found


def _object(canvas: Canvas, element: Element, parent: int, pages: dict[str, bytes]) -> bytes:
    """One element as an object of the file, written out by itself: a report has a thousand of them."""
    if len(element.kids) == 1 and not element.table and not element.attributes:
        # Nearly every cell and paragraph.
        (only,) = element.kids
        if not isinstance(only, Element):
            page = pages.get(only[0]) or _page(canvas, only[0], pages)
            return b"<</Type/StructElem/S/%s/P %d 0 R/K %d/Pg %s>>" % (_ROLES[element.role], parent, only[1], page)
    own = b""
    kids: list[bytes] = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(b"%d 0 R" % kid.number)
            continue
        page = pages.get(kid[0]) or _page(canvas, kid[0], pages)
        own = own or page
        kids.append(b"%d" % kid[1] if page == own else b"<</Type/MCR/Pg %s/MCID %d>>" % (page, kid[1]))
    parts = [b"<</Type/StructElem/S/%s/P %d 0 R/K[%s]" % (_ROLES[element.role], parent, b" ".join(kids))]
    if own:
        parts.append(b"/Pg " + own)
    if element.attributes:
        parts += [b"/%s %s" % (name.encode(), pdf_value(canvas, value)) for name, value in element.attributes.items()]
    owners = [
        b"<</O/%s%s>>"
        % (owner, b"".join([b"/%s %s" % (name.encode(), pdf_value(canvas, value)) for name, value in entries.items()]))
        for owner, entries in ((b"Table", element.table), (b"Layout", element.layout))
        if entries
    ]
    if owners:
        parts.append(b"/A[" + b"".join(owners) + b"]")
    parts.append(b">>")
    return b"".join(parts)


def _page(canvas: Canvas, name: str, pages: dict[str, bytes]) -> bytes:
    """Reference to a page, kept among `pages`."""
    page = pages[name] = b"%d 0 R" % object_number(canvas, name)
    return page


class TaggedCanvas(Canvas):
    """A canvas that knows the structure of what it draws."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Start with an empty structure."""
        super().__init__(*arguments, **options)
        self.tags = Tags()
        self._headings = 0
        self._level = -1

    def add_bookmark(self, words: str, level: int, top: float) -> None:
        """Set a bookmark to a place on the page being drawn; a level deeper than the next is the next."""
        self._headings += 1
        self._level = min(level, self._level + 1)
        key = f"heading-{self._headings}"
        self.bookmarkPage(key, fit="XYZ", left=0, top=round(top + 4, 2))
        self.addOutlineEntry(words, key, level=self._level, closed=False)

    def showPage(self) -> None:
        """Finish the page and its row of the parent tree."""
        super().showPage()
        self.tags.page_done(self)
