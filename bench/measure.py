"""How figures are taken: percentiles, whether a report counts, memory, the machine and how steady it is."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import time
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from statistics import median

from bench.result import Figure
from report_gen import Report, __version__

__all__ = [
    "FOR_P95",
    "FOR_P99",
    "ROOT",
    "SAMPLES",
    "commit",
    "fault",
    "machine",
    "peak_mib",
    "percentile",
    "percentiles",
    "steadiness",
    "versions",
]

FOR_P95 = 20
"""Samples that a 95th percentile takes."""
FOR_P99 = 100
"""Samples that a 99th percentile takes."""
ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples" / "valid"
_LIBRARIES = (
    "pydantic",
    "jinja2",
    "reportlab",
    "rl_accel",
    "openai",
    "matplotlib",
    "python-docx",
    "weasyprint",
    "fpdf2",
    "typst",
)


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample that this share of all samples does not exceed (nearest rank)."""
    return sorted(samples)[max(ceil(len(samples) * share) - 1, 0)]


def percentiles(samples: Sequence[float], unit: str) -> dict[str, Figure]:
    """Median, 95th and 99th percentile and the greatest value, named with the unit: `p50_ms` and so on.

    With fewer samples than `FOR_P95` or `FOR_P99` that percentile is None: it would be the greatest value by another
    name.
    """
    return {
        f"p50_{unit}": percentile(samples, 0.5),
        f"p95_{unit}": percentile(samples, 0.95) if len(samples) >= FOR_P95 else None,
        f"p99_{unit}": percentile(samples, 0.99) if len(samples) >= FOR_P99 else None,
        f"max_{unit}": max(samples),
    }


def fault(report: Report) -> str:
    """Why a report does not count; empty when it does: both its PDFs have pages, and it states everything it must."""
    incomplete = sorted({row.code for row in report.findings if row.code.startswith("coverage.")})
    if incomplete:
        return ", ".join(incomplete)
    drawn = ((report.pages, report.pdf), (report.record_pages, report.record_pdf))
    whole = all(pages > 0 and pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") for pages, pdf in drawn)
    return "" if whole else "no pages"


def peak_mib() -> float | None:
    """The most memory this process ever held, in MiB; None where the system does not say.

    VmHWM and not getrusage: the latter also counts what the parent held when it started the process.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def steadiness(rounds: int = 30) -> tuple[float, float]:
    """A fixed piece of pure Python work, many times: its median in ms, and the middle half's width as a share of it.

    The width says how noisy the machine is at this moment; the median makes two machines comparable.
    """
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        sum(number * number % 7 for number in range(60_000))
        times.append((time.perf_counter() - start) * 1000)
    middle = median(times)
    return middle, (percentile(times, 0.75) - percentile(times, 0.25)) / middle


def machine() -> dict[str, Figure]:
    """What the figures were taken on; nothing that names the machine or its user."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
    }


def versions() -> dict[str, str]:
    """Python, this program and the libraries that matter, as far as they are installed."""
    found = {"python": platform.python_version(), "report_gen": __version__}
    for name in _LIBRARIES:
        if (version := _version(name)) is not None:
            found[name] = version
    return found


def commit() -> str:
    """The commit of the tree, with `+` when it has changes; empty outside a git checkout or without git."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT)]
    try:
        head = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=False)
        if head.returncode:
            return ""
        changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    # What a run itself writes does not count as a change.
    own = all(line[3:].startswith("bench/results") for line in changed.splitlines())
    return head.stdout.strip() + ("" if own else "+")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8", errors="replace").splitlines() if info.exists() else []
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def _memory_gib() -> float | None:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
