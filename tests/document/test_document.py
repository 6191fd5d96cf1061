"""A document's values: they know of no record, and cost nothing to load."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, is_dataclass

import pytest

import report_gen.document.blocks as blocks
import report_gen.document.figures as figures
import report_gen.document.pages as pages


def test_loads_nothing_of_ours_and_no_library():
    """Another engine can be handed a document without loading the program: bench/peers measures such engines."""
    code = "import sys; before = set(sys.modules); import report_gen.document.pages; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if name.partition(".")[0] not in sys.stdlib_module_names}
    ours = {f"report_gen.document{part}" for part in ("", ".blocks", ".figures", ".pages")}
    assert loaded == {"report_gen", *ours}


@pytest.mark.parametrize("module", [blocks, figures, pages], ids=lambda module: module.__name__)
def test_is_frozen(module):
    """A document that was checked is the one that is drawn."""
    kinds = [value for value in vars(module).values() if isinstance(value, type) and is_dataclass(value)]
    assert kinds
    assert [kind.__name__ for kind in kinds if not kind.__dataclass_params__.frozen] == []


def test_what_a_section_is_stays_out_of_report_json():
    """Version 1 of the file has no such fields: pydantic takes that from the fields' own metadata."""
    kept_back = {one.name for one in fields(blocks.Section) if one.metadata.get("exclude")}
    assert kept_back == {"role", "about"}
