"""The judge of single cells: frictionless's own fields, in a process of their own.

Reads a list of jobs, each a field and a file of its distinct cells (JSON lines), and writes beside
it, for each cell, whether it is a value, the constraints that it breaks, and the value as text.
"""

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


def main(path: Path) -> None:
    """Do the jobs of the JSON file *path*."""
    from frictionless import Field

    for job in json.loads(path.read_text(encoding="utf-8")):
        read = Field.from_descriptor(job["descriptor"]).create_cell_reader()
        with (
            Path(job["cells"]).open(encoding="utf-8") as cells,
            Path(job["verdicts"]).open("w", encoding="utf-8") as verdicts,
        ):
            for line in cells:
                verdict = judge(read, json.loads(line)["cell"], job["categories"])
                verdicts.write(json.dumps(verdict) + "\n")


def judge(read: Any, cell: str, categories: list[Any] | None = None) -> dict[str, Any]:
    """The verdict on one cell; `notes` are `type` or the names of constraints.

    *categories* are the values that it may have: frictionless does not look at them.
    """
    value, notes = read(cell)
    names = list(notes or {})
    has_value = value is not None and "type" not in names
    if has_value and categories is not None and not {cell, value} & set(categories):
        names.append("categories")
    return {
        "cell": cell,
        "is_fine": not names,
        "notes": names,
        "value": spell(value) if has_value else None,
        "shown": str(value) if has_value else None,
    }


def spell(value: Any) -> str:
    """One text for all that Python holds equal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and value.is_finite():
        return format(value.normalize() + 0, "f")
    if hasattr(value, "isoformat"):
        return str(_shift(value).isoformat())
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, default=spell, sort_keys=True, ensure_ascii=False)
    return str(value)


def _shift(value: Any) -> Any:
    """A moment with an offset, in universal time, where the calendar holds it."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
