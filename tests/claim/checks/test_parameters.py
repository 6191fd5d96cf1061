"""Typed reading of rule parameters: what is missing or mistyped is a damaged file of ours, told as such."""

from __future__ import annotations

from datetime import date

import pytest

from report_gen.claim.checks import parameters
from report_gen.errors import AssetError
from report_gen.rules.model import Version

VALUES = {
    "words": "midpoint",
    "list": ["a", "b"],
    "minutes": 7.5,
    "count": 4,
    "yes": True,
    "names": {"a": "b"},
    "counts": {"a": 1},
}
VERSION = Version.model_validate(
    {
        "effective_from": date(2024, 7, 1),
        "certainty": "own",
        "checked_on": date(2026, 11, 1),
        "stale_after_days": 100,
        "parameters": VALUES,
        "sources": [{"title": "Invented source", "locator": "page 1"}],
    }
)
READERS = {
    "text": {"words"},
    "texts": {"list"},
    "number": {"minutes", "count"},
    "whole": {"count"},
    "flag": {"yes"},
    "text_by": {"names"},
    "number_by": {"counts"},
}


class TestReaders:
    @pytest.mark.parametrize("reader", READERS)
    def test_each_reads_its_own_kind_and_refuses_the_others(self, reader):
        """A truth value is no number, a number is no text."""
        read = getattr(parameters, reader)
        for name in (*VALUES, "none"):
            if name in READERS[reader]:
                value = read(VERSION, name)
                expected = VALUES[name]
                assert (
                    dict(value) if isinstance(expected, dict) else list(value) if isinstance(expected, list) else value
                ) == expected
                continue
            refused = rf"2024-07-01 \(source: Invented source\) needs the parameter {name} as"
            with pytest.raises(AssetError, match=refused):
                read(VERSION, name)

    def test_a_number_is_always_a_float_and_a_count_never(self):
        """Minutes are divided, counts are counted."""
        assert isinstance(parameters.number(VERSION, "count"), float)
        assert isinstance(parameters.whole(VERSION, "count"), int)
