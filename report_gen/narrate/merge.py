"""Offers a model's sentences to the guard, puts those that stand in the draft, and records who worded what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from report_gen.document.blocks import Paragraph, Section, SectionRole
from report_gen.draft.model import Block, Draft, Sentence, Stated
from report_gen.draft.passages import Passage, Unit
from report_gen.facts.model import Facts
from report_gen.guard.passage import Claimed, Verdict, prove
from report_gen.llm.port import Answer, OfferedSentence, Outcome
from report_gen.llm.question.prompt import Question
from report_gen.narrate.side_by_side import Misfit, misfits, paragraphs

__all__ = ["Narration", "Terms", "Wording", "narrate"]

_PLACES: Final[Mapping[SectionRole, str]] = {
    "course": "the course",
    "event": "the accounts of events in the technical record",
}
"""What the note to the signatory calls the sections that a model may word, in printing order."""
_SLOT: Final = re.compile(r"\{([tnq]\d{1,3})\}")
_QUOTED_SLOT: Final = re.compile(r"[\"“”„«']\s*(\{q\d{1,3}\})\s*[\"“”«»']")
"""A slot whose quotation the model has put between quotation marks again."""
_TWO_STOPS: Final = re.compile(r"([.!?…]”)\.|(?<!\.)\.(\.)(?!\.)")


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording offered for some units, and whether it stands. Holds refused text: never part of a file."""

    passage: str
    """Id of the passage."""
    facts: tuple[str, ...]
    """Ids of the facts concerned."""
    template: tuple[str, ...]
    """The template's sentences."""
    offered: tuple[str, ...]
    """The model's sentences, slots filled; those that stand as they are printed. Empty: none came."""
    taken: bool
    """Whether the model's sentences stand in the report."""
    reasons: tuple[str, ...]
    """Codes of why they do not. Empty: they do, or none came."""
    words: tuple[str, ...]
    """Words at fault, beside each reason; empty where none is."""


