"""The records that claim pages and claim data are made of in tests."""

from __future__ import annotations

import pytest

from tests.cases.story import BASE, CLAIMS
from tests.selection import now_and_in_full

CASES = sorted((*CLAIMS.glob("*.json"), *(CLAIMS.parent / "valid").glob("*.json")))
NOW = (
    BASE,
    "in_room_and_remote",
    "missing_log",
    "commercial_settled",
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
)
"""One place of work; lines of two kinds; minutes that cannot be computed; another payer; and records with few facts of
billing."""
by_case = pytest.mark.parametrize(
    "path", now_and_in_full(CASES, NOW, key=lambda path: path.stem), ids=lambda path: path.stem
)
