"""An alert on page one: values that differ are never printed as one, and what has a time of its own prints it."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.blocks import Paragraph
from report_gen.draft.front.result import result
from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import alert, case, channel_of, with_alert
from tests.cases.reports import facts_of

ABSENT = {"state": "absent"}


def paragraphs(data: dict[str, Any]) -> list[Paragraph[Any]]:
    """The paragraphs of the result."""
    return [block for block in result(facts_of(data)).blocks if isinstance(block, Paragraph)]


def sentences(data: dict[str, Any]) -> list[str]:
    """Its sentences, in order."""
    return [row.text for block in paragraphs(data) for row in block.sentences]


def episode(**second: Any) -> dict[str, Any]:
    """Two alerts of one minute."""
    other = alert(id="E2", channels=["ssep-l"], modality="ssep_lower", readings=[], retests=[], criterion=None)
    return case(events=[alert(), {**other, **second}])


class TestEpisode:
    def test_pressures_that_differ_stand_with_their_alerts(self):
        """One of them is never printed as that of all."""
        found = sentences(episode(physiology={"map_mmhg": 71.0}))
        assert "MAP" not in found[0]
        assert "; MAP 62 mmHg;" in found[1]
        assert "; MAP 71 mmHg;" in found[2]

    def test_a_pressure_of_all_stands_once(self):
        """In the heading."""
        found = sentences(episode())
        assert found[0].endswith(", MAP 62 mmHg.")
        assert "MAP" not in found[1] + found[2]

    def test_contexts_that_differ_stand_with_their_alerts(self):
        """What was done at one alert was not done at the other."""
        found = sentences(episode(context=["rod_insertion"]))
        assert "at the time" not in found[0]
        assert "; distraction" in found[1]
        assert "; rod insertion" in found[2]

    def test_only_the_heading_is_bold(self):
        """A line for each alert below it."""
        assert [block.strong for block in paragraphs(episode())][:3] == [True, False, False]


class TestPressure:
    def test_the_target_stands_beside_the_pressure(self):
        """Where the record has one that was in force."""
        data = with_alert()
        data["anesthesia"]["map_target"] = {"map_mmhg": 65.0}
        assert "MAP 62 mmHg (target 65 mmHg)" in sentences(data)[0]
        data["anesthesia"]["map_target"]["start_at"] = at("11:00")
        assert "target" not in sentences(data)[0]

    def test_a_target_that_was_asked_for_before_stands_beside_the_standing_one(self):
        """With the time at which it was asked for; one that was asked for afterwards judges nothing."""
        asked = {"code": "raise_map", "at": at("09:50"), "actor": "anesthesia_team", "map_target_mmhg": 85}
        data = with_alert()
        data["anesthesia"]["map_target"] = {"map_mmhg": 65.0}
        data["interventions"] = [asked]
        assert "MAP 62 mmHg (standing target 65 mmHg; 85 mmHg asked for at 09:50)" in sentences(data)[0]
        data["interventions"] = [{**asked, "at": at("10:30")}]
        assert "MAP 62 mmHg (target 65 mmHg)" in sentences(data)[0]


class TestTimes:
    def test_a_reading_later_than_the_onset_has_its_time(self):
        """Nothing is said to be lost at the onset that was read as absent afterwards."""
        late = {"channel": "mep-l", "reading": ABSENT, "at": at("10:03")}
        told = sentences(with_alert(direction="loss", readings=[late]))[0]
        assert told.startswith("Alert from 10:00 (E1): loss of response, left abductor hallucis TcMEP (absent 10:03);")

    def test_a_lost_response_says_when_it_was_first_back(self):
        """The resolution is later, and its time is not how long the response was away."""
        lost = [{"channel": "mep-l", "reading": ABSENT}]
        retests = [
            {"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": reading(200.0)}]},
            {"at": at("10:30"), "readings": [{"channel": "mep-l", "reading": reading(250.0)}]},
        ]
        resolution = {"resolution_class": "partial", "at": at("10:30"), "assigned_by": "prof1"}
        found = sentences(with_alert(direction="loss", readings=lost, retests=retests, resolution=resolution))
        assert "L AH 50% present again 10:15, within criterion; partial recovery 10:30." in found

    def test_no_duration_where_the_resolution_is_the_closing_reading(self):
        """It finds what came back before."""
        resolution = {"resolution_class": "within_criterion", "at": at("11:46"), "assigned_by": "prof1"}
        found = sentences(with_alert(resolution=resolution))
        assert "First reading within criterion 10:15; return to within criterion 11:46." in found

    def test_an_unknown_onset_says_between_which_traces_it_lies(self):
        """And when nothing was recorded meanwhile."""
        unknown = {"onset_at": None, "onset_kind": "unknown_gap"}
        data = with_alert(**unknown, last_unaffected_at=at("09:40"), noticed_at=at("10:00"))
        gap = {"start_at": at("09:41"), "end_at": at("09:55"), "reason": "cautery", "modalities": ["tcmep"]}
        data["intervals"].append({"kind": "gap", **gap})
        found = sentences(data)
        assert "Last trace without the change 09:40; no data 09:41 to 09:55 (electrocautery)." in found

    def test_a_return_to_what_was_never_left_is_the_records_word(self):
        """No reading of the event met the criterion: no length of a change is told from it."""
        found = sentences(with_alert(event_class="change", readings=[{"channel": "mep-l", "reading": reading(360.0)}]))
        assert "No reading met its criterion; recorded: return to within criterion 10:15." in found

    def test_what_is_seen_again_beyond_its_criterion_is_said_to_be_so(self):
        """Present again sounds recovered."""
        gone = {"channel": "mep-l", "reading": {"state": "absent"}}
        tests = [{"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": reading(30.0)}]}]
        ended = {"resolution_class": "partial", "at": at("10:30"), "assigned_by": "prof1"}
        found = sentences(with_alert(direction="loss", readings=[gone], retests=tests, resolution=ended))
        assert any("L AH 8% present again 10:15 (beyond criterion); " in row for row in found)


def done(*codes: str, **more: Any) -> list[dict[str, Any]]:
    """Acts of the surgeon, a minute apart from 10:03."""
    return [{"code": code, "at": at(f"10:0{n}"), "actor": "surgeon", **more} for n, code in enumerate(codes, 3)]


class TestActions:
    def test_few_are_named_in_the_order_of_their_times(self):
        """Behind who was told."""
        codes = ("tof_check", "release_distraction", "raise_map", "warm_patient", "transfuse")
        assert sentences(with_alert(interventions=done(*codes)))[1] == (
            "Surgeon and anesthesiologist told 10:02; train-of-four check 10:03; distraction released 10:04; "
            "mean arterial pressure raised 10:05; warming 10:06; transfusion 10:07."
        )

    def test_of_many_it_says_how_many_more_there_are_and_where(self):
        """The first three that do more than look into the change are named."""
        codes = ("tof_check", "release_distraction", "raise_map", "warm_patient", "transfuse", "compare_control")
        assert sentences(with_alert(interventions=done(*codes)))[1] == (
            "Surgeon and anesthesiologist told 10:02; distraction released 10:04; mean arterial pressure raised 10:05; "
            "warming 10:06; 3 more actions: table of E1."
        )

    def test_when_the_professional_was_told_and_answered_is_said(self):
        """A reviewer of the claim looks for it."""
        told = {"to": "interpreting_professional", "by": "tech1", "at": at("10:02"), "acknowledged": "yes"}
        rows = [*alert()["notifications"], {**told, "acknowledged_at": at("10:04")}]
        found = sentences(with_alert(notifications=rows))[1]
        assert "interpreting professional told 10:02, acknowledged 10:04; " in found
        rows[-1]["acknowledged_at"] = at("10:02")
        together = "Surgeon, anesthesiologist, and interpreting professional (acknowledged) told 10:02; "
        assert sentences(with_alert(notifications=rows))[1].startswith(together)
        assert (
            "Interpreting professional told and acknowledged 10:02; "
            in sentences(with_alert(notifications=rows[-1:]))[1]
        )
        rows[-1] = {**told, "acknowledged": "not_recorded"}
        assert "and interpreting professional told 10:02; " in sentences(with_alert(notifications=rows))[1]

    def test_a_short_reply_of_the_surgeon_is_quoted(self):
        """One word that only says that it was heard is not."""
        rows = alert()["notifications"][:1]
        for reply, words in (("Cutting now.", "Surgeon (“Cutting now”) told 10:02; "), ("Understood", "Surgeon told ")):
            assert sentences(with_alert(notifications=[{**rows[0], "reply": reply}]))[1].startswith(words)

    def test_of_several_alerts_it_says_which_somebody_was_told_of(self):
        """And that of the others it is not recorded."""
        told = {"to": "interpreting_professional", "by": "tech1", "at": at("10:03")}
        first = alert(notifications=[*alert()["notifications"], told])
        found = " ".join(sentences(case(events=[first, alert(id="E2")])))
        assert "interpreting professional told of E1 (of E2 not recorded) 10:03" in found

    def test_what_only_looks_into_it_is_named_without_its_times(self):
        """Behind what was done; the table has the times."""
        codes = ("compare_control", "tof_check", "technical_check", "release_distraction")
        assert sentences(with_alert(interventions=done(*codes)))[1].endswith(
            "distraction released 10:06; also control compared, train-of-four check, and technical check "
            "(times: table of E1)."
        )

    def test_causes_recorded_as_excluded_stand_beside_it(self):
        """In the words of the record's terms."""
        found = sentences(with_alert(excluded=["neuromuscular_block"]))
        assert "Recorded as ruled out: neuromuscular block." in found

    def test_a_note_of_its_own_is_quoted(self):
        """It may say where the lesion is."""
        found = sentences(with_alert(note="Distal stimulation gave 512 µV, proximal none."))
        assert "Note: “Distal stimulation gave 512 µV, proximal none”." in found

    def test_a_term_that_leaves_open_which_stands_with_the_words_of_the_record(self):
        """And as one of the two where the outcome of the procedure says which."""
        data = with_alert(interventions=done("abort_or_stage", detail="right side deferred"))
        assert "procedure aborted or staged (“right side deferred”) 10:03." in sentences(data)[1]
        data["surgery"] |= {"outcome": "staged", "outcome_reason": "loss of the response"}
        assert "procedure staged (“right side deferred”) 10:03." in sentences(data)[1]

    def test_an_act_on_another_side_than_the_event_says_its_side(self):
        """The response is on one side, the clip on the other."""
        assert (
            "clip removed (right) 10:03." in sentences(with_alert(interventions=done("remove_clip", side="right")))[1]
        )
        assert "clip removed 10:03." in sentences(with_alert(interventions=done("remove_clip", side="left")))[1]

    def test_acts_without_a_time_stand_with_what_is_told_of_them(self):
        """That none has a time is said once."""
        acts = [{**row, "at": None} for row in done("pause_surgery", "pad_limb", detail="wrist cushioned")]
        found = sentences(with_alert(interventions=acts))[1]
        assert found.endswith(
            "pause of surgery (“wrist cushioned”); limb padding (“wrist cushioned”); times not recorded."
        )


