"""What a wording of counts, times, modalities and closing readings must and may say, by kind of fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from report_gen.draft.passages import Part
from report_gen.guard.expectation import NOT_MET, TIME_WORDS, BoundValue, Expectation, free, plain
from report_gen.guard.reading import concepts_of

__all__ = ["COURSE_RULES"]

_PART_RECORDED: Final = (
    r"(?:^|[;.])(?:(?!\b(?:not|no|nor|neither|without)\b)[^;.])*\b(?:recorded|documented)\b(?! (?:neither|no))"
)
"""A part of a sentence that says something is recorded, where nothing is."""
_SPAN: Final = frozenset({"begin", "finish", "until", "lasting"})


def _events(expected: Expectation, part: Part) -> None:
    word = part.status
    expected.barred.append(r"\b(?:and|or|plus) (?:an?|one|1|another) (?:event|change|alert|improvement)")
    expected.concepts.add(word)
    count = next((value.text for value in part.said if value.name == "count"), "")
    if count == "0":
        expected.frames.add("none_recorded")
        expected.denials += 1
        expected.spare_frames |= {"not_recorded", "no_signal_change"}
        return
    expected.numbers.add(count)
    for value in free(part, "count"):
        expected.say(value.text)


def _overall_resolution(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"return", "baseline", "within", "criterion", "each", "both"}
    expected.barred.append(r"\bbut\b|, not\b")
    expected.needed.append(r"baseline or\b|criterion or\b")
    for value in part.said:
        codes = [name for name in concepts_of(value.text) if name.startswith("code.")]
        expected.spare_numbers.add(str(len(codes)))
    if part.status == "some_open":
        expected.frames.add("open")
        expected.denials += 1
        expected.denied["return"] = r"\b(?:not|no|neither|nor|without|lacking|open|lacks)\b"
        expected.spare_frames |= {"not_recorded"}
    else:
        expected.concepts |= {"return", "baseline", "within", "criterion"}
        expected.denied["return"] = r"\bbaseline\b"
        if "count" in part.stated:
            expected.either.append(frozenset({"each", "both"}))


def _closing(expected: Expectation, part: Part) -> None:
    expected.concepts.add("closing")
    expected.licensed |= {"compare", "each", "other", "criterion", "within", "beyond", "last"}
    expected.spare_numbers.add("1")
    for value in free(part):
        if value.name in ("within_criterion", "beyond_criterion") or value.text != "0":
            expected.counts[value.name] = value.text
        if value.text != "0":
            expected.numbers.add(value.text)
    names = {value.name for value in part.said}
    if "beyond_criterion" in names and expected.counts["beyond_criterion"] != expected.counts.get("compared"):
        expected.barred.append(r"\b(?:each|every|all)\b(?! told)")
    if "beyond_criterion" in names and expected.counts.get("beyond_criterion") != "0":
        expected.concepts |= {"beyond", "criterion"}
        expected.licensed -= {"within"}
    elif "within_criterion" in names or "compared" in names:
        expected.concepts |= {"within", "criterion"}
        expected.licensed -= {"beyond"}
    if expected.counts.get("further", "0") != "0" or "compared" not in names:
        expected.frames.add("no_comparison")
    expected.denials += 1
    expected.spare_frames.add("no_comparison")


def _no_reason(expected: Expectation, part: Part) -> None:
    if "reason" in part.lacking:
        expected.absent.append(frozenset({"reason"}))


def _gap(expected: Expectation, part: Part) -> None:
    _no_reason(expected, part)
    expected.barred.append(r"\bbut\b|\bexcept\b")
    plain(expected, part)
    expected.licensed |= _SPAN | {"reason"}
    expected.denials += 1
    expected.spare_frames |= {"no_data", "not_recorded"}
    expected.licensed |= {"gap"}
    expected.barred.append(
        r"\bno (?:[a-z-]+ )*(?:gaps?|responses?|losses|loss)\b|without (?:a |any )?gap|gaps?\b[^.;]*\b(?:not|never)\b"
    )
    expected.either.append(frozenset({"no_data", "not_recorded", "gap"}))


def _outage(expected: Expectation, part: Part) -> None:
    _no_reason(expected, part)
    plain(expected, part)
    expected.licensed |= _SPAN | {"reason"}
    expected.either.extend((frozenset({"link", "outage"}), frozenset({"out", "outage"})))


def _standby(expected: Expectation, part: Part) -> None:
    plain(expected, part)
    expected.licensed |= _SPAN | {"reason"}
    expected.concepts.add("standby")


def _monitoring(expected: Expectation, part: Part) -> None:
    if part.status == "not_recorded":
        expected.absent.append(TIME_WORDS)
    expected.licensed |= {"closing", "remain", "give", *_SPAN}
    plain(expected, part)


def _review(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"made", "again", "give", "other"}
    expected.licensed |= {"review", "accept", "each", "both"} if part.status != "not_recorded" else {"review"}
    expected.concepts.add("baseline")
    if part.status == "not_recorded":
        if frozenset({"review"}) not in expected.absent:
            expected.absent.append(frozenset({"review"}))
            expected.barred.append(_PART_RECORDED)
        else:
            expected.denials += 1
    elif not any(value.name == "at" for value in part.said) and TIME_WORDS not in expected.absent:
        expected.absent.append(TIME_WORDS)
    plain(expected, part)


def _extreme(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"lead", "worst", "compare", "give", "other"}
    if part.status != "not_comparable":
        expected.licensed.add("met")
    expected.concepts.add("criterion")
    if part.status == "met":
        expected.concepts.add("met")
        for value in free(part, "channel", "side"):
            expected.say(value.text)
            if value.name in ("channels", "beyond"):
                expected.counts[value.name] = value.text
        return
    if part.status == "none_met":
        expected.frames.add("none_met")
        expected.denials += 1
        expected.denied["met"] = NOT_MET
        expected.barred.append(r"\b(?:all|every|each|both|any) (?:of (?:them|these|those) )?(?:did|do|does|had|has)\b")
        expected.licensed.add("each")
    elif part.status == "not_comparable":
        expected.frames.add("not_all_comparable")
        expected.barred.append(r"\bnot (?:every|all)\b[^.;]*\b(?:can ?not|could not)\b")
        expected.denials += 1
        expected.licensed.add("each")
        expected.spare_frames.add("no_comparison")
    _farthest(expected, part)


def _farthest(expected: Expectation, part: Part) -> None:
    """The modality, and the reading farthest from baseline bound to its place."""
    expected.licensed.add("baseline")
    texts = {stated_value.name: stated_value for stated_value in part.said}
    if "modality" in texts:
        expected.say(texts["modality"].text)
    if "channel" in texts and "change" in texts:
        place = concepts_of(texts["channel"].text)
        expected.licensed |= place
        side = texts["side"].text if "side" in texts else ""
        expected.licensed |= {side} if side else set()
        label = concepts_of(texts["modality"].text) if "modality" in texts else frozenset()
        family = frozenset(place - _places(place)) | (label - {"word.limb"})
        value = f"mask {expected.mask(texts['change'])}"
        expected.pairs.append(BoundValue(frozenset(_places(place)), side, value, family))


def _places(concepts: frozenset[str]) -> set[str]:
    """Concepts that name a place; a response without one is named by its modality."""
    places = {name for name in concepts if name.partition(".")[0] in ("nerves", "muscles", "electrode_sites", "code")}
    return places or set(concepts)


def _patterns(expected: Expectation, part: Part) -> None:
    plain(expected, part)
    expected.barred.append(r"\bwent\b")


def _summary_row(expected: Expectation, part: Part) -> None:
    expected.licensed.add("closing")
    side = next((value.text for value in part.said if value.name == "side"), "")
    side = {"both sides": "both"}.get(side, side)
    if side:
        expected.licensed.add(side)
    closing = next((value for value in part.said if value.name == "closing"), None)
    if closing is not None and side:
        expected.pairs.append(BoundValue(frozenset(), side, f"mask {expected.mask(closing)}"))


COURSE_RULES: Final[Mapping[str, Callable[[Expectation, Part], None]]] = {
    "aggregate.events": _events,
    "aggregate.resolution": _overall_resolution,
    "aggregate.closing": _closing,
    "interval.gap": _gap,
    "interval.outage": _outage,
    "interval.standby": _standby,
    "minutes.monitoring": _monitoring,
    "modality.baseline_review": _review,
    "modality.extreme": _extreme,
    "modality.patterns": _patterns,
    "summary": _summary_row,
}
"""Rules by kind of fact."""
