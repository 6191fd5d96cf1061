"""The whole wording of ten samples, kept beside the tests: a change of words is seen before it is made.

``make goldens`` writes the files anew; the difference then belongs into the review.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.draft.model import statements
from report_gen.pipeline import prepare

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
NAMES = (
    "published_c04_acdf",
    "published_c05_lipomyelomeningocele",
    "published_c10_mca_clip",
    "published_c11_scoliosis_t7",
    "invented_acdf_quiet",
    "invented_scoliosis_mep_loss",
    "invented_cea_shunt",
    "invented_lumbar_fusion_screws",
    "invented_unobtainable_baselines",
    "invented_thin_screw_mep_loss",
)


def _wording(name: str) -> str:
    draft = prepare(load_case(ROOT / "samples" / "valid" / f"{name}.json")).draft
    return "".join(f"{where} | {text}\n" for where, text, _ in statements(draft, shown=False))


@pytest.mark.parametrize("name", NAMES)
def test_wording_is_as_agreed(name):
    """Every sentence and cell of the draft is the one that was read and agreed."""
    path = GOLDEN / f"{name}.txt"
    now = _wording(name)
    if os.environ.get("REPORT_GEN_WRITE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    agreed = path.read_text(encoding="utf-8")
    difference = "".join(difflib.unified_diff(agreed.splitlines(True), now.splitlines(True), "agreed", "now", n=1))
    assert not difference, f"{difference}\nif the new words are right: make goldens"
