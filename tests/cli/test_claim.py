"""`claim`: what goes where, with which exit code, and that nobody's data are repeated."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from jsonschema import Draft202012Validator

import report_gen.cli.claim_files
import report_gen.pipeline
import report_gen.render.report.pages
from report_gen import Report, Settings, claim_support, generate, load_case
from report_gen.cli.schema import schemas
from report_gen.identity import report_id
from report_gen.render.pdf.read import read_pdf
from report_gen.render.report.standing import Standing
from tests.cases.canaries import CANARIES, with_canaries
from tests.cases.practice import PROFILE, written
from tests.cases.story import BASE, CLAIMS, data

STORY = CLAIMS / f"{BASE}.json"
ID = report_id(load_case(STORY))
VALID = CLAIMS.parent / "valid"


@pytest.fixture(scope="module")
def draft() -> Report:
    """The report of the story, which nobody has signed."""
    return generate(load_case(STORY))


@pytest.fixture(scope="module")
def signed() -> Report:
    """The same as if it were signed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_gen.render.report.pages, "standing", lambda _: Standing.SIGNED)
        return generate(load_case(STORY))


@pytest.fixture
def report(signed) -> bytes:
    """The signed report, without its technical record."""
    return signed.pdf


@pytest.fixture(scope="module")
def foreign() -> bytes:
    """The report of another case."""
    return generate(load_case(VALID / "invented_acdf_quiet.json")).pdf


class TestClaim:
    def test_text_is_alone_on_standard_output(self, run):
        """The checklist there, one line for people on standard error; blocked is exit code 3."""
        code, shown, said = run("claim", STORY)
        assert code == 3
        assert shown.startswith("CLAIM CHECKLIST\n")
        assert re.fullmatch(r"\d+ open, \d+ of them to be settled before the claim goes out\.\n", said)

    def test_json_is_alone_on_standard_output(self, run):
        """By its schema, and the same result in the exit code."""
        code, shown, said = run("claim", STORY, "--format", "json")
        found = json.loads(shown)
        assert (code, found["blocked"], said) == (3, True, f"{found['statement']}\n")
        assert Draft202012Validator(schemas()["claim.v1.schema.json"]).is_valid(found)
        assert found["attachment"]["file"] is None

    def test_with_everything_settled_it_is_exit_code_0(self, run, tmp_path):
        """A practice's profile and code map, and nothing open."""
        profile, codes = written(tmp_path)
        code, shown, said = run("claim", STORY, "--profile", profile, "--codes", codes)
        assert code == 0
        assert said.startswith("No open item found by these rules (oldest check ")
        assert "G0453" in shown
        assert "00013" in shown

    def test_a_check_that_holds_nothing_back_is_exit_code_0(self, run, tmp_path):
        """Without the code map something is open, and the claim need not wait for it."""
        profile, _ = written(tmp_path)
        code, _, said = run("claim", STORY, "--profile", profile)
        assert code == 0
        assert re.fullmatch(r"\d+ open, 0 of them to be settled before the claim goes out\.\n", said)

    def test_reads_standard_input(self, run, monkeypatch):
        """A hyphen stands for it."""
        wanted = run("claim", STORY)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STORY.read_bytes())))
        assert run("claim", "-") == wanted

    def test_an_invalid_case_is_exit_code_2(self, run, file, out):
        """Each problem, nothing written."""
        raw = with_canaries(data())
        raw["encounter"]["place_of_service"] = "Zebrafinch"
        code, shown, said = run("claim", file(raw), "-o", out)
        assert (code, shown, list(out.iterdir())) == (2, "", [])
        assert "/encounter/place_of_service" in said
        assert "Zebrafinch" not in said

    def test_a_missing_case_is_exit_code_4(self, run, tmp_path):
        """The system's reason."""
        code, shown, said = run("claim", tmp_path / "nowhere.json")
        assert (code, shown) == (4, "")
        assert "[case.unreadable]" in said


