"""The real client, the real library and a real socket: whatever the server does, answers come in time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from report_gen.llm.adapter import OpenAIEndpoint
from report_gen.llm.client import Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.policy import Policy
from report_gen.llm.port import Ask, Outcome
from tests.llm import loopback
from tests.llm.loopback import Server

DEADLINE_S = 0.6
SLACK_S = 2.0
"""What a busy machine may add; a clock that does not hold takes 10 to 60 s here."""

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
    chosen = {"deadline_s": DEADLINE_S, "hedge_after_s": 0.2, "breaker_failures": 1000, **policy}
    return Client(lambda: endpoint, Policy(**chosen))


def timed(call):
    """What a call gives, and the seconds it took."""
    began = time.monotonic()
    return call(), time.monotonic() - began


class TestEachKindOfTrouble:
    @pytest.mark.parametrize(
        ("behavior", "outcome"),
        [
            (loopback.hang_before_headers, Outcome.TIMEOUT),
            (loopback.hang_in_body, Outcome.TIMEOUT),
            (loopback.dribble, Outcome.TIMEOUT),
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
    def test_it_has_a_name_and_the_deadline_holds(self, behavior, outcome):
        """Both questions get their answer, which says why there are no sentences."""
        with Server(behavior) as server, client_of(server) as client:
            answers, took = timed(lambda: client.ask(questions()))
        assert [answer.ask_id for answer in answers] == ["q0", "q1"]
        assert {answer.outcome for answer in answers} == {outcome}
        assert took < DEADLINE_S + SLACK_S
        assert server.requests >= 2

    def test_a_wrong_key_is_said_once(self):
        """The question that meets it first; the other is stopped or meets it too."""
        with Server(loopback.unauthorized) as server, client_of(server) as client:
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
        with client_of(server) as client:
            answers, took = timed(lambda: client.ask(questions()))
        assert {answer.outcome for answer in answers} == {Outcome.UNAVAILABLE}
        assert took < DEADLINE_S + SLACK_S

    @pytest.mark.parametrize("behavior", [loopback.good, loopback.slow_first_byte])
    def test_a_good_answer_is_one(self, behavior):
        """Sentences for the facts that were asked about."""
        with Server(behavior) as server, client_of(server, deadline_s=10) as client:
            first, second = client.ask(questions())
        assert (first.outcome, second.outcome) == (Outcome.OK, Outcome.OK)
        assert [sentence.facts for sentence in second.completion.sentences] == [("f1.a",), ("f1.b",)]
        assert second.completion.tokens_out == 5

    @pytest.mark.parametrize(
        "behavior", [loopback.hang_before_headers, loopback.hang_in_body, loopback.dribble, loopback.reset]
    )
    def test_a_second_call_saves_the_answer(self, behavior):
        """The first request goes wrong, the next does not."""
        with Server(behavior, loopback.good) as server, client_of(server, deadline_s=10) as client:
            (answer,) = client.ask(questions(1))
            requests = server.requests
        assert answer.outcome is Outcome.OK
        assert len(answer.attempts) == requests == 2

    def test_a_long_wait_that_is_asked_for_is_not_waited(self):
        """Retry-After of two minutes: one call, and the answer comes before the deadline."""
        with Server(loopback.rate_limited) as server, client_of(server, deadline_s=30) as client:
            answers, took = timed(lambda: client.ask(questions(1)))
        assert (answers[0].outcome, server.requests) == (Outcome.RATE_LIMITED, 1)
        assert took < 10

    def test_after_a_timeout_the_next_question_is_answered(self):
        """Cancelled requests leave nothing behind that is in the way."""
        hanging = [loopback.hang_before_headers] * 2
        with Server(*hanging, loopback.good) as server, client_of(server, hedge=False) as client:
            first = client.ask(questions())
            second = client.ask(questions(), deadline_s=10)
        assert {answer.outcome for answer in first} == {Outcome.TIMEOUT}
        assert {answer.outcome for answer in second} == {Outcome.OK}


class TestWhereItIsCalledFrom:
    def test_inside_a_running_event_loop(self):
        """A sync call in a coroutine's thread, then an async one, then a sync one without a loop."""

        async def main():
            return client.ask(questions()), await client.aask(questions())

        with Server(loopback.good) as server, client_of(server, deadline_s=10) as client:
            seen = [*asyncio.run(main()), client.ask(questions())]
        assert [[answer.outcome for answer in answers] for answers in seen] == [[Outcome.OK, Outcome.OK]] * 3

    def test_eight_threads_at_once(self):
        """One client, one event loop, eight callers."""
        seen = []
        with Server(loopback.slow_first_byte) as server, client_of(server, deadline_s=20) as client:
            threads = [threading.Thread(target=lambda: seen.append(client.ask(questions()))) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(seen) == 8
        assert {answer.outcome for answers in seen for answer in answers} == {Outcome.OK}

    def test_eight_threads_and_a_dead_server(self):
        """They wait side by side, not one after another."""
        seen = []
        with Server(loopback.hang_before_headers) as server, client_of(server) as client:

            def main():
                seen.append(timed(lambda: client.ask(questions())))

            threads = [threading.Thread(target=main) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert {answer.outcome for answers, _ in seen for answer in answers} == {Outcome.TIMEOUT}
        assert max(took for _, took in seen) < DEADLINE_S + SLACK_S


SCRIPT = """
import socket, sys, time
from report_gen.llm.adapter import OpenAIEndpoint
from report_gen.llm.client import Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.policy import Policy
from report_gen.llm.port import Ask

if {dead_dns}:
    socket.getaddrinfo = lambda *args, **kwargs: time.sleep(30) or []
config = EndpointConfig(model="any", base_url=sys.argv[1])
if {configured}:
    client = Client.from_config(config)
    client.warm()
else:
    endpoint = OpenAIEndpoint(config)
    endpoint.open()
    client = Client(lambda: endpoint, Policy(hedge_after_s=0.3))
ask = Ask(id="q", system="rules", user="facts", fact_ids=("f1",), max_output_tokens=50)
(answer,) = client.ask((ask,), deadline_s=20 if {configured} else 1)
print(answer.outcome, len(answer.attempts), time.time())
"""


class TestTheProcessEnds:
    def run(self, url, *, dead_dns=False, configured=False):
        """Outcome and calls of a script that asks and does not close; seconds from its last line to its end."""
        script = SCRIPT.format(dead_dns=dead_dns, configured=configured)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script, url],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            cwd=ROOT,
        )
        ended = time.time()
        outcome, calls, last = done.stdout.split()
        return outcome, int(calls), ended - float(last), done.stderr

    def test_with_a_server_that_hangs(self):
        """Calls in flight do not keep it alive."""
        with Server(loopback.hang_before_headers) as server:
            outcome, calls, lingered_s, errors = self.run(server.url)
        assert (outcome, errors) == ("timeout", "")
        assert calls >= 1
        assert lingered_s < 10

    def test_with_a_name_server_that_is_dead(self):
        """Nor does a look-up that takes half a minute."""
        outcome, calls, lingered_s, errors = self.run("http://localhost:9/v1", dead_dns=True)
        assert (outcome, errors) == ("timeout", "")
        assert calls >= 1
        assert lingered_s < 10

    def test_with_an_answer(self):
        """Nor does the loop that goes on running; here the client is made from its configuration and warmed."""
        with Server(loopback.good) as server:
            outcome, calls, lingered_s, errors = self.run(server.url, configured=True)
        assert (outcome, calls, errors) == ("ok", 1, "")
        assert lingered_s < 10
