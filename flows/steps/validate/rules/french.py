"""French: the `custom_checks` that a schema of schema.data.gouv.fr declares, compiled.

Names, parameters and missing values are those of Validata (validata-table 0.12.5): a row where a
value is missing is not judged, except by the checks whose subject is a missing value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flows.steps.validate.rules import french_values as values

__all__ = ["Check", "compile_checks"]


@dataclass(frozen=True)
class Check:
    """One check of one table, as SQL or as a predicate; never both.

    `type` is the error code, `field` the column that the error is reported on (None: the row), and
    `fields` the columns that are read. `ok_sql` is a str.format template of boolean SQL: {0}, {1}…
    are the text SQL of `fields`, NULL when missing; only false is an error. `ok_value` judges one
    text of fields[0] that is not missing. `expected` gives the parameters in short.
    """

    type: str
    field: str | None
    fields: tuple[str, ...]
    ok_sql: str | None
    ok_value: Callable[[str], bool] | None
    expected: str


class _UnusableError(Exception):
    """A declared check that cannot run, and why."""


@dataclass(frozen=True)
class _Declared:
    """What a schema declares: the columns that it names, and those that the table has."""

    name: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    params: dict[str, Any]


_Maker = Callable[[_Declared], list[Check]]


@dataclass(frozen=True)
class _Kind:
    """A known check: how it is made, and which parameters name a column (or several)."""

    make: _Maker
    columns: tuple[str, ...] = ("column",)
    absent_is_empty: bool = False


def compile_checks(
    declared: Sequence[Any], field_names: Sequence[str]
) -> tuple[list[Check], list[str]]:
    """The checks that can run on a table with columns *field_names*, and notes on the others.

    *declared* is the schema's `custom_checks`. A check whose name, columns or parameters are wrong
    is left out, with a note. One on missing values takes an absent column for an empty one, and
    says so, but needs one column at least.
    """
    checks: list[Check] = []
    notes: list[str] = []
    for entry in declared:
        try:
            kind, ready = _read(entry, field_names)
            checks += kind.make(ready)
        except _UnusableError as reason:
            name = entry.get("name") if isinstance(entry, dict) else entry
            notes.append(f"check {name} cannot run: {reason}")
        else:
            absent = [name for name in ready.columns if name not in ready.fields]
            notes += [f"check {ready.name}: no column {name}, taken as empty" for name in absent]
    return checks, notes


def _read(entry: Any, field_names: Sequence[str]) -> tuple[_Kind, _Declared]:
    if not isinstance(entry, dict) or not isinstance(params := entry.get("params"), dict):
        raise _UnusableError("it is not an object with a name and params")
    name = str(entry.get("name"))
    name = _FIRST_NAMES.get(name, name)
    if name not in _KINDS:
        raise _UnusableError(f"unknown (known: {', '.join(sorted(_KINDS))})")
    kind = _KINDS[name]
    columns = tuple(c for param in kind.columns for c in _column_names(params, param))
    fields = tuple(column for column in columns if column in field_names)
    if len(fields) < len(columns) and not (fields and kind.absent_is_empty):
        absent = [column for column in columns if column not in fields]
        raise _UnusableError(f"the table has no column {', '.join(absent)}")
    return kind, _Declared(name, columns, fields, params)


def _column_names(params: dict[str, Any], param: str) -> list[str]:
    """The columns that *param* names: a list where its name is plural."""
    found = params.get(param)
    if param.endswith("s"):
        names, wanted = found, "a list of column names"
    else:
        names, wanted = [found], "a column name"
    if not names or not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise _UnusableError(f"its parameter {param} is not {wanted}")
    return names


def _sql(ok_sql: str, declared: _Declared, expected: str = "") -> list[Check]:
    return [Check(declared.name, declared.columns[0], declared.fields, ok_sql, None, expected)]


def _value(ok_value: Callable[[str], bool], declared: _Declared, expected: str = "") -> list[Check]:
    return [Check(declared.name, declared.columns[0], declared.fields, None, ok_value, expected)]


def _listed(format_name: str, declared: _Declared) -> list[Check]:
    version = declared.params.get("version")
    try:
        predicate = values.listed(format_name, version)
    except ValueError as error:
        raise _UnusableError(str(error)) from error
    return _value(predicate, declared, str(version or ""))


def _cohesive(declared: _Declared) -> list[Check]:
    """All filled or all empty: all empty, where a column is absent."""
    places = range(len(declared.fields))
    empty = " and ".join(f"{{{n}}} is null" for n in places)
    full = " and ".join(f"{{{n}}} is not null" for n in places)
    whole = declared.fields == declared.columns
    ok = f"({empty}) or ({full})" if whole else f"({empty})"
    field = declared.columns[0] if declared.columns[0] in declared.fields else None
    return [Check(declared.name, field, declared.fields, ok, None, ", ".join(declared.columns))]


def _one_of(declared: _Declared) -> list[Check]:
    ok = " or ".join(f"{{{n}}} is not null" for n in range(len(declared.fields)))
    return [Check(declared.name, None, declared.fields, ok, None, ", ".join(declared.columns))]


def _compare(declared: _Declared) -> list[Check]:
    op = str(declared.params.get("op"))
    if op not in _OPERATORS:
        raise _UnusableError(f"its parameter op is {op} (known: {', '.join(_OPERATORS)})")
    first, second = declared.columns
    return _sql(values.compare(_OPERATORS[op]), declared, f"{first} {op} {second}")


def _sum(declared: _Declared) -> list[Check]:
    total, *terms = declared.columns
    return _sql(values.add_up(len(terms)), declared, f"{total} = {' + '.join(terms)}")


def _year_interval(declared: _Declared) -> list[Check]:
    year_alone = str(declared.params.get("allow-year-only", False)).lower()
    if year_alone not in _YES_NO:
        raise _UnusableError(f"its parameter allow-year-only is {year_alone}")
    if _YES_NO[year_alone]:
        return _sql(f"({values.YEAR_INTERVAL} or {values.YEAR})", declared, "AAAA/AAAA, AAAA")
    return _sql(values.YEAR_INTERVAL, declared, "AAAA/AAAA")


def _gps(declared: _Declared) -> list[Check]:
    """Two codes: outside France, and in France if longitude and latitude are turned round."""
    here, turned = values.place_in_france()
    reversed_name = replace(declared, name=f"reversed-{declared.name}")
    return [
        *_sql(f"({here}) or ({turned})", declared),
        *_sql(f"({here}) or not ({turned})", reversed_name),
    ]


_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
_OPERATORS = {">": ">", ">=": ">=", "==": "=", "<=": "<=", "<": "<"}

# Validata has renamed three checks; schemas use their first names, and so does the report.
_FIRST_NAMES = {
    "siren": "french-siren-value",
    "siret": "french-siret-value",
    "nomenclature-acte": "nomenclature-actes-value",
}

_FORMATS = {
    "canton": "Canton",
    "code-commune-insee": "CodeCommuneInsee",
    "code-departement": "CodeDepartement",
    "code-fantoir": "CodeFantoir",
    "code-pays-iso2": "CodePaysISO2",
    "code-pays-iso3": "CodePaysISO3",
    "code-postal": "CodePostal",
    "code-region": "CodeRegion",
    "commune": "Commune",
    "departement": "Departement",
    "id-rnb": "IdRNB",
    "pays": "Pays",
    "region": "Region",
}

_KINDS = {
    "french-siren-value": _Kind(partial(_sql, values.SIREN)),
    "french-siret-value": _Kind(partial(_sql, values.SIRET)),
    "nomenclature-actes-value": _Kind(partial(_sql, values.NOMENCLATURE_ACTE)),
    "phone-number-value": _Kind(partial(_value, values.is_phone_number)),
    "opening-hours-value": _Kind(partial(_value, values.is_opening_hours)),
    "french-gps-coordinates": _Kind(_gps),
    "year-interval-value": _Kind(_year_interval),
    "compare-columns-value": _Kind(_compare, ("column", "column2")),
    "sum-columns-value": _Kind(_sum, ("column", "columns")),
    "cohesive-columns-value": _Kind(_cohesive, ("column", "othercolumns"), absent_is_empty=True),
    "one-of-required": _Kind(_one_of, ("column1", "column2"), absent_is_empty=True),
    **{name: _Kind(partial(_listed, format_name)) for name, format_name in _FORMATS.items()},
}
