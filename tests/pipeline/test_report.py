"""The one way through: the same bytes however it is run, nothing loaded or sent that a report does not need."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

import report_gen.pipeline
import report_gen.render.report.pdf
from report_gen import Case, GateBlockedError, RenderError, Report, Settings, agenerate, generate, load_case
from report_gen.errors import place
from report_gen.identity import content_id
from report_gen.pipeline import prepare, provenance
from report_gen.render.report.pages import report_pages
from report_gen.render.report.standing import Standing
from report_gen.version import __version__
from tests.selection import SAMPLES, examples

QUIET = SAMPLES / "invented_acdf_quiet.json"
EVENTFUL = SAMPLES / "invented_scoliosis_mep_loss.json"
SCRIPTS = SAMPLES / "invented_names_eight_scripts.json"

# Prints the digests of the report of each case named on its command line.
DIGESTS = """
import hashlib, sys
if sys.argv[1] == "plain":
    sys.modules["_rl_accel"] = None
from report_gen import Settings, generate, load_case
for path in sys.argv[2:]:
    report = generate(load_case(path), settings=Settings(html=True))
    print(*(hashlib.sha256(data).hexdigest() for data in (report.pdf, report.record_pdf, report.json, report.html)))
if sys.argv[1]:
    import types, reportlab.lib.rl_accel
    compiled = isinstance(reportlab.lib.rl_accel.fp_str, types.BuiltinFunctionType)
    assert compiled == (sys.argv[1] == "fast"), compiled
"""


def _run(program: str, *arguments: object, **environment: str) -> str:
    """Standard output of a Python program in a process of its own."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _whole(case: Case) -> Report:
    """The report in every form."""
    return generate(case, settings=Settings(html=True))


def _digests(report: Report) -> str:
    return " ".join(
        hashlib.sha256(data).hexdigest() for data in (report.pdf, report.record_pdf, report.json, report.html)
    )


class TestTheSameBytes:
    @pytest.mark.parametrize("path", [QUIET, EVENTFUL, SCRIPTS], ids=lambda path: path.stem)
    def test_twice_in_one_process(self, path):
        """The same case gives the same PDF and JSON."""
        assert _digests(_whole(load_case(path))) == _digests(_whole(load_case(path)))

    def test_over_processes_with_other_hash_seeds(self):
        """Nothing depends on the order of a set."""
        paths = (QUIET, EVENTFUL, SCRIPTS)
        here = [_digests(_whole(load_case(path))) for path in paths]
        for seed in ("0", "4242"):
            assert _run(DIGESTS, "", *paths, PYTHONHASHSEED=seed).split("\n")[:-1] == here

    def test_in_other_time_zones_and_languages(self):
        """Nothing depends on where the machine stands or what it speaks."""
        here = _digests(_whole(load_case(EVENTFUL)))
        for zone, language in (("Asia/Kathmandu", "C"), ("America/St_Johns", "tr_TR.UTF-8")):
            assert _run(DIGESTS, "", EVENTFUL, TZ=zone, LC_ALL=language).strip() == here

    @pytest.mark.skipif(
        importlib.util.find_spec("_rl_accel") is None, reason="the extra pdf-fast (pip install -e '.[pdf-fast]')"
    )
    def test_with_and_without_the_faster_renderer(self):
        """The C inner loops change the time and nothing else."""
        paths = (QUIET, EVENTFUL, SCRIPTS)
        assert _run(DIGESTS, "fast", *paths) == _run(DIGESTS, "plain", *paths)

    def test_from_four_threads(self):
        """Renders on four threads do not disturb each other, even when threads change every few microseconds."""
        each = examples(6, 50)
        cases = [load_case(path) for path in (QUIET, EVENTFUL, SCRIPTS, SAMPLES / "published_c04_acdf.json")]
        alone = [_digests(_whole(case)) for case in cases]
        gate = threading.Barrier(4)

        def several(first: int) -> list[tuple[int, str]]:
            gate.wait(300)
            order = [(first + step) % 4 for step in range(each)]
            return [(index, _digests(_whole(cases[index]))) for index in order]

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            with ThreadPoolExecutor(4) as pool:
                results = [row for rows in pool.map(several, range(4)) for row in rows]
        finally:
            sys.setswitchinterval(before)
        assert len(results) == 4 * each
        assert [index for index, digests in results if digests != alone[index]] == []

    def test_the_order_of_keys_in_the_file_does_not_matter(self):
        """What counts is what the case says."""
        data = json.loads(EVENTFUL.read_bytes())
        turned = dict(reversed(data.items()))
        assert _digests(_whole(load_case(json.dumps(turned).encode()))) == _digests(_whole(load_case(EVENTFUL)))


