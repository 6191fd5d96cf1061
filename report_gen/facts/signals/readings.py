"""The words of one reading, and its values."""

from __future__ import annotations

from report_gen.case.contract.signals import READING_VALUES, Reading
from report_gen.facts.builder import number, term, text
from report_gen.facts.model import Value
from report_gen.facts.wording import number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["reading_text", "reading_values"]

_STATE_WORDS = {
    "present": "present",
    "absent": "absent",
    "not_obtained": "not obtained",
    "not_monitored": "not monitored",
    "not_recorded": "not recorded",
}


def _measured_text(reading: Reading) -> str:
    parts: list[str] = []
    if reading.pattern is not None:
        parts.append(vocabulary("emg_patterns").display(reading.pattern))
    for name in READING_VALUES:
        amount = getattr(reading, name)
        if amount is not None:
            label = vocabulary("parameters")[name].value_label
            words = f"{amount}/4" if name == "tof_count" else quantity_text(name, amount)
            parts.append(f"{label} {words}" if label else words)
    return ", ".join(parts)


def reading_text(reading: Reading) -> str:
    """A reading in one short phrase, such as `1.8 µV, 39.4 ms` or `not obtained (preexisting deficit)`."""
    if reading.state == "measured":
        words = _measured_text(reading)
    elif reading.state == "present" and reading.amplitude_pct_of_baseline is not None:
        words = f"{number_text(reading.amplitude_pct_of_baseline)}% of baseline amplitude"
    else:
        words = _STATE_WORDS[reading.state]
    remarks = [
        vocabulary("absence_reasons").display(reading.reason) if reading.reason else "",
        reading.reason_detail or "",
        vocabulary("trace_qualities").display(reading.quality) if reading.quality not in (None, "good") else "",
        reading.description or "",
    ]
    remark = ", ".join(part for part in remarks if part)
    return f"{words} ({remark})" if remark else words


def reading_values(reading: Reading) -> tuple[Value, ...]:
    """All values of a reading, the short phrase first; its code is the reading's state."""
    values = [Value("text", reading_text(reading), code=reading.state)]
    for name in READING_VALUES:
        amount = getattr(reading, name)
        if amount is not None:
            values.append(number(name, amount))
    if reading.pattern is not None:
        values.append(term("pattern", "emg_patterns", reading.pattern))
    if reading.amplitude_pct_of_baseline is not None:
        stated = reading.amplitude_pct_of_baseline
        values.append(number("stated_pct_of_baseline", stated, f"{number_text(stated)}%"))
    if reading.quality is not None:
        values.append(term("quality", "trace_qualities", reading.quality))
    if reading.reason_detail is not None:
        values.append(text("reason_detail", reading.reason_detail))
    if reading.description is not None:
        values.append(text("description", reading.description))
    return tuple(values)
