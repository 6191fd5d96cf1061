"""Contradictions in the course of a case: steps, presence, endings, examinations, and when what was written."""
