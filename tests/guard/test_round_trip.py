"""The deterministic draft passes the guard: templates and lexicon agree on every sample and on generated cases."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, product, repeat
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.vocab import vocabulary
from tests.cases.parts import at, baseline, channel, criterion, in_words, measurement, reading
from tests.cases.quiet import alert, case, closing
from tests.guard.cases import NOW, SAMPLES, built, misread, refused, sample
from tests.selection import ALL, examples, now_and_in_full

Data = dict[str, Any]

MOST_ACTIONS, MOST_CAUSES = 40, 12
SIDES = ("left", "right", "bilateral", "midline", "not_recorded", "not_applicable")

UNREAD = {"electrode_sites": ("erb_left", "erb_right", "c5s", "c2s")}
"""Places whose abbreviation holds a side or a digit of its own; a re-test there stays in the template's words."""

PLACES = {"tcmep": ("muscle", "muscles"), "ssep_lower": ("nerve", "nerves"), "eeg": ("electrode", "electrode_sites")}


def codes(name: str) -> list[str]:
    """The codes of a vocabulary whose words the guard reads."""
    return [code for code in vocabulary(name).entries if code not in UNREAD.get(name, ())]


def chunks(rows: Iterable[Any], size: int) -> list[list[Any]]:
    """Runs of at most so many."""
    held = list(rows)
    return [held[start : start + size] for start in range(0, len(held), size)]


def alerts(rows: Iterable[Data]) -> Data:
    """A case with one alert for each set of overrides."""
    return case(events=[in_words(alert(id=f"E{number}", **row)) for number, row in enumerate(rows, start=1)])


def doses() -> list[Data]:
    """An act for every drug in every unit that it may be given in."""
    rows = [
        {"agent": agent.code, "dose": 1.5, "dose_unit": unit}
        for agent in vocabulary("agents").entries.values()
        for unit in dict.fromkeys([*agent.infusion_units, *agent.bolus_units])
    ]
    acts = [{"code": "raise_map", "actor": "anesthesia_team", "at": at("10:05"), **row} for row in rows]
    return [*acts, {"code": "raise_map", "actor": "anesthesia_team", "map_target_mmhg": 85}]


def two_sides(modality: str, **site: str) -> Data:
    """A case with an alert about two channels of a modality, one of each side."""
    pair = [
        channel(
            name,
            modality,
            side,
            [baseline("08:30", reading(2.0)), measurement("closing", "11:45", reading(1.0))],
            **site,
        )
        for name, side in (("c1", "left"), ("c2", "right"))
    ]
    retests = [
        {"at": at("10:15"), "readings": [{"channel": "c1", "reading": first}, {"channel": "c2", "reading": second}]}
        for first, second in ((reading(1.5), {"state": "absent"}), ({"state": "present"}, reading(0.7)))
    ]
    changed = alert(modality=modality, channels=["c1", "c2"], side="bilateral", criterion="x", retests=retests)
    changed["readings"] = [{"channel": "c1", "reading": reading(0.5)}]
    data = case(events=[changed], channels=pair)
    data["criteria"].append(criterion("x", modality, ("amplitude_decrease_pct", 50.0)))
    if modality not in ("ssep_lower", "tcmep"):
        data["modalities"].append({"modality": modality, "performed": True, "last_data_at": at("11:50")})
    return data


class TestSamples:
    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_the_template_of_every_sample_is_proved(self, name):
        """Unit by unit and passage by passage."""
        assert refused(*sample(name)) == []


