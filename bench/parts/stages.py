"""Part `stages`: how long each stage of a report takes, and the whole of it, warm and from a cold command line.

A user has garbage collection on, so it stays on here. All figures of a case stand on reports that passed every check:
complete, the same bytes each time, the same files from the command line, nothing lost in narration. If one did not, no
row of the case has a figure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.measure import ROOT, SAMPLES, fault, percentile, percentiles
from bench.result import Figure, Part, Row, Scale
from bench.wording import Pages, TimedClient, judged, recorded, template_pages, writer_pages
from report_gen import Case, Report, ReportGenError, Settings, generate, load_case
from report_gen.checks import CheckedReport, check
from report_gen.draft.model import Draft
from report_gen.draft.passages import Passage, passages
from report_gen.draft.writer import write
from report_gen.facts import Facts, derive
from report_gen.files import write_whole
from report_gen.identity import content_id
from report_gen.llm.question.prompt import questions
from report_gen.narrate.budget import Budget
from report_gen.narrate.run import narrated
from report_gen.render.report.html import render_html

__all__ = ["AMOUNTS", "CASES", "STAGES", "Amount", "measure"]

CASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "quiet": "invented_acdf_quiet",
        "eventful": "invented_scoliosis_mep_loss",
        "12 hours": "stress_twelve_hours",
    }
)
"""The sample of each case, without ending."""
STAGES: Final = ("load", "facts", "write", "narrate", "guard", "check", "json", "html", "record", "pdf", "files")
"""Rows of a case in the order in which a report goes through them; then comes `report`."""
WARM_UP: Final = 3
"""Reports at the start that are not counted."""
_PATIENCE_S: Final = 120.0
_DRAFTED_AT: Final = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
"""What a command that hangs may take."""
_LEFT_S: Final = 60.0
"""More than the scripted model can need: here it is not the deadline that is measured."""

# One report in a process of its own, which then prints the most memory it ever held, in KiB. VmHWM and not getrusage:
# the latter also counts what the parent held when it started the process.
_PEAK: Final = """
import sys
from report_gen import generate, load_case
generate(load_case(sys.argv[1]))
with open("/proc/self/status", encoding="ascii") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


@dataclass(frozen=True, slots=True)
class Amount:
    """How often things are done with one case."""

    warm: int
    """Reports without a model, and HTML previews."""
    narrated: int
    """Narrations, and judgements of the guard."""
    cold: int
    """Runs of the command line."""


AMOUNTS: Final[Mapping[Scale, Mapping[str, Amount]]] = MappingProxyType(
    {
        "smoke": {"quiet": Amount(2, 2, 1), "eventful": Amount(2, 2, 0), "12 hours": Amount(1, 1, 0)},
        "quick": {"quiet": Amount(40, 20, 3), "eventful": Amount(40, 20, 3), "12 hours": Amount(10, 4, 3)},
        "full": {"quiet": Amount(100, 100, 8), "eventful": Amount(100, 100, 8), "12 hours": Amount(100, 40, 4)},
    }
)
_NOTES: Final = (
    "Wall time in one warm process after three reports that are not counted, garbage collection on; percentiles are by "
    "nearest rank; p95 takes 20 runs and p99 100. `report` is from the case's bytes in memory to the report and its "
    "technical record as PDF, and JSON, on disk; narration and HTML are not part of it. `record` and `pdf` are the two "
    "PDFs.",
    "`narrate` is everything around a model that answers at once with the template's own sentences: passages, "
    "questions, search for identifiers, guard, merge, second check. Waiting for the model is taken out and stands "
    "beside it. `guard` judges a writer's sentences where there is a draft that is not held out, else the template's.",
    "`files` writes PDFs and JSON to a temporary folder, fsync and rename included. `cold` is the whole command "
    "`report_gen generate` in a new process, counted from its start; its files are the same bytes. Peak memory is that "
    "of one report in a new process.",
)


class _NotCountedError(Exception):
    """A report did not pass a check; says which."""


@dataclass(frozen=True, slots=True)
class _Material:
    """What narration works on."""

    case: Case
    facts: Facts
    draft: Draft
    found: tuple[Passage, ...]


