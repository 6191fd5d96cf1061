"""Asking about a draft: what is held back, what is recorded, how long it may take."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import pytest

import report_gen.llm.question.prompt
from report_gen import Case, load_case
from report_gen.draft.model import Draft
from report_gen.draft.writer import write
from report_gen.facts import Facts, derive
from report_gen.guard.reader.rules import grammar_digest
from report_gen.llm.client import GRACE_S, Client
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask, Completion, Outcome
from report_gen.llm.question.prompt import load_prompt
from report_gen.llm.scripted import Failing, Hanging, Scripted, empty, recital
from report_gen.narrate.budget import Budget
from report_gen.narrate.merge import Narration
from report_gen.narrate.record import as_log, as_provenance
from report_gen.narrate.run import narrated
from tests.narrate.faithful import MODEL, SAMPLES, Faithful, asked, case, client, recited

EVENTFUL = "invented_scoliosis_mep_loss"
LIMITED = "invented_improvement_decompression"
"""A case with something to word in the course."""

FIELDS = {
    "answered",
    "attempt_outcomes",
    "attempts",
    "cancelled",
    "case_schema",
    "cost_is_estimate",
    "cost_usd",
    "deadline_s",
    "dropped",
    "endpoint",
    "event",
    "hedges",
    "grammar_sha256",
    "model",
    "models",
    "outcomes",
    "prices_checked_on",
    "program",
    "prompt",
    "prompt_sha256",
    "questions",
    "refused",
    "report",
    "report_ms",
    "request_ids",
    "sentences",
    "sentences_kept",
    "service_tiers",
    "slowest_s",
    "template_only",
    "tokens_cached",
    "tokens_in",
    "tokens_out",
    "waited_s",
}


@cache
def prepared(name: str) -> tuple[Case, Facts, Draft]:
    """What narration starts from."""
    of = case(name)
    facts = derive(of)
    return of, facts, write(facts, report_id="test-v1-0123456789")


def time_for(model_s: float) -> Budget:
    """A budget with so much time for a model, and none needed for anything else."""
    return Budget(lambda: 0.0, model_s + GRACE_S, rest_s=0.0)


def run(name: str, narrator: Client, *, left_s: float = 30.0) -> tuple[Narration, dict, dict]:
    """The narration of a sample, what the report says of it, and the log; its client is closed afterwards."""
    of, facts, draft = prepared(name)
    with narrator:
        narration, record = narrated(of, facts, draft, narrator, time_for(left_s))
    return narration, as_provenance(record), as_log(record)


def faithful(name: str = EVENTFUL) -> Faithful:
    """A model that words the sample well."""
    return Faithful(recited(name))


class Recording:
    """An endpoint that keeps what it was asked."""

    def __init__(self, answers: Callable[[Ask], Completion] = recital) -> None:
        self.asks: list[Ask] = []
        self.answers = answers

    async def complete(self, ask: Ask) -> Completion:
        """Keep the question and answer it."""
        self.asks.append(ask)
        return self.answers(ask)


class TestTheQuestionsAsked:
    def test_each_is_asked_once(self):
        """Those of the case, with their ids, and no other."""
        endpoint = Recording()
        run(EVENTFUL, client(endpoint))
        assert sorted(ask.id for ask in endpoint.asks) == sorted(question.ask.id for question in asked(case(EVENTFUL)))

    def test_beyond_the_most_are_not_asked(self):
        """The most important come first; the others are worded by template."""
        narration, told, _ = run(EVENTFUL, client(faithful(), max_calls=2))
        first, second, *others = [question.ask.id for question in asked(case(EVENTFUL))]
        assert [narration.outcomes[name] for name in (first, second)] == [Outcome.OK, Outcome.OK]
        assert {narration.outcomes[name] for name in others} == {Outcome.NOT_ASKED}
        assert told["narration_outcomes"] == f"not_asked {len(others)}, ok 2"


class TestEgress:
    def smuggled(self, monkeypatch, secret: str, passage: str = "course") -> None:
        """Put a text into the brief of one passage."""
        real = report_gen.llm.question.prompt.brief

        def leaky(of: object, *arguments: object, **named: object) -> str:
            sheet = json.loads(real(of, *arguments, **named))
            if of.id == passage:
                sheet["facts"][0]["note"] = secret
            return json.dumps(sheet, ensure_ascii=False, separators=(",", ":"))

        monkeypatch.setattr(report_gen.llm.question.prompt, "brief", leaky)

    @pytest.mark.parametrize("what", ["name", "mrn", "surgeon", "facility", "date", "note"])
    def test_a_question_with_an_identifier_is_not_sent(self, monkeypatch, what):
        """None of its pieces is; the others are, and the report is narrated but for that passage."""
        data = json.loads((SAMPLES / f"{LIMITED}.json").read_bytes())
        surgeon = next(row["name"] for row in data["people"] if row["role"] == "surgeon")
        secret = {
            "name": data["patient"]["name"],
            "mrn": data["patient"]["mrn"],
            "surgeon": surgeon,
            "facility": data["encounter"]["facility_name"],
            "date": data["encounter"]["date_of_service"],
            "note": data["record_note"],
        }[what]
        self.smuggled(monkeypatch, secret)
        endpoint = faithful(LIMITED)
        narration, told, record = run(LIMITED, client(endpoint))
        held_back = {row.ask.id for row in asked(case(LIMITED)) if row.passage == "course"}
        assert "course" in held_back
        assert endpoint.calls == len(asked(case(LIMITED))) - len(held_back)
        assert {narration.outcomes[name] for name in held_back} == {Outcome.EGRESS}
        assert {outcome for name, outcome in narration.outcomes.items() if name not in held_back} == {Outcome.OK}
        assert f"egress {len(held_back)}" in told["narration_outcomes"].split(", ")
        assert record["outcomes"]["egress"] == len(held_back)
        taken = {row.passage for row in narration.wordings if row.taken}
        assert taken == {"event-E1"}

    @pytest.mark.parametrize("number", [1, 2, 3, 5])
    def test_a_piece_with_an_identifier_is_not_sent(self, monkeypatch, number):
        """The other pieces of its passage are, and stand beside the template's sentences of that piece."""
        pieces = [row for row in asked(case(EVENTFUL)) if row.passage == "event-E1"]
        leaking = pieces[number - 1]
        real = report_gen.llm.question.prompt.brief

        def leaky(of: object, *arguments: object, **named: object) -> str:
            mine = of.id == "event-E1" and tuple(unit.key for unit in named["units"]) == leaking.ask.fact_ids
            return real(of, *arguments, **named) + (" TEST 1961-07-03" if mine else "")

        monkeypatch.setattr(report_gen.llm.question.prompt, "brief", leaky)
        endpoint = faithful()
        narration, _, _ = run(EVENTFUL, client(endpoint))
        assert endpoint.calls == len(narration.outcomes) - 1
        assert [name for name, outcome in narration.outcomes.items() if outcome is Outcome.EGRESS] == [leaking.ask.id]
        mine = {unit.facts for unit in leaking.units}
        rows = [row for row in narration.wordings if row.passage == "event-E1"]
        assert not any(row.taken or row.offered for row in rows if row.facts in mine)
        assert any(row.taken for row in rows if row.facts not in mine)

    def test_all_of_them_leak(self, monkeypatch):
        """Then nothing is sent at all."""
        real = report_gen.llm.question.prompt.brief
        monkeypatch.setattr(
            report_gen.llm.question.prompt,
            "brief",
            lambda *arguments, **named: real(*arguments, **named) + " TEST 1961-07-03",
        )
        endpoint = faithful()
        narration, told, _ = run(EVENTFUL, client(endpoint))
        assert endpoint.calls == 0
        assert set(narration.outcomes.values()) == {Outcome.EGRESS}
        assert told["narration"] == "template"

    def test_a_harmless_addition_is_sent(self, monkeypatch):
        """The tests above hold back the identifier, not the change."""
        self.smuggled(monkeypatch, "left")
        endpoint = faithful(LIMITED)
        narration, _, _ = run(LIMITED, client(endpoint))
        assert endpoint.calls == len(asked(case(LIMITED)))
        assert set(narration.outcomes.values()) == {Outcome.OK}

    def test_the_identifiers_are_those_of_the_case(self, monkeypatch):
        """Another case's surgeon is no identifier of this one, unless the shape gives it away."""
        self.smuggled(monkeypatch, "Zebrafinch")
        endpoint = faithful(LIMITED)
        assert run(LIMITED, client(endpoint))[0].outcomes["course"] is Outcome.OK
        data = json.loads((SAMPLES / f"{LIMITED}.json").read_bytes())
        data["patient"]["name"] = "Zebrafinch, Canary"
        of = load_case(json.dumps(data).encode())
        facts = derive(of)
        with client(faithful(LIMITED)) as narrator:
            narration, _ = narrated(of, facts, write(facts, report_id="test"), narrator, time_for(30.0))
        assert narration.outcomes["course"] is Outcome.EGRESS


