"""The checklist as PDF, read back: what it says, that it is no clinical record, and how it is built."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import pdfa

from report_gen import ClaimSupport, Settings, claim_support, generate, load_case
from report_gen.claim import Assessment
from report_gen.identity import content_id
from tests.cases.practice import settled
from tests.cases.story import BASE, CLAIMS, data, edited
from tests.hostile import everywhere
from tests.render.pdf.test_tags import KNOWN_FINDINGS, NOT_LOOKED_INTO

VALID = CLAIMS.parent / "valid"
PATHS = (
    CLAIMS / f"{BASE}.json",
    CLAIMS / "in_room_and_remote.json",
    CLAIMS / "missing_log.json",
    VALID / "published_c04_acdf.json",
    VALID / "stress_twelve_hours.json",
)
"""One open table; lines of two kinds; no log; published facts alone; several pages."""
by_case = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
FOOT = "FOR THE BILLING OFFICE – NOT PART OF THE CLINICAL RECORD"


@cache
def support(path: Path) -> ClaimSupport:
    """What billing gets of a sample."""
    return claim_support(load_case(path))


@cache
def pages(data: bytes) -> tuple[str, ...]:
    """Text of each page."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return tuple(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def squeezed(text: str) -> str:
    """Text without white space: where lines break is the layout's affair."""
    return "".join(text.split())


def body(data: bytes) -> str:
    """The text of all pages without running header and footer."""
    kept = []
    for page in pages(data):
        lines = page.replace("\r", "").split("\n")
        kept.append("\n".join(lines[4:]))
    return squeezed("".join(kept))


def says(words: str, text: str) -> bool:
    """Whether words stand in a text, whole or parted over two pages with a repeated head between the parts."""
    wanted = squeezed(words)
    return wanted in text or any(wanted[:cut] in text and wanted[cut:] in text for cut in range(1, len(wanted)))


def elements(node: Any) -> list[Any]:
    """Every structure element below a node, in reading order."""
    found: list[Any] = []
    kids = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            found.append(kid)
            found.extend(elements(kid))
    return found


class TestContent:
    @by_case
    def test_says_what_is_open_and_what_is_proposed(self, path):
        """Statement, each open finding with rule and action, each line with its units."""
        made = support(path)
        text, found = body(made.pdf), made.assessment
        assert says(found.statement, text)
        for row in found.open:
            assert says(row.message, text)
            assert says(row.action, text)
            assert row.code in text
        for line in found.lines:
            assert says(f"{line.label} ({line.concept})", text)
            assert says(line.person.removeprefix("person."), text)

    @by_case
    def test_every_page_says_that_it_is_no_clinical_record(self, path):
        """With case, date of service, report, and what ties it to its data."""
        made = support(path)
        assert len(pages(made.pdf)) == made.pages
        for number, page in enumerate(pages(made.pdf), 1):
            shown = squeezed(page)
            assert squeezed(FOOT) in shown
            assert "CLAIMCHECKLIST" in shown
            assert squeezed(f"Case: {made.assessment.case_id}") in shown
            assert squeezed(f"Report {made.attachment.report_id}") in shown
            assert squeezed(f"Content {content_id(made.json)}") in shown
            assert squeezed(f"Page {number} of") in shown

    def test_without_a_log_it_says_that_nothing_can_be_computed(self):
        """Published facts alone still give a page."""
        text = body(support(VALID / "published_c04_acdf.json").pdf)
        assert says("Cannot be computed: the record lacks reader log", text)
        assert says("The record supports no line; see what is open.", text)

    def test_what_holds_back_stands_on_the_first_page(self):
        """Ten seconds: result, whom to ask, and the first thing that holds the claim."""
        for path in PATHS:
            first = squeezed(pages(support(path).pdf)[0])
            assert squeezed(support(path).assessment.statement) in first
            assert "Toask:" in first
            assert "HOLD" in first

    @pytest.mark.parametrize("size", ["letter", "a4"])
    def test_with_everything_settled_it_is_one_page(self, tmp_path, size):
        """The sentence with its date, on either paper."""
        made = claim_support(edited(), profile=settled(tmp_path), page_size=size)
        assert made.pages == 1
        assert not made.assessment.open
        text = body(made.pdf)
        assert says(made.assessment.statement, text)
        assert "HOLD" not in text

    def test_no_name_and_no_free_text(self):
        """Neither on the page nor in the file's properties."""
        raw = data()
        assert everywhere(raw, "Zebrafinch 7QX") > 10
        raw["patient"] |= {"name": "Zebrafinch, Canary", "mrn": "MRN-7QX", "date_of_birth": "1947-05-29"}
        made = claim_support(load_case(json.dumps(raw).encode()))
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            described = " ".join(map(str, pdf.docinfo.values())) + pdf.Root.Metadata.read_bytes().decode()
        shown = "".join(pages(made.pdf)) + described
        assert [mark for mark in ("Zebrafinch", "7QX", "1947") if mark in shown] == []


