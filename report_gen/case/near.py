"""Keys and codes of the contract that somebody may have meant; what a file holds is named only in the contract's words.

An unknown key may be anything, a patient's name or record number included. It is repeated only where it is made of the
contract's own words and units, so that repeating it tells nothing that the contract does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final, get_args

from report_gen.case.contract.base import Code, Model
from report_gen.case.contract.model import Case, contract_models

__all__ = [
    "OF_THE_PATIENT",
    "keys_like",
    "may_be_shown",
    "meant_codes",
    "meant_elsewhere",
    "places_of_key",
    "unit_of_key",
    "vocabularies_of",
]

OF_THE_PATIENT: Final = frozenset(
    {
        "adverse_effects",
        "diagnosis_features",
        "exam_domains",
        "history_items",
        "payer_classes",
        "postop_deficits",
        "postoperative_kinds",
        "safety_screen_items",
        "sexes",
    }
)
"""Vocabularies of the patient's person, state and insurance: naming the code that is meant would say what was
entered."""

_UNITS: Final = frozenset(
    (
        *("a", "ma", "ua", "v", "volts", "mv", "uv", "k", "kohm", "ohm", "hz", "khz", "s", "sec", "ms", "us", "db"),
        *("cm", "mm", "m", "in", "inches", "ft", "g", "kg", "mg", "mcg", "ug", "lb", "lbs", "l", "dl", "ml", "u"),
        *("c", "f", "deg", "cmh2o", "kpa", "mmhg", "bpm", "pct", "percent", "h", "hr", "hours", "min", "minutes"),
        *("days", "weeks", "months", "years", "seconds"),
    )
)
"""Units that other systems put at the end of a key, those of the contract among them."""
_ALSO_CALLED: Final = {
    "dob": "date_of_birth",
    "birthdate": "date_of_birth",
    "gender": "sex",
    "sex_at_birth": "sex",
    "comment": "note",
    "comments": "note",
    "remark": "note",
    "time": "at",
    "timestamp": "at",
}
"""Keys of other systems that share no word with ours."""
_STATES_CALLED: Final = {
    "lost": "absent",
    "gone": "absent",
    "flat": "absent",
    "normal": "present",
    "obtained": "present",
    "recorded": "present",
    "decreased": "reduced",
    "attenuated": "reduced",
    "unobtainable": "not_obtained",
    "not_done": "not_monitored",
    "unknown": "not_recorded",
}
"""Words of a trace sheet for the states of a reading, which are in no vocabulary."""
_KEY: Final = re.compile(r"[a-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*")
_LONGEST_KEY: Final = 60
_DIGITS: Final = re.compile(r"[0-9]{4}")
_WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_IN_BRACKETS: Final = re.compile(r"\(([^()]+)\)")
_LIKE_ENOUGH: Final = 0.75
"""Share of letters in common, of 1, from which a key may be meant."""
_MOST: Final = 3
"""Most keys, codes or places that one message names."""


def may_be_shown(key: str) -> bool:
    """Whether repeating an unknown key tells nothing: it is one of the contract's, or several of its words and units.

    A single word may be a name all the same, and so may one with a capital; four digits in a row may be a number of a
    record.
    """
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key) or _DIGITS.search(key):
        return False
    words = _words(key)
    return key in _homes() or (len(words) > 1 and set(words) <= _known_words())


def keys_like(key: str, place: Sequence[int | str]) -> tuple[str, ...]:
    """Keys of the object at this place that may be meant: the same but for spelling or unit, or of nearly that name.

    Args:
        key: Unknown key of the object.
        place: Place of the object, as the validator gives it.
    """
    model = _model_at(place)
    if model is None or len(key) > _LONGEST_KEY:
        return ()
    fields, words = tuple(model.model_fields), _words(key)
    labels = _labels(model)
    stem = _without_unit(words)
    holder = _words(next((part for part in reversed(place) if isinstance(part, str)), ""))
    if holder and words[: len(holder)] == holder:
        words, stem = words[len(holder) :], stem[len(holder) :]
    for found in (
        [name for name in fields if _words(name) == words],
        [name for name in fields if _ALSO_CALLED.get("_".join(words)) == name],
        [name for name in fields if stem and _without_unit(_words(name)) == stem],
        [name for name in fields if words and _words(_IN_BRACKETS.sub("", labels[name])) in (words, stem)],
        _parameters(key, fields),
        [name for name in fields if stem and set(stem) <= set(_words(name))],
    ):
        if found:
            return tuple(found[:_MOST])
    return tuple(_slips("_".join(words), fields)[:_MOST]) if words else ()


def unit_of_key(key: str, place: Sequence[int | str]) -> str:
    """The unit of a key of the object at this place, as a form prints it. Empty: it has none."""
    model = _model_at(place)
    label = "" if model is None else _labels(model).get(key, "")
    found = _IN_BRACKETS.search(label)
    return found[1] if found and _words(key)[-1] in _UNITS else ""


def places_of_key(key: str) -> tuple[str, ...]:
    """Where the contract has this key, as paths such as `channels[].measurements[]`; nothing if nowhere or in many."""
    places = _homes().get(key, ())
    return places if len(places) <= _MOST else ()


def vocabularies_of(place: Sequence[int | str]) -> tuple[str, ...]:
    """Names of the vocabularies whose codes the value at this place may hold. Empty: it is no code of one."""
    names = [part for part in place if isinstance(part, str)]
    model = _model_at(names[:-1]) if names else None
    if model is None or names[-1] not in model.model_fields:
        return ()
    return tuple(code.vocabulary_name for code in _codes_in(_annotation(model, names[-1])))


def meant_codes(
    value: object, allowed: Collection[str], vocabularies: Collection[str] = (), *, exactly: bool = False
) -> tuple[str, ...]:
    """The allowed codes that a value may mean: those with it as term, abbreviation or synonym; else those near to it.

    All that fit equally well are given, and several leave it open; of a kind that the record does not state, also the
    kinds that it may be of.

    Args:
        value: What stands in the file.
        allowed: Codes that may stand there.
        vocabularies: Names of the vocabularies that they are from. Empty: any that has them all.
        exactly: Whether only a form of a term counts, in other letters or number at most.
    """
    if not isinstance(value, str):
        return ()
    # Only a broken file needs these.
    from report_gen.vocab import names, vocabulary
    from report_gen.vocab.candidates import near

    lists = tuple(vocabularies) or tuple(name for name in names() if set(allowed) <= set(vocabulary(name).codes))
    if OF_THE_PATIENT & set(lists):
        return ()
    written = value.casefold().strip().replace(" ", "_")
    if not lists:
        called = tuple(code for code in allowed if code == _STATES_CALLED.get(written))
        return called or (() if exactly else tuple(_slips(written, allowed)[:_MOST]))
    guesses: dict[str, bool] = {}
    for candidate in near(value, *lists):
        if candidate.code in allowed:
            guesses.setdefault(candidate.code, candidate.likeness in ("part", "slip"))
    sure = tuple(code for code, guessed in guesses.items() if not guessed)
    if exactly and not sure:
        return ()
    if sure or 0 < len(guesses) <= _MOST + 1:
        return (*guesses,)[: len(sure) + _MOST]
    return () if guesses else tuple(_slips(written, allowed)[:_MOST])


def meant_elsewhere(value: object, place: Sequence[int | str]) -> Iterator[tuple[str, str]]:
    """Keys beside the one at this place that take a code which is written as the value, each with that code."""
    names = [part for part in place if isinstance(part, str)]
    model = _model_at(names[:-1]) if names else None
    if model is None or not isinstance(value, str):
        return
    from report_gen.vocab.candidates import find, likest

    for field in model.model_fields:
        lists = {code.vocabulary_name for code in _codes_in(_annotation(model, field))}
        if field == names[-1] or not lists or lists & OF_THE_PATIENT or lists & set(vocabularies_of(place)):
            continue
        for candidate in likest(find(value, *lists)):
            yield field, candidate.code


def _labels(model: type[Model]) -> Mapping[str, str]:
    # Only a broken file needs them.
    from report_gen.case.schema import field_labels

    return field_labels()[model.__name__]


def _annotation(model: type[Model], field: str) -> tuple[Any, ...]:
    info = model.model_fields[field]
    return (info.annotation, *info.metadata)


def _codes_in(node: object) -> Iterator[Code]:
    """Every vocabulary that an annotation names, at any depth."""
    if isinstance(node, Code):
        yield node
    parts = node if isinstance(node, tuple) else (*get_args(node), *getattr(node, "__metadata__", ()))
    for part in dict.fromkeys(part for part in parts if isinstance(part, Code) or get_args(part)):
        yield from _codes_in(part)


def _models_in(node: object) -> Iterator[type[Model]]:
    """Every model that an annotation names, at any depth."""
    if isinstance(node, type) and issubclass(node, Model):
        yield node
    for part in get_args(node):
        yield from _models_in(part)


def _model_at(place: Sequence[int | str]) -> type[Model] | None:
    """Model of the object at a place. None: the contract has no object there, or one of several."""
    model: type[Model] = Case
    for part in place:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        models = set() if field is None else set(_models_in(field.annotation))
        if len(models) != 1:
            return None
        (model,) = models
    return model


@cache
def _homes() -> Mapping[str, tuple[str, ...]]:
    """Paths of the objects that have each key of the contract."""
    homes: dict[str, list[str]] = {}
    waiting: list[tuple[type[Model], str, frozenset[type[Model]]]] = [(Case, "", frozenset())]
    while waiting:
        model, path, above = waiting.pop(0)
        for name, field in model.model_fields.items():
            homes.setdefault(name, []).append(path or "the case itself")
            several = "[]" if "tuple" in str(field.annotation) else ""
            below = [kind for kind in _models_in(field.annotation) if kind not in above]
            waiting += [(kind, f"{path}.{name}{several}".lstrip("."), above | {model}) for kind in dict.fromkeys(below)]
    return MappingProxyType({name: tuple(paths) for name, paths in homes.items()})


@cache
def _known_words() -> frozenset[str]:
    """Words that the contract's keys are made of, in either number, and units; no bare digits."""
    keys = {word for model in contract_models() for name in model.model_fields for word in name.split("_")}
    words = {word for word in keys if not word.isdigit()} | _UNITS
    return frozenset(words | {f"{word}s" for word in words} | {word.removesuffix("s") for word in words})


def _words(key: str) -> tuple[str, ...]:
    """Words of a key or label in lower case, however they are joined."""
    return tuple(word.casefold() for word in _WORDS.findall(key))


def _without_unit(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without the unit at their end; a unit alone stays."""
    return words[:-1] if len(words) > 1 and words[-1] in _UNITS else words


def _parameters(key: str, fields: Collection[str]) -> list[str]:
    """Those of the keys that hold a quantity which is called so."""
    from report_gen.vocab.candidates import find, likest

    found = [candidate for candidate in find(key, "parameters") if candidate.code in fields]
    return [candidate.code for candidate in likest(found)] if found else []


def _slips(written: str, names: Collection[str]) -> list[str]:
    """Names that are as like what is written as any other, and like enough."""
    # Takes a millisecond of every start.
    from difflib import SequenceMatcher

    if not written or len(written) > _LONGEST_KEY:
        return []
    scores = {name: SequenceMatcher(None, name, written, autojunk=False).ratio() for name in names}
    best = max(scores.values(), default=0.0)
    return [name for name, score in scores.items() if score == best >= _LIKE_ENOUGH]
