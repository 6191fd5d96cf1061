"""Anesthesia, physiology, technique and time of the technical record."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.blocks import Paragraph, Section, Table
from report_gen.draft.conditions import before_surgery, postoperative_findings
from report_gen.draft.model import Block, Sentence
from report_gen.draft.technical.closing import closing_status
from report_gen.draft.technical.personnel import personnel_and_time
from report_gen.draft.technical.physiology import anesthesia
from report_gen.draft.technical.readings import all_readings
from report_gen.draft.technical.technique import technique
from tests.cases.parts import at, baseline, criterion, measurement, reading
from tests.cases.quiet import case, one_channel, with_alert
from tests.cases.reports import facts_of

HALF = criterion("half", "ssep_lower", ("amplitude_decrease_pct", 50.0))


def said(section: Section[Block]) -> list[str]:
    """The sentences of its paragraphs."""
    return [row.text for block in section.blocks if isinstance(block, Paragraph) for row in block.sentences]


def cells(section: Section[Block], name: str) -> list[list[str]]:
    """The cells of one of its tables."""
    (table,) = [block for block in section.blocks if isinstance(block, Table) and block.id == name]
    return [[cell.text for cell in row.cells] for row in table.rows]


def tof(*rows: tuple[str, int, float]) -> list[dict[str, Any]]:
    """Train-of-four readings of one muscle."""
    return [
        {"at": at(clock), "count": count, "ratio_pct": ratio, "muscle": "abductor_hallucis", "side": "left"}
        for clock, count, ratio in rows
    ]


def blocked(*rows: tuple[str, int, float]) -> Section[Block]:
    """Anesthesia of a case with these train-of-four readings."""
    data = case()
    data["anesthesia"]["train_of_four"] = tof(*rows)
    return anesthesia(facts_of(data))


class TestTrainOfFour:
    def test_readings_alike_are_one_sentence(self):
        """With their number, place, span of time and range of ratios; each stands in the table."""
        section = blocked(("07:39", 4, 84.0), ("08:30", 4, 98.0), ("09:40", 4, 90.0))
        assert "TOF 4/4 in all 3 readings (left AH, 07:39 to 09:40, ratio 84% to 98%)." in said(section)
        assert cells(section, "tof") == [["07:39", "4/4", "84%"], ["08:30", "4/4", "98%"], ["09:40", "4/4", "90%"]]

    def test_readings_that_differ_claim_no_common_count(self):
        """Two of four is not four of four."""
        found = said(blocked(("07:39", 2, 84.0), ("09:40", 4, 84.0)))
        assert "TOF: 2 readings that differ (left AH, 07:39 to 09:40, ratio 84%)." in found

    def test_one_reading_is_told_as_it_is(self):
        """No range is made of it."""
        assert "TOF 4/4, ratio 84%, left AH, 07:39." in said(blocked(("07:39", 4, 84.0)))


class TestPhysiology:
    def test_the_unit_stands_with_the_name_alone(self):
        """No cell repeats it."""
        row = next(row for row in cells(anesthesia(facts_of(case())), "physiology") if row[0].startswith("MAP"))
        assert row[0] == "MAP, mmHg"
        assert not any("mmHg" in text for text in row[1:])


class TestTechnique:
    def test_criteria_are_a_table(self):
        """Modality, criterion, baseline and source of each."""
        rows = cells(technique(facts_of(case(criteria=[HALF]))), "criteria")
        assert rows[0][:3] == ["lower-limb SSEP", "amplitude decrease of at least 50%", "post-position"]


class TestMinutes:
    def test_the_subtraction_can_be_followed(self):
        """What is monitored, and what of it was attended."""
        rows = cells(personnel_and_time(facts_of(case())), "minutes")
        assert rows[0][0] == "monitored"
        assert any(row[0].startswith("attended by the professional") for row in rows)


class TestReadings:
    def test_each_reading_stands_at_its_time_with_its_percentage(self):
        """A reading beyond its criterion is bold."""
        rows = [
            baseline("08:30", reading(2.0, 40.0)),
            measurement("intraop", "09:00", reading(1.8, 40.2)),
            measurement("intraop", "09:30", reading(0.8, 41.0)),
        ]
        (section,) = all_readings(facts_of(one_channel(rows, HALF)))
        (table,) = [block for block in section.blocks if isinstance(block, Table)]
        assert [[cell.text for cell in row.cells] for row in table.rows] == [
            ["09:00", "1.8 µV, 40.2 ms (90%)"],
            ["09:30", "0.8 µV, 41.0 ms (40%)"],
        ]
        assert [row.cells[1].strong for row in table.rows] == [False, True]

    def test_readings_of_events_are_said_to_stand_with_their_account(self):
        """Which table of all readings leaves them out."""
        (section,) = all_readings(facts_of(with_alert()))
        assert said(section)[-1] == "Readings at an event and at its re-tests stand in the account of it (E1)."

    def test_a_case_without_readings_in_between_has_no_such_section(self):
        """Nothing is headed that is empty."""
        assert all_readings(facts_of(one_channel([baseline("08:30", reading(2.0, 40.0))], HALF))) == ()


class TestReasons:
    def test_a_reason_of_several_readings_is_told_once(self):
        """Its number stands in the cells."""
        gone = {"state": "not_obtained", "reason": "preexisting_deficit", "reason_detail": "legs 2 of 5"}
        rows = [baseline("08:30", gone), measurement("closing", "11:00", gone)]
        (section,) = closing_status(facts_of(one_channel(rows, HALF)))
        (table,) = [block for block in section.blocks if isinstance(block, Table)]
        assert [cell.text for cell in table.rows[1].cells[1:]] == [
            "not obtained [1]",
            "no baseline",
            "not obtained [1]",
        ]
        assert [note.text for note in table.note if "legs 2 of 5" in note.text] == [
            "[1] pre-existing deficit, legs 2 of 5."
        ]


class TestBeforeSurgery:
    def test_the_same_finding_of_both_sides_is_told_once(self):
        """Two of five on either side."""
        data = case()
        data["preoperative"]["examination"]["findings"] = [
            {"domain": "motor", "site": "leg", "side": side, "finding": "2 of 5", "grade_0_5": 2.0}
            for side in ("left", "right")
        ]
        assert any("motor, leg (both sides) 2/5" in row for row in said(before_surgery(facts_of(data))))

    def test_findings_of_a_place_stand_together_with_their_sides(self):
        """A grade that its words repeat is told once, as it is written."""
        data = case()
        data["preoperative"]["examination"]["findings"] = [
            {"domain": "motor", "site": "leg", "side": "left", "finding": "weak", "grade_0_5": 3.0},
            {"domain": "motor", "site": "leg", "side": "right", "finding": "4 minus of 5", "grade_0_5": 3.7},
        ]
        assert any(
            "motor, leg: left weak (3/5), right 4\u2212/5" in row for row in said(before_surgery(facts_of(data)))
        )


class TestAfterSurgery:
    def test_intensive_care_says_how_the_patient_was(self):
        """Kept asleep overnight: why nobody could be examined on waking."""
        data = case()
        kept = {"kind": "intensive_care", "at": at("15:25"), "by_role": "anesthesiologist", "text": "Kept asleep."}
        data["postoperative_course"] = [kept]
        assert any("Kept asleep" in row.text for row in postoperative_findings(facts_of(data)))

    def test_what_is_weak_stands_before_full_power(self):
        """What was examined is named once for its places; the new deficit is told by what is weak."""
        rows = [("right", "leg", 5.0), ("left", "hip", 4.0), ("left", "ankle", 3.0)]
        findings = [
            {"domain": "motor", "site": site, "side": side, "finding": f"{grade:.0f} of 5", "grade_0_5": grade}
            for side, site, grade in rows
        ]
        examination = {"availability": "performed", "examiner": "S", "new_deficit": "new", "findings": findings}
        (told,) = postoperative_findings(facts_of(case(postoperative_examination=examination)))
        assert told.text.endswith("new deficit: motor, left ankle 3/5; left hip 4/5; right leg 5/5.")

    def test_without_a_weak_one_findings_keep_their_order(self):
        """Nor do findings without a grade give way to one that has a low one."""
        words = [("sensory", "left", None), ("motor", "right", 5.0)]
        rows = [
            {"domain": domain, "side": side, "finding": "as told"} | ({"grade_0_5": grade} if grade else {})
            for domain, side, grade in words
        ]
        told = [row.text for row in self.told(rows)]
        assert "sensory, left: as told; motor, right: as told (5/5)." in told[0]

    @pytest.mark.parametrize(
        ("site", "finding", "words"),
        [
            ("arms and legs", "moves all limbs", "motor, arms and legs: moves all limbs."),
            (None, "moves all limbs", "motor: moves all limbs."),
            ("legs", "weak", "motor, legs (both sides): weak."),
            (None, "weak", "motor, both sides: weak."),
        ],
    )
    def test_words_that_name_the_limbs_have_no_side_before_them(self, site, finding, words):
        """No side moves all limbs; where the words do not say it, both sides stand with the place."""
        row = {"domain": "motor", "side": "bilateral", "finding": finding} | ({"site": site} if site else {})
        assert self.told([row])[0].text.endswith(words)

    def told(self, findings: list[dict[str, Any]]) -> tuple[Sentence, ...]:
        """An examination after surgery with these findings."""
        examination = {"availability": "performed", "examiner": "Surgeon, Sam, MD", "findings": findings}
        return postoperative_findings(facts_of(case(postoperative_examination=examination)))
