"""Side against side: event, channels, diagnosis, code and procedure."""

from __future__ import annotations

import pytest

from tests.cases.quiet import case, with_alert
from tests.cases.reports import told


class TestSides:
    @pytest.mark.parametrize(
        ("side", "channels", "fires"),
        [
            ("left", ["mep-l"], False),
            ("right", ["mep-l"], True),
            ("bilateral", ["mep-l"], True),
            ("bilateral", ["mep-l", "mep-r"], False),
            ("left", ["mep-l", "mep-r"], True),
            ("not_applicable", ["mep-l"], True),
            ("not_recorded", ["mep-l"], False),
        ],
    )
    def test_event_against_channels(self, side, channels, fires):
        """Two sides are bilateral; an unknown side contradicts nothing."""
        data = with_alert(side=side, channels=channels)
        assert told(data, "event_side_against_channels") == ([("block", "/events/0/side")] if fires else [])

    @pytest.mark.parametrize(
        ("code", "side", "fires"),
        [
            ("G51.32", "right", True),
            ("G51.31", "right", False),
            ("M48.04", "right", False),
            ("G51.32", "not_applicable", False),
        ],
    )
    def test_code_against_diagnosis(self, code, side, fires):
        """The side in the code."""
        data = case(diagnoses=[{"text": "spasm", "icd10cm": code, "side": side}])
        assert told(data, "diagnosis_code_side") == ([("block", "/diagnoses/0/icd10cm")] if fires else [])

    @pytest.mark.parametrize(("words", "fires"), [("left spasm", True), ("right spasm", False), ("spasm", False)])
    def test_words_of_the_diagnosis_against_its_side(self, words, fires):
        """The text names the other side."""
        data = case(diagnoses=[{"text": words, "side": "right"}])
        assert bool(told(data, "diagnosis_text_side")) is fires

    @pytest.mark.parametrize(
        ("diagnoses", "fires"),
        [
            ([{"side": "right"}], True),
            ([{"side": "left"}], False),
            ([{"side": "right"}, {"side": "left"}], False),
            ([{"side": "bilateral"}], False),
            ([{"icd10cm": "G51.31"}], True),
            ([{}], False),
        ],
    )
    def test_diagnosis_against_surgery(self, diagnoses, fires):
        """None of the diagnoses lies on the side operated."""
        data = case(diagnoses=[{"text": "spasm", **row} for row in diagnoses])
        data["surgery"]["side"] = "left"
        assert bool(told(data, "diagnosis_against_surgery_side")) is fires

    @pytest.mark.parametrize(
        ("words", "fires"),
        [("Right TLIF", True), ("Left TLIF", False), ("TLIF left, graft right", False), ("TLIF", False)],
    )
    def test_words_of_the_procedure_against_its_side(self, words, fires):
        """What was scheduled and what was coded."""
        data = case()
        data["surgery"] |= {"side": "left", "procedure": words}
        assert bool(told(data, "procedure_text_side")) is fires
