"""The commands of the billing office: `claim`, `rules`, `denial`."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report_gen.cli.streams import load, print_json, put, say
from report_gen.errors import ExitCode, FileAccessError, ReportGenError
from report_gen.files import expect_folder, write_whole
from report_gen.identity import report_id
from report_gen.pipeline import claim_support, generate
from report_gen.render.formats import pdf_name
from report_gen.settings import FLAVOURS, Settings

if TYPE_CHECKING:
    from report_gen.rules import Rule

__all__ = ["rule_status", "run_claim", "run_denial", "run_rules"]

_MOST_BYTES = 64 * 1024 * 1024


# --- claim -----------------------------------------------------------------------------------------------------------


def run_claim(arguments: argparse.Namespace) -> int:
    """Files or text; exit code 3 when an open item holds the claim back, files written all the same."""
    from report_gen.claim.attachment import AttachmentFile
    from report_gen.claim.profile import load_profile

    if arguments.output is not None:
        expect_folder(arguments.output)
    profile = load_profile(arguments.profile, arguments.codes)
    case = load(arguments.case)
    name, report, pages = "", b"", None
    if arguments.report is not None:
        name, report, pages = _named_report(arguments.report, report_id(case))
    elif arguments.output is not None:
        made = generate(case, settings=Settings(page_size=arguments.page_size, flavour="payer"))
        document = made.documents["pdf"]
        name, report, pages = document.file_name, document.data, document.pages
    digest = hashlib.sha256(report).hexdigest()
    file = AttachmentFile(name, "application/pdf", digest, len(report), pages) if report else None
    support = claim_support(case, profile=profile, report_file=file, page_size=arguments.page_size)
    if arguments.output is None:
        put(support.json if arguments.format == "json" else support.text.encode(), sys.stdout)
    else:
        stem = support.attachment.report_id
        contents = {
            f"{stem}.claim.json": support.json,
            f"{stem}.claim.pdf": support.pdf,
            f"{stem}.claim.txt": support.text.encode(),
        }
        if arguments.report is None:
            contents[name] = report
        paths = write_whole(arguments.output, contents, replace=arguments.force)
        put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    say(support.assessment.statement)
    return ExitCode.GATE_BLOCKED if support.assessment.blocked else ExitCode.DONE


def _named_report(path: Path, wanted: str) -> tuple[str, bytes, int | None]:
    """A report file that was made before, with its pages where they can be counted.

    Raises:
        FileAccessError: It cannot be read, is no PDF, is a claim checklist, or says that it is the report of another
            record.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileAccessError("claim.report_too_large", "the report file is larger than 64 MB")
        data = path.read_bytes()
    except OSError as error:
        raise FileAccessError("claim.report_unreadable", f"the report cannot be read: {error.strerror}") from None
    if not data.startswith(b"%PDF-"):
        raise FileAccessError("claim.report_not_a_pdf", "the report file is not a PDF")
    from report_gen.render.pdf.read import read_pdf

    # People name files after patients; only a name that this program gives may stand in claim.json.
    given = {pdf_name(wanted, flavour) for flavour in FLAVOURS}
    name = path.name if path.name in given else f"{wanted}.pdf"
    try:
        contents = read_pdf(data)
    except FileAccessError as error:
        if error.code != "extract.not_installed":
            raise
        say("note: pages of the report are not counted and its id is not compared; that needs the extra `extract`")
        return name, data, None
    if contents.for_billing:
        raise FileAccessError(
            "claim.not_a_report", "the report file holds a claim checklist, which goes to nobody else"
        )
    if set(contents.report_ids) - {wanted}:
        # Among pages of the right report, too: another patient's must not go out with them.
        raise FileAccessError(
            "claim.other_report",
            "the report was made from another record, or before a change of this one; make it again",
        )
    if not contents.report_ids:
        say("note: the report file names no report; make sure that it is that of this case")
    return name, data, contents.pages


# --- rules -----------------------------------------------------------------------------------------------------------