@dataclass(frozen=True, slots=True)
class Narration:
    """A draft after narration."""

    draft: Draft
    """The draft; a sentence says who worded it."""
    wordings: tuple[Wording, ...]
    """Every unit that was asked for, in the order of the questions."""
    outcomes: Mapping[str, Outcome]
    """What became of each question, by its id."""

    @property
    def kept(self) -> int:
        """Template sentences that the model's wording replaced."""
        return sum(len(wording.template) for wording in self.wordings if wording.taken)

    @property
    def asked(self) -> int:
        """Template sentences that the model was asked to word."""
        return sum(len(wording.template) for wording in self.wordings)

    @property
    def refused(self) -> Mapping[str, int]:
        """How often wordings were refused, by the first reason."""
        return Counter(wording.reasons[0] for wording in self.wordings if wording.reasons)


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms on which answers are taken."""

    model: str = ""
    """Name of the model as it was configured, for the note to whoever signs. Empty: not named."""
    late: Callable[[], bool] | None = None
    """Whether there is no time left to prove anything more. None: there is time enough."""


def narrate(
    draft: Draft,
    facts: Facts,
    passages: Sequence[Passage],
    questions: Sequence[Question],
    answers: Sequence[Answer],
    *,
    terms: Terms = Terms(),
) -> Narration:
    """The draft with every wording that is proved, and the template's everywhere else.

    A plain function of what came back: the same answers give the same draft.

    Args:
        draft: The deterministic draft.
        facts: All facts of the case.
        passages: Its passages.
        questions: What was asked.
        answers: What came back, one for each question.
        terms: Who is named in the note to whoever signs, and how long may be proved.
    """
    by_id = {passage.id: passage for passage in passages}
    texts: dict[str, Sentence] = {}
    silent: set[str] = set()
    refused: dict[str, str] = {}
    judged = [
        _judged(replace(by_id[question.passage], units=question.units), answer, facts, terms.late)
        for question, answer in zip(questions, answers, strict=True)
    ]
    misfit = _misfits(draft, by_id, questions, judged)
    wordings: list[Wording] = []
    for question, verdicts in zip(questions, judged, strict=True):
        if verdicts is None:
            wordings.extend(_unasked(question.passage, unit) for unit in question.units)
            continue
        for verdict in verdicts:
            wording = _wording(question.passage, verdict, misfit[question.passage])
            wordings.append(wording)
            _settle(verdict, wording, texts, silent, refused)
    sections = tuple(_section(section, by_id, texts, silent, refused) for section in draft.sections)
    taken = Counter(dict.fromkeys(_PLACES, 0))
    for wording in wordings:
        taken[by_id[wording.passage].role] += len(wording.template) if wording.taken else 0
    if taken.total():
        note = _note(taken, sum(len(wording.template) for wording in wordings), terms.model)
        sections = tuple(_noted(section, note) if section.role == "attestation" else section for section in sections)
    return Narration(
        replace(draft, sections=sections),
        tuple(wordings),
        {question.ask.id: answer.outcome for question, answer in zip(questions, answers, strict=True)},
    )


def _note(taken: Mapping[SectionRole, int], asked: int, model: str) -> Sentence:
    """The note that tells the signatory who worded the report, and where. It cites the case as a whole."""
    named = f" ({model})" if model else ""
    places = " and ".join(f"{count} in {_PLACES[role]}" for role, count in taken.items() if count)
    return Sentence.stating(
        f"A language model{named} worded {sum(taken.values())} of {asked} sentences that it was asked to word: "
        f"{places}; a program checked each against the recorded facts. All other text is worded by template.",
        (Stated("case.id"),),
    )


def _noted(section: Section[Block], note: Sentence) -> Section[Block]:
    return replace(section, blocks=(Paragraph((note,), label="Wording"), *section.blocks))


def _claims(passage: Passage, sentences: Sequence[OfferedSentence]) -> list[Claimed]:
    slots = {
        value.slot: f"“{value.text}”" if value.how == "quote" else value.text
        for unit in passage.units
        for part in unit.parts
        for value in part.said
        if value.slot
    }
    return [
        Claimed(sentence.facts, _SLOT.sub(lambda slot: slots.get(slot[1], slot[0]), _unquoted(sentence.text)).strip())
        for sentence in sentences
    ]


def _unquoted(text: str) -> str:
    """A sentence without the quotation marks around slots that bring their own."""
    return _QUOTED_SLOT.sub(lambda slot: slot[1], text)


def _judged(
    passage: Passage, answer: Answer, facts: Facts, late: Callable[[], bool] | None
) -> tuple[Verdict, ...] | None:
    """Verdicts on one answer; None when there is none."""
    if answer.completion is None:
        return None
    return prove(passage, _claims(passage, answer.completion.sentences), facts, late=late)


def _misfits(
    draft: Draft,
    passages: Mapping[str, Passage],
    questions: Sequence[Question],
    judged: Sequence[tuple[Verdict, ...] | None],
) -> Mapping[str, Mapping[str, Misfit]]:
    """By passage and unit: proved wordings that would read badly there; the pieces of a long one count together."""
    found: dict[str, list[Verdict]] = {}
    for question, verdicts in zip(questions, judged, strict=True):
        found.setdefault(question.passage, []).extend(verdicts or ())
    places = {section.id: section for section in draft.sections if section.id in found}
    return {name: misfits(passages[name], rows, paragraphs(places[name])) for name, rows in found.items()}


def _unasked(passage: str, unit: Unit) -> Wording:
    return Wording(passage, unit.facts, tuple(sentence.text for sentence in unit.template), (), False, (), ())


def _wording(passage: str, verdict: Verdict, misfit: Mapping[str, Misfit]) -> Wording:
    reasons, words = (
        tuple(refusal.reason for refusal in verdict.refusals),
        tuple(refusal.word for refusal in verdict.refusals),
    )
    fallen = next((misfit[unit.key] for unit in verdict.units if unit.key in misfit), None)
    taken = verdict.proved and fallen is None
    if fallen is not None and verdict.proved:
        reasons, words = (fallen,), ("",)
    return Wording(
        passage,
        tuple(dict.fromkeys(fact for unit in verdict.units for fact in unit.facts)),
        tuple(sentence.text for unit in verdict.units for sentence in unit.template),
        tuple(_printed(text) for text in verdict.texts) if taken else verdict.texts,
        taken,
        reasons,
        words,
    )


def _settle(
    verdict: Verdict, wording: Wording, texts: dict[str, Sentence], silent: set[str], refused: dict[str, str]
) -> None:
    """Record for each unit, by passage and key, the wording that stands there."""
    keys = [f"{wording.passage}/{unit.id}" for unit in verdict.units]
    if not wording.taken:
        reasons = ", ".join(dict.fromkeys(wording.reasons))
        refused.update((key, reasons) for key in keys)
        return
    states = dict.fromkeys(state for unit in verdict.units for sentence in unit.template for state in sentence.states)
    texts[keys[0]] = Sentence.stating(" ".join(wording.offered), states, worded_by="model")
    silent.update(keys[1:])


def _printed(text: str) -> str:
    """A proved wording as it is printed: a quotation that ends with a stop of its own needs none after it."""
    return _TWO_STOPS.sub(lambda stops: stops[1] or stops[2], text)


def _section(
    section: Section[Block],
    passages: Mapping[str, Passage],
    texts: Mapping[str, Sentence],
    silent: set[str],
    refused: Mapping[str, str],
) -> Section[Block]:
    passage = passages.get(section.id)
    if passage is None:
        return section
    unit_of = {sentence: f"{section.id}/{unit.id}" for unit in passage.units for sentence in unit.template}
    blocks: list[Block] = []
    for block in section.blocks:
        if not isinstance(block, Paragraph) or block.verbatim:
            blocks.append(block)
            continue
        sentences = _sentences(block, unit_of, texts, silent, refused)
        if sentences:
            blocks.append(replace(block, sentences=sentences))
    return replace(section, blocks=tuple(blocks))


def _sentences(
    block: Paragraph[Sentence],
    unit_of: Mapping[Sentence, str],
    texts: Mapping[str, Sentence],
    silent: set[str],
    refused: Mapping[str, str],
) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    done: set[str] = set()
    for sentence in block.sentences:
        key = unit_of.get(sentence, "")
        if key in texts:
            if key not in done:
                sentences.append(texts[key])
            done.add(key)
        elif key not in silent:
            sentences.append(replace(sentence, refused=refused[key]) if key in refused else sentence)
    return tuple(sentences)