class TestContext:
    def test_the_words_of_the_record_come_before_its_terms(self):
        """A term names a step that may be over by then."""
        note = "Fourteen minutes after the filum was cut."
        found = sentences(with_alert(context=["detethering"], context_note=note))[0]
        assert "; at the time: “Fourteen minutes after the filum was cut” (detethering), MAP" in found

    def test_a_term_that_they_hold_is_not_said_twice(self):
        """Only the others stand beside them."""
        note = "rod derotation on the left; pressure falling"
        found = sentences(with_alert(context=["derotation", "hypotension"], context_note=note))[0]
        assert "“rod derotation on the left; pressure falling” (hypotension)" in found

    @pytest.mark.parametrize(
        ("note", "told"),
        [
            ("clamp moved; " + "pressure was held as before " * 5, "“clamp moved …”"),
            ("clamp moved; but not at the time of the change, " + "which came later " * 6, "cross-clamp, MAP"),
            ("a single clause of great length " * 6, "cross-clamp, MAP"),
        ],
    )
    def test_long_words_end_with_a_whole_clause(self, note, told):
        """Where what is left out could take back what is said, or no clause is short, the terms stand alone."""
        found = sentences(with_alert(context=["cross_clamp"], context_note=note.strip()))[0]
        assert f"; at the time: {told}" in found

    def test_words_of_one_alert_of_an_episode_stand_with_it(self):
        """The step that all have in common stands once."""
        found = sentences(episode(context_note="two minutes later"))
        assert "; at the time: distraction" in found[0]
        assert "“two minutes later”" not in found[0] + found[1]
        assert "; “two minutes later”" in found[2]


