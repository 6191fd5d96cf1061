"""Closed vocabularies as data: each entry with code, printed term, synonyms and source."""

from report_gen.vocab.tables import Entry, Limit, Vocabulary, limits, names, vocabulary

__all__ = ["Entry", "Limit", "Vocabulary", "limits", "names", "vocabulary"]
