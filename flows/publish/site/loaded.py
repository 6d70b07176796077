"""Loaded: the files that scripts of the pages load, each as small as its use allows."""

import json
import shutil
from pathlib import Path
from typing import Any

from flows.publish.site.charts import bundle
from flows.publish.site.facts import Row, folder_of
from flows.publish.site.frame import Site
from flows.publish.site.maps import box_of, read_places
from flows.publish.site.words import LANGUAGES, words_in

HERE = Path(__file__).parent
COUNTRY = "FRA"
DRAWN = ("country", "region", "departement", "epci")


def write_loaded(site: Site) -> None:
    """Scripts, style, shapes, words, and what is known of each indicator and territory."""
    shutil.copytree(HERE / "assets", site.draft.folder / "assets")
    for shape in site.shapes.values():
        site.put(f"assets/maps/{shape.level}.svg", shape.as_svg())
    for language in LANGUAGES:
        words = words_in(language)
        themes = {name: words.told(each.title) for name, each in site.draft.catalog.themes.items()}
        _put(site, f"words-{language}", words.texts | {"themes": themes})
        told = {
            name: {
                "title": words.of(row, "title"),
                "unit": words.of(row, "unit"),
                "decimals": row["decimals"],
                "theme": words.told(site.draft.catalog.themes[row["theme"]].title),
                "direction": row["direction"],
            }
            for name, row in sorted(
                site.facts.indicators.items(), key=lambda each: _place(site, each)
            )
        }
        _put(site, f"indicators-{language}", told)
    _put_names(site)
    _put_around(site)
    _put_maps(site)
    _put_libraries(site)


def _place(site: Site, each: tuple[str, Row]) -> tuple[int, str]:
    """Where an indicator stands: by theme, as the catalogue orders them."""
    return list(site.draft.catalog.themes).index(each[1]["theme"]), each[0]


def _put(site: Site, name: str, body: Any) -> None:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    site.put(f"assets/{name}.json", text + "\n")


def _put_names(site: Site) -> None:
    """The names of the territories that maps and tables show: by level, then id."""
    names: dict[str, dict[str, str]] = {level: {} for level in DRAWN}
    for name, row in site.facts.territories.items():
        if row["level"] in names:
            names[row["level"]][name] = row["name"]
    _put(site, "names", names)
    _put(site, "departements", names["departement"])


def _put_around(site: Site) -> None:
    """For each département and région: what lies around it, and its newest values.

    A commune's page compares with these; `files` are those of the API that have its communes,
    and the names of the EPCI that they are of. `communes` has, by code, which of these files and
    where on the map, whose part to show is `box`; `former` the communes that a commune took in.
    """
    former = _former(site)
    files: dict[str, dict[str, str]] = {}
    communes: dict[str, dict[str, list[Any]]] = {}
    places = read_places(site.draft.folder / "boundaries", "commune", "departement")
    for row in site.facts.communes:
        around, name = row["departement_id"] or "", row["territory_id"]
        group = site.facts.territories.get(row["group_id"], row)
        files.setdefault(around, {})[row["group_id"]] = group["name"]
        told = [row["group_id"], *places.get(name, [])]
        communes.setdefault(around, {})[row["code"]] = told
    for name, row in site.facts.territories.items():
        if row["level"] in ("country", "region", "departement"):
            values = {
                indicator: [cell["period"], site.facts.short(indicator, cell["value"])]
                for indicator, cell in site.facts.cells.get(name, {}).items()
            }
            body = {
                "name": row["name"],
                "parent": row["region_id"] or row["country_id"],
                "values": values,
                "files": dict(sorted(files.get(name, {}).items())),
                "communes": dict(sorted(communes.get(name, {}).items())),
                "former": former.get(name, {}),
                "box": box_of(site.shapes, row),
            }
            _put(site, f"around/{folder_of(name)}", body)


def _former(site: Site) -> dict[str, dict[str, dict[str, str]]]:
    """By département, or France for who has none: by code of today, names by former code."""
    around = {row["territory_id"]: row["departement_id"] or COUNTRY for row in site.facts.communes}
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in site.facts.vanished:
        code, today = (_code(row[each]) for each in ("territory_id", "successor_id"))
        place = around.get(row["successor_id"], COUNTRY)
        found.setdefault(place, {}).setdefault(today, {})[code] = row["name"]
    return found


def _code(territory_id: str) -> str:
    return territory_id.removeprefix("COM-")


def _put_maps(site: Site) -> None:
    """The newest values of each indicator by level, to be drawn: ids, values, statuses."""
    for indicator, levels in site.facts.mapped.items():
        body = {
            level: {
                "period": rows[0]["period"],
                "ids": [row["territory_id"] for row in rows],
                "values": [row["value"] for row in rows],
                "statuses": "".join(row["obs_status"] for row in rows),
            }
            for level, rows in levels.items()
        }
        _put(site, f"values/{indicator}", body)


def _put_libraries(site: Site) -> None:
    """Vega, for who asks for a chart to explore, and the picture that other sites show."""
    import vl_convert

    site.put("assets/vega.js", bundle(site))
    if shape := site.shapes.get("departement"):
        drawn = shape.as_svg().replace('"0 0 700 700"', f'"{_wide(shape.box)}" fill="#0f5468"')
        styled = drawn.replace("<g ", '<g stroke="#fcfcfa" stroke-width="1.5" ')
        card = vl_convert.svg_to_png(styled, scale=0.9)
        (site.draft.folder / "assets" / "card.png").write_bytes(card)


def _wide(box: str) -> str:
    """The box with room at both sides: pictures on other sites are about twice as wide as high."""
    left, top, width, height = map(int, box.split())
    room = max(0, round(height * 1.9) - width)
    return f"{left - room // 2} {top} {width + room} {height}"
