"""What a modality, a parameter, a muscle, a role or a family is stands in the vocabularies alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import report_gen
from report_gen.vocab import vocabulary
from report_gen.vocab.entries import KINDS, Entry, properties_of
from tests.house.source.coded import attributes_read, deciding_codes, words_of_code
from tests.house.source.printed import modules

PACKAGE = Path(report_gen.__file__).parent

DECIDED = ("modalities", "muscles", "nerves", "parameters", "procedure_families", "roles")
"""Vocabularies whose codes stand in no code that decides."""
NO_ANSWER = frozenset({"not_recorded", "other"})
"""Codes that many vocabularies have, and statuses of facts."""

_UNITS = "one quantity in the units of two stimulators, which are different fields of the contract"
WRITTEN_OUT = {
    ("case/consistency.py", "intensity_ma intensity_v threshold_ma threshold_v"): _UNITS,
    ("case/limits.py", "intensity_ma max_tested_ma max_tested_v threshold_ma threshold_v"): _UNITS,
    ("case/limits.py", "impedance_kohm tof_ratio_pct"): "fields of the contract that are no reading and no setting",
    ("checks/contradictions/days.py", "tof"): "the kind of fact, which is called as the modality",
    ("checks/required/events.py", "surgeon"): "the word in a question, beside the team that it is about",
    ("checks/required/settings.py", "intensity_ma intensity_v"): "the intensity of one stimulator or the other is due",
    ("checks/required/state.py", "map_mmhg core_temp_c"): "two gates, each with a code of its own",
    ("checks/required/team.py", "technologist"): "the gates about the technologist's own attendance and credentials",
    ("claim/checks/people.py", "surgeon"): "the rule about the surgeon's own order",
    ("claim/checks/team.py", "interpreting_professional"): "whose claim it is where nobody is logged",
    ("claim/checks/time.py", "technologist"): "the rule about minutes without a technologist",
    ("claim/lines/studies.py", "eeg"): "a way of counting in rules/studies.toml, no modality",
    ("draft/technical/stimulation.py", "max_tested_ma max_tested_v threshold_ma threshold_v"): _UNITS,
    (
        "facts/signals/criteria.py",
        "amplitude_uv",
    ): "what a record may state as percent of baseline, and whose zero is a loss",
    ("facts/results/test_results.py", "threshold_ma threshold_v"): _UNITS,
    ("facts/signals/readings.py", "tof_count"): "a count of four, printed as such",
    ("facts/signals/stimulation.py", "max_tested_ma max_tested_v threshold_ma threshold_v"): _UNITS,
    ("render/terminal/findings.py", "technologist"): "whose questions stand first, as a respondent",
    ("render/report/sections.py", "technologist"): "who signs, and what stands there until then",
}
"""Codes that code decides by, and why no property of their entries could."""


def written_out() -> set[tuple[str, str]]:
    """Every module and code of the vocabularies that it decides by."""
    codes = {code for name in DECIDED for code in vocabulary(name).codes} - NO_ANSWER
    return {
        (place, code)
        for place, source in modules(PACKAGE, but=frozenset({"vocab"}))
        for _, code in deciding_codes(source, codes)
    }


def test_no_code_decides_what_a_property_should():
    """A new modality or role is then one line of data; what is allowed is found, and has its reason."""
    allowed = {(place, code) for place, codes in WRITTEN_OUT for code in codes.split()}
    found = written_out()
    assert sorted(found - allowed) == []
    assert sorted(allowed - found) == [], "no longer written out: take it from the list"


def unread(sources: Mapping[str, str]) -> list[str]:
    """Properties of entries that no module reads which names their vocabulary or their type."""
    read = {place: (attributes_read(source), words_of_code(source)) for place, source in sources.items()}
    return [
        f"{name}.{own}"
        for name, kind in KINDS.items()
        for own in properties_of(kind)
        if own not in properties_of(Entry)
        and not any(own in attributes and {name, kind.__name__} & words for attributes, words in read.values())
    ]


def test_every_property_is_read():
    """Data that nobody reads is wrong unseen. A reader names the vocabulary, so that another's `kind` is not this."""
    sources = dict(modules(PACKAGE, but=frozenset()))
    del sources["vocab/entries.py"]
    assert unread(sources) == []


def test_a_property_that_is_not_read_is_found():
    """Neither the same name on something else nor a property that is only set counts."""
    all_but_two = dict(modules(PACKAGE, but=frozenset({"vocab"}))) | {
        "checks/required/record.py": "vocabulary('modalities')",
        "facts/record/preoperative.py": "x = b.transcranial; y = vocabulary('muscles')",
        "claim/lines/propose.py": "vocabulary('places_of_service')[x].facility = True",
    }
    assert {"modalities.transcranial", "places_of_service.facility"} <= set(unread(all_but_two))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('if modality == "tof": pass', ["tof"]),
        ('if modality in ("tof", "lsr"): pass', ["lsr", "tof"]),
        ('_FIELD = frozenset({"mer", "tof"})', ["mer", "tof"]),
        ('_WORDS = {"tof": "train", 1: "lsr"}', ["lsr", "tof"]),
        ('x = table["tof"]', ["tof"]),
        ('x = table.get("tof")', ["tof"]),
        ('x = fact.text("tof")', []),
        ('yield absent("tof", "/anesthesia")', []),
        ('Count = Literal["eeg", "none"]', []),
        ('x = table[Literal]["tof"]', ["tof"]),
        ('"""tof"""', []),
    ],
)
def test_what_counts_as_deciding(source, found):
    """A comparison, a list, a table, a look-up; not a word that is handed on."""
    assert sorted(code for _, code in deciding_codes(source, {"eeg", "lsr", "mer", "tof"})) == found
