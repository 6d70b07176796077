"""Choropleth: the values of a level on its map, with a legend and a table that say the same."""

from bisect import bisect_left
from dataclasses import dataclass

from flows.publish.site.classes import quantiles
from flows.publish.site.facts import folder_of
from flows.publish.site.frame import Site
from flows.publish.site.words import Words

HIDDEN, MISSING, VOID = "hidden", "missing", "void"  # drawn as patterns, never by colour alone
LOWER = "lower_is_better"
SHADES = {"Q": HIDDEN, "M": VOID}  # by status; the others are missing


@dataclass(frozen=True)
class Area:
    """One territory of the map; `shade` is the class of CSS that colours it."""

    folder: str
    name: str
    shade: str
    told: str
    value: float | None


@dataclass(frozen=True)
class Choropleth:
    """`legend` goes from the lowest class to the highest, then what has no value."""

    level: str
    areas: list[Area]
    legend: list[tuple[str, str, int]]

    def ranked(self, direction: str) -> list[tuple[int | None, Area]]:
        """Each area after its rank: the best first, or the highest where neither way is better.

        Equal values have the same rank; those without a value come last and have none.
        """
        sign = 1 if direction == LOWER else -1
        known = [(sign * area.value, area) for area in self.areas if area.value is not None]
        keys = sorted(key for key, _ in known)
        ranked = sorted(known, key=lambda each: each[0])
        unknown = [(None, area) for area in self.areas if area.value is None]
        return [*((bisect_left(keys, key) + 1, area) for key, area in ranked), *unknown]


def draw_choropleth(
    site: Site,
    words: Words,
    level: str,
    values: dict[str, float | None],
    statuses: dict[str, str],
    decimals: int,
) -> Choropleth | None:
    """The map of *values* by territory; None where the release has no shapes of *level*."""
    if level not in site.shapes:
        return None
    classes = quantiles(value for value in values.values() if value is not None)
    areas = []
    for name, territory in site.facts.territories.items():
        if territory["level"] != level or folder_of(name) not in site.shapes[level].paths:
            continue
        value = values.get(name)
        if value is None or classes is None:
            status = statuses.get(name, "O")
            shade, told = SHADES.get(status, MISSING), words["statuses"][status]
        else:
            shade, told = f"q{classes.number(value)}", words.number(value, decimals)
        areas.append(Area(folder_of(name), territory["name"], shade, told, value))
    legend = [
        (f"q{number}", f"{words.number(low, decimals)} – {words.number(high, decimals)}")
        for number, (low, high) in enumerate(classes.ranges() if classes else [])
    ]
    legend += [(each, words["map"][each]) for each in (HIDDEN, MISSING, VOID)]
    counted = [(shade, told, sum(area.shade == shade for area in areas)) for shade, told in legend]
    return Choropleth(level, areas, [each for each in counted if each[2] or each[0][0] == "q"])
