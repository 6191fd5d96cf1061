"""Writes the claim stories of ``samples/claims``: each is the base case with one thing changed.

    python -m tools.make_claim_stories

The base is ``samples/claims/remote_medicare.json``, written by hand. A story leaves out responses and readings of it
that billing does not look at, and then changes what it is about. Everything is invented, and the same bytes come out
each time. What a story should lead to stands beside it in ``<story>.expected.toml``, by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.cases.edits import moved
from tests.cases.story import CLAIMS, at, data

SLIM_CHANNELS = (
    "ssep-med-l",
    "ssep-med-r",
    "ssep-ptn-l",
    "ssep-ptn-r",
    "mep-apb-l",
    "mep-apb-r",
    "mep-abd-l",
    "mep-abd-r",
    "emg-deltoid-l",
    "emg-deltoid-r",
    "emg-biceps-l",
    "emg-biceps-r",
)
"""Responses kept: both limbs of evoked and motor potentials, and two muscles of each arm."""

Json = dict[str, Any]


def slim(case: Json) -> None:
    """Leave out responses, readings and vital signs that no rule of billing looks at."""
    case["channels"] = [row for row in case["channels"] if row["id"] in SLIM_CHANNELS]
    for row in case["channels"]:
        row["measurements"] = [one for one in row["measurements"] if _kept(one)]
    case["physiology"] = [row for row in case["physiology"] if row["at"] in (at("08:44"), at("11:36"))]


def _kept(measurement: Json) -> bool:
    return bool(measurement["phase"] == "closing" or measurement.get("baseline_kind") == "post_position")


def move(case: Json, by: timedelta, since: str) -> None:
    """Move everything from a time of the day on."""
    case.update(moved(case, by, since=datetime.fromisoformat(at(since))))


def member(case: Json, person: str) -> Json:
    """A member of the team."""
    found: Json = next(row for row in case["people"] if row["id"] == person)
    return found


def session(start: str, end: str, mode: str = "remote", others: int = 0, person: str = "pro1") -> Json:
    """A logged session of a professional."""
    return {
        "person": person,
        "mode": mode,
        "start_at": at(start),
        "end_at": at(end),
        "other_open_cases": others,
    }


def elsewhere(start: str, end: str, payer_class: str, case: str = "other-case-1") -> Json:
    """A session of the same professional in another case."""
    return {
        "person": "pro1",
        "case_pseudonym": case,
        "mode": "remote",
        "start_at": at(start),
        "end_at": at(end),
        "payer_class": payer_class,
    }


def interval(case: Json, kind: str, start: str, end: str, reason: str) -> None:
    """Add a stretch without data."""
    case["intervals"].append({"kind": kind, "start_at": at(start), "end_at": at(end), "reason": reason})


def commercial(case: Json) -> None:
    """Let a commercial plan pay."""
    payer = case["encounter"]["payer"]
    payer.update({"payer_class": "commercial", "name": "Example Health Plan", "payer_id": "TEST-PAYER-02"})


def authorize(case: Json, **values: Any) -> None:
    """Record an authorization, after the payer as the contract orders it."""
    case["encounter"]["authorization"] = values


def unsigned(case: Json) -> None:
    """Take away what follows the draft."""
    case["report"] = {"version": 1, "status": "draft", "drafted_at": case["report"]["drafted_at"]}
    del case["opinion"]
    del case["encounter"]["attachment_control_number"]


def overlapping_commercial(case: Json) -> None:
    """Another case of the reader is open for 90 minutes."""
    case["professional_sessions"] = [
        session("08:04", "09:00"),
        session("09:00", "10:30", others=1),
        session("10:30", "11:42"),
    ]
    case["other_case_sessions"] = [elsewhere("09:00", "10:30", "commercial")]


def in_room_and_remote(case: Json) -> None:
    """The reader leaves the room in the middle of the case."""
    case["professional_sessions"] = [session("08:04", "09:52", "in_room"), session("09:55", "11:42")]


def hand_over(case: Json) -> None:
    """A second reader takes over."""
    second = deepcopy(member(case, "pro1"))
    second.update({"id": "pro2", "name": "Neuro, Nils", "npi": "0000000014"})
    for row, number in zip(second["credentials"][1:], ("ABCN-0002", "TEST-00002"), strict=True):
        row["number"] = number
    case["people"].append(second)
    case["professional_sessions"] = [session("08:04", "10:10"), session("10:10", "11:42", person="pro2")]
    case["professional_sessions"][0]["handed_over_to"] = "pro2"
    case["communication"]["messages"].insert(
        2,
        {
            "at": at("10:09"),
            "from_role": "interpreting_professional",
            "to_role": "interpreting_professional",
            "kind": "handover",
            "from_person": "pro1",
            "to_person": "pro2",
        },
    )


def over_midnight(case: Json) -> None:
    """The operation is in the evening."""
    move(case, timedelta(hours=13, minutes=30), "00:00")


def unit_limit(case: Json) -> None:
    """The operation takes more than ten hours."""
    case["opinion"]["entered_at"] = at("08:00", "2026-09-16")
    case["report"].update({"signed_at": at("08:20", "2026-09-16"), "delivered_at": at("08:25", "2026-09-16")})
    later = timedelta(minutes=462)
    kept = case["opinion"], case["report"]
    move(case, later, "11:00")
    case["opinion"], case["report"] = kept
    case["report"]["drafted_at"] = at("19:48")


def wrong_base(case: Json) -> None:
    """Auditory potentials are all that is recorded."""
    case["surgery"] = {
        "procedure": "Right retrosigmoid microvascular decompression of the trigeminal nerve",
        "family": "mvd",
        "side": "right",
        "approach": "retrosigmoid",
        "position": "park_bench",
        "operative_note_mentions_monitoring": True,
    }
    case["diagnoses"] = [{"text": "Trigeminal neuralgia", "icd10cm": "G50.0", "side": "right"}]
    case["order"]["modalities"] = ["baep"]
    case["indications"] = [
        {
            "modality": "baep",
            "structures_at_risk": ["cochlear nerve"],
            "rationale": "Retraction of the cerebellum beside the nerve.",
        }
    ]
    finding = {"domain": "hearing", "side": "right", "finding": "speech discrimination 96 %"}
    case["preoperative"]["history"] = [{"item": "other", "detail": "facial pain for 4 years"}]
    case["preoperative"]["examination"]["findings"] = [finding]
    del case["preoperative"]["mep_safety_screen"]
    case["anesthesia"]["train_of_four"] = []
    del case["anesthesia"]["map_target"]
    case["criteria"] = [
        {
            "id": "crit-baep",
            "modalities": ["baep"],
            "conditions": [
                {"parameter": "response_loss"},
                {"parameter": "amplitude_decrease_pct", "threshold": 50},
                {"parameter": "latency_increase_ms", "threshold": 1},
            ],
            "logic": "any",
            "baseline_kind": "post_position",
            "reference": "Practice criteria 2026-01: wave V, loss, 50 % amplitude or 1 ms",
        }
    ]
    case["modalities"] = [_baep()]
    case["channels"] = [_wave("right", 0.33, 6.1), _wave("left", 0.4, 5.9)]
    case["events"] = []
    case["communication"]["messages"] = [row for row in case["communication"]["messages"] if "event" not in row]
    case["communication"]["messages"][1]["text"] = "Accepted"
    case["milestones"] = [row for row in case["milestones"] if row["code"] not in ("instrumentation", "decompression")]
    case["limitations"] = {
        "reviewed_at": at("11:41"),
        "not_monitored": [{"structure": "facial nerve", "reason": "not requested"}],
    }
    case["opinion"]["impression"] = "Wave V of both sides showed no change that met the alert criteria."


def _baep() -> Json:
    ears = [
        {
            "side": side,
            "site": "insert earphone",
            "polarity": "alternating clicks",
            "intensity_db_nhl": 85,
            "masking_db_nhl": 55,
            "pulse_width_us": 100,
            "rate_hz": 21.1,
            "sweeps": 1000,
        }
        for side in ("right", "left")
    ]
    return {
        "modality": "baep",
        "performed": True,
        "stimulation": ears,
        "recording": {
            "electrode_type": "subdermal needle",
            "low_cut_hz": 100,
            "high_cut_hz": 3000,
            "notch_on": False,
            "sweep_ms": 15,
            "impedances": [{"electrode": "Cz", "impedance_kohm": 1.1, "at": at("07:58")}],
        },
        "baseline_review": {"by": "pro1", "at": at("08:51"), "acceptance": "accepted"},
        "last_data_at": at("11:38"),
    }


def _wave(side: str, amplitude: float, latency: float) -> Json:
    readings = (
        ("08:46", "baseline", amplitude, latency),
        ("10:12", "intraop", round(amplitude - 0.02, 2), round(latency + 0.2, 1)),
        ("11:36", "closing", round(amplitude - 0.01, 2), round(latency + 0.1, 1)),
    )
    return {
        "id": f"baep-{side[0]}",
        "modality": "baep",
        "side": side,
        "peak": "V",
        "montage": "Cz-A2" if side == "right" else "Cz-A1",
        "measurements": [
            {
                "at": at(clock),
                "phase": phase,
                **({"baseline_kind": "post_position"} if phase == "baseline" else {}),
                "reading": {"state": "measured", "amplitude_uv": high, "latency_ms": late},
            }
            for clock, phase, high, late in readings
        ],
    }


def missing_log(case: Json) -> None:
    """Nobody handed in the reader's log."""
    case["professional_sessions"] = []
    del case["other_case_sessions"]


