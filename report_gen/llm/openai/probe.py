"""Finds out whether an endpoint can be used and how fast it is, with an invented fact; for `doctor --probe`."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Final

from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.port import Ask, Cause, Completion, EndpointError, Outcome, Place

__all__ = ["ADVICE", "PROBE_ASK", "THINKING", "ProbeReport", "probe"]

PROBE_ASK: Final = Ask(
    id="probe",
    system=(
        'Word each fact as one plain sentence. Answer with one JSON object and nothing else: {"sentences":[{"facts":'
        '["..."],"text":"..."}]}, where "facts" lists the ids that a sentence states. There are no other keys.'
    ),
    user='FACTS:\n{"facts":[{"id":"f1","parts":[{"kind":"test","what":"the probe of the model endpoint was run"}]}]}',
    fact_ids=("f1",),
    max_output_tokens=200,
)
"""The question of a probe: nothing in it comes from a case."""

_WITHIN_S: Final = 30.0
_CHARACTERS_PER_TOKEN: Final = 4
_FORM_TOKENS: Final = 20
"""What the form around one sentence takes, about."""


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What a probe found."""

    outcome: Outcome
    """`ok`, or why there is no usable answer."""
    loopback: bool
    """Whether the endpoint is on this machine."""
    model: str
    """Model asked for."""
    advice: str = ""
    """What to do about the outcome. Empty: nothing."""
    status: int | None = None
    """HTTP status of a failure. None: none came."""
    answer_format: str = ""
    """How the form of an answer is asked for at this endpoint. Empty: no form was taken."""
    cap: str = ""
    """Parameter that caps an answer. Empty: no form was taken."""
    dropped: tuple[str, ...] = ()
    """Configured parameters that the endpoint refuses; it is asked without them."""
    answered_by: str = ""
    """Model that the endpoint says answered. Empty: it does not say."""
    open_s: float | None = None
    """Seconds to import the library and make its client. None: not done."""
    first_s: float | None = None
    """Seconds to the first outcome, with finding the form. None: no call was made."""
    answer_s: float | None = None
    """Seconds to a whole answer once form and connection were there. None: there was no second answer."""
    tokens_per_s: float | None = None
    """Output tokens by `answer_s`, waiting included: what a short answer gets, not the model's rate. None: unknown."""
    place: Place = ""
    """Where the answer stood in what the model sent. Empty: it was all of it, or there was none."""
    heard_s: float | None = None
    """Seconds to the first sentence of the second answer. None: it did not come in pieces, or there was none."""
    at_once: int | None = None
    """How many of two questions at once were answered. None: not tried."""
    usage: bool = False
    """Whether the endpoint reports tokens; otherwise `tokens_per_s` is estimated from characters."""

    @property
    def reachable(self) -> bool:
        """Whether something answered, usable or not."""
        return self.status is not None or self.answer_format != "" or self.outcome is Outcome.OK


async def probe(endpoint: OpenAIEndpoint, *, within_s: float = _WITHIN_S) -> ProbeReport:
    """Ask an endpoint twice, once to find the form and once for the time. Trouble of the endpoint is a finding.

    One on this machine that may be asked several questions at once is then asked two: a server that has one model may
    drop what it is at when the next question comes.

    Opens the endpoint if need be, in a thread; the caller closes it.

    Args:
        endpoint: The endpoint.
        within_s: Seconds for each call.
    """
    config = endpoint.config
    began = time.monotonic()
    try:
        await asyncio.to_thread(endpoint.open)
    except EndpointError as error:
        outcome = error.outcome
        return ProbeReport(outcome, config.loopback, config.model, advice=_advice(outcome, None, endpoint))
    opened = time.monotonic()
    first = await _asked(endpoint, within_s, [])
    met = time.monotonic()
    heard: list[float] = []
    second = await _asked(endpoint, within_s, heard) if isinstance(first, Completion) else first
    ended = time.monotonic()
    report = _report(endpoint, second, open_s=opened - began, first_s=met - opened, second_s=ended - met)
    if report.outcome is not Outcome.OK:
        return report
    both = await _two_at_once(endpoint, within_s) if config.loopback and config.parallel != 1 else None
    return replace(report, heard_s=heard[0] - met if heard else None, at_once=both)


async def _two_at_once(endpoint: OpenAIEndpoint, within_s: float) -> int:
    """How many of two questions at once are answered, each in the time of both."""
    answers = await asyncio.gather(*(_asked(endpoint, 2 * within_s, []) for _ in range(2)))
    return sum(isinstance(answer, Completion) for answer in answers)