class TestFilesOfAClaim:
    def test_three_files_and_no_report(self, run, out):
        """Data, text and page. A report made now would be an unsigned draft, and none of those goes to a payer."""
        code, shown, _ = run("claim", STORY, "-o", out)
        assert code == 3
        paths = [Path(line) for line in shown.splitlines()]
        assert [path.name for path in paths] == [
            f"{ID}.claim.json",
            f"{ID}.claim.pdf",
            f"{ID}.claim.txt",
        ]
        assert sorted(paths) == sorted(out.iterdir())
        document, page, text = (path.read_bytes() for path in paths)
        attachment = json.loads(document)["attachment"]
        assert (attachment["file"], attachment["record_file"]) == (None, None)
        assert "attach the signed report with its technical record, never a draft" in " ".join(text.decode().split())
        assert page.startswith(b"%PDF-")
        assert text.decode() == run("claim", STORY)[1]

    def test_what_is_there_is_left_untouched(self, run, out):
        """All three or none; with --force all three."""
        (out / f"{ID}.claim.txt").write_text("mine")
        code, shown, said = run("claim", STORY, "-o", out)
        assert (code, shown) == (4, "")
        assert "[file.exists]" in said
        assert [path.read_text() for path in out.iterdir()] == ["mine"]
        code, shown, _ = run("claim", STORY, "-o", out, "--force")
        assert code == 3
        assert len(list(out.iterdir())) == len(shown.splitlines()) == 3
        assert (out / f"{ID}.claim.txt").read_text() != "mine"

    def test_a_full_disk_leaves_nothing(self, run, out, monkeypatch):
        """Exit code 4 and an empty folder."""

        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        code, shown, said = run("claim", STORY, "-o", out)
        assert (code, shown, list(out.iterdir())) == (4, "", [])
        assert "nothing was left behind" in said

    def test_a_missing_folder(self, run, tmp_path):
        """Its last part is made, no more: a typing error further up would hide the files."""
        assert run("claim", STORY, "-o", tmp_path / "new")[0] == 3
        assert len(list((tmp_path / "new").iterdir())) == 3
        code, shown, said = run("claim", STORY, "-o", tmp_path / "nowhere" / "new")
        assert (code, shown) == (4, "")
        assert "[file.no_folder]" in said


