"""What a bench run found, as values and as one JSON file.

A file holds everything that a table or a plot of it needs, so that a figure can be looked up and two runs compared
long after the machine is gone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from report_gen.files import write_whole

__all__ = ["FORMAT", "Figure", "Part", "Row", "Run", "Scale", "load", "save"]

FORMAT: Final = "report_gen.bench/1"

Figure: TypeAlias = float | int | str | bool | None
"""A figure that was measured, a word beside it, or None for what could not be measured."""

Scale: TypeAlias = Literal["smoke", "quick", "full"]
"""How much is run: every path once (`smoke`, in the tests), five minutes (`quick`), half an hour (`full`)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: something measured under one set of conditions."""

    name: str
    """What was measured, unique within its part."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Figures by name, with the unit in the name: `p50_ms`, `peak_mib`, `kept_pct`. Empty when the row does not
    count."""
    samples: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Every single value behind figures that are percentiles, by the name of the quantity with its unit (`wall_ms`)."""
    ok: bool = True
    """Whether all that was made under these conditions passed every check. A row that is not ok has no figures."""
    why: str = ""
    """Why the row does not count, or was skipped, in a few words. Empty when it counts."""

    @property
    def skipped(self) -> bool:
        """Whether it was left out for a reason that is no fault, such as a library that is not installed.

        Such a row is ok and has no figures, or its `why` begins with "skipped".
        """
        return self.why.startswith("skipped") or (self.ok and bool(self.why) and not self.figures)

    @property
    def failed(self) -> bool:
        """Whether it was to be measured and does not count; a row without figures and without a reason is one."""
        return not self.skipped and not (self.ok and self.figures)


@dataclass(frozen=True, slots=True)
class Part:
    """One benchmark."""

    name: str
    """Short name, as the command line takes it."""
    question: str
    """What it answers, as a sentence."""
    rows: tuple[Row, ...]
    """The rows in the order of the table."""
    notes: tuple[str, ...] = ()
    """What a reader must know to read the figures: simulated inputs, skipped peers with the reason."""
    seconds: float = 0.0
    """How long it took to run; filled in by the suite."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that one command measured."""

    scale: Scale
    """How much was run."""
    seed: int
    """Where all chances start."""
    started_at: str
    """Start as an ISO 8601 instant in UTC."""
    commit: str
    """Commit measured, with `+` behind it when the tree had changes. Empty: not a git checkout."""
    machine: Mapping[str, Figure]
    """Cores, processor, memory, system, load before and after, steadiness of a fixed piece of work."""
    versions: Mapping[str, str]
    """Python, report_gen and the libraries that matter, by name."""
    parts: tuple[Part, ...] = ()
    """The benchmarks that ran."""

    def part(self, name: str) -> Part | None:
        """The part of this name, or None when it did not run."""
        return next((part for part in self.parts if part.name == name), None)


def save(run: Run, path: Path) -> None:
    """Write a run as JSON: whole or not at all, whatever interrupts.

    Raises:
        FileAccessError: The file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT, **asdict(run)}, indent=1, allow_nan=False, ensure_ascii=False)
    write_whole(path.parent, {path.name: (text + "\n").encode()}, replace=True)


def load(path: Path) -> Run:
    """Read a run back.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file is not a bench run of this format.
    """
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
        if raw.pop("format") != FORMAT or "parts" not in raw:
            raise ValueError
        return _RUN.validate_json(json.dumps(raw), strict=True)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path.name} is not a bench run of the format {FORMAT}") from error


_RUN: Final = TypeAdapter(Run)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a measured value")
