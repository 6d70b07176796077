"""Wide: one CSV per dataset and level, a column per indicator, for people with a spreadsheet.

The columns that name territories bear the official French names; values are rounded as their
indicator says. The period of each column stands in the data package.
"""

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


def write_wides(draft: Draft) -> None:
    """Every dataset at every level that its indicators are given at, newest period of each."""
    draft.con.execute(shared_sql("latest"))
    given: dict[str, dict[str, str]] = {}
    for level, indicator, period in draft.con.execute(shared_sql("latest_periods")).fetchall():
        given.setdefault(level, {})[indicator] = period
    for dataset in draft.catalog.datasets.values():
        for level in LEVELS:
            here = {n: p for n, p in given.get(level, {}).items() if n in dataset.indicators}
            if here:
                _write_wide(draft, dataset, level, here)


def _write_wide(draft: Draft, dataset: Dataset, level: str, periods: dict[str, str]) -> None:
    indicators = [draft.catalog.indicators[n] for n in dataset.indicators if n in periods]
    parents = PARENTS.get(level, ())
    names = [
        f"code_{level}",
        f"nom_{level}",
        *(f"{k}_{p}" for p in parents for k in ("code", "nom")),
    ]
    columns = [f"code as code_{level}", f"name as nom_{level}"]
    columns += [f"{parent}_{k} as {fr}_{parent}" for parent in parents for k, fr in _CODE_NAME]
    columns += [_pivot(each) for each in indicators]
    path = f"data/wide/{dataset.name}_{level}.csv"
    query = (
        f"select {', '.join(columns)} from latest where level = '{level}'"
        " group by all order by code"
    )
    draft.copy(query, path, "format csv, header")
    title = Text(
        fr=f"{dataset.title.fr}, {LEVELS[level].fr}", en=f"{dataset.title.en}, {LEVELS[level].en}"
    )
    schema = _schema(names, level, indicators, periods)
    draft.add(f"{dataset.name}_{level}", path, schema, title, dataset.description)


_CODE_NAME = (("code", "code"), ("name", "nom"))


def _pivot(indicator: Indicator) -> str:
    picked = f"max(value) filter (where indicator = '{indicator.name}')"
    if indicator.decimals == 0:
        return f"cast(round({picked}) as bigint) as {indicator.name}"
    return f"round({picked}, {indicator.decimals}) as {indicator.name}"


def _schema(
    names: list[str], level: str, indicators: list[Indicator], periods: dict[str, str]
) -> dict[str, Any]:
    fields = [_label_field(name, level) for name in names]
    fields += [
        {
            "name": each.name,
            "type": "integer" if each.decimals == 0 else "number",
            "title": f"{each.title.fr} ({each.unit.fr}), {periods[each.name]}",
            "title_en": f"{each.title.en} ({each.unit.en}), {periods[each.name]}",
            "description": each.description.fr,
            "description_en": each.description.en,
        }
        for each in indicators
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "primaryKey": [names[0]],
        "missingValues": [""],
    }


def _label_field(name: str, level: str) -> dict[str, str]:
    label = LABELS.get(name) or LABELS[name.removesuffix(f"_{level}")]
    return {"name": name, "type": "string", "title": label.fr, "title_en": label.en}
