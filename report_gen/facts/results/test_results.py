"""Results of stimulation tests, of mapping and of the train-of-four as page one shows them.

A modality of stimulation tests has a row: its lowest results and the others, by side. The tests of the place that an
event is about stand with the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from report_gen.facts.builder import FactBuilder, modality_label, number, text
from report_gen.facts.model import Fact
from report_gen.facts.results.row_events import touching
from report_gen.facts.wording import NOT_RECORDED, joined, number_text, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_event_tests", "derive_test_summaries", "derive_train_of_four", "threshold_of"]

_INITIAL: Final = "initial"
"""How the stage of a first test is printed; it goes without saying."""
_PLACES_LISTED: Final = 3
"""Most further thresholds of a side that a row lists; of more it gives the range."""
_RESULTS_LISTED: Final = 12
"""Most results of mapping that a row lists; of more it gives the number."""


def derive_test_summaries(b: FactBuilder) -> None:
    """Add, for each modality of stimulation tests or mapping and each side, its lowest results and the others."""
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in b.of_kind("threshold"):
        groups.setdefault((fact.modality, fact.side), []).append(fact)
    for modality in dict.fromkeys(modality for modality, _ in groups):
        _stimulated(b, modality, [fact for fact in b.of_kind("threshold") if fact.modality == modality])
    for (modality, side), tests in groups.items():
        _tests_of(b, modality, side, tests)
    mapped: dict[tuple[str, str], list[Fact]] = {}
    for fact in b.of_kind("mapping"):
        mapped.setdefault((fact.modality, fact.side), []).append(fact)
    for (modality, side), results in mapped.items():
        _mapped(b, modality, side, results)


def derive_event_tests(b: FactBuilder) -> None:
    """Add the tests of the place that each event about a threshold is about, the first one first."""
    held = {fact.inputs[0]: fact.status for fact in b.of_kind("threshold.criterion")}
    for event in b.of_kind("event"):
        tests = _about(event, b.of_kind("threshold"), held)
        if tests:
            named = not event.text("level")
            b.compute(
                f"{event.id}.tests",
                "event.tests",
                event.pointer,
                [text("text", "; ".join(_told_with_event(test, named=named) for test in tests))],
                formula="stimulation tests of the modality, level and side of the event; without a level those at or "
                "below the criterion, else the lowest, and their repeats",
                inputs=[event.id, *(test.id for test in tests)],
                group=event.group,
                modality=event.modality,
                must_state=False,
            )


def _about(event: Fact, tests: Sequence[Fact], held: Mapping[str, str]) -> list[Fact]:
    if event.inputs:
        return []
    level, side = event.text("level"), event.side
    of_place = [
        test
        for test in tests
        if test.modality == event.modality
        and (not level or test.site == level)
        and (side not in ("left", "right") or test.side == side)
    ]
    if level:
        return of_place
    measured = [test for test in of_place if threshold_of(test) is not None]
    least = min((threshold_of(test) or (0, 0.0) for test in measured), default=None)
    low = [test for test in measured if held.get(test.id) == "met"] or [
        test for test in measured if threshold_of(test) == least
    ]
    places = {(test.text("place"), test.text("direction")) for test in low}
    return [test for test in of_place if (test.text("place"), test.text("direction")) in places]


def derive_train_of_four(b: FactBuilder) -> None:
    """Add what all readings of the train-of-four have in common, by the place of stimulation."""
    readings = [fact for fact in b.of_kind("tof") if fact.status != "not_recorded" and fact.text("count")]
    if not readings:
        return
    places: dict[str, list[Fact]] = {}
    for fact in readings:
        side = fact.side if fact.side in ("left", "right") else ""
        places.setdefault(" ".join(part for part in (side, fact.text("muscle")) if part), []).append(fact)
    words = [_block(rows, place) for place, rows in places.items()]
    b.compute(
        "result.tof",
        "result.tof",
        "/anesthesia/train_of_four",
        [number("readings", len(readings), str(len(readings))), text("text", "; ".join(words))],
        formula="readings of the train-of-four by place: what all of them show, else each count with its times",
        inputs=[fact.id for fact in readings],
        group="result.tof",
    )


def _block(rows: Sequence[Fact], place: str) -> str:
    """Each count of one place with its times, the most readings first."""
    counts: dict[str, list[Fact]] = {}
    for fact in rows:
        counts.setdefault(fact.text("count"), []).append(fact)
    if len(counts) == 1:
        return ", ".join(part for part in (_alike(rows, "in all "), place) if part)
    told = [_alike(those, "in ", rows) for those in sorted(counts.values(), key=len, reverse=True)]
    return ", ".join(part for part in ("; ".join(told), place) if part)


def _alike(those: Sequence[Fact], how: str, rows: Sequence[Fact] = ()) -> str:
    """Readings that show the same count; their span where no other reading of `rows` lies in it, else every time."""
    count = those[0].text("count")
    times = [fact.text("at") for fact in those if fact.text("at")]
    if len(times) < len(those):
        return count if len(those) == 1 else f"{count} {how}{len(those)} readings"
    if len(those) == 1:
        return f"{count} at {times[0]}" if rows else f"{count}, {times[0]}"
    first, last = utc(_at(those[0])), utc(_at(those[-1]))
    between = [fact for fact in rows if fact not in those and (at := fact.instant("at")) and first < utc(at) < last]
    if between:
        return f"{count} at {joined(times)}"
    return f"{count} {how}{len(those)} readings, {times[0]} to {times[-1]}"


def _at(reading: Fact) -> datetime:
    at = reading.instant("at")
    if at is None:
        raise ValueError("the reading has no time")
    return at


def _told_with_event(test: Fact, *, named: bool) -> str:
    stage = test.text("stage")
    words = [
        _site(test) if named else test.text("direction"),
        test.text("result"),
        "" if stage == _INITIAL else stage,
    ]
    at = f" ({test.text('at')})" if test.text("at") else ""
    return " ".join(part for part in words if part) + at


def _stimulated(b: FactBuilder, modality: str, tests: Sequence[Fact]) -> None:
    """Add the name of a row of tests, with the levels and the number of places."""
    label = vocabulary("modalities").label(modality)
    levels = sorted({test.site for test in tests if test.site in vocabulary("levels").codes}, key=_level)
    span = "" if not levels else levels[0] if len(levels) == 1 else f"{levels[0]}\u2013{levels[-1]}"
    places = {(test.site, test.side, test.text("place"), test.text("direction")) for test in tests}
    noun = "screw" if vocabulary("modalities")[modality].test_kind == "screw" else "place"
    parts = [f"{label[:1].upper()}{label[1:]}", span]
    name = " ".join(part for part in parts if part)
    held = [fact for fact in b.of_kind("threshold.criterion") if fact.modality == modality]
    criterion = next((b.by_id[name] for fact in held for name in fact.inputs if name.startswith("criterion.")), None)
    limit = criterion.number("threshold_at_most_ma") if criterion is not None else None
    against = "" if limit is None else f"; criterion \u2264 {number_text(limit)} mA"
    b.compute(
        f"result.{modality}.tests",
        "result.tests",
        tests[0].pointer,
        [
            text("row", f"{name}, {len(places)} {noun}{'' if len(places) == 1 else 's'}{against}"),
            number("places", len(places), str(len(places))),
        ],
        formula="different places that stimulation tests of the modality name, and its criterion",
        inputs=dict.fromkeys((*(test.id for test in tests), *([criterion.id] if criterion is not None else []))),
        group=f"result.{modality}",
        modality=modality,
    )


def _level(code: str) -> int:
    return vocabulary("levels")[code].order


def _tests_of(b: FactBuilder, modality: str, side: str, tests: Sequence[Fact]) -> None:
    """Places with a result at or below the criterion, else with the lowest, every test of each; then the others."""
    held = {fact.inputs[0]: fact for fact in b.of_kind("threshold.criterion")}
    measured = [test for test in tests if test.status == "threshold" and threshold_of(test) is not None]
    low = [test for test in measured if test.id in held and held[test.id].status == "met"]
    least = min((threshold_of(test) or (0, 0.0) for test in measured), default=None)
    shown = low or [test for test in measured if threshold_of(test) == least]
    by_place: dict[str, list[Fact]] = {}
    for test in tests:
        by_place.setdefault(_site(test), []).append(test)
    places = dict.fromkeys(map(_site, shown))
    words = [_of_place(place, by_place[place]) for place in places]
    rest = [those for place, those in by_place.items() if place not in places]
    parts = [_of_place(_site(those[0]), those) for those in rest if _staged(those)]
    parts.extend(_others([test for those in rest if not _staged(those) for test in those]))
    lowest = "; ".join(words) or ("no threshold found" if any(test.status == "no_response" for test in tests) else "")
    _test_row(
        b,
        modality,
        side,
        tests,
        (lowest, "; ".join(parts)),
        [held[test.id] for test in tests if test.id in held],
        status="met" if low else "none",
    )


def threshold_of(test: Fact) -> tuple[int, float] | None:
    """A threshold by unit, then number: a current is never compared with a voltage."""
    for rank, name in enumerate(("threshold_ma", "threshold_v")):
        amount = test.number(name)
        if amount is not None:
            return rank, amount
    return None


def _staged(tests: Sequence[Fact]) -> bool:
    """Whether the tests of one place are told one by one: one of them was not a first test."""
    return any(test.value("first") is None for test in tests)


def _of_place(place: str, tests: Sequence[Fact]) -> str:
    """Every test of one place with its stage and time: `L5: 5.2 mA (first, 09:30), 16.0 mA (final, 09:49)`."""
    words: list[str] = []
    for test in tests:
        first = test.value("first") is not None
        stage = ("first" if _staged(tests) else "") if first else test.text("stage")
        known = ", ".join(part for part in (stage, test.text("at")) if part)
        words.append(f"{test.text('result')}{f' ({known})' if known else ''}")
    return f"{place}: {', '.join(words)}"


def _site(test: Fact) -> str:
    """Level and nerve of a test without its side, which the column names, and its direction."""
    place = test.text("place").removeprefix(test.side).strip()
    return ", ".join(part for part in (place, test.text("direction")) if part)


def _others(tests: Sequence[Fact]) -> list[str]:
    """The further places with their results; of many thresholds the number and the range, both ends named."""
    measured = sorted(
        ((amount, test) for test in tests if (amount := threshold_of(test)) is not None), key=lambda pair: pair[0]
    )
    few = [*tests] if len(measured) <= _PLACES_LISTED else [test for test in tests if threshold_of(test) is None]
    parts: list[str] = []
    for rank in dict.fromkeys(amount[0] for amount, _ in measured if len(measured) > _PLACES_LISTED):
        of_unit = [pair for pair in measured if pair[0][0] == rank]
        ends = [f"{test.text('result')} ({_sites(of_unit, amount)})" for amount, test in (of_unit[0], of_unit[-1])]
        parts.append(f"{len(of_unit)} others: {' to '.join(dict.fromkeys(ends))}")
    groups: dict[str, list[str]] = {}
    for test in few:
        groups.setdefault(test.text("result"), []).append(_site(test))
    for words, sites in groups.items():
        places = [f"{site} ({sites.count(site)} tests)" if sites.count(site) > 1 else site for site in sites]
        parts.append(f"{joined(dict.fromkeys(places))}: {words}")
    return parts


def _sites(of_unit: Sequence[tuple[tuple[int, float], Fact]], amount: tuple[int, float]) -> str:
    return joined(_site(test) for other, test in of_unit if other == amount)


def _mapped(b: FactBuilder, modality: str, side: str, results: Sequence[Fact]) -> None:
    """Results of mapping by their sites, as the record words them."""
    if len(results) <= _RESULTS_LISTED:
        words = "; ".join(
            f"{fact.text('site')}{f' ({amount})' if (amount := fact.text('intensity_ma')) else ''}: "
            f"{fact.text('result') or NOT_RECORDED}"
            for fact in results
        )
    else:
        words = f"{len(results)} results, see Stimulation tests and mapping"
    _test_row(b, modality, side, results, ("", words), name="mapping")


def _test_row(  # noqa: PLR0913  a row has these parts
    b: FactBuilder,
    modality: str,
    side: str,
    tests: Sequence[Fact],
    cells: tuple[str, str],
    held: Sequence[Fact] = (),
    status: str = "none",
    name: str = "tests",
) -> None:
    events = touching(b, modality, side)
    words = "; ".join(f"{event.text('id')} {event.text('event_class')}" for event in events)
    b.compute(
        f"summary.{modality}.{side}.{name}",
        "summary.tests",
        tests[0].pointer,
        [
            modality_label("row", modality),
            text("lowest", cells[0]) if cells[0] else None,
            text("others", cells[1]) if cells[1] else None,
            text("events", words) if words else None,
        ],
        formula="stimulation tests of the modality and side: those at or below the criterion, else the lowest; the "
        "others by place, or by their range where they are many",
        inputs=dict.fromkeys(fact.id for fact in (*tests, *held, *events)),
        group=f"summary.{modality}",
        status=status,
        side=side,
        modality=modality,
    )
