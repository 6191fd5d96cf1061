"""Keys by which a question names the values of facts: each says what the value is of.

`at` alone was read as the time of whatever stood beside it, and a percentage as a fall; a key here says *of what*.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

__all__ = ["ABOUT_QUOTATIONS", "OUTLINE", "QuotationShape", "key_of", "key_of_delay", "own_phrases"]

_KEYS: Final[Mapping[tuple[str, str], str]] = {
    ("event", "what"): "change",
    ("event", "responses"): "recorded_in",
    ("event", "onset_kind"): "kind_of_onset",
    ("event.onset", "onset_at"): "began_at",
    ("event.onset", "noticed_at"): "noticed_at",
    ("event.onset", "last_unaffected_at"): "last_trace_without_the_change_at",
    ("event.onset_window", "window_min"): "time_between_these_two",
    ("event.notice_delay", "delay_min"): "from_onset_to_noticing",
    ("event.criterion", "text"): "criterion",
    ("event.context", "text"): "going_on_at_the_time",
    ("event.context", "note"): "remark_in_the_record",
    ("event.excluded", "text"): "recorded_as_excluded",
    ("event.notification", "to"): "who_was_told",
    ("event.notification", "to_name"): "name_of_who_was_told",
    ("event.notification", "by"): "told_by",
    ("event.notification", "by_name"): "name_of_who_told",
    ("event.notification", "at"): "told_at",
    ("event.acknowledgement", "at"): "acknowledged_at",
    ("event.acknowledgement", "note"): "answered",
    ("event.intervention", "actor"): "who_did_it",
    ("event.intervention", "done"): "what_was_done",
    ("event.intervention", "side"): "on_side",
    ("event.intervention", "at"): "done_at",
    ("event.intervention", "detail"): "detail_of_the_act",
    ("event.intervention", "agent"): "drug",
    ("event.intervention", "dose"): "dose_of_the_drug",
    ("event.intervention", "level"): "at_level",
    ("event.retest", "at"): "tested_again_at",
    ("event.retest.reading", "short"): "response",
    ("event.retest.reading", "text"): "state_of_the_response",
    ("event.retest.reading", "description"): "remark_on_the_response",
    ("event.resolution", "text"): "class_of_ending",
    ("event.resolution", "at"): "responses_were_so_at",
    ("event.resolution", "assigned_by"): "class_given_by",
    ("event.duration", "duration_min"): "from_onset_until_then",
    ("modality.baseline_review", "modality"): "baselines_of",
    ("modality.baseline_review", "acceptance"): "outcome_of_the_review",
    ("modality.baseline_review", "by"): "reviewed_by",
    ("modality.baseline_review", "at"): "reviewed_at",
    ("modality.baseline_review", "note"): "remark_of_the_reviewer",
}

ABOUT_QUOTATIONS: Final[Mapping[str, str]] = {
    "event.context": "a remark in the record on the circumstances",
    "event.intervention": "the record's words on how the act was done",
    "event.acknowledgement": "the answer of the one who was told",
    "event.retest.reading": "the record's words on this reading",
    "modality.baseline_review": "a remark of the reviewer",
}
"""What the quotation of a fact of a kind is, as a model is told."""


class QuotationShape(StrEnum):
    """The shape of a quotation: how a sentence goes on after it depends on that."""

    PHRASE = "a phrase"
    SENTENCE = "ends with its own full stop"


OUTLINE: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "event": ("", ("what",)),
    "event.criterion": ("criterion", ()),
    "event.context": ("circumstances", ()),
    "event.excluded": ("excluded causes", ()),
    "event.notification": ("told:", ("to",)),
    "event.intervention": ("", ("actor", "done")),
    "event.retest": ("re-test", ()),
    "event.resolution": ("ending", ()),
}
"""A fact in the outline of its event, by its kind: fixed words, and the values after them."""

_OTHER_WORDS: Final = (
    "passage",
    "event",
    "outline",
    "asked",
    "quotations",
    "words of the record",
    "facts",
    "id",
    "heading",
    "parts",
    "kind",
    "status",
    "order",
    "noticed at once",
    "at the same time",
    "told_before_onset_by",
    "told_after_onset_by",
    "told_before_it_was_noticed_by",
    "told_after_it_was_noticed_by",
    "in_percent_of_baseline",
    "the onset lies between these two and its time is not known",
)


def own_phrases() -> tuple[str, ...]:
    """Every phrase that a question holds by itself, whatever the case: none of them tells anything of a person."""
    keys = (*_KEYS.values(), *_OTHER_WORDS)
    outline = tuple(words for words, _ in OUTLINE.values() if words)
    return (*keys, *(key.replace("_", " ") for key in keys), *outline, *ABOUT_QUOTATIONS.values(), *QuotationShape)


def key_of(kind: str, name: str) -> str:
    """The key of a value of a fact.

    Args:
        kind: Kind of the fact.
        name: Name of the value in its fact.
    """
    if (kind, name) in _KEYS:
        return _KEYS[kind, name]
    # "velocity_cm_pct_of_baseline" holds a part of its unit, which no percentage has.
    return name.replace("_cm_pct_of", "_pct_of").replace("_pct_of_baseline", "_in_percent_of_baseline")


def key_of_delay(counted_from: str, minutes: float) -> str:
    """The key of the time between a telling and what it is counted from.

    Args:
        counted_from: Status of the delay: `onset` or `noticed`.
        minutes: The delay; negative where the telling came first.
    """
    event = "it_was_noticed" if counted_from == "noticed" else "onset"
    return f"told_{'before' if minutes < 0 else 'after'}_{event}_by"
