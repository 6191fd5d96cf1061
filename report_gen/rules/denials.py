"""Reads `denials.toml` and `clocks.toml`: the meaning of a denial, the ways to answer it, and the time limits.

Our own words throughout; the wording of the published code lists stands nowhere in this program.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from report_gen.finding import Certainty
from report_gen.rules.model import Strict
from report_gen.rules.tables import read_table, rules

__all__ = [
    "Carc",
    "DenialClock",
    "DenialDocument",
    "DenialSource",
    "Denials",
    "Instead",
    "Instrument",
    "Rarc",
    "clocks",
    "denials",
    "rules_for",
    "sources_of",
]

_FOLDER = Path(__file__).parent
_Words = Annotated[str, StringConstraints(min_length=3, max_length=240, strip_whitespace=True)]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
_CarcCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]?[1-9][0-9]{0,2}$")]
_RarcCode = Annotated[str, StringConstraints(pattern=r"^(MA|M|N)[1-9][0-9]{0,2}$")]
_Ended = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}-\d{2})?$")]
Start: TypeAlias = Literal[
    "date_of_service", "determination", "remittance", "letter", "previous_level", "negotiation_end"
]
ClockUnit: TypeAlias = Literal["days", "months", "years", "business_days", "contract"]


class DenialSource(Strict):
    """A document that the tables cite."""

    id: _Id
    """Id that entries cite."""
    title: _Words
    """Document."""
    locator: _Words
    """Place in it."""
    url: str | None = None
    """Address. None: none, or not reached."""


class Instrument(Strict):
    """A way to answer a denial."""

    id: _Id
    label: _Words
    """Short name."""
    how: _Words
    """The instrument, in one sentence."""


class Instead(Strict):
    """The instruments that a class of payer takes in place of one."""

    payer_class: str
    """Code of `payer_classes`."""
    instrument: _Id
    """Instrument that this payer does not take."""
    use: tuple[_Id, ...] = Field(min_length=1)
    """The instruments that it takes."""
    why: _Words
    """Reason."""
    source: tuple[_Id, ...] = Field(min_length=1)
    """Ids of sources."""


class DenialDocument(Strict):
    """A document that answers denials."""

    id: _Id
    label: _Words
    """Short name."""
    rules: tuple[_Id, ...] = ()
    """Rules whose findings tell whether the case has it. Empty: the record cannot hold it."""
    facts: tuple[str, ...] = ()
    """Beginnings of the ids of facts that make it up. Empty: whatever those rules cite."""
    in_case: bool = True
    """Whether the record can hold it at all."""


class AdjustmentGroup(Strict):
    """Who bears the amount."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    gloss: _Words
    """Our own words."""


class Carc(Strict):
    """A claim adjustment reason code."""

    code: _CarcCode
    gloss: _Words
    """Our own words for it."""
    status: Literal["active", "deactivated"]
    """Whether it may stand on a remittance today."""
    deactivated: _Ended | None = None
    """Day, or year where only that is known, from which it is no longer used. None: active."""
    instead: tuple[_CarcCode, ...] = ()
    """Codes that say this today. Empty: active."""
    changed: date | None = None
    """When its meaning was last narrowed. None: not known to have changed."""
    here: _Words
    """Its meaning for a claim of monitoring."""
    trap: _Words | None = None
    """A common wrong reading of it. None: none known."""
    instruments: tuple[_Id, ...] = Field(min_length=1)
    """Ways to answer it, best first."""
    documents: tuple[_Id, ...] = ()
    """Documents that answer it, best first."""
    remarks: tuple[_RarcCode, ...] = ()
    """Remark codes that often come with it."""
    later_level: bool = False
    """Whether it tells that a level of appeal is over, so that the clock of the first level no longer runs."""
    certainty: Certainty
    """Certainty of number, status and meaning."""
    source: tuple[_Id, ...] = Field(min_length=1)
    """Ids of sources."""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        ended = self.status == "deactivated"
        if ended != (self.deactivated is not None) or ended != bool(self.instead):
            raise ValueError(f"{self.code}: a deactivated code, and no other, has its end and what is used instead")
        return self


class Rarc(Strict):
    """A remark code."""

    code: _RarcCode
    gloss: _Words
    """Our own words for it."""
    action: _Words | None = None
    """The action to take. None: that of the reason code."""
    instruments: tuple[_Id, ...] = ()
    """Instruments in place of those of the reason code. Empty: those of the reason code."""
    forbids: tuple[_Id, ...] = ()
    """Instruments that it rules out for every payer."""
    documents: tuple[_Id, ...] = ()
    """Documents that it asks for."""
    no_surprises: bool = False
    """Whether it tells that the No Surprises Act was applied."""
    certainty: Certainty
    """Certainty of the entry."""
    source: tuple[_Id, ...] = Field(min_length=1)
    """Ids of sources."""