class TestInsideAnEventLoop:
    def test_gives_the_same_report(self):
        """`agenerate` is `generate`."""
        case = load_case(EVENTFUL)
        assert _digests(asyncio.run(agenerate(case))) == _digests(generate(case))

    def test_several_at_once(self):
        """Ten reports asked for together are ten times the same."""
        case = load_case(QUIET)

        async def together() -> list[Report]:
            return await asyncio.gather(*(agenerate(case) for _ in range(10)))

        assert len({_digests(report) for report in asyncio.run(together())}) == 1

    def test_the_loop_stays_responsive(self, monkeypatch):
        """While a report is made, other tasks run."""
        made = threading.Event()
        real = report_gen.pipeline.derive

        def waits(case: object) -> object:
            assert made.wait(30)
            return real(case)

        monkeypatch.setattr(report_gen.pipeline, "derive", waits)

        async def both() -> Report:
            task = asyncio.create_task(agenerate(load_case(QUIET)))
            await asyncio.sleep(0)
            made.set()  # only reached when the loop is not blocked
            return await task

        assert asyncio.run(asyncio.wait_for(both(), 60)).pages > 0

    def test_waiting_for_a_thread_counts(self, monkeypatch):
        """A report that stood in the pool's queue has less time left for a model."""
        spent: list[float] = []
        all_asked = threading.Event()

        def works(*given: object, spent_s: float, **named: object) -> None:
            spent.append(spent_s)
            all_asked.wait(60)
            time.sleep(0.2)

        monkeypatch.setattr(report_gen.pipeline, "generate", works)

        async def one_by_one() -> None:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
            case = load_case(QUIET)
            asked = [asyncio.create_task(agenerate(case, spent_s=1.0)) for _ in range(3)]
            await asyncio.sleep(0)  # each has run until it waits for a thread
            all_asked.set()
            await asyncio.gather(*asked)

        asyncio.run(one_by_one())
        assert spent == sorted(spent)
        assert spent[0] >= 1.0
        assert spent[2] >= 1.4

    def test_generate_works_in_a_running_loop_too(self):
        """The plain function needs no loop and minds none."""

        async def inside() -> Report:
            return generate(load_case(QUIET))

        assert asyncio.run(inside()).pages > 0

    def test_errors_arrive(self):
        """A refused draft is refused here as well."""
        with pytest.raises(GateBlockedError, match="1 required field is missing"):
            asyncio.run(agenerate(load_case(json.dumps(_without_baselines()).encode())))


def _without_baselines() -> dict:
    """A case that the draft gate stops."""
    data = json.loads(QUIET.read_bytes())
    for channel in data["channels"]:
        if channel["modality"] == "tcmep":
            channel["measurements"] = [row for row in channel["measurements"] if row["phase"] != "baseline"]
    return data


