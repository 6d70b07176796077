"""Supplied: what is known of every source's supply, for `jalon sources`."""

from datetime import UTC, date, datetime

from flows.catalog import Catalog, Source
from flows.handover import read_report
from flows.settings import Settings
from flows.steps.fetch.history import find_files, last_seen, read_tries
from flows.steps.fetch.snapshot import read_sidecar

HEADINGS = (
    "source",
    "last fetched",
    "last changed",
    "age",
    "cadence",
    "rows",
    "rejected",
    "vintage",
    "licence",
    "trouble",
)
# Days in which a file of that cadence is of its time.
CADENCE_DAYS = {"daily": 2, "weekly": 14, "monthly": 62, "quarterly": 184, "yearly": 550}


def list_sources(settings: Settings, catalog: Catalog) -> list[list[str]]:
    """One row per source, in the order of HEADINGS; what is not known is empty."""
    today = datetime.now(UTC).date()
    return [_describe(settings, source, today) for source in catalog.sources.values()]


def _describe(settings: Settings, source: Source, today: date) -> list[str]:
    fetched, changed = _find_days(settings, source)
    rows, rejected = _count_rows(settings, source)
    vintage = str(source.geography.vintage) if source.geography else ""
    return [
        source.name,
        fetched.isoformat() if fetched else "never",
        changed.isoformat() if changed else "",
        _tell_age(changed, source, today),
        source.cadence,
        rows,
        rejected,
        vintage,
        source.licence,
        _find_trouble(settings, source),
    ]


def _find_days(settings: Settings, source: Source) -> tuple[date | None, date | None]:
    """When it was last had from its publisher, and the newest date that its files bear."""
    if source.snapshot:
        path = settings.catalog / "snapshots" / next(iter(source.addresses().values()))
        told = read_sidecar(path, "restore it from git")
        return date.fromisoformat(told["retrieved"]), date.fromisoformat(told["modified"])
    seen = [last_seen(settings, source, edition) for edition in source.addresses()]
    found = [find_files(settings, source, edition)[:1] for edition in source.addresses()]
    changed = [date.fromisoformat(file.modified) for each in found for _, file in each]
    days = [day for day in seen if day]
    return max(days, default=None), max(changed, default=None)


def _tell_age(changed: date | None, source: Source, today: date) -> str:
    """The days since the data changed; marked when they are more than their cadence explains."""
    if changed is None:
        return ""
    days = (today - changed).days
    allowed = CADENCE_DAYS.get(source.cadence)
    return f"{days} d, late" if allowed and days > allowed else f"{days} d"


def _count_rows(settings: Settings, source: Source) -> tuple[str, str]:
    """The rows and rejected rows of the files that were validated last, one of each edition."""
    reports = {}
    folder = settings.data / "valid" / source.name
    for path in sorted(folder.glob("*/report.json"), key=lambda each: each.stat().st_mtime):
        report = read_report(path.parent)
        reports[report.edition] = report
    if not reports:
        return "", ""
    rows = sum(report.rows for report in reports.values())
    return f"{rows:,}", f"{sum(report.rejected_rows for report in reports.values()):,}"


def _find_trouble(settings: Settings, source: Source) -> str:
    if source.unseen:
        return "unseen: its real file was never read"
    tries = read_tries(settings, source)
    return tries[-1].why if tries else ""
