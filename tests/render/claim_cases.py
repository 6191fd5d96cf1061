"""The records that claim pages and claim data are made of in tests."""

from __future__ import annotations

import json

import pytest

from tests.cases.story import BASE, CLAIMS
from tests.selection import now_and_in_full

CASES = [
    path
    for path in sorted((*CLAIMS.glob("*.json"), *(CLAIMS.parent / "valid").glob("*.json")))
    if {"date_of_service", "time_zone"} <= json.loads(path.read_bytes())["encounter"].keys()
]
"""Without a day or a zone there is no claim: `tests/samples/test_claims.py` holds what is said then."""
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
