"""The model benchmark: a simulated endpoint with known luck, and reports that lose nothing however it is asked."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from functools import cache
from statistics import correlation, median
from threading import Event, Thread

import pytest

import bench.model.reports
import bench.model.run
import bench.model.server
import report_gen.narrate.merge
import report_gen.pipeline
from bench.model.answers import Said, Table
from bench.model.cases import BenchCase, false_printed, lost
from bench.model.policies import POLICIES, Gate, Numbered
from bench.model.profiles import PROFILES, Spread, luck, manner
from bench.model.promises import WITHIN_S, promises, told
from bench.model.reports import Asked, Lane, Made, run_lane
from bench.model.run import SIZES, lanes_of, measure, row_of
from bench.model.serving import Serving, Used
from bench.result import Row
from report_gen.guard.passage import Verdict
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Answer, Outcome
from tests.bench.documents import with_document
from tests.bench.model.known import SEED, SMALL, case, known, question
from tests.selection import ALL

SLACK_S = 30.0
"""A machine under load may add this to a deadline."""
FAULTS = tuple(PROFILES["hostile"].faults)
SMOKE = SIZES["smoke"] if ALL else replace(SIZES["smoke"], reports=1, cases=SMALL[:1], in_flight=1, pace=0.01)
"""Every row in every run; in the long one with as many reports, and endpoints as slow, as the smoke scale says."""


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """A busy machine leaves a model no time within six seconds; what comes of it is tested, not when."""
    monkeypatch.setattr(report_gen.pipeline, "TOTAL_S", 600.0)


@cache
def smoke():
    """The benchmark at its smallest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench.model.run, "SIZES", {**SIZES, "smoke": SMOKE})
        return measure("smoke", SEED)


