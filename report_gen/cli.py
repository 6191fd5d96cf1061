"""The command line: reads, calls the library, writes; standard output carries only the product."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from report_gen.assets import asset_folder
from report_gen.case import Case, case_schema, load_case
from report_gen.checks import Finding
from report_gen.errors import CaseInvalidError, ExitCode, FileAccessError, Problem, ReportGenError
from report_gen.files import write_whole
from report_gen.pipeline import examine, generate
from report_gen.render.json_report import finding_schema, report_schema
from report_gen.settings import Settings
from report_gen.version import __version__
from report_gen.vocab import names

__all__ = ["main", "schemas"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see `report_gen.errors.ExitCode`."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except CaseInvalidError as error:
        _print_problems(error.problems)
        code = error.exit_code
    except ReportGenError as error:
        _say(f"report-gen: {error} [{error.code}]")
        code = error.exit_code
    except KeyboardInterrupt:
        _say("report-gen: interrupted; nothing was written")
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader went away; nothing more can be said on that pipe, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.FILE_ACCESS
    return int(code)


class _Parser(argparse.ArgumentParser):
    """Argparse with our exit code for wrong usage."""

    def error(self, message: str) -> Any:
        """Print usage and the mistake, and leave with code 1."""
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="report-gen", description="Draft reports of intraoperative neurophysiological monitoring.")
    parser.add_argument("--version", action="version", version=f"report-gen {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    make = commands.add_parser("generate", help="write the draft report of a case as PDF and JSON")
    make.add_argument("case", help="case file, or - for standard input")
    make.add_argument("-o", "--output", default=".", type=Path, metavar="DIR", help="existing folder (default: here)")
    make.add_argument("--force", action="store_true", help="replace files that are there")
    make.add_argument("--format", default="pdf,json", type=_formats, metavar="LIST", help="pdf, json or pdf,json")
    make.add_argument("--page-size", default="letter", choices=("letter", "a4"))
    make.add_argument("--incomplete", action="store_true", help="write although required fields are missing")
    make.add_argument("--timings", action="store_true", help="print the time of each stage")
    make.set_defaults(run=_generate)

    check = commands.add_parser("check", help="say what is wrong, missing or contradictory in a case")
    check.add_argument("case", help="case file, or - for standard input")
    check.add_argument("--format", default="text", choices=("text", "json"))
    check.set_defaults(run=_check)

    schema = commands.add_parser("schema", help="print a JSON Schema, or rewrite the committed ones")
    schema.add_argument("name", nargs="?", default="case", choices=("case", "report", "finding"))
    schema.add_argument("--write", action="store_true", help="rewrite the files in schemas/")
    schema.set_defaults(run=_schema)

    doctor = commands.add_parser("doctor", help="show versions, fonts, folders and what is configured")
    doctor.add_argument("--format", default="text", choices=("text", "json"))
    doctor.set_defaults(run=_doctor)
    return parser


def _formats(text: str) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not chosen or chosen - {"pdf", "json"}:
        raise argparse.ArgumentTypeError("choose pdf, json or pdf,json")
    return chosen


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _load(source: str) -> Case:
    if source == "-":
        return load_case(sys.stdin.buffer.read())
    return load_case(Path(source))


def _generate(arguments: argparse.Namespace) -> int:
    if not arguments.output.is_dir():
        raise FileAccessError("file.no_folder", f"the folder {str(arguments.output)!r} does not exist; create it first")
    settings = Settings(
        page_size=arguments.page_size, pdf="pdf" in arguments.format, allow_incomplete=arguments.incomplete
    )
    report = generate(_load(arguments.case), settings=settings)
    contents: dict[str, bytes] = {}
    if "pdf" in arguments.format:
        contents[f"{report.report_id}.pdf"] = report.pdf
    if "json" in arguments.format:
        contents[f"{report.report_id}.json"] = report.json
    for path in write_whole(arguments.output, contents, replace=arguments.force):
        print(path)
    _print_findings(report.findings)
    for notice in report.notices:
        _say(f"note: {notice}")
    if arguments.timings:
        _say("ms: " + ", ".join(f"{name} {spent:.1f}" for name, spent in report.stage_ms.items()))
    return ExitCode.DONE


def _check(arguments: argparse.Namespace) -> int:
    as_json = arguments.format == "json"
    try:
        checked = examine(_load(arguments.case))
    except CaseInvalidError as error:
        if not as_json:
            raise
        _print_json({"valid": False, "problems": [asdict(row) for row in error.problems], "findings": []})
        return ExitCode.CASE_INVALID
    if as_json:
        _print_json(
            {
                "valid": True,
                "problems": [asdict(row) for row in checked.facts.warnings],
                "findings": [asdict(row) for row in checked.findings],
            }
        )
    else:
        _print_findings(checked.findings, everything=True)
    return ExitCode.GATE_BLOCKED if checked.blocked("draft") else ExitCode.DONE


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas by file name."""
    return {
        "case.v1.schema.json": case_schema(),
        "report.v1.schema.json": report_schema(),
        "finding.v1.schema.json": finding_schema(),
    }


def _schema(arguments: argparse.Namespace) -> int:
    made = schemas()
    if not arguments.write:
        _print_json(made[f"{arguments.name}.v1.schema.json"])
        return ExitCode.DONE
    contents = {name: _json(schema).encode() for name, schema in made.items()}
    for path in write_whole(asset_folder("schemas"), contents, replace=True):
        print(path)
    return ExitCode.DONE


def _doctor(arguments: argparse.Namespace) -> int:
    from report_gen.render.pdf import font_status

    packages = {name: _version(name) for name in ("pydantic", "jinja2", "reportlab", "rl_accel", "openai")}
    status = {
        "report_gen": __version__,
        "python": sys.version.split()[0],
        "packages": packages,
        "fonts": font_status(),
        "folders": {name: asset_folder(name).is_dir() for name in ("prompts", "schemas")},
        "vocabularies": len(names()),
        "narration": "template (no model configured)",
    }
    if arguments.format == "json":
        _print_json(status)
    else:
        for key, value in status.items():
            rows = value.items() if isinstance(value, dict) else [("", value)]
            for name, shown in rows:
                print(f"{key}{' ' + name if name else ''}: {shown}")
    return ExitCode.DONE


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _print_json(value: object) -> None:
    sys.stdout.write(_json(value))


def _print_problems(problems: Sequence[Problem]) -> None:
    _say(
        f"report-gen: {len(problems)} problem{'s' if len(problems) != 1 else ''} in the case file; nothing was written"
    )
    for row in problems:
        _say(f"  {row.pointer or '/'}  [{row.code}]\n    expected {row.expected}\n    {row.action}")


def _print_findings(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """Blocking findings always; warnings when asked for, otherwise their number."""
    blocking = [row for row in findings if row.severity == "block"]
    shown = list(findings) if everything else blocking
    _say(f"{len(blocking)} open before the report can be signed, {len(findings) - len(blocking)} warnings")
    for row in shown:
        mark = "OPEN" if row.severity == "block" else "warn"
        _say(f"  {mark} {row.pointer}  [{row.code}]\n    {row.message} Ask the {row.ask}: {row.question}")
