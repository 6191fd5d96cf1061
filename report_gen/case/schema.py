"""The JSON Schema of the case file, generated from the models: with who fills a field and what a form calls it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from report_gen.attribute_docs import attribute_docs, describe
from report_gen.case.contract.base import Model
from report_gen.case.contract.model import Case, contract_models
from report_gen.errors import AssetError

__all__ = ["case_schema", "field_labels"]

_LABELS: Final = Path(__file__).parent / "labels.toml"


def case_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the case file.

    For each field `x-filled-by` says who supplies it, by the codes of `FilledBy`, and `x-label` what a form calls it.

    Raises:
        AssetError: A vocabulary or the file of labels is missing or damaged.
    """
    models = {model.__name__: model for model in contract_models()}
    docs = attribute_docs(dict.fromkeys(sys.modules[model.__module__] for model in models.values()))
    schema = describe(Case.model_json_schema(mode="validation"), docs)
    for name, node in (schema["$defs"] | {Case.__name__: schema}).items():
        if "description" in node:
            node["description"] = " ".join(node["description"].split())
        for field, value in node["properties"].items():
            value |= _for_forms(models[name], field)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:report-gen:schema:case:v1", **schema}


def _for_forms(model: type[Model], field: str) -> dict[str, str]:
    return {"x-filled-by": model.filled_by[field].value, "x-label": field_labels()[model.__name__][field]}


@cache
def field_labels() -> Mapping[str, Mapping[str, str]]:
    """What a form calls each field of the contract, by the names of model and field; the unit stands in the label.

    Raises:
        AssetError: The file is missing or damaged.
    """
    try:
        table = tomllib.loads(_LABELS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError(
            "assets.labels", "the labels of fields are missing or damaged; install report_gen again"
        ) from error
    return MappingProxyType({model: MappingProxyType(labels) for model, labels in table.items()})
