"""Facts as they belong together: an event with its chain, a response, a modality and a session with their parts."""
