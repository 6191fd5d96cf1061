"""Part `model`: a whole report with a simulated model, by endpoint profile and way of asking."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from bench.measure import percentiles
from bench.model.cases import NAMES, table
from bench.model.policies import NO_MODEL, POLICIES
from bench.model.profiles import PROFILES
from bench.model.promises import WITHIN_S, promises
from bench.model.reports import Asked, Lane, Made, run_lane
from bench.model.server import CHARACTERS_PER_TOKEN
from bench.model.serving import Serving, Used
from bench.result import Figure, Part, Row, Scale
from report_gen.llm.port import Completion
from report_gen.llm.telemetry import cost_usd, prices

__all__ = ["SIZES", "WITHIN_S", "Size", "lanes_of", "measure", "row_of"]

_OURS: Final = "ours"
_APART: Final = " / "
_WHOLE: Final = "whole_report"


@dataclass(frozen=True, slots=True)
class Size:
    """What a scale means."""

    reports: int
    """Reports for each row."""
    cases: tuple[str, ...]
    """Cases, used in turn."""
    pace: float
    """Factor on every time of the endpoints."""
    in_flight: int
    """Reports at once in a row whose policy asks for each section: the same for all of them, ours included."""
    whole_in_flight: int
    """Reports at once in a row of whole-report calls, each of which waits for most of its time."""
    together: int
    """Profiles whose rows run side by side in one process; there are as many processes as that takes."""
    apart_s: float
    """Between the first reports of a row."""


SIZES: Final[Mapping[Scale, Size]] = MappingProxyType(
    {
        "smoke": Size(
            2,
            ("invented_tethered_cord_bcr", "published_c11_scoliosis_t7"),
            0.1,
            2,
            2,
            4,
            0.0,
        ),
        "quick": Size(
            10,
            NAMES,
            1.0,
            5,
            10,
            2,
            0.35,
        ),
        "full": Size(
            100,
            NAMES,
            1.0,
            6,
            20,
            2,
            0.35,
        ),
    }
)


def measure(scale: Scale, seed: int) -> Part:
    """Reports under each profile, asked for in each way.

    A row counts only if every report has its pages, states the same facts with the same findings as the one that no
    model worded, and differs from it in nothing but proved sentences.

    Args:
        scale: How many reports, and whether the endpoints keep real time.
        seed: Where all chances start.
    """
    if find_spec("openai") is None:
        why = "skipped: openai is not installed (pip install 'report-gen[llm]')"
        return _part([Row(f"{profile} / {policy}", ok=False, why=why) for profile, policy in _pairs()], ())
    size = SIZES[scale]
    alone = Lane(((Asked("", NO_MODEL, "", 1),),), size.cases, size.reports, seed, size.apart_s)
    made = run_lane(alone)  # before anything else runs
    with Serving(table(size.cases), seed, pace=size.pace) as serving:
        made += _ran(lanes_of(size, seed, serving.url))
        ledger = serving.ledger()
    rows = [row_of(profile, policy, made, ledger) for profile, policy in _pairs()]
    return _part([*rows, row_of("", NO_MODEL, made, ledger)], (*_notes(size), *_looked_at(rows, size, seed)))


def _part(rows: Sequence[Row], notes: Sequence[str]) -> Part:
    question = "How long does a whole report take with a model behind it, and what is kept of its wording?"
    return Part("model", question, tuple(rows), tuple(notes))


def _pairs() -> list[tuple[str, str]]:
    return [(profile, policy) for profile in PROFILES for policy in POLICIES]


def lanes_of(size: Size, seed: int, url: Callable[[str], str]) -> list[Lane]:
    """A lane for each group of profiles: one policy after the other, so that each has the same company.

    Each lane begins with another policy; the calls for whole reports, of which more run at once, come last.
    """
    names = list(PROFILES)
    groups = [names[start : start + size.together] for start in range(0, len(names), size.together)]
    apart = [policy for policy in POLICIES if policy != _WHOLE]

    def heat(group: Sequence[str], policy: str) -> tuple[Asked, ...]:
        flight = size.whole_in_flight if policy == _WHOLE else size.in_flight
        return tuple(Asked(name, policy, url(name), flight) for name in group)

    lanes = []
    for place, group in enumerate(groups):
        turn = place % len(apart)
        heats = tuple(heat(group, policy) for policy in (*apart[turn:], *apart[:turn], _WHOLE))
        lanes.append(Lane(heats, size.cases, size.reports, seed, size.apart_s))
    return lanes


def _ran(lanes: Sequence[Lane]) -> list[Made]:
    """Every report of lanes that run side by side, each in a process of its own; a lane alone runs in this one."""
    if len(lanes) == 1:
        return run_lane(lanes[0])
    with ProcessPoolExecutor(len(lanes), mp_context=multiprocessing.get_context("spawn")) as pool:
        return [row for found in pool.map(run_lane, lanes) for row in found]


def row_of(profile: str, policy: str, made: Sequence[Made], ledger: Mapping[tuple[str, str, int], Used]) -> Row:
    """The row of a policy behind a profile; without a profile, that of no model."""
    mine = [row for row in made if (row.profile, row.policy) == (profile, policy)]
    name = f"{profile} / {policy}" if profile else "no model"
    mine.sort(key=lambda row: row.number)
    uses = [ledger.get((profile, policy, row.number)) for row in mine]
    if why := _why_not(mine, uses, asked=bool(profile)):
        return Row(name, ok=False, why=why)
    walls = tuple(row.wall_s for row in mine)
    samples = {"wall_s": walls}
    figures: dict[str, Figure] = {
        "reports": len(mine),
        **percentiles(walls, "s"),
        "within_6s_pct": 100 * sum(wall <= WITHIN_S for wall in walls) / len(walls),
    }
    if profile:
        figures |= _spent(profile, mine, uses)
        samples["calls"] = tuple(float(use.calls if use is not None else 0) for use in uses)
        samples["sections"] = tuple(float(row.sections) for row in mine)
    return Row(name, figures, samples)


def _why_not(mine: Sequence[Made], uses: Sequence[Used | None], *, asked: bool) -> str:
    """Why a row does not count; empty when it does.

    A model that is never reached, or of which nothing is ever kept, costs no time: such a row would look best of all.
    """
    if bad := [row for row in mine if row.why]:
        return f"{len(bad)} of {len(mine)} reports do not count: {bad[0].why}"
    unseen = sum(use is None and row.sections > row.unsent for row, use in zip(mine, uses, strict=True))
    if unseen:
        return f"the server did not see {unseen} of {len(mine)} reports that asked"
    if asked and not any(row.kept for row in mine):
        return "no sentence of the model was kept in any report"
    if false := sum(row.false for row in mine):
        return f"{false} false sentences were printed"
    return ""


def _spent(profile: str, mine: Sequence[Made], uses: Sequence[Used | None]) -> dict[str, Figure]:
    """What was kept and what it took, a report."""
    used = [use for use in uses if use is not None]
    asked, sections, count = sum(row.asked for row in mine), sum(row.sections for row in mine), len(mine)
    calls = sum(use.calls for use in used)
    tokens_in, tokens_out = sum(use.tokens_in for use in used), sum(use.tokens_out for use in used)
    paid = Completion((), model=PROFILES[profile].priced_as, tokens_in=tokens_in, tokens_out=tokens_out)
    cost = cost_usd(paid)
    return {
        "kept_pct": 100 * sum(row.kept for row in mine) / asked if asked else None,
        "false_printed": sum(row.false for row in mine),
        "answered_pct": 100 * sum(row.answered for row in mine) / sections if sections else None,
        "left_alone_pct": 100 * sum(row.left_alone for row in mine) / sections if sections else None,
        "calls_per_section": calls / sections if sections else None,
        "calls_per_report": calls / count,
        "cancelled_per_report": sum(use.cancelled for use in used) / count,
        "faults_per_report": sum(use.faults for use in used) / count,
        "tokens_in_per_report": tokens_in / count,
        "tokens_out_per_report": tokens_out / count,
        "usd_per_report": cost / count if cost is not None else None,
    }


def _notes(size: Size) -> list[str]:
    mix = next(iter(PROFILES.values())).manners
    said = ", ".join(f"{share:.0%} {name}" for name, share in mix.items())
    priced = ", ".join(f"{row.name} as {row.priced_as}" for row in PROFILES.values() if row.priced_as)
    return [
        "The endpoints are simulated: speeds, stalls and faults are inputs, not measurements of a vendor. "
        + " ".join(f"{row.name}: {_pace(size, row.name)}, {row.source}." for row in PROFILES.values()),
        f"Answers: {said}, by question; the wording is that of the faithfulness corpus without the drafts held out, "
        "or the template's where no writer worded a fact. Falsehoods are made from the request's own facts.",
        f"Reports in flight in a row: {size.in_flight}, of {_WHOLE} {size.whole_in_flight}; {size.together} profiles "
        "side by side in a process"
        + (f", {processes} processes. " if (processes := len(PROFILES) // size.together) > 1 else ". ")
        + "The policies run one after the other, in each process in another order. In a process one report computes at "
        "a time, and what it waited for its turn is not in its time; the server is another process. Differences of "
        "medians below 0.2 s mean nothing.",
        "No endpoint has a limit of capacity: each call gets the full rate, however many run at once. One GPU of one's "
        "own that shares its rate among calls would make local_gpu slower, under policies that ask side by side most. "
        "Hedging is on for ours under every profile, though it is off by default for an address on this machine.",
        "Clients, connections and form of question are settled before the first report; a cold command is in "
        "`stages`. A wall time runs from the loaded case to the checked report with its PDF, in memory.",
        f"Tokens are characters / {CHARACTERS_PER_TOKEN:g}, counted by the server, cancelled and wasted calls "
        "included; a schema is not counted. No cache discount.",
        f"Cost is simulated use times list price ({priced}; prices of {prices().checked_on}); no price on one's own "
        "machine.",
        "A section is a question of the program: a passage, or a piece of a long one. `answered_pct` is of those; "
        "`left_alone_pct` were not put because the circuit breaker was open; `kept_pct` is of sentences. "
        "`false_printed` are sentences of the model in a report that are none of those written faithfully for its "
        "passage.",
    ]


def _looked_at(rows: Sequence[Row], size: Size, seed: int) -> tuple[str, ...]:
    if size.pace != 1:
        return (f"Every time of the endpoints is {size.pace:g} of the profile's; no promise is looked at.",)
    return promises({row.name.partition(_APART)[0]: row for row in rows if row.name.endswith(f"{_APART}{_OURS}")}, seed)


def _pace(size: Size, name: str) -> str:
    profile = PROFILES[name]
    first, rate = profile.first_token_s.median * size.pace, profile.tokens_per_s.median / size.pace
    return f"{first:g} s and {rate:g} tokens/s"
