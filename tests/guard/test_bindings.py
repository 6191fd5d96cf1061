"""Times stand with their acts, names with their roles, reviews with what was reviewed."""

from __future__ import annotations

import pytest

from report_gen.guard.sentence import judge
from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.guard.cases import ANESTHESIA_TOLD, PAUSED, RELEASED, SCOLIOSIS, built, judged, reasons, unit_of

ANN, TOBIAS = "(Anesthesia, Ann, MD)", "(Tech, Tobias)"


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
        assert _told(f"{text}, 1 min after onset; acknowledged at 11:30.") == set()

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
        assert "who" in _told(f"{text}, 1 min after onset; acknowledged at 11:30.")


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
        found = _told(f"The anesthesiologist {ANN} {text}; told by the technologist {TOBIAS}.")
        assert ("time" not in found) is stands

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


class TestReviews:
    REVIEWED = "upper-limb SSEP, lower-limb SSEP, TcMEP, free-run EMG, screw tEMG, and TOF baselines"

    def _reviewed(self, text):
        """The refusals of a wording of the reviews of the scoliosis sample."""
        return reasons(judged(SCOLIOSIS, "course", "modality.tcmep.baseline_review", text))

    @pytest.mark.parametrize(
        "text",
        [
            f"Neuro, Nora, MD reviewed and accepted the {REVIEWED} at 08:49.",
            f"At 08:49, Neuro, Nora, MD reviewed and accepted the {REVIEWED}.",
            f"The {REVIEWED} were reviewed and accepted by Neuro, Nora, MD at 08:49.",
        ],
    )
    def test_who_accepted_which_baselines_when(self, text):
        """In either voice."""
        assert self._reviewed(text) == set()

    @pytest.mark.parametrize(
        ("words", "other"),
        [
            ("08:49", "08:39"),
            ("Neuro, Nora, MD", "Tech, Tobias"),
            ("reviewed and accepted", "reviewed and rejected"),
            ("reviewed and accepted", "reviewed and did not accept"),
            ("baselines", "baselines with limits"),
            ("TcMEP, ", ""),
            ("upper-limb SSEP, lower-limb SSEP", "SSEP"),
            ("upper-limb SSEP, lower-limb SSEP", "upper-limb SSEP"),
            ("TOF", "TOF, BAEP"),
            ("TOF baselines", "TOF closing readings"),
            ("the upper-limb", "the left upper-limb"),
            ("Neuro, Nora, MD reviewed", "The surgeon reviewed"),
            ("reviewed and accepted", "reviewed and found adequate"),
        ],
    )
    def test_what_was_reviewed_otherwise_is_refused(self, words, other):
        """Another time, another person, another answer, more or fewer modalities."""
        fair = f"Neuro, Nora, MD reviewed and accepted the {self.REVIEWED} at 08:49."
        assert self._reviewed(fair.replace(words, other))

    def test_reviews_at_several_times_in_one_sentence_stay_with_the_template(self):
        """Nothing binds each time to its modalities."""
        data = case(events=[])
        for row, clock in zip(data["modalities"], ("08:45", "08:46"), strict=False):
            row["baseline_review"] = {"by": "prof1", "acceptance": "accepted", "at": at(clock)}
        found, _ = built(data)
        assert [passage.id for passage in found if passage.role == "course"] == []
        for row in data["modalities"]:
            row["baseline_review"]["at"] = at("08:45")
        found, _ = built(data)
        assert [passage.id for passage in found if passage.role == "course"] == ["course"]


class TestAtTheSameTime:
    TOLD, BY = "surgeon (Lamina, Lou, MD)", "technologist (Tech, Theo)"

    def _refused(self, text):
        """The refusals of a wording of a notification in the minute of onset."""
        fact = "event.E2.notification.surgeon.1157"
        return judged("invented_outage_cautery_gaps", "event-E2", fact, text)

    @pytest.mark.parametrize("when", ["(at the same time)", "at the same time"])
    def test_told_in_the_minute_of_onset(self, when):
        """No number says so."""
        assert not self._refused(
            f"The {self.TOLD} was told by the {self.BY} at 11:57 {when} and acknowledged at 11:58."
        )

    @pytest.mark.parametrize("when", ["", "(1 min after onset)", "(1 min before onset)", "later"])
    def test_is_not_told_later(self, when):
        """Nor before, and not left out."""
        assert self._refused(f"The {self.TOLD} was told by the {self.BY} at 11:57 {when} and acknowledged at 11:58.")


class TestAcknowledgement:
    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            (f"told the anesthesiologist {ANN} at 11:29; at 11:30 the anesthesiologist acknowledged", True),
            (f"told the anesthesiologist {ANN} at 11:29; the technologist acknowledged at 11:30", False),
            (f"told the anesthesiologist {ANN} at 11:30; at 11:29 the anesthesiologist acknowledged", False),
        ],
    )
    def test_whoever_was_told_acknowledged(self, text, stands):
        """Not whoever told."""
        found = _told(f"1 min after onset, the technologist {TOBIAS} {text}.")
        assert (found == set()) is stands
