"""`generate`: which files it writes where, what it prints, and what stops it."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import report_gen.pipeline
from report_gen.render.pdf.read import read_pdf
from tests.cli.commands import EVENTFUL, QUIET, blocked, case_of, process


class TestGenerate:
    def test_writes_pdfs_and_json_and_prints_their_paths(self, run, out):
        """Standard output is the three paths and nothing else; everything for people is on standard error."""
        code, shown, said = run("generate", QUIET, "-o", out)
        assert code == 0
        paths = [Path(line) for line in shown.splitlines()]
        assert sorted(paths) == sorted(out.iterdir())
        name = json.loads(paths[2].read_bytes())["report_id"]
        assert [path.name for path in paths] == [f"{name}.pdf", f"{name}-record.pdf", f"{name}.json"]
        assert all(path.read_bytes().startswith(b"%PDF-") for path in paths[:2])
        assert "Draft can be made." in said

    @pytest.mark.parametrize(
        ("formats", "endings"),
        [
            ("pdf", [".pdf", ".pdf"]),
            ("json", [".json"]),
            ("html", [".html"]),
            ("json,pdf", [".pdf", ".pdf", ".json"]),
            (" pdf , json ", [".pdf", ".pdf", ".json"]),
            ("html,json,pdf", [".pdf", ".pdf", ".json", ".html"]),
        ],
    )
    def test_writes_only_the_formats_asked_for(self, run, out, formats, endings):
        """The order of the list and blanks in it do not matter."""
        code, shown, _ = run("generate", QUIET, "-o", out, "--format", formats)
        assert code == 0
        assert [Path(line).suffix for line in shown.splitlines()] == endings

    def test_reads_standard_input(self, run, out, monkeypatch):
        """A hyphen stands for standard input, byte for byte the same report at the same time."""
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775000000")
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
        """Existing output is refused as a whole: the other files of the report are not written either."""
        _, shown, _ = run("generate", QUIET, "-o", out)
        pdf, record, report = map(Path, shown.splitlines())
        pdf.write_bytes(b"signed by hand")
        record.unlink()
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

    def test_force_replaces(self, run, out, monkeypatch):
        """With --force the report is written over what is there."""
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775000000")
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
        assert len(shown.splitlines()) == 3
        assert all(
            f"{stage} " in said.splitlines()[-1] for stage in ("facts", "write", "check", "json", "record", "pdf")
        )

    def test_paper_can_be_chosen(self, run, out, monkeypatch):
        """A4 and letter give different PDFs of the same report."""
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775000000")
        _, letter, _ = run("generate", QUIET, "-o", out, "--format", "pdf")
        before = [Path(path).read_bytes() for path in letter.splitlines()]
        code, same, _ = run("generate", QUIET, "-o", out, "--format", "pdf", "--page-size", "a4", "--force")
        assert code == 0
        assert same == letter
        assert all(Path(path).read_bytes() != data for path, data in zip(same.splitlines(), before, strict=True))


class TestTheTwoParts:
    def test_the_record_may_stand_behind_the_report(self, run, out):
        """In one file with a name of its own, and then in no other."""
        code, shown, _ = run("generate", QUIET, "-o", out, "--format", "pdf", "--bind")
        assert code == 0
        assert [path.name.rpartition("-")[2] for path in out.iterdir()] == ["bound.pdf"]
        contents = read_pdf(Path(shown.strip()).read_bytes())
        assert contents.pages > 0
        assert contents.record_sha256

    def test_the_report_states_the_digest_of_the_file_beside_it(self, run, out):
        """Whoever has both can tell that they belong together."""
        _, shown, _ = run("generate", QUIET, "-o", out, "--format", "pdf")
        report, record = (Path(path).read_bytes() for path in shown.splitlines())
        assert read_pdf(report).record_sha256 == hashlib.sha256(record).hexdigest()
        assert read_pdf(record).only_record

    def test_each_flavour_has_a_name_of_its_own(self, run, out):
        """One with data attached does not take the place of the draft, and its record is the same."""
        run("generate", QUIET, "-o", out, "--format", "pdf")
        code, shown, _ = run("generate", QUIET, "-o", out, "--format", "pdf", "--flavour", "data", "--force")
        assert code == 0
        endings = [Path(path).name.rpartition("-")[2] for path in shown.splitlines()]
        assert endings == ["data.pdf", "record.pdf"]
        assert len(list(out.iterdir())) == 3

    def test_a_payers_copy_of_a_draft_is_refused(self, run, out):
        """Exit code 3, nothing written, and what to do instead."""
        code, shown, said = run("generate", QUIET, "-o", out, "--flavour", "payer")
        assert (code, shown, list(out.iterdir())) == (3, "", [])
        assert "have it signed" in said
        assert "[gate.payer_copy]" in said

    def test_the_flavour_that_has_another_name_now(self, run, out):
        """`record` is told what it is called; exit code 1."""
        code, shown, said = run("generate", QUIET, "-o", out, "--flavour", "record")
        assert (code, shown, list(out.iterdir())) == (1, "", [])
        assert "the flavour `record` is now called `data`" in " ".join(said.split())


class TestTheTimeOfTheDraft:
    def test_is_that_of_the_command(self, run, out, monkeypatch):
        """The minute in which the command runs, as the library is told it."""
        made = []
        real = report_gen.pipeline.generate
        monkeypatch.setattr(
            report_gen.pipeline, "generate", lambda *a, **k: made.append(k["settings"]) or real(*a, **k)
        )
        before = datetime.now(UTC).replace(second=0, microsecond=0)
        run("generate", QUIET, "-o", out)
        assert before <= made[0].drafted_at <= datetime.now(UTC)
        assert made[0].drafted_at.second == 0

    def test_may_be_stated_by_a_build_system(self, run, out, monkeypatch):
        """Two runs give the same bytes; another time changes the pages and no data."""
        written = []
        for seconds in ("1775000000", "1775000000", "1785000000"):
            monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
            _, shown, _ = run("generate", QUIET, "-o", out, "--force")
            written.append([Path(path).read_bytes() for path in shown.splitlines()])
        assert written[0] == written[1]
        assert written[0][2] == written[2][2]

    def test_that_is_none_is_told(self, run, out, monkeypatch):
        """Exit code 1, nothing written."""
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown, list(out.iterdir())) == (1, "", [])
        assert "[usage.source_date_epoch]" in said


class TestTheDraftGate:
    def test_blocks_with_the_questions(self, run, file, out):
        """Exit code 3, each question with its place on standard error, nothing written."""
        code, shown, said = run("generate", file(blocked(case_of())), "-o", out)
        assert (code, shown) == (3, "")
        assert "[gate.draft]" in said
        assert "Draft cannot be made: 1 question (technologist 1) first." in said
        assert " baseline, or why was none obtained? [before the draft]" in said
        assert "--incomplete" in said
        assert list(out.iterdir()) == []

    def test_incomplete_writes_and_says_what_is_open(self, run, file, out):
        """The user may ask for the draft all the same; the open questions are still printed."""
        code, shown, said = run("generate", file(blocked(case_of())), "-o", out, "--incomplete")
        assert code == 0
        assert len(shown.splitlines()) == len(list(out.iterdir())) == 3
        assert " baseline, or why was none obtained? [before the draft]" in said

    def test_check_says_the_same(self, run, file):
        """`check` returns 3 for a case whose draft would be refused, in both formats."""
        path = file(blocked(case_of()))
        assert run("check", path)[0] == 3
        code, shown, _ = run("check", path, "--format", "json")
        assert code == 3
        assert any(row["gate"] == "draft" and row["severity"] == "block" for row in json.loads(shown)["findings"])


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
        path = file(case_of())
        path.chmod(0)
        assert run("check", path)[0] == 4

    def test_a_path_in_any_script_works(self, run, file, tmp_path):
        """Paths are the user's, in whatever letters."""
        folder = tmp_path / "Bérichte 例 ł"
        folder.mkdir()
        code, shown, _ = run("generate", file(case_of(), "Fäll 例.json"), "-o", folder)
        assert code == 0
        assert [Path(line).parent for line in shown.splitlines()] == [folder, folder, folder]

    def test_an_ascii_terminal_does_not_hurt(self, tmp_path):
        """Paths and findings are written as bytes; the terminal's encoding cannot fail."""
        folder = tmp_path / "ł"
        folder.mkdir()
        plain = {**os.environ, "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
        done = process("generate", EVENTFUL, "-o", folder, env=plain)
        assert done.returncode == 0, done.stderr
        assert all(Path(os.fsdecode(line)).is_file() for line in done.stdout.splitlines())
        done = process("check", EVENTFUL, "--format", "json", env=plain)
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
        path = file(b"{}" if source == "broken" else blocked(case_of(EVENTFUL)))
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
        done = process(
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
        assert len(list(out.iterdir())) == 3

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
        assert len(done.stdout.splitlines()) == 3
