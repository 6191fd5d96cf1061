"""Times that no clock gave: each form in the words that it has, and no clock time made of any."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from report_gen.case.contract.when import When
from report_gen.facts.stated_time import anchored_to, clock_words, in_recorded_order, length_words, stated_time

NOON = datetime(2026, 2, 11, 12, 0, tzinfo=UTC)
FORMS = [
    ({"words": "after the second screw"}, "after the second screw"),
    ({"words": "some minutes later"}, "some minutes later"),
    ({"relation": "after", "event": "E1"}, "after E1"),
    ({"relation": "after", "event": "E1", "amount": 10, "unit": "min", "approximate": True}, "about 10 min after E1"),
    ({"relation": "before", "event": "E1", "amount": 1, "unit": "h"}, "1 h before E1"),
    ({"relation": "at", "event": "E2"}, "at E2"),
    ({"relation": "during", "event": "E2"}, "during E2"),
    ({"relation": "after", "previous_entry": True}, "then"),
    ({"relation": "after", "previous_entry": True, "amount": 10, "unit": "min"}, "10 min later"),
    ({"relation": "before", "previous_entry": True, "amount": 5, "unit": "min"}, "5 min before that"),
    ({"relation": "before", "previous_entry": True}, "before that"),
    ({"relation": "at", "previous_entry": True}, "at the same time"),
    ({"relation": "during", "phase": "closure"}, "during closure"),
    ({"relation": "after", "phase": "operation"}, "after the operation"),
    ({"relation": "at", "phase": "closure", "approximate": True}, "at closure (approximately)"),
    (
        {"relation": "after", "phase": "operation", "amount": 2, "amount_to": 3, "unit": "wk"},
        "2 to 3 weeks after the operation",
    ),
    ({"relation": "after", "phase": "operation", "amount": 1, "unit": "d"}, "1 day after the operation"),
    ({"relation": "after", "phase": "operation", "amount": 6, "unit": "mo"}, "6 months after the operation"),
    ({"relation": "before", "milestone": "closure_start"}, "before closure began"),
    ({"relation": "after", "milestone": "implant_placed"}, "after the implant was placed"),
    ({"relation": "at", "milestone": "dura_open"}, "when the dura was opened"),
    ({"relation": "after", "milestone": "incision", "amount": 45, "unit": "s"}, "45 s after incision"),
    ({"relation": "after", "milestone": "cross_clamp_on"}, "after the cross-clamp was on"),
    ({"relation": "after", "event": "E1", "words": "soon"}, "soon (after E1)"),
    ({"approximate": True}, ""),
]


class TestStatedTime:
    @pytest.mark.parametrize(("when", "words"), FORMS)
    def test_is_said_as_it_is_known(self, when, words):
        """Relative, in order, by phase or step, about, or in words; never as a time of day."""
        said = stated_time(When(**when))
        assert said == words
        assert not re.search(r"\d\d:\d\d", said)

    def test_nothing_is_said_of_nothing(self):
        """A time by the clock alone has no other words."""
        assert stated_time(None) == ""

    def test_an_approximate_clock_time_says_so(self):
        """Alone it does not."""
        assert clock_words("10:20", When(approximate=True)) == "about 10:20"
        assert [clock_words("10:20", when) for when in (None, When(words="then"))] == ["10:20", "10:20"]

    def test_a_length_computed_from_an_approximate_time_is_approximate(self):
        """Whichever of the two it is."""
        about = When(approximate=True)
        assert [length_words(7, *whens) for whens in ((None, about), (about,), (None, None))] == [
            "about 7 min",
            "about 7 min",
            "7 min",
        ]

    def test_only_an_event_anchors(self):
        """With its relation."""
        assert anchored_to(When(relation="before", event="E1")) == ("before", "E1")
        assert [anchored_to(when) for when in (None, When(relation="after", phase="closure"))] == [None, None]


class TestOrder:
    def test_clock_times_sort_and_the_rest_keeps_its_place(self):
        """Behind the row before it, in front where there is none."""
        rows = [("first", None), ("late", 5), ("behind late", None), ("early", 1), ("behind early", None)]
        found = in_recorded_order(rows, lambda row: None if row[1] is None else NOON + timedelta(hours=row[1]))
        assert [name for name, _ in found] == ["first", "early", "behind early", "late", "behind late"]
