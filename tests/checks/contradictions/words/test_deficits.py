"""A new deficit after surgery beside a quiet record and a silent impression."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import case, says, with_alert
from tests.cases.reports import findings
from tests.checks.firing import DEFICIT


def exam(data):
    """The case with a new deficit."""
    return {**data, "postoperative_examination": DEFICIT}


class TestDeficit:
    def test_without_any_event_it_is_asked_about_with_its_time(self):
        """A deficit that no signal announced."""
        found = findings(exam(case()), "contradiction.deficit_without_event")
        assert [(row.severity, row.who, "12:15" in row.message) for row in found] == [("block", "professional", True)]

    def test_with_an_event_it_is_not(self):
        """The alert is there to be weighed with it."""
        assert findings(exam(with_alert()), "contradiction.deficit_without_event") == []

    def test_an_impression_that_leaves_it_out_is_asked_about(self):
        """By the time of the examination."""
        found = findings(exam(with_alert()), "contradiction.deficit_not_in_impression")
        assert [row.question for row in found] == ["Should the impression name the deficit at 12:15?"]

    @pytest.mark.parametrize(
        "words", ["New left foot drop after surgery.", "Postoperative weakness is noted.", "Hemiparesis on waking."]
    )
    def test_one_that_names_it_is_not(self, words):
        """In any of the usual words."""
        assert findings(exam(says(words, with_alert())), "contradiction.deficit_not_in_impression") == []

    def test_one_that_is_later_than_the_impression_is_not(self):
        """Nobody can name what was not yet found."""
        data = {**with_alert(), "postoperative_examination": {**DEFICIT, "at": at("08:30", day="2026-02-12")}}
        assert findings(data, "contradiction.deficit_not_in_impression") == []

    @pytest.mark.parametrize("deficit", ["none_reported", "preexisting_unchanged", "improved", "unknown"])
    def test_only_a_new_one_counts(self, deficit):
        """Nothing is new in the others."""
        data = case(postoperative_examination={**DEFICIT, "new_deficit": deficit})
        assert [row.code for row in findings(data) if "deficit" in row.code] == []
