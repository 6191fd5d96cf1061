"""Tellings, acts and reviews in a person's own words: what is true is read as its facts, what is not never is."""

from __future__ import annotations

from functools import cache

import pytest

from report_gen.guard.reader.meaning import Proposition
from report_gen.guard.reader.proof import read, words_of
from report_gen.guard.reader.propositions import propositions
from report_gen.guard.reader.terms import CaseTerms
from tests.guard.cases import SCOLIOSIS, sample
from tests.guard.reader.example_case import example_terms

WORDS = {
    "t": "the technologist (Tech, Tobias)",
    "T": "The technologist (Tech, Tobias)",
    "s": "the surgeon (Surgeon, Sam, MD)",
    "S": "The surgeon (Surgeon, Sam, MD)",
    "a": "the anesthesiologist (Anesthesia, Ann, MD)",
    "A": "The anesthesiologist (Anesthesia, Ann, MD)",
    "i": "the interpreting professional (Neuro, Nora, MD)",
    "n": "Neuro, Nora, MD",
    "after": "1 min after onset",
    "released": "released the correction on the left side at 11:30 (“derotation released”)",
    "freed": "“derotation released”",
    "raised": "the anesthesiologist raised the mean arterial pressure",
    "electrodes": "the electrodes and impedances",
    "checklist": "the surgical team invoked the institutional checklist",
    "invoked": "the institutional checklist was invoked by the surgical team at 11:34",
    "was_told": "was told by the technologist (Tech, Tobias) at 11:29",
    "map": "the mean arterial pressure",
    "drug": "norepinephrine 4 µg/min",
    "drug_at": "norepinephrine at 4 µg/min",
    "four": "“4/4 at the left abductor hallucis”",
    "volts": "“450 V to 500 V, train of 6 to 7”",
    "all": "upper-limb SSEP, lower-limb SSEP, TcMEP, free-run EMG, screw tEMG, and TOF",
    "criterion": "loss of the response or amplitude decrease of at least 80%",
}
"""What stands for the names, drugs and long terms of the sample in the sentences below."""

