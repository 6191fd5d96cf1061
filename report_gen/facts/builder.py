"""The collector of facts while a case is read: the only mutable value of the layer, and never passed out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from pydantic import BaseModel

from report_gen.case.contract.model import Case
from report_gen.case.contract.people import Person
from report_gen.facts.model import Fact, Value
from report_gen.facts.row_ids import Row, row_ids
from report_gen.facts.wording import NOT_RECORDED, Clock, joined, number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["FactBuilder", "instants", "modality_label", "modality_labels", "number", "site_of", "term", "terms", "text"]


_LEAVES = frozenset({type(None), str, int, float, bool})


def text(name: str, words: str) -> Value:
    """A value that is text."""
    return Value(name, words)


def term(name: str, vocabulary_name: str, code: str, words: str = "") -> Value:
    """A coded value in its printed term, or in other `words` for it."""
    return Value(name, words or vocabulary(vocabulary_name).display(code), vocabulary=vocabulary_name, code=code)


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


def instants(value: BaseModel) -> list[datetime]:
    """Every instant inside a contract value at any depth, in no particular order."""
    moments: list[datetime] = []
    pending: list[object] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, datetime):
            moments.append(node)
        elif isinstance(node, tuple):
            pending.extend(item for item in node if not isinstance(item, str))
        elif isinstance(node, BaseModel):
            pending.extend(item for item in node.__dict__.values() if type(item) not in _LEAVES)
    return moments


def site_of(modality: str, codes: Mapping[str, str | None]) -> tuple[str, str]:
    """The code and the printed term of the site that names a modality; two empty strings when no site is recorded.

    Args:
        modality: Modality code; its vocabulary entry says which kind of site names it.
        codes: Site codes recorded, by `nerve`, `muscle`, `level` and `electrode_site`.
    """
    entry = vocabulary("modalities").get(modality)
    preferred = entry.site_kind if entry is not None else "none"
    names = {"nerve": "nerves", "muscle": "muscles", "level": "levels", "electrode_site": "electrode_sites"}
    for kind in (preferred, *names):
        code = codes.get(kind)
        if code:
            return code, vocabulary(names[kind]).display(code)
    return "", ""


class FactBuilder:
    """Facts in derivation order, with the case, its clock and its people, which all themes share."""

    def __init__(self, case: Case) -> None:
        """Start with no facts."""
        self.case = case
        self.people: dict[str, Person] = {person.id: person for person in case.people}
        all_instants = tuple(instants(case))
        self.clock = Clock.of(case.encounter.date_of_service, all_instants)
        self.facts: list[Fact] = []
        self.by_id: dict[str, Fact] = {}
        self._groups: dict[str, list[Fact]] = {}
        self._kinds: dict[str, list[Fact]] = {}
        self._referring: dict[str, list[Fact]] = {}
        self._row_ids: dict[str, tuple[str, ...]] = {}

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
        if not fact.formula:
            for fact_id in fact.inputs:
                self._referring.setdefault(fact_id, []).append(fact)
        return fact

    def row_ids(self, prefix: str, rows: Sequence[Row]) -> tuple[str, ...]:
        """The fact ids of all rows of a list, in its order; computed once for each `prefix`."""
        if prefix not in self._row_ids:
            self._row_ids[prefix] = row_ids(prefix, rows, self.case.encounter.date_of_service)
        return self._row_ids[prefix]

    def of_kind(self, kind: str) -> list[Fact]:
        """Facts of one kind so far, in order."""
        return self._kinds.get(kind, [])

    def in_group(self, group: str, kind: str = "") -> list[Fact]:
        """Facts of one group so far, all or those of one kind, in order."""
        return [fact for fact in self._groups.get(group, []) if not kind or fact.kind == kind]

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
        return None if amount is None else Value(name, quantity_text(name, amount), float(amount))

    def plain(self, name: str, amount: float | None) -> Value | None:
        """A number without unit, or None when the record has none."""
        return None if amount is None else Value(name, number_text(amount), float(amount))

    def instant(self, name: str, at: datetime | None) -> Value | None:
        """An instant in the case's clock, or None when the record has none."""
        return None if at is None else Value(name, self.clock.time(at), None, at)

    def day(self, name: str, day: date | None) -> Value | None:
        """A calendar date, or None when the record has none."""
        return None if day is None else Value(name, day.isoformat(), day=day)

    def yes_no(self, name: str, flag: bool | None) -> Value | None:
        """A flag in words, or None when the record has none."""
        return None if flag is None else Value(name, "yes" if flag else "no", float(flag), flag=flag)

    def person_name(self, person_id: str | None) -> str | None:
        """Name with degree of a person, or None without a reference."""
        person = self.people.get(person_id or "")
        if person is None:
            return None
        name = f"{person.name_latin} ({person.name})" if person.name_latin else person.name
        return f"{name}, {person.degree}" if person.degree else name

    def person_role(self, name: str, person_id: str | None) -> Value | None:
        """The role of a person, or None without a reference."""
        person = self.people.get(person_id or "")
        return None if person is None else term(name, "roles", person.role)
