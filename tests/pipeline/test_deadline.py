"""The deadline of a narrated report, on machines that do not exist: each stage takes what the test says it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import report_gen.narrate.merge
import report_gen.narrate.run
import report_gen.pipeline
from report_gen import Report, Settings, generate
from report_gen.draft.passages import passages
from report_gen.draft.writer import write
from report_gen.facts import derive
from report_gen.guard.passage import Claimed, prove
from report_gen.llm.client import GRACE_S
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Answer, Ask, Completion, OfferedSentence, Outcome
from report_gen.llm.scripted import facts_of, recital
from report_gen.narrate.budget import GUARD_SHARE, REST_MARGIN, redraw_s
from report_gen.narrate.run import LEAST_S
from report_gen.pipeline import OVER_PLAIN_S, TOTAL_S
from report_gen.render.terminal.narration import narration_lines
from tests.narrate.comparing import differences, document, worded
from tests.narrate.faithful import asked, case, recited
from tests.selection import examples

EVENTFUL = "invented_scoliosis_mep_loss"
STAGES = {"facts": "derive", "write": "write", "check": "check", "json": "render"}
QUIET_MACHINE = {"facts": 0.01, "write": 0.01, "check": 0.005, "json": 0.1}


class Clock:
    """Time that passes only when somebody says so, and a little whenever it is asked."""

    def __init__(self, tick_s: float = 0.0) -> None:
        self.now_s = 1000.0
        self.tick_s = tick_s

    def __call__(self) -> float:
        """The time."""
        self.now_s += self.tick_s
        return self.now_s


@dataclass
class Model:
    """A narrator whose answers take made-up time, and no longer than it is given."""

    clock: Clock
    says: Callable[[Ask], Completion] = recital
    answer_s: float = 1.0
    deadlines_s: list[float] = field(default_factory=list)
    warmed: int = 0
    about: Mapping[str, str | bool] = field(default_factory=lambda: {"endpoint": "scripted", "model": "scripted"})
    policy: Policy = field(default_factory=Policy)

    def warm(self) -> None:
        """Count it."""
        self.warmed += 1

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """The answers, or none where they come after the deadline; a hung endpoint uses the grace up too."""
        assert deadline_s is not None
        self.deadlines_s.append(deadline_s)
        if deadline_s <= 0:
            return tuple(Answer(row.id, Outcome.NOT_ASKED) for row in asks)
        self.clock.now_s += min(self.answer_s, deadline_s + GRACE_S)
        if self.answer_s > deadline_s:
            return tuple(Answer(row.id, Outcome.TIMEOUT) for row in asks)
        return tuple(Answer(row.id, Outcome.OK, self.says(row)) for row in asks)

    @property
    def was_asked(self) -> bool:
        """Whether it had time for an answer."""
        return any(deadline_s > 0 for deadline_s in self.deadlines_s)


def faithful(ask: Ask) -> Completion:
    """What the template says."""
    return Completion(recited(EVENTFUL)[ask.id], model="scripted-1")


def joined(ask: Ask) -> Completion:
    """All of a passage in one sentence of many parts: the most ways to part it, and the dearest to refuse."""
    keys = tuple(fact.id for fact in facts_of(ask))[:4]
    text = ", and then ".join(" ".join(words for _, words in fact.said) or fact.id for fact in facts_of(ask)[:4])
    return Completion((OfferedSentence(keys, f"{text}; it was, then, so, and while, when, after, before, where."),))


def on_machine(clock: Clock, costs_s: Mapping[str, float], again: float) -> AbstractContextManager[object]:
    """Stages that take so long on the clock; the second time `again` times as long."""
    done: set[str] = set()

    def taking_its_time(stage: str, real: Callable[..., object]) -> Callable[..., object]:
        def stage_of_this_machine(*given: object, **named: object) -> object:
            clock.now_s += costs_s.get(stage, 0.0) * (again if stage in done else 1.0)
            done.add(stage)
            return real(*given, **named)

        return stage_of_this_machine

    slowed = {name: taking_its_time(stage, getattr(report_gen.pipeline, name)) for stage, name in STAGES.items()}
    return patch.multiple(report_gen.pipeline, **slowed)


def timed(
    model: Model, costs_s: Mapping[str, float], *, again: float = 1.0, spent_s: float = 0.0
) -> tuple[Report, float]:
    """A narrated report on a made-up machine, and the seconds from its beginning to its end."""
    began = model.clock.now_s
    with on_machine(model.clock, costs_s, again):
        report = generate(
            case(EVENTFUL), settings=Settings(pdf=False), narrator=model, spent_s=spent_s, clock=model.clock
        )
    return report, model.clock.now_s - began + spent_s


def plain_s(costs_s: Mapping[str, float], spent_s: float = 0.0) -> float:
    """What the same report takes without a model."""
    return spent_s + sum(costs_s.values())


class TestTheEnd:
    @settings(max_examples=examples(25, 400), deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        costs=st.fixed_dictionaries({stage: st.floats(0.0, 3.0) | st.floats(0.0, 0.2) for stage in STAGES}),
        again=st.floats(0.2, REST_MARGIN),
        answer_s=st.floats(0.0, 20.0),
        spent_s=st.floats(0.0, 8.0),
        tick_s=st.floats(0.0, 0.02),
        says=st.sampled_from([faithful, recital, joined]),
    )
    def test_is_six_seconds_or_that_of_the_plain_report_and_a_half(self, costs, again, answer_s, spent_s, tick_s, says):
        """On any machine, with any model: what is counted as late by the clock is left out."""
        model = Model(Clock(tick_s), says, answer_s)
        _, took_s = timed(model, costs, again=again, spent_s=spent_s)
        # Each reading of the clock costs a tick here; after the last decision a handful of them remains.
        readings_s = 40 * tick_s
        assert took_s <= max(TOTAL_S, plain_s(costs, spent_s) + readings_s + OVER_PLAIN_S) + readings_s + 1e-6

    def test_a_model_on_a_quiet_machine_words_the_report(self):
        """There is time for all of it, and it is taken; what the writer joined over two questions nobody said."""
        model = Model(Clock(), faithful, answer_s=2.0)
        report, took_s = timed(model, QUIET_MACHINE)
        unsaid = report.narration.refused
        assert set(unsaid) <= {"missing"}
        assert report.narration.sentences_kept == report.narration.sentences - sum(unsaid.values()) > 10
        assert not report.narration.dropped
        assert len(worded(report)) > 5
        assert 2.0 < took_s < 3.0
        assert model.deadlines_s == [model.policy.deadline_s]

    def test_a_slow_machine_leaves_a_model_what_is_left(self):
        """The deadline is the six seconds less what drawing takes, with a margin and the guard's share."""
        costs_s = QUIET_MACHINE | {"json": 1.0}
        model = Model(Clock(), answer_s=60.0)
        _, took_s = timed(model, costs_s)
        (deadline_s,) = model.deadlines_s
        rest_s = costs_s["check"] + costs_s["json"]
        kept_s = (REST_MARGIN + GUARD_SHARE) * rest_s + GRACE_S
        assert deadline_s == pytest.approx(TOTAL_S - plain_s(costs_s) - kept_s)
        assert took_s <= TOTAL_S

    @pytest.mark.parametrize("spent_s", [5.8, 60.0])
    def test_a_start_that_took_all_of_it_asks_nobody(self, spent_s):
        """Not even the model's library is loaded; the plain report comes at its own time, and says why."""
        model = Model(Clock())
        report, took_s = timed(model, QUIET_MACHINE, spent_s=spent_s)
        assert (model.warmed, model.deadlines_s) == (0, [])
        assert took_s == pytest.approx(plain_s(QUIET_MACHINE, spent_s))
        assert report.narration.dropped is True
        assert report.narration.usage.questions == 0
        assert report.narration.report_ms == pytest.approx(took_s * 1000, abs=1)
        assert document(report)["provenance"]["narration_dropped"].startswith("no wording of a model was ready in time")
        assert "narration_sentences" not in document(report)["provenance"]
        assert worded(report) == []

    def test_a_machine_too_slow_for_a_second_drawing_asks_nobody(self):
        """What the plain report takes is known by then."""
        costs_s = {"facts": 0.01, "json": 3.0}
        model = Model(Clock())
        report, took_s = timed(model, costs_s)
        assert not model.was_asked
        assert took_s == pytest.approx(plain_s(costs_s))
        assert report.narration.template_only is True

    def test_less_than_a_model_needs_is_not_asked_for(self):
        """Half a second is no time to answer in."""
        costs_s = QUIET_MACHINE | {"json": (TOTAL_S - 0.025 - LEAST_S) / 2.75}
        model = Model(Clock())
        timed(model, costs_s)
        assert not model.was_asked


