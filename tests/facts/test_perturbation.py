"""A change of one side, number or status in the record changes the facts in exactly those places (§7.3 a)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from report_gen.facts.model import Fact
from tests.cases.parts import at, reading
from tests.cases.quiet import case, channel_of, with_alert
from tests.cases.reports import facts_of

LEFT = "channel.mep-l"


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Ids of the facts that differ, appeared or went away."""
    first: dict[str, Fact] = dict(facts_of(before).by_id)
    second: dict[str, Fact] = dict(facts_of(after).by_id)
    return {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}


class TestOneChange:
    def test_a_closing_amplitude_changes_its_reading_and_what_is_computed_from_it(self):
        """The reading, its change, the cell, the modality and the farthest at closing; nothing of the other side."""
        data = case()
        after = deepcopy(data)
        channel_of(after, "mep-l")["measurements"][1]["reading"] = reading(300.0)
        assert differing(data, after) == {
            f"{LEFT}.closing.1146",
            f"{LEFT}.closing.1146.change",
            "result.tcmep.abductor_hallucis.left.closing",
            "result.system.motor",
            "modality.tcmep.extreme",
            "aggregate.closing.lowest",
        }

    def test_a_status_changes_its_fact_and_the_counts(self):
        """Partial instead of a return: the resolution, what is still open, and the line of its system."""
        data = with_alert()
        after = with_alert(resolution={"resolution_class": "partial", "at": at("10:15"), "assigned_by": "prof1"})
        assert differing(data, after) == {"event.E1.resolution", "aggregate.resolution", "result.system.motor"}

    def test_the_side_of_an_event_changes_the_event(self):
        """Head and resolution carry the side; the channels keep theirs."""
        assert differing(with_alert(), with_alert(side="right")) == {"event.E1", "event.E1.resolution"}

    def test_the_side_of_a_channel_moves_its_facts_to_the_other_side(self):
        """Facts of the left side go, facts of the right side come, and nothing else of another modality changes."""
        data = case()
        del data["channels"][3]
        after = deepcopy(data)
        channel_of(after, "mep-l")["side"] = "right"
        names = differing(data, after)
        assert {name.replace(".right", ".left") for name in names if ".right" in name} == {
            name for name in names if ".left" in name
        }
        assert not [name for name in names if "ssep" in name]

    def test_a_notification_changes_itself_and_its_delay(self):
        """Told by another: one fact. One minute later it is another notification, with its delay and answer."""
        after = with_alert()
        after["events"][0]["notifications"][0]["by"] = "prof1"
        telling = "event.E1.notification.surgeon"
        assert differing(with_alert(), after) == {f"{telling}.1002", f"communication.{telling}.1002"}
        after = with_alert()
        after["events"][0]["notifications"][0]["at"] = at("10:01")
        rows = ("notification.surgeon.{}", "notification.surgeon.{}.delay", "acknowledgement.surgeon.{}")
        both = ("1001", "1002")
        rows_of_the_list = {f"communication.{telling}.{clock}" for clock in both}
        assert differing(with_alert(), after) == rows_of_the_list | {
            f"event.E1.{row.format(clock)}" for row in rows for clock in both
        }

    def test_deleting_the_block_says_not_recorded(self):
        """Without train-of-four its fact says so, and the snapshots lose it."""
        data = case()
        after = deepcopy(data)
        after["anesthesia"]["train_of_four"] = []
        snapshots = {"physiology.at.baseline", "physiology.at.closing"}
        assert differing(data, after) == {"tof.abductor_hallucis.left.0825", "tof", "result.tof", *snapshots}
        assert facts_of(after).by_id["tof"].status == "not_recorded"

    @pytest.mark.parametrize(
        ("field", "text", "names"),
        [
            ("text", "thoracic disc herniation", {"diagnosis.M48:04"}),
            ("icd10cm", "M51.24", {"diagnosis.M48:04", "diagnosis.M51:24"}),
        ],
    )
    def test_an_administrative_text_changes_one_fact(self, field, text, names):
        """A diagnosis is one fact; under another code it is another one."""
        data = case()
        after = deepcopy(data)
        after["diagnoses"][0][field] = text
        assert differing(data, after) == names

    def test_an_added_milestone_changes_nothing_else(self):
        """Facts keep their ids when something is recorded beside them."""
        after = case()
        after["milestones"].append({"code": "correction", "at": at("10:00")})
        assert differing(case(), after) == {"milestone.correction.1000"}
