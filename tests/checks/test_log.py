"""Questions of the log that nobody answered."""

from __future__ import annotations

import pytest

from tests.cases.reports import findings
from tests.checks.course import message, told

CODE = "required.answer"
QUESTION = message("11:40", "surgeon", "interpreting_professional", "question")
WORDED = message("11:40", "surgeon", "interpreting_professional", "request", text="Proceed with less correction?")


class TestAnswer:
    @pytest.mark.parametrize(("asked", "count"), [(QUESTION, 1), (WORDED, 1)])
    def test_is_asked_for(self, asked, count):
        """A question, or a request worded as one; it closes no gate."""
        found = findings(told(asked), CODE)
        assert len(found) == count
        assert (found[0].severity, found[0].on_page, found[0].pointer) == ("warn", False, "/communication/messages/0")
        assert found[0].message == (
            "The surgeon asked the interpreting professional at 11:40, and no answer is recorded."
        )

    @pytest.mark.parametrize(
        ("sender", "clock", "answered"),
        [
            ("interpreting_professional", "11:41", True),
            ("interpreting_professional", "11:39", False),
            ("monitoring_team", "11:41", True),
            ("technologist", "11:41", False),
        ],
    )
    def test_is_given_by_who_was_asked(self, sender, clock, answered):
        """Later, and by the same role or in the name of its team."""
        assert bool(findings(told(QUESTION, message(clock, sender, "surgeon")), CODE)) is not answered

    @pytest.mark.parametrize("kind", ["request", "status", "alert"])
    def test_what_is_no_question_needs_none(self, kind):
        """A request to do something is answered by doing it."""
        row = message(
            "11:40", "interpreting_professional", "technologist", kind, text="Please repeat with more voltage."
        )
        assert findings(told(row), CODE) == []
