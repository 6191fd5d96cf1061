"""The clock of all questions: deadline, hedges, retries, circuit breaker; on a loop whose time is made up."""

from __future__ import annotations

import asyncio
import math
import selectors
import subprocess
import sys

import pytest

from report_gen.llm.policy.calls import CLEANUP_S, EndpointState, Policy, ask_all
from report_gen.llm.port import Ask, Completion, EndpointError, OfferedSentence, Outcome
from report_gen.llm.scripted import Failing, Flaky, Hanging, Scripted, Slow, Stubborn
from tests.selection import examples

START = 1000.0
"""Loop time at which the made-up time begins."""


class _Jumping(selectors.SelectSelector):
    """Moves the time to the next timer instead of waiting for it."""

    def __init__(self):
        super().__init__()
        self.now = START

    def select(self, timeout=None):
        assert timeout is not None, "the loop waits for something that no timer will bring"
        self.now += max(timeout, 0.0)
        return super().select(0)


class MadeUpTime(asyncio.SelectorEventLoop):
    """An event loop in which an hour takes no time."""

    def __init__(self):
        self.jumping = _Jumping()
        super().__init__(self.jumping)
        # Two timers closer than this are due together, as on a real clock; sums of floats differ by less.
        self._clock_resolution = 1e-6

    def time(self):
        """The made-up one."""
        return self.jumping.now


def in_made_up_time(main):
    """What a coroutine gives; it runs in made-up time."""
    with asyncio.Runner(loop_factory=MadeUpTime) as runner:
        return runner.run(main)


def question(name="course"):
    """A question about one fact."""
    return Ask(id=name, system="rules", user="facts", fact_ids=(f"{name}.f1",), max_output_tokens=100)


def questions(count):
    """Several of them."""
    return tuple(question(f"q{number}") for number in range(count))


def asked(endpoint, asks=None, policy=None, state=None, *, within_s=None):
    """Answers, and the made-up seconds they took."""
    policy = policy or Policy()
    state = state if state is not None else EndpointState()

    async def main():
        loop = asyncio.get_running_loop()
        began = loop.time()
        deadline = began + (policy.deadline_s if within_s is None else within_s)
        answers = await ask_all(endpoint, asks or (question(),), policy, state, deadline=deadline)
        return answers, round(loop.time() - began, 3)

    return in_made_up_time(main())


class InTurn:
    """Each call takes the next of the given steps: seconds, then an outcome."""

    def __init__(self, *steps, retry_after_s=None):
        self.steps = list(steps)
        self.began = []
        self.cancelled = 0
        self.retry_after_s = retry_after_s

    async def complete(self, ask):
        """The next step."""
        loop = asyncio.get_running_loop()
        self.began.append(round(loop.time() - START, 3))
        number = len(self.began)
        seconds, outcome = self.steps.pop(0)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if outcome is not Outcome.OK:
            raise EndpointError(outcome, status=599, request_id="r1", retry_after_s=self.retry_after_s)
        return Completion((OfferedSentence(ask.fact_ids, f"call {number}"),), request_id=f"r{number}")


def outcomes(answer):
    """What became of each call."""
    return [attempt.outcome for attempt in answer.attempts]


