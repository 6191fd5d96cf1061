"""The case file: its contract, strict loading, limits; its JSON Schema is made in `report_gen.case.schema`."""

from report_gen.case.contract.model import SCHEMA_VERSION, Case
from report_gen.case.load import load_case

__all__ = ["SCHEMA_VERSION", "Case", "load_case"]
