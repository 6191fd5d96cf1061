"""Reads the vocabulary files beside this module, and looks up their entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar, overload

from report_gen.errors import AssetError
from report_gen.vocab.entries import (
    KINDS,
    Agent,
    ChangeDirection,
    CriterionParameter,
    EmgPattern,
    Entry,
    EventClass,
    Icd10Trap,
    IntervalKind,
    Intervention,
    Level,
    Milestone,
    Modality,
    Muscle,
    Parameter,
    PlaceOfService,
    ProcedureFamily,
    ResolutionClass,
    Respondent,
    Role,
)
from report_gen.vocab.reader import read_entries

__all__ = [
    "Limit",
    "Vocabulary",
    "compared_parameters",
    "interval_kinds",
    "limits",
    "modality_of_test",
    "names",
    "places_in_team",
    "signal_classes",
    "team_roles",
    "vocabulary",
]

_FOLDER = Path(__file__).parent
_LIMITS = "limits"


E_co = TypeVar("E_co", bound=Entry, covariant=True)


@dataclass(frozen=True, eq=False)
class Vocabulary(Generic[E_co]):
    """A closed list of terms. Its codes are read at once; its entries are built and checked on first use."""

    name: str
    """Name of the file without ending."""
    about: str
    """What the list is for and what its further properties mean."""
    _kind: type[E_co]
    _rows: Mapping[str, Mapping[str, Any]]

    @cached_property
    def entries(self) -> Mapping[str, E_co]:
        """Terms by code, in the order they are offered.

        Raises:
            AssetError: An entry lacks a property, or has one that its kind does not know or of another type.
        """
        try:
            return read_entries(self._kind, self._rows)
        except TypeError as error:
            raise _damaged(self.name) from error

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes in order."""
        return tuple(self._rows)

    @property
    def formers(self) -> Mapping[str, str]:
        """Today's code for each code of earlier versions of the contract."""
        return {former: code for code, entry in self._rows.items() for former in entry.get("former", ())}

    def __contains__(self, code: object) -> bool:
        """Whether the list has this code."""
        return code in self._rows

    def __getitem__(self, code: str) -> E_co:
        """The entry of a code; `KeyError` when the list does not have it."""
        return self.entries[code]

    def get(self, code: str) -> E_co | None:
        """The entry of a code, or None."""
        return self.entries.get(code)

    def display(self, code: str) -> str:
        """The printed term of a code."""
        return self.entries[code].display

    def label(self, code: str) -> str:
        """The abbreviation of a code where it has one, else the printed term."""
        entry = self.entries[code]
        return entry.abbreviation or entry.display


@dataclass(frozen=True, slots=True)
class Limit:
    """Plausible range of a quantity, in the unit of its name."""

    soft: tuple[float, float] | None
    """Outside it the value is unusual: a warning. None: no soft range."""
    hard: tuple[float, float] | None
    """Outside it the value is taken for a mistake: an error. None: no hard range."""
    source: str
    """Document and place."""


