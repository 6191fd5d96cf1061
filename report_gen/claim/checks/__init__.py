"""The functions of the rules, by rule id: one for each rule of the rule files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks import codes, evidence, payer, people, place, report, time, units
from report_gen.claim.rule import Check

__all__ = ["CHECKS"]

_TOPICS: Final = (time, units, codes, place, people, evidence, payer, report)

CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {rule_id: check for topic in _TOPICS for rule_id, check in topic.CHECKS.items()}
)
"""Function of each rule. `tests/rules/test_rows.py` holds it against the rule files, one for one."""
