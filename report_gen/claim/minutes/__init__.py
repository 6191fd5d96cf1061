"""The interpreting professional's minutes: counted, shared with other cases, turned into units."""
