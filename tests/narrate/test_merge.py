"""Merging: what stands, what falls back, and what the report says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from unittest.mock import patch

import pytest

import report_gen.llm.question.prompt
from report_gen.document.blocks import Chronology, Paragraph, Section
from report_gen.draft.model import Draft, Sentence
from report_gen.draft.passages import Passage, Unit, passages
from report_gen.draft.writer import write
from report_gen.facts import Facts, derive
from report_gen.llm.port import Answer, Completion, OfferedSentence, Outcome
from report_gen.llm.question.prompt import PIECE_CHARACTERS, Question, questions
from report_gen.narrate.merge import Narration, _printed, _unquoted, narrate
from tests.narrate.faithful import CASES, MODEL, case, recited
from tests.selection import ALL

EVENTFUL = "invented_scoliosis_mep_loss"
LIMITED = "invented_improvement_decompression"
"""A case with something to word in the course."""
GAPS, SHUNT = "invented_outage_cautery_gaps", "invented_cea_shunt"
FALSE = "No significant changes occurred."
WHOLE = 1_000_000
"""Characters of a question that make one of every passage."""

READ = CASES if ALL else (EVENTFUL, "invented_thyroid_rln", "published_c04_acdf", "published_c10_mca_clip")
"""Cases differing in kind; all that writers have worded in the long run."""

Says = Callable[[Question], Sequence[OfferedSentence] | Outcome]


@dataclass(frozen=True, slots=True)
class Work:
    """A case on its way to being narrated."""

    facts: Facts
    draft: Draft
    passages: tuple[Passage, ...]
    questions: tuple[Question, ...]


@cache
def work(name: str, size: int = PIECE_CHARACTERS) -> Work:
    """A sample with its questions, each of so many characters at most."""
    facts = derive(case(name))
    draft = write(facts, report_id="test")
    found = passages(draft, facts)
    with patch.object(report_gen.llm.question.prompt, "PIECE_CHARACTERS", size):
        return Work(facts, draft, found, questions(found, facts))


def merged(name: str, says: Says, *, model: str = MODEL, size: int = PIECE_CHARACTERS) -> Narration:
    """The narration of a sample when this is said."""
    made = work(name, size)
    answers = []
    for question in made.questions:
        said = says(question)
        if isinstance(said, Outcome):
            answers.append(Answer(question.ask.id, said))
        else:
            answers.append(Answer(question.ask.id, Outcome.OK, Completion(tuple(said), model=model)))
    return narrate(made.draft, made.facts, made.passages, made.questions, answers)


def echo(question: Question) -> list[OfferedSentence]:
    """The template's own sentences, which are proved."""
    return [OfferedSentence((unit.key,), row.text) for unit in question.units for row in unit.template]


def faithful(name: str) -> Says:
    """The template's own sentences, with slots."""
    written = recited(name)
    return lambda question: written[question.ask.id]


def only(name: str, passage: str, change: Callable[[OfferedSentence], Sequence[OfferedSentence]]) -> Says:
    """The faithful answers with each sentence of one question changed."""
    written = faithful(name)

    def says(question: Question) -> Sequence[OfferedSentence]:
        said = written(question)
        assert not isinstance(said, Outcome)
        return [new for row in said for new in change(row)] if question.ask.id == passage else said

    return says


def sentences(section: Section) -> list[Sentence]:
    """The sentences of a section's paragraphs."""
    return [row for block in section.blocks if isinstance(block, Paragraph) for row in block.sentences]


def section(draft: Draft, name: str) -> Section:
    """One section."""
    return next(row for row in draft.sections if row.id == name)


def unit_of(passage: str, kind: str, name: str = EVENTFUL) -> Unit:
    """The first unit of a question that states a fact of this kind."""
    question = next(row for row in work(name).questions if row.ask.id == passage)
    return next(unit for unit in question.units if any(part.kind == kind for part in unit.parts))


