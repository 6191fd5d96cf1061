"""The four published cases: what their sources state stands in the report, and nothing that they do not state."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from report_gen import load_case
from report_gen.draft.model import statements
from report_gen.pipeline import prepare

FOLDER = Path(__file__).parents[2] / "samples" / "valid"


@cache
def _said(name: str) -> tuple[tuple[str, str], ...]:
    draft = prepare(load_case(FOLDER / f"{name}.json")).draft
    return tuple((where, text) for where, text, _ in statements(draft))


def _text(name: str, *sections: str) -> str:
    return "\n".join(text for where, text in _said(name) if not sections or where.startswith(sections))


class TestC04NeckPosition:
    """Yu et al., Medicine 2021;100(11):e24241."""

    NAME = "published_c04_acdf"

    def test_percentages_are_not_swapped(self):
        """Motor potentials closed at 75% and somatosensory ones at 80% of baseline."""
        text = _text(self.NAME, "impression")
        assert "At closing TcMEP 75% of baseline amplitude" in text
        assert "At closing SSEP 80% of baseline amplitude" in text

    def test_neither_is_called_a_full_return(self):
        """A quarter and a fifth below baseline is a partial recovery."""
        text = _text(self.NAME).lower()
        assert "partial recovery" in text
        for words in ("full return", "fully", "complete recovery", "unchanged from baseline"):
            assert words not in text

    def test_no_side_time_or_amplitude_is_made_up(self):
        """The source names no side, no minute, no pressure and no microvolt."""
        text = _text(self.NAME, "summary", "impression", "course", "event", "closing", "tests")
        assert not re.search(r"\b(left|right|bilateral)\b", text)
        assert not re.search(r"\d\d:\d\d|µV|mmHg| ms\b", text)
        assert "side not recorded" in text
        assert "time not recorded" in text

    def test_the_suspicion_stays_a_suspicion(self):
        """Neck position was suspected; the report quotes that and concludes nothing from it."""
        text = _text(self.NAME, "event")
        assert "Improper neck position was suspected" in text
        assert "repositioned" in text
        assert not re.search(r"due to|caused by|because", text)


class TestC05UlnarLoss:
    """Preprint, doi 10.21203/rs.3.rs-7385996/v1."""

    NAME = "published_c05_lipomyelomeningocele"

    def test_onset_is_an_interval(self):
        """The loss lies within the 53 minutes since the last trace; no minute of onset is printed."""
        text = _text(self.NAME, "event")
        assert "the onset lies within the 53 min between them and its time is unknown" in text

    def test_the_gap_is_printed_with_its_reason(self):
        """Continuous cautery prevented traces: the gap stands with the limitations."""
        text = _text(self.NAME, "limitations")
        assert re.search(r"SSEP 09:00 to 09:53 [^\n]*electrocautery", text)

    def test_only_the_left_ulnar_response_is_affected(self):
        """The arm is left although the operation is lumbosacral, and no leg response is reported changed."""
        text = _text(self.NAME, "event")
        assert "left ulnar nerve SSEP" in text
        assert not re.search(r"tibial|lower-limb|right", text)

    def test_position_is_suspected_not_proven(self):
        """The suspicion is quoted and no cause is stated."""
        text = _text(self.NAME, "event")
        assert "A positional cause was suspected" in text
        assert not re.search(r"due to|caused by|Suspected by", text)

    def test_sex_is_not_made_up(self):
        """The source says a child of ten years and no more."""
        assert "Age and sex: 10 years, not recorded" in _text(self.NAME, "identification")


class TestC10TemporaryClip:
    """J Neurosurg 1983;59:146-149."""

    NAME = "published_c10_mca_clip"

    def test_recovery_is_partial(self):
        """Amplitude came back and latency did not."""
        text = _text(self.NAME)
        assert "partial recovery" in text
        assert "abnormal latency persisted to the end of the operation" in text
        assert not re.search(r"full return|(?<!Not recorded as )returned to baseline\b", text)

    def test_right_artery_left_body(self):
        """The clip is on the right, the response on the left."""
        text = _text(self.NAME, "event")
        assert "temporary clip on the right middle cerebral artery" in text
        assert "in the left SSEP" in text

    def test_the_times_of_the_source_stand(self):
        """Ten minutes without change, lost over two more, back within 45 s; the deficit resolved within 24 h."""
        text = _text(self.NAME)
        assert "10:10" in text
        assert "decreased over 2 min" in text
        assert "within 45 s" in text
        assert "resolved within 24 h" in text

    def test_the_deficit_after_surgery_is_not_hidden(self):
        """Responses that came back did not prevent a hemiparesis."""
        assert "dense hemiparesis" in _text(self.NAME, "after")


class TestC11ThoracicScrew:
    """Rehabilitation Practice and Science vol 40(2):9."""

    NAME = "published_c11_scoliosis_t7"

    def test_the_screw_is_left_t7_at_its_threshold(self):
        """Level, side and milliamperes stand as stated, and the repeat after redirection has no invented number."""
        text = _text(self.NAME, "tests")
        assert re.search(r"^T7\n(?:not recorded\n)?left\n", text, re.M)
        assert "4.5 mA" in text
        assert "no response" in text
        assert re.findall(r"[\d.]+ mA", text) == ["4.5 mA"]

    def test_no_lumbar_rule_is_applied(self):
        """No criterion is recorded, so none is compared; 8 mA does not occur."""
        text = _text(self.NAME)
        assert "8 mA" not in text
        assert not re.search(r"[≤>] [\d.]+ mA", text)

    def test_the_breach_stays_possible(self):
        """The source says may."""
        text = _text(self.NAME)
        assert re.search(r"[Pp]ossible medial breach", text)

    def test_the_second_stage_is_later(self):
        """Fusion followed after two weeks of traction; this report is of the first stage."""
        assert "staged" in _text(self.NAME, "identification")
        assert "2 weeks of halo-femoral traction" in _text(self.NAME, "identification")