class TestTheReportGiven:
    def test_goes_with_the_claim(self, run, file, out, report):
        """Three files are written; its name, digest, size and pages stand in the data."""
        path = file(report, f"{ID}-payer.pdf")
        code, shown, said = run("claim", STORY, "--report", path, "-o", out)
        assert code == 3
        assert len(shown.splitlines()) == len(list(out.iterdir())) == 3
        found = json.loads((out / f"{ID}.claim.json").read_bytes())["attachment"]["file"]
        assert (found["name"], found["size_bytes"]) == (path.name, len(report))
        assert found["sha256"] == hashlib.sha256(report).hexdigest()
        assert (found["pages"], found["draft"]) == (read_pdf(report).pages, False)
        assert said.startswith("note: the report names a technical record, which is part of it; ")

    def test_goes_with_its_technical_record(self, run, file, out, signed):
        """Both files stand in the data and on the checklist, each with its digest."""
        files = [file(signed.pdf, f"{ID}.pdf"), file(signed.record_pdf, f"{ID}-record.pdf")]
        code, _, said = run("claim", STORY, "--report", files[0], "--record", files[1], "-o", out)
        assert code == 3
        assert "note:" not in said
        attachment = json.loads((out / f"{ID}.claim.json").read_bytes())["attachment"]
        text = " ".join((out / f"{ID}.claim.txt").read_text().split())
        for found, path in zip((attachment["file"], attachment["record_file"]), files, strict=True):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert (found["name"], found["sha256"]) == (path.name, digest)
            assert f"{path.name}, {found['pages']} page" in text
            assert digest in text

    def test_bound_with_its_record_needs_no_second_file(self, run, file):
        """Both parts are in it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(report_gen.render.report.pages, "standing", lambda _: Standing.SIGNED)
            bound = generate(load_case(STORY), settings=Settings(bind=True)).pdf
        path = file(bound, f"{ID}-bound.pdf")
        code, shown, said = run("claim", STORY, "--report", path, "--format", "json")
        assert code == 3
        assert "note:" not in said
        assert json.loads(shown)["attachment"]["file"]["name"] == path.name

    def test_the_record_of_another_making_is_refused(self, run, file, signed, draft):
        """It is not the one whose digest the report states, although it is of the same case."""
        files = [file(signed.pdf, "a.pdf"), file(draft.record_pdf, "b.pdf")]
        code, shown, said = run("claim", STORY, "--report", files[0], "--record", files[1])
        assert (code, shown) == (4, "")
        assert "[claim.other_record]" in said

    def test_the_two_files_are_not_taken_for_each_other(self, run, file, signed):
        """Each says what it is; the message says which option it belongs to."""
        report, record = file(signed.pdf, "a.pdf"), file(signed.record_pdf, "b.pdf")
        assert "[claim.only_record]" in run("claim", STORY, "--report", record)[2]
        assert "[claim.not_a_record]" in run("claim", STORY, "--report", report, "--record", report)[2]
        code, _, said = run("claim", STORY, "--record", record)
        assert (code, "[claim.record_alone]" in said) == (1, True)

    def test_a_draft_holds_the_claim_back(self, run, file, tmp_path, draft):
        """Although the case file states a signature: the checklist never says that this file is signed."""
        profile, codes = written(tmp_path)
        settled = ("claim", STORY, "--profile", profile, "--codes", codes)
        assert run(*settled)[0] == 0
        code, shown, said = run(*settled, "--report", file(draft.pdf, f"{ID}.pdf"))
        words = " ".join(shown.split())
        assert code == 3
        assert "1 of them to be settled before the claim goes out" in said
        assert "the file named is an UNSIGNED DRAFT" in words
        assert f"HOLD, an unsigned draft, not to be attached: {ID}.pdf" in words

    def test_a_name_that_people_gave_it_stays_out(self, run, file, report):
        """Files are named after patients; what is carried is what we would call it."""
        code, shown, said = run("claim", STORY, "--report", file(report, "Zebrafinch.pdf"), "--format", "json")
        assert code == 3
        assert json.loads(shown)["attachment"]["file"]["name"] == f"{ID}.pdf"
        assert "Zebrafinch" not in shown + said

    def test_of_another_case_is_refused(self, run, file, out, foreign):
        """Nothing is written."""
        code, shown, said = run("claim", STORY, "--report", file(foreign, "r.pdf"), "-o", out)
        assert (code, shown, list(out.iterdir())) == (4, "", [])
        assert "[claim.other_report]" in said

    def test_with_pages_of_another_case_is_refused(self, run, file, report, foreign):
        """Another patient's pages among the right ones must not go out."""
        whole = io.BytesIO()
        with pikepdf.open(io.BytesIO(report)) as pdf, pikepdf.open(io.BytesIO(foreign)) as other:
            pdf.pages.extend(other.pages)
            pdf.save(whole)
        code, shown, said = run("claim", STORY, "--report", file(whole.getvalue(), "r.pdf"))
        assert (code, shown) == (4, "")
        assert "[claim.other_report]" in said

    def test_that_is_the_checklist_is_refused(self, run, file, report):
        """It lies beside the report and stays in the billing office, alone or among the report's pages."""
        whole = io.BytesIO()
        checklist = claim_support(load_case(STORY)).pdf
        with pikepdf.open(io.BytesIO(report)) as pdf, pikepdf.open(io.BytesIO(checklist)) as other:
            pdf.pages.extend(other.pages)
            pdf.save(whole)
        for content in (checklist, whole.getvalue()):
            code, shown, said = run("claim", STORY, "--report", file(content, "r.pdf"))
            assert (code, shown) == (4, "")
            assert "[claim.not_a_report]" in said

    def test_that_names_no_report_is_taken_with_a_note(self, run, file):
        """A scan has no text; a person must look."""
        scan = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(scan)
        code, shown, said = run("claim", STORY, "--report", file(scan.getvalue(), "scan.pdf"), "--format", "json")
        assert code == 3
        assert json.loads(shown)["attachment"]["file"]["pages"] == 1
        assert said.startswith("note: the report file names no report;")

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"Zebrafinch", "claim.report_not_a_pdf"),
            (b"", "claim.report_not_a_pdf"),
            (b"%PDF-1.7 Zebrafinch", "extract.not_a_pdf"),
        ],
    )
    def test_that_is_no_pdf(self, run, file, content, problem):
        """One line, quoting nothing."""
        code, shown, said = run("claim", STORY, "--report", file(content, "Zebrafinch.pdf"))
        assert (code, shown, said.count("\n")) == (4, "", 1)
        assert f"[{problem}]" in said
        assert "Zebrafinch" not in said

    def test_that_is_too_large(self, run, file, report, monkeypatch):
        """Refused before it is read."""
        monkeypatch.setattr(report_gen.cli.claim_files, "LARGEST_REPORT_BYTES", len(report) - 1)
        code, shown, said = run("claim", STORY, "--report", file(report, "r.pdf"))
        assert (code, shown) == (4, "")
        assert "[claim.report_too_large]" in said
        monkeypatch.setattr(report_gen.cli.claim_files, "LARGEST_REPORT_BYTES", len(report))
        assert run("claim", STORY, "--report", file(report, "r.pdf"))[0] == 3

    @pytest.mark.parametrize("name", ["nowhere.pdf", "."])
    def test_that_cannot_be_read(self, run, tmp_path, name):
        """Missing, or a folder."""
        code, shown, said = run("claim", STORY, "--report", tmp_path / name)
        assert (code, shown) == (4, "")
        assert "[claim.report_unreadable]" in said

    def test_without_the_extra_pages_are_not_counted(self, run, file, report, monkeypatch):
        """And nothing is compared, which is said."""
        for name in ("pikepdf", "pypdfium2"):
            monkeypatch.setitem(sys.modules, name, None)
        code, shown, said = run("claim", STORY, "--report", file(report, "r.pdf"), "--format", "json")
        assert code == 3
        assert json.loads(shown)["attachment"]["file"]["pages"] is None
        assert said.startswith("note: pages of the report are not counted")


