"""`vocab`: the closed lists of codes with their words, whole or searched by what a record writes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from report_gen.cli.shared.options import Commands
from report_gen.cli.shared.streams import print_json, print_lines
from report_gen.errors import ExitCode, ReportGenError

if TYPE_CHECKING:
    from report_gen.vocab import Entry

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    vocab = commands.add_parser("vocab", help="list the codes of a case file with their words, or find one by a word")
    vocab.add_argument("name", nargs="?", metavar="NAME", help="vocabulary to list (default: the vocabularies)")
    vocab.add_argument("--find", metavar="WORDS", help="only the terms that these words may mean, such as TA")
    vocab.add_argument("--format", default="text", choices=("text", "json"))
    vocab.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The vocabularies, one of them, or what some words may mean; 1 when no vocabulary is called so."""
    from report_gen.render.terminal.vocabularies import entry_lines, found_lines, overview_lines
    from report_gen.vocab import names, vocabulary
    from report_gen.vocab.candidates import near

    if options.name is not None and options.name not in names():
        raise _NoSuchVocabulary(
            "usage.no_such_vocabulary", "there is no vocabulary of this name; `report-gen vocab` lists them"
        )
    if options.find is not None:
        found = near(options.find, *([options.name] if options.name else []))
        rows = [(row, vocabulary(row.vocabulary)[row.code]) for row in found]
        if options.format == "json":
            print_json(
                [{"vocabulary": row.vocabulary, "likeness": row.likeness, **_as_json(entry)} for row, entry in rows]
            )
        else:
            print_lines(found_lines(rows))
    elif options.name is not None:
        if options.format == "json":
            print_json([_as_json(entry) for entry in vocabulary(options.name).entries.values()])
        else:
            print_lines(entry_lines(vocabulary(options.name)))
    elif options.format == "json":
        print_json(
            [
                {"vocabulary": name, "about": vocabulary(name).about, "codes": len(vocabulary(name).codes)}
                for name in names()
            ]
        )
    else:
        print_lines(overview_lines([vocabulary(name) for name in names()]))
    return ExitCode.DONE


class _NoSuchVocabulary(ReportGenError):
    """A name that no vocabulary has."""


def _as_json(entry: Entry) -> dict[str, Any]:
    """A term with its words and source."""
    return {
        "code": entry.code,
        "display": entry.display,
        "abbreviation": entry.abbreviation,
        "synonyms": list(entry.synonyms),
        "source": entry.source,
    }
