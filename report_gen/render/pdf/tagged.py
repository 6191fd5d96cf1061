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

from report_gen.render.pdf.reportlab_private import (
    add_catalog_entries,
    add_object,
    add_page_entries,
    emit,
    page_reference,
)

__all__ = ["Element", "StructureRole", "TaggedCanvas", "Tags"]

StructureRole = Literal["Document", "H1", "H2", "H3", "P", "Table", "Caption", "TR", "TH", "TD", "Figure", "Div"]


@dataclass(slots=True, eq=False)
class Element:
    """One structure element, while the document is drawn."""

    role: StructureRole
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
        """Mark the content up to `end` as that of the innermost element."""
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
        """Mark everything drawn inside the block as content of an element."""
        self.open(element)
        self.begin(canvas)
        yield
        self.end(canvas)
        self.close()

    @contextmanager
    def artifact(self, canvas: Canvas, kind: str = "") -> Iterator[None]:
        """Mark everything drawn inside the block as decoration."""
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
        tree = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructTreeRoot")})
        root = add_object(canvas, tree, "structure-root")
        elements = list(_walk(self.root))
        nodes = {id(element): _Node(element) for element in elements}
        references = {
            key: add_object(canvas, node, f"structure-{number}") for number, (key, node) in enumerate(nodes.items())
        }
        for node in nodes.values():
            node.link(references, root)
        entries: list[Any] = []
        for number, marks in enumerate(self._marks[:-1]):
            entries += [number, pdfdoc.PDFArray([references[id(element)] for element in marks])]
        parents = pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(entries)})
        tree["K"] = pdfdoc.PDFArray([references[id(self.root)]])
        tree["ParentTree"] = add_object(canvas, parents, "structure-parents")
        tree["ParentTreeNextKey"] = len(self._marks) - 1
        marked = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})
        add_catalog_entries(canvas, {"StructTreeRoot": tree, "MarkInfo": marked})


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid)


class _Node(pdfdoc.PDFObject):
    """One element as an object of the file, written out by itself: a report has a thousand of them."""

    __RefOnly__ = 1

    def __init__(self, element: Element) -> None:
        self._element = element

    def link(self, references: dict[int, Any], root: Any) -> None:
        """Set the references to parent and kids."""
        element = self._element
        self._parent = references[id(element.parent)] if element.parent is not None else root
        self._kids = [references[id(kid)] if isinstance(kid, Element) else kid for kid in element.kids]

    def format(self, document: Any) -> bytes:
        """The object's text."""
        element = self._element
        own = next((kid[0].name for kid in self._kids if isinstance(kid, tuple)), None)
        kids: list[bytes] = []
        page = b""
        for kid in self._kids:
            if not isinstance(kid, tuple):
                kids.append(_value(kid, document))
            elif kid[0].name == own:
                page = b"/Pg " + _value(kid[0], document)
                kids.append(b"%d" % kid[1])
            else:
                kids.append(b"<</Type/MCR/Pg %s/MCID %d>>" % (_value(kid[0], document), kid[1]))
        parts = [
            b"<</Type/StructElem/S/" + element.role.encode(),
            b"/P " + _value(self._parent, document),
            page,
            b"/K[" + b" ".join(kids) + b"]",
            *(b"/%s %s" % (name.encode(), _value(value, document)) for name, value in element.attributes.items()),
        ]
        owners = [
            b"<</O/%s%s>>"
            % (owner, b"".join(b"/%s %s" % (name.encode(), _value(v, document)) for name, v in entries.items()))
            for owner, entries in ((b"Table", element.table), (b"Layout", element.layout))
            if entries
        ]
        if owners:
            parts.append(b"/A[" + b"".join(owners) + b"]")
        return b"".join(parts) + b">>"


def _value(value: Any, document: Any) -> bytes:
    data: bytes = pdfdoc.format(value, document)
    return data


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