def names() -> tuple[str, ...]:
    """Names of all vocabularies."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != _LIMITS))


def _damaged(name: str) -> AssetError:
    return AssetError("assets.vocabulary", f"the vocabulary {name!r} is missing or damaged; install report_gen again")


def _read(name: str) -> Any:
    try:
        return json.loads((_FOLDER / f"{name}.json").read_bytes())
    except (OSError, ValueError) as error:
        raise _damaged(name) from error


@overload
def vocabulary(name: Literal["agents"]) -> Vocabulary[Agent]: ...
@overload
def vocabulary(name: Literal["change_directions"]) -> Vocabulary[ChangeDirection]: ...
@overload
def vocabulary(name: Literal["criterion_parameters"]) -> Vocabulary[CriterionParameter]: ...
@overload
def vocabulary(name: Literal["emg_patterns"]) -> Vocabulary[EmgPattern]: ...
@overload
def vocabulary(name: Literal["event_classes"]) -> Vocabulary[EventClass]: ...
@overload
def vocabulary(name: Literal["icd10cm_traps"]) -> Vocabulary[Icd10Trap]: ...
@overload
def vocabulary(name: Literal["interval_kinds"]) -> Vocabulary[IntervalKind]: ...
@overload
def vocabulary(name: Literal["interventions"]) -> Vocabulary[Intervention]: ...
@overload
def vocabulary(name: Literal["levels"]) -> Vocabulary[Level]: ...
@overload
def vocabulary(name: Literal["milestones"]) -> Vocabulary[Milestone]: ...
@overload
def vocabulary(name: Literal["modalities"]) -> Vocabulary[Modality]: ...
@overload
def vocabulary(name: Literal["muscles"]) -> Vocabulary[Muscle]: ...
@overload
def vocabulary(name: Literal["parameters"]) -> Vocabulary[Parameter]: ...
@overload
def vocabulary(name: Literal["places_of_service"]) -> Vocabulary[PlaceOfService]: ...
@overload
def vocabulary(name: Literal["procedure_families"]) -> Vocabulary[ProcedureFamily]: ...
@overload
def vocabulary(name: Literal["resolution_classes"]) -> Vocabulary[ResolutionClass]: ...
@overload
def vocabulary(name: Literal["respondents"]) -> Vocabulary[Respondent]: ...
@overload
def vocabulary(name: Literal["roles"]) -> Vocabulary[Role]: ...
@overload
def vocabulary(name: str) -> Vocabulary[Entry]: ...
@cache
def vocabulary(name: str) -> Vocabulary[Any]:
    """The vocabulary of that name; its entries have the properties that the vocabulary has.

    Raises:
        AssetError: The installation lacks the file, or the file is damaged.
    """
    raw = _read(name)
    try:
        entries = {entry["code"]: entry for entry in raw["entries"]}
        return Vocabulary(name, raw["about"], KINDS.get(name, Entry), entries)
    except (KeyError, TypeError) as error:
        raise _damaged(name) from error


@cache
def signal_classes() -> tuple[str, ...]:
    """Classes of event that are about a response, the gravest first."""
    ranked = [(entry.signal_rank, code) for code, entry in vocabulary("event_classes").entries.items()]
    return tuple(code for _, code in sorted((rank, code) for rank, code in ranked if rank is not None))


@cache
def interval_kinds(*parts: str) -> tuple[str, ...]:
    """Kinds of interval of these parts of the case, in the order of the report."""
    kinds = [entry for entry in vocabulary("interval_kinds").entries.values() if entry.part in parts]
    return tuple(entry.code for entry in sorted(kinds, key=lambda entry: entry.order))


@cache
def team_roles(*teams: str) -> tuple[str, ...]:
    """Codes of the roles that belong to one of these teams."""
    return tuple(code for code, role in vocabulary("roles").entries.items() if role.team in teams)


@cache
def places_in_team() -> tuple[str, ...]:
    """Places in the team that a report names, in its order; `Role.place` is the place that a role fills."""
    return tuple(dict.fromkeys(role.place for role in vocabulary("roles").entries.values() if role.place is not None))


@cache
def compared_parameters() -> Mapping[str, Parameter]:
    """Parameters whose change from baseline is computed, in the order in which their changes are printed."""
    entries = vocabulary("parameters").entries
    return MappingProxyType({code: entry for code, entry in entries.items() if entry.change is not None})


@cache
def modality_of_test(kind: str) -> Modality:
    """The modality that a kind of threshold test belongs to; `KeyError` when there is none."""
    modalities = vocabulary("modalities").entries.values()
    return {str(entry.test_kind): entry for entry in modalities if entry.test_kind is not None}[kind]


@cache
def _limit_rows() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    by_quantity: dict[str, list[Mapping[str, Any]]] = {}
    for row in _read(_LIMITS)["rows"]:
        by_quantity.setdefault(row["quantity"], []).append(row)
    return MappingProxyType({name: tuple(rows) for name, rows in by_quantity.items()})


@cache
def limits(
    quantity: str,
    *,
    modality: str = "",
    site: str = "",
    age: str = "",
    stim_mode: str = "",
    condition: str = "",
) -> Limit | None:
    """The plausible range of a quantity from the most specific row; broader rows supply the parts that it lacks.

    Args:
        quantity: Field name with the unit in it.
        modality: Modality code, where it matters.
        site: Peak or site code, where it matters.
        age: `adult` or `child` (under 18); empty when unknown.
        stim_mode: `cc` or `cv`; empty when unknown.
        condition: Special circumstance such as `circulatory_arrest`.
    """
    wanted = {"modality": modality, "site": site, "age": age, "stim_mode": stim_mode, "condition": condition}
    fitting: list[tuple[int, Mapping[str, Any]]] = []
    for row in _limit_rows().get(quantity, ()):
        keys = [key for key in wanted if row.get(key)]
        if all(row[key] == wanted[key] for key in keys):
            # A special circumstance outweighs any other key.
            fitting.append((len(keys) + len(wanted) * ("condition" in keys), row))
    if not fitting:
        return None
    soft: tuple[float, float] | None = None
    hard: tuple[float, float] | None = None
    source = ""
    for _, row in sorted(fitting, key=lambda pair: pair[0]):
        soft = tuple(row["soft"]) if row.get("soft") else soft
        hard = tuple(row["hard"]) if row.get("hard") else hard
        source = row["source"]
    return Limit(soft, hard, source)