class TestWholeVocabulary:
    @pytest.mark.parametrize("side", now_and_in_full(SIDES, ["left", "not_recorded"]))
    @pytest.mark.parametrize("extra", [{}, {"at": at("10:05"), "level": "T8", "detail": "by hand; not more than 3"}])
    def test_every_intervention_on_a_side(self, side, extra):
        """Timed with details, and bare."""
        acts = [{"code": code, "actor": "surgeon", "side": side, **extra} for code in codes("interventions")]
        assert misread(*built(alerts({"interventions": part} for part in chunks(acts, MOST_ACTIONS)))) == []

    @pytest.mark.parametrize("extra", [{}, {"at": at("10:05"), "level": "T8", "detail": "by hand; not more than 3"}])
    def test_an_intervention_on_every_side(self, extra):
        """Sides in turn, so that each stands with several acts; the long run takes every act on every side."""
        acts = [
            {"code": code, "actor": "surgeon", "side": side, **extra}
            for code, side in zip(codes("interventions"), cycle(SIDES), strict=False)
        ]
        assert misread(*built(alerts({"interventions": part} for part in chunks(acts, MOST_ACTIONS)))) == []

    def test_every_drug_in_every_unit(self):
        """Doses of infusions and boluses."""
        assert misread(*built(alerts({"interventions": part} for part in chunks(doses(), MOST_ACTIONS)))) == []

    @pytest.mark.parametrize(
        "note",
        now_and_in_full(
            [None, "a note with a number, 5, and the left side"], ["a note with a number, 5, and the left side"]
        ),
    )
    def test_every_cause_as_context_and_as_excluded(self, note):
        """One by one and in lists."""
        rows = [
            {"context": part, "excluded": part, **({"context_note": note} if note else {})}
            for size in (1, MOST_CAUSES)
            for part in chunks(codes("causes"), size)
        ]
        for part in chunks(rows, 30):
            assert misread(*built(alerts(part))) == []

    @pytest.mark.parametrize("by", [None, "tech1"])
    def test_every_role_is_told(self, by):
        """With every answer, with and without times, before, at and after onset."""
        answers = (
            {"acknowledged": "yes"},
            {"acknowledged": "yes", "acknowledged_at": at("12:03"), "reply": "no change. 5"},
            {"acknowledged": "no"},
            {"acknowledged": "not_recorded"},
        )
        told = [
            {"to": role, **answer, **({"by": by} if by else {}), **({"at": at(clock)} if clock else {})}
            for role in codes("roles")
            for answer in answers
            for clock in (None, "09:58", "10:00", "10:00:20", "12:02")
        ]
        for part in chunks([{"notifications": rows} for rows in chunks(told, 20)], 8):
            assert misread(*built(alerts(part))) == []

    @pytest.mark.parametrize("side", now_and_in_full([*SIDES, "in turn"], ["in turn"]))
    def test_every_kind_of_change_in_every_class_of_event(self, side):
        """What is said of a change and of an occurrence; of a side, or of all of them in turn."""
        sides = cycle(SIDES) if side == "in turn" else repeat(side)
        kinds = list(product(codes("change_directions"), codes("event_classes")))
        rows = [
            {"direction": direction, "event_class": name, "side": here}
            for (direction, name), here in zip(kinds, sides, strict=False)
        ]
        for part in chunks(rows, 40):
            assert misread(*built(alerts(part))) == []

    def test_every_onset(self):
        """Known, noticed, between two times, unknown."""
        times = (
            {},
            {"onset_at": None},
            {"onset_at": None, "noticed_at": at("10:01")},
            {"onset_at": None, "noticed_at": at("10:01"), "last_unaffected_at": at("09:50")},
            {"last_unaffected_at": at("09:50")},
            {"noticed_at": at("10:04")},
            {"noticed_at": at("10:00:40"), "last_unaffected_at": at("09:50")},
        )
        rows = [{"onset_kind": kind, **row} for kind in codes("onset_kinds") for row in times]
        assert misread(*built(alerts(rows))) == []

    def test_every_resolution(self):
        """With and without a time and a person."""
        ends = ({}, {"at": at("10:15")}, {"at": at("12:15"), "assigned_by": "prof1"})
        rows = [
            {"resolution": {"resolution_class": code, **end}} for code in codes("resolution_classes") for end in ends
        ]
        assert misread(*built(alerts([*rows, {"resolution": None}]))) == []

    @pytest.mark.parametrize("modality", codes("modalities"))
    def test_every_modality(self, modality):
        """Named in counts, listings and events."""
        kind = vocabulary("modalities")[modality].site_kind
        site = {"nerve": "median", "muscle": "tibialis_anterior"}.get(kind)
        assert misread(*built(two_sides(modality, **({kind: site} if site else {})))) == []

    @pytest.mark.parametrize("modality", PLACES)
    def test_every_place(self, modality):
        """In full in an event, short in a re-test; a quarter of them in every run, as test_lexicon.py reads each."""
        kind, words = PLACES[modality]
        tried = [code for code in codes(words) if code != "other"][:: 1 if ALL else 4]
        wrong = {code: misread(*built(two_sides(modality, **{kind: code}))) for code in tried}
        assert wrong
        assert {code: found for code, found in wrong.items() if found} == {}

    @pytest.mark.parametrize("kind", ["gap", "outage", "standby"])
    def test_every_reason_of_an_interval(self, kind):
        """With and without a detail; without a reason too."""
        for reason in (None, *codes("gap_reasons")):
            row = {"kind": kind, "start_at": at("10:00"), "end_at": at("11:05:30"), "modalities": ["tcmep"]}
            row.update({"reason": reason, "detail": "see log 3"} if reason else {})
            data = case(events=[])
            data["intervals"].append(row)
            assert (reason, misread(*built(data))) == (reason, [])

    @pytest.mark.parametrize("acceptance", codes("acceptances"))
    @pytest.mark.parametrize("extra", [{}, {"at": at("08:45"), "note": "not the left 3"}])
    def test_every_review(self, acceptance, extra):
        """Of all modalities, and of all but one."""
        data = case(events=[])
        for row in data["modalities"]:
            row["baseline_review"] = {"by": "prof1", "acceptance": acceptance, **extra}
        assert misread(*built(data)) == []
        del data["modalities"][0]["baseline_review"]
        assert misread(*built(data)) == []

    @pytest.mark.parametrize("logic", ["any", "all"])
    def test_every_criterion(self, logic):
        """Met, not met, and not comparable."""
        for entry in vocabulary("criterion_parameters").entries.values():
            limit = None if entry.parameter is None else 20.0
            data = case(events=[alert()])
            conditions = (("amplitude_decrease_pct", 33.3), (entry.code, limit))
            data["criteria"] = [criterion("mep", "tcmep", *dict(conditions).items(), logic=logic)]
            assert (entry.code, misread(*built(data))) == (entry.code, [])

    def test_every_reading_at_closing(self):
        """What the counts at closing are made of."""
        for reason in codes("absence_reasons"):
            for state in ("not_obtained", "not_monitored"):
                data = closing(case(events=[]), "mep-l", {"state": state, "reason": reason})
                assert (reason, misread(*built(data))) == (reason, [])


