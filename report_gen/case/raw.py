"""Reads bytes as JSON and finds everything wrong with them below the contract.

Each problem that does not stop the reading is kept, so that it can be reported together with the contract's own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from report_gen.errors import CaseInvalidError, Problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "RawCase", "escape_pointer", "read_raw"]

MAX_BYTES = 20 * 1024 * 1024
"""Largest case file, in bytes."""
MAX_DEPTH = 64
"""Deepest nesting; the contract itself needs fewer than ten levels."""
_MAX_INTEGER = 2**53
"""Largest integer that every JSON reader keeps exactly (RFC 8259 section 6)."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\uf8ff"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
_MARKS = (
    (b"\xef\xbb\xbf", "UTF-8 with a byte-order mark"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class _Object(dict[str, Any]):
    """A JSON object that remembers whether a key was given twice."""

    repeated = False


@dataclass(frozen=True, slots=True)
class RawCase:
    """A file read as JSON."""

    tree: Any
    """The values; what could not be kept is replaced by something harmless at a place named in `problems`."""
    data: bytes
    """Bytes for the contract to read."""
    problems: tuple[Problem, ...]
    """Problems found."""


def escape_pointer(key: str) -> str:
    """One reference token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _stop(code: str, expected: str, action: str) -> CaseInvalidError:
    return CaseInvalidError((Problem(code, "error", "", expected, action),))


def read_raw(data: bytes) -> RawCase:
    """Read bytes as one JSON document.

    Raises:
        CaseInvalidError: The bytes cannot be read as JSON at all: too large, wrong encoding, not JSON, too deep.
    """
    if len(data) > MAX_BYTES:
        raise _stop(
            "case.too_large",
            f"at most {MAX_BYTES // 1024 // 1024} MB",
            "Check that this is a case file, without waveforms or images.",
        )
    for mark, name in _MARKS:
        if data.startswith(mark):
            code = "case.byte_order_mark" if mark == b"\xef\xbb\xbf" else "case.encoding"
            raise _stop(code, f"plain UTF-8, found {name}", "Save the file as UTF-8 without byte-order mark.")
    if b"\x00" in data[:4]:
        raise _stop("case.encoding", "plain UTF-8, found UTF-16 or UTF-32", "Save the file as UTF-8.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _stop(
            "case.encoding", f"UTF-8; the byte at offset {error.start} is not", "Save the file as UTF-8."
        ) from None
    tree = _parse(text)
    problems = _problems(tree)
    if problems:
        return RawCase(tree, json.dumps(tree, ensure_ascii=False).encode("utf-8"), tuple(problems))
    return RawCase(tree, data, ())


def _parse(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        raise _stop(
            "case.json_syntax",
            f"JSON; reading stopped at line {error.lineno}, column {error.colno}",
            "Export the file again, or mend it at that place.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _stop("case.not_finite", "numbers of a sensible length", "Export the file again.") from None


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) != len(pairs):
        made.repeated = True
    return made


def _too_deep() -> CaseInvalidError:
    return _stop("case.too_deep", f"at most {MAX_DEPTH} levels of nesting", "Check that this is a case file.")


def _problems(tree: Any) -> list[Problem]:
    """Walk the tree once, without recursion; mend in place what the contract could not read."""
    found: list[Problem] = []
    stack: list[tuple[Any, str, int]] = [(tree, "", 0)]
    while stack:
        node, pointer, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise _too_deep()
        if isinstance(node, _Object) and node.repeated:
            found.append(
                Problem(
                    "case.duplicate_key",
                    "error",
                    pointer,
                    "each key once in an object",
                    "Keep one of the repeated keys; which value is meant cannot be guessed.",
                )
            )
        items: Iterator[tuple[Any, Any]] = iter(())
        if isinstance(node, dict):
            _mend_keys(node, pointer, found)
            items = iter(node.items())
        elif isinstance(node, list):
            items = iter(enumerate(node))
        for key, value in items:
            # Strings and numbers are most of a file; they are looked at without being pushed.
            if isinstance(value, str):
                if not value.isascii() or not value.isprintable():
                    _check_string(node, key, value, f"{pointer}/{_token(key)}", found)
            elif isinstance(value, (dict, list)):
                stack.append((value, f"{pointer}/{_token(key)}", depth + 1))
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                if not math.isfinite(value) or (isinstance(value, int) and abs(value) > _MAX_INTEGER):
                    found.append(
                        Problem(
                            "case.not_finite",
                            "error",
                            f"{pointer}/{_token(key)}",
                            "a finite number",
                            "Enter the number, or leave the field out if it was not recorded.",
                        )
                    )
                    node[key] = 0
    return found


def _token(key: object) -> str:
    return escape_pointer(str(key))


def _mend_keys(node: dict[str, Any], pointer: str, found: list[Problem]) -> None:
    odd = [key for key in node if not key.isascii() and _SURROGATE.search(key)]
    for number, key in enumerate(odd):
        found.append(
            Problem(
                "case.lone_surrogate",
                "error",
                pointer,
                "keys of whole characters",
                "Export the file again; a character was cut in half.",
            )
        )
        node[f"unreadable key {number + 1}"] = node.pop(key)


def _check_string(parent: Any, key: Any, value: str, pointer: str, found: list[Problem]) -> None:
    if not _SUSPECT.search(value):
        return
    rules = (
        (_SURROGATE, "case.lone_surrogate", "whole characters", "Export the file again; a character was cut in half."),
        (_CONTROL, "case.control_character", "text without control characters", "Type the text again."),
        (
            _BIDI,
            "case.bidi_control",
            "text without invisible direction marks",
            "Type the text again; direction marks can make it read differently from what is stored.",
        ),
    )
    for pattern, code, expected, action in rules:
        if pattern.search(value):
            found.append(Problem(code, "error", pointer, expected, action))
    parent[key] = _SURROGATE.sub("?", _CONTROL.sub("?", value))
