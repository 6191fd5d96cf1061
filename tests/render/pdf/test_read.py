"""A PDF with data attached gives them back only when they belong to its pages; each part says what it is."""

from __future__ import annotations

import hashlib
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
from report_gen.render.report import pages
from report_gen.render.report.standing import Standing
from tests.selection import now_and_in_full

SAMPLES = Path(__file__).parents[3] / "samples" / "valid"
SAMPLE = SAMPLES / "invented_scoliosis_mep_loss.json"
DATA = Settings(flavour="data")


@cache
def _report(name: str = SAMPLE.stem, **settings: Any) -> Report:
    """The report of a sample."""
    return generate(load_case(SAMPLES / f"{name}.json"), settings=Settings(**settings))


@pytest.fixture(scope="module")
def attached() -> bytes:
    """A report with its data attached."""
    return _report(flavour="data").pdf


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

    def test_two_reports_in_one_file_are_both_named(self, attached):
        """In the order of their pages, each once."""
        other = _report("published_c04_acdf")
        contents = read_pdf(_joined(other.pdf, attached))
        assert contents.report_ids == (other.report_id, report_id(load_case(SAMPLE)))
        assert contents.pages == other.pages + read_pdf(attached).pages

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


class TestParts:
    def test_a_report_states_the_digest_of_its_record(self):
        """Bound behind it or not, it is that of the file of its own."""
        report, bound = _report(), _report(bind=True)
        digest = hashlib.sha256(report.record_pdf).hexdigest()
        for contents in (read_pdf(report.pdf), read_pdf(bound.pdf)):
            assert contents.record_sha256 == digest
            assert not contents.only_record
        assert [read_pdf(one.pdf).bound for one in (report, bound)] == [False, True]
        assert bound.record_pdf == report.record_pdf
        assert read_pdf(bound.pdf).pages == bound.pages + bound.record_pages

    def test_a_record_names_its_report_and_nobody_s_digest(self):
        """It says on every page what it is."""
        report = _report()
        contents = read_pdf(report.record_pdf)
        assert contents.report_ids == (report.report_id,)
        assert contents.content_ids == (content_id(report.json),)
        assert contents.record_pages == contents.pages == report.record_pages
        assert contents.only_record
        assert contents.record_sha256 == ""
        assert read_pdf(report.pdf).record_pages == 0

    def test_two_digests_are_none(self):
        """Pages of two reports state no digest of one record."""
        assert read_pdf(_joined(_report().pdf, _report("published_c04_acdf").pdf)).record_sha256 == ""

    def test_an_unsigned_draft_is_seen(self, monkeypatch):
        """By what every page of one says."""
        assert [one.signed for one in Standing] == ["NOT FOR BILLING" not in one.foot for one in Standing]
        assert read_pdf(_report().pdf).draft
        assert read_pdf(_report().record_pdf).draft
        monkeypatch.setattr(pages, "standing", lambda _: Standing.SIGNED)
        assert not read_pdf(generate(load_case(SAMPLE)).pdf).draft


class TestFlavours:
    def test_one_with_data_carries_case_and_report(self, attached):
        """Both files come back to the byte, and the case makes the same report again."""
        contents = read_pdf(attached)
        report = _report(flavour="data")
        assert contents.files["report.json"] == report.json
        again = load_case(contents.files["case.json"])
        assert again == load_case(SAMPLE)
        assert report_id(again) == report.report_id
        assert generate(again, settings=DATA).pdf == attached

    def test_the_others_carry_nothing(self):
        """A draft, a bound one and a technical record hold no more than their pages show."""
        report = _report()
        for data in (report.pdf, report.record_pdf, _report(bind=True).pdf):
            contents = read_pdf(data)
            assert contents.files == {}
            assert contents.content_ids == (content_id(report.json),)
            assert load_case(SAMPLE).patient.mrn.encode() not in data

    def test_attached_files_are_associated_with_their_relation(self, attached):
        """Names and associated files agree, and each file is the source of what the pages say."""
        with pikepdf.open(io.BytesIO(attached)) as pdf:
            associated = [str(row.UF) for row in pdf.Root.AF]
            assert associated == sorted(pdf.attachments)
            assert {str(row.AFRelationship) for row in pdf.Root.AF} == {"/Source"}
            assert {str(row.EF.F.Subtype) for row in pdf.Root.AF} == {"/application/json"}

    def test_one_with_data_is_archival_too(self, attached):
        """Attachments are what part 3 of the standard allows."""
        from pikepdf import pdfa

        from tests.render.pdf.test_tags import KNOWN_FINDINGS

        assert {row.rule for row in pdfa.validate_written(io.BytesIO(attached), "3b").findings} == KNOWN_FINDINGS

    def test_the_content_id_stands_on_every_page(self, attached):
        """Paper and data can be matched by eye."""
        import pypdfium2

        report = _report(flavour="data")
        document = pypdfium2.PdfDocument(attached)
        for page in document:
            assert f"Content {content_id(report.json)}" in page.get_textpage().get_text_bounded()

    def test_an_unknown_flavour_is_refused_at_once(self):
        """Not in the middle of drawing."""
        with pytest.raises(ValueError, match="flavour is one of draft, data, payer"):
            Settings(flavour="final")

    def test_one_that_has_another_name_now_is_told_by_it(self):
        """What `record` was is `data`, and a technical record comes with each."""
        with pytest.raises(ValueError, match="`record` is now called `data`"):
            Settings(flavour="record")


