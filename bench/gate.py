"""The speed that is held: a minute of measuring that fails when a report takes half as long again as it did.

Times of two machines, or of one machine on two days, say nothing of the program. So a report is timed beside a fixed
piece of work in the same process, and a command beside a bare import of its libraries; what is held, in
``bench/ratios.json``, is how many times as long it takes. And one thing is held in seconds, because it must hold
whatever the machine is: a report behind an endpoint that hangs or fails is there in time.
"""

from __future__ import annotations

import compileall
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from math import inf
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.measure import ROOT, SAMPLES, commit, fault, machine, versions
from bench.model.cases import table
from bench.model.policies import NO_MODEL
from bench.model.reports import Asked, Lane, Made, run_lane
from bench.model.serving import Serving
from bench.parts.stages import CASES
from report_gen import generate, load_case
from report_gen.files import write_whole
from report_gen.pipeline import OVER_PLAIN_S, TOTAL_S

__all__ = [
    "CEILINGS",
    "FAILS_FROM",
    "HELD",
    "Held",
    "InTime",
    "Timed",
    "judge",
    "late",
    "measure_held",
    "measure_in_time",
    "renew",
    "say",
]

HELD: Final = ROOT / "bench" / "ratios.json"
"""The ratios that are held, with where and when they were taken."""
FAILS_FROM: Final = 1.5
"""How many times the held ratio fails."""

CEILINGS: Final[Mapping[str, float]] = {"command: help": 1.0, "command: check": 2.5, "command: generate": 2.75}
"""Times of the bare imports that a command takes at most, whatever is held: 2.5, and a tenth for noise if near it."""

_ROUNDS: Final[Mapping[str, int]] = {"quiet": 25, "eventful": 25, "12 hours": 7}
_COLD_ROUNDS: Final = 7
_HOSTILE: Final = "hostile"
_HOSTILE_REPORTS: Final = 3
_PATIENCE_S: Final = 300.0
_FILES: Final = 3
"""What a command makes: the report, its technical record, and the data."""
_BARE: Final = "import pydantic, jinja2, reportlab.platypus"
"""A yardstick that does not move, whatever a report needs of it."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What was timed, and the fixed work beside it."""

    name: str
    """Row."""
    ms: float
    """Median of its wall times."""
    beside_ms: float
    """Median of those of the fixed work, or of the bare imports, in turn with it."""
    ratio: float
    """Median of the ratios of neighbours."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row against what is held."""

    timed: Timed
    """What was measured."""
    ratio: float | None
    """The held ratio. None: there is none, which fails: it must be renewed."""

    @property
    def fails(self) -> bool:
        """Whether it takes too long."""
        if self.ratio is None:
            return True
        return self.timed.ratio > min(FAILS_FROM * self.ratio, CEILINGS.get(self.timed.name, inf))


@dataclass(frozen=True, slots=True)
class InTime:
    """A narrated report, and the same without a model."""

    name: str
    """Row."""
    s: float
    """Wall time."""
    plain_s: float
    """Wall time without a model, in the same run."""
    why: str = ""
    """Why it does not count. Empty: it does."""

    @property
    def limit_s(self) -> float:
        """When it must be there."""
        return max(TOTAL_S, self.plain_s + OVER_PLAIN_S)

    @property
    def fails(self) -> bool:
        """Whether it is late, or no good report."""
        return bool(self.why) or self.s > self.limit_s


def fixed_work() -> int:
    """Some 20 ms of what a report is made of: small objects, texts, sorting, patterns, JSON, compression."""
    rows = [{"id": f"fact.{n}", "text": f"{n * 37 % 101} % of baseline", "number": n / 7} for n in range(2_000)]
    text = json.dumps(rows, sort_keys=True)
    words = Counter(re.findall(r"[a-z]+", text))
    ordered = sorted(json.loads(text), key=lambda row: (row["number"] % 1, row["id"]))
    lines = "".join(f"<p>{row['id']:>12} {row['number']:.2f} {row['text'].upper()}</p>" for row in ordered)
    return zlib.crc32(zlib.compress(lines.encode())) + len(words)


def measure_held() -> list[Timed]:
    """Reports in this process, then commands; whatever fails to make its report raises.

    Raises:
        RuntimeError: A report or a command did not do its work.
    """
    return [*(_report(name) for name in CASES), *_commands()]


def _report(name: str) -> Timed:
    case = load_case(SAMPLES / f"{CASES[name]}.json")
    for _ in range(2):
        if why := fault(generate(case)):
            raise RuntimeError(f"{name}: {why}")
    # As much fixed work as a report takes: what disturbs the machine for a moment then meets both alike.
    times = max(round(_ms(lambda: generate(case)) / _ms(fixed_work)), 1)

    def beside() -> None:
        for _ in range(times):
            fixed_work()

    return timed(name, _ROUNDS[name], lambda: generate(case), beside, per=times)


