"""Facts of responses: what was read, tested and changed, and the events that were made of it."""