class TestExtract:
    def _run(self, *arguments: object) -> int:
        return main([str(argument) for argument in arguments])

    def test_gives_the_files_back(self, attached, tmp_path, capsys):
        """Case and report stand beside each other, named after the PDF."""
        (tmp_path / "r.pdf").write_bytes(attached)
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
    def test_refuses_data_that_do_not_belong_to_the_pages(self, attached, tmp_path, capsys, name, change):
        """A changed attachment is found out, and nothing is written."""
        other = _changed(attached, name, change)
        assert read_pdf(other).files[name] != read_pdf(attached).files[name]
        (tmp_path / "r.pdf").write_bytes(other)
        assert self._run("extract", tmp_path / "r.pdf", "-o", tmp_path) == 4
        assert "extract.mismatch" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["r.pdf"]

    def test_verifies_the_case_of_one_of_another_version(self, tmp_path, monkeypatch):
        """The id is that of the record, so that a changed case is found whichever version made it."""
        monkeypatch.setattr(report_gen.pipeline, "__version__", "99.0.0")
        made = generate(load_case(SAMPLE), settings=DATA).pdf
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
        assert "--flavour data" in capsys.readouterr().err

    def test_a_missing_file_is_said(self, tmp_path, capsys):
        """The path is wrong, and that is all."""
        assert self._run("extract", tmp_path / "none.pdf") == 4
        assert "extract.unreadable" in capsys.readouterr().err

    def test_without_the_extra(self, attached, monkeypatch):
        """The message says what to install."""
        import builtins

        real = builtins.__import__

        def without(name: str, *rest: object, **more: object) -> object:
            if name in ("pikepdf", "pypdfium2"):
                raise ImportError(name)
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(FileAccessError, match="report-gen\\[extract\\]"):
            read_pdf(attached)

    def test_a_technical_record_is_told_from_a_report_without_data(self, tmp_path, capsys):
        """Whoever names the wrong one of the two files learns it."""
        (tmp_path / "b.pdf").write_bytes(_report().record_pdf)
        assert self._run("extract", tmp_path / "b.pdf", "-o", tmp_path) == 4
        assert "this is the technical record alone" in capsys.readouterr().err

    def test_verifies_a_technical_record(self, attached, tmp_path, capsys):
        """By the digest that the report states; another one is refused and nothing is written."""
        (tmp_path / "r.pdf").write_bytes(attached)
        (tmp_path / "b.pdf").write_bytes(_report().record_pdf)
        (tmp_path / "other.pdf").write_bytes(_report("invented_acdf_quiet").record_pdf)
        given = ("extract", tmp_path / "r.pdf", "-o", tmp_path, "--record")
        assert self._run(*given, tmp_path / "other.pdf") == 4
        assert "[extract.other_record]" in capsys.readouterr().err
        assert not list(tmp_path.glob("*.json"))
        assert self._run(*given, tmp_path / "b.pdf") == 0
        digest = hashlib.sha256(_report().record_pdf).hexdigest()
        assert f"technical record {digest} matches what the report states" in capsys.readouterr().err

    def test_a_bound_report_gives_its_data_too(self, tmp_path, capsys):
        """Both parts bear the content id of the same data."""
        (tmp_path / "r.pdf").write_bytes(_report(flavour="data", bind=True).pdf)
        assert self._run("extract", tmp_path / "r.pdf", "-o", tmp_path) == 0
        assert "matches the printed pages" in capsys.readouterr().err

    def test_the_attached_report_is_the_json_file(self, attached):
        """The same bytes as ``--format json`` writes."""
        assert json.loads(read_pdf(attached).files["report.json"])["schema_version"] == "report.v1"
