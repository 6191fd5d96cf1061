"""Supervision from the log, to confirm or correct, beside the signatures of those whom it names."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.draft.model import Signatory
from report_gen.draft.supervision import attestation
from tests.cases.parts import at
from tests.cases.quiet import alert, case
from tests.cases.reports import facts_of


def boxes(data: dict[str, Any]) -> list[Signatory]:
    """The boxes of a case, professionals first."""
    return [block for block in attestation(facts_of(data)).blocks if isinstance(block, Signatory)]


def lines(data: dict[str, Any], place: int = 0) -> list[str]:
    """What one box has to confirm."""
    return [row.text for row in boxes(data)[place].confirmations]


def attended(*spans: tuple[str, str, str], person: str = "prof1") -> list[dict[str, Any]]:
    """Sessions of a professional: mode, from, to."""
    return [
        {"person": person, "mode": mode, "start_at": at(start), "end_at": at(end), "other_open_cases": 0}
        for mode, start, end in spans
    ]


class TestTheProfessional:
    def test_confirms_each_session_of_the_log(self):
        """From when to when, how, and other cases open."""
        data = case(professional_sessions=attended(("remote", "08:40", "10:00"), ("in_room", "10:00", "12:00")))
        assert lines(data)[:3] == [
            "Attended 08:40\u201310:00, remote; other cases open: 0.",
            "Attended 10:00\u201312:00, in the operating room; other cases open: 0.",
            "Attended: all 3 h 00 min of monitored time.",
        ]

    def test_confirms_sessions_of_one_mode_as_one_statement(self):
        """Each with its times and the other cases open then."""
        data = case(professional_sessions=attended(("remote", "08:40", "10:00"), ("remote", "10:00", "12:00")))
        assert lines(data)[0] == (
            "Attended (remote) 08:40\u201310:00, other cases open: 0; 10:00\u201312:00, other cases open: 0."
        )

    def test_sees_what_was_not_attended(self):
        """Each stretch with its length and why, beside the minutes attended of those monitored."""
        data = case(professional_sessions=attended(("remote", "08:40", "10:00"), ("remote", "10:10", "12:00")))
        found = lines(data)
        assert "Attended: 2 h 50 min of 3 h 00 min of monitored time." in found
        assert "Not attended: 10:00\u201310:10 (10 min, no session recorded)." in found

    @pytest.mark.parametrize(
        ("sessions", "line"),
        [
            ([("remote", "08:40", "12:00")], "At alert E1 (10:00): attending, remote, no other case open."),
            ([("remote", "10:20", "12:00")], "At alert E1 (10:00): no session of a professional is recorded."),
        ],
    )
    def test_sees_whether_each_alert_was_attended(self, sessions, line):
        """And how many other cases were open then; absence is said and blamed on nothing."""
        logged = {"professional_sessions": attended(*sessions), "other_case_sessions": []}
        assert line in lines(case(events=[alert()], **logged))

    def test_sees_a_link_that_was_out_at_an_alert(self):
        """Nobody outside the room saw it; who stood in the room did."""
        outage = {"kind": "outage", "start_at": at("09:55"), "end_at": at("10:05"), "reason": "internet_loss"}
        for mode, words in (("remote", "session open, link out"), ("in_room", "attending, in the operating room")):
            data = case(events=[alert()], professional_sessions=attended((mode, "08:40", "12:00")))
            data["intervals"].append(outage)
            assert any(line.startswith(f"At alert E1 (10:00): {words}") for line in lines(data))

    def test_sees_alerts_that_say_the_same_together(self):
        """One line, each with its time."""
        data = case(events=[alert(), alert(id="E2", onset_at=at("11:00"))], other_case_sessions=[])
        data["professional_sessions"] = attended(("remote", "08:40", "12:00"))
        expected = "At alerts E1 (10:00) and E2 (11:00): attending, remote, no other case open."
        assert expected in lines(data)

    def test_says_for_himself_what_nothing_of_the_record_answers(self):
        """Independence and what becomes of the text: boxes that cite no fact."""
        own = [row.text for row in boxes(case())[0].confirmations if not row.facts]
        assert own == [
            "Not surgeon, assistant or anesthesia provider of this operation.",
            "Report and impression adopted as they stand above.",
            "Adopted with the edits entered by hand.",
        ]

    def test_is_told_that_no_session_is_recorded(self):
        """Not recorded is neither attended nor not attended."""
        data = case()
        del data["professional_sessions"]
        assert lines(data)[0] == "No session of the professional is recorded."
        assert not any(line.startswith(("Attended", "Not attended")) for line in lines(data))


class TestSeveral:
    def test_professionals_have_a_box_each_with_their_own_sessions(self):
        """What is counted over both stands above, and nobody confirms another's attention."""
        data = case()
        second = {"id": "prof2", "role": "interpreting_professional", "name": "Person Prof2", "credentials": []}
        data["people"].append(second)
        data["professional_sessions"] = [
            *attended(("remote", "08:40", "10:00")),
            *attended(("remote", "10:00", "12:00"), person="prof2"),
        ]
        first, other, technologist = boxes(data)
        assert (first.names, other.names, technologist.role) == (("Person Prof1",), ("Person Prof2",), "technologist")
        assert [row.text for row in other.confirmations][:2] == [
            "Attended 10:00\u201312:00, remote; other cases open: 0.",
            "Attended of the monitored time: 1 h 50 min.",
        ]
        above = attestation(facts_of(data)).blocks[0]
        assert above.sentences[0].text == "Attended: all 3 h 00 min of monitored time."

    def test_technologists_share_a_box(self):
        """Each with name, credentials and attendance."""
        data = case()
        data["people"].append({"id": "tech2", "role": "technologist", "name": "Person Tech2", "credentials": []})
        data["attendance"] = [
            {"person": "tech1", "start_at": at("07:00"), "end_at": at("10:00"), "handed_over_to": "tech2"},
            {"person": "tech2", "start_at": at("09:55"), "end_at": at("12:30")},
        ]
        box = boxes(data)[-1]
        assert box.names == ("Person Tech1", "Person Tech2")
        assert [row.text for row in box.confirmations] == [
            "Person Tech1: attended 07:00\u201310:00, then Person Tech2.",
            "Person Tech2: attended 09:55\u201312:30.",
            "The record above is the log of this case.",
        ]

    def test_technologists_confirm_what_else_was_open(self):
        """Where the log has it."""
        data = case()
        data["attendance"][0]["other_open_cases"] = 1
        assert lines(data, 1)[0] == "Person Tech1: attended 07:30\u201312:10; other cases open: 1."

    def test_what_was_handed_over_is_told_in_the_words_of_the_log(self):
        """By the technologists to each other; without words the times attended tell it."""
        data = case()
        message = {"kind": "handover", "from_role": "technologist", "to_role": "technologist"}
        data["communication"]["messages"] = [
            {**message, "at": at("10:30"), "text": "E1 with values"},
            {**message, "at": at("11:30")},
        ]
        told = [line for line in lines(data, 1) if "Hand-over" in line]
        assert told == ["Hand-over 10:30: \u201cE1 with values\u201d."]

    def test_nobody_named_leaves_blanks(self):
        """The box stands, and no name is made up."""
        data = case()
        for person in data["people"]:
            del person["name"]
        assert [box.names for box in boxes(data)] == [(), ()]
