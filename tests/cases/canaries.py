"""Cases with marks in place of what nobody may repeat: a patient's data, a person's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy

from report_gen.case import load_case
from report_gen.errors import CaseInvalidError
from tests.cases.parts import Data

__all__ = ["CANARIES", "marked", "with_canaries"]

CANARIES = ("Zebrafinch", "MRN-7QX", "ENC-7QX", "MEMBER-7QX", "1947-05-29", "Saint Canary", "canary sang")
"""What no stream may repeat; each stands somewhere in a case with marks."""


def with_canaries(case: Data) -> Data:
    """The case with a mark in each place that may hold a patient's data."""
    data = deepcopy(case)
    data["patient"] |= {
        "name": "Zebrafinch, Canary",
        "mrn": "MRN-7QX",
        "encounter_number": "ENC-7QX",
        "date_of_birth": "1947-05-29",
    }
    data["patient"].pop("age_years", None)
    data["encounter"]["facility_name"] = "Saint Canary Hospital"
    data["encounter"].setdefault("payer", {"payer_class": "commercial"})["member_id"] = "MEMBER-7QX"
    data["record_note"] = "the canary sang"
    for person in data["people"]:
        person["name"] = f"Zebrafinch, {person['id']}"
    return data


def marked(data: Data) -> Data:
    """The case with a mark in place of every text that a person may word freely: where the contract takes it."""
    marked = deepcopy(data)
    for node, key in list(_texts(marked)):
        node[key] = "Zebrafinch 7QX"
    for _ in range(10):
        try:
            load_case(json.dumps(marked).encode())
            return marked
        except CaseInvalidError as error:
            for problem in error.problems:
                _restore(marked, data, problem.pointer.split("/")[1:])
    raise AssertionError("the contract refuses what is left of the case")


def _texts(node: dict | list) -> Iterator[tuple[dict | list, str | int]]:
    """Every text of a case: the object or list that holds it, and where."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, str):
            yield node, key
        elif isinstance(value, (dict, list)):
            yield from _texts(value)


def _restore(marked: dict | list, data: dict | list, place: list[str]) -> None:
    """Put back what stands at a place of the case."""
    key = int(place[0]) if isinstance(data, list) else place[0]
    if len(place) == 1:
        marked[key] = deepcopy(data[key])
    else:
        _restore(marked[key], data[key], place[1:])
