"""Jalon: open data of French territories, joined, checked, given meaning, and published."""
