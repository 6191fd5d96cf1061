"""Wordings made of the facts' own words that say something else: each was once let through."""

from __future__ import annotations

import pytest

from tests.guard.cases import ANESTHESIA_TOLD, PAUSED, RAISED, RETESTED, SCOLIOSIS, SHUNT, judged

TWISTED = [
    (
        SCOLIOSIS,
        "event-E1",
        ANESTHESIA_TOLD,
        "The anesthesiologist (Anesthesia, Ann, MD) was told by the technologist (Tech, Tobias) at 11:29"
        " (1 min after onset) and again at 11:30 and acknowledged.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        ANESTHESIA_TOLD,
        "The technologist (Tech, Tobias) acknowledged and told the "
        "anesthesiologist (Anesthesia, Ann, MD) at 11:29, 1 min after onset, with acknowledgement at "
        "11:30.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        ANESTHESIA_TOLD,
        "Anesthesiologist (Anesthesia, Ann, MD), technologist (Tech, Tobias): told at 11:29, 1 min after"
        " onset, acknowledged at 11:30.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        PAUSED,
        "At 11:29, the surgeon paused surgery on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        PAUSED,
        "At 11:29, the surgeon paused surgery in tibialis anterior.",
    ),
    (SCOLIOSIS, "event-E1", PAUSED, "At 11:29, the surgeon paused surgery once more."),
    (SCOLIOSIS, "event-E1", PAUSED, "If the surgeon paused surgery, it was at 11:29."),
    (SCOLIOSIS, "event-E1", PAUSED, "Was surgery paused by the surgeon at 11:29."),
    (SCOLIOSIS, "event-E1", PAUSED, "At 11:29, surgery was paused for the surgeon."),
    (SCOLIOSIS, "event-E1", PAUSED, "At 11:29, surgery paused the surgeon."),
    (
        SCOLIOSIS,
        "event-E1",
        PAUSED,
        "At 11:29, the surgeon reported that surgery was paused.",
    ),
    (SCOLIOSIS, "event-E1", PAUSED, "At 11:29, the surgeon let surgery go on, paused."),
    (
        SCOLIOSIS,
        "event-E1",
        RAISED,
        "At 11:31, the anesthesiologist raised the mean arterial pressure with norepinephrine target 85 "
        "mmHg at 4 µg/min.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        RAISED,
        "At 11:31, the anesthesiologist raised the mean arterial pressure by 85 mmHg and targeted "
        "norepinephrine 4 µg/min.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        RAISED,
        "At 11:31, the anesthesiologist raised the target mean arterial pressure from 85 mmHg; "
        "norepinephrine 4 µg/min.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        RAISED,
        "At 11:31, the anesthesiologist raised norepinephrine 4 µg/min; the mean arterial pressure target was 85 mmHg.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        RAISED,
        "At 11:31, the anesthesiologist raised the mean arterial pressure to a value at target, 85 mmHg,"
        " with norepinephrine 4 µg/min.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.resolution",
        "Partial recovery was pending at 13:12, 1 h 44 min after onset, classed by Neuro, Nora, MD.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.resolution",
        "Partial recovery ended at 13:12, 1 h 44 min after onset (classed by Neuro, Nora, MD).",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.resolution",
        "Partial recovery at 13:12, 1 h 44 min after the surgery, classed by Neuro, Nora, MD.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.resolution",
        "Partial recovery of the tibialis anterior at 13:12, 1 h 44 min after onset, classed by Neuro, Nora, MD.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.resolution",
        "Partial recovery at 13:12, 1 h 44 min after onset, assigned to Neuro, Nora, MD.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.resolution",
        "Partial recovery of Neuro, Nora, MD at 13:12, 1 h 44 min after onset.",
    ),
    (
        SHUNT,
        "event-E2",
        "event.E2.resolution",
        "Full return toward baseline at 09:25, 11 min after onset (classed by Neuro, Nora, MD).",
    ),
    (
        SHUNT,
        "event-E2",
        "event.E2.resolution",
        "Full return from baseline at 09:25, 11 min after onset (classed by Neuro, Nora, MD).",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden, partial loss of response was recorded in the tibialis anterior and abductor "
        "hallucis TcMEP on both sides; recovery was recorded.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "After partial recovery, a sudden loss of response was recorded at 11:28 in the tibialis anterior"
        " and abductor hallucis TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.criterion",
        "This once met the criterion: loss of the response or amplitude decrease of at least 80%.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.criterion",
        "Had this met the criterion: loss of the response or amplitude decrease of at least 80%.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.criterion",
        "If this met the criterion: loss of the response or amplitude decrease of at least 80%.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.criterion",
        "Whether this met the criterion, loss of the response or amplitude decrease of at least 80%, is stated.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden loss of one response was recorded in the tibialis anterior and abductor "
        "hallucis TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden loss of response was recorded in the tibialis anterior or abductor hallucis "
        "TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden loss of response was recorded in the tibialis anterior and later abductor "
        "hallucis TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden loss of monitoring was recorded with the response in the tibialis anterior "
        "and abductor hallucis TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden loss of response in the tibialis anterior and abductor hallucis TcMEP on "
        "both sides was under question.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, the sudden onset of response was lost in the tibialis anterior and abductor hallucis "
        "TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1",
        "At 11:28, a sudden loss of response was recorded between the tibialis anterior and abductor "
        "hallucis TcMEP on both sides.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.context",
        "The change arose out of derotation and hypotension (“rod derotation on the left; pressure "
        "falling over the preceding 10 min”).",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.context",
        "With derotation and hypotension (“rod derotation on the left; pressure falling over the "
        "preceding 10 min”) came the loss.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.context",
        "Behind the change lay derotation and hypotension (“rod derotation on the left; pressure falling"
        " over the preceding 10 min”).",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        "event.E1.excluded",
        "Neuromuscular block or electrode off or high impedance was excluded.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        RETESTED,
        "At 11:40, at baseline: L TA absent, R TA 17%, L AH 14%, R AH 23%, L VL 32%, R VL 46%.",
    ),
    (
        SCOLIOSIS,
        "event-E1",
        RETESTED,
        "At 11:40, L TA was absent and R TA was under 17%, L AH 14%, R AH 23%, L VL 32%, R VL 46% of baseline.",
    ),
    (
        SCOLIOSIS,
        "course",
        "modality.tcmep.baseline_review",
        "Neuro, Nora, MD reviewed and accepted the upper-limb SSEP, lower-limb SSEP, TcMEP, free-run EMG, "
        "screw tEMG, and TOF baselines before 08:49.",
    ),
    (
        SCOLIOSIS,
        "course",
        "modality.tcmep.baseline_review",
        "At 08:49, the upper-limb SSEP, lower-limb SSEP, TcMEP, free-run EMG, screw tEMG, and TOF baselines of "
        "Neuro, Nora, MD were reviewed and accepted.",
    ),
]


class TestTwistedWords:
    @pytest.mark.parametrize(("sample", "passage", "unit", "text"), TWISTED)
    def test_is_refused(self, sample, passage, unit, text):
        """Whatever the reason."""
        assert judged(sample, passage, unit, text)
