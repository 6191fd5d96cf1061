"""A case to bytes, the way back from `report_gen.case.load`."""

from __future__ import annotations

from report_gen.case.model import Case

__all__ = ["case_json"]


def case_json(case: Case) -> bytes:
    """The case as its file would hold it: what the file left out stays out. Loading it gives an equal case."""
    return case.model_dump_json(exclude_unset=True).encode() + b"\n"