async def _asked(endpoint: OpenAIEndpoint, within_s: float, heard: list[float]) -> Completion | EndpointError:
    """The outcome of one question; the times at which its sentences arrived are added to a list."""
    try:
        async with asyncio.timeout(within_s):
            return await endpoint.stream(PROBE_ASK, lambda _: heard.append(time.monotonic()))
    except EndpointError as error:
        return EndpointError(error.outcome, status=error.status, cause=error.cause)
    except TimeoutError:
        return EndpointError(Outcome.TIMEOUT)


def _report(
    endpoint: OpenAIEndpoint, answer: Completion | EndpointError, *, open_s: float, first_s: float, second_s: float
) -> ProbeReport:
    config, shape, answered = endpoint.config, endpoint.shape, isinstance(answer, Completion)
    outcome = Outcome.OK if isinstance(answer, Completion) else answer.outcome
    status = None if isinstance(answer, Completion) else answer.status
    cause: Cause = "" if isinstance(answer, Completion) else answer.cause
    return ProbeReport(
        outcome,
        config.loopback,
        config.model,
        advice="" if answered else THINKING if cause else _advice(outcome, status, endpoint),
        status=status,
        answer_format=shape.answer_format.value if shape else "",
        cap=("" if shape is None else "max_output_tokens" if config.api == "responses" else shape.cap),
        dropped=tuple(sorted(shape.dropped)) if shape else (),
        place=answer.place if isinstance(answer, Completion) else "",
        answered_by=answer.model if isinstance(answer, Completion) else "",
        open_s=open_s,
        first_s=first_s,
        answer_s=second_s if answered else None,
        tokens_per_s=_tokens(answer) / max(second_s, 1e-3) if isinstance(answer, Completion) else None,
        usage=isinstance(answer, Completion) and answer.tokens_out is not None,
    )


def _tokens(completion: Completion) -> float:
    if completion.tokens_out is not None:
        return float(completion.tokens_out)
    return sum(len(sentence.text) / _CHARACTERS_PER_TOKEN + _FORM_TOKENS for sentence in completion.sentences)


ADVICE: Final[dict[Outcome, str]] = {
    Outcome.AUTH: "the endpoint refuses the key or what it may do; check the key in {key}",
    Outcome.RATE_LIMITED: "the endpoint is at its limit of calls; check quota and limits of the account",
    Outcome.SERVER_ERROR: "the endpoint has a fault of its own; look at its log or status page, then try again",
    Outcome.TIMEOUT: "no answer in time; check that the server is up and the model is loaded, or take a faster one",
    Outcome.REFUSED: "the model declined to answer; take another model",
    Outcome.FILTERED: "a content filter stopped the answer; ask for a filter that lets clinical text pass",
    Outcome.TRUNCATED: "the answer was cut off; a reasoning model needs the lowest reasoning_effort, or take another",
    Outcome.INVALID_JSON: "something answered, but not with JSON; check base_url, and for a proxy in between",
    Outcome.SCHEMA: "the answer is not in the form asked for; check base_url, or take a model that keeps to a form",
    Outcome.BAD_REQUEST: "the endpoint refuses the question; check model, api and base_url",
}
THINKING: Final = (
    "the model thinks aloud and comes to no answer; switch its thinking off at the server (its chat template or a "
    "reasoning budget of 0), set reasoning_effort to the lowest it takes, or take a model without it"
)
"""What to do about a model that only thought."""
_NO_CONNECTION: Final = {
    "": "no connection; check base_url, network and firewall",
    "refused": "nothing listens at base_url; start the server or correct the port",
    "dns": "the host in base_url has no address; check its name and the network",
    "tls": (
        "the certificate is not trusted or TLS is not spoken there; behind a proxy that inspects TLS, set "
        "SSL_CERT_FILE to a file with its root certificate, or add that to the system's store, which openai 3 reads"
    ),
}


def _advice(outcome: Outcome, status: int | None, endpoint: OpenAIEndpoint) -> str:
    """What to do about a failure."""
    config = endpoint.config
    if outcome is Outcome.AUTH and status is None:
        if config.key_present:
            return f"the environment variable {config.api_key_env} holds no usable key: characters that no key has"
        return f"the environment variable {config.api_key_env} is not set; put the key there"
    if outcome is Outcome.UNAVAILABLE:
        if find_spec("openai") is None:
            return "the library openai is not installed; run pip install 'report-gen[llm]'"
        return _NO_CONNECTION[endpoint.trouble]
    if outcome is Outcome.BAD_REQUEST and status == 404:
        return _not_found(config)
    return ADVICE.get(outcome, "").format(key=config.api_key_env)


def _not_found(config: EndpointConfig) -> str:
    interface = "; this server may lack the responses interface: try api = chat" if config.api == "responses" else ""
    return f"the model {config.model!r} is unknown there, or base_url lacks its path, often /v1{interface}"
