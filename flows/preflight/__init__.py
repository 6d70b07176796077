"""Preflight: what data.gouv.fr will make of a release, foreseen from its files."""
