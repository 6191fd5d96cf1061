"""Facts of the case as a whole: who, what, when, under which conditions."""
