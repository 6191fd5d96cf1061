"""The client and its loop: it comes back in time from any thread, whatever the endpoint does, and never raises."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import report_gen.llm.loop
from report_gen.llm.client import GRACE_S, LOCAL_PARALLEL, Client, Tally
from report_gen.llm.config import EndpointConfig
from report_gen.llm.loop import LoopThread, PerProcess, in_daemon_thread
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask, EndpointError, Outcome
from report_gen.llm.scripted import Failing, Hanging, Scripted, Slow, Stubborn
from tests.selection import now_and_in_full

DEADLINE_S = 0.05
SLACK_S = 20.0
"""What a busy machine may add; a clock that does not hold takes 60 s here."""
FOREVER_S = 60.0

ROOT = Path(__file__).resolve().parents[2]


def questions(count=2):
    """Questions about one fact each."""
    return tuple(
        Ask(id=f"q{number}", system="rules", user="facts", fact_ids=("f1",), max_output_tokens=50)
        for number in range(count)
    )


def client_of(endpoint, **policy):
    """A client of a fake."""
    return Client(lambda: endpoint, Policy(**policy))


def outcomes(answers):
    """What became of the questions."""
    return [answer.outcome for answer in answers]


def timed(call):
    """What a call gives, and the seconds it took."""
    began = time.monotonic()
    return call(), time.monotonic() - began


class Opening:
    """An endpoint whose opening is a function; notes what was done to it."""

    def __init__(self, opening=lambda: None):
        self.opening = opening
        self.opened_in = []
        self.closed = 0

    def open(self):
        """As given."""
        self.opened_in.append(threading.current_thread())
        self.opening()

    async def complete(self, ask):
        """A good answer."""
        return await Scripted().complete(ask)

    async def aclose(self):
        """Counted."""
        self.closed += 1


def hang_until(event):
    """Waits for the end of a test, a minute at most."""
    return lambda: event.wait(FOREVER_S)


class Blocked:
    """Blocks the event loop until an event comes, so that no test waits for the end of the block."""

    def __init__(self, until):
        self.until = until

    async def complete(self, ask):
        """Lets nothing else run."""
        self.until.wait(FOREVER_S)
        return await Scripted().complete(ask)


@pytest.fixture
def over():
    """Set when the test is over, so that threads that hang may end."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def quick_end(monkeypatch):
    """Waits for what does not stop last a tenth of what they last otherwise."""
    monkeypatch.setattr(report_gen.llm.loop, "WIND_DOWN_S", 0.05)


