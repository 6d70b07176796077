"""Pages: what every interface that gives its rows page by page is held to."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flows.errors import SourceError

LATER = "try again later; if it stays so, tell the publisher"

Row = dict[str, Any]


class Tally:
    """The rows of all pages so far: as many as the server tells, and no page twice.

    An offset that is not heeded gives the first page again and again, and may even add up.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._been: set[bytes] = set()
        self.count = 0
        self.total: int | None = None

    def take(self, rows: list[Row], total: int | None) -> list[Row]:
        """The *rows* of one page, which tells that there are *total*, if it tells so.

        Raises SourceError when they came already, or another page has told another number.
        """
        if self.total is not None and total not in (None, self.total):
            problem = f"its rows change while they are read: {self.total:,}, then {total:,}"
            raise SourceError(self._name, problem, LATER)
        self.total = total if self.total is None else self.total
        mark = sha256(json.dumps(rows, sort_keys=True).encode()).digest()
        if rows and mark in self._been:
            raise SourceError(self._name, "the same page comes again and again", LATER)
        self._been.add(mark)
        self.count += len(rows)
        return rows

    def close(self) -> None:
        """Raise SourceError unless all rows have come."""
        if self.total is not None and self.count != self.total:
            problem = f"its pages give {self.count:,} rows of {self.total:,}"
            raise SourceError(self._name, problem, LATER)


def rows_of(name: str, page: Any, key: str) -> list[Row]:
    """The rows of a page. Raises SourceError when it has none under *key*."""
    rows = page.get(key) if isinstance(page, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(name, f"a page gives no list of rows under {key}", LATER)
    return rows


def total_of(name: str, page: Any, *way: str) -> int:
    """How many rows there are. Raises SourceError when the page does not tell it."""
    told = find(page, *way)
    if not isinstance(told, int) or isinstance(told, bool):
        raise SourceError(name, f"a page does not tell its {'/'.join(way)}", LATER)
    return told


def find(page: Any, *way: str) -> Any:
    """What stands there in a page, or None."""
    for part in way:
        page = page.get(part) if isinstance(page, dict) else None
    return page


def same_server(name: str, base: str, following: Any) -> str:
    """The address of the next page. Raises SourceError when another server would be asked."""
    if urlsplit(str(following))[:2] != urlsplit(base)[:2]:
        told = urlsplit(str(following)).netloc or following
        raise SourceError(name, f"the next page is on another server: {told}", LATER)
    return str(following)
