"""What one step hands to the next: plain values, which can be pickled."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Words:
    """The same sentence in French and in English."""

    fr: str
    en: str


@dataclass(frozen=True)
class RawFile:
    """One stored file. `modified` is the ISO date of the data, as the publisher gives it.

    `trouble` says why a newer one could not be had.
    """

    source: str
    edition: int | None
    path: Path
    sha256: str
    modified: str
    trouble: str = ""


@dataclass(frozen=True)
class Report:
    """What validation found in one file: counts are exact, samples are bounded.

    `counts` are by frictionless's code and field; `fallback_fields` were judged by frictionless.
    `drift` is how the file differs from the one before it, which a run knows, and no folder.
    """

    folder: Path
    source: str
    edition: int | None
    file: str
    sha256: str
    modified: str
    rows: int
    rejected_rows: int
    counts: dict[str, int] = field(default_factory=dict)
    samples: list[dict[str, str | int | None]] = field(default_factory=list)
    fallback_fields: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    drift: tuple[Words, ...] = ()

    @property
    def valid(self) -> Path:
        """The valid rows, typed as their Table Schema says, with `edition` if there is one."""
        return self.folder / "valid.parquet"

    def worst(self) -> str:
        """The most frequent fault and its count, in words."""
        if not self.counts:
            return "no fault"
        code = max(self.counts, key=lambda each: self.counts[each])
        return f"{code} ({self.counts[code]:,} times)"


def read_report(folder: Path) -> Report:
    """The report that stands in *folder*."""
    body = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    del body["verdict"]  # what the reports to the publisher and to the public are made of
    return Report(folder=folder, **body)


@dataclass(frozen=True)
class Loss:
    """What a source lost on its way to today's map. `lost_codes` maps a code to its rows.

    `located` says how many points of a source without codes were inside a commune, on a border …
    `detected` maps a declared vintage to the years whose maps fit its codes better.
    """

    source: str
    rows: int
    merged_rows: int
    split_rows: int
    lost_codes: dict[str, int]
    located: dict[str, int] = field(default_factory=dict)
    detected: dict[int, str] = field(default_factory=dict)

    @property
    def lost_rows(self) -> int:
        """How many rows carry a code that no map knows."""
        return sum(self.lost_codes.values())


@dataclass(frozen=True)
class Issue:
    """Something that a data officer or a reuser should know; `severity` warns or informs."""

    severity: str
    subject: str
    kind: str
    count: int
    message_fr: str
    message_en: str
