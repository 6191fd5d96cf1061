"""What a simulated model says: faithful drafts, false sentences, whole reports in one question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.model.answers import Said, Table, answered, falsehoods, key_of, load, save, sheets_of
from bench.model.cases import asked_of, faithful
from bench.model.profiles import PROFILES, manner
from bench.model.whole import joined, parted
from report_gen.draft.passages import passages
from report_gen.draft.writer import write
from report_gen.guard.passage import Claimed, prove
from report_gen.llm.port import OfferedSentence
from tests.bench.model.known import SMALL, drafts, known


def judged(sheet, question, said):
    """Verdicts of the guard on sentences for a question, slots filled."""
    whole = {row.id: row for row in passages(write(sheet.facts, report_id="test"), sheet.facts)}[question.passage]
    hidden = {row.slot: row for unit in question.units for part in unit.parts for row in part.said if row.slot}
    texts = []
    for row in said:
        text = row.text
        for slot, value in hidden.items():
            text = text.replace(f"{{{slot}}}", f"“{value.text}”" if value.how == "quote" else value.text)
        texts.append(Claimed(row.facts, text))
    return prove(replace(whole, units=question.units), texts, sheet.facts)


class TestAnswers:
    def test_a_faithful_answer_is_proved(self):
        """What a writer wrote passes the guard as it passed in the corpus."""
        verdicts = [
            verdict
            for sheet in drafts()
            for question, said in faithful(sheet, asked_of(sheet))
            for verdict in judged(sheet, question, said)
        ]
        assert len(verdicts) > 40
        assert sum(verdict.proved for verdict in verdicts) >= 0.95 * len(verdicts)

    def test_it_shows_no_slot_s_value(self):
        """A model that knows only slots could not have."""
        for sheet in drafts():
            for question, said in faithful(sheet, asked_of(sheet)):
                hidden = {row.text for unit in question.units for part in unit.parts for row in part.said if row.slot}
                assert not [text for text in hidden for row in said if f" {text} " in f" {row.text} "]

    def test_every_falsehood_is_refused(self):
        """Each of every sentence, beside the true ones about the same facts."""
        passed, made = [], 0
        for sheet in drafts():
            for question, said in faithful(sheet, asked_of(sheet)):
                sheet_of_request = next(sheets_of(question.ask.user))
                for row in said:
                    for false in falsehoods(row.text, sheet_of_request):
                        kin = [false_or(other, row, false) for other in said if set(other.facts) & set(row.facts)]
                        about = [verdict for verdict in judged(sheet, question, kin) if verdict.texts]
                        made += 1
                        passed += [false for verdict in about if verdict.proved]
        assert made > 150
        assert passed == []

    def test_falsehoods_come_from_the_request(self):
        """A number or slot of another fact, a unit less, a word turned."""
        one = {"kind": "x", "at": "{t1}", "pct": "17%"}
        other = {"kind": "x", "at": "{t2}", "by": "{n1}", "pct": "45%"}
        asked = {"facts": [{"id": "f1", "parts": [one]}, {"id": "f2", "parts": [other]}]}
        assert set(falsehoods("At {t1} the left TA stood at 17% of baseline.", asked)) == {
            "At {t2} the left TA stood at 17% of baseline.",
            "At {t1} the left TA stood at 45% of baseline.",
            "At {t1} the left TA stood at 17 of baseline.",
            "At {t1} the right TA stood at 17% of baseline.",
        }

    def test_manner_decides_how_many(self):
        """None, a third, all; in every manner each sentence names the facts that it named."""
        sheet = drafts()[0]
        question, said = max(faithful(sheet, asked_of(sheet)), key=lambda row: len(row[1]))
        one = Table({key_of(question.ask.user): (said,)}, {})
        wrong = {}
        for name in ("faithful", "partly", "false"):
            _, rng = manner(PROFILES["hostile"], 1, 1, "q")
            found = answered(one, question.ask.user, lambda _, name=name, rng=rng: (name, rng))
            assert [row.facts for row in found] == [row.facts for row in said]
            wrong[name] = sum(row != true for row, true in zip(found, said, strict=True))
        assert len(said) >= 3
        assert wrong == {"faithful": 0, "partly": max(1, round(len(said) / 3)), "false": len(said)}

    def test_an_unknown_question_gets_no_sentence(self):
        """There is nothing to say to it."""
        assert answered(Table({}, {}), "FACTS:\n{}", lambda _: pytest.fail("no chance is needed")) == ()

    def test_a_table_survives_its_file(self, tmp_path):
        """As it was."""
        save(known(), tmp_path / "t.json")
        assert load(tmp_path / "t.json") == known()


def false_or(other, row, false):
    """The sentence made false, or another as it is."""
    return Said(row.facts, false) if other is row else other


class TestWhole:
    def test_one_question_holds_all(self):
        """Its rules once, its facts all, its room the sum."""
        asks = [question.ask for question in asked_of(drafts()[0])]
        whole = joined(asks)
        assert whole.system == asks[0].system
        assert whole.max_output_tokens == sum(ask.max_output_tokens for ask in asks)
        assert len(set(whole.fact_ids)) == sum(len(ask.fact_ids) for ask in asks)
        shown = [row["id"] for sheet in sheets_of(whole.user) for row in sheet["facts"]]
        assert shown == list(whole.fact_ids)

    def test_its_answer_goes_back_to_the_questions(self):
        """Under the ids that they know; what belongs to two of them belongs to none."""
        asks = [question.ask for question in asked_of(drafts()[0])][1:3]
        sentences = (
            OfferedSentence((f"p2{asks[1].fact_ids[0]}",), "two"),
            OfferedSentence((f"p1{asks[0].fact_ids[0]}", f"p1{asks[0].fact_ids[1]}"), "one"),
            OfferedSentence((f"p1{asks[0].fact_ids[0]}", f"p2{asks[1].fact_ids[0]}"), "both"),
        )
        assert parted(sentences, asks) == (
            (OfferedSentence(asks[0].fact_ids[:2], "one"),),
            (OfferedSentence(asks[1].fact_ids[:1], "two"),),
        )

    def test_it_is_answered_like_its_parts(self):
        """Sentence by sentence, each question with its own luck."""
        sheet = next(row for row in drafts() if row.case == SMALL[0])
        asks = [question.ask for question in asked_of(sheet)]

        def chance(inner):
            return manner(PROFILES["hostile"], 3, 4, inner)

        whole = answered(known(), joined(asks).user, chance)
        offered = tuple(OfferedSentence(row.facts, row.text) for row in whole)
        for ask, part in zip(asks, parted(offered, asks), strict=True):
            alone = answered(known(), ask.user, chance)
            assert [(row.facts, row.text) for row in part] == [(row.facts, row.text) for row in alone]
