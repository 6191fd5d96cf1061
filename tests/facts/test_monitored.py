"""When nothing was recorded: a gap of one modality is a gap in that modality alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from report_gen.facts.intervals import Span
from report_gen.facts.monitored import interruptions

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
