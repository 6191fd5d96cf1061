"""Names of responses: what the record names, and that it names nothing; each response with its own side."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, baseline, channel, reading
from tests.cases.quiet import case
from tests.cases.reports import facts_of
from tests.cases.thin import event, thin


def named(modality, side="left", **site):
    """Label, short name and words in an event of one response."""
    data = thin(modalities=[{"modality": modality, "performed": True}])
    data["channels"] = [{"id": "c", "modality": modality, "side": side, "measurements": [], **site}]
    data["events"] = [event(modality=modality, channels=["c"], side=side)]
    facts = facts_of(data)
    response = facts.by_id["channel.c"]
    return response.text("label"), response.text("short"), facts.by_id["event.E1"].text("responses")


def affected(*responses, side="bilateral"):
    """The words for several responses, each a modality, a side and a site."""
    kinds = {"tcmep": "muscle", "ssep_lower": "nerve"}
    rows = [
        channel(f"c{number}", modality, own, [baseline("08:30", reading(2.0, 20.0))], **{kinds[modality]: site})
        for number, (modality, own, site) in enumerate(responses)
    ]
    changed = event(modality=None, channels=[row["id"] for row in rows], side=side, onset_at=at("10:00"))
    del changed["modality"]
    return facts_of(case(channels=rows, events=[changed])).by_id["event.E1"].text("responses")


class TestOneResponse:
    @pytest.mark.parametrize(
        ("modality", "site", "label", "short", "words"),
        [
            ("mep_unspecified", {"region": "leg"}, "leg MEP", "L leg", "left leg MEP"),
            (
                "mep_unspecified",
                {"region": "not_stated"},
                "MEP, muscle not stated",
                "L MEP",
                "left MEP, muscle not stated",
            ),
            ("tcmep", {"region": "foot"}, "foot TcMEP", "L foot", "left foot TcMEP"),
            ("tcmep", {"region": "other", "region_other": "calf"}, "calf TcMEP", "L calf", "left calf TcMEP"),
            (
                "tcmep",
                {"muscle": "other", "muscle_other": "peroneus tertius"},
                "peroneus tertius TcMEP",
                "L peroneus tertius",
                "left peroneus tertius TcMEP",
            ),
            (
                "ssep_lower",
                {"nerve": "other", "nerve_other": "sural nerve"},
                "sural nerve SSEP",
                "L sural nerve",
                "left sural nerve SSEP",
            ),
            (
                "ssep_lower",
                {"nerve": "posterior_tibial", "recording_level": "cortical"},
                "cortical posterior tibial nerve SSEP",
                "L cortical PTN",
                "left cortical posterior tibial nerve SSEP",
            ),
            (
                "ssep_lower",
                {"region": "not_stated", "recording_level": "peripheral"},
                "peripheral SSEP, nerve not stated",
                "L peripheral",
                "left peripheral SSEP, nerve not stated",
            ),
            ("emg_triggered_unspecified", {"region": "leg"}, "leg triggered EMG", "L leg", "left leg triggered EMG"),
        ],
    )
    def test_is_named_by_what_the_record_names(self, modality, site, label, short, words):
        """A limb is no muscle, a motor potential of unstated stimulation is not transcranial, a level is no nerve."""
        assert named(modality, **site) == (label, short, words)

    def test_levels_of_one_nerve_are_two_responses(self):
        """Without a number behind them: the level tells them apart."""
        rows = [
            channel(f"c{level}", "ssep_lower", "left", [], nerve="posterior_tibial", recording_level=level)
            for level in ("peripheral", "cortical")
        ]
        facts = facts_of(case(channels=rows, events=[]))
        assert [fact.text("label").split()[0] for fact in facts.of_kind("channel")] == ["peripheral", "cortical"]
        assert not any("1" in fact.text("label") for fact in facts.of_kind("channel"))

    def test_two_muscles_in_words_are_told_apart(self):
        """One code for both, and no number needed."""
        rows = [
            channel(f"c{words}", "tcmep", "left", [], muscle="other", muscle_other=words) for words in ("one", "two")
        ]
        facts = facts_of(case(channels=rows, events=[]))
        assert [fact.text("short") for fact in facts.of_kind("channel")] == ["L one", "L two"]


class TestSeveralResponses:
    def test_sides_are_not_pooled(self):
        """The right medial gastrocnemius is affected, the left is not."""
        words = affected(
            ("tcmep", "left", "tibialis_anterior"),
            ("tcmep", "right", "tibialis_anterior"),
            ("tcmep", "right", "gastrocnemius"),
        )
        assert words == "left tibialis anterior TcMEP and right tibialis anterior and gastrocnemius TcMEP"

    def test_three_nerves_of_two_limbs(self):
        """Left ulnar, left and right tibial: nobody says that the right ulnar was affected."""
        words = affected(
            ("ssep_lower", "left", "ulnar"),
            ("ssep_lower", "left", "posterior_tibial"),
            ("ssep_lower", "right", "posterior_tibial"),
        )
        assert words == "left ulnar nerve and posterior tibial nerve SSEP and right posterior tibial nerve SSEP"

    def test_the_same_responses_of_both_sides_are_a_group(self):
        """Each member has the same fact."""
        muscles = ("tibialis_anterior", "abductor_hallucis")
        both = [("tcmep", side, muscle) for side in ("left", "right") for muscle in muscles]
        assert affected(*both) == "tibialis anterior and abductor hallucis TcMEP on both sides"

    @pytest.mark.parametrize("side", ["right", "bilateral", "not_recorded"])
    def test_the_side_of_the_event_is_not_that_of_its_responses(self, side):
        """Whatever the event says of itself."""
        assert affected(("tcmep", "left", "tibialis_anterior"), side=side) == "left tibialis anterior TcMEP"

    def test_a_response_without_a_side_has_that_of_the_event(self):
        """The record says it in another field, so nobody says that it is not recorded."""
        assert named("mep_unspecified", "not_recorded", region="leg")[2] == "leg MEP (side not recorded)"
        data = thin()
        data["channels"][0]["side"] = "not_recorded"
        assert facts_of(data).by_id["event.E1"].text("responses") == "left leg MEP"
