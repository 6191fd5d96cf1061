"""The command line: what it writes where, what it returns, and that it never repeats a patient's data."""

from __future__ import annotations

import errno
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import report_gen.assets
import report_gen.cli
import report_gen.cli.generate
import report_gen.pipeline
import report_gen.render.pdf
import report_gen.render.pdf.fonts
import report_gen.render.report.pdf
from report_gen.case import load_case
from report_gen.cli.command_line import COMMANDS
from report_gen.cli.schema import schemas
from report_gen.cli.streams import load_timed
from report_gen.errors import AssetError, CaseInvalidError, RenderError
from report_gen.version import __version__

SAMPLES = Path(__file__).parents[1] / "samples" / "valid"
QUIET = SAMPLES / "invented_acdf_quiet.json"
EVENTFUL = SAMPLES / "invented_scoliosis_mep_loss.json"
CANARIES = ("Zebrafinch", "MRN-7QX", "ENC-7QX", "MEMBER-7QX", "1947-05-29", "Saint Canary", "canary sang")


def _case(path: Path = QUIET) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _with_canaries() -> dict:
    """An eventful case with a mark in each place that may hold a patient's data."""
    data = _case(EVENTFUL)
    data["patient"] |= {
        "name": "Zebrafinch, Canary",
        "mrn": "MRN-7QX",
        "encounter_number": "ENC-7QX",
        "date_of_birth": "1947-05-29",
    }
    data["patient"].pop("age_years", None)
    data["encounter"]["facility_name"] = "Saint Canary Hospital"
    data["encounter"].setdefault("payer", {"payer_class": "commercial"})["member_id"] = "MEMBER-7QX"
    data["record_note"] = "the canary sang"
    for person in data["people"]:
        person["name"] = f"Zebrafinch, {person['id']}"
    return data


