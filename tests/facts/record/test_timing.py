"""Facts of time: when nothing was recorded, and who pays for another case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from report_gen.facts.intervals import Span
from report_gen.facts.record.timing import interruptions
from tests.cases.story import facts

START = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)


def span(start: int, end: int) -> Span:
    """A stretch in minutes after the start."""
    return Span(START + timedelta(minutes=start), START + timedelta(minutes=end))


class TestInterruptions:
    @pytest.mark.parametrize(
        ("gaps", "performed", "expected"),
        [
            ([(span(0, 10), ())], {"tcmep", "eeg"}, (span(0, 10),)),
            ([(span(0, 10), ("tcmep", "eeg"))], {"tcmep", "eeg"}, (span(0, 10),)),
            ([(span(0, 10), ("tcmep",))], {"tcmep", "eeg"}, ()),
            ([(span(0, 10), ("tcmep",)), (span(4, 20), ("eeg",))], {"tcmep", "eeg"}, (span(4, 10),)),
            ([(span(0, 10), ("tcmep",)), (span(10, 20), ("eeg",))], {"tcmep", "eeg"}, ()),
            ([(span(0, 10), ("tcmep",)), (span(4, 20), ())], {"tcmep", "eeg"}, (span(4, 20),)),
            (
                [(span(0, 6), ("tcmep",)), (span(5, 10), ("tcmep",)), (span(2, 9), ("eeg",))],
                {"tcmep", "eeg"},
                (span(2, 9),),
            ),
            ([(span(0, 10), ("baep",))], {"tcmep"}, ()),
            ([(span(0, 10), ("baep",))], set(), (span(0, 10),)),
            ([], {"tcmep"}, ()),
        ],
    )
    def test_are_when_every_modality_performed_is_in_a_gap(self, gaps, performed, expected):
        """In one row or in several, of all or of one each."""
        assert interruptions(gaps, performed) == expected


class TestOtherSessions:
    @pytest.mark.parametrize(("given", "status"), [("medicare_ffs", "medicare_ffs"), (None, "unknown")])
    def test_carry_the_code_of_the_payer_class(self, given, status):
        """Not recorded is unknown, and never that of this case."""
        times = {"start_at": "2026-09-15T09:00:00-07:00", "end_at": "2026-09-15T09:30:00-07:00"}
        row = {"person": "pro1", "case_pseudonym": "x", "mode": "remote", **times}
        row |= {"payer_class": given} if given else {}
        assert facts(edits={"/other_case_sessions/-": row}).by_id["other_session.pro1.0900"].status == status
