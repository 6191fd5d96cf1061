"""Every sample written before records could be thin loads as it is, and its report keeps its id.

`case.v1` stays, and nothing is migrated: what the contract gained is optional and absent from these files, what it gave
up was a demand (a record number, a name, a date, a muscle), and no field or code changed its name or its meaning. So an
old file says what it said. A report id stands for all that a record says; that each is the one it had is the proof.

The files stand byte for byte in `tests/corpora/v0.1.0/samples` and, where they do not, in `before_thin/samples.tar.xz`;
`before_thin/report_ids.json` holds what the program said of them then.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from functools import cache
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.identity import report_id

FROZEN = Path(__file__).parent / "before_thin"
CORPORA = Path(__file__).parents[1] / "corpora" / "v0.1.0" / "samples"
THEN: dict[str, dict[str, str]] = json.loads((FROZEN / "report_ids.json").read_text(encoding="utf-8"))


@cache
def old_files() -> dict[str, bytes]:
    """Every old sample by the place it had."""
    files = {f"corpora/{path.name}": path.read_bytes() for path in CORPORA.glob("*.json")}
    with tarfile.open(FROZEN / "samples.tar.xz") as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            assert content is not None
            files[member.name] = content.read()
    return files


class TestOldFiles:
    def test_are_those_of_then(self):
        """None was edited, lost or added: the digests were taken before."""
        found = {name: hashlib.sha256(content).hexdigest() for name, content in old_files().items()}
        assert found == {name: row["sha256"] for name, row in THEN.items()}

    def test_are_of_every_folder(self):
        """Whole cases, claim stories, and what the corpora lean on."""
        assert {name.partition("/")[0] for name in THEN} == {"valid", "claims", "corpora"}
        assert len(THEN) == 43

    @pytest.mark.parametrize("name", THEN)
    def test_keep_contract_and_report_id(self, name):
        """The contract named in the file is still the one it is read by, and its report is still the same report."""
        case = load_case(old_files()[name])
        assert case.schema_version == "case.v1"
        assert report_id(case) == THEN[name]["report_id"]
