"""Rules of `rules/payer.toml`: who pays, by what policy, with which authorization, and how old our tables are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from report_gen.checks.identifiers import npi_fits
from report_gen.claim.checks.parameters import text, texts, whole
from report_gen.claim.practice.profile import Confirmation
from report_gen.claim.record import Authorization
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.rules import rules
from report_gen.rules.concepts import concepts_dated
from report_gen.rules.model import Version
from report_gen.rules.payers import Hint, doubts, hints_for
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]


def payer_known(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`payer_known` of payer.toml: the payer is recorded, and its plan where the plan decides."""
    payer = claim.record.payer
    if payer is None:
        yield confirm("No payer is recorded.")
    elif payer.payer_class == "unknown":
        yield confirm("The class of the payer is not recorded.", [payer.fact])
    elif not payer.name and payer.payer_class not in texts(version, "plan_not_needed"):
        yield confirm(f"Payer class {_class(claim)}, but the plan is not named.", [payer.fact])
    else:
        yield passed(f"Payer class {_class(claim)}.", [payer.fact])


def _class(claim: RuleInput) -> str:
    payer = claim.record.payer
    return vocabulary("payer_classes").display(payer.payer_class if payer is not None else "unknown")


def _payer_facts(claim: RuleInput) -> tuple[str, ...]:
    return (claim.record.payer.fact,) if claim.record.payer is not None else ()


