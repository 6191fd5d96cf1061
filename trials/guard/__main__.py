"""How many unfaithful sentences the guard catches, and how many faithful ones it refuses.

    python -m trials.guard [--seed 1] [--per-class 24] [--writers w1 w2] [--peers] [--held-out] [--template]

Faithful drafts by several writers are judged as they are, which gives the false alarms, and with one sentence made
unfaithful at a time, which gives what is caught. A mutation is tried only on a sentence that the guard accepts as it
stands. It is caught when nothing that the guard proved holds the mutated sentence; an omission, when its unit comes
back as not proved. Bounds are the lower end of the two-sided 95 % Wilson interval; it takes the tries for independent,
and mutations of one sentence are not quite that. `pooled` is a check that only looks for each number and time anywhere
in the case. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Mapping, Sequence
from math import floor
from pathlib import Path

from report_gen import __version__
from trials.guard.corpus import DRAFTS, SAMPLES, sheets, template_sheets
from trials.guard.figures import REPLACED_MOST, Alarms, Figures, Missed, Share, Tally, measure, wilson


def _percent(part: float, whole: float) -> str:
    # Rounded down: a class with a miss must not print as 100 %.
    return f"{floor(1000 * part / whole) / 10:6.1f} %" if whole else "      – "


def print_caught(figures: Figures, *, peers: bool, operators: bool) -> None:
    """Print what was caught, by class."""
    print(f"\n{'unfaithful':<40}{'tried':>7}{'caught':>8}{'share':>9}{'at least':>10}" + f"{'pooled':>10}" * peers)
    whole = Tally()
    for family, tally in figures.tallies.items():
        whole.tried += tally.tried
        whole.caught += tally.caught
        whole.pooled += tally.pooled
        _row(family, tally, peers=peers)
        if operators:
            for (of, name), row in figures.operators.items():
                if of == family:
                    _row(f"  {name}", row, peers=peers)
    _row("all", whole, peers=peers)


def _row(name: str, tally: Tally, *, peers: bool) -> None:
    bound = _percent(wilson(tally.caught, tally.tried), 1)
    pooled = f"{_percent(tally.pooled, tally.tried):>10}" * peers
    print(f"  {name:<38}{tally.tried:>7}{tally.caught:>8}{_percent(tally.caught, tally.tried):>9}{bound:>10}{pooled}")


def print_alarms(alarms: Alarms) -> None:
    """Print what became of the drafts as written."""
    total = alarms.total
    print(f"\n{'faithful':<40}{'sentences':>11}{'refused':>9}{'kept':>9}")
    groups: tuple[Mapping[str, Share], ...] = ({"all": total}, alarms.by_writer, dict(sorted(alarms.by_kind.items())))
    for group in groups:
        for name, row in group.items():
            refused = row.sentences - row.proved
            print(f"  {name:<38}{row.sentences:>11}{refused:>9}{_percent(row.proved, row.sentences):>9}")
    print(f"  false alarms: {_percent(total.sentences - total.proved, total.sentences).strip()}")
    print(f"  reasons: {', '.join(f'{code} {count}' for code, count in alarms.codes.most_common()) or 'none'}")
    print(
        f"  units replaced by the template's: {alarms.replaced} of {alarms.units}; passages replaced whole (more than "
        f"{100 * REPLACED_MOST:.0f} % of units): {alarms.whole} of {alarms.passages}"
    )


def as_json(figures: Figures) -> dict[str, object]:
    """The figures for a program."""
    total = figures.alarms.total
    return {
        "drafts": figures.drafts,
        "classes": {
            family: {
                "tried": tally.tried,
                "caught": tally.caught,
                "lower_bound": round(wilson(tally.caught, tally.tried), 4),
                "pooled_caught": tally.pooled,
            }
            for family, tally in figures.tallies.items()
        },
        "faithful": {
            "sentences": total.sentences,
            "refused": total.sentences - total.proved,
            "reasons": dict(figures.alarms.codes.most_common()),
            "by_writer": {name: [row.sentences, row.proved] for name, row in figures.alarms.by_writer.items()},
            "by_kind": {name: [row.sentences, row.proved] for name, row in sorted(figures.alarms.by_kind.items())},
            "units": figures.alarms.units,
            "units_replaced": figures.alarms.replaced,
            "passages": figures.alarms.passages,
            "passages_replaced_whole": figures.alarms.whole,
        },
    }


def _sort(arguments: argparse.Namespace) -> str:
    if arguments.template:
        return "template"
    return "held-out" if arguments.held_out else "tuning"


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the guard catches, and what it refuses without need.")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    parser.add_argument("--per-class", type=int, default=24, help="mutations of a class for each draft (default: 24)")
    parser.add_argument("--drafts", type=Path, default=DRAFTS, help="folder of the drafts (default: beside this file)")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="folder of the case files")
    parser.add_argument("--writers", nargs="+", default=(), metavar="NAME", help="only these writers")
    parser.add_argument("--held-out", action="store_true", help="the drafts that are held out, in place of the others")
    parser.add_argument("--show-held-out", action="store_true", help="allow --misses together with --held-out")
    parser.add_argument("--template", action="store_true", help="the template of every sample, in place of the drafts")
    parser.add_argument("--peers", action="store_true", help="beside it, a check for numbers anywhere in the case")
    parser.add_argument("--operators", action="store_true", help="each mutation of a class by itself")
    parser.add_argument("--misses", type=Path, metavar="FILE", help="write what passed, to read it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures for a program")
    arguments = parser.parse_args(argv)
    if arguments.per_class < 1:
        parser.error("--per-class is at least 1")
    if arguments.misses and arguments.held_out and not arguments.show_held_out:
        parser.error("--misses shows the text of drafts that are held out; --show-held-out allows it and spends them")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was measured, on what; 1 when there is nothing to judge."""
    arguments = _arguments(argv)
    start = time.perf_counter()
    if arguments.template:
        found = template_sheets(arguments.samples)
    else:
        found = sheets(arguments.drafts, held=arguments.held_out, writers=arguments.writers, samples=arguments.samples)
    try:
        figures = measure(found, arguments.seed, arguments.per_class)
    except ValueError as error:
        print(f"not ok: {error}")
        return 1
    if not figures.drafts:
        print("not ok: no draft is left to judge")
        return 1
    print(
        f"report_gen {__version__}, Python {platform.python_version()}; "
        f"{figures.drafts} {_sort(arguments)} drafts, seed {arguments.seed}, "
        f"at most {arguments.per_class} mutations of a class for each draft, {time.perf_counter() - start:.0f} s"
    )
    print_caught(figures, peers=arguments.peers, operators=arguments.operators)
    print_alarms(figures.alarms)
    if arguments.misses:
        rows = [{name: getattr(row, name) for name in Missed.__slots__} for row in figures.missed]
        _write(arguments.misses, rows)
    if arguments.json:
        _write(arguments.json, as_json(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
