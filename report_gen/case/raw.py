"""Reads bytes as JSON and finds every problem of the JSON itself, before the contract.

Problems that do not stop the reading are kept, and reported together with those of the contract.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from report_gen.errors import CaseInvalidError, Problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ITEMS", "MAX_KEYS", "MAX_VALUES", "RawCase", "escape_pointer", "read_raw"]

MAX_BYTES = 20 * 1024 * 1024
"""Largest case file, in bytes."""
MAX_DEPTH = 64
"""Deepest nesting of objects and lists; the contract itself needs fewer than ten levels."""
MAX_KEYS = 200
"""Most keys of one object; the largest object of the contract has fewer than 60."""
MAX_ITEMS = 20_000
"""Most items of one list; the contract's longest list holds as many."""
MAX_VALUES = 400_000
"""Most values in a file; a twelve-hour case has about 30,000, and each may cost the validator an error."""
_MAX_INTEGER = 2**53
"""Largest integer that every JSON reader keeps exactly (RFC 8259 section 6)."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
_TEXT_RULES = (
    (_SURROGATE, "case.lone_surrogate", "whole characters", "Export the file again; a character was cut in half."),
    (_CONTROL, "case.control_character", "text without control characters", "Type the text again."),
    (
        _BIDI,
        "case.bidi_control",
        "text without invisible direction marks",
        "Type the text again; direction marks can make it read differently from what is stored.",
    ),
)
_MARK = b"\xef\xbb\xbf"
"""Byte-order mark of UTF-8, which some systems write and a reader may ignore (RFC 8259 section 8.1)."""
_PLAIN = bytes({*range(0x20, 0x7F)} - {0x5C}) + b"\t\n\r"
"""Bytes that need no look at the text that they stand in: printable ASCII but the backslash, and white space."""
_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
_SUSPECT_NUMBERS = (b"0" * 16, b"0e000", b"0e+000", b"NaN", b"Infinity")
"""What stands, with zeros for digits, in each number that is not finite or not exact, and in many that are neither."""
_OTHER_MARKS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class _Object(dict[str, Any]):
    """A JSON object that remembers whether a key was given twice."""

    repeated = False


_CONTAINERS: Final = (_Object, list)


@dataclass(frozen=True, slots=True)
class RawCase:
    """A file read as JSON."""

    data: bytes
    """Bytes for the contract to read, without byte-order mark; what could not be kept is replaced by something harmless
    at a place named in `problems`."""
    problems: tuple[Problem, ...]
    """Problems found."""

    def tree(self) -> dict[str, Any]:
        """The values of `data`, read anew: only the problems of a file need them, and most files have none."""
        tree: dict[str, Any] = json.loads(self.data)
        return tree


def escape_pointer(key: str) -> str:
    """One reference token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _stop(code: str, pointer: str, expected: str, action: str) -> CaseInvalidError:
    return CaseInvalidError((Problem(code, "error", pointer, expected, action),))


def read_raw(data: bytes, *, keys: Collection[str] = frozenset()) -> RawCase:
    """Read bytes as one JSON object.

    Args:
        data: Content of the file, with or without the byte-order mark of UTF-8.
        keys: Keys of the contract. Any other key may hold anything, a patient's name included; a place inside such a
            key is reported as the object that holds it.

    Raises:
        CaseInvalidError: The bytes cannot be read as a JSON object at all: too large, wrong encoding, not JSON, too
            deep.
    """
    content = data.removeprefix(_MARK)
    tree = _parse(_decode(content))
    if not isinstance(tree, dict):
        raise _stop("case.wrong_type", "", "an object", "Check that this is a case file.")
    if _plain(content) and _within_limits(tree):
        return RawCase(content, ())
    walk = _Walk(keys)
    walk.run(tree)
    if walk.problems:
        return RawCase(json.dumps(tree, ensure_ascii=False).encode("utf-8"), tuple(walk.problems))
    return RawCase(content, ())


def _plain(data: bytes) -> bool:
    """Whether no text and no number of a file can have a fault; seen from its bytes, so false now and then without."""
    rest = data.translate(None, _PLAIN)
    if b"\\" in rest or _SUSPECT.search(rest.decode("utf-8")):
        return False
    digits = data.translate(_DIGITS)
    return not any(number in digits for number in _SUSPECT_NUMBERS)


def _within_limits(tree: dict[str, Any]) -> bool:
    """Whether a tree is neither too deep nor too large, and has no key twice; looks at objects and lists alone."""
    level: list[dict[str, Any] | list[Any]] = [tree]
    values = 0
    for _ in range(MAX_DEPTH):
        below: list[dict[str, Any] | list[Any]] = []
        for node in level:
            values += len(node)
            if isinstance(node, list):
                if len(node) > MAX_ITEMS:
                    return False
                below += [item for item in node if type(item) in _CONTAINERS]
            else:
                if len(node) > MAX_KEYS or (isinstance(node, _Object) and node.repeated):
                    return False
                below += [item for item in node.values() if type(item) in _CONTAINERS]
        if not below:
            return values <= MAX_VALUES
        level = below
    return False


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _stop(
            "case.too_large",
            "",
            f"at most {MAX_BYTES // 1024 // 1024} MB",
            "Check that this is a case file, without waveforms or images.",
        )
    for mark, name in _OTHER_MARKS:
        if data.startswith(mark):
            raise _stop("case.encoding", "", f"UTF-8, found {name}", "Save the file as UTF-8.")
    if b"\x00" in data[:4]:
        raise _stop("case.encoding", "", "UTF-8, found UTF-16 or UTF-32", "Save the file as UTF-8.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _stop(
            "case.encoding", "", f"UTF-8; the byte at offset {error.start} is not", "Save the file as UTF-8."
        ) from None