class TestTheReport:
    def test_holds_both_files_and_what_was_found(self):
        """PDFs, JSON, findings, pages and id belong together."""
        report = generate(load_case(EVENTFUL))
        document = json.loads(report.json)
        assert report.pdf.startswith(b"%PDF-")
        assert document["report_id"] == report.report_id
        assert [row["code"] for row in document["findings"]] == [row.code for row in report.findings]
        with pikepdf.open(_stream(report.pdf)) as pdf:
            assert len(pdf.pages) == report.pages > 0
        with pikepdf.open(_stream(report.record_pdf)) as pdf:
            assert len(pdf.pages) == report.record_pages > 0

    def test_the_record_is_bound_behind_it_when_asked(self):
        """One file of both; the record of its own is still at hand, because the digest is of that."""
        case = load_case(EVENTFUL)
        apart, bound = generate(case), generate(case, settings=Settings(bind=True))
        assert [*bound.files()] == [f"{bound.report_id}-bound.pdf", f"{bound.report_id}.json"]
        assert [*apart.files()] == [
            f"{apart.report_id}.pdf",
            f"{apart.report_id}-record.pdf",
            f"{apart.report_id}.json",
        ]
        assert bound.record_pdf == apart.record_pdf
        assert (bound.json, bound.record_pages) == (apart.json, apart.record_pages)
        with pikepdf.open(_stream(bound.pdf)) as pdf:
            assert len(pdf.pages) == bound.pages + bound.record_pages

    def test_an_unsigned_one_is_no_payer_s_copy(self):
        """Nothing is made of it, in any form, and the message says what to do."""
        for settings in (Settings(flavour="payer"), Settings(flavour="payer", pdf=False)):
            with pytest.raises(GateBlockedError, match="have it signed") as caught:
                generate(load_case(QUIET), settings=settings)
            assert caught.value.code == "gate.payer_copy"

    def test_a_signed_one_is(self, monkeypatch):
        """The refusal is that of the standing, not of the flavour."""
        monkeypatch.setattr(report_gen.pipeline, "standing", lambda _: Standing.SIGNED)
        report = generate(load_case(QUIET), settings=Settings(flavour="payer"))
        assert report.documents["pdf"].file_name == f"{report.report_id}-payer.pdf"

    def test_every_stage_is_timed(self):
        """One time for each stage, in order, none of them negative."""
        report = generate(load_case(QUIET))
        assert list(report.stage_ms) == ["facts", "write", "check", "json", "record", "pdf"]
        assert all(spent >= 0 for spent in report.stage_ms.values())
        assert sum(report.stage_ms.values()) > 0

    def test_times_are_in_no_file(self):
        """How long it took is not part of the report: the bytes could not be the same."""
        assert "stage_ms" not in generate(load_case(QUIET)).json.decode()

    def test_the_stage_times_cannot_be_changed(self):
        """A report is a value."""
        report = generate(load_case(QUIET), settings=Settings(pdf=False))
        with pytest.raises(TypeError, match="does not support item assignment"):
            report.stage_ms["pdf"] = 0.0

    def test_without_a_pdf(self):
        """No PDF, no pages, no time spent on it; the JSON is the same."""
        case = load_case(QUIET)
        report = generate(case, settings=Settings(pdf=False))
        assert (report.pdf, report.pages, list(report.stage_ms)) == (b"", 0, ["facts", "write", "check", "json"])
        assert (report.record_pdf, report.record_pages) == (b"", 0)
        assert report.json == generate(case).json

    def test_the_preview_is_made_when_asked_for(self):
        """A page beside the same PDF and JSON; nothing of it otherwise."""
        case = load_case(QUIET)
        report = generate(case, settings=Settings(html=True))
        assert report.html.startswith(b"<!DOCTYPE html>")
        assert f"Content {content_id(report.json)}" in report.html.decode()
        assert list(report.stage_ms) == ["facts", "write", "check", "json", "record", "pdf", "html"]
        plain = generate(case)
        assert (plain.html, plain.pdf, plain.json) == (b"", report.pdf, report.json)

    def test_paper(self):
        """The pages have the size asked for."""
        for size, width in (("letter", 612), ("a4", 595)):
            report = generate(load_case(QUIET), settings=Settings(page_size=size))
            with pikepdf.open(_stream(report.pdf)) as pdf:
                assert {round(float(page.mediabox[2])) for page in pdf.pages} == {width}

    def test_an_unknown_paper_is_refused_at_once(self):
        """Not in the middle of drawing."""
        with pytest.raises(ValueError, match="page_size is one of letter, a4"):
            Settings(page_size="legal")

    def test_says_what_made_it(self):
        """Program and contract versions, and that the template worded it."""
        assert json.loads(generate(load_case(QUIET)).json)["provenance"] == provenance()
        assert provenance() == {
            "program": f"report_gen {__version__}",
            "case_schema": "case.v1",
            "narration": "template",
        }

    def test_the_creation_date_is_the_reports_own(self):
        """The PDF bears the latest time in the record, not the time of the clock on the wall."""
        report = generate(load_case(EVENTFUL))
        at = datetime.fromisoformat(json.loads(report.json)["stamp_at"]).astimezone(UTC)
        with pikepdf.open(_stream(report.pdf)) as pdf:
            for key in ("/CreationDate", "/ModDate"):
                assert str(pdf.docinfo[key]).startswith(f"D:{at:%Y%m%d%H%M%S}")

    def test_another_day_gives_the_same_bytes(self, monkeypatch):
        """The clock on the wall is not read."""
        case = load_case(EVENTFUL)
        before = _digests(generate(case))
        monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
        assert _digests(generate(case)) == before

    def test_the_time_of_the_draft_is_the_callers(self):
        """It stands on the pages, by the facility's clock, and in no data; without one the record alone decides."""
        case = load_case(EVENTFUL)
        plain = generate(case)
        made = generate(case, settings=Settings(drafted_at=datetime(2026, 4, 14, 20, 2, tzinfo=UTC)))
        assert made.json == plain.json
        assert made.report_id == plain.report_id
        for settings in (Settings(), Settings(drafted_at=datetime(2026, 4, 14, 20, 2, tzinfo=UTC))):
            shown = report_pages(prepare(case), "", drafted_at=settings.drafted_at).running.drafted
            wanted = "Drafted 2026-04-14 16:02 EDT" if settings.drafted_at else "Record as of 2026-04-15 07:30 EDT"
            wanted += "; status in the record: final, not verified"
            assert shown == wanted

    def test_a_time_without_a_zone_is_refused_at_once(self):
        """It would be taken for a time of this machine."""
        with pytest.raises(ValueError, match="drafted_at carries its UTC offset"):
            Settings(drafted_at=datetime(2026, 4, 14, 20, 2))  # noqa: DTZ001 - what is refused

    def test_the_environment_is_not_read(self, monkeypatch):
        """A variable that a build system sets for a whole machine changes no report."""
        case = load_case(EVENTFUL)
        before = _digests(generate(case))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
        assert _digests(generate(case)) == before

    def test_preparing_draws_nothing_and_finds_the_same(self):
        """What `check` shows is what stands in the report."""
        case = load_case(EVENTFUL)
        assert prepare(case).findings == generate(case, settings=Settings(pdf=False)).findings


