"""Retention: which releases stay, and why; the others go once a new one stands."""

from pathlib import Path

from flows.catalog.promises import Retention
from flows.files import beside, remove


def why_kept(
    releases: list[Path], latest: Path | None, retention: Retention
) -> dict[str, list[dict[str, str]]]:
    """For each of *releases*, oldest first, the reasons why it stays; without one it may go."""
    reasons: dict[str, list[dict[str, str]]] = {release.name: [] for release in releases}
    names = list(reasons)
    months = {name[:7]: name for name in names}  # the newest of each
    for name in names:
        if latest and name == latest.name:
            reasons[name].append({"fr": "la dernière version", "en": "the latest release"})
        if name in names[-retention.last :]:
            fr, en = f"parmi les {retention.last} dernières", f"among the last {retention.last}"
            reasons[name].append({"fr": fr, "en": en})
        newest = sorted(months)[-retention.months :] if retention.months else []
        if name[:7] in newest and months[name[:7]] == name:
            fr, en = f"la plus récente du mois {name[:7]}", f"the newest of the month {name[:7]}"
            reasons[name].append({"fr": fr, "en": en})
        if name in retention.kept:
            reasons[name].append(retention.kept[name].model_dump())
    return reasons


def find_removable(releases: list[Path], latest: Path | None, retention: Retention) -> list[Path]:
    """The releases that nothing keeps."""
    reasons = why_kept(releases, latest, retention)
    return [release for release in releases if not reasons[release.name]]


def remove_releases(releases: list[Path]) -> None:
    """Each goes from readers' sight in one step; what a kill leaves of it, the next run sweeps."""
    for release in releases:
        part = beside(release)
        release.rename(part)
        remove(part)
