"""Problems of a case file and findings of a report, as lines for the person who mends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from report_gen.errors import Problem

if TYPE_CHECKING:
    from report_gen.finding import Finding

__all__ = ["finding_lines", "problem_lines"]


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Every problem of a case file, with its place and what to do."""
    count = len(problems)
    yield f"report-gen: {count} problem{'s' if count != 1 else ''} in the case file; nothing was written"
    for problem in problems:
        yield f"  {problem.pointer or '/'}  [{problem.code}]"
        yield f"    expected {problem.expected}"
        yield f"    {problem.action}"


def finding_lines(findings: Sequence[Finding], *, everything: bool = False) -> Iterator[str]:
    """Blocking findings always; warnings when asked for, otherwise their number."""
    blocking = [finding for finding in findings if finding.blocking]
    yield f"{len(blocking)} open before the report can be signed, {len(findings) - len(blocking)} warnings"
    for finding in findings if everything else blocking:
        mark = "OPEN" if finding.blocking else "warn"
        yield f"  {mark} {finding.pointer}  [{finding.code}]"
        yield f"    {finding.message} Ask the {finding.who}: {finding.question}"