class TestAsking:
    def test_answers_come_in_order(self):
        """One for each question."""
        with client_of(Scripted()) as client:
            answers = client.ask(questions(4))
        assert [(answer.ask_id, answer.outcome) for answer in answers] == [(f"q{n}", Outcome.OK) for n in range(4)]

    def test_no_question_no_work(self):
        """Not even a thread."""
        with client_of(Scripted()) as client:
            assert client.ask(()) == ()
            assert client.tally == Tally()

    def test_questions_beyond_the_most_are_not_asked(self):
        """The first three are; the order stays."""
        with client_of(Scripted(), max_calls=3) as client:
            answers = client.ask(questions(5))
            assert client.calls == 3
        assert outcomes(answers) == [Outcome.OK] * 3 + [Outcome.NOT_ASKED] * 2
        assert [answer.ask_id for answer in answers] == ["q0", "q1", "q2", "q3", "q4"]

    @pytest.mark.parametrize("deadline_s", [0, -1.0])
    def test_without_time_nothing_is_asked(self, deadline_s):
        """The work before has used it up."""
        with client_of(Scripted()) as client:
            assert outcomes(client.ask(questions(), deadline_s=deadline_s)) == [Outcome.NOT_ASKED] * 2
            assert client.calls == 0

    def test_what_is_remembered_lasts_from_report_to_report(self):
        """Five failures in the first: the second is not asked."""
        with client_of(Failing(Outcome.SERVER_ERROR, 99)) as client:
            client.ask(questions(4))
            assert outcomes(client.ask(questions())) == [Outcome.CIRCUIT_OPEN] * 2

    def test_calls_are_counted(self):
        """Four in all, two of them after failures."""
        with client_of(Failing(Outcome.SERVER_ERROR, 2)) as client:
            assert client.tally == Tally()
            client.ask(questions())
            assert client.tally == Tally(calls=4, hedges=0, retries=2)

    @pytest.mark.parametrize(
        "make",
        [
            lambda over: Hanging(),
            lambda over: Slow(Scripted(), FOREVER_S),
            lambda over: Stubborn(FOREVER_S),
            Blocked,
        ],
        ids=["hanging", "slow", "stubborn", "blocking"],
    )
    def test_the_deadline_holds(self, quick_end, over, make):
        """For one that hangs, is slow, goes on when cancelled, or blocks the event loop."""
        with client_of(make(over), deadline_s=DEADLINE_S) as client:
            answers, took = timed(lambda: client.ask(questions()))
            again = timed(lambda: asyncio.run(client.aask(questions())))[1]
            over.set()
        assert outcomes(answers) == [Outcome.TIMEOUT] * 2
        assert max(took, again) < DEADLINE_S + GRACE_S + SLACK_S

    def test_async_and_sync_take_turns(self):
        """One client for both."""

        async def main():
            return [await client.aask(questions(1)), client.ask(questions(1)), await client.aask(questions(1))]

        with client_of(Slow(Scripted(), 0.01)) as client:
            seen = [client.ask(questions(1)), *asyncio.run(main()), *asyncio.run(main()), client.ask(questions(1))]
        assert [outcomes(answers) for answers in seen] == [[Outcome.OK]] * 8

    def test_the_callers_loop_goes_on(self):
        """An async question does not hold up anything else there."""

        async def main():
            task = asyncio.ensure_future(client.aask(questions(), deadline_s=20))
            for _ in range(3):
                await asyncio.sleep(0.001)
            running = not task.done()
            release.set()
            return running, await task

        release = threading.Event()

        class Waiting:
            async def complete(self, ask):
                while not release.is_set():
                    await asyncio.sleep(0.005)
                return await Scripted().complete(ask)

        with client_of(Waiting(), hedge=False) as client:
            running, answers = asyncio.run(main())
        assert running
        assert outcomes(answers) == [Outcome.OK] * 2

    def test_cancelling_the_caller_cancels_the_calls(self):
        """Who stops waiting leaves nothing running."""
        ended = threading.Event()

        class Noting:
            async def complete(self, ask):
                try:
                    await Hanging().complete(ask)
                finally:
                    ended.set()

        async def main():
            task = asyncio.ensure_future(client.aask(questions(1), deadline_s=60))
            while client.calls == 0:
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        with client_of(Noting(), hedge=False) as client:
            asyncio.run(main())
            assert ended.wait(10)

    def test_sixteen_threads_at_once(self):
        """First use in all of them: one loop, one endpoint, every answer."""
        made, seen = [], []

        def factory():
            made.append(1)
            return Slow(Scripted(), 0.02)

        with Client(factory, Policy(deadline_s=20)) as client:
            ready = threading.Barrier(16)

            def main():
                ready.wait(20)
                seen.append(outcomes(client.ask(questions())))

            threads = [threading.Thread(target=main) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert seen == [[Outcome.OK] * 2] * 16
        assert len(made) == 1


class TestAStuckLoop:
    def test_it_costs_one_deadline_and_not_each(self):
        """While the loop is blocked the next report comes at once; when it runs again, so do questions."""
        release = threading.Event()

        class BlocksOnce:
            async def complete(self, ask):
                if not release.is_set():
                    release.wait(FOREVER_S)
                return await Scripted().complete(ask)

        with client_of(BlocksOnce(), deadline_s=DEADLINE_S) as client:
            first, first_took = timed(lambda: client.ask(questions(1)))
            second = [outcomes(client.ask(questions(1))) for _ in range(50)]
            release.set()
            until = time.monotonic() + 20
            while outcomes(third := client.ask(questions(1), deadline_s=10)) != [Outcome.OK]:
                assert time.monotonic() < until
                time.sleep(0.01)
        assert outcomes(first) == [Outcome.TIMEOUT]
        assert first_took < DEADLINE_S + GRACE_S + SLACK_S
        assert second == [[Outcome.CIRCUIT_OPEN]] * 50
        assert outcomes(third) == [Outcome.OK]

    def test_an_endpoint_that_quits_does_not_end_it(self):
        """SystemExit in a task would end the event loop with every question in it."""

        class Quits:
            async def complete(self, ask):
                if ask.id == "q0":
                    raise SystemExit
                return await Scripted().complete(ask)

        with client_of(Quits(), max_attempts=1) as client:
            for _ in range(2):
                assert outcomes(client.ask(questions(), deadline_s=20)) == [Outcome.UNAVAILABLE, Outcome.OK]


class TestOpening:
    def test_it_happens_once_in_a_thread_of_its_own(self):
        """Not in the caller's, not in the event loop's."""
        endpoint = Opening()
        with client_of(endpoint) as client:
            client.warm()
            client.warm()
            client.ask(questions())
            client.ask(questions())
        (thread,) = endpoint.opened_in
        assert thread.daemon
        assert thread is not threading.current_thread()
        assert thread.name == "report_gen.llm.open"

    def test_warming_does_not_wait(self, over):
        """The opening hangs; warm returns."""
        with client_of(Opening(hang_until(over))) as client:
            _, took = timed(client.warm)
            over.set()
        assert took < SLACK_S

    def test_questions_wait_for_it(self):
        """A slow opening within the deadline costs nothing but its time."""
        with client_of(Opening(lambda: time.sleep(0.05))) as client:
            assert outcomes(client.ask(questions(), deadline_s=20)) == [Outcome.OK] * 2

    def test_one_that_hangs_costs_one_deadline_and_not_each(self, over):
        """Nothing was sent at first, which is said; unavailable afterwards, and used once it is open after all."""
        with client_of(Opening(hang_until(over)), deadline_s=DEADLINE_S) as client:
            first, took = timed(lambda: client.ask(questions(1)))
            second = client.ask(questions(1), deadline_s=FOREVER_S / 2)
            over.set()
            until = time.monotonic() + 20
            while outcomes(third := client.ask(questions(1), deadline_s=10)) != [Outcome.OK]:
                assert time.monotonic() < until
                time.sleep(0.01)
        # On a busy machine the deadline may pass before it is seen that nothing was sent.
        assert outcomes(first) in ([Outcome.NOT_ASKED], [Outcome.TIMEOUT])
        assert (outcomes(second), outcomes(third)) == ([Outcome.UNAVAILABLE], [Outcome.OK])
        assert took < DEADLINE_S + GRACE_S + SLACK_S

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [
            (EndpointError(Outcome.AUTH), Outcome.AUTH),
            (ImportError("no openai"), Outcome.UNAVAILABLE),
            (SystemExit(3), Outcome.UNAVAILABLE),
            (RuntimeError("text"), Outcome.UNAVAILABLE),
        ],
    )
    def test_one_that_fails_is_an_outcome(self, error, outcome):
        """Never an exception; and not tried again for a while."""

        def fail():
            raise error

        endpoint = Opening(fail)
        with client_of(endpoint) as client:
            assert outcomes(client.ask(questions())) == [outcome] * 2
            assert outcomes(client.ask(questions())) == [outcome] * 2
        assert len(endpoint.opened_in) == 1
        assert endpoint.closed == 0

    def test_it_is_tried_again_later(self):
        """A name server may be back."""
        failures = [RuntimeError("once")]

        def fail_once():
            if failures:
                raise failures.pop()

        with client_of(Opening(fail_once), breaker_pause_s=0.0) as client:
            seen = [outcomes(client.ask(questions(1), deadline_s=20)) for _ in range(2)]
        assert seen == [[Outcome.UNAVAILABLE], [Outcome.OK]]

    def test_a_factory_that_fails_is_an_outcome_too(self):
        """As an opening that does."""

        def factory():
            raise ValueError("text")

        with Client(factory) as client:
            assert outcomes(client.ask(questions())) == [Outcome.UNAVAILABLE] * 2