class TestWhatComesTooLate:
    def test_what_the_guard_has_no_time_for_is_refused(self, monkeypatch):
        """It stops where checking and drawing must begin, however many answers came; the rest is the template's."""
        clock = Clock()

        def a_second_each(*given: object, **named: object) -> object:
            clock.now_s += 0.0 if named["late"]() else 1.0
            return prove(*given, **named)

        monkeypatch.setattr(report_gen.narrate.merge, "prove", a_second_each)
        model = Model(clock, faithful, answer_s=0.5)
        report, took_s = timed(model, QUIET_MACHINE)
        assert len(asked(case(EVENTFUL))) >= TOTAL_S
        assert report.narration.refused["late"] > 0
        assert report.narration.sentences_kept < report.narration.sentences
        assert TOTAL_S - 1.0 < took_s <= TOTAL_S + 1.0
        assert differences(report, generate(case(EVENTFUL), settings=Settings(pdf=False))) == []

    def test_what_was_proved_too_late_to_be_drawn_is_dropped(self, monkeypatch):
        """The report of the template stands, made before; who compares sees why."""
        clock = Clock()

        def dawdling(*given: object, **named: object) -> object:
            verdicts = prove(*given, **{**named, "late": None})
            clock.now_s += 3.0
            return verdicts

        monkeypatch.setattr(report_gen.narrate.merge, "prove", dawdling)
        model = Model(clock, faithful, answer_s=0.5)
        report, took_s = timed(model, QUIET_MACHINE)
        assert took_s == pytest.approx(plain_s(QUIET_MACHINE) + 0.5 + 3.0 * len(asked(case(EVENTFUL))))
        assert report.narration.dropped is True
        assert report.narration.usage.answered == len(asked(case(EVENTFUL)))
        assert report.narration.refused["late"] > 10
        assert {row.reasons for row in report.wordings if row.offered} >= {("late",)}
        assert not any(row.taken for row in report.wordings)
        assert document(report)["provenance"]["narration"] == "template"
        assert worded(report) == []

    def test_a_sentence_is_read_only_while_there_is_time(self):
        """The guard looks at the clock before each; what it has proved by then stands."""
        facts = derive(case(EVENTFUL))
        passage = next(row for row in passages(write(facts, report_id="T-1"), facts) if row.id == "event-E1")
        offered = [Claimed((unit.key,), row.text) for unit in passage.offered for row in unit.template]
        looks: list[int] = []

        def late() -> bool:
            looks.append(1)
            return len(looks) > 3

        verdicts = prove(passage, offered, facts, late=late)
        assert [verdict.proved for verdict in verdicts[:4]] == [True, True, True, False]
        assert {row.reason for verdict in verdicts[3:] for row in verdict.refusals} == {"late"}
        assert all(verdict.proved for verdict in prove(passage, offered, facts))

    def test_a_machine_that_becomes_slow_meanwhile_is_noticed(self):
        """The second check tells how slow it is now; drawing once more is then left out."""
        model = Model(Clock(), faithful, answer_s=3.0)
        report, took_s = timed(model, QUIET_MACHINE | {"check": 0.02, "json": 0.5}, again=6.0)
        assert report.narration.dropped is True
        assert took_s <= TOTAL_S
        assert document(report)["provenance"]["narration"] == "template"

    def test_a_report_that_only_tells_of_trouble_is_not_worth_being_late_for(self):
        """Where no wording stands, the second drawing needs twice its time."""
        assert redraw_s(0.5, 1.0, worded=True) == 0.5
        assert redraw_s(0.5, 1.0, worded=False) == 1.0
        assert redraw_s(0.5, 3.0, worded=True) == 1.5
        assert redraw_s(0.5, 0.2, worded=True) == 0.5


