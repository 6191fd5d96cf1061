"""The thin samples use everything that the contract gained so that a record need not say more than it knows.

`contract_before_thin.json` holds the contract of the version before: of each model the fields that it demanded, those
that it took, and the choices of each field that has its own. What the models of today have beside that was gained.
"""

from __future__ import annotations

import json
import types
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from report_gen import Case, Settings, generate, load_case
from report_gen.case.contract.base import Code
from report_gen.case.contract.model import contract_models
from report_gen.case.contract.when import ANCHORS, When

SAMPLES = Path(__file__).parents[2] / "samples" / "valid"
THIN = sorted(SAMPLES.glob("invented_thin_*.json"))
BEFORE: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("contract_before_thin.json").read_text(encoding="utf-8")
)
CODES: Mapping[str, tuple[str, ...]] = {
    "adverse_effects": ("other",),
    "agents": ("other",),
    "body_regions": ("other", "not_stated", "arm", "leg"),
    "causes": ("other",),
    "change_directions": ("change", "other"),
    "clocks": ("not_recorded",),
    "communication_channels": ("other",),
    "emg_patterns": ("unstated_activity", "other"),
    "interventions": ("other",),
    "message_kinds": ("other",),
    "milestones": ("other",),
    "modalities": ("mep_unspecified", "emg_unspecified", "emg_triggered_unspecified"),
    "muscles": ("other",),
    "nerves": ("other",),
    "occurrences": ("other", "bleeding", "clamp", "clip", "traction", "embolus", "vessel_injury", "screw_placement"),
    "positions": ("other",),
    "postop_deficits": ("unstated", "resolved"),
    "postoperative_kinds": (
        *("waking", "examination", "imaging", "reoperation", "treatment", "follow_up", "discharge", "death", "other"),
    ),
    "recording_levels": ("peripheral", "spinal", "subcortical", "cortical"),
    "resolution_classes": ("within_baseline_limits", "full_or_partial", "improved", "other"),
    "roles": ("publication_author",),
    "surgical_phases": ("operation", "positioning", "closure", "emergence", "recovery"),
}
"""Codes for what a record leaves open or words otherwise; of the new lists of places and phases some of each kind."""


@cache
def cases() -> tuple[Case, ...]:
    """The thin samples."""
    return tuple(load_case(path) for path in THIN)


def values(node: object) -> Iterator[BaseModel]:
    """Every model value in a value, itself first."""
    if isinstance(node, BaseModel):
        yield node
        for name in type(node).model_fields:
            yield from values(getattr(node, name))
    elif isinstance(node, tuple):
        for one in node:
            yield from values(one)


@cache
def stated() -> tuple[tuple[type[BaseModel], str, Any], ...]:
    """Every field that a thin sample fills, by the model that brings it into the contract, with its values."""
    return tuple(
        (owner, name, one)
        for case in cases()
        for value in values(case)
        for name in value.model_fields_set
        for owner in [_owner(type(value), name)]
        for held in [getattr(value, name)]
        for one in (held if isinstance(held, tuple) else (held,))
    )


def _owner(model: type[BaseModel], name: str) -> type[BaseModel]:
    """The model that declares a field: a model that extends another has that one's fields too."""
    return next(kind for kind in reversed(model.__mro__) if name in getattr(kind, "model_fields", ()))


def _gained() -> Iterator[tuple[type[BaseModel], str]]:
    for model in contract_models():
        before = BEFORE.get(model.__name__, {"required": [], "optional": []})
        for name in model.model_fields:
            if _owner(model, name) is model and name not in [*before["required"], *before["optional"]]:
                yield model, name


