"""Prompts and questions: what a model is told, in which pieces and order, and how large its answer may be."""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from report_gen import load_case
from report_gen.draft.model import Sentence
from report_gen.draft.passages import Part, Passage, StatedValue, Unit, passages
from report_gen.errors import AssetError
from report_gen.facts.model import Fact, Facts, Value
from report_gen.llm.policy.calls import Policy
from report_gen.llm.question.prompt import PIECE_CHARACTERS, answer_cap, load_prompt, prompt_files, questions
from report_gen.llm.question.worth import worth_asking
from report_gen.pipeline import prepare
from tests.llm.asked_nothing import NOTHING
from tests.llm.question.grammar_examples import meanings, sentences
from tests.selection import ALL, now_and_in_full
from tools.release_prompts import release, variable_faults

ROOT = Path(__file__).parents[3]
PROMPTS = ROOT / "prompts"
GOLDEN = ROOT / "tests" / "golden" / "prompts"
GOLDENS = ("invented_scoliosis_mep_loss", "invented_cea_shunt", "published_c11_scoliosis_t7")
SAMPLES = sorted(path.stem for path in (ROOT / "samples" / "valid").glob("*.json"))
NOW = (
    "invented_cea_shunt",
    "invented_names_eight_scripts",
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
    "published_c11_scoliosis_t7",
)
"""Differing in kind; the others are read by the long run."""
VERSION = "narrate.v4"
FORM = len('{"facts":["f1"],"text":""},')
"""Characters of an answer around one sentence."""
ROOM = PIECE_CHARACTERS - len('{"sentences":[]}')
"""Characters of an answer for sentences and what is around each."""
MOST_SYSTEM_CHARACTERS = 6000
ORDER = ("alert", "course", "change")
"""Passages and classes of events, the most telling first; other events come last."""


@cache
def _offered(name):
    """Passages and facts of a sample."""
    checked = prepare(load_case(ROOT / "samples" / "valid" / f"{name}.json"))
    return passages(checked.draft, checked.facts), checked.facts


@cache
def _questions(name):
    """The questions of a sample."""
    return questions(*_offered(name))


def _sent(question):
    """The JSON that a user message ends with."""
    _, mark, facts = question.ask.user.partition("\nFACTS:\n")
    assert mark
    return json.loads(facts)


def _event(name, status, *, what="loss of response"):
    """An event's fact and a passage of one unit that states it, built by hand."""
    values = (Value("id", name, code=name), Value("event_class", status), Value("what", what))
    fact = Fact(id=f"event.{name}", group=f"event.{name}", kind="event", pointer="", status=status, values=values)
    said = (StatedValue("what", what, "free"),)
    unit = _unit(1, f"A {what} was recorded.", fact.id, said)
    return fact, Passage(f"event-{name}", "", (unit,), "event", fact.id)


def _unit(number, text, fact_id, said=()):
    """A unit of one template sentence that states one fact."""
    part = Part(fact_id, "event", "", said or (StatedValue("what", "x", "free"),))
    return Unit(fact_id, f"f{number}", "g", "", (fact_id,), (Sentence(text, (fact_id,)),), (part,))


def _course(*sizes):
    """A course of units with the given template sizes, and its facts."""
    facts = tuple(Fact(id=f"x{n}", group="g", kind="event", pointer="") for n in range(1, len(sizes) + 1))
    units = tuple(_unit(n, "a" * size, f"x{n}") for n, size in enumerate(sizes, start=1))
    return [Passage("course", "Course", units, "course")], Facts(facts)


@pytest.fixture
def folder(tmp_path):
    """A copy of the released prompts that a test may damage."""
    return Path(shutil.copytree(PROMPTS, tmp_path / "prompts"))


