"""Samples with one realistic slip each: what must be asked, what must stop the signature, what must not be printed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cases.edits import drop, put
from tests.inputs.reading import asked, blocking, page, problems
from tests.inputs.stories import put_key, sample, small


def _channel(case: dict[str, Any], modality: str, side: str, site: str) -> dict[str, Any]:
    return next(
        row
        for row in case["channels"]
        if row["modality"] == modality and row["side"] == side and site in (row.get("muscle"), row.get("nerve"))
    )


def _amplitudes(channel: dict[str, Any]) -> list[dict[str, Any]]:
    return [row["reading"] for row in channel["measurements"] if "amplitude_uv" in row["reading"]]


class TestUnits:
    @pytest.mark.parametrize(
        ("name", "place", "words"),
        [
            ("scoliosis_mep_loss", ("tcmep", "right", "tibialis_anterior"), ("right", "tibialis anterior", "mv")),
            ("acdf_quiet", ("tcmep", "left", "deltoid"), ("left", "deltoid", "mv")),
            ("acdf_quiet", ("ssep_upper", "right", "ulnar"), ("right", "ulnar")),
        ],
    )
    def test_a_channel_in_another_unit_is_one_finding(self, name, place, words):
        """Its response is named and the unit is the first suspicion; nothing absurd is printed."""
        case = sample(name)
        for reading in _amplitudes(_channel(case, *place)):
            reading["amplitude_uv"] = round(reading["amplitude_uv"] / 1000, 6)
        found = blocking(case, *words)
        assert len(found) == 1
        percents = [int(number) for number in re.findall(r"(\d+)(?:\.\d+)?\s?%", page(case))]
        assert max(percents) <= 1000

    def test_one_value_in_another_unit_is_joined_with_the_missing_event(self):
        """Either the value is in mV, or a loss was seen and nobody was told: one question asks for both."""
        case = sample("acdf_quiet")
        last = _amplitudes(_channel(case, "tcmep", "left", "tibialis_anterior"))[-1]
        last["amplitude_uv"] = last["amplitude_uv"] / 1000
        assert len(blocking(case, "left", "tibialis anterior", "mv", "told")) == 1

    def test_a_key_of_ones_own_is_named_with_the_nearest(self):
        """The key is no patient's data, and the person sees which one is meant."""
        case = sample("acdf_quiet")
        put_key(case["channels"][0]["measurements"][0]["reading"], "amplitude_uv", "amplitude_mv")
        words = " ".join(told for code, _, told in problems(case) if code == "case.unknown_key")
        assert "amplitude_mv" in words
        assert "amplitude_uv" in words

    @pytest.mark.parametrize(
        ("size", "asked_about"),
        [
            ({"height_cm": 67, "weight_kg": 180}, True),
            ({"height_cm": 67, "weight_kg": 82}, True),
            ({"height_cm": 170, "weight_kg": 82}, False),
            ({"height_cm": 112, "weight_kg": 19, "date_of_birth": "2020-01-05"}, False),
        ],
    )
    def test_inches_and_pounds_are_asked_about(self, size, asked_about):
        """An adult of 67 cm is measured in another unit; a child of 112 cm is a child."""
        case = small()
        case["patient"] |= size
        assert bool(asked(case, "height")) is asked_about


class TestClosing:
    def test_no_closing_reading_is_counted_and_named(self):
        """An impression that says "present at closing" is questioned."""
        case = sample("acdf_quiet")
        for channel in case["channels"]:
            if channel["modality"] == "tcmep":
                channel["measurements"] = [row for row in channel["measurements"] if row["phase"] != "closing"]
        assert "No closing reading: deltoid, biceps brachii, triceps brachii, " in page(case)
        assert asked(case, "closing", "impression")

    @pytest.mark.parametrize("muscle", ["deltoid", "tibialis_anterior"])
    def test_an_absent_response_without_an_event_blocks(self, muscle):
        """The class "no change" and the value cannot both hold."""
        case = sample("acdf_quiet")
        reading = _channel(case, "tcmep", "left", muscle)["measurements"][-1]["reading"]
        for name in ("amplitude_uv", "latency_ms"):
            reading.pop(name)
        reading["state"] = "absent"
        assert blocking(case, "left", muscle.replace("_", " "))


