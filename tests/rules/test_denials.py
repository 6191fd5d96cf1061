from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from report_gen.rules import rules
from report_gen.rules.denials import Carc, DenialClock, Denials, clocks, denials, rules_for, sources_of
from report_gen.vocab import vocabulary

TABLE = denials()
# fmt: off
LISTED = (
    "4", "5", "58", "8", "170", "172", "185", "11", "15", "16", "18", "29", "45", "49", "50", "54", "B20", "55",
    "56", "95", "272", "273", "96", "204", "97", "231", "234", "236", "107", "B15", "109", "112", "133", "150",
    "151", "152", "163", "164", "181", "182", "193", "197", "198", "284", "302", "226", "251", "252", "B1", "B2",
    "B3", "B5", "B7", "B10", "B13", "A1", "P4", "P12", "P14", "38", "62", "125", "165",
)
# fmt: on
"""Reason codes of the billing reference §7."""
# fmt: off
REMARKS = (
    "N519", "N823", "M77", "N95", "N290", "M76", "N115", "N822", "M51", "M53", "N265", "MA130", "N661", "M25",
    "N130", "N425", "M15", "N20", "M80", "N390", "N122", "N674", "M127", "N163", "N206", "N362", "N345", "N706",
    "N56", "N29", "N225", "N233", "N237", "M97", "M20", "N350", "N205", "N830", "N859", "N877", "N878", "N879",
)
# fmt: on
"""Remark codes of the same section and of the report fields."""


def _row(code: str) -> Carc:
    row = TABLE.carc_of(code)
    assert row is not None
    return row


class TestReasonCodes:
    def test_every_code_of_the_reference_has_a_row(self):
        """Gloss, meaning for monitoring, status and source."""
        rows = {code: TABLE.carc_of(code) for code in LISTED}
        assert [code for code, row in rows.items() if row is None] == []
        assert [
            row.code
            for row in map(_row, LISTED)
            if not (row.gloss and row.here and row.status in ("active", "deactivated") and sources_of(row.source))
        ] == []

    def test_a_deactivated_code_says_when_and_what_instead(self):
        """And what is used instead is itself alive."""
        dead = [row for row in TABLE.carc if row.status == "deactivated"]
        assert [
            row.code
            for row in TABLE.carc
            if not (row.status == "deactivated") == bool(row.deactivated) == bool(row.instead)
        ] == []
        assert [row.code for row in dead for code in row.instead if _row(code).status != "active"] == []

    @pytest.mark.parametrize(
        ("code", "since", "instead"),
        [
            ("15", "2018-05-01", ("197", "284")),
            ("B2", "2003-10-16", ("96", "204", "272")),
            ("B3", "2003-10-16", ("96", "204", "272")),
            ("B5", "2016-05-01", ("272", "273")),
        ],
    )
    def test_dead_codes_have_their_dates(self, code, since, instead):
        """The four that guides still send people after."""
        row = _row(code)
        assert row.deactivated == since
        assert row.instead == instead

    def test_b1_is_active_and_about_visits(self):
        """Active, and never the answer to a missing report."""
        row = _row("B1")
        assert row.status == "active"
        assert "visit" in row.here
        assert "252" in (row.trap or "")

    def test_4_is_not_for_a_missing_modifier(self):
        """Narrowed in 2020: what is missing moved to 16."""
        row = _row("4")
        assert row.changed == date(2020, 3, 1)
        assert "N822" not in row.remarks
        assert "16 with N822" in (row.trap or "")
        assert "N822" in _row("16").remarks

    def test_16_is_not_for_a_missing_report(self):
        """Attachments have codes of their own."""
        row = _row("16")
        assert "signed_report" not in row.documents
        assert "252" in (row.trap or "")
        assert not {"N706", "N29", "M127"} & set(row.remarks)

    @pytest.mark.parametrize("code", ["251", "252", "163", "164", "226"])
    def test_a_missing_report_is_answered_with_the_report(self, code):
        """The codes that a missing or late report really brings."""
        assert "signed_report" in _row(code).documents
        assert "document" in _row(code).instruments

    @pytest.mark.parametrize("code", ["107", "B15"])
    def test_an_add_on_without_its_base_says_so(self, code):
        """The remarks that tell it."""
        assert {"N122", "N674"} <= set(_row(code).remarks)

    @pytest.mark.parametrize("code", ["150", "151", "152"])
    def test_units_are_answered_with_the_log(self, code):
        """Before anything else."""
        assert _row(code).documents[0] == "time_log"

    def test_no_code_number_of_the_licensed_procedure_set_stands_in_the_table(self):
        """Nothing of five digits, in sources neither."""
        assert not re.findall(r"\b\d{5}\b", TABLE.model_dump_json())


