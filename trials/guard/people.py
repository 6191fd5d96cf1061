"""Mutations of who did what: roles, names, interventions, and events taken for one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from random import Random

from report_gen.draft.passages import Unit
from report_gen.vocab import vocabulary
from trials.guard.spot import Operator, Spot, put, replaced, rewrites, tails

__all__ = ["OPERATORS"]

_ROLES = (
    "assistant surgeon|surgeon|anesthesiologist|anesthesia team|technologist|interpreting professional|surgical team|"
    "monitoring team|nurse anesthetist|resident|nurse"
)
_STAND_INS = ("surgeon", "anesthesiologist", "technologist", "interpreting professional", "resident", "surgical team")
_ROLE = rf"\b(?:{_ROLES})\b"
_PASSIVE = re.compile(r"(\w+) (?:the |an? )?(.+)")


def other_role(spot: Spot, rng: Random) -> Iterator[str]:
    """A person has another role."""
    for match in spot.outside(_ROLE, re.IGNORECASE):
        news = [role for role in _STAND_INS if role not in match.group().lower()]
        yield from (put(match, role) for role in rng.sample(news, 2))


def roles_exchanged(spot: Spot, rng: Random) -> Iterator[str]:
    """Two roles, or two names, of the sentence change places: who told becomes who was told."""
    names = [re.escape(name) for name in spot.said(how="name")]
    for pattern in filter(None, (_ROLE, "|".join(names))):
        for first, second in combinations(list(spot.outside(pattern, re.IGNORECASE)), 2):
            one, two = first.group(), second.group()
            if one.lower() != two.lower():
                text = spot.text
                yield text[: first.start()] + two + text[first.end() : second.start()] + one + text[second.end() :]


def extra_person(spot: Spot, rng: Random) -> Iterator[str]:
    """One more person is told, tells or acts."""
    for match in spot.outside(_ROLE, re.IGNORECASE):
        news = [role for role in _STAND_INS if role not in match.group().lower()]
        yield put(match, f"{match.group()} and the {rng.choice(news)}")
    table = (
        (r"\b(?:who|and) acknowledged\b", ("and the resident acknowledged", "and all acknowledged")),
        (r"\b(told|informed|notified) (?=the )", (r"\1 the whole team and ",)),
    )
    yield from rewrites(table)(spot, rng)


def other_name(spot: Spot, rng: Random) -> Iterator[str]:
    """A person's name is that of another, or misspelt, or has other letters behind it."""
    pool = spot.elsewhere(how="name")
    for name in spot.said(how="name"):
        for match in spot.outside(re.escape(name)):
            news = [new for new in pool if new != name]
            yield from (put(match, new) for new in rng.sample(news, min(2, len(news))))
            place = rng.randrange(1, max(2, name.find(",")))
            yield put(match, name[:place] + ("x" if name[place] != "x" else "y") + name[place + 1 :])
            yield put(match, f"Dr. {name}")
            if name.endswith(", MD"):
                yield put(match, name.removesuffix("MD") + "PhD")


def _forms(done: str) -> tuple[str, ...]:
    """The act in the active voice and, where it has an object, in the passive."""
    found = _PASSIVE.fullmatch(done)
    return (done, f"{found.group(2)} was {found.group(1)}") if found else (done,)


def _acts(spot: Spot) -> Iterator[tuple[re.Match[str], int]]:
    """Where the sentence tells an act in one of its plain forms, and in which."""
    for done in spot.said("done"):
        for index, form in enumerate(_forms(done)):
            pattern = re.escape(form).replace(r"\ was\ ", r" (?:was|were) ")
            for match in spot.outside(rf"\b{pattern}\b", re.IGNORECASE):
                yield match, index


def other_act(spot: Spot, rng: Random) -> Iterator[str]:
    """An intervention is another of the case or of the vocabulary."""
    known = [entry.done for entry in vocabulary("interventions").entries.values()]
    said = spot.said("done")
    for match, index in _acts(spot):
        pool = [done for done in (*spot.elsewhere("done"), *rng.sample(known, 3)) if done not in said]
        yield from (put(match, _forms(done)[min(index, len(_forms(done)) - 1)]) for done in dict.fromkeys(pool))


def acts_exchanged(spot: Spot, rng: Random) -> Iterator[str]:
    """Two interventions of the sentence change places."""
    for (first, one), (second, two) in combinations(sorted(_acts(spot), key=lambda act: act[0].start()), 2):
        if one == two and first.end() < second.start() and first.group().lower() != second.group().lower():
            text = spot.text
            yield (
                text[: first.start()]
                + second.group()
                + text[first.end() : second.start()]
                + first.group()
                + text[second.end() :]
            )


