"""A catalogue of one dataset with one file, made by hand."""

from datetime import date

from flows.catalog import Catalog, Text
from flows.catalog.models import Keywords
from flows.publish.dcat.records import Box, CatalogRecord, DatasetRecord, FileRecord


def make_record(catalog: Catalog) -> CatalogRecord:
    """A dataset that lacks nothing, and whose text has what a page must not take for markup."""
    text = Text(fr='Deux <b>mots</b> et un \u202b"guillemet"', en="Two words")
    description = Text(
        fr="Une description en français, assez longue pour que la qualité en soit reconnue : elle a"
        " plus de cent caractères.",
        en="A description in English.",
    )
    file = FileRecord("ours", "data/ours.csv", text, text, 12, "ab" * 32, catalog.licences["lov2"])
    dataset = DatasetRecord(
        name="ours",
        title=text,
        description=description,
        keywords=Keywords(fr=("eau",), en=("water",)),
        data_theme="ENVI",
        cadence="monthly",
        modified="2026-05-01",
        period=(date(2024, 1, 1), date(2025, 12, 31)),
        sources=(catalog.sources["road_accidents"],),
        provenance=text,
        notes=None,
        measures=(),
        files=(file,),
    )
    return CatalogRecord(
        package=catalog.package,
        licence=catalog.licences["lov2"],
        version="1.2.3",
        modified="2026-05-01",
        boxes=(Box(-5.15, 41.33, 9.57, 51.09),),
        datasets=(dataset,),
        has_api=True,
    )