class TestRows:
    def test_every_profile_meets_every_policy(self):
        """And one row is of no model."""
        names = [row.name for row in smoke().rows]
        assert names == [*(f"{profile} / {policy}" for profile in PROFILES for policy in POLICIES), "no model"]

    def test_nothing_is_lost_under_any(self):
        """Every report has its pages, its findings, and the facts of the one that no model worded."""
        assert [(row.name, row.why) for row in smoke().rows if not row.ok] == []
        assert {row.figures["reports"] for row in smoke().rows} == {SMOKE.reports}

    def test_the_deadline_holds(self):
        """Whatever an endpoint does, ours comes; the time allowed here is for a busy machine."""
        rows = [row for row in smoke().rows if row.name.endswith(" / ours")]
        assert len(rows) == len(PROFILES)
        assert all(wall <= WITHIN_S + SLACK_S for row in rows for wall in row.samples["wall_s"])

    def test_what_is_kept_does_not_hang_on_how_it_is_asked(self):
        """Where nothing fails and nobody hurries, one call for all keeps what a call for each section keeps."""
        rows = {row.name: row.figures for row in smoke().rows}
        for profile in ("hosted_fast", "hosted_mid", "local_gpu"):
            kept = {rows[f"{profile} / {policy}"]["kept_pct"] for policy in ("whole_report", "sdk_defaults")}
            assert len(kept) == 1
            assert kept.pop() > 0

    def test_calls_are_counted(self):
        """One for the whole report, or one for each section, where nothing fails."""
        rows = {row.name: row.figures for row in smoke().rows}
        assert rows["hosted_fast / whole_report"]["calls_per_report"] == 1
        assert rows["hosted_fast / sdk_defaults"]["calls_per_section"] == 1
        assert rows["hosted_fast / sdk_defaults"]["usd_per_report"] > 0
        assert rows["local_gpu / sdk_defaults"]["usd_per_report"] is None

    def test_the_same_seed_keeps_the_same(self):
        """Whoever runs it again has the same luck."""
        with Serving(known(), SEED, pace=0.02) as serving:
            row = Asked("hosted_fast", "sdk_defaults", serving.url("hosted_fast"), 2)
            one, other = (run_lane(Lane(((row,),), SMALL, 2, SEED, 0.0)) for _ in range(2))
        assert [(row.number, row.asked, row.kept) for row in one] == [
            (row.number, row.asked, row.kept) for row in other
        ]
        assert sum(row.kept for row in one) > 0

    def test_the_notes_say_that_it_is_simulated(self):
        """And that times which were shrunk show nothing."""
        notes = " ".join(smoke().notes)
        assert "simulated" in notes
        assert "no promise is looked at" in notes

    @pytest.mark.parametrize(
        ("walls", "calls", "said"),
        [
            ((1.8, 1.9), (6, 5), ["yes", "yes", "yes"]),
            ((2.1, 6.1), (6, 7), ["NO", "NO", "NO"]),
            ((1.9, 2.1), (5, 7), ["yes", "open", "open"]),
        ],
    )
    def test_promises_are_held_or_not_or_open(self, walls, calls, said):
        """Each is said with how many reports it rests on."""
        samples = {"wall_s": walls * 10, "calls": calls * 10, "sections": (5.0,) * 20}
        notes = promises({name: Row(name, {"reports": 20}, samples) for name in PROFILES}, 1)
        assert [note.partition(" (")[0].rpartition(": ")[2] for note in notes] == said
        assert all("20" in note for note in notes)

    def test_an_interval_that_holds_the_limit_is_open(self):
        """One figure that is surely above it is enough for a no."""
        assert told([(1.0, 0.9, 1.1), (1.9, 1.8, 2.1)], 2.0) == "open"
        assert told([(1.9, 1.8, 2.1), (2.5, 2.2, 2.8)], 2.0) == "NO"
        assert told([(1.0, 0.9, 1.1)], 2.0) == "yes"

    def test_a_row_that_does_not_count_shows_no_promise(self):
        """Nothing is concluded from the others."""
        assert len(promises({name: Row(name, ok=name != "hostile") for name in PROFILES}, 1)) == 1

    @pytest.mark.parametrize("scale", ["smoke", "quick", "full"])
    def test_ours_has_the_load_of_the_others(self, scale):
        """As many reports at once, in a heat of its own, and not the first everywhere where there are two lanes."""
        lanes = lanes_of(SIZES[scale], SEED, lambda name: name)
        heats = [[{(row.policy, row.in_flight) for row in heat} for heat in lane.heats] for lane in lanes]
        assert all(len(heat) == 1 for lane in heats for heat in lane)
        flights = {heat.copy().pop() for lane in heats for heat in lane}
        assert len({count for policy, count in flights if policy != "whole_report"}) == 1
        assert len({lane[0].copy().pop()[0] for lane in heats}) == len(lanes)
        assert [sorted(policy for heat in lane for policy, _ in heat) for lane in heats] == [sorted(POLICIES)] * len(
            lanes
        )
        asked = {(row.profile, row.policy) for lane in lanes for heat in lane.heats for row in heat}
        assert len(asked) == len(PROFILES) * len(POLICIES)

    def test_without_the_library_every_row_is_skipped(self, monkeypatch):
        """With the reason and what to do."""
        monkeypatch.setattr(bench.model.run, "find_spec", lambda name: None)
        part = measure("smoke", SEED)
        assert {row.ok for row in part.rows} == {False}
        assert all("pip install" in row.why for row in part.rows)

    def test_a_report_that_does_not_count_takes_its_row_along(self):
        """With the reason, without a figure."""
        made = [Made("hosted_mid", "ours", 0, 1.0, 5, 5, 2), Made("hosted_mid", "ours", 1, 1.0, why="no pages")]
        row = row_of("hosted_mid", "ours", made, {})
        assert (row.ok, row.figures, row.samples) == (False, {}, {})
        assert row.why == "1 of 2 reports do not count: no pages"

    @pytest.mark.parametrize(
        ("made", "seen", "why"),
        [
            (Made("hosted_mid", "ours", 1, 1.0, 5, 5, 2), False, "the server did not see 1 of 2 reports that asked"),
            (Made("hosted_mid", "ours", 1, 1.0, 5, 0, 2, left_alone=2, unsent=2), False, ""),
            (Made("hosted_mid", "ours", 1, 1.0, 5, 5, 2, false=1), True, "1 false sentences were printed"),
        ],
    )
    def test_a_model_that_is_not_reached_or_not_true_counts_for_nothing(self, made, seen, why):
        """Reports whose questions were all left alone are how ours is meant to work."""
        used = Used(5, 1, 0, 1000, 0)
        ledger = {("hosted_mid", "ours", n): used for n in range(1 + seen)}
        row = row_of("hosted_mid", "ours", [Made("hosted_mid", "ours", 0, 1.0, 5, 5, 2), made], ledger)
        assert (row.ok, row.why) == (not why, why)

    def test_a_model_that_never_says_a_word_counts_for_nothing(self):
        """It is asked, and nothing that it says is kept."""
        made = [Made("hosted_mid", "ours", n, 1.0, asked=10, sections=4) for n in (0, 1)]
        row = row_of("hosted_mid", "ours", made, {("hosted_mid", "ours", n): Used(4, 0, 0, 1000, 0) for n in (0, 1)})
        assert (row.ok, row.figures) == (False, {})
        assert row.why == "no sentence of the model was kept in any report"

    def test_figures_of_a_row(self):
        """Shares of what was asked, use a report, cost at the list price."""
        made = [
            Made("hosted_mid", "ours", n, 1.0 + n * 6, asked=10, kept=8 - n, sections=4, answered=3) for n in (0, 1)
        ]
        used = {("hosted_mid", "ours", n): Used(5, 1, 0, 1_000_000, 0) for n in (0, 1)}
        figures = row_of("hosted_mid", "ours", made, used).figures
        assert figures["within_6s_pct"] == 50
        assert (figures["kept_pct"], figures["answered_pct"], figures["left_alone_pct"]) == (75, 75, 0)
        assert (figures["calls_per_section"], figures["calls_per_report"], figures["usd_per_report"]) == (1.25, 5, 2.5)


