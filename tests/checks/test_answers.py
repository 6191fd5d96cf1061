"""Answers of people to findings: kept, printed, and settling only what they can settle."""

from __future__ import annotations

import pytest

from report_gen.checks.table import contradictions, gates
from report_gen.render.report.open_items import boxes
from tests.cases.parts import at, reading
from tests.cases.quiet import case, changed, closing, says, with_alert
from tests.cases.reports import checked, findings
from tests.checks.test_required import drop, put

CODE = "contradiction.no_change_in_impression"


def answered(data, finding, answer="stands_as_written", by="prof1", **more):
    """The case with one more answer."""
    row = {"finding": finding, "answer": answer, "by": by, "reason": "read again", **more}
    data.setdefault("answers", []).append({name: value for name, value in row.items() if value is not None})
    return data


def quarrel():
    """An impression that its values deny, and nothing else that closes a gate for the professional."""
    return closing(says("TcMEPs did not change.", with_alert()), "mep-l", reading(40.0))


def blocking(data, code):
    """Whether findings of a code still close a gate."""
    return [row.blocking for row in findings(data, code)]


class TestWords:
    def test_block_until_their_author_answers(self):
        """`stands as written`, with a reason, by whoever wrote them."""
        assert blocking(quarrel(), CODE) == [True]
        assert blocking(answered(quarrel(), CODE), CODE) == [False]

    @pytest.mark.parametrize("who", ["tech1", "surg1", "prof2"])
    def test_nobody_else_settles_them(self, who):
        """Not a colleague either."""
        data = quarrel()
        data["people"].append({"id": "prof2", "role": "interpreting_professional", "name": "Person Prof2"})
        assert blocking(answered(data, CODE, by=who), CODE) == [True]

    @pytest.mark.parametrize("answer", ["yes", "no", "not_known"])
    def test_another_answer_leaves_them_open(self, answer):
        """Only that they stand, or another text."""
        assert blocking(answered(quarrel(), CODE, answer), CODE) == [True]

    def test_a_reason_is_needed(self):
        """The contract asks for it, and so does the check."""
        found = findings(answered(quarrel(), CODE), CODE)[0]
        assert [(row.settles, row.text) for row in found.answers] == [
            (True, "stands as written (interpreting professional)")
        ]

    def test_a_changed_text_is_an_answer(self):
        """It is read again."""
        data = quarrel()
        data["opinion"]["impression"] = "The left TcMEP was lost and did not return."
        assert findings(data, CODE) == []

    def test_every_finding_about_words_can_be_answered(self):
        """The table offers it."""
        rules = {**gates(), **contradictions()}.values()
        assert [
            rule.code for rule in rules if rule.rests_on == "words" and "stands_as_written" not in rule.settled_by
        ] == []


class TestValues:
    @pytest.mark.parametrize("answer", ["yes", "no", "stands_as_written", "not_known"])
    def test_that_contradict_each_other_are_settled_by_no_answer(self, answer):
        """They are corrected where they stand."""
        code = "contradiction.event_side_against_channels"
        data = answered(with_alert(side="right"), code, answer, by="tech1", subject="E1")
        assert blocking(data, code) == [True]

    def test_that_nobody_knows_stop_blocking(self):
        """A person says so; the record's own `not_recorded` says nothing."""
        code = "required.event_onset"
        data = changed(drop("events", 0, "onset_at"), with_alert())
        assert blocking(data, code) == [True]
        assert blocking(answered(data, code, "not_known", by="tech1", subject="E1", reason=None), code) == [False]

    def test_an_answer_is_about_its_subject_alone(self):
        """The time of one event is not that of another."""
        data = with_alert()
        data["events"].append({**data["events"][0], "id": "E2"})
        for row in data["events"]:
            row.pop("onset_at")
        answered(data, "required.event_onset", "not_known", by="tech1", subject="E1")
        assert blocking(data, "required.event_onset").count(True) == 1

    @pytest.mark.parametrize(
        ("code", "change"),
        [
            ("required.limitations_review", put({}, "limitations")),
            ("required.record_number", drop("patient", "mrn")),
            ("required.patient_name", drop("patient", "name")),
            ("required.facility", drop("encounter", "facility_name")),
            ("required.date_of_service", drop("encounter", "date_of_service")),
            ("required.monitoring_times", put([], "intervals")),
            ("required.professional_sessions", put([], "professional_sessions")),
        ],
    )
    def test_nothing_blocks_for_ever(self, code, change):
        """Whoever is asked may say that nobody knows."""
        assert blocking(changed(change), code) == [True]
        assert blocking(answered(changed(change), code, "not_known"), code) == [False]

    @pytest.mark.parametrize("code", ["required.limitations_review", "required.baseline_review", "required.consent"])
    def test_a_confirmation_can_be_answered_no(self, code):
        """Nobody is made to attest."""
        assert "no" in gates()[code].settled_by

    def test_who_signs_and_what_they_say_is_no_such_question(self):
        """Without an impression and somebody who interprets there is nothing to sign."""
        assert [gates()[f"required.{name}"].settled_by for name in ("impression", "professional")] == [(), ()]


class TestThePage:
    def test_prints_the_answer_beside_what_it_answers(self):
        """With reason, person and time; a settled one is not asked again."""
        report = checked(answered(quarrel(), CODE, at=at("12:40")))
        framed = boxes(report)
        items = framed["attestation"].items
        line = next(item for item in items if "Answered: " in item)
        assert "Answered: stands as written, because \u201cread again\u201d (Person Prof1" in line
        assert line.endswith("12:40).")
        asked = [item for box in framed.values() for item in box.items if item != line]
        assert not [item for item in asked if "there was no change" in item]

    def test_says_of_an_answer_that_settles_nothing(self):
        """It is printed all the same."""
        items = boxes(checked(answered(quarrel(), CODE, by="tech1")))["attestation"].items
        assert [item.endswith("This does not settle it.") for item in items if "Answered: " in item] == [True]

    def test_keeps_an_answer_to_a_question_that_is_closed(self):
        """The record was corrected afterwards."""
        box = boxes(checked(answered(case(), CODE)))["attestation"]
        assert (box.title, len(box.items)) == ("Questions answered", 1)

    def test_shows_what_changes_how_a_value_is_read(self):
        """An unusual value closes no gate and stands in the box; a missing setting does not."""
        data = case()
        data["physiology"][0]["map_mmhg"] = 150.0
        data["modalities"][1]["stimulation"] = []
        items = boxes(checked(data))["attestation"].items
        assert [item.startswith("To be read with the values: Unusual value") for item in items] == [True]