class TestTheTimeLeft:
    @pytest.mark.parametrize("left_s", [0.4, 0.0, -5.0, -1e9])
    def test_no_time_left(self, left_s):
        """The model is not asked; the draft is the template's."""
        endpoint = faithful()
        narration, told, record = run(EVENTFUL, client(endpoint), left_s=left_s)
        assert endpoint.calls == 0
        assert set(narration.outcomes.values()) == {Outcome.NOT_ASKED}
        assert narration.draft == prepared(EVENTFUL)[2]
        assert told["narration_outcomes"] == f"not_asked {record['questions']}"

    def test_the_shorter_of_both_counts(self):
        """The client's own deadline, or what is left of the report's time."""
        assert run(EVENTFUL, client(faithful(), deadline_s=20.0), left_s=25.0)[2]["deadline_s"] == 20.0
        assert run(EVENTFUL, client(faithful(), deadline_s=20.0), left_s=15.0)[2]["deadline_s"] == 15.0

    def test_what_is_left_ends_the_wait(self):
        """An endpoint that hangs has the time left, not the client's."""
        _, _, record = run(EVENTFUL, client(Hanging(), deadline_s=60.0), left_s=0.6)
        assert record["outcomes"] == {"timeout": record["questions"]}
        assert record["waited_s"] < 20


