"""Renderers: a checked report becomes JSON, PDF or HTML."""
