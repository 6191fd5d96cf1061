"""Times stand with their acts, names with their roles, counts with what they count."""

from __future__ import annotations

import pytest

from report_gen.guard.sentence import judge
from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.guard.cases import ANESTHESIA_TOLD, PAUSED, RELEASED, SCOLIOSIS, SHUNT, built, judged, reasons, unit_of

ANN, TOBIAS, REPLY = "(Anesthesia, Ann, MD)", "(Tech, Tobias)", "“MAP 54, starting norepinephrine.”"


def _told(text):
    """The refusals of a wording of the second notification of the scoliosis sample."""
    return reasons(judged(SCOLIOSIS, "event-E1", ANESTHESIA_TOLD, text))


def _of(data, passage, fact, text):
    """The refusals of a wording of a unit of a case."""
    found, facts = built(data)
    return reasons(judge([text], [unit_of(found, passage, fact)], facts))


class TestRoles:
    @pytest.mark.parametrize(
        "text",
        [
            f"The technologist {TOBIAS} told the anesthesiologist {ANN} at 11:29",
            f"The anesthesiologist {ANN} was told by the technologist {TOBIAS} at 11:29",
            f"At 11:29 the anesthesiologist {ANN} was informed by the technologist {TOBIAS}",
            f"Word went from the technologist {TOBIAS} to the anesthesiologist {ANN} at 11:29",
        ],
    )
    def test_who_told_whom(self, text):
        """In either voice, and without a verb."""
        assert _told(f"{text}, 1 min after onset; acknowledged at 11:30: {REPLY}.") == set()

    @pytest.mark.parametrize(
        "text",
        [
            f"The anesthesiologist {ANN} told the technologist {TOBIAS} at 11:29",
            f"The technologist {TOBIAS} was told by the anesthesiologist {ANN} at 11:29",
            f"At 11:29 the technologist {TOBIAS} was informed by the anesthesiologist {ANN}",
            f"Word went from the anesthesiologist {ANN} to the technologist {TOBIAS} at 11:29",
            f"The technologist {ANN} told the anesthesiologist {TOBIAS} at 11:29",
            f"The technologist, {ANN}, told the anesthesiologist, {TOBIAS}, at 11:29",
        ],
    )
    def test_the_other_way_round(self, text):
        """The same words, roles or names exchanged."""
        assert "who" in _told(f"{text}, 1 min after onset; acknowledged at 11:30: {REPLY}.")


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("was told at 11:29 (1 min after onset) and acknowledged at 11:30", True),
            ("was told at 11:29, 1 min after onset; the acknowledgement came at 11:30", True),
            ("acknowledged at 11:30 what had been told at 11:29 (1 min after onset)", True),
            ("was told at 11:30 (1 min after onset) and acknowledged at 11:29", False),
            ("acknowledged at 11:29 what had been told at 11:30 (1 min after onset)", False),
            ("was told before 11:29 (1 min after onset) and acknowledged at 11:30", False),
        ],
    )
    def test_told_and_acknowledged(self, text, stands):
        """Each act has its own time."""
        found = _told(f"The anesthesiologist {ANN} {text}: {REPLY}; told by the technologist {TOBIAS}.")
        assert ("time" not in found) is stands

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("Monitoring ran from 08:46 to 13:14 (4 h 28 min of monitored time).", True),
            ("From 08:46 until 13:14, 4 h 28 min were monitored.", True),
            ("Monitoring began at 08:46 and ended at 13:14, with 268 minutes of monitored time.", True),
            ("Monitoring ended at 13:14 after it had begun at 08:46, with 4 h 28 min of monitored time.", True),
            ("Monitoring ran from 13:14 to 08:46, with 4 h 28 min of monitored time.", False),
            ("Monitoring ended at 08:46 and began at 13:14, with 4 h 28 min of monitored time.", False),
            ("Monitoring, with 4 h 28 min of monitored time: 13:14, 08:46.", False),
        ],
    )
    def test_a_span_begins_before_it_ends(self, text, stands):
        """Cue words count, then the order."""
        found = reasons(judged(SCOLIOSIS, "course", "minutes.monitoring", text))
        assert (found == set()) is stands

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("was noticed at 10:01 in {place}. The last trace without the change was at 09:50", True),
            ("was noticed in {place} at 10:01; the last trace without the change dates from 09:50", True),
            ("was noticed at 09:50 in {place}. The last trace without the change was at 10:01", False),
        ],
    )
    def test_notice_and_last_unaffected_trace(self, text, stands):
        """Neither takes the other's time."""
        data = with_alert(onset_at=None, noticed_at=at("10:01"), last_unaffected_at=at("09:50"))
        place = "the left abductor hallucis TcMEP"
        rest = "; the onset lies within the 11 min between them and its time is not known. Its onset was sudden."
        found = _of(data, "event-E1", "event.E1", f"An amplitude decrease {text.format(place=place)}{rest}")
        assert ("time" not in found) is stands

    def test_onset_and_notice(self):
        """An onset is not the notice of it."""
        data = with_alert(onset_at=at("10:00"), last_unaffected_at=at("09:50"))
        place = "the left abductor hallucis TcMEP"
        fair = f"At 10:00, a sudden amplitude decrease was recorded in {place}; the last trace without it was at 09:50."
        swapped = fair.replace("10:00", "x").replace("09:50", "10:00").replace("x", "09:50")
        assert "time" not in _of(data, "event-E1", "event.E1", fair)
        assert "time" in _of(data, "event-E1", "event.E1", swapped)

    @pytest.mark.parametrize(
        ("act", "text"),
        [
            (PAUSED, "After 11:29, the surgeon paused surgery."),
            (PAUSED, "Until 11:29, the surgeon paused surgery."),
            (
                RELEASED,
                "Before 11:30, the surgeon released the correction on the left (“derotation released”).",
            ),
        ],
    )
    def test_a_time_is_not_one_before_or_after(self, act, text):
        """A point in time stays one."""
        assert "time" in reasons(judged(SCOLIOSIS, "event-E1", act, text))


