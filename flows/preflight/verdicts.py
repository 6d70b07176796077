"""Verdicts: what data.gouv.fr will take of each dataset, what it will lose, what it will refuse."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from flows.preflight.harvested import Harvested
from flows.preflight.known import (
    CLOSED_FORMATS,
    FREQUENCIES,
    LONGEST_TITLE,
    SCHEMAS,
    SHORTEST_DESCRIPTION,
    UNREACHABLE,
    guess_licence,
)

# `refused`: the dataset is not taken, or is taken for another. `poor`: something of it is lost.
Level = Literal["ok", "poor", "refused"]


@dataclass(frozen=True)
class Verdict:
    """What becomes of one thing that a dataset says; the nine that make the score `counts`."""

    criterion: str
    level: Level
    message: str
    counts: bool = False


@dataclass(frozen=True)
class Judged:
    """A dataset with all verdicts on it."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def level(self) -> Level:
        """The worst of them."""
        levels = {each.level for each in self.verdicts}
        return "refused" if "refused" in levels else "poor" if "poor" in levels else "ok"

    @property
    def score(self) -> int:
        """Of nine: what data.gouv.fr shows as the quality of the metadata."""
        return sum(each.counts and each.level == "ok" for each in self.verdicts)


def judge(datasets: Iterable[Harvested], today: date) -> list[Judged]:
    """All datasets of a release, as they would be harvested on *today*."""
    every = list(datasets)
    uses = Counter(each.identifier for each in every)
    judged = []
    for each in every:
        verdicts = [*_harvest(each, uses, today), *_score(each, today), *_schema(each)]
        judged.append(Judged(each.identifier or each.node, tuple(verdicts)))
    return judged


def _verdict(
    criterion: str, fault: str | None, fine: str, level: Level = "poor", counts: bool = False
) -> Verdict:
    return Verdict(criterion, level if fault else "ok", fault or fine, counts)


def _harvest(dataset: Harvested, uses: Counter[str | None], today: date) -> Iterator[Verdict]:
    """What decides whether the dataset is taken at all."""
    yield _verdict(
        "identifier", _identifier_fault(dataset, uses), str(dataset.identifier), "refused"
    )
    yield _verdict("title", _title_fault(dataset), dataset.title or "", "refused")
    yield _verdict("address", _address_fault(dataset), "can be reached", "refused")
    typed = [each.url for each in dataset.resources if isinstance(each.checksum, bytes)]
    fault = f"typed as bytes, which fails the dataset: {typed[0]}" if typed else None
    known = sum(isinstance(each.checksum, str) for each in dataset.resources)
    fine = f"of {known} of {len(dataset.resources)} files"
    yield _verdict("checksum", fault, fine, "refused")
    told = _past(dataset.modified, today)
    fault = None if told else "in the future, and left out" if dataset.modified else "not told"
    yield _verdict("modified", fault, dataset.modified or "")
    yield _verdict("tags", None if dataset.tags else "none", f"{len(dataset.tags)}")
    yield _verdict("contact", None if dataset.contact else "none", dataset.contact or "")


def _identifier_fault(dataset: Harvested, uses: Counter[str | None]) -> str | None:
    if not dataset.identifier:
        return "none: the dataset is skipped"
    shared = uses[dataset.identifier] > 1
    return (
        f"{dataset.identifier} stands for {uses[dataset.identifier]} datasets" if shared else None
    )


def _title_fault(dataset: Harvested) -> str | None:
    if not dataset.title:
        return "none: the dataset is skipped"
    length = len(dataset.title)
    return f"{length} characters, over {LONGEST_TITLE}" if length > LONGEST_TITLE else None


def _address_fault(dataset: Harvested) -> str | None:
    """An address that is refused fails the whole dataset."""
    for each in dataset.resources:
        parts = urlsplit(each.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return f"no web address: {each.url}"
        if UNREACHABLE.search(parts.hostname):
            return f"no public host: {parts.hostname} (base_url in catalog/package.yml)"
    return None


def _score(dataset: Harvested, today: date) -> Iterator[Verdict]:
    """The nine criteria of the score that is shown beside a dataset."""
    files = dataset.resources
    texts = (*dataset.licences, *(text for each in files for text in each.licences))
    licence = guess_licence(texts)
    told = texts[0] if texts else "none told"
    length = len(dataset.description)
    formats = {each.format for each in files if each.format}
    checks: tuple[tuple[str, str | None, str], ...] = (
        ("licence", None if licence else f"not recognised: {told}", str(licence)),
        ("temporal", None if dataset.period else "not read", "/".join(dataset.period or ())),
        ("spatial", None if dataset.polygons else "no geometry", f"{dataset.polygons} polygons"),
        ("frequency", None if dataset.frequency else "not known", dataset.frequency or ""),
        ("up_to_date", _lateness(dataset, today), "in time"),
        (
            "description",
            f"{length} characters, under {SHORTEST_DESCRIPTION}"
            if length < SHORTEST_DESCRIPTION
            else None,
            f"{length} characters",
        ),
        (
            "open_format",
            None if formats - CLOSED_FORMATS else "no file in an open format",
            ", ".join(sorted(formats)),
        ),
        ("resources", None if files else "no file", f"{len(files)} files"),
        (
            "documentation",
            None if any(each.description for each in files) else "no file is described",
            f"{sum(bool(each.description) for each in files)} of {len(files)} files are described",
        ),
    )
    for criterion, fault, fine in checks:
        yield _verdict(criterion, fault, fine, counts=True)


def _lateness(dataset: Harvested, today: date) -> str | None:
    """A dataset is late the day after its next update was due, if it was to have one."""
    if dataset.frequency is None:
        return "its frequency is not known"
    every = FREQUENCIES[dataset.frequency]
    if every is None:
        return None
    due = _last_update(dataset, today) + every
    return f"due since {due.isoformat()} ({dataset.frequency})" if today > due else None


def _last_update(dataset: Harvested, today: date) -> date:
    """Its own date, else the newest of its files; of what tells none, or a future one, today."""
    if own := _past(dataset.modified, today):
        return own
    return max((_past(each.modified, today) or today for each in dataset.resources), default=today)


def _past(told: str | None, today: date) -> date | None:
    day = date.fromisoformat(told[:10]) if told else None
    return day if day and day <= today else None


def _schema(dataset: Harvested) -> Iterator[Verdict]:
    """A schema of schema.data.gouv.fr is known by name; any other stands as an address."""
    schemas = {each.schema for each in dataset.resources if each.schema}
    strange = sorted(each for each in schemas if not each.startswith(("http://", "https://")))
    known = sum(each.startswith(SCHEMAS) for each in schemas)
    fault = f"no address: {strange[0]}" if strange else None
    fine = f"{len(schemas)}, {known} of schema.data.gouv.fr" if schemas else "none"
    yield _verdict("schema", fault, fine)