def wrong_side_of_diagnosis(case: Json) -> None:
    """The arm of the diagnosis is not the side that was operated on."""
    case["diagnoses"] = [
        {
            "text": "Cervical disc disorder at C5-C6 with radiculopathy, left arm",
            "icd10cm": "M50.122",
            "side": "left",
        }
    ]
    surgery = case["surgery"]
    surgery.update(
        {
            "procedure": "Right C5 to C6 posterior foraminotomy",
            "levels": [{"upper": "C5", "lower": "C6"}],
            "side": "right",
        }
    )
    del surgery["cpt"]


def expired_credential(case: Json) -> None:
    """The technologist's credential ended; the reader's has no end that anybody wrote down."""
    member(case, "tech1")["credentials"][0]["valid_to"] = "2026-06-30"
    del member(case, "pro1")["credentials"][1]["valid_to"]


def unsigned_report(case: Json) -> None:
    """The professional has neither written nor signed."""
    unsigned(case)


def claim_words(case: Json) -> None:
    """The impression says more than the log supports."""
    interval(case, "gap", "10:05", "10:20", "imaging")
    words = "Continuous real-time monitoring was carried out throughout the operation."
    case["opinion"]["impression"] += f"\n{words}"


def technologist_only(case: Json) -> None:
    """No professional took part."""
    case["people"] = [row for row in case["people"] if row["id"] != "pro1"]
    unsigned(case)
    case["professional_sessions"] = []
    del case["other_case_sessions"]
    for row in case["modalities"]:
        row["baseline_review"]["by"] = "tech1"
    messages = case["communication"]["messages"]
    both = ("from_role", "to_role")
    case["communication"]["messages"] = [
        row for row in messages if "interpreting_professional" not in [row[key] for key in both]
    ]
    for event in case["events"]:
        event["notifications"] = [row for row in event["notifications"] if row["to"] == "surgeon"]
    del case["limitations"]["reviewed_at"]