VALUES = (
    st.builds(lambda number: reading(number), st.sampled_from([0.0, 0.05, 60.0, 199.9, 400.0, 1200.0]))
    | st.builds(lambda number: reading(number, 20.5), st.integers(1, 900).map(float))
    | st.sampled_from([{"state": "absent"}, {"state": "present"}])
    | st.just({"state": "present", "description": "smaller, no second peak, 3 turns"})
    | st.sampled_from(codes("emg_patterns")).map(lambda code: {"state": "measured", "pattern": code})
)
CLOCKS = st.builds(lambda hour, minute: at(f"{hour:02d}:{minute:02d}"), st.integers(9, 11), st.integers(0, 59))
TIMES = st.none() | CLOCKS
WORDS = st.sampled_from(
    ["ok", "no.", "left side, 5", "as told, at 10:02", "MAP 62", "it's said “so”", "unchanged", "é"]
)
NAMES = st.sampled_from(
    ["Person, A. B., MD", "O'Neil-Smith", "王伟", "محمد علي", "Left, Right", "Two, One", "Told, T.", "E. No"]
)


def filled(**values: Any) -> Data:
    """The values that are there."""
    return {name: value for name, value in values.items() if value is not None}


@st.composite
def notifications(draw: st.DrawFn) -> Data:
    """Somebody told, perhaps by somebody, perhaps at a time, with an answer or none."""
    told = filled(
        to=draw(st.sampled_from(codes("roles"))),
        by=draw(st.sampled_from([None, "tech1", "prof1"])),
        at=draw(TIMES),
        acknowledged=draw(st.sampled_from(["yes", "no", "not_recorded"])),
    )
    if told["acknowledged"] == "yes":
        told.update(filled(acknowledged_at=draw(TIMES), reply=draw(st.none() | WORDS)))
    return told


