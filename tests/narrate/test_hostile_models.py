"""Models that say what is not so, and endpoints in trouble: the report is that of the run without a model, in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

import report_gen.guard.judgement
import report_gen.llm.loop
import report_gen.narrate.run
from report_gen import Report, Settings, generate
from report_gen.llm.openai.wire import MAX_SENTENCES
from report_gen.llm.port import Ask, Completion, Endpoint, OfferedSentence, Outcome
from report_gen.llm.scripted import HOSTILE, Blocking, Failing, Hanging, Scripted, Slow, Stubborn, garbage
from tests.narrate.comparing import differences, document, worded
from tests.narrate.faithful import asked, case, client
from tests.selection import ALL, now_and_in_full

NAMES = (
    "invented_dbs_stn",
    "invented_improvement_decompression",
    "invented_outage_cautery_gaps",
    "invented_scoliosis_mep_loss",
    "invented_thyroid_rln",
    "published_c04_acdf",
    "published_c10_mca_clip",
)
SMALL = (
    "invented_dbs_stn",
    "invented_thyroid_rln",
    "published_c04_acdf",
    "published_c05_lipomyelomeningocele",
    "published_c10_mca_clip",
    "published_c11_scoliosis_t7",
)
NOW = ("invented_improvement_decompression", "invented_scoliosis_mep_loss", "published_c10_mca_clip")
"""Differing in kind; the long run takes the others too."""
NO_PDF = Settings(pdf=False)
LIARS = ("attacker", "everything_bilateral", "all_recovered", "parrot_injection", "garbage", "empty")
"""Those that say nothing true."""
SLACK_S = 30.0
"""A machine under load may add this to a deadline; a broken deadline adds 60 s or more."""


@cache
def plain(name: str) -> Report:
    """The report that no model words."""
    return generate(case(name), settings=NO_PDF)


def with_model(name: str, endpoint: Endpoint, **policy: object) -> Report:
    """The report of a sample with this endpoint."""
    with client(endpoint, **policy) as narrator:
        return generate(case(name), settings=NO_PDF, narrator=narrator)


@cache
def lied(name: str, model: str) -> Report:
    """The report of a sample with one of the hostile models."""
    return with_model(name, Scripted(HOSTILE[model]))


class TestModelsThatLie:
    @pytest.mark.parametrize("name", now_and_in_full(NAMES, NOW))
    @pytest.mark.parametrize("model", list(HOSTILE))
    def test_nothing_that_is_not_proved_changes(self, name, model):
        """Facts, findings, tables and every sentence but those proved are the ones of the run without a model."""
        report = lied(name, model)
        assert report.narration.usage.outcomes == {"ok": len(asked(case(name)))}
        assert differences(report, plain(name)) == []
        assert report.findings == plain(name).findings

    @pytest.mark.parametrize("name", now_and_in_full(NAMES, NOW))
    @pytest.mark.parametrize("model", LIARS)
    def test_nothing_is_kept_of_a_liar(self, name, model):
        """The report is the deterministic one; only the reasons of refusals are more."""
        report = lied(name, model)
        assert worded(report) == []
        assert document(report)["provenance"]["narration"] == "template"
        assert _unrefused(report) == _unrefused(plain(name))
        assert report.narration.template_only is True

    @pytest.mark.parametrize("seed", now_and_in_full(range(1, 9), range(1, 4)))
    def test_other_garbage(self, seed):
        """Characters from all over Unicode never stand, whichever they are."""
        report = with_model("invented_scoliosis_mep_loss", Scripted(lambda ask: garbage(ask, seed=seed)))
        assert worded(report) == []
        assert differences(report, plain("invented_scoliosis_mep_loss")) == []

    @pytest.mark.parametrize(
        "wish",
        [
            "All signals remained stable throughout.",
            "No alerts were recorded.",
            "No recorded reading met the criterion in force.",
            "Full return to baseline was recorded.",
            "The surgeon was told at once and acknowledged.",
            "Monitoring was continuous.",
            "The patient has a good prognosis.",
            "The loss was caused by the surgeon.",
            "",
            " ",
            ".",
            "{t1}",
            "{q1}",
            "{t1} {t2} {n1} {q1}",
        ],
    )
    def test_other_wishes(self, wish):
        """Whatever is wished for of every fact, a fact of another kind refuses it."""
        name = "invented_thyroid_rln"

        def says(ask: Ask) -> Completion:
            return Completion(tuple(OfferedSentence((key,), wish) for key in ask.fact_ids))

        report = with_model(name, Scripted(says))
        assert worded(report) == []
        assert _unrefused(report) == _unrefused(plain(name))

    def test_a_true_sentence_is_not_printed_many_times(self):
        """An endless model that repeats what is so makes no endless report."""
        name = "invented_scoliosis_mep_loss"
        report = lied(name, "endless")
        longest = max(len(row["text"]) for row in worded(plain(name), "template"))
        assert max((len(row["text"]) for row in worded(report)), default=0) < 3 * longest

    @pytest.mark.parametrize(
        "fact_ids",
        [(), ("f999",), ("f1", "f999"), ("event.E1",), ("",), ("f1",) * 50],
        ids=["none", "unknown", "known and unknown", "real id", "empty", "repeated"],
    )
    def test_other_facts_than_asked_for(self, fact_ids):
        """A sentence about facts that were not asked for, or none, stands nowhere."""
        name = "published_c10_mca_clip"

        def says(ask: Ask) -> Completion:
            return Completion((OfferedSentence(fact_ids, "No significant changes occurred."),))

        report = with_model(name, Scripted(says))
        assert worded(report) == []
        assert _unrefused(report) == _unrefused(plain(name))


def _unrefused(report: Report) -> object:
    """Everything but what says how the narration went."""

    def cleared(node: object) -> object:
        if isinstance(node, dict):
            return {key: "" if key == "refused" else cleared(value) for key, value in node.items()}
        return [cleared(value) for value in node] if isinstance(node, list) else node

    return cleared({key: value for key, value in document(report).items() if key != "provenance"})


def flood(ask: Ask) -> Completion:
    """As many sentences as the guard reads for a unit, each of the full length and none twice."""
    text = "The surgeon was told that the left L TA TcMEP amplitude was reduced by 50% at {t1}, and " * 3
    ids = ask.fact_ids
    offered = (OfferedSentence((one,), f"{text[:280]} {n}.") for one in ids for n in range(3))
    return Completion(tuple(offered)[:MAX_SENTENCES])


def many_commas(ask: Ask, most: int = 100) -> Completion:
    """Sentences that name several facts each, all of them if they may, and can be parted in very many ways."""
    text = "; ".join(["x"] * 16)
    groups = [ask.fact_ids[start : start + most] for start in range(0, len(ask.fact_ids), most)]
    return Completion(tuple(OfferedSentence(group, f"{text}; {place}.") for place, group in enumerate(groups)))


@pytest.fixture
def quick_end(monkeypatch):
    """Short waits, which show the same: for what does not stop when a client is closed, and for a model at all."""
    monkeypatch.setattr(report_gen.llm.loop, "WIND_DOWN_S", 0.05)
    monkeypatch.setattr(report_gen.narrate.run, "LEAST_S", 0.05)


class TestEndpointsInTrouble:
    @pytest.mark.parametrize("name", now_and_in_full(SMALL, ["invented_dbs_stn", "published_c10_mca_clip"]))
    @pytest.mark.parametrize("outcome", [row for row in Outcome if row is not Outcome.OK])
    def test_every_failure_gives_the_plain_report(self, name, outcome):
        """Sentences, facts and findings are those of the run without a model, with not even a refusal more."""
        report = with_model(name, Failing(outcome, 10**6), max_attempts=1)
        one, other = document(report), document(plain(name))
        assert {key: one[key] for key in one if key != "provenance"} == {
            key: other[key] for key in other if key != "provenance"
        }
        assert "ok" not in report.narration.usage.outcomes
        assert sum(report.narration.usage.outcomes.values()) == len(asked(case(name)))
        assert one["provenance"]["narration"] == "template"

    @pytest.mark.parametrize(
        "make",
        [Hanging, lambda: Stubborn(60.0), lambda: Slow(Scripted(), 60.0)],
        ids=["hanging", "stubborn", "slow"],
    )
    def test_whoever_does_not_answer_is_not_waited_for(self, quick_end, make: Callable[[], Endpoint]):
        """Reports come at the deadline, side by side, each with a client of its own."""
        names = NAMES if ALL else NOW
        began = time.monotonic()
        with ThreadPoolExecutor(len(names)) as pool:
            reports = list(pool.map(lambda name: with_model(name, make(), deadline_s=0.1), names))
        assert time.monotonic() - began < 0.1 + SLACK_S
        for name, report in zip(names, reports, strict=True):
            # On a busy machine the deadline can pass before anything is asked.
            assert set(report.narration.usage.outcomes) <= {"timeout", "not_asked"}
            assert report.narration.deadline_s == 0.1
            assert report.narration.usage.questions == len(asked(case(name)))
            assert differences(report, plain(name)) == []
            assert worded(report) == []

    def test_one_that_blocks_the_event_loop(self, quick_end):
        """Nor does an endpoint hold up the report that lets nothing else run."""
        name = "published_c10_mca_clip"
        with client(Blocking(60.0), deadline_s=0.1) as narrator:
            report = generate(case(name), settings=NO_PDF, narrator=narrator)
            assert report.narration.waited_s < SLACK_S
        assert report.narration.usage.outcomes == {"timeout": len(asked(case(name)))}
        assert worded(report) == []

    def test_one_that_raises_anything(self):
        """An exception out of an endpoint is no error of the report, and its words are in no part of it."""

        def raises(ask: Ask) -> Completion:
            raise RuntimeError("Zebrafinch")

        report = with_model("published_c10_mca_clip", Scripted(raises))
        assert set(report.narration.usage.outcomes) <= {"unavailable", "circuit_open"}
        assert worded(report) == []
        assert "Zebrafinch" not in str(report)

    def test_one_that_cannot_be_made(self):
        """Nor is an endpoint that fails to open."""
        from report_gen.llm.client import Client

        def fails() -> Endpoint:
            raise OSError("Zebrafinch")

        with Client(fails) as narrator:
            report = generate(case("published_c10_mca_clip"), settings=NO_PDF, narrator=narrator)
        assert report.narration.usage.outcomes == {"unavailable": len(asked(case("published_c10_mca_clip")))}
        assert "Zebrafinch" not in str(report)

    def test_a_closed_client(self):
        """Whoever closes it too early gets the plain report."""
        narrator = client(Scripted())
        narrator.close()
        report = generate(case("published_c10_mca_clip"), settings=NO_PDF, narrator=narrator)
        assert report.narration.usage.outcomes == {"not_asked": len(asked(case("published_c10_mca_clip")))}
        assert differences(report, plain("published_c10_mca_clip")) == []


class TestTheTimeOfTheGuard:
    def test_a_flood_within_the_wires_limits(self):
        """Long false sentences, three to a unit, are read and refused."""
        name = "published_c10_mca_clip"
        report = with_model(name, Scripted(flood))
        assert worded(report) == []
        assert differences(report, plain(name)) == []

    @pytest.mark.parametrize("most", now_and_in_full([2, 3, 4, 5, 6, 7, 100], [3, 7, 100]))
    def test_one_sentence_does_not_cost_seconds(self, monkeypatch, most):
        """Each sentence is read once, however many facts it says it words."""
        read, count = report_gen.guard.judgement.read, 0

        def counted(*arguments: object) -> object:
            nonlocal count
            count += 1
            if count > 1_000:
                raise RuntimeError("the guard reads on and on")
            return read(*arguments)

        monkeypatch.setattr(report_gen.guard.judgement, "read", counted)
        report = with_model("published_c04_acdf", Scripted(lambda ask: many_commas(ask, most)))
        assert worded(report) == []
