"""Rules on the services named: base studies, pairs, modifiers, and what a person must still settle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks.parameters import text, text_by, texts, whole
from report_gen.claim.given import Check, Given, Said, confirm, fail, met, skip
from report_gen.claim.lines import in_facility
from report_gen.claim.model import Line
from report_gen.claim.muscles import counted
from report_gen.claim.studies import Unproposed, mapped
from report_gen.facts.intervals import intersect, minutes
from report_gen.facts.wording import joined
from report_gen.rules.concepts import concept
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]


def base_required(given: Given, version: Version) -> Iterator[Said]:
    """Rule `base_required` of rules/codes.toml."""
    open_ = [row for row in mapped(given.record).unproposed if row.modality in texts(version, "may_be_listed")]
    confirmed = given.profile.confirmed("base_required", given.record.date_of_service)
    for line in _with_units(given.monitoring):
        listed = [row for row in given.bases if row.concept in texts(version, line.concept)]
        own = [row for row in listed if row.person and row.person == line.person]
        ids = (line.id, *(row.id for row in own or listed))
        if own:
            count = f"{len(own)} listed base {'study' if len(own) == 1 else 'studies'}"
            yield met(f"{line.label}: stands beside {count} of the same professional.", own[0].facts, ids)
        elif listed and confirmed:
            yield met(
                f"{line.label}: stands beside {_words(listed)}; the practice confirmed who reports it.",
                line.facts,
                ids,
            )
        elif listed:
            who = "another professional" if all(row.person for row in listed) else "a professional not determined"
            yield confirm(f"{line.label}: the base study, {_words(listed)}, is reported by {who}.", line.facts, ids)
        elif open_:
            yield confirm(
                f"{line.label}: no listed base study until a person settles {_labels(open_)}.",
                [row.fact for row in open_],
                ids,
            )
        else:
            yield fail(f"{line.label}: no listed base study was performed.", line.facts, ids)


def base_wrong(given: Given, version: Version) -> Iterator[Said]:
    """Rule `base_wrong` of rules/codes.toml."""
    for line in _with_units(given.monitoring):
        bases = [row for row in given.bases if row.person in (line.person, "")]
        off = [row for row in bases if row.concept in texts(version, line.concept)]
        if not bases:
            continue
        ids, facts = (line.id, *(row.id for row in off)), [fact for row in off for fact in row.facts]
        if len(off) == len(bases):
            yield fail(f"{line.label}: may not be added to {_words(off)}, and there is nothing else.", facts, ids)
        elif off:
            yield met(f"{line.label}: has a listed base; {_words(off)} would be none.", facts, ids)
        else:
            yield met(f"{line.label}: every base study beside it is listed for it.", line.facts, ids)


def medicare_remote_concept(given: Given, version: Version) -> Iterator[Said]:
    """Rule `medicare_remote_concept` of rules/codes.toml."""
    payer, takes, forbidden = given.record.payer, text(version, "takes"), texts(version, "forbidden")
    lines = [row for row in given.monitoring if row.concept == takes or row.concept in forbidden]
    if not lines:
        return
    ids = [row.id for row in lines]
    if payer is None or payer.payer_class in texts(version, "unknown_classes"):
        facts = [payer.fact] if payer else []
        yield confirm("Whether the payer is Medicare fee-for-service is not recorded.", facts, ids)
        return
    if payer.payer_class not in texts(version, "payer_classes"):
        yield skip("The payer is not Medicare fee-for-service.", [payer.fact])
        return
    wrong = [row for row in lines if row.concept in forbidden]
    if wrong:
        yield fail(f"{_words(wrong)}: not valid for Medicare.", [payer.fact], [row.id for row in wrong])
    else:
        yield met(f"{_words(lines)}: what Medicare takes for a remote professional.", [payer.fact], ids)


def same_moment(given: Given, version: Version) -> Iterator[Said]:
    """Rule `same_moment` of rules/codes.toml."""
    for first, second in _pairs(_with_units(given.monitoring), texts(version, "never")):
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
        words = f"{_labels(others)} may be of the other limbs; then the combined study takes both"
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
        yield fail(f"{_words(emg)} stands beside {_words(conduction)}.", facts, ids)
    elif not tests:
        yield met("EMG without nerve conduction beside it.", facts, ids)
    elif given.profile.confirmed("emg_with_ncs", given.record.date_of_service):
        yield met(f"{words} performed; the practice confirmed that no conduction study is reported beside EMG.", facts)
    else:
        yield confirm(f"{words} performed beside EMG: a conduction study must not be reported with it.", facts, ids)


def pair_with_reason(given: Given, version: Version) -> Iterator[Said]:
    """Rule `pair_with_reason` of rules/codes.toml."""
    lines = _with_units(given.lines)
    found = _pairs(lines, texts(version, "pairs"))
    for first, second in found:
        words = f"{second.label} is part of {first.label} unless it is distinct"
        facts = dict.fromkeys((*first.facts, *second.facts))
        yield confirm(f"{words}; no reason is recorded.", facts, (first.id, second.id))
    if len(lines) > 1 and not found:
        yield met("No two lines are bundled with each other.")


def no_component_on_time(given: Given, version: Version) -> Iterator[Said]:
    """Rule `no_component_on_time` of rules/codes.toml."""
    components = set(texts(version, "components"))
    for line in given.monitoring:
        if wrong := components & set(line.modifiers):
            yield fail(f"{line.label}: {joined(sorted(wrong))} on a line without components.", line.facts, (line.id,))
        else:
            yield met(f"{line.label}: no component modifier.", line.facts, (line.id,))


def component_on_base(given: Given, version: Version) -> Iterator[Said]:
    """Rule `component_on_base` of rules/codes.toml. A study that nobody reports has no component yet."""
    bases = [row for row in given.bases if row.person]
    if not bases:
        return
    place, ids = ("encounter.place_of_service",), [row.id for row in bases]
    inside = in_facility(given.record)
    if inside is None:
        yield confirm("The place of service is not recorded: whether lines carry a component is open.", place, ids)
        return
    if not inside:
        yield confirm("Outside a facility the component depends on who bears the technical part.", place, ids)
        return
    wrong = [row for row in bases if not _component_fits(row, version)]
    for line in wrong:
        shown = joined(list(line.modifiers)) or "no modifier"
        yield fail(f"{line.label}: {shown} does not fit its components in a facility.", place, (line.id,))
    right = [row for row in bases if row not in wrong]
    if right:
        yield met("Base lines with components name the professional one.", place, [row.id for row in right])
    unpriced = [row for row in right if concept(row.concept).facility_na]
    day = given.record.date_of_service
    for line in unpriced:
        if given.profile.confirmed(f"component_on_base:{line.concept}", day):
            yield met(f"{line.label}: the practice confirmed that it is paid in a facility.", place, (line.id,))
        else:
            words = "no components and no facility value in the fee schedule; confirm that the payer takes it"
            yield confirm(f"{line.label}: {words}.", place, (line.id,))


def _component_fits(line: Line, version: Version) -> bool:
    """Whether a base line of a facility patient carries the professional component where there is one, else none."""
    professional, technical = text(version, "professional"), text(version, "technical")
    expected = concept(line.concept).pc_tc == 1
    return technical not in line.modifiers and (professional in line.modifiers) == expected


def no_bilateral_50(given: Given, version: Version) -> Iterator[Said]:
    """Rule `no_bilateral_50` of rules/codes.toml."""
    modifier, indicator = text(version, "modifier"), whole(version, "indicator")
    concerned = [row for row in given.bases if concept(row.concept).bilateral == indicator]
    wrong = [row for row in concerned if modifier in row.modifiers]
    for line in wrong:
        yield fail(f"{line.label}: {modifier} on a study that is priced for both sides.", line.facts, (line.id,))
    if concerned and not wrong:
        yield met(f"No {modifier} on studies priced for both sides.", concerned[0].facts, [row.id for row in concerned])


def studies_mapped(given: Given, version: Version) -> Iterator[Said]:
    """Rule `studies_mapped` of rules/codes.toml."""
    if not given.record.performed:
        return
    left, day = mapped(given.record).unproposed, given.record.date_of_service
    for row in left:
        words = f"{_labels([row])} performed, no base study proposed: {row.reason}"
        if row.settle == "nobody":
            yield met(f"{words}.", [row.fact])
        elif row.settle == "practice" and given.profile.confirmed(f"studies_mapped:{row.modality}", day):
            yield met(f"{words}; the practice has decided on it.", [row.fact])
        else:
            yield confirm(f"{words}.", [row.fact])
    count, total = len(given.record.performed) - len(left), len(given.record.performed)
    facts = [fact for row in given.studies for fact in row.facts if fact.startswith("modality.")]
    yield met(f"{count} of {total} modalities performed are in a proposed study.", facts)


def study_concept(given: Given, version: Version) -> Iterator[Said]:
    """Rule `study_concept` of rules/codes.toml."""
    day, lines = given.record.date_of_service, {row.concept: row.id for row in given.bases}
    for row in mapped(given.record).proposals:
        study = row.study
        ids = (lines[study.concept],) if study.concept in lines else ()
        label = concept(study.concept).label
        if not study.uncertain:
            yield met(f"{label}: follows from what was recorded.", study.facts, ids)
        elif not row.only_case and given.profile.confirmed(f"study_concept:{study.concept}", day):
            yield met(f"{label}: the practice has decided on it.", study.facts, ids)
        else:
            yield confirm(f"{label}: {study.uncertain}.", study.facts, ids)


def unlisted_description(given: Given, version: Version) -> Iterator[Said]:
    """Rule `unlisted_description` of rules/codes.toml."""
    for line in given.bases:
        if line.concept != "unlisted":
            continue
        rows = [row for row in given.record.performed if row.fact in line.facts]
        names = joined([vocabulary("modalities").display(row.code) for row in rows])
        count = len(line.facts) - len(rows)
        yield confirm(
            f"The unlisted line needs a description. From the record: {names}, {counted(count)}, recorded during the "
            "operation.",
            line.facts,
            (line.id,),
        )


def retired_concept(given: Given, version: Version) -> Iterator[Said]:
    """Rule `retired_concept` of rules/codes.toml."""
    authorization = given.record.authorization
    if authorization is None or not authorization.codes:
        return
    retired = {given.profile.code(name) for name in texts(version, "retired")}
    current = {code for name, code in given.profile.codes.items() if name not in texts(version, "retired")}
    found = len(retired.intersection(authorization.codes))
    count, facts = len(authorization.codes), [authorization.fact]
    if found:
        yield fail(f"{found} of {count} codes of the authorization name a withdrawn service.", facts)
    elif "" in retired and not current.issuperset(authorization.codes):
        yield confirm(
            f"{count} codes in the authorization; the practice's map does not say which are withdrawn.", facts
        )
    else:
        yield met(f"None of {count} codes of the authorization names a withdrawn service.", facts)


def code_map(given: Given, version: Version) -> Iterator[Said]:
    """Rule `code_map` of rules/codes.toml."""
    missing = [row for row in given.lines if not row.code]
    if not given.lines:
        return
    if not given.profile.has_codes:
        yield confirm("No code map of the practice: the lines speak in concepts.", lines=[row.id for row in missing])
    elif missing:
        words = joined(list(dict.fromkeys(row.concept for row in missing)))
        yield confirm(f"The practice's code map has no {words}.", lines=[row.id for row in missing])
    else:
        yield met("Each line has a code from the practice's map.")


def baseline_once(given: Given, version: Version) -> Iterator[Said]:
    """Rule `baseline_once` of rules/codes.toml."""
    names = dict.fromkeys(row.concept for row in given.bases)
    fits = True
    for name in names:
        rows = [row for row in given.bases if row.concept == name]
        ids, most = [row.id for row in rows], concept(name).mue or 0
        if len(rows) > 1:
            yield fail(f"{rows[0].label}: on {len(rows)} lines of one session.", rows[0].facts, ids)
            fits = False
        elif rows[0].units > most:
            yield fail(f"{rows[0].label}: {rows[0].units} units, the table allows {most}.", rows[0].facts, ids)
            fits = False
    if names and fits:
        yield met("Each base study stands once, within its unit limit.", lines=[row.id for row in given.bases])


def _with_units(lines: Sequence[Line]) -> tuple[Line, ...]:
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


def _words(lines: Sequence[Line]) -> str:
    return joined([row.label for row in lines])


def _labels(rows: Sequence[Unproposed]) -> str:
    return joined([vocabulary("modalities").label(row.modality) for row in rows])


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "base_required": base_required,
        "base_wrong": base_wrong,
        "medicare_remote_concept": medicare_remote_concept,
        "same_moment": same_moment,
        "combine_limbs": combine_limbs,
        "emg_with_ncs": emg_with_ncs,
        "pair_with_reason": pair_with_reason,
        "no_component_on_time": no_component_on_time,
        "component_on_base": component_on_base,
        "no_bilateral_50": no_bilateral_50,
        "studies_mapped": studies_mapped,
        "study_concept": study_concept,
        "unlisted_description": unlisted_description,
        "retired_concept": retired_concept,
        "code_map": code_map,
        "baseline_once": baseline_once,
    }
)
