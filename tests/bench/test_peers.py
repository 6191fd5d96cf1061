"""The same content set by ours and by peers: nothing is left out, and what loses something does not count."""

from __future__ import annotations

import importlib
import importlib.metadata
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bench.measure import SAMPLES
from bench.peers import judge, run, turns
from bench.peers.blocks import Cell, Content, Heading, Paragraph, Row, Table
from bench.peers.content import Prepared, _section, figures, parts, prepare, varied
from bench.peers.turns import OURS, Engine
from report_gen import load_case, pipeline
from report_gen.checks import CheckedReport
from report_gen.document.blocks import (
    Chronology,
    Column,
    KeyValues,
    Phrase,
    Section,
    SignatureBlock,
    SignatureLine,
    TimeEntry,
    ToConfirm,
)
from report_gen.document.blocks import Paragraph as Block
from report_gen.document.blocks import Table as DraftTable
from report_gen.draft.model import statements
from report_gen.render.report.open_items import boxes
from report_gen.render.report.sections import sections

for name in ("pypdfium2", "pikepdf"):
    pytest.importorskip(name, reason=f"{name} (extra extract)")

SHORTEST = "published_c04_acdf"
PEERS = "engines to compare with (extra bench-peers; one needs LibreOffice)"
ONE = run.Size((SHORTEST,), warm=1, warm_up=0, cold=0, slow_warm=1, slow_cold=0)
OURS_ROW = run.ENGINES[0]
FAULTY = '''
"""A peer that does what it should, on a content that it damaged before."""
from collections.abc import Iterable
from dataclasses import replace
from bench.peers import fpdf
from bench.peers.blocks import Paragraph

def missing():
    return {missing!r}

def version():
    return "1"

def make(content):
{body}
'''


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """One document, for all tests."""
    return prepare(SHORTEST, _random(1))


@pytest.fixture(scope="module")
def drawn(prepared) -> tuple[bytes, ...]:
    """The same document as ours draws it: report and technical record."""
    return importlib.import_module(OURS).make(prepared)


@pytest.fixture(scope="module")
def content(prepared) -> Content:
    """The report that is signed, as the peers set it."""
    return prepared.parts[0]


@pytest.fixture(scope="module")
def pdf(drawn) -> bytes:
    """The same as ours draws it."""
    return drawn[0]


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - invented patients, not secrets


def _texts(made: Iterable[Content]) -> str:
    return "\n".join(text for part in made for _, text in part.texts())


def _parts(sample: str) -> tuple[CheckedReport, tuple[Content, ...]]:
    """A report and both of its parts as the peers set them."""
    report = pipeline.prepare(load_case((SAMPLES / f"{sample}.json").read_bytes()))
    return report, parts(report, pipeline.render(report))


def _lengths(raw: dict) -> list[str]:
    """How long each interval of a case was, as printed."""
    sections = pipeline.prepare(load_case(json.dumps(raw).encode())).draft.sections
    tables = [block for section in sections for block in section.blocks if isinstance(block, DraftTable)]
    return [row.cells[-1].text for table in tables if table.id == "intervals" for row in table.rows]


def _peer(name: str):
    """An engine that can be run here, or a skipped test."""
    module = importlib.import_module(f"bench.peers.{name}")
    if module.missing():
        pytest.skip(PEERS)
    return module


