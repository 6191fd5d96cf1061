"""Findings: required fields, contradictions, coverage."""

from report_gen.checks.model import CheckedReport, Finding
from report_gen.checks.run import check

__all__ = ["CheckedReport", "Finding", "check"]
