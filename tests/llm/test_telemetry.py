"""The record of calls, tokens and cost: dated prices, and no figure where one is not known."""

from __future__ import annotations

import tomllib
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import report_gen.llm.telemetry
from report_gen.errors import AssetError
from report_gen.llm.port import Answer, Attempt, Completion, OfferedSentence, Outcome
from report_gen.llm.telemetry import Price, Prices, cost_usd, prices, usage

KNOWN = "gpt-5.4-mini"


def completion(**more: object) -> Completion:
    """An answer of a model whose price is known."""
    return Completion((), **{"model": KNOWN, "tokens_in": 1000, "tokens_out": 100, **more})


def answer(*attempts: Attempt, **more: object) -> Answer:
    """A question that was answered at the first call."""
    given = {"ask_id": "course", "outcome": Outcome.OK, "completion": completion(), **more}
    return Answer(**given, attempts=attempts or (call(),))


def call(outcome: Outcome = Outcome.OK, wall_s: float = 1.0, **more: object) -> Attempt:
    """A call."""
    return Attempt(outcome, 0.0, wall_s, **more)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes `prices` read a file of the test."""
    path = tmp_path / "prices.toml"
    monkeypatch.setattr(report_gen.llm.telemetry, "_FILE", path)
    prices.cache_clear()
    yield path
    prices.cache_clear()


class TestThePriceList:
    def test_is_dated_and_says_where_from(self):
        """A price without a date is a guess."""
        listed = prices()
        assert date(2026, 1, 1) <= date.fromisoformat(listed.checked_on) <= date(2100, 1, 1)
        assert len(listed.source) > 20

    def test_holds_positive_prices(self):
        """Cached input costs no more than fresh, and output no less."""
        assert prices().rows
        for row in prices().rows:
            assert 0 < row.cached <= row.input <= row.output

    def test_every_row_can_be_found(self):
        """No pattern is hidden by one before it."""
        rows = prices().rows
        for place, row in enumerate(rows):
            example = row.model.replace("*", "024-07-18" if row.model.endswith("2*") else "")
            assert next(index for index, other in enumerate(rows) if fnmatchcase(example, other.model)) == place

    def test_is_the_shipped_file(self):
        """Read from beside the module, a TOML file with a date of its own kind."""
        path = Path(report_gen.llm.telemetry.__file__).with_name("prices.toml")
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        assert isinstance(table["checked_on"], date)
        assert prices() == Prices(
            table["checked_on"].isoformat(), table["source"], tuple(Price(**row) for row in table["price"])
        )

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "not toml = = =",
            'checked_on = 2026-11-24\nsource = "x"',
            'source = "x"\nprice = []',
            'checked_on = 2026-11-24\nsource = "x"\n[[price]]\nmodel = "m"\ninput = 1.0',
            'checked_on = 2026-11-24\nsource = "x"\n[[price]]\nmodel = "m"\ninput = 1\ncached = 1\noutput = 1\nof = 1',
        ],
    )
    def test_a_damaged_one_is_told_as_that(self, folder, text):
        """With its code, and without a path."""
        if text is not None:
            folder.write_text(text, encoding="utf-8")
        with pytest.raises(AssetError, match="price list is missing or damaged") as raised:
            prices()
        assert raised.value.code == "assets.prices"
        assert str(folder) not in str(raised.value)

    def test_a_date_written_as_text_is_damage_too(self, folder):
        """A quoted date is the likeliest slip of whoever edits the file."""
        folder.write_text('checked_on = "2026-11-24"\nsource = "x"\nprice = []', encoding="utf-8")
        with pytest.raises(AssetError, match="price list is missing or damaged"):
            prices()


class TestTheCostOfAnAnswer:
    def test_input_and_output(self):
        """Dollars for a million tokens."""
        price = next(row for row in prices().rows if fnmatchcase(KNOWN, row.model))
        assert cost_usd(completion()) == pytest.approx((1000 * price.input + 100 * price.output) / 1e6)

    def test_cached_tokens_are_cheaper(self):
        """They are part of the input, not beside it."""
        price = next(row for row in prices().rows if fnmatchcase(KNOWN, row.model))
        wanted = (600 * price.input + 400 * price.cached + 100 * price.output) / 1e6
        assert cost_usd(completion(tokens_cached=400)) == pytest.approx(wanted)
        assert cost_usd(completion(tokens_cached=0)) == cost_usd(completion())

    @pytest.mark.parametrize(
        "model", ["", "my-own-model", "gpt-5.4-nano", "GPT-5.4-MINI", "x-gpt-5.4-mini", "gpt-4o-realtime"]
    )
    def test_an_unknown_model_has_none(self, model):
        """Nothing is guessed from a name that is like another."""
        assert cost_usd(completion(model=model)) is None

    def test_a_dated_model_is_known(self):
        """Endpoints answer with the date of the model's version."""
        assert cost_usd(completion(model="gpt-5.4-mini-2026-03-17")) == cost_usd(completion())

    @pytest.mark.parametrize("missing", ["tokens_in", "tokens_out"])
    def test_without_tokens_there_is_none(self, missing):
        """An endpoint that reports no usage has no cost, rather than none to pay."""
        assert cost_usd(completion(**{missing: None})) is None

    def test_more_cached_than_sent_is_not_a_gain(self):
        """An endpoint that reports nonsense does not lower the sum below what the output costs."""
        price = next(row for row in prices().rows if fnmatchcase(KNOWN, row.model))
        found = cost_usd(completion(tokens_cached=10**9))
        assert found is None or found >= 100 * price.output / 1e6


