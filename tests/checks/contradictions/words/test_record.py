"""Free text against the record."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, baseline, measurement
from tests.cases.quiet import case, channel_of, says, with_alert
from tests.cases.reports import codes, told


class TestWords:
    @pytest.mark.parametrize(
        ("words", "fires"),
        [
            ("Monitoring was continuous.", True),
            ("Signals were continuously monitored.", True),
            ("Uninterrupted recording.", True),
            ("Continuous EMG was recorded.", False),
            ("Continuous vagal stimulation was used.", False),
            ("Monitoring had a gap.", False),
        ],
    )
    def test_continuous_with_a_gap(self, words, fires):
        """The name of a technique claims nothing."""
        data = says(words)
        data["intervals"].append({"kind": "gap", "start_at": at("10:20"), "end_at": at("10:30"), "reason": "cautery"})
        assert told(data, "continuous_with_gap") == ([("block", "/opinion/impression")] if fires else [])

    def test_continuous_without_a_gap(self):
        """True as far as the record goes."""
        assert codes(says("Monitoring was continuous.")) == []

    @pytest.mark.parametrize(
        ("words", "fires"),
        [
            ("Left TcMEP fell by 85%.", False),
            ("Left TcMEP fell to 15 percent of baseline.", False),
            ("Left TcMEP fell by 84.5 %.", False),
            ("Left TcMEP fell by 62%.", True),
            ("No recorded change.", False),
        ],
    )
    def test_a_percent_in_the_impression(self, words, fires):
        """Recorded, computed, or what is left to a hundred; rounding is allowed."""
        data = says(words, with_alert())
        assert told(data, "percent_in_impression") == ([("block", "/opinion/impression")] if fires else [])

    def test_a_percent_in_the_clinical_correlation(self):
        """It is the professional's text too."""
        data = with_alert()
        data["opinion"]["clinical_correlation"] = "Fell by 62%."
        assert told(data, "percent_in_impression") == [("block", "/opinion/clinical_correlation")]

    @pytest.mark.parametrize(
        ("field", "value", "place"),
        [
            ("note", "fell 62%", "/events/0/note"),
            ("context_note", "about 62 % down", "/events/0/context"),
            (
                "suspected_cause",
                {"causes": ["undetermined"], "by_role": "interpreting_professional", "statement": "62% fall"},
                "/events/0/suspected_cause",
            ),
        ],
    )
    def test_a_percent_in_the_words_of_an_event(self, field, value, place):
        """Against the values of the event and its channels."""
        assert told(with_alert(**{field: value}), "percent_in_event") == [("block", place)]

    def test_a_percent_of_the_event_itself_is_right(self):
        """85 percent was computed."""
        assert codes(with_alert(note="fell by 85% to 15%", context_note="80% criterion")) == []

    def test_without_computed_values_words_stand_alone(self):
        """A published case may have words only."""
        data = with_alert(note="fell 62%", readings=[], retests=[], resolution=None, channels=[])
        assert told(data, "percent_in_event") == []

    @pytest.mark.parametrize(
        ("words", "fires"), [("The right side was stable.", True), ("The left side was stable.", False)]
    )
    def test_a_side_that_nothing_in_the_record_has(self, words, fires):
        """Only one side was recorded."""
        data = says(words)
        data["channels"] = [row for row in data["channels"] if row["side"] == "left"]
        assert told(data, "side_in_impression") == ([("block", "/opinion/impression")] if fires else [])

    def test_bilateral_facts_allow_both_sides(self):
        """Settings for both sides name both."""
        data = says("The right side was stable.")
        data["channels"] = [row for row in data["channels"] if row["side"] == "left"]
        data["modalities"][0]["stimulation"][0]["side"] = "bilateral"
        assert told(data, "side_in_impression") == []

    @pytest.mark.parametrize(
        ("words", "fires"),
        [
            ("SSEPs were stable.", True),
            ("SSEP remained unchanged; TcMEP not affected.", True),
            ("SSEP could not be followed. TcMEP were stable.", False),
            ("All signals were stable.", False),
        ],
    )
    def test_stable_without_a_baseline(self, words, fires):
        """What has no baseline cannot be stable (§10 fact 26)."""
        data = says(words)
        for name in ("ssep-l", "ssep-r"):
            absent = {"state": "not_obtained", "reason": "preexisting_deficit"}
            channel_of(data, name)["measurements"] = [
                baseline("08:30", absent),
                measurement("closing", "11:40", absent),
            ]
        assert told(data, "stable_without_baseline") == ([("block", "/opinion/impression")] if fires else [])

    def test_one_followed_response_of_the_modality_suffices(self):
        """Left unobtainable, right stable."""
        data = says("SSEP were stable.")
        absent = {"state": "not_obtained", "reason": "preexisting_deficit"}
        channel_of(data, "ssep-l")["measurements"] = [
            baseline("08:30", absent),
            measurement("closing", "11:40", absent),
        ]
        assert told(data, "stable_without_baseline") == []

    def test_without_impression_there_is_nothing_to_compare(self):
        """Pending is no contradiction."""
        assert codes(case(opinion=None)) == ["required.impression"]
