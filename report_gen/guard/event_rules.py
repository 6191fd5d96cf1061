"""What a wording of an event's chain must and may say, by kind of fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from report_gen.draft.passages import Part
from report_gen.guard.expectation import NOT_MET, TIME_WORDS, BoundValue, Expectation, free, plain, without_time
from report_gen.guard.lexicon import stem_of
from report_gen.guard.reading import concepts_of, mask_sign, read

__all__ = ["EVENT_RULES"]

_UNCONDITIONALLY_MET: Final = r"^(?:(?!whether|if ).)*\b(?:was|is|were|are|had been|has been) (?:also |then )?met\b"
_NOT_AT_ONCE: Final = (
    r"\band (?:later|then|subsequently)\b|\bbetween (?!them\b|these\b|those\b)"
    r"|\bloss(?:es)? of (?!(?:the |a |an )?(?:\w+ )?(?:response|fast|signal))"
)
_ACT_OF_ANOTHER: Final = (
    r"\b(?:reported|said|stated|noted|told) that\b|\bby \d|\bfrom \d|\b(?:at|on) (?:the |its )?(?:target|goal)\b"
    r"|\b(?:rais|increas|elevat)\w*(?: the| a| its)? (?:target|goal|dose)"
)
_ORDINALS: Final = {"1": "first", "2": "second", "3": "third"}
_AS_CAUSE: Final = (
    r"\b(?:after|following|upon|once|by|from|via|through|gave|brought|produced|made|owing|came|behind)\b"
    r"|\bout of\b|\b(?:arose|arisen)\b(?! in (?:the|a) context)"
)
"""The surgical context stands beside the change; it does not bring it about (clinical reference §7.1 item 6)."""
_NOT_ALL_EXCLUDED: Final = (
    r"\bexclu\w+ from\b|\b(?:found|shown|noted|observed|detected|identified)\b"
    r"|\bcheck\w*\b(?! (?:and|for and|then|for)\b)"
)
_TARGET_REACHED: Final = (
    r"\bto (?:its|the|this|that|her|his|\w+'s) (?:\w+ )?(?:target|goal)\b"
    r"|\b(?:reach\w*|attain\w*|achiev\w*|met|hit)\b|\b(?:rose|rise|rises|risen|rising)\b"
)
"""A target is aimed at; whether it was reached, the record says elsewhere."""


def _event(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"made", "notice", "give"}
    for value in free(part):
        expected.say(value.text)
        if value.name == "responses":
            expected.located = value.text
    expected.ors = max(expected.ors, 0) + _ors(part)
    expected.barred.append(_NOT_AT_ONCE)


def _ors(part: Part) -> int:
    return sum(len(re.findall(r"\bor\b", value.text)) for value in part.said)


def _onset(expected: Expectation, part: Part) -> None:
    names = {value.name for value in part.said}
    expected.licensed |= {"onset", "begin"}
    if "noticed_at" in names:
        expected.concepts.add("notice")
    if "last_unaffected_at" in names:
        expected.either.append(frozenset({"last", "unaffected", "before"}))
        expected.licensed |= {"last", "unaffected", "before"}
        expected.spare_frames.add("no_signal_change")
    if "onset_at" in part.lacking:
        expected.absent.append(TIME_WORDS)


def _notice_delay(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"notice", "onset", "same_time"}
    if part.said:
        plain(expected, part)
    else:
        expected.concepts.add("same_time")


def _window(expected: Expectation, part: Part) -> None:
    plain(expected, part)
    expected.denials += 1
    expected.licensed |= {"window", "within", "onset", "notice", "known"}
    expected.spare_frames |= {"not_known", "not_recorded"}
    expected.either.append(frozenset({"not_known", "not_recorded", "unknown_time"}))
    expected.licensed.add("unknown_time")


def _criterion(expected: Expectation, part: Part) -> None:
    expected.concepts.add("criterion")
    expected.licensed |= {"met", "compare", "source"}
    if part.status == "met":
        expected.concepts.add("met")
    elif part.status == "not_met":
        expected.frames.add("none_met")
        expected.denials += 1
        expected.denied["met"] = NOT_MET
    else:
        expected.frames.add("not_computable")
        expected.denials += 1
        expected.barred.append(_UNCONDITIONALLY_MET)
        expected.licensed.add("whether")
        expected.spare_frames.add("none_met")


def _context(expected: Expectation, part: Part) -> None:
    expected.barred.append(_AS_CAUSE)
    expected.ors = max(expected.ors, 0) + _ors(part)
    expected.licensed.add("begin")
    if part.status == "not_recorded":
        expected.absent.append(frozenset({"context", "circumstances", "setting", "step", "situation"}))
    plain(expected, part)


def _excluded(expected: Expectation, part: Part) -> None:
    expected.concepts.add("exclude")
    expected.barred.append(_NOT_ALL_EXCLUDED)
    expected.ors = max(expected.ors, 0) + _ors(part)
    expected.licensed |= {"check", "each", "both"}
    plain(expected, part)


def _notification(expected: Expectation, part: Part) -> None:
    expected.concepts.add("tell")
    expected.licensed |= {"made", "give"}
    if part.status == "not_recorded":
        expected.absent.append(frozenset({"tell"}))
        expected.together = frozenset({"roles.surgeon", "roles.anesthesia_team"})
        expected.licensed |= {*expected.together, "tell"}
        return
    for value in free(part):
        expected.say(value.text)
        expected.roles[value.name] = next(iter(concepts_of(value.text)), "")
    for value in part.said:
        role = {"to_name": "to", "by_name": "by"}.get(value.name)
        if role and expected.roles.get(role):
            expected.names[expected.mask(value)] = expected.roles[role]
    without_time(expected, part)


def _notification_delay(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"onset", "notice"}
    if part.said:
        expected.barred.append(r"\bat the (?:very |same )?(?:time|moment|minute)\b|\bat once\b")
    else:
        expected.concepts.add("same_time")
    if any((value.number or 0) < 0 for value in part.said):
        expected.concepts.add("before")
    if part.said:
        expected.concepts.add("onset" if part.status == "onset" else "notice")
        plain(expected, part)


def _acknowledgement(expected: Expectation, part: Part) -> None:
    if part.status == "yes":
        expected.concepts.add("acknowledge")
        without_time(expected, part)
    elif part.status == "no":
        expected.frames.add("not_acknowledged")
        expected.denials += 1
        expected.denied["acknowledge"] = r"\bnot\b|\bno\b|without|unacknowledged"
        expected.licensed.add("acknowledge")
    else:
        expected.absent.append(frozenset({"acknowledge"}))
        expected.licensed.add("acknowledge")


def _intervention(expected: Expectation, part: Part) -> None:
    if part.status == "not_recorded":
        expected.absent.append(frozenset({"intervention", "interventions", "action", "actions", "done"}))
        return
    expected.licensed.add("made")
    expected.barred.append(_ACT_OF_ANOTHER)
    for value in free(part):
        expected.say(value.text)
        if value.name == "actor":
            expected.roles["actor"] = next((name for name in concepts_of(value.text) if name.startswith("roles.")), "")
        if value.name == "done":
            first = read(value.text).tokens[0]
            expected.roles["verb"] = first.meanings[0][0] if first.kind == "term" else f"word.{stem_of(first.raw)}"
        if value.name in ("agent", "dose"):
            expected.roles[value.name] = _only(value.text)
        if value.name == "map_target_mmhg":
            expected.concepts.add("target")
            expected.barred.append(_TARGET_REACHED)
    if "side" in part.lacking and not any("side" in named for named in expected.absent):
        expected.absent.append(frozenset({"side", "sides", "laterality"}))
    without_time(expected, part)


def _only(text: str) -> str:
    """The one thing that a value says: its concept, or its number with unit."""
    token = read(text).tokens[0]
    return token.value if token.kind == "number" else next(iter(concepts_of(text)), "")


def _retest(expected: Expectation, part: Part) -> None:
    expected.barred.append(r"\bat (?:the |its )?baseline\b|\bgave way\b")
    expected.licensed |= {"retest", "repeat", "check", "other", "again", "give", "obtain", "place"}
    if part.status == "not_recorded":
        expected.absent.append(frozenset({"retest"}))
        return
    ordinal = _ORDINALS.get(part.number)
    if ordinal:
        expected.licensed.add(ordinal)
    without_time(expected, part)


def _retest_value(expected: Expectation, part: Part) -> None:
    short = next((stated_value.text for stated_value in part.said if stated_value.name == "short"), "")
    place = concepts_of(short)
    expected.licensed |= place
    expected.deny(read(short))
    side = next((name for name in ("left", "right", "midline") if name in place), "")
    sites = frozenset(place - {"left", "right", "midline"})
    value = next((stated_value for stated_value in part.said if stated_value.name in ("text", "description")), None)
    if value is not None and value.how == "free" and value.text.isalpha():
        words = concepts_of(value.text)
        expected.say(value.text)
        expected.pairs.append(BoundValue(sites, side, " ".join(sorted(words))))
        if "loss" in words:
            expected.barred.append(r"\bobtained\b")
    elif value is not None:
        expected.pairs.append(BoundValue(sites, side, f"mask {expected.mask(value)}"))
    else:
        expected.pairs.append(BoundValue(sites, side, ""))


def _retest_change(expected: Expectation, part: Part) -> None:
    if not part.said or not expected.pairs:
        return
    reading = read(part.said[0].text)
    number = next((token.value for token in reading.tokens if token.kind == "number"), "")
    expected.numbers.add(number)
    expected.concepts.add("baseline")
    last = expected.pairs[-1]
    expected.pairs[-1] = BoundValue(last.sites, last.side, number)
    expected.licensed |= {"amplitude"}


_CLASSED: Final = r"(?:assign(?:ed|s|ing|ment)?|class(?:ed|ified)|graded|rated)"
_MASKED: Final = "[\ue000-\uf8ff]"
_AS_REACHED: Final = r"(?:recorded|reached|resolved|came|was|is)\b"


def _classed_at(time: str) -> tuple[str, ...]:
    """Wordings that make the time at which a state was reached the time at which somebody classed it.

    Class, time reached and who classed it are three facts; when it was classed is not recorded.
    """
    return (
        rf"\b{_CLASSED}\b(?:(?!{_AS_REACHED})[^.;:,])*{time}",
        rf"\b{_CLASSED} by\s+{_MASKED}\s*, (?:at|on)\s+{time}",
        rf"{time}(?:(?!recorded|reached)[^.;:,])*\b(?:was|were|is)\s+{_CLASSED}\b",
        rf"^\W*at\s+{time}(?:(?!recorded|reached|resolved|came)[^.;:])*"
        rf"(?:(?:was|were|is)|{_MASKED})\s+{_CLASSED}\b",
    )


def _resolution(expected: Expectation, part: Part) -> None:
    expected.barred.append(r"\brecover\w*[^.;,]{0,10} ended\b")
    expected.barred.append(r"\b(?:toward|towards|from|near|of) (?:the |its )?baseline\b")
    if part.status == "not_recorded":
        expected.absent.append(frozenset({"resolution", "resolved", "return"}))
        expected.licensed.add("return")
        return
    plain(expected, part)
    if (time := expected.times.get("event.resolution.at")) is not None:
        expected.barred.extend(_classed_at(mask_sign(time)))
    if expected.unit.label:
        without_time(expected, part)
    elif not any(value.name == "at" for value in part.said):
        expected.denials += 1  # that its time is not recorded may be said beside the onset's
    expected.licensed |= {"finish", "made", "obtain"}


def _duration(expected: Expectation, part: Part) -> None:
    plain(expected, part)


EVENT_RULES: Final[Mapping[str, Callable[[Expectation, Part], None]]] = {
    "event": _event,
    "event.onset": _onset,
    "event.notice_delay": _notice_delay,
    "event.onset_window": _window,
    "event.criterion": _criterion,
    "event.context": _context,
    "event.excluded": _excluded,
    "event.notification": _notification,
    "event.notification.delay": _notification_delay,
    "event.acknowledgement": _acknowledgement,
    "event.intervention": _intervention,
    "event.retest": _retest,
    "event.retest.reading": _retest_value,
    "event.retest.change": _retest_change,
    "event.resolution": _resolution,
    "event.duration": _duration,
}
"""Rules by kind of fact."""
