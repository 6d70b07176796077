"""Territories: a file of each territory, and one of all communes of each EPCI, in one shape."""

from typing import Any

from flows.publish.api.cells import Spans, compared_of, groups_of, series_of
from flows.publish.api.columns import (
    Columns,
    alone,
    as_json,
    as_object,
    columns_by,
    write_object,
)
from flows.publish.draft import Draft
from flows.warehouse import set_variable, shared_sql

# Values have two places more than the indicator is shown with; the tables hold them whole.
MORE_DECIMALS = 2
SERIES = ("periods", "values", "statuses", "coverage")
COMPARED = (
    "level_rank",
    "level_percentile",
    "level_quartile",
    "parent_rank",
    "size_rank",
    "start_period",
    "change_since_start",
    "change_1_year",
    "change_5_years",
)
Row = tuple[str, Columns, Columns, dict[str, Any]]  # indicator, series, comparisons, their groups
TABLES = {
    "similar_territories": "api_similar",
    "targets": "api_targets",
    "barometer_scores": "api_scores",
}


def write_territories(draft: Draft) -> list[str]:
    """Every file of territories and communes, and the lists of those of today and of those gone.

    Gives their paths under api/v1.
    """
    con = draft.con
    con.execute(shared_sql("api_places"))
    files = con.execute(shared_sql("api_files")).fetchall()
    told = _told(draft, {row[0]: row[4:] for row in files})
    who = columns_by(con, "api_identities")
    tables = {name: columns_by(con, query) for name, query in TABLES.items()}
    variables = dict(con.execute(shared_sql("api_variables")).fetchall())
    paths = []
    for number, file, level, vintage, *_ in files:
        parts = {
            "level": as_json(level),
            "map": as_json(vintage),
            "territories": as_json({name: alone(cells) for name, cells in who[number].items()}),
            **told[number],
        }
        if number in tables["similar_territories"]:
            parts["similarity_variables"] = as_json(variables[level])
        for name, columns in tables.items():
            if number in columns:
                parts[name] = as_json(columns[number])
        paths.append(f"{file}.json")
        write_object(draft, paths[-1], parts)
    return paths + _write_lists(draft, files[0][3])


def _write_lists(draft: Draft, vintage: int) -> list[str]:
    levels = columns_by(draft.con, "api_territories")
    told = {"map": as_json(vintage), "levels": as_json(levels)}
    write_object(draft, "territories.json", told)
    gone = columns_by(draft.con, "api_successors").get("", {})
    told = {"map": as_json(vintage), "territories": as_json(gone)}
    write_object(draft, "successors.json", told)
    return ["territories.json", "successors.json"]


def _told(draft: Draft, spans: Spans) -> dict[int, Columns]:
    """For each file, `series` and `comparisons`: columns with a cell for each of its indicators."""
    con = draft.con
    groups = groups_of(con)
    found: dict[int, list[Row]] = {number: [] for number in spans}
    for name, columns in columns_by(con, "api_periods").items():
        set_variable(con, "indicator", name)
        decimals = draft.catalog.indicators[name].decimals + MORE_DECIMALS
        con.execute(f"set variable decimals = {decimals}")
        compared = dict(compared_of(con, spans))
        for number, series in series_of(con, columns["period"], spans):
            row = name, series, compared.get(number, {}), groups.get((name, number), {})
            found[number].append(row)
    return {number: _columns(rows) for number, rows in found.items()}


def _columns(rows: list[Row]) -> Columns:
    """The rows of a file as the columns of its two tables."""
    series = {"indicator": as_json([row[0] for row in rows])}
    series |= {name: _list([row[1][name] for row in rows]) for name in SERIES}
    heads = [row[3] for row in rows]
    compared = {
        name: as_json([head.get(name) for head in heads])
        for name in ("period", "level_count", "level_median")
    }
    compared |= {name: _list([row[2].get(name, "null") for row in rows]) for name in COMPARED}
    compared |= {kind: as_json(_groups(heads, kind)) for kind in ("parents", "sizes")}
    return {"series": as_object(series), "comparisons": as_object(compared)}


def _groups(heads: list[dict[str, Any]], kind: str) -> dict[str, dict[str, list[Any]]]:
    """By group: how many have a value of each indicator, and their median."""
    names = sorted({group for head in heads for group in head.get(kind, {})})
    pairs = {name: [head.get(kind, {}).get(name, (None, None)) for head in heads] for name in names}
    return {
        name: {"count": [pair[0] for pair in told], "median": [pair[1] for pair in told]}
        for name, told in pairs.items()
    }


def _list(cells: list[str]) -> str:
    return f"[{','.join(cells)}]"
