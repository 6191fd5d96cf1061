"""What a sentence says of what stands before it: also, then, it, and the order of the record."""

from __future__ import annotations

import pytest

from report_gen.guard.judgement import judge_of
from tests.guard.cases import SCOLIOSIS, sample

SURGEON, ANESTHESIOLOGIST = "the surgeon (Surgeon, Sam, MD)", "the anesthesiologist (Anesthesia, Ann, MD)"
TECHNOLOGIST = "the technologist (Tech, Tobias)"
BY_HIM = f"told by {TECHNOLOGIST} at 11:29, 1 min after onset"
RELEASED = "released the correction on the left side at 11:30 (“derotation released”)"
FREED = "The correction on the left side was released by the surgeon at 11:30 (“derotation released”)"


def reasons(texts: list[str], *facts: str) -> list[str]:
    """Why sentences do not word the units of these facts of the scoliosis alert; empty when they do."""
    found, known = sample(SCOLIOSIS)
    passage = next(passage for passage in found if passage.about)
    units = [unit for unit in passage.offered if any(f"event.E1.{fact}" in (unit.id, *unit.facts) for fact in facts)]
    assert len(units) == len(facts)
    return [refusal.reason for refusal in judge_of(passage, known).refusals(texts, units)]


class TestAlso:
    def test_looks_for_a_telling_before_it_on_the_page(self) -> None:
        """The surgeon's stands before the anesthesiologist's."""
        text = f"The{ANESTHESIOLOGIST[3:]} was also {BY_HIM}, and acknowledged at 11:30."
        assert reasons([text], "notification.anesthesiologist.1129") == []

    def test_is_refused_of_the_first_who_was_told(self) -> None:
        """Nobody was told before."""
        text = f"The{SURGEON[3:]} was also {BY_HIM}, and acknowledged at 11:29."
        assert reasons([text], "notification.surgeon.1129") == ["order"]


class TestThen:
    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            (f"The surgeon paused surgery at 11:29 and then {RELEASED}.", True),
            (f"Surgery was paused by the surgeon at 11:29, after which t{FREED[1:]}.", True),
            (f"The surgeon {RELEASED} and then paused surgery at 11:29.", False),
            (f"{FREED}, after which surgery was paused by the surgeon at 11:29.", False),
        ],
    )
    def test_is_said_of_the_later_alone(self, text: str, stands: bool) -> None:
        """By the times that the sentence says itself."""
        assert (
            not reasons([text], "intervention.pause_surgery.1129", "intervention.release_correction.1130")
        ) is stands


class TestPrint:
    @pytest.mark.parametrize(
        "text",
        [
            "At 11:29 , the surgeon paused surgery.",
            "At 11:29,the surgeon paused surgery.",
            "At 11:29,  the surgeon paused surgery.",
            "At 11:29,\nthe surgeon paused surgery.",
            "At 11:29,, the surgeon paused surgery.",
        ],
    )
    def test_sets_its_marks_as_the_report_does(self, text: str) -> None:
        """What is kept is printed as it stands."""
        assert reasons([text], "intervention.pause_surgery.1129")
        assert reasons(["At 11:29, the surgeon paused surgery."], "intervention.pause_surgery.1129") == []


class TestOrder:
    def test_of_readings_is_that_of_the_record(self) -> None:
        """Told backwards, a recovery reads as a decline."""
        first = "At 11:40, in percent of baseline: L TA absent, R TA 17%, L AH 14%, R AH 23%, L VL 32%, R VL 46%"
        second = "at 11:54, in percent of baseline: L TA 9%, R TA 45%, L AH 38%, R AH 55%, L VL 44%, R VL 62%"
        both = ("retest.1140", "retest.1154")
        assert reasons([f"{first}; {second}."], *both) == []
        assert reasons([f"A{second[1:]}; a{first[1:]}."], *both) == ["order"]
