"""The gates G1 (draft) and G2 (sign): each absent field has a finding with place, message and one question (§1.8)."""

# ruff: noqa: E501  one row of a table is one case; broken lines would hide the columns
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import alert, case, changed, channel_of, modality_of, with_alert
from tests.cases.reports import checked, codes, findings

Change = Callable[[dict[str, Any]], object]


def drop(*path: str | int) -> Change:
    """Leaves out what stands at a path."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for part in path[:-1]:
            place = place[part]
        del place[path[-1]]

    return change


def put(value: Any, *path: str | int) -> Change:
    """Puts a value at a path."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value

    return change


def person(number: int, **fields: Any) -> Change:
    """Changes fields of a person; None leaves one out."""

    def change(data: dict[str, Any]) -> None:
        row = {**data["people"][number], **fields}
        data["people"][number] = {name: value for name, value in row.items() if value is not None}

    return change


def every_channel(modality: str, edit: Callable[[dict[str, Any]], object]) -> Change:
    """Edits each channel of a modality."""
    return lambda data: [edit(row) for row in data["channels"] if row["modality"] == modality]


def no_phase(phase: str) -> Callable[[dict[str, Any]], object]:
    """Leaves out the measurements of a phase."""
    return lambda row: row.update(measurements=[m for m in row["measurements"] if m["phase"] != phase])


def add_modality(**fields: Any) -> Change:
    """Adds a modality record."""
    return lambda data: data["modalities"].append(fields)