class TestContent:
    @pytest.mark.parametrize("sample", run.CASES)
    def test_holds_every_statement_of_the_draft(self, sample):
        """Nothing that the report states in words is missing from what the peers get."""
        report, made = _parts(sample)
        everything = " ".join(_texts(made).split())
        everything += " ".join(f"{label} {text}" for label, text in made[0].running.identity)
        for where, text, _ in statements(report.draft, shown=False):
            # What shares a page's head with the kind of document stands there.
            head = made[0].running.kind if where == "running_header" else ""
            plain = " ".join(text.split())
            # A signatory's name and credentials stand in blanks of their own.
            signed = where == "attestation" and all(part in everything for part in re.split("[;,] ", plain))
            assert plain in everything or text.rpartition(": ")[2] in head or signed

    def test_holds_headings_captions_heads_blanks_and_open_questions(self):
        """Nor is what it prints besides statements."""
        report, made = _parts(SHORTEST)
        held = {text for part in made for _, text in part.texts()}
        framed = boxes(report)
        assert framed
        assert {text for box in framed.values() for text in (box.title, *box.items)} <= held
        for section in sections(report):
            assert section.title in held
            for block in section.blocks:
                match block:
                    case DraftTable():
                        assert {block.caption, *(column.title for column in block.columns)} <= held
                    case SignatureBlock():
                        assert {block.title, block.statement, *(line.label for line in block.lines)} <= held
                    case KeyValues():
                        assert {f"{item.label}:" for item in block.items} <= held

    def test_the_order_is_that_of_the_report(self, prepared):
        """Sections come in their order, those of the technical record under its own title."""
        report, record = ([row.text for row in part.blocks if isinstance(row, Heading)] for part in prepared.parts)
        draft = prepared.report.draft
        assert report == [*(section.title for section in draft.part("report").sections), "Abbreviations"]
        assert record[1:] == [*(section.title for section in draft.part("record").sections), "Abbreviations"]

    def test_the_result_stands_in_a_frame_with_its_first_words_bold(self):
        """As ours sets it."""
        lines = Block((Phrase("Lost."), Phrase("Back at closing.")), label="Left", strong=True)
        heading, framed = _section(Section("result", "Result", (lines,), role="result"), None)
        assert heading.text == "Result"
        assert (framed.kind, framed.rows) == ("box", (Row((Cell("Back at closing.", label="Left. Lost."),)),))

    def test_a_chronology_is_a_row_for_each_time(self):
        """Its first sentence may be bold; a time that is not said again leaves its cell empty."""
        entries = (
            TimeEntry("11:29", ("f",), (Phrase("Told."), Phrase("Answered.")), strong=True),
            TimeEntry("", (), (Phrase("Raised."),)),
        )
        _, times = _section(Section("E1", "E1", (Chronology("chain-E1", "Account", entries),)), None)
        assert times.kind == "times"
        assert [[(cell.label, cell.text) for cell in row.cells] for row in times.rows] == [
            [("", "11:29"), ("Told.", "Answered.")],
            [("", ""), ("", "Raised.")],
        ]

    def test_what_a_person_confirms_stands_behind_a_box(self):
        """Above the blanks of the form."""
        form = SignatureBlock("Professional", "I confirm:", (SignatureLine("Signed"),), (ToConfirm("Attended."),))
        _, table = _section(Section("attestation", "Signatures", (form,)), None)
        assert [row.cells[0].text for row in table.rows if row.cells[0].tick] == ["Attended."]
        assert table.unfilled == 3

    def test_a_group_is_a_header_over_its_columns(self):
        """And columns without one have none."""
        columns = (Column("Response", 1), Column("Worst", 1, group="Left"), Column("Closing", 1, group="Left"))
        assert Table("data", columns, ()).groups == (("", 1), ("Left", 2))
        assert Table("data", columns[:1], ()).groups == ()

    def test_rows_have_as_many_cells_as_columns_or_span_them(self, prepared):
        """Engines may rely on the shape of a table."""
        for block in (block for part in prepared.parts for block in part.blocks):
            if isinstance(block, Table):
                assert all(len(row.cells) in (1, len(block.columns)) for row in block.rows)
                assert sum(block.shares) == pytest.approx(1)

    def test_figures_are_counted(self):
        """The note says how many figures only ours draws."""
        assert figures(prepare("invented_scoliosis_mep_loss", _random(1)).report) == 2


