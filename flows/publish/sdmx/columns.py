"""Columns: the Table Schema of SDMX-CSV, from that of the observations."""

from typing import Any

# As SDMX-CSV 2.0 names them; what tells the structure stands first.
COLUMNS = {
    "INDICATOR": "indicator",
    "REF_AREA": "territory_id",
    "TIME_PERIOD": "period",
    "OBS_VALUE": "value",
    "OBS_STATUS": "obs_status",
    "CONF_STATUS": "conf_status",
    "COVERAGE": "coverage",
    "NUMERATOR": "numerator",
    "DENOMINATOR": "denominator",
}
OF_MESSAGE = (
    ("STRUCTURE", "Nature de la structure", "Kind of structure", "dataflow"),
    ("STRUCTURE_ID", "Identifiant du flux", "Identifier of the dataflow", None),
    ("ACTION", "Action : I, information", "Action: I, information", "I"),
)


def sdmx_schema(observations: dict[str, Any]) -> dict[str, Any]:
    """The same columns under the names of SDMX, with the same constraints and keys."""
    fields = {field["name"]: field for field in observations["fields"]}
    names = {ours: theirs for theirs, ours in COLUMNS.items()}
    told = {
        "title": "Observations (SDMX-CSV 2.0)",
        "title_en": "Observations (SDMX-CSV 2.0)",
        "fields": [
            *(_field_of_message(*each) for each in OF_MESSAGE),
            *(fields[ours] | {"name": theirs} for theirs, ours in COLUMNS.items()),
        ],
        "primaryKey": [names[each] for each in observations["primaryKey"]],
        "foreignKeys": [
            key | {"fields": [names[each] for each in key["fields"]]}
            for key in observations["foreignKeys"]
        ],
    }
    return observations | {"name": "sdmx_observations"} | told


def _field_of_message(name: str, title: str, title_en: str, only: str | None) -> dict[str, Any]:
    constraints = {"required": True, **({"enum": [only]} if only else {})}
    told = {"title": title, "title_en": title_en, "constraints": constraints}
    return {"name": name, "type": "string", **told}
