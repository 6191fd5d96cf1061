"""The facts that billing reads, as typed values; rules look here and never into the case."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from report_gen.claim.day import day_and_zone
from report_gen.facts.intervals import Span
from report_gen.facts.model import Fact, Facts
from report_gen.facts.monitored import modalities_of_case
from report_gen.facts.views.modalities import ModalityCourse
from report_gen.facts.views.sessions import LoggedSession, span_of
from report_gen.life import NOTHING_KNOWN, ReportLife, Signature
from report_gen.vocab import vocabulary

__all__ = [
    "ATTACHMENT",
    "LIFE",
    "Authorization",
    "ClaimRecord",
    "Credential",
    "Diagnosis",
    "Member",
    "Modality",
    "OtherSession",
    "Payer",
    "Response",
    "Session",
    "Stretch",
    "read_record",
]

LIFE: Final = "report.life"
"""Id that findings cite for the life of the report: drafted, signed, delivered. It is no fact of the record."""
ATTACHMENT: Final = "report.attachment"
"""Id that they cite for its number as an attachment to the claim."""
_STATED_AT: Final = MappingProxyType({LIFE: "/report", ATTACHMENT: "/encounter/attachment_control_number"})
"""Where the case file states them, when it does."""


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of the professional's attention to this case."""

    fact: str
    person: str
    """Fact id of the professional."""
    mode: str
    """`in_room`, `in_facility` or `remote`."""
    span: Span
    other_open_cases: int | None
    """Other cases open at the same time, as logged. None: not recorded, never none."""


@dataclass(frozen=True, slots=True)
class OtherSession:
    """A stretch of a professional's attention to another case."""

    fact: str
    person: str
    """Fact id of the professional."""
    case: str
    """Pseudonym of the other case."""
    span: Span
    payer_class: str = "unknown"
    """Code of `payer_classes`; `unknown` when not recorded."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of set-up, baseline, monitoring, stand-by, outage, gap or removal."""

    fact: str
    kind: str
    """Code of `interval_kinds`."""
    span: Span
    modalities: tuple[str, ...]
    """Modalities concerned. Empty: all performed."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential or licence."""

    fact: str
    code: str
    """Code of `credentials`."""
    state: str
    """US state of a licence. Empty: none, or not recorded."""
    valid_from: date | None
    """First day. None: not recorded."""
    valid_to: date | None
    """Last day, inclusive. None: not recorded, never unlimited."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the team."""

    fact: str
    role: str
    """Code of `roles`."""
    npi: str
    """National Provider Identifier. Empty: not recorded."""
    work_location: str
    """Class of place from which a remote professional worked. Empty: not recorded."""
    work_state: str
    """US state. Empty: not recorded."""
    work_country: str
    """ISO 3166 country. Empty: not recorded."""
    credentials: tuple[Credential, ...]


@dataclass(frozen=True, slots=True)
class Modality:
    """A modality as requested, performed and reviewed."""

    fact: str
    code: str
    """Code of `modalities`."""
    performed: bool
    review_fact: str
    """Fact of the review of its baselines. Empty: it has no baseline to review."""
    reviewed: bool
    """Whether a review of its baselines is recorded, by whomever."""
    reviewed_by: str
    """Fact id of who reviewed the baselines. Empty: not recorded."""
    reviewed_at: datetime | None
    """When. None: not recorded."""


@dataclass(frozen=True, slots=True)
class Response:
    """A channel: what was recorded, where."""

    fact: str
    modality: str
    side: str
    """Code of `sides`."""
    site: str
    """Code of the nerve, muscle, level or electrode. Empty: not recorded."""
    limb: str
    """Region of the muscle: `upper`, `lower`, `face`, `larynx`, `trunk`, `pelvic`. Empty: the site is no muscle."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays."""

    fact: str
    payer_class: str
    """Code of `payer_classes`."""
    name: str
    """Name of the plan. Empty: not recorded."""
    payer_id: str
    """Electronic payer id. Empty: not recorded."""
    facility_in_network: bool | None
    professional_in_network: bool | None


