"""Serve: what is published, over HTTP, and queries on it."""