def _texts(node: dict | list) -> Iterator[tuple[dict | list, str | int]]:
    """Every text of a case: the object or list that holds it, and where."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, str):
            yield node, key
        elif isinstance(value, (dict, list)):
            yield from _texts(value)


def _marked(data: dict) -> dict:
    """The case with a mark in place of every text that a person may word freely: where the contract takes it."""
    marked = deepcopy(data)
    for node, key in list(_texts(marked)):
        node[key] = "Zebrafinch 7QX"
    for _ in range(10):
        try:
            load_case(json.dumps(marked).encode())
            return marked
        except CaseInvalidError as error:
            for problem in error.problems:
                _restore(marked, data, problem.pointer.split("/")[1:])
    raise AssertionError("the contract refuses what is left of the case")


def _restore(marked: dict | list, data: dict | list, place: list[str]) -> None:
    """Put back what stands at a place of the case."""
    key = int(place[0]) if isinstance(data, list) else place[0]
    if len(place) == 1:
        marked[key] = deepcopy(data[key])
    else:
        _restore(marked[key], data[key], place[1:])


def _blocked(data: dict) -> dict:
    """The case without the baselines of its TcMEP, which the draft gate asks for."""
    for channel in data["channels"]:
        if channel["modality"] == "tcmep":
            channel["measurements"] = [row for row in channel["measurements"] if row["phase"] != "baseline"]
    return data


@pytest.fixture
def file(tmp_path):
    """Writes a case file (or raw bytes) and returns its path."""

    def write(content: dict | bytes, name: str = "case.json") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


@pytest.fixture
def out(tmp_path):
    """An empty folder for what is written."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def _process(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    """Runs the command line in a process of its own."""
    command = [sys.executable, "-m", "report_gen", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **options)


class TestGenerate:
    def test_writes_pdf_and_json_and_prints_their_paths(self, run, out):
        """Standard output is the two paths and nothing else; everything for people is on standard error."""
        code, shown, said = run("generate", QUIET, "-o", out)
        assert code == 0
        paths = [Path(line) for line in shown.splitlines()]
        assert sorted(paths) == sorted(out.iterdir())
        assert [path.suffix for path in paths] == [".pdf", ".json"]
        assert paths[0].read_bytes().startswith(b"%PDF-")
        assert json.loads(paths[1].read_bytes())["report_id"] == paths[1].stem
        assert "open before the report can be signed" in said

    @pytest.mark.parametrize(
        ("formats", "endings"),
        [
            ("pdf", [".pdf"]),
            ("json", [".json"]),
            ("html", [".html"]),
            ("json,pdf", [".pdf", ".json"]),
            (" pdf , json ", [".pdf", ".json"]),
            ("html,json,pdf", [".pdf", ".json", ".html"]),
        ],
    )
    def test_writes_only_the_formats_asked_for(self, run, out, formats, endings):
        """The order of the list and blanks in it do not matter."""
        code, shown, _ = run("generate", QUIET, "-o", out, "--format", formats)
        assert code == 0
        assert [Path(line).suffix for line in shown.splitlines()] == endings

    def test_reads_standard_input(self, run, out, monkeypatch):
        """A hyphen stands for standard input, byte for byte the same report."""
        run("generate", QUIET, "-o", out)
        first = {path.name: path.read_bytes() for path in out.iterdir()}
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(QUIET.read_bytes())))
        code, _, _ = run("generate", "-", "-o", out, "--force")
        assert code == 0
        assert {path.name: path.read_bytes() for path in out.iterdir()} == first

    def test_writes_into_the_current_folder_by_default(self, run, out, monkeypatch):
        """Without -o the files are where the user is."""
        monkeypatch.chdir(out)
        code, shown, _ = run("generate", QUIET, "--format", "json")
        assert code == 0
        assert Path(shown.strip()).name == next(out.iterdir()).name

    def test_what_is_there_is_left_untouched(self, run, out):
        """Existing output is refused as a whole: the other file of the pair is not written either."""
        _, shown, _ = run("generate", QUIET, "-o", out)
        pdf, report = map(Path, shown.splitlines())
        pdf.write_bytes(b"signed by hand")
        report.unlink()
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown) == (4, "")
        assert "--force" in said
        assert "[file.exists]" in said
        assert {path.name: path.read_bytes() for path in out.iterdir()} == {pdf.name: b"signed by hand"}

    def test_a_preview_that_is_there_stops_the_whole_report(self, run, out):
        """The preview belongs to the report: none of the three files is written beside an old one."""
        _, shown, _ = run("generate", QUIET, "-o", out, "--format", "html")
        page = Path(shown.strip())
        page.write_bytes(b"annotated by hand")
        code, shown, said = run("generate", QUIET, "-o", out, "--format", "pdf,json,html")
        assert (code, shown) == (4, "")
        assert f"{page.name} already in" in said
        assert {path.name: path.read_bytes() for path in out.iterdir()} == {page.name: b"annotated by hand"}

    def test_force_replaces(self, run, out):
        """With --force the report is written over what is there."""
        _, shown, _ = run("generate", QUIET, "-o", out)
        pdf = Path(shown.splitlines()[0])
        whole = pdf.read_bytes()
        pdf.write_bytes(b"old")
        code, _, _ = run("generate", QUIET, "-o", out, "--force")
        assert code == 0
        assert pdf.read_bytes() == whole

    def test_timings_go_to_standard_error(self, run, out):
        """Each stage with its milliseconds, for people."""
        _, shown, said = run("generate", QUIET, "-o", out, "--timings")
        assert len(shown.splitlines()) == 2
        assert all(f"{stage} " in said.splitlines()[-1] for stage in ("facts", "write", "check", "json", "pdf"))

    def test_paper_can_be_chosen(self, run, out):
        """A4 and letter give different PDFs of the same report."""
        _, letter, _ = run("generate", QUIET, "-o", out, "--format", "pdf")
        before = Path(letter.strip()).read_bytes()
        code, same, _ = run("generate", QUIET, "-o", out, "--format", "pdf", "--page-size", "a4", "--force")
        assert code == 0
        assert same == letter
        assert Path(same.strip()).read_bytes() != before


class TestTheDraftGate:
    def test_blocks_with_the_questions(self, run, file, out):
        """Exit code 3, each question with its place on standard error, nothing written."""
        code, shown, said = run("generate", file(_blocked(_case())), "-o", out)
        assert (code, shown) == (3, "")
        assert "[gate.draft]" in said
        assert "[required.baseline]\n    Ask the technologist: " in said
        assert "--incomplete" in said
        assert list(out.iterdir()) == []

    def test_incomplete_writes_and_says_what_is_open(self, run, file, out):
        """The user may ask for the draft all the same; the open questions are still printed."""
        code, shown, said = run("generate", file(_blocked(_case())), "-o", out, "--incomplete")
        assert code == 0
        assert len(shown.splitlines()) == len(list(out.iterdir())) == 2
        assert "[required.baseline]" in said

    def test_check_says_the_same(self, run, file):
        """`check` returns 3 for a case whose draft would be refused, in both formats."""
        path = file(_blocked(_case()))
        assert run("check", path)[0] == 3
        code, shown, _ = run("check", path, "--format", "json")
        assert code == 3
        assert any(row["gate"] == "draft" and row["severity"] == "block" for row in json.loads(shown)["findings"])


class TestCheck:
    def test_text_goes_to_standard_error(self, run):
        """The text form has no product: standard output stays empty."""
        code, shown, said = run("check", SAMPLES / "published_c04_acdf.json")
        assert (code, shown) == (0, "")
        assert "OPEN /opinion/impression  [required.impression]" in said
        assert "Ask the professional: " in said

    def test_json_goes_to_standard_output(self, run):
        """Findings for machines, as the schema of findings says, and nothing beside them."""
        code, shown, said = run("check", SAMPLES / "published_c04_acdf.json", "--format", "json")
        answer = json.loads(shown)
        assert (code, said, answer["valid"]) == (0, "", True)
        assert answer["findings"]
        validator = Draft202012Validator(schemas()["finding.v1.schema.json"])
        assert [error.message for row in answer["findings"] for error in validator.iter_errors(row)] == []

    def test_an_invalid_file_is_told_completely(self, run, file):
        """Each problem with place, code, what is expected and what to do; exit code 2."""
        data = _case()
        del data["case_id"]
        data["patient"]["sex"] = "yes"
        data["patient"]["nickname"] = "Zed"
        code, shown, said = run("check", file(data))
        assert (code, shown) == (2, "")
        assert said.startswith("report-gen: 3 problems in the case file")
        for pointer, problem, expected, action in (
            ("/case_id", "case.missing_field", "this field", "Add the field."),
            ("/patient/sex", "case.not_in_vocabulary", "one of ", "Choose one of the listed codes."),
            ("/patient", "case.unknown_key", "only keys of the contract", "Remove the key"),
        ):
            block = said[said.index(f"  {pointer}  [{problem}]") :].splitlines()[:3]
            assert expected in block[1]
            assert action in block[2]

    def test_an_invalid_file_as_json(self, run, file):
        """The same problems for machines, still with exit code 2."""
        data = _case()
        del data["case_id"]
        code, shown, said = run("check", file(data), "--format", "json")
        answer = json.loads(shown)
        assert (code, said, answer["valid"], answer["findings"]) == (2, "", False, [])
        assert [set(row) for row in answer["problems"]] == [{"code", "severity", "pointer", "expected", "action"}]

    def test_a_problem_of_the_whole_file_has_a_place_too(self, run, file):
        """What is wrong with the file as a whole is shown at its root."""
        code, _, said = run("check", file(b"{"))
        assert code == 2
        assert "  /  [" in said

    def test_reads_standard_input(self, run, monkeypatch):
        """A hyphen works here as well."""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(QUIET.read_bytes())))
        assert run("check", "-")[0] == 0


class TestSchema:
    @pytest.mark.parametrize("name", ["case", "report", "finding"])
    def test_prints_a_schema(self, run, name):
        """Each contract's JSON Schema, alone on standard output."""
        code, shown, said = run("schema", name)
        assert (code, said) == (0, "")
        assert json.loads(shown)["$id"] == f"urn:report-gen:schema:{name}:v1"

    def test_the_case_contract_is_the_default(self, run):
        """Most people want the input contract."""
        assert run("schema") == run("schema", "case")

    def test_write_rewrites_the_committed_files(self, run, out, monkeypatch):
        """All files at once, with their paths on standard output."""
        monkeypatch.setattr(report_gen.assets, "asset_folder", lambda name: out)
        code, shown, _ = run("schema", "--write")
        assert code == 0
        assert sorted(Path(line).name for line in shown.splitlines()) == sorted(schemas())
        assert {path.name for path in out.iterdir()} == set(schemas())


