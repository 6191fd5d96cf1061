"""The command that says what is installed and configured."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from datetime import date
from typing import Any, Final

from report_gen.assets import ASSET_FOLDERS, asset_folder
from report_gen.cli.claims import rule_status
from report_gen.cli.narration import narration_status
from report_gen.cli.schema import CONTRACTS
from report_gen.cli.streams import named_folder, print_json, put
from report_gen.errors import AssetError, ExitCode
from report_gen.render.pdf import font_status, script_status
from report_gen.render.pdf.fonts import register_fonts
from report_gen.version import __version__
from report_gen.vocab import names

__all__ = ["run_doctor"]


_PACKAGES: Final = ("pydantic", "jinja2", "reportlab", "rl_accel", "uharfbuzz", "openai", "tenacity")
_NOT_DRAWN: Final = "not drawn: "
_SCRIPTS_HELP: Final = (
    "needs the extra scripts, and fonts: Debian's fonts-noto-core and fonts-noto-cjk, or --script-fonts"
)


def run_doctor(arguments: argparse.Namespace) -> int:
    """What is installed and configured; exit code 5 when a report could not be made with it."""
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
        "contracts": list(CONTRACTS),
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
        if key == "scripts":
            lines += _script_lines(value)
        elif isinstance(value, dict):
            lines += [f"{key} {name}: {shown}" for name, shown in value.items()]
        elif isinstance(value, list):
            lines.append(f"{key}: {'; '.join(value) or 'none'}")
        elif isinstance(value, bool):
            lines.append(f"{key}: {'yes' if value else 'NO'}")
        else:
            lines.append(f"{key}: {value}")
    return lines


def _script_lines(status: dict[str, str]) -> list[str]:
    """A line for each script that is drawn, and one for all that are not, with the reason."""
    drawn = {name: font for name, font in status.items() if not font.startswith(_NOT_DRAWN)}
    reasons: dict[str, list[str]] = {}
    for name in status.keys() - drawn.keys():
        reasons.setdefault(status[name].removeprefix(_NOT_DRAWN), []).append(name)
    return [f"scripts {name}: {font}" for name, font in drawn.items()] + [
        f"scripts not drawn: {', '.join(sorted(names))} ({reason}; {_SCRIPTS_HELP})"
        for reason, names in reasons.items()
    ]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
