"""Accept: a person says that the jump of an indicator is right, and it is written down."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError

from flows.catalog import load_catalog
from flows.catalog.promises import Acceptance
from flows.changes.compare import find_changes
from flows.changes.gate import Jump, find_jumps
from flows.changes.sides import READ, Side, read_side
from flows.errors import CatalogError, PromiseError
from flows.files import machine_errors, replacing
from flows.publish.renamed import renamed_in
from flows.releases.choose import latest_release
from flows.releases.make import lost_indicators, secret_in
from flows.settings import Settings
from flows.state import built_warehouse, hold_lock
from flows.warehouse import connect

HEAD = "# Jumps of indicators that an office has accepted; `jalon accept` adds to them.\n"


def accept_jump(settings: Settings, name: str, by: str, reason: str) -> Jump:
    """Note in catalog/accepted.yml that the jump of indicator *name* in the warehouse is right.

    It holds for exactly this change from the latest release. *by* is an office or a role: it is
    published. Raises PromiseError when the indicator does not jump.
    """
    catalog = load_catalog(settings.catalog)
    catalog.indicator(name)
    with machine_errors(settings.root), hold_lock(settings):
        jumps = {jump.indicator: jump for jump in _find_jumps(settings)}
        if name not in jumps:
            others = ", ".join(jumps) or "none does"
            problem = f"does not jump in the warehouse (what jumps: {others})"
            raise PromiseError(name, problem, "jalon run --direct builds it, and says what jumps")
        jump = jumps[name]
        on = datetime.now(ZoneInfo("Europe/Paris")).date()
        told: dict[str, Any] = {"indicator": name, "by": by, "reason": reason, "on": on}
        try:
            Acceptance(name=jump.change, **told)
        except ValidationError as error:
            first = error.errors()[0]
            hint = "name an office or a role, no person, and give a reason: both are published"
            raise CatalogError(str(first["loc"][0]), first["msg"], hint) from error
        if jump.change not in catalog.accepted:
            _append(settings.catalog / "accepted.yml", {jump.change: told})
    return jump


def _find_jumps(settings: Settings) -> list[Jump]:
    """What of the last warehouse jumps over its promise, against the latest release."""
    catalog = load_catalog(settings.catalog)
    before = read_side(latest_release(settings.public))
    with connect(built_warehouse(settings), read_only=True) as con:
        present = con.execute("select indicator from indicators.indicators").fetchall()
        after = Side(
            {table: f"indicators.{table}" for table in READ},
            {"indicators": {name: {} for (name,) in present}},
        )
        find_changes(con, before, after, renamed_in(catalog), secret_in(catalog))
        return find_jumps(con, catalog.indicators, lost_indicators(con, before, catalog))


def _append(path: Path, entry: dict[str, Any]) -> None:
    """Add *entry* at the end of the file, in one step."""
    text = path.read_text(encoding="utf-8") if path.is_file() else HEAD
    added = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=100)
    with replacing(path) as part:
        part.write_text(text + added, encoding="utf-8")
