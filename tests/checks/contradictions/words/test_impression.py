"""What the impression says of responses, against the values of those responses."""

from __future__ import annotations

import pytest

from report_gen.checks.contradictions.words.statements import statements
from tests.cases.parts import baseline, channel, measurement, reading
from tests.cases.quiet import case, channel_of, closing, says, with_alert
from tests.cases.reports import facts_of, findings

ABSENT = {"state": "absent"}


def deltoids(words: str, left: float = 120.0, right: float = 790.0):
    """A case in which both deltoids begin at 800 µV and close as told, with an alert of the left one."""
    rows = {"left": left, "right": right}
    data = says(words)
    data["channels"] += [
        channel(
            f"del-{side[0]}",
            "tcmep",
            side,
            [baseline("08:32", reading(800.0)), measurement("closing", "11:46", reading(value))],
            muscle="deltoid",
        )
        for side, value in rows.items()
    ]
    return data


def asked(data, code=""):
    """Short codes of what is asked about the impression."""
    codes = ("change", "no_change", "present", "within")
    rows = [row.code.removeprefix("contradiction.").removesuffix("_in_impression") for row in findings(data)]
    return [row for row in rows if row in codes and (not code or row == code)]


class TestSides:
    def test_the_side_is_that_of_the_muscle_and_not_of_the_record(self):
        """The left one fell; that something else of the record is on the right is no support."""
        words = "The right deltoid TcMEP fell below criterion during decompression. The left side did not change."
        assert asked(deltoids(words)) == ["change", "no_change"]
        found = findings(deltoids(words), "contradiction.change_in_impression")[0]
        assert "right deltoid TcMEP" in found.message
        assert "that of the left side has" in found.message
        assert (found.severity, found.gate, found.who) == ("block", "sign", "professional")

    @pytest.mark.parametrize(
        "words",
        [
            "The left deltoid TcMEP fell below criterion during decompression. The right side did not change.",
            "Left deltoid MEP was lost; the right deltoid was unchanged.",
            "Deltoid TcMEP on the left dropped below criterion.",
            "No loss of the right deltoid TcMEP was seen.",
            "L DELT was lost, R DELT unchanged.",
        ],
    )
    def test_a_statement_that_fits_is_not_asked_about(self, words):
        """The side before a muscle, behind it, and taken over from the sentence before."""
        assert asked(deltoids(words)) == []

    def test_letters_name_sides_too(self):
        """As technologists write."""
        assert asked(deltoids("R DELT was lost.")) == ["change"]

    def test_a_nerve_has_its_own_side(self):
        """A left artery and a right median nerve in one sentence; only the nerve has a response."""
        data = case()
        data["opinion"]["impression"] = (
            "After clamping of the left carotid artery, the right posterior tibial SSEP fell, "
            "and left middle cerebral artery velocity fell."
        )
        channel_of(data, "ssep-r")["measurements"][1]["reading"] = reading(0.6, 40.0)
        assert asked(data) == []

    def test_it_is_read_in_the_correlation_too(self):
        """Every text of the professional."""
        data = deltoids("One event.")
        data["opinion"]["clinical_correlation"] = "The right deltoid was lost."
        found = findings(data, "contradiction.change_in_impression")
        assert [row.pointer for row in found] == ["/opinion/clinical_correlation"]


class TestNoChange:
    @pytest.mark.parametrize(
        "words",
        [
            "Motor: TcMEPs of both arms and legs were present at baseline; no change met the alert criteria.",
            "TcMEPs were stable.",
            "No recorded reading met the criteria.",
            "Left TcMEP did not change.",
            "Motor: unchanged.",
        ],
    )
    @pytest.mark.parametrize("what", [reading(40.0), ABSENT])
    def test_no_change_beside_a_reading_beyond_criterion(self, words, what):
        """By the name of the modality, of its group, or of nothing at all."""
        assert "no_change" in asked(closing(says(words), "mep-l", what))

    @pytest.mark.parametrize(
        "words",
        [
            "Sensory: no change met the alert criteria.",
            "Right TcMEP did not change.",
            "Apart from the left leg no change met the criteria.",
            "After that no further change was seen.",
            "The left TcMEP was lost.",
            "SSEPs were stable.",
        ],
    )
    def test_what_it_does_not_speak_of_is_not_held_against_it(self, words):
        """Another modality, another side, an exception, a later time."""
        assert "no_change" not in asked(closing(says(words), "mep-l", ABSENT))

    def test_an_alert_without_values_counts_too(self):
        """An alert of the modality that is called unchanged."""
        data = with_alert(readings=[], channels=[], retests=[])
        data["opinion"]["impression"] = "TcMEPs did not change."
        assert asked(data) == ["no_change"]

    def test_the_words_of_the_person_are_not_repeated(self):
        """They may hold a name."""
        data = closing(says("Canary Zebrafinch: TcMEPs were stable."), "mep-l", ABSENT)
        assert not [row for row in findings(data) if "Zebrafinch" in row.message + row.question]


class TestClosing:
    def test_present_at_closing_without_a_closing_reading(self):
        """None was taken, or it says not recorded."""
        for rows in ([], [measurement("closing", None, {"state": "not_recorded"})]):
            data = says("TcMEPs of both legs were present at baseline and at closing.")
            for name in ("mep-l", "mep-r"):
                first = channel_of(data, name)["measurements"][0]
                channel_of(data, name)["measurements"] = [first, *rows]
            found = findings(data, "contradiction.present_in_impression")
            assert ["have no closing reading" in row.message for row in found] == [True]

    def test_present_at_closing_and_absent_there(self):
        """The named response was lost."""
        data = closing(says("TcMEPs were present throughout."), "mep-l", ABSENT)
        assert (
            "the left abductor hallucis TcMEP was absent at closing"
            in findings(data, "contradiction.present_in_impression")[0].message
        )

    @pytest.mark.parametrize(
        "words",
        ["TcMEPs were present at closing.", "Motor: TcMEP within criterion at closing.", "SSEPs present at baseline."],
    )
    def test_what_the_closing_readings_show_is_right(self, words):
        """Nothing to ask."""
        assert asked(says(words)) == []

    def test_within_criterion_and_beyond_it(self):
        """The closing reading decides, not an earlier one."""
        assert asked(closing(says("Left TcMEP is within criterion."), "mep-l", reading(40.0))) == ["within"]
        assert asked(says("Left TcMEP is within criterion.", with_alert())) == []


class TestStatements:
    def test_a_list_of_muscles_shares_its_side(self):
        """One side in front of two muscles."""
        found = statements("Left deltoid and abductor hallucis were lost.", facts_of(deltoids("x")))
        assert [(row.site, row.side) for row in found[0].mentions] == [
            ("deltoid", "left"),
            ("abductor_hallucis", "left"),
        ]

    @pytest.mark.parametrize(
        "words", ["", "...", ";;;", "Left", "no", "\n\n", "(" * 200, "left " * 400, " " * 20000, "no " * 5000]
    )
    def test_odd_texts_say_nothing(self, words):
        """And take no time."""
        assert statements(words, facts_of(case())) == ()