class TestWhatStands:
    def test_no_answer_leaves_the_draft_as_it_is(self):
        """Not even a refusal is noted: nothing was offered."""
        narration = merged(EVENTFUL, lambda _: Outcome.TIMEOUT)
        assert narration.draft == work(EVENTFUL).draft
        assert narration.kept == 0
        assert narration.asked > 10
        assert narration.refused == {}
        assert set(narration.outcomes.values()) == {Outcome.TIMEOUT}

    def test_no_question_leaves_the_draft_as_it_is(self):
        """A case of which nothing can be narrated is no trouble."""
        made = work(EVENTFUL)
        narration = narrate(made.draft, made.facts, made.passages, (), ())
        assert (narration.draft, narration.wordings, narration.asked) == (made.draft, (), 0)

    def test_a_proved_sentence_stands_in_the_place_of_its_template(self):
        """Its facts are those of the unit, and it says who worded it."""

        def otherwise(row: OfferedSentence) -> list[OfferedSentence]:
            """The circumstances in other words."""
            return [
                replace(row, text=row.text.replace("At the time: derotation", "The surgical context was derotation"))
            ]

        written = faithful(EVENTFUL)
        narration = merged(EVENTFUL, lambda question: [new for row in written(question) for new in otherwise(row)])
        alert = [row for row in sentences(section(narration.draft, "event-E1")) if "event.E1.context" in row.facts]
        assert [row.worded_by for row in alert] == ["model"]
        assert "derotation and hypotension" in alert[0].text
        assert alert[0].text not in [row.text for row in sentences(section(work(EVENTFUL).draft, "event-E1"))]
        assert alert[0].refused == ""

    def test_every_sentence_of_the_draft_is_in_one_wording_at_most(self):
        """What was asked for is told once, in full."""
        for name in READ:
            narration = merged(name, faithful(name))
            offered = [unit for question in work(name).questions for unit in question.units]
            told = [(row.passage, fact) for row in narration.wordings for fact in row.facts]
            assert len(told) == len(set(told))
            assert {fact for _, fact in told} == {fact for unit in offered for fact in unit.facts}

    def test_the_kept_and_the_asked_count_template_sentences(self):
        """A unit of two sentences counts as two, whatever replaces it."""
        narration = merged(EVENTFUL, echo)
        made = work(EVENTFUL)
        count = sum(len(unit.template) for question in made.questions for unit in question.units)
        assert narration.asked == count
        assert narration.kept + sum(len(row.template) for row in narration.wordings if not row.taken) == count

    def test_the_facts_cited_are_the_same(self):
        """Whatever is taken, a section states the facts that it stated before, and the note rests on the case."""
        for name in READ:
            narration = merged(name, faithful(name))
            for before, after in zip(work(name).draft.sections, narration.draft.sections, strict=True):
                note = {"case.id"} if after.id == "attestation" else set()
                stated = {fact for row in sentences(before) for fact in row.facts}
                assert {fact for row in sentences(after) for fact in row.facts} == stated | note

    def test_several_sentences_for_a_unit_become_one(self):
        """They stand together where the unit stood."""
        unit = unit_of("event-E3", "event", GAPS)
        told = tuple(row.text for row in unit.template)
        assert len(told) > 1
        narration = merged(GAPS, echo)
        stands = [row.text for row in sentences(section(narration.draft, "event-E3")) if row.worded_by == "model"]
        assert stands.count(" ".join(told)) == 1
        assert told in [row.offered for row in narration.wordings]

    @pytest.mark.parametrize("size", [PIECE_CHARACTERS, 1600, WHOLE])
    def test_order_in_an_answer(self, size):
        """Sentences out of order are refused, all but the most that keep it."""

        def reversed_(question: Question) -> list[OfferedSentence]:
            return echo(question)[::-1] if question.passage == "event-E1" else echo(question)

        narration = merged(EVENTFUL, reversed_, size=size)
        account = [row for row in narration.wordings if row.passage == "event-E1"]
        assert {row.reasons for row in account} <= {(), ("order",), ("series",)}
        assert ("order",) in {row.reasons for row in account}
        assert sum(row.taken for row in account) <= len({row.ask.id for row in work(EVENTFUL, size).questions})

    def test_order_in_one_piece(self):
        """What is out of order in one answer costs sentences of that answer alone, while it is little of the whole."""

        def reversed_(question: Question) -> list[OfferedSentence]:
            return echo(question)[::-1] if question.ask.id == "event-E1/2" else echo(question)

        narration = merged(EVENTFUL, reversed_)
        piece = next(row for row in work(EVENTFUL).questions if row.ask.id == "event-E1/2")
        assert len(piece.units) > 1
        refused = [row.facts for row in narration.wordings if not row.taken]
        assert len(refused) == len(piece.units) - 1
        assert set(refused) < {unit.facts for unit in piece.units}
        assert narration.refused == {"order": len(refused)}

    def test_an_answer_to_another_question_stands_nowhere(self):
        """Keys are those of the question: its sentences are read as its own and refused."""
        answers = {question.ask.id: echo(question) for question in work(SHUNT).questions}
        swapped = {"event-E1": answers["event-E2"], "event-E2": answers["event-E1"]}
        narration = merged(SHUNT, lambda question: swapped.get(question.ask.id, []))
        assert narration.kept == 0

    def test_it_is_a_plain_function(self):
        """The same answers give the same narration."""
        assert merged(EVENTFUL, faithful(EVENTFUL)) == merged(EVENTFUL, faithful(EVENTFUL))


