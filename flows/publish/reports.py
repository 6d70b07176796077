"""Reports: what was found in each file, for its publisher and for the public.

They stand in `reports/<source>/`, one for each edition. Nothing is quoted of a column that the
source's YAML does not declare public.
"""

import json
from pathlib import Path

from flows.catalog import Source
from flows.files import read_json
from flows.handover import Report
from flows.publish.draft import Draft
from flows.steps.validate.rules.expressions import quote
from flows.steps.validate.telling.report import write_report
from flows.steps.validate.verdict import unpack

SUFFIXES = ("html", "md", "csv", "json")
OUR_COLUMNS = ("\ufeffsource_row", "source_line", "reasons_fr", "reasons_en")


def write_reports(draft: Draft, reports: dict[str, list[Report]]) -> None:
    """Write the reports on every file of every source."""
    for name, source in draft.catalog.sources.items():
        schema = read_json(draft.settings.schemas / "sources" / f"{name}.json")
        for report in reports[name]:
            stem = draft.folder / "reports" / name / str(report.edition or "report")
            stem.parent.mkdir(parents=True, exist_ok=True)
            rejects = _write_rejects(draft, source, report, stem)
            verdict = unpack(json.loads((report.folder / "report.json").read_text())["verdict"])
            for suffix in SUFFIXES:
                write_report(
                    stem.with_suffix(f".{suffix}"),
                    verdict,
                    schema,
                    public_fields=frozenset(source.public_columns),
                    rejects=rejects,
                    drift=report.drift,
                )


def _write_rejects(draft: Draft, source: Source, report: Report, stem: Path) -> str | None:
    """Write the public columns of the rejected rows; the name of that file, if there are any."""
    if not report.rejected_rows:
        return None
    path = stem.with_name(f"{stem.name}-rejects.csv")
    stored = source.as_stored()
    delimiter = stored.csv.delimiter if stored.format == "csv" else ","
    options = f"all_varchar = true, header = true, delim = {quote(delimiter)}"
    rows = draft.con.from_query(
        f"from read_csv({quote(str(report.folder / 'rejects.csv'))}, {options}, quote = '\"')"
    )
    public = [each for each in rows.columns if each in source.public_columns]
    columns = ", ".join(f'"{each}"' for each in (*rows.columns[: len(OUR_COLUMNS)], *public))
    draft.copy_csv(rows.project(columns).sql_query(), str(path.relative_to(draft.folder)))
    return path.name
