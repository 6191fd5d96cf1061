"""How a test finds its judge, and what happens when it is not there."""

from __future__ import annotations

import pytest

from tests.judges import judge


def test_a_judge_is_found_where_the_variable_says(tmp_path):
    """A file or a folder below it."""
    (tmp_path / "x12").mkdir()
    assert judge("x12", environment={"REPORT_GEN_JUDGES": str(tmp_path), "CI": "true"}) == tmp_path / "x12"


def test_a_missing_one_is_skipped_with_what_to_do(tmp_path):
    """On a machine without them the other tests still run."""
    with pytest.raises(pytest.skip.Exception, match="set REPORT_GEN_JUDGES"):
        judge("ccda", environment={"REPORT_GEN_JUDGES": str(tmp_path)})


def test_a_missing_one_fails_where_all_must_be(tmp_path):
    """A run that guards main skips no judge."""
    with pytest.raises(pytest.fail.Exception, match="ccda/schema is missing"):
        judge("ccda", "schema", environment={"REPORT_GEN_JUDGES": str(tmp_path), "CI": "true"})


@pytest.mark.parametrize("name", ["ccda/cda-r2-sdtc", "ccda/ccda-r2.1.sch", "uscore", "x12/835", "x12/malformed"])
def test_the_judges_are_there(name):
    """Each kind that tests of exports and claims will ask for."""
    assert judge(*name.split("/")).exists()
