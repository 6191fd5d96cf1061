"""Ids of facts that state one row of a list: formed from the content of the row, never from its position.

An amended record is compared with its predecessor by these ids, so inserting, removing or moving a row must not rename
another. The rule:

- A row with an id in the contract has that id: channels, events, people, criteria.
- Any other row has the code, the side and the time that tell it from its neighbours, such as `interval.gap.1040`,
  `agent.propofol.bolus.0812` or `event.E1.notification.surgeon.1131`. A time is that of the facility's clock, in
  whatever offset it was stamped, with seconds only where there are any; on another day than the date of service the
  days follow, `0012+1d`. In an hour that the clock shows twice, `r` marks the second pass, `0130r+1d`.
- A row that only words tell apart has four digits of their digest. The words themselves never stand in an id: they may
  name a person, and ids go where the words do not.
- Rows that are still alike are numbered among themselves, `~2`, `~3`, in the order of their content: moving them
  renames none of them, and no other row is affected.

Ids hold no name, number or date of a patient or of a facility. They do hold codes and times of day: they belong in
the report and its files, and are not sent to a model.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from report_gen.case.contract.administration import Diagnosis
from report_gen.case.contract.aftermath import LinkedCase, PostoperativeEntry
from report_gen.case.contract.closing import Equipment, Message, NotMonitored, TechnicalProblem
from report_gen.case.contract.events import (
    CaseIntervention,
    ChannelReading,
    Intervention,
    Notification,
    Occurrence,
    Retest,
    StatedCause,
)
from report_gen.case.contract.people import Credential
from report_gen.case.contract.physiology import AgentUse, PhysiologyRow, TrainOfFour
from report_gen.case.contract.preoperative import ExamFinding
from report_gen.case.contract.provenance import FindingAnswer, ValueOrigin
from report_gen.case.contract.signals import (
    BaselineReset,
    Impedance,
    MappingTest,
    Measurement,
    Stimulation,
    ThresholdTest,
)
from report_gen.case.contract.times import (
    Attendance,
    Milestone,
    MonitoringInterval,
    OtherCaseSession,
    ProfessionalSession,
    UntimedInterval,
)
from report_gen.facts.clock import Clock

__all__ = ["IDENTIFYING_FIELDS", "WORDS", "Row", "code_ids", "own_part", "row_ids"]

Row = BaseModel | str
"""A row without an id of its own in the contract. Text: one item of a list of free texts."""

IDENTIFYING_FIELDS: Final[Mapping[type[BaseModel], tuple[str | tuple[str, str], ...]]] = {
    AgentUse: ("agent", "kind", "start_at"),
    Attendance: ("person", "start_at"),
    BaselineReset: ("at",),
    CaseIntervention: ("code", "at"),
    ChannelReading: ("channel", "at"),
    Credential: ("code", "state"),
    Diagnosis: (("icd10cm", "text"),),
    Equipment: ("make_model",),
    ExamFinding: ("domain", "side", "site"),
    FindingAnswer: ("answer", "at"),
    Impedance: ("electrode", "at"),
    Intervention: ("code", "at"),
    LinkedCase: ("relation", "procedure"),
    MappingTest: ("modality", "side", ("at", "site")),
    Measurement: ("phase", "baseline_kind", "at"),
    Message: ("kind", "to_role", "at"),
    Milestone: ("code", "at"),
    MonitoringInterval: ("kind", "start_at"),
    NotMonitored: ("structure",),
    Notification: ("to", "at"),
    Occurrence: ("code", "side", "at"),
    ValueOrigin: ("pointer",),
    OtherCaseSession: ("person", "start_at"),
    PhysiologyRow: ("at",),
    PostoperativeEntry: ("kind", "at"),
    ProfessionalSession: ("person", "start_at"),
    Retest: ("at",),
    StatedCause: ("by_role",),
    Stimulation: (("nerve", "site"), "side", "start_at"),
    TechnicalProblem: ("modality", ("at", "problem")),
    ThresholdTest: ("kind", "level", "nerve", "side", "stage", "at", "direction"),
    TrainOfFour: ("muscle", "side", "at"),
    UntimedInterval: ("kind",),
}
"""Fields that tell a row from its neighbours, in their order; of two, the first that is recorded."""
WORDS: Final = frozenset(
    {"direction", "electrode", "make_model", "pointer", "problem", "procedure", "site", "structure", "text"}
)
"""Those of these fields that hold free text."""

_UNMARKED = "untimed"
"""Stands in the id of a row without code, side and time."""
_NO_SIDE = ("not_recorded", "not_applicable")


def own_part(slug: str) -> str:
    """An id of the contract as one part of a fact id; its points become colons, because a point ends a part."""
    return slug.replace(".", ":")


def row_ids(prefix: str, rows: Sequence[Row], clock: Clock) -> tuple[str, ...]:
    """One id for each row, in the order of the rows; all different.

    Args:
        prefix: Beginning of every id, such as `interval` or `event.E1.notification`.
        rows: Every row of the list.
        clock: Clock of the case; a time on another local day than the case's carries the difference in days.
    """
    bases = [".".join((prefix, *(_parts(row, clock) or (_UNMARKED,)))) for row in rows]
    return _counted(bases, rows)


def code_ids(prefix: str, codes: Sequence[str]) -> tuple[str, ...]:
    """One id for each code of a list, in its order; all different."""
    return _counted([f"{prefix}.{code}" for code in codes], codes)


def _counted(bases: Sequence[str], rows: Sequence[Row]) -> tuple[str, ...]:
    if len(set(bases)) == len(bases):
        return tuple(bases)
    alike = {base for base, count in Counter(bases).items() if count > 1}
    ids, used = list(bases), Counter[str]()
    for index in sorted((i for i, base in enumerate(bases) if base in alike), key=lambda i: repr(rows[i])):
        used[bases[index]] += 1
        if used[bases[index]] > 1:
            ids[index] = f"{bases[index]}~{used[bases[index]]}"
    return tuple(ids)


def _digest(words: str) -> str:
    """Sixteen bits: enough for the rows of one list, too few to find the words by."""
    return hashlib.sha256(words.encode()).hexdigest()[:4]


def _parts(row: Row, clock: Clock) -> list[str]:
    """What tells a row from its neighbours; empty: nothing that is recorded."""
    if isinstance(row, str):
        return [_digest(row)]
    parts: list[str] = []
    fields = row.__dict__
    for names in IDENTIFYING_FIELDS[type(row)]:
        for name in (names,) if isinstance(names, str) else names:
            if part := _part(fields[name], name, clock):
                parts.append(part)
                break
    return parts


def _part(value: str | datetime | None, name: str, clock: Clock) -> str:
    if value is None or (name == "side" and value in _NO_SIDE):
        return ""
    if isinstance(value, datetime):
        return clock.row_text(value)
    return _digest(value) if name in WORDS else own_part(value)