class TestValues:
    def test_activity_that_has_no_share_of_a_baseline_is_named(self):
        """`asymmetry` alone says less than the pattern that was seen."""
        seen = [{"channel": "mep-l", "reading": {"state": "measured", "pattern": "train", "duration_s": 8}}]
        found = sentences(with_alert(direction="new_activity", readings=seen))[0]
        assert "left abductor hallucis TcMEP (train activity, 8 s)" in found


class TestCause:
    def test_a_cause_stands_with_who_names_it(self):
        """In that person's words, with the terms that these do not hold."""
        cause = {"causes": ["hypotension"], "by_role": "surgeon", "statement": "The pressure was too low."}
        found = sentences(with_alert(suspected_cause=cause))
        assert "Suspected cause (surgeon): “The pressure was too low” (hypotension)." in found
        stated = {"causes": ["hypotension"], "by_role": "surgeon", "certainty": "not_stated"}
        found = sentences(with_alert(stated_causes=[stated]))
        assert "Cause, certainty not stated (surgeon): hypotension." in found


class TestMeanwhile:
    def test_what_no_event_tells_stands_beneath_the_alert_in_whose_time_it_was(self):
        """Not as the second alarm of the page."""
        data = with_alert()
        channel_of(data, "mep-r")["measurements"].insert(1, measurement("intraop", "10:05", ABSENT))
        found = paragraphs(data)
        assert found[0].sentences[-1].text == (
            "During E1: right abductor hallucis TcMEP: absent, 10:05; not logged as an event."
        )
        assert not [row for row in sentences(data) if row.startswith("Outside of")]
