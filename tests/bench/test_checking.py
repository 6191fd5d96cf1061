"""The part `checking`: the guard beside a check of numbers and no check. Shares are not tested, their order is."""

from __future__ import annotations

from itertools import chain, islice

import pytest

from bench.parts import checking
from trials.guard.corpus import DRAFTS, sheets, template_sheets
from trials.guard.figures import Tally
from trials.guard.mutate import FAMILIES


@pytest.fixture(scope="module")
def part():
    """The smoke scale."""
    return checking.measure("smoke", 1)


@pytest.fixture(scope="module")
def classes(part):
    """The rows of the classes of mutation, by class."""
    apart = f"{checking.UNFAITHFUL} / "
    return {row.name.removeprefix(apart): row for row in part.rows if row.name.startswith(apart)}


class TestChecking:
    def test_every_class_is_tried_and_counts(self, part, classes):
        """A class that is not tried would read as one that lets nothing through."""
        assert not [row.name for row in part.rows if row.failed or row.skipped]
        assert list(classes) == [*FAMILIES, "all classes"]
        assert all(row.figures["tried"] > 0 for row in classes.values())

    def test_ours_lets_through_no_more_than_a_check_of_numbers(self, classes):
        """In no class; and the check of numbers no more than no check."""
        for row in classes.values():
            shares = [row.figures[f"{name}_let_through_pct"] for name in ("ours", "pooled", "none")]
            assert shares == sorted(shares)
            assert row.figures["ours_let_through_pct"] <= row.figures["ours_at_most_pct"] <= 100
        assert (
            classes["all classes"].figures["ours_let_through_pct"]
            < 50
            < classes["all classes"].figures["pooled_let_through_pct"]
        )

    def test_classes_add_up(self, classes):
        """Tries, and what each of the three let through."""
        whole = classes.pop("all classes").figures
        assert sum(row.figures["tried"] for row in classes.values()) == whole["tried"]
        for name in ("none", "pooled", "ours"):
            through = sum(row.figures["tried"] * row.figures[f"{name}_let_through_pct"] for row in classes.values())
            assert through == pytest.approx(whole["tried"] * whole[f"{name}_let_through_pct"])

    def test_false_alarms_are_of_all_sentences_of_the_drafts(self, part):
        """Also of those that the guard refuses, or its own would never show."""
        row = next(row for row in part.rows if row.name == checking.ALARMS)
        found = chain(template_sheets(), islice(sheets(DRAFTS), checking._SIZES["smoke"].drafts))
        assert row.figures["sentences"] == sum(len(page.claims) for sheet in found for page in sheet.pages)
        assert row.figures["none_refused_pct"] == 0

    def test_one_seed_gives_one_result_and_held_out_drafts_are_not_read(self, part, monkeypatch):
        """The draw is of the seed alone; drafts that are read for figures that rules are tuned by are spent."""
        asked = []

        def watched(folder, **options):
            asked.append(options)
            return sheets(folder, **options)

        monkeypatch.setattr(checking, "sheets", watched)
        assert checking.measure("smoke", 1) == part
        assert asked == [{}]

    def test_a_class_without_a_try_does_not_count(self):
        """It has no share."""
        assert checking._class("unfaithful / none", Tally()).failed
