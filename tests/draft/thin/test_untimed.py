"""Readings that no clock timed stand on the page, because no figure can show them."""

from __future__ import annotations

from tests.cases.quiet import case, channel_of
from tests.cases.thin import page

READING = {"phase": "intraop", "reading": {"state": "measured", "amplitude_uv": 777.0}}


def test_a_reading_without_a_time_is_listed():
    """With what is known of its time; one that has a time is in the figure and not here."""
    data = case()
    rows = channel_of(data, "mep-l")["measurements"]
    rows.insert(1, READING | {"when": {"relation": "during", "phase": "closure"}})
    assert {"during closure", "777 µV"} <= set(page(data, "closing"))
    rows[1] = READING
    assert {"not recorded", "777 µV"} <= set(page(data, "closing"))
    rows[1] = READING | {"at": rows[2]["at"]}
    assert "777 µV" not in page(data, "closing")
