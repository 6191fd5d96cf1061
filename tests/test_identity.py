"""The ids of a report: the same for the same record in every version of the program, another for another record."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import report_gen.pipeline
from report_gen import Settings, generate, load_case
from report_gen.case.contract.administration import STATED_LIFE
from report_gen.case.contract.base import FilledBy
from report_gen.case.contract.model import Case
from report_gen.identity import content_id, report_id
from tests.cases.reports import loaded

SAMPLES = Path(__file__).parents[1] / "samples" / "valid"
QUIET = SAMPLES / "invented_acdf_quiet.json"
GIVEN_OUT = {
    "invented_acdf_quiet": "invented_acdf_quiet-v1-7c9c25a74c",
    "invented_scoliosis_mep_loss": "invented_scoliosis_mep_loss-v1-37a0174353",
    "published_c04_acdf": "published_c04_acdf-v1-3dd19c1c78",
    "stress_twelve_hours": "stress_twelve_hours-v1-5bdaf55dc7",
}
"""Ids that stand on pages. They change only when the sample says something else, never with the program."""


def raw() -> dict:
    """The quiet case, to be changed."""
    data: dict = json.loads(QUIET.read_bytes())
    return data


def without_life(data: dict) -> dict:
    """The case with nothing stated of the life of its report, its empty parts left out."""
    parts = {
        part: {key: value for key, value in data[part].items() if key not in STATED_LIFE[part]} for part in STATED_LIFE
    }
    return {key: value for key, value in {**data, **parts}.items() if value}


class TestTheReportId:
    def test_those_given_out_stay(self):
        """An upgrade of the program, its contract's new fields included, renames no report."""
        assert {name: report_id(load_case(SAMPLES / f"{name}.json")) for name in GIVEN_OUT} == GIVEN_OUT

    def test_the_version_of_the_program_is_no_part_of_it(self, monkeypatch):
        """The report of another version has other bytes, and the same id."""
        before = generate(load_case(QUIET), settings=Settings(pdf=False))
        monkeypatch.setattr(report_gen.pipeline, "__version__", "99.0.0")
        after = generate(load_case(QUIET), settings=Settings(pdf=False))
        assert after.report_id == before.report_id
        assert after.json != before.json

    def test_a_field_that_the_contract_gains_changes_none(self):
        """The files written before do not have it."""

        class Later(Case, filled_by=FilledBy.TECHNOLOGIST):
            """The case of a later version."""

            gained: str | None = None

        later = Later.model_validate_json(QUIET.read_bytes())
        assert report_id(later) == report_id(load_case(QUIET))
        assert report_id(later.model_copy(update={"gained": "filled"})) != report_id(later)

    def test_a_default_that_is_written_out_says_nothing_else(self):
        """What counts is what the case says."""
        data = raw()
        data["report"] = {"status": data["report"]["status"]}
        del data["encounter"]["authorization"]
        short = report_id(loaded(data))
        data["report"]["version"] = 1
        data["encounter"]["authorization"] = None
        assert report_id(loaded(data)) == short

    def test_is_the_same_in_another_process(self):
        """Nothing depends on the order of a set."""
        program = "import sys\nfrom report_gen import load_case\nfrom report_gen.identity import report_id\n"
        program += "print(report_id(load_case(sys.argv[1])))"
        command = [sys.executable, "-c", program, str(QUIET)]
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.strip() == report_id(load_case(QUIET))

    def test_is_a_file_name_without_a_patients_data(self):
        """Case id, version and ten hexadecimal digits, whatever the patient is called."""
        data = raw()
        data["patient"] |= {"name": "Zebrafinch", "mrn": "7QX", "encounter_number": "8QX"}
        assert re.fullmatch(r"invented_acdf_quiet-v1-[0-9a-f]{10}", report_id(loaded(data)))

    def test_changes_with_the_record(self):
        """Two records are two reports; so are a status and a version that are printed or asked for."""
        first = report_id(load_case(QUIET))
        for part, change in (("patient", {"mrn": "TEST-0002"}), ("report", {"status": "preliminary"})):
            data = raw()
            data[part] |= change
            assert report_id(loaded(data)) != first, part

    def test_stays_when_the_report_is_signed_and_sent(self):
        """What became of a report is no part of it: made again, it is the same byte for byte."""
        for whole in (raw(), {**raw(), "report": {name: raw()["report"][name] for name in STATED_LIFE["report"]}}):
            assert STATED_LIFE["report"] <= set(whole["report"])
            whole["encounter"]["attachment_control_number"] = "TEST-ACN-1"
            before, after = (generate(loaded(data)) for data in (without_life(whole), whole))
            assert (after.report_id, after.json, after.pdf) == (before.report_id, before.json, before.pdf)


class TestTheContentId:
    def test_is_that_of_the_bytes(self):
        """Sixteen hexadecimal digits in groups of four; other bytes, another id."""
        assert re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", content_id(b"{}"))
        assert content_id(b"{}") != content_id(b"{} ")
