"""A passage is proved whole: every unit once, in order, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_gen.guard.judgement import Refusal
from report_gen.guard.passage import Claimed, Verdict, prove
from tests.cases.quiet import case
from tests.guard.cases import (
    ANESTHESIA_TOLD,
    PAUSED,
    RELEASED,
    RETESTED,
    SCOLIOSIS,
    SHUNT,
    built,
    sample,
    template,
)

REMARK = "(“derotation released”)"
PLACES = "the tibialis anterior and abductor hallucis TcMEP"
SUDDEN = "The onset was sudden."


def _passage(name=SCOLIOSIS, section="event-E1"):
    """A passage of a sample with its facts."""
    found, facts = sample(name)
    return next(row for row in found if row.id == section), facts


def _claims(passage):
    """The template's own wording, a sentence for each unit."""
    return [Claimed((unit.key,), template(unit)) for unit in passage.offered]


def _key(passage, fact):
    """The key of the unit that states a fact."""
    return next(unit.key for unit in passage.offered if fact in unit.facts)


def _verdict(verdicts, fact):
    """The verdict on the unit that states a fact."""
    return next(row for row in verdicts if any(fact in unit.facts for unit in row.units))


def _why(verdict):
    """Codes of a verdict."""
    return [row.reason for row in verdict.refusals]


class TestWhole:
    def test_the_template_is_proved_in_printing_order(self):
        """One verdict for each unit."""
        passage, facts = _passage()
        verdicts = prove(passage, _claims(passage), facts)
        assert [row.units for row in verdicts] == [(unit,) for unit in passage.offered]
        assert all(row.proved for row in verdicts)

    def test_nothing_offered(self):
        """Every unit is missing, none is proved."""
        passage, facts = _passage()
        verdicts = prove(passage, [], facts)
        assert [row.units[0] for row in verdicts] == list(passage.offered)
        assert {tuple(_why(row)) for row in verdicts} == {("missing",)}
        assert not any(row.proved or row.texts for row in verdicts)

    @pytest.mark.parametrize("place", [0, 3, -1])
    def test_a_missing_unit(self, place):
        """It alone is missing; the others stand."""
        passage, facts = _passage()
        claims = _claims(passage)
        left_out = claims.pop(place)
        verdicts = prove(passage, claims, facts)
        assert [row.units[0].key for row in verdicts if not row.proved] == [left_out.units[0]]
        assert len(verdicts) == len(passage.offered)

    def test_a_refused_sentence_touches_no_other(self):
        """Its unit keeps the template, the rest is the model's."""
        passage, facts = _passage()
        claims = _claims(passage)
        claims[0] = replace(claims[0], text=claims[0].text.replace("sudden", "gradual"))
        verdicts = prove(passage, claims, facts)
        assert [row.proved for row in verdicts] == [False] + [True] * (len(claims) - 1)

    def test_units_that_are_not_offered_are_asked_of_nobody(self):
        """The template's own sentences stand there."""
        passage, facts = _passage()
        kept = {unit.key for unit in passage.units} - {unit.key for unit in passage.offered}
        assert kept
        assert not kept & {unit.key for row in prove(passage, [], facts) for unit in row.units}


class TestOrder:
    def test_two_acts_exchanged(self):
        """One of them falls back; what happened first is told first."""
        passage, facts = _passage()
        claims = _claims(passage)
        first = [claim.units[0] for claim in claims].index(_key(passage, PAUSED))
        claims[first], claims[first + 1] = claims[first + 1], claims[first]
        verdicts = prove(passage, claims, facts)
        assert [_why(row) for row in verdicts if not row.proved] == [["order"]]
        assert sum(row.proved for row in verdicts) == len(claims) - 1

    def test_the_end_told_first(self):
        """The fewest sentences fall back."""
        passage, facts = _passage()
        claims = _claims(passage)
        verdicts = prove(passage, [claims[-1], *claims[:-1]], facts)
        assert [row.units[0].key for row in verdicts if not row.proved] == [claims[-1].units[0]]

    def test_all_reversed(self):
        """One stands."""
        passage, facts = _passage()
        verdicts = prove(passage, _claims(passage)[::-1], facts)
        assert sum(row.proved for row in verdicts) == 1
        assert {tuple(_why(row)) for row in verdicts if not row.proved} == {("order",)}

    def test_a_refused_sentence_does_not_hold_a_place(self):
        """Only what stands is put in order."""
        passage, facts = _passage()
        claims = _claims(passage)
        claims = [replace(claims[-1], text="This failed."), *claims[:-1]]
        verdicts = prove(passage, claims, facts)
        assert [row.proved for row in verdicts] == [True] * (len(claims) - 1) + [False]


