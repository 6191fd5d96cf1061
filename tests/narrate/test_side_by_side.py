"""Which proved wordings stand beside the template's sentences."""

from __future__ import annotations

import pytest

from report_gen.draft.model import Sentence
from report_gen.draft.passages import Part, Passage, Unit
from report_gen.guard.judgement import Refusal
from report_gen.guard.passage import Verdict
from report_gen.narrate.side_by_side import Misfit, misfits, points_back


def _unit(number: int, label: str = "", kind: str = "event.intervention") -> Unit:
    """A unit of one template sentence."""
    sentence = Sentence(f"Template {number}.", (f"x{number}",))
    part = Part(f"x{number}", kind, "", ())
    return Unit(f"x{number}", f"f{number}", "g", label, (f"x{number}",), (sentence,), (part,), "event.E1")


def _found(units: list[Unit], verdicts: list[Verdict], paragraphs: list[int]) -> dict[str, Misfit]:
    """The misfits of a passage whose units stand in the given paragraphs."""
    passage = Passage("event-E1", "E1", tuple(units), "event", "event.E1")
    return misfits(passage, verdicts, {unit.template[0]: n for unit, n in zip(units, paragraphs, strict=True)})


def _says(text: str, *units: Unit) -> Verdict:
    """A proved wording."""
    return Verdict(units, (text,))


def _false(*units: Unit) -> Verdict:
    """A refused one."""
    return Verdict(units, ("x",), (Refusal("statement"),))


class TestPointingBack:
    """Words for something that the sentence before says."""

    @pytest.mark.parametrize(
        "text",
        [
            "The anesthesiologist was also told at 09:14.",
            "The stimulus was then raised at 11:33.",
            "It was recorded in the left L TA.",
            "At the same time, the surgeon paused surgery.",
            "The same was done by the technologist.",
            "These were within criterion.",
        ],
    )
    def test_is_found(self, text: str) -> None:
        """At the beginning, or in the first clause."""
        assert points_back(text)

    @pytest.mark.parametrize(
        "text",
        [
            "This met the criterion: loss of the response.",
            "The surgeon paused surgery at 11:29 and then released the correction at 11:30.",
            "The average was repeated at 12:23; the technologist then checked the electrodes at 12:24.",
            "At the same time as onset, the surgeon was told.",
            "The surgeon released the correction (“then it came back”).",
            "The authentic itinerary.",
        ],
    )
    def test_is_not_seen_where_there_is_none(self, text: str) -> None:
        """The event is what the account is of; a second clause points to the first; quotations are a person's."""
        assert not points_back(text)


class TestMisfits:
    """Proved wordings that would read badly where they would stand."""

    def test_a_refusal_takes_nothing_with_it(self) -> None:
        """One of five is proved: it stands."""
        units = [_unit(number) for number in range(1, 6)]
        verdicts = [_says("The surgeon paused surgery.", units[0]), *map(_false, units[1:])]
        assert _found(units, verdicts, [0] * 5) == {}

    def test_a_sentence_that_points_needs_the_one_before(self) -> None:
        """In the model's words, in the same paragraph, and standing."""
        units = [_unit(number) for number in range(1, 4)]
        first, then = _says("Surgery was paused.", units[0]), _says("The rod was also released.", units[1])
        assert _found(units, [first, then], [0, 0, 0]) == {}
        assert _found(units, [_false(units[0]), then], [0, 0, 0]) == {"f2": "before"}
        assert _found(units, [then], [0, 0, 0]) == {"f2": "before"}
        assert _found(units, [first, then], [0, 1, 1]) == {"f2": "before"}

    def test_one_that_falls_takes_those_that_point_to_it(self) -> None:
        """And those that point to them."""
        units = [_unit(number) for number in range(1, 4)]
        verdicts = [_false(units[0]), *(_says("It was also checked.", unit) for unit in units[1:])]
        assert _found(units, verdicts, [0, 0, 0]) == {"f2": "before", "f3": "before"}

    def test_re_tests_of_a_paragraph_are_one_series(self) -> None:
        """All or none; one alone, or in a paragraph of its own, is no series."""
        units = [_unit(number, "Re-test", "event.retest") for number in range(1, 4)]
        proved = [_says("R TA was 17%.", unit) for unit in units]
        assert _found(units, proved, [0, 0, 0]) == {}
        assert _found(units, proved[:2], [0, 0, 0]) == {"f1": "series", "f2": "series"}
        assert _found(units, proved[:2], [0, 0, 1]) == {}
        assert _found(units, [proved[0], _false(units[1])], [0, 1, 2]) == {}

    def test_a_sentence_across_headings_falls_whole(self) -> None:
        """It would stand under one of them."""
        told, act = _unit(1, "Notification", "event.notification"), _unit(2, "Intervention")
        both = _says("The surgeon was told and paused surgery.", told, act)
        assert _found([told, act], [both], [0, 1]) == {"f1": "heading", "f2": "heading"}

    def test_paragraphs_without_a_heading_may_be_joined(self) -> None:
        """An act and the re-test after it, each of one sentence."""
        act, test = _unit(1), _unit(2, "", "event.retest")
        assert _found([act, test], [_says("A shunt was placed, and R TA was 17%.", act, test)], [0, 1]) == {}

    def test_what_was_refused_is_no_misfit(self) -> None:
        """It has its reason."""
        unit = _unit(1)
        assert _found([unit], [_false(unit)], [0]) == {}
