"""Parts: what has changed of some indicators and tables alone, of all that changes.json says."""

from collections import Counter
from collections.abc import Collection
from typing import Any


def part_of(
    changes: dict[str, Any], indicators: Collection[str], tables: Collection[str]
) -> dict[str, Any]:
    """What *changes* says of these *indicators* and *tables*; of territories where they are one."""
    has_territories = "territories" in tables
    return {
        "schema": {
            key: [each for each in told if _table_of(each) in tables]
            for key, told in changes["schema"].items()
        },
        "tables": [each for each in changes["tables"] if each["table"] in tables],
        "indicators": [each for each in changes["indicators"] if each["indicator"] in indicators],
        "territories": changes["territories"] if has_territories else {"counts": Counter()},
    }


def _table_of(told: str | dict[str, str]) -> str:
    """Of a table, or of a column: `observations.value`."""
    return (told if isinstance(told, str) else told["column"]).partition(".")[0]
