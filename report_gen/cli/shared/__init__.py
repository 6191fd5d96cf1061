"""What several commands share: their options, and the two streams they write to."""
