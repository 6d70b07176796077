"""Sources: what pages tell of the files of a source, beyond what the catalogue says of it."""

from datetime import date

from flows.catalog import Source
from flows.handover import Report

EVERY_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}


def modified_of(files: list[Report]) -> str:
    """The day of its newest data; empty if there is no file."""
    return max((each.modified for each in files), default="")[:10]


def due_of(source: Source, files: list[Report]) -> str:
    """The day by which its cadence lets one expect newer data; empty if nothing tells."""
    modified, every = modified_of(files), EVERY_DAYS.get(source.cadence)
    if not modified or not every:
        return ""
    return date.fromordinal(date.fromisoformat(modified).toordinal() + every).isoformat()


def files_of(source: Source, files: list[Report]) -> list[tuple[str, str, str]]:
    """Editions, address and SHA-256 of each stored file; editions may share one."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in files:
        address = source.addresses().get(each.edition, source.address)
        found.setdefault((address, each.sha256), []).append(str(each.edition or "–"))
    return [(", ".join(editions), *file) for file, editions in found.items()]
