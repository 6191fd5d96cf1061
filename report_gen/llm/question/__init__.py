"""What a model is asked: the coded facts of a passage in a released prompt."""
