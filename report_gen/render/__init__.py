"""Renderers: a checked report becomes JSON or PDF."""
