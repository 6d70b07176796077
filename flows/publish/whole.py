"""Whole: every file of a release, written in the order in which they describe each other."""

from typing import Any

from flows.files import write_json
from flows.handover import Issue, Report
from flows.publish.api import write_api
from flows.publish.api.columns import API
from flows.publish.boundaries import write_boundaries
from flows.publish.changes import write_changes, write_delta
from flows.publish.database import hash_database, write_database
from flows.publish.datapackage import write_datapackage
from flows.publish.dcat.write import write_catalogues
from flows.publish.documents import write_document_schemas
from flows.publish.draft import Draft
from flows.publish.issues import write_issues
from flows.publish.release import MANIFEST, write_seal, write_sums
from flows.publish.renamed import write_renamed
from flows.publish.reports import write_reports
from flows.publish.sdmx import write_sdmx
from flows.publish.site import write_site
from flows.publish.tables import write_csvs, write_parquets
from flows.publish.wide import write_wides
from flows.publish.workbook import write_workbooks


def write_release(
    draft: Draft, reports: dict[str, list[Report]], issues: list[Issue], manifest: dict[str, Any]
) -> None:
    """Fill the draft. Nothing in it tells the time: dates are those of the newest input."""
    newest, inputs = manifest["data_modified"], manifest["inputs"]
    write_parquets(draft)
    write_csvs(draft)
    write_wides(draft)
    write_workbooks(draft, newest)
    write_boundaries(draft)
    write_database(draft)
    write_delta(draft)
    write_sdmx(draft, newest)
    write_datapackage(draft, newest)
    write_changes(draft)
    write_issues(draft, issues)
    write_renamed(draft)
    write_reports(draft, reports)
    write_document_schemas(draft)
    (draft.folder / API).mkdir(parents=True)  # the catalogues name the API where it is
    record = write_catalogues(draft, inputs)
    write_api(draft, record)
    write_site(draft, reports, issues, newest, record)
    told = {
        "version": draft.version,
        **manifest,
        "database": hash_database(draft.folder, draft.tables),
    }
    write_json(draft.folder / MANIFEST, told)
    write_seal(draft.folder)
    write_sums(draft.folder)