class TestClosing:
    def test_the_endpoint_is_closed_and_the_thread_ends(self):
        """Nothing of it is left."""
        endpoint = Opening()
        before = set(threading.enumerate())
        with client_of(endpoint) as client:
            client.ask(questions())
            assert {thread.name for thread in set(threading.enumerate()) - before} >= {"report_gen.llm"}
        assert endpoint.closed == 1
        assert {thread.name for thread in set(threading.enumerate()) - before} == set()

    def test_twice_is_once(self):
        """And before any use it is nothing."""
        endpoint = Opening()
        client = client_of(endpoint)
        client.ask(questions())
        client.close()
        client.close()
        Client(Scripted).close()
        assert endpoint.closed == 1

    def test_afterwards_nothing_is_asked(self):
        """A report may still be made."""
        client = client_of(Scripted())
        client.close()
        client.warm()
        assert outcomes(client.ask(questions())) == [Outcome.NOT_ASKED] * 2
        assert outcomes(asyncio.run(client.aask(questions()))) == [Outcome.NOT_ASKED] * 2
        assert client.calls == 0

    def test_who_waits_is_let_go(self):
        """A question in flight in another thread ends when the client is closed."""
        seen = []
        client = client_of(Hanging(), hedge=False)
        thread = threading.Thread(target=lambda: seen.append(timed(lambda: client.ask(questions(1), deadline_s=60))))
        thread.start()
        while client.calls == 0:
            time.sleep(0.005)
        client.close()
        thread.join(FOREVER_S / 2)
        ((answers, took),) = seen
        assert outcomes(answers) == [Outcome.CANCELLED]
        assert took < FOREVER_S / 2

    @pytest.mark.parametrize("make", [lambda over: Stubborn(FOREVER_S), Blocked], ids=["stubborn", "blocking"])
    def test_an_endpoint_that_does_not_stop_is_left(self, quick_end, over, make):
        """Closing waits four times as long as it grants what runs, at most."""
        client = client_of(make(over), deadline_s=DEADLINE_S, hedge=False)
        client.ask(questions(1))
        _, took = timed(client.close)
        assert took < 4 * report_gen.llm.loop.WIND_DOWN_S + SLACK_S

    def test_an_endpoint_that_fails_to_close_is_left(self):
        """Its error is nobody's."""

        class Broken(Opening):
            async def aclose(self):
                raise ValueError("text")

        with client_of(Broken()) as client:
            assert outcomes(client.ask(questions())) == [Outcome.OK] * 2


