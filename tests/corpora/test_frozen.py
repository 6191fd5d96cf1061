"""The corpora of version 0.1.0 are whole, and every proposition says what its sample records."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.corpora.expected import faults
from tests.corpora.propositions import Change, Proposition, Says
from tests.corpora.record import Record
from tests.corpora.rows import FOLDER, Answer, Sentence, Slot, Wording, answers, sample, sentences, wordings

MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
PROPOSITION: TypeAdapter[Proposition] = TypeAdapter(Proposition)
SLOT = re.compile(r"\{([tnq]\d+)\}")

Row = Sentence | Wording | Answer


@cache
def rows() -> tuple[Row, ...]:
    """Every row of every corpus."""
    return (*sentences(), *wordings(), *answers())


@cache
def record(case: str) -> Record:
    """A sample, read once."""
    return Record(sample(case))


def said(row: Row) -> Iterator[tuple[Proposition, ...]]:
    """What each fact of a row says."""
    if isinstance(row, Answer):
        yield from row.facts.values()
        for answered in row.sentences:
            yield from answered.propositions
    else:
        yield from row.propositions


@cache
def distinct() -> tuple[tuple[str, Proposition], ...]:
    """Every proposition once, with its sample."""
    found = {
        (row.case, proposition.model_dump_json()): proposition
        for row in rows()
        for fact in (row.about, *said(row))
        for proposition in fact
    }
    return tuple((case, proposition) for (case, _), proposition in found.items())


def digest(lines: Iterable[list[Any]]) -> str:
    """SHA-256 over lines as data, as the manifest holds it of the corpora that were frozen."""
    return hashlib.sha256(json.dumps(list(lines), separators=(",", ":")).encode()).hexdigest()


class TestEveryLine:
    def test_is_there_as_it_was(self) -> None:
        """The manifest's digests were taken of the corpora themselves, not of these rows."""
        found: dict[str, list[list[Any]]] = {
            "sentences": [
                [
                    *(row.id, row.case, row.passage, row.slotted, row.template, row.truth, row.sort, row.why, row.harm),
                    *(row.arguable, row.kept_at_0_1_0, len(row.propositions)),
                ]
                for row in sentences()
            ],
            "model-wordings": [
                [
                    *(row.case, row.passage, row.offered, row.template, row.verdict, row.note),
                    *(row.guard_at_0_1_0, row.reasons_at_0_1_0),
                ]
                for row in wordings()
            ],
            "model-answers": [
                [row.case, row.n, row.passage, [[one.facts, one.slotted] for one in row.sentences], [*row.facts]]
                for row in answers()
            ],
        }
        assert {name: len(lines) for name, lines in found.items()} == {
            "sentences": 736,
            "model-wordings": 133,
            "model-answers": 49,
        }
        assert {name: (len(lines), digest(lines)) for name, lines in found.items()} == {
            name: (row["rows"], row["lines_sha256"]) for name, row in MANIFEST["corpora"].items()
        }

    def test_has_a_name_of_its_own(self) -> None:
        """Ids, and case and number of an answer, are not given twice."""
        names = [(row.case, row.n) if isinstance(row, Answer) else row.id for row in rows()]
        assert [name for name, count in Counter(names).items() if count > 1] == []

    def test_says_something_in_each_fact(self) -> None:
        """A fact without a proposition would prove nothing and refuse everything."""
        assert [row for row in rows() if not all(said(row))] == []

    def test_names_its_event_when_its_passage_is_of_one(self) -> None:
        """Class and modality of the event stood above the facts; no other passage has a heading."""
        wrong = [
            row
            for row in rows()
            if [one.says for one in row.about]
            != (["event_class", "event_modality"] if row.passage.startswith("event-") else [])
        ]
        assert wrong == []

    def test_differs_from_the_record_only_in_a_fact_that_it_has(self) -> None:
        """A note on a fact names its place."""
        facts = {id(row): len(row.facts if isinstance(row, Answer) else row.propositions) for row in rows()}
        assert [row for row in rows() if any(note.fact >= facts[id(row)] for note in row.record_differs)] == []


class TestEverySlot:
    def test_is_filled(self) -> None:
        """The text is what was offered, with each placeholder replaced by what stood behind it."""
        for text, slotted, slots in _filled():
            parts = SLOT.split(slotted)  # words and names of slots in turn
            assert text == "".join(slots[part].printed if place % 2 else part for place, part in enumerate(parts))

    def test_is_used(self) -> None:
        """No row keeps what its text does not have."""
        wanted = [(row.slotted, row.slots) for row in sentences()]
        wanted += [(tuple(one.slotted for one in row.sentences), row.slots) for row in answers()]
        assert all({name for text in texts for name in SLOT.findall(text)} == set(slots) for texts, slots in wanted)

    def test_holds_what_its_sample_holds(self) -> None:
        """A time of the sample, printed as its time of day; words of the sample in quotation marks; a person."""
        slotted: tuple[Sentence | Answer, ...] = (*sentences(), *answers())
        for row in slotted:
            written = set(_texts(sample(row.case)))
            people = [{"name": "", **person} for person in sample(row.case)["people"]]
            names = {", ".join(one[key] for key in ("name", "degree") if key in one) for one in people}
            for name, slot in row.slots.items():
                assert (slot.value in names) if name[0] == "n" else (slot.value in written)
                assert slot.printed == _printed(name[0], slot.value)