class TestBesideTheTemplate:
    """What is refused takes nothing with it that reads well without it."""

    @staticmethod
    def _spoiled(name: str, passage: str, keys: set[str]) -> Says:
        """The template's own sentences; those of some units of one passage are false."""

        def says(question: Question) -> list[OfferedSentence]:
            false = keys if question.passage == passage else set()
            return [OfferedSentence(row.facts, FALSE if set(row.facts) & false else row.text) for row in echo(question)]

        return says

    @staticmethod
    def _units(name: str, passage: str) -> list[Unit]:
        """The units of a passage that are asked for, in order."""
        return [unit for row in work(name).questions if row.passage == passage for unit in row.units]

    def test_one_true_sentence_among_false_ones_stands(self):
        """However many were refused: it says of its fact what the template would have said there."""
        units = self._units(EVENTFUL, "event-E1")
        keys = {unit.key for unit in units[1:]}
        rows = [row for row in merged(EVENTFUL, self._spoiled(EVENTFUL, "event-E1", keys)).wordings if row.taken]
        assert [row.facts for row in rows] == [units[0].facts]

    def test_re_tests_of_a_paragraph_stand_together_or_not_at_all(self):
        """One of two is false: the other is the template's too, and says why; everything else stands."""
        units = self._units(EVENTFUL, "event-E1")
        first, second = (unit for unit in units if unit.label == "Re-test")
        narration = merged(EVENTFUL, self._spoiled(EVENTFUL, "event-E1", {second.key}))
        rows = {row.facts: row for row in narration.wordings}
        assert rows[first.facts].reasons == ("series",)
        assert not rows[first.facts].taken
        assert sum(not row.taken for row in narration.wordings) == 2
        sentence = next(row for row in sentences(section(narration.draft, "event-E1")) if row.refused == "series")
        assert sentence.worded_by == "template"

    def test_an_answer_that_leaves_units_out_is_used(self):
        """The one sentence that came stands."""
        narration = merged(EVENTFUL, lambda question: echo(question)[:1] if question.ask.id == "event-E1" else [])
        assert {reason for row in narration.wordings for reason in row.reasons} == {"missing"}
        assert narration.kept == 1


class TestPartOfAnAnswer:
    """What had arrived when the clock ended."""

    def test_what_was_proved_of_it_stands(self):
        """A sentence of each answer came: it is the model's, and the rest is the template's."""
        made = work(EVENTFUL)
        answers = [
            Answer(row.ask.id, Outcome.PARTIAL, Completion(tuple(echo(row)[:1]), model=MODEL)) for row in made.questions
        ]
        narration = narrate(made.draft, made.facts, made.passages, made.questions, answers)
        first = {row.units[0].facts for row in made.questions if row.units[0].label != "Re-test"}
        assert {row.facts for row in narration.wordings if row.taken} == first
        assert set(narration.outcomes.values()) == {Outcome.PARTIAL}
        assert sum("missing" in row.reasons for row in narration.wordings) == sum(
            len(row.units) - 1 for row in made.questions
        )

    def test_half_of_a_unit_is_none(self):
        """Of two sentences that say one unit together, the second had not come."""
        made = work(GAPS)
        question = next(row for row in made.questions if row.ask.id == "event-E3")
        unit = question.units[0]
        half = unit.template[0].text.split(". ")[0] + "."
        narration = merged(
            GAPS, lambda row: [OfferedSentence((unit.key,), half)] if row.ask.id == question.ask.id else []
        )
        assert half != unit.template[0].text
        assert narration.kept == 0