@st.composite
def interventions(draw: st.DrawFn) -> Data:
    """Any act by anybody on any side."""
    dosed = draw(st.none() | st.sampled_from(doses()))
    return {
        **(dosed or {"code": draw(st.sampled_from(codes("interventions")))}),
        **filled(
            actor=draw(st.sampled_from(codes("roles"))),
            side=draw(st.sampled_from(SIDES)),
            at=draw(TIMES),
            level=draw(st.none() | st.sampled_from(codes("levels"))),
            detail=draw(st.none() | WORDS),
        ),
    }


@st.composite
def retests(draw: st.DrawFn) -> Data:
    """Two channels or one, at a time or none."""
    names = draw(st.sampled_from([["mep-l"], ["mep-l", "mep-r"], ["mep-r", "mep-l"]]))
    return filled(at=draw(TIMES), readings=[{"channel": name, "reading": draw(VALUES)} for name in names])


@st.composite
def events(draw: st.DrawFn) -> Data:
    """A chain of which every link may vary or be missing."""
    side, channels = draw(
        st.sampled_from([("left", ["mep-l"]), ("right", ["mep-r"]), ("bilateral", ["mep-l", "mep-r"])])
    )
    causes = st.lists(st.sampled_from(codes("causes")), max_size=4, unique=True)
    resolution = st.builds(
        lambda code, when, by: filled(resolution_class=code, at=when, assigned_by=by),
        st.sampled_from(codes("resolution_classes")),
        TIMES,
        st.sampled_from([None, "prof1"]),
    )
    times = sorted(draw(st.lists(CLOCKS, min_size=3, max_size=3, unique=True)))
    last, onset, noticed = (draw(st.sampled_from([None, time])) for time in times)
    last = last if noticed else None  # a last unaffected trace without a notice is not read either
    direction = draw(st.sampled_from(codes("change_directions")))
    row = alert(
        event_class=draw(st.sampled_from(codes("event_classes"))),
        side=side,
        channels=channels,
        direction=direction,
        onset_kind="unknown" if direction == "none" else draw(st.sampled_from(codes("onset_kinds"))),  # nor is its kind
        onset_at=onset,
        noticed_at=noticed,
        last_unaffected_at=last,
        readings=[{"channel": channels[0], "reading": draw(VALUES)}],
        context=draw(causes),
        excluded=draw(causes),
        context_note=draw(st.none() | WORDS),
        notifications=draw(st.lists(notifications(), max_size=4)),
        interventions=draw(st.lists(interventions(), max_size=6)),
        retests=draw(st.lists(retests(), max_size=5)),
        resolution=draw(st.none() | resolution),
    )
    return in_words(filled(**row))


@st.composite
def cases(draw: st.DrawFn) -> Data:
    """A case with up to three events and people of any name."""
    data = case(events=[{**row, "id": f"E{number}"} for number, row in enumerate(draw(st.lists(events(), max_size=3)))])
    names = draw(st.lists(NAMES, min_size=len(data["people"]), max_size=len(data["people"]), unique=True))
    for person, name in zip(data["people"], names, strict=True):
        person["name"] = name
    return data


class TestGenerated:
    @settings(
        max_examples=examples(150, 600),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(cases())
    def test_the_template_of_any_case_is_proved(self, data):
        """Whatever is there, whatever is missing."""
        assert refused(*built(data)) == []

    @pytest.mark.parametrize("count", now_and_in_full([1, 2, 12, 13, 40], [1, 2, 13]))
    def test_any_number_of_events(self, count):
        """Counts in letters and in figures, lists of every length."""
        assert refused(*built(alerts([{}] * count))) == []

    def test_many_retests(self):
        """A long course is told unit by unit."""
        rows = [
            {
                "at": at(f"10:{10 + number:02d}"),
                "readings": [{"channel": name, "reading": reading(90.0 + number)} for name in ("mep-l", "mep-r")],
            }
            for number in range(40)
        ]
        assert refused(*built(alerts([{"retests": rows}]))) == []