class TestWhatIsTold:
    def test_in_the_report(self):
        """Endpoint, model, prompt, grammar, how much and how it went; values are texts."""
        narration, told, _ = run(EVENTFUL, client(faithful()))
        prompt = load_prompt()
        assert told == {
            "narration": "model",
            "narration_endpoint": "scripted",
            "narration_model": "scripted",
            "narration_models": MODEL,
            "narration_prompt": f"{prompt.version} {prompt.digest[:16]}",
            "narration_grammar": grammar_digest()[:16],
            "narration_sentences": f"{narration.kept} of {narration.asked} worded by the model",
            "narration_outcomes": f"ok {len(narration.outcomes)}",
        }

    def test_in_the_report_when_nothing_was_kept(self):
        """The template worded it, whoever was asked."""
        _, told, record = run(EVENTFUL, client(Scripted(empty)))
        assert told["narration"] == "template"
        assert told["narration_sentences"].startswith("0 of ")
        assert record["template_only"] is True

    def test_in_the_log(self):
        """Every field of the record, and no other."""
        narration, _, record = run(EVENTFUL, client(faithful()))
        assert set(record) == FIELDS
        assert record["event"] == "narration"
        assert record["report"] == "0123456789"
        assert (record["sentences"], record["sentences_kept"]) == (narration.asked, narration.kept)
        assert record["refused"] == dict(narration.refused)
        assert record["template_only"] is False
        assert record["questions"] == record["answered"] == record["attempts"] == len(narration.outcomes)
        assert record["request_ids"] == [f"req-{question.ask.id}" for question in asked(case(EVENTFUL))]
        assert json.loads(json.dumps(record)) == record

    def test_the_fields_are_the_same_when_all_goes_wrong(self):
        """A reader of logs needs no cases."""
        _, _, record = run(EVENTFUL, client(Failing(Outcome.SERVER_ERROR, 100), max_attempts=1))
        assert set(record) == FIELDS
        assert record["answered"] == 0
        assert record["tokens_in"] is record["cost_usd"] is None

    def test_a_client_that_says_nothing_of_itself(self):
        """What is not known is left out."""
        _, told, record = run(EVENTFUL, Client(lambda: faithful(), Policy(deadline_s=30.0, hedge=False)))
        assert not {"narration_endpoint", "narration_model"} & set(told)
        assert not {"endpoint", "model"} & set(record)
