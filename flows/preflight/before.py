"""Before: what a release changes for data.gouv.fr against the one before it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from flows.preflight.harvested import Harvested
from flows.preflight.verdicts import Judged, Verdict


def compare(
    judged: Iterable[Judged], now: Sequence[Harvested], before: Sequence[Harvested]
) -> list[Judged]:
    """The verdicts with those on what lasts: a dataset by its identifier, a file by its address."""
    by_title = {each.title: each for each in before}
    known = {each.identifier: each for each in before}
    compared = [
        replace(
            each,
            verdicts=(
                *each.verdicts,
                _identity(dataset, known, by_title),
                _files(dataset, known.get(dataset.identifier)),
            ),
        )
        for each, dataset in zip(judged, now, strict=True)
    ]
    return [*compared, *_gone(now, before)]


def _identity(
    dataset: Harvested, known: dict[str | None, Harvested], by_title: dict[str | None, Harvested]
) -> Verdict:
    """Under a new identifier a dataset is taken for another, and the old one is archived."""
    if dataset.identifier in known:
        return Verdict("same_identifier", "ok", "as before")
    old = by_title.get(dataset.title)
    if old is None:
        return Verdict("same_identifier", "ok", "a new dataset")
    return Verdict("same_identifier", "refused", f"was {old.identifier}, and is taken for another")


def _files(dataset: Harvested, old: Harvested | None) -> Verdict:
    """A file at a new address is a new one: its statistics and reuses stay with the old one."""
    addresses = {each.url for each in dataset.resources}
    gone = sorted({each.url for each in old.resources} - addresses) if old else []
    if gone:
        return Verdict("same_files", "poor", f"{len(gone)} no longer there: {gone[0]}")
    return Verdict("same_files", "ok", "all addresses of before" if old else "all new")


def _gone(now: Iterable[Harvested], before: Iterable[Harvested]) -> Iterator[Judged]:
    """Datasets that are no longer told, unless they only bear another identifier."""
    identifiers = {each.identifier for each in now}
    titles = {each.title for each in now}
    for old in before:
        if old.identifier not in identifiers and old.title not in titles:
            told = Verdict("same_identifier", "poor", "no longer told: archived after seven days")
            yield Judged(old.identifier or old.node, (told,))