def surgeon_is_reader(case: Json) -> None:
    """The surgeon read and signed."""
    case["people"] = [row for row in case["people"] if row["id"] != "pro1"]
    case["professional_sessions"] = [session("08:04", "11:42", "in_room", person="surg1")]
    case["report"]["signed_by"] = "surg1"
    case["opinion"]["by"] = "surg1"
    for row in case["modalities"]:
        row["baseline_review"]["by"] = "surg1"
    for event in case["events"]:
        event["notifications"] = [row for row in event["notifications"] if row["to"] == "surgeon"]


def commercial_unconfirmed(case: Json) -> None:
    """A commercial plan that nobody has looked up; two other cases all the time."""
    commercial(case)
    case["professional_sessions"] = [session("08:04", "11:42", others=2)]
    case["other_case_sessions"] = [
        elsewhere("07:30", "12:10", "commercial"),
        elsewhere("07:50", "11:50", "medicaid", "other-case-2"),
    ]


def link_outage(case: Json) -> None:
    """The link is down for twenty minutes."""
    interval(case, "outage", "10:05", "10:25", "internet_loss")


def commercial_settled(case: Json) -> None:
    """A commercial plan that the practice has looked up and confirmed."""
    commercial_unconfirmed(case)
    authorize(
        case,
        required=True,
        number="TEST-AUTH-0218",
        valid_from="2026-09-01",
        valid_to="2026-11-30",
        cpt=["00002", "00013", "00023", "00033", "00041"],
    )