class TestThePracticeFiles:
    def test_every_problem_of_a_profile_is_told_at_once(self, run, file):
        """With its place, without a value of the file; exit code 1."""
        text = PROFILE.replace('"0000000900"', '"Zebrafinch"') + (
            '[[payers]]\nid = "x"\npayer_class = "Zebrafinch"\nnick = "Zebrafinch"\n'
            '[[confirmations]]\nitem = "tables_current"\nconfirmed_on = "Zebrafinch"\nconfirmed_by = "B."\n'
        )
        code, shown, said = run("claim", STORY, "--profile", file(text, "p.toml"))
        assert (code, shown) == (1, "")
        assert "[profile.invalid]" in said
        for place in ("/billing_npi", "/payers/0/payer_class", "/payers/0/nick", "/confirmations/3/confirmed_on"):
            assert place in said
        assert "Zebrafinch" not in said

    @pytest.mark.parametrize("option", ["--profile", "--codes"])
    def test_a_missing_one_is_exit_code_4(self, run, tmp_path, option):
        """Before the case is read."""
        code, shown, said = run("claim", STORY, option, tmp_path / "nowhere.toml")
        assert (code, shown) == (4, "")
        assert "[profile.unreadable]" in said

    @pytest.mark.parametrize("option", ["--profile", "--codes"])
    @pytest.mark.parametrize("text", ["", "Zebrafinch", 'format = "Zebrafinch"', "\x00"])
    def test_one_that_is_none_is_exit_code_1(self, run, file, option, text):
        """Told as such, without its content."""
        code, shown, said = run("claim", STORY, option, file(text, "x.toml"))
        assert (code, shown) == (1, "")
        assert "Zebrafinch" not in said