def _stream(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


class TestTheDraftGate:
    def test_refuses_with_every_question(self):
        """One message that says what can be made, holds each question, and how to go on without the answers."""
        case = load_case(json.dumps(_without_baselines()).encode())
        with pytest.raises(GateBlockedError, match="required field is missing or contradicted") as caught:
            generate(case)
        blocking = [row for row in prepare(case).findings if row.gate == "draft" and row.severity == "block"]
        assert blocking
        assert str(caught.value).startswith("Draft cannot be made: ")
        assert all(row.question in str(caught.value) for row in blocking)
        assert "allow_incomplete" in str(caught.value)

    def test_lets_an_incomplete_draft_through_when_told_to(self):
        """The report then says what is open."""
        case = load_case(json.dumps(_without_baselines()).encode())
        report = generate(case, settings=Settings(allow_incomplete=True))
        assert report.pages > 0
        assert any(row.gate == "draft" and row.severity == "block" for row in report.findings)


class TestTroubleWhileDrawing:
    def test_whatever_the_renderer_raises_is_a_render_error_without_its_words(self, monkeypatch):
        """Callers log exceptions; the layout engine's quote the text it was given."""

        def fails(*_: object, **__: object) -> None:
            raise KeyError("Zebrafinch")

        monkeypatch.setattr(report_gen.render.report.pdf, "render_pdf", fails)
        with pytest.raises(RenderError, match=r"KeyError at report_gen/render/formats\.py:\d+") as caught:
            generate(load_case(QUIET))
        assert caught.value.code == "render.unexpected"
        assert "Zebrafinch" not in str(caught.value)
        assert caught.value.__suppress_context__

    def test_an_interrupt_passes(self, monkeypatch):
        """Ctrl-C is not a failure of the renderer."""

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(report_gen.render.report.pdf, "render_pdf", interrupted)
        with pytest.raises(KeyboardInterrupt):
            generate(load_case(QUIET))

    def test_the_next_report_works(self, monkeypatch):
        """A failed render holds no lock and leaves nothing half done."""
        import report_gen.render.pdf.document as document

        case = load_case(QUIET)
        before = _digests(generate(case))
        with monkeypatch.context() as patch:
            patch.setattr(document, "_laid_out", lambda *_: 1 / 0)
            with pytest.raises(RenderError, match=r"ZeroDivisionError at report_gen/render/pdf/document\.py"):
                generate(case)
        assert _digests(generate(case)) == before

    def test_a_place_outside_the_package_is_called_that(self):
        """No path of this machine is shown."""
        assert place(ValueError("never raised")) == "outside report_gen"


CLIENTS = ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "aiohttp")

