"""Every field of events, acts, tellings, steps and the course after surgery is on the page."""

from __future__ import annotations

from tests.cases.parts import at
from tests.cases.quiet import with_alert
from tests.cases.reports import facts_of
from tests.cases.thin import page

# Values that stand behind what is printed, each with what prints them; a value is printed as it stands otherwise.
BEHIND = {
    ("event", "direction"): "what changed, which the event says in words",
    ("event", "further"): "the same",
    ("event", "direction_other"): "the same",
    ("event.cause", "text"): "its causes by name",
    ("event.stated_cause", "text"): "the same",
    ("event.stated_cause", "joined_by"): "the words that join them",
    ("event.onset", "anchor"): "the time relative to an event",
    ("intervention", "anchor"): "the same",
    ("communication.entry", "kind"): "what it is about",
    ("threshold", "place"): "the level heads its row, the side its column",
    ("channel", "short"): "the name of a response that was read at an event",
    ("channel", "label"): "the name in sentences; tables have the site",
    ("channel", "nerve"): "the name of the response",
    ("channel", "muscle"): "the same",
    ("channel", "region"): "the same",
    ("threshold", "region"): "the place of the test",
}
OURS = (
    *("channel", "event", "event.onset", "event.occurrence", "event.notification", "event.intervention"),
    *("event.resolution", "event.stated_cause", "event.cause", "intervention", "origin", "message", "milestone"),
    *("communication.entry", "postoperative.entry", "postoperative.finding", "problem", "threshold", "mapping"),
)


class TestEveryNewField:
    def test_is_printed(self):
        """Each value of a fact about an event, an act, a telling, a step or the course after surgery is on the page."""
        data = whole()
        text = "\n".join(page(data)).casefold()
        facts = facts_of(data)
        values = [(fact, value) for kind in OURS for fact in facts.of_kind(kind) for value in fact.values]
        assert len(values) > 120
        assert [
            (fact.id, value.name, value.text)
            for fact, value in values
            if (fact.kind, value.name) not in BEHIND and value.text.casefold() not in text
        ] == []


def whole():
    """A case that has a row of each kind, each with words of its own and a time that no clock gave."""
    after = {"relation": "after", "event": "E1"}
    data = with_alert(
        severity="marked",
        when={"words": "behind the second screw"},
        further_directions=["loss"],
        occurrences=[
            {"code": "other", "code_other": "scope slipped", "side": "right", "site": "facet", "detail": "briefly"}
            | {"level": "L4", "when": {"words": "just before"}}
        ],
        stated_causes=[{"causes": ["retractor"], "by_role": "surgeon", "by": "surg1", "statement": "the blade"}],
        suspected_cause={"causes": ["hypotension", "undetermined"], "by_role": "interpreting_professional"},
    )
    told = data["events"][0]
    told["notifications"] = [{"to": "surgeon", "by": "tech1", "when": {"words": "at once"}, "reply": "halting"}]
    told["interventions"] = [
        {"code": "other", "code_other": "flushed", "actor": "surgeon", "when": {"words": "straight away"}},
        {"code": "raise_map", "actor": "anesthesiologist", "agent": "other", "agent_other": "terlipressin"},
    ]
    told["resolution"] = {"resolution_class": "other", "class_other": "on and off", "when": {"words": "by the end"}}
    data["interventions"] = [
        {"code": "imaging", "actor": "surgeon", "detail": "two views", "when": {**after, "words": "a while on"}},
        {"code": "other", "code_other": "wound re-explored", "actor": "surgeon", "in_response_to": "E1"},
    ]
    data["communication"]["messages"] = [
        {"from_role": "technologist", "to_role": "anesthesiologist", "kind": "status", "text": "holding", "when": after}
    ]
    data["milestones"] += [{"code": "other", "label": "trial rod", "when": {"words": "midway"}}]
    data["technical_problems"] = [{"problem": "hum", "remedy": "lamp off", "when": {"words": "early on"}}]
    data["threshold_tests"] = [
        {
            "kind": "not_stated",
            "region": "other",
            "region_other": "lateral mass",
            "side": "left",
            "outcome": "threshold",
        }
        | {
            "threshold_ma": 6.5,
            "muscle": "other",
            "muscle_other": "peroneus tertius",
            "when": {"words": "third of all"},
        },
        {"kind": "nerve", "nerve": "other", "nerve_other": "sural nerve", "side": "left", "outcome": "no_response"},
    ]
    data["modalities"] += [
        {"modality": code, "performed": True}
        for code in ("emg_triggered_unspecified", "emg_triggered_nerve", "phase_reversal")
    ]
    data["mapping_tests"] = [
        {"modality": "phase_reversal", "side": "left", "site": "C3", "result": "reversal", "when": {"words": "first"}}
    ]
    data["channels"] += [
        {"id": "a", "modality": "tcmep", "side": "left", "muscle": "other", "muscle_other": "soleus accessorius"}
        | {"measurements": []},
        {"id": "b", "modality": "ssep_lower", "side": "left", "nerve": "other", "nerve_other": "sural nerve"}
        | {"recording_level": "cortical", "measurements": []},
        {"id": "c", "modality": "tcmep", "side": "left", "region": "other", "region_other": "hip", "measurements": []},
    ]
    seen = {"domain": "motor", "side": "left", "site": "great toe", "finding": "weak", "grade_0_5": 3}
    data["linked_cases"] = [{"relation": "later_operation", "case_id": "C-9"}]
    data["postoperative_course"] = [
        {
            "kind": "other",
            "kind_other": "phone call",
            "when": {"words": "that night"},
            "by_role": "surgeon",
            "by": "surg1",
        }
        | {"source_note": "ward note", "text": "no worse", "result": "none needed", "deficit": "unstated"}
        | {"findings": [seen], "linked_case": "C-9"}
    ]
    data["origins"] = [
        {"pointer": "/events/0", "kind": "log", "by": "tech1", "system": "machine", "at": at("12:55")},
        {"pointer": "/patient", "kind": "feed"},
    ]
    return data