def _choices(annotation: Any) -> tuple[Any, ...]:
    """The choices of a field that has its own; empty when it has none."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType, tuple, Annotated):
        return tuple(one for part in get_args(annotation) for one in _choices(part))
    return ()


def _vocabularies(annotation: Any, said: tuple[Any, ...]) -> set[str]:
    """The vocabulary that a field takes its codes from, if any."""
    found = {row.vocabulary_name for row in said if isinstance(row, Code)}
    if get_origin(annotation) is Annotated:
        found |= {row.vocabulary_name for row in annotation.__metadata__ if isinstance(row, Code)}
    for part in get_args(annotation):
        found |= _vocabularies(part, ())
    return found


class TestEveryAddition:
    def test_there_are_additions(self):
        """The file of the version before is read, and is older."""
        assert len(list(_gained())) > 60
        assert set(BEFORE) < {model.__name__ for model in contract_models()}

    def test_of_a_field_is_filled(self):
        """Each new field stands in some thin sample with a value that is not its default."""
        filled = {(owner, name) for owner, name, one in stated() if one != owner.model_fields[name].get_default()}
        assert [(model.__name__, name) for model, name in _gained() if (model, name) not in filled] == []

    def test_of_a_choice_is_made(self):
        """Each new value of a field that has its own list stands in some thin sample."""
        made = {(owner.__name__, name, one) for owner, name, one in stated() if isinstance(one, str)}
        missing = [
            (model.__name__, name, choice)
            for model in contract_models()
            for name, field in model.model_fields.items()
            if _owner(model, name) is model
            for choice in _choices(field.annotation)
            if choice not in BEFORE.get(model.__name__, {}).get("choices", {}).get(name, ())
            and choice != field.get_default()
            and (model.__name__, name, choice) not in made
        ]
        assert missing == []

    def test_of_a_code_is_used(self):
        """Each code for what is open or told in words stands in some thin sample, and so do the new lists."""
        used = Counter(
            (vocabulary, one)
            for owner, name, one in stated()
            for vocabulary in _vocabularies(owner.model_fields[name].annotation, (*owner.model_fields[name].metadata,))
        )
        assert [(name, code) for name, codes in CODES.items() for code in codes if not used[name, code]] == []

    def test_of_a_freedom_is_taken(self):
        """What the version before demanded and this one does not is left out by some thin sample."""
        freed = [
            (model, name)
            for model in contract_models()
            for name in BEFORE.get(model.__name__, {"required": []})["required"]
            if name in model.model_fields and not model.model_fields[name].is_required()
        ]
        found = [value for case in cases() for value in values(case)]
        assert {name for _, name in freed} >= {"mrn", "facility_name", "date_of_service", "time_zone", "ordered_by"}
        assert [
            (model.__name__, name)
            for model, name in freed
            if not any(type(value) is model and name not in value.model_fields_set for value in found)
        ] == []
        assert any(not case.people for case in cases())


class TestEveryStatedTime:
    def test_is_there_in_each_form(self):
        """Relative to an event, a step, a phase or the entry before; an amount, a range, about, in words."""
        times = [value for case in cases() for value in values(case) if isinstance(value, When)]
        for anchor in ANCHORS:
            assert any(getattr(when, anchor) for when in times)
        assert {when.relation for when in times if when.milestone} >= {"at", "before", "after"}
        assert any(when.amount_to is not None and when.approximate for when in times)
        assert any(when.words and when.relation is None for when in times)
        assert When(approximate=True) in times


class TestEveryThinSample:
    def test_says_that_it_is_invented(self):
        """In its name and in its note, and in the names of whoever is named."""
        notes = [(case.case_id, case.record_note or "") for case in cases()]
        assert len(notes) >= 8
        start = "Invented case in the manner of a published report; it follows no publication and no patient."
        assert [name for name, note in notes if not note.startswith(start)] == []
        people = [one.name for case in cases() for one in (case.patient, *case.people) if one.name is not None]
        assert [name for name in people if not name.startswith("Sample, ")] == []

    @pytest.mark.parametrize("path", THIN, ids=[path.stem for path in THIN])
    def test_makes_a_report(self, path):
        """Whatever is left open, a draft comes of it."""
        report = generate(load_case(path), settings=Settings(allow_incomplete=True))
        assert report.pdf.startswith(b"%PDF")
