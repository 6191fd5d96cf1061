"""Thin records: what a published case says and no more."""

from __future__ import annotations

from typing import Any

from report_gen.draft.model import statements
from report_gen.draft.writer import write
from tests.cases.parts import Data
from tests.cases.reports import facts_of

__all__ = ["cells", "page", "story", "thin"]


def thin(**parts: Any) -> Data:
    """A left leg response and an event about it; `parts` replace whole parts of the case."""
    return {
        "schema_version": "case.v1",
        "case_id": "thin-1",
        "clock": "not_recorded",
        "patient": {"age_years": 67, "sex": "unknown"},
        "encounter": {},
        "surgery": {"procedure": "Screw fixation", "family": "other", "side": "not_recorded"},
        "modalities": [{"modality": "mep_unspecified", "performed": True}],
        "channels": [
            {"id": "mep-leg-l", "modality": "mep_unspecified", "side": "left", "region": "leg", "measurements": []}
        ],
        "events": [event()],
    } | parts


def event(**fields: Any) -> Data:
    """A decrease in the left leg, of which nothing else is known."""
    return {
        "id": "E1",
        "event_class": "change",
        "modality": "mep_unspecified",
        "channels": ["mep-leg-l"],
        "side": "left",
        "direction": "decrease",
    } | fields


def story() -> Data:
    """One that anybody could be told, entered without inventing anything.

    67 years; after the second screw the left leg MEPs dropped, were gone some minutes later, irrigated, screw out, came
    back within limits by closure; SSEPs fine; woke with a weak left foot.
    """
    happened = event(
        further_directions=["loss"],
        direction_order="in_order",
        when={"words": "after the second screw"},
        readings=[
            {"channel": "mep-leg-l", "reading": {"state": "reduced"}},
            {"channel": "mep-leg-l", "when": {"words": "some minutes later"}, "reading": {"state": "absent"}},
        ],
        interventions=[
            {"code": "other", "code_other": "irrigated", "actor": "not_recorded"},
            {"code": "remove_screw", "actor": "not_recorded", "when": {"relation": "after", "previous_entry": True}},
        ],
        resolution={
            "resolution_class": "within_baseline_limits",
            "when": {"words": "by closure"},
        },
    )
    data = thin(events=[happened])
    data["modalities"].append({"modality": "ssep_unspecified", "performed": True})
    data["channels"].append(
        {
            "id": "ssep",
            "modality": "ssep_unspecified",
            "side": "not_recorded",
            "measurements": [{"phase": "closing", "reading": {"state": "present", "description": "fine"}}],
        }
    )
    woke = {"domain": "motor", "side": "left", "site": "foot", "finding": "weak"}
    data["postoperative_course"] = [{"kind": "waking", "deficit": "unstated", "findings": [woke]}]
    return data


def page(data: Data, *sections: str) -> list[str]:
    """Sentences and cells of a report in reading order, those of all sections or of those named."""
    draft = write(facts_of(data), report_id="T-1")
    return [text for where, text, _ in statements(draft, shown=False) if not sections or where in sections]


def cells(data: Data) -> list[tuple[str, ...]]:
    """The rows of the list of messages."""
    draft = write(facts_of(data), report_id="T-1")
    tables = [block for section in draft.sections for block in section.blocks if getattr(block, "id", "") == "messages"]
    return [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows]
