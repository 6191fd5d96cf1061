"""The lines of a proposed impression: what changed first, then the closing, then thresholds; each thing once."""

from __future__ import annotations

from typing import Any

from tests.cases.parts import at, criterion, reading
from tests.cases.quiet import case, closing, with_alert
from tests.cases.reports import facts_of


def line(data: dict[str, Any], system: str) -> str:
    """What is said of a system."""
    return facts_of(data).by_id[f"result.system.{system}"].text("text")


def screw(level: str, threshold: float, **more: Any) -> dict[str, Any]:
    """A test of a left pedicle screw."""
    return {"kind": "screw", "level": level, "side": "left", "outcome": "threshold", "threshold_ma": threshold, **more}


def screws(*tests: dict[str, Any]) -> dict[str, Any]:
    """A case with screw tests, a criterion for them and an alert about the left L5."""
    about = {"modality": "emg_triggered_screw", "channels": [], "readings": [], "retests": [], "criterion": None}
    data = with_alert(**about, direction="low_threshold", level="L5", side="left")
    data["threshold_tests"] = list(tests)
    data["modalities"].append({"modality": "emg_triggered_screw", "performed": True})
    data["criteria"].append(criterion("screw", "emg_triggered_screw", ("threshold_at_most_ma", 8.0)))
    return data


class TestOrder:
    def test_the_alert_with_its_values_stands_before_the_closing(self):
        """With how it ended; the values say of what they are a part."""
        first, *_, last = line(with_alert(), "motor").split(". ")
        assert first.startswith("alert E1 (return to within criterion): left abductor hallucis TcMEP ")
        assert "% of baseline" in first
        assert last.startswith("At closing ")

    def test_without_an_event_the_lowest_stands_first(self):
        """Of responses of which none changed for the worse."""
        assert line(case(events=[]), "sensory").startswith("lowest before closing 95% of baseline, +0.4 ms (")


class TestOnce:
    def test_the_responses_of_the_alert_are_not_named_again_at_closing(self):
        """Where they and no others are beyond their criterion."""
        data = closing(with_alert(resolution=None), "mep-l", {"state": "absent"})
        assert "At closing beyond criterion the same response, absent; " in line(data, "motor")
        closing(data, "mep-r", reading(20.0))
        assert "the same" not in line(data, "motor")

    def test_a_low_screw_that_the_alert_tells_is_not_told_again(self):
        """The other places are."""
        told = line(screws(screw("L5", 5.2, at=at("09:30")), screw("L4", 14.0)), "roots")
        assert "left screw tEMG L5 5.2 mA (09:30)" in told
        assert told.endswith("left other places L4 14.0 mA")

    def test_a_low_screw_that_no_event_tells_is_told(self):
        """One of two is not both."""
        told = line(screws(screw("L5", 5.2), screw("L4", 7.0), screw("S1", 14.0)), "roots")
        assert told.endswith("left lowest L5 5.2 mA, L4 7.0 mA")
