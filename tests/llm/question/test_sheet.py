"""What a question shows of its facts: which units, which keys, what stands around them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from report_gen.draft.passages import Part, Passage, StatedValue, Unit
from report_gen.facts.model import Facts
from report_gen.llm.question.brief import brief
from report_gen.llm.question.keys import key_of, key_of_delay
from report_gen.llm.question.worth import worth_asking
from tests.guard.cases import SCOLIOSIS, SHUNT, sample


def _account(name: str, passage: str = "event-E1") -> tuple[Passage, Facts]:
    """The account of an event of a sample."""
    found, facts = sample(name)
    return next(one for one in found if one.id == passage), facts


def _sheet(passage: Passage, facts: Facts, units: list[Unit] | None = None) -> dict[str, Any]:
    """What is sent of some units."""
    sheet: dict[str, Any] = json.loads(brief(passage, facts, units=units))
    return sheet


def _of(passage: Passage, kind: str) -> Unit:
    """The first unit with a part of a kind."""
    return next(unit for unit in passage.offered if any(part.kind == kind for part in unit.parts))


def _unit(*parts: Part) -> Unit:
    """A unit built by hand."""
    return Unit("x", "f1", "g", "", ("x",), (), parts)


def _part(kind: str, *said: str, status: str = "") -> Part:
    """A part that says values of the given names."""
    return Part("x", kind, status, tuple(StatedValue(name, f"its {name}", "free") for name in said))


class TestWhatIsWorthAsking:
    """Units whose wording could be another than the template's."""

    @pytest.mark.parametrize("kind", ["event", "event.context", "event.intervention", "event.retest"])
    def test_what_happened_is_asked(self, kind: str) -> None:
        """How it began, the circumstances, acts and re-tests can be told in many ways."""
        assert worth_asking(_of(_account(SCOLIOSIS)[0], kind))

    @pytest.mark.parametrize("kind", ["event.criterion", "event.excluded", "event.resolution"])
    def test_what_must_be_copied_is_not(self, kind: str) -> None:
        """A criterion, a list of causes, the class of an ending."""
        assert not worth_asking(_of(_account(SCOLIOSIS)[0], kind))

    def test_a_telling_is_asked_where_it_says_more_than_that(self) -> None:
        """A name, a delay or the time of an answer beside who was told and when."""
        told, answer = _part("event.notification", "to", "at"), _part("event.acknowledgement", status="no")
        assert not worth_asking(_unit(told))
        assert not worth_asking(_unit(told, answer))
        assert worth_asking(_unit(_part("event.notification", "to", "to_name", "at")))
        assert worth_asking(_unit(told, _part("event.notification.delay", "delay_min", status="onset")))
        assert worth_asking(_unit(told, _part("event.acknowledgement", "at", status="yes")))

    def test_a_review_is_asked_where_outcomes_differ(self) -> None:
        """Of one outcome for all, only a list could be copied."""
        one = Part(
            "x",
            "modality.baseline_review",
            "accepted",
            (StatedValue("modality", "TcMEP", "free"), StatedValue("acceptance", "accepted", "free")),
        )
        same = Part("y", one.kind, "accepted", (StatedValue("modality", "SSEP", "free"), one.said[1]))
        other = Part("y", one.kind, "limited", (same.said[0], StatedValue("acceptance", "with limits", "free")))
        noted = Part("y", one.kind, "accepted", (*same.said, StatedValue("note", "low", "quote", "q1")))
        assert not worth_asking(_unit(one, same))
        assert worth_asking(_unit(one, other))
        assert worth_asking(_unit(one, noted))

    def test_nothing_to_state_is_nothing_to_ask(self) -> None:
        """A unit that stays with the template."""
        assert not worth_asking(_unit())


