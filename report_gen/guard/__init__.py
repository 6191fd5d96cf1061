"""Proves a model's wording against the facts, without a model."""
