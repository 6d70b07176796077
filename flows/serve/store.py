"""Store: jalon.duckdb of a release, for reading alone, and with bounds of memory and time."""

import json
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from flows.errors import MachineError
from flows.warehouse import quote_text, shared_sql

MEMORY, THREADS, SECONDS = "512MB", 2, 10
DATABASE, RENAMED = "jalon.duckdb", "renamed.json"
Parameters = dict[str, Any]


class TooLongError(Exception):
    """A query took more than its time."""


class Store:
    """One release's database. Nothing else can be read through it, and nothing written beside."""

    def __init__(self, release: Path) -> None:
        self.release = release.name
        self._folder = tempfile.mkdtemp(prefix="jalon-")
        # A store is let go of while another thread may read its last page: both end with it.
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = release / DATABASE
        try:
            # Attached, since a file that is opened shares its settings with all of this process.
            self._con = duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS})
            self._con.execute(f"attach {quote_text(path)} as release (read_only)")
            own = quote_text(f"{self._folder}/")
            self._con.execute(f"set allowed_directories = [{own}]; set temp_directory = {own}")
            self._con.execute("set enable_external_access = false; set lock_configuration = true")
            self.levels = self._column(
                "select distinct level from release.territories order by level"
            )
            self.indicators = self._column(
                "select indicator from release.indicators order by indicator"
            )
        except duckdb.Error as error:
            raise MachineError(str(path), "cannot be opened", "jalon verify looks at it") from error
        told = release / RENAMED
        self.renamed: dict[str, str] = (
            json.loads(told.read_text(encoding="utf-8"))["indicators"] if told.is_file() else {}
        )

    def _column(self, query: str) -> list[str]:
        return [row[0] for row in self._con.execute(query).fetchall()]

    def periods(self, indicators: list[str]) -> list[str]:
        """The periods of some indicators; of all where none is named."""
        query = (
            "select distinct period from release.observations"
            " where len($names) = 0 or indicator in (select unnest($names)) order by period"
        )
        return [row[0] for row in self.rows(query, {"names": indicators})]

    def rows(self, query: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """The rows of one of our queries; raises TooLongError."""
        with self._in_time() as cursor:
            return cursor.execute(query, parameters).fetchall()

    def write(self, query: str, parameters: Parameters, options: str) -> bytes:
        """The rows of one of our queries as a file of DuckDB's own making; raises TooLongError.

        The query may use `text_cell`.
        """
        with tempfile.NamedTemporaryFile(dir=self._folder) as file:
            with self._in_time() as cursor:
                cursor.execute(shared_sql("text_cell"))
                cursor.execute(f"copy ({query}) to {quote_text(file.name)} ({options})", parameters)
            return Path(file.name).read_bytes()

    @contextmanager
    def _in_time(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._con.cursor()
        timer = threading.Timer(SECONDS, cursor.interrupt)
        timer.start()
        try:
            yield cursor
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
            raise TooLongError from error
        finally:
            timer.cancel()
            cursor.close()

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()
