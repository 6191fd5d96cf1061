"""The case file: its contract, strict loading, limits; its JSON Schema is made in `report_gen.case.schema`."""

from report_gen.case.load import load_case
from report_gen.case.model import SCHEMA_VERSION, Case

__all__ = ["SCHEMA_VERSION", "Case", "load_case"]