class TestVariation:
    @pytest.mark.parametrize("sample", run.CASES)
    def test_each_is_a_report_of_its_own_and_the_seed_decides(self, sample):
        """Caches meet new text, and a run can be had again."""
        first, again = prepare(sample, _random(5)), prepare(sample, _random(5))
        other = prepare(sample, _random(6))
        assert first.parts == again.parts
        assert first.parts[0].running.identity != other.parts[0].running.identity
        assert first.parts[0].running.content != other.parts[0].running.content

    def test_times_keep_their_distances(self):
        """All times move together, so that the case stays one that can have happened."""
        raw = json.loads((SAMPLES / "invented_acdf_quiet.json").read_text(encoding="utf-8"))
        moved = varied(raw, _random(3))
        assert moved["patient"]["date_of_birth"] != raw["patient"]["date_of_birth"]
        lengths = _lengths(raw)
        assert lengths
        assert lengths == _lengths(moved)


class TestJudge:
    def test_our_own_drawing_holds_it_all(self, prepared, drawn):
        """Ours is judged like the others, report and record."""
        assert [judge.lost(pdf, part) for pdf, part in zip(drawn, prepared.parts, strict=True)] == ["", ""]
        assert all(judge.inspect(pdf).tagged for pdf in drawn)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("A sentence that nobody set.", "1 of"),
            # Each stands on the pages already, but not once more.
            ("Impression", "texts are lost"),
        ],
    )
    def test_a_sentence_more_than_the_pages_have_is_lost(self, content, pdf, text, why):
        """A text must stand as often as the content has it."""
        wanted = replace(content, blocks=(*content.blocks, Paragraph((text,))))
        assert why in judge.lost(pdf, wanted)

    def test_a_number_is_lost_also_where_its_figures_stand_inside_others(self, content, pdf):
        """`2` stands in many a number; only as a number of its own it counts."""
        alone = sum(len(re.findall(r"(?<!\d)2(?!\d)", page)) for page in judge.page_texts(pdf))
        wanted = replace(content, blocks=(*content.blocks, Paragraph(("2",) * (alone + 1))))
        assert "numbers are lost" in judge.lost(pdf, wanted)

    def test_a_word_is_lost_also_where_it_stands_inside_others(self, content, pdf):
        """`corded` stands in `recorded` too; a short cell must not hide there."""
        page = judge.page_texts(pdf)[0]
        assert "corded" in page
        wanted = replace(content, blocks=(*content.blocks, Paragraph(("corded",))))
        assert "words are lost" in judge.lost(pdf, wanted)

    @pytest.mark.parametrize("field", ["mark", "foot", "reference", "content", "counted"])
    def test_a_running_text_is_looked_for_on_every_page(self, content, pdf, field):
        """Header and footer count."""
        running = replace(content.running, **{field: "Another text"})
        assert "on page 1" in judge.lost(pdf, replace(content, running=running))

    def test_what_is_no_pdf_holds_nothing(self, content):
        """An engine that gives something else does not count."""
        assert judge.lost(b"no pdf", content) == "the data are no PDF"

    def test_the_reason_quotes_nothing(self, content, pdf):
        """A reason stands in a result file; a patient's words must not."""
        secret = "Zebrafinch"
        wanted = replace(content, blocks=(Paragraph((secret,)), *content.blocks))
        assert secret not in judge.lost(pdf, wanted)


