"""Ids of rows: put in, take out or move one row, and every other keeps its id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, get_args

from pydantic import BaseModel, StringConstraints

from report_gen import load_case
from report_gen.case.contract.base import Detail, Line
from report_gen.case.contract.events import Notification
from report_gen.case.contract.model import Case, contract_models
from report_gen.case.contract.physiology import PhysiologyRow
from report_gen.facts import derive
from report_gen.facts.clock import Clock
from report_gen.facts.row_ids import IDENTIFYING_FIELDS, WORDS, code_ids, row_ids
from tests.cases.maximal import maximal, maximal_facts
from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.cases.reports import facts_of
from tests.selection import over_samples

CLOCK = Clock(day=date(2026, 9, 15))
WITHOUT = {
    "AlertCriterion": "has an id",
    "Channel": "has an id",
    "Event": "has an id",
    "Person": "has an id",
    "Condition": "a value of its criterion's fact",
    "HistoryItem": "part of the one fact of the history",
    "Indication": "one for each modality",
    "LevelRange": "part of the one fact of the levels",
    "ModalityRecord": "one for each modality",
}
"""Rows of a list that need no id of this kind, each with its reason."""


def texts() -> set[str]:
    """The patterns of what a person words freely."""
    forms = (*get_args(Line), *get_args(Detail))
    return {str(part.pattern) for part in forms if isinstance(part, StringConstraints)}


def inside(annotation: Any) -> Iterator[Any]:
    """An annotation and everything that stands in it."""
    yield annotation
    for part in get_args(annotation):
        yield from inside(part)


def listed(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The rows of every list of the contract."""
    for field in model.model_fields.values():
        parts = list(inside(field.annotation))
        found = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
        yield from found if Ellipsis in parts else ()
        for part in found:
            yield from listed(part)