class TestPunctuation:
    """Marks that a model sets twice."""

    @pytest.mark.parametrize(
        ("offered", "printed"),
        [
            ("At the time: “Rod turned.”.", "At the time: “Rod turned.”"),
            ("Surgery was paused..", "Surgery was paused."),
            ("He asked “why?”.", "He asked “why?”"),
            ("At the time: cross-clamp (“28 mmHg.”).", "At the time: cross-clamp (“28 mmHg.”)."),
            ("Surgery was paused.", "Surgery was paused."),
            ("And so...", "And so..."),
            ("Told by Lee, Jr..", "Told by Lee, Jr."),
        ],
    )
    def test_doubled_stops(self, offered, printed):
        """A sentence has one; the full stop of a quotation is enough."""
        assert _printed(offered) == printed

    @pytest.mark.parametrize("text", ["“{q1}”", '"{q1}"', '“{q1}"', "„{q1}“", "'{q1}'"])
    def test_quotation_marks_around_a_quotation(self, text):
        """It brings its own."""
        assert _unquoted(f"At the time: cross-clamp ({text}).") == "At the time: cross-clamp ({q1})."

    def test_other_slots_keep_what_stands_around_them(self):
        """A time between quotation marks is refused by the guard, not mended."""
        assert _unquoted("At “{t1}”, it began.") == "At “{t1}”, it began."


class TestSlots:
    """Of a sentence of the faithful draft with one time, from a piece of the account that tells another time too."""

    @staticmethod
    def _times(unit: Unit) -> dict[str, str]:
        """The times that a unit says, by slot."""
        return {said.slot: said.text for part in unit.parts for said in part.said if said.how == "time"}

    def _slotted(self) -> tuple[Question, Unit, OfferedSentence, str]:
        """The question, the unit, the sentence, and the slot of another unit of the question whose time is another."""
        written = recited(EVENTFUL)
        for question in work(EVENTFUL).questions:
            units = {unit.key: unit for unit in question.units}
            for sentence in written[question.ask.id] if question.passage == "event-E1" else ():
                mine = units[sentence.facts[0]]
                if len(sentence.facts) == 1 and sentence.text.count("{t") == 1 and len(self._times(mine)) == 1:
                    (time,) = self._times(mine).values()
                    for slot, text in {s: t for unit in units.values() for s, t in self._times(unit).items()}.items():
                        if text != time:
                            return question, mine, sentence, slot
        raise AssertionError("no piece of the account tells two times")

    def _judged(self, change: Callable[[str], str]) -> tuple[bool, tuple[str, ...], str]:
        """Whether the sentence stands when its text is changed, why not, and what was offered."""
        question, unit, sentence, _ = self._slotted()

        def changed(row: OfferedSentence) -> list[OfferedSentence]:
            return [replace(row, text=change(row.text)) if row == sentence else row]

        narration = merged(EVENTFUL, only(EVENTFUL, question.ask.id, changed))
        row = next(row for row in narration.wordings if row.facts == unit.facts and row.passage == "event-E1")
        if not row.taken:
            kept = [one.text for one in sentences(section(narration.draft, "event-E1"))]
            assert all(text in kept for text in row.template)
        return row.taken, row.reasons, " ".join(row.offered)

    def test_a_slot_is_filled(self):
        """Unchanged, the sentence stands, with the time of the record in it."""
        taken, reasons, offered = self._judged(lambda text: text)
        assert (taken, reasons) == (True, ())
        assert "{" not in offered
        assert re.search(r"\d\d:\d\d", offered)

    def test_an_unknown_slot(self):
        """It is filled with nothing, and its braces do not stand in a report."""
        taken, reasons, offered = self._judged(lambda text: re.sub(r"\{t\d+\}", "{t99}", text))
        assert not taken
        assert reasons
        assert "{t99}" in offered

    def test_a_slot_of_another_unit(self):
        """Its time is that of another fact."""
        question, unit, _, slot = self._slotted()
        ((mine, time),) = self._times(unit).items()
        other = next(times[slot] for row in question.units if slot in (times := self._times(row)))
        assert other != time
        taken, reasons, offered = self._judged(lambda text: text.replace(f"{{{mine}}}", f"{{{slot}}}"))
        assert not taken
        assert "time" in reasons
        assert other in offered

    def test_a_slot_of_another_kind(self):
        """A person's words where a time belongs."""
        taken, reasons, _ = self._judged(lambda text: re.sub(r"\{t\d+\}", "{q1}", text))
        assert not taken
        assert reasons

    def test_a_slot_left_out(self):
        """What it stands for is missing."""
        taken, reasons, _ = self._judged(lambda text: re.sub(r" ?(at )?\{t\d+\}", "", text))
        assert not taken
        assert reasons

    def test_a_time_in_place_of_its_slot(self):
        """A model that guesses a time is refused."""
        taken, reasons, _ = self._judged(lambda text: re.sub(r"\{t\d+\}", "03:17", text))
        assert not taken
        assert "time" in reasons

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: text.replace("{", "{{").replace("}", "}}"),
            lambda text: text.replace("}", ""),
            lambda text: text.replace("{", ""),
            lambda text: f"{{{text}}}",
            lambda text: f"{text} {{}}",
            lambda text: f"{text} {{x}}",
            lambda text: f"{text} {{7*7}}",
            lambda text: f"{text} {{t0}}",
            lambda text: f"{text} {{t1234}}",
            lambda text: f"{text} {{T1}}",
            lambda text: f"{text} {{ t1 }}",
            lambda text: f"{text} {{t1",
        ],
    )
    def test_braces(self, change):
        """Whatever is left in braces never stands."""
        taken, reasons, offered = self._judged(change)
        assert not taken
        assert reasons
        assert "{" in offered or "}" in offered

    def test_a_slot_twice(self):
        """A time said of two things is said of one too many; a mere repetition changes no fact."""
        taken, _, offered = self._judged(lambda text: f"{text} The surgeon was told at {text[text.index('{t') :][:4]}.")
        assert not taken
        assert offered.count(re.search(r"\d\d:\d\d", offered)[0]) == 2

    def test_no_slot_reaches_a_report(self):
        """In no narration of the faithful drafts stands a slot."""
        for name in READ:
            narration = merged(name, faithful(name))
            texts = [row.text for part in narration.draft.sections for row in sentences(part)]
            assert [text for text in texts if re.search(r"\{[tnq]\d", text)] == []