class TestFromConfig:
    @pytest.mark.parametrize(
        ("given", "base_url", "hedge"),
        [
            (None, "http://127.0.0.1:9/v1", False),
            (None, "http://192.0.2.1/v1", True),
            (True, "http://127.0.0.1:9/v1", True),
            (False, "http://192.0.2.1/v1", False),
        ],
    )
    def test_hedging_left_open_is_off_on_this_machine(self, given, base_url, hedge):
        """The second call would take its time from the first."""
        config = EndpointConfig(model="any", base_url=base_url, allow_remote=True, hedge=given)
        assert Client.from_config(config).policy.hedge is hedge

    def test_the_rest_is_taken_over(self):
        """Deadline, delay, attempts, calls, and how many at once."""
        config = EndpointConfig(
            model="any",
            base_url="http://127.0.0.1:9/v1",
            deadline_s=3.5,
            hedge_after_s=1.5,
            max_attempts=2,
            max_calls=5,
            parallel=2,
        )
        assert Client.from_config(config).policy == Policy(
            deadline_s=3.5, hedge=False, hedge_after_s=1.5, max_attempts=2, max_calls=5, parallel=2
        )

    @pytest.mark.parametrize(
        ("base_url", "parallel"), [("http://127.0.0.1:9/v1", LOCAL_PARALLEL), ("https://host.example/v1", None)]
    )
    def test_a_server_of_ones_own_is_not_asked_all_at_once(self, base_url, parallel):
        """It would answer none of many in time; a large one answers them side by side."""
        config = EndpointConfig(model="any", base_url=base_url, allow_remote=True)
        assert Client.from_config(config).policy.parallel == parallel


