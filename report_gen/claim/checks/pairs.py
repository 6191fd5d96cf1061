"""Rules on services that stand side by side: never, as one combined study, or only with a reason (`codes.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from report_gen.claim.checks.parameters import text_by, texts
from report_gen.claim.given import Given, Said, confirm, fail, met
from report_gen.claim.model import Line
from report_gen.claim.studies import Unproposed, mapped
from report_gen.facts.intervals import intersect, minutes
from report_gen.facts.wording import joined
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["combine_limbs", "emg_with_ncs", "labels", "line_names", "pair_with_reason", "same_moment", "with_units"]


def same_moment(given: Given, version: Version) -> Iterator[Said]:
    """Rule `same_moment` of rules/codes.toml."""
    for first, second in _pairs(with_units(given.monitoring), texts(version, "never")):
        yield fail(f"{first.label} never stands beside {second.label}.", first.facts, (first.id, second.id))
    spans = {
        place: [span for row in given.minutes.attention if row.place == place for span in row.every]
        for place in ("in_room", "remote")
    }
    if not all(spans.values()):
        return
    facts = dict.fromkeys(fact for row in given.minutes.attention for fact in row.facts)
    ids = [row.id for row in given.monitoring]
    twice = minutes(intersect(spans["in_room"], spans["remote"]))
    if twice:
        yield confirm(f"{twice:g} min count in the room for one professional and elsewhere for another.", facts, ids)
    else:
        inside, outside = minutes(spans["in_room"]), minutes(spans["remote"])
        yield met(f"{inside:g} min in the room and {outside:g} min elsewhere are different minutes.", facts, ids)


def combine_limbs(given: Given, version: Version) -> Iterator[Said]:
    """Rule `combine_limbs` of rules/codes.toml."""
    never = texts(version, "never")
    concerned = [row for row in given.bases if any(row.concept in pair.split("/") for pair in never)]
    if not concerned:
        return
    found = _pairs(concerned, never)
    for first, second in found:
        yield fail(f"{first.label} stands beside {second.label}.", first.facts, (first.id, second.id))
    groups = text_by(version, "unsettled")
    open_ = [row for row in mapped(given.record).unproposed if row.modality in groups]
    single = [row for row in concerned if row.concept in texts(version, "single")]
    halves = [(row, others) for row in single if (others := _of_group(row, open_, groups))]
    for line, others in halves:
        facts = (*line.facts, *(row.fact for row in others))
        words = f"{labels(others)} may be of the other limbs; then the combined study takes both"
        yield confirm(f"{line.label}: {words}.", facts, (line.id,))
    if not found and not halves:
        ids = [row.id for row in concerned]
        yield met("No two studies of limbs overlap.", concerned[0].facts, ids)


def _of_group(line: Line, rows: Sequence[Unproposed], groups: Mapping[str, str]) -> list[Unproposed]:
    """Modalities without a study that belong to the family of a line's study."""
    return [row for row in rows if line.concept.startswith(f"{groups[row.modality]}.")]


def emg_with_ncs(given: Given, version: Version) -> Iterator[Said]:
    """Rule `emg_with_ncs` of rules/codes.toml."""
    emg = [row for row in given.bases if row.concept in texts(version, "emg")]
    conduction = [row for row in given.bases if row.concept in texts(version, "conduction")]
    tests = [row for row in given.record.performed if row.code in texts(version, "conduction_modalities")]
    if not emg:
        return
    ids = [row.id for row in (*emg, *conduction)]
    words = joined([vocabulary("modalities").label(row.code) for row in tests])
    facts = [row.fact for row in tests] or list(emg[0].facts)
    if conduction:
        yield fail(f"{line_names(emg)} stands beside {line_names(conduction)}.", facts, ids)
    elif not tests:
        yield met("EMG without nerve conduction beside it.", facts, ids)
    elif given.profile.confirmed("emg_with_ncs", given.record.date_of_service):
        yield met(f"{words} performed; the practice confirmed that no conduction study is reported beside EMG.", facts)
    else:
        yield confirm(f"{words} performed beside EMG: a conduction study must not be reported with it.", facts, ids)


def pair_with_reason(given: Given, version: Version) -> Iterator[Said]:
    """Rule `pair_with_reason` of rules/codes.toml."""
    lines, day = with_units(given.lines), given.record.date_of_service
    found = _pairs(lines, texts(version, "pairs"))
    for first, second in found:
        words, reason = f"{second.label} is part of {first.label} unless it is distinct", _apart(given, first, second)
        facts, ids = dict.fromkeys((*first.facts, *second.facts)), (first.id, second.id)
        item = f"pair_with_reason:{first.concept}/{second.concept}"
        decided = given.profile.confirmation(item, day)
        if not reason:
            yield confirm(f"{words}; no reason is recorded.", facts, ids)
        elif decided is None:
            do = f"Put 59 or XE, XP, XS, XU on the second for this reason; then confirm {item} in the profile."
            yield confirm(f"{words}: {reason}.", facts, ids, action=do)
        else:
            on = decided.confirmed_on.isoformat()
            yield met(f"{words}: {reason}; the practice confirmed on {on} how it reports both.", facts, ids)
    if len(lines) > 1 and not found:
        yield met("No two lines are bundled with each other.")


def _apart(given: Given, first: Line, second: Line) -> str:
    """What shows that two lines of monitoring hold different minutes; empty when nothing does."""
    if first.minutes is None or second.minutes is None or first.person != second.person:
        return ""
    # The log and not the minutes: those give a minute to one place although the log may put somebody in two.
    inside = [row.span for row in given.record.sessions if row.person == first.person and row.mode == "in_room"]
    outside = [row.span for row in given.record.sessions if row.person == first.person and row.mode != "in_room"]
    if minutes(intersect(inside, outside)):
        return ""
    where = "elsewhere" if minutes(outside) >= second.minutes else "with another case open"
    return f"{first.minutes:g} min in the room, {second.minutes:g} min {where}, not at once"


def with_units(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that come to anything; one without units is on nobody's claim."""
    return tuple(row for row in lines if row.units > 0)


def _pairs(lines: Sequence[Line], pairs: Sequence[str]) -> tuple[tuple[Line, Line], ...]:
    """Lines of one professional, or of one not determined, whose services are one of the pairs, first column first."""
    return tuple(
        (first, second)
        for first, second in permutations(lines, 2)
        if f"{first.concept}/{second.concept}" in pairs
        and (first.person == second.person or not first.person or not second.person)
    )


def line_names(lines: Sequence[Line]) -> str:
    """Lines by the own words for their services."""
    return joined([row.label for row in lines])


def labels(rows: Sequence[Unproposed]) -> str:
    """Modalities without a study, by their short names."""
    return joined([vocabulary("modalities").label(row.modality) for row in rows])
