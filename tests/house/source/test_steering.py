"""What a section is, its role says: nothing steers on the id of a section."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.pipeline import prepare
from tests.house.source.printed import modules
from tests.house.source.steering import ids_steered_on

ROOT = Path(__file__).parents[3]
EVENTFUL = ROOT / "samples" / "valid" / "invented_scoliosis_mep_loss.json"


@cache
def section_ids() -> frozenset[str]:
    """The ids of a report's sections; of those that end in an event's id, the beginning."""
    return frozenset(
        "event-" if section.role == "event" else section.id for section in prepare(load_case(EVENTFUL)).draft.sections
    )


def test_nothing_steers_on_the_id_of_a_section():
    """Compared, parted or looked up by a literal, an id would silently stop to match when a section is renamed."""
    assert {"identification", "impression", "attestation", "course", "event-"} <= section_ids()
    found = [
        f"{room}/{fault}"
        for room in ("report_gen", "bench")
        for place, source in modules(ROOT / room, but=frozenset())
        for fault in ids_steered_on(source, place, section_ids())
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'level = "h1" if section.id == "identification" else "h2"',
        'note = section.id != "attestation"',
        'WORDED = ("summary", "impression")\nworded = section.id in WORDED',
        'worded = section.id in {"summary", "course"}',
        'event = passage.id.startswith("event-")',
        'theme = passage.id.partition("-")[0]',
        'theme = question.passage.partition("-")[0] == "course"',
        'fact = passage.id.replace("-", ".", 1)',
        'FRAMES: Final = {"impression": box}\nframe = FRAMES.get(section.id)',
        'frame = {"attestation": box}[section.id]',
        'match section.id:\n    case "identification" | "course":\n        pass',
    ],
)
def test_each_way_to_steer_is_found(line):
    """Those that the package once had, and their neighbours."""
    assert ids_steered_on(line, "room.py", section_ids())


@pytest.mark.parametrize(
    "line",
    [
        'level = "h1" if section.role == "title" else "h2"',
        "passage = passages.get(section.id)",
        'Section("impression", "Impression", blocks, role="impression")',
        'key = f"{section.id}/{unit.id}"',
        "known = fact.id in cited",
        'name = row.person.removeprefix("person.")',
    ],
)
def test_what_names_or_finds_a_section_is_no_fault(line):
    """An id is for naming, and for finding what belongs to the same section."""
    assert ids_steered_on(line, "room.py", section_ids()) == []