def run_rules(arguments: argparse.Namespace) -> int:
    """The rules of claim readiness with their age, or one with its sources."""
    from report_gen.rules import rules

    day = arguments.on or date.today()  # noqa: DTZ011 - the day at this desk; ages are in days
    if (arguments.action == "show") != (arguments.id is not None):
        raise _UsageError("usage.rule", "show one rule with `rules show ID`, or list all with `rules`")
    if arguments.action == "show":
        if arguments.id not in rules():
            raise _UsageError("usage.no_such_rule", "there is no rule of this id; `report-gen rules` lists them")
        return _show(arguments, day)
    found = rules().values()
    if arguments.format == "json":
        print_json([_listed(rule, day) for rule in found])
    else:
        put("".join(f"{line}\n" for line in _list_lines(found, day)).encode(), sys.stdout)
    return ExitCode.DONE


def rule_status(day: date) -> dict[str, int]:
    """How many rules there are, and how many must be looked up anew before they are relied on for a day.

    Raises:
        AssetError: A rule file is missing or damaged.
    """
    from report_gen.rules import rules

    versions = [rule.on(day) or rule.versions[-1] for rule in rules().values()]
    return {"installed": len(versions), "stale": sum(version.stale_on(day) for version in versions)}


class _UsageError(ReportGenError):
    """A command was given what it cannot work with."""


def _listed(rule: Rule, day: date) -> dict[str, Any]:
    version = rule.on(day) or rule.versions[-1]
    return {
        **rule.model_dump(mode="json"),
        "age_days": version.age_days(day),
        "stale": version.stale_on(day),
    }


def _list_lines(found: Collection[Rule], day: date) -> Iterator[str]:
    stale = 0
    for rule in found:
        version = rule.on(day) or rule.versions[-1]
        old = version.stale_on(day)
        stale += old
        mark = "STALE" if old else "     "
        yield (
            f"{rule.id:<28} {rule.topic:<9} {'blocks' if rule.blocking else '':<7} {version.effective_from}  "
            f"{version.age_days(day):>4} days  {mark}  {version.certainty}"
        )
    yield f"{len(found)} rules, {stale} to be looked up anew before they are relied on for services of {day}"


def _show(arguments: argparse.Namespace, day: date) -> int:
    from report_gen.rules import rule as one

    rule = one(arguments.id)
    if arguments.format == "json":
        print_json(_listed(rule, day))
        return ExitCode.DONE
    lines = [
        f"{rule.id} ({rule.topic}{', blocks the claim while open' if rule.blocking else ''})",
        rule.question,
        f"Ask: {rule.ask}. When unmet or unknown: {rule.remedy}",
        f"Denials it invites: {', '.join(rule.denials) or 'none'}",
    ]
    for version in rule.versions:
        until = f" to {version.effective_to}" if version.effective_to else ""
        state = "stale" if version.stale_on(day) else "not stale"
        lines += [
            f"From {version.effective_from}{until}: {version.certainty}, checked {version.checked_on} "
            f"({version.age_days(day)} days ago, {state})"
        ]
        lines += [f"  {name} = {value}" for name, value in version.parameters.items()]
        lines += [f"  Source: {row.title}, {row.locator}{f', {row.url}' if row.url else ''}" for row in version.sources]
        lines += [f"  Disputed by: {row.title}, {row.locator}" for row in version.disputed_by]
    put("".join(f"{line}\n" for line in lines).encode(), sys.stdout)
    return ExitCode.DONE


# --- denial ----------------------------------------------------------------------------------------------------------


def run_denial(arguments: argparse.Namespace) -> int:
    """What a denial means and what answers it."""
    from report_gen.claim.assess import assess
    from report_gen.claim.denial import explain, lines_of
    from report_gen.claim.profile import load_profile
    from report_gen.facts import derive
    from report_gen.life import ReportLife

    assessment = None
    if arguments.case is not None:
        case = load(arguments.case)
        assessment = assess(derive(case), load_profile(arguments.profile), life=ReportLife.stated(case))
    advice = explain(
        arguments.code,
        remark=arguments.remark,
        payer_class=arguments.payer,
        assessment=assessment,
        received_on=arguments.received,
    )
    if arguments.format == "json":
        print_json(_plain(asdict(advice)))
    else:
        put("".join(f"{line}\n" for line in lines_of(advice)).encode(), sys.stdout)
    return ExitCode.DONE


def _plain(node: Any) -> Any:
    """Values as JSON knows them."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node
