"""Events as the report tells them: alerts as chronologies, the others as rows, and the account of each in prose."""

from report_gen.draft.events.account import act_sentence, event_chains, in_order, occurrence, onset_words, shown
from report_gen.draft.events.chains import alerts
from report_gen.draft.events.others import further_events, only_in_record, other_events

__all__ = [
    "act_sentence",
    "alerts",
    "event_chains",
    "further_events",
    "in_order",
    "occurrence",
    "only_in_record",
    "onset_words",
    "other_events",
    "shown",
]
