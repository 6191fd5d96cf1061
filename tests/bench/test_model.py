"""The model benchmark: a simulated endpoint with known luck, and reports that lose nothing however it is asked."""

from __future__ import annotations

import asyncio
import json
import math
import time
from contextlib import asynccontextmanager
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
from bench.model.answers import Said, Table, answered, falsehoods, key_of, load, save, sheets_of
from bench.model.cases import BenchCase, asked_of, faithful, false_printed, lost, opened, table
from bench.model.policies import POLICIES, Gate, Numbered
from bench.model.profiles import PROFILES, Spread, luck, manner
from bench.model.promises import WITHIN_S, promises, told
from bench.model.reports import Asked, Lane, Made, run_lane
from bench.model.run import _SIZES, _lanes, _row, measure
from bench.model.server import Server, marked, tokens
from bench.model.serving import Serving, Used
from bench.model.whole import joined, parted
from bench.result import Row
from report_gen.draft.passages import passages
from report_gen.draft.writer import write
from report_gen.guard.passage import Claimed, Verdict, prove
from report_gen.llm.policy import Policy
from report_gen.llm.port import Answer, OfferedSentence, Outcome
from tests.bench.documents import with_document
from tests.selection import ALL
from trials.guard.corpus import DRAFTS, sheets

SMALL = ("published_c10_mca_clip", "published_c11_scoliosis_t7")
SEED = 11
SLACK_S = 30.0
"""A machine under load may add this to a deadline."""
FAULTS = tuple(PROFILES["hostile"].faults)
SMOKE = _SIZES["smoke"] if ALL else replace(_SIZES["smoke"], reports=1, cases=SMALL[:1], in_flight=1, pace=0.01)
"""Every row in every run; in the long one with as many reports, and endpoints as slow, as the smoke scale says."""


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """A busy machine leaves a model no time within six seconds; what comes of it is tested, not when."""
    monkeypatch.setattr(report_gen.pipeline, "TOTAL_S", 600.0)


