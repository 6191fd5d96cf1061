"""The command line of the bench: `python -m bench`, from the root of the repository; see bench/README.md.

Exit codes: 0, 1 when a report or a row did not count, 2 for wrong usage, 4 when a file cannot be read or written, 130
when interrupted. Only `gate` fails because of a time: a ratio within one run, or a deadline.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench import gate
from bench.compare import compare
from bench.gate import HELD
from bench.measure import ROOT
from bench.result import Figure, Run, Scale, load, save
from bench.suite import LONGEST_S, PARTS, Order, Outcome, failed, measure_part, run_parts, write, write_plots
from bench.table import WIDTH, heading, markdown, number, table
from report_gen.errors import FileAccessError

__all__ = ["main"]

NOT_OK: Final = 1
USAGE: Final = 2
FILE_ACCESS: Final = 4
INTERRUPTED: Final = 130
_RESULTS: Final = ROOT / "bench" / "results"


def main(argv: Sequence[str] | None = None, parts: Mapping[str, str] = PARTS) -> int:
    """Run one command and return its exit code.

    Args:
        argv: The arguments. None: those of the process.
        parts: Modules by the name of the part, in the order in which they run.
    """
    arguments = _arguments(argv, parts)
    command: Callable[[argparse.Namespace, Mapping[str, str]], int] = arguments.command
    try:
        return command(arguments, parts)
    except (OSError, FileAccessError, _UnreadableError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return FILE_ACCESS
    except KeyboardInterrupt:
        print("bench: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


class _UnreadableError(Exception):
    """A file is not a bench run."""


def _run(arguments: argparse.Namespace, parts: Mapping[str, str]) -> int:
    # Before the minutes are spent, and not after them.
    arguments.out.mkdir(parents=True, exist_ok=True)
    chosen = {name: module for name, module in parts.items() if not arguments.only or name in arguments.only}
    run = run_parts(Order(arguments.scale, arguments.seed, chosen), _tell, begin=_begin)
    print(_head(run))
    wrong = failed(run)
    for row in wrong:
        print(f"not ok: {row}")
    written, why = write(run, arguments.out)
    print("\n".join([*(f"wrote {_shown(path)}" for path in written), *filter(None, [why])]))
    return NOT_OK if wrong else 0


def _gate(arguments: argparse.Namespace, parts: Mapping[str, str]) -> int:
    measured = gate.measure_held()
    if arguments.renew:
        gate.renew(measured, arguments.to)
        print(f"wrote {_shown(arguments.to)}")
    try:
        held = gate.held_ratios(arguments.to)
        rows = gate.judge(measured, held)
    except ValueError as error:
        raise _UnreadableError(str(error)) from error
    if any(row.fails for row in rows):
        # Once more, and the better of both: a busy minute of the machine is not a slower program.
        again = {row.name: row for row in gate.measure_held()}
        rows = gate.judge([min(row.timed, again[row.timed.name], key=lambda one: one.ratio) for row in rows], held)
    in_time = [] if arguments.renew else gate.measure_in_time()
    if gate.late(in_time):
        again_in_time = {report.name: report for report in gate.measure_in_time()}
        in_time = [
            min(report, again_in_time[report.name], key=lambda one: (bool(one.why), one.s)) for report in in_time
        ]
    print("\n".join(gate.say(rows, in_time)))
    return NOT_OK if any(row.fails for row in rows) or gate.late(in_time) else 0


def _begin(name: str) -> None:
    print(f"{name} …", file=sys.stderr, flush=True)


def _tell(outcome: Outcome) -> None:
    print(table(outcome.part), flush=True)
    if outcome.output:
        print(outcome.output + "\n", flush=True)


def _part(arguments: argparse.Namespace, parts: Mapping[str, str]) -> int:
    run = measure_part(arguments.module or parts[arguments.name], arguments.scale, arguments.seed)
    if arguments.to is not None:
        save(run, arguments.to)
        return 0
    print(table(run.parts[0]))
    return NOT_OK if failed(run) else 0


def _show(arguments: argparse.Namespace, parts: Mapping[str, str]) -> int:
    run = _read(arguments.file)
    chosen = [part for part in run.parts if not arguments.only or part.name in arguments.only]
    if arguments.markdown:
        try:
            print("\n".join(markdown(part, arguments.columns, rows=arguments.rows) for part in chosen), end="")
        except ValueError as error:
            print(f"bench: {error}", file=sys.stderr)
            return USAGE
        return 0
    print(_head(run) + "\n")
    print("\n".join(map(table, chosen)), end="")
    return 0


def _plot(arguments: argparse.Namespace, parts: Mapping[str, str]) -> int:
    written, why = write_plots(_read(arguments.file), arguments.file)
    print("\n".join([*(f"wrote {_shown(path)}" for path in written), *filter(None, [why])]) or "no part has a plot")
    return 0


def _compare(arguments: argparse.Namespace, parts: Mapping[str, str]) -> int:
    print(compare(_read(arguments.a), _read(arguments.b), seed=arguments.seed), end="")
    return 0


def _read(path: Path) -> Run:
    try:
        return load(path)
    except ValueError as error:
        raise _UnreadableError(str(error)) from error


def _head(run: Run) -> str:
    minutes = sum(part.seconds for part in run.parts) / 60
    facts = ", ".join(_fact(name, value) for name, value in run.machine.items() if not _of_part(name, run))
    lines = (
        f"{run.scale}, seed {run.seed}, {run.started_at}, commit {run.commit or 'unknown'}, {minutes:.1f} min",
        facts,
        ", ".join(f"{name} {version}" for name, version in run.versions.items()),
    )
    return "\n".join(textwrap.fill(line, WIDTH) for line in lines)


def _fact(name: str, value: Figure) -> str:
    words, unit = heading(name)
    return " ".join(filter(None, (words, number(value, unit), unit)))


def _of_part(name: str, run: Run) -> bool:
    return any(name.startswith(f"{part.name}_") for part in run.parts)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _arguments(argv: Sequence[str] | None, parts: Mapping[str, str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast, how steady, how big, against what.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="measure, print and write down")
    run.set_defaults(command=_run, scale="quick")
    size = run.add_mutually_exclusive_group()
    size.add_argument("--smoke", dest="scale", action="store_const", const="smoke", help="every path once")
    size.add_argument("--full", dest="scale", action="store_const", const="full", help="up to half an hour")
    run.add_argument("--only", nargs="+", choices=tuple(parts), metavar="PART", help=f"of {', '.join(parts)}")
    run.add_argument("--seed", type=int, default=1, help="where all chances start (default: 1)")
    run.add_argument("--out", type=Path, default=_RESULTS, metavar="DIR", help="default: bench/results")
    show = commands.add_parser("show", help="print the tables of a result")
    show.set_defaults(command=_show)
    show.add_argument("file", type=Path, metavar="FILE")
    show.add_argument("--only", nargs="+", metavar="PART", help="only these parts")
    show.add_argument("--markdown", action="store_true", help="tables for a README")
    show.add_argument(
        "--rows", nargs="+", default=(), metavar="WORDS", help="with --markdown: rows whose name holds one"
    )
    show.add_argument("--columns", nargs="+", default=(), metavar="FIGURE", help="with --markdown: only these figures")
    plot = commands.add_parser("plot", help="draw the plots of a result again, beside it")
    plot.set_defaults(command=_plot)
    plot.add_argument("file", type=Path, metavar="FILE")
    held = commands.add_parser("gate", help="a minute that fails when reports have become slower, or come late")
    held.set_defaults(command=_gate)
    held.add_argument("--renew", action="store_true", help="hold what is measured now")
    held.add_argument("--to", type=Path, default=HELD, metavar="FILE", help="what is held (default: bench/ratios.json)")
    both = commands.add_parser("compare", help="ratios of two results, with their spread")
    both.set_defaults(command=_compare)
    both.add_argument("a", type=Path, metavar="A", help="the result that is divided by")
    both.add_argument("b", type=Path, metavar="B", help="the result that is divided")
    both.add_argument("--seed", type=int, default=1, help="of the resampling (default: 1)")
    _part_options(commands.add_parser("part", help="measure one part in this process"), parts)
    return parser.parse_args(argv)


def _part_options(part: argparse.ArgumentParser, parts: Mapping[str, str]) -> None:
    scales: tuple[Scale, ...] = tuple(LONGEST_S)
    part.set_defaults(command=_part)
    part.add_argument("name", metavar="PART", help=f"one of {', '.join(parts)}")
    part.add_argument("--module", help="the module that measures it (default: by its name)")
    part.add_argument("--scale", choices=scales, default="quick", help="how much (default: quick)")
    part.add_argument("--seed", type=int, default=1, help="where all chances start (default: 1)")
    part.add_argument("--to", type=Path, metavar="FILE", help="write the result there and print nothing")


if __name__ == "__main__":
    raise SystemExit(main())
