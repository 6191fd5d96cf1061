"""``claim.json``: by its schema, the same bytes each time, every statement with its source, and nobody's name."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from report_gen import Case, ClaimSupport, claim_support, load_case
from report_gen.claim import load_profile
from report_gen.claim.attachment import AttachmentFile, attachment
from report_gen.claim.record import read_record
from report_gen.facts import derive
from report_gen.identity import report_id
from report_gen.life import ReportLife
from report_gen.render.claim.json import claim_json
from report_gen.version import __version__
from tests.cases.maximal import maximal
from tests.cases.practice import settled
from tests.cases.reports import loaded
from tests.cases.story import BASE, CLAIMS, data, of_case
from tests.hostile import everywhere
from tests.render.claim_cases import by_case
from tests.selection import ALL

ROOT = Path(__file__).parents[3]
MARK = "Zebrafinch 7QX"


@cache
def support(path: Path) -> ClaimSupport:
    """What billing gets of a sample, under what is shipped."""
    return claim_support(load_case(path))


@cache
def document(path: Path) -> dict[str, Any]:
    """Its ``claim.json``, made without drawing the page."""
    case, profile = load_case(path), load_profile()
    found, record = of_case(case, profile), read_record(derive(case), ReportLife.stated(case))
    attached = attachment(record, found, profile, report_id(case), None)
    read: dict[str, Any] = json.loads(claim_json(found, attached, "report_gen test"))
    return read


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """A checker of the committed schema that also checks formats."""
    schema = json.loads((ROOT / "schemas" / "claim.v1.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


class TestSchema:
    @by_case
    def test_accepts_every_document(self, validator, path):
        """Stories and samples alike, as other programs will read them."""
        assert [error.json_path for error in validator.iter_errors(document(path))] == []

    def test_accepts_one_with_a_file_and_codes(self, validator, tmp_path):
        """What the default leaves empty is filled."""
        file = AttachmentFile("r.pdf", "application/pdf", "ab" * 32, 100, 3)
        made = claim_support(loaded(data()), profile=settled(tmp_path), report_file=file)
        found = json.loads(made.json)
        assert found["attachment"]["file"]["pages"] == 3
        codes = [row["code"] for row in found["assessment"]["lines"]]
        assert codes[:3] == ["G0453", "00013", "00023"]
        assert all(codes)
        assert [error.json_path for error in validator.iter_errors(found)] == []

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            (("extra",), 1),
            (("schema_version",), "claim.v2"),
            (("assessment", "date_of_service"), "15.09.2026"),
            (("assessment", "lag", "signed_at"), "yesterday"),
            (("assessment", "findings", 0, "outcome"), "approved"),
            (("assessment", "findings", 0, "ask"), "nobody"),
            (("blocked",), "no"),
        ],
        ids=str,
    )
    def test_refuses_what_is_none(self, validator, place, value):
        """The document is closed, and its values are what they say."""
        found = deepcopy(document(CLAIMS / f"{BASE}.json"))
        node: Any = found
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = value
        assert not validator.is_valid(found)


class TestSameBytes:
    def test_in_every_process(self):
        """JSON, text and PDF do not depend on the order in which Python hashes."""
        program = (
            "import sys, hashlib\nfrom pathlib import Path\nfrom report_gen import claim_support, load_case\n"
            "made = claim_support(load_case(Path(sys.argv[1])))\n"
            "print(*(hashlib.sha256(data).hexdigest() for data in (made.json, made.text.encode(), made.pdf)))\n"
        )
        path = CLAIMS / "in_room_and_remote.json"
        own = support(path)
        wanted = [hashlib.sha256(data).hexdigest() for data in (own.json, own.text.encode(), own.pdf)]
        for seed in ("0", "7") if ALL else ("7",):
            done = subprocess.run(
                [sys.executable, "-c", program, str(path)],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.stdout.split() == wanted, done.stderr

    def test_in_one_process(self):
        """Twice from the same file."""
        path = CLAIMS / f"{BASE}.json"
        again = claim_support(load_case(path))
        assert (again.json, again.text, again.pdf) == (support(path).json, support(path).text, support(path).pdf)

    def test_says_what_made_it(self):
        """The program with its version; one line that ends with a newline."""
        path = CLAIMS / f"{BASE}.json"
        assert json.loads(support(path).json)["program"] == f"report_gen {__version__}"
        assert support(path).json.endswith(b"}\n")
        assert support(path).json.count(b"\n") == 1


class TestContent:
    @by_case
    def test_every_finding_can_be_followed(self, path):
        """To a source, and to facts that exist, with their place in the file."""
        places = {row.id: row.pointer for row in derive(load_case(path))}
        places |= {"report.life": "/report", "report.attachment": "/encounter/attachment_control_number"}
        for row in document(path)["assessment"]["findings"]:
            assert row["sources"]
            assert all(each["title"] and each["locator"] and each["checked_on"] for each in row["sources"])
            assert [each for each in row["evidence"] if places[each["fact"]] != each["pointer"]] == []

    @by_case
    def test_every_line_rests_on_facts(self, path):
        """Lines, studies and minutes too."""
        facts, found = derive(load_case(path)), document(path)["assessment"]
        rows = (*found["lines"], *found["studies"], *found["minutes"]["attention"])
        assert [row for row in rows if not row["facts"] or set(row["facts"]) - set(facts.by_id)] == []

    @by_case
    def test_gaps_are_the_open_findings(self, path):
        """None is left out and none is added, and the counts agree."""
        found = document(path)
        opened = [row for row in found["assessment"]["findings"] if row["outcome"] in ("fail", "confirm")]
        assert found["gaps"] == [{key: row[key] for key in ("rule", "denials", "ask", "action")} for row in opened]
        assert found["open_items"] == len(opened)
        assert found["blocked"] is any(row["blocking"] for row in opened)
        assert found["statement"] == of_case(load_case(path)).statement

    @by_case
    def test_minutes_add_up(self, path):
        """What counts is exclusive, shared, undetermined or allotted; what does not is given a reason."""
        found = document(path)
        for row, raw in zip(found["counted"], found["assessment"]["minutes"]["attention"], strict=True):
            assert (row["person"], row["place"], row["logged_min"]) == (raw["person"], raw["place"], raw["logged_min"])
            parts = [row[f"{name}_min"] for name in ("exclusive", "shared", "undetermined", "allotted")]
            assert sum(parts) == pytest.approx(row["counted_min"])
            excluded = sum(part["minutes"] for part in raw["excluded"])
            assert row["counted_min"] + excluded == pytest.approx(row["logged_min"])

    def test_it_belongs_to_the_report_of_the_case(self):
        """The report id is that of the report made from the same case."""
        path = CLAIMS / f"{BASE}.json"
        found = json.loads(support(path).json)
        assert found["report_id"] == found["attachment"]["report_id"] == report_id(load_case(path))

    def test_what_a_claim_takes_stands_beside_the_attachment(self):
        """Place, coded diagnoses, authorization and who ordered, from the record; how it is sent is not decided."""
        raw = data()
        raw["encounter"]["authorization"] = {"required": True, "number": "TEST-AUTH-1"}
        first, second = (row["icd10cm"] for row in raw["diagnoses"])
        raw["diagnoses"].insert(1, {"text": "Invented"})
        made = json.loads(claim_support(loaded(raw)).json)
        assert made["submission"] == {
            "place_of_service": "21",
            "diagnoses": [
                {"fact": "diagnosis.M47:12", "icd10cm": first},
                {"fact": "diagnosis.M48:02", "icd10cm": second},
            ],
            "authorization_number": "TEST-AUTH-1",
            "ordering_npi": raw["people"][0]["npi"],
        }
        assert "submission" not in made["attachment"]
        assert set(made["assessment"]["lines"][0]["diagnoses"]) <= {
            row["fact"] for row in made["submission"]["diagnoses"]
        }

    def test_what_is_not_recorded_is_null_there(self):
        """Nothing is made up: no place, no code, no number, nobody who ordered."""
        raw = data()
        del raw["encounter"]["place_of_service"], raw["order"], raw["diagnoses"]
        assert json.loads(claim_support(loaded(raw)).json)["submission"] == {
            "place_of_service": None,
            "diagnoses": [],
            "authorization_number": None,
            "ordering_npi": None,
        }

    def test_the_file_is_named_with_digest_size_and_pages(self):
        """As given, in the place where an attachment screen looks."""
        report = b"%PDF-1.7 invented"
        digest = hashlib.sha256(report).hexdigest()
        file = AttachmentFile("r.pdf", "application/pdf", digest, len(report), 4)
        found = json.loads(claim_support(loaded(data()), report_file=file).json)["attachment"]["file"]
        assert found == {
            "name": "r.pdf",
            "media_type": "application/pdf",
            "sha256": digest,
            "size_bytes": 17,
            "pages": 4,
            "draft": False,
        }

    def test_the_technical_record_is_a_file_of_its_own(self):
        """Beside the report; null where none is named."""
        files = [AttachmentFile(name, "application/pdf", "ab" * 32, 10, 2) for name in ("r.pdf", "r-record.pdf")]
        made = claim_support(loaded(data()), report_file=files[0], record_file=files[1])
        found = json.loads(made.json)["attachment"]
        assert [found["file"]["name"], found["record_file"]["name"]] == ["r.pdf", "r-record.pdf"]
        assert json.loads(claim_support(loaded(data())).json)["attachment"]["record_file"] is None
        assert f"r-record.pdf, 2 pages, SHA-256 {'ab' * 32}" in " ".join(made.text.split())

    @pytest.mark.parametrize("which", ["report_file", "record_file"])
    def test_a_draft_among_the_files_holds_the_claim_back(self, which, tmp_path):
        """Although a signature is on record: what would go out is not what was signed."""
        draft = AttachmentFile("r.pdf", "application/pdf", "ab" * 32, 10, 2, draft=True)
        settled_profile = settled(tmp_path)
        assert not claim_support(loaded(data()), profile=settled_profile).assessment.blocked
        made = claim_support(loaded(data()), profile=settled_profile, **{which: draft})
        assert made.assessment.blocked
        assert "HOLD, an unsigned draft, not to be attached: r.pdf" in " ".join(made.text.split())
        assert made.assessment.statement.startswith("1 open, 1 of them")


def _marked(raw: dict[str, Any]) -> int:
    """Put the mark into each text of the case that takes it; gives how many."""
    marked = 0

    def walk(node: Any) -> None:
        nonlocal marked
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            if isinstance(value, (dict, list)):
                walk(value)
            elif isinstance(value, str) and " " in value:
                node[key] = MARK
                marked += 1

    walk(raw)
    return marked


class TestNobodyIsNamed:
    def test_of_the_maximal_case_only_numbers_of_the_claim(self):
        """Every text filled with one of its own: case id and the numbers that a claim asks for come out."""
        raw = maximal()
        made = claim_support(Case.model_validate_json(json.dumps(raw)))
        encounter = raw["encounter"]
        numbers = (encounter["payer"]["payer_id"], encounter["attachment_control_number"])
        allowed = {*numbers, encounter["authorization"]["number"], raw["case_id"]}
        assert all(re.fullmatch(r"text\d+x", text) for text in allowed)
        assert set(re.findall(r"text\d+x", made.json.decode())) == allowed
        assert set(re.findall(r"text\d+x", made.text)) <= allowed

    def test_of_the_maximal_case_no_birthday(self):
        """Nor its shape in other words."""
        raw = maximal()
        shown = claim_support(Case.model_validate_json(json.dumps(raw))).json.decode()
        assert raw["patient"]["date_of_birth"] not in shown

    def test_the_authorization_number_stands_where_a_claim_asks_for_it_alone(self):
        """Neither in a message nor in the text that people print."""
        raw = maximal()
        made, number = (
            claim_support(Case.model_validate_json(json.dumps(raw))),
            raw["encounter"]["authorization"]["number"],
        )
        found = json.loads(made.json)
        assert found["submission"].pop("authorization_number") == number
        assert number not in json.dumps(found) + made.text

    @pytest.mark.parametrize("story", [BASE, "wrong_side_of_diagnosis", "out_of_network", "claim_words", "missing_log"])
    def test_no_identifier_and_no_free_text(self, story):
        """With distinctive identifiers and every text of more than one word replaced by a mark."""
        raw = data(story)
        assert _marked(raw) > 20
        raw["patient"] |= {"mrn": "MRN-7QX", "encounter_number": "ENC-7QX", "date_of_birth": "1947-05-29"}
        raw["encounter"]["payer"]["member_id"] = "MEMBER-7QX"
        made = claim_support(loaded(raw))
        shown = made.json.decode() + made.text
        assert [mark for mark in ("Zebrafinch", "7QX", "1947-05-29") if mark in shown] == []

    def test_hostile_text_stays_out(self):
        """Markup and scripts in any text field."""
        raw = data()
        assert everywhere(raw, "<script>7QX</script>") > 10
        assert "7QX" not in claim_support(loaded(raw)).json.decode()
