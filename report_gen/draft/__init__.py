"""The draft report and its deterministic writer."""
