"""Narration: a model is asked to re-word passages, the guard judges, the template stands where it refuses."""