def allotted_minutes(case: Json) -> None:
    """Two patients in one hour, whose minutes the log deals out."""
    case["professional_sessions"] = [
        session("08:04", "09:00"),
        session("09:00", "09:30", others=1),
        session("10:00", "11:42"),
    ]
    case["other_case_sessions"] = [elsewhere("09:30", "10:00", "medicare_ffs")]


def out_of_network(case: Json) -> None:
    """A plan whose network the reader is not in, and no number for the authorization it asks for."""
    commercial(case)
    case["encounter"]["payer"]["professional_in_network"] = False
    authorize(case, required=True)


def reader_abroad(case: Json) -> None:
    """The reader worked outside the United States."""
    reader = member(case, "pro1")
    reader.update({"work_location": "home office abroad", "work_country": "PT"})
    del reader["work_state"]


STORIES: dict[str, Callable[[Json], None]] = {
    change.__name__: change
    for change in (
        overlapping_commercial,
        in_room_and_remote,
        hand_over,
        over_midnight,
        unit_limit,
        wrong_base,
        missing_log,
        wrong_side_of_diagnosis,
        expired_credential,
        unsigned_report,
        claim_words,
        technologist_only,
        surgeon_is_reader,
        commercial_unconfirmed,
        link_outage,
        commercial_settled,
        allotted_minutes,
        out_of_network,
        reader_abroad,
    )
}
"""What each story changes, by its name."""
FIRST_NUMBER = 201


def story(name: str) -> Json:
    """A whole story."""
    case = data()
    _name(case, name, FIRST_NUMBER + list(STORIES).index(name))
    slim(case)
    STORIES[name](case)
    return case


def _name(case: Json, name: str, number: int) -> None:
    """Numbers of its own, so that no two stories are one patient."""
    about = (STORIES[name].__doc__ or "").strip()
    case["case_id"] = f"CLAIM-{name.upper().replace('_', '-')}"
    case["record_note"] = f"Invented claim story: {about} Made by tools/make_claim_stories.py."
    case["patient"].update({"mrn": f"TEST-{number:04d}", "encounter_number": f"ENC-TEST-{number:04d}"})
    encounter = case["encounter"]
    encounter["payer"]["member_id"] = f"TEST-MEMBER-{number:04d}"
    encounter["attachment_control_number"] = f"TEST-ACN-{number:04d}"
    case["order"]["document"] = f"Order TEST-ORD-{number}"


def text(name: str) -> str:
    """The file of a story."""
    return json.dumps(story(name), indent=2, ensure_ascii=False) + "\n"


def write(names: Iterable[str]) -> None:
    """Write the files of some stories."""
    for name in names:
        (CLAIMS / f"{name}.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    write(STORIES)
