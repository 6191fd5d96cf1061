"""What a wording of a unit must say and may say, from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_gen.draft.passages import Unit
from report_gen.facts.model import Facts
from report_gen.guard.course_rules import COURSE_RULES
from report_gen.guard.event_rules import EVENT_RULES
from report_gen.guard.expectation import TIME_WORDS, Expectation, plain
from report_gen.guard.reading import Mask, concepts_of

__all__ = ["expectation", "units_masks"]

_GENERAL: Final = frozenset({"surgery", "filler"})
"""Concepts that fit any case and state nothing by themselves."""
_OF_THE_CHANGE: Final = frozenset({"event.criterion", "event.context", "event.excluded", "event.notification"})
"""Kinds of which a sentence may name the change itself; elsewhere it would put the change at another time."""
_SPARE: Final = frozenset({"event.intervention", "event.retest"})
"""Kinds whose sentences may not speak of a change, an event or an onset besides what they state."""
_ONLY_MEANT: Final = (
    r"\b(?:was|were|is|are|had|has|have|about) to (?!be\b)|^(?:if|had|was|were|did|does|do|has|have|should)\b"
    r"|\bafter (?:the )?surgery\b|\bonset of (?:the )?(?:surgery|responses?)\b"
    r"|\bafter (?:a |the )?(?:partial|full|return|recover)"
)
_TIME_KNOWN: Final = (
    r"(?<!\bno )\btimes?\b(?:(?!\b(?:not|no|nor|neither|unknown)\b|[.;,]).)*\b(?:recorded|documented|stated|known)\b"
)
"""Wordings that say a time is recorded; barred where it is not."""
_RULES: Final = {**COURSE_RULES, **EVENT_RULES}


def expectation(unit: Unit, facts: Facts) -> Expectation:
    """What a wording of `unit` must and may say.

    Args:
        unit: A unit that a model may word.
        facts: All facts, for the event that it is about.
    """
    expected = Expectation(unit)
    expected.licensed |= _GENERAL
    expected.barred.append(_ONLY_MEANT)
    if not {part.kind for part in unit.parts} & _SPARE:
        expected.licensed |= {"change", "event", "onset"}
    for part in unit.parts:
        for value in part.said:
            if value.how != "free":
                index = expected.mask(value)
                if value.how == "time":
                    expected.times[f"{part.kind}.{value.name}"] = index
        _RULES.get(part.kind, plain)(expected, part)
    if TIME_WORDS in expected.absent:
        expected.barred.append(_TIME_KNOWN)
    _event_head(expected, facts)
    for kind, word in (("muscles", "muscle"), ("nerves", "nerve")):
        if any(name.startswith(f"{kind}.") for name in expected.licensed | expected.concepts):
            expected.licensed.add(word)
    return expected


def _event_head(expected: Expectation, facts: Facts) -> None:
    """Concepts that any unit of an event may say: id, class, modality; places where no value is bound to one."""
    event = facts.get(expected.unit.about) if expected.unit.about else None
    if event is None:
        return
    for name in ("id", "event_class", "modality"):
        expected.licensed |= concepts_of(event.text(name))
    if {part.kind for part in expected.unit.parts} & _OF_THE_CHANGE:
        expected.licensed |= concepts_of(event.text("what"))
        if not expected.pairs:
            expected.placed = event.text("responses")
            expected.licensed |= concepts_of(event.text("responses")) | concepts_of(event.text("level"))


def units_masks(expected: Sequence[Expectation]) -> list[Mask]:
    """The masks of several expectations, each once."""
    return list(dict.fromkeys(mask for one in expected for mask in one.masks))
