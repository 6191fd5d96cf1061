"""How far a case went, and who is there to be asked: what was never monitored is not asked about."""

from __future__ import annotations

import re
from typing import Final

from report_gen.facts.model import Facts

__all__ = ["nothing_monitored", "role_named", "says_nothing"]

_NOTHING: Final = re.compile(
    r"\s*(?:(?:not|none)[\s_]+(?:recorded|known|stated|available|documented|given|yet)|unknown|none|n\s*/?\s*a|tb[ad]|pending"
    r"|null|nil|to\s+(?:be\s+)?follow|[-\u2013\u2014?.*]+)[\s.]*",
    re.IGNORECASE,
)


def says_nothing(words: str) -> bool:
    """Whether a text is empty or only says that nothing is recorded; neither passes a gate."""
    return not words.strip() or _NOTHING.fullmatch(words) is not None


def nothing_monitored(facts: Facts) -> bool:
    """Whether the record says that no modality was performed: it lists none as such, and no reading or interval."""
    performed = any(fact.status == "performed" for fact in facts.of_kind("modality"))
    called_off = (outcome := facts.get("surgery.outcome")) is not None and outcome.status == "aborted"
    declined = bool(facts.of_kind("modality")) or called_off
    recorded = facts.of_kind("channel") or facts.of_kind("interval.monitoring") or facts.of_kind("threshold")
    return declined and not performed and not recorded


def role_named(facts: Facts, role: str) -> bool:
    """Whether somebody of a role is among the people of the record."""
    return any(fact.status == role for fact in facts.of_kind("person"))