class TestSides:
    @pytest.mark.parametrize(
        ("name", "place"),
        [
            ("scoliosis_mep_loss", ("tcmep", "left", "tibialis_anterior")),
            ("acdf_quiet", ("ssep_upper", "left", "ulnar")),
        ],
    )
    def test_two_channels_of_one_response_block(self, name, place):
        """And the side that is then missing is asked for; the mark of a side is never guessed."""
        case = sample(name)
        channel = _channel(case, *place)
        channel["side"] = "right"
        site = place[2].replace("_", " ")
        found = blocking(case, site)
        assert found
        assert any("right" in row.message and "left" in f"{row.message} {row.question}" for row in found)

    def test_the_same_response_under_two_ids_blocks(self):
        """Two rows of one response on the page would be two responses."""
        case = sample("acdf_quiet")
        channel = _channel(case, "tcmep", "left", "deltoid")
        case["channels"].append({**channel, "id": "another-id"})
        assert blocking(case, "deltoid", "left")

    def test_responses_of_unequal_sides_are_listed(self):
        """Both tibialis anterior and the right gastrocnemius: no word says that the left gastrocnemius was lost."""
        case = small() | {"modalities": [{"modality": "tcmep", "performed": True}]}
        places = [("left", "tibialis_anterior"), ("right", "tibialis_anterior")]
        places += [("right", "gastrocnemius"), ("left", "gastrocnemius")]
        case["channels"] = [
            {
                "id": f"{muscle}-{side}",
                "modality": "tcmep",
                "side": side,
                "muscle": muscle,
                "measurements": [{"phase": "baseline", "reading": {"state": "present"}}],
            }
            for side, muscle in places
        ]
        case["events"] = [
            {
                "id": "E1",
                "event_class": "change",
                "modality": "tcmep",
                "channels": [f"{muscle}-{side}" for side, muscle in places[:3]],
                "side": "bilateral",
                "direction": "loss",
            }
        ]
        lines = re.split(r"\n|; |\. ", page(case))
        lost = [line for line in lines if "gastrocnemius" in line and re.search(r"\blo(ss|st)\b", line)]
        assert lost
        assert not [line for line in lost if re.search(r"gastrocnemius[^.;]*(on )?both sides", line)]
        assert not [line for line in lost if re.search(r"left (medial )?gastrocnemius", line)]

    def test_an_impression_on_the_other_side_blocks(self):
        """The muscle that it names has its own values; a control on that side is no excuse."""
        case = sample("scoliosis_mep_loss")
        text = case["opinion"]["impression"]
        swapped = re.sub(r"\bleft\b", "RIGHT", re.sub(r"\bright\b", "left", text)).replace("RIGHT", "right")
        assert swapped != text
        case["opinion"]["impression"] = swapped
        assert blocking(case, "impression", "side") or blocking(case, "impression", "left")

    def test_another_side_planned_than_done_is_asked_of_the_surgeon(self):
        """The outcome says "as planned"."""
        case = sample("cea_shunt")
        case["surgery"]["planned_procedure"] = "Right carotid endarterectomy"
        assert case["surgery"]["side"] == "left"
        assert [row.who for row in asked(case, "planned", "right", "left")] == ["surgeon"]


class TestTimes:
    def test_an_event_with_yesterdays_date_is_asked_about_once(self):
        """The night case's dates were not advanced; no figure spans a day."""
        case = sample("overnight_clock_change")
        event = case["events"][1]

        def back(node: Any) -> Any:
            if isinstance(node, dict):
                return {key: back(value) for key, value in node.items()}
            if isinstance(node, list):
                return [back(value) for value in node]
            return node.replace("2026-11-01T", "2026-10-31T") if isinstance(node, str) else node

        case["events"][1] = back(event)
        assert case["events"][1] != event
        found = asked(case, event["id"], "next day")
        assert len(found) == 1
        assert found[0].severity == "block"

    def test_an_alert_while_nobody_attended_blocks(self):
        """The log has the professional elsewhere, and the chain has the answer."""
        case = sample("scoliosis_mep_loss")
        put(case, "/professional_sessions/1/start_at", "2026-04-14T11:45:00-04:00")
        assert blocking(case, "E1", "session")

    @pytest.mark.parametrize(
        ("zone", "offset", "words"),
        [
            ("America/Chicago", "+00:00", "-05:00"),
            ("America/Phoenix", "-06:00", "-07:00"),
            ("Asia/Kolkata", "+05:00", "+05:30"),
        ],
    )
    def test_offsets_that_do_not_fit_the_zone_are_found(self, zone, offset, words):
        """UTC stamps, Arizona, half hours."""
        case = small()
        case["encounter"]["time_zone"] = zone

        def stamped(node: Any) -> Any:
            if isinstance(node, dict):
                return {key: stamped(value) for key, value in node.items()}
            if isinstance(node, list):
                return [stamped(value) for value in node]
            return node.replace("-05:00", offset) if isinstance(node, str) else node

        case = stamped(case)
        found = [row for row in asked(case, zone) if words in row.message.replace("\u2212", "-")]
        assert len(found) == 1

    def test_an_evening_case_in_utc_is_of_one_day(self):
        """The page shows the facility's clock."""
        case = small()
        channel = case["channels"][0]["measurements"]
        channel[0]["at"], channel[1]["at"] = "2026-03-24T23:05:00Z", "2026-03-25T01:40:00Z"
        case["milestones"][0]["at"], case["milestones"][1]["at"] = "2026-03-24T23:30:00Z", "2026-03-25T01:30:00Z"
        case["intervals"][0] |= {"start_at": "2026-03-24T23:10:00Z", "end_at": "2026-03-25T01:45:00Z"}
        words = page(case)
        assert "18:10" in words
        assert "20:45" in words
        assert "23:10" not in words
        assert "+1 day" not in words

    @pytest.mark.parametrize("zone", ["America/Chicagoo", "america/chicago", "America", "US/Nowhere"])
    def test_a_zone_that_does_not_exist_is_a_problem_of_the_file(self, zone):
        """With its place, in every command alike."""
        case = small()
        case["encounter"]["time_zone"] = zone
        assert [pointer for _, pointer, _ in problems(case)] == ["/encounter/time_zone"]


