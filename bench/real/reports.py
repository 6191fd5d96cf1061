"""Reports behind a real model: in the usual time, and with time enough for a slow one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.gate import InTime
from bench.model.cases import BenchCase, lost
from report_gen import generate
from report_gen.checks import check
from report_gen.llm.client import GRACE_S, Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Outcome
from report_gen.narrate.budget import Budget
from report_gen.narrate.merge import Wording
from report_gen.narrate.run import narrated
from report_gen.pipeline import prepare

__all__ = ["PATIENCE_S", "Patient", "Usual", "patient", "usual"]

PATIENCE_S: Final = 120.0
"""Seconds that the model has for the questions of a report with time enough."""
_IN_ALL_S: Final = 840.0
"""No report is begun after so many seconds: a part of the bench that takes too long is stopped, and leaves nothing."""
_TO_JUDGE_S: Final = 30.0
"""Seconds that the guard may take then; it takes far less."""


@dataclass(frozen=True, slots=True)
class Usual:
    """A report in the usual time."""

    in_time: InTime
    """How long it took, beside one without a model."""
    questions: int = 0
    """Questions of it."""
    answered: int = 0
    """Of them, answered at least in part, so that the guard had something to read."""
    sentences: int = 0
    """Sentences of the template that the model was asked to word."""
    kept: int = 0
    """Of them, those that stand as the model worded them."""


@dataclass(slots=True)
class Patient:
    """What became of the questions of several reports when the model had time enough."""

    reports: int = 0
    """Reports that were asked about."""
    questions: int = 0
    """Questions put or left over for want of time."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Questions by what became of them."""
    waited_s: list[float] = field(default_factory=list)
    """Seconds of each report until its last answer."""
    offered: int = 0
    """Sentences that the guard was given to read."""
    wordings: list[Wording] = field(default_factory=list)
    """What the guard judged: sentences about the same facts together, and facts left out of an answer."""
    why: str = ""
    """Why it does not count. Empty: it does."""

    @property
    def read(self) -> int:
        """Answers that reached the guard, whole or in part."""
        return self.outcomes[Outcome.OK.value] + self.outcomes[Outcome.PARTIAL.value]

    @property
    def kept(self) -> list[Wording]:
        """Wordings that stand."""
        return [wording for wording in self.wordings if wording.taken]

    @property
    def refused(self) -> Counter[str]:
        """Wordings that do not stand, by the first reason."""
        return Counter(wording.reasons[0] for wording in self.wordings if wording.reasons)


def usual(of: BenchCase, config: EndpointConfig) -> Usual:
    """One report as the command makes it: a client of its own, whatever the endpoint is still busy with."""
    began = time.perf_counter()
    generate(of.case)
    plain_s = time.perf_counter() - began
    with Client.from_config(config) as client:
        began = time.perf_counter()
        report = generate(of.case, narrator=client)
        wall_s = time.perf_counter() - began
    record = report.narration
    why = "narration failed" if record is None else lost(report, of)
    in_time = InTime(of.name, wall_s, plain_s, why)
    if record is None:
        return Usual(in_time)
    return Usual(in_time, record.usage.questions, record.usage.answered, record.sentences, record.sentences_kept)


def patient(cases: Sequence[BenchCase], config: EndpointConfig, answers: int) -> Patient:
    """Ask about one case after the other until so many answers have reached the guard, or for 14 minutes."""
    found, last_at = Patient(), time.perf_counter() + _IN_ALL_S
    policy = Policy(deadline_s=PATIENCE_S, hedge=False, max_attempts=config.max_attempts, parallel=config.parallel)
    with Client(lambda: OpenAIEndpoint(config), policy, config.provenance()) as client:
        for of in cases:
            if found.read >= answers or found.why or time.perf_counter() > last_at:
                break
            found.why = next(_asked(of, client, found), "")
    return found


def _asked(of: BenchCase, client: Client, found: Patient) -> Iterator[str]:
    """Add what became of one report; why it does not count."""
    plain = prepare(of.case)
    ends_at = time.perf_counter() + PATIENCE_S + GRACE_S + _TO_JUDGE_S
    narration, record = narrated(
        of.case, plain.facts, plain.draft, client, Budget(time.perf_counter, ends_at, rest_s=0.0)
    )
    found.reports += 1
    found.questions += record.usage.questions
    found.outcomes.update(record.usage.outcomes)
    found.waited_s.append(record.waited_s)
    judged = [wording for wording in narration.wordings if wording.taken or wording.reasons]
    found.offered += sum(len(wording.offered) for wording in judged)
    found.wordings += judged
    if check(plain.facts, narration.draft).findings != plain.findings:
        yield f"{of.name}: other findings than the template's report"