class TestSeveralSentences:
    def test_two_sentences_for_a_unit(self):
        """They are judged together."""
        passage, facts = _passage()
        key = _key(passage, "event.E1")
        claims = [claim for claim in _claims(passage) if claim.units != (key,)]
        texts = (f"At 11:28, a loss of response was recorded in {PLACES} on both sides.", SUDDEN)
        place = [unit.key for unit in passage.offered].index(key)
        claims[place:place] = [Claimed((key,), text) for text in texts]
        found = _verdict(prove(passage, claims, facts), "event.E1")
        assert (found.texts, found.proved) == (texts, True)

    def test_half_of_two_sentences_is_not_enough(self):
        """The unit as a whole falls back."""
        passage, facts = _passage()
        claim = Claimed((_key(passage, "event.E1"),), SUDDEN)
        assert "missing" in _why(_verdict(prove(passage, [claim], facts), "event.E1"))

    @pytest.mark.parametrize("fact", [PAUSED, RETESTED, ANESTHESIA_TOLD])
    def test_the_same_sentence_twice(self, fact):
        """What is said twice happened twice."""
        passage, facts = _passage()
        claims = _claims(passage)
        twice = next(claim for claim in claims if claim.units == (_key(passage, fact),))
        claims.insert(claims.index(twice), twice)
        found = _verdict(prove(passage, claims, facts), fact)
        assert found.texts == (twice.text, twice.text)

    def test_an_added_sentence_spoils_the_unit(self):
        """A true sentence does not carry a false one."""
        passage, facts = _passage()
        claims = _claims(passage)
        key = _key(passage, PAUSED)
        place = [claim.units[0] for claim in claims].index(key)
        claims.insert(place + 1, Claimed((key,), "The patient awoke with no deficit."))
        verdicts = prove(passage, claims, facts)
        assert not _verdict(verdicts, PAUSED).proved
        assert sum(not row.proved for row in verdicts) == 1


class TestJoined:
    def _joined(self, text):
        """The verdict on one sentence for the first two acts."""
        passage, facts = _passage()
        keys = tuple(_key(passage, fact) for fact in (PAUSED, RELEASED))
        verdicts = prove(passage, [Claimed(keys, text)], facts)
        return _verdict(verdicts, PAUSED), keys

    def test_what_is_alike_is_said_once(self):
        """The surgeon of both acts."""
        found, keys = self._joined(
            f"The surgeon paused surgery at 11:29 and, at 11:30, released the correction on the left side {REMARK}."
        )
        assert (tuple(unit.key for unit in found.units), found.proved) == (keys, True)

    def test_what_is_not_alike_is_said_of_each(self):
        """Times exchanged."""
        found, _ = self._joined(
            f"The surgeon paused surgery at 11:30 and, at 11:29, released the correction on the left side {REMARK}."
        )
        assert not found.proved

    def test_units_of_no_event_are_not_joined(self):
        """A sentence tells one event, or one theme of the course."""
        data = case(events=[])
        del data["modalities"][0]["baseline_review"]
        found, facts = built(data)
        passage = next(row for row in found if row.id == "course")
        assert len(passage.offered) > 1
        text = " ".join(template(unit) for unit in passage.offered)
        (found,) = prove(passage, [Claimed(tuple(unit.key for unit in passage.offered), text)], facts)
        assert _why(found) == ["group"]

    def test_a_later_sentence_joins_what_earlier_ones_worded(self):
        """Sentences that share a unit stand and fall together."""
        passage, facts = _passage()
        keys = [_key(passage, fact) for fact in (PAUSED, RELEASED)]
        texts = ["At 11:29, the surgeon paused surgery.", f"At 11:30, the left correction was released {REMARK}."]
        claims = [Claimed((keys[0],), texts[0]), Claimed((keys[1],), texts[1]), Claimed(tuple(keys), "One failed.")]
        found = [row for row in prove(passage, claims, facts) if row.texts]
        assert [len(row.texts) for row in found] == [3]
        assert not found[0].proved


class TestStrays:
    @pytest.mark.parametrize("units", [(), ("f99",), ("",), ("f1", "f99"), ("event.E1",)])
    def test_an_unknown_key(self, units):
        """Nothing of the passage is claimed, so nothing is proved."""
        passage, facts = _passage()
        *rest, stray = prove(passage, [*_claims(passage), Claimed(units, template(passage.offered[0]))], facts)
        assert all(row.proved for row in rest)
        assert (stray.units, stray.proved, _why(stray)) == ((), False, ["group"])

    def test_the_key_of_a_unit_that_is_not_offered(self):
        """Physiology is not re-worded."""
        passage, facts = _passage()
        kept = next(unit for unit in passage.units if not unit.parts)
        verdicts = prove(passage, [Claimed((kept.key,), template(kept))], facts)
        assert _why(verdicts[-1]) == ["group"]

    def test_a_sentence_of_another_event(self):
        """True elsewhere, false here."""
        passage, facts = _passage(SHUNT, "event-E2")
        other, _ = _passage(SHUNT, "event-E3")
        claims = _claims(passage)
        keys = {unit.parts[0].kind: template(unit) for unit in other.offered}
        swapped = [
            replace(claim, text=keys.get(unit.parts[0].kind, claim.text))
            for claim, unit in zip(claims, passage.offered, strict=True)
        ]
        verdicts = prove(passage, swapped, facts)
        proved = {row.units[0].parts[0].kind for row, claim in zip(verdicts, claims, strict=True) if row.proved}
        assert proved & {"event", "event.notification", "event.retest", "event.resolution", "event.criterion"} == set()


class TestVerdict:
    @pytest.mark.parametrize(
        ("verdict", "proved"),
        [
            (Verdict((), ("text",)), False),
            (Verdict((), ()), False),
            (Verdict((), ("text",), (Refusal("group"),)), False),
        ],
    )
    def test_nothing_is_proved_without_units(self, verdict, proved):
        """A text that words nothing stands for nothing."""
        assert verdict.proved is proved