class TestPeers:
    @pytest.mark.parametrize("name", ["weasy", "fpdf", "typst", "word"])
    def test_its_pdf_holds_the_whole_content_with_embedded_fonts(self, prepared, name):
        """Every peer does the same job on the same paper."""
        import pikepdf

        peer = _peer(name)
        made = [peer.make(part) for part in prepared.parts]
        assert [judge.lost(pdf, part) for pdf, part in zip(made, prepared.parts, strict=True)] == ["", ""]
        pdf = made[0]
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fonts = [font for page in document.pages for font in page.Resources.Font.values()]
            described = [font.get("/DescendantFonts", [font])[0].FontDescriptor for font in fonts]
            assert described
            assert all("/FontFile2" in one or "/FontFile3" in one for one in described)
            assert [float(edge) for edge in document.pages[0].MediaBox][2:] == pytest.approx([612, 792], abs=0.5)

    @pytest.mark.parametrize("name", ["weasy", "fpdf", "typst", "word"])
    def test_without_its_package_it_says_which_extra_has_it(self, name, monkeypatch):
        """The reason of a skipped row can be acted on."""
        package = {"weasy": "weasyprint", "fpdf": "fpdf", "typst": "typst", "word": "docx"}[name]
        monkeypatch.setitem(sys.modules, package, None)
        assert "bench-peers" in importlib.import_module(f"bench.peers.{name}").missing()

    def test_word_needs_libreoffice(self, monkeypatch):
        """The Word file alone is no PDF."""
        pytest.importorskip("docx", reason=PEERS)
        monkeypatch.setenv("PATH", "")
        assert "soffice" in importlib.import_module("bench.peers.word").missing()

    def test_text_that_looks_like_markup_stands_for_itself(self, content):
        """What a person wrote must not become a table, bold text or a command in any engine."""
        odd = "a **b** __c__ --d-- ~~e~~ <b>f</b> & #g $h$ *i* _j_ {{mark}} \\k @l [m]"
        blocks = (Paragraph((odd,), label="**x** <i>y</i>"), Paragraph((odd,)))
        tables = [block for block in content.blocks if isinstance(block, Table)]
        values = next(block for block in tables if block.kind == "values")
        cells = tuple(replace(cell, text=odd) for cell in values.rows[0].cells)
        table = replace(values, rows=(replace(values.rows[0], cells=cells),))
        wanted = replace(content, blocks=(*blocks, table))
        engines = [importlib.import_module(f"bench.peers.{name}") for name in ("weasy", "fpdf", "typst")]
        found = {engine.__name__: judge.lost(engine.make(wanted), wanted) for engine in engines if not engine.missing()}
        if not found:
            pytest.skip(PEERS)
        assert set(found.values()) == {""}, found