@dataclass(slots=True)
class _Taken:
    """Times of one case, in ms."""

    stages: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in STAGES})
    """Wall time of each stage."""
    wall: list[float] = field(default_factory=list)
    """Wall time end to end."""
    cpu: list[float] = field(default_factory=list)
    """CPU time of the process end to end."""
    cold: list[float] = field(default_factory=list)
    """Wall time of the command."""
    waits: list[float] = field(default_factory=list)
    """Waiting for the scripted model, per narrated report."""
    beside: dict[str, Mapping[str, Figure]] = field(default_factory=dict)
    """Further figures of a stage."""


def measure(scale: Scale, seed: int) -> Part:
    """Times of each stage and of the whole for a quiet, an eventful and a 12-hour case.

    Args:
        scale: How often.
        seed: Not used: nothing here is drawn.
    """
    rows = tuple(row for name, sample in CASES.items() for row in _case(name, sample, AMOUNTS[scale][name]))
    return Part("stages", "How long does each stage of a report take, and the whole?", rows, _NOTES)


def _case(name: str, sample: str, amount: Amount) -> list[Row]:
    names = [f"{name} / {stage}" for stage in (*STAGES, "report")]
    path = SAMPLES / f"{sample}.json"
    try:
        taken = _Taken()
        case = load_case(path.read_bytes())
        report = _warm(path.read_bytes(), amount.warm, taken)
        facts = derive(case)
        draft = write(facts, report_id=report.report_id)
        found = passages(draft, facts)
        _html(check(facts, draft), report, amount.warm, taken)
        _narration(_Material(case, facts, draft, found), amount.narrated, taken)
        _guard(writer_pages(sample) or template_pages(found, facts), amount.narrated, taken)
        _cold(path, case, amount.cold, taken)
        whole = _whole(report, taken, _peak_mib(path) if amount.cold else None)
    except ReportGenError as error:
        return [Row(row, ok=False, why=error.code) for row in names]
    except _NotCountedError as error:
        return [Row(row, ok=False, why=str(error)) for row in names]
    stages = [
        Row(
            f"{name} / {stage}",
            {**percentiles(times, "ms"), "runs": len(times), **taken.beside.get(stage, {})},
            {"ms": tuple(times)},
        )
        for stage, times in taken.stages.items()
    ]
    samples = {"wall_ms": tuple(taken.wall), "cpu_ms": tuple(taken.cpu), "cold_ms": tuple(taken.cold)}
    return [*stages, Row(names[-1], whole, {key: values for key, values in samples.items() if values})]


def _whole(report: Report, taken: _Taken, peak_mib: float | None) -> dict[str, Figure]:
    return {
        **percentiles(taken.wall, "ms"),
        "runs": len(taken.wall),
        "cpu_p50_ms": percentile(taken.cpu, 0.5),
        "cold_p50_ms": percentile(taken.cold, 0.5) if taken.cold else None,
        "cold_max_ms": max(taken.cold) if taken.cold else None,
        "cold_runs": len(taken.cold),
        "peak_mib": peak_mib,
        "pdf_kb": len(report.pdf) / 1000,
        "json_kb": len(report.json) / 1000,
        "pages": report.pages,
        "record_kb": len(report.record_pdf) / 1000,
        "record_pages": report.record_pages,
    }


def _warm_up(runs: int) -> int:
    """Uncounted runs: fewer where next to nothing is counted."""
    return min(WARM_UP, runs - 1)


def _timed(work: Callable[[], None], runs: int, times: list[float]) -> None:
    """Do something so many times, warmed up; keep the wall times in ms."""
    for number in range(_warm_up(runs) + runs):
        start = time.perf_counter()
        work()
        if number >= _warm_up(runs):
            times.append((time.perf_counter() - start) * 1000)


