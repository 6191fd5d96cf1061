"""Findings as questions to people: one question where one answer settles several findings, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from report_gen.finding import Finding
from report_gen.vocab import vocabulary

__all__ = ["OpenQuestion", "asked", "questions"]

Before: TypeAlias = Literal["draft", "sign", ""]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What one person is asked at once."""

    who: str
    """Who can answer it: a code of the vocabulary `respondents`."""
    respondent: str
    """The same in words."""
    text: str
    """What was found and what is asked, with response and time."""
    before: Before
    """The gate that stays closed until it is answered. Empty: none."""
    findings: tuple[Finding, ...]
    """What an answer settles."""


def questions(findings: Iterable[Finding]) -> tuple[OpenQuestion, ...]:
    """The questions that are still open, in the order of the findings; what closes a gate goes first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if not finding.settled:
            groups.setdefault((finding.who, _key(finding)), []).append(finding)
    rows = [_question(group) for group in _together(groups.values())]
    return tuple(sorted(rows, key=lambda row: ("draft", "sign", "").index(row.before)))


def _together(groups: Iterable[list[Finding]]) -> list[list[Finding]]:
    """The groups, those about different subjects that ask the same kinds of things of the same person as one."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for number, group in enumerate(groups):
        fields = all(finding.origin == "gate" and finding.subject and not finding.topic for finding in group)
        kinds = tuple(finding.code for finding in group) if fields else (str(number),)
        alike.setdefault((group[0].who, *kinds), []).extend(group)
    return list(alike.values())


def _key(finding: Finding) -> str:
    """What one answer settles together: a topic, an event or response, or else the question as worded."""
    if finding.topic:
        return f"topic {finding.topic}"
    return f"subject {finding.subject}" if finding.subject else f"question {finding.question}"


def _question(group: Sequence[Finding]) -> OpenQuestion:
    who = group[0].who
    gates = {finding.gate for finding in group if finding.blocking}
    before: Before = "draft" if "draft" in gates else "sign" if gates else ""
    return OpenQuestion(who, vocabulary("respondents").display(who), _text(group), before, tuple(group))


def _text(group: Sequence[Finding]) -> str:
    """The findings of a group, each kind once: of several of one kind the first, and of what it is asked as well."""
    kinds: dict[str, list[Finding]] = {}
    for finding in group:
        kinds.setdefault(finding.code, []).append(finding)
    parts: list[str] = []
    more: dict[str, None] = {}
    for rows in kinds.values():
        parts.append(asked(rows[0]))
        others = [row for row in rows[1:] if row.about != rows[0].about]
        more |= dict.fromkeys(row.about for row in others if row.about)
        parts += [asked(row) for row in rows[1:] if row not in others and row.question != rows[0].question]
    words = " ".join(dict.fromkeys(parts))
    label = group[0].about
    words = f"{label}: {words}" if label and label not in words else words
    return f"{words} The same of {'; '.join(more)}." if more else words


def asked(finding: Finding) -> str:
    """A finding as it is put to somebody; that a field is not recorded its question says by itself."""
    return finding.question if finding.origin == "gate" else f"{finding.message} {finding.question}"
