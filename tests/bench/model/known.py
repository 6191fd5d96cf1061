"""What the tests of the simulated model share: two cases, their drafts, and what the server knows of them."""

from __future__ import annotations

from functools import cache

from bench.model.cases import asked_of, opened, table
from trials.guard.corpus import DRAFTS, sheets

SMALL = ("invented_tethered_cord_bcr", "invented_scoliosis_mep_loss")
SEED = 11


@cache
def case():
    """A case with its deterministic report."""
    return opened(SMALL[:1])[0]


@cache
def known():
    """What the server knows of two cases."""
    return table(SMALL)


@cache
def drafts():
    """The drafts of two cases that are not held out."""
    return tuple(sheet for sheet in sheets(DRAFTS) if sheet.case in SMALL)


def question():
    """A question that the table knows."""
    return asked_of(next(row for row in drafts() if row.case == SMALL[0]))[-1].ask
