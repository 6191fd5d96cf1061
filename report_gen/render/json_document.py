"""A document of ours as JSON by its declared types, and the JSON Schema of those types."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import core_schema

from report_gen.vocab import vocabulary

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic.json_schema import GenerateJsonSchema

__all__ = ["AskedIn", "document_json", "document_schema"]

_LOCK = threading.Lock()


class AskedIn:
    """Annotation: a code of `respondents` that a document may ask; an ``enum`` in its JSON Schema."""

    def __init__(self, document: Literal["report", "claim"]) -> None:
        """Take the document."""
        self.document = document

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """The closed list, read when a schema is made."""
        entries = vocabulary("respondents").entries
        return core_schema.literal_schema([code for code, entry in entries.items() if self.document in entry.asked_in])


def document_json(document: Any) -> bytes:
    """A document of ours as UTF-8 JSON with a newline at the end, by its declared types."""
    data: bytes = _adapter(type(document)).dump_json(document)
    return data + b"\n"


def _adapter(kind: type) -> TypeAdapter[Any]:
    """The serializer of a type, made once: making it costs more than a hundred reports."""
    with _LOCK:
        return _cached_adapter(kind)


@cache
def _cached_adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def document_schema(kind: type, name: str, modules: Iterable[ModuleType]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a document of ours.

    Args:
        kind: Its type.
        name: Name in the schema's id.
        modules: Where it and what it is made of are defined; docstrings of their attributes become descriptions.
    """
    # Reads and parses source; whoever writes a document does not wait for it.
    from report_gen.attribute_docs import attribute_docs, describe

    schema = _adapter(kind).json_schema(mode="serialization", schema_generator=_by_plain_names())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:report-gen:schema:{name}:v1",
        **_tidy(describe(schema, attribute_docs(modules))),
    }


def _by_plain_names() -> type[GenerateJsonSchema]:
    """Names a type for what it is: `Paragraph`, whatever sentences it holds, is one shape to whoever reads the file."""
    from pydantic.json_schema import CoreModeRef, CoreRef, DefsRef, GenerateJsonSchema

    class ByPlainNames(GenerateJsonSchema):
        def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
            ref, mode = core_mode_ref
            return super().get_defs_ref((CoreRef(ref.partition("[")[0]), mode))

    return ByPlainNames


def _tidy(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: " ".join(value.split()) if key == "description" and isinstance(value, str) else _tidy(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_tidy(value) for value in node]
    return node
