"""How long a report takes: each stage, end to end, from a cold command line, and how much memory and paper.

    python bench/latency.py [--runs 50] [--cold 7] [CASE ...]

Warm figures are of one process after three reports that are not counted: case bytes in memory to PDF and JSON in
memory. Wall time is what a user waits; CPU time is what the machine spends, and the steadier of the two on a busy
machine. A case counts only when its report has pages and states everything it must; otherwise its row says `not ok` and
why, with no times. Nothing here passes or fails on a time.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from report_gen import Report, ReportGenError, __version__, generate, load_case

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "valid"
CASES = {
    "typical": SAMPLES / "invented_acdf_quiet.json",
    "eventful": SAMPLES / "invented_scoliosis_mep_loss.json",
    "12 hours": SAMPLES / "stress_twelve_hours.json",
}
STAGES = ("load", "facts", "write", "check", "json", "pdf")
WARM_UP = 3

# One report in a process of its own, which then prints the most memory it ever held, in KiB. VmHWM and not getrusage:
# the latter also counts what the parent held when it started the process.
PEAK = """
import sys
from report_gen import generate, load_case
generate(load_case(sys.argv[1]))
with open("/proc/self/status", encoding="ascii") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


@dataclass
class Measured:
    """The samples of one case, in milliseconds."""

    stages: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in STAGES})
    """Wall time of each stage."""
    wall: list[float] = field(default_factory=list)
    """Wall time end to end."""
    cpu: list[float] = field(default_factory=list)
    """CPU time of the process end to end."""


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample that this share of all samples does not exceed (nearest rank)."""
    return sorted(samples)[max(ceil(len(samples) * share) - 1, 0)]


def fault(report: Report) -> str:
    """Why a report does not count; empty when it does."""
    incomplete = sorted({row.code for row in report.findings if row.code.startswith("coverage.")})
    if incomplete:
        return ", ".join(incomplete)
    return "" if report.pages > 0 and report.pdf.startswith(b"%PDF-") else "no pages"


def warm(data: bytes, runs: int) -> Measured:
    """Time a case in this process, from its bytes to its report."""
    measured = Measured()
    for number in range(WARM_UP + runs):
        cpu, start = time.process_time(), time.perf_counter()
        case = load_case(data)
        loaded = time.perf_counter()
        report = generate(case)
        end, cpu_end = time.perf_counter(), time.process_time()
        if number < WARM_UP:
            continue
        for name, spent in {"load": (loaded - start) * 1000, **report.stage_ms}.items():
            measured.stages[name].append(spent)
        measured.wall.append((end - start) * 1000)
        measured.cpu.append((cpu_end - cpu) * 1000)
    return measured


def cold(path: Path, runs: int) -> list[float]:
    """Wall times in ms of the whole command, from starting Python to files on disk."""
    times = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "report_gen", "generate", str(path), "-o", folder]
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times.append((time.perf_counter() - start) * 1000)
            assert len(list(Path(folder).iterdir())) == 2
    return times


def peak_mib(path: Path) -> float | None:
    """The most memory that one report in a fresh process held, in MiB; None where the system does not say."""
    if not Path("/proc/self/status").exists():
        return None
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def row(name: str, samples: Sequence[float]) -> str:
    """One line of figures in ms."""
    shown = "".join(f"{value:10.1f}" for value in (percentile(samples, 0.5), percentile(samples, 0.95), max(samples)))
    return f"  {name:<22}{shown}"


def bench(name: str, path: Path, runs: int, cold_runs: int) -> bool:
    """Print the figures of one case.

    Returns:
        Whether its report counts.
    """
    if not path.is_file():
        print(f"\n{name}: {path.name} is not there")
        return True
    data = path.read_bytes()
    try:
        report = generate(load_case(data))
        why = fault(report)
    except ReportGenError as error:
        why = error.code
    if why:
        print(f"\n{name}: {path.name}  not ok ({why})")
        return False
    measured = warm(data, runs)
    peak = peak_mib(path)
    print(f"\n{name}: {path.name}, {len(data):,} bytes")
    print(f"  {len(report.pdf):,} bytes of PDF on {report.pages} pages, {len(report.json):,} bytes of JSON")
    print(f"  {'ms':<22}{'p50':>10}{'p95':>10}{'max':>10}")
    for stage in STAGES:
        print(row(stage, measured.stages[stage]))
    print(row("warm, wall", measured.wall))
    print(row("warm, CPU", measured.cpu))
    if cold_runs:
        print(row(f"command line ({cold_runs})", cold(path, cold_runs)))
    print(f"  peak memory of one report in a fresh process: {f'{peak:.0f} MiB' if peak is not None else 'unknown'}")
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was measured, on what; 1 when a report did not count."""
    parser = argparse.ArgumentParser(description="How long a report takes.")
    parser.add_argument("--runs", type=int, default=50, help="warm reports of each case (default: 50)")
    parser.add_argument("--cold", type=int, default=7, help="runs of the command line of each case (default: 7)")
    parser.add_argument("cases", nargs="*", type=Path, metavar="CASE", help="case files (default: three samples)")
    arguments = parser.parse_args(argv)
    if arguments.runs < 1 or arguments.cold < 0:
        parser.error("--runs is at least 1, --cold at least 0")
    faster = "with" if importlib.util.find_spec("_rl_accel") else "without"
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"report_gen {__version__}, Python {platform.python_version()}, "
        f"reportlab {importlib.metadata.version('reportlab')} {faster} rl_accel, {os.cpu_count()} cores{load}; "
        f"{arguments.runs} warm runs"
    )
    chosen = {path.stem: path for path in arguments.cases} or CASES
    counted = [bench(name, path, arguments.runs, arguments.cold) for name, path in chosen.items()]
    return 0 if all(counted) else 1


if __name__ == "__main__":
    raise SystemExit(main())
