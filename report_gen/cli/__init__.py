"""The command line: reads, calls the library, writes; standard output carries only the product.

What goes to standard error is read by people and kept by job schedulers: codes, places and questions, never a value out
of a case. That holds for our own mistakes too: an unexpected exception is told by its type and its place in our code,
without its message, which may quote the case.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from report_gen.assets import ASSET_FOLDERS, asset_folder
from report_gen.case import case_schema, load_case
from report_gen.cli.claims import add_claims, rule_status
from report_gen.cli.narration import add_narration, explained, narrated, narration_status
from report_gen.cli.streams import json_text, load, named_folder, print_findings, print_json, print_problems, put, say
from report_gen.errors import (
    AssetError,
    CaseInvalidError,
    ExitCode,
    FileAccessError,
    ReportGenError,
)
from report_gen.files import write_whole
from report_gen.pipeline import content_id, examine, place, report_id
from report_gen.render.json_report import finding_schema, report_schema
from report_gen.settings import FLAVOURS, Settings
from report_gen.version import __version__
from report_gen.vocab import names

__all__ = ["main", "schemas"]

_FORMATS = ("pdf", "json", "html")
_FORMATS_HELP = f"any of {', '.join(_FORMATS)}, with commas between"
_SCRIPT_FONTS_HELP = "fonts for further scripts (default: where Debian keeps the Noto fonts)"
_PACKAGES = ("pydantic", "jinja2", "reportlab", "rl_accel", "uharfbuzz", "openai", "tenacity")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see `report_gen.errors.ExitCode`."""
    arguments = _parser().parse_args(argv)
    # A command's CPU time so far is its start: interpreter and imports. Who calls this function has started long ago.
    arguments.spent_s = time.process_time() if argv is None else 0.0
    try:
        code: int = arguments.run(arguments)
    except CaseInvalidError as error:
        print_problems(error.problems)
        code = error.exit_code
    except ReportGenError as error:
        first, newline, rest = str(error).partition("\n")
        say(f"report-gen: {first} [{error.code}]{newline}{rest}")
        code = error.exit_code
    except KeyboardInterrupt:
        say("report-gen: interrupted; no half-written file is left")
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `| head` does; it needs no words.
        code = ExitCode.FILE_ACCESS
    except Exception as error:  # noqa: BLE001 - a traceback would print the exception's message, which may quote the case
        say(
            f"report-gen: unexpected {type(error).__name__} at {place(error)}; no half-written file is left; "
            "send this line to the makers of the program [internal.unexpected]"
        )
        code = ExitCode.RENDER_FAILED
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

    make = commands.add_parser("generate", help="write the draft report of a case as PDF, JSON or HTML")
    make.add_argument("case", help="case file, or - for standard input")
    make.add_argument("-o", "--output", default=".", type=Path, metavar="DIR", help="existing folder (default: here)")
    make.add_argument("--force", action="store_true", help="replace files that are there")
    make.add_argument("--format", default="pdf,json", type=_formats, metavar="LIST", help=_FORMATS_HELP)
    make.add_argument("--page-size", default="letter", choices=("letter", "a4"))
    make.add_argument("--flavour", default="draft", choices=FLAVOURS, help="record attaches case and report data")
    make.add_argument("--script-fonts", type=Path, metavar="DIR", help=_SCRIPT_FONTS_HELP)
    make.add_argument("--incomplete", action="store_true", help="write although required fields are missing")
    add_narration(make)
    make.add_argument(
        "--explain", action="store_true", help="show template and model wording side by side (case text!)"
    )
    make.add_argument("--timings", action="store_true", help="print the time of each stage")
    make.set_defaults(run=_generate)

    check = commands.add_parser("check", help="say what is wrong, missing or contradictory in a case")
    check.add_argument("case", help="case file, or - for standard input")
    check.add_argument("--format", default="text", choices=("text", "json"))
    check.set_defaults(run=_check)

    add_claims(commands)

    extract = commands.add_parser("extract", help="take case and report data out of a record PDF, and verify them")
    extract.add_argument("pdf", type=Path, help="PDF made with --flavour record")
    extract.add_argument(
        "-o", "--output", default=".", type=Path, metavar="DIR", help="existing folder (default: here)"
    )
    extract.add_argument("--force", action="store_true", help="replace files that are there")
    extract.set_defaults(run=_extract)

    schema = commands.add_parser("schema", help="print a JSON Schema, or rewrite the committed ones")
    schema.add_argument("name", nargs="?", default="case", choices=("case", "report", "finding", "claim"))
    schema.add_argument("--write", action="store_true", help="rewrite the files in schemas/")
    schema.set_defaults(run=_schema)

    doctor = commands.add_parser("doctor", help="show versions, fonts, folders and what is configured")
    doctor.add_argument("--format", default="text", choices=("text", "json"))
    doctor.add_argument("--script-fonts", type=Path, metavar="DIR", help=_SCRIPT_FONTS_HELP)
    doctor.add_argument("--probe", action="store_true", help="ask the configured language model what it can do")
    add_narration(doctor)
    doctor.set_defaults(run=_doctor)
    return parser


