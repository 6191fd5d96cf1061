"""What the README says is run: its commands, its example, its smallest case; its links and exit codes are there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from report_gen import Settings, generate, load_case
from report_gen.cli.command_line import COMMANDS
from report_gen.errors import ExitCode

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def sets_up(block: str) -> bool:
    """Whether a block makes an environment of its own."""
    return "-m venv" in block or re.search(r"^make ", block, re.MULTILINE) is not None


def title(block: str) -> str:
    """A block's first line, as its name in the list of tests."""
    return block.splitlines()[0]


QUICK = [block for block in fences("sh") if not sets_up(block)]
SET_UP = [block for block in fences("sh") if sets_up(block)]


def _shell(block: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Runs a block the way a reader would, stopping at the first command that fails."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


class TestCommands:
    def test_there_are_both_kinds(self):
        """The blocks are found."""
        assert len(QUICK) >= 1
        assert len(SET_UP) >= 3

    def test_every_block_has_a_language(self):
        """A block without one would escape these tests."""
        opened = re.findall(r"^```(\S*)$", TEXT, re.MULTILINE)[::2]
        assert set(opened) <= {"sh", "python", "json", "text"}

    def test_every_command_is_shown(self):
        """In a block that is run."""
        assert [name for name in COMMANDS if not any(f"report-gen {name}" in block for block in QUICK)] == []

    @pytest.mark.parametrize("block", QUICK, ids=title)
    def test_run_in_this_environment(self, block, tmp_path):
        """Each command of the installed program does what it says, beside a copy of the samples."""
        shutil.copytree(ROOT / "samples", tmp_path / "samples")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = _shell(block, tmp_path, PATH=path)
        assert done.returncode == 0, done.stderr
        names = sorted(re.sub("-v1-[0-9a-f]{10}", "", found.name) for found in (tmp_path / "out").iterdir())
        if "report-gen claim" in block:
            endings = (".claim.json", ".claim.pdf", ".claim.txt")
            assert names == [f"CLAIM-COMMERCIAL-SETTLED{ending}" for ending in endings]
            return
        sample = "invented_scoliosis_mep_loss"
        endings = ["-record.pdf", ".json", ".pdf"]
        if "--flavour data" in block:
            endings += ["-bound.pdf", "-data.case.json", "-data.pdf", "-data.report.json", ".html"]
        assert names == sorted(f"{sample}{ending}" for ending in endings)
        # `them`, or where a busy machine left no time to ask, `the report`.
        assert ("the template words" in done.stderr) == ("--model" in block)

    @pytest.mark.fresh_install
    @pytest.mark.parametrize("block", SET_UP, ids=title)
    def test_run_in_a_clean_clone(self, block, tmp_path):
        """The set-up commands work on what is committed, with an environment made from the package index.

        Tests are only collected: this is one of them, and a suite that runs itself does not end. One bench is smoked.
        """
        clone = tmp_path / "report-gen"
        safe = ["-c", f"safe.directory={ROOT}", "-c", f"safe.directory={ROOT}/.git"]
        subprocess.run(["git", *safe, "clone", "--quiet", str(ROOT), str(clone)], check=True)
        bare = {
            "PYTEST_ADDOPTS": "--collect-only -q",
            "BENCH_ARGS": "--smoke --only stages --out out/bench",
            "RATIOS": "out/ratios.json",
            "FAX_ARGS": "samples/valid/published_c10_mca_clip.json",
            "FAITHFULNESS_ARGS": "--writers w7 --per-class 1",
            "VIRTUAL_ENV": "",
        }
        done = _shell(block, clone, **bare)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        status = subprocess.run(["git", "-C", str(clone), "status", "--porcelain"], capture_output=True, check=True)
        assert status.stdout == b""


class TestPython:
    @pytest.mark.parametrize("block", fences("python"), ids=["without a model", "with one"])
    def test_the_example_runs(self, block, tmp_path, monkeypatch, capsys):
        """Copied from the page into a program it works, in at most a dozen lines of code."""
        assert len([line for line in block.splitlines() if line.strip()]) <= 12
        shutil.copytree(ROOT / "samples", tmp_path / "samples")
        monkeypatch.chdir(tmp_path)
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102 - our own page
        assert len(list(tmp_path.glob("*.pdf"))) == 2 * block.count("report.files()")
        assert ("sentences_kept" in block) == bool(capsys.readouterr().out.strip().endswith("}"))


class TestTables:
    @pytest.mark.parametrize("command", re.findall(r"^<!-- (python -m bench show .*) -->$", TEXT, re.MULTILINE))
    def test_a_table_of_the_bench_is_what_its_command_prints(self, command):
        """Out of the result that is committed; nobody types a figure."""
        done = subprocess.run(
            [sys.executable, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert f"<!-- {command} -->\n\n{done.stdout.strip()}\n" in TEXT

    def test_there_are_some(self):
        """Stages, policies, peers."""
        assert len(re.findall(r"^<!-- python -m bench show .* -->$", TEXT, re.MULTILINE)) == 3


class TestTheSmallestCase:
    def test_loads_and_makes_a_draft(self):
        """Whoever starts from it has a case at once."""
        (block,) = fences("json")
        report = generate(load_case(block.encode()), settings=Settings(allow_incomplete=True))
        assert report.pages > 0
        assert b"not recorded" in report.json
        assert not [row for row in report.findings if row.code.startswith("coverage.")]

    def test_is_small(self):
        """Each top-level key that is shown is needed."""
        (block,) = fences("json")
        data = json.loads(block)
        assert set(data) == {
            "schema_version",
            "case_id",
            "clock",
            "patient",
            "encounter",
            "surgery",
            "people",
            "modalities",
            "channels",
            "events",
        }


class TestWords:
    def test_exit_codes_are_those_of_the_program(self):
        """The table lists each code once."""
        rows = [int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)]
        assert rows == [int(code) for code in ExitCode]

    def test_links_lead_somewhere(self):
        """Every file that the page links to is there."""
        targets = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", TEXT)
        assert targets
        assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []

    def test_pages_and_a_plot_are_shown(self):
        """Three samples, two checklists, one plot of the bench; with words for who cannot see them."""
        pictures = re.findall(r"!\[([^\]]+)\]\(((?:docs|bench)/[^)]+)\)", TEXT)
        assert [path.split("/")[0] for _, path in pictures].count("docs") == 5
        assert [path.split("/")[0] for _, path in pictures].count("bench") == 1
        assert all((ROOT / path).read_bytes().startswith(b"\x89PNG") for _, path in pictures)

    def test_promises_no_more_than_the_program_can(self):
        """Words that only an authority may use stay out."""
        assert re.findall(r"(?i)\b(approved|compliant|certified|fda[- ]cleared|guarantee\w*)\b", TEXT) == []

    def test_samples_are_named_for_where_they_come_from(self):
        """The page says: invented or published."""
        stems = [path.stem for path in (ROOT / "samples" / "valid").glob("*.json")]
        assert [stem for stem in stems if not stem.startswith(("invented_", "published_", "stress_"))] == []
        notes = [json.loads(path.read_bytes())["record_note"] for path in (ROOT / "samples" / "valid").glob("*.json")]
        assert [note for note in notes if not note.startswith(("Invented case", "Published case"))] == []