TRUE = (
    "{S} was told by {t} at 11:29 ({after}) and acknowledged at 11:29.",
    "{T} told {s} at 11:29, {after}; the surgeon acknowledged at 11:29.",
    "{T} alerted {s} at 11:29, {after}, who acknowledged at 11:29.",
    "{T} told {s} and {a} at 11:29, {after}; the surgeon acknowledged at 11:29 and the anesthesiologist at 11:30.",
    "At 11:29, {after}, {t} told {s}, {a}, and {i}, who acknowledged at 11:29, 11:30, and 11:30, respectively.",
    "At 11:29, {after}, {t} told {a} and {i}, and both acknowledged at 11:30.",
    "{A} and {i} were informed by {t} at 11:29, {after}, and acknowledged at 11:30.",
    "{S} was notified at 11:29, {after}, by {t} and acknowledged at 11:29.",
    "{S}, informed by {t} at 11:29, {after}, acknowledged at 11:29.",
    "The surgeon paused surgery at 11:29 and released the correction on the left side ({freed}) at 11:30.",
    "The surgeon paused surgery at 11:29 and {released}.",
    "At 11:29, surgery was paused by the surgeon.",
    "Surgery was paused by the surgeon at 11:29.",
    "Surgery was paused at 11:29 by the surgeon.",
    "At 11:29 the surgeon paused surgery and at 11:30 released the correction on the left side ({freed}).",
    "The correction was released on the left side by the surgeon at 11:30 ({freed}).",
    "At 11:31, {raised} to a target of 85 mmHg with {drug_at}.",
    "The anesthesiologist raised {map} at 11:31, using {drug} with a target of 85 mmHg.",
    (
        "The mean arterial pressure was raised by the anesthesiologist at 11:31, with a target of 85 "
        "mmHg, using {drug_at}."
    ),
    "At 11:32, the technologist checked the train-of-four ({four}) and checked {electrodes}.",
    "The surgeon paused surgery at 11:29, {raised} at 11:31 (target 85 mmHg; {drug}), and {checklist} at 11:34.",
    "Baselines of {all} were reviewed and accepted by {n} at 08:49.",
    "The {all} baselines were accepted by {n} at 08:49.",
    "The surgeon paused surgery at 11:29, and at 11:34, {checklist}.",
    "The surgeon paused surgery at 11:29; {raised} at 11:31 (target 85 mmHg; {drug}).",
    (
        "The technologist checked the train-of-four at 11:32 ({four}), checked {electrodes} at 11:32, "
        "and raised the stimulus at 11:33 ({volts})."
    ),
    (
        "At 11:29, the surgeon paused surgery; at 11:30, the surgeon released the correction on the left "
        "side ({freed}); and at 11:34, {checklist}."
    ),
    "The surgeon paused surgery at 11:29 and, at 11:30, released the correction on the left side ({freed}).",
    (
        "At 11:30, the correction was released on the left side by the surgeon ({freed}), and {map} was "
        "raised by the anesthesiologist at 11:31 with a target of 85 mmHg using {drug}."
    ),
    "The electrodes and impedances were checked by the technologist at 11:32, and {invoked}.",
    "{T} notified {s} at 11:29, {after}; the surgeon acknowledged at 11:29.",
    "At 11:30, the surgeon released the left-sided correction ({freed}).",
    "The left-sided correction was released by the surgeon at 11:30 ({freed}).",
    "{T} told {s} and {a} at 11:29 ({after}); they acknowledged at 11:29 and 11:30, respectively.",
    "{T} told {s} at 11:29, {after}, who acknowledged at 11:29, and {a} at 11:29, {after}, who acknowledged at 11:30.",
    "At 11:29, {after}, {t} told {s}, who acknowledged at 11:29, and {a}, who acknowledged at 11:30.",
    "{T} told {a} and {i} at 11:29, {after}, and both acknowledged at 11:30.",
    "{T} told {a} and {i} at 11:29, {after}; each acknowledged at 11:30.",
    "At 11:29, {after}, {t} told both {a} and {i}; each acknowledged at 11:30.",
    "{S} and {a} were both told by {t} at 11:29, {after}; the surgeon acknowledged at 11:29, the anesthesiologist at "
    "11:30.",
    "{T} told {s} at 11:29, {after}, which was acknowledged at 11:29.",
    "Notified by {t} at 11:29, {after}, {s} acknowledged at 11:29.",
    "{T} told {s} at 11:29, {after}, and the surgeon acknowledged this at 11:29; {a} was told of the change by {t} "
    "at 11:29, {after}, and acknowledged at 11:30.",
    "{T} notified {s}, who acknowledged at 11:29, and {a}, who acknowledged at 11:30; both were told at 11:29, "
    "{after}.",
    "Notification of {s} by {t} took place at 11:29 ({after}) and was acknowledged at 11:29.",
    "The surgeon paused surgery at 11:29 and then {released}.",
    "Surgery was paused by the surgeon at 11:29, after which the correction on the left side was released by the "
    "surgeon at 11:30 ({freed}).",
    "The correction was released by the surgeon on the left side at 11:30 ({freed}).",
    "The mean arterial pressure was raised by the anesthesiologist at 11:31 using {drug}, with a target of 85 mmHg.",
    "At 11:31, {raised} with a target of 85 mmHg and {drug_at}.",
    "At 08:49, the baselines for TcMEP and TOF were reviewed and accepted by {n}.",
)

