"""What somebody wrote, resolved to terms: exact, in one order, and never a guess."""

from __future__ import annotations

from report_gen.vocab import names, vocabulary
from report_gen.vocab.candidates import find, likest


def codes(words: str, *vocabularies: str) -> list[tuple[str, str]]:
    """Codes found, each with how like it the words are."""
    return [(row.code, row.likeness) for row in find(words, *vocabularies)]


class TestFind:
    def test_every_form_of_every_term_finds_it(self):
        """Its code, printed term, abbreviation and synonyms; among the likest, so that another is only its equal."""
        lost = [
            (name, code, form)
            for name in names()
            for code, entry in vocabulary(name).entries.items()
            for form in (code, entry.display, entry.abbreviation or code, *entry.synonyms)
            if code not in [row.code for row in likest(find(form, name))]
        ]
        assert lost == []

    def test_a_modality_as_sites_write_it(self):
        """Other letters, hyphens, spaces and number are the same term; a part of one, or one misspelt, is none."""
        written: dict[str, list[tuple[str, str]]] = {
            "tcmep": [("tcmep", "code")],
            "TcMEP": [("tcmep", "form")],
            " TCeMEP ": [("tcmep", "form")],
            "TCMEP": [("tcmep", "spelling")],
            "upper-extremity  ssep": [("ssep_upper", "spelling")],
            "emg free-run": [("emg_free_run", "spelling")],
            "MEPs": [("mep_unspecified", "form")],
            "lateral spread responses": [("lsr", "number")],
            "processed EEG": [("eeg_processed", "form")],
            "transcranial": [],
            "MEPP": [],
            "": [],
            " - ": [],
            "MEP" * 100: [],
        }
        assert {words: codes(words, "modalities") for words in written} == written

    def test_two_that_fit_are_both_given(self):
        """A threshold may be in mA or in V: the words do not say."""
        assert codes("threshold", "parameters") == [("threshold_ma", "form"), ("threshold_v", "form")]
        assert codes("Thresholds", "parameters") == [("threshold_ma", "number"), ("threshold_v", "number")]

    def test_the_likest_come_first(self):
        """A sweep is first the one that is called so, then the other's singular; a plural is not cut off a number."""
        assert codes("sweep", "parameters") == [("sweep_ms", "form"), ("sweeps", "number")]
        assert [row.code for row in likest(find("sweep", "parameters"))] == ["sweep_ms"]
        assert codes("C5S", "electrode_sites") == [("c5s", "form")]
        assert likest(()) == ()

    def test_all_vocabularies_are_asked_unless_some_are_named(self):
        """In the order of their names, each candidate with its own."""
        found = [(row.vocabulary, row.code) for row in find("baseline")]
        assert found == sorted(found)
        assert ("interval_kinds", "baseline") in found
        assert [row.vocabulary for row in find("baseline", "trace_phases", "interval_kinds")] == [
            "interval_kinds",
            "trace_phases",
        ]
