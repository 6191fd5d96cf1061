"""Facts grouped by subject: events with their chains, and responses, modalities and sessions with their parts."""
