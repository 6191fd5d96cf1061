"""The rows of what is no alert: nothing of the exchange, the re-tests and the exclusions is left to the record."""

from __future__ import annotations

from typing import Any

from report_gen.draft.events.others import other_events
from tests.cases.parts import at, reading
from tests.cases.quiet import alert, case
from tests.cases.reports import facts_of


def row(**fields: Any) -> list[str]:
    """The one row of a case with one change."""
    change = alert(**{"event_class": "change", **fields})
    return rows(case(events=[change]))[0]


def rows(data: dict[str, Any]) -> list[list[str]]:
    """Every row, cell by cell."""
    (section,) = other_events(facts_of(data))
    return [[cell.text for cell in row.cells] for row in section.blocks[0].rows]


def test_an_answer_stands_in_its_words():
    """What the surgeon answered may be what was done."""
    told = {"at": at("10:02"), "by": "tech1", "to": "surgeon", "acknowledged": "yes", "acknowledged_at": at("10:03")}
    said = row(notifications=[{**told, "reply": "Redirecting slightly"}])[3]
    assert "Told: surgeon 10:02, ack. 10:03 \u201cRedirecting slightly\u201d." in said


def test_every_retest_has_its_time():
    """Before how it ended."""
    tests = [
        {"at": at(time), "readings": [{"channel": "mep-l", "reading": reading(value)}]}
        for time, value in (("10:08", 200.0), ("10:14", 320.0))
    ]
    ended = row(retests=tests, resolution={"resolution_class": "full_return", "at": at("10:20")})[4]
    assert ended == ("10:08 L AH 50% of baseline. 10:14 L AH 80% of baseline. Full return to baseline 10:20")


def test_what_was_excluded_and_whether_the_criterion_was_met_are_told():
    """Beside the values."""
    values = row(excluded=["neuromuscular_block"])[2]
    assert "Recorded as excluded: neuromuscular block." in values
    assert "Criterion met." in values


def test_a_message_that_no_notification_tells_too_has_its_kind_and_words():
    """A test of the link is not a telling."""
    data = case(events=[alert(event_class="change", notifications=[])])
    parties = {"from_role": "technologist", "to_role": "interpreting_professional", "event": "E1"}
    data["communication"]["messages"] = [
        {**parties, "at": at("10:12"), "kind": "channel_test", "text": "Link is back"},
    ]
    assert rows(data)[0][3].endswith(
        "10:12 technologist to interpreting professional: channel test, \u201cLink is back\u201d."
    )


def test_a_retest_whose_time_is_words_begins_with_them():
    """They are no part of what was seen."""
    retest = {
        "when": {"relation": "after", "event": "E1", "amount": 5, "unit": "min"},
        "readings": [{"channel": "mep-l", "reading": reading(320.0)}],
    }
    assert row(retests=[retest], resolution=None)[4].startswith("5 min after E1: L AH 80% of baseline.")


def test_what_the_report_has_no_room_for_is_named_by_class():
    """Several of one class in the plural."""
    data = case(events=[])
    kinds = [*["observation"] * 17, "adverse_event"]
    data["events"] = [
        {"id": f"N{n}", "event_class": kind, "direction": "none", "side": "not_applicable", "note": f"note {n}"}
        for n, kind in enumerate(kinds)
    ]
    (section,) = other_events(facts_of(data))
    assert section.blocks[-1].sentences[0].text.startswith("In the technical record: observations (N0, N1, ")
