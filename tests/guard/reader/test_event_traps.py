"""Sentences about an event that say something else than its facts: none may be read as what they state.

Each stands beside what makes it false. The true ones at the end show that the shapes themselves are read.
"""

from __future__ import annotations

from functools import cache

import pytest

from report_gen.guard.reader.meaning import Proposition
from report_gen.guard.reader.proof import read, words_of
from report_gen.guard.reader.propositions import propositions
from report_gen.guard.reader.terms import CaseTerms, passage_terms
from tests.guard.cases import SCOLIOSIS, SHUNT, sample

BAEP = "invented_vestibular_schwannoma_baep"
LOST = "the tibialis anterior and abductor hallucis TcMEP"
CRITERION = "loss of the response or amplitude decrease of at least 80%"

FALSE = {
    "side": f"At 11:28, {LOST} were suddenly lost on the left side.",
    "time": f"At 11:40, {LOST} were suddenly lost on both sides.",
    "until": f"Until 11:28, {LOST} were lost on both sides.",
    "hedge": f"{LOST} were almost lost on both sides at 11:28.",
    "scope": f"Only {LOST} were lost on both sides at 11:28.",
    "denied": f"No loss of response was recorded in {LOST} on both sides.",
    "how it set in": f"{LOST} were gradually lost on both sides at 11:28.",
    "another change": f"The amplitude of {LOST} on both sides decreased at 11:28.",
    "cause": f"{LOST} were lost on both sides at 11:28 because of derotation and hypotension.",
    "order as cause": f"After derotation, a sudden loss of response was recorded in {LOST} on both sides at 11:28.",
    "noticed is not begun": f"A sudden loss of response was noticed at 11:28 in {LOST} on both sides.",
    "not met": f"The criterion of {CRITERION} was not met.",
    "nearly met": f"This nearly met the criterion of {CRITERION}.",
    "and for or": "This met the criterion of loss of the response and amplitude decrease of at least 80%.",
    "context as excluded": "Derotation and hypotension were excluded.",
    "excluded as context": "The context was neuromuscular block and electrode off or high impedance.",
    "or for and": "This occurred during derotation or hypotension.",
    "not excluded": "Neuromuscular block was not excluded.",
    "half a term": "Electrode off was excluded.",
    "another response": "At 11:40, R TA was absent.",
    "another value": "At 11:40, L TA was at 17% of baseline.",
    "by": "At 11:40, R TA had decreased by 17% of baseline.",
    "below": "At 11:40, R TA was 17% below baseline.",
    "only": "At 11:40, R TA was only at 17% of baseline.",
    "order of lists": "At 11:40, R TA and L AH were at 14% and 17% of baseline, respectively.",
    "uneven lists": "At 11:40, R TA, L AH, and R AH were at 17% and 14% of baseline, respectively.",
    "another re-test": "At 11:54, R TA was at 17% of baseline.",
    "both times": "At 11:40 and 11:54, L TA was absent.",
    "times and responses crossed": "At 11:40 and 11:54, R TA and L AH were at 17% and 38% of baseline.",
    "course": "R TA rose to 45% of baseline at 11:54.",
    "by a time": "By 11:40, L TA was absent.",
    "when it was classed": "The event was classed as partial recovery by Neuro, Nora, MD at 13:12.",
    "at, of classing": "At 13:12, partial recovery was classed by Neuro, Nora, MD.",
    "class": "Full return to baseline was reached at 13:12.",
    "class as a verb": "The responses returned to within criterion at 13:12.",
    "another author": "Partial recovery at 13:12; classed by Surgeon, Sam, MD.",
    "another start": "Partial recovery was reached at 13:12, 1 h 44 min after it was noticed.",
    "length of another thing": "Partial recovery lasted 1 h 44 min.",
    "not recorded": "A class of resolution is not recorded.",
    "none recorded": "No re-test was recorded.",
}
FALSE_OF_A_WINDOW = {
    "begun is not noticed": "An amplitude decrease with latency prolongation was recorded in the right BAEP at 10:55.",
    "half a change": "The amplitude of the right BAEP decreased at 10:55.",
    "parameters crossed": "A latency decrease with amplitude prolongation was noticed in the right BAEP at 10:55.",
    "with for without": "The last trace with the change was at 10:41.",
    "times crossed": "The last trace without the change was at 10:55.",
    "a time for the window": "The onset was at 10:41.",
    "known": "The onset lies within the 14 min between them and its time is known.",
}
TRUE = (
    f"At 11:28, there was a sudden loss of {LOST} on both sides, which met the criterion of {CRITERION}.",
    f"At 11:28, during derotation and hypotension, {LOST} were suddenly lost on both sides.",
    f"The loss met the criterion ({CRITERION}) and occurred during derotation and hypotension.",
    "Both neuromuscular block and electrode off or high impedance were excluded.",
    "At 11:40, L TA was absent, while R TA stood at 17%, L AH at 14%, and R AH at 23% of baseline.",
    "At 11:54, the amplitudes of L TA, R TA, and L AH were 9%, 45%, and 38% of baseline, respectively.",
    "R TA was at 17% of baseline at 11:40 and at 45% at 11:54.",
    "At 13:12, 1 h 44 min after onset, there was partial recovery, as classed by Neuro, Nora, MD.",
    "Neuro, Nora, MD classed the event as partial recovery, reached at 13:12, 104 minutes after onset.",
)
TRUE_OF_SHUNT = (
    "The amplitude of the right median nerve N20 SSEP decreased gradually at 09:16, during cross-clamp.",
    "The response returned to within criterion at 09:28, 12 min after onset, as classed by Neuro, Nora, MD.",
)


@cache
def event(name: str, about: str) -> tuple[CaseTerms, frozenset[Proposition]]:
    """The terms of an event's passage, and all that its facts state."""
    found, facts = sample(name)
    passage = next(passage for passage in found if passage.about == about)
    stated = [propositions(unit, facts) for unit in passage.offered]
    return passage_terms(passage, facts), frozenset().union(*stated)


def true_of(text: str, name: str, about: str) -> bool:
    """Whether a sentence has one meaning, and the facts of the event state all of it."""
    terms, stated = event(name, about)
    meanings = read(words_of(text, terms), terms).meanings
    return len({frozenset(meaning.states) for meaning in meanings}) == 1 and all(
        meaning.states and stated.issuperset(meaning.states) for meaning in meanings
    )


class TestAFalseSentence:
    """What is not so, said in words that come near."""

    @pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in FALSE.items()])
    def test_is_not_read_as_what_the_facts_state(self, text: str) -> None:
        """Of an alert with everything recorded."""
        assert not true_of(text[:1].upper() + text[1:], SCOLIOSIS, "event.E1")

    @pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in FALSE_OF_A_WINDOW.items()])
    def test_nor_is_it_of_an_onset_that_nobody_saw(self, text: str) -> None:
        """Of an alert that was noticed after a gap."""
        assert not true_of(text, BAEP, "event.E1")


class TestATrueSentence:
    """The same facts in other words."""

    @pytest.mark.parametrize("text", TRUE)
    def test_is_read(self, text: str) -> None:
        """In one way, and all of it is stated."""
        assert true_of(text, SCOLIOSIS, "event.E1")

    @pytest.mark.parametrize("text", TRUE_OF_SHUNT)
    def test_of_one_response_is_read(self, text: str) -> None:
        """Where the event is about one response."""
        assert true_of(text, SHUNT, "event.E3")
