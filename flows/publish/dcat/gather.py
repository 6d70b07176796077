"""Gather: the records of what a draft holds, from the catalogue, the warehouse and the files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flows.catalog import Catalog, Dataset, Indicator, Source, Text
from flows.catalog.lineage import sources_of
from flows.catalog.models import Cadence, Keywords
from flows.files import sha256_of
from flows.publish.changes import previous_of
from flows.publish.dcat.grouping import BOUNDARIES, dataset_of_file, dataset_of_table
from flows.publish.dcat.periods import Span, periods_of_datasets, span_of_table, widest
from flows.publish.dcat.records import Box, CatalogRecord, DatasetRecord, FileRecord, Measure
from flows.publish.dcat.texts import (
    BOUNDARIES_TEXTS,
    DATABASE,
    DATABASE_TEXT,
    describe_dataset,
    describe_table,
    tell_provenance,
    tell_warnings,
)
from flows.publish.draft import Draft, PublishedFile, texts_of
from flows.warehouse import reads_of, shared_sql

FROM_MOST_FREQUENT: tuple[Cadence, ...] = (
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "irregular",
)


def gather_records(draft: Draft, inputs: dict[str, Any]) -> CatalogRecord:
    """What the catalogues say of the draft; *inputs* are the files that it was made from."""
    modified: dict[str, str] = {}
    for each in inputs["sources"]:
        modified[each["source"]] = max(each["modified"], modified.get(each["source"], ""))
    package = draft.catalog.package
    return CatalogRecord(
        package=package,
        licence=draft.catalog.licences[package.licence],
        version=draft.version,
        modified=max(modified.values()),
        boxes=tuple(
            Box(*row[1:]) for row in draft.con.execute(shared_sql("dcat_boxes")).fetchall()
        ),
        datasets=tuple(_Gatherer(draft, modified).datasets()),
        has_api=(draft.folder / "api" / "v1").is_dir(),
        previous=previous_of(draft),
    )


class _Gatherer:
    """The datasets of one draft: those of indicators, then the tables, the shapes and the whole."""

    def __init__(self, draft: Draft, modified: dict[str, str]) -> None:
        self.draft = draft
        self.catalog: Catalog = draft.catalog
        self.modified = modified
        self.reads = reads_of(draft.catalog.queries)
        self.spans = periods_of_datasets(draft.con)
        self.files: dict[str, list[FileRecord]] = {}
        for file in draft.files:
            of = dataset_of_file(draft.catalog, file.name)
            self.files.setdefault(of, []).append(self._file(file))

    def datasets(self) -> Iterator[DatasetRecord]:
        """Every dataset that has a file."""
        for dataset in self.catalog.datasets.values():
            yield self._of_indicators(dataset)
        yield from self._of_tables()
        if BOUNDARIES in self.files:
            title, description = BOUNDARIES_TEXTS
            names = {"commune_boundaries", *sources_of(self.catalog, self.reads, "core.communes")}
            span = span_of_table(self.draft, "territories")
            map_year = (span[1].replace(month=1, day=1), span[1]) if span else None
            yield self._record(BOUNDARIES, title, description, names, map_year)
        package = self.catalog.package
        span = widest(self.spans.values())
        self.files.setdefault(package.id, []).append(self._database())
        yield self._record(package.id, package.title, package.description, (), span)

    def _of_indicators(self, dataset: Dataset) -> DatasetRecord:
        indicators = [self.catalog.indicators[name] for name in dataset.indicators]
        names = {
            source
            for each in indicators
            for source in sources_of(self.catalog, self.reads, f"indicators/{each.name}")
        }
        return self._record(
            dataset.name,
            dataset.title,
            describe_dataset(dataset, indicators, self.catalog.package),
            names,
            self.spans.get(dataset.name),
            indicators,
            dataset,
        )

    def _of_tables(self) -> Iterator[DatasetRecord]:
        members: dict[str, list[str]] = {}
        for table in self.draft.tables:
            if table != "observations":
                members.setdefault(dataset_of_table(self.catalog, table), []).append(table)
        for name, tables in members.items():
            title, description = texts_of(self.draft.schema(tables[0]))
            keys = (f"core.{tables[0]}", f"publications/{tables[0]}")
            key = next((each for each in keys if each in self.reads), "")
            yield self._record(
                name,
                title,
                describe_table(description, self.catalog.package),
                sources_of(self.catalog, self.reads, key),
                widest(span_of_table(self.draft, table) for table in tables),
            )

    def _record(
        self,
        name: str,
        title: Text,
        description: Text,
        source_names: Iterable[str],
        period: Span | None,
        indicators: Sequence[Indicator] = (),
        dataset: Dataset | None = None,
    ) -> DatasetRecord:
        """One record; what names no source is made of all of them."""
        chosen = sorted(set(source_names) & self.modified.keys()) or sorted(self.modified)
        sources = tuple(self.catalog.sources[each] for each in chosen)
        return DatasetRecord(
            name=name,
            title=title,
            description=description,
            keywords=self._keywords(indicators, dataset.keywords if dataset else Keywords()),
            data_theme=dataset.data_theme if dataset else "REGI",
            cadence=_most_frequent(sources),
            modified=max(self.modified[each] for each in chosen),
            period=period,
            sources=sources,
            provenance=tell_provenance(sources, self.catalog.package),
            notes=tell_warnings(indicators),
            measures=tuple(
                Measure(each.name, each.title, each.unit, each.description, each.method)
                for each in indicators
            ),
            files=tuple(self.files[name]),
        )

    def _keywords(self, indicators: Iterable[Indicator], own: Keywords) -> Keywords:
        """Those of the dataset, the goals that its indicators serve, and those of the whole."""
        themes = [
            self.catalog.themes[name].title for name in _distinct(i.theme for i in indicators)
        ]
        return Keywords(
            fr=_distinct([*own.fr, *(each.fr for each in themes), *self.catalog.package.keywords]),
            en=_distinct([*own.en, *(each.en for each in themes)]),
        )

    def _file(self, file: PublishedFile) -> FileRecord:
        path = self.draft.folder / file.path
        return FileRecord(
            name=file.name,
            path=file.path,
            title=file.title,
            description=file.description,
            bytes=path.stat().st_size,
            sha256=sha256_of(path),
            licence=self.draft.licence(file.made_of),
            schema=file.schema,
            schema_path=_schema_path(file),
        )

    def _database(self) -> FileRecord:
        """jalon.duckdb: its bytes differ from build to build, so no size or sum can be told."""
        licence = self.catalog.licences[self.catalog.package.licence]
        return FileRecord("database", "jalon.duckdb", DATABASE, DATABASE_TEXT, None, None, licence)


def _schema_path(file: PublishedFile) -> str | None:
    """A table's schema bears the name of the table; that of another file, the file's."""
    return f"schemas/{file.schema.get('name', file.name)}.json" if file.schema else None


def _most_frequent(sources: Iterable[Source]) -> Cadence:
    """Whichever source changes, the dataset does."""
    return min((each.cadence for each in sources), key=FROM_MOST_FREQUENT.index)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
