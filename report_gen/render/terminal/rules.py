"""The rules of claim readiness as lines: all with their age, or one with its sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from report_gen.rules import Rule, Version

__all__ = ["rule_lines", "rule_table_lines"]


def rule_table_lines(rules: Collection[Rule], day: date) -> Iterator[str]:
    """One line per rule with its age on a day, then the number that must be looked up again."""
    stale = 0
    for rule in rules:
        version = rule.current(day)
        old = version.stale_on(day)
        stale += old
        yield (
            f"{rule.id:<28} {rule.topic:<9} {'blocks' if rule.blocking else '':<7} {version.effective_from}  "
            f"{version.age_days(day):>4} days  {'STALE' if old else '     '}  {version.certainty}"
        )
    yield f"{len(rules)} rules, {stale} to be looked up anew before they are relied on for services of {day}"


def rule_lines(rule: Rule, day: date) -> Iterator[str]:
    """One rule with every version, its parameters and its sources; ages are those on a day."""
    yield f"{rule.id} ({rule.topic}{', blocks the claim while open' if rule.blocking else ''})"
    yield rule.question
    yield f"Ask: {rule.ask}. When unmet or unknown: {rule.remedy}"
    yield f"Denials it invites: {', '.join(rule.denials) or 'none'}"
    for version in rule.versions:
        yield from _version_lines(version, day)


def _version_lines(version: Version, day: date) -> Iterator[str]:
    until = f" to {version.effective_to}" if version.effective_to else ""
    state = "stale" if version.stale_on(day) else "not stale"
    yield (
        f"From {version.effective_from}{until}: {version.certainty}, checked {version.checked_on} "
        f"({version.age_days(day)} days ago, {state})"
    )
    yield from (f"  {name} = {value}" for name, value in version.parameters.items())
    for source in version.sources:
        yield f"  Source: {source.title}, {source.locator}{f', {source.url}' if source.url else ''}"
    yield from (f"  Disputed by: {source.title}, {source.locator}" for source in version.disputed_by)
