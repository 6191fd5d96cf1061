"""Rules on the services named: base studies, pairs, modifiers, and what a person must still settle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks.pairs import (
    combine_limbs,
    emg_with_ncs,
    labels,
    line_names,
    pair_with_reason,
    same_moment,
    with_units,
)
from report_gen.claim.checks.parameters import text, texts, whole
from report_gen.claim.lines.muscles import counted
from report_gen.claim.lines.propose import in_facility
from report_gen.claim.lines.studies import mapped
from report_gen.claim.model import Line
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.facts.wording import joined
from report_gen.rules.concepts import concept
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]


def base_required(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `base_required` of rules/codes.toml."""
    open_ = [entry for entry in mapped(claim.record).unproposed if entry.modality in texts(version, "may_be_listed")]
    for line in with_units(claim.monitoring):
        listed = [base for base in claim.bases if base.concept in texts(version, line.concept)]
        own = [base for base in listed if base.person and base.person == line.person]
        ids = (line.id, *(base.id for base in own or listed))
        if own:
            count = f"{len(own)} listed base {'study' if len(own) == 1 else 'studies'}"
            yield passed(f"{line.label}: stands beside {count} of the same professional.", own[0].facts, ids)
        elif listed:
            yield _not_own(claim, line, listed)
        elif open_:
            yield confirm(
                f"{line.label}: no listed base study until a person settles {labels(open_)}.",
                [entry.fact for entry in open_],
                ids,
            )
        else:
            yield fail(f"{line.label}: no listed base study was performed.", line.facts, ids)


def _not_own(claim: RuleInput, line: Line, listed: Sequence[Line]) -> RuleVerdict:
    """A base study not known to be this professional's: the practice can confirm an unknown reader, never another's."""
    ids, nobody = (line.id, *(base.id for base in listed)), [base for base in listed if not base.person]
    if nobody and claim.profile.confirmed("base_required", claim.record.date_of_service):
        beside = line_names(nobody)
        words = f"{line.label}: stands beside {beside}; the practice confirmed that its reader reports both."
        return passed(words, line.facts, ids)
    who = "a professional not determined" if nobody else "another professional"
    studies = f"base {'study' if len(listed) == 1 else 'studies'} {line_names(listed)}"
    verb = "is" if len(listed) == 1 else "are"
    return confirm(f"{line.label}: {studies} {verb} reported by {who}.", line.facts, ids)


