"""The kinds of slip again, on other responses, sides, units and words; and what looks like a slip and is none."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.cases.reports import checked, findings
from tests.inputs.reading import asked, blocking, page, problems
from tests.inputs.stories import sample

_ABSENT = {"state": "absent"}


def _says(case: dict[str, Any], words: str) -> dict[str, Any]:
    case["opinion"]["impression"] = words
    return case


def _channel(case: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in case["channels"] if row["id"] == name)


def _codes(case: dict[str, Any]) -> set[str]:
    return {row.code for row in checked(case).findings}


def _again(case: dict[str, Any], name: str, **changes: Any) -> dict[str, Any]:
    """The case with one more record of a response, changed; None takes a field away."""
    row = {**deepcopy(_channel(case, name)), "id": "again", **changes}
    case["channels"].append({key: value for key, value in row.items() if value is not None})
    return case


class TestSidesInWords:
    @pytest.mark.parametrize(
        "words", ["Rt carotid endarterectomy", "R CEA", "CEA (R)", "Carotid endarterectomy, R", "CEA on the rt. side"]
    )
    @pytest.mark.parametrize(
        ("field", "code"), [("planned_procedure", "planned_side"), ("procedure", "procedure_text_side")]
    )
    def test_a_side_is_read_however_it_is_written(self, field, code, words):
        """In full, as Rt, or as a letter that stands alone."""
        case = sample("cea_shunt")
        case["surgery"][field] = words
        assert findings(case, f"contradiction.{code}")

    @pytest.mark.parametrize(
        "words", ["Lt carotid endarterectomy", "L CEA", "Left CEA, right vein patch", "CEA at C3-R4"]
    )
    def test_the_operated_side_is_no_finding(self, words):
        """A further side beside it neither, nor a letter within a word."""
        case = sample("cea_shunt")
        case["surgery"].update(planned_procedure=words, procedure=words)
        assert not {"contradiction.planned_side", "contradiction.procedure_text_side"} & _codes(case)

    def test_both_sides_in_words_are_not_one(self):
        """Recorded as left, and both sides are named."""
        case = sample("cea_shunt")
        case["surgery"]["procedure"] = "Bilateral carotid endarterectomy"
        assert "both sides" in findings(case, "contradiction.procedure_text_side")[0].message


class TestResponses:
    def test_a_side_of_a_response_without_a_nerve(self):
        """BAEP has no nerve or muscle to name it, and one of two right ones is the left."""
        case = sample("vestibular_schwannoma_baep")
        _channel(case, "baep-l")["side"] = "right"
        assert len(blocking(case, "two records", "BAEP", "none is left")) == 1

    @pytest.mark.parametrize("changes", [{"peak": "P14"}, {"montage": "CP3-CP4"}])
    def test_another_peak_or_derivation_is_another_record(self, changes):
        """It is no copy, and its side needs no other one."""
        before = _codes(sample("acdf_quiet"))
        assert _codes(_again(sample("acdf_quiet"), "ssep-median-l", **changes)) == before


class TestImpressions:
    @pytest.mark.parametrize(
        "words",
        [
            "Final MEPs were comparable to baseline.",
            "Uneventful monitoring.",
            "TcMEPs unremarkable.",
            "no sig change in MEPs",
        ],
    )
    def test_no_change_in_other_words(self, words):
        """Against a response that is absent at closing."""
        case = _says(sample("acdf_quiet"), words)
        _channel(case, "mep-deltoid-l")["measurements"][-1]["reading"] = _ABSENT
        assert findings(case, "contradiction.no_change_in_impression")

    @pytest.mark.parametrize(
        ("name", "words", "code"),
        [
            ("acdf_quiet", "Bilateral tibialis anterior MEPs were lost.", "change"),
            ("acdf_quiet", "LTA and RTA absent at closing.", "change"),
            ("acdf_quiet", "TcMEP baseline recordings unobtainable.", "unobtainable"),
            ("vestibular_schwannoma_baep", "Left BAEP was lost.", "change"),
            ("vestibular_schwannoma_baep", "Left wave V was delayed.", "change"),
            ("acdf_quiet", "The left hand MEP was lost.", "change"),
            ("acdf_quiet", "SSEPs fell by more than half.", "change"),
            ("scoliosis_mep_loss", "Left and right tibialis anterior TcMEP remained within criterion.", "within"),
            ("scoliosis_mep_loss", "Right and left tibialis anterior MEPs were within limits at closing.", "within"),
            ("scoliosis_mep_loss", "TcMEPs recovered fully.", "recovered"),
            ("scoliosis_mep_loss", "MEPs had returned to baseline by the end of surgery.", "recovered"),
        ],
    )
    def test_what_its_own_values_deny_is_asked(self, name, words, code):
        """Both sides, a letter glued to the muscle, a modality without a nerve, a recovery, a missing baseline."""
        found = findings(_says(sample(name), words), f"contradiction.{code}_in_impression")
        assert [row.blocking for row in found][:1] == [True]

    def test_stable_in_part_without_a_baseline(self):
        """Hands were followed, legs were not."""
        case = _says(sample("unobtainable_baselines"), "TcMEP of both legs remained stable.")
        assert findings(case, "contradiction.part_stable_without_baseline")

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("acdf_quiet", "Left deltoid TcMEP decreased by less than 20%."),
            ("acdf_quiet", "Left deltoid TcMEP fell by 4%."),
            ("acdf_quiet", "Slight decrease; the left deltoid TcMEP was mildly reduced."),
            ("acdf_quiet", "The left deltoid TcMEP was never lost."),
            ("acdf_quiet", "SSEP data were lost during cautery."),
            ("scoliosis_mep_loss", "TcMEPs of both legs were lost at 11:28. New deficit."),
            ("acdf_quiet", "TcMEPs of both arms and legs were stable, with no significant change."),
            ("unobtainable_baselines", "Baselines of leg TcMEP were unobtainable."),
            ("unobtainable_baselines", "Hand TcMEP remained stable."),
            ("unobtainable_baselines", "TcMEP present in both hands at closing; absent in both legs from the start."),
            ("vestibular_schwannoma_baep", "Right wave V was delayed."),
            ("scoliosis_mep_loss", "TcMEPs recovered in part. New deficit."),
            ("scoliosis_mep_loss", "Left tibialis anterior MEP was lost and partially recovered. New deficit."),
            ("cea_shunt", "The left TCD fell and returned to baseline."),
        ],
    )
    def test_what_the_record_bears_out_is_not(self, name, words):
        """A finding on a true sentence is as bad as none on a false one."""
        found = [row.code for row in checked(_says(sample(name), words)).findings]
        assert [code for code in found if "in_impression" in code and "percent" not in code] == []


class TestDeficits:
    @pytest.mark.parametrize(
        "words",
        [
            "Left ankle dorsiflexion 3/5 on waking.",
            "Left ankle strength was decreased.",
            "Foot drop.",
            "New motor deficit.",
        ],
    )
    def test_one_is_named_in_many_ways(self, words):
        """By its grade, by strength, by its name."""
        case = _says(sample("scoliosis_mep_loss"), words)
        assert findings(case, "contradiction.deficit_not_in_impression") == []

    @pytest.mark.parametrize(
        "words",
        [
            "No new deficit.",
            "Correlate with the postoperative examination.",
            "MEPs partly recovered; no new neurological deficit was seen.",
        ],
    )
    def test_that_there_is_none_names_none(self, words):
        """The examination reports one."""
        case = _says(sample("scoliosis_mep_loss"), words)
        assert findings(case, "contradiction.deficit_not_in_impression")


class TestNights:
    def test_a_slipped_day_is_one_question(self):
        """In a night of a clock change the offset is wrong with the day, and closing has no vital signs near it."""
        case = sample("overnight_clock_change")
        day, next_day = "2026-10-31T", "2026-11-01T"
        before = {row.code for row in checked(sample("overnight_clock_change")).findings}
        for row in case["physiology"]:
            row["at"] = row["at"].replace(next_day, day)
        assert _codes(case) - before == {"contradiction.day_not_advanced"}

    def test_a_response_is_named(self):
        """Where the slip is in its readings alone."""
        case = sample("overnight_clock_change")
        row = case["channels"][0]["measurements"][-1]
        row["at"] = row["at"].replace("2026-11-01T", "2026-10-31T")
        assert asked(case, "left ulnar nerve SSEP", "next day")


class TestTold:
    def test_a_message_of_the_log_tells(self):
        """What the log says of an event needs no second entry at the event; its answer is asked."""
        case = sample("scoliosis_mep_loss")
        case["events"][0]["notifications"] = []
        codes = {"contradiction.alert_without_notification", "required.notification", "required.acknowledgement"}
        assert not codes & _codes(case)
        case["communication"]["messages"] = [
            row for row in case["communication"]["messages"] if row["from_role"] == "technologist"
        ]
        assert codes & _codes(case) == {"required.acknowledgement"}

    def test_an_answer_to_the_technologist_tells_nobody(self):
        """Somebody has to be told before."""
        case = sample("scoliosis_mep_loss")
        case["events"][0]["notifications"] = []
        case["communication"]["messages"] = [
            {"from_role": "surgeon", "to_role": "technologist", "kind": "status", "event": "E1", "text": "Seen."}
        ]
        assert "contradiction.alert_without_notification" in _codes(case)

    def test_the_course_after_surgery_is_an_examination(self):
        """It is not asked for where the course tells of one."""
        case = sample("thin_carotid_no_shunt_details")
        assert case["postoperative_course"]
        assert "required.postoperative_examination" not in _codes(case)


class TestSessions:
    def _with_gap(self, start: str, end: str) -> dict[str, Any]:
        case = sample("scoliosis_mep_loss")
        row = case["professional_sessions"][0]
        day, zone = row["start_at"][:11], row["start_at"][19:]
        last = case["professional_sessions"][-1]["end_at"]
        case["professional_sessions"] = [
            {**row, "end_at": f"{day}{start}:00{zone}"},
            {**row, "start_at": f"{day}{end}:00{zone}", "end_at": last},
        ]
        return case

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            ("11:20", "11:40", "Alert E1 at 11:28"),
            ("11:29", "11:31", "acknowledgement of E1 at 11:30"),
            ("11:28", "11:31", "acknowledgement of E1 at 11:30"),
        ],
    )
    def test_a_gap_of_minutes_is_seen(self, start, end, words):
        """Between two sessions of one person, or of two."""
        found = findings(self._with_gap(start, end), "contradiction.alert_outside_sessions")
        assert [words in row.message for row in found] == [True]

    def test_a_gap_at_another_time_is_none(self):
        """Nothing happened in it."""
        assert findings(self._with_gap("11:05", "11:15"), "contradiction.alert_outside_sessions") == []

    def test_what_they_say_in_the_log_is_seen_too(self):
        """Where the event has no acknowledgement of theirs."""
        case = self._with_gap("11:29", "11:35")
        case["events"][0]["notifications"] = case["events"][0]["notifications"][:2]
        found = findings(case, "contradiction.alert_outside_sessions")
        assert ["the professional's message about e1" in row.message.lower() for row in found] == [True]


class TestStates:
    @pytest.mark.parametrize("state", ["present", "increased", "reduced", "hard_to_elicit", "changed"])
    def test_each_of_them_is_a_response(self, state):
        """A later absence is a loss, whatever was said of the baseline in place of a number."""
        case = sample("acdf_quiet")
        channel = _channel(case, "mep-deltoid-l")
        for row in channel["measurements"]:
            row["reading"] = {"state": state}
        channel["measurements"][-1]["reading"] = _ABSENT
        assert findings(case, "contradiction.beyond_criterion_without_event")

    @pytest.mark.parametrize("state", ["increased", "reduced", "hard_to_elicit", "changed"])
    def test_there_is_none_without_a_baseline(self, state):
        """A response that never had one cannot be reduced."""
        case = sample("unobtainable_baselines")
        channel = next(
            row
            for row in case["channels"]
            if row["modality"] == "tcmep" and row["measurements"][0]["reading"]["state"] == "not_obtained"
        )
        channel["measurements"].append({"phase": "closing", "reading": {"state": state}})
        assert findings(case, "contradiction.no_baseline_then_value")

    @pytest.mark.parametrize("state", ["present", "reduced", "hard_to_elicit", "changed"])
    def test_a_stated_percent_goes_with_each_of_them(self, state):
        """It is printed, and held against the criterion."""
        case = sample("acdf_quiet")
        reading = {"state": state, "amplitude_pct_of_baseline": 12}
        _channel(case, "mep-deltoid-l")["measurements"][-1]["reading"] = reading
        assert "12% of baseline amplitude (beyond criterion)" in page(case)
        assert findings(case, "contradiction.beyond_criterion_without_event")

    @pytest.mark.parametrize(("state", "percent"), [("increased", 41), ("reduced", 120)])
    def test_a_percent_that_denies_its_state_is_refused(self, state, percent):
        """Reduced to more than there was."""
        case = sample("acdf_quiet")
        reading = {"state": state, "amplitude_pct_of_baseline": percent}
        _channel(case, "mep-deltoid-l")["measurements"][-1]["reading"] = reading
        assert [code for code, *_ in problems(case)] == ["case.value_against_state"]


class TestCodes:
    @pytest.mark.parametrize(
        ("place", "written", "meant"),
        [("side", "rigth", "right"), ("side", "L", "left"), ("muscle", "tib ant", "tibialis_anterior")],
    )
    def test_a_slip_of_the_pen_is_answered_with_the_code(self, place, written, meant):
        """By the nearest of the list."""
        case = sample("acdf_quiet")
        _channel(case, "mep-deltoid-l")[place] = written
        assert f"`{meant}` may be meant" in problems(case)[0][2]

    @pytest.mark.parametrize(
        ("written", "meant"), [("lost", "absent"), ("normal", "present"), ("decreased", "reduced")]
    )
    def test_a_state_in_the_words_of_a_trace_sheet(self, written, meant):
        """Is answered with the state."""
        case = sample("acdf_quiet")
        _channel(case, "mep-deltoid-l")["measurements"][-1]["reading"] = {"state": written}
        assert f"`{meant}` may be meant" in problems(case)[0][2]


class TestIdentifiers:
    @pytest.mark.parametrize("number", ["1234567839", "2345678901", "9234567893", "0123456789"])
    @pytest.mark.parametrize("holder", ["surgeon", "facility"])
    def test_a_number_that_nobody_can_have(self, number, holder):
        """A check digit that does not fit, or a first digit that is not issued."""
        case = sample("cea_shunt")
        if holder == "facility":
            case["encounter"]["facility_npi"] = number
        else:
            next(row for row in case["people"] if row["role"] == holder)["npi"] = number
        assert [holder in row.message for row in findings(case, "contradiction.npi_check_digit")] == [True]


class TestAnesthesia:
    def test_agents_that_are_listed_are_not_asked_again(self):
        """Only the regimen is."""
        case = sample("acdf_quiet")
        del case["anesthesia"]["regimen"]
        assert [row.question for row in findings(case, "required.anesthesia")] == ["Which regimen was it?"]


class TestUnits:
    @pytest.mark.parametrize(
        ("name", "channel"),
        [
            ("thyroid_rln", "rln-v-r"),
            ("vestibular_schwannoma_baep", "baep-r"),
            ("transpsoas_saphenous", "ssep-saph-l"),
            ("tethered_cord_bcr", "ssep-ptn-r"),
        ],
    )
    def test_a_response_in_millivolts_is_one_question(self, name, channel):
        """Whatever the modality, its criterion and the events that it takes part in."""
        case = sample(name)
        before = _codes(case)
        for row in _channel(case, channel)["measurements"]:
            if "amplitude_uv" in row["reading"]:
                row["reading"]["amplitude_uv"] /= 1000
        assert {code for code in _codes(case) - before if "limits" not in code} == {"contradiction.unit_of_channel"}


class TestBodies:
    @pytest.mark.parametrize(
        ("height_cm", "weight_kg", "unit"), [(168, 180, "pounds"), (150, 160, "pounds"), (66, 71, "inches")]
    )
    def test_a_slip_of_the_unit_is_the_first_suspicion(self, height_cm, weight_kg, unit):
        """Also where each of the two would do alone."""
        case = sample("acdf_quiet")
        case["patient"].update(height_cm=height_cm, weight_kg=weight_kg)
        assert len(asked(case, "unusual", unit)) == 1

    @pytest.mark.parametrize(("height_cm", "weight_kg"), [(160, 140), (200, 230), (152, 41)])
    def test_a_heavy_or_light_patient_is_none(self, height_cm, weight_kg):
        """The bounds are wide."""
        case = sample("acdf_quiet")
        case["patient"].update(height_cm=height_cm, weight_kg=weight_kg)
        assert asked(case, "unusual") == []


class TestNothingSaid:
    @pytest.mark.parametrize("words", ["not recorded", "Not_recorded", "unknown", "N/A", "-", "TBD", "none", "?"])
    @pytest.mark.parametrize(
        ("place", "field", "code"),
        [
            ("patient", "name", "patient_name"),
            ("patient", "mrn", "record_number"),
            ("encounter", "facility_name", "facility"),
            ("opinion", "impression", "impression"),
        ],
    )
    def test_words_that_say_nothing_pass_no_gate(self, place, field, code, words):
        """They are an omission in other words."""
        case = sample("acdf_quiet")
        case[place][field] = words
        assert findings(case, f"required.{code}")

    def test_a_side_that_is_not_recorded_is_asked(self):
        """By the response; the rest of its record stands."""
        case = sample("scoliosis_mep_loss")
        case["channels"][0]["side"] = "not_recorded"
        found = asked(case, "side of the", "is not recorded", "on which side was the")
        assert [row.who for row in found] == ["technologist"]
