"""The options of the command line that name a language model, and the report worded by it."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from report_gen.errors import FileAccessError, NarrationConfigError, Problem
from report_gen.settings import Settings

if TYPE_CHECKING:
    from report_gen.case import Case
    from report_gen.llm.config import EndpointConfig
    from report_gen.pipeline import Report

_END_S: Final = 0.2
"""Seconds kept for writing the files and ending the process; measured, they take less than half of it."""

__all__ = ["add_narration", "endpoint", "explained", "narrated", "narration_status"]


def add_narration(command: argparse.ArgumentParser) -> None:
    """Declare which language model may re-word parts of the report; without one of these, none is asked."""
    group = command.add_argument_group("narration by a language model")
    group.add_argument("--llm", type=Path, metavar="FILE", help="TOML file that configures the endpoint")
    group.add_argument("--model", help="model to ask; overrides the file")
    group.add_argument("--base-url", metavar="URL", help="OpenAI-compatible endpoint (default: OpenAI)")
    group.add_argument("--api-key-env", metavar="NAME", help="environment variable that holds the key")
    group.add_argument("--allow-remote", action="store_true", help="allow an endpoint that is not on this machine")
    group.add_argument("--deadline", type=float, metavar="S", help="seconds that the model may take (default 4.5)")


def endpoint(options: argparse.Namespace) -> EndpointConfig | None:
    """The endpoint that the options describe; None when none does.

    Raises:
        FileAccessError: The file cannot be read.
        NarrationConfigError: The options or the file do not make an endpoint.
    """
    overrides = {
        "model": options.model,
        "base_url": options.base_url,
        "api_key_env": options.api_key_env,
        "allow_remote": options.allow_remote or None,
        "deadline_s": options.deadline,
    }
    overrides = {name: value for name, value in overrides.items() if value is not None}
    if options.llm is None and not overrides:
        return None
    # Loaded only for who asks for it: a report without a model starts faster.
    from report_gen.llm.config import EndpointConfig

    return EndpointConfig.from_toml(b"" if options.llm is None else options.llm, overrides)


def narrated(
    case: Case, settings: Settings, options: argparse.Namespace, *, waited_s: float
) -> tuple[Report, list[str]]:
    """The report, and lines for a person about its wording.

    Time spent before counts, but for `waited_s`, in which the case had not yet come. A model that cannot be asked costs
    a line and no report, whether the endpoint is dead or its configuration wrong.
    """
    from report_gen.pipeline import generate

    try:
        config = endpoint(options)
    except (FileAccessError, NarrationConfigError) as error:
        return generate(case, settings=settings), [f"narration: {error} [{error.code}]; the template words the report"]
    if config is None:
        return generate(case, settings=settings), []
    from report_gen.llm.client import Client
    from report_gen.render.terminal.narration import narration_lines

    # Not closed: that may wait for an endpoint that is stuck, and nothing of it outlives the process.
    narrator = Client.from_config(config)
    spent_s = time.perf_counter() - options.began_at - waited_s + _END_S
    report = generate(case, settings=settings, narrator=narrator, spent_s=spent_s)
    return report, narration_lines(report.narration)


def explained(report: Report) -> str:
    """Both wordings side by side. Holds the text of the case."""
    from report_gen.render.terminal.narration import side_by_side

    return "\n".join(side_by_side(report.wordings)) or "narration: no model was asked; there is nothing to compare"


def narration_status(options: argparse.Namespace) -> str | list[str]:
    """Who would word a report, and with `--probe` what the endpoint can do."""
    config = endpoint(options)
    if config is None:
        if options.probe:
            asked = Problem("llm.missing_key", "error", "/model", "a model to probe", "Name it with --llm or --model.")
            raise NarrationConfigError("the options", (asked,))
        return "template (no model configured)"
    if not options.probe:
        return f"{config.model} ({'on this machine' if config.loopback else 'remote, allowed'})"
    import asyncio

    from report_gen.llm.openai.adapter import OpenAIEndpoint
    from report_gen.llm.openai.probe import probe
    from report_gen.render.terminal.endpoint import probe_lines

    async def ask() -> list[str]:
        asked = OpenAIEndpoint(config)
        try:
            return probe_lines(await probe(asked))
        finally:
            await asked.aclose()

    return asyncio.run(ask())
