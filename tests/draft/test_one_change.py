"""One change of the record, and exactly the sentences, cells and marks that cite what changed.

Every statement of the draft names the facts that it states. So a change of one response's side, state, time or value
may change only statements that cite a changed fact; each of these shows the new value; and no fact that was computed
from other readings changes at all. An aggregate that mentioned a response of which it is not made would break it.
What is said of several members together is said of the others alone when one of them leaves: the group that it left
cited what changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from report_gen import load_case
from report_gen.draft.model import statements
from report_gen.draft.writer import write
from report_gen.errors import CaseInvalidError
from report_gen.facts import Facts, derive
from report_gen.facts.fact import Fact
from tests.cases.busy import busy_case
from tests.cases.edits import replaced
from tests.cases.quiet import case, with_alert
from tests.selection import examples

SAMPLES = Path(__file__).parents[2] / "samples" / "valid"
BASES = ("busy", "quiet", "alert", "invented_scoliosis_mep_loss", "invented_cea_shunt", "published_c04_acdf")
STATES = ("absent", "present", "reduced", "hard_to_elicit", "changed", "not_recorded")
SIDES = ("left", "right", "not_recorded")
SET_BY_A_TIME = ("physiology.snapshot",)
"""Kinds that another fact's time chooses without being a part of what they say."""
HANDED_ON = {("channel.worst", "phrase"), ("channel.worst", "text")}
"""Values that are printed with their times, by the cell of their row or in another value of the fact."""
SHORTEST = 3
"""A text that is shorter may stand in a statement for another reason."""

Item = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Written:
    """A case as facts and as what is printed."""

    facts: Facts
    items: tuple[Item, ...]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Written:
        """The facts and the statements of a case; those of figures too."""
        facts = derive(load_case(json.dumps(data).encode()))
        return cls(facts, tuple(statements(write(facts, report_id="T-1"))))

    def citing(self, fact: str) -> list[str]:
        """Texts of the statements that cite a fact."""
        return [text for _, text, facts in self.items if fact in facts]


@cache
def base(name: str) -> dict[str, Any]:
    """A case to change: built, or a sample."""
    built = {"busy": busy_case, "quiet": case, "alert": with_alert}
    return built[name]() if name in built else json.loads((SAMPLES / f"{name}.json").read_bytes())


@cache
def written(name: str) -> Written:
    """The same before the change."""
    return Written.of(base(name))


def readings(data: dict[str, Any]) -> list[str]:
    """JSON pointers of everything that holds a reading: measurements, values of events and of re-tests."""
    places = [
        f"/channels/{i}/measurements/{j}"
        for i, row in enumerate(data["channels"])
        for j in range(len(row.get("measurements", ())))
    ]
    for i, event in enumerate(data.get("events", ())):
        places += [f"/events/{i}/readings/{j}" for j in range(len(event.get("readings", ())))]
        places += [
            f"/events/{i}/retests/{j}/readings/{k}"
            for j, retest in enumerate(event.get("retests", ()))
            for k in range(len(retest["readings"]))
        ]
    return places


def at_pointer(data: Any, pointer: str) -> Any:
    """What stands at a JSON pointer."""
    for step in pointer.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """A base, the pointer of one row, and the row that takes its place."""
    name = draw(st.sampled_from(BASES))
    data = base(name)
    what = draw(st.sampled_from(("value", "value", "state", "time", "side", "test")))
    if what == "side":
        pointer = f"/channels/{draw(st.integers(0, len(data['channels']) - 1))}"
        row = deepcopy(at_pointer(data, pointer))
        row["side"] = draw(st.sampled_from(_free_sides(data, row)))
    elif what == "test" and data.get("threshold_tests"):
        pointer = f"/threshold_tests/{draw(st.integers(0, len(data['threshold_tests']) - 1))}"
        row = at_pointer(data, pointer) | {"threshold_ma": draw(st.integers(1, 40)) + 0.5}
    else:
        pointer = draw(st.sampled_from(readings(data)))
        row = deepcopy(at_pointer(data, pointer))
        _change(draw, row, what)
    return name, pointer, row