class TestDefects:
    @pytest.mark.parametrize("where", ["narrate", "check", "draw"])
    @pytest.mark.parametrize("late_s", [0.0, 10.0])
    def test_of_ours_cost_the_wording_and_never_the_report(self, monkeypatch, where, late_s):
        """Wherever it fails once the plain report is made, in time or late: that one is given out; the log says why."""
        clock = Clock()
        model = Model(clock, faithful, answer_s=0.5)
        calls: list[str] = []

        def failing(real: Callable[..., object], first_fails: bool) -> Callable[..., object]:
            def stage(*given: object, **named: object) -> object:
                calls.append(where)
                if first_fails or len(calls) > 1:
                    clock.now_s += late_s
                    raise RuntimeError("Zebrafinch")
                return real(*given, **named)

            return stage

        target = {"narrate": "narrate", "check": "check", "draw": "render"}[where]
        module = report_gen.narrate.run if where == "narrate" else report_gen.pipeline
        monkeypatch.setattr(module, target, failing(getattr(module, target), where == "narrate"))
        report = generate(case(EVENTFUL), settings=Settings(pdf=False), narrator=model, clock=clock)
        assert differences(report, generate_plain()) == []
        assert worded(report) == []
        assert report.narration is None
        assert narration_lines(report.narration)[0].startswith("narration: a defect of the program")


def generate_plain() -> Report:
    """The report that no model words."""
    with pytest.MonkeyPatch.context() as real:
        for name, function in REAL.items():
            real.setattr(report_gen.pipeline, name, function)
        return generate(case(EVENTFUL), settings=Settings(pdf=False))


REAL = {name: getattr(report_gen.pipeline, name) for name in ("check", "render")}
