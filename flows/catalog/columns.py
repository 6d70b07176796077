"""Columns: from which columns of the publishers' files a query's columns come, as sqlglot reads it.

A column is `table.column`: of `raw.<source>` where a publisher wrote it, of `core.<name>` where a
step of ours made it (`population_share` of the way to today's map, for one).
"""

from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

from flows.catalog.models import Catalog

# By table, as in `core.population`: its columns, and the type of each.
Tables = Mapping[str, Mapping[str, str]]
Origins = dict[str, frozenset[str]]


class Trace:
    """Follows columns through the queries of the catalogue, and keeps what it has found."""

    def __init__(self, catalog: Catalog, tables: Tables) -> None:
        self._queries = {
            f"core.{name}": query
            for kind in ("sources", "tables")
            for name, query in catalog.queries[kind].items()
        }
        self._schema = _nest(tables)
        self._known: dict[str, Origins] = {}

    def origins(self, query: str) -> Origins:
        """By column of *query*: the columns that its values are computed from, at their origin.

        A count of rows comes from no column, and has none. Nothing is known of a query that sqlglot
        does not read: it has no column.
        """
        if query not in self._known:
            self._known[query] = {}  # one that reads itself is told elsewhere
            self._known[query] = self._read(query)
        return self._known[query]

    def _read(self, query: str) -> Origins:
        try:
            found = lineage(None, query, self._schema, dialect="duckdb")
        except SqlglotError:
            return {}
        assert isinstance(found, dict)
        return {column: self._follow(node) for column, node in found.items()}

    def _follow(self, node: Node) -> frozenset[str]:
        every: set[str] = set()
        for leaf in node.walk():
            if not leaf.downstream and isinstance(leaf.source, exp.Table):
                table = f"{leaf.source.db}.{leaf.source.name}"
                every |= self._further(table, leaf.name.rpartition(".")[2].strip('"'))
        return frozenset(every)

    def _further(self, table: str, column: str) -> frozenset[str]:
        """Where *column* comes from, if a query makes it; else itself."""
        made = self.origins(self._queries[table]) if table in self._queries else {}
        return made.get(column, frozenset({f"{table}.{column}"}))


def _nest(tables: Tables) -> dict[str, dict[str, dict[str, str]]]:
    """As sqlglot asks for it: by schema, then by table."""
    nested: dict[str, dict[str, dict[str, str]]] = {}
    for name, columns in tables.items():
        schema, table = name.split(".", 1)
        nested.setdefault(schema, {})[table] = dict(columns)
    return nested
