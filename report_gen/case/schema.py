"""The JSON Schema of the case file, generated from the models."""

from __future__ import annotations

import re
import sys
from typing import Any

from report_gen.attribute_docs import attribute_docs, describe
from report_gen.case.base import models
from report_gen.case.model import Case

__all__ = ["SUPPLIERS", "case_schema"]

SUPPLIERS = {
    "T": "technologist",
    "P": "interpreting professional",
    "S": "schedule or practice-management system",
    "A": "anesthesia record",
    "X": "surgeon or operative note",
}
_MARK = re.compile(r"^\[([TPSAX])\]\s+")


def case_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the case file; `x-supplier` says who supplies a field."""
    modules = dict.fromkeys(sys.modules[kind.__module__] for kind in models())
    schema = describe(Case.model_json_schema(mode="validation"), attribute_docs(modules))
    _mark_suppliers(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:report-gen:schema:case:v1", **schema}


def _mark_suppliers(node: Any) -> None:
    if isinstance(node, dict):
        description = node.get("description")
        if isinstance(description, str):
            node["description"] = " ".join(description.split())
            mark = _MARK.match(node["description"])
            if mark:
                node["x-supplier"] = SUPPLIERS[mark[1]]
                node["description"] = node["description"][mark.end() :]
        for value in node.values():
            _mark_suppliers(value)
    elif isinstance(node, list):
        for value in node:
            _mark_suppliers(value)
