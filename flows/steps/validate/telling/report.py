"""Report: what the publisher of a file is told, in French then in English."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.errors import MachineError
from flows.files import replacing
from flows.handover import Words
from flows.steps.validate.telling.report_facts import Facts, gather_facts
from flows.steps.validate.telling.report_html import write_html
from flows.steps.validate.telling.report_markdown import write_markdown
from flows.steps.validate.telling.report_tables import write_csv, write_json_report
from flows.steps.validate.verdict import Verdict

WRITERS: dict[str, Callable[[Facts], str]] = {
    ".html": write_html,
    ".csv": write_csv,
    ".json": write_json_report,
    ".md": write_markdown,
}


def write_report(
    path: Path,
    verdict: Verdict,
    schema: Mapping[str, Any],
    *,
    public_fields: frozenset[str] | None = None,
    rejects: str | None = None,
    drift: Sequence[Words] = (),
) -> None:
    """Write *verdict* as HTML, CSV, JSON or Markdown, by the suffix of *path*.

    Given *public_fields*, the cells of all other fields are hidden; so are those of rows whose
    cells may have moved, and titles that the schema does not know. The notes stand as they are.
    *rejects* is the name or address of the file of rejected rows, *drift* how the file differs from
    the one before it: it stands in all but the CSV, whose lines are errors. Raises MachineError for
    another suffix, or when *path* cannot be written.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise MachineError(str(path), "no such kind of report", f"end it in {', '.join(WRITERS)}")
    text = write(gather_facts(verdict, schema, public_fields, rejects, drift))
    with replacing(path) as part:
        # A lone surrogate is what is left of a byte that was not UTF-8.
        part.write_bytes(text.encode("utf-8", "backslashreplace"))
