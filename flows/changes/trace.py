"""Trace: what each indicator was made from, by hash, so that a change can be told its cause."""

import hashlib
import json
import re
from typing import Any

from flows.catalog import Catalog
from flows.catalog.lineage import Reads, names_behind, sources_of

# Of an indicator's or a source's YAML, what its numbers follow from; the rest is words.
OF_INDICATOR = {"level", "published_from", "rollup", "per", "coverage", "secrecy", "breaks"}
OF_SOURCE = {"geography", "zoning", "format", "csv", "layout", "editions", "private_columns"}
# The tables that say what is where: what moves in them moves the observations of any indicator.
GEOGRAPHY = ("core.territories", "core.memberships", "core.commune_parts")


def trace_indicators(catalog: Catalog, reads: Reads) -> dict[str, dict[str, Any]]:
    """For each indicator its sources, and the hashes of its method and of the corrections."""
    return {
        name: {
            "sources": sources_of(catalog, reads, f"indicators/{name}"),
            "method": _hash(_method(catalog, reads, name)),
            "corrections": _hash(_corrections(catalog, reads, name)),
            **({"deprecated_on": str(each.deprecated_on)} if each.deprecated_on else {}),
            **({"removed_on": str(each.removed_on)} if each.removed_on else {}),
        }
        for name, each in sorted(catalog.indicators.items())
    }


def trace_geography(catalog: Catalog, reads: Reads) -> list[str]:
    """The sources that the map comes from."""
    known = [name for name in GEOGRAPHY if name in reads]
    return sorted({source for name in known for source in sources_of(catalog, reads, name)})


def _method(catalog: Catalog, reads: Reads, name: str) -> Any:
    """The YAML and SQL of an indicator, and of all that it reads."""
    behind = [each.removeprefix("core.") for each in names_behind(reads, f"indicators/{name}")]
    queries = catalog.queries
    return [
        catalog.indicators[name].model_dump(mode="json", include=OF_INDICATOR),
        _code(queries["indicators"][name]),
        {each: _code(queries["tables"][each]) for each in behind if each in catalog.tables},
        {
            each: [
                catalog.sources[each].model_dump(mode="json", include=OF_SOURCE),
                _code(queries["sources"][each]),
            ]
            for each in behind
            if each in catalog.sources
        },
    ]


def _corrections(catalog: Catalog, reads: Reads, name: str) -> Any:
    return {
        source: catalog.sources[source].model_dump(mode="json", include={"corrections"})
        for source in sources_of(catalog, reads, f"indicators/{name}")
    }


def _code(query: str) -> str:
    """A query without its comments and blanks, which change nothing."""
    return " ".join(re.sub(r"--.*", "", query).split())


def _hash(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