# code, severity, gate, who is asked, JSON pointer, change
QUIET: list[tuple[str, str, str, str, str, Change]] = [
    # --- G1 blocks
    ("technologist", "block", "sign", "technologist", "/people", person(2, role="nurse")),
    ("surgery_place", "block", "sign", "surgeon", "/surgery/levels", lambda d: d["surgery"].update(levels=[], side="not_recorded")),
    ("not_performed_reason", "block", "draft", "technologist", "/modalities/2/not_performed_reason", add_modality(modality="baep", performed=False)),
    ("baseline", "block", "draft", "technologist", "/modalities/0", every_channel("ssep_lower", no_phase("baseline"))),
    ("closing", "block", "draft", "technologist", "/modalities/1", every_channel("tcmep", no_phase("closing"))),
    # --- G1 warns
    ("physiology", "warn", "draft", "anesthesia", "/physiology", lambda d: [row.pop("map_mmhg") for row in d["physiology"]]),
    ("temperature", "warn", "draft", "anesthesia", "/physiology", lambda d: [row.pop("core_temp_c") for row in d["physiology"]]),
    ("recording", "warn", "draft", "technologist", "/modalities/0/recording", drop("modalities", 0, "recording")),
    ("recording", "warn", "draft", "technologist", "/modalities/0/recording", drop("modalities", 0, "recording", "impedances")),
    ("stimulation", "warn", "draft", "technologist", "/modalities/1/stimulation", put([], "modalities", 1, "stimulation")),
    ("stimulation_parameter", "warn", "draft", "technologist", "/modalities/1/stimulation/0", drop("modalities", 1, "stimulation", 0, "isi_ms")),
    ("stimulation_parameter", "warn", "draft", "technologist", "/modalities/1/stimulation/0", drop("modalities", 1, "stimulation", 0, "intensity_v")),
    ("core_parameter", "warn", "draft", "technologist", "/channels/0/measurements/0", put(reading(2.0), "channels", 0, "measurements", 0, "reading")),
    ("tof", "warn", "draft", "technologist", "/anesthesia/train_of_four", put([], "anesthesia", "train_of_four")),
    ("tof_site", "warn", "draft", "technologist", "/anesthesia/train_of_four/0", drop("anesthesia", "train_of_four", 0, "side")),
    ("adverse_effects", "warn", "draft", "technologist", "/adverse_effects", drop("adverse_effects")),
    ("adverse_effects", "warn", "draft", "technologist", "/adverse_effects", put({"checked": False}, "adverse_effects")),
    ("safety_screen", "warn", "draft", "technologist", "/preoperative/mep_safety_screen", drop("preoperative", "mep_safety_screen")),
    ("safety_screen", "warn", "draft", "technologist", "/preoperative/mep_safety_screen", put({"performed": False}, "preoperative", "mep_safety_screen")),
    ("consent", "warn", "draft", "technologist", "/preoperative/consent", drop("preoperative", "consent")),
    # --- G2 blocks
    ("patient_name", "block", "sign", "schedule", "/patient/name", drop("patient", "name")),
    ("record_number", "block", "sign", "schedule", "/patient/mrn", drop("patient", "mrn")),
    ("facility", "block", "sign", "schedule", "/encounter/facility_name", drop("encounter", "facility_name")),
    ("date_of_service", "block", "sign", "schedule", "/encounter/date_of_service", drop("encounter", "date_of_service")),
    ("safety_decision", "block", "sign", "technologist", "/preoperative/mep_safety_screen", put({"performed": True, "positive": ["pacemaker"]}, "preoperative", "mep_safety_screen")),
    ("test_result", "block", "sign", "technologist", "/modalities/2", add_modality(modality="wake_up_test", performed=True)),
    ("surgery_side", "block", "sign", "surgeon", "/surgery/side", put("not_recorded", "surgery", "side")),
    ("surgery_level", "block", "sign", "surgeon", "/surgery/levels", put([], "surgery", "levels")),
    ("professional_sessions", "block", "sign", "professional", "/professional_sessions", put([], "professional_sessions")),
    ("professional_location", "block", "sign", "professional", "/people/3/work_location", person(3, work_location=None)),
    ("baseline_review", "block", "sign", "professional", "/modalities/0/baseline_review", drop("modalities", 0, "baseline_review")),
    ("baseline_review", "block", "sign", "professional", "/modalities/0/baseline_review", drop("modalities", 0, "baseline_review", "at")),
    ("impression", "block", "sign", "professional", "/opinion/impression", drop("opinion", "impression")),
    ("limitations_review", "block", "sign", "professional", "/limitations/reviewed_at", put({}, "limitations")),
    ("monitoring_times", "block", "sign", "technologist", "/intervals", put([], "intervals")),
    ("requested_modality", "block", "sign", "technologist", "/order/modalities/2", lambda d: d["order"]["modalities"].append("baep")),
    # --- G2 warns
    ("time_zone", "warn", "sign", "schedule", "/encounter/time_zone", drop("encounter", "time_zone")),
    ("channel_side", "warn", "sign", "technologist", "/channels/2/side", lambda d: d["channels"][2].update(side="not_recorded")),
    ("homologue", "warn", "sign", "technologist", "/channels/2", lambda d: d["channels"].append({**channel_of(d, "mep-l"), "id": "mep-ta", "muscle": "tibialis_anterior"}) or d["channels"].insert(2, d["channels"].pop())),
    ("order", "warn", "sign", "schedule", "/order", drop("order")),
    ("order_modality", "warn", "sign", "surgeon", "/order/modalities", put(["tcmep"], "order", "modalities")),
    ("date_of_birth", "warn", "sign", "schedule", "/patient/date_of_birth", drop("patient", "date_of_birth")),
    ("diagnosis", "warn", "sign", "surgeon", "/diagnoses", put([], "diagnoses")),
    ("indication", "warn", "sign", "professional", "/indications", put([], "indications")),
    ("criterion", "warn", "sign", "professional", "/criteria", lambda d: d["criteria"].pop()),
    ("preoperative_examination", "warn", "sign", "surgeon", "/preoperative/examination", drop("preoperative", "examination")),
    ("communication_channel", "warn", "sign", "technologist", "/communication/channel", drop("communication")),
    ("communication_channel", "warn", "sign", "technologist", "/communication/channel", drop("communication", "channel")),
    ("attendance", "warn", "sign", "technologist", "/attendance", put([], "attendance")),
    ("credentials", "warn", "sign", "schedule", "/people/2/credentials", person(2, credentials=[])),
    ("open_cases", "warn", "sign", "professional", "/professional_sessions/0/other_open_cases", drop("professional_sessions", 0, "other_open_cases")),
    ("last_data", "warn", "sign", "technologist", "/modalities/1/last_data_at", drop("modalities", 1, "last_data_at")),
    ("channel_closing", "warn", "sign", "technologist", "/channels/2/measurements", lambda d: no_phase("closing")(channel_of(d, "mep-l"))),
    ("baseline_rejected", "warn", "sign", "professional", "/modalities/0/baseline_review", put("rejected", "modalities", 0, "baseline_review", "acceptance")),
    ("anesthesia", "warn", "sign", "anesthesia", "/anesthesia", drop("anesthesia", "regimen")),
    ("anesthesia_agents", "warn", "sign", "anesthesia", "/anesthesia/agents", put([], "anesthesia", "agents")),
    ("anesthesia_dose", "warn", "sign", "anesthesia", "/anesthesia/agents/0", lambda d: [d["anesthesia"]["agents"][0].pop(name) for name in ("dose", "unit")]),
    ("physiology_at_baseline_and_closing", "warn", "sign", "anesthesia", "/physiology", lambda d: d["physiology"][0].pop("map_mmhg")),
    ("postoperative_examination", "warn", "sign", "surgeon", "/postoperative_examination", drop("postoperative_examination")),
    ("postoperative_examiner", "warn", "sign", "surgeon", "/postoperative_examination", put({"availability": "performed"}, "postoperative_examination")),
    ("milestone", "warn", "sign", "technologist", "/milestones", lambda d: d["milestones"].pop(1)),
    ("milestone", "warn", "sign", "technologist", "/milestones/1", drop("milestones", 1, "at")),
    ("gap_reason", "warn", "sign", "technologist", "/intervals/3/reason", lambda d: d["intervals"].append({"kind": "gap", "start_at": at("10:20"), "end_at": at("10:30")})),
    ("early_end_reason", "warn", "sign", "technologist", "/monitoring_end/reason", lambda d: (d.update(monitoring_end={"relation": "before_closure"}), d["intervals"][2].update(end_at=at("11:30")))),
]  # fmt: skip
IN_ALERT: list[tuple[str, str, str, str, str, Change]] = [
    ("event_modality", "block", "draft", "technologist", "/events/0/modality", lambda d: d["events"][0].update(modality=None, channels=[], readings=[], retests=[])),
    ("event_onset", "block", "sign", "technologist", "/events/0", drop("events", 0, "onset_at")),
    ("event_side", "block", "sign", "technologist", "/events/0/side", put("not_recorded", "events", 0, "side")),
    ("event_values", "warn", "sign", "technologist", "/events/0/readings", put([], "events", 0, "readings")),
    ("notification", "block", "sign", "technologist", "/events/0/notifications", lambda d: d["events"][0]["notifications"].pop(0)),
    ("notification", "warn", "sign", "technologist", "/events/0/notifications", lambda d: d["events"][0]["notifications"].pop(1)),
    ("notification_time", "block", "sign", "technologist", "/events/0/notifications/0/at", drop("events", 0, "notifications", 0, "at")),
    ("notification_time", "block", "sign", "technologist", "/events/0/notifications/0/at", put(None, "events", 0, "notifications", 0, "at")),
    ("acknowledgement", "block", "sign", "technologist", "/events/0/notifications/0/acknowledged", put({"at": at("10:02"), "to": "surgeon"}, "events", 0, "notifications", 0)),
    ("acknowledgement", "block", "sign", "technologist", "/events/0/notifications/0/acknowledged", put({"at": at("10:02"), "to": "surgeon", "acknowledged": "not_recorded"}, "events", 0, "notifications", 0)),
    ("acknowledgement", "warn", "sign", "technologist", "/events/0/notifications/1/acknowledged", put({"at": at("10:02"), "to": "crna"}, "events", 0, "notifications", 1)),
    ("acknowledgement_time", "warn", "sign", "technologist", "/events/0/notifications/0/acknowledged_at", drop("events", 0, "notifications", 0, "acknowledged_at")),
    ("physiology_at_alert", "warn", "sign", "anesthesia", "/events/0/physiology", drop("events", 0, "physiology", "core_temp_c")),
]  # fmt: skip