FALSE = {
    "who told whom, and who answered": (
        "{S} was told by {t} at 11:29, {after}, who acknowledged at 11:29.",
        "{T} told {s} at 11:29, {after}, and acknowledged at 11:29.",
        "{T} told {s} at 11:29, {after}; the anesthesiologist acknowledged at 11:29.",
        "{T} told {s} and {a} at 11:29, {after}, who acknowledged at 11:30.",
        "{T} told {s} and {a} at 11:29, {after}; both acknowledged at 11:30.",
        "{T} told {s} and {a} at 11:29, {after}; the surgeon acknowledged at 11:30 and the anesthesiologist at 11:29.",
        "{T} was told by {s} at 11:29 ({after}) and acknowledged at 11:29.",
        "{S} was to be told by {t} at 11:29 ({after}) and acknowledged at 11:29.",
        "{S} was told by {t} at 11:29 (1 min before onset) and acknowledged at 11:29.",
        "{S} was told by {t} by 11:29 ({after}) and acknowledged at 11:29.",
        "{S} was told by {t} at 11:29 (1 min after it was noticed) and acknowledged at 11:29.",
        "{S} was told by {t} at 11:29 ({after}) and only acknowledged at 11:29.",
        "{S} was told by {t} at 11:29 ({after}) and did not acknowledge at 11:29.",
        "{S} was not told by {t} at 11:29 ({after}) and acknowledged at 11:29.",
        "The surgeon (Anesthesia, Ann, MD) was told by {t} at 11:29 ({after}) and acknowledged at 11:29.",
        "{S} and {a} were told by {t} at 11:29, {after}, and acknowledged at 11:30 and 11:29, respectively.",
        "{S} and {a} were told by {t} at 11:29, {after}, and acknowledged at 11:29 and 11:30.",
        "{S} or {a} was told by {t} at 11:29, {after}.",
        "{T} had {s} told at 11:29, {after}; the surgeon acknowledged at 11:29.",
        "{S}, who told {t} at 11:29, acknowledged at 11:29.",
        "The surgeon was not told; notification of the surgeon and the anesthesia team is not recorded.",
        "{T} told {s} at 11:29, {after}, with acknowledgement at 11:30.",
        "{T} told {s} at 11:29, {after}; acknowledged by the technologist at 11:29.",
        "{S} was told by {t} at 11:29, {after}, and acknowledged at 11:29 and paused surgery.",
        "The surgeon paused surgery at 11:29, who acknowledged at 11:29.",
        "{S} and {s} were told by {t} at 11:29, {after}; both acknowledged at 11:29.",
        "{S} was told by {t} at 11:29, {after}; the surgeon acknowledged at 11:29, and paused surgery.",
        "{T} told {s}, {a} at 11:29, {after}; both acknowledged at 11:30.",
        "The surgeon was told at 11:29 and the anesthesiologist paused surgery at 11:29.",
        "{S}, told by {t} at 11:29, {after}, acknowledged at 11:30.",
        "{S}, told by {a} at 11:29, {after}, acknowledged at 11:29.",
        "The surgeon paused surgery at 11:29, with acknowledgement at 11:29.",
        (
            "{T} told Surgeon, Sam, MD, the anesthesiologist, at 11:29, {after}; the anesthesiologist "
            "acknowledged at 11:30."
        ),
        (
            "Surgeon, Sam, MD (technologist) was told by Tech, Tobias (surgeon) at 11:29, {after}, and "
            "acknowledged at 11:29."
        ),
        "{T} told {s} at 11:29, {after}, which the technologist acknowledged at 11:29.",
        "{T} told {s} and {a} at 11:29, {after}, and the surgeon acknowledged at 11:29.",
        "{T} told all three at 11:29.",
        "{T} told {s} and {a} at 11:29, {after}; neither acknowledged.",
        "{T} told {s}, who acknowledged at 11:29, and {a}, who acknowledged at 11:29.",
        "At 11:29, {after}, {t} told {s}, who acknowledged at 11:30, and {a}, who acknowledged at 11:29.",
        "At 11:29, {after}, {t} told {s} and {a}, who acknowledged at 11:30.",
        "{S} was told by {t} at 11:29, {after}, and {a} at 11:29, {after}, and acknowledged at 11:30.",
        "{S} was told at 11:29, {after}, and acknowledged at 11:29.",
        "{T} told {s} at 11:29, {after}, which the surgeon acknowledged at 11:30.",
        "{T} alerted {s} at 11:29, 1 min later, who acknowledged at 11:29.",
        "{T} told {s} at 11:29, 1 h after onset; the surgeon acknowledged at 11:29.",
        "{T} told {s} at 11:29 of {after}; the surgeon acknowledged at 11:29.",
        "{T} told {s} at 11:29, at onset; the surgeon acknowledged at 11:29.",
        "{T} told {s} at 11:29, {after}; acknowledgement is not recorded.",
        "{T} told {s} at 11:29, {after}; it was not acknowledged.",
        (
            "{T} told {s} at 11:29, {after}; the surgeon acknowledged at 11:29, saying “Stopping, releasing "
            "the correction.”"
        ),
        "{T} told {s} and {a} at 11:29, {after}; they acknowledged at 11:29.",
        "{T} told {a} and {i} at 11:29, {after}; all three acknowledged at 11:30.",
        "{T} told {s}, {a}, and {i} at 11:29, {after}; both acknowledged at 11:30.",
    ),
    "what the record lacks, reviews and criteria": (
        "At 11:29, the surgeon paused surgery, and this met the criterion: {criterion}.",
        (
            "At 11:29, the surgeon paused surgery and recorded as excluded: neuromuscular block and "
            "electrode off or high impedance."
        ),
        "{n} reviewed and accepted the {all} baselines by 08:49.",
        "{n} reviewed and accepted the {all} baselines with limits at 08:49.",
        "{n} reviewed or accepted the TcMEP baselines at 08:49.",
        "{n} reviewed the TcMEP baselines at 08:49.",
        "Surgeon, Sam, MD reviewed and accepted the TcMEP baselines at 08:49.",
        "The baselines of all but TcMEP were reviewed and accepted by {n} at 08:49.",
        "No intervention is recorded.",
        "{n} reviewed and accepted the TcMEP and TcMEP baselines at 08:49.",
        (
            "The surgeon paused surgery at 11:29, and recorded as excluded: neuromuscular block and "
            "electrode off or high impedance."
        ),
        "At a time not recorded, the surgeon paused surgery.",
        "At 11:29: paused surgery; by whom is not recorded.",
        "The surgeon paused surgery; the time is not recorded.",
        "{n} reviewed and rejected the TcMEP baselines at 08:49.",
        "{n} reviewed and accepted the TcMEP baselines.",
        "{n} reviewed and accepted the TcMEP baselines at 08:49 (“good”).",
        "The TcMEP baselines were reviewed at 08:49 and accepted by {n}.",
        "The TcMEP baselines were accepted at 08:49; by whom is not recorded.",
        "A review of the TcMEP baselines is not recorded.",
        "No review of the TcMEP baselines is recorded.",
        "The TcMEP baselines were reviewed and accepted by the technologist at 08:49.",
        "{n} reviewed and accepted the baselines of TcMEP (08:49, with limits).",
        "{n} reviewed and accepted the baselines of TcMEP (08:49); EEG (08:49).",
    ),
    "drugs and targets": (
        "At 11:29, the surgeon paused surgery and raised {map} (target 85 mmHg; {drug}).",
        "At 11:31, {raised} to 85 mmHg with {drug_at}.",
        "At 11:31, {raised} by 85 mmHg with {drug_at}.",
        "At 11:31, {raised} from a target of 85 mmHg with {drug_at}.",
        "At 11:31, {raised} to a target of 4 mmHg with norepinephrine at 85 µg/min.",
        "At 11:31, {raised} to the target of 85 mmHg with {drug_at}.",
        "At 11:31, the anesthesiologist raised the norepinephrine to 4 µg/min with a target of 85 mmHg.",
        "At 11:31, the anesthesiologist tried to raise {map} to a target of 85 mmHg with {drug_at}.",
        "At 11:31, the anesthesiologist almost raised {map} to a target of 85 mmHg with {drug_at}.",
        "The mean arterial pressure was raised by norepinephrine at 11:31.",
        "At 11:31, {raised} with norepinephrine at 85 mmHg to a target of 4 µg/min.",
        "At 11:31, {raised} (target 85 mmHg; norepinephrine 4 mg/min).",
        "At 11:31, {raised} (target −85 mmHg; {drug}).",
        "At 11:31, {raised} ({drug}).",
        "At 11:31, {raised} (target 85 mmHg).",
        "At 11:31, {raised} without {drug_at}.",
        "At 11:31, the anesthesiologist lowered {map} (target 85 mmHg; {drug}).",
        "At 11:31, the surgeon and {raised} (target 85 mmHg; {drug}).",
        "At 11:31, the anesthesia team raised {map} (target 85 mmHg; {drug}).",
    ),
    "sides and details": (
        "At 11:29, the surgeon paused surgery and released the correction on the left side ({freed}).",
        "The correction was released by the surgeon on the right side at 11:30 ({freed}).",
        "The correction on the left side was released by the surgeon on the left side at 11:30 ({freed}).",
        "The correction was released on the right side by the surgeon at 11:30 ({freed}).",
        "The surgeon on the left side released the correction at 11:30 ({freed}).",
        "The surgeon left, released the correction at 11:30 ({freed}).",
        "The surgeon left and released the correction at 11:30 ({freed}).",
        "At 11:30, the surgeon released the left-sided correction and {checklist} at 11:34 ({freed}).",
        (
            "At 11:29, the surgeon paused surgery and at 11:30, the technologist released the correction on "
            "the left side ({freed})."
        ),
        (
            "Surgery was paused by the surgeon and the correction was released on the left side by the "
            "surgeon at 11:30 ({freed})."
        ),
        "At 11:30, the surgeon released the right correction ({freed}).",
        "At 11:30, the surgeon released the left-over correction ({freed}).",
        "At 11:30, the surgeon released the correction on the side ({freed}).",
        "At 11:30, the surgeon released the correction on both sides ({freed}).",
        "At 11:30, the surgeon released the correction of the left side ({freed}).",
        "At 11:30, the left surgeon released the correction ({freed}).",
        "At 11:30, the surgeon has released the correction on the left side ({freed}).",
        "At 11:30, the surgeon released the correction on the left side (derotation not released).",
        "At 11:30, the surgeon released the correction on the left side (“derotation not released”).",
        "At 11:30, the surgeon released the correction on the left side (“released”).",
        "At 11:30, the surgeon released the correction on the left side (“Derotation released”).",
        "The surgeon paused surgery at 11:29 on the left side.",
    ),
    "who did what, and when": (
        "The surgeon released the correction on the left side at 11:30 ({freed}) and then paused surgery at 11:29.",
        "Surgery was paused by the surgeon at 11:29, after which the surgeon paused surgery at 11:29.",
        "The correction on the left side was released by the surgeon at 11:30 ({freed}), after which the surgeon "
        "paused surgery at 11:29.",
        "The surgeon paused surgery at 11:29 and then released the correction on the left side ({freed}).",
        "The surgeon paused surgery and then {released}.",
        "Surgery was paused by the surgeon at 11:29, and then the train-of-four was checked by the technologist.",
        "The surgeon paused surgery at 11:29 and the technologist {released}.",
        "The surgeon paused surgery and {released}.",
        "At 11:29, the surgeon paused surgery and {checklist}.",
        "At 11:29, the surgeon paused surgery while {checklist} at 11:34.",
        "The surgeon paused surgery from 11:29.",
        "The surgeon paused surgery until 11:29.",
        "Surgery was paused by the technologist at 11:29.",
        "Surgery was paused for the surgeon at 11:29.",
        "Surgery was to be paused by the surgeon at 11:29.",
        "Surgery was not paused by the surgeon at 11:29.",
        "At 11:32, the technologist checked the train-of-four ({volts}).",
        "No intervention was done.",
        "The surgeon paused surgery at 11:29; the surgeon resumed surgery at 11:34.",
        "The surgeon paused surgery at 11:29 and at 11:30.",
        "The surgeon, the anesthesiologist paused surgery at 11:29.",
        "The surgeon and the surgical team paused surgery at 11:29.",
        "Because the technologist checked {electrodes} at 11:32, the surgeon paused surgery at 11:29.",
        "The technologist checked {electrodes} at 11:32, and the surgeon paused surgery at 11:29 again.",
        "The technologist checked for technical causes at 11:32.",
        "The surgeon paused surgery and paused surgery at 11:29.",
        "The surgeon, not the technologist, paused surgery at 11:29.",
        "The technologist checked {electrodes} at 11:32 and {released}.",
        "At 11:32, the technologist checked {electrodes} and at 11:34 invoked the institutional checklist.",
        "Surgery was paused by the surgeon at 11:29 and {released}.",
        "At 11:29, surgery was paused by the surgeon and the institutional checklist was invoked by the surgical team.",
        "The surgeon paused the surgery at 11:29, {after}.",
        "At 11:29, surgery was paused.",
        "The surgeon paused surgery.",
        "Surgery was stopped by the surgeon at 11:29.",
        "Partial recovery at 13:12, 1 h 44 min after onset, and the surgeon paused surgery.",
        "At 11:29, the surgeon paused surgery and R TA was 17% of baseline.",
        "At 11:40, L TA was absent, and the surgeon paused surgery.",
        "At 11:40, L TA was absent and the surgeon paused surgery, at 11:29.",
    ),
}
"""Sentences that say what the record does not, by what they are wrong about."""


@cache
def stated() -> frozenset[Proposition]:
    """All that the facts of the sample state."""
    found, facts = sample(SCOLIOSIS)
    return frozenset().union(*(propositions(unit, facts) for passage in found for unit in passage.offered))


@cache
def terms() -> CaseTerms:
    """The terms of the sample, read once."""
    return example_terms()


def holds(text: str) -> bool:
    """Whether a sentence has one meaning, and all of it is in the facts."""
    meanings = list(read(words_of(text, terms()), terms()).meanings)
    return len(meanings) == 1 and not any(meanings[0].rows) and stated().issuperset(meanings[0].states)


class TestASentence:
    """Of a telling, an act or a review."""

    @pytest.mark.parametrize("text", TRUE)
    def test_that_is_true_is_read_as_facts(self, text: str) -> None:
        """In one way."""
        assert holds(text.format(**WORDS))

    @pytest.mark.parametrize("text", [text for texts in FALSE.values() for text in texts])
    def test_that_is_false_is_never_read_as_facts(self, text: str) -> None:
        """Neither as all that it says, nor as part of it."""
        assert not holds(text.format(**WORDS))