class TestStandardInput:
    def test_waiting_for_it_is_told_apart(self, monkeypatch):
        """Who pipes a case in has not waited for us while it had not come."""

        class Slow(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                time.sleep(0.2)
                return super().read(size)

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Slow(QUIET.read_bytes())))
        case, waited_s = load_timed("-")
        assert waited_s >= 0.2
        assert case == load_case(QUIET)
        assert load_timed(str(QUIET))[1] == 0.0


class TestDoctor:
    def test_says_what_is_there(self, run):
        """Versions, contracts, fonts, folders, vocabularies and who words the report."""
        code, shown, said = run("doctor")
        assert (code, said) == (0, "")
        for words in (
            f"report_gen: {__version__}",
            f"python: {sys.version.split()[0]}",
            "packages reportlab: ",
            "packages openai: ",
            "contracts: case.v1; claim.v1; finding.v1; report.v1",
            "fonts ReportSans: embedded, ",
            "folders prompts: ",
            "folders schemas: ",
            "vocabularies: ",
            "narration: template (no model configured)",
            "usable: yes",
        ):
            assert words in shown

    def test_speaks_json(self, run):
        """The same for machines."""
        code, shown, _ = run("doctor", "--format", "json")
        status = json.loads(shown)
        assert (code, status["usable"], status["problems"]) == (0, True, [])
        assert status["vocabularies"] > 40

    def test_a_missing_folder_is_told(self, run, monkeypatch):
        """What is missing is named, what is there is still shown, and the exit code is 5."""

        def broken(name: str) -> Path:
            raise AssetError("assets.folder", f"the folder {name} is missing; install report_gen again")

        monkeypatch.setattr(report_gen.assets, "asset_folder", broken)
        code, shown, _ = run("doctor")
        assert code == 5
        assert "folders prompts: MISSING" in shown
        assert "usable: NO" in shown
        assert "the folder schemas is missing" in shown
        assert "fonts ReportSans: embedded" in shown


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("print",),
            ("generate",),
            ("generate", QUIET, "--format", "docx"),
            ("generate", QUIET, "--format", ""),
            ("generate", QUIET, "--format", ","),
            ("generate", QUIET, "--page-size", "a5"),
            ("generate", QUIET, QUIET),
            ("generate", QUIET, "--unknown"),
            ("check",),
            ("check", QUIET, "--format", "xml"),
            ("schema", "rules"),
            ("doctor", "--format", "pdf"),
        ],
        ids=lambda arguments: " ".join(getattr(word, "name", word) for word in arguments) or "nothing",
    )
    def test_wrong_usage_is_exit_code_1(self, run, arguments):
        """The mistake and the usage on standard error, nothing on standard output."""
        code, shown, said = run(*arguments)
        assert (code, shown) == (1, "")
        assert "usage: report-gen" in said

    def test_every_module_of_a_command_is_offered(self):
        """A module that adds a command and is not listed would be reached by nobody."""
        modules = Path(report_gen.cli.__file__).parent.glob("*.py")
        assert {path.stem for path in modules if "\ndef add(" in path.read_text(encoding="utf-8")} == set(COMMANDS)

    @pytest.mark.parametrize("arguments", [("--help",), ("generate", "--help"), ("--version",)], ids=" ".join)
    def test_help_is_no_mistake(self, run, arguments):
        """Help and version are what was asked for."""
        code, shown, said = run(*arguments)
        assert (code, said) == (0, "")
        assert "report-gen" in shown


