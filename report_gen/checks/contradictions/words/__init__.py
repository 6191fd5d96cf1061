"""Reads what people wrote, as far as single statements can be read, and holds it against the record.

What is read so may be misread: every finding of this room is settled by the answer of whoever wrote the words.
"""
