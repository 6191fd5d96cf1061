"""Rules on services, on lines that the package itself would not propose: a person or another program may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from report_gen.claim.checks.codes import CHECKS
from report_gen.claim.lines.propose import propose
from report_gen.claim.lines.studies import supported
from report_gen.claim.minutes.count import count_minutes
from report_gen.claim.model import Line
from report_gen.claim.practice.profile import CodeLicence, profile_from
from report_gen.claim.rule import RuleInput, RuleVerdict
from report_gen.rules import Version, rule
from report_gen.rules.concepts import concept, concepts
from tests.cases.story import data, recorded

AUTHORIZED = {"/encounter/authorization": {"required": True, "number": "TEST-AUTH-1", "cpt": ["0001Z", "0002Z"]}}


@cache
def base() -> RuleInput:
    """The base case."""
    profile, record = profile_from({}), recorded()
    policy, minutes, studies = profile.policy_for(record), count_minutes(record), supported(record)
    return RuleInput(record, minutes, studies, propose(record, minutes, studies, policy, profile), policy, profile)


def line(number: int, name: str, **changes: object) -> Line:
    """A line of some service by the professional of the base case."""
    model = base().lines[0 if name.startswith("mon.") else 1]
    row = replace(model, id=f"L{number}", concept=name, label=concept(name).label, units=1)
    return replace(row, **changes)  # type: ignore[arg-type]


def said(rule_id: str, *lines: Line, given: RuleInput | None = None, day: date | None = None) -> list[RuleVerdict]:
    """What a rule says of the base case with other lines."""
    case = replace(given or base(), lines=lines) if lines else given or base()
    version = rule(rule_id).on(day or case.record.date_of_service)
    assert isinstance(version, Version)
    return list(CHECKS[rule_id](case, version))


def pairs(rule_id: str, name: str) -> list[list[str]]:
    """Pairs that a rule names."""
    return [row.split("/") for row in rule(rule_id).versions[-1].parameters[name]]


class TestPairs:
    @pytest.mark.parametrize(("first", "second"), pairs("combine_limbs", "never"))
    @pytest.mark.parametrize("turned", [False, True])
    def test_never_side_by_side(self, first, second, turned):
        """In either order; the combined study alone is fine."""
        rows = [line(1, first), line(2, second)]
        (row,) = said("combine_limbs", *(reversed(rows) if turned else rows))
        assert (row.outcome, row.lines) == ("fail", ("L1", "L2"))
        assert [row.outcome for row in said("combine_limbs", line(1, first))] == ["pass"]

    @pytest.mark.parametrize(("first", "second"), pairs("pair_with_reason", "pairs"))
    def test_only_with_a_reason(self, first, second):
        """The modifier belongs on the second column, whatever the order of the lines."""
        rows = [line(1, second), line(2, first)]
        (row,) = said("pair_with_reason", *rows)
        assert (row.outcome, row.lines) == ("confirm", ("L2", "L1"))

    def test_of_two_professionals_are_no_pair(self):
        """The edits are about one; a professional not determined may be the same."""
        first, second = line(1, "emg.limb_2"), line(2, "emg.limited", person="person.pro2")
        assert [row.outcome for row in said("pair_with_reason", first, second)] == ["pass"]
        assert [row.outcome for row in said("pair_with_reason", first, replace(second, person=""))] == ["confirm"]

    def test_a_line_without_units_is_in_no_pair(self):
        """It goes on nobody's claim."""
        rows = line(1, "mon.in_room", units=0), line(2, "mon.remote_exclusive"), line(3, "sep.both")
        assert [row.outcome for row in said("pair_with_reason", *rows)] == ["pass"]

    def test_the_two_remote_services_never_stand_together(self):
        """No modifier helps."""
        (row,) = said("same_moment", line(1, "mon.remote_exclusive"), line(2, "mon.remote_multi"))
        assert row.outcome == "fail"

    @pytest.mark.parametrize("name", [name for name in concepts() if name.startswith("ncs.")])
    def test_emg_and_nerve_conduction_never_stand_together(self, name):
        """Whatever the number of conduction studies."""
        (row,) = said("emg_with_ncs", line(1, "emg.limb_2"), line(2, name))
        assert (row.outcome, row.lines) == ("fail", ("L1", "L2"))


class TestModifiers:
    @pytest.mark.parametrize("modifier", ["26", "TC"])
    @pytest.mark.parametrize("name", ["mon.in_room", "mon.remote_multi", "mon.remote_exclusive"])
    def test_no_component_on_monitoring(self, name, modifier):
        """The fee schedule knows none."""
        (row,) = said("no_component_on_time", line(1, name, modifiers=(modifier,)))
        assert (row.outcome, row.lines) == ("fail", ("L1",))

    @pytest.mark.parametrize(
        ("name", "modifiers", "outcome"),
        [
            ("sep.both", ("26",), "pass"),
            ("sep.both", ("26", "59"), "pass"),
            ("sep.both", (), "fail"),
            ("sep.both", ("TC",), "fail"),
            ("sep.both", ("26", "TC"), "fail"),
            ("unlisted", (), "pass"),
            ("unlisted", ("26",), "fail"),
            ("aep.neuro", ("26",), "fail"),
        ],
    )
    def test_the_component_of_a_base_study_in_a_facility(self, name, modifiers, outcome):
        """Professional where there are components, none where there are not, technical never."""
        found = said("component_on_base", line(1, name, modifiers=modifiers))
        assert [row.outcome for row in found] == [outcome]

    @pytest.mark.parametrize(("name", "outcome"), [("sep.both", "fail"), ("vep", "fail"), ("nmj", None)])
    def test_the_modifier_for_both_sides(self, name, outcome):
        """Only on studies priced for both sides is it wrong."""
        found = said("no_bilateral_50", line(1, name, modifiers=("50",)))
        assert [row.outcome for row in found] == ([outcome] if outcome else [])


