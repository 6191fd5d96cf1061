"""The rule files themselves: they parse, and a damaged one is refused with file, place and reason."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copy

import pytest

from report_gen.errors import AssetError, ExitCode
from report_gen.rules import rule, rules, tables
from report_gen.rules.model import RuleFile
from report_gen.rules.tables import RULE_FILES, documents, read_table

FOLDER = Path(tables.__file__).parent
GOOD = """
about = "Invented rules."

[[rule]]
id = "invented_rule"
topic = "time"
question = "Is the invented thing there?"
blocking = true
ask = "billing"
remedy = "Look for it."
denials = ["16"]

[[rule.versions]]
effective_from = 2024-01-01
effective_to = 2024-12-31
certainty = "read"
checked_on = 2026-11-01
stale_after_days = 100
[[rule.versions.sources]]
title = "Invented source, 2024"
locator = "page 1"

[[rule.versions]]
effective_from = 2025-01-01
certainty = "read"
checked_on = 2026-11-01
stale_after_days = 100
[[rule.versions.sources]]
title = "Invented source, 2025"
locator = "page 2"
"""


def refused(tmp_path, old, new):
    """What is said of the good file with one change; a change that changes nothing is a mistake of the test."""
    assert GOOD.count(old) >= 1
    path = tmp_path / "invented.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AssetError, match=r"^invented\.toml: ") as caught:
        read_table(path, RuleFile)
    assert caught.value.exit_code is ExitCode.ASSETS_UNUSABLE
    return caught.value


class TestShippedFiles:
    @pytest.mark.parametrize("name", RULE_FILES)
    def test_parses_and_says_its_topic(self, name):
        """Each file by itself, so that a damaged one is named."""
        assert {row.topic for row in read_table(FOLDER / f"{name}.toml", RuleFile).rule} == {name}

    def test_ids_are_unique_over_all_files(self):
        """As many ids as rows."""
        rows = [row.id for name in RULE_FILES for row in read_table(FOLDER / f"{name}.toml", RuleFile).rule]
        assert len(rows) == len(set(rows)) == len(rules())

    def test_one_rule_is_found_by_id(self):
        """And none where there is none."""
        assert rule("pos_facility").topic == "place"
        with pytest.raises(KeyError, match="no_such_rule"):
            rule("no_such_rule")

    def test_nothing_is_named_by_a_reference_of_ours(self):
        """A source is a document that others can get."""
        for row in rules().values():
            for version in row.versions:
                for source in (*version.sources, *version.disputed_by):
                    assert ".md" not in source.title + source.locator, row.id

    def test_quarterly_tables_are_looked_up_each_quarter(self):
        """What was computed from a quarterly edit file of CMS goes stale with it."""
        for row in rules().values():
            for version in row.versions:
                quarterly = version.certainty == "measured" and "NCCI" in version.sources[0].title
                assert not quarterly or version.stale_after_days <= 100, row.id


class TestCitations:
    def test_name_a_document_by_its_id_and_every_document_is_named(self):
        """One document, one title: no shipped file spells a title out, and no document is left over."""
        texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.toml")}
        cited = {name for text in texts.values() for name in re.findall(r'(?m)^document = "(\w+)"$', text)}
        assert cited == set(documents())
        with_own_titles = {"sources.toml", "denials.toml", "clocks.toml"}  # the two last have keys of their own
        assert {name for name, text in texts.items() if re.search("(?m)^title = ", text)} == with_own_titles

    def test_take_title_and_address_from_the_document(self, tmp_path):
        """An address of their own goes before."""
        path = tmp_path / "invented.toml"
        known = documents()["cms_rvu24c"]
        by_id = GOOD.replace('title = "Invented source, 2024"', 'document = "cms_rvu24c"\nurl = "https://copy.example"')
        path.write_text(by_id.replace('title = "Invented source, 2025"', 'document = "cms_rvu24c"'), encoding="utf-8")
        sources = [version.sources[0] for version in read_table(path, RuleFile).rule[0].versions]
        assert [(row.title, row.url) for row in sources] == [
            (known.title, "https://copy.example"),
            (known.title, known.url),
        ]

    def test_of_a_document_that_is_not_known_are_refused_with_their_place(self, tmp_path):
        """Every one of them."""
        said = str(refused(tmp_path, 'title = "Invented source, 2024"', 'document = "no_such_document"'))
        assert "rule/0/versions/0/sources/0/title: Field required" in said
        assert "rule/0/versions/0/sources/0/document: Extra inputs are not permitted" in said

    @pytest.mark.parametrize("twice", ["id", "title"])
    def test_a_document_stands_once(self, tmp_path, monkeypatch, twice):
        """Neither its id nor its title."""
        rows = {"id": "invented", "title": "Invented document"}, {"id": "other", "title": "Other document"}
        rows[1][twice] = rows[0][twice]
        lines = [f'[[document]]\nid = "{row["id"]}"\ntitle = "{row["title"]}"\n' for row in rows]
        (tmp_path / "sources.toml").write_text('about = "Invented."\n' + "".join(lines), encoding="utf-8")
        monkeypatch.setattr(tables, "_FOLDER", tmp_path)
        with pytest.raises(AssetError, match="stands in two places"):
            documents.__wrapped__()


class TestDamagedFiles:
    def test_the_good_file_is_good(self, tmp_path):
        """Otherwise nothing below means anything."""
        path = tmp_path / "invented.toml"
        path.write_text(GOOD, encoding="utf-8")
        read = read_table(path, RuleFile).rule[0]
        assert [read.on(row.effective_from) for row in read.versions] == list(read.versions)

    @pytest.mark.parametrize(
        ("old", "new", "place"),
        [
            ("blocking = true", "blocking = true\nblokking = true", "rule/0/blokking"),
            ("stale_after_days = 100", "stale_after_days = 100\nstale = 3", "rule/0/versions/0/stale"),
            ('locator = "page 1"', 'locator = "page 1"\npage = 1', "rule/0/versions/0/sources/0/page"),
            ('about = "Invented rules."', 'about = "Invented rules."\nversion = 1', "version"),
        ],
    )
    def test_an_unknown_key_is_refused_with_its_place(self, tmp_path, old, new, place):
        """At every level of the file."""
        said = str(refused(tmp_path, old, new))
        assert "invented.toml" in said
        assert f"{place}: Extra inputs are not permitted" in said

    @pytest.mark.parametrize(
        ("old", "new", "place"),
        [
            ('[[rule.versions.sources]]\ntitle = "Invented source, 2024"\nlocator = "page 1"', "", "sources"),
            ("certainty = ", "# certainty = ", "certainty"),
            ("checked_on = ", "# checked_on = ", "checked_on"),
            ('locator = "page 1"', "", "locator"),
            ("blocking = true", "", "blocking"),
        ],
    )
    def test_a_missing_part_is_refused_with_its_place(self, tmp_path, old, new, place):
        """Above all a version without a source."""
        said = str(refused(tmp_path, old, new))
        assert f"{place}: Field required" in said

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("effective_to = 2024-12-31", "effective_to = 2025-01-01", "invented_rule overlap"),
            ("effective_to = 2024-12-31", "", "invented_rule overlap"),
            ("effective_to = 2024-12-31", "effective_to = 2023-12-31", "effective_to is before effective_from"),
            ("effective_from = 2025-01-01", "effective_from = 2023-01-01", "out of order"),
            ('topic = "time"', 'topic = "weather"', "rule/0/topic"),
            ('ask = "billing"', 'ask = "anybody"', "rule/0/ask"),
            ('certainty = "read"', 'certainty = "sure"', "rule/0/versions/0/certainty"),
            ('denials = ["16"]', 'denials = ["CO-16"]', "rule/0/denials/0"),
            ('id = "invented_rule"', 'id = "Invented rule"', "rule/0/id"),
            ("effective_from = 2024-01-01", 'effective_from = "soon"', "rule/0/versions/0/effective_from"),
            ("stale_after_days = 100", "stale_after_days = 0", "rule/0/versions/0/stale_after_days"),
        ],
    )
    def test_a_wrong_value_is_refused_with_its_place(self, tmp_path, old, new, words):
        """Overlaps, order, words that are not of the lists."""
        assert words in str(refused(tmp_path, old, new))

    def test_every_problem_is_told_at_once(self, tmp_path):
        """Nobody mends a file one run at a time."""
        said = str(refused(tmp_path, 'ask = "billing"\nremedy = "Look for it."', 'ask = "anybody"\nremedy = "x"'))
        assert "rule/0/ask" in said
        assert "rule/0/remedy" in said

    @pytest.mark.parametrize("text", ["about = ", "\x00", 'about = "a"\nabout = "b"'])
    def test_what_is_no_toml_is_refused(self, tmp_path, text):
        """With the name of the file."""
        path = tmp_path / "invented.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(AssetError, match=r"invented\.toml cannot be read") as caught:
            read_table(path, RuleFile)
        assert caught.value.code == "rules.unreadable"


class TestAllFilesTogether:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        """A copy of the rule files to damage."""
        for name in RULE_FILES:
            copy(FOLDER / f"{name}.toml", tmp_path)
        monkeypatch.setattr(tables, "_FOLDER", tmp_path)
        return tmp_path

    def test_the_copy_is_whole(self, folder):
        """The same rules, read anew."""
        del folder
        assert dict(rules.__wrapped__()) == dict(rules())

    def test_one_id_in_two_files_is_refused(self, folder):
        """A finding would not say which of them is meant."""
        path = folder / "place.toml"
        path.write_text(path.read_text("utf-8").replace('"pos_facility"', '"payer_known"'), encoding="utf-8")
        with pytest.raises(AssetError, match=r"payer\.toml: the rule payer_known stands in two places"):
            rules.__wrapped__()

    def test_a_rule_in_the_file_of_another_topic_is_refused(self, folder):
        """People look for a rule where its topic says."""
        path = folder / "place.toml"
        path.write_text(path.read_text("utf-8").replace('topic = "place"', 'topic = "payer"', 1), encoding="utf-8")
        with pytest.raises(AssetError, match=r"place\.toml: the rule pos_facility says its topic is payer"):
            rules.__wrapped__()

    def test_a_missing_file_is_refused(self, folder):
        """With its name."""
        (folder / "people.toml").unlink()
        with pytest.raises(AssetError, match=r"people\.toml cannot be read"):
            rules.__wrapped__()