class TestLayout:
    def test_paper(self):
        """Letter and A4 have their sizes."""
        for size, width in (("letter", 612), ("a4", 595)):
            made = claim_support(edited(), page_size=size)
            with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
                assert {round(float(page.MediaBox[2])) for page in pdf.pages} == {width}

    def test_very_many_open_items_take_more_pages(self, monkeypatch):
        """Each of them stands there, and the table's head stands on every page of it."""
        # The package offers its function under the module's name; the module itself is what is patched.
        module = import_module("report_gen.claim.assess")
        real = module.assess

        def many(*arguments: Any, **named: Any) -> Assessment:
            found = real(*arguments, **named)
            row = next(row for row in found.open if row.code == "tables_current")
            more = tuple(replace(row, message=f"Invented item number {number}.") for number in range(150))
            return replace(found, findings=(*found.findings, *more))

        monkeypatch.setattr(module, "assess", many)
        made = claim_support(edited())
        assert made.pages > 4
        text = body(made.pdf)
        assert [number for number in range(150) if f"Inventeditemnumber{number}." not in text] == []
        heads = [page for page in pages(made.pdf) if "Whatwasfound" in squeezed(page)]
        assert len(heads) >= made.pages - 1

    @by_case
    def test_only_black_on_white(self, path):
        """A fax must carry it."""
        with pikepdf.open(io.BytesIO(support(path).pdf)) as pdf:
            used = {
                tuple(float(value) for value in operands)
                for page in pdf.pages
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) in ("g", "G", "rg", "RG", "k", "K")
            }
        assert {value for values in used for value in values} <= {0.0, 1.0}


class TestStructure:
    @by_case
    def test_is_archival(self, path):
        """The checker of PDF/A-3b finds what it says of every right file of level A, and nothing else."""
        findings = pdfa.validate_written(io.BytesIO(support(path).pdf), "3b").findings
        assert {row.rule for row in findings} - NOT_LOOKED_INTO == KNOWN_FINDINGS

    @by_case
    def test_every_piece_of_content_is_tagged_or_an_artifact(self, path):
        """No operator that paints stands outside marked content."""
        painting = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh"}
        with pikepdf.open(io.BytesIO(support(path).pdf)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            for page in pdf.pages:
                depth, loose = 0, []
                for _, operator in pikepdf.parse_content_stream(page):
                    name = str(operator)
                    depth += (name in ("BDC", "BMC")) - (name == "EMC")
                    loose += [name] if name in painting and depth == 0 else []
                assert (depth, loose) == (0, [])

    @by_case
    def test_headings_and_tables(self, path):
        """One first-level heading and no skipped level; a table has one caption, heads, and even rows."""
        with pikepdf.open(io.BytesIO(support(path).pdf)) as pdf:
            tree = elements(pdf.Root.StructTreeRoot)
            levels = [int(str(row.S)[2:]) for row in tree if str(row.S) in ("/H1", "/H2", "/H3")]
            captions: Counter[Any] = Counter()
            for table in (row for row in tree if row.S == "/Table"):
                captions[table.objgen] += sum(kid.S == "/Caption" for kid in table.K)
                rows = [kid for kid in table.K if kid.S == "/TR"]
                assert {str(cell.S) for cell in rows[0].K} == {"/TH"}
                widths = set()
                for row in rows:
                    spans = [
                        next((int(each.ColSpan) for each in cell.get("/A", []) if "/ColSpan" in each), 1)
                        for cell in row.K
                    ]
                    widths.add(sum(spans))
                assert len(widths) == 1
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        assert captions
        assert set(captions.values()) == {1}

    @by_case
    def test_the_file_describes_itself_and_nothing_acts(self, path):
        """Title, language and bookmarks; no script, form, link or attachment."""
        made = support(path)
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            assert str(pdf.docinfo.Title) == f"Claim checklist {made.assessment.case_id}"
            assert str(pdf.Root.Lang) == "en-US"
            assert not {"/OpenAction", "/AA", "/AcroForm", "/Names", "/AF"} & set(pdf.Root.keys())
            assert not any("/Annots" in page or "/AA" in page for page in pdf.pages)
            with pdf.open_outline() as outline:
                titles = [item.title for item in outline.root]
        assert titles[0] == "Claim checklist"

    def test_the_same_bytes_twice(self):
        """And the stamp is the last time of the record, here the signature, in UTC; never the machine's."""
        for path in (PATHS[0], PATHS[3]):
            assert claim_support(load_case(path)).pdf == support(path).pdf
        with pikepdf.open(io.BytesIO(support(PATHS[0]).pdf)) as pdf:
            assert str(pdf.docinfo.CreationDate).startswith("D:20260916012000")


class TestTheClinicalReport:
    @pytest.mark.parametrize("path", PATHS[:3], ids=lambda path: path.stem)
    def test_holds_no_word_of_the_claim(self, path):
        """No concept, code, label of a line, or sentence of the checklist stands in PDF, data or preview."""
        made, claim = generate(load_case(path), settings=Settings(html=True, allow_incomplete=True)), support(path)
        report = squeezed("".join(pages(made.pdf)) + made.html.decode() + made.json.decode())
        lines = claim.assessment.lines
        words = {squeezed(claim.assessment.statement), squeezed(FOOT), "Proposedlines", "HOLD:"}
        words |= {line.concept for line in lines} | {line.code for line in lines if line.code}
        words |= {squeezed(line.label) for line in lines}
        shown = "".join(squeezed(page) for page in pages(claim.pdf))
        assert [word for word in words if word not in shown] == []
        assert [word for word in words if word in report] == []

    @pytest.mark.parametrize("path", PATHS[:3], ids=lambda path: path.stem)
    def test_speaks_of_no_claim(self, path):
        """Nor are units, modifiers or denials spoken of."""
        made = generate(load_case(path), settings=Settings(html=True, allow_incomplete=True))
        said = " ".join(pages(made.pdf)) + made.html.decode()
        assert (
            re.findall(r"\b(?:billable|modifiers?|denials?|CARC|HCPCS|claim checklist|billing office)\b", said, re.I)
            == []
        )