class TestWhatNoModelTouches:
    def test_chronologies_tables_and_figures_stand_as_they_were(self):
        """Blocks other than paragraphs, those of the alerts among them, and every section that is not offered."""
        made, narration = work(EVENTFUL), merged(EVENTFUL, echo)
        assert any(isinstance(block, Chronology) for part in made.draft.sections for block in part.blocks)
        for before, after in zip(made.draft.sections, narration.draft.sections, strict=True):
            kept, now = (
                [block for block in part.blocks if not isinstance(block, Paragraph)] for part in (before, after)
            )
            assert now == kept
            if before.role not in ("course", "event") and before.id != "attestation":
                assert after == before


class TestTheNote:
    def test_tells_who_worded_what(self):
        """First of the attestation, which is what a professional signs."""
        narration = merged(LIMITED, echo)
        block = section(narration.draft, "attestation").blocks[0]
        assert isinstance(block, Paragraph)
        assert block.label == "Wording"
        text = block.sentences[0].text
        assert f"A language model worded {narration.kept} of {narration.asked} " in text
        assert f": 1 in the course and {narration.kept - 1} in the accounts of events in the technical record;" in text
        assert block.sentences[0].worded_by == "template"

    def test_names_only_where_something_was_kept(self):
        """A course that stayed with the template is not told of."""
        narration = merged(LIMITED, lambda row: [] if row.passage == "course" else echo(row))
        block = section(narration.draft, "attestation").blocks[0]
        assert isinstance(block, Paragraph)
        assert f": {narration.kept} in the accounts of events in the technical record;" in block.sentences[0].text

    def test_is_absent_where_nothing_was_kept(self):
        """A report of the template needs none."""
        narration = merged(EVENTFUL, lambda _: [])
        assert section(narration.draft, "attestation") == section(work(EVENTFUL).draft, "attestation")

    def test_without_a_models_name(self):
        """An endpoint that does not say is not named."""
        narration = merged(EVENTFUL, faithful(EVENTFUL), model="")
        block = section(narration.draft, "attestation").blocks[0]
        assert isinstance(block, Paragraph)
        assert block.sentences[0].text.startswith("A language model worded ")

    def test_an_answer_too_few_is_a_mistake_of_ours(self):
        """Answers belong to questions one by one."""
        made = work(EVENTFUL)
        with pytest.raises(ValueError, match="shorter"):
            narrate(made.draft, made.facts, made.passages, made.questions, ())
