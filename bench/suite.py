"""Runs the parts one after the other, each in a process of its own, and writes down what they found.

Nothing of one part's memory or caches reaches the next, and one that crashes takes nothing with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain, count
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Final

from bench.measure import ROOT, commit, machine, steadiness, versions
from bench.plots import plots
from bench.result import Figure, Part, Row, Run, Scale, load, save
from report_gen.files import write_whole

__all__ = [
    "CRASHED",
    "LONGEST_S",
    "PARTS",
    "Order",
    "Outcome",
    "calm",
    "failed",
    "measure_part",
    "run_parts",
    "stem",
    "write",
    "write_plots",
]

PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "stages": "bench.parts.stages",
        "growth": "bench.parts.growth",
        "model": "bench.model.run",
        "throughput": "bench.parts.throughput",
        "peers": "bench.peers.run",
        "checking": "bench.parts.checking",
        "real": "bench.real.run",
    }
)
"""The module whose `measure(scale, seed)` is a part, by the part's name, in the order in which they run."""

LONGEST_S: Final[Mapping[Scale, float]] = MappingProxyType({"smoke": 300.0, "quick": 1200.0, "full": 5400.0})
"""After so many seconds a part is taken to hang, and is stopped. Far above what any machine needs."""

CRASHED: Final = "crashed"
"""Name of the only row of a part that ended without a result."""
_LAST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Order:
    """What to run."""

    scale: Scale
    seed: int
    parts: Mapping[str, str]
    """Modules by the name of the part, in order; see `PARTS`."""
    longest_s: float = 0.0
    """When a part is taken to hang. 0: as `LONGEST_S` says."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one part."""

    part: Part
    """What it found; when it ended without a result, one row that is not ok."""
    output: str = ""
    """The last lines that a part which ended without a result had written."""


def measure_part(module: str, scale: Scale, seed: int) -> Run:
    """Run one part in this process.

    Raises:
        TypeError: The module's `measure` did not return a part.
        ValueError: Two of its rows have one name.
    """
    start, begun = datetime.now(UTC), perf_counter()
    part = import_module(module).measure(scale, seed)
    if not isinstance(part, Part):
        raise TypeError(f"{module}.measure returned {type(part).__name__} and not a Part")
    names = [row.name for row in part.rows]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two rows of {part.name} are named {twice[0]!r}")
    return Run(scale, seed, _instant(start), "", {}, {}, (replace(part, seconds=perf_counter() - begun),))


def run_parts(order: Order, tell: Callable[[Outcome], None], *, begin: Callable[[str], None] = lambda _: None) -> Run:
    """Run the parts of an order, each in a fresh process.

    Args:
        order: What to run.
        tell: Called with each part as it ends.
        begin: Called with the name of each part before it starts.

    Returns:
        The run, with the machine's load and steadiness around each part among the facts of the machine.
    """
    start, found = datetime.now(UTC), commit()
    facts: dict[str, Figure] = {**machine(), "load_before": _load()}
    parts: list[Part] = []
    before = steadiness()
    around: list[tuple[float, float]] = []
    for name, module in order.parts.items():
        begin(name)
        outcome = _fresh(name, module, order)
        after = steadiness()
        around.append(calm(before, after))
        facts |= _wavering(name, around[-1])
        before = after
        parts.append(outcome.part)
        tell(outcome)
    middle = sorted(around)[len(around) // 2][0] if around else None
    noise = 100 * max(share for _, share in around) if around else None
    facts |= {"load_after": _load(), "steady_ms": middle, "noise_pct": noise}
    return Run(order.scale, order.seed, _instant(start), found, facts, versions(), tuple(parts))


def calm(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
    """The fixed work around a part: its mean median in ms, and how much it wavered as a share.

    A machine that is steady before and steady after, but slower, wavered too.
    """
    (first, first_width), (second, second_width) = before, after
    drift = abs(first - second) / min(first, second)
    return (first + second) / 2, max(first_width, second_width, drift)


def _wavering(name: str, around: tuple[float, float]) -> dict[str, Figure]:
    middle, share = around
    return {f"{name}_steady_ms": middle, f"{name}_noise_pct": 100 * share, f"{name}_load": _load()}


def failed(run: Run) -> list[str]:
    """The rows that should count and do not, as `part: row`; a part without rows is one."""
    rows = [f"{part.name}: {row.name}" for part in run.parts for row in part.rows if row.failed]
    return rows + [f"{part.name}: no rows" for part in run.parts if not part.rows]


def _fresh(name: str, module: str, order: Order) -> Outcome:
    # A process that is being killed may still write while the folder is removed.
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        target, output, scratch = (Path(folder) / name for name in ("part.json", "output", "scratch"))
        scratch.mkdir()
        options = ["--module", module, "--scale", order.scale, "--seed", str(order.seed), "--to", str(target)]
        start = perf_counter()
        code = _ended(
            [sys.executable, "-m", "bench", "part", name, *options],
            output,
            scratch,
            order.longest_s or LONGEST_S[order.scale],
        )
        spent = perf_counter() - start
        said = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LAST_LINES:]
        try:
            if code == 0:
                return Outcome(replace(load(target).parts[0], name=name))
            why = _ending(code, said)
        except (OSError, ValueError, IndexError):
            why = "ended without a result"
    return Outcome(
        Part(name, "", (Row(CRASHED, ok=False, why=why),), seconds=spent),
        "\n".join(said),
    )


def _ended(command: list[str], output: Path, scratch: Path, longest_s: float) -> int | None:
    """The exit code; None when it had to be stopped.

    What it writes for the moment goes to `scratch`: a part that is killed removes nothing itself.
    """
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with output.open("wb") as sink:
        # A session of its own: what the part started ends with it, whether it hangs or the user gives up.
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            return child.wait(longest_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _ending(code: int | None, said: list[str]) -> str:
    if code is None:
        return "it hung and was stopped"
    if code < 0:
        return f"ended by signal {-code}"
    # Only the kind of error: its text may name a folder of this machine, and results are kept.
    kind = said[-1].partition(":")[0] if said else ""
    return kind if kind.replace(".", "").replace("_", "").isalnum() else f"ended with exit code {code}"


def write(run: Run, folder: Path) -> tuple[list[Path], str]:
    """Write a run into a folder, and its plots beside it.

    Returns:
        The files written, and why there are no plots; empty when there are, or when no part of the run has one.

    Raises:
        FileAccessError: A file cannot be written.
    """
    name = stem(run, folder)
    target = folder / f"{name}.json"
    save(run, target)
    drawn, why = write_plots(run, target)
    return [target, *drawn], why


def write_plots(run: Run, beside: Path) -> tuple[list[Path], str]:
    """Draw the plots of a run beside its file; see `write` for what comes back.

    Raises:
        FileAccessError: A file cannot be written.
    """
    try:
        pictures = plots(run)
    except ImportError:
        return [], "no plots: matplotlib is not installed (pip install -e '.[bench]')"
    contents = {f"{beside.stem}-{name}": data for name, data in pictures.items()}
    return list(write_whole(beside.parent, contents, replace=True)), ""


def stem(run: Run, folder: Path) -> str:
    """A file name, without its ending, that says what was run, when and on which commit, and is not taken."""
    found = run.commit.replace("+", "-changed") or "no-commit"
    name = f"{run.scale}-{run.started_at[:10]}-{found}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(chosen for chosen in names if not (folder / f"{chosen}.json").exists())


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