def _filled() -> Iterator[tuple[str, str, dict[str, Slot]]]:
    for row in sentences():
        for text, slotted in zip(row.text, row.slotted, strict=True):
            yield text, slotted, row.slots
    for answer in answers():
        for one in answer.sentences:
            yield one.text, one.slotted, answer.slots


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _printed(sort: str, value: str) -> str:
    if sort == "t":
        return datetime.fromisoformat(value).strftime("%H:%M")
    return f"“{value}”" if sort == "q" else value


class TestEveryAnswer:
    def test_rests_on_facts_of_its_question(self) -> None:
        """What a sentence is proved against is what the facts say that it cites."""
        for answer in answers():
            for one in answer.sentences:
                assert one.propositions == tuple(answer.facts[key] for key in one.facts)

    def test_was_judged(self) -> None:
        """Each sentence stands in one wording, over the same facts, and each wording in some answer."""
        by_id = {row.id: row for row in wordings()}
        judged = [(answer, one, by_id[one.wording or ""]) for answer in answers() for one in answer.sentences]
        for answer, one, wording in judged:
            assert (wording.case, wording.passage) == (answer.case, answer.passage.partition("/")[0])
            assert one.text in wording.offered
            assert set(map(_written, one.propositions)) <= set(map(_written, wording.propositions))
        assert {wording.id for *_, wording in judged} == set(by_id)


def _written(fact: tuple[Proposition, ...]) -> tuple[str, ...]:
    return tuple(one.model_dump_json() for one in fact)


class TestEverySample:
    def test_is_byte_for_byte_the_one_of_its_version(self) -> None:
        """And none lies there that no row came from."""
        found = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (FOLDER / "samples").iterdir()}
        assert found == MANIFEST["samples"]
        assert set(found) == {row.case for row in rows()}


class TestEveryProposition:
    def test_says_what_its_sample_records(self) -> None:
        """Each field is read or computed anew from the sample: response, state, time, value, percent, delay, who."""
        wrong = [(case, one.says, one.where, found) for case, one in distinct() if (found := faults(record(case), one))]
        assert wrong == []

    def test_is_of_one_of_the_types_and_each_type_is_used(self) -> None:
        """The vocabulary is closed and holds nothing to spare."""
        types = set(get_args(get_args(Proposition)[0]))
        assert {type(one) for _, one in distinct()} == types

    def test_of_a_change_stands_beside_those_of_all_other_responses(self) -> None:
        """An event's responses are listed one by one and none is left out; sides are never pooled."""
        for row in rows():
            for fact in said(row):
                changes = [one for one in fact if isinstance(one, Change)]
                for event in {one.event for one in changes}:
                    listed = [one.response.channel for one in changes if one.event == event]
                    recorded = next(one for one in record(row.case).events if one["id"] == event)
                    assert listed == recorded.get("channels", [None])

    def test_that_says_anything_else_is_found_out(self) -> None:
        """The comparison with the samples has no hole: no field of any type can be altered without a fault."""
        altered = [(case, one, path, other) for case, one in distinct() for path, other in _altered(one)]
        missed = [(one.says, path) for case, one, path, other in altered if not faults(record(case), other)]
        assert {type(one) for _, one, *_ in altered} == {type(one) for _, one in distinct()}
        assert missed == []

    def test_is_read_strictly(self) -> None:
        """Nothing unknown and nothing left out is taken."""
        whole = json.loads(distinct()[0][1].model_dump_json())
        with pytest.raises(ValidationError, match="extra_forbidden"):
            PROPOSITION.validate_json(json.dumps({**whole, "kind": "event"}))
        with pytest.raises(ValidationError, match="missing"):
            PROPOSITION.validate_json(json.dumps({name: value for name, value in whole.items() if name != "where"}))


def _altered(one: Says) -> Iterator[tuple[str, Says]]:
    """The proposition with one leaf changed, for each leaf that can be."""
    whole = one.model_dump(mode="json")
    for path in _leaves(whole):
        if path[0] in ("says", "where"):
            continue
        data = json.loads(json.dumps(whole))
        holder = data
        for key in path[:-1]:
            holder = holder[key]
        before = holder[path[-1]]
        if before is None:
            continue
        for other in _others(before):
            holder[path[-1]] = other
            try:
                yield "/".join(map(str, path)), PROPOSITION.validate_json(json.dumps(data))
            except ValidationError:
                continue


def _leaves(value: Any) -> Iterator[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        yield ()
        return
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from ((key, *rest) for rest in _leaves(one))


def _others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1]
    try:
        return [(datetime.fromisoformat(value) + timedelta(minutes=1)).isoformat()]
    except ValueError:
        sides, outcomes = ["left", "right"], ["met", "not_met", "none_met", "not_comparable"]
        return [other for other in (f"{value}x", *sides, *outcomes) if other != value]
