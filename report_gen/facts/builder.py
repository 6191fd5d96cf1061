"""The collector of facts while a case is read: the only mutable value of the layer, and never passed out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from report_gen.case.contract.model import Case
from report_gen.case.contract.people import Person
from report_gen.case.contract.when import When
from report_gen.case.instants import instants_by_part
from report_gen.facts.clock import Clock
from report_gen.facts.model import Fact, Value
from report_gen.facts.row_ids import Row, row_ids
from report_gen.facts.stated_time import anchored_to, clock_words, stated_time
from report_gen.facts.wording import NOT_RECORDED, joined, number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["FactBuilder", "modality_label", "modality_labels", "number", "renamed", "term", "terms", "text"]


def text(name: str, words: str) -> Value:
    """A value that is text."""
    return Value(name, words)


def term(name: str, vocabulary_name: str, code: str, words: str = "") -> Value:
    """A coded value in its printed term, or in other `words` for it."""
    return Value(name, words, vocabulary=vocabulary_name, code=code) if words else _term(name, vocabulary_name, code)


@cache
def _term(name: str, vocabulary_name: str, code: str) -> Value:
    """A coded value in its printed term; the vocabularies are closed, so there are only so many."""
    return Value(name, vocabulary(vocabulary_name).display(code), vocabulary=vocabulary_name, code=code)


def terms(name: str, vocabulary_name: str, codes: Sequence[str], words: str = "") -> Value | None:
    """A list of coded values in their printed terms, or in other `words` for them; None when it is empty."""
    if not codes:
        return None
    shown = words or joined(vocabulary(vocabulary_name).display(code) for code in codes)
    return Value(name, shown, vocabulary=vocabulary_name, codes=tuple(codes))


def modality_label(name: str, code: str) -> Value:
    """A modality by its short printed name."""
    return term(name, "modalities", code, vocabulary("modalities").label(code))


def modality_labels(name: str, codes: Sequence[str]) -> Value | None:
    """Modalities by their short printed names; None when there are none."""
    return terms(name, "modalities", codes, joined(vocabulary("modalities").label(code) for code in codes))


def number(name: str, amount: float, words: str | None = None) -> Value:
    """A value that is a number, rendered with its unit unless `words` are given."""
    return Value(name, quantity_text(name, amount) if words is None else words, float(amount))


def renamed(value: Value, name: str) -> Value:
    """The same value by another name."""
    if value.name == name:
        return value
    return Value(
        name,
        value.text,
        value.number,
        value.at,
        value.vocabulary,
        value.code,
        value.codes,
        value.flag,
        value.day,
    )


class FactBuilder:
    """Facts in derivation order, with the case, its clock and its people, which all themes share."""

    def __init__(self, case: Case) -> None:
        """Start with no facts."""
        self.case = case
        self.people: dict[str, Person] = {person.id: person for person in case.people}
        self.instants = instants_by_part(case)
        self.clock = Clock.of(case, self.instants)
        self.facts: list[Fact] = []
        self.by_id: dict[str, Fact] = {}
        self._groups: dict[str, list[Fact]] = {}
        self._kinds: dict[str, list[Fact]] = {}
        self._kinds_of_groups: dict[tuple[str, str], list[Fact]] = {}
        self._referring: dict[str, list[Fact]] = {}
        self._row_ids: dict[str, tuple[str, ...]] = {}
        self._quantities: dict[tuple[str, float, str, tuple[float, ...], int], Value] = {}
        self._instants: dict[tuple[str, datetime, timedelta | None], Value] = {}

    def add(  # noqa: PLR0913  a fact has these fields; all but four are keyword-only
        self,
        fact_id: str,
        kind: str,
        pointer: str,
        values: Iterable[Value | None] = (),
        *,
        group: str = "",
        status: str = "recorded",
        side: str = "",
        modality: str = "",
        site: str = "",
        inputs: Iterable[str] = (),
        must_state: bool = True,
        author: str = "record",
    ) -> Fact:
        """Add a recorded fact.

        Values that are None are left out; a fact without values prints `not recorded`. `inputs` are the ids of facts
        that the record refers to here, such as the channels of an event.
        """
        kept = tuple(value for value in values if value is not None)
        if not kept and status == "recorded":
            kept, status = (text("text", NOT_RECORDED),), "not_recorded"
        return self._keep(
            Fact(
                id=fact_id,
                group=group or fact_id.rpartition(".")[0] or fact_id,
                kind=kind,
                pointer=pointer,
                status=status,
                side=side,
                modality=modality,
                site=site,
                values=kept,
                inputs=tuple(inputs),
                must_state=must_state,
                author=author,
            )
        )

    def compute(  # noqa: PLR0913  a fact has these fields; all but four are keyword-only
        self,
        fact_id: str,
        kind: str,
        pointer: str,
        values: Iterable[Value | None],
        *,
        formula: str,
        inputs: Iterable[str],
        group: str = "",
        status: str = "computed",
        side: str = "",
        modality: str = "",
        site: str = "",
        must_state: bool = True,
    ) -> Fact:
        """Add a fact computed from others, with its formula and the ids it was computed from."""
        return self._keep(
            Fact(
                id=fact_id,
                group=group or fact_id.rpartition(".")[0] or fact_id,
                kind=kind,
                pointer=pointer,
                status=status,
                side=side,
                modality=modality,
                site=site,
                values=tuple(value for value in values if value is not None),
                formula=formula,
                inputs=tuple(inputs),
                must_state=must_state,
                author="computed",
            )
        )

    def _keep(self, fact: Fact) -> Fact:
        self.facts.append(fact)
        self.by_id[fact.id] = fact
        self._groups.setdefault(fact.group, []).append(fact)
        self._kinds.setdefault(fact.kind, []).append(fact)
        self._kinds_of_groups.setdefault((fact.group, fact.kind), []).append(fact)
        if not fact.formula:
            for fact_id in fact.inputs:
                self._referring.setdefault(fact_id, []).append(fact)
        return fact

    def row_ids(self, prefix: str, rows: Sequence[Row]) -> tuple[str, ...]:
        """The fact ids of all rows of a list, in its order; computed once for each `prefix`."""
        if prefix not in self._row_ids:
            self._row_ids[prefix] = row_ids(prefix, rows, self.clock)
        return self._row_ids[prefix]

    def of_kind(self, kind: str) -> list[Fact]:
        """Facts of one kind so far, in order."""
        return self._kinds.get(kind, [])

    def in_group(self, group: str, kind: str = "") -> list[Fact]:
        """Facts of one group so far, all or those of one kind, in order."""
        return list(self._kinds_of_groups.get((group, kind), ()) if kind else self._groups.get(group, ()))

    def referring_to(self, fact_id: str) -> list[Fact]:
        """Recorded facts so far that refer to another fact, in order."""
        return self._referring.get(fact_id, [])

    def words(self, name: str, words: str | None) -> Value | None:
        """A text value, or None when the record has none."""
        return None if words is None else Value(name, words)

    def coded(self, name: str, vocabulary_name: str, code: str | None) -> Value | None:
        """A coded value in its printed term, or None when the record has none."""
        return None if code is None else term(name, vocabulary_name, code)

    def quantity(self, name: str, amount: float | None) -> Value | None:
        """A number with the unit in its name, or None when the record has none."""
        return None if amount is None else self.amount(name, amount)

    def amount(
        self, name: str, amount: float, modality: str = "", limits: tuple[float, ...] = (), significant: int = 2
    ) -> Value:
        """A number with the unit in its name; what is recorded a thousand times alike is one value.

        Args:
            name: Name with the unit in it.
            amount: The number in that unit.
            modality: Code of the modality that decides the digits. Empty: not known.
            limits: Limits of criteria that no rounding crosses.
            significant: Digits that a small number keeps.
        """
        key = (name, amount, modality, limits, significant)
        value = self._quantities.get(key) if amount else None  # zero equals a zero of the other sign
        if value is None:
            words = quantity_text(name, amount, modality=modality, limits=limits, significant=significant)
            value = self._quantities[key] = Value(name, words, float(amount))
        return value

    def plain(self, name: str, amount: float | None) -> Value | None:
        """A number without unit, or None when the record has none."""
        return None if amount is None else Value(name, number_text(amount), float(amount))

    def instant(self, name: str, at: datetime | None) -> Value | None:
        """An instant in the case's clock, or None when the record has none."""
        return None if at is None else self._instant(name, at)

    def _instant(self, name: str, at: datetime) -> Value:
        """A time; one at which many responses were read is one value. Equal instants may be stamped differently."""
        key = (name, at.replace(tzinfo=None), at.utcoffset())
        value = self._instants.get(key)
        if value is None:
            value = self._instants[key] = Value(name, self.clock.time(at), None, at)
        return value

    def moment(
        self, at: datetime | None, when: When | None, name: str = "at", *, anchored: bool = False
    ) -> tuple[Value, ...]:
        """A time as far as it is recorded: the instant, `about` it where it is approximate, and what `when` says.

        Empty: nothing of it is recorded.

        Args:
            at: The instant. None: not recorded.
            when: What else is recorded of the time. None: nothing.
            name: Name of the instant's value.
            anchored: Whether relation and event stand in `anchor` where the time is relative to an event.
        """
        values: list[Value] = []
        if at is not None and when is None:
            return (self._instant(name, at),)
        if at is not None:
            values.append(Value(name, clock_words(self.clock.time(at), when), None, at))
        if words := stated_time(when, beside_clock=at is not None):
            values.append(Value("when", words))
        if anchored and (anchor := anchored_to(when)) is not None:
            values.append(Value("anchor", " ".join(anchor), codes=anchor))
        return tuple(values)

    def day(self, name: str, day: date | None) -> Value | None:
        """A calendar date, or None when the record has none."""
        return None if day is None else Value(name, day.isoformat(), day=day)

    def yes_no(self, name: str, flag: bool | None) -> Value | None:
        """A flag in words, or None when the record has none."""
        return None if flag is None else Value(name, "yes" if flag else "no", float(flag), flag=flag)

    def person_name(self, person_id: str | None, *, beside_role: bool = False) -> str | None:
        """Name with degree of a person, or None without a reference.

        Args:
            person_id: The reference.
            beside_role: Whether the role is printed beside it; a person without a name then has nothing to add.
        """
        person = self.people.get(person_id or "")
        if person is None:
            return None
        if person.name is None:
            return None if beside_role else f"{vocabulary('roles').display(person.role)} (name not recorded)"
        name = f"{person.name_latin} ({person.name})" if person.name_latin else person.name
        return f"{name}, {person.degree}" if person.degree else name

    def person_role(self, name: str, person_id: str | None) -> Value | None:
        """The role of a person, or None without a reference."""
        person = self.people.get(person_id or "")
        return None if person is None else term(name, "roles", person.role)
