"""Endpoints that speak OpenAI's protocol: what goes over the wire, and what comes back."""
