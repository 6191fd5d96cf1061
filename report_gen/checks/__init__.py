"""Findings: required fields, contradictions, coverage."""

from report_gen.checks.model import CheckedReport
from report_gen.checks.run import check

__all__ = ["CheckedReport", "check"]