def act_denied(spot: Spot, rng: Random) -> Iterator[str]:
    """An intervention was not done, was only meant, or was done and more."""
    if "event.action" not in spot.kinds:
        return
    for match, index in _acts(spot):
        words = match.group()
        if index == 0:
            yield from (put(match, new) for new in (f"never {words}", f"almost {words}", f"twice {words}"))
        else:
            yield from (put(match, words.replace(" was ", f" was {new} ")) for new in ("not", "nearly", "again"))
        yield put(match, f"{words} and gave a steroid" if index == 0 else f"{words} and a steroid was given")


def agent_or_dose(spot: Spot, rng: Random) -> Iterator[str]:
    """A drug is another, has another dose, or comes from nowhere."""
    agents = [entry.display for entry in vocabulary("agents").entries.values()]
    for agent in spot.said("agent"):
        yield from replaced(
            spot.outside(re.escape(agent), re.IGNORECASE),
            lambda word: rng.sample([new for new in agents if new.lower() != word.lower()], 3),
        )
    for dose in spot.said("dose"):
        for match in spot.outside(re.escape(dose)):
            yield from (put(match, new) for new in (f"up to {dose}", f"a bolus of {dose}", f"0{dose}0", "10 mg"))
    if "event.action" in spot.kinds and not spot.said("agent"):
        for match, _ in _acts(spot):
            yield put(match, f"{match.group()} with {rng.choice(agents)}")


_TARGET = (
    (r"\b(?:to|toward|towards|with) a target of (\d+)", (r"to \1", r"from \1", r"above a target of \1")),
    (r"\btarget(?: of)?\b", ("level of", "final value of", "lower limit of")),
    (r"(\d+ mmHg)", (r"\1, which was reached", r"\1 or more", r"below \1")),
)


def target_reached(spot: Spot, rng: Random) -> Iterator[str]:
    """A target of a pressure becomes the pressure."""
    if spot.said("map_target_mmhg"):
        yield from rewrites(_TARGET)(spot, rng)


def other_event_id(spot: Spot, rng: Random) -> Iterator[str]:
    """An event has the id of another, or of none."""
    ids = {match.group() for match in spot.outside(r"\bE\d+\b")}
    pool = sorted(
        {name for text in spot.elsewhere("id", "ids", "open") for name in re.findall(r"\bE\d+\b", text)} | {"E9"}
    )
    for match in spot.outside(r"\bE\d+\b"):
        yield from (put(match, name) for name in pool if name not in ids)
        yield from (put(match, f"{match.group()} and {name}") for name in pool if name not in ids)


def event_left_out(spot: Spot, rng: Random) -> Iterator[str]:
    """Of a list of events one is not named."""
    for match in spot.outside(r"\b(E\d+)(?:,)? and (E\d+)\b"):
        yield put(match, match.group(1))
        yield put(match, match.group(2))


def _values(units: tuple[Unit, ...]) -> set[str]:
    return {said.text for unit in units for part in unit.parts for said in part.said}


def _alike(spot: Spot) -> list[Unit]:
    """The case's other units of the same kind that do not say the same."""
    mine = _values(spot.units)
    return [
        unit
        for unit in spot.others
        if unit.parts and unit.parts[0].kind == spot.units[0].parts[0].kind and not _values((unit,)) <= mine
    ]


def _told(unit: Unit) -> str:
    return " ".join(sentence.text for sentence in unit.template)


def other_item(spot: Spot, rng: Random) -> Iterator[str]:
    """The sentence is that of another fact of the same kind."""
    alike = _alike(spot)
    yield from (_told(unit) for unit in rng.sample(alike, min(3, len(alike))))


def merged(spot: Spot, rng: Random) -> Iterator[str]:
    """The sentence tells another event's fact too, as of this one."""
    alike = [unit for unit in _alike(spot) if unit.about != spot.units[0].about]
    for unit in rng.sample(alike, min(2, len(alike))):
        told = _told(unit).rstrip(".")
        yield f"{spot.text.rstrip('.')}; {told[:1].lower()}{told[1:]}."
        yield f"{told}; {spot.text[:1].lower()}{spot.text[1:]}"


OPERATORS = (
    Operator("who", "another role", other_role),
    Operator("who", "exchanged", roles_exchanged),
    Operator("who", "one more", extra_person),
    Operator("who", "another name", other_name),
    Operator(
        "who", "one more at the end", tails(", and the patient's family was informed", ", as the surgeon had requested")
    ),
    Operator("intervention", "another", other_act),
    Operator("intervention", "exchanged", acts_exchanged),
    Operator("intervention", "denied or done twice", act_denied),
    Operator("intervention", "agent or dose", agent_or_dose),
    Operator("intervention", "target", target_reached),
    Operator("events", "another id", other_event_id),
    Operator("events", "one not named", event_left_out),
    Operator("events", "sentence of another", other_item),
    Operator("events", "merged", merged),
)
