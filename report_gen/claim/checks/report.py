"""The report itself: signed, by whom and when, its gates, its words, ready to be attached (`report.toml`).

Messages name codes, counts, minutes and single words of a list; never a sentence of the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions import contradiction_findings
from report_gen.checks.required import required_findings
from report_gen.claim.checks.parameters import text, text_by, texts
from report_gen.claim.record import ATTACHMENT, LIFE, ClaimRecord
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.facts.intervals import intersect, merge, minutes, minutes_between, subtract
from report_gen.facts.model import Fact
from report_gen.facts.wording import duration_text, joined
from report_gen.finding import Gate
from report_gen.rules.model import Version

__all__ = ["CHECKS"]

_JOINT: Final = r"[\s\u2010\u2011\u2013-]+"
"""Characters that may stand between the parts of a word: white space, hyphens, en dash."""
_MINUTE: Final = 1
"""Minutes below which two logs kept to the minute do not disagree."""


def _closed_at(record: ClaimRecord) -> datetime | None:
    return max((interval.span.end_at for interval in record.stretches if interval.kind == "monitoring"), default=None)


def _impression(record: ClaimRecord) -> Fact | None:
    fact = record.facts.by_id["opinion.impression"]
    return fact if fact.status != "not_recorded" else None


def signature(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The report is signed, and final (`report.toml`)."""
    record, signatures = claim.record, claim.record.life.signatures
    status = record.facts.by_id["case.status"]
    if claim.attaches_draft:
        yield fail(
            "The report file named for the claim is an unsigned draft, which is not to be attached.",
            [LIFE],
            action="Sign the report; then name the signed file, with its technical record, in place of the draft.",
        )
    if not signatures:
        yield fail("No signature is recorded: unsigned reports cannot be billed.", [LIFE])
    elif any(signing.at is None and signing.by is None for signing in signatures):
        yield confirm("A signature is recorded, and neither signer nor time.", [LIFE])
    elif any(signing.at is None for signing in signatures):
        yield confirm("A signer is recorded, and no time of the signature.", [LIFE])
    elif any(signing.by is None for signing in signatures):
        yield confirm("A time of signature is recorded, and no signer.", [LIFE])
    elif record.life.from_record and status.code("text") not in texts(version, "final"):
        # Where the file states the signature, its status must agree; a signature kept elsewhere needs no such word.
        words = status.text("text")
        yield confirm(f"A signature is recorded, and the status of the report is {words}.", [LIFE, "case.status"])
    else:
        yield passed("A signature with time and signer is recorded.", [LIFE])


