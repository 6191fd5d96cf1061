"""Who attended when an alert began, as facts: alerts of the same attention together, and the technologist then."""

from __future__ import annotations

from tests.cases.parts import at
from tests.cases.quiet import alert, case
from tests.cases.reports import facts_of


def test_alerts_of_the_same_attention_are_counted_together_the_most_first():
    """Beside how many alerts there are, those without a clock time among them."""
    untimed = alert(id="E4")
    del untimed["onset_at"]
    events = [*(alert(id=f"E{n}", onset_at=at(time)) for n, time in enumerate(("09:10", "10:00", "11:00"), 1)), untimed]
    other = {"person": "prof1", "case_pseudonym": "A", "mode": "remote", "start_at": at("09:00"), "end_at": at("09:30")}
    found = facts_of(case(events=events, other_case_sessions=[other])).of_kind("alerts.attention")
    assert [(fact.text("ids"), fact.number("count"), fact.number("other_cases")) for fact in found] == [
        ("E2 and E3", 2, 0),
        ("E1", 1, 1),
    ]
    assert {fact.number("alerts") for fact in found} == {4}


def test_a_technologist_is_at_an_alert_by_the_log_alone():
    """Without any attendance of one nothing is said; with some that does not cover the alert, nobody was there."""
    data = case(events=[alert()])
    (found,) = facts_of(data).of_kind("alert.technologist")
    assert (found.status, found.text("name")) == ("attended", "Person Tech1")
    data["attendance"][0]["start_at"] = at("10:30")
    (found,) = facts_of(data).of_kind("alert.technologist")
    assert (found.status, found.text("name")) == ("nobody", "")
    data["attendance"] = []
    assert facts_of(data).of_kind("alert.technologist") == ()
