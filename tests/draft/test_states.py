"""What a sentence states: noted while it is worded, so that nobody reads it out of the English again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.draft.model import Draft, Paragraph, Sentence, Stated, Table
from report_gen.draft.sentences import say, sentence
from report_gen.draft.words import FILTERS, Noted, Words, joined_words, printed
from report_gen.draft.writer import write
from report_gen.facts import derive
from report_gen.facts.fact import Fact, Value
from report_gen.facts.model import Facts
from tests.cases.quiet import with_alert
from tests.cases.reports import facts_of
from tests.selection import over_samples

SAMPLES = Path(__file__).parents[2] / "samples" / "valid"
by_sample = over_samples(
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
    "invented_lumbar_fusion_screws",
    "invented_overnight_clock_change",
)
"""An alert with all that follows; a thin record; tests of screws; two days and two offsets of the clock."""

TOLD = Fact(
    "event.E1.notification",
    "event.E1",
    "event.notification",
    "/events/0",
    "surgeon",
    values=(Value("to", "surgeon"), Value("count", "3")),
)
UNTIMED = Fact("event.E1.acknowledgement", "event.E1", "event.acknowledgement", "/events/0", "yes")
_NUMBER = re.compile(r"\d+(?:[:.]\d+)*")
_NO_VALUE = re.compile(r"SpO2|EtCO2|/5\b|× 100|\d+ stimulation tests? |the record|^\[\d+\]")
"""Numerals of a name, of a scale, of a formula, of a note; a count of the very facts that the sentence cites."""


@cache
def _written(path: Path) -> tuple[Facts, Draft]:
    facts = derive(load_case(path))
    return facts, write(facts, report_id="x")


def _sentences(draft: Draft) -> Iterator[Sentence]:
    for section in draft.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield from block.sentences
            elif isinstance(block, Table):
                yield from block.note


def _named(facts: Facts, state: Stated) -> bool:
    """Whether what is said to be stated is there to be stated."""
    return state.value in ("", "side", "modality") or facts.by_id[state.fact].value(state.value) is not None


class TestEverySample:
    @by_sample
    def test_cites_what_it_states(self, path):
        """The facts of a sentence are those of its states, in their order."""
        _, draft = _written(path)
        rows = list(_sentences(draft))
        assert [row.facts for row in rows] == [tuple(dict.fromkeys(state.fact for state in row.states)) for row in rows]

    @by_sample
    def test_states_what_the_facts_hold(self, path):
        """No sentence states a value that its fact does not have, or denies one that it has."""
        facts, draft = _written(path)
        states = [state for row in _sentences(draft) for state in row.states]
        assert [state for state in states if state.how == "says" and not _named(facts, state)] == []
        lacking = [facts.by_id[state.fact].text(state.value) for state in states if state.how == "lacks"]
        assert set(lacking) <= {"", "not recorded"}

    @by_sample
    def test_no_number_is_printed_that_is_not_noted(self, path):
        """Every number and time of a sentence is one of a value that it states, or of a response's name."""
        facts, draft = _written(path)
        loose = [
            (row.text, number)
            for row in _sentences(draft)
            for number in _NUMBER.findall(_NO_VALUE.sub(" ", row.text))
            if number not in _NUMBER.findall(_stated_text(facts, row))
        ]
        assert loose == []

    @by_sample
    def test_the_readings_of_an_event_stand_behind_its_sentence(self, path):
        """What is said to have changed cites the readings of its responses."""
        facts, draft = _written(path)
        for chain in facts.events:
            rows = [row for row in _sentences(draft) if Stated(chain.event.id, "what") in row.states]
            named = {channel.id for channel in chain.responses}
            shown = {reading.fact.id for reading in chain.readings if reading.channel.id in named}
            assert all(shown <= set(row.facts) for row in rows)


def _stated_text(facts: Facts, row: Sentence) -> str:
    values = [facts.by_id[state.fact].text(state.value) for state in row.states if state.how == "says"]
    names = [
        facts.by_id[facts.by_id[fact].group].text("label") for fact in row.facts if facts.get(facts.by_id[fact].group)
    ]
    return " ".join((*values, *names))


class TestWords:
    def test_keep_what_they_state_however_they_are_joined(self):
        """Before and after other words, capitalized, replaced, stripped, quoted, listed, counted."""
        word = Noted(TOLD).text("to")
        stated = (Stated("event.E1.notification", "to"),)
        made = {
            "before": "the " + word,
            "after": word + "s",
            "capital": FILTERS["upper_first"](word),
            "capitalize": word.capitalize(),
            "replace": word.replace("s", "z"),
            "strip": word.strip("n"),
            "quoted": FILTERS["quoted"](word),
            "printed": printed(["the ", word]),
            "joined": joined_words(["one", word]),
            "str": str(word),
        }
        assert {name: getattr(words, "states", None) for name, words in made.items()} == dict.fromkeys(made, stated)
        assert FILTERS["count_word"](Noted(TOLD).text("count")).states == (Stated("event.E1.notification", "count"),)

    def test_read_as_their_text(self):
        """They equal, hash and measure as any text."""
        assert Noted(TOLD).text("to") == "surgeon"
        assert {Noted(TOLD).text("to"): 1}["surgeon"] == 1
        assert joined_words(["a", "b", "c"]) == "a, b, and c"
        assert joined_words(["a", "b"], "; ") == "a; b"

    def test_an_absent_value_says_nothing(self):
        """No text, and nothing stated."""
        assert Noted(TOLD).text("by") == ""
        assert not isinstance(Noted(TOLD).text("by"), Words)

    def test_of_facts_that_say_the_same_each_is_stated(self):
        """Printed once, stated of all."""
        assert Noted(TOLD, UNTIMED).text("to").states == (Stated(TOLD.id, "to"), Stated(UNTIMED.id, "to"))


class TestSay:
    def test_notes_what_is_printed_and_what_is_said_to_be_missing(self):
        """A time that is missing is stated as missing; a value that is not printed is not stated."""
        spoken = say("events.answer_yes", to=TOLD, name=None, time=None, untimed=TOLD, answer=UNTIMED)
        assert spoken.text == "surgeon, time not recorded, ack. (time not recorded)"
        assert spoken.states == (
            Stated(TOLD.id, "to"),
            Stated(TOLD.id, "at", "lacks"),
            Stated(UNTIMED.id, "at", "lacks"),
        )

    def test_a_fact_of_which_no_value_is_printed_is_stated_as_such(self):
        """By its status alone."""
        assert say("events.onset_kind", event=TOLD).states == (Stated(TOLD.id, "onset_kind", "lacks"),)
        assert sentence("Words.", TOLD, None).states == (Stated(TOLD.id),)

    def test_what_shows_it_is_cited_and_not_stated(self):
        """Once, and not where it is stated anyway."""
        spoken = say("events.notification_missing", told=TOLD, shown_by=[UNTIMED, TOLD])
        assert spoken.facts == (TOLD.id, UNTIMED.id)
        assert spoken.stated == (TOLD.id,)


class TestArticles:
    @pytest.mark.parametrize(
        ("direction", "words"),
        [
            ("decrease", "an amplitude decrease"),
            ("loss", "a loss of response"),
            ("disappearance", "the disappearance of an abnormal response"),
            ("new_activity", "new activity"),
        ],
    )
    def test_follow_the_kind_of_change(self, direction, words):
        """What changed is stated of the event, whatever stands before it."""
        (event,) = facts_of(with_alert(direction=direction)).of_kind("event")
        found = FILTERS["with_article"](Noted(event))
        assert found == words
        assert found.states == (Stated("event.E1", "what"),)