class TestNobodyIsNamed:
    @pytest.mark.parametrize(
        "command",
        ["claim CASE", "claim CASE --format json", "claim CASE -o OUT", "denial 252 --case CASE"],
    )
    def test_in_what_is_said_and_shown(self, run, file, out, command):
        """Neither in the streams nor in names nor in files but the clinical report itself."""
        words = {"CASE": file(with_canaries(data())), "OUT": out}
        code, shown, said = run(*(words.get(word, word) for word in command.split()))
        assert code in (0, 3)
        names = " ".join(path.name for path in out.iterdir())
        written_text = "".join(path.read_text() for path in out.iterdir() if path.suffix != ".pdf")
        assert [mark for mark in CANARIES if mark in shown + said + names + written_text] == []

    def test_when_something_unexpected_happens(self, run, file, monkeypatch):
        """A defect of ours prints its type, not its message."""

        def fails(*_: object, **__: object) -> None:
            raise ValueError("Zebrafinch, Canary")

        monkeypatch.setattr(report_gen.pipeline, "claim_support", fails)
        code, shown, said = run("claim", file(with_canaries(data())))
        assert (code, shown, said.count("\n")) == (6, "", 1)
        assert "unexpected ValueError" in said
        assert "Zebrafinch" not in said

    def test_in_a_case_with_free_text_everywhere(self, run, file):
        """Each text of several words replaced by a mark."""
        raw = deepcopy(data("claim_words"))
        marked = 0
        stack: list[Any] = [raw]
        while stack:
            node = stack.pop()
            for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
                if isinstance(value, (dict, list)):
                    stack.append(value)
                elif isinstance(value, str) and " " in value:
                    node[key] = "Zebrafinch flew"
                    marked += 1
        assert marked > 20
        for command in (("claim",), ("claim", "--format", "json")):
            _, shown, said = run(*command, file(raw))
            assert "Zebrafinch" not in shown + said


class TestAsAProcess:
    @pytest.mark.parametrize("arguments", [("claim", STORY), ("rules",), ("denial", "252")], ids=lambda row: row[0])
    def test_a_reader_that_goes_away_is_no_traceback(self, arguments):
        """As with `| head`: silent, exit code 4."""
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "report_gen", *map(str, arguments)]
        with os.fdopen(writing, "wb") as pipe:
            done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (4, b"")


class TestHelp:
    @pytest.mark.parametrize(
        ("command", "words"),
        [
            ("claim", ("--profile", "--codes", "--report", "--record", "--output", "--force", "--page-size")),
            ("rules", ("list", "show", "--on")),
            ("denial", ("--remark", "--payer", "--case", "--received")),
        ],
    )
    def test_names_what_there_is(self, run, command, words):
        """On standard output, exit code 0."""
        code, shown, said = run(command, "--help")
        assert (code, said) == (0, "")
        assert [word for word in words if word not in shown] == []

    def test_the_program_lists_the_commands(self, run):
        """With what the exit code of `claim` means."""
        shown = " ".join(run("--help")[1].split())
        assert "say what the record supports on a claim, and what is open (3: blocked)" in shown
        assert all(f" {name} " in shown for name in ("claim", "rules", "denial"))

    @pytest.mark.parametrize(
        "arguments",
        [(), (STORY, "--format", "pdf"), (STORY, "--page-size", "a5"), (STORY, STORY), (STORY, "--bill")],
        ids=lambda row: " ".join(getattr(word, "name", word) for word in row) or "nothing",
    )
    def test_wrong_usage_is_exit_code_1(self, run, arguments):
        """The mistake and the usage on standard error."""
        code, shown, said = run("claim", *arguments)
        assert (code, shown) == (1, "")
        assert "usage: report-gen" in said