@cache
def smoke():
    """The benchmark at its smallest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench.model.run, "_SIZES", {**_SIZES, "smoke": SMOKE})
        return measure("smoke", SEED)


@cache
def case():
    """A case with its deterministic report."""
    return opened(SMALL[:1])[0]


@cache
def known():
    """What the server knows of two cases."""
    return table(SMALL)


@cache
def drafts():
    """The drafts of two cases that are not held out."""
    return tuple(sheet for sheet in sheets(DRAFTS) if sheet.case in SMALL)


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
        lanes = _lanes(_SIZES[scale], SEED, lambda name: name)
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
        row = _row("hosted_mid", "ours", made, {})
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
        row = _row("hosted_mid", "ours", [Made("hosted_mid", "ours", 0, 1.0, 5, 5, 2), made], ledger)
        assert (row.ok, row.why) == (not why, why)

    def test_a_model_that_never_says_a_word_counts_for_nothing(self):
        """It is asked, and nothing that it says is kept."""
        made = [Made("hosted_mid", "ours", n, 1.0, asked=10, sections=4) for n in (0, 1)]
        row = _row("hosted_mid", "ours", made, {("hosted_mid", "ours", n): Used(4, 0, 0, 1000, 0) for n in (0, 1)})
        assert (row.ok, row.figures) == (False, {})
        assert row.why == "no sentence of the model was kept in any report"

    def test_figures_of_a_row(self):
        """Shares of what was asked, use a report, cost at the list price."""
        made = [
            Made("hosted_mid", "ours", n, 1.0 + n * 6, asked=10, kept=8 - n, sections=4, answered=3) for n in (0, 1)
        ]
        used = {("hosted_mid", "ours", n): Used(5, 1, 0, 1_000_000, 0) for n in (0, 1)}
        figures = _row("hosted_mid", "ours", made, used).figures
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
        one, other = sorted(case().true["course"])[:2]
        document = json.loads(case().plain.json)
        place = _prose(document)
        document["sections"][place]["blocks"][0]["sentences"][0].update(text=text(one, other), worded_by="model")
        assert false_printed(with_document(case().plain, "json", data=json.dumps(document).encode()), case()) == count

    def test_what_is_true_of_another_passage_is_false_here(self):
        """And the template's own sentences are not the model's."""
        document = json.loads(case().plain.json)
        known_elsewhere = sorted(case().true["summary"] - case().true["course"])[0]
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
        assert "false sentences were printed" in _row("hosted_fast", "sdk_defaults", made, ledger).why


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
    return next(n for n, row in enumerate(document["sections"]) if row["id"] == "course")


def _twice(document):
    """A section whose first sentence states what others state too; one is made where there is none."""
    place = _prose(document)
    sentences = document["sections"][place]["blocks"][0]["sentences"]
    sentences[1]["facts"] = sentences[1]["facts"] + sentences[0]["facts"]
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


def judged(sheet, question, said):
    """Verdicts of the guard on sentences for a question, slots filled."""
    whole = {row.id: row for row in passages(write(sheet.facts, report_id="test"), sheet.facts)}[question.passage]
    hidden = {row.slot: row for unit in question.units for part in unit.parts for row in part.said if row.slot}
    texts = []
    for row in said:
        text = row.text
        for slot, value in hidden.items():
            text = text.replace(f"{{{slot}}}", f"“{value.text}”" if value.how == "quote" else value.text)
        texts.append(Claimed(row.facts, text))
    return prove(replace(whole, units=question.units), texts, sheet.facts)


class TestAnswers:
    def test_a_faithful_answer_is_proved(self):
        """What a writer wrote passes the guard as it passed in the corpus."""
        verdicts = [
            verdict
            for sheet in drafts()
            for question, said in faithful(sheet, asked_of(sheet))
            for verdict in judged(sheet, question, said)
        ]
        assert len(verdicts) > 50
        assert sum(verdict.proved for verdict in verdicts) >= 0.95 * len(verdicts)

    def test_it_shows_no_slot_s_value(self):
        """A model that knows only slots could not have."""
        for sheet in drafts():
            for question, said in faithful(sheet, asked_of(sheet)):
                hidden = {row.text for unit in question.units for part in unit.parts for row in part.said if row.slot}
                assert not [text for text in hidden for row in said if f" {text} " in f" {row.text} "]

    def test_every_falsehood_is_refused(self):
        """Each of every sentence, beside the true ones about the same facts."""
        passed, made = [], 0
        for sheet in drafts():
            for question, said in faithful(sheet, asked_of(sheet)):
                sheet_of_request = next(sheets_of(question.ask.user))
                for row in said:
                    for false in falsehoods(row.text, sheet_of_request):
                        kin = [false_or(other, row, false) for other in said if set(other.facts) & set(row.facts)]
                        about = [verdict for verdict in judged(sheet, question, kin) if verdict.texts]
                        made += 1
                        passed += [false for verdict in about if verdict.proved]
        assert made > 150
        assert passed == []

    def test_falsehoods_come_from_the_request(self):
        """A number or slot of another fact, a unit less, a word turned."""
        one = {"kind": "x", "at": "{t1}", "pct": "17%"}
        other = {"kind": "x", "at": "{t2}", "by": "{n1}", "pct": "45%"}
        asked = {"facts": [{"id": "f1", "parts": [one]}, {"id": "f2", "parts": [other]}]}
        assert set(falsehoods("At {t1} the left TA stood at 17% of baseline.", asked)) == {
            "At {t2} the left TA stood at 17% of baseline.",
            "At {t1} the left TA stood at 45% of baseline.",
            "At {t1} the left TA stood at 17 of baseline.",
            "At {t1} the right TA stood at 17% of baseline.",
        }

    def test_manner_decides_how_many(self):
        """None, a third, all; in every manner each sentence names the facts that it named."""
        sheet = drafts()[0]
        question, said = max(faithful(sheet, asked_of(sheet)), key=lambda row: len(row[1]))
        one = Table({key_of(question.ask.user): (said,)}, {})
        wrong = {}
        for name in ("faithful", "partly", "false"):
            _, rng = manner(PROFILES["hostile"], 1, 1, "q")
            found = answered(one, question.ask.user, lambda _, name=name, rng=rng: (name, rng))
            assert [row.facts for row in found] == [row.facts for row in said]
            wrong[name] = sum(row != true for row, true in zip(found, said, strict=True))
        assert len(said) > 3
        assert wrong == {"faithful": 0, "partly": max(1, round(len(said) / 3)), "false": len(said)}

    def test_an_unknown_question_gets_no_sentence(self):
        """There is nothing to say to it."""
        assert answered(Table({}, {}), "FACTS:\n{}", lambda _: pytest.fail("no chance is needed")) == ()

    def test_a_table_survives_its_file(self, tmp_path):
        """As it was."""
        save(known(), tmp_path / "t.json")
        assert load(tmp_path / "t.json") == known()


def false_or(other, row, false):
    """The sentence made false, or another as it is."""
    return Said(row.facts, false) if other is row else other


class TestWhole:
    def test_one_question_holds_all(self):
        """Its rules once, its facts all, its room the sum."""
        asks = [question.ask for question in asked_of(drafts()[0])]
        whole = joined(asks)
        assert whole.system == asks[0].system
        assert whole.max_output_tokens == sum(ask.max_output_tokens for ask in asks)
        assert len(set(whole.fact_ids)) == sum(len(ask.fact_ids) for ask in asks)
        shown = [row["id"] for sheet in sheets_of(whole.user) for row in sheet["facts"]]
        assert shown == list(whole.fact_ids)

    def test_its_answer_goes_back_to_the_questions(self):
        """Under the ids that they know; what belongs to two of them belongs to none."""
        asks = [question.ask for question in asked_of(drafts()[0])][:2]
        sentences = (
            OfferedSentence((f"p2{asks[1].fact_ids[0]}",), "two"),
            OfferedSentence((f"p1{asks[0].fact_ids[0]}", f"p1{asks[0].fact_ids[1]}"), "one"),
            OfferedSentence((f"p1{asks[0].fact_ids[0]}", f"p2{asks[1].fact_ids[0]}"), "both"),
        )
        assert parted(sentences, asks) == (
            (OfferedSentence(asks[0].fact_ids[:2], "one"),),
            (OfferedSentence(asks[1].fact_ids[:1], "two"),),
        )

    def test_it_is_answered_like_its_parts(self):
        """Sentence by sentence, each question with its own luck."""
        sheet = next(row for row in drafts() if row.case == SMALL[0])
        asks = [question.ask for question in asked_of(sheet)]

        def chance(inner):
            return manner(PROFILES["hostile"], 3, 4, inner)

        whole = answered(known(), joined(asks).user, chance)
        offered = tuple(OfferedSentence(row.facts, row.text) for row in whole)
        for ask, part in zip(asks, parted(offered, asks), strict=True):
            alone = answered(known(), ask.user, chance)
            assert [(row.facts, row.text) for row in part] == [(row.facts, row.text) for row in alone]


# --- the server ------------------------------------------------------------------------------------------------------


def question():
    """A question that the table knows."""
    return asked_of(next(row for row in drafts() if row.case == SMALL[0]))[-1].ask


def body(stream=False, system=None, **more):
    """A request as the clients send it."""
    ask = question()
    messages = [
        {"role": "system", "content": marked(ask.system, "test", 0) if system is None else system},
        {"role": "user", "content": ask.user},
    ]
    return {"model": "asked", "messages": messages, "max_tokens": 4000, "stream": stream, **more}


@asynccontextmanager
async def serving(monkeypatch, fault=None, pace=0.01):
    """A server in this process whose every call meets the fault; gives its port and itself."""
    profile = replace(PROFILES["hostile"], name="p", stalls=0.0, faults={fault: 1.0} if fault else {})
    monkeypatch.setattr(bench.model.server, "PROFILES", {"p": profile})
    server = Server(known(), SEED, pace=pace)
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1], server
    finally:
        listening.close()


async def sent(port, request, path="/p/v1/chat/completions"):
    """Head and body of the response; the connection is read to its end or to the promised length."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    data = json.dumps(request).encode()
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        names = dict(row.lower().split(": ", 1) for row in head.decode().split("\r\n")[1:] if row)
        if "content-length" in names:
            try:
                return head.decode(), await reader.readexactly(int(names["content-length"]))
            except asyncio.IncompleteReadError as error:
                return head.decode(), error
        return head.decode(), await _chunks(reader)
    finally:
        writer.close()


