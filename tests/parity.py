"""One table put to frictionless and to us: what each finds in it, or REFUSED."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import frictionless
from frictionless import system

from flows.errors import PipelineError
from flows.steps.validate.reading.dialect import read_dialect
from flows.steps.validate.schema_file import check_schema
from flows.steps.validate.table import Request, validate_table
from flows.steps.validate.verdict import Verdict

REFUSED = "refused"
NO_TABLE = {"error", "schema-error", "resource-error", "field-error", "package-error"}
OUR_OWN = {"swallowed-rows"}
V2_RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
ALL = 10**9
SHARED = Path(__file__).parents[2] / "shared" / "data"

Told = Counter[tuple[str, int | None, str | None, str | None]]


@dataclass(frozen=True)
class Case:
    """A file, its schema, and how to read it; `encoding` is told to frictionless in any case."""

    path: Path
    schema: dict[str, Any]
    dialect: dict[str, Any] = field(default_factory=dict)
    encoding: str = "utf-8"
    says_encoding: bool = True


def ask_frictionless(case: Case) -> Told | str:
    """Its errors as (type, row, field, cell); REFUSED where it gives no verdict on the rows."""
    descriptor = {
        "name": "table",
        "path": case.path.name,
        "schema": json.loads(json.dumps(case.schema)),
        "dialect": case.dialect,
        "encoding": case.encoding,
    }
    if "$schema" in case.schema:  # the version of a schema is that of what it stands in
        descriptor["$schema"] = V2_RESOURCE
    try:
        with system.use_context(trusted=True):
            resource = frictionless.Resource.from_descriptor(
                descriptor, basepath=str(case.path.parent)
            )
            errors = resource.validate(limit_errors=ALL).tasks[0].errors
    except Exception:  # noqa: BLE001 - it crashes on what it does not foresee
        return REFUSED
    return REFUSED if any(each.type in NO_TABLE for each in errors) else tell_errors(errors)


def tell_errors(errors: list[Any]) -> Told:
    return Counter(map(_tell_error, errors))


def _tell_error(error: Any) -> tuple[str, int | None, str | None, str | None]:
    row = getattr(error, "row_number", None) or next(iter(getattr(error, "row_numbers", [])), None)
    cell = getattr(error, "cell", getattr(error, "label", None))
    return error.type, row, getattr(error, "field_name", None), cell


def judge(case: Case) -> Verdict:
    """Our verdict."""
    dialect = read_dialect(case.dialect, case.encoding if case.says_encoding else None)
    schema = check_schema(case.schema, "schema")
    return validate_table(Request(case.path, schema, dialect, kept_errors=ALL))


def ask_us(case: Case) -> Told | str:
    """Our faults as (type, row, field, cell), but for those that frictionless does not know."""
    try:
        return tell_faults(judge(case))
    except PipelineError:
        return REFUSED


def tell_faults(verdict: Verdict) -> Told:
    faults = [each for each in verdict.errors if each.type not in OUR_OWN]
    assert sum(verdict.counts.values()) == len(verdict.errors)
    return Counter((each.type, each.row, each.field, each.cell) for each in faults)
