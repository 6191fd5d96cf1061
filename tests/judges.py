"""Where tests find the files of public standards that judge what we write; they are not ours to commit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[2] / "shared" / "judges"


def judge(*parts: str, environment: Mapping[str, str] = os.environ) -> Path:
    """A file or folder of the judges, such as ``judge("ccda", "ccda-r2.1.sch")``.

    They lie in the folder that ``REPORT_GEN_JUDGES`` names, else in ``shared/judges`` beside the checkout. Where it is
    missing, the test is skipped with what to do about it, but fails where ``CI`` is set: there it must be.

    Args:
        parts: Path below the folder.
        environment: Variables; those of the process unless a test says otherwise.
    """
    path = Path(environment.get("REPORT_GEN_JUDGES") or _BESIDE).joinpath(*parts)
    if path.exists():
        return path
    if environment.get("CI"):
        pytest.fail(f"the judge {'/'.join(parts)} is missing; REPORT_GEN_JUDGES must name its folder")
    pytest.skip("the judges of public standards (set REPORT_GEN_JUDGES to their folder)")