class TestFiles:
    @pytest.mark.parametrize("command", ["generate", "check"])
    def test_a_missing_case_file(self, run, tmp_path, monkeypatch, command):
        """Exit code 4 and the system's reason."""
        monkeypatch.chdir(tmp_path)
        code, shown, said = run(command, "nowhere.json")
        assert (code, shown) == (4, "")
        assert "the case file cannot be read: No such file or directory [case.unreadable]" in said
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("command", ["generate", "check"])
    def test_a_folder_is_no_case_file(self, run, tmp_path, monkeypatch, command):
        """A folder given by mistake is told as such."""
        monkeypatch.chdir(tmp_path)
        code, _, said = run(command, tmp_path)
        assert code == 4
        assert "Is a directory" in said

    def test_a_circle_of_links_cannot_be_read(self, run, tmp_path):
        """A file that exists and cannot be opened, for root too."""
        path = tmp_path / "case.json"
        path.symlink_to(path)
        code, _, said = run("check", path)
        assert code == 4
        assert "[case.unreadable]" in said

    @pytest.mark.skipif(os.geteuid() == 0, reason="a user other than root, who may do anything (run the tests as one)")
    def test_a_file_without_permission_cannot_be_read(self, run, file):
        """Permission denied is exit code 4."""
        path = file(_case())
        path.chmod(0)
        assert run("check", path)[0] == 4

    def test_a_path_in_any_script_works(self, run, file, tmp_path):
        """Paths are the user's, in whatever letters."""
        folder = tmp_path / "Bérichte 例 ł"
        folder.mkdir()
        code, shown, _ = run("generate", file(_case(), "Fäll 例.json"), "-o", folder)
        assert code == 0
        assert [Path(line).parent for line in shown.splitlines()] == [folder, folder]

    def test_an_ascii_terminal_does_not_hurt(self, tmp_path):
        """Paths and findings are written as bytes; the terminal's encoding cannot fail."""
        folder = tmp_path / "ł"
        folder.mkdir()
        plain = {**os.environ, "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
        done = _process("generate", EVENTFUL, "-o", folder, env=plain)
        assert done.returncode == 0, done.stderr
        assert all(Path(os.fsdecode(line)).is_file() for line in done.stdout.splitlines())
        done = _process("check", EVENTFUL, "--format", "json", env=plain)
        assert json.loads(done.stdout.decode("utf-8"))["valid"]

    def test_the_last_part_of_an_output_folder_is_made(self, run, tmp_path):
        """Who names a new folder means it."""
        code, shown, _ = run("generate", QUIET, "-o", tmp_path / "new")
        assert code == 0
        assert sorted(map(Path, shown.splitlines())) == sorted((tmp_path / "new").iterdir())

    def test_no_more_than_the_last_part_of_it_is_made(self, run, tmp_path):
        """A typing error further up would hide the report; it is told before any work is done."""
        code, shown, said = run("generate", QUIET, "-o", tmp_path / "nowhere" / "new")
        assert (code, shown) == (4, "")
        assert "create it first, or name another [file.no_folder]" in said
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("source", ["broken", "blocked"])
    def test_no_folder_is_made_for_a_report_that_is_not(self, run, file, tmp_path, source):
        """Neither for a file that is refused nor for a case that lacks what a draft needs."""
        path = file(b"{}" if source == "broken" else _blocked(_case(EVENTFUL)))
        assert run("generate", path, "-o", tmp_path / "new")[0] in (2, 3)
        assert not (tmp_path / "new").exists()

    def test_a_file_is_no_output_folder(self, run, file):
        """Likewise when a file has that name."""
        path = file(b"mine", "out.pdf")
        assert run("generate", QUIET, "-o", path)[0] == 4
        assert path.read_bytes() == b"mine"

    def test_a_full_disk_leaves_nothing_behind(self, run, out, monkeypatch):
        """The system's reason, exit code 4, and an empty folder."""

        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown) == (4, "")
        assert "No space left on device; nothing was left behind" in said
        assert list(out.iterdir()) == []

    def test_a_file_cut_by_the_system_leaves_nothing_behind(self, out):
        """The same from the operating system itself: files may not grow beyond ten kilobytes."""
        done = _process(
            *("generate", QUIET, "-o", out),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
            # What coverage writes in the process would be cut too.
            env={name: value for name, value in os.environ.items() if not name.startswith("COV")}
            | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert (done.returncode, done.stdout) == (4, b"")
        assert b"File too large" in done.stderr
        assert list(out.iterdir()) == []

    def test_a_full_standard_output_is_told(self):
        """A product that cannot be written is exit code 4 in one line, at exit too."""
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "report_gen", "schema"]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        assert done.returncode == 4
        expected = b"report-gen: cannot write to standard output: No space left on device [file.standard_output]\n"
        assert done.stderr == expected

    @pytest.mark.parametrize("arguments", [("schema",), ("doctor",), ("check", QUIET, "--format", "json")], ids=str)
    def test_a_reader_that_goes_away_is_no_traceback(self, arguments):
        """As with `| head`: silent, exit code 4."""
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "report_gen", *map(str, arguments)]
        with os.fdopen(writing, "wb") as pipe:
            done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (4, b"")

    def test_closed_standard_streams_do_no_harm(self, out):
        """A job scheduler may close everything; the report is still written."""
        command = f'exec "{sys.executable}" -m report_gen generate "{QUIET}" -o "{out}" <&- >&- 2>&-'
        done = subprocess.run(["bash", "-c", command], timeout=60, check=False)
        assert done.returncode == 0
        assert len(list(out.iterdir())) == 2

    def test_closed_standard_input_is_told(self):
        """Reading from nothing is exit code 4."""
        command = f'exec "{sys.executable}" -m report_gen check - <&-'
        done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
        assert done.returncode == 4
        assert b"standard input is closed" in done.stderr

    def test_standard_input_that_fails_is_told(self, run, monkeypatch):
        """Standard input that cannot be read is exit code 4."""

        class Broken(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Broken()))
        code, shown, said = run("check", "-")
        assert (code, shown) == (4, "")
        assert "standard input cannot be read: Input/output error [case.unreadable]" in said

    def test_a_standard_error_that_is_full_does_not_stop_the_report(self, out):
        """A log that cannot be written is no reason to withhold a report."""
        command = f'exec "{sys.executable}" -m report_gen generate "{EVENTFUL}" -o "{out}" 2>/dev/full'
        done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, timeout=60, check=False)
        assert done.returncode == 0
        assert len(done.stdout.splitlines()) == 2


