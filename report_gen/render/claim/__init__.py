"""The claim support in every form: an assessment becomes a checklist, JSON and pages."""