def base_wrong(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `base_wrong` of rules/codes.toml."""
    for line in with_units(claim.monitoring):
        bases = [base for base in claim.bases if base.person in (line.person, "")]
        forbidden = [base for base in bases if base.concept in texts(version, line.concept)]
        if not bases:
            continue
        ids, facts = (line.id, *(base.id for base in forbidden)), [fact for base in forbidden for fact in base.facts]
        if len(forbidden) == len(bases):
            yield fail(
                f"{line.label}: may not be added to {line_names(forbidden)}, and there is nothing else.", facts, ids
            )
        elif forbidden:
            yield passed(f"{line.label}: has a listed base; {line_names(forbidden)} would be none.", facts, ids)
        else:
            yield passed(f"{line.label}: every base study beside it is listed for it.", line.facts, ids)


def medicare_remote_concept(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `medicare_remote_concept` of rules/codes.toml."""
    payer, takes, forbidden = claim.record.payer, text(version, "takes"), texts(version, "forbidden")
    lines = [line for line in claim.monitoring if line.concept == takes or line.concept in forbidden]
    if not lines:
        return
    ids = [line.id for line in lines]
    if payer is None or payer.payer_class in texts(version, "unknown_classes"):
        facts = [payer.fact] if payer else []
        words = "Whether the payer is Medicare fee-for-service is not recorded."
        yield confirm(words, facts, ids, action="Record the payer's class first.")
        return
    if payer.payer_class not in texts(version, "payer_classes"):
        yield not_applicable("The payer is not Medicare fee-for-service.", [payer.fact])
        return
    wrong = [line for line in lines if line.concept in forbidden]
    if wrong:
        yield fail(f"{line_names(wrong)}: not valid for Medicare.", [payer.fact], [line.id for line in wrong])
    else:
        yield passed(f"{line_names(lines)}: what Medicare takes for a remote professional.", [payer.fact], ids)


def no_component_on_time(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `no_component_on_time` of rules/codes.toml."""
    components = set(texts(version, "components"))
    for line in claim.monitoring:
        if wrong := components & set(line.modifiers):
            yield fail(f"{line.label}: {joined(sorted(wrong))} on a line without components.", line.facts, (line.id,))
        else:
            yield passed(f"{line.label}: no component modifier.", line.facts, (line.id,))


def component_on_base(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `component_on_base` of rules/codes.toml. A study that nobody reports has no component yet."""
    bases = [base for base in claim.bases if base.person]
    if not bases:
        return
    place, ids = ("encounter.place_of_service",), [base.id for base in bases]
    inside = in_facility(claim.record)
    if inside is None:
        words, do = "whether lines carry a component is open", "Record the place of service."
        yield confirm(f"The place of service is not recorded: {words}.", place, ids, action=do)
        return
    if not inside:
        words = "Outside a facility the component depends on who bears the technical part."
        do = "Find out who bears it: who does and reads puts neither 26 nor TC, who only reads puts 26."
        yield confirm(words, place, ids, action=do)
        return
    wrong = [base for base in bases if not _component_fits(base, version)]
    for line in wrong:
        shown = joined(list(line.modifiers)) or "no modifier"
        yield fail(f"{line.label}: {shown} does not fit its components in a facility.", place, (line.id,))
    right = [base for base in bases if base not in wrong]
    if right:
        yield passed("Base lines with components name the professional one.", place, [base.id for base in right])
    unpriced = [base for base in right if concept(base.concept).facility_na]
    day = claim.record.date_of_service
    for line in unpriced:
        if claim.profile.confirmed(f"component_on_base:{line.concept}", day):
            yield passed(f"{line.label}: the practice confirmed that it is paid in a facility.", place, (line.id,))
        else:
            words = "no components and no facility value in the fee schedule; confirm that the payer takes it"
            yield confirm(f"{line.label}: {words}.", place, (line.id,))


def _component_fits(line: Line, version: Version) -> bool:
    """Whether a base line of a facility patient carries the professional component where there is one, else none."""
    professional, technical = text(version, "professional"), text(version, "technical")
    expected = concept(line.concept).pc_tc == 1
    return technical not in line.modifiers and (professional in line.modifiers) == expected


def no_bilateral_50(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `no_bilateral_50` of rules/codes.toml."""
    modifier, indicator = text(version, "modifier"), whole(version, "indicator")
    concerned = [base for base in claim.bases if concept(base.concept).bilateral == indicator]
    wrong = [base for base in concerned if modifier in base.modifiers]
    for line in wrong:
        yield fail(f"{line.label}: {modifier} on a study that is priced for both sides.", line.facts, (line.id,))
    if concerned and not wrong:
        ids = [base.id for base in concerned]
        yield passed(f"No {modifier} on studies priced for both sides.", concerned[0].facts, ids)


def studies_mapped(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `studies_mapped` of rules/codes.toml."""
    if not claim.record.performed:
        return
    left, day = mapped(claim.record).unproposed, claim.record.date_of_service
    for entry in left:
        words = f"{labels([entry])} performed, no base study proposed: {entry.reason}"
        if entry.settle == "nobody":
            yield passed(f"{words}.", [entry.fact])
        elif entry.settle == "practice" and claim.profile.confirmed(f"studies_mapped:{entry.modality}", day):
            yield passed(f"{words}; the practice has decided on it.", [entry.fact])
        else:
            yield confirm(f"{words}.", [entry.fact])
    count, total = len(claim.record.performed) - len(left), len(claim.record.performed)
    facts = [fact for study in claim.studies for fact in study.facts if fact.startswith("modality.")]
    yield passed(f"{count} of {total} modalities performed are in a proposed study.", facts)


def study_concept(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `study_concept` of rules/codes.toml."""
    day, lines = claim.record.date_of_service, {base.concept: base.id for base in claim.bases}
    for proposal in mapped(claim.record).proposals:
        study = proposal.study
        ids = (lines[study.concept],) if study.concept in lines else ()
        label = concept(study.concept).label
        if not study.uncertain:
            yield passed(f"{label}: follows from what was recorded.", study.facts, ids)
        elif not proposal.only_case and claim.profile.confirmed(f"study_concept:{study.concept}", day):
            yield passed(f"{label}: the practice has decided on it.", study.facts, ids)
        else:
            yield confirm(f"{label}: {study.uncertain}.", study.facts, ids)


def unlisted_description(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `unlisted_description` of rules/codes.toml."""
    for line in claim.bases:
        if line.concept != "unlisted":
            continue
        modalities = [modality for modality in claim.record.performed if modality.fact in line.facts]
        names = joined([vocabulary("modalities").display(modality.code) for modality in modalities])
        count = len(line.facts) - len(modalities)
        yield confirm(
            f"The unlisted line needs a description. From the record: {names}, {counted(count)}, recorded during the "
            "operation.",
            line.facts,
            (line.id,),
        )


def retired_concept(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `retired_concept` of rules/codes.toml."""
    authorization = claim.record.authorization
    if authorization is None or not authorization.codes:
        return
    retired = {claim.profile.code(name) for name in texts(version, "retired")}
    current = {code for name, code in claim.profile.codes.items() if name not in texts(version, "retired")}
    withdrawn = len(retired.intersection(authorization.codes))
    count, facts = len(authorization.codes), [authorization.fact]
    codes = "1 code" if count == 1 else f"{count} codes"
    if withdrawn:
        yield fail(f"Withdrawn services among the {codes} of the authorization: {withdrawn}.", facts)
    elif "" in retired and not current.issuperset(authorization.codes):
        words = f"{codes} in the authorization; the practice's map does not say what is withdrawn."
        yield confirm(words, facts, action="Add the retired concepts to the code map, or look the codes up.")
    else:
        yield passed(f"No withdrawn service among the {codes} of the authorization.", facts)


def code_map(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `code_map` of rules/codes.toml."""
    missing = [line for line in claim.lines if not line.code]
    if not claim.lines:
        return
    if not claim.profile.has_codes:
        yield confirm("No code map of the practice: the lines speak in concepts.", lines=[line.id for line in missing])
    elif missing:
        words = joined(list(dict.fromkeys(line.concept for line in missing)))
        yield confirm(f"The practice's code map has no {words}.", lines=[line.id for line in missing])
    else:
        yield passed("Each line has a code from the practice's map.")


def baseline_once(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `baseline_once` of rules/codes.toml. How many units one line may hold is asked by `base_unit_limit`."""
    names = dict.fromkeys(base.concept for base in claim.bases)
    fits = True
    for name in names:
        bases = [base for base in claim.bases if base.concept == name]
        if len(bases) > 1:
            ids = [base.id for base in bases]
            yield fail(f"{bases[0].label}: on {len(bases)} lines of one session.", bases[0].facts, ids)
            fits = False
    if names and fits:
        yield passed("Each base study stands once.", lines=[base.id for base in claim.bases])


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
