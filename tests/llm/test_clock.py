"""The real client, the real library and a real socket: whatever the server does, answers come in time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from report_gen.llm.client import Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask, Outcome
from tests.llm import loopback
from tests.llm.loopback import Server
from tests.selection import now_and_in_full

SLACK_S = 20.0
"""What a busy machine may add; a clock that does not hold takes 60 s here, which is how long the server hangs."""
PATIENCE = (0.2, 2.0, 20.0)
"""Deadlines, tried in turn: on a busy machine a short one can pass before every question has met the server."""

ROOT = Path(__file__).resolve().parents[2]


def questions(count=2):
    """Questions about two facts each."""
    return tuple(
        Ask(
            id=f"q{number}",
            system="Word the facts.",
            user='FACTS:\n{"facts":[]}',
            fact_ids=(f"f{number}.a", f"f{number}.b"),
            max_output_tokens=100,
        )
        for number in range(count)
    )


def client_of(server, **policy):
    """A client of a server, with its endpoint already open: opening is not what is timed here."""
    endpoint = OpenAIEndpoint(EndpointConfig(model="any", base_url=server.url))
    endpoint.open()
    # Hedges early and no breaker, so that each call meets the server.
    chosen = {"deadline_s": 30.0, "hedge_after_s": 0.05, "breaker_failures": 1000, **policy}
    return Client(lambda: endpoint, Policy(**chosen))


def timed(call):
    """What a call gives, and the seconds it took."""
    began = time.monotonic()
    return call(), time.monotonic() - began


class TestEachKindOfTrouble:
    @pytest.mark.parametrize("behavior", [loopback.hang_before_headers, loopback.hang_in_body, loopback.dribble])
    def test_whoever_does_not_come_to_an_end_has_the_time_of_the_deadline(self, behavior):
        """Both questions get their answer, which says that there was no time."""
        for deadline_s in PATIENCE:
            with Server(behavior) as server, client_of(server) as client:
                answers, took = timed(lambda: client.ask(questions(), deadline_s=deadline_s))  # noqa: B023 - called here
                met = server.requests
            assert [answer.ask_id for answer in answers] == ["q0", "q1"]
            assert {answer.outcome for answer in answers} == {Outcome.TIMEOUT}
            assert took < deadline_s + SLACK_S
            if met >= 2:
                break
        assert met >= 2

    @pytest.mark.parametrize(
        ("behavior", "outcome"),
        [
            (loopback.reset, Outcome.UNAVAILABLE),
            (loopback.hang_up, Outcome.UNAVAILABLE),
            (loopback.truncated, Outcome.UNAVAILABLE),
            (loopback.cut_stream, Outcome.UNAVAILABLE),
            (loopback.rate_limited, Outcome.RATE_LIMITED),
            (loopback.server_error, Outcome.SERVER_ERROR),
            (loopback.empty, Outcome.INVALID_JSON),
            (loopback.wrong_typed, Outcome.SCHEMA),
        ],
    )
    def test_it_has_a_name(self, behavior, outcome):
        """Both questions get their answer, which says why there are no sentences."""
        with Server(behavior) as server, client_of(server, max_attempts=1, hedge=False) as client:
            answers = client.ask(questions())
        assert [answer.ask_id for answer in answers] == ["q0", "q1"]
        assert {answer.outcome for answer in answers} == {outcome}
        assert server.requests >= 2

    def test_a_wrong_key_is_said_once(self):
        """The question that meets it first; the other is stopped or meets it too."""
        with Server(loopback.unauthorized) as server, client_of(server, hedge=False) as client:
            answers = client.ask(questions())
            again = client.ask(questions())
            requests = server.requests
        assert Outcome.AUTH in {answer.outcome for answer in answers}
        assert [answer.outcome for answer in again] == [Outcome.AUTH] * 2
        assert requests <= 2

    def test_a_server_that_is_not_there(self):
        """Nothing listens at the address."""
        with Server(loopback.good) as server:
            pass
        with client_of(server, max_attempts=1) as client:
            answers = client.ask(questions())
        assert {answer.outcome for answer in answers} == {Outcome.UNAVAILABLE}

    @pytest.mark.parametrize("behavior", [loopback.good, loopback.slow_first_byte])
    def test_a_good_answer_is_one(self, behavior):
        """Sentences for the facts that were asked about."""
        with Server(behavior) as server, client_of(server, hedge=False) as client:
            first, second = client.ask(questions())
        assert (first.outcome, second.outcome) == (Outcome.OK, Outcome.OK)
        assert [sentence.facts for sentence in second.completion.sentences] == [("f1.a",), ("f1.b",)]
        assert second.completion.tokens_out == 5

    @pytest.mark.parametrize(
        ("behavior", "hedge"),
        [
            (loopback.hang_before_headers, True),
            (loopback.hang_in_body, True),
            (loopback.dribble, True),
            (loopback.reset, False),
        ],
    )
    def test_a_second_call_saves_the_answer(self, behavior, hedge):
        """The first request goes wrong, the next does not."""
        with Server(behavior, loopback.good) as server, client_of(server, hedge=hedge) as client:
            (answer,) = client.ask(questions(1))
            requests = server.requests
        assert answer.outcome is Outcome.OK
        assert len(answer.attempts) == requests == 2

    def test_a_long_wait_that_is_asked_for_is_not_waited(self):
        """Retry-After of two minutes: one call, and the answer comes before the deadline."""
        with Server(loopback.rate_limited) as server, client_of(server, deadline_s=90.0, hedge=False) as client:
            answers, took = timed(lambda: client.ask(questions(1)))
        assert (answers[0].outcome, server.requests) == (Outcome.RATE_LIMITED, 1)
        assert took < 60

    def test_after_a_timeout_the_next_question_is_answered(self):
        """Cancelled requests leave nothing behind that is in the way."""
        well = threading.Event()

        def recovering(exchange):
            (loopback.good if well.is_set() else loopback.hang_before_headers)(exchange)

        with Server(recovering) as server, client_of(server, hedge=False) as client:
            first = client.ask(questions(), deadline_s=PATIENCE[0])
            well.set()
            second = client.ask(questions())
        assert {answer.outcome for answer in first} == {Outcome.TIMEOUT}
        assert {answer.outcome for answer in second} == {Outcome.OK}


class TestWhereItIsCalledFrom:
    def test_inside_a_running_event_loop(self):
        """A sync call in a coroutine's thread, then an async one, then a sync one without a loop."""

        async def main():
            return client.ask(questions()), await client.aask(questions())

        with Server(loopback.good) as server, client_of(server, hedge=False) as client:
            seen = [*asyncio.run(main()), client.ask(questions())]
        assert [[answer.outcome for answer in answers] for answers in seen] == [[Outcome.OK, Outcome.OK]] * 3

    def test_eight_threads_at_once(self):
        """One client, one event loop, eight callers; all their questions are with the server at the same time."""
        seen, all_there = [], threading.Barrier(16)

        def together(exchange):
            all_there.wait(20)
            loopback.good(exchange)

        with Server(together) as server, client_of(server, hedge=False) as client:
            threads = [threading.Thread(target=lambda: seen.append(client.ask(questions()))) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(seen) == 8
        assert {answer.outcome for answers in seen for answer in answers} == {Outcome.OK}

    def test_eight_threads_and_a_dead_server(self):
        """Each comes back at its deadline, as a single one does; the test above shows that they wait side by side.

        On a busy machine a deadline may be over before a question goes out; such a question is not asked.
        """
        seen = []
        with Server(loopback.hang_before_headers) as server, client_of(server, deadline_s=PATIENCE[0]) as client:

            def main():
                seen.append(timed(lambda: client.ask(questions())))

            threads = [threading.Thread(target=main) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        outcomes = {answer.outcome for answers, _ in seen for answer in answers}
        assert Outcome.TIMEOUT in outcomes <= {Outcome.TIMEOUT, Outcome.NOT_ASKED}
        assert max(took for _, took in seen) < PATIENCE[0] + SLACK_S


SCRIPT = """
import socket, sys, time
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.client import Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask

ask = Ask(id="q", system="rules", user="facts", fact_ids=("f1",), max_output_tokens=50)
clients, said = [], []
for kind, url in zip(sys.argv[1::2], sys.argv[2::2]):
    if kind == "dead-names":
        socket.getaddrinfo = lambda *args, **kwargs: time.sleep(60) or []
    config = EndpointConfig(model="any", base_url=url)
    if kind == "answering":
        client, patience = Client.from_config(config), (20,)
        client.warm()
    else:
        endpoint = OpenAIEndpoint(config)
        endpoint.open()
        client, patience = Client(lambda made=endpoint: made, Policy(hedge_after_s=0.1)), (0.2, 2, 20)
    clients.append(client)
    for deadline_s in patience:
        (answer,) = client.ask((ask,), deadline_s=deadline_s)
        if answer.attempts:
            break
    said += [answer.outcome, len(answer.attempts) if kind == "answering" else min(len(answer.attempts), 1)]
print(*said, time.time())
"""


class TestTheProcessEnds:
    @pytest.mark.parametrize(
        "kinds",
        now_and_in_full(
            ["answering hanging dead-names", "answering", "hanging", "dead-names"], ["answering hanging dead-names"]
        ),
    )
    def test_whatever_is_left_open(self, kinds):
        """Neither a loop that goes on, nor calls in flight, nor a look-up that takes a minute keeps it alive."""
        kinds = kinds.split()
        with Server(loopback.hang_before_headers) as hanging, Server(loopback.good) as good:
            urls = {"answering": good.url, "hanging": hanging.url, "dead-names": "http://localhost:9/v1"}
            done = subprocess.run(
                [sys.executable, "-W", "error", "-c", SCRIPT, *(text for kind in kinds for text in (kind, urls[kind]))],
                capture_output=True,
                text=True,
                timeout=120,
                check=True,
                cwd=ROOT,
            )
            ended = time.time()
        *said, last = done.stdout.split()
        outcomes = {kind: (outcome, calls) for kind, outcome, calls in zip(kinds, said[::2], said[1::2], strict=True)}
        assert outcomes == {kind: ("ok" if kind == "answering" else "timeout", "1") for kind in kinds}
        assert done.stderr == ""
        assert ended - float(last) < 30
