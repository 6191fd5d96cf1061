"""Starts the simulated endpoint for the length of a run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bench.measure import ROOT
from bench.model.answers import Table, save

__all__ = ["Serving", "Used"]

_ENDS_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Used:
    """What one report has used, as the server counts it: also what was cancelled or thrown away."""

    calls: int
    """Calls, whatever became of them."""
    cancelled: int
    """Calls that the client hung up on."""
    faults: int
    """Calls that met a fault of the profile."""
    tokens_in: int
    """Input tokens of calls that got as far as an answer."""
    tokens_out: int
    """Output tokens, up to the moment at which the client hung up."""


class Serving:
    """The server's process, with its address."""

    def __init__(self, table: Table, seed: int, *, pace: float = 1.0) -> None:
        """Keep what the server needs; nothing runs yet."""
        self._table, self._seed, self._pace = table, seed, pace
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    def __enter__(self) -> Self:
        """Start it and wait for its port.

        Raises:
            RuntimeError: It did not start.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="report-gen-bench-")
        path = Path(self._folder.name) / "table.json"
        save(self._table, path)
        command = [sys.executable, "-m", "bench.model.server", "--table", str(path)]
        self._process = subprocess.Popen(
            [*command, "--seed", str(self._seed), "--pace", str(self._pace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if not said.isdigit():
            self.__exit__(None, None, None)
            raise RuntimeError("the simulated endpoint did not start")
        self._port = int(said)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            try:
                process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_ENDS_WITHIN_S)
            process.stdout.close()
        if self._folder is not None:
            self._folder.cleanup()

    def url(self, profile: str) -> str:
        """The `base_url` of a profile."""
        return f"http://127.0.0.1:{self._port}/{profile}/v1"

    def ledger(self) -> dict[tuple[str, str, int], Used]:
        """What each report has used, by profile, run and number."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{self._port}/ledger", timeout=10) as response:
            rows: list[dict[str, Any]] = json.loads(response.read())
        return {(row.pop("profile"), row.pop("run"), row.pop("report")): Used(**row) for row in rows}