def _formats(text: str) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not chosen or chosen - set(_FORMATS):
        raise argparse.ArgumentTypeError(f"choose {_FORMATS_HELP}")
    return chosen


def _generate(arguments: argparse.Namespace) -> int:
    if not arguments.output.is_dir():
        raise FileAccessError("file.no_folder", f"the folder {str(arguments.output)!r} does not exist; create it first")
    settings = Settings(
        page_size=arguments.page_size,
        pdf="pdf" in arguments.format,
        html="html" in arguments.format,
        flavour=arguments.flavour,
        script_fonts=named_folder(arguments.script_fonts),
        allow_incomplete=arguments.incomplete,
    )
    report, told = narrated(load(arguments.case), settings, arguments)
    made = {"pdf": report.pdf, "json": report.json, "html": report.html}
    mark = "" if arguments.flavour == "draft" else f"-{arguments.flavour}"
    names = {
        "pdf": f"{report.report_id}{mark}.pdf",
        "json": f"{report.report_id}.json",
        "html": f"{report.report_id}.html",
    }
    contents = {names[name]: made[name] for name in _FORMATS if name in arguments.format}
    paths = write_whole(arguments.output, contents, replace=arguments.force)
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    print_findings(report.findings)
    for notice in report.notices:
        say(f"note: {notice}; the PDF marks the place")
    for line in told:
        say(line)
    if arguments.explain:
        say(explained(report))
    if arguments.timings:
        say("ms: " + ", ".join(f"{name} {spent:.1f}" for name, spent in report.stage_ms.items()))
    return ExitCode.DONE


def _extract(arguments: argparse.Namespace) -> int:
    """Attached files beside each other in a folder, after their digest was compared with the one on the pages."""
    from report_gen.render.pdf.read import read_pdf

    try:
        data = arguments.pdf.read_bytes()
    except OSError as error:
        raise FileAccessError("extract.unreadable", f"the PDF cannot be read: {error.strerror}") from None
    contents = read_pdf(data)
    if "report.json" not in contents.files:
        raise FileAccessError("extract.nothing", "no report data are attached; only --flavour record attaches them")
    if contents.content_ids != (content_id(contents.files["report.json"]),):
        raise FileAccessError(
            "extract.mismatch", "the attached data do not belong to the printed pages; nothing was written"
        )
    _verify_case(contents.files)
    wanted = {name: contents.files[name] for name in ("case.json", "report.json") if name in contents.files}
    named = {f"{arguments.pdf.stem}.{name}": data for name, data in wanted.items()}
    paths = write_whole(arguments.output, named, replace=arguments.force)
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    say(f"content {contents.content_ids[0]} matches the printed pages")
    return ExitCode.DONE


