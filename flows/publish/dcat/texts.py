"""Texts: what catalogues say in sentences, in French and English."""

from collections.abc import Iterable

from flows.catalog import Dataset, Indicator, Source, Text
from flows.catalog.models import Package
from flows.publish.dcat.vocabulary import WARNINGS

BOUNDARIES_TEXTS = (
    Text(fr="Contours des territoires", en="Boundaries of the territories"),
    Text(
        fr="Contours des communes, des intercommunalités, des départements et des régions, sur la"
        " carte de la version : à leur place pour l’analyse (GeoParquet), et simplifiés, avec"
        " l’outre-mer rapproché de la métropole, pour dessiner des cartes (TopoJSON).",
        en="Boundaries of the communes, intermunicipalities, départements and régions, on the map"
        " of the release: where they are, for analysis (GeoParquet), and simplified, with the"
        " overseas départements drawn near the mainland, for web maps (TopoJSON).",
    ),
)
DATABASE = Text(fr="Toutes les tables", en="All tables")
DATABASE_TEXT = Text(
    fr="Base DuckDB de toutes les tables, chacune avec ses colonnes expliquées ; manifest.json"
    " donne une empreinte du contenu de chaque table.",
    en="DuckDB database of all tables, each with its columns explained; manifest.json has a hash"
    " of the content of each table.",
)


def describe_dataset(dataset: Dataset, indicators: Iterable[Indicator], package: Package) -> Text:
    """What a dataset is about, its indicators with their units, and what all values have."""
    told = list(indicators)
    fr = ", ".join(f"{each.title.fr} ({each.unit.fr})" for each in told)
    en = ", ".join(f"{each.title.en} ({each.unit.en})" for each in told)
    return Text(
        fr=f"{dataset.description.fr}\n\nIndicateurs : {fr}.\n\nUne valeur par territoire, de la"
        " commune à la France, et par période, sur la carte la plus récente, avec son statut et sa"
        f" couverture. {_part_of(package).fr}",
        en=f"{dataset.description.en}\n\nIndicators: {en}.\n\nOne value per territory, from the"
        " commune to France, and per period, on the newest map, with its status and its coverage."
        f" {_part_of(package).en}",
    )


def describe_table(description: Text, package: Package) -> Text:
    """What a table holds, and what it is a part of."""
    part = _part_of(package)
    return Text(fr=f"{description.fr}\n\n{part.fr}", en=f"{description.en}\n\n{part.en}")


def _part_of(package: Package) -> Text:
    return Text(
        fr=f"Fait partie de « {package.title.fr} ».", en=f"It is a part of “{package.title.en}”."
    )


def tell_provenance(sources: Iterable[Source], package: Package) -> Text:
    """What the values were computed from."""
    told = list(sources)
    fr = " ; ".join(f"{each.title.fr} ({each.publisher})" for each in told)
    en = "; ".join(f"{each.title.en} ({each.publisher})" for each in told)
    return Text(
        fr=f"Calculé par {package.publisher} à partir de : {fr}. Les codes des communes sont"
        " ramenés à la carte la plus récente.",
        en=f"Computed by {package.publisher} from: {en}. Commune codes are brought to the newest"
        " map.",
    )


def tell_warnings(indicators: Iterable[Indicator]) -> Text | None:
    """One line for each indicator that is to be used with care."""
    warned = [each for each in indicators if each.usage_warnings]
    if not warned:
        return None
    return Text(
        fr="\n".join(
            f"{each.title.fr} : {', '.join(WARNINGS[name].fr for name in each.usage_warnings)}."
            for each in warned
        ),
        en="\n".join(
            f"{each.title.en}: {', '.join(WARNINGS[name].en for name in each.usage_warnings)}."
            for each in warned
        ),
    )
