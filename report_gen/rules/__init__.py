"""Rules as data: what billing asks, each version with its dates, source and certainty.

The files beside this module hold no logic and no text of licensed code sets; codes stand under our own concept ids.
"""

from report_gen.rules.model import Citation, Rule, Version
from report_gen.rules.tables import rule, rules

__all__ = ["Citation", "Rule", "Version", "rule", "rules"]
