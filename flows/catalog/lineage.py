"""Lineage: which sources a query comes from, through the shared tables."""

from collections.abc import Collection
from typing import Any

from flows.catalog.models import Catalog, Licence
from flows.errors import CatalogError

# What a query reads: `indicators/population` or `core.communes`, to the tables that stand in it.
Reads = dict[str, frozenset[str]]


def sources_of(catalog: Catalog, reads: Reads, *names: str) -> list[str]:
    """The sources behind *names*, keys of *reads*."""
    behind = (each.removeprefix("core.") for each in names_behind(reads, *names))
    return sorted({each for each in behind if each in catalog.sources})


def names_behind(reads: Reads, *names: str) -> list[str]:
    """All that *names*, keys of *reads*, are made of, themselves among them."""
    waiting, seen = list(names), set()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(reads.get(current, frozenset()))
    return sorted(seen)


def licence_of(catalog: Catalog, reads: Reads, *names: str) -> Licence:
    """The terms that what is made under *names*, keys of *reads*, must bear.

    Those of the sources that ask for the same terms, else those of the whole. Raises CatalogError,
    naming the first source that cannot be combined, where two ask for different ones.
    """
    asked: dict[str, str] = {}
    for source in sources_of(catalog, reads, *names):
        licence = catalog.sources[source].licence
        if catalog.licences[licence].share_alike:
            asked.setdefault(licence, source)
    if len(asked) > 1:
        (one, _), (other, source) = sorted(asked.items())[:2]
        problem = f"its licence {other} cannot be combined with {one}, that of another source"
        hint = f"read one of them in {', '.join(names)}"
        raise CatalogError(f"catalog/sources/{source}.yml", problem, hint)
    return catalog.licences[next(iter(asked), catalog.package.licence)]


def restrict(catalog: Catalog, reads: Reads, present: Collection[str]) -> Catalog:
    """What can be made of the sources *present*: all that reads another is left out."""

    def keep(kind: str, named: dict[str, Any]) -> dict[str, Any]:
        prefix = "core." if kind == "tables" else f"{kind}/"
        return {
            name: each
            for name, each in named.items()
            if set(sources_of(catalog, reads, f"{prefix}{name}")) <= set(present)
        }

    sources = {name: each for name, each in catalog.sources.items() if name in present}
    kinds = {
        kind: keep(kind, getattr(catalog, kind))
        for kind in ("tables", "indicators", "publications")
    }
    kinds["sources"] = sources
    kinds["targets"] = {
        name: each
        for name, each in keep("targets", catalog.targets).items()
        if each.indicator is None or each.indicator in kinds["indicators"]
    }
    datasets = {
        name: each.model_copy(
            update={"indicators": tuple(i for i in each.indicators if i in kinds["indicators"])}
        )
        for name, each in catalog.datasets.items()
    }
    queries = {
        kind: {name: query for name, query in every.items() if name in kinds[kind]}
        for kind, every in catalog.queries.items()
    }
    kept = {name: each for name, each in datasets.items() if each.indicators}
    return catalog.model_copy(update={**kinds, "datasets": kept, "queries": queries})
