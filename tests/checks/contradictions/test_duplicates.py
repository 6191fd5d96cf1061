"""The same response and side twice, and a response without its homologue."""

from __future__ import annotations

from copy import deepcopy

from tests.cases.parts import baseline, channel, measurement, reading
from tests.cases.quiet import case, channel_of
from tests.cases.reports import findings


def twice(data, name, **changes):
    """The case with a second record of a channel."""
    data["channels"].append({**deepcopy(channel_of(data, name)), "id": f"{name}-2", **changes})
    return data


class TestTwice:
    def test_the_same_response_under_two_ids_blocks(self):
        """Whatever the second record is called."""
        found = findings(twice(case(), "ssep-l"), "contradiction.same_response_twice")
        assert [(row.severity, row.gate, row.who, row.subject) for row in found] == [
            ("block", "sign", "technologist", "ssep-l-2")
        ]
        assert found[0].message == "Two records are the left posterior tibial nerve SSEP P37."

    def test_a_side_entered_wrongly_is_one_question(self):
        """Two are right and none is left; the missing left is not asked about again."""
        data = case()
        channel_of(data, "mep-l").update(side="right")
        channel_of(data, "mep-l")["measurements"][0]["reading"] = reading(520.0)
        rows = [row for row in findings(data) if row.code.endswith(("same_response_twice", "homologue"))]
        assert [row.question for row in rows] == ["None is left: which baseline is of the left side, 520 µV or 400 µV?"]

    def test_three_records_are_one_finding(self):
        """Counted."""
        data = twice(twice(case(), "mep-l"), "mep-r", side="left")
        found = findings(data, "contradiction.same_response_twice")
        assert [row.message.split()[0] for row in found] == ["Three"]

    def test_another_peak_or_derivation_is_another_response(self):
        """Cortical and subcortical, one montage and another."""
        assert findings(twice(case(), "ssep-l", peak="N22"), "contradiction.same_response_twice") == []
        assert findings(twice(case(), "ssep-l", montage="C3'-Fz"), "contradiction.same_response_twice") == []

    def test_mirrored_derivations_are_one_response_where_the_other_side_has_none(self):
        """C3' and C4' of one side: the side of one of them is wrong; beside a homologue they are two views."""
        data = case()
        channel_of(data, "ssep-l").update(montage="C4'-Fz")
        channel_of(data, "ssep-r").update(montage="C3'-Fz")
        assert findings(data, "contradiction.same_response_twice") == []
        channel_of(data, "ssep-l").update(side="right")
        found = findings(data, "contradiction.same_response_twice")
        assert [row.question.startswith("None is left") for row in found] == [True]

    def test_two_derivations_beside_a_homologue_are_two_views(self):
        """Both hemispheres."""
        data = case()
        for name in ("ssep-l", "ssep-r"):
            channel_of(data, name).update(montage="C3'-Fz")
        assert findings(twice(data, "ssep-l", montage="C4'-Fz"), "contradiction.same_response_twice") == []

    def test_a_derivation_that_one_leaves_out_tells_nothing_apart(self):
        """The copy was entered by hand."""
        data = twice(case(), "ssep-l")
        del data["channels"][-1]["montage"]
        assert len(findings(data, "contradiction.same_response_twice")) == 1


class TestHomologue:
    def add(self, data, side):
        """A tibialis anterior on one side."""
        rows = [baseline("08:32", reading(500.0)), measurement("closing", "11:46", reading(480.0))]
        data["channels"].append(channel("ta", "tcmep", side, rows, muscle="tibialis_anterior"))
        return data

    def test_a_response_on_one_side_alone_is_asked_about(self):
        """Where others of the modality are on both."""
        found = findings(self.add(case(), "left"), "required.homologue")
        assert [(row.severity, row.subject) for row in found] == [("warn", "ta")]
        assert found[0].question.startswith("Was the right tibialis anterior TcMEP recorded")

    def test_not_on_the_operated_side(self):
        """More is recorded there on purpose."""
        data = self.add(case(), "left")
        data["surgery"]["side"] = "left"
        assert findings(data, "required.homologue") == []

    def test_not_where_the_modality_is_on_one_side(self):
        """A study of one side has no other."""
        data = case()
        data["channels"] = [row for row in data["channels"] if row["side"] == "left"]
        assert findings(data, "required.homologue") == []
