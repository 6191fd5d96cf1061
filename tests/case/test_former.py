"""Codes of earlier versions of the contract still load, as what they are called today."""

from __future__ import annotations

from pathlib import Path

from report_gen import load_case
from report_gen.vocab import names, vocabulary

SAMPLE = Path(__file__).parents[2] / "samples" / "valid" / "invented_dbs_stn.json"


def test_an_old_file_loads_as_the_same_case():
    """The first contract called an occurrence a happening."""
    today = SAMPLE.read_bytes()
    old = today.replace(b'"event_class": "occurrence"', b'"event_class": "happening"')
    assert old != today
    assert load_case(old) == load_case(today)


def test_a_former_code_is_nobody_elses():
    """It leads to one term of its vocabulary, and is no code there."""
    formers = {name: vocabulary(name).formers for name in names()}
    assert formers["event_classes"] == {"happening": "occurrence"}
    for name, codes in formers.items():
        terms = vocabulary(name)
        assert len(codes) == sum(len(entry.former) for entry in terms.entries.values())
        assert not codes.keys() & set(terms.codes)
