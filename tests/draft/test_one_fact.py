"""One fact from the bytes of a case to the page: left tibialis anterior lost at 11:28."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from report_gen import generate, load_case
from report_gen.draft.model import Paragraph, Sentence, Stated
from report_gen.facts.views.courses import EventChain, Reading
from report_gen.pipeline import prepare
from report_gen.settings import Settings

RAW = (Path(__file__).parents[2] / "samples" / "valid" / "invented_scoliosis_mep_loss.json").read_bytes()
CHECKED = prepare(load_case(RAW))


def _chain() -> EventChain:
    return next(chain for chain in CHECKED.facts.events if chain.event.code("direction") == "loss")


def _reading() -> Reading:
    """The reading of the left tibialis anterior at the event, found by what it is."""
    (found,) = (
        reading
        for reading in _chain().readings
        if (reading.channel.site, reading.channel.side) == ("tibialis_anterior", "left")
    )
    return found


def _sentences() -> list[Sentence]:
    """Every sentence that says what changed in the event."""
    said = Stated(_chain().event.id, "what")
    blocks = [block for section in CHECKED.draft.sections for block in section.blocks if isinstance(block, Paragraph)]
    return [sentence for block in blocks for sentence in block.sentences if said in sentence.states]


def test_the_record_and_the_view_hold_it_together():
    """Code, side, response and time of the record stand in one reading of one event."""
    event: dict[str, Any] = json.loads(RAW)["events"][0]
    (raw,) = (row for row in event["readings"] if row["channel"] == "mep-tibialis-anterior-l")
    reading = _reading()
    assert (event["direction"], raw["reading"]["state"]) == ("loss", "absent")
    assert (reading.fact.status, reading.fact.side, reading.fact.modality) == ("absent", "left", "tcmep")
    assert reading.at is not None
    assert reading.at.isoformat().startswith(event["onset_at"][:16])
    assert reading.event is _chain().event
    assert reading.channel in _chain().responses


def test_every_sentence_about_it_cites_the_reading():
    """At a glance and in the account of the event; the impression is the professional's own here."""
    sentences = _sentences()
    assert len(sentences) == 2
    assert all(_reading().fact.id in sentence.facts for sentence in sentences)
    assert all(Stated(_chain().onset.id, "onset_at") in sentence.states for sentence in sentences)


def test_the_sentence_leads_back_to_the_record():
    """From ``report.json``: sentence, fact, pointer, and there the reading that the technologist entered."""
    report = json.loads(generate(load_case(RAW), settings=Settings(pdf=False)).json)
    pointers = {fact["id"]: fact["pointer"] for fact in report["facts"]}
    place: Any = json.loads(RAW)
    for part in pointers[_reading().fact.id].split("/")[1:]:
        place = place[int(part)] if isinstance(place, list) else place[part]
    assert place == {"channel": "mep-tibialis-anterior-l", "reading": {"state": "absent"}}