def _free_sides(data: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Sides on which the case has no response of that name yet: two of one name would be told apart by other names."""

    def name(channel: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(channel.get(key) for key in ("modality", "nerve", "muscle", "electrode", "level"))

    taken = {channel["side"] for channel in data["channels"] if name(channel) == name(row)}
    return [side for side in SIDES if side not in taken] or [row["side"]]


def _change(draw: st.DrawFn, row: dict[str, Any], what: str) -> None:
    reading = row["reading"]
    numbers = [key for key, value in reading.items() if isinstance(value, float) and key != "amplitude_pct_of_baseline"]
    if what == "time" and row.get("at"):
        row["at"] = row["at"][:14] + f"{draw(st.integers(0, 59)):02d}" + row["at"][16:]
    elif what == "state" or not (numbers or "pattern" in reading):
        row["reading"] = {"state": draw(st.sampled_from(STATES))}
    elif numbers:
        key = draw(st.sampled_from(numbers))
        reading[key] = round(reading[key] * draw(st.integers(20, 130)) / 100, 2)
    else:
        reading["pattern"] = draw(st.sampled_from(("silent", "spike", "burst", "train", "fast_loss")))


def moved(before: Facts, after: Facts) -> set[str]:
    """Ids of the facts that differ, appeared or went away."""
    names = before.by_id.keys() | after.by_id.keys()
    return {name for name in names if before.get(name) != after.get(name)}


def rests_on(sides: Sequence[Facts], fact_id: str, changed: set[str]) -> bool:
    """Whether a computed fact is made, before or after and at any remove, of a recorded fact that changed."""
    pending, seen = [fact_id], set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        found = [fact for side in sides if (fact := side.get(name)) is not None]
        if not found or (name in changed and found[0].author != "computed"):
            return True
        pending.extend(name for fact in found for name in fact.inputs)
    return False


@settings(max_examples=examples(150, 2000), deadline=None)
@given(changes())
def test_exactly_what_cites_a_change_changes(change: tuple[str, str, dict[str, Any]]) -> None:
    """No more statements, no fewer, and each with the new value."""
    name, pointer, row = change
    before = written(name)
    try:
        after = Written.of(replaced(base(name), pointer, row))
    except CaseInvalidError:
        assume(False)
        return
    changed = moved(before.facts, after.facts)
    old, new = Counter(before.items), Counter(after.items)
    differing = set((old - new) + (new - old))
    touched = changed | _groups_of(before, after, changed)
    for where, text, facts in differing:
        if text.startswith("Not drawn") or all(name.startswith("criterion.") for name in facts):
            continue  # the note and the line of a trend come and go with its points, which cite the change
        if "trends" in where and all(name.startswith("event.") for name in facts):
            continue  # so does the mark of an event in it
        cites = (
            changed & set(facts)
            or _left_alone(where, set(facts), differing, touched)
            or _compared(changed) & set(facts)
        )
        assert cites, f"{where} changed and cites nothing that did: {text}"
    for fact_id in changed:
        first, second = before.facts.get(fact_id), after.facts.get(fact_id)
        both = [(side, fact) for side, fact in ((before.facts, first), (after.facts, second)) if fact is not None]
        if both[0][1].kind in SET_BY_A_TIME:
            continue
        if both[0][1].author == "computed":
            # A member that joins an aggregate stands among its inputs only afterwards.
            sides = (before.facts, after.facts)
            assert rests_on(sides, fact_id, changed), f"{fact_id}: nothing it is made of changed"
        else:
            apart = [fact.id for side, fact in both if not _within(fact, pointer, side)]
            assert not apart, f"{apart} changed and stand apart from the change"
        if first is not None and second is not None:
            _shows(before, after, first, second)


def _left_alone(where: str, facts: set[str], differing: set[Item], touched: set[str]) -> bool:
    """Whether what is said of a group is said without a response that changed, or with it, and of it alone."""
    others = [set(cited) for place, _, cited in differing if place == where]
    return any((facts < other or other < facts) and touched & (facts | other) for other in others)


def _compared(changed: set[str]) -> set[str]:
    """Readings whose comparison with the baseline changed: where there is none, the value is told in its place."""
    return {name.removesuffix(".change") for name in changed if name.endswith(".change")}


def _groups_of(before: Written, after: Written, changed: set[str]) -> set[str]:
    """The facts of the responses and events of which one changed, both sides: a row of a table holds all of them."""
    every = [fact for written in (before, after) for fact in written.facts]
    own = [fact for fact in every if fact.author == "record" or fact.kind.startswith("channel.")]
    groups = {fact.group for fact in own if fact.id in changed}
    named = {(fact.modality, fact.site) for fact in every if fact.kind == "channel" and fact.group in groups}
    groups |= {fact.group for fact in every if fact.kind == "channel" and (fact.modality, fact.site) in named}
    return {fact.id for fact in every if fact.group in groups}


def _within(fact: Fact, pointer: str, facts: Facts) -> bool:
    """Whether a recorded fact is that of the change, of its response, or names a response of it."""
    channel = "/".join(pointer.split("/")[:3])
    if fact.pointer.startswith((pointer, channel)):
        return True
    if fact.kind == "channel":  # how a response is named depends on which others are at its site
        return any(other.site == fact.site and other.pointer == channel for other in facts.of_kind("channel"))
    named = {facts.by_id[name].pointer for name in fact.inputs if name in facts.by_id}
    return any(place.startswith("/channels") for place in named)


def _shows(before: Written, after: Written, first: Fact, second: Fact) -> None:
    """Every statement of a fact that printed a value which is now another prints that one."""
    for value in first.values:
        now = second.value(value.name)
        if now is None or now.text == value.text or len(value.text) < SHORTEST or (first.kind, value.name) in HANDED_ON:
            continue
        if any(value.text in other.text for other in second.values):
            continue  # another value of the fact still says it
        if first.kind == "channel.worst" and "no baseline" in after.citing(second.id):
            continue  # what cannot be followed has no worst; its readings stand with all readings
        stale = [text for text in after.citing(second.id) if value.text in text and now.text not in text]
        told = [text for text in before.citing(first.id) if value.text in text]
        assert not set(stale) & set(told), f"{second.id}: {value.text!r} is still printed: {stale}"
        if told:
            assert any(now.text in text for text in after.citing(second.id)), (
                f"{second.id}: {now.text!r} is not printed"
            )


def test_the_property_can_fail() -> None:
    """A statement that cites nothing, and a fact that rests on nothing, are seen."""
    before, data = written("busy"), busy_case()
    data["channels"][2]["measurements"][3]["reading"]["amplitude_uv"] = 90.0
    after = Written.of(data)
    changed = moved(before.facts, after.facts)
    assert "channel.tibialis_anterior-l.closing.1146" in changed
    assert not rests_on([after.facts], "result.tcmep.tibialis_anterior.right.closing", changed)
    assert rests_on([after.facts], "result.tcmep.tibialis_anterior.left.closing", changed)
    assert Counter(before.items) != Counter(after.items)
