"""Absent: what the public should know of sources that are missing, or not of today."""

from flows.catalog import Catalog
from flows.catalog.lineage import restrict
from flows.errors import SourceError
from flows.handover import Issue, RawFile
from flows.warehouse import reads_of


def tell_unfetched(catalog: Catalog, names: list[str]) -> list[Issue]:
    """One issue for all the sources that were never fetched, and how much needs them."""
    if not names:
        return []
    present = set(catalog.sources) - set(names)
    left = len(catalog.indicators) - len(
        restrict(catalog, reads_of(catalog.queries), present).indicators
    )
    listed = ", ".join(names)
    return [
        Issue(
            "info",
            "sources",
            "never_fetched",
            len(names),
            f"{len(names)} sources n’ont jamais été téléchargées, et {left} indicateurs manquent"
            f" donc à cette publication : {listed}",
            f"{len(names)} sources were never fetched, so that {left} indicators are not in this"
            f" release: {listed}",
        )
    ]


def tell_absent(name: str, error: SourceError) -> Issue:
    """That a source has no file that can be used, and why."""
    problem, hint = error.args[1:]
    return Issue(
        "warning",
        name,
        "source_absent",
        1,
        f"aucun fichier utilisable, et ses indicateurs manquent : {problem}",
        f"no file can be used, and its indicators are left out: {problem}"
        + (f" ({hint})" if hint else ""),
    )


def tell_last_good(file: RawFile) -> Issue:
    """That an older file stands for today's, of which day it is, and why."""
    edition = f" {file.edition}" if file.edition else ""
    return Issue(
        "warning",
        file.source,
        "last_good_file",
        1,
        f"le dernier bon fichier{edition}, du {file.modified}, est utilisé : {file.trouble}",
        f"the last good file{edition}, of {file.modified}, is used: {file.trouble}",
    )
