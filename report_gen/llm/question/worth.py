"""Which units are worth a question: where a wording can only copy the template, nobody is asked.

Decided on 133 wordings of a strong model (``tests/corpora/v0.1.0/model-wordings.jsonl``), by how many of the template's
words they keep in order (1: all) and by how many were true, and on 558 units of the samples:

======================  =====  ==============  =====  ==========================================================
kind of unit            units  words as given  true   asked
======================  =====  ==============  =====  ==========================================================
how an event began         68            0.49  9/9    yes
re-tests                   93            0.53  7/9    yes
tellings                  106            0.67  17/17  yes, but not bare ones: who was told and when, and no more
circumstances              64            0.71  9/9    yes
acts                       88            0.74  17/17  yes
reviews of baselines       23            0.75  4/4    where outcomes differ or there is a note; else a list is copied
criterion                  54            0.87  7/7    no: its text must be copied to the letter
endings                    48            0.47  2/9    no: what varied was who classed it when, which nobody records
excluded causes            14            0.43  4/4    no: what varied were the terms of the list, which are fixed now
======================  =====  ==============  =====  ==========================================================
"""

from __future__ import annotations

from typing import Final

from report_gen.draft.passages import Unit

__all__ = ["worth_asking"]

_COPIED: Final = frozenset(
    {"event.criterion", "event.resolution", "event.duration", "event.excluded", "event.note", "event.first_within"}
)
"""Kinds whose wording can only be the template's."""
_TELLING: Final = frozenset({"event.notification", "event.notification.delay", "event.acknowledgement"})
_MORE_THAN_TOLD: Final = frozenset({"to_name", "by_name", "delay_min"})
"""Values by which a telling is more than bare."""


def worth_asking(unit: Unit) -> bool:
    """Whether a model is asked to word a unit that may be worded."""
    kinds = {part.kind for part in unit.parts}
    if not kinds or kinds <= _COPIED:
        return False
    if kinds <= _TELLING:
        return any(value.name in _MORE_THAN_TOLD for part in unit.parts for value in part.said) or any(
            part.kind == "event.acknowledgement" and part.said for part in unit.parts
        )
    if kinds == {"modality.baseline_review"}:
        return _several_outcomes(unit)
    return True


def _several_outcomes(unit: Unit) -> bool:
    """Whether the baselines of a unit were not all reviewed with the same outcome, or a note belongs to some."""
    outcomes = {
        (part.status, tuple((value.name, value.text) for value in part.said if value.name != "modality"))
        for part in unit.parts
    }
    return len(outcomes) > 1 or any(value.name == "note" for part in unit.parts for value in part.said)
