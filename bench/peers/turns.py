"""The engines take turns: each document is set by one after the other, so that a busy moment meets them all."""

from __future__ import annotations

import copyreg
import io
import json
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final

from bench.measure import ROOT
from bench.peers import judge
from bench.peers.content import Prepared
from bench.peers.ours import read_only

__all__ = ["OURS", "WHOLE", "Engine", "Entrant", "WorkError"]

PATIENCE_S: Final = 120.0
"""Seconds after which a process that gives no answer is ended."""
OURS: Final = "bench.peers.ours"
"""Module that draws a checked report."""
WHOLE: Final = "bench.peers.whole"
"""Module that makes a report from the case's bytes; this and `OURS` take the document, all others its content."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What sets a content as PDF."""

    name: str
    """Name of its row."""
    module: str
    """Module with `missing()`, `version()` and `make(content)`, which gives one PDF."""
    slow: bool = False
    """It starts another program for each document, and sets fewer of them."""


class WorkError(Exception):
    """An engine could not be run, failed, or lost something; the message says why, without words of the content."""


class _Process:
    """One process of an engine, for as long as the block lasts."""

    def __init__(self, engine: Engine) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.peers.work", engine.module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> _Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._process.kill()
        try:
            self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def set(self, source: Path, folder: Path) -> Mapping[str, Any]:
        """The answer for one document, whose PDFs go to a folder.

        Raises:
            WorkError: The engine is not there, failed, ended, or took too long.
        """
        return self._answer(f"{source}\t{folder}")

    def version(self) -> str:
        """The engine's version.

        Raises:
            WorkError: As `set`.
        """
        return str(self._answer("version")["version"])

    def _answer(self, question: str) -> Mapping[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watch = threading.Timer(PATIENCE_S, self._process.kill)
        watch.start()
        try:
            self._process.stdin.write(f"{question}\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        if not line:
            raise WorkError("its process ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        if why := answer.get("missing"):
            raise WorkError(f"skipped: {why}")
        if kind := answer.get("fault"):
            raise WorkError(f"failed with {kind}")
        return answer


@dataclass(slots=True)
class Entrant:
    """One engine and what it has done so far; once something is wrong it takes no further turn."""

    engine: Engine
    """The engine."""
    folder: Path
    """Where its files go; made here."""
    why: str = ""
    """Why it does not count. Empty: it counts so far."""
    version: str = ""
    """Version of the engine. Empty: nothing was set yet."""
    warm_ms: list[float] = field(default_factory=list)
    """Each counted document of the one process."""
    cold_ms: list[float] = field(default_factory=list)
    """Each fresh process, from its start to its end."""
    pdfs: list[tuple[bytes, ...]] = field(default_factory=list)
    """The PDFs of each counted document: report and technical record."""
    _warm: _Process | None = None

    def take_warm_turn(self, document: Prepared, *, counted: bool) -> None:
        """Set a document in the process that stays."""
        if self.why:
            return
        try:
            if self._warm is None:
                self._warm = _Process(self.engine)
            answer = self._warm.set(self._written(document), self.folder / "warm")
            pdfs = self._checked(self.folder / "warm", document)
            # Outside of what is timed, cold turns above all.
            self.version = self.version or self._warm.version()
        except WorkError as error:
            self.why = str(error)
            return
        if counted:
            self.warm_ms.append(answer["ms"])
            self.pdfs.append(pdfs)

    def take_cold_turn(self, document: Prepared) -> None:
        """Set a document in a fresh process."""
        if self.why:
            return
        source = self._written(document)
        start = time.perf_counter()
        try:
            with _Process(self.engine) as process:
                process.set(source, self.folder / "cold")
            spent_ms = (time.perf_counter() - start) * 1000
            self._checked(self.folder / "cold", document)
        except WorkError as error:
            self.why = str(error)
            return
        self.cold_ms.append(spent_ms)

    def leave(self) -> None:
        """End the process that stays."""
        if self._warm is not None:
            self._warm.__exit__(None, None, None)

    def _written(self, document: Prepared) -> Path:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / "document"
        path.write_bytes(_pickled(document if self.engine.module in (OURS, WHOLE) else document.parts))
        return path

    def _checked(self, folder: Path, document: Prepared) -> tuple[bytes, ...]:
        """The PDFs of a document, in each of which all of its part stands."""
        pdfs = []
        for number, (name, part) in enumerate(zip(("report", "technical record"), document.parts, strict=True)):
            pdfs.append((folder / f"{number}.pdf").read_bytes())
            if why := judge.lost(pdfs[-1], part):
                raise WorkError(f"{name}: {why}")
        return tuple(pdfs)


def _pickled(document: object) -> bytes:
    """A document as bytes, read-only mappings included, which pickle does not know."""
    made = io.BytesIO()
    pickler = pickle.Pickler(made)
    table: dict[type, Any] = dict(copyreg.dispatch_table)
    table[MappingProxyType] = lambda mapping: (read_only, (dict(mapping),))
    pickler.dispatch_table = table
    pickler.dump(document)
    return made.getvalue()
