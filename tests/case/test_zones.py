"""The facility's time zone: one that exists, spelt as the database has it, and that the times of the record fit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from report_gen.case.contract.model import Case
from report_gen.case.instants import instants_by_part
from report_gen.case.zones import Misfit, misfits, near_names, zone_named
from report_gen.errors import AssetError, CaseInvalidError
from tests.cases.quiet import case
from tests.cases.reports import findings, loaded

DAY = date(2026, 2, 11)
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
WITHOUT_ZONES = """
import sys
sys.modules["tzdata"] = None
from report_gen.cli import main
sys.exit(main(sys.argv[1:]))
"""


def found(of: Case, day: date) -> tuple[Misfit, ...]:
    """What does not fit."""
    return misfits(of, instants_by_part(of), day)


def in_zone(name: str, offset: timezone | None = None) -> dict[str, Any]:
    """The quiet case in another zone, its instants stamped in another offset."""
    data = case()
    data["encounter"]["time_zone"] = name
    if offset is None:
        return data

    def stamped(match: re.Match[str]) -> str:
        return datetime.fromisoformat(match.group()).astimezone(offset).isoformat()

    changed: dict[str, Any] = json.loads(STAMP.sub(stamped, json.dumps(data)))
    return changed


class TestAName:
    @pytest.mark.parametrize(
        "name",
        ["America/Chicago", "US/Central", "Etc/UTC", "UTC", "Asia/Calcutta", "America/Argentina/Salta", "EST5EDT"],
    )
    def test_of_the_database_is_a_zone(self, name):
        """Old names too."""
        assert str(zone_named(name)) == name

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("America/Los_Angles", "America/Los_Angeles"),
            ("america/los_angeles", "America/Los_Angeles"),
            ("AMERICA/CHICAGO", "America/Chicago"),
            ("US/Chicago", "America/Chicago"),
            ("Chicago", "America/Chicago"),
            ("America/NewYork", "America/New_York"),
            ("Europe/Kiew", "Europe/Kiev"),
        ],
    )
    def test_that_is_misspelt_is_a_problem_of_the_case_and_names_what_may_be_meant(self, name, meant):
        """With its place and a stable code, before anything is made of the case."""
        with pytest.raises(CaseInvalidError, match=r"case\.unknown_time_zone") as caught:
            loaded(in_zone(name))
        (problem,) = caught.value.problems
        assert (problem.code, problem.pointer) == ("case.unknown_time_zone", "/encounter/time_zone")
        assert f"`{meant}`" in problem.action
        assert meant in near_names(name)

    @pytest.mark.parametrize("name", ["America", "America/Argentina", "Etc"])
    def test_of_a_group_of_zones_says_so(self, name):
        """A folder of the database is no zone."""
        with pytest.raises(CaseInvalidError, match="a group of zones"):
            loaded(in_zone(name))

    @pytest.mark.parametrize(
        "name", ["NY", "America/Nowhere", "posix/America/Chicago", "right/UTC", "zones", "tzdata.zi"]
    )
    def test_of_nothing_is_none(self, name):
        """Nor is a second copy of the database, or a file beside the zones."""
        assert zone_named(name) is None

    def test_may_be_missing(self):
        """Not recorded is no problem."""
        data = case()
        del data["encounter"]["time_zone"]
        assert found(loaded(data), DAY) == ()

    def test_is_found_beside_other_problems(self):
        """Every problem at once."""
        data = in_zone("NY")
        data["encounter"]["place_of_service"] = "1"
        with pytest.raises(CaseInvalidError, match="2 problems") as caught:
            loaded(data)
        assert {problem.code for problem in caught.value.problems} == {
            "case.unknown_time_zone",
            "case.not_in_vocabulary",
        }


class TestAMachineWithoutZones:
    @pytest.mark.parametrize("command", [("check",), ("claim",), ("generate",)])
    def test_says_what_to_install(self, command, tmp_path):
        """Exit code 5, and the case is not blamed."""
        path = tmp_path / "case.json"
        path.write_text(json.dumps(case()), encoding="utf-8")
        done = self._run(*command, str(path), cwd=tmp_path)
        assert done.returncode == 5
        assert "tzdata" in done.stderr

    def test_is_told_by_doctor(self, tmp_path):
        """Before a case comes."""
        done = self._run("doctor", cwd=tmp_path)
        assert done.returncode == 5
        assert "usable: NO" in done.stdout
        assert "no time zones are known on this machine" in done.stdout

    @staticmethod
    def _run(*arguments: str, cwd: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT_ZONES, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, cwd=cwd, env={"PYTHONTZPATH": ""}
        )

    def test_brings_its_own_with_the_program(self, tmp_path):
        """The package holds them where the system does not."""
        program = "from report_gen.case.zones import zone_named; print(zone_named('Asia/Kolkata'))"
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=tmp_path,
            env={"PYTHONTZPATH": ""},
        )
        assert (done.returncode, done.stdout.strip()) == (0, "Asia/Kolkata")

    def test_raises_the_error_of_an_asset(self, monkeypatch):
        """In a library too."""
        monkeypatch.setattr("report_gen.case.zones.zoneinfo.ZoneInfo", _no_zone)
        zone_named.cache_clear()
        with pytest.raises(AssetError, match="tzdata"):
            loaded(in_zone("America/Chicago"))
        zone_named.cache_clear()


def _no_zone(name: str) -> None:
    raise KeyError(name)


class TestOffsets:
    def test_that_fit_are_no_finding(self):
        """Nothing is asked of a record whose times are those of its zone."""
        assert found(loaded(case()), DAY) == ()
        assert findings(case(), "contradiction.offset_against_zone") == []

    @pytest.mark.parametrize(
        ("zone", "offset", "words", "severity"),
        [
            ("America/Chicago", UTC, "bear +00:00; America/Chicago had \u221206:00 then", "warn"),
            ("Asia/Kolkata", timezone(timedelta(hours=5)), "bear +05:00; Asia/Kolkata had +05:30 then", "block"),
            ("America/Phoenix", None, "bear \u221206:00; America/Phoenix had \u221207:00 then", "block"),
            ("America/New_York", None, "bear \u221206:00; America/New_York had \u221205:00 then", "block"),
        ],
    )
    def test_that_do_not_fit_are_found(self, zone, offset, words, severity):
        """Stamps in UTC may be right; any other is wrong, or the zone is."""
        (found,) = findings(in_zone(zone, offset), "contradiction.offset_against_zone")
        assert words in found.message
        assert found.severity == severity
        assert found.who == "technologist"

    def test_of_a_machine_not_set_to_the_new_time_may_be_right(self):
        """The offset was that of the zone on the day before."""
        data = case()
        data["encounter"] |= {"time_zone": "America/New_York", "date_of_service": "2026-11-01"}
        text = json.dumps(data).replace("2026-02-11", "2026-11-01").replace("-06:00", "-04:00")
        (only,) = found(loaded(json.loads(text)), date(2026, 11, 1))
        assert (only.stamped, only.of_zone, only.sound) == (timedelta(hours=-4), timedelta(hours=-5), True)

    def test_of_a_single_time_point_to_it(self):
        """An order stamped elsewhere, weeks before, may be right."""
        data = case()
        data["order"]["ordered_at"] = "2026-01-05T10:00:00-05:00"
        (only,) = found(loaded(data), DAY)
        assert (only.count, only.pointer, only.sound) == (1, "/order/ordered_at", True)

    def test_of_what_no_report_prints_are_not_looked_at(self):
        """A system's own stamps of when a value came in."""
        data = case()
        data["report"] = {"drafted_at": "2026-02-11T20:00:00+00:00"}
        data["origins"] = [{"pointer": "/patient", "kind": "feed", "at": "2026-02-11T20:00:00+00:00"}]
        assert found(loaded(data), DAY) == ()
