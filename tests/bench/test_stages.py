"""The bench of stages: every stage of every case has its figures, and a report with a fault leaves none."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace

import pytest

from bench import wording
from bench.measure import SAMPLES
from bench.parts import stages
from bench.wording import Recorded, TimedClient, judged, questions_of, recorded, template_pages, writer_pages
from report_gen import generate, load_case
from report_gen.draft.passages import passages
from report_gen.draft.writer import write
from report_gen.errors import RenderError
from report_gen.facts import derive
from report_gen.guard.passage import Verdict, prove
from report_gen.llm.port import Ask, Outcome
from tests.bench.documents import with_document
from tests.selection import ALL

CASES = dict(stages.CASES) if ALL else {name: stages.CASES[name] for name in ("quiet", "eventful")}
"""The case of 12 hours takes longer than all else here, and goes through the same stages."""
AMOUNTS = stages.AMOUNTS["smoke"] if ALL else {name: stages.Amount(1, 1, int(name == "quiet")) for name in CASES}
QUIET, EVENTFUL = stages.CASES["quiet"], stages.CASES["eventful"]


@pytest.fixture(scope="module")
def part():
    """The smoke run, once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "CASES", CASES)
        patch.setattr(stages, "AMOUNTS", {"smoke": AMOUNTS})
        return stages.measure("smoke", 1)


class TestMeasure:
    def test_every_stage_of_every_case_counts(self, part):
        """In the order in which a report goes through them."""
        names = [f"{case} / {stage}" for case in CASES for stage in (*stages.STAGES, "report")]

        assert [row.name for row in part.rows] == names
        assert [(row.name, row.why) for row in part.rows if not row.ok] == []

    def test_percentiles_are_of_the_samples(self, part):
        """Which are kept."""
        for row in part.rows:
            times = row.samples["wall_ms" if row.name.endswith("report") else "ms"]
            assert 0 < row.figures["p50_ms"] <= max(times)
            assert row.figures["p95_ms"] is row.figures["p99_ms"] is None
            assert row.figures["max_ms"] == max(times)
            assert row.figures["runs"] == len(times)

    def test_the_whole_report(self, part):
        """Cold start, memory, size and pages stand in the last row of a case."""
        rows = {row.name: row.figures for row in part.rows}
        whole = rows["quiet / report"]

        assert all(whole[name] > 0 for name in ("cpu_p50_ms", "cold_p50_ms", "pdf_kb", "json_kb", "pages"))
        assert whole["peak_mib"] is None or whole["peak_mib"] > 10
        assert rows[f"{list(CASES)[-1]} / report"]["pages"] > whole["pages"]

    def test_the_command_is_run_once_in_a_smoke(self, part):
        """Each run is a second."""
        runs = {row.name: row.figures["cold_runs"] for row in part.rows if row.name.endswith("report")}

        assert runs == {f"{case} / report": int(case == "quiet") for case in CASES}

    def test_waiting_for_the_model_stands_apart(self, part):
        """The figure of the stage does not hold it."""
        narrated = [row.figures for row in part.rows if row.name.endswith("narrate")]

        assert len(narrated) == len(CASES)
        # Of a quiet case nothing is worth asking.
        assert [row["sentences"] > 0 for row in narrated] == [False] + [True] * (len(CASES) - 1)
        assert all(row["waiting_p50_ms"] > 0 for row in narrated[1:])

    def test_it_says_that_garbage_collection_is_on(self, part):
        """A reader would otherwise not know."""
        assert any("garbage collection on" in note for note in part.notes)


