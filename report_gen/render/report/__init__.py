"""The report in every form: a checked report becomes JSON, HTML and pages."""