class Denials(Strict):
    """The table of denials."""

    about: _Words
    checked_on: date
    """Date of the code list."""
    stale_after_days: Annotated[int, Field(ge=1, le=4000)]
    """Days after which the list must be looked up anew."""
    source: tuple[DenialSource, ...] = Field(min_length=1)
    instrument: tuple[Instrument, ...] = Field(min_length=1)
    instead: tuple[Instead, ...] = ()
    document: tuple[DenialDocument, ...] = Field(min_length=1)
    group: tuple[AdjustmentGroup, ...] = ()
    carc: tuple[Carc, ...] = Field(min_length=1)
    rarc: tuple[Rarc, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _closed(self) -> Self:
        """Every id in use is defined once; every code named has an entry."""
        instruments = _once("instrument", (entry.id for entry in self.instrument))
        documents = _once("document", (entry.id for entry in self.document))
        sources = _once("source", (entry.id for entry in self.source))
        carcs = _once("carc", (entry.code for entry in self.carc))
        rarcs = _once("rarc", (entry.code for entry in self.rarc))
        codes: tuple[Carc | Rarc, ...] = (*self.carc, *self.rarc)
        cited: tuple[Carc | Rarc | Instead, ...] = (*codes, *self.instead)
        used = (
            ("instrument", instruments, {name for entry in codes for name in entry.instruments}),
            ("instrument", instruments, {name for entry in self.rarc for name in entry.forbids}),
            ("instrument", instruments, {name for entry in self.instead for name in (entry.instrument, *entry.use)}),
            ("document", documents, {name for entry in codes for name in entry.documents}),
            ("source", sources, {name for entry in cited for name in entry.source}),
            ("carc", carcs, {name for entry in self.carc for name in entry.instead}),
            ("rarc", rarcs, {name for entry in self.carc for name in entry.remarks}),
        )
        for kind, known, names in used:
            if missing := names - known:
                raise ValueError(f"no {kind} called {', '.join(sorted(missing))}")
        return self

    def carc_of(self, code: str) -> Carc | None:
        """The entry of a reason code, such as `97`; None when the table has none."""
        return next((entry for entry in self.carc if entry.code == code), None)

    def rarc_of(self, code: str) -> Rarc | None:
        """The entry of a remark code, such as `N706`; None when the table has none."""
        return next((entry for entry in self.rarc if entry.code == code), None)

    def stale_on(self, day: date) -> bool:
        """Whether the list must be looked up anew before it is relied on."""
        return (day - self.checked_on).days > self.stale_after_days


class DenialClock(Strict):
    """A limit in time."""

    id: _Id
    label: _Words
    """Short name, with the level."""
    payer_classes: tuple[str, ...] = ()
    """Codes of `payer_classes` it runs for. Empty: all."""
    instruments: tuple[_Id, ...]
    """Instruments it limits. Empty only for the No Surprises Act, which has its own."""
    no_surprises: bool = False
    """Whether it runs only where the No Surprises Act was applied."""
    amount: Annotated[int, Field(ge=1, le=400)] | None = None
    """Number of units. None: stands in contract or letter."""
    unit: ClockUnit
    starts: Start
    """From when it runs."""
    disputed: _Words | None = None
    """Where sources disagree, and what to do. None: they do not."""
    note: _Words | None = None
    certainty: Certainty
    """Certainty of the entry."""
    source: tuple[_Id, ...] = Field(min_length=1)
    """Ids of sources."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.unit == "contract") != (self.amount is None):
            raise ValueError(f"{self.id}: an amount, unless it stands in a contract")
        if bool(self.instruments) == self.no_surprises:
            raise ValueError(f"{self.id}: instruments, unless it is a clock of the No Surprises Act")
        return self


class _ClockFile(Strict):
    about: _Words
    checked_on: date
    stale_after_days: Annotated[int, Field(ge=1, le=4000)]
    source: tuple[DenialSource, ...] = Field(min_length=1)
    clock: tuple[DenialClock, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _closed(self) -> Self:
        known = _once("source", (entry.id for entry in self.source))
        _once("clock", (clock.id for clock in self.clock))
        if missing := {name for clock in self.clock for name in clock.source} - known:
            raise ValueError(f"no source called {', '.join(sorted(missing))}")
        return self


def _once(kind: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"the {kind} {name} stands in two places")
        seen.add(name)
    return seen


@cache
def denials() -> Denials:
    """The table of denials.

    Raises:
        AssetError: It is missing or damaged.
    """
    return read_table(_FOLDER / "denials.toml", Denials)


@cache
def _clock_file() -> _ClockFile:
    return read_table(_FOLDER / "clocks.toml", _ClockFile)


def clocks() -> tuple[DenialClock, ...]:
    """The limits in time, each payer's levels in order.

    Raises:
        AssetError: The file is missing or damaged.
    """
    return _clock_file().clock


def sources_of(names: Iterable[str]) -> tuple[DenialSource, ...]:
    """The documents behind ids of sources, of either file."""
    sources = {source.id: source for source in (*denials().source, *_clock_file().source)}
    return tuple(sources[name] for name in dict.fromkeys(names))


def rules_for(code: str) -> tuple[str, ...]:
    """Ids of the rules that, unmet, invite a reason code: read off the rules, so that the two cannot drift apart."""
    return tuple(rule.id for rule in rules().values() if code in rule.denials)