def _warm(data: bytes, runs: int, taken: _Taken) -> Report:
    """Reports in this process, from the case's bytes to files on disk.

    Raises:
        _NotCountedError: One did not pass.
    """
    first: Report | None = None
    with tempfile.TemporaryDirectory() as name:
        for number in range(_warm_up(runs) + runs):
            folder = Path(name, str(number))
            folder.mkdir()
            cpu, start = time.process_time(), time.perf_counter()
            case = load_case(data)
            loaded = time.perf_counter()
            report = generate(case)
            made = time.perf_counter()
            write_whole(folder, report.files(), replace=False)
            end, cpu_end = time.perf_counter(), time.process_time()
            first = first or report
            _must(fault(report))
            _must("" if report.files() == first.files() else "the bytes differ from one run to the next")
            if number < _warm_up(runs):
                continue
            spent = {"load": (loaded - start) * 1000, **report.stage_ms, "files": (end - made) * 1000}
            for stage, value in spent.items():
                taken.stages[stage].append(value)
            taken.wall.append((end - start) * 1000)
            taken.cpu.append((cpu_end - cpu) * 1000)
    assert first is not None
    return first


def _must(why: str) -> None:
    if why:
        raise _NotCountedError(why)


def _html(checked: CheckedReport, report: Report, runs: int, taken: _Taken) -> None:
    def preview() -> None:
        page = render_html(checked, content_id=content_id(report.json))
        _must("" if page.rstrip().endswith(b"</html>") else "the HTML preview is not whole")

    _timed(preview, runs, taken.stages["html"])


def _narration(of: _Material, runs: int, taken: _Taken) -> None:
    """Narrations by a model that answers at once and faithfully.

    Raises:
        _NotCountedError: A sentence of the template was not kept, or the draft lost something.
    """
    with TimedClient(recorded(questions(of.found, of.facts))) as client:
        client.warm()
        for number in range(_warm_up(runs) + runs):
            client.waited_s = 0.0
            start = time.perf_counter()
            budget = Budget(time.perf_counter, start + _LEFT_S, 0.0)
            narration, record = narrated(of.case, of.facts, of.draft, client, budget)
            checked = check(of.facts, narration.draft)
            spent = time.perf_counter() - start
            _must(_lost(record.sentences_kept, record.sentences))
            _must(", ".join(sorted({row.code for row in checked.findings if row.code.startswith("coverage.")})))
            if number >= _warm_up(runs):
                taken.stages["narrate"].append((spent - client.waited_s) * 1000)
                taken.waits.append(client.waited_s * 1000)
    taken.beside["narrate"] = {"sentences": narration.asked, "waiting_p50_ms": percentile(taken.waits, 0.5)}


def _lost(kept: int, asked: int) -> str:
    return "" if kept == asked else f"{asked - kept} of {asked} faithful sentences were not kept"


def _guard(pages: Pages, runs: int, taken: _Taken) -> None:
    for number in range(_warm_up(runs) + runs):
        verdicts = judged(pages)
        _must(verdicts.why)
        if number >= _warm_up(runs):
            taken.stages["guard"].append(verdicts.ms)
    taken.beside["guard"] = {"sentences": pages.sentences}


def _cold(path: Path, case: Case, runs: int, taken: _Taken) -> None:
    """The whole command, from starting Python to files on disk.

    Raises:
        _NotCountedError: It failed, or its files are not those of the library.
    """
    # A command states the minute at which it drafts; here both draft at the same.
    stated = {**os.environ, "SOURCE_DATE_EPOCH": str(int(_DRAFTED_AT.timestamp()))}
    files = generate(case, settings=Settings(drafted_at=_DRAFTED_AT)).files() if runs else {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "report_gen", "generate", str(path), "-o", folder]
            start = time.perf_counter()
            done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT, env=stated, timeout=_PATIENCE_S)
            taken.cold.append((time.perf_counter() - start) * 1000)
            _must(f"the command ended with code {done.returncode}" if done.returncode else "")
            made = {row.name: row.read_bytes() for row in Path(folder).iterdir()}
        _must("" if made == files else "the command's files are not those of the library")


def _peak_mib(path: Path) -> float | None:
    """The most memory that one report in a fresh process held, in MiB; None where the system does not say."""
    if not Path("/proc/self/status").exists():
        return None
    command = [sys.executable, "-c", _PEAK, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=_PATIENCE_S)
    _must(f"a report in a new process ended with code {done.returncode}" if done.returncode else "")
    return int(done.stdout) / 1024
