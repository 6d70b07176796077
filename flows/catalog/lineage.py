"""Lineage: which sources a query comes from, through the shared tables."""

from flows.catalog.models import Catalog


def sources_of(catalog: Catalog, reads: dict[str, frozenset[str]], name: str) -> list[str]:
    """The sources behind *name*, a key of *reads* (table name to the tables that it reads)."""
    found: set[str] = set()
    waiting, seen = [name], set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if current.removeprefix("core.") in catalog.sources:
            found.add(current.removeprefix("core."))
        waiting.extend(reads.get(current, frozenset()))
    return sorted(found)