async def _chunks(reader):
    found = b""
    while True:
        try:
            size = int(await reader.readuntil(b"\r\n"), 16)
        except asyncio.IncompleteReadError:
            return found
        if not size:
            return found
        found += (await reader.readexactly(size + 2))[:-2]


def events(data):
    """The JSON of a stream's events, and whether it ended as it should."""
    rows = [row.removeprefix("data: ") for row in data.decode().split("\n\n") if row]
    return [json.loads(row) for row in rows if row != "[DONE]"], rows[-1:] == ["[DONE]"]


def ran(monkeypatch, request, fault=None, **options):
    """What one request gets."""

    async def run():
        async with serving(monkeypatch, fault, **options) as (port, _):
            return await sent(port, request)

    return asyncio.run(run())


class TestServer:
    def test_streaming_and_whole_agree(self, monkeypatch):
        """The same words, the same reason for the end, the same usage."""
        _, whole = ran(monkeypatch, body())
        _, stream = ran(monkeypatch, body(stream=True))
        one = json.loads(whole)
        pieces, ended = events(stream)
        said = "".join(row["choices"][0]["delta"].get("content", "") for row in pieces if row["choices"])
        assert said == one["choices"][0]["message"]["content"]
        assert json.loads(said)["sentences"]
        assert ended
        assert len(pieces) > 4
        assert [row["choices"][0]["finish_reason"] for row in pieces if row["choices"]][-1] == "stop"
        assert pieces[-1]["usage"] == one["usage"]
        assert one["usage"]["completion_tokens"] == tokens(said)

    def test_it_takes_no_less_time_than_its_luck_says(self, monkeypatch):
        """An answer comes when its last token would have."""
        began = time.perf_counter()
        _, data = ran(monkeypatch, body(), pace=0.05)
        took = time.perf_counter() - began
        profile = bench.model.server.PROFILES["p"]
        met = luck(profile, SEED, 0, key_of(question().user), 0)
        out = json.loads(data)["usage"]["completion_tokens"]
        assert took >= 0.05 * (met.first_token_s + out / met.tokens_per_s)

    def test_a_cap_cuts(self, monkeypatch):
        """With the reason that endpoints give."""
        _, data = ran(monkeypatch, body(max_tokens=20))
        choice = json.loads(data)["choices"][0]
        assert choice["finish_reason"] == "length"
        assert tokens(choice["message"]["content"]) <= 20

    def test_a_form_that_is_none_is_refused(self, monkeypatch):
        """And one that is asked for strictly is taken."""
        named = {"name": "s", "strict": True, "schema": {"type": "object", "properties": {}}}
        head, _ = ran(monkeypatch, body(response_format={"type": "json_schema", "json_schema": named}))
        assert head.startswith("HTTP/1.1 200 ")
        head, _ = ran(monkeypatch, body(response_format={"type": "yaml"}))
        assert head.startswith("HTTP/1.1 400 ")

    def test_429(self, monkeypatch):
        """It says when to come again."""
        head, _ = ran(monkeypatch, body(), "rate_limited")
        assert head.startswith("HTTP/1.1 429 ")
        assert "\r\nRetry-After: 1\r\n" in head

    def test_500(self, monkeypatch):
        """A fault of its own."""
        assert ran(monkeypatch, body(), "server_error")[0].startswith("HTTP/1.1 500 ")

    def test_a_hang_ends_without_a_byte(self, monkeypatch):
        """The connection is closed in the end."""
        with pytest.raises(asyncio.IncompleteReadError) as caught:
            ran(monkeypatch, body(), "hang")
        assert caught.value.partial == b""

    def test_a_reset(self, monkeypatch):
        """The connection breaks."""
        with pytest.raises(ConnectionResetError, match="reset by peer"):
            ran(monkeypatch, body(), "reset")

    def test_slow_is_good_and_late(self, monkeypatch):
        """By 5 s at least, here a hundredth of that."""
        began = time.perf_counter()
        _, data = ran(monkeypatch, body(), "slow")
        assert time.perf_counter() - began >= 0.05
        assert json.loads(data)["choices"][0]["finish_reason"] == "stop"

    def test_a_broken_body_is_no_json(self, monkeypatch):
        """Though it is all that was promised."""
        head, data = ran(monkeypatch, body(), "broken")
        assert head.startswith("HTTP/1.1 200 ")
        with pytest.raises(json.JSONDecodeError, match="Unterminated string"):
            json.loads(data)

    def test_an_empty_body(self, monkeypatch):
        """A good status and nothing else."""
        head, data = ran(monkeypatch, body(), "empty")
        assert (head.startswith("HTTP/1.1 200 "), data) == (True, b"")

    def test_a_truncated_body(self, monkeypatch):
        """Less than was promised, and the connection ends."""
        _, data = ran(monkeypatch, body(), "truncated")
        assert isinstance(data, asyncio.IncompleteReadError)
        assert 0 < len(data.partial) < data.expected

    @pytest.mark.parametrize("fault", ["broken", "truncated", "empty"])
    def test_a_stream_that_breaks_has_no_end_of_an_answer(self, monkeypatch, fault):
        """No reason for its end, whatever else comes."""
        _, data = ran(monkeypatch, body(stream=True), fault)
        assert b'"finish_reason": "stop"' not in data

    def test_a_question_without_a_mark_meets_no_fault(self, monkeypatch):
        """It is the one that opens a client."""
        head, _ = ran(monkeypatch, body(system=question().system), "server_error")
        assert head.startswith("HTTP/1.1 200 ")

    def test_the_mark_costs_no_tokens(self, monkeypatch):
        """It is the bench's, not the program's."""
        _, one = ran(monkeypatch, body())
        _, other = ran(monkeypatch, body(system=question().system))
        assert json.loads(one)["usage"]["prompt_tokens"] == json.loads(other)["usage"]["prompt_tokens"]

    def test_each_attempt_has_its_own_luck(self, monkeypatch):
        """And the ledger knows of each."""

        async def run():
            async with serving(monkeypatch) as (port, server):
                for _ in range(3):
                    await sent(port, body())
                return server._asked, server._ledger()

        asked, ledger = asyncio.run(run())
        assert list(asked.values()) == [3]
        assert [(row["run"], row["report"], row["calls"], row["cancelled"]) for row in ledger] == [("test", 0, 3, 0)]

    def test_a_call_that_is_hung_up_on_is_paid_for(self, monkeypatch):
        """Its input, and its output as far as it was."""

        async def run():
            async with serving(monkeypatch, pace=10.0) as (port, server):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                data = json.dumps(body()).encode()
                head = f"POST /p/v1/chat/completions HTTP/1.1\r\nContent-Length: {len(data)}\r\n\r\n"
                writer.write(head.encode() + data)
                await writer.drain()
                while not server._uses:
                    await asyncio.sleep(0.01)
                writer.close()
                while not (row := server._ledger()[0])["cancelled"]:
                    await asyncio.sleep(0.01)
                return row

        row = asyncio.run(run())
        whole = tokens(question().system) + tokens(question().user)
        assert (row["calls"], row["cancelled"], row["tokens_in"], row["tokens_out"]) == (1, 1, whole, 0)


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
