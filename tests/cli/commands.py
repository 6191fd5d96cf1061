"""The samples that commands are tried on, and the command line in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.selection import SAMPLES

QUIET = SAMPLES / "invented_acdf_quiet.json"
EVENTFUL = SAMPLES / "invented_scoliosis_mep_loss.json"


def case_of(path: Path = QUIET) -> dict:
    """What a case file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def blocked(data: dict) -> dict:
    """The case without the baselines of its TcMEP, which the draft gate asks for."""
    for channel in data["channels"]:
        if channel["modality"] == "tcmep":
            channel["measurements"] = [row for row in channel["measurements"] if row["phase"] != "baseline"]
    return data


def process(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    """Runs the command line in a process of its own."""
    command = [sys.executable, "-m", "report_gen", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **options)