LOADED_AT_IMPORT = """
import sys
import report_gen
print(sorted(name for name in sys.modules if name.split(".")[0] in sys.argv[1:]))
"""

# Refuses, before anything of ours is loaded, every way of the interpreter to reach another machine.
LOADED_BY_A_REPORT = """
import sys
calls = []
WATCHED = ("socket.", "urllib.", "http.client.", "ftplib.", "smtplib.")
WATCHED += ("subprocess.", "os.system", "os.exec", "os.fork")
def watch(event, arguments):
    if event.startswith(WATCHED):
        calls.append(event)
        raise RuntimeError(event)
sys.addaudithook(watch)
from report_gen.cli import main
code = main(["generate", sys.argv[1], "-o", sys.argv[2]])
assert code == 0, code
print(sorted(name for name in sys.modules if name.split(".")[0] in sys.argv[3:]))
print(calls)
"""


class TestNothingMoreThanNeeded:
    def test_the_import_is_light(self):
        """`import report_gen` loads neither the layout engine nor an imaging library nor a model client."""
        assert _run(LOADED_AT_IMPORT, "reportlab", "PIL", "fontTools", *CLIENTS).strip() == "[]"

    def test_the_model_client_is_there_to_be_loaded(self):
        """Otherwise the next test could not fail."""
        assert importlib.util.find_spec("openai")
        assert importlib.util.find_spec("httpx2") or importlib.util.find_spec("httpx")

    def test_a_report_without_a_model_needs_no_client_and_no_network(self, tmp_path):
        """A whole report in a fresh process: no client loaded, no socket made, no other program started."""
        *paths, loaded, calls = _run(LOADED_BY_A_REPORT, EVENTFUL, tmp_path, *CLIENTS).splitlines()
        assert [Path(path).is_file() for path in paths] == [True, True, True]
        assert loaded == "[]"
        assert calls == "[]"

    def test_the_watch_itself_works(self):
        """The hook of the test above does see an attempt to connect."""
        program = LOADED_BY_A_REPORT.split("from report_gen", 1)[0]
        program += "import socket\ntry: socket.create_connection(('192.0.2.1', 9), 1)\nexcept RuntimeError: pass\n"
        assert "socket." in _run(program + "print(calls)")

    @pytest.mark.parametrize("html", [False, True], ids=["json", "json and html"])
    def test_without_a_pdf_no_layout_engine_is_needed(self, html):
        """Whoever wants no PDF does not pay for ReportLab, nor for a font library, with figures in the page or not."""
        program = (
            "import sys\nfrom report_gen import Settings, generate, load_case\n"
            f"report = generate(load_case(sys.argv[1]), settings=Settings(pdf=False, html={html}))\n"
            f"assert (b'<svg' in report.html) is {html}\n"
            "print(sorted(name for name in sys.modules if name.split('.')[0] in ('reportlab', 'PIL', 'fontTools')))"
        )
        assert _run(program, EVENTFUL).strip() == "[]"