class TestFalse:
    """What the model said in a report is known to be true, or it is false."""

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            (lambda one, other: one, 0),
            (lambda one, other: f"{other} {one}", 0),
            (lambda one, other: one.replace(".", ", as was not recorded."), 1),
            (lambda one, other: f"{one} Made up.", 1),
        ],
        ids=["as written", "two as one", "made false", "one of two made false"],
    )
    def test_false_sentences_are_counted(self, text, count):
        """Whatever the guard makes of them."""
        one, other = sorted(case().true["event-E1"])[:2]
        document = json.loads(case().plain.json)
        place = _prose(document)
        document["sections"][place]["blocks"][0]["sentences"][0].update(text=text(one, other), worded_by="model")
        assert false_printed(with_document(case().plain, "json", data=json.dumps(document).encode()), case()) == count

    def test_what_is_true_of_another_passage_is_false_here(self):
        """And the template's own sentences are not the model's."""
        document = json.loads(case().plain.json)
        known_elsewhere = sorted(case().true["event-E2"] - case().true["event-E1"])[0]
        row = document["sections"][_prose(document)]["blocks"][0]["sentences"][0]
        row.update(text=known_elsewhere, worded_by="model")
        assert false_printed(with_document(case().plain, "json", data=json.dumps(document).encode()), case()) == 1
        assert false_printed(case().plain, case()) == 0

    def test_a_guard_that_lets_everything_through_is_found(self, monkeypatch):
        """A row of false sentences does not count."""
        monkeypatch.setattr(report_gen.narrate.merge, "prove", _believing)
        monkeypatch.setattr(bench.model.reports, "lost", lambda report, of: "")
        wrong = Table(
            {
                key: tuple(tuple(Said(row.facts, f"Not so: {row.text}") for row in rows) for rows in variants)
                for key, variants in known().answers.items()
            },
            known().joined,
        )
        with Serving(wrong, SEED, pace=0.02) as serving:
            row = Asked("hosted_fast", "sdk_defaults", serving.url("hosted_fast"), 1)
            made = run_lane(Lane(((row,),), SMALL, 1, SEED, 0.0))
            ledger = serving.ledger()
        assert made[0].false > 0
        assert "false sentences were printed" in row_of("hosted_fast", "sdk_defaults", made, ledger).why


