"""Every text for a person at a terminal: plain lines that hold nothing of a case unless a docstring says so."""
