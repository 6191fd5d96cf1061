"""Writes a case as bytes: the inverse of `report_gen.case.load`."""

from __future__ import annotations

from report_gen.case.contract.model import Case

__all__ = ["case_json"]


def case_json(case: Case) -> bytes:
    """The case as the content of its file; fields that the file left out stay out. Loading it gives an equal case."""
    return case.model_dump_json(exclude_unset=True).encode() + b"\n"
