"""Part B, the technical record: everything that the report does not show, complete."""
