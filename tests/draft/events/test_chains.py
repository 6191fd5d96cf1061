"""The chronology of an alert: values first, everything once, in the order of its times."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen import load_case
from report_gen.document.blocks import Chronology, TimeEntry
from report_gen.draft.events.chains import alerts
from report_gen.draft.figures.trends import trends
from report_gen.draft.model import Sentence
from report_gen.facts import derive
from report_gen.facts.model import Facts
from tests.cases.parts import at, reading
from tests.cases.quiet import alert, case, with_alert
from tests.cases.reports import facts_of
from tests.selection import over_samples

SAMPLES = Path(__file__).parents[3] / "samples" / "valid"
by_sample = over_samples(
    "invented_scoliosis_mep_loss", "invented_cea_shunt", "invented_outage_cautery_gaps", "stress_twelve_hours"
)


@cache
def _facts(path: Path) -> Facts:
    return derive(load_case(path))


def entries(facts: Facts, place: int = 0) -> tuple[TimeEntry[Sentence], ...]:
    """The rows of one chronology."""
    (block,) = alerts(facts)[place].blocks
    assert isinstance(block, Chronology)
    return block.entries


def rows(data: dict[str, Any], place: int = 0) -> list[tuple[str, str]]:
    """Time and words of each row."""
    found = entries(facts_of(data), place)
    return [(row.time, " ".join(sentence.text for sentence in row.sentences)) for row in found]


def two_alerts(second: str, **more: Any) -> dict[str, Any]:
    """Two alerts, the second of them at a time and with some fields of its own."""
    return case(events=[alert(), alert(id="E2", onset_at=at(second), **more)])


class TestEveryAlert:
    @by_sample
    def test_stands_in_one_table(self, path):
        """No alert is left out and none stands in two."""
        facts = _facts(path)
        ids = Counter(
            state.fact
            for section in alerts(facts)
            for row in section.blocks[0].entries
            for sentence in row.sentences
            for state in sentence.states
            if state.value == "what"
        )
        expected = [chain.event.id for chain in facts.events if chain.event.status == "alert"]
        assert ids == Counter(expected)

    @by_sample
    def test_says_nothing_twice(self, path):
        """A value of a fact stands in one sentence of its table; a target beside each pressure held against it."""
        targets = {
            fact.id for fact in _facts(path) if fact.kind == "anesthesia.map_target" or fact.value("map_target_mmhg")
        }
        for section in alerts(_facts(path)):
            said = Counter(
                (state.fact, state.value)
                for row in section.blocks[0].entries
                for sentence in row.sentences
                for state in set(sentence.states)
                if state.how == "says" and state.value and state.fact not in targets
            )
            assert [key for key, number in said.items() if number > 1] == []

    @by_sample
    def test_its_times_do_not_go_back(self, path):
        """What has a clock time stands in its order."""
        facts = _facts(path)
        for section in alerts(facts):
            moments = [
                value.at
                for row in section.blocks[0].entries
                for value in facts.by_id[row.time_facts[0]].values
                if value.name in ("onset_at", "at") and value.at is not None
            ]
            assert moments == sorted(moments)


class TestValues:
    def test_those_beyond_the_criterion_come_first_and_bold(self):
        """In percent of baseline; the others behind them."""
        first = entries(_facts(SAMPLES / "invented_scoliosis_mep_loss.json"))[0]
        assert first.strong
        assert [sentence.text for sentence in first.sentences][:2] == [
            "Loss of response: L TA, R TA, L AH, R AH absent.",
            "L VL 24% of baseline; R VL 30%; L APB-ADM 96%; R APB-ADM 95%.",
        ]

    def test_of_a_re_test_within_the_criterion_nothing_is_bold(self):
        """Only what met the criterion is."""
        last = [row for row in entries(facts_of(with_alert())) if row.time == "10:15"]
        assert [row.strong for row in last] == [False]

    def test_a_change_of_latency_stands_beside_it_where_the_criterion_judges_latency(self):
        """A motor criterion does not; a sensory one does."""
        words = " ".join(sentence.text for sentence in entries(_facts(SAMPLES / "invented_taaa.json"), 1)[0].sentences)
        assert "L PTN P37 37% of baseline (+3.1 ms)" in words


class TestTold:
    def test_by_one_person_is_one_row_with_the_time_of_each(self):
        """Who was told when, and each answer in its words."""
        told = {"acknowledged": "yes", "by": "tech1"}
        first = {"to": "surgeon", "at": at("10:02"), "acknowledged_at": at("10:02"), "reply": "stopping", **told}
        second = {"to": "anesthesiologist", "at": at("10:04"), "acknowledged_at": at("10:05"), **told}
        assert (
            "10:02\u201310:04",
            "Told by the technologist: surgeon 10:02, ack. 10:02 “stopping”; anesthesiologist 10:04, ack. 10:05.",
        ) in rows(with_alert(notifications=[first, second]))

    def test_by_another_person_is_another_row(self):
        """Nobody is said to have told what another told."""
        first = {"to": "surgeon", "at": at("10:02"), "acknowledged": "no", "by": "tech1"}
        second = {"to": "anesthesiologist", "at": at("10:02"), "acknowledged": "not_recorded", "by": "prof1"}
        words = [text for _, text in rows(with_alert(notifications=[first, second]))]
        assert any("Told by the technologist: surgeon, not acknowledged." in text for text in words)
        assert any("Told by the interpreting professional: anesthesiologist, acknowledgement" in text for text in words)

    def test_of_several_persons_of_a_role_the_one_is_named(self):
        """Otherwise the role is enough: page one names who holds it."""
        words = [text for _, text in rows(with_alert())]
        assert any(text.startswith("Told by the technologist: surgeon") for text in words)
        overnight = entries(_facts(SAMPLES / "invented_overnight_clock_change.json"))
        assert any("Told by Tech, Tina: " in sentence.text for row in overnight for sentence in row.sentences)


class TestATest:
    def test_an_alert_of_a_stimulation_test_tells_its_criterion(self):
        """A screw at 7.2 mA has no reading that was held against one."""
        (first, *_) = entries(_facts(SAMPLES / "invented_outage_cautery_gaps.json"))
        assert "Criterion met: threshold of at most 8 mA." in [sentence.text for sentence in first.sentences]


class TestDone:
    ACTS = (
        {"code": "pause_surgery", "actor": "surgeon", "at": at("10:05")},
        {"code": "raise_map", "actor": "anesthesiologist", "at": at("10:08"), "map_target_mmhg": 85},
    )

    def test_acts_in_a_row_share_it_each_with_its_time_and_who_did_it(self):
        """No act is laid to another person."""
        assert (
            "10:05\u201310:08",
            "10:05 surgeon paused surgery; 10:08 anesthesiologist raised the mean arterial pressure (target 85 mmHg).",
        ) in rows(with_alert(interventions=list(self.ACTS)))

    def test_a_re_test_between_two_acts_parts_them(self):
        """What was seen between stands between."""
        seen = {"at": at("10:06"), "readings": [{"channel": "mep-l", "reading": reading(100.0)}]}
        times = [time for time, _ in rows(with_alert(interventions=list(self.ACTS), retests=[seen]))]
        assert [time for time in times if time in ("10:05", "10:06", "10:08")] == ["10:05", "10:06", "10:08"]

    def test_who_was_told_between_two_acts_parts_them(self):
        """Rows stand in the order of their times."""
        early = {"code": "check_electrodes", "actor": "technologist", "at": at("10:01")}
        found = rows(with_alert(interventions=[early, *self.ACTS]))
        times = [time for time, _ in found]
        assert times[:4] == ["10:00", "10:01", "10:02", "10:05\u201310:08"]

    def test_a_time_that_is_not_recorded_is_said_to_be(self):
        """It keeps its place and claims no time."""
        untimed = [{"code": "pause_surgery", "actor": "surgeon"}]
        assert ("no time", "Surgeon paused surgery.") in rows(with_alert(interventions=untimed))


class TestEpisodes:
    @pytest.mark.parametrize(("second", "tables"), [("10:06", 1), ("10:40", 2)])
    def test_alerts_close_together_with_the_same_context_are_one(self, second, tables):
        """Later ones are of their own."""
        sections = alerts(facts_of(two_alerts(second)))
        assert len(sections) == tables

    def test_with_another_context_and_other_acts_they_are_two(self):
        """Closeness alone does not join them."""
        apart = two_alerts("10:06", context=["hypotension"], interventions=[], context_note=None)
        assert len(alerts(facts_of(apart))) == 2

    def test_what_answered_both_stands_once(self):
        """The act names no alert where it answered all, and its alert where it answered one."""
        words = [text for _, text in rows(two_alerts("10:06"))]
        assert sum("released the distraction" in text for text in words) == 1


class TestWhatIsMissing:
    def test_is_said_in_one_line(self):
        """Notification, intervention, re-test and ending, each where nothing else may tell of it."""
        data = with_alert()
        for name in ("notifications", "interventions", "retests", "resolution", "context_note", "context"):
            data["events"][0].pop(name, None)
        for row in data["channels"]:
            row["measurements"] = row["measurements"][:1]
        time, words = rows(data)[-1]
        assert time == "overall"
        assert words.endswith("Not recorded: notification; intervention; re-test; class of resolution.")


def many_alerts() -> dict[str, Any]:
    """Five alerts an account each; the first as built."""
    later = [
        alert(id=f"E{number + 2}", onset_at=at(f"1{number // 2}:{3 * (number % 2)}9"), retests=[], interventions=[])
        for number in range(1, 5)
    ]
    return case(events=[alert(), *later])


class TestManyAlerts:
    def test_are_told_in_fewer_rows(self):
        """What was told and done in one, re-tests and ending in one, each thing with its time."""
        full, brief = rows(case(events=[alert()])), rows(many_alerts())
        assert len(alerts(facts_of(many_alerts()))) > 4
        assert len(brief) < len(full)
        assert len(brief) <= 4

    def test_lose_nothing_that_was_told_or_done(self):
        """The same facts are cited as where there is room."""

        def cited(data: dict[str, Any]) -> set[str]:
            told = [sentence for row in entries(facts_of(data)) for sentence in row.sentences]
            return {state.fact for sentence in told for state in sentence.states}

        assert cited(case(events=[alert()])) <= cited(many_alerts())

    def test_have_their_trends_in_the_technical_record(self):
        """And the timeline says so."""
        drawn = trends(facts_of(many_alerts()))
        assert drawn.report == ()
        assert len(drawn.record) == 1
        assert any("in the technical record" in note.text for note in drawn.note)


def test_a_pressure_is_held_against_the_target_that_was_asked_for():
    """With the time at which it was asked for, and the standing one behind it."""
    asked = {"code": "raise_map", "at": at("09:58"), "actor": "anesthesia_team", "map_target_mmhg": 85}
    data = with_alert()
    data["anesthesia"]["map_target"] = {"map_mmhg": 65.0}
    data["interventions"] = [asked]
    words = " ".join(sentence.text for entry in entries(facts_of(data)) for sentence in entry.sentences)
    assert "(target 85 mmHg asked for at 09:58; standing 65 mmHg)" in words
