"""The order of the course: clock times sort, and what has none stands where the record puts it."""

from __future__ import annotations

import pytest

from report_gen.facts.views.courses import EventChain
from report_gen.facts.views.told_order import told_in_order
from tests.cases.parts import at
from tests.cases.reports import facts_of
from tests.cases.thin import event, thin


def order(events, interventions=()):
    """Ids of events and codes of interventions as the course tells them."""
    facts = facts_of(thin(events=events, interventions=list(interventions)))
    rows = told_in_order(facts.events, facts.of_kind("intervention"))
    return [row.id if isinstance(row, EventChain) else row.status for row in rows]


def row(name, clock=None, **when):
    """An event at a clock time, or at another."""
    return event(id=name, **({"onset_at": at(clock)} if clock else {}), **({"when": when} if when else {}))


def act(code="transfuse", clock=None, **more):
    """Something done by somebody."""
    return {"code": code, "actor": "surgeon", **({"at": at(clock)} if clock else {}), **more}


class TestOrder:
    @pytest.mark.parametrize(
        ("events", "told"),
        [
            ([row("E1", "11:00"), row("E2", "10:00")], ["E2", "E1"]),
            ([row("E1"), row("E2")], ["E1", "E2"]),
            ([row("E1", "11:00"), row("E2"), row("E3", "10:00")], ["E3", "E1", "E2"]),
            ([row("E1"), row("E2", "10:00")], ["E1", "E2"]),
            ([row("E1", "10:00"), row("E2", "11:00"), row("E3", relation="after", event="E1")], ["E1", "E3", "E2"]),
            ([row("E1", "10:00"), row("E2", "11:00"), row("E3", relation="before", event="E2")], ["E1", "E3", "E2"]),
            ([row("E1", relation="after", event="E2"), row("E2")], ["E2", "E1"]),
        ],
    )
    def test_events(self, events, told):
        """By the clock, by relation to another, and by place."""
        assert order(events) == told

    def test_two_that_name_each_other_are_both_told(self):
        """Which cannot be, and loses neither."""
        both = [row("E1", relation="after", event="E2"), row("E2", relation="after", event="E1")]
        assert sorted(order(both)) == ["E1", "E2"]

    def test_what_was_done_stands_where_the_record_puts_it(self):
        """At its time, beside the event it answered or is related to, behind what was done before it, or last."""
        events = [row("E1", "10:00"), row("E2", "11:00")]
        done = [
            act("imaging"),
            act("transfuse", "10:30"),
            act("checklist"),
            act("wake_up_test", in_response_to="E1"),
            act("steroid", when={"relation": "before", "event": "E2"}),
        ]
        assert order(events, done) == ["E1", "wake_up_test", "transfuse", "checklist", "steroid", "E2", "imaging"]

    def test_thousands_without_a_time_are_told_at_once(self):
        """A long list is no burden."""
        names = [f"E{number}" for number in range(1, 1500)]
        assert order([row(name) for name in names]) == names