def payer_unconfirmed(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`payer_unconfirmed` of payer.toml: the policy applied is known, or the practice confirmed it for the day."""
    policy, day, facts = claim.policy, claim.record.date_of_service, _payer_facts(claim)
    payer = claim.record.payer
    doubted = doubts(policy, payer.payer_class, payer.name) if payer is not None else ()
    if policy.settled_on(day) and doubted:
        known, adopt = _hint_notes(doubted)
        yield confirm(
            f"Payer class {_class(claim)}: confirmed for the whole class, without a row for this plan.{known}",
            facts,
            action=f"Read the plan's own text, and write a confirmed row with the exact name of the plan.{adopt}",
        )
    elif policy.settled_on(day):
        basis = f"confirmed by the practice on {policy.confirmed_on.isoformat()}" if policy.confirmed_on else "known"
        yield passed(f"The payer's policy is {basis}.", facts)
    elif policy.expired_on(day):
        yield not_applicable("The policy was confirmed once: see payer_confirmation_expired.", facts)
    else:
        asked = ", ".join(texts(version, "to_confirm"))
        known, adopt = _hint_notes(hints_for(payer.payer_class, payer.name) if payer is not None else ())
        early = policy.known or policy.confirmed_on
        why = "the policy applied begins after the date of service" if early else "nobody confirmed the policy applied"
        yield confirm(
            f"Payer class {_class(claim)}: {why}.{known}",
            facts,
            action=f"Confirm for this plan and date: {asked}.{adopt}",
        )


def _hint_notes(hints: tuple[Hint, ...]) -> tuple[str, str]:
    """The hints in words, and the ways to adopt them; both empty when there are no hints."""
    known = "".join(
        f" Found on {hint.label} ({hint.policy}, {hint.version}; confidence {hint.confidence}): "
        f"{'; '.join(hint.conditions) or 'nothing'}."
        for hint in hints
    )
    ways = "".join(f' Open there: {"; ".join(hint.confirm)}. Taken over by adopt = "{hint.id}".' for hint in hints)
    return known, ways


def payer_confirmation_expired(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`payer_confirmation_expired` of payer.toml: the practice's confirmation reaches the date of service."""
    del version
    policy, day = claim.policy, claim.record.date_of_service
    last = policy.confirmed_to
    if policy.known or last is None:
        return
    if policy.expired_on(day):
        yield confirm(f"The practice's confirmation of the policy covers services to {last.isoformat()}.")
    else:
        yield passed(f"The practice's confirmation covers services to {last.isoformat()}.", _payer_facts(claim))


def remote_not_paid(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`remote_not_paid` of payer.toml: the payer pays for the place that the professional worked from."""
    del version
    for mode, concept in (("remote", claim.policy.remote), ("in_room", claim.policy.in_room)):
        in_room = mode == "in_room"
        sessions = [session.fact for session in claim.record.sessions if (session.mode == "in_room") == in_room]
        where = "in the operating room" if in_room else "outside the operating room"
        if not sessions:
            continue
        if concept != "none":
            yield passed(f"The policy takes monitoring {where}.", sessions)
        elif claim.policy.settled_on(claim.record.date_of_service):
            yield fail(f"The policy does not pay for monitoring {where}.", sessions)
        else:
            yield confirm(f"The policy applied does not pay for monitoring {where}, and it is not settled.", sessions)


def authorization(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`authorization` of payer.toml: where one is asked for, its number is there, in date, for these services."""
    del version
    record, policy = claim.record, claim.policy
    approval, settled = record.authorization, policy.settled_on(record.date_of_service)
    facts = (approval.fact,) if approval is not None else _payer_facts(claim)
    if policy.authorization == "required" or (approval is not None and approval.required):
        yield from _authorized(claim, approval)
    elif approval is not None and approval.required is False:
        yield passed("The payer is recorded as asking for no authorization.", facts)
    elif policy.authorization == "not_required" and settled:
        yield passed("The payer's policy asks for no authorization.", facts)
    else:
        yield confirm("The record does not say whether the payer asks for authorization.", facts)


def _authorized(claim: RuleInput, approval: Authorization | None) -> Iterator[RuleVerdict]:
    day = claim.record.date_of_service
    if approval is None or not approval.number:
        facts = [approval.fact] if approval is not None else _payer_facts(claim)
        yield fail("Authorization is asked for, and no number is recorded.", facts)
        return
    facts = [approval.fact]
    if (approval.valid_from and day < approval.valid_from) or (approval.valid_to and approval.valid_to < day):
        yield fail("The authorization does not cover the date of service.", facts)
    elif approval.valid_from is None or approval.valid_to is None:
        yield confirm("The authorization is recorded without the days it covers.", facts)
    else:
        yield passed("An authorization number is recorded, in date.", facts)
    yield _covered(claim, approval)


def _covered(claim: RuleInput, approval: Authorization) -> RuleVerdict:
    """Whether the services are those authorized; without codes on both sides a person must look."""
    facts, lines = [approval.fact], [line.id for line in claim.lines]
    if not claim.lines:
        return not_applicable("No line is proposed that an authorization could cover.", facts)
    if not approval.codes:
        return confirm("The record does not say which services the authorization covers.", facts, lines)
    if not all(line.code for line in claim.lines):
        return confirm(
            "Lines without a code cannot be held against the authorized services.",
            facts,
            lines,
            action="Ask billing for the practice's code map; with it the lines are compared with what was authorized.",
        )
    outside = [line.id for line in claim.lines if line.code not in approval.codes]
    if outside:
        return confirm(f"{len(outside)} line(s) are not among the authorized services.", facts, outside)
    return passed("Every line is among the authorized services.", facts, lines)


def no_surprises(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`no_surprises` of payer.toml: an out-of-network professional in an in-network facility is flagged."""
    payer, day = claim.record.payer, claim.record.date_of_service
    if payer is None:
        yield confirm("No payer is recorded.")
        return
    if payer.payer_class not in texts(version, "payers"):
        return
    facility, professional, facts = payer.facility_in_network, payer.professional_in_network, [payer.fact]
    decided = claim.profile.confirmation("no_surprises", day)
    if professional:
        yield passed("The professional is in the plan's network.", facts)
    elif facility is False:
        yield not_applicable("The facility is outside the plan's network.", facts)
    elif facility is None or professional is None:
        yield confirm("The record does not say whether facility and professional are in the plan's network.", facts)
    elif decided is not None:
        on = decided.confirmed_on.isoformat()
        yield passed(f"Out of network in an in-network facility; handled as confirmed on {on}.", facts)
    else:
        yield confirm("The professional is out of network in an in-network facility.", facts)


def tables_current(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`tables_current` of payer.toml: the quarterly tables that rules rest on are not too old for the date."""
    day, longest = claim.record.date_of_service, whole(version, "quarterly_days_at_most")
    old = _old_tables(day, longest)
    if not old:
        yield passed("The quarterly tables behind these rules are recent enough for the date of service.")
        return
    confirmations = claim.profile.confirmations_of("tables_current", day)
    decided = next((confirmation for confirmation in confirmations if _of_quarter(confirmation, day)), None)
    if decided is not None:
        yield passed(
            f"{len(old)} table(s) past their term; confirmed on {decided.confirmed_on.isoformat()} as still true."
        )
    else:
        yield confirm(f"Tables past their term on {day.isoformat()}: {'; '.join(old)}.")


def _of_quarter(decided: Confirmation, day: date) -> bool:
    """Whether a confirmation of the tables covers a day: from `since`, else the start of its quarter, to its end."""
    confirmed_on = decided.confirmed_on
    first = date(confirmed_on.year, confirmed_on.month - (confirmed_on.month - 1) % 3, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return (decided.since or first) <= day < after


def _old_tables(day: date, longest: int) -> tuple[str, ...]:
    """Quarterly tables to be looked up anew, by title and date, in the order of the rules."""
    dates: dict[str, date] = {}
    for rule in rules().values():
        version = rule.on(day)
        if version is not None and version.stale_after_days <= longest and version.stale_on(day):
            title = version.sources[0].title
            dates[title] = min(dates.get(title, version.checked_on), version.checked_on)
    # The table of services has no rule of its own; it may be renewed before or after the rules.
    if (day - concepts_dated()).days > longest and concepts_dated() not in dates.values():
        dates["fee schedule indicators and unit limits"] = concepts_dated()
    # The full titles stand with the rules; here their first words and the date are enough to find them.
    return tuple(
        f"{title.partition(',')[0].removeprefix('CMS ')} of {dated.isoformat()}" for title, dated in dates.items()
    )


def rules_current(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`rules_current` of payer.toml: rules and the known policy were held against their sources within their term."""
    day, profile = claim.record.date_of_service, claim.profile
    old = dict(_outlived(claim, version))
    if not old:
        yield passed("Rules and policy were held against their sources recently enough for the date of service.")
        return
    # Whoever confirmed before the term was over has not looked since.
    latest = {name: profile.confirmation(f"rules_current:{name}", day) for name in old}
    open_ = [name for name, last in old.items() if (look := latest[name]) is None or look.confirmed_on <= last]
    if open_:
        count = "1 rule or policy" if len(open_) == 1 else f"{len(open_)} rules and policies"
        yield confirm(f"{count} past the term on {day.isoformat()}: {', '.join(open_)}.")
    else:
        yield passed(f"{len(old)} past the term; confirmed by the practice as still true.")


def _outlived(claim: RuleInput, version: Version) -> Iterator[tuple[str, date]]:
    """Rules in force, and the known policy, checked too long ago for the day; with the last day that it covers."""
    day, quarterly = claim.record.date_of_service, whole(version, "quarterly_days_at_most")
    for rule in rules().values():
        held = rule.on(day)
        if rule.id in texts(version, "watched_by_themselves") or held is None or held.stale_after_days <= quarterly:
            continue
        if held.stale_on(day):
            yield rule.id, held.checked_on + timedelta(days=held.stale_after_days)
    last = claim.policy.checked_to if claim.policy.known else None
    if last is not None and last < day:
        yield claim.policy.id, last


def medicare_pilot(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`medicare_pilot` of payer.toml: whether Medicare's prior authorization pilot reaches the operation."""
    payer, place = claim.record.payer, claim.record.place_of_service
    if payer is None or payer.payer_class != text(version, "payer"):
        return
    facts = [payer.fact, "encounter.place_of_service"]
    decided = claim.profile.confirmation("medicare_pilot", claim.record.date_of_service)
    if place and place not in texts(version, "places"):
        yield not_applicable(f"Place of service {place}: outside the places of the pilot.", facts)
    elif decided is not None:
        yield passed(f"Decided by the practice on {decided.confirmed_on.isoformat()}.", facts)
    else:
        states, operations = ", ".join(texts(version, "states")), ", ".join(texts(version, "operations"))
        action = (
            f"Find out whether the facility is in one of {states} and the operation on the pilot's list ({operations}, "
            "and others); if so, get the number of the authorization."
        )
        yield confirm("The operation may fall under Medicare's prior authorization pilot.", facts, action=action)


def practice_identity(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`practice_identity` of payer.toml: the profile names who bills."""
    del version
    if claim.profile.billing_npi and not npi_fits(claim.profile.billing_npi):
        yield fail(
            "The practice's profile has an identifier of who bills whose check digit does not fit; claims with it are "
            "rejected at once."
        )
    elif claim.profile.billing_npi:
        yield passed("The practice's profile has the identifier of who bills.")
    else:
        yield confirm("The practice's profile has no identifier of who bills.")


CHECKS: Final[Mapping[str, Check]] = {
    "payer_known": payer_known,
    "payer_unconfirmed": payer_unconfirmed,
    "payer_confirmation_expired": payer_confirmation_expired,
    "remote_not_paid": remote_not_paid,
    "authorization": authorization,
    "no_surprises": no_surprises,
    "tables_current": tables_current,
    "rules_current": rules_current,
    "medicare_pilot": medicare_pilot,
    "practice_identity": practice_identity,
}
"""Functions by rule id."""
