"""`report.json`: plain JSON for other programs, every statement with its facts and every fact with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from report_gen import Settings, generate, load_case
from report_gen.case.schema import case_schema
from report_gen.pipeline import prepare, provenance
from report_gen.render.report.json import ReportDocument, render_json
from tests.selection import over_samples

SAMPLES = Path(__file__).parents[3] / "samples" / "valid"
by_sample = over_samples("invented_scoliosis_mep_loss", "published_c04_acdf", "invented_overnight_clock_change")
"""An alert with all that follows; a thin record; two days and two offsets of the clock."""
EVENTFUL = SAMPLES / "invented_scoliosis_mep_loss.json"
SCRIPTS = SAMPLES / "invented_names_eight_scripts.json"
ANY = Settings(pdf=False, allow_incomplete=True)


@cache
def _bytes(path: Path) -> bytes:
    return generate(load_case(path), settings=ANY).json


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(child)


def _walk(document: Any, pointer: str) -> bool:
    """Whether a JSON pointer leads to something in a document."""
    for token in pointer.split("/")[1:]:
        if isinstance(document, list) and token.isdecimal() and int(token) < len(document):
            document = document[int(token)]
        elif isinstance(document, dict) and token in document:
            document = document[token]
        else:
            return False
    return True


def _in_contract(schema: dict[str, Any], node: dict[str, Any], tokens: list[str]) -> bool:
    """Whether a pointer names a place that the case contract has, filled in or not."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    if not tokens:
        return True
    for way in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        if _in_contract(schema, way, tokens):
            return True
    if tokens[0] in node.get("properties", {}):
        return _in_contract(schema, node["properties"][tokens[0]], tokens[1:])
    return tokens[0].isdecimal() and "items" in node and _in_contract(schema, node["items"], tokens[1:])


class TestTheBytes:
    @by_sample
    def test_are_one_line_of_strict_json(self, path):
        """UTF-8, one line, one newline at the end, and no NaN, which other parsers refuse."""
        data = _bytes(path)
        assert data.endswith(b"}\n")
        assert data.count(b"\n") == 1

        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is not JSON")

        json.loads(data.decode("utf-8"), parse_constant=refuse)

    @by_sample
    def test_are_those_of_the_declared_types(self, path):
        """They are written by the types of the values; a whole number where a fraction is declared would show here."""
        document = json.loads(_bytes(path))
        kept = TypeAdapter(ReportDocument).validate_python(document)
        assert TypeAdapter(ReportDocument).dump_json(kept) + b"\n" == _bytes(path)

    def test_letters_of_every_script_stand_as_themselves(self):
        """A person can read the file; nothing is lost on the way through a parser."""
        data = _bytes(SCRIPTS).decode("utf-8")
        name = json.loads(SCRIPTS.read_bytes())["patient"]["name"]
        assert name in data
        assert "\\u" not in data

    def test_do_not_depend_on_who_asks(self):
        """The same checked report gives the same bytes."""
        case = load_case(EVENTFUL)
        assert render_json(prepare(case), provenance()) == render_json(prepare(case), provenance())


class TestTheContent:
    def test_says_what_it_is(self):
        """Contract version, draft status, id, report version, title without the name, language, time and origin."""
        document = json.loads(_bytes(EVENTFUL))
        case = json.loads(EVENTFUL.read_bytes())
        assert (document["schema_version"], document["status"], document["language"]) == ("report.v1", "draft", "en-US")
        assert document["report_id"].startswith(f"{case['case_id']}-v1-")
        assert document["version"] == 1
        assert case["patient"]["name"] not in document["title"]
        assert datetime.fromisoformat(document["stamp_at"]).utcoffset() is not None
        assert document["provenance"] == provenance()

    def test_the_running_header_identifies_the_patient(self):
        """What stands on every page: name, record number, birth, stay, day of the operation, place."""
        header = {row["label"]: row["text"] for row in json.loads(_bytes(EVENTFUL))["running_header"]}
        case = json.loads(EVENTFUL.read_bytes())
        patient, encounter = case["patient"], case["encounter"]
        assert list(header) == ["Patient", "MRN", "DOB", "Encounter", "DOS", "Facility"]
        assert {patient["name"], patient["mrn"], patient["date_of_birth"]} <= set(header.values())
        assert {patient["encounter_number"], encounter["date_of_service"], encounter["facility_name"]} <= set(
            header.values()
        )

    def test_a_section_says_which_part_it_belongs_to(self):
        """The report that is signed first, then the technical record; never mixed."""
        parts = [row["part"] for row in json.loads(_bytes(EVENTFUL))["sections"]]
        assert parts == sorted(parts, key=["report", "record"].index)
        assert set(parts) == {"report", "record"}

    @by_sample
    def test_every_fact_that_is_cited_is_there(self, path):
        """Sentence → fact can be followed for each statement, finding and computed fact."""
        document = json.loads(_bytes(path))
        known = [row["id"] for row in document["facts"]]
        assert len(known) == len(set(known))
        cited = {name for node in _nodes(document) for key in ("facts", "inputs") for name in _ids(node.get(key))}
        assert cited
        assert cited - set(known) == set()

    @by_sample
    def test_every_fact_has_a_place_in_the_case_file(self, path):
        """Fact → case file can be followed: what is recorded is there, what is not has a field waiting for it."""
        document, case, schema = json.loads(_bytes(path)), json.loads(path.read_bytes()), case_schema()
        strange = [
            row["id"] for row in document["facts"] if not _in_contract(schema, schema, row["pointer"].split("/")[1:])
        ]
        assert strange == []
        nowhere = [
            row["id"]
            for row in document["facts"]
            if row["status"] != "not_recorded"
            and not row["formula"]
            and not _walk(case, row["pointer"])
            and not _walk(case, row["pointer"].rpartition("/")[0])
            and not (row["pointer"].startswith("/report/") and "report" not in case)  # version 1, a draft, by default
        ]
        assert nowhere == []

    @by_sample
    def test_every_finding_points_into_the_contract(self, path):
        """Whoever answers a question can be led to the field."""
        document, schema = json.loads(_bytes(path)), case_schema()
        strange = [
            (row["code"], row["pointer"])
            for row in document["findings"]
            if not _in_contract(schema, schema, row["pointer"].split("/")[1:])
        ]
        assert strange == []

    @by_sample
    def test_nobody_but_a_person_or_the_template_worded_it(self, path):
        """Without a model each sentence says template or person, and no refusal is noted."""
        sentences = [node for node in _nodes(json.loads(_bytes(path))) if "worded_by" in node]
        assert sentences
        assert {node["worded_by"] for node in sentences} <= {"template", "person"}
        assert {node["refused"] for node in sentences} == {""}

    @by_sample
    def test_times_are_zoned(self, path):
        """No instant in the file is left to guess its zone."""
        instants = [node["at"] for node in _nodes(json.loads(_bytes(path))) if isinstance(node.get("at"), str)]
        assert all(datetime.fromisoformat(text).utcoffset() is not None for text in instants)


def _ids(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
