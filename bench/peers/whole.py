"""The whole of ours: from the bytes of a case to both PDFs and the JSON."""

from __future__ import annotations

from bench.peers.content import Prepared
from bench.peers.ours import missing, version

__all__ = ["make", "missing", "version"]


def make(prepared: Prepared) -> tuple[bytes, ...]:
    """The report and its technical record, from the case's bytes."""
    from report_gen import generate, load_case

    report = generate(load_case(prepared.case))
    return report.pdf, report.record_pdf
