"""What the parts about many reports make: a mixture of samples, each report reduced to what must not differ."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from bench.measure import SAMPLES, fault
from bench.wording import questions_of, recorded
from report_gen import Report, ReportGenError, generate, load_case
from report_gen.llm.client import Client
from report_gen.llm.port import Endpoint

__all__ = ["DIED", "FASTEST", "MIX", "Made", "faithful", "judged", "made_of"]

MIX: Final = ("invented_acdf_quiet", "invented_thyroid_rln", "published_c04_acdf", "published_c11_scoliosis_t7")
"""The samples that come in equal shares: five pages to one, with events and without."""
FASTEST: Final = "published_c04_acdf"
"""Of them the one whose report takes least; most reports over which memory is watched are of it."""
DIED: Final = "a process did not start, or died"
"""Why a row has no figures when a process was lost."""


@dataclass(frozen=True, slots=True)
class Made:
    """One report, as far as it matters here."""

    sample: str
    digest: str
    """SHA-256 over PDF and JSON, in hexadecimal."""
    why: str = ""
    """Why it does not count. Empty: it does."""


def made_of(sample: str, narrator: Client | None = None, case: bytes | None = None) -> Made:
    """Make a report from a sample's file, or from a case that was made of it."""
    source = SAMPLES / f"{sample}.json" if case is None else case
    try:
        return judged(sample, generate(load_case(source), narrator=narrator))
    except ReportGenError as error:
        return Made(sample, "", error.code)


def judged(sample: str, report: Report) -> Made:
    """What matters of a report of a sample."""
    return Made(sample, hashlib.sha256(b"".join(report.files().values())).hexdigest(), fault(report))


def faithful() -> Endpoint:
    """A model that words every question of the mixture as the template does."""
    return recorded(question for sample in MIX for question in questions_of(load_case(SAMPLES / f"{sample}.json")))
