"""`schema`: the contracts as JSON Schemas, printed or written to the committed files."""

from __future__ import annotations

import argparse
from typing import Any, Final

from report_gen.cli.shared.options import Commands
from report_gen.cli.shared.streams import json_text, print_json, print_paths
from report_gen.errors import ExitCode

__all__ = ["CONTRACTS", "add", "run", "schemas"]

CONTRACTS: Final = ("case.v1", "claim.v1", "finding.v1", "report.v1")
"""Names of the contracts with their versions."""


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    schema = commands.add_parser("schema", help="print a JSON Schema, or rewrite the committed ones")
    schema.add_argument("name", nargs="?", default="case", choices=("case", "report", "finding", "claim"))
    schema.add_argument("--write", action="store_true", help="rewrite the files in schemas/")
    schema.set_defaults(run=run)


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas by file name."""
    from report_gen.case.schema import case_schema
    from report_gen.render.claim.json import claim_schema
    from report_gen.render.report.json import finding_schema, report_schema

    return {
        "case.v1.schema.json": case_schema(),
        "report.v1.schema.json": report_schema(),
        "finding.v1.schema.json": finding_schema(),
        "claim.v1.schema.json": claim_schema(),
    }


def run(options: argparse.Namespace) -> int:
    """One contract on standard output, or all of them as files."""
    from report_gen.assets import asset_folder
    from report_gen.files import write_whole

    by_file_name = schemas()
    if not options.write:
        print_json(by_file_name[f"{options.name}.v1.schema.json"])
        return ExitCode.DONE
    contents = {name: json_text(schema).encode() for name, schema in by_file_name.items()}
    print_paths(write_whole(asset_folder("schemas"), contents, replace=True))
    return ExitCode.DONE
