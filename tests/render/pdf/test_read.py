"""A record PDF carries its data, and gives them back only when they belong to its pages."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

import report_gen.pipeline
from report_gen import FileAccessError, Report, Settings, claim_support, generate, load_case
from report_gen.cli import main
from report_gen.identity import content_id, report_id
from report_gen.render.pdf.read import read_pdf
from tests.selection import now_and_in_full

SAMPLES = Path(__file__).parents[3] / "samples" / "valid"
SAMPLE = SAMPLES / "invented_scoliosis_mep_loss.json"
RECORD = Settings(flavour="record")


@cache
def _report(name: str = SAMPLE.stem, **settings: Any) -> Report:
    """The report of a sample."""
    return generate(load_case(SAMPLES / f"{name}.json"), settings=Settings(**settings))


@pytest.fixture(scope="module")
def record() -> bytes:
    """A record PDF."""
    return _report(flavour="record").pdf


def _changed(data: bytes, name: str, change) -> bytes:
    """The PDF with an attached file replaced."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = change(pdf.attachments[name].get_file().read_bytes())
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _joined(*parts: bytes) -> bytes:
    """One PDF of the pages of several."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as pdf:
                whole.pages.extend(pdf.pages)
        whole.save(out)
    return out.getvalue()


class TestPages:
    @pytest.mark.parametrize(
        "name",
        now_and_in_full(
            (SAMPLE.stem, "published_c04_acdf", "stress_twelve_hours"), (SAMPLE.stem, "published_c04_acdf")
        ),
    )
    def test_report_id_and_pages_are_those_of_the_report(self, name):
        """The id once although every page prints it, and as many pages as were drawn."""
        report = _report(name)
        contents = read_pdf(report.pdf)
        assert contents.report_ids == (report.report_id,)
        assert contents.pages == report.pages

    @pytest.mark.parametrize("page_size", ["letter", "a4"])
    def test_the_longest_case_id_is_read_whole_or_not_at_all(self, page_size):
        """Half an id would be taken for that of another report."""
        case = load_case(json.dumps({**json.loads(SAMPLE.read_bytes()), "case_id": "W" * 60}).encode())
        report = generate(case, settings=Settings(page_size=page_size))
        assert read_pdf(report.pdf).report_ids in ((), (report.report_id,))

    @pytest.mark.parametrize("case_id", ["a", "A.b_c-v2-0123456789", "x-v1"])
    def test_ids_that_look_like_others_are_read_whole(self, case_id):
        """A case id may hold what else stands in a report id."""
        case = load_case(json.dumps({**json.loads(SAMPLE.read_bytes()), "case_id": case_id}).encode())
        report = generate(case)
        assert report.report_id.startswith(case_id)
        assert read_pdf(report.pdf).report_ids == (report.report_id,)

    def test_two_reports_in_one_file_are_both_named(self, record):
        """In the order of their pages, each once."""
        other = _report("published_c04_acdf")
        contents = read_pdf(_joined(other.pdf, record))
        assert contents.report_ids == (other.report_id, report_id(load_case(SAMPLE)))
        assert contents.pages == other.pages + read_pdf(record).pages

    def test_a_claim_checklist_is_no_report(self):
        """It names the report that it rests on, and is not taken for it."""
        made = claim_support(load_case(SAMPLE))
        contents = read_pdf(made.pdf)
        assert contents.report_ids == ()
        assert contents.content_ids == (content_id(made.json),)
        assert contents.pages == made.pages
        assert contents.for_billing
        assert not read_pdf(_report().pdf).for_billing

    def test_a_page_without_text_names_nothing(self):
        """A scan is counted all the same."""
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.add_blank_page()
            pdf.save(out)
        contents = read_pdf(out.getvalue())
        assert (contents.report_ids, contents.content_ids, contents.files, contents.pages) == ((), (), {}, 2)


class TestFlavours:
    def test_a_record_carries_case_and_report(self, record):
        """Both files come back to the byte, and the case makes the same report again."""
        contents = read_pdf(record)
        report = _report(flavour="record")
        assert contents.files["report.json"] == report.json
        again = load_case(contents.files["case.json"])
        assert again == load_case(SAMPLE)
        assert report_id(again) == report.report_id
        assert generate(again, settings=RECORD).pdf == record

    @pytest.mark.parametrize("flavour", ["draft", "payer"])
    def test_the_others_carry_nothing(self, flavour):
        """A draft and a payer's copy hold no more than their pages show."""
        report = _report(flavour=flavour)
        contents = read_pdf(report.pdf)
        assert contents.files == {}
        assert contents.content_ids == (content_id(report.json),)
        assert load_case(SAMPLE).patient.mrn.encode() not in report.pdf

    def test_attached_files_are_associated_with_their_relation(self, record):
        """Names and associated files agree, and each file is the source of what the pages say."""
        with pikepdf.open(io.BytesIO(record)) as pdf:
            associated = [str(row.UF) for row in pdf.Root.AF]
            assert associated == sorted(pdf.attachments)
            assert {str(row.AFRelationship) for row in pdf.Root.AF} == {"/Source"}
            assert {str(row.EF.F.Subtype) for row in pdf.Root.AF} == {"/application/json"}

    def test_a_record_is_archival_too(self, record):
        """Attachments are what part 3 of the standard allows."""
        from pikepdf import pdfa

        from tests.render.pdf.test_tags import KNOWN_FINDINGS

        assert {row.rule for row in pdfa.validate_written(io.BytesIO(record), "3b").findings} == KNOWN_FINDINGS

    def test_the_content_id_stands_on_every_page(self, record):
        """Paper and data can be matched by eye."""
        import pypdfium2

        report = _report(flavour="record")
        document = pypdfium2.PdfDocument(record)
        for page in document:
            assert f"Content {content_id(report.json)}" in page.get_textpage().get_text_bounded()

    def test_an_unknown_flavour_is_refused_at_once(self):
        """Not in the middle of drawing."""
        with pytest.raises(ValueError, match="flavour is one of draft, record, payer"):
            Settings(flavour="final")


