"""Charts: Vega-Lite specifications by Altair, each with the SVG that needs no script.

A page shows the SVG; on request it loads Vega, which reads the specification beside it. What was
drawn once is kept under data/drawn, by its hash: most series are those of the release before.
"""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from flows.files import replacing
from flows.publish.site.frame import Site
from flows.publish.site.words import Language, Words

ACCENT, SOFT, PALE = "#0f5468", "#4c5b66", "#b9c2c4"
FONT = "system-ui, 'Liberation Sans', Arial, sans-serif"
WIDTH, HEIGHT = 600, 240
FORMATS: dict[Language, dict[str, Any]] = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
EXPOSED = "window.vegaEmbed = vegaEmbed; window.vega = vega;"
# What a chart says is put in place of these.
UNIT, AXIS, PERIOD, LOW, HIGH = "@unit", "@axis", "@period", "@low", "@high"
# Without data, Altair gives each layer an empty table of its own, which would hide the rows.
ROWS: Any = {"name": "rows"}
Spec = dict[str, Any]


def write_chart(
    site: Site, words: Words, name: str, spec: str, rows: list[Spec], told: dict[str, str]
) -> str:
    """Write the chart of *rows* as `assets/charts/<name>-<language>`; that address."""
    for mark, text in told.items():
        spec = spec.replace(json.dumps(mark), json.dumps(text, ensure_ascii=False))
    body = json.loads(spec) | {"data": {"values": rows}}
    path = f"assets/charts/{name}-{words.language}"
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    site.put(f"{path}.json", text + "\n")
    site.put(f"{path}.svg", _drawn(site, text, words.language))
    return path


def bundle(site: Site) -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""

    def make() -> str:
        import vl_convert

        return vl_convert.javascript_bundle(EXPOSED)

    return _kept(site, EXPOSED, "js", make)


def _drawn(site: Site, text: str, language: Language) -> str:
    def draw() -> str:
        import vl_convert

        return vl_convert.vegalite_to_svg(text, format_locale=FORMATS[language])

    return _kept(site, language + text, "svg", draw)


def _kept(site: Site, asked: str, suffix: str, make: Callable[[], str]) -> str:
    """What was made of *asked* before, by the same version of the library; else made now."""
    key = sha256(f"{version('vl-convert-python')} {asked}".encode()).hexdigest()
    path = site.draft.settings.data / "drawn" / f"{key}.{suffix}"
    if not path.is_file():
        with replacing(path) as part:
            part.write_text(make(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


@cache
def trend_spec() -> str:
    """One line over the periods; a gap where there is no value, a ring where a status is told."""
    import altair

    x = altair.X("period:O", title=None, axis=altair.Axis(labelAngle=0, labelOverlap=True))
    y = altair.Y("value:Q", title=UNIT, scale=altair.Scale(zero=False))
    base = altair.Chart(ROWS).encode(x, y)
    line = base.mark_line(color=ACCENT, strokeWidth=2)
    point = base.mark_point(size=36, opacity=1).encode(
        fill=altair.condition("datum.status == 'A'", altair.value(ACCENT), altair.value("white")),
        stroke=altair.value(ACCENT),
        tooltip=[
            altair.Tooltip("period:O", title=PERIOD),
            altair.Tooltip("value:Q", title=UNIT),
        ],
    )
    return _finish(line + point)


@cache
def spread_spec() -> str:
    """How many territories have a value in each class; rows have `low`, `high` and `count`."""
    import altair

    chart = (
        altair.Chart(ROWS)
        .mark_bar(color=ACCENT, stroke="white", strokeWidth=1)
        .encode(
            altair.X("low:Q", bin="binned", title=UNIT, axis=altair.Axis(tickCount=8)),
            altair.X2("high:Q"),
            altair.Y("count:Q", title=AXIS),
            tooltip=[
                altair.Tooltip("low:Q", title=LOW),
                altair.Tooltip("high:Q", title=HIGH),
                altair.Tooltip("count:Q", title=AXIS),
            ],
        )
    )
    return _finish(chart)


def _finish(chart: Any) -> str:
    sized = chart.properties(width=WIDTH, height=HEIGHT, background="transparent")
    styled = (
        sized.configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=SOFT,
            titleColor=SOFT,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
            gridColor="#e6e8e4",
            domainColor=PALE,
            tickColor=PALE,
        )
    )
    return json.dumps(styled.to_dict())