class TestFaults:
    """Whatever is wrong with one report of a case, none of its rows has a figure."""

    @pytest.fixture(autouse=True)
    def _one_case(self, monkeypatch):
        """The eventful case, once: of a quiet one nothing is asked that could go wrong."""
        monkeypatch.setattr(stages, "CASES", {"quiet": EVENTFUL})
        self.amount(monkeypatch, cold=0)

    def amount(self, monkeypatch, *, cold: int, warm: int = 1):
        """How often things are done."""
        monkeypatch.setattr(stages, "AMOUNTS", {"smoke": {"quiet": stages.Amount(warm, 1, cold)}})

    def reasons(self):
        """Why no row counts."""
        rows = stages.measure("smoke", 1).rows
        assert len(rows) == len(stages.STAGES) + 1
        assert not any(row.ok or row.figures or row.samples for row in rows)
        return {row.why for row in rows}

    def test_a_report_that_leaves_something_out(self, monkeypatch):
        """The finding is the reason."""
        monkeypatch.setattr(stages, "fault", lambda report: "coverage.missing")

        assert self.reasons() == {"coverage.missing"}

    def test_a_report_without_pages(self, monkeypatch):
        """As the library would return it."""
        monkeypatch.setattr(stages, "generate", lambda case: with_document(generate(case), "pdf", pages=0))

        assert self.reasons() == {"no pages"}

    def test_a_report_that_is_not_made(self, monkeypatch):
        """The code of the error is the reason."""

        def fails(case):
            raise RenderError("render.unexpected", "the PDF could not be drawn")

        monkeypatch.setattr(stages, "generate", fails)

        assert self.reasons() == {"render.unexpected"}

    def test_bytes_that_differ(self, monkeypatch):
        """The second report is not the first."""
        turns = count()
        monkeypatch.setattr(
            stages, "generate", lambda case: with_document(generate(case), "json", data=b"%d" % next(turns))
        )
        self.amount(monkeypatch, cold=0, warm=2)

        assert self.reasons() == {"the bytes differ from one run to the next"}

    def test_a_preview_that_is_cut_off(self, monkeypatch):
        """HTML without its end."""
        monkeypatch.setattr(stages, "render_html", lambda checked, content_id: b"<html>")

        assert self.reasons() == {"the HTML preview is not whole"}

    def test_narration_that_is_lost(self, monkeypatch):
        """The model knows no answer."""
        monkeypatch.setattr(stages, "recorded", lambda asked: Recorded({}))

        (why,) = self.reasons()
        assert why.endswith("faithful sentences were not kept")

    def test_a_guard_that_refuses_the_truth(self, monkeypatch):
        """A sentence of each passage is withheld from it."""
        monkeypatch.setattr(stages, "CASES", {"quiet": QUIET})
        monkeypatch.setattr(wording, "prove", lambda passage, claims, facts: prove(passage, claims[:-1], facts))

        (why,) = self.reasons()
        assert why.startswith("the guard refused")

    def test_a_command_that_fails(self, monkeypatch):
        """In place of Python a program that only fails."""
        monkeypatch.setattr(stages, "sys", SimpleNamespace(executable=shutil.which("false")))
        self.amount(monkeypatch, cold=1)

        assert self.reasons() == {"the command ended with code 1"}


def pages_of(sample: str):
    """A sample's passages in the template's own words."""
    facts = derive(load_case(SAMPLES / f"{sample}.json"))
    return template_pages(passages(write(facts, report_id="bench"), facts), facts)


class TestWording:
    """What stands in for a model and for its sentences."""

    def test_the_guard_proves_every_sentence_of_the_template(self):
        """Of a case with an alert."""
        pages = pages_of(EVENTFUL)

        assert pages.sentences > 15
        assert judged(pages).why == ""

    def test_a_unit_that_the_guard_loses_is_noticed(self, monkeypatch):
        """One verdict less."""

        def losing(*given: object) -> Sequence[Verdict]:
            return prove(*given)[1:]

        monkeypatch.setattr(wording, "prove", losing)

        assert judged(pages_of(EVENTFUL)).why == "the guard lost a unit, or judged one twice"

    def test_a_writer_is_taken_where_there_is_one(self):
        """Nobody has worded the quiet case."""
        pages = writer_pages(EVENTFUL)

        assert pages is not None
        assert not pages.by_template
        assert judged(pages).why == ""
        assert writer_pages(QUIET) is None

    def test_an_unknown_question_is_refused(self):
        """And its wait is counted."""
        with TimedClient(Recorded({})) as client:
            (answer,) = client.ask([Ask("course", "", "FACTS: {}", ("f1",), 100)])

        assert answer.outcome is Outcome.REFUSED
        assert client.waited_s > 0

    def test_answers_hold_slots_for_what_a_model_may_not_see(self):
        """Times, names and quoted words."""
        asked = questions_of(load_case(SAMPLES / f"{EVENTFUL}.json"))
        answers = recorded(asked).answers

        seen = [
            (row.text, value.text)
            for question in asked
            for row in answers[question.ask.user]
            for unit in question.units
            for part in unit.parts
            for value in part.said
            if value.slot and unit.key in row.facts
        ]
        assert seen
        assert not [hidden for text, hidden in seen if hidden in text]
