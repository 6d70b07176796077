"""Wide: one CSV per dataset and level, two columns per indicator, for people with a spreadsheet.

The first holds the value of the newest period, the second its status, which says why a cell is
empty. The columns that name territories bear the official French names; values are rounded as
their indicator says. The period of each column stands in the data package.
"""

from dataclasses import dataclass
from typing import Any

from flows.catalog import Dataset, Indicator, Text
from flows.publish.draft import Draft
from flows.warehouse import shared_sql

LEVELS = {
    "commune": Text(fr="par commune", en="by commune"),
    "epci": Text(fr="par intercommunalité", en="by intermunicipality"),
    "ept": Text(
        fr="par établissement public territorial", en="by territorial public establishment"
    ),
    "arrondissement": Text(fr="par arrondissement", en="by arrondissement"),
    "departement": Text(fr="par département", en="by département"),
    "region": Text(fr="par région", en="by région"),
    "country": Text(fr="pour la France", en="for France"),
    "zone": Text(fr="par zone", en="by zone"),
    "user": Text(fr="par territoire déclaré", en="by declared territory"),
    "collectivity": Text(fr="par collectivité d’outre-mer", en="by overseas collectivity"),
}
LABELS = {
    "code": Text(fr="Code du territoire", en="Code of the territory"),
    "nom": Text(fr="Nom du territoire", en="Name of the territory"),
    "code_epci": Text(fr="Numéro SIREN de l’intercommunalité", en="SIREN of the intermunicipality"),
    "nom_epci": Text(fr="Nom de l’intercommunalité", en="Name of the intermunicipality"),
    "code_departement": Text(fr="Code du département", en="Code of the département"),
    "nom_departement": Text(fr="Nom du département", en="Name of the département"),
    "code_region": Text(fr="Code de la région", en="Code of the région"),
    "nom_region": Text(fr="Nom de la région", en="Name of the région"),
}
PARENTS = {
    "commune": ("epci", "departement", "region"),
    "epci": ("departement", "region"),
    "arrondissement": ("departement", "region"),
    "departement": ("region",),
}
EMPTY = {
    "value": "",
    "label": "Pas de valeur : la colonne de statut qui suit dit pourquoi",
    "label_en": "No value: the column of status that follows says why",
}
_CODE_NAME = (("code", "code"), ("name", "nom"))


@dataclass(frozen=True)
class WideTable:
    """The newest values of a dataset at one level: `query` gives them, in the columns of `schema`.

    `periods` is the newest period of each indicator at this level.
    """

    dataset: Dataset
    level: str
    periods: dict[str, str]
    query: str
    schema: dict[str, Any]


def write_wides(draft: Draft) -> None:
    """Every dataset at every level that its indicators are given at, newest period of each."""
    for wide in list_wides(draft):
        dataset, level = wide.dataset, LEVELS[wide.level]
        path = f"data/wide/{dataset.name}_{wide.level}.csv"
        draft.copy_csv(wide.query, path, f"code_{wide.level}")
        title = Text(fr=f"{dataset.title.fr}, {level.fr}", en=f"{dataset.title.en}, {level.en}")
        made_of = tuple(f"indicators/{name}" for name in wide.periods)
        name = f"{dataset.name}_{wide.level}"
        draft.add(name, path, wide.schema, title, dataset.description, made_of)


def list_wides(draft: Draft) -> list[WideTable]:
    """The tables of every dataset, by level."""
    given: dict[str, dict[str, str]] = {}
    for level, indicator, period in _find_periods(draft):
        given.setdefault(level, {})[indicator] = period
    found = []
    for dataset in draft.catalog.datasets.values():
        for level in LEVELS:
            here = given.get(level, {})
            periods = {name: here[name] for name in dataset.indicators if name in here}
            if periods:
                found.append(_make_wide(draft, dataset, level, periods))
    return found


def pivot(indicators: list[Indicator], is_rounded: bool = True) -> list[str]:
    """As SQL over newest observations: the value of each of *indicators*, and its status."""
    columns = []
    for each in indicators:
        picked = f"filter (where indicator = '{each.name}')"
        value = f"max(value) {picked}"
        if is_rounded:
            value = f"round({value}, {each.decimals})"
            value = f"cast({value} as bigint)" if each.decimals == 0 else value
        columns.append(f"{value} as {each.name}")
        columns.append(f"coalesce(max(obs_status) {picked}, 'O') as {each.name}_status")
    return columns


def _find_periods(draft: Draft) -> list[tuple[str, str, str]]:
    draft.con.execute(shared_sql("latest"))
    return draft.con.execute(shared_sql("latest_periods")).fetchall()


def _make_wide(draft: Draft, dataset: Dataset, level: str, periods: dict[str, str]) -> WideTable:
    indicators = [draft.catalog.indicators[name] for name in periods]
    parents = PARENTS.get(level, ())
    names = [
        f"code_{level}",
        f"nom_{level}",
        *(f"{k}_{p}" for p in parents for k in ("code", "nom")),
    ]
    columns = [f"code as code_{level}", f"name as nom_{level}"]
    columns += [f"{parent}_{k} as {fr}_{parent}" for parent in parents for k, fr in _CODE_NAME]
    columns += pivot(indicators)
    query = f"select {', '.join(columns)} from latest where level = '{level}' group by all"
    status = _find_field(draft.schema("observations"), "obs_status")
    fields = [_label_field(name, level) for name in names]
    for each in indicators:
        fields += [_value_field(each, periods[each.name]), _status_field(each, status)]
    return WideTable(dataset, level, periods, query, _make_schema(fields))


def _make_schema(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fieldsMatch": "exact",
        "fields": fields,
        "primaryKey": [fields[0]["name"]],
        "missingValues": [EMPTY],
    }


def _label_field(name: str, level: str) -> dict[str, Any]:
    label = LABELS.get(name) or LABELS[name.removesuffix(f"_{level}")]
    required = {"constraints": {"required": True}} if name.endswith(f"_{level}") else {}
    return {"name": name, "type": "string", "title": label.fr, "title_en": label.en, **required}


def _value_field(indicator: Indicator, period: str) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "type": "integer" if indicator.decimals == 0 else "number",
        "title": f"{indicator.title.fr} ({indicator.unit.fr}), {period}",
        "title_en": f"{indicator.title.en} ({indicator.unit.en}), {period}",
        "description": indicator.description.fr,
        "description_en": indicator.description.en,
        "rdfType": "http://purl.org/linked-data/sdmx/2009/measure#obsValue",
    }


def _status_field(indicator: Indicator, status: dict[str, Any]) -> dict[str, Any]:
    """The field obs_status of the observations, under the name and title of *indicator*."""
    return status | {
        "name": f"{indicator.name}_status",
        "title": f"{status['title']} : {indicator.title.fr}",
        "title_en": f"{status['title_en']}: {indicator.title.en}",
    }


def _find_field(schema: dict[str, Any], name: str) -> dict[str, Any]:
    field: dict[str, Any] = next(each for each in schema["fields"] if each["name"] == name)
    return field
