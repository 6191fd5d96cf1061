"""A frozen sample as it is read to test what was said of it: its responses, its readings, its criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from tests.corpora import propositions as said
from tests.corpora.criterion import Data, judge, reference

_SITES = ("nerve", "muscle", "level", "electrode", "peak")


Moment: TypeAlias = tuple[str | None, int | None]
"""Time of a reading, and its place among the measurements of its channel; None: not recorded, not one of them."""


class Look(NamedTuple):
    """One reading in its place."""

    pointer: str
    channel: int
    reading: Data
    baseline: Data | None
    baseline_pointer: str
    phase: said.Phase
    outcome: said.Outcome


class Record:
    """One sample."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.channels: list[Data] = data.get("channels", [])
        self.events: list[Data] = data.get("events", [])
        self.place = {row["id"]: index for index, row in enumerate(self.channels)}
        self.looks = list(self._looks())

    def at(self, pointer: str) -> Any:
        """What a JSON pointer leads to."""
        found: Any = self.data
        for key in pointer.strip("/").split("/"):
            found = found[int(key)] if isinstance(found, list) else found[key]
        return found

    # --- what propositions are about

    def response(self, index: int) -> said.Response:
        """The response of a channel."""
        row = self.channels[index]
        sites = {name: row[name] for name in _SITES if name in row}
        return said.Response(modality=row["modality"], side=row["side"], channel=row["id"], **sites)

    def who(self, person: str | None, role: str | None = None) -> said.Who:
        """A person with the role in which he is named here."""
        if person is None:
            return said.Who(role=role)
        row = next(row for row in self.data["people"] if row["id"] == person)
        return said.Who(role=role, person=person, name=", ".join(row[key] for key in ("name", "degree") if key in row))

    def criterion(self, modality: str) -> Data | None:
        """The criterion in force for a modality that is no criterion of an improvement."""
        for row in self.data.get("criteria", []):
            if modality in row["modalities"] and any(
                condition["parameter"] != "amplitude_increase_pct" for condition in row["conditions"]
            ):
                found: Data = row
                return found
        return None

    def event(self, pointer: str) -> Data:
        """The event that a pointer leads to, or into."""
        match = re.match(r"/events/(\d+)(/|$)", pointer)
        if match is None:
            raise ValueError("no event")
        return self.events[int(match[1])]

    def modality(self, pointer: str) -> str:
        """The modality that a pointer leads to, or into."""
        match = re.match(r"/modalities/(\d+)(/|$)", pointer)
        if match is None:
            raise ValueError("no modality")
        return str(self.data["modalities"][int(match[1])]["modality"])

    def criterion_of(self, event: Data) -> Data | None:
        """The criterion that the readings of an event are held against: its own, or that of its modality."""
        if "criterion" in event:
            found: Data = next(row for row in self.data["criteria"] if row["id"] == event["criterion"])
            return found
        if event["event_class"] == "improvement" or "modality" not in event:
            return None  # no sample has a criterion of an improvement
        return self.criterion(event["modality"])

    def of_modality(self, modality: str) -> list[Look]:
        """Every reading of a modality."""
        return [look for look in self.looks if self.channels[look.channel]["modality"] == modality]

    def _looks(self) -> Iterator[Look]:
        moment: Moment
        for index, channel in enumerate(self.channels):
            held_against = self.criterion(channel["modality"])
            for place, row in enumerate(channel["measurements"]):
                where, moment = f"/channels/{index}/measurements/{place}", (row.get("at"), place)
                yield self._look(where, row, row["phase"], moment, held_against, channel=index)
        for number, event in enumerate(self.events):
            begun, held_against = event.get("onset_at", event.get("noticed_at")), self.criterion_of(event)
            for place, row in enumerate(event.get("readings", [])):
                where, moment = f"/events/{number}/readings/{place}", (row.get("at", begun), None)
                yield self._look(where, row, "event", moment, held_against)
            for again, retest in enumerate(event.get("retests", [])):
                for place, row in enumerate(retest["readings"]):
                    where = f"/events/{number}/retests/{again}/readings/{place}"
                    moment = (row.get("at", retest.get("at")), None)
                    yield self._look(where, row, "retest", moment, held_against)

    def _look(
        self,
        where: str,
        row: Data,
        phase: said.Phase,
        moment: Moment,
        criterion: Data | None,
        *,
        channel: int | None = None,
    ) -> Look:
        index = self.place[row["channel"]] if channel is None else channel
        kind = (criterion or {}).get("baseline_kind", "post_position")
        found = None if phase == "baseline" else reference(self.channels[index], kind, *moment)
        baseline = found[1]["reading"] if found else None
        pointer = f"/channels/{index}/measurements/{found[0]}" if found else ""
        outcome = judge(criterion, row["reading"], baseline)
        return Look(where, index, row["reading"], baseline, pointer, phase, outcome)