class TestKeys:
    """Names by which values are shown."""

    def test_each_time_says_of_what(self) -> None:
        """No two kinds share the key of their time."""
        kinds = (
            "event.notification",
            "event.acknowledgement",
            "event.intervention",
            "event.retest",
            "event.resolution",
        )
        keys = [key_of(kind, "at") for kind in kinds]
        assert len(set(keys)) == len(kinds)
        assert "at" not in keys

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("amplitude_pct_of_baseline", "amplitude_in_percent_of_baseline"),
            ("velocity_cm_pct_of_baseline", "velocity_in_percent_of_baseline"),
            ("latency_ms", "latency_ms"),
        ],
    )
    def test_a_percentage_is_one_of_baseline(self, name: str, key: str) -> None:
        """Not a fall by as much; other numbers keep their unit."""
        assert key_of("event.retest.change", name) == key

    def test_a_class_says_whose_it_is(self) -> None:
        """The time is that of the responses, the person the one who classed them."""
        assert key_of("event.resolution", "at") == "responses_were_so_at"
        assert key_of("event.resolution", "assigned_by") == "class_given_by"

    @pytest.mark.parametrize(
        ("status", "minutes", "key"),
        [
            ("onset", 1, "told_after_onset_by"),
            ("onset", -1, "told_before_onset_by"),
            ("noticed", 2, "told_after_it_was_noticed_by"),
        ],
    )
    def test_a_delay_says_what_it_counts_from(self, status: str, minutes: float, key: str) -> None:
        """And which came first."""
        assert key_of_delay(status, minutes) == key


class TestTheSheet:
    """The JSON of a question."""

    def test_the_event_stands_before_in_outline(self) -> None:
        """All of it, in order, with a mark at what is asked; without a time, a name or a person's words."""
        passage, facts = _account(SCOLIOSIS)
        act = _of(passage, "event.intervention")
        outline = _sheet(passage, facts, [act])["outline"]
        assert len(outline) == len(passage.offered)
        assert [line for line in outline if "asked" in line] == [f"surgeon paused surgery (asked: {act.key})"]
        assert "told: surgeon" in outline
        assert "ending" in outline
        assert not any("{" in line or "“" in line for line in outline)

    def test_an_event_that_is_asked_whole_needs_no_outline(self) -> None:
        """Nothing stands there that the facts do not say."""
        passage, facts = _account(SCOLIOSIS)
        assert "outline" not in _sheet(passage, facts)

    def test_tells_what_a_quotation_is(self) -> None:
        """Whose words, and whether they end a sentence of their own."""
        passage, facts = _account(SHUNT, "event-E2")
        told = _sheet(passage, facts, [_of(passage, "event.context"), _of(passage, "event.notification")])["quotations"]
        assert told == {"q1": "a remark in the record on the circumstances, ends with its own full stop"}
        passage, facts = _account(SCOLIOSIS)
        told = _sheet(passage, facts, [_of(passage, "event.context")])["quotations"]
        assert told == {"q1": "a remark in the record on the circumstances, a phrase"}

    def test_facts_under_one_heading_have_one_number(self) -> None:
        """Only those may be joined; where all are under one, none is told."""
        passage, facts = _account(SCOLIOSIS)
        acts = [unit for unit in passage.offered if unit.label == "Intervention"][-2:]
        tests = [unit for unit in passage.offered if unit.label == "Re-test"]
        rows = _sheet(passage, facts, [*acts, *tests])["facts"]
        assert [row["heading"] for row in rows] == [1] * len(acts) + [2] * len(tests)
        assert not any("heading" in row for row in _sheet(passage, facts, tests)["facts"])

    def test_a_response_has_its_value_beside_it(self) -> None:
        """Not in a part of its own, which another response could be taken for."""
        passage, facts = _account(SCOLIOSIS)
        parts = _sheet(passage, facts, [_of(passage, "event.retest")])["facts"][0]["parts"]
        assert parts[1] == {
            "kind": "event.retest.reading",
            "response": "L TA",
            "state_of_the_response": "absent",
        }
        assert parts[2] == {
            "kind": "event.retest.reading",
            "response": "R TA",
            "amplitude_in_percent_of_baseline": "17%",
        }

    def test_a_telling_says_who_when_and_what_came_back(self) -> None:
        """Every value under a key of its own."""
        passage, facts = _account(SCOLIOSIS)
        told, delay, answer = _sheet(passage, facts, [_of(passage, "event.notification")])["facts"][0]["parts"]
        assert told == {
            "kind": "event.notification",
            "who_was_told": "surgeon",
            "name_of_who_was_told": "{n1}",
            "told_by": "technologist",
            "name_of_who_told": "{n2}",
            "told_at": "{t2}",
        }
        assert delay == {"kind": "event.notification.delay", "told_after_onset_by": "1 min"}
        assert answer == {"kind": "event.acknowledgement", "acknowledged_at": "{t2}"}