@dataclass(frozen=True, slots=True)
class Authorization:
    """Prior authorization."""

    fact: str
    required: bool | None
    """Whether the payer asks for one. None: not recorded."""
    number: str
    """Its number. Empty: none given, or not recorded."""
    valid_from: date | None
    valid_to: date | None
    """Last day, inclusive. None: not recorded."""
    codes: tuple[str, ...]
    """Services covered, as codes. Empty: not recorded."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A pre-operative diagnosis."""

    fact: str
    icd10cm: str
    """ICD-10-CM code. Empty: not coded."""
    side: str
    """Code of `sides`."""


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """The facts of a case and the life of its report, as billing reads them. Absent values are None or empty."""

    facts: Facts
    """All facts, to cite them."""
    case_id: str
    time_zone: str
    """Name of the facility's time zone, such as `America/Chicago`."""
    date_of_service: date
    place_of_service: str
    """Two-digit code. Empty: not recorded."""
    facility_npi: str
    """National Provider Identifier of the facility. Empty: not recorded."""
    payer: Payer | None
    authorization: Authorization | None
    ordered: bool
    """Whether an order is recorded."""
    ordered_by: str
    """Fact id of who ordered. Empty: not recorded."""
    ordered_at: datetime | None
    ordered_modalities: tuple[str, ...]
    diagnoses: tuple[Diagnosis, ...]
    family: str
    """Code of `procedure_families`."""
    surgery_side: str
    """Code of `sides`."""
    members: tuple[Member, ...]
    sessions: tuple[Session, ...]
    other_sessions: tuple[OtherSession, ...] | None
    """Sessions in other cases. None: not recorded; empty: recorded and none."""
    stretches: tuple[Stretch, ...]
    modalities: tuple[Modality, ...]
    responses: tuple[Response, ...]
    life: ReportLife
    """The life of the report."""

    def milestone(self, code: str) -> Fact | None:
        """The first milestone with a code; None when there is none, or it has no time."""
        fact = next((fact for fact in self.facts.of_kind("milestone") if fact.status == code), None)
        return None if fact is None or fact.instant("at") is None else fact

    def member(self, fact_id: str) -> Member | None:
        """The member of the team with this fact id."""
        return next((member for member in self.members if member.fact == fact_id), None)

    def with_role(self, *roles: str) -> tuple[Member, ...]:
        """Members with one of these roles."""
        return tuple(member for member in self.members if member.role in roles)

    def signer(self, signature: Signature) -> Member | None:
        """The member who gave a signature. None: the signer is not stated, or is nobody of the case."""
        return self.member(f"person.{signature.by}") if signature.by is not None else None

    def place(self, cited: str) -> str:
        """JSON pointer to a cited fact, or to the place where the case file states the life of the report."""
        if cited in _STATED_AT:
            return _STATED_AT[cited] if self.life.from_record else ""
        return self.facts.by_id[cited].pointer

    @property
    def performed(self) -> tuple[Modality, ...]:
        """Modalities that were performed."""
        return tuple(modality for modality in self.modalities if modality.performed)

    @property
    def readers(self) -> tuple[str, ...]:
        """Fact ids of the professionals with logged sessions, in order of their first."""
        return tuple(dict.fromkeys(session.person for session in self.sessions))


