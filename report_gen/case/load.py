"""Loads a case from bytes, strictly: reports every problem at once, and repeats no value of the file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from report_gen.case.consistency import consistency_errors
from report_gen.case.contract.model import Case, contract_models
from report_gen.case.limits import hard_errors
from report_gen.case.open_choices import open_choice_errors
from report_gen.case.problems import in_document_order, only_follows, translate
from report_gen.case.raw import MAX_BYTES, RawCase, read_raw
from report_gen.case.references import reference_errors
from report_gen.case.zones import zone_errors
from report_gen.errors import CaseInvalidError, FileAccessError, Problem

__all__ = ["CONTRACT_KEYS", "load_case"]

_MANY = 2_000
"""Problems beyond which only the first items of each list are looked at: nobody reads more."""
_FIRST_ITEMS = (10, 100, 1_000)
_BUILDING = threading.Lock()
_HOLD_IDS = {("channels",), ("events",), ("criteria",)}


CONTRACT_KEYS = frozenset(name for kind in contract_models() for name in kind.model_fields)
"""Every key that the contract knows somewhere; only these appear in pointers."""


def load_case(source: bytes | str | os.PathLike[str]) -> Case:
    """The case in a file that keeps the contract; otherwise an error with every problem of the file.

    Args:
        source: The file's content as bytes, or the path of the file.

    Raises:
        CaseInvalidError: The content breaks the contract; holds all problems in document order. What holds between
            fields is checked as soon as every required field can be read; broken optional ones are set aside for it.
        FileAccessError: The file cannot be read.
        AssetError: A vocabulary is missing or damaged, or the machine knows no time zones.
    """
    data = source if isinstance(source, bytes) else _read(source)
    raw = read_raw(data, keys=CONTRACT_KEYS)
    try:
        case = _contract().model_validate_json(raw.data)
    except ValidationError as error:
        tree = raw.tree()
        raise CaseInvalidError(in_document_order(_contract_problems(raw, tree, error), tree)) from None
    problems = [*raw.problems, *_between_fields(case, raw.problems)]
    if problems:
        raise CaseInvalidError(in_document_order(problems, raw.tree()))
    return case


def _contract() -> type[Case]:
    """The contract with its validator, which is built on first use, by one thread.

    Raises:
        AssetError: A vocabulary is missing or damaged.
    """
    with _BUILDING:
        Case.model_rebuild()
    return Case


def _read(source: str | os.PathLike[str]) -> bytes:
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        # ValueError: a path with a zero byte in it.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise FileAccessError("case.unreadable", f"the case file cannot be read: {reason}") from None


def _contract_problems(raw: RawCase, tree: dict[str, Any], error: ValidationError) -> list[Problem]:
    """Problems of the JSON, of the contract, and between fields as far as these can be checked."""
    problems = list(raw.problems)
    many = error.error_count() > _MANY
    if many:
        problems.append(
            Problem(
                "case.more_problems",
                "error",
                "",
                "a case file; the first problems are listed, more follow in later items",
                "Correct the listed problems first; the same mistake is often repeated.",
            )
        )
        error = _error_in_first_items(tree) or error
    seen = {problem.pointer for problem in problems}
    errors = error.errors(include_url=False, include_input=False, include_context=True)[:_MANY]
    for details in errors:
        if only_follows(details, tree):
            continue
        problem = translate(details, tree)
        if problem.pointer not in seen or problem.code in ("case.unknown_key", "case.missing_field"):
            problems.append(problem)
    if not many:
        mended = _without(tree, [details["loc"] for details in errors])
        if mended is not None:
            problems += _between_fields(mended, problems)
    return problems


def _between_fields(case: Case, problems: Iterable[Problem]) -> list[Problem]:
    """Problems between fields, without those that only follow from a known problem at the same place."""
    problems = tuple(problems)
    if any(problem.code == "case.duplicate_key" and not problem.pointer for problem in problems):
        return []
    seen = {problem.pointer for problem in problems if problem.code != "case.unknown_key"}
    # Whether the heart was stopped decides which values are possible.
    limits = () if "/surgery/circulatory_arrest" in seen else hard_errors(case)

    def follows(pointer: str) -> bool:
        return any(pointer == place or place.startswith(f"{pointer}/") for place in seen if place)

    between = chain(
        reference_errors(case), zone_errors(case), consistency_errors(case), open_choice_errors(case), limits
    )
    return [problem for problem in between if not follows(problem.pointer)]


def _without(tree: dict[str, Any], places: Iterable[tuple[int | str, ...]]) -> Case | None:
    """The case without the keys at these places; None when it cannot be read without one of them."""
    marked = {place for place in places if place and isinstance(place[-1], str)}
    if marked & _HOLD_IDS:
        return None

    def keep(node: Any, place: tuple[int | str, ...]) -> Any:
        if isinstance(node, dict):
            return {key: keep(value, (*place, key)) for key, value in node.items() if (*place, key) not in marked}
        if isinstance(node, list):
            return [keep(value, (*place, index)) for index, value in enumerate(node)]
        return node

    try:
        return Case.model_validate_json(json.dumps(keep(tree, ())))
    except ValidationError:
        return None


def _error_in_first_items(tree: dict[str, Any]) -> ValidationError | None:
    """The validator's error about the first items of each list; None when only later items are wrong."""

    def cut(node: Any, count: int) -> Any:
        if isinstance(node, dict):
            return {key: cut(value, count) for key, value in node.items()}
        if isinstance(node, list):
            return [cut(value, count) for value in node[:count]]
        return node

    for count in _FIRST_ITEMS:
        try:
            Case.model_validate_json(json.dumps(cut(tree, count)))
        except ValidationError as error:
            return error
    return None
