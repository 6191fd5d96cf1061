"""From facts to the assessment: minutes, studies, lines, and the findings of every rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from report_gen.claim.checks import CHECKS
from report_gen.claim.lines.propose import propose
from report_gen.claim.lines.studies import supported
from report_gen.claim.minutes.count import count_minutes
from report_gen.claim.model import Assessment, Lag, RuleFinding
from report_gen.claim.practice.profile import Profile, load_profile
from report_gen.claim.record import ClaimRecord, read_record
from report_gen.claim.rule import RuleInput, RuleVerdict
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Facts
from report_gen.finding import Evidence, Source
from report_gen.life import NOTHING_KNOWN, ReportLife
from report_gen.rules import Rule, Version, rules
from report_gen.rules.payers import doubts

__all__ = ["assess"]

_ORDER: Final = ("fail", "confirm", "pass", "not_applicable")


def assess(
    facts: Facts,
    profile: Profile | None = None,
    *,
    life: ReportLife = NOTHING_KNOWN,
    attaches_draft: bool = False,
) -> Assessment:
    """The claim lines that the record supports, and every open question with its rule and source.

    Reads no clock: a rule is stale when the date of service is later than its last check allows.

    Args:
        facts: Facts of a case.
        profile: The practice's payers, confirmations and code map. None: what is shipped, which knows Medicare
            fee-for-service alone and no five-digit code.
        life: What became of the report; `ReportLife.stated` reads what the case file states of it. By default nothing
            is known: the report counts as unsigned.
        attaches_draft: Whether a file that is to go with the claim says on its pages that it is an unsigned draft.

    Raises:
        AssetError: A rule file is missing or damaged.
        CaseInvalidError: The record has no date of service or no time zone.
    """
    practice = profile if profile is not None else load_profile()
    record = read_record(facts, life)
    policy = practice.policy_for(record)
    minutes, studies = count_minutes(record), supported(record)
    lines = propose(record, minutes, studies, policy, practice)
    claim = RuleInput(record, minutes, studies, lines, policy, practice, attaches_draft)
    findings = [finding for rule in rules().values() for finding in _findings(rule, claim)]
    findings.sort(key=lambda finding: (_ORDER.index(finding.outcome), not finding.blocking))
    day, payer = record.date_of_service, record.payer
    doubted = payer is not None and doubts(policy, payer.payer_class, payer.name)
    return Assessment(
        case_id=record.case_id,
        date_of_service=day,
        payer_class=payer.payer_class if payer else "unknown",
        policy=policy.id,
        policy_confirmed=policy.settled_on(day) and not doubted,
        minutes=minutes,
        studies=studies,
        lines=lines,
        findings=tuple(findings),
        lag=_lag(record),
        rules_checked_on=min(source.checked_on for finding in findings for source in finding.sources),
        has_code_map=practice.has_codes,
    )


def _findings(rule: Rule, claim: RuleInput) -> Iterator[RuleFinding]:
    version = rule.on(claim.record.date_of_service)
    if version is None:
        verdict = RuleVerdict(
            rule.before, f"No version of this rule covers {claim.record.date_of_service.isoformat()}."
        )
        yield _finding(rule, rule.versions[0], verdict, claim)
        return
    verdicts = tuple(CHECKS[rule.id](claim, version))
    for verdict in verdicts or (RuleVerdict("not_applicable", "Nothing in this case that the rule concerns."),):
        yield _finding(rule, version, verdict, claim)


def _finding(rule: Rule, version: Version, verdict: RuleVerdict, claim: RuleInput) -> RuleFinding:
    is_open = verdict.outcome in ("fail", "confirm")
    evidence = tuple(Evidence(fact, claim.record.place(fact)) for fact in dict.fromkeys(verdict.facts))
    return RuleFinding(
        code=rule.id,
        origin="rule",
        severity="block" if rule.blocking else "warn",
        gate="claim",
        pointer=evidence[0].pointer if evidence else "",
        message=verdict.message,
        question=rule.question,
        who=rule.ask,
        evidence=evidence,
        sources=tuple(
            Source(source.title, source.locator, version.effective_from, version.checked_on, version.certainty)
            for source in version.sources
        ),
        topic=rule.topic,
        outcome=verdict.outcome,
        action=(verdict.action or rule.remedy) if is_open else "",
        lines=verdict.lines,
        denials=rule.denials if is_open else (),
    )


def _lag(record: ClaimRecord) -> Lag:
    closed, drafted, signed = _closed_at(record), record.life.drafted_at, record.life.signed_at
    return Lag(
        closed,
        drafted,
        signed,
        minutes_between(closed, drafted) if closed and drafted else None,
        minutes_between(closed, signed) if closed and signed else None,
    )


def _closed_at(record: ClaimRecord) -> datetime | None:
    """End of the last monitoring interval."""
    ends = [interval.span.end_at for interval in record.stretches if interval.kind == "monitoring"]
    return max(ends, default=None)