def read_record(facts: Facts, life: ReportLife = NOTHING_KNOWN) -> ClaimRecord:
    """The record of a case, as billing reads it.

    Args:
        facts: Facts of the case.
        life: What became of its report. By default nothing is known of it: the report counts as unsigned.

    Raises:
        CaseInvalidError: `case.missing_field`: the record has no date of service or no time zone of the facility.
    """
    day, time_zone = day_and_zone(facts)
    order = facts.by_id["order"]
    place = facts.by_id["encounter.place_of_service"].status
    listed = {fact.modality for fact in facts.of_kind("modality") if fact.status != "requested_not_listed"}
    return ClaimRecord(
        facts=facts,
        case_id=facts.by_id["case.id"].text("text"),
        time_zone=time_zone,
        date_of_service=day,
        place_of_service="" if place == "not_recorded" else place,
        facility_npi=facts.by_id["encounter.facility"].text("npi"),
        payer=_payer(facts),
        authorization=_authorization(facts),
        ordered=order.status != "not_recorded",
        ordered_by=next(iter(order.inputs), ""),
        ordered_at=order.instant("ordered_at"),
        ordered_modalities=tuple(fact.modality for fact in facts.of_kind("order.modality")),
        diagnoses=tuple(
            Diagnosis(fact.id, fact.text("icd10cm"), fact.side)
            for fact in facts.of_kind("diagnosis")
            if fact.status != "not_recorded"
        ),
        family=facts.by_id["surgery.family"].status,
        surgery_side=facts.by_id["surgery.side"].side,
        members=tuple(_member(facts, fact) for fact in facts.of_kind("person")),
        sessions=tuple(_session(session) for session in facts.sessions),
        other_sessions=_other_sessions(facts),
        stretches=tuple(
            _stretch(fact, listed) for fact in facts if fact.kind.startswith("interval.") and fact.instant("start_at")
        ),
        modalities=tuple(_modality(course) for course in facts.modalities),
        responses=tuple(_response(fact) for fact in facts.of_kind("channel")),
        life=life,
    )


def _payer(facts: Facts) -> Payer | None:
    fact = facts.get("encounter.payer")
    if fact is None:
        return None
    return Payer(
        fact.id,
        fact.status,
        fact.text("name"),
        fact.text("payer_id"),
        fact.flag("facility_in_network"),
        fact.flag("professional_in_network"),
    )


def _authorization(facts: Facts) -> Authorization | None:
    fact = facts.get("encounter.authorization")
    if fact is None:
        return None
    return Authorization(
        fact.id,
        fact.flag("required"),
        fact.text("number"),
        fact.day("valid_from"),
        fact.day("valid_to"),
        fact.codes("cpt"),
    )


def _member(facts: Facts, fact: Fact) -> Member:
    return Member(
        fact.id,
        fact.status,
        fact.text("npi"),
        fact.text("work_location"),
        fact.text("work_state"),
        fact.text("work_country"),
        tuple(_credential(credential) for credential in facts.in_group(fact.id, "person.credential")),
    )


def _credential(fact: Fact) -> Credential:
    return Credential(fact.id, fact.status, fact.text("state"), fact.day("valid_from"), fact.day("valid_to"))


def _session(session: LoggedSession) -> Session:
    fact, count = session.fact, session.fact.number("other_open_cases")
    return Session(fact.id, session.professional, fact.status, session.span, None if count is None else int(count))


def _other_sessions(facts: Facts) -> tuple[OtherSession, ...] | None:
    summary = facts.get("professional.other_cases")
    sessions = facts.other_sessions
    # Without a session here the summary is not derived; the list then says by itself whether anything is recorded.
    if not sessions and (summary is None or summary.status == "not_recorded"):
        return None
    return tuple(_other_session(session) for session in sessions)


def _other_session(session: LoggedSession) -> OtherSession:
    fact = session.fact
    return OtherSession(fact.id, session.professional, fact.text("case"), session.span, fact.status)


def _stretch(fact: Fact, case_modalities: Set[str]) -> Stretch:
    return Stretch(fact.id, fact.status, span_of(fact), modalities_of_case(fact.codes("modalities"), case_modalities))


def _modality(course: ModalityCourse) -> Modality:
    fact, review = course.modality, course.baseline_review
    recorded = review is not None and review.status != "not_recorded"
    return Modality(
        fact.id,
        fact.modality,
        fact.status == "performed",
        review.id if review is not None else "",
        recorded,
        next(iter(review.inputs), "") if review is not None and recorded else "",
        review.instant("at") if review is not None and recorded else None,
    )


def _response(fact: Fact) -> Response:
    muscle = vocabulary("muscles").get(fact.site)
    limb = muscle.limb if muscle is not None else ""
    return Response(fact.id, fact.modality, fact.side, fact.site, limb)
