"""The command that prints the contracts, or rewrites the committed ones."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Final

from report_gen.assets import asset_folder
from report_gen.case import case_schema
from report_gen.cli.streams import json_text, print_json, put
from report_gen.errors import ExitCode
from report_gen.files import write_whole
from report_gen.render.claim.json import claim_schema
from report_gen.render.report.json import finding_schema, report_schema

__all__ = ["CONTRACTS", "run_schema", "schemas"]


CONTRACTS: Final = ("case.v1", "claim.v1", "finding.v1", "report.v1")
"""Names of the contracts with their versions."""


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas by file name."""
    return {
        "case.v1.schema.json": case_schema(),
        "report.v1.schema.json": report_schema(),
        "finding.v1.schema.json": finding_schema(),
        "claim.v1.schema.json": claim_schema(),
    }


def run_schema(arguments: argparse.Namespace) -> int:
    """One contract on standard output, or all of them as files."""
    made = schemas()
    if not arguments.write:
        print_json(made[f"{arguments.name}.v1.schema.json"])
        return ExitCode.DONE
    contents = {name: json_text(schema).encode() for name, schema in made.items()}
    paths = write_whole(asset_folder("schemas"), contents, replace=True)
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    return ExitCode.DONE
