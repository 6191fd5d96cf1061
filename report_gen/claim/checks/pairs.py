"""Rules on services that stand side by side: never, as one combined study, or only with a reason (`codes.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from report_gen.claim.checks.parameters import text_by, texts
from report_gen.claim.lines.studies import Unproposed, mapped
from report_gen.claim.model import Line
from report_gen.claim.rule import RuleInput, RuleVerdict, confirm, fail, passed
from report_gen.facts.intervals import intersect, minutes
from report_gen.facts.wording import joined
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["combine_limbs", "emg_with_ncs", "labels", "line_names", "pair_with_reason", "same_moment", "with_units"]


def same_moment(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `same_moment` of rules/codes.toml."""
    for first, second in _pairs(with_units(claim.monitoring), texts(version, "never")):
        yield fail(f"{first.label} never stands beside {second.label}.", first.facts, (first.id, second.id))
    spans = {
        place: [span for attention in claim.minutes.attention if attention.place == place for span in attention.every]
        for place in ("in_room", "remote")
    }
    if not all(spans.values()):
        return
    facts = dict.fromkeys(fact for attention in claim.minutes.attention for fact in attention.facts)
    ids = [line.id for line in claim.monitoring]
    twice = minutes(intersect(spans["in_room"], spans["remote"]))
    if twice:
        yield confirm(f"{twice:g} min count in the room for one professional and elsewhere for another.", facts, ids)
    else:
        inside, outside = minutes(spans["in_room"]), minutes(spans["remote"])
        yield passed(f"{inside:g} min in the room and {outside:g} min elsewhere are different minutes.", facts, ids)


def combine_limbs(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `combine_limbs` of rules/codes.toml."""
    never = texts(version, "never")
    concerned = [line for line in claim.bases if any(line.concept in pair.split("/") for pair in never)]
    if not concerned:
        return
    overlaps = _pairs(concerned, never)
    for first, second in overlaps:
        yield fail(f"{first.label} stands beside {second.label}.", first.facts, (first.id, second.id))
    groups = text_by(version, "unsettled")
    open_ = [entry for entry in mapped(claim.record).unproposed if entry.modality in groups]
    single = [line for line in concerned if line.concept in texts(version, "single")]
    halves = [(line, others) for line in single if (others := _of_group(line, open_, groups))]
    for line, others in halves:
        facts = (*line.facts, *(entry.fact for entry in others))
        words = f"{labels(others)} may be of the other limbs; then the combined study takes both"
        yield confirm(f"{line.label}: {words}.", facts, (line.id,))
    if not overlaps and not halves:
        ids = [line.id for line in concerned]
        yield passed("No two studies of limbs overlap.", concerned[0].facts, ids)


def _of_group(line: Line, entries: Sequence[Unproposed], groups: Mapping[str, str]) -> list[Unproposed]:
    """Modalities without a study that belong to the family of a line's study."""
    return [entry for entry in entries if line.concept.startswith(f"{groups[entry.modality]}.")]


def emg_with_ncs(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `emg_with_ncs` of rules/codes.toml."""
    emg = [base for base in claim.bases if base.concept in texts(version, "emg")]
    conduction = [base for base in claim.bases if base.concept in texts(version, "conduction")]
    codes = texts(version, "conduction_modalities")
    tests = [modality for modality in claim.record.performed if modality.code in codes]
    if not emg:
        return
    ids = [base.id for base in (*emg, *conduction)]
    words = joined([vocabulary("modalities").label(modality.code) for modality in tests])
    facts = [modality.fact for modality in tests] or list(emg[0].facts)
    if conduction:
        yield fail(f"{line_names(emg)} stands beside {line_names(conduction)}.", facts, ids)
    elif not tests:
        yield passed("EMG without nerve conduction beside it.", facts, ids)
    elif claim.profile.confirmed("emg_with_ncs", claim.record.date_of_service):
        yield passed(
            f"{words} performed; the practice confirmed that no conduction study is reported beside EMG.", facts
        )
    else:
        yield confirm(f"{words} performed beside EMG: a conduction study must not be reported with it.", facts, ids)


def pair_with_reason(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `pair_with_reason` of rules/codes.toml."""
    lines, day = with_units(claim.lines), claim.record.date_of_service
    pairs = _pairs(lines, texts(version, "pairs"))
    for first, second in pairs:
        words, reason = f"{second.label} is part of {first.label} unless it is distinct", _apart(claim, first, second)
        facts, ids = dict.fromkeys((*first.facts, *second.facts)), (first.id, second.id)
        item = f"pair_with_reason:{first.concept}/{second.concept}"
        decided = claim.profile.confirmation(item, day)
        if not reason:
            yield confirm(f"{words}; no reason is recorded.", facts, ids)
        elif decided is None:
            do = f"Put 59 or XE, XP, XS, XU on the second for this reason; then confirm {item} in the profile."
            yield confirm(f"{words}: {reason}.", facts, ids, action=do)
        else:
            on = decided.confirmed_on.isoformat()
            yield passed(f"{words}: {reason}; the practice confirmed on {on} how it reports both.", facts, ids)
    if len(lines) > 1 and not pairs:
        yield passed("No two lines are bundled with each other.")


def _apart(claim: RuleInput, first: Line, second: Line) -> str:
    """Words that show that two lines of monitoring hold different minutes; empty when nothing shows it."""
    if first.minutes is None or second.minutes is None or first.person != second.person:
        return ""
    # The log and not the minutes: those give a minute to one place although the log may put somebody in two.
    sessions = [session for session in claim.record.sessions if session.person == first.person]
    inside = [session.span for session in sessions if session.mode == "in_room"]
    outside = [session.span for session in sessions if session.mode != "in_room"]
    if minutes(intersect(inside, outside)):
        return ""
    where = "elsewhere" if minutes(outside) >= second.minutes else "with another case open"
    return f"{first.minutes:g} min in the room, {second.minutes:g} min {where}, not at once"


def with_units(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines with at least one unit; a line without units is on nobody's claim."""
    return tuple(line for line in lines if line.units > 0)


def _pairs(lines: Sequence[Line], pairs: Sequence[str]) -> tuple[tuple[Line, Line], ...]:
    """Lines of one professional, or of one not determined, whose services are one of the pairs, first column first."""
    return tuple(
        (first, second)
        for first, second in permutations(lines, 2)
        if f"{first.concept}/{second.concept}" in pairs
        and (first.person == second.person or not first.person or not second.person)
    )


def line_names(lines: Sequence[Line]) -> str:
    """Our own words for the services of some lines, joined."""
    return joined([line.label for line in lines])


def labels(entries: Sequence[Unproposed]) -> str:
    """Short names of modalities without a study, joined."""
    return joined([vocabulary("modalities").label(entry.modality) for entry in entries])
