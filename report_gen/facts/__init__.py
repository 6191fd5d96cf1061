"""Atomic facts with ids, values and places, derived from a case."""

from report_gen.facts.derive import derive
from report_gen.facts.model import Fact, Facts, Value

__all__ = ["Fact", "Facts", "Value", "derive"]
