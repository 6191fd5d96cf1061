"""Layout of a document: its blocks as pieces of known height, and where pages end."""
