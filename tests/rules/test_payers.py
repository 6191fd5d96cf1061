"""Shipped payer policies and hints: one payer is known, everything else asks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from report_gen.errors import AssetError
from report_gen.rules import payers
from report_gen.rules.payers import CONFIRMED_DAYS, Hint, PayerPolicy, hints, hints_for, policies
from report_gen.vocab import vocabulary

DAY = date(2026, 9, 15)
CLASSES = vocabulary("payer_classes").codes
PLAIN = {"id": "plan", "payer_class": "commercial", "remote": "mon.remote_multi"}
CONFIRMED = {**PLAIN, "confirmed_on": date(2026, 8, 1), "confirmed_by": "B. Biller"}


class TestShippedPolicies:
    def test_every_class_has_one_and_medicare_alone_is_known(self):
        """No other payer can turn green without the practice."""
        assert set(policies()) == set(CLASSES)
        assert [name for name, row in policies().items() if row.known] == ["medicare_ffs"]
        assert [name for name, row in policies().items() if row.settled_on(DAY)] == ["medicare_ffs"]

    @pytest.mark.parametrize("name", [name for name in CLASSES if name != "medicare_ffs"])
    def test_a_template_knows_nothing_of_authorization(self, name):
        """It asks."""
        assert policies()[name].authorization == "unknown"
        assert policies()[name].confirmed_on is None

    def test_medicare_takes_undivided_minutes_since_2013(self):
        """The code is of 2013-01-01: before it nothing is settled."""
        row = policies()["medicare_ffs"]
        assert (row.in_room, row.remote) == ("mon.in_room", "mon.remote_exclusive")
        assert row.settled_on(date(2013, 1, 1))
        assert not row.settled_on(date(2012, 12, 31))


class TestDamagedFile:
    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("known = true", "known = false", "Medicare fee-for-service alone is known"),
            (
                'payer_class = "medicaid"',
                'payer_class = "medicaid"\nknown = true',
                "Medicare fee-for-service alone is known",
            ),
            ('payer_class = "tricare"\nremote', 'payer_class = "medicaid"\nremote', "one row for each payer class"),
            ('id = "umr"', 'id = "uhc"', "an id stands in two places"),
            ('id = "umr"', 'id = "umr"\nnumber = 3', "hint/2/number"),
            ('confidence = "none"', 'confidence = "sure"', "confidence"),
        ],
    )
    def test_is_refused_with_its_name(self, tmp_path, monkeypatch, old, new, words):
        """The file of payers, with one change."""
        good = (Path(payers.__file__).parent / "payers.toml").read_text(encoding="utf-8")
        assert old in good
        (tmp_path / "payers.toml").write_text(good.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(payers, "__file__", str(tmp_path / "payers.py"))
        with pytest.raises(AssetError, match=r"payers\.toml") as caught:
            payers._file.__wrapped__()
        assert words in str(caught.value)


class TestSettled:
    def test_without_a_confirmation_it_is_not(self):
        """On no day."""
        row = PayerPolicy(**PLAIN)
        assert not row.settled_on(DAY)
        assert not row.expired_on(DAY)

    def test_a_confirmation_without_an_end_reaches_as_far_forward_as_back(self):
        """The last day counts, the one after it does not."""
        row = PayerPolicy(**CONFIRMED)
        reach = timedelta(days=CONFIRMED_DAYS)
        assert row.settled_on(row.confirmed_on + reach)
        assert not row.settled_on(row.confirmed_on + reach + timedelta(days=1))
        assert row.settled_on(row.confirmed_on - reach)
        assert not row.settled_on(row.confirmed_on - reach - timedelta(days=1))

    def test_its_own_end_goes_before(self):
        """Shorter or longer."""
        row = PayerPolicy(**CONFIRMED, confirmed_until=DAY)
        assert row.settled_on(DAY)
        assert not row.settled_on(DAY + timedelta(days=1))
        assert row.expired_on(DAY + timedelta(days=1))

    @pytest.mark.parametrize("key", ["policy_dated", "effective_from"])
    def test_it_says_nothing_of_the_time_before_its_text(self, key):
        """A policy of January is no word on December."""
        row = PayerPolicy(**CONFIRMED, **{key: DAY})
        assert row.settled_on(DAY)
        assert not row.settled_on(DAY - timedelta(days=1))
        assert not row.expired_on(DAY - timedelta(days=1))


class TestHints:
    def test_none_is_applied_by_itself(self):
        """Their terms stand in no shipped policy and confirm nothing."""
        for row in hints().values():
            assert row.confirm
            assert row.sources
            assert not {key for key in row.terms if key.startswith("confirmed") or key == "known"}

    @pytest.mark.parametrize("hint", hints().values(), ids=str)
    def test_each_is_found_by_its_own_words_and_makes_a_policy_when_adopted(self, hint: Hint):
        """The terms are valid keys, completed by what the practice must say itself."""
        for pattern in hint.patterns:
            assert hint in hints_for(hint.payer_classes[0], f"Example {pattern.upper()} Plan 7")
        row = PayerPolicy(**{"id": "adopted", "payer_class": hint.payer_classes[0], "remote": "none", **hint.terms})
        assert not row.settled_on(DAY)

    def test_words_are_whole_words_and_of_the_class(self):
        """A plan is not taken for another because letters happen to follow each other."""
        assert [row.id for row in hints_for("commercial", "UMR, Example Employer")] == ["umr"]
        assert hints_for("commercial", "Lumrex Example") == ()
        assert hints_for("medicare_ffs", "Aetna") == ()
        assert hints_for("commercial", "") == ()

    @pytest.mark.parametrize(
        ("name", "key", "value"),
        [
            ("bc_idaho", "remote", "none"),
            ("texas_medicaid", "cap_min_per_day", 120),
            ("centene", "remote", "mon.remote_exclusive"),
        ],
    )
    def test_what_texts_settle_is_there(self, name, key, value):
        """The rows of the payer table that carry a term."""
        assert hints()[name].terms[key] == value

    @pytest.mark.parametrize("terms", [{"known": True}, {"confirmed_on": "2026-01-01"}, {"name": "Other"}])
    def test_no_hint_confirms_or_names(self, terms):
        """Only the practice does."""
        raw = {**hints()["umr"].model_dump(), "terms": terms}
        with pytest.raises(ValueError, match="terms:"):
            Hint.model_validate(raw)