def signer_is_reader(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Whoever signed attended to the case; of several professionals each signs for their own part (`report.toml`)."""
    record = claim.record
    signatures = [signing for signing in record.life.signatures if signing.by is not None]
    signers = [member for signing in signatures if (member := record.signer(signing)) is not None]
    facts = [LIFE, *(signer.fact for signer in signers)]
    if not signatures:
        yield not_applicable("No signer is recorded.")
    elif not record.readers:
        yield confirm("Without a log of the professional the signer cannot be matched with it.", facts)
    elif len(signers) < len(signatures) or any(signer.fact not in record.readers for signer in signers):
        yield fail("The signer is not a professional of the log.", facts)
    elif {signer.fact for signer in signers} < set(record.readers):
        yield _several(claim)
    elif len(signers) > 1:
        yield passed("Each professional of the log has signed.", facts)
    else:
        yield passed("The signer is the professional of the log.", facts)


def _several(claim: RuleInput) -> RuleVerdict:
    """More professionals than signatures: a case file states one signature, and the practice can confirm the others."""
    record = claim.record
    facts, count, signed = (LIFE, *record.readers), len(record.readers), len(record.life.signatures)
    # Only a decision on this very case: that every case in general is signed by all would be no evidence for one.
    item = f"signer_is_reader:{record.case_id}"
    confirmations = claim.profile.confirmations_of(item, record.date_of_service)
    decided = [confirmation for confirmation in confirmations if confirmation.item == item]
    if decided:
        on = decided[0].confirmed_on.isoformat()
        return passed(
            f"{count} professionals are in the log; on {on} the practice confirmed a signature of each.", facts
        )
    return confirm(
        f"{count} professionals are in the log and {'one signature is' if signed == 1 else f'{signed} signatures are'} "
        "recorded.",
        facts,
        action=(
            "Obtain a signed interpretation from each professional who reports lines, or report one alone. Once each "
            f"has signed, confirm {item} in the profile."
        ),
    )


def signed_after_interpretation(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The signature follows the end of monitoring and the impression (`report.toml`)."""
    record, own = claim.record, _impression(claim.record)
    signed, closed = record.life.first_signed_at, _closed_at(record)
    entered = own.instant("at") if own is not None else None
    if signed is None:
        yield not_applicable("No time of signature is recorded.")
        return
    before = [
        words
        for words, at in (("monitoring ended", closed), ("the impression was entered", entered))
        if at is not None and minutes_between(at, signed) < 0
    ]
    unknown = [
        words
        for words, at in (("the end of monitoring", closed), ("the entry of the impression", entered))
        if at is None
    ]
    if before:
        yield fail(f"The report was signed before {' and before '.join(before)}.", [LIFE])
    if unknown:
        yield confirm(f"The time of {' and of '.join(unknown)} is not recorded.", [LIFE])
    if not before and not unknown:
        yield passed("The report was signed after monitoring and after the impression.", [LIFE, "opinion.impression"])


def impression(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The professional's own impression is entered, by a professional of the log (`report.toml`)."""
    record, own = claim.record, _impression(claim.record)
    if own is None:
        yield fail("The professional's impression is not entered.", ["opinion.impression"])
        return
    author = next(iter(own.inputs), "")
    if not record.readers:
        yield confirm("An impression is entered; without a log its author cannot be matched.", [own.id])
    elif author not in record.readers:
        yield fail("The impression is by nobody of the professional's log.", [own.id, *own.inputs])
    else:
        yield passed("The impression is entered by a professional of the log.", [own.id, *own.inputs])


def report_lag(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Time from the end of monitoring to draft and signature; no limit is agreed (`report.toml`)."""
    record = claim.record
    times = {
        "end of monitoring": _closed_at(record),
        "draft": record.life.drafted_at,
        "signature": record.life.signed_at,
    }
    missing = [words for words, at in times.items() if at is None]
    closed = times["end of monitoring"]
    steps = [
        (words, minutes_between(closed, at))
        for words, at in times.items()
        if closed is not None and at is not None and at is not closed
    ]
    lags = joined(f"{words} {duration_text(lag)}" for words, lag in steps if lag >= 0)
    early = [words for words, lag in steps if lag < 0]
    parts = [f"After the end of monitoring: {lags}."] if lags else []
    parts += [f"Time not recorded: {joined(missing)}."] if missing else []
    parts += [f"Before the end of monitoring: {joined(early)}."] if early else []
    if missing or early:
        yield confirm(" ".join(parts), [LIFE])
    else:
        yield passed(f"{parts[0]} No agreed limit was found.", [LIFE])


def gate_draft(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Nothing blocking is open at the technologist's gate (`report.toml`)."""
    yield _gate(claim, "draft")


def gate_sign(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Nothing blocking is open at the professional's gate (`report.toml`)."""
    yield _gate(claim, "sign")


def _gate(claim: RuleInput, gate: Gate) -> RuleVerdict:
    facts = claim.record.facts
    findings = [
        finding
        for finding in (*contradiction_findings(facts), *required_findings(facts))
        if finding.blocking and finding.gate == gate
    ]
    if not findings:
        return passed(f"Nothing blocking was found at the gate to {gate}, in fields and contradictions of the record.")
    codes = sorted({finding.code for finding in findings})
    many = f"{len(findings)} blocking findings are" if len(findings) > 1 else "1 blocking finding is"
    rests_on = [name for finding in findings for name in finding.facts if name in facts.by_id]
    return fail(f"{many} open at the gate to {gate}: {', '.join(codes)}.", rests_on)


def claim_words(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Words of exclusivity or real time are supported by the data (`report.toml`)."""
    spoken = [fact for fact in claim.record.facts if fact.kind.startswith("opinion.") or fact.kind == "message"]
    needs, in_room = text_by(version, "words"), text(version, "in_room")
    used = {word: fact for word in needs for fact in spoken if _says(fact, word, version)}
    if not used:
        yield not_applicable("None of the words stands in the professional's text or in a message.")
    for need in dict.fromkeys(needs[word] for word in used):
        words = {word: fact for word, fact in used.items() if needs[word] == need}
        verdict = _SUPPORTS[need](claim, in_room)
        quoted = joined(f"“{word}”" for word in words)
        cited = (*(fact.id for fact in words.values()), *verdict.facts)
        yield RuleVerdict(
            verdict.outcome, f"{quoted} in the professional's text or a message: {verdict.message}", cited
        )


def _says(fact: Fact, word: str, version: Version) -> bool:
    """Whether the text uses a word as a claim: not denied, and not as part of the name of a technique."""
    body = _JOINT.join(re.escape(part) for part in re.split(_JOINT, word))
    denied = "|".join(re.escape(name) for name in texts(version, "denials"))
    technique = "|".join(re.escape(name) for name in texts(version, "techniques"))
    pattern = rf"(?:\b(?P<denied>{denied}){_JOINT})?\b{body}\b(?!\s+(?:{technique})\b)"
    return any(not match["denied"] for match in re.finditer(pattern, fact.words("text"), re.IGNORECASE))


def _unbroken(claim: RuleInput, in_room: str) -> RuleVerdict:
    record = claim.record
    watched = merge(interval.span for interval in record.stretches if interval.kind == "monitoring")
    breaks = [interval for interval in record.stretches if interval.kind in ("gap", "outage")]
    lost = minutes(intersect(watched, (interval.span for interval in breaks)))
    if not watched:
        return fail("no interval of monitoring is recorded.")
    if lost > 0:
        return fail(f"gaps or outages take {lost:.0f} min of monitoring.", [interval.fact for interval in breaks])
    if len(watched) > 1:
        return fail(f"monitoring is recorded in {len(watched)} parts.")
    away = minutes(subtract(watched, (session.span for session in record.sessions)))
    if away >= _MINUTE:
        return confirm(f"the professional's log leaves {away:.0f} min of monitoring uncovered.")
    return passed("monitoring is one interval without gap or outage, all of it in the professional's log.")


def _alone(claim: RuleInput, in_room: str) -> RuleVerdict:
    attentions = claim.minutes.attention
    if not attentions or "concurrency" in claim.minutes.missing:
        return fail("the record does not show that no other case was open.")
    parts = [(*attention.shared, *attention.undetermined, *attention.allotted) for attention in attentions]
    spans = [span for part in parts for span in part]
    facts = [name for attention in attentions for name in attention.facts]
    if spans:
        return fail(f"another case was open, or may have been, for {minutes(spans):.0f} min.", facts)
    return passed("no other case is logged in any counted minute.", facts)


def _live(claim: RuleInput, in_room: str) -> RuleVerdict:
    record, link = claim.record, claim.record.facts.by_id["communication.channel"]
    if not record.sessions:
        return fail("no attention of a professional is logged.")
    if all(session.mode == in_room for session in record.sessions):
        return passed("the professional was in the room.", [session.fact for session in record.sessions])
    if link.number("live_waveforms"):
        return passed("a live view of waveforms is recorded.", [link.id])
    return fail("no live view of waveforms is recorded.", [link.id])


_SUPPORTS: Final[Mapping[str, Callable[[RuleInput, str], RuleVerdict]]] = MappingProxyType(
    {"unbroken": _unbroken, "alone": _alone, "live": _live}
)
"""The check that a word needs, by its name in the rule file."""


def amendment(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """A later version says why, and what it amends (`report.toml`)."""
    facts = claim.record.facts
    status = facts.by_id["case.status"].code("text")
    number, amends = facts.by_id["case.version"].number("version") or 1, facts.get("case.amends")
    if number <= 1 and amends is None and status not in texts(version, "later"):
        yield not_applicable("This is the first version of the report.")
        return
    rests_on = ["case.version", *([amends.id] if amends is not None else [])]
    if amends is None or not amends.text("reason"):
        yield fail(f"Version {number:.0f} gives no reason for the amendment.", rests_on)
    elif not amends.text("text"):
        yield confirm(f"Version {number:.0f} does not name the report that it amends.", rests_on)
    else:
        yield passed(f"Version {number:.0f} names what it amends, and why.", rests_on)


def attachment_ready(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """The signed report can go out as an attachment (`report.toml`)."""
    life = claim.record.life
    signed = life.signatures and all(signing.at is not None and signing.by is not None for signing in life.signatures)
    numbered = life.attachment_control_number is not None
    parts = {"the signature": signed, "the attachment control number": numbered}
    lacking = [words for words, recorded in parts.items() if not recorded]
    rests_on = [LIFE, *([ATTACHMENT] if numbered else [])]
    due = f"The standard is to be met from {text(version, 'compliance_from')}."
    if lacking:
        yield confirm(f"For an attachment the record lacks {joined(lacking)}. {due}", rests_on)
    else:
        yield passed(f"Signature and attachment control number are recorded. {due}", rests_on)


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            signature,
            signer_is_reader,
            signed_after_interpretation,
            impression,
            report_lag,
            gate_draft,
            gate_sign,
            claim_words,
            amendment,
            attachment_ready,
        )
    }
)
"""Checks by rule id."""
