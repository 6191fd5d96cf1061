"""What holds for the tests of narration."""

from __future__ import annotations

import pytest

import report_gen.pipeline


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """A busy machine leaves a model no time within six seconds; what it says is tested, not when."""
    monkeypatch.setattr(report_gen.pipeline, "TOTAL_S", 600.0)