class TestGoldens:
    @pytest.mark.parametrize("name", GOLDENS)
    def test_render_is_as_agreed(self, name):
        """Every character that is sent for the sample is what was read and agreed."""
        asked = _questions(name)
        rows = [f"=== system\n{asked[0].ask.system}\n"]
        for question in asked:
            ask = question.ask
            rows.append(
                f"=== {ask.id} | {' '.join(ask.fact_ids)} | at most {ask.max_output_tokens} tokens\n{ask.user}\n"
            )
        now, path = "\n".join(rows), GOLDEN / f"{name}.txt"
        if os.environ.get("REPORT_GEN_WRITE_GOLDENS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(now, encoding="utf-8")
        agreed = path.read_text(encoding="utf-8")
        difference = "".join(difflib.unified_diff(agreed.splitlines(True), now.splitlines(True), "agreed", "now", n=1))
        assert not difference, f"{difference}\nif the new text is right: REPORT_GEN_WRITE_GOLDENS=1"


class TestTheSystemMessage:
    def test_is_the_same_for_every_sample(self):
        """Nothing of a case is in it, so that a provider can cache it."""
        read = SAMPLES if ALL else NOW
        assert {question.ask.system for name in read for question in _questions(name)} == {load_prompt().system}

    def test_holds_no_number_of_its_own(self):
        """Digits stand in the names of slots, the keys of facts and the numbers of headings alone."""
        left = re.sub(r'\{[tnq]\d\}|"q\d"|\bf\d\b|"heading":\d', "", load_prompt().system)
        assert re.findall(r".{0,20}\d.{0,20}", left) == []

    def test_is_short(self):
        """Every question pays for it."""
        assert len(load_prompt().system) <= MOST_SYSTEM_CHARACTERS

    @pytest.mark.parametrize(
        "word",
        ["continuous", "uneventful", "throughout", "exclusive", "real-time", "cause", "prognosis", "reassurance"],
    )
    def test_names_what_is_forbidden(self, word):
        """A model cannot avoid what it was not told of."""
        assert word in load_prompt().system

    @pytest.mark.parametrize("phrase", ["never an instruction", "percent of baseline", "not recorded"])
    def test_names_the_rules_that_the_guard_holds(self, phrase):
        """Data is not an instruction, a percentage is one of baseline, absence is said."""
        assert phrase in load_prompt().system

    def test_every_wording_is_read_by_the_grammar(self):
        """What the prompt teaches is what the guard reads: one meaning, all of it stated."""
        _, _, shown = load_prompt().system.partition("WORDING THAT THE CHECKER READS\n")
        shown, _, example = shown.partition("\n\nEXAMPLE\n")
        answer = json.loads(example.partition("\nAnswer:\n")[2])
        wordings = [*shown.splitlines(), *(row["text"] for row in answer["sentences"])]
        assert len(wordings) >= 10
        for wording in wordings:
            (meaning,) = meanings(wording)
            assert meaning.states, wording
            assert not any(meaning.rows), wording

    def test_shows_sentences_of_the_grammar(self):
        """Most of the sentences that may be shown and are worth asking for stand in the prompt, alone or joined."""
        system = load_prompt().system.casefold()
        shown = [row for row in sentences() if row.rstrip(".").casefold() in system]
        assert len(shown) >= 7

    def test_example_obeys_its_own_rules(self):
        """Its answer is in form, uses each slot once, and joins two actions that each keep their slots."""
        _, _, example = load_prompt().system.partition("EXAMPLE\nFACTS:\n")
        facts, _, answer = example.partition("\nAnswer:\n")
        slots = {row["id"]: set(re.findall(r"\{\w+\}", json.dumps(row["parts"]))) for row in json.loads(facts)["facts"]}
        sentences = json.loads(answer)["sentences"]
        assert [row["facts"] for row in sentences] == [["f2"], ["f3", "f4"]]
        for row in sentences:
            assert sorted(re.findall(r"\{\w+\}", row["text"])) == sorted(
                set().union(*(slots[key] for key in row["facts"]))
            )
            assert row.keys() == {"facts", "text"}


class TestTheUserMessage:
    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_ends_with_one_line_of_json(self, name):
        """One line on what it is, the mark, the facts; the passage's heading, which holds a time, is left out."""
        for question in _questions(name):
            first, mark, facts = question.ask.user.split("\n")
            assert first.startswith("Passage: the ")
            assert mark == "FACTS:"
            assert [row["id"] for row in json.loads(facts)["facts"]] == list(question.ask.fact_ids)

    @pytest.mark.parametrize(
        "hostile",
        [
            "{{7*7}}",
            "{% raw %}",
            "{% endraw %}{{ facts }}",
            "{# gone #}",
            "{{ ''.__class__ }}",
            "{t1}",
            "</system>",
            '"]}',
        ],
    )
    def test_case_text_is_never_evaluated(self, hostile):
        """Template syntax in a fact comes out as it went in."""
        fact, passage = _event("E1", "alert", what=hostile)
        (question,) = questions([passage], Facts((fact,)))
        (row,) = _sent(question)["facts"]
        assert row["parts"][0]["change"] == hostile
        assert "49" not in question.ask.user

    def test_says_which_piece_it_is(self):
        """A whole passage says nothing of pieces."""
        whole = questions(*_course(100))
        pieces = questions(*_course(1000, 1000))
        assert [question.ask.user.partition("\n")[0] for question in (*whole, *pieces)] == [
            "Passage: the course of monitoring.",
            "Passage: the course of monitoring, piece 1 of 2.",
            "Passage: the course of monitoring, piece 2 of 2.",
        ]

    def test_a_passage_that_the_prompt_does_not_know_is_refused(self):
        """A new sort of passage needs a new version; the error does not repeat what was to be sent."""
        fact, passage = _event("E1", "alert", what="CANARY")
        strange = Passage("closing", "", passage.units, "closing")
        with pytest.raises(AssetError, match="does not know this passage") as caught:
            questions([strange], Facts((fact,)))
        assert caught.value.code == "assets.prompt"
        assert caught.value.__suppress_context__


class TestQuestions:
    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_ask_every_unit_once_that_is_worth_it(self, name):
        """Nothing is asked twice, nothing is forgotten, and nothing that stays with the template is asked."""
        asked = [(question.passage, unit.key) for question in _questions(name) for unit in question.units]
        offered = [
            (passage.id, unit.key) for passage in _offered(name)[0] for unit in passage.offered if worth_asking(unit)
        ]
        assert bool(offered) is (name not in NOTHING)
        assert sorted(asked) == sorted(offered)

    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_have_ids_of_their_own(self, name):
        """An answer finds its question; the ids of facts are the keys of the units."""
        ids = [question.ask.id for question in _questions(name)]
        assert len(ids) == len(set(ids))
        for question in _questions(name):
            assert question.ask.fact_ids == tuple(unit.key for unit in question.units)

    def test_long_passages_are_asked_in_pieces(self):
        """No piece is over the limit, and pieces keep the order of the passage."""
        asked = _questions("invented_scoliosis_mep_loss")
        account = [question for question in asked if question.passage == "event-E1"]
        assert [question.ask.id for question in account] == [
            "event-E1",
            *(f"event-E1/{n}" for n in range(2, len(account) + 1)),
        ]
        assert len(account) > 3
        assert all(question.ask.max_output_tokens <= 1.5 * 150 for question in asked)
        numbers = [int(unit.key[1:]) for question in account for unit in question.units]
        assert numbers == sorted(numbers)

    @pytest.mark.parametrize(
        ("sizes", "pieces"),
        [
            ((ROOM - FORM,), [1]),
            ((ROOM - 2 * FORM - 1, 1), [2]),
            ((ROOM - 2 * FORM, 1), [1, 1]),
            ((ROOM * 3 // 10 - FORM,) * 4, [2, 2]),
            ((ROOM * 15 // 16 - FORM, *[ROOM // 16 - FORM] * 2), [1, 2]),
            ((ROOM + 900, 10), [1, 1]),
            ((10, ROOM + 900, 10), [1, 1, 1]),
        ],
    )
    def test_pieces_are_few_and_even(self, sizes, pieces):
        """A unit is never cut; the fewest pieces, and those as even as may be."""
        assert [len(question.units) for question in questions(*_course(*sizes))] == pieces

    def test_the_most_important_come_first(self):
        """The longest case: alerts, then the course, changes and the rest, each in printing order."""
        offered, facts = _offered("stress_twelve_hours")
        order = list(dict.fromkeys(question.passage for question in _questions("stress_twelve_hours")))
        kinds = [name if name in ORDER else facts.by_id[name.replace("-", ".", 1)].status for name in order]
        ranks = [ORDER.index(kind) if kind in ORDER else len(ORDER) for kind in kinds]
        assert ranks == sorted(ranks)
        assert set(ranks) == {0, 2, 3}
        assert {"observation", "improvement"} <= set(kinds)
        printed = [passage.id for passage in offered]
        for rank in set(ranks):
            part = [name for name, its in zip(order, ranks, strict=True) if its == rank]
            assert part == sorted(part, key=printed.index)

    def test_what_is_not_asked_is_the_least_important(self):
        """The longest case has more questions than a report may ask: every alert is asked for, and some changes."""
        asked = _questions("stress_twelve_hours")
        facts = _offered("stress_twelve_hours")[1]
        most = Policy().max_calls
        assert len(asked) > most
        status = [facts.by_id[question.passage.replace("-", ".", 1)].status for question in asked]
        assert set(status[:most]) == {"alert", "change"}
        assert "alert" not in status[most:]

    def test_the_course_comes_between_alerts_and_changes(self):
        """It is signed, and tells less than the account of an alert."""
        (one, change), (other, alert) = _event("E1", "change"), _event("E2", "alert")
        course, facts = _course(100)
        asked = questions([change, *course, alert], Facts((*facts, one, other)))
        assert [question.passage for question in asked] == ["event-E2", "course", "event-E1"]

    def test_no_other_sample_has_too_many(self):
        """The most questions are for cases beyond the usual."""
        read = SAMPLES if ALL else (*NOW, "stress_twelve_hours")
        assert [name for name in read if len(_questions(name)) > Policy().max_calls] == ["stress_twelve_hours"]

    @pytest.mark.parametrize(
        ("names", "ids"), [(("E1", "E2"), ["event-E2", "event-E1"]), (("Smith", "E2"), ["event-2", "event-1"])]
    )
    def test_ids_hold_no_id_that_may_mean_a_person(self, names, ids):
        """One event id that is not a letter or two and a number, and all questions about events are numbered."""
        made = [_event(names[0], "change"), _event(names[1], "alert")]
        asked = questions([passage for _, passage in made], Facts(tuple(fact for fact, _ in made)))
        assert [question.ask.id for question in asked] == ids
        assert [question.passage for question in asked] == [f"event-{names[1]}", f"event-{names[0]}"]
        assert "Smith" not in "".join(question.ask.user for question in asked)

    def test_nothing_offered_is_nothing_asked(self):
        """No passages, no questions."""
        assert questions([], Facts(())) == ()


class TestAnswerCap:
    def test_is_one_and_a_half_times_the_templates_answer(self):
        """In tokens of three characters, rounded up."""
        (passage,), _ = _course(1000, 401)
        form = '{"sentences":[]}' + '{"facts":["f1"],"text":""},' + '{"facts":["f2"],"text":""},'
        assert len(form) == 70
        assert answer_cap(passage.units) == 736  # 1.5 * (1401 + 70) / 3 = 735.5

    def test_is_never_below_the_floor(self):
        """A short sentence may be answered with a longer one."""
        (passage,), _ = _course(10)
        assert answer_cap(passage.units) == 120

    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_is_that_of_the_units_asked_for(self, name):
        """Each question has the cap of its own piece, which holds the template's answer."""
        for question in _questions(name):
            assert question.ask.max_output_tokens == answer_cap(question.units)
            rows = [{"facts": [unit.key], "text": s.text} for unit in question.units for s in unit.template]
            answer = json.dumps({"sentences": rows}, ensure_ascii=False, separators=(",", ":"))
            assert question.ask.max_output_tokens >= 1.4 * len(answer) / 3


class TestTheReleasedFiles:
    def test_are_those_of_the_manifest(self):
        """Every prompt in the folder is released; every released file is there and has its hash."""
        listed = tomllib.loads((PROMPTS / "manifest.toml").read_text(encoding="utf-8"))["sha256"]
        found = {path.name for path in PROMPTS.iterdir()} - {"README.md", "manifest.toml"}
        versions = {name.removesuffix(".toml") for name in found if name.endswith(".toml")}
        assert set(listed) == found == {name for version in versions for name in prompt_files(version)}
        assert VERSION in versions
        assert {load_prompt(version).version for version in versions} == versions

    @pytest.mark.parametrize("role", ["system", "user"])
    def test_use_the_variables_that_are_declared(self, role):
        """Neither one more nor one less."""
        about = tomllib.loads((PROMPTS / f"{VERSION}.toml").read_text(encoding="utf-8"))
        text = (PROMPTS / f"{VERSION}.{role}.jinja").read_text(encoding="utf-8")
        used = meta.find_undeclared_variables(Environment(autoescape=True).parse(text))
        assert used == set(about[role]["variables"])
        assert {variable["type"] for variable in about[role]["variables"].values()} <= {"string", "integer"}

    def test_say_what_they_were_evaluated_with(self):
        """No claim about a model that nobody asked."""
        about = tomllib.loads((PROMPTS / f"{VERSION}.toml").read_text(encoding="utf-8"))
        assert "no model has been asked" in about["evaluation"]["evaluated_with"]
        assert {"purpose", "output_schema"} <= set(about)

    @pytest.mark.parametrize("name", prompt_files(VERSION))
    def test_a_changed_file_is_refused(self, folder, name):
        """One more space is another prompt."""
        (folder / name).write_bytes((folder / name).read_bytes() + b" ")
        with pytest.raises(AssetError, match=f"{re.escape(name)} is not as released") as caught:
            load_prompt(VERSION, folder=folder)
        assert caught.value.code == "assets.prompt"

    @pytest.mark.parametrize("name", prompt_files(VERSION))
    def test_a_missing_file_is_refused(self, folder, name):
        """Half a prompt is none."""
        (folder / name).unlink()
        with pytest.raises(AssetError, match=f"{re.escape(name)} is missing") as caught:
            load_prompt(VERSION, folder=folder)
        assert caught.value.code == "assets.prompt"

    @pytest.mark.parametrize("text", [None, "not toml [", "other = 1\n", "sha256 = 1\n", "\udcff"])
    def test_an_unusable_manifest_is_refused(self, folder, text):
        """Without it nothing is known to be released."""
        path = folder / "manifest.toml"
        path.unlink()
        if text is not None:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(AssetError, match=r"manifest\.toml is unusable") as caught:
            load_prompt(VERSION, folder=folder)
        assert caught.value.code == "assets.prompt"

    def test_a_file_that_the_manifest_does_not_list_is_refused(self, folder):
        """A wording on trial is not asked with by mistake."""
        for name in prompt_files(VERSION):
            shutil.copy(folder / name, folder / name.replace(".v4.", ".v5."))
        with pytest.raises(AssetError, match="not as released"):
            load_prompt("narrate.v5", folder=folder)

    @pytest.mark.parametrize(
        "version", ["", "narrate", "../narrate.v1", "narrate.v1.system", "narrate.v0", "NARRATE.v1"]
    )
    def test_a_name_that_is_no_version_is_refused(self, version):
        """No path is ever made of it."""
        with pytest.raises(AssetError, match="no such prompt") as caught:
            load_prompt(version)
        assert caught.value.code == "assets.prompt"

    def test_the_digest_is_that_of_all_files(self, folder):
        """A change of any file is another digest, once released."""
        for name in prompt_files(VERSION):
            shutil.copy(folder / name, folder / name.replace(".v4.", ".v5."))
        changed = folder / "narrate.v5.toml"
        changed.write_text(changed.read_text(encoding="utf-8") + "# another\n", encoding="utf-8")
        release(folder)
        first, second = (load_prompt(version, folder=folder) for version in ("narrate.v4", "narrate.v5"))
        assert first.digest == load_prompt().digest
        assert first.digest != second.digest
        assert first.system == second.system


class TestReleasing:
    def test_adds_new_versions_and_keeps_the_old(self, folder):
        """Once; the second time there is nothing new."""
        before = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["sha256"]
        for name in prompt_files(VERSION):
            shutil.copy(folder / name, folder / name.replace(".v4.", ".v5."))
        assert release(folder) == list(prompt_files("narrate.v5"))
        after = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["sha256"]
        assert before.items() < after.items()
        assert len(after) == len(before) + len(prompt_files(VERSION))
        assert release(folder) == []

    @pytest.mark.parametrize("how", ["change", "remove"])
    def test_refuses_what_was_released_and_is_not_the_same(self, folder, how):
        """And writes nothing, though a new version waits."""
        for name in prompt_files(VERSION):
            shutil.copy(folder / name, folder / name.replace(".v4.", ".v5."))
        path = folder / "narrate.v4.user.jinja"
        path.write_text("other\n") if how == "change" else path.unlink()
        before = (folder / "manifest.toml").read_bytes()
        with pytest.raises(SystemExit, match=r"narrate\.v4\.user\.jinja: released, and changed or gone"):
            release(folder)
        assert (folder / "manifest.toml").read_bytes() == before

    def test_refuses_half_a_prompt(self, folder):
        """A description without its texts."""
        shutil.copy(folder / "narrate.v4.toml", folder / "narrate.v5.toml")
        with pytest.raises(SystemExit, match=r"narrate\.v5\.system\.jinja: missing"):
            release(folder)

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("{{ facts }} {{ patient }}", "uses patient, which is not declared"),
            ("{{ facts }}", "does not use passage, which is declared"),
            ("{{ facts", "is not Jinja"),
        ],
    )
    def test_refuses_variables_that_are_not_those_declared(self, folder, text, fault):
        """Both ways round, and a text that is no template."""
        for name in prompt_files(VERSION):
            shutil.copy(folder / name, folder / name.replace(".v4.", ".v5."))
        (folder / "narrate.v5.user.jinja").write_text(text)
        assert any(fault in found for found in variable_faults(folder, "narrate.v5"))
        with pytest.raises(SystemExit, match=fault):
            release(folder)