def _parse(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        raise _stop(
            "case.json_syntax",
            "",
            f"JSON; reading stopped at line {error.lineno}, column {error.colno}",
            "Export the file again, or mend it at that place.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _stop("case.not_finite", "", "numbers of a sensible length", "Export the file again.") from None


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    mapping = _Object(pairs)
    if len(mapping) != len(pairs):
        mapping.repeated = True
    return mapping


def _too_deep() -> CaseInvalidError:
    return _stop("case.too_deep", "", f"at most {MAX_DEPTH} levels of nesting", "Check that this is a case file.")


class _Walk:
    """One pass over a tree, without recursion; replaces in place the values that the contract could not read."""

    def __init__(self, keys: Collection[str]) -> None:
        self.keys = keys
        self.problems: list[Problem] = []
        self.values = 0

    def run(self, tree: dict[str, Any]) -> None:
        """Check every value; `problems` lists the faults afterwards."""
        # The third item says whether the pointer still follows the file, or stopped above a key of unknown text.
        stack: list[tuple[Any, str, bool, int]] = [(tree, "", True, 1)]
        while stack:
            node, pointer, exact, depth = stack.pop()
            if depth > MAX_DEPTH:
                raise _too_deep()
            for key, value in self._items(node, pointer):
                # Strings and numbers are most of a file; they are looked at without being pushed.
                if isinstance(value, str):
                    if not (value.isascii() and value.isprintable()) and _SUSPECT.search(value):
                        self._text(node, key, value, self._at(pointer, key, exact)[0])
                elif isinstance(value, (dict, list)):
                    stack.append((value, *self._at(pointer, key, exact), depth + 1))
                elif isinstance(value, (int, float)) and not _keepable(value):
                    self._number(node, key, self._at(pointer, key, exact)[0])

    def _at(self, pointer: str, key: object, exact: bool) -> tuple[str, bool]:
        if exact and (isinstance(key, int) or key in self.keys):
            return f"{pointer}/{escape_pointer(str(key))}", True
        return pointer, False

    def _items(self, node: dict[str, Any] | list[Any], pointer: str) -> Iterator[tuple[Any, Any]]:
        self.values += len(node)
        self._size(node, pointer)
        if isinstance(node, list):
            return iter(enumerate(node))
        if isinstance(node, _Object) and node.repeated:
            self._add(
                "case.duplicate_key",
                pointer,
                "each key once in an object",
                "Keep one of the repeated keys; which value is meant cannot be guessed.",
            )
        self._mend_keys(node, pointer)
        return iter(node.items())

    def _size(self, node: dict[str, Any] | list[Any], pointer: str) -> None:
        if isinstance(node, list) and len(node) > MAX_ITEMS:
            raise _stop("case.too_many_items", pointer, f"at most {MAX_ITEMS} items", "Split or shorten the list.")
        if isinstance(node, dict) and len(node) > MAX_KEYS:
            raise _stop("case.too_many_items", pointer, f"at most {MAX_KEYS} keys", "Check that this is a case file.")
        if self.values > MAX_VALUES:
            raise _stop(
                "case.too_large", "", f"at most {MAX_VALUES:,} values", "Check that this is a case file, not raw data."
            )

    def _add(self, code: str, pointer: str, expected: str, action: str) -> None:
        self.problems.append(Problem(code, "error", pointer, expected, action))

    def _mend_keys(self, node: dict[str, Any], pointer: str) -> None:
        odd = [key for key in node if not key.isascii() and _SURROGATE.search(key)]
        for number, key in enumerate(odd):
            self._add(
                "case.lone_surrogate",
                pointer,
                "keys of whole characters",
                "Export the file again; a character was cut in half.",
            )
            node[f"unreadable key {number + 1}"] = node.pop(key)

    def _number(self, node: Any, key: Any, pointer: str) -> None:
        self._add(
            "case.not_finite",
            pointer,
            "a finite number",
            "Enter the number, or leave the field out if it was not recorded.",
        )
        node[key] = 0

    def _text(self, node: Any, key: Any, value: str, pointer: str) -> None:
        for pattern, code, expected, action in _TEXT_RULES:
            if pattern.search(value):
                self._add(code, pointer, expected, action)
        node[key] = _SURROGATE.sub("?", _CONTROL.sub("?", value))


def _keepable(value: float) -> bool:
    return abs(value) <= _MAX_INTEGER if isinstance(value, int) else math.isfinite(value)
