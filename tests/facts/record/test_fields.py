"""Facts that only state fields: their values by type, what is left out, and what says that it is not recorded."""

from __future__ import annotations

import json

import pytest

from report_gen import load_case
from report_gen.facts.builder import FactBuilder
from report_gen.facts.fact import Fact
from report_gen.facts.record.fields import Field, FieldFact, state_fields
from tests.cases.quiet import case


def stated(step: FieldFact, **encounter: object) -> list[Fact]:
    """What a step adds for a case with this encounter."""
    data = case()
    data["encounter"] |= encounter
    b = FactBuilder(load_case(json.dumps(data).encode()))
    state_fields(b, step)
    return b.facts


PAYER = FieldFact(
    "encounter.payer",
    (Field("payer_class", "/encounter/payer/payer_class", "payer_classes"), Field("name", "/encounter/payer/name")),
    pointer="/encounter/payer",
    only_with="/encounter/payer",
    status="/encounter/payer/payer_class",
    must_state=False,
)


def test_values_are_stated_by_their_type():
    """A day is a day, a number a number, a code its term with the code kept, a flag yes or no."""
    (fact,) = stated(
        FieldFact(
            "x",
            (
                Field("day", "/encounter/date_of_service"),
                Field("version", "/report/version"),
                Field("clock", "/clock", "clocks"),
                Field("required", "/encounter/authorization/required"),
                Field("zone", "/encounter/time_zone"),
            ),
        ),
        authorization={"required": False},
    )
    day, version, clock, required, zone = fact.values
    assert day.day is not None
    assert version.number == 1
    assert (clock.vocabulary, clock.code) == ("clocks", "ionm_machine")
    assert (required.flag, required.text) == (False, "no")
    assert zone.text == "America/Chicago"


def test_the_fact_stands_where_its_first_field_does():
    """Or where it says."""
    (zone,) = stated(FieldFact("x", (Field("text", "/encounter/time_zone"),)))
    (payer,) = stated(PAYER, payer={"payer_class": "medicare_ffs"})
    assert (zone.pointer, payer.pointer) == ("/encounter/time_zone", "/encounter/payer")


def test_status_and_duty_are_read():
    """The code of the record is the status."""
    (payer,) = stated(PAYER, payer={"payer_class": "medicare_ffs"})
    assert (payer.status, payer.must_state) == ("medicare_ffs", False)
    assert payer.code("payer_class") == "medicare_ffs"


def test_the_side_is_read():
    """Where the fact is about one."""
    (fact,) = stated(FieldFact("x", (Field("text", "/surgery/side", "sides"),), side="/surgery/side"))
    assert fact.side == fact.code("text") != ""


def test_what_is_recorded_nowhere_is_left_out_or_said():
    """By whether there must be such a fact."""
    assert stated(PAYER, payer=None) == []
    (fact,) = stated(FieldFact("x", (Field("text", "/encounter/payer/name"),)), payer=None)
    assert (fact.status, fact.text("text")) == ("not_recorded", "not recorded")


def test_a_field_that_the_contract_does_not_have_is_a_defect():
    """Not one more thing that is not recorded."""
    with pytest.raises(AttributeError, match="has no attribute 'facilty_name'"):
        stated(FieldFact("x", (Field("text", "/encounter/facilty_name"),)))
