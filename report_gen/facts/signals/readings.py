"""The words of one reading, and its values."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.case.contract.signals import READING_VALUES, Reading
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.model import Value
from report_gen.facts.wording import absence_words, number_text
from report_gen.vocab import vocabulary

__all__ = ["reading_values"]

_STATE_WORDS = {
    "present": "present",
    "increased": "present, larger than baseline",
    "reduced": "present, reduced",
    "hard_to_elicit": "hard to elicit",
    "changed": "changed",
    "absent": "absent",
    "not_obtained": "not obtained",
    "not_monitored": "not monitored",
    "not_recorded": "not recorded",
}


def _measured_text(reading: Reading, amounts: Sequence[Value]) -> str:
    parts: list[str] = []
    if reading.pattern is not None:
        parts.append(_own_pattern(reading) or vocabulary("emg_patterns").display(reading.pattern))
    parameters = vocabulary("parameters").entries
    for amount in amounts:
        label = parameters[amount.name].value_label
        words = f"{reading.tof_count}/4" if amount.name == "tof_count" else amount.text
        parts.append(f"{label} {words}" if label else words)
    return ", ".join(parts)


def _amounts(reading: Reading) -> list[tuple[str, float]]:
    """The numbers of a reading by field, in the order they are printed."""
    fields = reading.__dict__
    return [(name, amount) for name in READING_VALUES if (amount := fields[name]) is not None]


def _own_pattern(reading: Reading) -> str:
    """The record's words for a pattern that has no code; empty for one that has, or without words."""
    return reading.description or "" if reading.pattern == "other" else ""


def _bare_text(reading: Reading, amounts: Sequence[Value]) -> str:
    """A reading without what is remarked of it, such as `1.8 µV, 39.4 ms` or `not obtained`."""
    if reading.state == "measured":
        return _measured_text(reading, amounts)
    if reading.state == "absent" or reading.amplitude_pct_of_baseline is None:
        return _STATE_WORDS[reading.state]
    words = f"{number_text(reading.amplitude_pct_of_baseline)}% of baseline amplitude"
    return words if reading.state == "present" else f"{_STATE_WORDS[reading.state]}, {words}"


def _remark(reading: Reading) -> str:
    """Why there is no value, how good the trace is, and what else is written of it. Empty: nothing."""
    remarks = [
        absence_words(reading.reason, reading.reason_detail),
        vocabulary("trace_qualities").display(reading.quality) if reading.quality not in (None, "good") else "",
        "" if _own_pattern(reading) else reading.description or "",
    ]
    return ", ".join(part for part in remarks if part)


def reading_values(
    b: FactBuilder, reading: Reading, modality: str = "", limits: tuple[float, ...] = (), *, baseline: bool = False
) -> list[Value]:
    """All values of a reading, first a phrase such as `39.4 ms` or `absent (deficit known)`, coded by its state.

    Where something is remarked of it, `bare` is the phrase without the remark, so that a table can tell it once.

    Args:
        b: Collector.
        reading: The reading.
        modality: Code of its modality, which decides the digits of an amplitude. Empty: not known.
        limits: Limits of criteria, in the units of values; no rounding moves a value onto or over one.
        baseline: Whether percentages are of it: a small value keeps a third digit where it has one.
    """
    digits = 3 if baseline else 2
    amounts = [b.amount(name, amount, modality, limits, digits) for name, amount in _amounts(reading)]
    bare, remark = _bare_text(reading, amounts), _remark(reading)
    values = [Value("text", f"{bare} ({remark})" if remark else bare, code=reading.state)]
    if remark:
        values.extend((text("bare", bare), text("remark", remark)))
    values.extend(amounts)
    if reading.pattern is not None:
        values.append(term("pattern", "emg_patterns", reading.pattern, _own_pattern(reading)))
    if reading.amplitude_pct_of_baseline is not None:
        stated = reading.amplitude_pct_of_baseline
        values.append(number("stated_pct_of_baseline", stated, f"{number_text(stated)}%"))
    if reading.quality is not None:
        values.append(term("quality", "trace_qualities", reading.quality))
    if reading.reason_detail is not None:
        values.append(text("reason_detail", reading.reason_detail))
    if reading.description is not None:
        values.append(text("description", reading.description))
    return values