class TestTheLoop:
    def test_blocking_work_runs_in_a_daemon_thread(self):
        """Name look-ups too: asyncio's own threads would be waited for at exit."""

        async def main(loop):
            return await loop.run_in_executor(None, threading.current_thread)

        thread = LoopThread()
        try:
            assert thread.submit(main).result(20).daemon
        finally:
            thread.close()

    def test_names_are_looked_up(self):
        """With their result, or their error."""

        async def main(loop):
            found = await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
            name = await loop.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
            try:
                await loop.getaddrinfo("127.0.0.1", "no-such-service")
            except socket.gaierror:
                return found[0][4], name, True
            return found[0][4], name, False

        thread = LoopThread()
        try:
            assert thread.submit(main).result(20) == (("127.0.0.1", 80), ("127.0.0.1", "80"), True)
        finally:
            thread.close()

    def test_a_closed_loop_takes_nothing(self):
        """It says so, for the client to hear."""

        async def main(loop):
            return 1

        thread = LoopThread()
        assert thread.submit(main).result(20) == 1
        thread.close()
        thread.call_soon(lambda: None)
        with pytest.raises(RuntimeError, match="closed"):
            thread.submit(main)

    def test_an_error_in_a_daemon_thread_reaches_who_waits(self):
        """Whatever it is."""

        def work():
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            in_daemon_thread(work, name="test").result(20)

    def test_nobody_can_cancel_it_for_the_others(self):
        """It runs, so it cannot be cancelled."""
        future = in_daemon_thread(lambda: 1, name="test")
        assert not future.cancel()
        assert future.result(20) == 1

    def test_errors_nobody_waits_for_are_logged_without_their_text(self, caplog):
        """By itself asyncio logs the error and the objects at hand."""
        logged = threading.Event()

        async def main(loop):
            loop.call_exception_handler({"message": "canary", "exception": ValueError("canary")})
            logged.set()

        thread = LoopThread()
        with caplog.at_level("DEBUG"):
            thread.submit(main).result(20)
            thread.close()
        assert logged.is_set()
        assert "canary" not in caplog.text
        assert "ValueError" in caplog.text

    def test_a_value_for_each_process(self, monkeypatch):
        """The same one here, another one in a child, and the parent's untouched."""
        values = PerProcess(object)
        here = values.get()
        assert values.get() is here
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert values.peek() is None
        assert values.get() is not here
        monkeypatch.undo()
        assert values.get() is here


FORKED = """
import os, sys, threading
from report_gen.llm.client import Client
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask
from report_gen.llm.scripted import Scripted, Slow

made = []
def factory():
    made.append(os.getpid())
    return Slow(Scripted(), 0.05)

client = Client(factory, Policy(deadline_s=20))
ask = Ask(id="q", system="rules", user="facts", fact_ids=("f1",), max_output_tokens=50)
before = client.ask((ask,))[0].outcome
busy = threading.Thread(target=client.ask, args=((ask,) * 16,))
busy.start()
child = os.fork()
if child == 0:
    answer = client.ask((ask,))[0]
    client.close()
    os._exit(0 if answer.outcome == "ok" and made[-1] == os.getpid() and client.calls == 1 else 1)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
busy.join()
print(before, status, client.ask((ask,))[0].outcome, client.calls)
"""

LEFT_OPEN = """
import time
from report_gen.llm.client import Client
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask
from report_gen.llm.scripted import Blocking, Hanging, Stubborn

ask = Ask(id="q", system="rules", user="canary", fact_ids=("f1",), max_output_tokens=50)
clients = [Client(lambda made=made: made, Policy(deadline_s=0.05)) for made in ({endpoints})]
print(*{{client.ask((ask,))[0].outcome for client in clients}}, time.time())
"""


def run(script):
    """The output and errors of a script, and when it ended."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore:.*fork.*:DeprecationWarning", "-c", script],
        capture_output=True,
        text=True,
        timeout=2 * FOREVER_S,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.split(), done.stderr, time.time()


class TestTheProcess:
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="os.fork (a Unix system)")
    def test_a_forked_child_has_a_thread_and_an_endpoint_of_its_own(self):
        """It forks while the parent asks; both go on."""
        printed, errors, _ = run(FORKED)
        assert (printed, errors) == (["ok", "0", "ok", "18"], "")

    @pytest.mark.parametrize(
        "endpoints",
        now_and_in_full(
            ["Hanging(), Stubborn(60), Blocking(60)", "Hanging(),", "Stubborn(60),", "Blocking(60),"],
            ["Hanging(), Stubborn(60), Blocking(60)"],
        ),
    )
    def test_a_client_left_open_keeps_no_process_alive(self, endpoints):
        """Not even one whose loop is blocked or whose calls do not end; and nothing is printed about them."""
        (outcome, last), errors, ended = run(LEFT_OPEN.format(endpoints=endpoints))
        assert (outcome, errors) == ("timeout", "")
        assert ended - float(last) < FOREVER_S / 2
