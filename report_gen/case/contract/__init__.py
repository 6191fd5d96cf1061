"""The contract of the case file as models: what a record may say, field by field."""