class TestExtract:
    def _run(self, *arguments: object) -> int:
        return main([str(argument) for argument in arguments])

    def test_gives_the_files_back(self, record, tmp_path, capsys):
        """Case and report stand beside each other, named after the PDF."""
        (tmp_path / "r.pdf").write_bytes(record)
        assert self._run("extract", tmp_path / "r.pdf", "-o", tmp_path) == 0
        shown = capsys.readouterr()
        assert shown.out.split() == [str(tmp_path / "r.case.json"), str(tmp_path / "r.report.json")]
        assert "matches the printed pages" in shown.err
        assert load_case(tmp_path / "r.case.json") == load_case(SAMPLE)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("report.json", lambda data: data.replace(b"partial recovery", b"full return to baseline")),
            ("case.json", lambda data: data.replace(b'"amplitude_uv":46.0', b'"amplitude_uv":446.0')),
        ],
        ids=["report", "case"],
    )
    def test_refuses_data_that_do_not_belong_to_the_pages(self, record, tmp_path, capsys, name, change):
        """A changed attachment is found out, and nothing is written."""
        other = _changed(record, name, change)
        assert read_pdf(other).files[name] != read_pdf(record).files[name]
        (tmp_path / "r.pdf").write_bytes(other)
        assert self._run("extract", tmp_path / "r.pdf", "-o", tmp_path) == 4
        assert "extract.mismatch" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["r.pdf"]

    def test_verifies_the_case_of_a_record_of_another_version(self, tmp_path, monkeypatch):
        """The id is that of the record, so that a changed case is found whichever version made it."""
        monkeypatch.setattr(report_gen.pipeline, "__version__", "99.0.0")
        made = generate(load_case(SAMPLE), settings=RECORD).pdf
        changed = _changed(
            made, "case.json", lambda data: data.replace(b'"amplitude_uv":46.0', b'"amplitude_uv":446.0')
        )
        for data, code in ((made, 0), (changed, 4)):
            (tmp_path / "r.pdf").write_bytes(data)
            assert self._run("extract", tmp_path / "r.pdf", "-o", tmp_path, "--force") == code

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a pdf" * 100])
    def test_says_that_a_file_is_no_pdf(self, tmp_path, capsys, data):
        """One clear line, no traceback."""
        (tmp_path / "x.pdf").write_bytes(data)
        assert self._run("extract", tmp_path / "x.pdf", "-o", tmp_path) == 4
        assert "extract.not_a_pdf" in capsys.readouterr().err

    def test_says_that_nothing_is_attached(self, tmp_path, capsys):
        """A draft has nothing to give."""
        (tmp_path / "d.pdf").write_bytes(_report().pdf)
        assert self._run("extract", tmp_path / "d.pdf", "-o", tmp_path) == 4
        assert "--flavour record" in capsys.readouterr().err

    def test_a_missing_file_is_said(self, tmp_path, capsys):
        """The path is wrong, and that is all."""
        assert self._run("extract", tmp_path / "none.pdf") == 4
        assert "extract.unreadable" in capsys.readouterr().err

    def test_without_the_extra(self, record, monkeypatch):
        """The message says what to install."""
        import builtins

        real = builtins.__import__

        def without(name: str, *rest: object, **more: object) -> object:
            if name in ("pikepdf", "pypdfium2"):
                raise ImportError(name)
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(FileAccessError, match="report-gen\\[extract\\]"):
            read_pdf(record)

    def test_file_names_of_flavours_differ(self, tmp_path, capsys):
        """A record does not take the place of the draft."""
        for flavour in ("draft", "record", "payer"):
            arguments = ("generate", SAMPLE, "-o", tmp_path, "--format", "pdf", "--flavour", flavour)
            assert self._run(*arguments) == 0
        capsys.readouterr()
        assert sorted(path.name.rsplit("-", 1)[1] for path in tmp_path.iterdir())[1:] == ["payer.pdf", "record.pdf"]

    def test_the_attached_report_is_the_json_file(self, record):
        """The same bytes as ``--format json`` writes."""
        assert json.loads(read_pdf(record).files["report.json"])["schema_version"] == "report.v1"