def _believing(passage, claims, facts, **_):
    """A guard that takes every sentence for the first unit that it names."""
    by_key = {unit.key: unit for unit in passage.units}
    done, verdicts = set(), []
    for claim in claims:
        units = tuple(by_key[key] for key in claim.units if key in by_key and key not in done)
        if units:
            done.update(unit.key for unit in units)
            verdicts.append(Verdict(units, (claim.text,), ()))
    return tuple(verdicts)


class TestLost:
    """What is compared with the deterministic report."""

    def test_nothing(self):
        """The deterministic report lacks nothing of itself."""
        assert lost(case().plain, case()) == ""

    @pytest.mark.parametrize(
        ("what", "why"),
        [
            (lambda d: d["facts"].pop(), "other facts"),
            (lambda d: d["sections"].pop(), "other sections"),
            (lambda d: d["sections"][_prose(d)]["blocks"].clear(), "stated"),
            (lambda d: d["sections"][_table(d)]["blocks"].pop(), "tables"),
            (lambda d: d["sections"][_prose(d)]["blocks"][0]["sentences"][0].update(text="Made up."), "neither"),
            (lambda d: d["sections"][_twice(d)]["blocks"][0]["sentences"].pop(0), "nothing stands for"),
        ],
    )
    def test_something(self, what, why):
        """A fact, a section, a statement, a table."""
        document = json.loads(case().plain.json)
        what(document)
        assert why in lost(with_document(case().plain, "json", data=json.dumps(document).encode()), case())

    def test_a_finding_or_the_pages(self):
        """Either makes a report count for nothing."""
        plain = case().plain
        fewer = replace(plain, checked=replace(plain.checked, findings=plain.findings[1:]))
        assert plain.findings
        assert lost(fewer, case()) == "other findings"
        assert lost(with_document(plain, "pdf", data=b""), case()) == "no pages"


def _prose(document):
    return next(n for n, row in enumerate(document["sections"]) if row["id"] == "event-E1")


def _twice(document):
    """A section whose first sentence states what others state too; one is made where there is none."""
    place = _prose(document)
    first, *_, last = (row["sentences"] for row in document["sections"][place]["blocks"] if "sentences" in row)
    last[0]["facts"] = last[0]["facts"] + first[0]["facts"]
    return place


def _table(document):
    return next(
        n
        for n, row in enumerate(document["sections"])
        if row["blocks"] and row["blocks"][-1]["kind"] not in ("paragraph",)
    )


