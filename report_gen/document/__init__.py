"""A document as values: sections of paragraphs, tables and figures that any renderer can set; nothing of any case."""
