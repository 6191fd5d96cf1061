"""Every field of the contract reaches a fact: no leaf can change without changing what may be printed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from report_gen.case.contract.administration import STATED_LIFE
from report_gen.facts.wording import number_text
from report_gen.vocab import vocabulary
from tests.cases.edits import replaced
from tests.cases.maximal import PERSONS, REFERENCES, choices, field_at, leaves, maximal, maximal_facts

# Leaves that reach no fact, each with its reason. A new field of the contract has no place here without one.
EXCEPTIONS = {
    "/schema_version": "the contract's version, not the record",
    "/patient/age_years": "computed from the date of birth where there is one",
    "/people/0/id": "a reference inside the file",
    "/channels/0/id": "a reference inside the file",
    "/events/0/id": "a reference inside the file, printed with the event and renamed nowhere else",
    "/criteria/0/id": "a reference inside the file",
    "/modalities/0/modality": "the key by which orders, channels and events name the record",
    **{
        f"/{part}/{name}": "the life of the report, beside its facts"
        for part in STATED_LIFE
        for name in STATED_LIFE[part]
    },
}


def other(pointer: str, value: Any) -> list[Any]:  # noqa: PLR0911  one return for each kind of field
    """Other values that the leaf could have."""
    name, kind, said = field_at(pointer)
    codes = choices(name, kind, said)
    if codes:
        return [code for code in codes if code != value]
    if name in PERSONS:
        return ["p2"]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value - 1 if isinstance(value, int) and value > 0 else value + (1 if isinstance(value, int) else 0.125)]
    if "T" in value and value[:4].isdigit():
        return [(datetime.fromisoformat(value) + timedelta(seconds=7)).isoformat()]
    if value[:4].isdigit() and value.count("-") == 2:
        return [(date.fromisoformat(value) - timedelta(days=1000)).isoformat()]
    return ["BC" if value == "AZ" else value[:-1] + ("7" if value[-1] != "7" else "8")]


DATA = maximal()
BESIDE = ("/people/1", "/modalities/1")
LEAVES = [(pointer, value) for pointer, value in leaves(DATA) if not pointer.startswith(BESIDE)]
BASE = maximal_facts(DATA)
PRINTED = [row for fact in BASE for row in fact.values]
TESTED = [(pointer, value) for pointer, value in LEAVES if pointer not in EXCEPTIONS]


def _references(pointer: str) -> bool:
    name = field_at(pointer)[0]
    return name in REFERENCES and field_at(pointer)[1] is str


def rounds(pointer: str) -> bool:
    """Whether the field is printed with fewer digits than recorded; a motor grade is written with plus or minus."""
    name = field_at(pointer)[0]
    entry = vocabulary("parameters").get(name)
    return name == "grade_0_5" or (entry is not None and entry.decimals is not None and not entry.exact)


class TestEveryField:
    def test_the_maximal_case_fills_every_field(self):
        """Each field of each model of the contract is a leaf, or holds leaves."""
        assert len(LEAVES) > 330
        assert not [pointer for pointer, value in LEAVES if value in (None, "", [])]

    def test_exceptions_are_fields_of_the_contract(self):
        """An exception whose field is gone goes too."""
        assert set(EXCEPTIONS) <= {pointer for pointer, _ in LEAVES}

    def test_a_change_of_the_field_changes_a_fact(self):
        """At least one other value of the field gives other facts."""
        changed = [row for row in TESTED if not _references(row[0])]
        assert len(changed) > 300
        silent = [
            pointer
            for pointer, value in changed
            if all(maximal_facts(replaced(DATA, pointer, new)).items == BASE.items for new in other(pointer, value))
        ]
        assert silent == []

    def test_a_text_is_printed_verbatim(self):
        """The words of the record stand in the values of a fact."""
        texts = [row for row in TESTED if field_at(row[0])[1] is str and str(row[1]).startswith("text")]
        assert len(texts) > 60
        assert [pointer for pointer, value in texts if not any(value in row.text for row in PRINTED)] == []

    def test_a_number_is_kept_exactly_and_printed_with_the_digits_of_its_kind(self):
        """A kind without digits of its own prints all that are recorded; where some are rounded away, none is lost."""
        numbers = [row for row in TESTED if isinstance(row[1], float)]
        assert len(numbers) > 80
        assert [
            pointer
            for pointer, value in numbers
            if not any(number_text(value) in row.text for row in PRINTED)
            and not (rounds(pointer) and any(row.number == value for row in PRINTED))
        ] == []

    def test_a_time_is_printed_and_kept(self):
        """The clock time stands in a fact, most often with the instant behind it."""
        times = [
            (pointer, datetime.fromisoformat(value))
            for pointer, value in TESTED
            if isinstance(value, str) and value[4:5] == "-" and "T" in value
        ]
        assert len(times) > 30
        clock = BASE.clock
        assert [
            pointer
            for pointer, moment in times
            if not any(clock.time(moment) in row.text or row.at == moment for row in PRINTED)
        ] == []

    def test_facts_of_billing_alone_need_not_be_stated(self):
        """Payer, authorization and other cases are facts that the clinical report leaves out."""
        kinds = {"encounter.payer", "encounter.authorization", "other_session", "person.credential"}
        assert {fact.kind for fact in BASE if fact.kind in kinds and not fact.must_state} == kinds