class TestUsage:
    def test_of_nothing(self):
        """No question, no call, no sum."""
        found = usage(())
        assert (found.questions, found.answered, found.attempts) == (0, 0, 0)
        assert found.tokens_in is found.tokens_cached is found.tokens_out is found.cost_usd is None
        assert found.prices_checked_on is None
        assert found.slowest_s == 0.0

    def test_sums(self):
        """Over all answers."""
        first = answer(completion=completion(tokens_cached=0))
        found = usage((first, answer(completion=completion(tokens_in=500, tokens_cached=100, tokens_out=50))))
        assert (found.tokens_in, found.tokens_cached, found.tokens_out) == (1500, 100, 150)
        both = cost_usd(completion()) + cost_usd(completion(tokens_in=500, tokens_cached=100, tokens_out=50))
        assert found.cost_usd == pytest.approx(both, abs=1e-6)
        assert found.cost_is_estimate is False
        assert found.prices_checked_on == prices().checked_on

    def test_a_sum_with_an_unknown_part_is_none(self):
        """Half a cost is no cost."""
        for other in (completion(model="my-own-model"), completion(tokens_out=None)):
            found = usage((answer(), answer(completion=other)))
            assert found.cost_usd is None

    def test_a_sum_of_tokens_with_an_unknown_part_is_marked(self):
        """One answer that reports no tokens: their sum is None, or told to be an estimate."""
        found = usage((answer(), answer(completion=completion(tokens_in=None, tokens_out=None))))
        assert found.tokens_in is None or found.cost_is_estimate

    @pytest.mark.parametrize("trouble", [Outcome.CANCELLED, Outcome.SERVER_ERROR, Outcome.TIMEOUT])
    def test_calls_that_came_to_nothing_make_it_an_estimate(self, trouble):
        """Nobody says what they used."""
        found = usage((answer(call(trouble), call()),))
        assert found.cost_usd == round(cost_usd(completion()), 6)
        assert found.cost_is_estimate is True

    def test_counts(self):
        """Calls by kind and outcome, questions by outcome."""
        failed = Answer("event-E1", Outcome.TIMEOUT, None, (call(Outcome.TIMEOUT, 4.5),))
        found = usage((answer(call(Outcome.CANCELLED, 2.5), call(wall_s=0.25, hedge=True)), failed))
        assert (found.questions, found.answered, found.attempts) == (2, 1, 3)
        assert (found.hedges, found.cancelled) == (1, 1)
        assert found.outcomes == {"ok": 1, "timeout": 1}
        assert found.attempt_outcomes == {"cancelled": 1, "ok": 1, "timeout": 1}
        assert found.slowest_s == 4.5

    def test_names_are_listed_once(self):
        """Models and tiers sorted; request ids in the order of the questions; empty ones left out."""
        rows = [
            answer(completion=completion(model=model, request_id=request_id, service_tier=tier))
            for model, request_id, tier in (("b", "2", "fast"), ("a", "1", ""), ("b", "", "fast"))
        ]
        found = usage(rows)
        assert found.models == ("a", "b")
        assert found.request_ids == ("2", "1")
        assert found.service_tiers == ("fast",)

    def test_holds_no_sentence(self):
        """Of an answer's text, nothing."""
        said = Completion((OfferedSentence(("Zebrafinch",), "Zebrafinch"),), model=KNOWN)
        assert "Zebrafinch" not in str(usage((answer(completion=said),)))
