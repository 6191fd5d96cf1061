"""`vocab`: every list of codes with its words, and the code that words lead to."""

from __future__ import annotations

import json

import pytest

from report_gen.vocab import names, vocabulary


class TestLists:
    def test_lists_every_vocabulary(self, run):
        """With the number of its codes and what it is for."""
        code, shown, said = run("vocab")
        rows = [row.split() for row in shown.splitlines()]
        assert (code, said) == (0, "")
        assert [row[0] for row in rows] == list(names())
        assert [int(row[1]) for row in rows] == [len(vocabulary(name).codes) for name in names()]

    @pytest.mark.parametrize("name", ["muscles", "interventions", "agents", "icd10cm_traps", "sides"])
    def test_a_list_is_complete_with_its_words(self, run, name):
        """Each code in its order, with printed term, abbreviation and every synonym."""
        code, shown, said = run("vocab", name)
        rows = dict(zip(vocabulary(name).codes, shown.splitlines(), strict=True))
        assert (code, said) == (0, "")
        lost = [
            (key, form)
            for key, entry in vocabulary(name).entries.items()
            for form in (entry.display, entry.abbreviation or key, *entry.synonyms)
            if not rows[key].startswith(key) or form not in rows[key]
        ]
        assert lost == []

    @pytest.mark.parametrize("name", names())
    def test_each_speaks_json(self, run, name):
        """With the source of each term."""
        rows = json.loads(run("vocab", name, "--format", "json")[1])
        assert [row["code"] for row in rows] == list(vocabulary(name).codes)
        assert all(row["source"] and row["display"] for row in rows)

    def test_the_overview_speaks_json(self, run):
        """As a list."""
        rows = json.loads(run("vocab", "--format", "json")[1])
        assert [row["vocabulary"] for row in rows] == list(names())

    def test_an_unknown_list_is_a_mistake(self, run):
        """What was typed is not repeated: it may be anything."""
        code, shown, said = run("vocab", "Zebrafinch")
        assert (code, shown) == (1, "")
        assert "`report-gen vocab` lists them" in said
        assert "Zebrafinch" not in said


class TestFind:
    def test_words_lead_to_their_code(self, run):
        """In every vocabulary, or in one."""
        assert run("vocab", "--find", "peroneus longus")[1].startswith(
            "muscles: fibularis_longus  fibularis longus (PL;"
        )
        assert run("vocab", "muscles", "--find", "TA")[1].startswith("muscles: tibialis_anterior  ")
        assert run("vocab", "nerves", "--find", "TA")[1].startswith("No term is written so")

    def test_a_guess_is_marked_as_one(self, run):
        """A part of a name, or a slip."""
        assert run("vocab", "muscles", "--find", "tibialis")[1].count("[has these words in its name]") == 2
        assert run("vocab", "interventions", "--find", "papaverin")[1].endswith("[is written nearly so]\n")
        assert "[" not in run("vocab", "muscles", "--find", "TA")[1]

    def test_what_is_found_speaks_json(self, run):
        """With how like it the words are."""
        (row,) = json.loads(run("vocab", "interventions", "--find", "Screw out", "--format", "json")[1])
        assert (row["vocabulary"], row["code"], row["likeness"]) == ("interventions", "remove_screw", "spelling")
        assert json.loads(run("vocab", "--find", "Zebrafinch", "--format", "json")[1]) == []

    def test_words_that_are_no_term_are_not_repeated(self, run):
        """They may be pasted from a record."""
        code, shown, said = run("vocab", "--find", "Zebrafinch")
        assert code == 0
        assert "Zebrafinch" not in shown + said
