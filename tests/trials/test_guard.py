"""The trial of the guard: which drafts it judges, what a mutation is, what counts as caught; no figure is tested."""

from __future__ import annotations

import json
from random import Random

import pytest

from report_gen import load_case
from report_gen.draft.passages import Part, StatedValue, Unit, passages
from report_gen.draft.writer import write
from report_gen.facts.derive import derive
from trials.guard import __main__ as front
from trials.guard import figures
from trials.guard.corpus import SAMPLES, held_out, sheets, template_sheets
from trials.guard.mutate import FAMILIES, OPERATORS, Mutant, mutants
from trials.guard.spot import Spot

CASES = ("invented_mvd_lateral_spread", "invented_transpsoas_saphenous", "published_c04_acdf")


def draw():
    """Draws that are the same every time."""
    return Random(1)  # noqa: S311 - a draw, not a secret


@pytest.fixture(scope="module")
def drafts(tmp_path_factory):
    """Drafts of two writers who leave every sentence to the template."""
    folder = tmp_path_factory.mktemp("drafts")
    for writer in ("a", "b"):
        (folder / writer).mkdir()
        for case in CASES:
            facts = derive(load_case(SAMPLES / f"{case}.json"))
            rows = [
                {
                    "passage": passage.id,
                    "sentences": [
                        {"facts": [unit.id], "text": sentence.text}
                        for unit in passage.offered
                        for sentence in unit.template
                    ],
                }
                for passage in passages(write(facts, report_id="bench"), facts)
            ]
            row = {"writer": writer, "case": case, "passages": rows}
            (folder / writer / f"{case}.json").write_text(json.dumps(row), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def spots():
    """Every sentence of the template of every sample, judged once."""
    return [place.spot for sheet in template_sheets() for place in figures.judge_faithful(sheet, figures.Alarms())]


def spot(text, *said, kind="event.notification", others=()):
    """A sentence of one unit that says these values."""
    return Spot(text, (unit("f1", kind, *said),), tuple(others))


def unit(key, kind, *said):
    """A unit of one fact; each value is a name, a text and how it is said."""
    return Unit(key, key, "event.E1", "", (key,), (), (Part(key, kind, "", tuple(StatedValue(*row) for row in said)),))


def retest(text, left, right):
    """A sentence on a re-test of two muscles; each reading is of two facts."""
    parts = [
        Part("f", f"event.retest.{kind}", "", (StatedValue(name, words, "free"),))
        for short, reading in (("L TA", left), ("R TA", right))
        for kind, name, words in (("value", "short", short), ("change", "amplitude_pct_of_baseline", reading))
    ]
    return Spot(text, (Unit("f1", "f1", "event.E1", "", ("f",), (), tuple(parts)),), ())


def made(place, family):
    """The texts of one class."""
    return {mutant.text for mutant in mutants(place, family, draw())}


class TestCorpus:
    def test_every_second_case_is_held_out(self):
        """Whoever wrote it: a rule tuned on one writer's wording of a case would know the other's."""
        assert [held_out(case) for case in range(4)] == [False, True, False, True]

    def test_held_out_drafts_and_the_others_make_up_all(self, drafts):
        """No draft is in both, and none is lost."""
        tuning, held = ([(sheet.writer, sheet.case) for sheet in sheets(drafts, held=held)] for held in (False, True))
        assert held == [(writer, CASES[1]) for writer in "ab"]
        assert sorted([*tuning, *held]) == sorted((writer, case) for writer in "ab" for case in CASES)

    def test_one_writer_alone(self, drafts):
        """The same cases, without the other's."""
        assert [(sheet.writer, sheet.case) for sheet in sheets(drafts, writers=["b"])] == [
            ("b", case) for case in CASES[::2]
        ]

    def test_ids_become_keys(self, drafts):
        """The guard knows a unit by its key."""
        page = next(sheets(drafts)).pages[0]
        assert {key for claim in page.claims for key in claim.units} == {unit.key for unit in page.passage.offered}

    def test_an_unknown_passage_is_an_error(self, tmp_path):
        """A draft of another version of the case must not be judged in part."""
        for writer in "ab":
            (tmp_path / writer).mkdir()
        row = {"passages": [{"passage": "nowhere", "sentences": []}]}
        (tmp_path / "b" / f"{CASES[0]}.json").write_text(json.dumps(row), encoding="utf-8")
        with pytest.raises(ValueError, match="nowhere"):
            list(sheets(tmp_path))

    def test_a_folder_without_drafts_is_an_error(self, tmp_path):
        """And not a run without misses."""
        with pytest.raises(ValueError, match="no drafts"):
            list(sheets(tmp_path))


class TestMutations:
    def test_equal_times_do_not_change_places(self):
        """Nothing would be said otherwise."""
        assert not {text for text in made(spot("Told at 10:03, acknowledged at 10:03."), "time") if "10:03" not in text}
        swapped = made(spot("Told at 10:03, acknowledged at 10:04."), "time")
        assert "Told at 10:04, acknowledged at 10:03." in swapped

    def test_equal_sides_are_not_exchanged(self):
        """Left and right change places only where they differ."""
        text = "L TA was at 40%, R TA at 60%."
        assert "R TA was at 40%, L TA at 60%." in made(retest(text, "40%", "60%"), "side")
        text = "L TA was at 40%, R TA at 40%."
        assert "R TA was at 40%, L TA at 40%." not in made(retest(text, "40%", "40%"), "side")

    def test_a_question_is_not_mutated_into_itself(self):
        """Whether it was met and whether it was not met are one question."""
        place = spot("It cannot be computed whether it was met.", kind="event.criterion")
        assert not {text for text in made(place, "negation") if "was not met" in text}
        assert "It was not met." in made(spot("It was met.", kind="event.criterion"), "negation")

    def test_quoted_words_are_left_to_their_own_class(self):
        """A person's words are not the report's."""
        place = spot("The reply was “left arm, 12 mA”.")
        assert not made(place, "side") | made(place, "unit")
        assert "The reply was left arm, 12 mA." in made(place, "quotation")

    def test_what_the_sentence_bears_out_is_no_invention(self):
        """A true sentence that passes is no miss."""
        assert "The surgeon paused." not in made(spot("Surgery was paused."), "insertion")
        assert "The surgeon paused." in made(spot("The screw was removed."), "insertion")

    def test_another_facts_values_stand_in(self):
        """A number or time of the case, which a pooled check lets pass."""
        other = unit("f2", "event.notification", ("at", "11:44", "time"), ("delay_min", "7 min", "free"))
        place = spot("Told at 10:03, 1 min after onset.", others=[other])
        assert "Told at 11:44, 1 min after onset." in made(place, "time")
        assert "Told at 10:03, 7 min after onset." in made(place, "number")

    @pytest.mark.parametrize("family", FAMILIES)
    def test_every_class_finds_something_and_never_the_sentence_itself(self, spots, family):
        """A class that makes nothing would print as nothing missed."""
        found = [(place.text, mutant) for place in spots for mutant in mutants(place, family, draw())]
        assert found
        assert all(mutant.family == family and mutant.text != original for original, mutant in found)

    def test_names_are_unique(self):
        """An operator's figures are kept by class and name."""
        names = [(operator.family, operator.name) for operator in OPERATORS]
        assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def accepted(drafts):
    """The first accepted sentence of a case, and the case's facts."""
    sheet = next(sheets(drafts))
    return next(figures.judge_faithful(sheet, figures.Alarms())), sheet.facts


class TestVerdict:
    def test_the_sentence_itself_passes(self, accepted):
        """Otherwise everything would count as caught."""
        place, facts = accepted
        assert figures.passes(place, Mutant("number", "none", "changes", place.spot.text), facts)

    @pytest.mark.parametrize(
        ("effect", "text"),
        [("changes", "Zebras were seen."), ("adds", "Zebras were seen."), ("drops", "")],
    )
    def test_nonsense_and_omission_are_caught(self, accepted, effect, text):
        """In each of the three ways in which a draft changes."""
        place, facts = accepted
        assert not figures.passes(place, Mutant("insertion", "zebras", effect, text), facts)

    def test_a_sentence_that_the_guard_refuses_is_an_alarm_and_is_not_mutated(self, drafts):
        """A guard that refuses everything catches nothing here."""
        alarms = figures.Alarms()
        sheet = next(sheets(drafts))
        page = sheet.pages[0]
        strange = type(page)(page.passage, (type(page.claims[0])(page.claims[0].units, "Zebras were seen."),))
        assert not list(figures.judge_faithful(type(sheet)("a", "c", sheet.facts, sheet.units, (strange,)), alarms))
        assert (alarms.total.sentences, alarms.total.proved, alarms.whole) == (1, 0, 1)
        assert alarms.codes


class TestFigures:
    def test_bounds_are_wilsons(self):
        """Against values worked out by hand; nothing tried proves nothing."""
        assert figures.wilson(0, 0) == 0
        assert figures.wilson(10, 10) == pytest.approx(0.7225, abs=1e-4)
        assert figures.wilson(50, 100) == pytest.approx(0.4038, abs=1e-4)

    def test_a_pooled_check_sees_only_figures_that_are_nowhere(self):
        """The side may be what it likes."""
        known = frozenset({"10:03", "50"})
        assert not figures.pooled_catches("At 10:03 the right side fell by 50%.", known)
        assert figures.pooled_catches("At 10:04 the right side fell by 50%.", known)

    def test_one_seed_gives_one_result(self, drafts, tmp_path, capsys):
        """And the figures for a program are those that are printed."""
        for name in ("one", "two"):
            arguments = ["--drafts", str(drafts), "--per-class", "2", "--writers", "b", "--peers"]
            files = ["--misses", str(tmp_path / f"{name}.m"), "--json", str(tmp_path / f"{name}.j")]
            assert front.main([*arguments, *files]) == 0
        assert (tmp_path / "one.m").read_bytes() == (tmp_path / "two.m").read_bytes()
        assert (tmp_path / "one.j").read_bytes() == (tmp_path / "two.j").read_bytes()
        figures = json.loads((tmp_path / "one.j").read_text(encoding="utf-8"))
        tried = sum(row["tried"] for row in figures["classes"].values())
        missed = len(json.loads((tmp_path / "one.m").read_text(encoding="utf-8")))
        assert figures["drafts"] == 2
        assert sum(row["caught"] for row in figures["classes"].values()) == tried - missed
        assert str(tried) in capsys.readouterr().out

    def test_the_text_of_held_out_drafts_is_not_written_by_accident(self, drafts, tmp_path, capsys):
        """Who reads the misses has spent the drafts."""
        arguments = ["--drafts", str(drafts), "--per-class", "1", "--held-out", "--misses", str(tmp_path / "m")]
        with pytest.raises(SystemExit):
            front.main(arguments)
        assert "--show-held-out" in capsys.readouterr().err
        assert not (tmp_path / "m").exists()
        assert front.main([*arguments, "--show-held-out"]) == 0
        assert "2 held-out drafts" in capsys.readouterr().out
        assert (tmp_path / "m").exists()

    def test_no_drafts_is_not_a_success(self, tmp_path, capsys):
        """An empty folder must not look like a clean run."""
        assert front.main(["--drafts", str(tmp_path)]) == 1
        assert "no drafts" in capsys.readouterr().out
