"""What a command loads, compiles and collects before and while it works: no more than it uses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import report_gen
from report_gen.cli import main
from report_gen.cli.command_line import COMMANDS
from tests.cli.commands import EVENTFUL

LOADED = """
import json, sys
from report_gen.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""

COLLECTED = """
import gc, sys
full = []
gc.callbacks.append(lambda phase, about: full.append(about["generation"]) if phase == "start" else None)
from report_gen.cli.process import console
del full[:]
console()
print("full collections:", full.count(2), "frozen:", gc.get_freeze_count() > 10_000, file=sys.stderr)
"""


def loaded(*arguments: object) -> set[str]:
    """Modules that a process has loaded at the end of a command."""
    command = [sys.executable, "-c", LOADED, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def ours(names: set[str], *rooms: str) -> list[str]:
    """Modules of these rooms of the package."""
    return sorted(name for name in names for room in rooms if f"{name}.".startswith(f"report_gen.{room}."))


class TestWhatIsLoaded:
    @pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("generate", "--help"), ("generate",)])
    def test_help_and_usage_load_no_library(self, arguments):
        """They come before a person has looked up."""
        names = loaded(*arguments)
        assert names & {"pydantic", "jinja2", "reportlab", "asyncio", "openai"} == set()
        assert ours(names, "case", "facts", "draft", "pipeline", "vocab") == []

    def test_a_check_draws_nothing(self):
        """It needs the contract and the draft, not the page."""
        names = loaded("check", EVENTFUL)
        assert {"pydantic", "report_gen.draft.writer"} <= names
        assert names & {"jinja2", "reportlab", "asyncio", "openai"} == set()
        assert (
            ours(names, "case.schema", "claim", "rules", "guard", "llm", "narrate", "render.pdf", "render.report.html")
            == []
        )

    def test_a_report_loads_what_it_is_made_with(self, tmp_path):
        """Neither billing nor models nor the form that was not asked for."""
        names = loaded("generate", EVENTFUL, "-o", tmp_path)
        assert {"pydantic", "reportlab", "report_gen.render.pdf.document"} <= names
        assert names & {"jinja2", "reportlab.platypus", "asyncio", "openai"} == set()
        assert ours(names, "claim", "rules", "guard", "llm", "narrate", "render.report.html", "attribute_docs") == []

    def test_the_rules_read_no_case(self):
        """Who lists the rules waits for neither contract, facts nor report."""
        names = loaded("rules")
        assert names & {"jinja2", "reportlab", "asyncio", "openai"} == set()
        assert ours(names, "case", "facts", "draft", "claim", "pipeline", "render.pdf") == []

    def test_a_command_loads_no_other(self):
        """The named one alone adds its options; help and wrong usage need all of them."""
        named, every = (ours(loaded(*arguments), "cli") for arguments in (("check", "--help"), ("--help",)))
        homes = {f"report_gen.cli.{name}" for name in COMMANDS}
        assert homes & set(named) == {"report_gen.cli.check"}
        assert homes <= set(every)

    @pytest.mark.parametrize("argument", ["--help", "unknown"])
    def test_help_and_wrong_usage_name_every_command(self, run, argument):
        """Whichever way a person asks."""
        _, shown, said = run(argument)
        assert [name for name in COMMANDS if name not in shown + said] == []

    def test_every_public_name_is_there(self):
        """Although none is looked up before it is used."""
        assert set(report_gen._HOME_OF) == set(report_gen.__all__) <= set(dir(report_gen))
        assert all(getattr(report_gen, name) is not None for name in report_gen.__all__)
        program = "import report_gen; assert report_gen.pipeline.TOTAL_S and report_gen.errors.ReportGenError"
        subprocess.run([sys.executable, "-c", program], timeout=300, check=True)
        with pytest.raises(AttributeError, match="has no attribute 'generates'"):
            report_gen.generates  # noqa: B018 - looking it up is the point


class TestMemory:
    def test_no_full_collection_during_a_command(self, tmp_path):
        """It would look through every object of the libraries in the middle of a report; nor is one at the end."""
        command = [sys.executable, "-c", COLLECTED, "generate", str(EVENTFUL), "-o", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        assert done.stderr.splitlines()[-1] == "full collections: 0 frozen: True"

    def test_a_caller_keeps_its_own_collector(self, capsys):
        """Who calls the function has a process of its own to care for."""
        import gc

        before = gc.get_threshold(), gc.get_freeze_count()
        main(["check", str(EVENTFUL)])
        capsys.readouterr()
        assert (gc.get_threshold(), gc.get_freeze_count()) == before


class TestPlugins:
    @pytest.fixture
    def beside(self, tmp_path):
        """The environment of a process that has a plugin of pydantic installed, which tells when it is loaded."""
        (tmp_path / "watching.py").write_text("import sys\nprint('watching', file=sys.stderr)\nplugin = None\n")
        about = tmp_path / "watching-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: watching\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text("[pydantic]\nwatching = watching:missing\n")
        return os.environ | {"PYTHONPATH": str(tmp_path)}

    @pytest.mark.parametrize(
        ("home", "entry", "watched"), [("process", "console", False), ("command_line", "main", True)]
    )
    def test_a_command_loads_none(self, beside, home, entry, watched):
        """It would see every value of the case. Who calls the library chooses his own."""
        program = f"import sys; from report_gen.cli.{home} import {entry}; sys.exit({entry}())"
        command = [sys.executable, "-c", program, "check", str(EVENTFUL)]
        done = subprocess.run(command, env=beside, capture_output=True, text=True, timeout=300, check=True)
        assert ("watching" in done.stderr) == watched

    def test_a_command_does_not_look_for_any(self):
        """That takes longer than to load the case."""
        program = (
            "import sys; from report_gen.cli.process import console; console();"
            "print('importlib.metadata' in sys.modules, 'pydantic.plugin._schema_validator' in sys.modules)"
        )
        command = [sys.executable, "-c", program, "check", str(EVENTFUL)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        assert done.stdout.splitlines()[-1] == "False True"


class TestAge:
    def test_counts_waiting_too(self):
        """A process that has slept is older than its processor time."""
        program = (
            "import time; time.sleep(1.0)\n"
            "from report_gen.cli.process import age_s\n"
            "print(age_s() >= 1.0 or not __import__('pathlib').Path('/proc/self/stat').exists())"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)
        assert done.stdout.strip() == "True"

    def test_is_that_of_the_command_and_not_of_who_waited_before_it(self):
        """A shell that sleeps and then becomes this program is no slow start."""
        program = "from report_gen.cli.process import age_s, LONGEST_START_S; print(age_s() <= LONGEST_START_S)"
        command = ["sh", "-c", 'sleep 2.5; exec "$0" -c "$1"', sys.executable, program]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        assert done.stdout.strip() == "True"

    @pytest.mark.parametrize("text", ["", "1 (python) S 1", "1 (python) S " + "x " * 40])
    def test_a_system_that_does_not_tell_gives_the_processor_time(self, monkeypatch, text):
        """Rather too little than a number out of nothing."""
        from report_gen.cli.process import age_s

        monkeypatch.setattr(Path, "read_text", lambda *_, **__: text)
        assert 0 < age_s() < 24 * 3600