class TestRows:
    @pytest.fixture
    def injected(self, tmp_path, monkeypatch):
        """Makes a peer of its own for a test; its process finds it by the path."""

        def make(name: str, body: str, *, missing: str = "") -> Engine:
            text = FAULTY.format(missing=missing, body=body)
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
            monkeypatch.setenv("PYTHONPATH", str(tmp_path))
            return Engine(name, name)

        return make

    def test_ours_is_one_and_a_peer_has_its_figures(self, tmp_path, monkeypatch):
        """Ratios first, against ours in the same run."""
        _peer("typst")
        monkeypatch.setenv(run.PICTURES, str(tmp_path / "pictures"))
        (ours, whole, peer), drawn = run.compare((*run.ENGINES[:2], run.ENGINES[-1]), replace(ONE, cold=1), 3)
        assert ours.ok
        assert whole.ok
        assert whole.figures["size_ratio"] == 1.0
        assert peer.ok
        assert list(ours.figures)[:3] == ["warm_ratio", "cold_ratio", "size_ratio"]
        assert [ours.figures[name] for name in ("warm_ratio", "cold_ratio", "size_ratio")] == [1.0, 1.0, 1.0]
        assert peer.figures["version"] == importlib.metadata.version("typst")
        assert peer.figures["warm_ratio"] == pytest.approx(peer.samples["warm_ms"][0] / ours.samples["warm_ms"][0])
        assert peer.figures["tagged"] == "yes"
        assert drawn == 0
        assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"ours.png", "typst.png", "whole.png"}

    def test_a_peer_that_loses_a_sentence_does_not_count(self, injected):
        """Fast and incomplete is no result."""
        _peer("fpdf")
        body = (
            "    blocks = list(content.blocks)\n"
            "    last = max(n for n, block in enumerate(blocks) if isinstance(block, Paragraph))\n"
            "    blocks[last] = replace(blocks[last], sentences=blocks[last].sentences[1:])\n"
            "    return fpdf.make(replace(content, blocks=tuple(blocks)))"
        )
        rows, _ = run.compare((OURS_ROW, injected("losing", body)), ONE, 3)
        assert rows[0].ok
        assert not rows[1].ok
        assert "lost" in rows[1].why
        assert not rows[1].figures
        assert not rows[1].samples

    def test_without_ours_there_is_no_ratio(self, injected):
        """A peer's own figures stand without ours."""
        _peer("fpdf")
        engines = (injected("stopping", "    raise KeyError('Sample')"), Engine("fpdf2", "bench.peers.fpdf"))
        (ours, peer), _ = run.compare(engines, ONE, 3)
        assert ours.why == "failed with KeyError"
        assert peer.ok
        assert peer.figures["warm_ratio"] is None

    def test_a_peer_that_is_not_there_is_skipped_with_the_reason(self, injected):
        """With what it says of itself."""
        rows, _ = run.compare((injected("absent", "    return b''", missing="not installed"),), ONE, 3)
        assert (rows[0].ok, rows[0].why) == (False, "skipped: not installed")

    def test_a_peer_that_is_not_there_and_a_process_that_ends_do_not_stop_the_others(self, injected):
        """One engine's crash is its own, and the run goes on."""
        absent = injected("absent", "    return b''", missing="not installed")
        rows, _ = run.compare((injected("ended", "    import os\n    os._exit(3)"), absent, OURS_ROW), ONE, 3)
        assert [row.why for row in rows] == [
            "its process ended without an answer",
            "skipped: not installed",
            "",
        ]
        assert rows[2].ok

    def test_a_process_that_hangs_is_ended(self, injected, monkeypatch):
        """Nobody waits for an engine forever."""
        monkeypatch.setattr(turns, "PATIENCE_S", 0.2)
        rows, _ = run.compare((injected("hanging", "    import time\n    time.sleep(600)"),), ONE, 3)
        assert rows[0].why == "its process ended without an answer"

    def test_a_version_is_asked_for_apart(self, injected, tmp_path, prepared):
        """Starting LibreOffice for it would stand in the cold time of a document."""
        _peer("fpdf")
        (tmp_path / "source").write_bytes(turns._pickled(prepared.parts))
        with turns._Process(injected("simple", "    return b'made'")) as process:
            assert set(process.set(tmp_path / "source", tmp_path / "target")) == {"ms"}
            assert process.version() == "1"
        assert [(tmp_path / "target" / f"{number}.pdf").read_bytes() for number in (0, 1)] == [b"made", b"made"]

    @pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc/self/task (Linux)")
    def test_an_office_that_hangs_is_ended_with_what_it_started(self):
        """And nothing else of its group, which is that of the part."""
        code = "import subprocess, sys; print(subprocess.Popen(['sleep', '600']).pid, flush=True); sys.stdin.read()"
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as office:
            child = int(office.stdout.readline())
            importlib.import_module("bench.peers.word")._kill(office.pid)
        assert office.returncode == -9
        status = Path(f"/proc/{child}/stat")
        for _ in range(500):
            if not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                break
            time.sleep(0.02)
        else:
            pytest.fail("what it started is still there")


class TestPart:
    def test_without_a_reader_of_pdf_every_row_is_skipped(self, monkeypatch):
        """Unread PDFs prove nothing."""
        monkeypatch.setitem(sys.modules, "pikepdf", None)
        part = run.measure("smoke", 1)
        assert {row.why for row in part.rows} == {"skipped: pypdfium2 or pikepdf is not installed (extra extract)"}
        assert len([note for note in part.notes if "skipped" in note]) == len(run.ENGINES)

    def test_smoke_has_a_row_for_every_engine_that_counts_or_is_skipped(self):
        """Whatever is installed works."""
        part = run.measure("smoke", 1)
        assert [row.name for row in part.rows] == [engine.name for engine in run.ENGINES]
        assert [row.why for row in part.rows if not row.ok and not row.why.startswith("skipped: ")] == []
        assert part.rows[0].figures["warm_ratio"] == 1.0
