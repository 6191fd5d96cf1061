"""The case file: its contract, strict loading, limits and schema."""

from report_gen.case.load import load_case
from report_gen.case.model import SCHEMA_VERSION, Case
from report_gen.case.schema import case_schema

__all__ = ["SCHEMA_VERSION", "Case", "case_schema", "load_case"]
