"""The guard's words: no form twice, no word both harmless and forbidden, every word of a fact readable."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import report_gen.guard.lexicon as lexicon_module
from report_gen.errors import AssetError
from report_gen.guard.lexicon import lexicon, lexicon_digest, stem_of, words_of
from report_gen.guard.reading import concepts_of, read
from report_gen.vocab import vocabulary

FOLDER = Path(lexicon_module.__file__).parent / "lexicon"
CONCEPTS = tomllib.loads((FOLDER / "concepts.toml").read_text(encoding="utf-8"))
CLAIMS = tomllib.loads((FOLDER / "claims.toml").read_text(encoding="utf-8"))
PLAIN = (FOLDER / "plain.txt").read_text(encoding="utf-8").split()
FILES = ("concepts.toml", "claims.toml", "plain.txt")
SAY_THEMSELVES = (
    *("apb_adm", "orbicularis_oculi", "orbicularis_oris", "nitrous_oxide"),
    *("cz_prime", "erb_left", "erb_right", "c5s", "c2s", "t12", "gpi"),
)
"""Entries of which a name or abbreviation is not read as theirs."""
SITES = ("muscles", "nerves", "electrode_sites", "agents", "roles")


def _repeated(words):
    """Those that stand more than once."""
    return sorted(word for word, count in Counter(words).items() if count > 1)


def _forms(name):
    """Every way in which the entries of a vocabulary are written, with their codes."""
    return [
        (entry.code, form)
        for entry in vocabulary(name).entries.values()
        if entry.code not in ("other", "not_recorded")
        for form in (entry.display, entry.abbreviation, *entry.synonyms)
        if form
    ]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the lexicon's files in use for one test."""
    for name in FILES:
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    monkeypatch.setattr(lexicon_module, "_FOLDER", tmp_path)
    lexicon.cache_clear()
    lexicon_digest.cache_clear()
    yield tmp_path
    lexicon.cache_clear()
    lexicon_digest.cache_clear()


class TestHygiene:
    def test_no_plain_word_is_listed_twice(self):
        """In order and once."""
        assert _repeated(PLAIN) == []
        assert sorted(PLAIN) == PLAIN

    def test_no_plain_word_is_a_forbidden_one(self):
        """A word says nothing or it says too much."""
        forbidden = {form for forms in CLAIMS.values() for form in forms if len(words_of(form)) == 1}
        assert sorted(forbidden & set(PLAIN)) == []

    def test_a_plain_word_is_one_lower_case_word(self):
        """As the reader meets it."""
        assert [word for word in PLAIN if not re.fullmatch(r"[a-z]+", word)] == []

    def test_no_form_stands_twice_in_a_concept(self):
        """Whatever its hyphens."""
        concepts = CONCEPTS["concepts"]
        assert len(concepts) > 100
        twice = {name: _repeated(words_of(form) for form in forms) for name, forms in concepts.items()}
        assert {name: forms for name, forms in twice.items() if forms} == {}

    @pytest.mark.parametrize("kind", sorted(CLAIMS))
    def test_no_form_stands_twice_in_a_kind_of_claim(self, kind):
        """Likewise."""
        assert _repeated(CLAIMS[kind]) == []

    def test_every_form_of_a_concept_is_read_as_it(self):
        """Among its senses, where words are shared."""
        concepts: dict[str, set[str]] = {}
        for name, forms in CONCEPTS["concepts"].items():
            for form in forms:
                concepts.setdefault(form, set()).add(name)
        said = {
            form: {name for token in read(form.removesuffix("*")).tokens for m in token.meanings for name in m}
            for form in concepts
        }
        assert len(said) > 600
        assert [form for form, names in concepts.items() if not names & said[form]] == []

    def test_every_frame_compiles_and_matches_no_empty_text(self):
        """A pattern that matches nothing would license every denial."""
        for name, pattern in lexicon().frames:
            assert name in CONCEPTS["frames"]
            assert pattern.search("") is None, name
            assert pattern.search("the surgeon paused surgery") is None, name

    def test_no_claim_shadows_a_word_of_the_facts(self):
        """A term is read before a claim, in every vocabulary that prints."""
        for name in SITES:
            claimed = [form for _, form in _forms(name) if any(t.kind == "claim" for t in read(form).tokens)]
            assert (name, claimed) == (name, [])


class TestReadable:
    @pytest.mark.parametrize("name", SITES)
    def test_every_name_that_a_fact_prints_is_read(self, name):
        """Display name, abbreviation and synonyms lead to the entry."""
        lost = [
            (code, form)
            for code, form in _forms(name)
            if code not in SAY_THEMSELVES
            and f"{name}.{code}" not in {n for t in read(form).tokens for m in t.meanings for n in m}
        ]
        assert lost == []

    @pytest.mark.parametrize("name", [*SITES, "modalities"])
    def test_every_other_name_says_something(self, name):
        """Itself, where it has no entry: another name in its place is seen."""
        said = [(code, form) for code, form in _forms(name) if not concepts_of(form)]
        assert said == []

    def test_every_modality_is_read(self):
        """By display name and abbreviation."""
        entries = [row for row in vocabulary("modalities").entries.values() if row.code != "other"]
        names = [form for entry in entries for form in (entry.display, entry.abbreviation) if form]
        assert [form for form in names if not any(token.kind == "term" for token in read(form).tokens)] == []

    def test_a_name_of_two_modalities_is_told_apart(self):
        """Upper from lower, free-run from triggered."""
        said = {
            entry.code: concepts_of(entry.abbreviation)
            for entry in vocabulary("modalities").entries.values()
            if entry.abbreviation
        }
        assert _repeated(said.values()) == []

    @pytest.mark.parametrize(
        ("words", "other", "same"),
        [
            ("derotation", "derotated", True),
            ("released", "release", True),
            ("biopsies", "biopsy", True),
            ("distraction", "derotation", False),
            ("age", "aged", False),
        ],
    )
    def test_stems(self, words, other, same):
        """Endings part from long words only."""
        assert (stem_of(words) == stem_of(other)) is same

    def test_hyphens_and_strokes_part_words(self):
        """Every dash is one."""
        assert words_of("Free-run\u2010EMG/tEMG \u2013 on") == ("free", "run", "emg", "temg", "on")


class TestFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_file(self, copied, name):
        """The guard does not judge with half its words."""
        (copied / name).unlink()
        with pytest.raises(AssetError, match=re.escape(name)) as caught:
            lexicon()
        assert caught.value.code == "assets.lexicon"
        with pytest.raises(AssetError, match="lexicon is missing"):
            lexicon_digest()

    @pytest.mark.parametrize("name", ["concepts.toml", "claims.toml"])
    @pytest.mark.parametrize("content", [b"[concepts\n", b"\xff\xfe", b"a = "])
    def test_a_damaged_file(self, copied, name, content):
        """Likewise, and nothing of its content is repeated."""
        (copied / name).write_bytes(content)
        with pytest.raises(AssetError, match="damaged") as caught:
            lexicon()
        assert caught.value.code == "assets.lexicon"

    def test_the_digest_follows_every_file(self, copied):
        """A changed word is another guard."""
        digests = {lexicon_digest()}
        for name in FILES:
            (copied / name).write_bytes((copied / name).read_bytes() + b"\n#")
            lexicon_digest.cache_clear()
            digests.add(lexicon_digest())
        assert len(digests) == 1 + len(FILES)
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
