"""What a probe of a model endpoint found, as lines for the person who configures it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from report_gen.llm.openai.probe import ProbeReport
from report_gen.llm.port import Outcome

__all__ = ["probe_lines"]

_PLACES: Final[Mapping[str, str]] = {
    "after_thinking": "after the model's thinking, which takes time of every answer and can be switched off",
    "reasoning_field": "in the field for the model's reasoning",
    "parts": "in parts of the content",
    "block": "in a code block",
    "words": "among words",
}
"""Where an answer stood, as a person is told."""
_AT_ONCE: Final[Mapping[int, str]] = {
    2: "two questions at once: both were answered",
    1: "two questions at once: one was dropped for the other; set parallel = 1",
    0: "two questions at once: neither was answered; set parallel = 1",
}
"""What became of two questions, and what to do."""


def probe_lines(report: ProbeReport) -> list[str]:
    """The result of a probe, one finding per line."""
    where = "this machine" if report.loopback else "another machine"
    lines = [f"endpoint: on {where}, model {report.model!r}"]
    if report.outcome is not Outcome.OK:
        code = f" (HTTP {report.status})" if report.status is not None else ""
        lines.append(f"usable: no, {report.outcome.value}{code}")
        lines.append(f"reachable: {'yes' if report.reachable else 'no'}")
        return lines + ([f"to do: {report.advice}"] if report.advice else [])
    lines.append("usable: yes")
    lines.append(f"form of the answer: {report.answer_format}; answers capped by {report.cap}")
    if report.place:
        lines.append(f"the answer stood {_PLACES[report.place]}; it is read there")
    if report.dropped:
        lines.append(f"refused by the endpoint and left out: {', '.join(report.dropped)}")
    if report.answered_by:
        lines.append(f"answered by: {report.answered_by}")
    return lines + _speed(report)


def _speed(report: ProbeReport) -> list[str]:
    lines = []
    if report.open_s is not None and report.first_s is not None:
        lines.append(f"opening: {report.open_s:.2f} s; first answer: {report.first_s:.2f} s")
    if report.heard_s is not None and report.answer_s is not None:
        lines.append(f"in pieces: the first sentence of the next answer after {report.heard_s:.2f} s")
    if report.answer_s is not None and report.tokens_per_s is not None:
        how = "as reported" if report.usage else "estimated, as the endpoint reports no usage"
        lines.append(f"next answer: {report.answer_s:.2f} s, {report.tokens_per_s:.0f} tokens/s ({how})")
    if report.at_once is not None:
        lines.append(_AT_ONCE[report.at_once])
    return lines
