"""Structure: the structure message: concepts, code lists, the one data structure, the dataflows."""

from collections.abc import Iterable
from typing import Any

from flows.catalog import Catalog, Text
from flows.publish.draft import Draft
from flows.publish.sdmx.codes import CONCEPTS, CONFIDENTIALITY, STATUSES
from flows.warehouse import shared_sql

VERSION = "1.0"
SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)
STRUCTURE = "OBSERVATIONS"
Body = dict[str, Any]


def agency_of(catalog: Catalog) -> str:
    """The id of who maintains the structures, as SDMX writes ids."""
    return catalog.package.id.upper().replace("-", "_")


def dataflow_id(catalog: Catalog, dataset: str) -> str:
    """How SDMX-CSV names the dataflow of a dataset: agency, id and version."""
    return f"{agency_of(catalog)}:{dataset.upper()}({VERSION})"


def structure_message(draft: Draft, prepared: str) -> Body:
    """The message, as of *prepared*, a date."""
    catalog = draft.catalog
    agency = agency_of(catalog)
    areas = draft.con.execute(shared_sql("sdmx_areas")).fetchall()
    told = [each for each in catalog.indicators.values() if each.name in _published(draft)]
    return {
        "meta": {
            "schema": SCHEMA,
            "id": f"{agency}_STRUCTURES",
            "test": False,
            "prepared": f"{prepared}T00:00:00Z",
            "contentLanguages": ["fr", "en"],
            "sender": {"id": agency, "name": catalog.package.publisher},
        },
        "data": {
            "conceptSchemes": [
                _scheme(agency, "CS_OBSERVATIONS", CONCEPTS_TITLE, "concepts", _named(CONCEPTS)),
                _scheme(
                    agency,
                    "CS_INDICATORS",
                    INDICATORS_TITLE,
                    "concepts",
                    [_item(each.name, each.title, each.description) for each in told],
                ),
            ],
            "codelists": [
                _scheme(
                    agency,
                    "CL_INDICATOR",
                    INDICATORS_TITLE,
                    "codes",
                    [_item(each.name, each.title, each.unit) for each in told],
                ),
                _scheme(agency, "CL_AREA", AREAS_TITLE, "codes", [_area(*row) for row in areas]),
                _scheme(agency, "CL_OBS_STATUS", STATUSES_TITLE, "codes", _named(STATUSES)),
                _scheme(agency, "CL_CONF_STATUS", CONF_TITLE, "codes", _named(CONFIDENTIALITY)),
            ],
            "dataStructures": [_structure(agency)],
            "dataflows": [
                {
                    **_maintained(agency, each.name.upper(), each.title),
                    **_described(each.description),
                    "structure": _urn("datastructure", "DataStructure", agency, STRUCTURE),
                }
                for each in catalog.datasets.values()
            ],
        },
    }


CONCEPTS_TITLE = Text(fr="Concepts des observations", en="Concepts of the observations")
INDICATORS_TITLE = Text(fr="Indicateurs", en="Indicators")
AREAS_TITLE = Text(fr="Territoires d’aujourd’hui", en="Territories of today")
STATUSES_TITLE = Text(fr="Statut de l’observation", en="Observation status")
CONF_TITLE = Text(fr="Confidentialité", en="Confidentiality status")
TITLE = Text(fr="Observations par territoire", en="Observations by territory")


def _published(draft: Draft) -> set[str]:
    rows = draft.con.execute("select indicator from indicators.indicators").fetchall()
    return {name for (name,) in rows}


def _structure(agency: str) -> Body:
    """Indicator, territory and period give a value, its status and what it is made of."""
    dimensions = [
        _component("INDICATOR", agency, "CL_INDICATOR"),
        _component("REF_AREA", agency, "CL_AREA"),
    ]
    attributes = [
        _attribute(_component("OBS_STATUS", agency, "CL_OBS_STATUS"), "mandatory"),
        _attribute(_component("CONF_STATUS", agency, "CL_CONF_STATUS"), "mandatory"),
        _attribute(_component("COVERAGE", agency, kind="Double"), "mandatory"),
        _attribute(_component("NUMERATOR", agency, kind="Decimal"), "optional"),
        _attribute(_component("DENOMINATOR", agency, kind="Decimal"), "optional"),
    ]
    time = _component("TIME_PERIOD", agency, kind="ObservationalTimePeriod")
    value = {**_component("OBS_VALUE", agency, kind="Double"), "usage": "optional"}
    return {
        **_maintained(agency, STRUCTURE, TITLE),
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": [
                    {**each, "position": place} for place, each in enumerate(dimensions, 1)
                ],
                "timeDimension": time,
            },
            "measureList": {"id": "MeasureDescriptor", "measures": [value]},
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        },
    }


def _component(name: str, agency: str, codes: str = "", kind: str = "") -> Body:
    concept = _urn("conceptscheme", "Concept", agency, "CS_OBSERVATIONS")
    told: Body = {"format": {"dataType": kind}}
    if codes:
        told = {"enumeration": _urn("codelist", "Codelist", agency, codes)}
    return {"id": name, "conceptIdentity": f"{concept}.{name}", "localRepresentation": told}


def _attribute(component: Body, usage: str) -> Body:
    relation: Body = {"attributeRelationship": {"observation": {}}}
    return {**component, **relation, "measureRelationship": ["OBS_VALUE"], "usage": usage}


def _urn(package: str, kind: str, agency: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{package}.{kind}={agency}:{name}({VERSION})"


def _maintained(agency: str, name: str, title: Text) -> Body:
    return {"agencyID": agency, "version": VERSION, **_item(name, title)}


def _scheme(agency: str, name: str, title: Text, kind: str, items: Iterable[Body]) -> Body:
    return {**_maintained(agency, name, title), kind: list(items)}


def _named(texts: dict[str, Text]) -> list[Body]:
    return [_item(name, text) for name, text in texts.items()]


def _item(name: str, title: Text, description: Text | None = None) -> Body:
    """A thing with a name in both languages; French where only one is read."""
    told = {"id": name, "name": title.fr, "names": title.model_dump()}
    return {**told, **(_described(description) if description else {})}


def _described(text: Text) -> Body:
    return {"description": text.fr, "descriptions": text.model_dump()}


def _area(territory: str, name: str, parent: str | None) -> Body:
    told = {"id": territory, "name": name}
    return told | ({"parent": parent} if parent else {})