class TestServices:
    def test_the_hourly_service_is_not_valid_for_medicare(self):
        """Since 2013."""
        (row,) = said("medicare_remote_concept", line(1, "mon.remote_multi"))
        assert row.outcome == "fail"

    def test_a_base_alone_is_listed_or_wrong(self):
        """`base_required` and `base_wrong` never disagree on one study."""
        outcomes = {}
        for name in (row.id for row in concepts().values() if row.kind == "base"):
            rows = line(1, "mon.remote_exclusive"), line(2, name)
            outcomes[name] = [[row.outcome for row in said(rule, *rows)] for rule in ("base_required", "base_wrong")]
        assert len(outcomes) > 30
        assert {name: found for name, found in outcomes.items() if found[0] != found[1]} == {}
        assert {name: found for name, found in outcomes.items() if found[0][0] not in ("pass", "fail")} == {}

    def test_a_line_without_units_needs_no_base(self):
        """It goes on nobody's claim."""
        assert said("base_required", line(1, "mon.remote_exclusive", units=0)) == []

    def test_a_base_of_nobody_asks_who(self):
        """It may be the same professional."""
        (row,) = said("base_required", line(1, "mon.in_room"), line(2, "sep.both", person=""))
        assert row.outcome == "confirm"
        assert "not determined" in row.message

    def test_a_study_on_two_lines_is_reported_twice(self):
        """Also by two professionals: once a session."""
        rows = line(1, "sep.both"), line(2, "sep.both", person="person.pro2")
        assert [(row.outcome, row.lines) for row in said("baseline_once", *rows)] == [("fail", ("L1", "L2"))]


class TestCodeMap:
    def given(self, codes: dict[str, str]) -> RuleInput:
        """The base case with an authorization and a practice's map."""
        licence = CodeLicence(confirmed_by="Billing", confirmed_on=date(2026, 1, 1))
        profile = base().profile.model_copy(update={"codes": codes, "code_licence": licence})
        record = recorded(edits=AUTHORIZED)
        lines = tuple(replace(row, code=codes.get(row.concept, "")) for row in base().lines)
        return replace(base(), record=record, profile=profile, lines=lines)

    @pytest.mark.parametrize(
        ("day", "codes", "outcome"),
        [
            ("2026-09-15", {"retired.mon_hour": "0001Z", "retired.aep_1": "0008Z", "retired.aep_2": "0009Z"}, "fail"),
            ("2026-09-15", {"retired.mon_hour": "0007Z", "retired.aep_1": "0002Z", "retired.aep_2": "0009Z"}, "fail"),
            ("2026-09-15", {"retired.mon_hour": "0007Z", "retired.aep_1": "0008Z", "retired.aep_2": "0009Z"}, "pass"),
            ("2026-09-15", {"retired.mon_hour": "0007Z"}, "confirm"),
            ("2026-09-15", {"retired.mon_hour": "0001Z"}, "fail"),
            ("2020-12-31", {"retired.mon_hour": "0007Z", "retired.aep_1": "0002Z"}, "pass"),
        ],
    )
    def test_withdrawn_services_in_the_authorization(self, day, codes, outcome):
        """Named by the map; the auditory pair was still valid at the end of 2020."""
        found = said("retired_concept", given=self.given(codes), day=date.fromisoformat(day))
        assert [row.outcome for row in found] == [outcome]

    def test_with_every_code_is_met_and_with_some_asks_for_the_rest(self):
        """The concept without a code is named."""
        every = {row.concept: f"{index:04}Z" for index, row in enumerate(base().lines)}
        assert [row.outcome for row in said("code_map", given=self.given(every))] == ["pass"]
        del every["mep.both"]
        (row,) = said("code_map", given=self.given(every))
        assert row.outcome == "confirm"
        assert "mep.both" in row.message


class TestMessages:
    def test_identify_nobody(self):
        """No name, NPI or record number."""
        raw = data()
        private = [raw["patient"]["name"].split(",")[0], raw["patient"]["mrn"], *(row["name"] for row in raw["people"])]
        private += [row["npi"] for row in raw["people"] if "npi" in row]
        words = {rule: " ".join(row.message + row.action for row in said(rule)) for rule in CHECKS}
        assert [(rule, row) for rule, text in words.items() for row in private if row in text] == []

    def test_rest_on_facts_of_the_case(self):
        """And name lines that exist."""
        facts_known, lines_known = set(base().record.facts.by_id), {line.id for line in base().lines}
        rows = [(rule, row) for rule in CHECKS for row in said(rule)]
        assert [rule for rule, row in rows if not set(row.facts) <= facts_known] == []
        assert [rule for rule, row in rows if not set(row.lines) <= lines_known] == []
