"""Problems of a case file and findings of a report, as lines for the person who mends them.

Places in the file and codes stand in JSON; here a question names the response and the time, and who can answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from report_gen.errors import Problem

if TYPE_CHECKING:
    from report_gen.finding import Finding
    from report_gen.render.questions import OpenQuestion

__all__ = ["blocked_lines", "finding_lines", "problem_lines"]

_AT_HAND: Final = (
    ("technologist", "The technologist can answer now"),
    ("professional", "For the professional at signing"),
)
"""Who keeps the record, with the heading of their questions; everybody else is asked through them."""
_MOST_PLACES: Final = 3


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Every problem of a case file, with its place and what to do; what is wrong in the same way is said once."""
    count = len(problems)
    yield f"report-gen: {count} problem{'s' if count != 1 else ''} in the case file; nothing was written"
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.code, problem.expected, problem.action), []).append(problem)
    for (code, expected, action), rows in alike.items():
        shown = rows if len(rows) <= _MOST_PLACES else rows[:_MOST_PLACES]
        for problem in shown:
            yield f"  {problem.pointer or '/'}  [{code}]"
        if len(rows) > len(shown):
            yield f"  and {len(rows) - len(shown)} further places"
        yield f"    expected {expected}"
        yield f"    {action}"


def blocked_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Whether a draft can be made and signed, and the questions to answer before a draft."""
    from report_gen.render.questions import questions

    rows = questions(findings)
    yield _state(rows)
    yield from _numbered([row for row in rows if row.before == "draft"])


def finding_lines(findings: Sequence[Finding], *, everything: bool = False, whole: bool = False) -> Iterator[str]:
    """Whether a draft can be made and signed, how many questions are open for whom, and the questions.

    Args:
        findings: Findings of a report.
        everything: Also questions that close no gate. Otherwise their number.
        whole: Also those of them that neither technologist nor professional can answer. Otherwise their number.
    """
    from report_gen.render.questions import questions

    rows = questions(findings)
    yield _state(rows)
    shown = rows if everything else [row for row in rows if row.before]
    numbered = 0
    for who, heading in _AT_HAND:
        own = [row for row in shown if row.who == who]
        if own:
            yield f"{heading} ({len(own)}):"
            yield from _numbered(own, numbered)
            numbered += len(own)
    known = [who for who, _ in _AT_HAND]
    others = [row for row in shown if row.who not in known]
    if others:
        listed = others if whole else [row for row in others if row.before]
        hint = "" if len(listed) == len(others) else "   [--all]"
        yield f"For others ({len(others)}): {_by_respondent(others)}{hint}"
        yield from _numbered(listed, numbered, named=True)
    if len(shown) < len(rows):
        yield "  What closes no gate is listed by report-gen check."
    yield from _answered(findings)


def _state(rows: Sequence[OpenQuestion]) -> str:
    """The first line: whether a draft can be made, whether it can be signed, how many questions for whom."""
    draft = [row for row in rows if row.before == "draft"]
    sign = [row for row in rows if row.before]
    made = "Draft can be made." if not draft else f"Draft cannot be made: {_open(draft)} first."
    signed = "It can be signed." if not sign else f"Before signing: {_open(sign)}."
    rest = len(rows) - len(sign)
    more = f" {rest} more close{'s' if rest == 1 else ''} no gate." if rest else ""
    return f"{made} {signed}{more}"


def _open(rows: Sequence[OpenQuestion]) -> str:
    return f"{_count(len(rows), 'question')} ({_by_respondent(rows)})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _by_respondent(rows: Iterable[OpenQuestion]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.respondent] = counts.get(row.respondent, 0) + 1
    return ", ".join(f"{who} {number}" for who, number in counts.items())


def _numbered(rows: Sequence[OpenQuestion], start: int = 0, *, named: bool = False) -> Iterator[str]:
    for number, row in enumerate(rows, start + 1):
        who = f"{row.respondent}: " if named else ""
        mark = {"draft": " [before the draft]", "sign": " [before signing]"}.get(row.before, "")
        yield f"  {number}. {who}{row.text}{mark}"


def _answered(findings: Sequence[Finding]) -> Iterator[str]:
    answered = [(finding, answer) for finding in findings for answer in finding.answers]
    if answered:
        yield f"Answered ({len(answered)}):"
    for finding, answer in answered:
        about = f"{finding.about}: " if finding.about else ""
        left = "" if answer.settles else " [does not settle it]"
        yield f"  {about}{finding.message} Answered: {answer.text}.{left}"
