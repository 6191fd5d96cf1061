"""Files that the command line reads and folders that it writes to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path):
    """Writes a file (a case, text or bytes) and returns its path."""

    def write(content: dict | str | bytes, name: str = "case.json") -> Path:
        path = tmp_path / name
        text = json.dumps(content) if isinstance(content, dict) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def out(tmp_path):
    """An empty folder for what is written."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder
