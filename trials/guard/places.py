"""Mutations of side, modality and structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from random import Random

from report_gen.draft.passages import Part
from report_gen.vocab import vocabulary
from trials.guard.spot import Operator, Spot, put, replaced, rewrites

__all__ = ["OPERATORS"]

_SIDE = r"\b(?:left|right)\b(?!-)"
_LETTER = r"\b[LR](?= [A-Za-z])"
_FLIP = {"left": "right", "right": "left", "L": "R", "R": "L"}
_PEAKS = ("N9", "N13", "P14", "N20", "P22", "P37", "N45", "PF", "P31", "N34")


def _mirrored(text: str) -> str:
    return re.sub(r"\b(left|right|L|R)\b", lambda match: _FLIP[match.group()], text)


def _atoms(parts: tuple[Part, ...]) -> set[tuple[str, ...]]:
    """What is said of each thing: a response's reading is of two facts, which belong together."""
    atoms: list[tuple[str, ...]] = []
    for part in parts:
        row = tuple(said.text for said in part.said)
        if part.kind == "event.retest.change" and atoms:
            atoms[-1] = (*atoms[-1], *row)
        else:
            atoms.append((part.kind, *row))
    return set(atoms)


def _symmetric(spot: Spot) -> bool:
    """Whether the sentence says the same of either side, so that exchanging them changes nothing."""
    atoms = {atom for unit in spot.units for atom in _atoms(unit.parts)}
    return {tuple(_mirrored(text) for text in atom) for atom in atoms} == atoms


def side_flipped(spot: Spot, rng: Random) -> Iterator[str]:
    """One side is the other."""
    for match in spot.outside(_SIDE, re.IGNORECASE):
        yield put(match, _FLIP[match.group().lower()])
    yield from replaced(spot.outside(_LETTER), lambda letter: [_FLIP[letter]])


def sides_exchanged(spot: Spot, rng: Random) -> Iterator[str]:
    """Left and right change places throughout the sentence."""
    matches = [*spot.outside(rf"{_SIDE}|{_LETTER}")]
    if len({match.group().lower()[:1] for match in matches}) == 2 and not _symmetric(spot):
        text = spot.text
        for match in reversed(matches):
            text = text[: match.start()] + _FLIP[match.group()] + text[match.end() :]
        yield text


def side_dropped(spot: Spot, rng: Random) -> Iterator[str]:
    """A side is not said."""
    for match in spot.outside(r"(?:,? (?:on|of|in) the (?:left|right)(?: side)?\b(?! [a-z]))|\b(?:left|right) ", 0):
        yield put(match, " " if match.group().startswith(" ") else "")
    # `L ant and post` says of either what `L ant and L post` says.
    letters = (
        match
        for match in spot.outside(r"\b[LR] (?=[A-Za-z])")
        if not re.search(rf"\b{match.group()}(?:[\w'-]+ ){{1,2}}(?:and|or) $", spot.text[: match.start()])
    )
    yield from replaced(letters, lambda letter: [""])
    yield from replaced(spot.outside(r" on both sides|\bbilateral "), lambda words: [""])


def side_widened(spot: Spot, rng: Random) -> Iterator[str]:
    """One side is both, or both are one."""
    for match in spot.outside(r"\b(?:left|right)\b(?= [a-zA-Z])(?! side)"):
        yield from (put(match, new) for new in ("bilateral", "left and right", "contralateral", "midline"))
    for match in spot.outside(r"\bon the (?:left|right)\b(?! [a-z])(?: side)?"):
        yield put(match, "on both sides")
    for match in spot.outside(r"\bon both sides\b"):
        yield from (put(match, new) for new in ("on the left", "on the right side", "on one side", "on neither side"))
    letters = list(spot.outside(r"\b[LR](?= [A-Z])"))
    if len({match.group() for match in letters}) == 1:
        yield from replaced(letters, lambda letter: ["B", "L and R"])


def other_modality(spot: Spot, rng: Random) -> Iterator[str]:
    """A modality is another of the case."""
    pool = spot.elsewhere("modality", "label")
    for label in spot.said("modality", "label"):
        news = [name for name in pool if name != label]
        for match in spot.outside(re.escape(label), re.IGNORECASE):
            yield from (put(match, new) for new in rng.sample(news, min(2, len(news))))


def limbs_dropped_or_widened(spot: Spot, rng: Random) -> Iterator[str]:
    """A limb is not said, or both are; only where the sentence names no limb elsewhere, which would settle it."""
    matches = list(spot.outside(r"\b(?:upper|lower)-limb SSEP\b", re.IGNORECASE))
    kin = [label for label in spot.elsewhere("modality", "label") if label.endswith("SSEP")]
    if len(matches) == 1 and spot.text.lower().count("-limb") == 1 and set(kin) - set(spot.said("modality", "label")):
        yield from (put(matches[0], new) for new in ("SSEP", "upper-limb and lower-limb SSEP", "four-limb SSEP"))
    if "TcMEP" not in (*spot.said("modality", "label"), *spot.text.split()):
        yield from replaced(spot.outside(r"\bSSEP\b(?! \()"), lambda word: ["SSEP and TcMEP"])


_MODALITIES = (
    (r"(?<!-limb )\bSSEPs?\b", ("TcMEP", "EMG")),
    (r"\b(?:upper|lower)-limb SSEP\b", ("TcMEP", "free-run EMG")),
    (r"\bTcMEPs?\b", ("SSEP", "free-run EMG", "D-wave", "CoMEP")),
    (r"\bupper-limb\b", ("lower-limb",)),
    (r"\blower-limb\b", ("upper-limb",)),
    (r"\bfree-run EMG\b", ("triggered EMG", "screw tEMG", "EMG", "TcMEP")),
    (r"\bscrew tEMG\b", ("free-run EMG", "nerve tEMG", "TcMEP")),
    (r"\bBAEP\b", ("VEP", "SSEP", "CNAP")),
    (r"\bLSR\b", ("BAEP", "CoMEP", "free-run EMG")),
    (r"\b(?<!processed )EEG\b", ("ECoG", "EMG", "processed EEG")),
    (r"\bTOF\b", ("free-run EMG", "BIS")),
    (r"\bBCR\b", ("H-reflex", "EUSR", "pudendal SSEP")),
    (r"\bTCD\b", ("NIRS", "EEG")),
    (r"\bNIRS\b", ("TCD", "EEG")),
    (r"\bD-wave\b", ("TcMEP", "SSEP")),
    (r"\bCoMEP\b", ("TcMEP", "LSR")),
    (r"\bintermittent RLN EMG\b", ("continuous RLN EMG", "RLN EMG", "free-run EMG")),
)


@cache
def _structures() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names of structures, each with those that may stand for it, the longest names first."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("muscles", "nerves", "electrode_sites"):
        entries = [entry for entry in vocabulary(name).entries.values() if entry.code != "other"]
        for attribute in ("display", "abbreviation"):
            names = tuple(term for entry in entries if len(term := getattr(entry, attribute) or "") > 1)
            found.update((term, names) for term in names if not re.fullmatch(r"[CTFP]\d'?", term))
    found.update((peak, _PEAKS) for peak in _PEAKS)
    return tuple(sorted(found.items(), key=lambda row: -len(row[0])))


def _overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, so that the one may say what the other says."""
    return one in other or other in one


def other_structure(spot: Spot, rng: Random) -> Iterator[str]:
    """A muscle, nerve, electrode or peak is another of its kind."""
    taken: list[tuple[int, int]] = []
    for name, news in _structures():
        for match in spot.outside(rf"\b{re.escape(name)}(?![\w'-])"):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            unlike = [new for new in news if not _overlap(new.lower(), name.lower())]
            yield from (put(match, new) for new in rng.sample(unlike, min(2, len(unlike))))


def other_of_case(spot: Spot, rng: Random) -> Iterator[str]:
    """The responses of an event, or a channel, are those of another fact of the case."""
    for names in (("responses",), ("channel",), ("short",), ("level",)):
        pool = spot.elsewhere(*names)
        for value in spot.said(*names):
            news = [new for new in pool if not _overlap(new, value)]
            for match in spot.outside(rf"\b{re.escape(value)}(?!\w)"):
                yield from (put(match, new) for new in rng.sample(news, min(2, len(news))))


def level_changed(spot: Spot, rng: Random) -> Iterator[str]:
    """A level or root is its neighbour, or is not said."""
    for match in spot.outside(r"\b([CTLS])(\d{1,2})\b(?!')"):
        near = int(match.group(2)) + rng.choice((1, -1))
        yield put(match, f"{match.group(1)}{near if 0 < near < 13 else 2}")
        yield put(match, f"{'T' if match.group(1) != 'T' else 'L'}{match.group(2)}")
    yield from replaced(spot.outside(r" (?:at|of) [CTLS]\d{1,2}\b"), lambda words: [""])


def one_of_two(spot: Spot, rng: Random) -> Iterator[str]:
    """Of two structures that responded only one is left."""
    for value in spot.said("responses"):
        for match in spot.outside(re.escape(value)):
            halves = value.split(" and ")
            for first, second in pairwise(halves):
                yield put(match, value.replace(f"{first} and {second}", second, 1))
                yield put(
                    match, f"{value} and deltoid TcMEP" if "deltoid" not in value else f"{value} and soleus TcMEP"
                )


def _readings(spot: Spot) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for unit in spot.units:
        for atom in _atoms(unit.parts):
            if atom[0] == "event.retest.reading":
                found[atom[1]] = atom[2:]
    return found


def readings_swapped(spot: Spot, rng: Random) -> Iterator[str]:
    """Two responses of a re-test change places."""
    readings = _readings(spot)
    shorts = sorted(short for short in readings if spot.text.count(short) == 1)
    for first, second in pairwise(shorts):
        if readings[first] != readings[second]:
            yield spot.text.replace(first, "\0").replace(second, first).replace("\0", second)


OPERATORS = (
    Operator("side", "flipped", side_flipped),
    Operator("side", "exchanged", sides_exchanged),
    Operator("side", "dropped", side_dropped),
    Operator("side", "widened or merged", side_widened),
    Operator("modality", "another of the case", other_modality),
    Operator("modality", "another", rewrites(_MODALITIES)),
    Operator("modality", "dropped or widened", limbs_dropped_or_widened),
    Operator("structure", "another", other_structure),
    Operator("structure", "another of the case", other_of_case),
    Operator("structure", "level", level_changed),
    Operator("structure", "one of two, or one more", one_of_two),
    Operator("structure", "readings swapped", readings_swapped),
    Operator(
        "structure",
        "hardware",
        rewrites(
            (
                (r"\bscrew\b(?! tEMG)", ("rod", "hook", "cage")),
                (r"(?<!control )\bchannels\b(?! of)", ("electrodes", "nerves")),
            )
        ),
    ),
)
