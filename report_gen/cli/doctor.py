"""`doctor`: what is installed and configured, and whether a report can be made with it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Final

from report_gen.cli.narration import add_narration, narration_status
from report_gen.cli.schema import CONTRACTS
from report_gen.cli.shared.options import SCRIPT_FONTS_HELP, Commands
from report_gen.cli.shared.streams import named_folder, print_json, print_lines
from report_gen.errors import AssetError, ExitCode
from report_gen.version import __version__

__all__ = ["add", "run"]

_PACKAGES: Final = ("pydantic", "jinja2", "reportlab", "tzdata", "rl_accel", "uharfbuzz", "openai")


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    doctor = commands.add_parser("doctor", help="show versions, fonts, folders and what is configured")
    doctor.add_argument("--format", default="text", choices=("text", "json"))
    doctor.add_argument("--script-fonts", type=Path, metavar="DIR", help=SCRIPT_FONTS_HELP)
    doctor.add_argument("--probe", action="store_true", help="ask the configured language model what it can do")
    add_narration(doctor)
    doctor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """What is installed and configured; exit code 5 when a report could not be made with it."""
    from report_gen.assets import ASSET_FOLDERS, asset_folder
    from report_gen.case.zones import demand_zone_data
    from report_gen.render.pdf import font_status, script_status
    from report_gen.render.pdf.fonts import register_fonts
    from report_gen.render.terminal.installation import installation_lines
    from report_gen.vocab import names

    unusable: list[str] = []
    fonts: dict[str, str] = {}
    try:
        fonts = font_status()
        register_fonts()
    except AssetError as error:
        unusable.append(str(error))
    try:
        demand_zone_data()
    except AssetError as error:
        unusable.append(str(error))
    ruled: dict[str, int] = {}
    try:
        ruled = _rule_status(date.today())  # noqa: DTZ011 - the day at this desk
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
        "contracts": list(CONTRACTS),
        "fonts": fonts,
        "scripts": script_status(named_folder(options.script_fonts)),
        "folders": folders,
        "vocabularies": len(names()),
        "rules": ruled,
        "narration": narration_status(options),
        "usable": not unusable,
        "problems": unusable,
    }
    if options.format == "json":
        print_json(status)
    else:
        print_lines(installation_lines(status))
    return ExitCode.ASSETS_UNUSABLE if unusable else ExitCode.DONE


def _rule_status(day: date) -> dict[str, int]:
    """How many rules there are, and how many must be looked up anew before they are relied on for a day."""
    from report_gen.rules import rules

    versions = [rule.current(day) for rule in rules().values()]
    return {"installed": len(versions), "stale": sum(version.stale_on(day) for version in versions)}


def _version(package: str) -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