class TestOneQuestion:
    def test_an_answer_is_given_on(self):
        """One call, one answer, with its id and time."""
        endpoint = InTurn((0.5, Outcome.OK))
        (answer,), took = asked(endpoint)
        assert (answer.ask_id, answer.outcome, took) == ("course", Outcome.OK, 0.5)
        assert answer.completion.sentences[0].text == "call 1"
        (attempt,) = answer.attempts
        assert (attempt.began_s, attempt.wall_s, attempt.hedge, attempt.request_id) == (0.0, 0.5, False, "r1")

    def test_a_slow_call_is_joined_by_another_and_the_first_answer_wins(self):
        """At 2.0 s the second starts; it answers at 2.5 s and the first is cancelled."""
        endpoint = InTurn((10, Outcome.OK), (0.5, Outcome.OK))
        (answer,), took = asked(endpoint)
        assert (endpoint.began, endpoint.cancelled, took) == ([0.0, 2.0], 1, 2.5)
        assert answer.completion.sentences[0].text == "call 2"
        assert outcomes(answer) == [Outcome.CANCELLED, Outcome.OK]
        assert [attempt.hedge for attempt in answer.attempts] == [False, True]

    def test_a_loser_ends_at_once_and_not_with_the_report(self):
        """Another question takes until 4.0 s; the first call of this one is cancelled at 2.5 s."""
        quick = InTurn((10, Outcome.OK), (0.5, Outcome.OK))

        class Both:
            async def complete(self, ask):
                return await (quick if ask.id == "q0" else Slow(Scripted(), 4.0)).complete(ask)

        answers, took = asked(Both(), questions(2))
        assert ([answer.outcome for answer in answers], took) == ([Outcome.OK] * 2, 4.0)
        loser = answers[0].attempts[0]
        assert (loser.outcome, loser.wall_s) == (Outcome.CANCELLED, 2.5)

    def test_the_slow_call_may_still_win(self):
        """The first answers at 2.2 s while the second would take to 3.0 s."""
        endpoint = InTurn((2.2, Outcome.OK), (1.0, Outcome.OK))
        (answer,), took = asked(endpoint)
        assert (took, answer.completion.sentences[0].text) == (2.2, "call 1")
        assert outcomes(answer) == [Outcome.OK, Outcome.CANCELLED]

    def test_without_hedging_a_slow_call_stays_alone(self):
        """An endpoint on this machine would only become slower."""
        endpoint = InTurn((3.0, Outcome.OK))
        (answer,), took = asked(endpoint, policy=Policy(hedge=False))
        assert (answer.outcome, took, len(endpoint.began)) == (Outcome.OK, 3.0, 1)

    @pytest.mark.parametrize(
        "outcome",
        [
            Outcome.TIMEOUT,
            Outcome.SERVER_ERROR,
            Outcome.UNAVAILABLE,
            Outcome.TRUNCATED,
            Outcome.INVALID_JSON,
            Outcome.SCHEMA,
        ],
    )
    def test_a_failure_that_may_pass_is_followed_at_once(self, outcome):
        """The second call does not wait for the hedge delay."""
        endpoint = InTurn((0.3, outcome), (0.4, Outcome.OK))
        (answer,), took = asked(endpoint)
        assert (answer.outcome, endpoint.began, took) == (Outcome.OK, [0.0, 0.3], pytest.approx(0.7))
        assert [attempt.hedge for attempt in answer.attempts] == [False, False]
        assert (answer.attempts[0].status, answer.attempts[0].request_id) == (599, "r1")

    @pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.FILTERED, Outcome.EGRESS])
    def test_a_failure_that_will_not_pass_is_not_followed(self, outcome):
        """A refused question would be refused again, and what may not leave is not sent twice."""
        endpoint = InTurn((0.3, outcome))
        (answer,), took = asked(endpoint)
        assert (answer.outcome, answer.completion, took) == (outcome, None, 0.3)

    def test_three_calls_are_the_most(self):
        """The last failure is the outcome."""
        endpoint = InTurn((0.1, Outcome.SCHEMA), (0.1, Outcome.SERVER_ERROR), (0.1, Outcome.UNAVAILABLE))
        (answer,), took = asked(endpoint)
        assert (answer.outcome, took) == (Outcome.UNAVAILABLE, pytest.approx(0.3))
        assert outcomes(answer) == [Outcome.SCHEMA, Outcome.SERVER_ERROR, Outcome.UNAVAILABLE]

    def test_a_failure_beside_a_hedge_leaves_the_hedge_running(self):
        """The first fails at 2.5 s, a third starts then, and the second answers at 2.9 s."""
        endpoint = InTurn((2.5, Outcome.SERVER_ERROR), (0.9, Outcome.OK), (9, Outcome.OK))
        (answer,), took = asked(endpoint)
        assert (answer.outcome, endpoint.began, took) == (Outcome.OK, [0.0, 2.0, 2.5], pytest.approx(2.9))
        assert outcomes(answer) == [Outcome.SERVER_ERROR, Outcome.OK, Outcome.CANCELLED]

    def test_when_no_further_call_may_begin_those_in_flight_still_count(self):
        """Two calls at most: the first fails at 2.5 s and the hedge answers at 4.0 s."""
        endpoint = InTurn((2.5, Outcome.SERVER_ERROR), (2.0, Outcome.OK))
        (answer,), took = asked(endpoint, policy=Policy(max_attempts=2))
        assert (answer.outcome, took) == (Outcome.OK, 4.0)

    def test_a_refused_call_beside_a_hedge_does_not_decide(self):
        """The hedge may be answered; then its answer counts."""
        endpoint = InTurn((2.5, Outcome.REFUSED), (1.0, Outcome.OK))
        (answer,), _ = asked(endpoint)
        assert outcomes(answer) == [Outcome.REFUSED, Outcome.OK]
        assert answer.outcome is Outcome.OK

    def test_an_endpoint_that_raises_something_else_is_unavailable(self):
        """The contract allows EndpointError only; a breach costs the wording."""

        class Broken:
            async def complete(self, ask):
                raise ValueError("text of a question")

        (answer,), _ = asked(Broken())
        assert answer.outcome is Outcome.UNAVAILABLE
        assert "question" not in repr(answer)

    def test_an_endpoint_that_cancels_itself_is_unavailable(self):
        """Some libraries cancel the task they run in; that must not look like our own deadline."""

        class Suicidal:
            async def complete(self, ask):
                asyncio.current_task().cancel()
                await asyncio.sleep(1)

        (answer,), took = asked(Suicidal())
        assert (answer.outcome, took) == (Outcome.UNAVAILABLE, 0.0)


