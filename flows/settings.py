"""Where things stand on this machine."""

import os
from dataclasses import dataclass
from pathlib import Path

from flows.errors import CatalogError


@dataclass(frozen=True)
class Settings:
    """The folders of one project; all of them stand under *root*."""

    root: Path

    @property
    def catalog(self) -> Path:
        """What is collected and published, in YAML and SQL."""
        return self.root / "catalog"

    @property
    def schemas(self) -> Path:
        """Table Schemas: sources/ as the publisher writes, published/ as we promise."""
        return self.root / "schemas"

    @property
    def data(self) -> Path:
        """Raw store, validated rows, warehouse: all of it can be made again."""
        return self.root / "data"

    @property
    def warehouse(self) -> Path:
        """The last warehouse that was built, whole."""
        return self.data / "warehouse.duckdb"

    @property
    def engine(self) -> Path:
        """DuckDB for browsers, which `make console` fetches; a project may have none."""
        return self.data / "duckdb-wasm"

    @property
    def public(self) -> Path:
        """The releases, and `latest`, which points at one of them."""
        return self.root / "public"


def find_settings(root: Path | None = None) -> Settings:
    """The project at *root*, else at $JALON_ROOT, else the checkout that this code stands in."""
    chosen = root or os.environ.get("JALON_ROOT") or Path(__file__).parent.parent
    settings = Settings(Path(chosen).resolve())
    if not settings.catalog.is_dir():
        raise CatalogError(
            str(settings.root),
            "no folder catalog/ here",
            hint="give the project's folder with --root or JALON_ROOT",
        )
    return settings
