"""Tables of stimulation tests: left beside right, and once what all tests have in common."""

from __future__ import annotations

from typing import Any

from report_gen.document.blocks import Table
from report_gen.draft.model import Sentence
from report_gen.draft.technical.stimulation import stimulation_tests
from tests.cases.parts import at, criterion
from tests.cases.quiet import case
from tests.cases.reports import facts_of


def screw(level: str, side: str, clock: str, ma: float, **more: Any) -> dict[str, Any]:
    """A test of a pedicle screw up to 20 mA."""
    test = {"kind": "screw", "level": level, "side": side, "at": at(clock), "outcome": "threshold"}
    return test | {"threshold_ma": ma, "max_tested_ma": 20.0, "muscle": "tibialis_anterior"} | more


def tables(*tests: dict[str, Any], **more: Any) -> list[Table[Sentence]]:
    """The tables of a case with these tests."""
    facts = facts_of(case(threshold_tests=list(tests), **more))
    return [block for section in stimulation_tests(facts) for block in section.blocks if isinstance(block, Table)]


def texts(table: Table[Sentence]) -> list[list[str]]:
    """The cells of its rows as printed."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def notes(table: Table[Sentence]) -> list[str]:
    """What stands under it."""
    return [note.text for note in table.note]


PAIR = (screw("L5", "left", "09:30", 5.2), screw("L5", "right", "09:31", 14.0))
LIMIT = criterion("screws", "emg_triggered_screw", ("threshold_at_most_ma", 8.0))


class TestBothSides:
    def test_left_and_right_of_a_level_share_a_row(self):
        """Each with result, muscle and time of its own."""
        (table,) = tables(*PAIR)
        assert [(column.group, column.title) for column in table.columns[1:4]] == [
            ("Left", "Result"),
            ("Left", "Muscle"),
            ("Left", "Time"),
        ]
        assert texts(table) == [["L5", "5.2 mA", "TA", "09:30", "14.0 mA", "TA", "09:31"]]

    def test_a_low_threshold_stands_out_beside_the_limit(self):
        """Above it is the good result, and neither reads as a test that failed."""
        (table,) = tables(*PAIR, criteria=[LIMIT])
        left, right = table.rows[0].cells[1], table.rows[0].cells[4]
        assert [(cell.text, cell.strong) for cell in (left, right)] == [
            ("5.2 mA (\u2264 8 mA)", True),
            ("14.0 mA (> 8 mA)", False),
        ]
        assert "Criterion: threshold of at most 8 mA." in notes(table)

    def test_a_re_test_takes_a_row_under_its_screw(self):
        """The side that was not tested again stays empty."""
        (table,) = tables(*PAIR, screw("L5", "left", "09:49", 16.0, stage="after_redirection"))
        assert texts(table)[1] == ["L5, after redirection", "16.0 mA", "TA", "09:49", "", "", ""]

    def test_what_all_tests_share_is_said_once(self):
        """How far was tested, and that they are the first ones."""
        (table,) = tables(*PAIR)
        assert notes(table) == ["Tested up to 20 mA.", "Tests without a stage are initial."]

    def test_a_remark_stands_under_the_table_with_its_place(self):
        """A column for it would be empty nearly everywhere."""
        (table,) = tables(PAIR[0] | {"note": "repeated once"}, PAIR[1])
        assert "Left L5, 09:30: repeated once." in notes(table)

    def test_another_limit_is_told_with_its_screw(self):
        """The one tested less far is named."""
        (table,) = tables(PAIR[0] | {"max_tested_ma": 10.0}, PAIR[1])
        assert notes(table)[:2] == ["Tested up to 10 mA: left L5, 09:30.", "Tested up to 20 mA: right L5, 09:31."]


class TestOneSide:
    def test_direction_and_place_have_columns_of_their_own(self):
        """What all rows say goes below."""
        tests = [
            {"kind": "dilator", "side": "left", "direction": direction, "at": at("09:00"), "outcome": "threshold"}
            | {"threshold_ma": ma, "max_tested_ma": 20.0, "muscle": "vastus_medialis"}
            for direction, ma in (("posterior", 11.0), ("superior", 14.0))
        ]
        (table,) = tables(*tests)
        assert [column.title for column in table.columns] == ["Direction", "Side", "Time", "Result", "Muscle"]
        assert notes(table) == ["Stage: initial.", "Tested up to: 20 mA."]