def _commands() -> Iterator[Timed]:
    # As pip does it for the libraries: a tree whose sources were just edited is not the program that people start.
    compileall.compile_dir(ROOT / "report_gen", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        path = str(SAMPLES / f"{CASES['quiet']}.json")
        program = [sys.executable, "-m", "report_gen"]
        commands = {
            "command: help": [*program, "--help"],
            "command: check": [*program, "check", path],
            "command: generate": [*program, "generate", path, "-o", folder, "--force"],
        }
        for name, command in commands.items():
            yield timed(name, _COLD_ROUNDS, _process(command), _process([sys.executable, "-c", _BARE]))


def _process(command: Sequence[str]) -> Callable[[], None]:
    def run() -> None:
        code = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=_PATIENCE_S).returncode
        if code:
            raise RuntimeError(f"{' '.join(command[1:4])} ended with code {code}")

    return run


def timed(name: str, rounds: int, work: Callable[[], object], beside: Callable[[], object], *, per: int = 1) -> Timed:
    """Times two kinds of work in turn.

    Args:
        name: Row.
        rounds: How often each is done; once before is not counted.
        work: What the row is about.
        beside: What it is compared with.
        per: How many units of fixed work `beside` does; times and ratio are for one.
    """
    work()
    beside()
    pairs = [(_ms(work), _ms(beside) / per) for _ in range(rounds)]
    return Timed(
        name,
        median(one for one, _ in pairs),
        median(other for _, other in pairs),
        median(one / other for one, other in pairs),
    )


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure_in_time() -> list[InTime]:
    """Reports behind a simulated endpoint with faults, and whole commands behind one that never answers."""
    if find_spec("openai") is None:
        return [InTime("a model's client", 0.0, 0.0, "openai is not installed: pip install 'report-gen[llm]'")]
    return [*_behind_faults(), *_behind_silence()]


def _behind_faults() -> Iterator[InTime]:
    names = (CASES["quiet"], CASES["eventful"])
    alone = Lane(((Asked("", NO_MODEL, "", 1),),), names, len(names), 1, 0.0)
    plain_s = max(made.wall_s for made in run_lane(alone))
    with Serving(table(names), 1) as serving:
        asked = Asked(_HOSTILE, "ours", serving.url(_HOSTILE), 1)
        made: list[Made] = run_lane(Lane(((asked,),), names, _HOSTILE_REPORTS, 1, 0.0))
    for row in made:
        yield InTime(f"report {row.number + 1} behind faults", row.wall_s, plain_s, row.why)


def _behind_silence() -> Iterator[InTime]:
    with silent_endpoint() as url:
        for name in ("quiet", "12 hours"):
            path = str(SAMPLES / f"{CASES[name]}.json")
            plain_s, why = _command_s(path)
            spent_s, also = _command_s(path, "--model", "m", "--base-url", url)
            yield InTime(f"command behind silence: {name}", spent_s, plain_s, why or also)


def _command_s(path: str, *options: str) -> tuple[float, str]:
    """Wall time of `generate`, and why it does not count."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "report_gen", "generate", path, "-o", folder, *options]
        start = time.perf_counter()
        code = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=_PATIENCE_S).returncode
        spent_s = time.perf_counter() - start
        files = len(list(Path(folder).iterdir()))
    return spent_s, "" if (code, files) == (0, _FILES) else f"code {code}, {files} files"


@contextmanager
def silent_endpoint() -> Iterator[str]:
    """The address of a server that takes connections and never answers; nobody even reads what is sent."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def judge(measured: Sequence[Timed], held: Mapping[str, float]) -> list[Held]:
    """Each row against what is held.

    Raises:
        ValueError: A row is held and no longer measured.
    """
    if lost := sorted(held.keys() - {row.name for row in measured}):
        raise ValueError(
            f"held and not measured: {', '.join(lost)}; write them anew with `python -m bench gate --renew`"
        )
    return [Held(row, held.get(row.name)) for row in measured]


def late(measured: Sequence[InTime]) -> list[InTime]:
    """Those that are not in time, or do not count."""
    return [row for row in measured if row.fails]


def held_ratios(path: Path) -> dict[str, float]:
    """The ratios that are held.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not ours.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not isinstance(found.get("ratios"), dict):
        raise ValueError(f"{path.name} holds no ratios; write it anew with `python -m bench gate --renew`")
    return {str(name): float(ratio) for name, ratio in found["ratios"].items()}


def renew(measured: Sequence[Timed], path: Path) -> None:
    """Hold what was measured from now on."""
    kept: dict[str, Any] = {
        "about": "times as long as the fixed work beside it, or as the bare imports; see bench/gate.py",
        "taken_on": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "ratios": {row.name: round(row.ratio, 3) for row in measured},
    }
    write_whole(path.parent, {path.name: (json.dumps(kept, indent=2) + "\n").encode()}, replace=True)


def say(rows: Sequence[Held], in_time: Sequence[InTime]) -> Iterator[str]:
    """What was found, a line each."""
    for row in rows:
        one = row.timed
        against = "nothing is held" if row.ratio is None else f"held {row.ratio:.2f}, {one.ratio / row.ratio:.2f} times"
        verdict = "TOO SLOW" if row.fails else "ok"
        yield f"{verdict:<8} {one.name:<34} {one.ratio:7.2f} ({against}); {one.ms:.0f} ms beside {one.beside_ms:.1f} ms"
    for report in in_time:
        verdict = "LATE" if report.fails else "ok"
        why = f"; {report.why}" if report.why else ""
        limits = f"limit {report.limit_s:.2f} s, without a model {report.plain_s:.2f} s"
        yield f"{verdict:<8} {report.name:<34} {report.s:6.2f} s ({limits}){why}"
