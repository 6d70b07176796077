"""Data.gouv.fr: the datasets of a release, made or brought up to date by its official client."""
