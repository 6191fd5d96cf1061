"""Page one tells what the record holds: events of every class, what could not be followed, the examination after."""

from __future__ import annotations

from typing import Any, Final

import pytest

from report_gen.draft.front.result import result
from report_gen.draft.model import Paragraph
from report_gen.draft.writer import write
from tests.cases.parts import at, baseline, criterion, measurement, reading
from tests.cases.quiet import alert, case, channel_of, closing, one_channel, with_alert
from tests.cases.reports import facts_of

NOTHING = "No alert, change or improvement is recorded; no SSEP or TcMEP reading met its criterion."


def sentences(data: dict[str, Any]) -> list[str]:
    """The sentences of the result, in order."""
    blocks = result(facts_of(data)).blocks
    return [row.text for block in blocks if isinstance(block, Paragraph) for row in block.sentences]


def entry(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """An entry that is not about a response."""
    return {
        "id": name,
        "event_class": kind,
        "direction": "none",
        "side": "not_applicable",
        "onset_at": at("10:30"),
        "note": "dural tear at the index level",
        **more,
    }


class TestWhatHappened:
    def test_a_quiet_case_says_that_nothing_is_recorded(self):
        """And how it closed."""
        found = sentences(case(events=[]))
        assert found[0] == NOTHING
        assert found[1] == (
            "At closing (11:45\u201311:46) all 4 SSEP and TcMEP responses compared were within criterion, lowest "
            "90% of baseline (posterior tibial nerve SSEP on both sides and abductor hallucis TcMEP on both sides)."
        )

    @pytest.mark.parametrize("kind", ["observation", "occurrence", "adverse_event"])
    def test_an_entry_of_another_class_comes_before_that_nothing_is_recorded(self, kind):
        """Told with its time and its words."""
        found = sentences(case(events=[entry("N1", kind)]))
        assert found[0] == f"{kind.replace('_', ' ').capitalize()} 10:30 (N1): “dural tear at the index level”."
        assert found.index(NOTHING) == 1

    def test_a_loss_without_an_event_comes_before_that_nothing_is_recorded(self):
        """A response absent at closing is never followed by nothing alone."""
        found = sentences(closing(case(events=[]), "mep-l", {"state": "absent"}))
        assert found[0] == "Outside of any recorded event: left abductor hallucis TcMEP: absent, 11:46."
        assert any("beyond criterion: left abductor hallucis TcMEP absent." in row for row in found)

    def test_each_event_is_told_with_response_side_and_time(self):
        """Codes alone mean nothing to a surgeon."""
        told, done, ended = sentences(with_alert())[:3]
        assert told.startswith("Alert 10:00 (E1): amplitude decrease, left abductor hallucis TcMEP (")
        assert "% of baseline); at the time: " in told
        assert done == "Surgeon told 10:02; distraction released 10:05."
        assert ended.startswith("Return to within criterion 10:15, 15 min after onset")

    def test_what_could_not_be_followed_comes_first(self):
        """Before anything that could reassure."""
        none = {"state": "not_obtained", "reason": "preexisting_deficit"}
        data = one_channel([baseline("08:30", none), measurement("closing", "11:00", none)])
        assert sentences(data)[0] == (
            "Not monitorable: left posterior tibial nerve SSEP: baseline not obtained (pre-existing deficit)."
        )

    def test_where_one_could_not_be_monitored_those_compared_are_named(self):
        """That the others of its kind were within their criterion is no word about it."""
        data = case(events=[])
        none = {"state": "not_obtained", "reason": "preexisting_deficit"}
        channel_of(data, "mep-l")["measurements"] = [baseline("08:30", none), measurement("closing", "11:46", none)]
        found = sentences(data)
        assert found[0].startswith("Not monitorable: left abductor hallucis TcMEP")
        assert found[1] == "No alert, change or improvement is recorded; no SSEP reading met its criterion."
        assert found[2].startswith(
            "Compared at closing (11:45\u201311:46): posterior tibial nerve SSEP (left and right) and "
            "abductor hallucis TcMEP (right), 3 responses, all within criterion, lowest "
        )

    def test_no_sentence_speaks_of_a_criterion_where_there_is_none(self):
        """In a record without criteria nothing could be compared with one."""
        data = case(criteria=[], events=[])
        text = " ".join(
            row.text
            for section in write(facts_of(data), report_id="T-1").sections
            if section.id in ("result", "impression", "course")
            for block in section.blocks
            if isinstance(block, Paragraph)
            for row in block.sentences
        )
        assert "criterion" not in text


class TestNotMonitorable:
    TOLD: Final = {
        "at": at("08:37"),
        "from_role": "technologist",
        "to_role": "surgeon",
        "kind": "baseline_report",
        "text": "The legs cannot be monitored",
    }
    ANSWER: Final = {
        "at": at("08:38"),
        "from_role": "surgeon",
        "to_role": "technologist",
        "kind": "acknowledgement",
        "text": "We go on",
    }

    def told(self, *messages: dict[str, Any]) -> list[str]:
        """What stands of a response that was looked for twice without a baseline, and of what was said of it."""
        none = {"state": "not_obtained", "reason": "preexisting_deficit"}
        first = {**baseline("08:00", none), "baseline_kind": "pre_position"}
        data = one_channel([first, baseline("08:30", none), measurement("closing", "11:00", none)])
        data["milestones"] = [row for row in data["milestones"] if row["code"] != "incision"]
        data["milestones"].append({"code": "incision", "at": at("08:40")})
        data["communication"] = {"channel": "voice", "messages": list(messages)}
        (block,) = [
            row
            for row in result(facts_of(data)).blocks
            if isinstance(row, Paragraph) and row.sentences[0].text.startswith("Not monitorable")
        ]
        return [row.text for row in block.sentences][1:]

    def test_the_tries_and_what_the_surgeon_was_told_stand_beside_it(self):
        """With the answer, and the incision that came after it."""
        assert self.told(self.TOLD, self.ANSWER) == [
            "Tried at 08:00 and 08:30.",
            "Surgeon told 08:37: “The legs cannot be monitored”; answer 08:38: “We go on”; incision 08:40.",
        ]

    def test_what_was_asked_for_between_two_tries_is_told(self):
        """In the words of who reads the traces."""
        asked = {**self.TOLD, "at": at("08:20"), "kind": "request", "text": "Please try 650 V"}
        asked |= {"from_role": "interpreting_professional", "to_role": "technologist"}
        line = "Asked for by the interpreting professional 08:20: “Please try 650 V”."
        assert line in self.told(asked)
        assert line not in self.told({**asked, "at": at("08:35")})

    @pytest.mark.parametrize("change", [{"at": at("09:30")}, {"to_role": "anesthesiologist"}, {"kind": "handover"}])
    def test_what_was_told_later_or_to_others_is_not(self, change):
        """Nor a message of another kind."""
        assert self.told({**self.TOLD, **change}) == ["Tried at 08:00 and 08:30."]


class TestHarm:
    def test_an_adverse_effect_of_monitoring_is_a_result(self):
        """None observed is not."""
        data = case(events=[])
        assert not [row for row in sentences(data) if "Adverse" in row]
        data["adverse_effects"] = {"checked": True, "at": at("12:00"), "observed": ["bite"]}
        assert "Adverse effects of monitoring: tongue or lip bite, checked at 12:00." in sentences(data)


class TestManyEvents:
    def many(self, alerts: int, changes: int) -> list[str]:
        """The result of a case with so many events, an hour apart."""
        kinds = [*["alert"] * alerts, *["change"] * changes]
        data = with_alert()
        data["events"] = [
            alert(id=f"E{place}", event_class=kind, onset_at=at(f"10:{place:02d}"), context=[], context_note=None)
            for place, kind in enumerate(kinds)
        ]
        return sentences(data)

    def test_changes_are_counted_by_name(self):
        """A line each would bury the alert."""
        found = self.many(1, 7)
        assert "7 changes: E1, E2, E3, E4, E5, E6, and E7." in found
        assert len(found) < 7

    def test_changes_take_a_line_each_where_they_are_few(self):
        """With what was told and done, and how each ended."""
        found = self.many(0, 2)
        assert [row.partition(":")[0] for row in found[:3]] == ["Changes 10", "E0 10", "E1 10"]
        assert found[3].startswith("Surgeon told 10:02; distraction released 10:")

    def test_more_of_them_leave_what_was_done_to_their_rows(self):
        """A line each, with how it ended."""
        found = self.many(0, 4)
        assert all(
            row.startswith("Change 10:0") and row.endswith("return to within criterion 10:15.") for row in found[:4]
        )

    def test_changes_about_which_the_same_was_done_stand_together(self):
        """What was told and done stands once."""
        data = with_alert(event_class="change", onset_at=None, retests=[], readings=[])
        data["events"].append({**data["events"][0], "id": "E2", "channels": ["mep-r"], "side": "right"})
        found = sentences(data)
        assert found[0].startswith("Changes (E1 and E2), at the time distraction")
        assert [row[:2] for row in found[1:3]] == ["E1", "E2"]
        assert sum(row.startswith("Surgeon told") for row in found) == 1


class TestEpisodes:
    def test_alerts_of_one_minute_are_one_account(self):
        """Each with its own id, responses and ending; the context once."""
        data = with_alert()
        other = {**data["events"][0], "id": "E2", "channels": ["ssep-l"], "modality": "ssep_lower", "readings": []}
        data["events"].append({**other, "retests": [], "criterion": None})
        found = sentences(data)
        assert found[0].startswith("Alerts 10:00 (E1 and E2), at the time ")
        assert found[2] == (
            "E2 10:00: amplitude decrease, left posterior tibial nerve SSEP; return to within criterion 10:15."
        )

    def test_an_alert_at_another_time_stands_apart(self):
        """Even with the same context."""
        data = with_alert()
        data["events"].append({**data["events"][0], "id": "E2", "onset_at": at("11:00"), "resolution": None})
        assert [row[:5] for row in sentences(data) if row.startswith("Alert")] == ["Alert", "Alert"]


class TestAfterSurgery:
    def test_a_deficit_stands_on_page_one_with_who_found_it_and_when(self):
        """Never behind the words that nothing is recorded alone."""
        examination = {
            "availability": "performed",
            "examiner": "Surgeon, Sam, MD",
            "at": at("13:32"),
            "new_deficit": "new",
            "findings": [
                {"domain": "motor", "side": "left", "site": "ankle dorsiflexion", "finding": "weak", "grade_0_5": 3}
            ],
        }
        found = sentences(case(events=[], postoperative_examination=examination))
        told = [row for row in found if "examination" in row]
        weak = "motor, left ankle dorsiflexion: weak (3/5)"
        assert told == [f"Post-operative examination, 13:32, by Surgeon, Sam, MD: new deficit: {weak}."]

    def test_an_entry_of_the_course_after_surgery_stands_there_too(self):
        """Waking with a deficit, with who reports it; an image without one stands in its section alone."""
        course = [
            {"kind": "waking", "by_role": "surgeon", "text": "woke with a weak left foot", "deficit": "unstated"},
            {"kind": "imaging", "by_role": "surgeon", "result": "hematoma"},
        ]
        found = sentences(case(events=[], postoperative_course=course))
        assert [row for row in found if "weak left foot" in row and "surgeon" in row]
        assert [row for row in found if "hematoma" in row]

    @pytest.mark.parametrize(("deficit", "strong"), [("new", True), ("unstated", True), ("none_reported", False)])
    def test_a_deficit_is_set_bold(self, deficit, strong):
        """And an examination without a new one is not."""
        examination = {"availability": "performed", "examiner": "Surgeon, Sam, MD", "new_deficit": deficit}
        last = result(facts_of(case(events=[], postoperative_examination=examination))).blocks[-1]
        assert isinstance(last, Paragraph)
        assert last.strong is strong

    def test_an_examination_has_what_was_found_before_surgery_beside_it(self):
        """Of the same kind of examination, whether there is a deficit or not."""
        data = case(events=[])
        examined = {"availability": "performed", "examiner": "Surgeon, Sam, MD"}
        strong = {"domain": "motor", "side": "bilateral", "site": "legs", "finding": "full strength", "grade_0_5": 5}
        voice = {"domain": "voice", "side": "not_applicable", "finding": "clear"}
        weak = {"domain": "motor", "side": "left", "site": "ankle", "finding": "weak", "grade_0_5": 3}
        data["preoperative"]["examination"] = {**examined, "findings": [strong, voice]}
        data["postoperative_examination"] = {**examined, "new_deficit": "new", "findings": [weak]}
        assert sentences(data)[-1] == "Before surgery: motor, legs (both sides): full strength (5/5)."
        data["postoperative_examination"]["new_deficit"] = "none_reported"
        assert [row for row in sentences(data) if row.startswith("Before surgery")]
        data["postoperative_examination"]["findings"] = []
        assert not [row for row in sentences(data) if row.startswith("Before surgery")]

    def test_a_result_in_words_has_the_value_before_surgery_behind_it(self):
        """Behind the sentence that is about the same; what is not examined after surgery is not told."""
        data = case(events=[])
        examined = {"availability": "performed", "examiner": "Surgeon, Sam, MD"}
        rows = [("hearing", "speech discrimination 88 %"), ("gait", "steady")]
        data["preoperative"]["examination"] = {
            **examined,
            "findings": [{"domain": domain, "side": "right", "finding": words} for domain, words in rows],
        }
        whisper = {"domain": "hearing", "side": "right", "finding": "hears a whisper"}
        data["postoperative_examination"] = {**examined, "findings": [whisper]}
        data["postoperative_course"] = [{"kind": "audiometry", "result": "speech discrimination 80 %"}]
        *_, result_told, before = sentences(data)
        assert "80 %" in result_told
        assert before == "Before surgery: hearing, right: speech discrimination 88 %."

    def test_only_what_tells_a_deficit_is_bold(self):
        """Not the sleep of the first night before it."""
        course = [
            {"kind": "intensive_care", "by_role": "anesthesiologist", "text": "kept asleep overnight"},
            {"kind": "examination", "by_role": "neurologist", "text": "weak left foot", "deficit": "new"},
        ]
        blocks = result(facts_of(case(events=[], postoperative_course=course))).blocks[-2:]
        told = [(row.sentences[0].text, row.strong) for row in blocks if isinstance(row, Paragraph)]
        assert ["asleep" in told[0][0], told[0][1]] == [True, False]
        assert ["weak left foot" in told[1][0], told[1][1]] == [True, True]

    def test_without_an_examination_nothing_is_said_there(self):
        """The section behind says that it is not recorded."""
        assert not [row for row in sentences(case(events=[])) if "examination" in row]


class TestStimulus:
    def test_one_other_than_at_baseline_stands_beside_the_closing_readings(self):
        """Of the modality that it was changed for, and of no other."""
        done = [{"code": "raise_stimulus", "at": at("10:05"), "actor": "technologist", "detail": "450 V to 500 V"}]
        assert "Stimulus raised 10:05 (450 V to 500 V)." in sentences(with_alert(interventions=done))
        data = with_alert(interventions=done)
        data["channels"] = [row for row in data["channels"] if row["modality"] != "tcmep" or row["id"] == "mep-l"]
        closing(data, "mep-l", {"state": "not_monitored", "reason": "not_stated"})
        assert "Stimulus raised 10:05 (450 V to 500 V)." not in sentences(data)


class TestPercentages:
    def test_none_above_a_thousand_is_printed_anywhere(self):
        """The reading is printed, and why no percentage stands beside it."""
        data = closing(with_alert(), "mep-l", reading(9_000.0))
        data["criteria"].append(criterion("better", "tcmep", ("amplitude_increase_pct", 50.0)))
        draft = write(facts_of(data), report_id="T-1")
        words = repr(draft)
        assert "2250%" not in words
        assert "2150%" not in words
        assert "9000 µV" in words
        assert "above 1000% of baseline, percentage not printed" in words

    def test_the_alert_keeps_its_line(self):
        """What is too large to print changes nothing else."""
        assert any(row.startswith("Alert 10:00 (E1)") for row in sentences(with_alert(readings=[])))
        assert alert()["id"] == "E1"


class TestMadeUp:
    def test_times_of_no_clock_are_said_to_be(self):
        """With the note on the record, which says how they were made."""
        data = case(clock="synthetic", record_note="Offsets are added to 10:00.")
        assert not any("synthetic" in row and "times" in row for row in sentences(data))
        data = {**with_alert(), "clock": "synthetic", "record_note": "Offsets are added to 10:00."}
        found = sentences(data)
        assert found[-2].startswith("Clock times: synthetic clock; ")
        assert found[-1] == "Note on this record: “Offsets are added to 10:00”."

    def test_a_side_that_a_program_worked_out_is_said_to_be(self):
        """Of an event; what a person entered is not."""
        data = with_alert()
        data["origins"] = [{"pointer": "/events/0/side", "kind": "computed", "system": "export of the machine"}]
        told = "Side of E1: computed by the program that made the file, export of the machine."
        assert told in sentences(data)
        data["origins"][0]["kind"] = "person"
        assert told not in sentences(data)
