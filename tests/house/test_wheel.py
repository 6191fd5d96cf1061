"""What is installed elsewhere: the wheel holds everything the program reads, nothing else, and works by itself."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from report_gen import generate, load_case
from report_gen.settings import Settings
from report_gen.version import __version__

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "valid" / "invented_scoliosis_mep_loss.json"
DRAFTED_AT = datetime(2026, 4, 14, 20, 2, tzinfo=UTC)
"""What the command and the library are told, so that their pages bear the same minute."""
SDIST_TOP = {
    ".gitignore",  # hatchling adds it: a build from the archive must leave out what the archive left out
    "CHANGELOG.md",
    "LICENSE",
    "PKG-INFO",
    "README.md",
    "constraints.txt",
    "prompts",
    "pyproject.toml",
    "report_gen",
    "samples",
    "schemas",
}


def _build(source: Path, kind: str, target: Path) -> Path:
    """Builds a wheel or an sdist with this environment's hatchling."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = target.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this tree."""
    return _build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """The source archive of this tree."""
    return _build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


def _wheel_names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def _files(folder: str) -> set[str]:
    """Files below a folder of this tree that are not left behind by Python."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


class TestTheWheel:
    def test_holds_the_package_the_prompts_and_the_schemas(self, wheel):
        """Every file of the package, and the folders at the root inside it, are there; and nothing beside them."""
        expected = _files("report_gen") | {
            f"report_gen/_assets/{name}" for name in _files("prompts") | _files("schemas")
        }
        about = f"report_gen-{__version__}.dist-info/"
        assert {name for name in _wheel_names(wheel) if not name.startswith(about)} == expected

    @pytest.mark.parametrize(
        "name",
        [
            "report_gen/_assets/prompts/README.md",
            "report_gen/_assets/schemas/case.v1.schema.json",
            "report_gen/draft/patterns/events.json",
            "report_gen/py.typed",
            "report_gen/render/pdf/fonts/DEJAVU-LICENSE.txt",
            "report_gen/render/pdf/fonts/OFL.txt",
            "report_gen/render/pdf/fonts/ReportSans-Regular.ttf",
            "report_gen/render/pdf/fonts/coverage.json",
            "report_gen/render/pdf/fonts/widths.json",
            "report_gen/render/report/templates/base.html.jinja",
            "report_gen/render/report/templates/report.css",
            "report_gen/vocab/modalities.json",
        ],
    )
    def test_holds_what_the_program_reads(self, wheel, name):
        """By name, so that a file moved away by mistake is noticed."""
        assert name in _wheel_names(wheel)

    def test_holds_no_samples_tests_or_tools(self, wheel):
        """Whoever installs the program gets the program."""
        strange = re.compile(r"(^|/)(samples|tests|tools|bench|docs|\.ci)/|\.pyc$")
        assert [name for name in _wheel_names(wheel) if strange.search(name)] == []

    def test_carries_every_licence(self, wheel):
        """The program's and those of the fonts, where installers look for them."""
        about = f"report_gen-{__version__}.dist-info/licenses/"
        names = {Path(name).name for name in _wheel_names(wheel) if name.startswith(about)}
        assert names == {"LICENSE", "OFL.txt", "DEJAVU-LICENSE.txt"}

    def test_says_what_it_needs(self, wheel):
        """Three libraries; everything else is an extra."""
        with zipfile.ZipFile(wheel) as archive:
            metadata = archive.read(f"report_gen-{__version__}.dist-info/METADATA").decode()
            entries = archive.read(f"report_gen-{__version__}.dist-info/entry_points.txt").decode()
        needed = re.findall(r"^Requires-Dist: ([A-Za-z0-9_]+)[^;\n]*$", metadata, re.MULTILINE)
        assert sorted(needed) == ["jinja2", "pydantic", "reportlab", "tzdata"]
        assert "report-gen = report_gen.cli.process:console" in entries


class TestTheSourceArchive:
    def test_holds_what_is_listed(self, sdist):
        """No virtual environment, no output, nothing that lay about."""
        with tarfile.open(sdist) as archive:
            names = archive.getnames()
        assert {name.split("/")[1] for name in names} == SDIST_TOP
        assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []

    def test_builds_the_same_wheel(self, sdist, wheel, tmp_path):
        """A distribution that builds from source gets the same files."""
        subprocess.run(["tar", "-xzf", str(sdist), "-C", str(tmp_path)], check=True)
        (source,) = tmp_path.iterdir()
        assert _wheel_names(_build(source, "wheel", tmp_path / "out")) == _wheel_names(wheel)


@pytest.mark.fresh_install
class TestElsewhere:
    def test_installs_and_makes_the_same_report(self, tmp_path):
        """Built, installed without this tree or any extra, run from another folder: the same bytes as here."""
        build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
        subprocess.run(build, check=True, capture_output=True, timeout=300)
        (built,) = (tmp_path / "dist").glob("*.whl")
        assert len(list((tmp_path / "dist").glob("*.tar.gz"))) == 1

        bare = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
        bare["SOURCE_DATE_EPOCH"] = str(int(DRAFTED_AT.timestamp()))
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        (folder / "case.json").write_bytes(SAMPLE.read_bytes())

        def run(*command: object) -> str:
            done = subprocess.run(
                list(map(str, command)), cwd=folder, env=bare, capture_output=True, text=True, timeout=600, check=False
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        python = tmp_path / "venv" / "bin" / "python"
        run(sys.executable, "-m", "venv", tmp_path / "venv")
        run(python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", built)
        program = python.with_name("report-gen")

        paths = [Path(line) for line in run(program, "generate", "case.json").splitlines()]
        report = generate(load_case(SAMPLE), settings=Settings(drafted_at=DRAFTED_AT))
        assert [hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths] == [
            hashlib.sha256(data).hexdigest() for data in report.files().values()
        ]

        told = run(program, "doctor")
        assert "usable: yes" in told
        assert "packages openai: not installed" in told
        assert f"folders prompts: {tmp_path}" in told
        assert f"folders schemas: {tmp_path}" in told
        assert str(ROOT) not in told
        assert str(tmp_path) in run(python, "-c", "import report_gen; print(report_gen.__file__)")
        # The samples' other names: a whole wheel also checks, prints its contract, and types.
        assert run(program, "schema", "report").startswith("{")
        run(program, "check", "case.json")
