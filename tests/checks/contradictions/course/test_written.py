"""What was written or signed, and what is later."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.cases.reports import findings


def signed(clock, data=None):
    """A case whose log was signed at a time."""
    data = with_alert() if data is None else data
    return {**data, "log_signature": {"by": "tech1", "at": at(clock)}}


def written(clock, data=None):
    """A case whose impression was entered at a time."""
    data = with_alert() if data is None else data
    data["opinion"]["entered_at"] = at(clock)
    return data


class TestLog:
    @pytest.mark.parametrize(
        ("clock", "what"),
        [
            ("09:50", ["E1, readings, and the end of monitoring"]),
            ("10:05", ["the end of E1, readings, and the end of monitoring"]),
            ("11:48", ["the end of monitoring"]),
            ("11:50", []),
        ],
    )
    def test_holds_nothing_later_than_its_signature(self, clock, what):
        """Said once; who leaves the room after signing contradicts nothing."""
        found = findings(signed(clock), "contradiction.log_signed_before_its_end")
        assert [row.message for row in found] == [
            f"The log was signed at {clock}, and it holds what is later: {words}." for words in what
        ]
        assert {(row.severity, row.who, row.about) for row in found} <= {("warn", "technologist", "")}

    def test_a_signature_without_a_time_is_asked_for_it(self):
        """And nothing is later than it."""
        data = case(log_signature={"by": "tech1"})
        (found,) = findings(data, "required.log_signature_time")
        assert (found.severity, found.pointer) == ("warn", "/log_signature/at")
        assert findings(data, "contradiction.log_signed_before_its_end") == []


class TestImpression:
    @pytest.mark.parametrize(
        ("clock", "found"),
        [
            ("09:50", [("block", "E1 and closing readings")]),
            ("10:05", [("block", "the end of E1 and closing readings")]),
            ("11:00", [("warn", "closing readings")]),
            ("11:46", []),
        ],
    )
    def test_knows_only_what_was_before_it(self, clock, found):
        """An event it cannot know of blocks; closing readings alone warn."""
        rows = findings(written(clock), "contradiction.impression_before_the_end")
        assert [(row.severity, row.message) for row in rows] == [
            (severity, f"The impression was entered at {clock}, before {words}.") for severity, words in found
        ]

    def test_without_a_time_it_is_before_nothing(self):
        """Unknown contradicts nothing."""
        data = with_alert()
        del data["opinion"]["entered_at"]
        assert findings(data, "contradiction.impression_before_the_end") == []

    @pytest.mark.parametrize(
        ("clock", "words", "fires"),
        [
            ("13:15", "No recorded reading met the criteria.", True),
            ("12:15", "No recorded reading met the criteria.", False),
            ("13:15", "A new foot drop is reported.", False),
        ],
    )
    def test_a_deficit_found_later_may_be_an_addendum(self, clock, words, fires):
        """One that it could know of, or names, is another question or none."""
        exam = {"availability": "performed", "examiner": "surgeon", "at": at(clock), "new_deficit": "new"}
        data = {**with_alert(), "postoperative_examination": exam}
        data["opinion"]["impression"] = words
        found = findings(data, "contradiction.deficit_after_impression")
        assert [(row.severity, row.who) for row in found] == ([("warn", "professional")] if fires else [])
