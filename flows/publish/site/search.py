"""Search: the index that the search field loads when it is first used."""

import json

from flows.publish.site.facts import folder_of
from flows.publish.site.frame import Site

ORDER = ("country", "region", "departement", "collectivity", "user", "ept", "epci", "zone")


def write_index(site: Site) -> None:
    """`assets/search.json`: territories and indicators; communes, a line each, most people first.

    A line is code, département, name; a vanished commune gives the code of today's after its own.
    """
    territories = sorted(
        site.facts.territories.values(),
        key=lambda row: (ORDER.index(row["level"]), -(row["population"] or 0), row["name"]),
    )
    communes = [
        f"{row['code']}|{(row['departement_id'] or '').removeprefix('DEP-')}|{_line(row['name'])}"
        for row in site.facts.communes
    ]
    vanished = [
        f"{row['territory_id'].removeprefix('COM-')}|{row['successor_id'].removeprefix('COM-')}"
        f"|{_line(row['name'])}"
        for row in site.facts.vanished
    ]
    body = {
        "indicators": [
            [row["indicator"], row["title_fr"], row["title_en"]]
            for row in site.facts.indicators.values()
        ],
        "territories": [
            [folder_of(row["territory_id"]), row["level"], row["name"]] for row in territories
        ],
        "communes": "\n".join(communes),
        "vanished": "\n".join(vanished),
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    site.put("assets/search.json", text + "\n")


def _line(name: str) -> str:
    """A name on one line, as the index is read line by line."""
    return " ".join(name.split())