class TestRemarkCodes:
    def test_every_remark_of_the_reference_has_a_row(self):
        """Gloss and source."""
        rows = {code: TABLE.rarc_of(code) for code in REMARKS}
        assert [code for code, row in rows.items() if row is None or not row.gloss or not sources_of(row.source)] == []

    def test_ma130_has_no_appeal(self):
        """A claim that was never processed is sent anew."""
        row = TABLE.rarc_of("MA130")
        assert row is not None
        assert row.instruments == ("new_claim",)
        assert {"appeal", "reopening", "corrected_claim"} <= set(row.forbids)

    def test_signals_of_the_no_surprises_act(self):
        """These five and no other."""
        assert {row.code for row in TABLE.rarc if row.no_surprises} == {"N830", "N859", "N877", "N878", "N879"}


class TestAgainstTheRules:
    def test_every_denial_that_a_rule_names_is_in_the_table_and_alive(self):
        """No rule warns of a code that cannot come."""
        named = [(row.id, code, TABLE.carc_of(code)) for row in rules().values() for code in row.denials]
        assert named
        assert [(rule, code) for rule, code, row in named if row is None or row.status != "active"] == []

    def test_documents_name_rules_that_exist(self):
        """And a document that no record holds names none."""
        for document in TABLE.document:
            assert set(document.rules) <= set(rules())
            assert bool(document.rules) == document.in_case

    def test_rules_are_read_off_the_rules(self):
        """One place says which rule guards against what."""
        assert "signature" in rules_for("252")
        assert rules_for("45") == ()


class TestClocks:
    @pytest.mark.parametrize("clock", clocks(), ids=[clock.id for clock in clocks()])
    def test_every_clock_is_sourced_and_for_payers_we_know(self, clock):
        """Payers and instruments are those of the vocabularies."""
        assert sources_of(clock.source)
        assert set(clock.payer_classes) <= set(vocabulary("payer_classes").codes)
        assert set(clock.instruments) <= {row.id for row in TABLE.instrument}

    @pytest.mark.parametrize(
        ("name", "amount", "unit"),
        [
            ("medicare_filing", 1, "years"),
            ("medicare_redetermination", 120, "days"),
            ("medicare_reconsideration", 180, "days"),
            ("medicare_judge", 60, "days"),
            ("medicare_council", 60, "days"),
            ("medicare_court", 60, "days"),
            ("advantage_reconsideration", 60, "days"),
            ("internal_appeal", 180, "days"),
            ("external_review", 4, "months"),
            ("open_negotiation", 30, "business_days"),
            ("dispute_resolution", 4, "business_days"),
        ],
    )
    def test_amounts_of_the_reference(self, name, amount, unit):
        """Number and unit."""
        clock = next(row for row in clocks() if row.id == name)
        assert (clock.amount, clock.unit) == (amount, unit)

    def test_the_disputed_clock_says_so_and_takes_the_shorter(self):
        """Sixty days hurt nobody where there are sixty-five."""
        clock = next(row for row in clocks() if row.id == "advantage_reconsideration")
        assert clock.certainty == "believed"
        assert "65" in (clock.disputed or "")


class TestShape:
    def test_a_code_that_ends_without_a_follower_is_refused(self):
        """A dead code alone helps nobody."""
        row = _row("15").model_dump() | {"instead": ()}
        with pytest.raises(ValidationError, match="what is used instead"):
            Carc.model_validate(row)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"instruments": ("shout",)}, "no instrument called shout"),
            ({"documents": ("diary",)}, "no document called diary"),
            ({"remarks": ("N999",)}, "no rarc called N999"),
            ({"source": ("hearsay",)}, "no source called hearsay"),
        ],
    )
    def test_a_row_that_names_what_is_not_there_is_refused(self, change, message):
        """Ids are closed."""
        raw = TABLE.model_dump()
        raw["carc"] = [raw["carc"][0] | change, *raw["carc"][1:]]
        with pytest.raises(ValidationError, match=message):
            Denials.model_validate(raw)

    def test_a_code_in_two_rows_is_refused(self):
        """The second would never be read."""
        raw = TABLE.model_dump()
        raw["carc"] = [*raw["carc"], raw["carc"][0]]
        with pytest.raises(ValidationError, match="two places"):
            Denials.model_validate(raw)

    def test_unknown_keys_are_refused(self):
        """A text column cannot creep in."""
        with pytest.raises(ValidationError, match="Extra inputs"):
            Carc.model_validate(_row("15").model_dump() | {"text": "licensed"})

    def test_a_clock_without_a_number_stands_in_a_contract(self):
        """Days without a number are no limit."""
        raw = next(row for row in clocks() if row.unit == "contract").model_dump() | {"unit": "days"}
        with pytest.raises(ValidationError, match="an amount"):
            DenialClock.model_validate(raw)

    def test_the_list_grows_old(self):
        """On the day after its term."""
        limit = TABLE.checked_on + timedelta(days=TABLE.stale_after_days)
        assert not TABLE.stale_on(limit)
        assert TABLE.stale_on(limit + timedelta(days=1))
