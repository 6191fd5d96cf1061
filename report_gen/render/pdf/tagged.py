"""Tags: what is a heading, a paragraph, a table cell or a figure, for screen readers and for the archive.

While a page is drawn, every piece of content is put between marks that name its structure element, or marked as an
artifact (running header, rules, repeated table heads). When the file is written, the elements become the structure
tree that PDF/UA-1 (ISO 14289-1) and level A of PDF/A-3 (ISO 19005-3) ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from report_gen.render.pdf.seams import add_catalog_entries, add_page_entries, emit, page_reference

__all__ = ["Element", "Role", "TaggedCanvas", "Tags"]

Role = Literal["Document", "H1", "H2", "H3", "P", "Table", "Caption", "TR", "TH", "TD", "Figure", "Div"]


@dataclass(slots=True, eq=False)
class Element:
    """One structure element, while the document is drawn."""

    role: Role
    """Standard structure type."""
    parent: Element | None = None
    """Element it stands in. None: the document itself, or not placed yet."""
    kids: list[Element | tuple[Any, int]] = field(default_factory=list)
    """Elements, and pieces of content as (page reference, mark number), in reading order."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """Entries of its own such as `Alt`."""
    table: dict[str, Any] = field(default_factory=dict)
    """Attributes of the owner Table: `Scope`, `ColSpan`."""
    layout: dict[str, Any] = field(default_factory=dict)
    """Attributes of the owner Layout: `BBox`, `Placement`."""


class Tags:
    """The structure of a document while it is drawn."""

    def __init__(self) -> None:
        """Start with an empty document."""
        self.root = Element("Document")
        self._open = [self.root]
        self._marks: list[list[Element]] = [[]]
        """For each page, the element of every mark by number."""
        self._artifact = 0

    @property
    def innermost(self) -> Element:
        """The element that content would belong to now."""
        return self._open[-1]

    def open(self, element: Element) -> None:
        """Go into an element; one met again goes on where it was."""
        if self._artifact:
            return
        if element.parent is None and element is not self.root:
            element.parent = self._open[-1]
            element.parent.kids.append(element)
        self._open.append(element)

    def close(self) -> None:
        """Leave the innermost element."""
        if not self._artifact:
            self._open.pop()

    def begin(self, canvas: Canvas) -> None:
        """Mark what follows as content of the innermost element, up to `end`."""
        if self._artifact:
            return
        element, marks = self._open[-1], self._marks[-1]
        element.kids.append((page_reference(canvas), len(marks)))
        emit(canvas, f"/{element.role} <</MCID {len(marks)}>> BDC")
        marks.append(element)

    def end(self, canvas: Canvas) -> None:
        """End what `begin` began."""
        if not self._artifact:
            emit(canvas, "EMC")

    def begin_artifact(self, canvas: Canvas, kind: str = "") -> None:
        """Mark what follows as decoration without content of its own; elements inside it are passed over."""
        if self._artifact == 0:
            emit(canvas, f"/Artifact <</Type /{kind}>> BDC" if kind else "/Artifact BMC")
        self._artifact += 1

    def end_artifact(self, canvas: Canvas) -> None:
        """End what `begin_artifact` began."""
        self._artifact -= 1
        if self._artifact == 0:
            emit(canvas, "EMC")

    @contextmanager
    def content(self, canvas: Canvas, element: Element) -> Iterator[None]:
        """What is drawn inside the block is content of an element."""
        self.open(element)
        self.begin(canvas)
        yield
        self.end(canvas)
        self.close()

    @contextmanager
    def artifact(self, canvas: Canvas, kind: str = "") -> Iterator[None]:
        """What is drawn inside the block is decoration."""
        self.begin_artifact(canvas, kind)
        yield
        self.end_artifact(canvas)

    def page_done(self, canvas: Canvas) -> None:
        """Tell the finished page which row of the parent tree is its own, and to follow the structure when tabbing."""
        number = len(self._marks) - 1
        add_page_entries(canvas, {"StructParents": number, "Tabs": pdfdoc.PDFName("S")})
        self._marks.append([])

    def write(self, canvas: Canvas) -> None:
        """Turn the elements into objects of the file and name their tree in the catalog."""
        document = canvas._doc  # type: ignore[attr-defined]
        references: dict[int, Any] = {}
        tree = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructTreeRoot")})
        tree_reference = document.Reference(tree, "structure-root")
        order = list(_walk(self.root))
        for number, element in enumerate(order):
            made = pdfdoc.PDFDictionary({})
            references[id(element)] = (document.Reference(made, f"structure-{number}"), made)
        for element in order:
            _fill(references[id(element)][1], element, references, tree_reference)
        rows: list[Any] = []
        for number, marks in enumerate(self._marks[:-1]):
            rows += [number, pdfdoc.PDFArray([references[id(element)][0] for element in marks])]
        parents = pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(rows)})
        tree["K"] = pdfdoc.PDFArray([references[id(self.root)][0]])
        tree["ParentTree"] = document.Reference(parents, "structure-parents")
        tree["ParentTreeNextKey"] = len(self._marks) - 1
        marked = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})
        add_catalog_entries(canvas, {"StructTreeRoot": tree, "MarkInfo": marked})


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid)


def _fill(made: Any, element: Element, references: dict[int, Any], tree_reference: Any) -> None:
    made["Type"] = pdfdoc.PDFName("StructElem")
    made["S"] = pdfdoc.PDFName(element.role)
    made["P"] = references[id(element.parent)][0] if element.parent is not None else tree_reference
    pages = [kid[0] for kid in element.kids if not isinstance(kid, Element)]
    kids: list[Any] = []
    if pages:
        made["Pg"] = pages[0]
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(references[id(kid)][0])
        elif kid[0].name == pages[0].name:
            kids.append(kid[1])
        else:
            kids.append(pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("MCR"), "Pg": kid[0], "MCID": kid[1]}))
    made["K"] = pdfdoc.PDFArray(kids)
    for name, value in element.attributes.items():
        made[name] = value
    owners = [
        pdfdoc.PDFDictionary({"O": pdfdoc.PDFName(owner), **entries})
        for owner, entries in (("Table", element.table), ("Layout", element.layout))
        if entries
    ]
    if owners:
        made["A"] = pdfdoc.PDFArray(owners)


class TaggedCanvas(Canvas):
    """A canvas that knows the structure of what it draws."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Start with an empty structure."""
        super().__init__(*arguments, **options)
        self.tags = Tags()

    def showPage(self) -> None:
        """Finish the page and its row of the parent tree."""
        super().showPage()
        self.tags.page_done(self)