def _ids(rows: list[Any]) -> list[str]:
    return [f"{row[0]}-{row[1]}-{index}" for index, row in enumerate(rows)]


class TestQuietCase:
    def test_a_complete_case_has_no_finding(self):
        """Neither quiet nor with an alert."""
        assert codes(case()) == codes(with_alert()) == []

    @pytest.mark.parametrize(("code", "severity", "gate", "ask", "pointer", "change"), QUIET, ids=_ids(QUIET))
    def test_what_is_absent_is_found(self, code, severity, gate, ask, pointer, change):
        """With gate, severity, place, and one short question for the person who can answer."""
        found = findings(changed(change), f"required.{code}")
        assert [(row.severity, row.gate, row.who, row.pointer) for row in found[:1]] == [(severity, gate, ask, pointer)]
        for row in found:
            assert row.question.endswith("?")
            assert len(row.question) < 120
            assert row.message.endswith(".")
            assert not row.contradiction


class TestAlert:
    @pytest.mark.parametrize(("code", "severity", "gate", "ask", "pointer", "change"), IN_ALERT, ids=_ids(IN_ALERT))
    def test_what_is_absent_of_an_alert_is_found(self, code, severity, gate, ask, pointer, change):
        """An alert needs who was told, when, and the answer, as a value or as the record's own statement."""
        found = findings(changed(change, with_alert()), f"required.{code}")
        assert [(row.severity, row.gate, row.who, row.pointer) for row in found] == [(severity, gate, ask, pointer)]

    def test_an_occurrence_without_time_only_warns_of_the_draft(self):
        """Signing does not need it."""
        row = {"id": "H1", "event_class": "occurrence", "side": "not_applicable", "direction": "none"}
        found = findings(case(events=[row]), "required.event_onset")
        assert [(row.severity, row.gate) for row in found] == [("warn", "draft")]

    def test_an_alert_nobody_was_told_of_is_a_contradiction_and_asked_once(self):
        """It is not asked again as a missing notification."""
        assert codes(with_alert(notifications=[])) == ["contradiction.alert_without_notification"]

    def test_refused_acknowledgement_is_an_answer(self):
        """Not acknowledged is recorded."""
        data = with_alert()
        data["events"][0]["notifications"][0] = {"at": at("10:02"), "to": "surgeon", "acknowledged": "no"}
        assert codes(data) == []

    def test_the_values_of_a_screw_alert_are_its_tests(self):
        """A low threshold stands in the table of tests."""
        data = with_alert(modality="emg_triggered_screw", channels=[], readings=[], retests=[], criterion=None)
        data["events"][0]["direction"] = "low_threshold"
        data["modalities"].append({**modality_of(case(), "tcmep"), "modality": "emg_triggered_screw"})
        data["threshold_tests"] = [
            {"kind": "screw", "level": "L4", "side": "left", "outcome": "threshold", "threshold_ma": 4.0}
        ]
        assert findings(data, "required.event_values") == []


