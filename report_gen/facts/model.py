"""All facts of one case: by themselves, and grouped into chains and courses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from report_gen.errors import Problem
from report_gen.facts.clock import Clock
from report_gen.facts.fact import Fact, Value
from report_gen.facts.index import FactIndex
from report_gen.facts.views.courses import EventChain, ResponseCourse, event_chains, response_courses
from report_gen.facts.views.modalities import ModalityCourse, SummaryRow, modality_courses, summary_rows
from report_gen.facts.views.sessions import LoggedSession, logged_sessions
from report_gen.facts.wording import utc

__all__ = ["Fact", "Facts", "Value"]


@dataclass(frozen=True, slots=True)
class Facts(FactIndex):
    """All facts of one case, in the order they were derived; an id is unique."""

    warnings: tuple[Problem, ...] = ()
    """Soft plausibility warnings found in the case."""
    clock: Clock = field(default_factory=Clock)
    """The facility's clock, by which every time is printed."""
    _events: tuple[EventChain, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _responses: tuple[ResponseCourse, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _modalities: tuple[ModalityCourse, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _latest_at: datetime | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def events(self) -> tuple[EventChain, ...]:
        """The chain of each event, in the order of the record; computed once."""
        if self._events is None:
            object.__setattr__(self, "_events", event_chains(self))
        return self._events or ()

    @property
    def responses(self) -> tuple[ResponseCourse, ...]:
        """The course of each channel, in the order of the record; computed once."""
        if self._responses is None:
            object.__setattr__(self, "_responses", response_courses(self, self.events))
        return self._responses or ()

    @property
    def modalities(self) -> tuple[ModalityCourse, ...]:
        """The course of each modality, those recorded before those only ordered; computed once."""
        if self._modalities is None:
            object.__setattr__(self, "_modalities", modality_courses(self))
        return self._modalities or ()

    @property
    def latest_at(self) -> datetime | None:
        """The latest time in the record; computed once. None: it holds no time."""
        if self._latest_at is None:
            times = (value.at for fact in self for value in fact.values if value.at is not None)
            object.__setattr__(self, "_latest_at", max(times, key=utc, default=None))
        return self._latest_at

    @property
    def summaries(self) -> tuple[SummaryRow, ...]:
        """Each row of the results with its responses, in the order of the modalities."""
        return summary_rows(self, self.responses)

    @property
    def sessions(self) -> tuple[LoggedSession, ...]:
        """The professionals' sessions in this case, in the order of the record."""
        return logged_sessions(self, "session")

    @property
    def other_sessions(self) -> tuple[LoggedSession, ...]:
        """The same professionals' sessions in other cases, in the order of the record."""
        return logged_sessions(self, "other_session")