def _verify_case(files: Mapping[str, bytes]) -> None:
    """Refuse an attached case that is not the one the attached report was made from.

    The report id holds a digest of the case, made by the version of this program that the report names; another version
    cannot repeat it.
    """
    report = json.loads(files["report.json"])
    same_program = report["provenance"]["program"] == f"report_gen {__version__}"
    if "case.json" in files and same_program and report_id(load_case(files["case.json"])) != report["report_id"]:
        raise FileAccessError("extract.mismatch", "the attached case is not that of the report; nothing was written")


def _check(arguments: argparse.Namespace) -> int:
    as_json = arguments.format == "json"
    try:
        checked = examine(load(arguments.case))
    except CaseInvalidError as error:
        if not as_json:
            raise
        print_json({"valid": False, "problems": [asdict(row) for row in error.problems], "findings": []})
        return ExitCode.CASE_INVALID
    if as_json:
        print_json(
            {
                "valid": True,
                "problems": [asdict(row) for row in checked.facts.warnings],
                "findings": [asdict(row) for row in checked.findings],
            }
        )
    else:
        print_findings(checked.findings, everything=True)
    return ExitCode.GATE_BLOCKED if checked.blocked("draft") else ExitCode.DONE


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas by file name."""
    # Loads rules and claim, which a clinical report has no use for.
    from report_gen.render.claim_json import claim_schema

    return {
        "case.v1.schema.json": case_schema(),
        "report.v1.schema.json": report_schema(),
        "finding.v1.schema.json": finding_schema(),
        "claim.v1.schema.json": claim_schema(),
    }


def _schema(arguments: argparse.Namespace) -> int:
    made = schemas()
    if not arguments.write:
        print_json(made[f"{arguments.name}.v1.schema.json"])
        return ExitCode.DONE
    contents = {name: json_text(schema).encode() for name, schema in made.items()}
    paths = write_whole(asset_folder("schemas"), contents, replace=True)
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    return ExitCode.DONE


def _doctor(arguments: argparse.Namespace) -> int:
    """What is installed and configured; exit code 5 when a report could not be made with it."""
    from report_gen.render.pdf import font_status, script_status
    from report_gen.render.pdf.fonts import register_fonts

    unusable: list[str] = []
    fonts: dict[str, str] = {}
    try:
        fonts = font_status()
        register_fonts()
    except AssetError as error:
        unusable.append(str(error))
    ruled: dict[str, int] = {}
    try:
        ruled = rule_status(date.today())  # noqa: DTZ011 - the day at this desk
    except AssetError as error:
        unusable.append(str(error))
    folders: dict[str, str] = {}
    for name in ASSET_FOLDERS:
        try:
            folders[name] = str(asset_folder(name))
        except AssetError as error:
            folders[name] = "MISSING"
            unusable.append(str(error))
    status = {
        "report_gen": __version__,
        "python": sys.version.split()[0],
        "packages": {name: _version(name) for name in _PACKAGES},
        "contracts": sorted(path.removesuffix(".schema.json") for path in schemas()),
        "fonts": fonts,
        "scripts": script_status(named_folder(arguments.script_fonts)),
        "folders": folders,
        "vocabularies": len(names()),
        "rules": ruled,
        "narration": narration_status(arguments),
        "usable": not unusable,
        "problems": unusable,
    }
    if arguments.format == "json":
        print_json(status)
    else:
        put("".join(f"{line}\n" for line in _lines(status)).encode(), sys.stdout)
    return ExitCode.ASSETS_UNUSABLE if unusable else ExitCode.DONE


def _lines(status: dict[str, Any]) -> list[str]:
    """The state of the installation, one thing on a line."""
    lines: list[str] = []
    for key, value in status.items():
        if isinstance(value, dict):
            lines += [f"{key} {name}: {shown}" for name, shown in value.items()]
        elif isinstance(value, list):
            lines.append(f"{key}: {'; '.join(value) or 'none'}")
        elif isinstance(value, bool):
            lines.append(f"{key}: {'yes' if value else 'NO'}")
        else:
            lines.append(f"{key}: {value}")
    return lines


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