class TestModalities:
    def test_a_reason_stands_in_for_a_baseline(self):
        """No baseline with a reason is complete enough for a draft."""
        data = changed(every_channel("ssep_lower", no_phase("baseline")))
        modality_of(data, "ssep_lower")["not_performed_reason"] = "preexisting_deficit"
        assert findings(data, "required.baseline") == []

    def test_a_modality_without_channels_needs_its_own_data(self):
        """Screw tests, mapping, train-of-four and a wake-up test count as data of their modality."""
        rows = {
            "emg_triggered_screw": {
                "threshold_tests": [{"kind": "screw", "level": "L4", "side": "left", "outcome": "no_response"}]
            },
            "cortical_mapping": {
                "mapping_tests": [{"modality": "cortical_mapping", "side": "left", "site": "1", "result": "none"}]
            },
            "tof": {},
            "wake_up_test": {},
        }
        for code, fields in rows.items():
            data = case(**fields)
            data["modalities"].append({"modality": code, "performed": True})
            assert findings(data, "required.baseline") == []
            missing = [row.pointer for row in findings(data, "required.test_result")]
            assert missing == (["/modalities/2"] if code == "wake_up_test" else [])
            data["milestones"].append({"code": "wake_up_test", "at": at("11:30")})
            assert findings(data, "required.test_result") == []

    def test_screws_without_a_table_are_asked_for(self):
        """Performed and no result."""
        data = changed(add_modality(modality="emg_triggered_screw", performed=True))
        assert [row.pointer for row in findings(data, "required.screw_table")] == ["/threshold_tests"]

    def test_several_lacking_baselines_are_counted(self):
        """One finding for a modality."""
        data = case()
        for name in ("ssep-l", "ssep-r"):
            channel_of(data, name)["measurements"][0]["reading"] = reading(2.0)
        assert findings(data, "required.core_parameter")[0].message.startswith("2 lower-limb SSEP baseline readings")

    def test_modalities_without_electrodes_need_no_impedance(self):
        """A flow or pressure has none."""
        data = changed(add_modality(modality="tcd", performed=True, recording={"sweep_ms": 10.0}))
        assert "/modalities/2/recording" not in [row.pointer for row in findings(data, "required.recording")]

    def test_who_decided_on_a_new_baseline_is_asked(self):
        """Unless a later review or the reset itself says so."""
        data = case()
        late = measurement("baseline", "10:30", reading(1.5, 40.0), baseline_kind="reset")
        channel_of(data, "ssep-l")["measurements"].insert(2, late)
        found = findings(data, "required.reset_authorization")
        assert [(row.severity, row.who) for row in found] == [("warn", "professional")]
        reset = {"at": at("10:30"), "reason": "anesthetic fade", "authorized_by": "prof1"}
        modality_of(data, "ssep_lower")["baseline_resets"] = [reset]
        assert findings(data, "required.reset_authorization") == []
        modality_of(data, "ssep_lower").update(
            baseline_resets=[], baseline_review={"by": "prof1", "at": at("10:31"), "acceptance": "accepted"}
        )
        assert findings(data, "required.reset_authorization") == []


