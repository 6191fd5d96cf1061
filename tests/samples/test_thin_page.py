"""What docs/thin-records.md tells a newcomer to enter is taken: its codes and fields, its times, its whole record."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from report_gen import Settings, generate, load_case
from report_gen.case.contract.model import contract_models
from report_gen.vocab import names, vocabulary
from tests.cases.minimal import data, full

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "thin-records.md").read_text(encoding="utf-8")
WHOLE = re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
CODED = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL))
TIMES = [json.loads(code) for code in CODED if code.startswith("{")]
PAIRS = [json.loads(f"{{{code}}}") for code in CODED if code.startswith('"')]
WORDS = sorted({code.rpartition(".")[2] for code in CODED if re.fullmatch(r"[a-z_.]+", code)})
OF_NO_RECORD = {"check"}
"""A command."""


class TestThePage:
    def test_has_something_of_each_kind(self):
        """Tables, times and one whole record are found."""
        assert len(WHOLE) == 1
        assert len(TIMES) >= 6
        assert len(PAIRS) >= 6
        assert len(WORDS) >= 50

    def test_names_only_fields_and_codes_that_exist(self):
        """A name in a table is a field of the contract, a code of a vocabulary, or a choice of a field."""
        fields = {name for model in contract_models() for name in model.model_fields}
        codes = {code for name in names() for code in vocabulary(name).codes}
        choices = {
            choice
            for model in contract_models()
            for field in model.model_fields.values()
            for choice in re.findall(r"'([a-z_]+)'", str(field.annotation))
        }
        units = {"s", "min", "h", "d", "wk", "mo", "y"}
        assert set(WORDS) - fields - codes - choices - units == OF_NO_RECORD

    @pytest.mark.parametrize("when", TIMES, ids=str)
    def test_writes_times_that_are_taken(self, when):
        """Each form of a time that is known in part."""
        case = full()
        case["events"][0]["resolution"]["when"] = when
        load_case(data(case))

    def test_writes_choices_that_are_taken(self):
        """Field and code belong together."""
        fields = {
            "clock": "/clock",
            "sex": "/patient/sex",
            "side": "/surgery/side",
            "region": "/channels/1/region",
            "kind": "/threshold_tests/0/kind",
            "direction": "/events/0/direction",
            "deficit": "/postoperative_course/0/deficit",
        }
        case = full()
        for pair in PAIRS:
            for name, value in pair.items():
                if name == "when":
                    continue
                *path, last = fields.pop(name)[1:].split("/")
                node = case
                for part in path:
                    node = node[int(part)] if part.isdigit() else node[part]
                node[last] = value
        assert fields == {}
        load_case(data(case))


class TestTheWholeRecord:
    def test_is_the_sample(self):
        """What the page shows is what the tests of the samples hold."""
        sample = ROOT / "samples" / "valid" / "invented_thin_screw_mep_loss.json"
        assert json.loads(WHOLE[0]) == json.loads(sample.read_text(encoding="utf-8"))

    def test_makes_a_draft(self):
        """A newcomer's first thin record comes out as a page."""
        case = load_case(WHOLE[0].encode())
        report = generate(case, settings=Settings(allow_incomplete=True))
        assert report.pdf.startswith(b"%PDF")

    def test_says_no_more_than_its_source(self):
        """No clock time, date, person, level or muscle stands in it, nor any number but the age."""
        case = json.loads(WHOLE[0])
        del case["record_note"], case["schema_version"]
        texts = json.dumps(case)
        assert re.findall(r"(?<!E)\b\d+\b", texts) == ["67"]
        assert not re.search(r'"(at|start_at|end_at|onset_at|name|by|level|levels|muscle|nerve)":', texts)
