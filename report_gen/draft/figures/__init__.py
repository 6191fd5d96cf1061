"""The figures of a report, from facts: marks in time with what they cite; how they look is the renderer's affair."""
