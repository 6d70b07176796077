"""Telling: what is wrong, in words that a publisher understands."""
