"""A record PDF carries its data, and gives them back only when they belong to its pages."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest

from report_gen import FileAccessError, Settings, generate, load_case
from report_gen.cli import main
from report_gen.pipeline import content_id, report_id
from report_gen.render.pdf.read import read_pdf

SAMPLES = Path(__file__).parents[2] / "samples" / "valid"
SAMPLE = SAMPLES / "invented_scoliosis_mep_loss.json"
RECORD = Settings(flavour="record")


@pytest.fixture(scope="module")
def record() -> bytes:
    """A record PDF."""
    return generate(load_case(SAMPLE), settings=RECORD).pdf


def _changed(data: bytes, name: str, change) -> bytes:
    """The PDF with an attached file replaced."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = change(pdf.attachments[name].get_file().read_bytes())
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


class TestFlavours:
    def test_a_record_carries_case_and_report(self, record):
        """Both files come back to the byte, and the case makes the same report again."""
        contents = read_pdf(record)
        report = generate(load_case(SAMPLE), settings=RECORD)
        assert contents.files["report.json"] == report.json
        again = load_case(contents.files["case.json"])
        assert again == load_case(SAMPLE)
        assert report_id(again) == report.report_id
        assert generate(again, settings=RECORD).pdf == record

    @pytest.mark.parametrize("flavour", ["draft", "payer"])
    def test_the_others_carry_nothing(self, flavour):
        """A draft and a payer's copy hold no more than their pages show."""
        report = generate(load_case(SAMPLE), settings=Settings(flavour=flavour))
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

        from tests.render.test_tags import KNOWN_FINDINGS

        assert {row.rule for row in pdfa.validate_written(io.BytesIO(record), "3b").findings} == KNOWN_FINDINGS

    def test_the_content_id_stands_on_every_page(self, record):
        """Paper and data can be matched by eye."""
        import pypdfium2

        report = generate(load_case(SAMPLE), settings=RECORD)
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

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a pdf" * 100])
    def test_says_that_a_file_is_no_pdf(self, tmp_path, capsys, data):
        """One clear line, no traceback."""
        (tmp_path / "x.pdf").write_bytes(data)
        assert self._run("extract", tmp_path / "x.pdf", "-o", tmp_path) == 4
        assert "extract.not_a_pdf" in capsys.readouterr().err

    def test_says_that_nothing_is_attached(self, tmp_path, capsys):
        """A draft has nothing to give."""
        (tmp_path / "d.pdf").write_bytes(generate(load_case(SAMPLE)).pdf)
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
