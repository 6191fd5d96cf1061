"""What page one says of the case: rows of the results, the standing at closing, systems, tests, counts."""