class TestRetryAfter:
    def test_it_is_obeyed(self):
        """1.5 s asked for, 1.5 s waited."""
        endpoint = InTurn((0.1, Outcome.RATE_LIMITED), (0.1, Outcome.OK), retry_after_s=1.5)
        (answer,), _ = asked(endpoint)
        assert (answer.outcome, endpoint.began) == (Outcome.OK, [0.0, 1.6])

    def test_longer_than_what_is_left_ends_the_question_at_once(self):
        """Nobody waits for a call that cannot be made."""
        endpoint = InTurn((0.1, Outcome.RATE_LIMITED), retry_after_s=60)
        (answer,), took = asked(endpoint)
        assert (answer.outcome, took, len(endpoint.began)) == (Outcome.RATE_LIMITED, pytest.approx(0.1), 1)

    def test_a_call_in_flight_ends_the_wait(self):
        """The hedge is refused for 1.5 s at 2.1 s; the first call answers at 2.4 s."""
        endpoint = InTurn((2.4, Outcome.OK), (0.1, Outcome.RATE_LIMITED), retry_after_s=1.5)
        (answer,), took = asked(endpoint)
        assert (answer.outcome, took) == (Outcome.OK, pytest.approx(2.4))
        assert len(endpoint.began) == 2

    def test_too_many_requests_without_a_time_waits_a_little(self):
        """Asking again at once would be refused again."""
        endpoint = InTurn((0.1, Outcome.RATE_LIMITED), (0.1, Outcome.OK))
        asked(endpoint)
        assert endpoint.began == [0.0, 0.35]


