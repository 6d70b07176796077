"""Check: promises in YAML become Great Expectations suites; a broken one stops the release.

Results are kept as Data Docs under data/checks, for the officer; the public reads issues.json.
"""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows.catalog import Catalog, Indicator
from flows.errors import PromiseError
from flows.settings import Settings
from flows.warehouse import shared_sql

if TYPE_CHECKING:
    import pandas as pd

KEY = ["territory_id", "period"]
COLUMNS = [*KEY, "value", "coverage", "obs_status", "conf_status", "is_consistent"]
SAME_SHARE = 0.99
SAMPLE_ROWS = 10
SITE = "local_site"
TOLD = {"min_value", "max_value", "value_set"}


def check_indicators(settings: Settings, catalog: Catalog, con: duckdb.DuckDBPyConnection) -> Path:
    """Hold every indicator to what it promises; the folder of the Data Docs.

    Raises PromiseError with the expectation, the indicator and ten rows, when one is broken.
    """
    refuse_doubles(con)
    docs = settings.data / "checks" / "gx" / "uncommitted" / "data_docs" / SITE
    shutil.rmtree(settings.data / "checks", ignore_errors=True)
    context = _open_context(docs)
    frames = con.sql(shared_sql("checked"))
    broken: list[str] = []
    for indicator in catalog.indicators.values():
        # Two columns of the query are used here: the indicator's name picks its rows.
        rows = frames.filter(f"indicator = '{indicator.name}'").project(", ".join(COLUMNS))
        broken += _check_frame(context, indicator, rows.order(", ".join(KEY)).df())
    context.build_data_docs()
    if broken:
        raise PromiseError(
            "indicators",
            "; ".join(broken[:5]),
            f"the release is stopped; see {docs / 'index.html'}",
        )
    return docs


def refuse_doubles(con: duckdb.DuckDBPyConnection) -> None:
    """Raise PromiseError if an indicator equals another in 99 % of the territories."""
    for first, second, share in con.execute(shared_sql("doubles"), [SAME_SHARE]).fetchall():
        raise PromiseError(
            f"catalog/indicators/{second}.yml",
            f"equals {first} in {100 * share:.1f} % of the territories",
            "publish one of them",
        )


def expectations(indicator: Indicator) -> list[Any]:
    """What every indicator promises, then what this one does."""
    import great_expectations.expectations as gxe

    low, high = indicator.value.min, indicator.value.max
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY),
        gxe.ExpectColumnValuesToBeBetween(column="value", min_value=low, max_value=high),
        gxe.ExpectColumnValuesToBeBetween(column="coverage", min_value=0, max_value=1),
        gxe.ExpectColumnValuesToBeInSet(column="obs_status", value_set=list("ABEPMOQ")),
        gxe.ExpectColumnValuesToBeInSet(column="conf_status", value_set=["F", "C"]),
        gxe.ExpectColumnValuesToBeInSet(column="is_consistent", value_set=[True]),
    ]


def _open_context(site: Path) -> Any:
    """A fresh context in memory, whose Data Docs are written to *site*. No telemetry, no bars."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    context.update_data_docs_site(
        SITE, {"class_name": "SiteBuilder", "store_backend": backend, "site_index_builder": index}
    )
    return context


def _check_frame(context: Any, indicator: Indicator, frame: "pd.DataFrame") -> list[str]:
    """Each broken promise of one indicator, in words."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=indicator.name, expectations=expectations(indicator))
    asset = context.data_sources.add_pandas(indicator.name).add_dataframe_asset("observations")
    batch = asset.add_batch_definition_whole_dataframe("all")
    definition = gx.ValidationDefinition(
        name=indicator.name, data=batch, suite=context.suites.add(suite)
    )
    result = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame},
        result_format={
            "result_format": "SUMMARY",
            "partial_unexpected_count": SAMPLE_ROWS,
            "unexpected_index_column_names": KEY,
        },
    )
    return [_say(indicator, each, frame) for each in result.results if not each.success]


def _say(indicator: Indicator, result: Any, frame: "pd.DataFrame") -> str:
    """The indicator, the promise, how many rows break it, and ten of them."""
    config = result.expectation_config
    column = config.kwargs.get("column", "the table")
    promised = {k: v for k, v in config.kwargs.items() if k in TOLD}
    count = result.result.get("unexpected_count", len(frame))
    found = result.result.get("partial_unexpected_index_list") or []
    rows = [
        f"{row['territory_id']} {row['period']} = {row.get(column)}" for row in found[:SAMPLE_ROWS]
    ]
    promise = f"{config.type.removeprefix('expect_')} {promised or ''}".strip()
    return f"{indicator.name}: {column} breaks {promise} in {count:,} rows: {', '.join(rows)}"