def rows_of(node: BaseModel) -> Iterator[tuple[Any, ...]]:
    """Every list of rows that have no id of their own."""
    for value in node.__dict__.values():
        if isinstance(value, BaseModel):
            yield from rows_of(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            if type(value[0]) in IDENTIFYING_FIELDS:
                yield value
            for row in value:
                yield from rows_of(row)


@cache
def long_lists() -> tuple[tuple[Any, ...], ...]:
    """The lists of the case that has every field, each row twice over with another time and place."""
    found = []
    for rows in rows_of(Case.model_validate(maximal(), strict=False)):
        (row,) = rows[:1]
        found.append((*rows, row.model_copy(), row.model_copy(update=changed(row))))
    return tuple(found)


def changed(row: BaseModel) -> dict[str, Any]:
    """Other values for the times and words of a row."""
    values = row.__dict__.items()
    times = {name: value + timedelta(minutes=1) for name, value in values if isinstance(value, datetime)}
    return {**times, **{name: f"{value} too" for name, value in values if name in WORDS and value}}


def base(fact_id: str) -> str:
    """An id without the number among equals."""
    return fact_id.partition("~")[0]


def renamed(rows: Sequence[Any]) -> list[str]:
    """Ids that are not unique, that change when rows move, or that change with another row that is no equal."""
    ids, wrong = row_ids("x", rows, CLOCK), []
    wrong += [] if len(set(ids)) == len(ids) else [f"not unique: {ids}"]
    moved = row_ids("x", rows[::-1], CLOCK)[::-1]
    wrong += [f"moved: {a} {b}" for a, b, row in zip(ids, moved, rows, strict=True) if a != b and rows.count(row) == 1]
    for index, gone in enumerate(ids):
        rest = [*ids[:index], *ids[index + 1 :]]
        fewer = row_ids("x", [*rows[:index], *rows[index + 1 :]], CLOCK)
        pairs = [(a, b) for a, b in zip(rest, fewer, strict=True) if base(a) != base(gone)]
        wrong += [f"without {gone}: {a} {b}" for a, b in pairs if a != b]
    return wrong


class TestRowsKeepTheirIds:
    @over_samples("invented_scoliosis_mep_loss", "invented_overnight_clock_change")
    def test_in_every_list_of_a_sample(self, path):
        """Moved: all of them. One taken out, or put in the other way round: all that are not its equals."""
        assert list(chain.from_iterable(renamed(rows[:40]) for rows in rows_of(load_case(path)))) == []

    def test_in_every_list_that_the_contract_has(self):
        """The same for equal and for different rows of each class."""
        assert {type(rows[0]) for rows in long_lists()} == set(IDENTIFYING_FIELDS)
        assert list(chain.from_iterable(renamed(rows) for rows in long_lists())) == []

    def test_as_facts(self):
        """A second notification, intervention and reading put in before the others: facts come, and none is renamed."""
        before = with_alert()
        after = with_alert()
        event = after["events"][0]
        event["notifications"].insert(0, {"to": "crna", "at": at("10:01")})
        event["interventions"].insert(0, {"code": "pause_surgery", "actor": "surgeon", "at": at("10:01")})
        event["readings"].insert(0, {"channel": "mep-r", "reading": {"state": "absent"}})
        event["retests"].insert(0, {"at": at("10:06"), "readings": event["readings"][:1]})
        after["intervals"].insert(0, {"kind": "gap", "start_at": at("09:00"), "end_at": at("09:05")})
        after["people"].append({"id": "rn", "role": "nurse", "name": "Person Rn"})
        old, new = facts_of(before), facts_of(after)
        assert set(old.by_id) <= set(new.by_id)
        recorded = {fact.id: fact.values for fact in old if fact.author != "computed" and fact.kind != "event.retest"}
        assert recorded == {name: new.by_id[name].values for name in recorded}


class TestAnId:
    def test_says_what_the_row_is(self):
        """Codes, side and time; the days from the date of service on another day; seconds where there are any."""
        clocks = ("2026-09-15T23:50:00Z", "2026-09-16T00:10:00Z", "2026-09-14T23:50:30Z", "2026-10-15T00:00:00Z")
        rows = [PhysiologyRow.model_construct(at=datetime.fromisoformat(clock)) for clock in clocks]
        assert row_ids("p", [*rows, PhysiologyRow.model_construct(at=None)], CLOCK) == (
            "p.2350",
            "p.0010+1d",
            "p.235030-1d",
            "p.0000+30d",
            "p.untimed",
        )

    def test_of_a_case_over_midnight_is_one_of_its_own(self):
        """The same minute of two days, and the same minute twice where the clock goes back."""
        first = datetime(2026, 9, 15, 1, 30, tzinfo=UTC)
        later = [first, first + timedelta(days=1), datetime.fromisoformat("2026-09-15T01:30:00-05:00")]
        told = [Notification(to="surgeon", at=moment) for moment in later]
        assert len(set(row_ids("t", told, CLOCK))) == 3
        assert set(row_ids("t", told, CLOCK)) == set(row_ids("t", told[::-1], CLOCK))

    def test_of_a_code_counts_equals(self):
        """A code named twice is two rows."""
        assert code_ids("m", ["a", "b", "a"]) == ("m.a", "m.b", "m.a~2")

    def test_holds_no_words_of_a_person_and_nothing_of_the_patient(self):
        """The case in which every field is filled: its texts, names and numbers are `text..x`, ten digits, or dates."""
        data = maximal()
        private = re.compile(r"text\d+x|\d{10}|\d{4}-\d\d-\d\d")
        assert private.search(json.dumps(data))
        assert [fact.id for fact in maximal_facts(data) if private.search(fact.id)] == []

    def test_of_contract_id_with_a_point_is_one_part(self):
        """Channels `a` and `a.change`, and events alike: no two facts get one id."""
        data = with_alert(id="E.1")
        for row in (*data["events"][0]["readings"], *data["events"][0]["retests"][0]["readings"]):
            row["channel"] = "mep.l"
        data["events"][0]["channels"] = ["mep.l"]
        for row in data["channels"]:
            row["id"] = {"mep-l": "mep", "mep-r": "mep.l"}.get(row["id"], row["id"])
        facts = facts_of(data)
        assert [chain.id for chain in facts.events] == ["E.1"]
        assert facts.by_id["event.E:1.reading.mep:l"].kind == "event.reading"


class TestTheTable:
    def test_has_every_row_of_the_contract_that_has_no_id(self):
        """A new list needs a line here, or a reason."""
        listed = {
            part
            for model in contract_models()
            for field in model.model_fields.values()
            if any(inner is Ellipsis for inner in inside(field.annotation))
            for part in inside(field.annotation)
            if isinstance(part, type) and issubclass(part, BaseModel)
        }
        assert {model.__name__ for model in listed - set(IDENTIFYING_FIELDS)} == set(WITHOUT)
        assert set(IDENTIFYING_FIELDS) <= listed

    def test_knows_which_fields_a_person_words(self):
        """Those are never in an id as they stand; codes, references and times are."""
        fields = {
            (model, name)
            for model, parts in IDENTIFYING_FIELDS.items()
            for part in parts
            for name in ((part,) if isinstance(part, str) else part)
        }
        free = texts()
        worded = {
            (model, name)
            for model, name in fields
            for part in chain(inside(model.model_fields[name].annotation), model.model_fields[name].metadata)
            if str(getattr(part, "pattern", None)) in free
        }
        assert {name for _, name in worded} == WORDS
        assert worded == {(model, name) for model, name in fields if name in WORDS}


def test_two_derivations_agree():
    """Nothing but the case decides an id."""
    first, second = (derive(Case.model_validate(case(), strict=False)) for _ in range(2))
    assert list(first.by_id) == list(second.by_id)
