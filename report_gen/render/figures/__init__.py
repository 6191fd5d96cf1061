"""The figures of a report, drawn with a pen; nothing here knows what the pen draws on."""
