"""Part `real`: reports behind a real, small and slow model on this machine, if one is installed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from bench.measure import percentiles
from bench.model.cases import opened
from bench.real.reports import PATIENCE_S, Patient, Usual, patient, usual
from bench.real.serving import MODEL, VARIABLE, installed, served
from bench.result import Figure, Part, Row, Scale
from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.probe import ProbeReport, probe
from report_gen.llm.port import Outcome
from report_gen.narrate.merge import Wording
from report_gen.render.terminal.endpoint import probe_lines

__all__ = ["measure", "patient_rows", "probe_row", "usual_row"]

_CASES: Final = (
    "invented_scoliosis_mep_loss",
    "invented_cea_shunt",
    "published_c10_mca_clip",
    "invented_vestibular_schwannoma_baep",
    "invented_transpsoas_saphenous",
    "invented_thyroid_rln",
    "invented_lumbar_fusion_screws",
    "invented_tethered_cord_bcr",
    "invented_overnight_clock_change",
    "invented_outage_cautery_gaps",
    "invented_taaa",
)
"""Cases of which a model is asked much, of many kinds of surgery."""
_SHOWN: Final = 12
"""Most wordings that the notes show of those that stand."""
_ONE: Final = "one at a time"


@dataclass(frozen=True, slots=True)
class _Size:
    reports: int
    """Reports in the usual time, with each setting."""
    answers: int
    """Answers that must reach the guard when there is time enough."""


_SIZES: Final[Mapping[Scale, _Size]] = MappingProxyType(
    {"smoke": _Size(1, 1), "quick": _Size(len(_CASES), 50), "full": _Size(len(_CASES), 50)}
)


def measure(scale: Scale, seed: int) -> Part:
    """Probe a real model, then make reports with it in the usual time, then with time enough.

    Args:
        scale: How many reports and answers.
        seed: Without effect: what a real model says is its own.
    """
    del seed
    found = installed()
    if find_spec("openai") is None:
        found = "openai is not installed (pip install 'report-gen[llm]')"
    if isinstance(found, str):
        return _part([Row("probe", why=f"skipped: {found}")], ())
    size, cases = _SIZES[scale], opened(_CASES)
    with served(found, threads=os.cpu_count() or 1) as url:
        configs = {
            "as it comes": EndpointConfig(model=MODEL, base_url=url),
            _ONE: EndpointConfig(model=MODEL, base_url=url, parallel=1, max_attempts=1),
        }
        seen = asyncio.run(_probed(configs["as it comes"]))
        soon = {name: [usual(of, config) for of in cases[: size.reports]] for name, config in configs.items()}
        late = patient(cases, configs[_ONE], size.answers)
    rows = [probe_row(seen), *(usual_row(name, made) for name, made in soon.items()), *patient_rows(late, size.answers)]
    return _part(rows, (*_notes(found.version, seen), *_shown(late.kept)))


def _part(rows: Sequence[Row], notes: Sequence[str]) -> Part:
    question = "What do reports do with a real model that is weak and slow, and what does the guard make of it?"
    return Part("real", question, tuple(rows), tuple(notes))


async def _probed(config: EndpointConfig) -> ProbeReport:
    endpoint = OpenAIEndpoint(config)
    try:
        return await probe(endpoint)
    finally:
        await endpoint.aclose()


def probe_row(seen: ProbeReport) -> Row:
    """What `doctor --probe` finds."""
    if seen.outcome is not Outcome.OK:
        return Row("probe", ok=False, why=seen.outcome.value)
    return Row(
        "probe",
        {
            "form": seen.answer_format,
            "cap": seen.cap,
            "first_s": seen.first_s,
            "heard_s": seen.heard_s,
            "answer_s": seen.answer_s,
            "tokens_a_second": seen.tokens_per_s,
            "answered_of_two_at_once": seen.at_once,
        },
    )


def usual_row(setting: str, made: Sequence[Usual]) -> Row:
    """Reports in the usual time; one that is late or lacks anything is no report that counts."""
    name = f"usual time / {setting}"
    if bad := [row for row in made if row.in_time.fails]:
        why = bad[0].in_time.why or f"late: {bad[0].in_time.s:.2f} s of {bad[0].in_time.limit_s:.2f} s"
        return Row(name, ok=False, why=f"{len(bad)} of {len(made)} reports do not count: {why}")
    walls = tuple(row.in_time.s for row in made)
    figures: dict[str, Figure] = {
        "reports": len(made),
        **percentiles(walls, "s"),
        "without_model_max_s": max(row.in_time.plain_s for row in made),
        "questions": sum(row.questions for row in made),
        "answered": sum(row.answered for row in made),
        "sentences": sum(row.sentences for row in made),
        "kept": sum(row.kept for row in made),
    }
    return Row(name, figures, {"wall_s": walls})


def patient_rows(found: Patient, answers: int) -> Iterator[Row]:
    """Reports with time enough: how much was read and kept, and why the rest was refused.

    Args:
        found: What became of the questions.
        answers: How many must have reached the guard.
    """
    name = f"{PATIENCE_S:g} s / {_ONE}"
    why = found.why or (f"{found.read} of {answers} answers reached the guard" if found.read < answers else "")
    if why:
        yield Row(name, ok=False, why=why)
        return
    whole, part = found.outcomes[Outcome.OK.value], found.outcomes[Outcome.PARTIAL.value]
    yield Row(
        name,
        {
            "reports_asked": found.reports,
            "questions_asked": found.questions,
            "whole_answers": whole,
            "cut_off": part,
            "no_answer": found.questions - whole - part,
            "seconds_an_answer_s": sum(found.waited_s) / found.read,
            "sentences_read": found.offered,
            "wordings": len(found.wordings),
            "wordings_kept": len(found.kept),
            "wordings_kept_pct": 100 * len(found.kept) / len(found.wordings) if found.wordings else None,
        },
        {"waited_s": tuple(found.waited_s)},
    )
    for reason, count in found.refused.most_common():
        yield Row(f"refused / {reason}", {"refused": count, "refused_pct": 100 * count / len(found.wordings)})


def _notes(version: str, seen: ProbeReport) -> Iterator[str]:
    yield (
        f"llama-cpp-python {version} with {MODEL} ({VARIABLE}), which knows nothing of the field, on all cores of this "
        "machine, which makes the reports too. What it says is its own and no two runs need agree."
    )
    yield f"doctor --probe: {'; '.join(probe_lines(seen)[1:])}."
    yield (
        "usual time: as the command makes a report; `one at a time`: parallel = 1, max_attempts = 1. A row counts only "
        "if every report is in time, with every fact and finding of the report without a model. `answered` are "
        "questions of which at least a sentence had come."
    )
    yield (
        f"{PATIENCE_S:g} s: for all questions of a report; wordings are sentences about the same facts, or facts that "
        "an answer left out; refused by the first reason."
    )


def _shown(kept: Sequence[Wording]) -> Iterator[str]:
    """What stands, beside the template's sentences: no count says whether it is true."""
    for wording in kept[:_SHOWN]:
        yield f"kept: {' '.join(wording.offered)} | template: {' '.join(wording.template)}"
    if len(kept) > _SHOWN:
        yield f"kept: {len(kept) - _SHOWN} more"