class TestAsked:
    @pytest.mark.parametrize("item", ["pacemaker", "defibrillator", "cochlear_implant"])
    def test_a_positive_screen_with_transcranial_stimulation(self, item):
        """One question: who decided, and when."""
        case = sample("scoliosis_mep_loss")
        case["preoperative"]["mep_safety_screen"] = {"performed": True, "positive": [item]}
        assert len(asked(case, "screen", "decided")) == 1

    def test_check_digits_of_identifiers(self):
        """A number with two digits swapped is no identifier."""
        case = sample("acdf_quiet")
        person = next(row for row in case["people"] if row["role"] == "interpreting_professional")
        person["npi"] = "1000000038"
        assert not asked(case, "check digit")
        person["npi"] = "1000000083"
        assert len(asked(case, "check digit")) == 1

    def test_a_case_cancelled_before_monitoring_can_be_finished(self):
        """Nothing asks for monitoring times, incision or closure, and the page says that nothing was monitored."""
        case = small()
        case["modalities"] = [
            {
                "modality": "ssep_upper",
                "performed": False,
                "not_performed_reason": "other",
                "not_performed_detail": "cancelled",
            }
        ]
        case["surgery"] |= {"outcome": "aborted", "outcome_reason": "cancelled before incision"}
        for name in ("channels", "milestones", "intervals"):
            case[name] = []
        assert not asked(case, "times of monitoring")
        assert not asked(case, "incision?")
        assert "nothing was monitored" in page(case).lower() or "no modality was monitored" in page(case).lower()


class TestAccepted:
    @pytest.mark.parametrize("code", ["QA0.0101", "U07.1", "C4A.9", "Z3A.01"])
    def test_codes_of_the_current_alphabet(self, code):
        """A letter may stand in the second and the third place."""
        case = small() | {"diagnoses": [{"text": "Invented diagnosis", "icd10cm": code}]}
        assert code in page(case)

    def test_a_code_without_its_point(self):
        """As claims write it; the point is put in."""
        case = small() | {"diagnoses": [{"text": "Cervical spinal stenosis", "icd10cm": "M4802"}]}
        assert "M48.02" in page(case)

    def test_a_seven_digit_fraction(self):
        """RFC 3339 gives no limit, and one platform writes seven."""
        case = small()
        case["milestones"][0]["at"] = "2026-03-24T08:30:00.1234567-05:00"
        assert "08:30" in page(case)

    @pytest.mark.parametrize("agent", ["remimazolam", "methadone"])
    def test_agents_that_reports_name(self, agent):
        """And any other one in words."""
        case = small()
        case["anesthesia"] = {"regimen": "tiva", "agents": [{"agent": agent, "kind": "infusion"}]}
        assert agent in page(case)
        case["anesthesia"]["agents"][0] |= {"agent": "other", "agent_other": "an invented agent"}
        assert "an invented agent" in page(case)

    def test_a_military_facility(self):
        """Place of service 26."""
        case = small()
        case["encounter"]["place_of_service"] = "26"
        page(case)

    def test_a_standard_muscle_and_one_in_words(self):
        """Fibularis longus has a code; what has none is told as it is."""
        case = small() | {"modalities": [{"modality": "tcmep", "performed": True}]}
        case["channels"][0] |= {"modality": "tcmep", "muscle": "fibularis_longus"}
        del case["channels"][0]["nerve"]
        case["channels"][0]["measurements"][0]["reading"] = {"state": "present"}
        assert "fibularis longus" in page(case)
        case["channels"][0] |= {"muscle": "other", "muscle_other": "an invented muscle"}
        assert "an invented muscle" in page(case)

    def test_no_record_number_yet(self):
        """A draft says so, and it is asked before signing."""
        case = small()
        del case["patient"]["mrn"]
        assert blocking(case, "record number")
        assert not blocking(case, "record number", gate="draft")
        assert "not recorded" in page(case)

    def test_four_days_old(self):
        """Days are days."""
        case = small()
        case["patient"]["date_of_birth"] = "2026-03-20"
        assert "4 days" in page(case)
        assert "0 months" not in page(case)


def test_edits_of_this_table_reach_the_case():
    """A sample that has changed under them would test nothing."""
    case = sample("acdf_quiet")
    assert _amplitudes(_channel(case, "tcmep", "left", "deltoid"))
    drop(case, "/opinion")
    assert "opinion" not in case