class TestPeople:
    def test_without_professional_signing_is_blocked(self):
        """Nobody can sign."""
        data = changed(person(3, role="neurologist"))
        assert [row.severity for row in findings(data, "required.professional")] == ["block"]

    def test_in_the_room_the_location_is_known(self):
        """The mode says where; a missing location only warns."""
        data = changed(person(3, work_location=None))
        data["professional_sessions"][0]["mode"] = "in_room"
        assert [row.severity for row in findings(data, "required.professional_location")] == ["warn"]

    def test_several_undosed_agents_are_one_question(self):
        """Counted, not listed."""
        data = case()
        data["anesthesia"]["agents"] = [{"agent": "propofol", "kind": "infusion"}] * 2
        assert [row.message for row in findings(data, "required.anesthesia_dose")] == ["2 agents have no dose."]

    def test_a_side_is_enough_where_no_level_applies(self):
        """A carotid has a side and no level."""
        data = case()
        data["surgery"] |= {"family": "carotid", "levels": [], "side": "left"}
        assert not [row for row in codes(data) if row.startswith("required.surgery")]


class TestGates:
    @pytest.mark.parametrize(
        ("change", "draft", "sign"),
        [
            (lambda data: None, False, False),
            (drop("adverse_effects"), False, False),
            (drop("opinion"), False, True),
            (person(2, role="nurse"), False, True),
            (every_channel("tcmep", no_phase("closing")), True, True),
        ],
    )
    def test_a_gate_is_closed_by_what_blocks_it_or_an_earlier_one(self, change, draft, sign):
        """Warnings close nothing."""
        report = checked(changed(change))
        blocking = [row for row in report.findings if row.severity == "block" and not row.code.startswith("coverage.")]
        gates = {row.gate for row in blocking}
        assert ("draft" in gates, bool(gates)) == (draft, sign)
        assert not draft or report.blocked("draft")
        assert not sign or report.blocked("sign")

    def test_an_open_gate_is_not_blocked(self):
        """A complete case may be drafted."""
        assert not checked(with_alert()).blocked("draft")
        assert alert()["id"] == "E1"
