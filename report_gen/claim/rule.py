"""The input of a rule, and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from report_gen.claim.model import Line, Minutes, RuleOutcome, Study
from report_gen.claim.practice.profile import PayerPolicy, Profile
from report_gen.claim.record import ClaimRecord
from report_gen.rules.model import Version

__all__ = ["Check", "RuleInput", "RuleVerdict", "confirm", "fail", "not_applicable", "passed"]


@dataclass(frozen=True, slots=True)
class RuleInput:
    """The case as a rule sees it: everything that the rule may look at."""

    record: ClaimRecord
    """The record, as billing reads it."""
    minutes: Minutes
    """Minutes counted from it."""
    studies: tuple[Study, ...]
    """Base studies that it supports."""
    lines: tuple[Line, ...]
    """Lines proposed."""
    policy: PayerPolicy
    """The payer's policy."""
    profile: Profile
    """The practice's settings and confirmations."""
    attaches_draft: bool = False
    """Whether a file that is to go with the claim says on its pages that it is an unsigned draft."""

    @property
    def monitoring(self) -> tuple[Line, ...]:
        """Lines of monitoring time."""
        return tuple(line for line in self.lines if line.concept.startswith("mon."))

    @property
    def bases(self) -> tuple[Line, ...]:
        """Lines of base studies."""
        return tuple(line for line in self.lines if not line.concept.startswith("mon."))


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """The verdict of a rule on a case."""

    outcome: RuleOutcome
    """Whether it is met."""
    message: str
    """The verdict in words; holds no patient identifier."""
    facts: tuple[str, ...] = ()
    """Fact ids it rests on."""
    lines: tuple[str, ...] = ()
    """Ids of the lines concerned. Empty: all, or none."""
    action: str = ""
    """The action asked for. Empty: the remedy of the rule."""


Check: TypeAlias = Callable[[RuleInput, Version], Iterable[RuleVerdict]]
"""A rule's function: its verdicts on a case, by one version of the rule. No verdict means `not_applicable`."""


def passed(message: str, facts: Iterable[str] = (), lines: Iterable[str] = ()) -> RuleVerdict:
    """The rule is met, by the evidence given."""
    return RuleVerdict("pass", message, tuple(facts), tuple(lines))


def fail(message: str, facts: Iterable[str] = (), lines: Iterable[str] = (), action: str = "") -> RuleVerdict:
    """The rule is not met."""
    return RuleVerdict("fail", message, tuple(facts), tuple(lines), action)


def confirm(message: str, facts: Iterable[str] = (), lines: Iterable[str] = (), action: str = "") -> RuleVerdict:
    """The record does not say, or a person must decide."""
    return RuleVerdict("confirm", message, tuple(facts), tuple(lines), action)


def not_applicable(message: str, facts: Iterable[str] = ()) -> RuleVerdict:
    """The rule does not concern this case."""
    return RuleVerdict("not_applicable", message, tuple(facts))
