"""Renderers, by product: the report and the claim support; `pdf` and `figures` draw for both."""
