"""Compares a narrated report with the one that no model worded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from report_gen import Report

__all__ = ["differences", "document", "sentences", "worded"]


def document(report: Report) -> dict[str, Any]:
    """What `report.json` holds."""
    found = json.loads(report.json)
    assert isinstance(found, dict)
    return found


def sentences(section: dict[str, Any]) -> list[dict[str, Any]]:
    """The sentences of a section's paragraphs, in order."""
    return [row for block in section["blocks"] if block["kind"] == "paragraph" for row in block["sentences"]]


def worded(report: Report, by: str = "model") -> list[dict[str, Any]]:
    """Every sentence that stands in a paragraph and was worded by a model, or by the template."""
    return [row for section in document(report)["sections"] for row in sentences(section) if row["worded_by"] == by]


def differences(narrated: Report, plain: Report) -> list[str]:
    """What differs between a narrated report and the plain one beside the wordings that were taken; empty: nothing.

    A sentence that a taken wording replaced must be gone, any other must stand as it was and where it was; the only
    sentence more is the note that tells of the model.
    """
    one, other = document(narrated), document(plain)
    found = [key for key in one if key not in ("sections", "provenance") and one[key] != other[key]]
    if [row["id"] for row in one["sections"]] != [row["id"] for row in other["sections"]]:
        return [*found, "order of sections"]
    for mine, theirs in zip(one["sections"], other["sections"], strict=True):
        found += [f"{mine['id']}: {what}" for what in _section(mine, theirs, narrated)]
    return found


def _section(mine: dict[str, Any], theirs: dict[str, Any], narrated: Report) -> Iterator[str]:
    if (mine["title"], mine["level"]) != (theirs["title"], theirs["level"]):
        yield "heading"
    if _others(mine) != _others(theirs):
        yield "tables, grids, figures or a person's own text"
    taken = [row for row in narrated.wordings if row.taken and row.passage == mine["id"]]
    gone = [text for row in taken for text in row.template]
    rest = [_without_refusal(row) for row in sentences(theirs)]
    for text in gone:
        rest.remove(next(row for row in rest if row["text"] == text))
    said = [row for row in sentences(mine) if row["worded_by"] == "model"]
    if [_without_refusal(row) for row in sentences(mine) if row not in said and not _is_note(row, narrated)] != rest:
        yield "sentences of the template"
    if [(row["text"], tuple(row["facts"])) for row in said] != [(" ".join(row.offered), row.facts) for row in taken]:
        yield "sentences of the model"


def _others(section: dict[str, Any]) -> list[dict[str, Any]]:
    """Blocks that no model may touch."""
    return [block for block in section["blocks"] if block["kind"] != "paragraph" or block["verbatim"]]


def _without_refusal(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "refused": ""}


def _is_note(row: dict[str, Any], narrated: Report) -> bool:
    return any(entry.taken for entry in narrated.wordings) and row["text"].startswith("A language model")