class TestCounts:
    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("At closing, 1 of 12 responses compared was beyond the criterion; 6 further are", True),
            ("Of the 12 responses compared with a criterion at closing, one was beyond it; 6 further are", True),
            ("At closing, 12 of 1 responses compared were beyond the criterion; 6 further are", False),
            ("At closing, 6 of 12 responses compared were beyond the criterion; 1 further is", False),
            ("At closing, 1 of 6 responses compared was beyond the criterion; 12 further are", False),
            ("At closing, 1 of 12 responses compared was within the criterion; 6 further are", False),
            ("At closing, all 12 responses compared were within the criterion; 6 further are", False),
        ],
    )
    def test_counts_at_closing(self, text, stands):
        """Three numbers, three meanings."""
        whole = f"{text} described without comparison."
        found = reasons(judged(SCOLIOSIS, "summary", "aggregate.closing", whole))
        assert (found == set()) is stands

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("Four of the 8 TcMEP channels compared met the criterion in force at the worst recorded reading.", True),
            ("Of 4 TcMEP channels compared, 8 met the criterion in force at the worst recorded reading.", False),
            (
                "Of 8 TcMEP channels compared, 4 did not meet the criterion in force at the worst recorded reading.",
                False,
            ),
            ("Of 8 TcMEP channels compared, 5 met the criterion in force at the worst recorded reading.", False),
            ("TcMEP channels met the criterion in force at the worst recorded reading.", False),
        ],
    )
    def test_channels_that_met_a_criterion(self, text, stands):
        """Some of all, not the other way round."""
        found = reasons(judged(SCOLIOSIS, "course", "modality.tcmep.extreme", text))
        assert (found == set()) is stands

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("Four alerts (E1, E2, E3, and E4) are recorded.", True),
            ("The record holds 4 alerts: E1, E2, E3, and E4.", True),
            ("Three alerts are recorded (E1, E2, E3, and E4).", False),
            ("Four alerts are recorded (E1, E2, and E3).", False),
            ("Four changes are recorded (E1, E2, E3, and E4).", False),
            ("No alert is recorded (E1, E2, E3, and E4).", False),
        ],
    )
    def test_events(self, text, stands):
        """As many as are named, of their own class."""
        found = reasons(judged(SHUNT, "summary", "aggregate.alerts", text))
        assert (found == set()) is stands

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("No alert, change or improvement is recorded.", True),
            ("One alert is recorded.", False),
            ("Alerts are recorded.", False),
        ],
    )
    def test_no_event(self, text, stands):
        """Nothing is nothing."""
        found = _of(case(events=[]), "summary", "aggregate.alerts", text)
        assert (found == set()) is stands


class TestModalities:
    CHANGES = ("amplitude −8%, latency +0.2 ms", "amplitude −28%, latency +1.1 ms")

    @pytest.mark.parametrize(
        ("head", "first", "second", "stands"),
        [
            (
                "No recorded upper-limb SSEP and lower-limb SSEP reading met",
                "left ulnar",
                "left posterior tibial",
                True,
            ),
            ("Neither upper-limb SSEP nor lower-limb SSEP readings met", "left ulnar", "left posterior tibial", True),
            (
                "No recorded upper-limb SSEP and lower-limb SSEP reading met",
                "left posterior tibial",
                "left ulnar",
                False,
            ),
            (
                "No recorded upper-limb SSEP and lower-limb SSEP reading met",
                "right ulnar",
                "left posterior tibial",
                False,
            ),
            ("No recorded upper-limb SSEP reading met", "left ulnar", "left posterior tibial", False),
            ("No recorded SSEP reading met", "left ulnar", "left posterior tibial", False),
            ("No recorded TcMEP reading met", "left ulnar", "left posterior tibial", False),
            ("Recorded upper-limb SSEP and lower-limb SSEP readings met", "left ulnar", "left posterior tibial", False),
        ],
    )
    def test_the_readings_farthest_from_baseline(self, head, first, second, stands):
        """Every modality is judged, and each reading is that of its own nerve and side."""
        text = (
            f"{head} the criterion in force; farthest from baseline were the {first} nerve SSEP ({self.CHANGES[0]}) "
            f"and the {second} nerve SSEP ({self.CHANGES[1]})."
        )
        found = reasons(judged(SCOLIOSIS, "course", "modality.ssep_upper.extreme", text))
        assert (found == set()) is stands


class TestAcknowledgement:
    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            (f"told the anesthesiologist {ANN} at 11:29; at 11:30 the anesthesiologist acknowledged: {REPLY}", True),
            (f"told the anesthesiologist {ANN} at 11:29; the technologist acknowledged at 11:30: {REPLY}", False),
            (f"told the anesthesiologist {ANN} at 11:30; at 11:29 the anesthesiologist acknowledged: {REPLY}", False),
        ],
    )
    def test_whoever_was_told_acknowledged(self, text, stands):
        """Not whoever told."""
        found = _told(f"1 min after onset, the technologist {TOBIAS} {text}.")
        assert (found == set()) is stands