class TestOwnTrouble:
    def test_a_broken_font_is_exit_code_5(self, run, out, tmp_path, monkeypatch):
        """A font that is there and damaged: one line that says what to do, nothing written."""
        fonts = report_gen.render.pdf.fonts
        for name in fonts._FILES.values():
            (tmp_path / name).write_bytes(b"not a font")
        monkeypatch.setattr(fonts, "_FOLDER", tmp_path)
        fonts.register_fonts.cache_clear()
        try:
            code, shown, said = run("generate", QUIET, "-o", out)
            assert run("doctor")[0] == 5
        finally:
            monkeypatch.undo()
            fonts.register_fonts.cache_clear()
        assert (code, shown) == (5, "")
        assert said == "report-gen: a report font is missing or damaged; install report_gen again [assets.fonts]\n"
        assert list(out.iterdir()) == []

    def test_a_failed_layout_is_exit_code_6(self, run, out, monkeypatch):
        """The renderer's own error, one line, nothing written."""

        def fails(*_: object, **__: object) -> None:
            raise RenderError("render.layout", "a part of the report does not fit on a page")

        monkeypatch.setattr(report_gen.render.report.pdf, "render_pdf", fails)
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown) == (6, "")
        assert said == "report-gen: a part of the report does not fit on a page [render.layout]\n"
        assert list(out.iterdir()) == []

    def test_a_surprise_in_the_renderer_quotes_nothing(self, run, file, out, monkeypatch):
        """Layout engines quote the text they were given; only the type and our own line are shown."""

        def fails(*_: object, **__: object) -> None:
            raise ValueError("paragraph text '<b>Zebrafinch' caused exception")

        monkeypatch.setattr(report_gen.render.report.pdf, "render_pdf", fails)
        code, shown, said = run("generate", file(_with_canaries()), "-o", out)
        assert (code, shown) == (6, "")
        assert said.startswith("report-gen: the PDF could not be drawn: ValueError at report_gen/render/formats.py:")
        assert said.endswith("[render.unexpected]\n")
        assert said.count("\n") == 1
        assert "Zebrafinch" not in said
        assert list(out.iterdir()) == []

    @pytest.mark.parametrize("command", ["generate", "check"])
    @pytest.mark.parametrize("kind", [ValueError, KeyError, RecursionError, MemoryError, OSError, AssertionError])
    def test_a_surprise_anywhere_is_one_line_without_the_message(self, run, file, out, monkeypatch, command, kind):
        """A defect of ours prints its type and place, no traceback and no patient's data; exit code 6."""

        def fails(*_: object, **__: object) -> None:
            try:
                raise LookupError("MRN-7QX")
            except LookupError as error:
                raise kind("Zebrafinch, Canary") from error

        monkeypatch.setattr(report_gen.pipeline, "write", fails)
        more = ("-o", out) if command == "generate" else ()
        code, shown, said = run(command, file(_with_canaries()), *more)
        assert (code, shown) == (6, "")
        assert said.startswith(f"report-gen: unexpected {kind.__name__} at report_gen/pipeline.py:")
        assert said.endswith("[internal.unexpected]\n")
        assert said.count("\n") == 1
        assert list(out.iterdir()) == []

    def test_a_surprise_in_the_process_prints_no_traceback(self, tmp_path):
        """The same in a real process, where Python would print what the exception quotes."""
        program = (
            "import report_gen.pipeline as pipeline, report_gen.cli as cli, sys\n"
            "def fails(*_, **__): raise ValueError('Zebrafinch')\n"
            "pipeline.derive = fails\n"
            "sys.exit(cli.main(sys.argv[1:]))\n"
        )
        command = [sys.executable, "-c", program, "generate", str(QUIET), "-o", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (6, b"")
        assert b"Traceback" not in done.stderr
        assert b"Zebrafinch" not in done.stderr

    def test_an_interrupt_is_exit_code_130(self, run, out, monkeypatch):
        """Ctrl-C while working: one line, nothing written."""

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(report_gen.cli.generate, "narrated", interrupted)
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown) == (130, "")
        assert said == "report-gen: interrupted; no half-written file is left\n"
        assert list(out.iterdir()) == []

    def test_an_interrupt_while_writing_leaves_nothing(self, run, out, monkeypatch):
        """Ctrl-C between the two files: neither is there."""
        calls = iter([None, KeyboardInterrupt()])

        def interrupted(handle: int) -> None:
            if (trouble := next(calls)) is not None:
                raise trouble

        monkeypatch.setattr(os, "fsync", interrupted)
        assert run("generate", QUIET, "-o", out)[0] == 130
        assert list(out.iterdir()) == []

    def test_a_real_signal_is_exit_code_130(self):
        """The same from the keyboard: the process is stopped while it reads standard input."""
        command = [sys.executable, "-m", "report_gen", "check", "-"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

        def listen() -> None:
            # A shell starts background jobs deaf to Ctrl-C, and these tests may be one.
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        with subprocess.Popen(command, preexec_fn=listen, **pipes) as process:
            # More than a pipe holds: when this returns, the program is past its imports and reads.
            process.stdin.write(b" " * 500_000)
            process.stdin.flush()
            process.send_signal(signal.SIGINT)
            shown, said = process.communicate(timeout=60)
        assert (process.returncode, shown) == (130, b"")
        assert said == b"report-gen: interrupted; no half-written file is left\n"


class TestNoPatientDataIsPrinted:
    @staticmethod
    def _broken() -> dict[str, bytes]:
        """Files that are refused, each with the marks in and around what is wrong."""
        whole = json.dumps(_with_canaries())
        broken = {
            "cut off": whole[: len(whole) // 2].encode(),
            "duplicate key": whole.replace('"mrn":', '"mrn": "MRN-7QX", "mrn":').encode(),
            "latin-1": whole.replace("Zebrafinch", "Zebrafinch\xe9").encode("latin-1"),
            "lone surrogate": whole.replace("Zebrafinch", "Zebrafinch\\ud800").encode(),
            "control character": whole.replace("Zebrafinch", "Zebrafinch\\u0007").encode(),
            "text after the end": whole.encode() + b"Zebrafinch",
            "not an object": b'"Zebrafinch"',
        }

        def change(name: str, place: tuple, value: object) -> None:
            data = _with_canaries()
            node = data
            for part in place[:-1]:
                node = node[part]
            node[place[-1]] = value
            broken[name] = json.dumps(data).encode()

        change("unknown key", ("patient", "Zebrafinch"), "MRN-7QX")
        change("unknown key on top", ("Zebrafinch\nMRN-7QX",), "Saint Canary")
        change("wrong type", ("patient", "name"), ["Zebrafinch"])
        change("text for a number", ("patient", "weight_kg"), "Zebrafinch")
        change("not a date", ("patient", "date_of_birth"), "born 1947-05-29")
        change("not a code", ("patient", "sex"), "Zebrafinch")
        change("unknown version", ("schema_version",), "Zebrafinch")
        change("not an id", ("case_id",), "Zebrafinch, MRN-7QX")
        change("too long", ("patient", "name"), "Zebrafinch " * 100)
        change("blank name", ("people", 0, "name"), "\tZebrafinch\n")
        change("unknown person", ("order", "ordered_by"), "Zebrafinch")
        change("birth after the operation", ("encounter", "date_of_service"), "1946-01-01")
        return broken

    @pytest.mark.parametrize("command", ["check", "check --format json", "generate", "generate --incomplete"])
    def test_of_a_valid_case(self, run, file, out, command):
        """Neither on standard output nor on standard error nor in a file's name."""
        code, shown, said = run(*command.split(), file(_with_canaries()), *self._folder(command, out))
        assert code == 0
        names = " ".join(path.name for path in out.iterdir())
        assert [mark for mark in CANARIES if mark in shown + said + names] == []

    def test_of_a_blocked_case(self, run, file, out):
        """Nor when the draft gate asks its questions."""
        code, shown, said = run("generate", file(_blocked(_with_canaries())), "-o", out)
        assert code == 3
        assert [mark for mark in CANARIES if mark in shown + said] == []

    @pytest.mark.parametrize("command", ["check", "check --format json", "generate"])
    @pytest.mark.parametrize("name", list(_broken()))
    def test_of_a_broken_file(self, run, file, out, name, command):
        """Nor when the file is refused, whatever is wrong with it."""
        code, shown, said = run(*command.split(), file(self._broken()[name]), *self._folder(command, out))
        assert code == 2
        assert [mark for mark in CANARIES if mark in shown + said] == []
        assert list(out.iterdir()) == []

    @staticmethod
    def _folder(command: str, out: Path) -> tuple[object, ...]:
        return ("-o", out) if command.startswith("generate") else ()

    def test_of_letters_that_cannot_be_printed(self, run, out):
        """A name in a script that the fonts do not draw is not spelled out as code points either."""
        path = SAMPLES / "invented_names_eight_scripts.json"
        data = _case(path)
        code, shown, said = run("generate", path, "-o", out, "--script-fonts", out)
        assert code == 0
        assert "not printed: 5 Hebrew characters; the PDF marks the place" in said
        letters = {
            letter for row in (data["patient"], *data["people"]) for letter in row["name"] if ord(letter) > 0x500
        }
        told = shown + said
        assert [letter for letter in letters if letter in told or f"U+{ord(letter):04X}" in told] == []

    @pytest.mark.parametrize(
        "name",
        ["published_c04_acdf", "invented_scoliosis_mep_loss", "invented_vestibular_schwannoma_baep"],
    )
    def test_of_any_free_text(self, run, file, out, name):
        """Every text that a person can type, all of it at once, whatever the findings are about."""
        data = _marked(_case(SAMPLES / f"{name}.json"))
        assert json.dumps(data).count("Zebrafinch 7QX") > 10
        path = file(data)
        for command in (("check",), ("check", "--format", "json"), ("generate", "--incomplete", "-o", out)):
            code, shown, said = run(*command, path)
            assert code in (0, 3)
            assert [line for line in (shown + said).splitlines() if "Zebrafinch" in line or "7QX" in line] == []

    def test_the_marks_are_in_the_report_itself(self, run, file, out):
        """The tests above would mean nothing if the marks never entered: the report does hold them."""
        data = deepcopy(_with_canaries())
        run("generate", file(data), "-o", out, "--format", "json")
        text = next(out.iterdir()).read_text(encoding="utf-8")
        assert "Zebrafinch, Canary" in text
        assert "MRN-7QX" in text
        assert "Saint Canary" in text


class TestAsAProcess:
    def test_python_m_report_gen(self, out):
        """`python -m report_gen` is the same program."""
        done = _process("generate", QUIET, "-o", out, "--format", "json")
        assert done.returncode == 0
        assert Path(done.stdout.decode().strip()).is_file()

    def test_the_installed_command(self):
        """`report-gen` is installed beside the interpreter."""
        command = Path(sys.executable).with_name("report-gen")
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (0, f"report-gen {__version__}\n")

    def test_exit_codes_reach_the_shell(self, tmp_path):
        """The codes returned in this process are those that the shell sees."""
        assert _process("generate", tmp_path / "nowhere.json").returncode == 4
        assert _process("print").returncode == 1
        assert _process("check", "-", input=b"{}").returncode == 2