class TestLuck:
    def test_it_is_a_function_of_its_arguments(self):
        """Seed, report, question, attempt, profile."""
        hostile = PROFILES["hostile"]
        found = luck(hostile, 1, 2, "q", 0)
        assert found == luck(hostile, 1, 2, "q", 0)
        others = [luck(hostile, *other) for other in ((2, 2, "q", 0), (1, 3, "q", 0), (1, 2, "r", 0), (1, 2, "q", 1))]
        assert found not in [*others, luck(PROFILES["hosted_mid"], 1, 2, "q", 0)]

    @pytest.mark.parametrize("name", list(PROFILES))
    def test_it_has_the_medians_and_spreads_it_says(self, name):
        """Of calls of different reports, stalls left out."""
        profile = replace(PROFILES[name], stalls=0.0)
        met = [luck(profile, 5, report, "q", 0) for report in range(3000)]
        for said, found in (
            (profile.first_token_s, [row.first_token_s for row in met]),
            (profile.tokens_per_s, [row.tokens_per_s for row in met]),
        ):
            logs = sorted(math.log(value) for value in found)
            assert median(found) == pytest.approx(said.median, rel=0.05)
            assert (logs[2523] - logs[476]) / 2 == pytest.approx(said.sigma, rel=0.1)  # one sigma either way

    def test_calls_of_a_report_go_together(self):
        """By half; those of two reports do not."""
        profile = replace(PROFILES["hosted_mid"], stalls=0.0)
        rates = [
            [math.log(luck(profile, 5, report, question, 0).tokens_per_s) for report in range(2000)]
            for question in ("a", "b")
        ]
        assert correlation(*rates) == pytest.approx(0.5, abs=0.05)
        assert correlation(rates[0][1:], rates[1][:-1]) == pytest.approx(0.0, abs=0.06)

    def test_faults_come_as_often_as_said(self):
        """About 14 % of a hostile endpoint's calls; none of the others'."""
        met = [luck(PROFILES["hostile"], 5, report, "q", 0) for report in range(6000)]
        assert sum(row.fault is not None for row in met) / 6000 == pytest.approx(0.14, abs=0.015)
        assert {row.fault for row in met} == {None, *FAULTS}
        assert all(15 <= row.fault_s <= 30 for row in met if row.fault == "hang")
        assert all(5 <= row.fault_s <= 15 for row in met if row.fault == "slow")
        assert all(luck(PROFILES["hosted_fast"], 5, report, "q", 0).fault is None for report in range(500))

    def test_stalls(self):
        """A few calls in a hundred take seconds longer."""
        steady = replace(PROFILES["hosted_fast"], first_token_s=Spread(0.5, 0.0), stalls=0.1)
        stalled = [row for n in range(1000) if (row := luck(steady, 5, n, "q", 0)).first_token_s > 0.6]
        assert len(stalled) == pytest.approx(100, abs=30)
        assert all(4.5 <= row.first_token_s <= 30.5 for row in stalled)

    def test_manners(self):
        """Four of five answers are faithful, and an attempt changes nothing about it."""
        drawn = [manner(PROFILES["hosted_mid"], 5, report, "q")[0] for report in range(2000)]
        shares = {name: drawn.count(name) / 2000 for name in ("faithful", "partly", "false")}
        assert shares == pytest.approx({"faithful": 0.8, "partly": 0.15, "false": 0.05}, abs=0.03)
        one, other = (manner(PROFILES["hosted_mid"], 5, 1, "q")[1].random() for _ in range(2))
        assert one == other


# --- the server ------------------------------------------------------------------------------------------------------


class TestGate:
    def test_it_is_open_while_a_report_waits(self):
        """Another computes meanwhile, and what was waited for it is told."""
        gate, inside, done = Gate(), Event(), Event()

        class Way:
            policy, about = Policy(), {}

            def ask(self, asks, *, deadline_s=None):
                Thread(target=other).start()
                assert inside.wait(10)
                return tuple(Answer(ask.id, Outcome.OK) for ask in asks)

        def other():
            gate.enter()
            inside.set()
            time.sleep(0.1)
            done.set()
            gate.leave()

        narrator = Numbered(Way(), "test", 7, gate)
        gate.enter()
        answers = narrator.ask([question()])
        assert done.is_set()
        assert narrator.waited_s > 0
        assert [row.ask_id for row in answers] == [question().id]

    def test_the_server_is_told_which_report(self):
        """In the last line of the rules."""
        heard = []

        class Way:
            policy, about = Policy(), {}

            def ask(self, asks, *, deadline_s=None):
                heard.extend(asks)
                return ()

        gate = Gate()
        gate.enter()
        Numbered(Way(), "test", 7, gate).ask([question()])
        assert heard[0].system == f"{question().system}\n[bench test 7]"
        assert heard[0].user == question().user


def test_a_case_is_a_case():
    """The deterministic report is the measure of all others."""
    assert isinstance(case(), BenchCase)
    assert json.loads(case().plain.json)["provenance"]["narration"] == "template"
