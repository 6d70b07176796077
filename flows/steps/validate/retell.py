"""Retell: the reports that stand beside the rows of a file, for its publisher."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.handover import Report, Words
from flows.settings import Settings
from flows.steps.validate.schema_file import read_schema
from flows.steps.validate.telling.report import write_report
from flows.steps.validate.verdict import Verdict, unpack

if TYPE_CHECKING:
    from flows.catalog import Source

SUFFIXES = ("html", "md")


def tell_publisher(
    folder: Path, verdict: Verdict, schema: Mapping[str, Any], drift: Sequence[Words] = ()
) -> None:
    """Write report.html and report.md in *folder*; remove them where there is nothing to tell."""
    for suffix in SUFFIXES:
        path = folder / f"report.{suffix}"
        if verdict.valid and not drift:
            path.unlink(missing_ok=True)
        else:
            rejects = None if verdict.valid else "rejects.csv"
            write_report(path, verdict, schema, rejects=rejects, drift=drift)


def tell_drift(settings: Settings, source: "Source", report: Report) -> None:
    """Write the publisher's reports again, with how the file differs from the one before it.

    The file before is another one from run to run, so that nothing of it is kept with the verdict.
    """
    body = json.loads((report.folder / "report.json").read_text(encoding="utf-8"))
    schema = read_schema(settings.schemas / "sources" / f"{source.name}.json").descriptor
    tell_publisher(report.folder, unpack(body["verdict"]), schema, report.drift)
