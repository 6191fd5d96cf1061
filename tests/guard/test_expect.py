"""What a wording of a unit must and may say, from its facts."""

from __future__ import annotations

import pytest

from report_gen.facts.catalogue import catalogue
from report_gen.guard.course_rules import COURSE_RULES
from report_gen.guard.event_rules import EVENT_RULES
from report_gen.guard.expect import expectation, units_masks
from tests.cases.parts import at, reading
from tests.cases.quiet import case, told_alone, with_alert
from tests.guard.cases import (
    ANESTHESIA_TOLD,
    NOW,
    RAISED,
    RELEASED,
    RETESTED,
    SAMPLES,
    SCOLIOSIS,
    SHUNT,
    built,
    sample,
    unit_of,
)
from tests.selection import now_and_in_full

MUSCLES = ("tibialis_anterior", "abductor_hallucis", "vastus_lateralis")


def _expected(name, passage, fact):
    """What a unit of a sample asks for."""
    found, facts = sample(name)
    return expectation(unit_of(found, passage, fact), facts)


def _of(data, passage, fact):
    """What a unit of a case asks for."""
    found, facts = built(data)
    return expectation(unit_of(found, passage, fact), facts)


class TestAsked:
    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_every_unit_asks_for_something(self, name):
        """No wording is true of nothing."""
        found, facts = sample(name)
        idle = [
            unit.id
            for passage in found
            for unit in passage.offered
            for want in (expectation(unit, facts),)
            if not (want.masks or want.concepts or want.either or want.numbers or want.frames or want.absent)
        ]
        assert idle == []

    def test_an_act_asks_for_actor_act_side_and_time(self):
        """As concepts and as a mask."""
        want = _expected(SCOLIOSIS, "event-E1", RELEASED)
        assert {"roles.surgeon", "release", "left"} <= want.concepts
        assert ("time", "11:30") in {(mask.kind, mask.text) for mask in want.masks}
        assert "right" not in want.licensed | want.concepts

    def test_a_dose_and_a_target_are_numbers_with_units(self):
        """Each on its own."""
        want = _expected(SCOLIOSIS, "event-E1", RAISED)
        assert want.numbers == {"85 mmhg", "4 µg/min"}
        assert {"target", "agents.norepinephrine"} <= want.concepts

    def test_a_retest_binds_each_value_to_its_place(self):
        """Muscle and side with percent or state."""
        pairs = _expected(SCOLIOSIS, "event-E1", RETESTED).pairs
        bound = {(next(iter(pair.sites & {f"muscles.{m}" for m in MUSCLES})), pair.side, pair.value) for pair in pairs}
        assert ("muscles.tibialis_anterior", "left", "loss") in bound
        assert ("muscles.tibialis_anterior", "right", "17 %") in bound
        assert len(bound) == len(pairs) == 6

    def test_a_notification_binds_roles_names_and_times(self):
        """Who told whom, by name, when."""
        want = _expected(SCOLIOSIS, "event-E1", ANESTHESIA_TOLD)
        assert (want.roles["to"], want.roles["by"]) == ("roles.anesthesiologist", "roles.technologist")
        named = {want.masks[index].text: role for index, role in want.names.items()}
        assert named == {"Anesthesia, Ann, MD": "roles.anesthesiologist", "Tech, Tobias": "roles.technologist"}
        times = {name: want.masks[index].text for name, index in want.times.items()}
        assert times == {"event.notification.at": "11:29", "event.acknowledgement.at": "11:30"}

    def test_a_status_asks_for_its_words(self):
        """Met is a concept, not met and not computable are denials."""
        assert "met" in _expected(SCOLIOSIS, "event-E1", "event.E1.criterion").concepts
        unknown = with_alert(readings=[{"channel": "mep-l", "reading": {"state": "present"}}])
        assert "not_computable" in _of(unknown, "event-E1", "event.E1.criterion").frames
        missed = with_alert(readings=[{"channel": "mep-l", "reading": reading(200.0)}])
        assert "none_met" in _of(missed, "event-E1", "event.E1.criterion").frames

    def test_the_words_of_one_event_are_no_licence_for_another(self):
        """Its modality and its places only."""
        want = _expected(SHUNT, "event-E4", "event.E4")
        assert not {"modalities.tcd", "ssep"} & (want.licensed | want.concepts)


class TestAbsent:
    @pytest.mark.parametrize(
        ("overrides", "fact", "word"),
        [
            ({"onset_at": None}, "event.E1.onset", "time"),
            ({"context": []}, "event.E1.context", "context"),
            ({"notifications": []}, "event.E1.notification", "tell"),
            ({"interventions": []}, "event.E1.intervention", "interventions"),
            ({"retests": [], "resolution": None}, "event.E1.retest", "retest"),
            ({"resolution": None}, "event.E1.resolution", "resolution"),
            (
                {"notifications": [{"to": "surgeon", "at": at("10:02")}]},
                "event.E1.acknowledgement.surgeon.1002",
                "acknowledge",
            ),
            ({"notifications": [{"to": "surgeon", "acknowledged": "no"}]}, "event.E1.notification.surgeon", "time"),
            (
                {"interventions": [{"code": "pause_surgery", "actor": "surgeon"}]},
                "event.E1.intervention.pause_surgery",
                "time",
            ),
            (
                {
                    "interventions": [
                        {"code": "place_shunt", "actor": "surgeon", "at": at("10:05"), "side": "not_recorded"}
                    ]
                },
                "event.E1.intervention.place_shunt.1005",
                "side",
            ),
        ],
    )
    def test_what_is_not_recorded_is_asked_for_as_such(self, overrides, fact, word):
        """Silence is said, not passed over."""
        assert any(word in named for named in _of(told_alone(**overrides), "event-E1", fact).absent)

    def test_nothing_is_absent_where_all_is_recorded(self):
        """No absence may be claimed."""
        found, facts = sample(SCOLIOSIS)
        units = next(row for row in found if row.id == "event-E1").offered
        assert [unit.id for unit in units if expectation(unit, facts).absent] == []

    def test_a_missing_review(self):
        """Of one modality."""
        data = case(events=[])
        del data["modalities"][0]["baseline_review"]
        want = _of(data, "course", "modality.ssep_lower.baseline_review")
        assert want.absent == [frozenset({"review"})]


class TestMasks:
    def test_masks_of_several_units_stand_once(self):
        """What two units share has one sign."""
        found, facts = sample(SCOLIOSIS)
        units = next(row for row in found if row.id == "event-E1").offered
        masks = units_masks([expectation(unit, facts) for unit in units])
        assert len(masks) == len(set(masks))
        assert sum(mask.text == "Tech, Tobias" for mask in masks) == 1

    def test_a_mask_is_kept_once_in_a_unit(self):
        """Told and acknowledged in the same minute."""
        want = _expected(SCOLIOSIS, "event-E1", "event.E1.notification.surgeon.1129")
        assert want.times["event.notification.at"] == want.times["event.acknowledgement.at"]


class TestRules:
    def test_are_of_kinds_that_may_be_worded(self):
        """No rule is for a kind that the catalogue does not know or that stays with the template."""
        kinds = {kind.name for kind in catalogue().values() if kind.worded}
        assert {*EVENT_RULES, *COURSE_RULES} - kinds == set()

    def test_kinds_without_one_say_their_values_in_plain_words(self):
        """Named one by one, so that a new kind is thought about."""
        kinds = {kind.name for kind in catalogue().values() if kind.worded}
        assert kinds - {*EVENT_RULES, *COURSE_RULES} == {"event.note", "modality"}