class TestTheDeadline:
    @pytest.mark.parametrize("endpoint", [Hanging(), Slow(Scripted(), 60)])
    def test_it_holds_for_an_endpoint_that_hangs(self, endpoint):
        """4.5 s, not 60."""
        (answer,), took = asked(endpoint)
        assert (answer.outcome, took) == (Outcome.TIMEOUT, 4.5)
        assert set(outcomes(answer)) == {Outcome.TIMEOUT}

    def test_it_holds_for_one_that_swallows_its_cancellation(self):
        """The call is abandoned a moment after the deadline."""

        async def main():
            loop = asyncio.get_running_loop()
            state = EndpointState()
            (answer,) = await ask_all(Stubborn(9), (question(),), Policy(), state, deadline=loop.time() + 4.5)
            took = loop.time() - START
            abandoned = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait(abandoned)  # so that none is destroyed while it runs
            return answer, took, len(abandoned)

        answer, took, abandoned = in_made_up_time(main())
        assert answer.outcome is Outcome.TIMEOUT
        assert took == pytest.approx(4.5 + CLEANUP_S)
        assert abandoned == 2

    def test_other_answers_are_kept(self):
        """One question hangs, the other has its answer."""

        class OneHangs:
            async def complete(self, ask):
                return await (Hanging() if ask.id == "q0" else Slow(Scripted(), 1)).complete(ask)

        answers, took = asked(OneHangs(), questions(2))
        assert [answer.outcome for answer in answers] == [Outcome.TIMEOUT, Outcome.OK]
        assert took == 4.5

    def test_after_it_nothing_is_asked(self):
        """No call is made for which there is no time."""
        endpoint = InTurn()
        answers, _ = asked(endpoint, questions(2), within_s=0)
        assert [(answer.outcome, answer.attempts) for answer in answers] == [(Outcome.NOT_ASKED, ())] * 2

    def test_nothing_is_left_running(self):
        """Losers and late calls have ended when the answers are there."""

        async def main():
            loop = asyncio.get_running_loop()
            endpoint = InTurn((9, Outcome.OK), (0.1, Outcome.OK))
            await ask_all(endpoint, (question(),), Policy(), EndpointState(), deadline=loop.time() + 4.5)
            await ask_all(Hanging(), questions(3), Policy(), EndpointState(), deadline=loop.time() + 4.5)
            return asyncio.all_tasks() - {asyncio.current_task()}

        assert in_made_up_time(main()) == set()

    def test_cancelling_cancels_the_calls(self):
        """Who stops waiting leaves nothing behind."""

        async def main():
            loop = asyncio.get_running_loop()
            endpoint = InTurn((9, Outcome.OK))
            task = loop.create_task(ask_all(endpoint, (question(),), Policy(), EndpointState(), deadline=START + 4.5))
            await asyncio.sleep(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return endpoint.cancelled, loop.time() - START, asyncio.all_tasks() - {asyncio.current_task()}

        assert in_made_up_time(main()) == (1, 1.0, set())


class TestTheHedgeDelay:
    @pytest.mark.parametrize(
        ("walls", "delay_s"),
        [
            ([], 2.0),
            ([0.1] * 9, 2.0),
            ([0.1] * 10, 1.0),
            ([1.5] * 18 + [2.5] * 2, 2.5),
            ([1.5] * 19 + [2.5], 1.5),
            ([9.0] * 10, 3.0),
            ([9.0] * 50 + [1.2] * 50, 1.2),
        ],
    )
    def test_it_follows_the_latest_fifty_answers(self, walls, delay_s):
        """Configured until ten answers, then their p95 between 1.0 and 3.0 s."""
        state = EndpointState()
        state.walls.extend(walls)
        assert state.hedge_delay_s(Policy()) == delay_s

    def test_answers_are_measured(self):
        """Ten questions answered in 1.4 s move the delay from 2.0 to 1.4 s."""
        state = EndpointState()
        asked(Slow(Scripted(), 1.4), questions(10), state=state)
        assert state.hedge_delay_s(Policy()) == pytest.approx(1.4)

    def test_failures_are_not(self):
        """A quick failure says nothing about how long an answer takes."""
        state = EndpointState()
        asked(Failing(Outcome.SERVER_ERROR, 99), questions(4), state=state)
        assert list(state.walls) == []


class TestTheHedgeCredit:
    def test_a_first_report_may_hedge_once(self):
        """Three slow questions, one hedge."""
        state = EndpointState()
        asked(Hanging(), questions(3), state=state)
        assert (state.calls, state.hedges) == (4, 1)

    @pytest.mark.parametrize("share", [0.0, 0.2, Policy().extra_share])
    def test_it_holds_a_share_of_the_calls_in_the_long_run(self, share):
        """103 slow answers and nothing but slow ones: that share of them is hedged, and the free one."""
        state = EndpointState()
        for _ in range(103):
            asked(Slow(Scripted(), 3.5), state=state, policy=Policy(hedge_after_s=1.0, extra_share=share))
            state.walls.clear()
        assert (state.calls - state.hedges, state.hedges) == (103, math.floor(103 * share) + 1)

    def test_quiet_years_do_not_pay_for_a_storm(self):
        """After a thousand good calls at most ten hedges are in store."""
        state = EndpointState()
        for _ in range(100):
            asked(Scripted(), questions(10), state=state)
        asked(Hanging(), questions(40), state=state, policy=Policy(breaker_failures=99))
        assert state.hedges == 10

    def test_retries_leave_it_alone(self):
        """After three retries a call that hangs is still joined by another."""
        state = EndpointState()
        asked(Failing(Outcome.SERVER_ERROR, 3), questions(3), state=state)
        assert (state.retries, state.credit) == (3, pytest.approx(1 + 3 * Policy().extra_share))
        (answer,), _ = asked(InTurn((9, Outcome.OK), (0.5, Outcome.OK)), state=state)
        assert [attempt.hedge for attempt in answer.attempts] == [False, True]


class TestTheCircuitBreaker:
    def test_five_failures_in_a_row_open_it(self):
        """Four questions and their first retries have failed; the second retries are not made."""
        endpoint = Failing(Outcome.SERVER_ERROR, 99)
        state = EndpointState()
        answers, _ = asked(endpoint, questions(4), state=state)
        assert endpoint.called == 8
        assert {answer.outcome for answer in answers} == {Outcome.SERVER_ERROR}

    def test_an_outage_costs_the_first_calls_and_four_more(self):
        """As many questions as a report may have, to an endpoint that fails at once: not three calls for each."""
        most = Policy().max_calls
        endpoint = Failing(Outcome.UNAVAILABLE, 9 * most)
        asked(endpoint, questions(most))
        assert endpoint.called <= most + 4

    def test_nobody_waits_for_a_call_that_it_will_not_let_begin(self):
        """Asked to wait 1.5 s by a failure that opens the circuit, the question ends at once."""
        endpoint = InTurn((0.1, Outcome.RATE_LIMITED), retry_after_s=1.5)
        (answer,), took = asked(endpoint, policy=Policy(breaker_failures=1))
        assert (answer.outcome, took) == (Outcome.RATE_LIMITED, 0.1)

    def test_while_open_nothing_is_asked(self):
        """The next report comes at once, with the reason."""
        endpoint = Failing(Outcome.SERVER_ERROR, 99)
        state = EndpointState()
        asked(endpoint, questions(4), state=state)
        answers, took = asked(endpoint, questions(3), state=state)
        assert [(answer.outcome, answer.attempts) for answer in answers] == [(Outcome.CIRCUIT_OPEN, ())] * 3
        assert (took, endpoint.called) == (0.0, 8)

    def test_hanging_opens_it_too(self):
        """Reports to an endpoint that never answers cost the deadline once or twice, not each time."""
        state = EndpointState()
        spent = [asked(Hanging(), questions(4), state=state)[1] for _ in range(4)]
        assert sum(spent) <= 9.0

    def test_an_answer_in_between_closes_the_count(self):
        """Four failures, an answer, four failures: still closed."""
        state = EndpointState()
        for _ in range(3):
            asked(Failing(Outcome.SERVER_ERROR, 2), questions(2), state=state)
        assert (state.failures, state.open_until) == (0, None)

    def run_twice(self, second, *, count=3, later_s=61.0):
        """Open the circuit, wait, ask again; gives the second answers and the state."""
        state = EndpointState()

        async def main():
            loop = asyncio.get_running_loop()
            first = Failing(Outcome.SERVER_ERROR, 99)
            await ask_all(first, questions(2), Policy(), state, deadline=loop.time() + 4.5)
            await asyncio.sleep(later_s)
            return await ask_all(second, questions(count), Policy(), state, deadline=loop.time() + 4.5)

        return in_made_up_time(main()), state

    def test_after_a_minute_one_call_alone_tries(self):
        """It works: the circuit is closed again."""
        answers, state = self.run_twice(Scripted())
        assert [answer.outcome for answer in answers] == [Outcome.OK, Outcome.CIRCUIT_OPEN, Outcome.CIRCUIT_OPEN]
        assert (state.open_until, state.trial, state.failures) == (None, False, 0)

    def test_before_that_nothing_tries(self):
        """59 s are not enough."""
        answers, _ = self.run_twice(Scripted(), later_s=59)
        assert {answer.outcome for answer in answers} == {Outcome.CIRCUIT_OPEN}

    def test_a_failed_trial_keeps_it_open_without_a_second_call(self):
        """One call, and another minute of rest."""
        endpoint = Failing(Outcome.SERVER_ERROR, 99)
        answers, state = self.run_twice(endpoint)
        assert (endpoint.called, answers[0].outcome) == (1, Outcome.SERVER_ERROR)
        assert state.open_until == pytest.approx(START + 61 + 60)
        assert not state.trial

    def test_a_trial_that_hangs_has_no_hedge(self):
        """One call again, and no credit is spent on the one it may not have."""
        answers, state = self.run_twice(Hanging())
        assert state.credit == pytest.approx(1 + 3 * Policy().extra_share)
        assert (len(answers[0].attempts), answers[0].outcome) == (1, Outcome.TIMEOUT)
        assert state.open_until == pytest.approx(START + 61 + 4.5 + 60)

    def test_a_trial_that_was_never_sent_leaves_the_next_one_free(self):
        """It has shown nothing about the endpoint."""
        _, state = self.run_twice(Failing(Outcome.EGRESS, 99), count=1)
        assert not state.trial
        assert state.shut(START + 61.5) is None

    def test_a_deadline_too_short_for_anybody_blames_nobody(self):
        """Calls cut off after 0.2 s have not failed."""
        state = EndpointState()
        for _ in range(3):
            asked(Slow(Scripted(), 1), questions(4), state=state, within_s=0.2)
        assert (state.failures, state.open_until) == (0, None)


class Some:
    """Answers some questions in a second and is silent about the others."""

    def __init__(self, *names, seconds=1.0, outcome=Outcome.OK):
        self.names = names
        self.seconds = seconds
        self.outcome = outcome

    async def complete(self, ask):
        """The step of a question that is answered."""
        if ask.id not in self.names:
            await Hanging().complete(ask)
        return await InTurn((self.seconds, self.outcome)).complete(ask)


class TestSlowIsNotDead:
    """Whether calls that are cut off at the deadline count against the endpoint."""

    @staticmethod
    def reports(*endpoints, count=6, policy=None):
        """One report after another: the outcomes of each, the seconds it took, and whether the circuit is open then."""
        policy = policy or Policy()
        state = EndpointState()

        async def main():
            loop = asyncio.get_running_loop()
            seen = []
            for endpoint in endpoints:
                began = loop.time()
                answers = await ask_all(endpoint, questions(count), policy, state, deadline=began + policy.deadline_s)
                took = round(loop.time() - began, 3)
                seen.append(([answer.outcome for answer in answers], took, state.shut(loop.time()) is not None))
            return seen

        return in_made_up_time(main()), state

    @pytest.mark.parametrize("names", [("q0",), ("q5",), ("q2", "q3"), ("q0", "q1", "q2", "q3", "q4")])
    @pytest.mark.parametrize("hedge", [False, True])
    def test_an_endpoint_that_answers_some_of_each_report_is_asked_for_ever(self, names, hedge):
        """Fifty reports on end, wherever among the questions the answered ones are."""
        seen, state = self.reports(*[Some(*names)] * 50, policy=Policy(hedge=hedge))
        expected = [Outcome.OK if f"q{n}" in names else Outcome.TIMEOUT for n in range(6)]
        assert seen == [(expected, 4.5, False)] * 50
        assert (state.failures, state.open_until) == (0, None)

    def test_it_is_whichever_question_is_answered(self):
        """Another one in each report."""
        seen, state = self.reports(*[Some(f"q{n % 6}") for n in range(50)])
        assert [outcomes.count(Outcome.OK) for outcomes, _, _ in seen] == [1] * 50
        assert state.open_until is None

    @pytest.mark.parametrize("hedge", [False, True])
    def test_one_that_answers_nothing_is_left_alone_after_one_report(self, hedge):
        """The second report does not wait for it."""
        seen, state = self.reports(Hanging(), Hanging(), policy=Policy(hedge=hedge))
        assert seen == [([Outcome.TIMEOUT] * 6, 4.5, True), ([Outcome.CIRCUIT_OPEN] * 6, 0.0, True)]
        assert state.failures >= 5

    @pytest.mark.parametrize("before", [0, 1, 20])
    def test_past_answers_excuse_nobody(self, before):
        """It answered in earlier reports, and is dead now: one report finds out."""
        seen, _ = self.reports(*[Some("q3")] * before, Hanging())
        assert [shut for _, _, shut in seen] == [False] * before + [True]

    def test_reports_in_mixed_order(self):
        """Four questions are too few to open it; an answer in between begins the count anew, and two in a row do."""
        silent, some = Hanging(), Some("q1")
        seen, state = self.reports(
            silent, some, silent, some, some, silent, silent, count=4, policy=Policy(hedge=False)
        )
        assert [shut for _, _, shut in seen] == [False] * 6 + [True]
        assert state.failures == 8

    def test_a_refusal_is_a_sign_of_life(self):
        """The endpoint has read a question and declined; it is not dead."""
        seen, state = self.reports(*[Some("q2", outcome=Outcome.REFUSED)] * 9)
        assert [shut for _, _, shut in seen] == [False] * 9
        assert state.failures == 0

    @pytest.mark.parametrize("name", ["q0", "q5"])
    def test_so_is_an_answer_in_the_last_moment(self, name):
        """Nobody has looked at it yet when the deadline comes."""
        seen, state = self.reports(Some(name, seconds=4.5 - 1e-7), policy=Policy(hedge=False))
        assert seen[0][0].count(Outcome.OK) == 1
        assert (state.failures, seen[0][2]) == (0, False)

    def test_failures_of_its_own_count_all_the_same(self):
        """One question answered, then five errors: it is no deadline that cut those off."""

        class Breaking:
            async def complete(self, ask):
                steps = (0.1, Outcome.OK) if ask.id == "q0" else (1.0, Outcome.SERVER_ERROR)
                return await InTurn(steps).complete(ask)

        seen, state = self.reports(Breaking())
        assert seen[0][2]
        assert state.failures >= 5


class TestConfigurationMistakes:
    @pytest.mark.parametrize("outcome", [Outcome.AUTH, Outcome.BAD_REQUEST])
    def test_one_stops_the_others_and_is_said_once(self, outcome):
        """The wrong key is found at 0.3 s; nobody waits for the others."""

        class OneIsTold:
            async def complete(self, ask):
                return await (InTurn((0.3, outcome)) if ask.id == "q1" else Hanging()).complete(ask)

        answers, took = asked(OneIsTold(), questions(3))
        assert [answer.outcome for answer in answers] == [Outcome.CANCELLED, outcome, Outcome.CANCELLED]
        assert took == pytest.approx(0.3)

    @pytest.mark.parametrize("outcome", [Outcome.AUTH, Outcome.BAD_REQUEST])
    def test_it_is_remembered_for_a_while(self, outcome):
        """The next report is not held up; a minute later the endpoint is asked again."""
        endpoint = Failing(outcome, 1)
        state = EndpointState()

        async def main():
            loop = asyncio.get_running_loop()
            seen = []
            for pause_s in (0, 1, 60):
                await asyncio.sleep(pause_s)
                answers = await ask_all(endpoint, (question(),), Policy(), state, deadline=loop.time() + 4.5)
                seen.append((answers[0].outcome, len(answers[0].attempts)))
            return seen

        assert in_made_up_time(main()) == [(outcome, 1), (outcome, 0), (Outcome.OK, 1)]
        assert state.fault is None

    def test_its_own_hedge_is_not_waited_for(self):
        """The key is as wrong for the second call as for the first."""
        (answer,), took = asked(InTurn((2.5, Outcome.AUTH), (9, Outcome.OK)))
        assert (answer.outcome, took) == (Outcome.AUTH, 2.5)

    def test_once_it_has_answered_a_bad_request_is_about_its_question(self):
        """One question too long for the model does not cost the others."""
        state = EndpointState()
        asked(Scripted(), state=state)

        class OneIsTooLong:
            async def complete(self, ask):
                return await (Failing(Outcome.BAD_REQUEST, 1) if ask.id == "q0" else Slow(Scripted(), 1)).complete(ask)

        answers, _ = asked(OneIsTooLong(), questions(2), state=state)
        assert [answer.outcome for answer in answers] == [Outcome.BAD_REQUEST, Outcome.OK]
        assert len(answers[0].attempts) == 1

    def test_a_model_withdrawn_later_opens_the_circuit(self):
        """Five bad requests in a row are no longer about a question."""
        state = EndpointState()
        asked(Scripted(), state=state)
        asked(Failing(Outcome.BAD_REQUEST, 99), questions(5), state=state)
        assert state.shut(START) is Outcome.CIRCUIT_OPEN


class Speaking:
    """Says a sentence a second, three of them, and counts how many questions it has at once."""

    def __init__(self, ends=Outcome.OK, *, sentences=3):
        self.ends, self.sentences = ends, sentences
        self.began, self.now, self.most = [], 0, 0

    async def complete(self, ask):
        """The answer as a whole."""
        return await self.stream(ask, lambda _: None)

    async def stream(self, ask, heard):
        """The sentences, and the end."""
        self.began.append(ask.id)
        self.now += 1
        self.most = max(self.most, self.now)
        said = []
        try:
            for number in range(self.sentences):
                await asyncio.sleep(1)
                said.append(OfferedSentence(ask.fact_ids, f"{number}"))
                heard(said[-1])
        finally:
            self.now -= 1
        if self.ends is not Outcome.OK:
            raise EndpointError(self.ends)
        return Completion(tuple(said))


class TestSomeAtOnce:
    """A server that answers one question after another."""

    def test_the_first_are_answered_and_the_last_not_sent(self):
        """Three seconds each: three of five in ten seconds, in order; the fifth never had its turn."""
        endpoint = Speaking()
        answers, took = asked(endpoint, questions(5), Policy(parallel=1, hedge=False), within_s=10)
        assert [answer.outcome for answer in answers[:3]] == [Outcome.OK] * 3
        assert [answer.outcome for answer in answers[3:]] == [Outcome.TIMEOUT, Outcome.NOT_ASKED]
        assert (endpoint.began, endpoint.most, took) == (["q0", "q1", "q2", "q3"], 1, 10)
        assert answers[4].attempts == ()

    @pytest.mark.parametrize(("parallel", "most"), [(1, 1), (2, 2), (4, 4), (9, 5), (None, 5)])
    def test_no_more_than_that(self, parallel, most):
        """None: all of them."""
        endpoint = Speaking()
        answers, _ = asked(endpoint, questions(5), Policy(parallel=parallel, hedge=False), within_s=30)
        assert [answer.outcome for answer in answers] == [Outcome.OK] * 5
        assert endpoint.most == most

    def test_a_refused_key_is_told_of_those_that_wait_too(self):
        """They were not sent for that reason, and not for want of time."""
        answers, _ = asked(Failing(Outcome.AUTH, 99), questions(3), Policy(parallel=1))
        assert [answer.outcome for answer in answers] == [Outcome.AUTH] * 3


class TestParts:
    """What has arrived of an answer when the time is over."""

    def test_is_given_at_the_deadline(self):
        """Two sentences of three, with an outcome that says so."""
        (answer,), took = asked(Speaking(), policy=Policy(hedge=False), within_s=2.5)
        assert (answer.outcome, took) == (Outcome.PARTIAL, 2.5)
        assert [row.text for row in answer.completion.sentences] == ["0", "1"]
        assert outcomes(answer) == [Outcome.TIMEOUT]

    def test_nothing_yet_is_no_part(self):
        """Before the first sentence it is an answer that did not come."""
        (answer,), _ = asked(Speaking(), policy=Policy(hedge=False), within_s=0.5)
        assert (answer.outcome, answer.completion) == (Outcome.TIMEOUT, None)

    def test_the_longest_part_counts(self):
        """That of the first call, not of its hedge."""
        state = EndpointState()
        (answer,), _ = asked(Speaking(sentences=9), policy=Policy(hedge_after_s=2.0), state=state, within_s=4.5)
        assert state.hedges == 1
        assert len(answer.completion.sentences) == 4

    @pytest.mark.parametrize("end", [Outcome.TRUNCATED, Outcome.UNAVAILABLE, Outcome.TIMEOUT])
    def test_is_given_where_only_the_end_is_missing(self, end):
        """Cut at the cap, or by the connection; no call is left."""
        (answer,), _ = asked(Speaking(end), policy=Policy(hedge=False, max_attempts=1), within_s=9)
        assert answer.outcome is Outcome.PARTIAL
        assert len(answer.completion.sentences) == 3

    @pytest.mark.parametrize("end", [Outcome.FILTERED, Outcome.REFUSED, Outcome.INVALID_JSON, Outcome.SCHEMA])
    def test_is_not_given_of_what_was_withheld_or_formless(self, end):
        """The reason is told."""
        (answer,), _ = asked(Speaking(end), policy=Policy(hedge=False, max_attempts=1), within_s=9)
        assert (answer.outcome, answer.completion) == (end, None)

    def test_a_whole_answer_counts_before_a_longer_part(self):
        """Whatever else had arrived."""

        class FirstIsCut:
            calls = 0

            async def complete(self, ask):
                raise AssertionError

            async def stream(self, ask, heard):
                self.calls += 1
                count, end = ((3, Outcome.TRUNCATED), (1, Outcome.OK))[self.calls - 1]
                return await Speaking(end, sentences=count).stream(ask, heard)

        (answer,), _ = asked(FirstIsCut(), policy=Policy(hedge=False), within_s=9)
        assert answer.outcome is Outcome.OK
        assert len(answer.completion.sentences) == 1

    def test_an_endpoint_that_speaks_is_not_dead(self):
        """Too slow for all of them is no failure in a row."""
        state = EndpointState()
        for _ in range(3):
            asked(Speaking(sentences=9), questions(4), Policy(hedge=False), state)
        assert (state.failures, state.open_until) == (0, None)


ENDPOINTS = examples(2, 5)


class TestManyReports:
    @staticmethod
    def flaky(policy):
        """Endpoints, two hundred reports of three questions each: passages lost, calls, hedges, longest report."""
        lost, calls, hedges, walls = 0, 0, 0, []
        for seed in range(1, 1 + ENDPOINTS):
            state, endpoint = EndpointState(), Flaky(seed=seed)

            async def main(state=state, endpoint=endpoint):
                loop = asyncio.get_running_loop()
                missed = 0
                for _ in range(200):
                    began = loop.time()
                    answers = await ask_all(endpoint, questions(3), policy, state, deadline=began + policy.deadline_s)
                    missed += sum(answer.outcome is not Outcome.OK for answer in answers)
                    walls.append(loop.time() - began)
                    await asyncio.sleep(60)
                return missed

            lost += in_made_up_time(main())
            calls, hedges = calls + state.calls, hedges + state.hedges
        return lost, calls, hedges, max(walls)

    def test_a_flaky_endpoint_gives_nearly_every_passage_in_time(self):
        """One call in seven faulty: no deadline missed, few passages lost, for a fifth more calls.

        One call each would lose 15 of 100 passages, retries without hedges 3.
        """
        asked_for = ENDPOINTS * 200 * 3
        lost, calls, hedges, longest = self.flaky(Policy())
        unhedged, *_ = self.flaky(Policy(hedge=False))
        assert longest <= 4.5 + CLEANUP_S + 1e-6
        assert lost <= 0.015 * asked_for
        assert lost <= unhedged / 2
        assert hedges <= Policy().extra_share * asked_for + 5
        assert calls <= 1.25 * asked_for


class TestTheLibrary:
    def test_the_policy_loads_no_client(self):
        """A run without a model loads none, and the first deadline pays for no import."""
        script = (
            "import sys, report_gen.llm.policy.calls, report_gen.llm.client, report_gen.llm.scripted\n"
            "print(sorted({'openai', 'httpx', 'httpx2'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
