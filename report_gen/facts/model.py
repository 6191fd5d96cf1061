"""All facts of one case, one by one and as the chains and courses that they make."""

from __future__ import annotations

from dataclasses import dataclass, field

from report_gen.errors import Problem
from report_gen.facts.fact import Fact, Value
from report_gen.facts.index import FactIndex
from report_gen.facts.modality_views import ModalityCourse, SummaryRow, modality_courses, summary_rows
from report_gen.facts.session_views import LoggedSession, logged_sessions
from report_gen.facts.views import EventChain, ResponseCourse, event_chains, response_courses

__all__ = ["Fact", "Facts", "Value"]


@dataclass(frozen=True, slots=True)
class Facts(FactIndex):
    """All facts of one case, in the order they were derived; an id is unique."""

    warnings: tuple[Problem, ...] = ()
    """Soft plausibility warnings found in the case."""
    _events: tuple[EventChain, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _responses: tuple[ResponseCourse, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _modalities: tuple[ModalityCourse, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def events(self) -> tuple[EventChain, ...]:
        """Each event as its chain, in the order of the record; made once."""
        if self._events is None:
            object.__setattr__(self, "_events", event_chains(self))
        return self._events or ()

    @property
    def responses(self) -> tuple[ResponseCourse, ...]:
        """Each channel as its course, in the order of the record; made once."""
        if self._responses is None:
            object.__setattr__(self, "_responses", response_courses(self, self.events))
        return self._responses or ()

    @property
    def modalities(self) -> tuple[ModalityCourse, ...]:
        """Each modality as its course, those recorded before those only ordered; made once."""
        if self._modalities is None:
            object.__setattr__(self, "_modalities", modality_courses(self))
        return self._modalities or ()

    @property
    def summaries(self) -> tuple[SummaryRow, ...]:
        """Each modality and side with its responses, in the order of the modalities."""
        return summary_rows(self, self.responses)

    @property
    def sessions(self) -> tuple[LoggedSession, ...]:
        """The professionals' sessions in this case, in the order of the record."""
        return logged_sessions(self, "session")

    @property
    def other_sessions(self) -> tuple[LoggedSession, ...]:
        """The same professionals' sessions in other cases, in the order of the record."""
        return logged_sessions(self, "other_session")
