"""Strategies for schemas of every kind, and for tables such as people write them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

# Values of each type, and what is nearly one: odd digits, spaces and spellings.
CELLS = {
    "integer": "1|007|-3|+5| 7|8 |1_000|٣|1.0|x|12345678901234567890123|1e3|5\xa0|0x1|१|-|3\n"
    "|\u20034",
    "number": "1.5|1,5|1 234,5|-.5|5.|.|1e5|1E-3|NaN|inf|-Infinity|Nantes|1_0.5|1.2.3|abc|١"
    "|0.30000000000000004|1e500|1 000.5|1.000,5| 2.5 |50 €|$3|12%|1e|+-1|-0|1\u202f234,5|snan1",
    "boolean": "true|True|TRUE|1|0|false|oui|non|O|N|yes|tRue| true",
    "date": "2024-01-05|2024-1-5|2024-02-30|05/01/2024|31/12/2024|2024|20240105|0000-01-01"
    "|0001-01-01|9999-12-31|2024-01-05T00:00:00|45292|2024-01-05 | 2024-01-05|2024-01- 5"
    "|２０２４-01-05|24-01-05|2024-13-01|Jan 5 2024|2024-01-05\n|5/1/2024|5 janvier 2024",
    "datetime": "2024-01-05T10:20:30|2024-01-05T10:20:30Z|2024-01-05T10:20:30+02:00"
    "|2024-01-05 10:20:30|2024-01-05|2024-01-05T24:00:00|2024-02-30T10:20:30|2024-01-05T10:20"
    "|2024-01-05T10:20:30.123|2024-01-05T10:20:30.1234567|05/01/2024 10:20|x"
    "|2024-01-05T10:20:60|2024-W01-1T10:20:30|2024-01-05T10:20:30+0200|20240105T102030",
    "time": "10:20:30|24:00:00|10:20|10:20:30Z|10:20:30.5|25:00:00|x|1:2:3|10:20:30+01:00|10:20:60",
    "year": "2024|024|20245|+201| 201|-201|-000|abcd|20 4|２０２４|1_23|12a4",
    "yearmonth": "2024-05|2024-5|2024-13|2024-00|202405|2024-05-01| 2024-05|-1-5|+2024-+5|20245-01",
    "duration": "P1Y|PT5M|x|P1Y2M10DT2H30M|1|-P1D|P1.5D",
    "geopoint": "1,2|180,90|181,0|180.0000000000000001,0|-180,-90|1|1,2,3|a,b| 1 , 2 |nan,1|inf,0"
    '|1,91|[1,2]|{"lon":1,"lat":2}|1e1,2',
    "geojson": '{"type":"Point","coordinates":[1,2]}|{}|[]|x|{"type":"Point"}',
    "object": '{}|{"a":1}|[]|x|null|{"a":NaN}|{"a":1,"a":2}|{"a":1,}|"\\ud800"',
    "array": '[]|[1,2]|["a"]|{}|x|[1,]|[NaN]|[[1],2]',
    "list": "a|a,b|a;b|1,2|x,1|a,,b|2024-01-05",
    "any": "a|1|l'eau",
    "string": 'a|abc|01001|é|ÉTÉ|a\n|abc\n|a b|xxxxx|a"b|1|2A004|http://a.fr|a@b.fr|http:|mailto:a@b'
    "|123e4567-e89b-12d3-a456-426614174000|YWJj|POINT (1 2)|٣|_|l'eau|N/A|tout|🦉|a\u2003b",
}
BLANKS = ["", "", "NA", "-", " "]
PATTERNS = [
    *[r"\d{5}", "[a-z]+", "^a|b$", r"\w+", r"[^\d]+", r"\S+", "a.*", "(?i)abc", "(a+)+", "a{,3}"],
    *[
        "[[:alpha:]]+",
        "(?=a)a",
        "(?:(?:^|,)(a|b))+",
        r"\D*",
        ".{2,}",
        "[é-ü]+",
        "^$",
        "a|",
        r"\bab",
    ],
    *[r"(a)\1", r"[\w-]+", r".*\Z", "é+", r"[A-Z\s'-]+", r"2[AB]\d{3}|\d{5}", r"(?P<x>a)(?P=x)?"],
]
FORMATS = {
    "string": ["email", "uri", "uuid", "binary", "wkt"],
    "date": ["any", "%d/%m/%Y", "%Y", "%Y%m%d", "%d %B %Y", "%y-%m-%d", "%Y-%m-%d", "fmt:%d/%m/%Y"],
    "datetime": ["any", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S"],
    "time": ["any", "%H:%M"],
    "geopoint": ["array", "object"],
    "geojson": ["topojson"],
}
MOMENT = datetime(2024, 1, 5, 10, 20, 30)
BOUNDS = {
    "integer": [1, "2", 5, -1, 2.0],
    "number": [1, 1.5, 100, "7"],
    "date": [MOMENT.strftime("%Y-%m-%d")],
    "datetime": [MOMENT.strftime("%Y-%m-%dT%H:%M:%S")],
    "time": [MOMENT.strftime("%H:%M:%S")],
    "year": [2000, "2024"],
    "yearmonth": ["2024-05"],
}
OPTIONS = {
    "boolean": {"trueValues": [["oui", "O"]], "falseValues": [["non", "N"]]},
    "integer": {"bareNumber": [True, False]},
    "number": {
        "bareNumber": [True, False],
        "decimalChar": [",", "."],
        "groupChar": [" ", ",", ".", "\xa0", "\u202f"],
        "floatNumber": [True],
    },
    "list": {"delimiter": [";"], "itemType": ["integer", "string", "date"]},
    "array": {"arrayItem": [{"type": "integer"}]},
}
LONG = ("string", "array", "object", "list")
NEVER_UNIQUE = ("object", "array", "geojson", "geopoint", "list", "number")
KEYS = ("string", "integer", "date", "year", "any", "boolean")
OLD_BOUNDS = ("minimum", "maximum")
NEW_BOUNDS = (*OLD_BOUNDS, "exclusiveMinimum", "exclusiveMaximum")
MATCHES = ["equal", "subset", "superset", "partial", "exact"]
V2 = "https://datapackage.org/profiles/2.0/tableschema.json"


@dataclass(frozen=True)
class Dirty:
    """A schema, the text of a table that should follow it, and how that is written."""

    schema: dict[str, Any]
    text: str
    delimiter: str
    encoding: str


def cells_of(kind: str) -> st.SearchStrategy[str]:
    cells = CELLS[kind].split("|")
    return st.one_of(st.sampled_from(cells), st.sampled_from(cells), st.sampled_from(BLANKS))


def sometimes(draw: st.DrawFn, times: int = 4) -> bool:
    """True once in *times*; false is the simpler."""
    return draw(st.integers(0, times - 1)) == times - 1


@st.composite
def fields(draw: st.DrawFn, name: str, bounds: tuple[str, ...]) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(CELLS)))
    field: dict[str, Any] = {"name": name, "type": kind}
    if kind in FORMATS and sometimes(draw, 2):
        field["format"] = draw(st.sampled_from(["default", *FORMATS[kind]]))
    for option, values in OPTIONS.get(kind, {}).items():
        if sometimes(draw, 3):
            field[option] = draw(st.sampled_from(values))
    if constraints := draw(constraints_of(kind, bounds)):
        field["constraints"] = {
            name: _spell_bound(field, value) if name in bounds else value
            for name, value in constraints.items()
        }
    return field


def _spell_bound(field: dict[str, Any], bound: Any) -> Any:
    """A bound of a date or time is written as its cells are."""
    form = field.get("format", "default").removeprefix("fmt:")
    return MOMENT.strftime(form) if form.startswith("%") else bound


@st.composite
def constraints_of(draw: st.DrawFn, kind: str, bounds: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if sometimes(draw, 3):
        found["required"] = draw(st.booleans())
    if kind not in NEVER_UNIQUE and sometimes(draw, 6):
        found["unique"] = True
    if kind == "string" and sometimes(draw, 3):
        found["pattern"] = draw(st.sampled_from(PATTERNS))
    limits = dict.fromkeys(bounds, st.sampled_from(BOUNDS.get(kind, [None])))
    if kind in LONG:
        limits = dict.fromkeys(("minLength", "maxLength"), st.integers(0, 5))
    for name, values in limits.items() if kind in (*LONG, *BOUNDS) else ():
        if sometimes(draw):
            found[name] = draw(values)
    if kind != "list" and sometimes(draw, 6):
        found["enum"] = CELLS[kind].split("|")[:2]
    return found


@st.composite
def schemas(draw: st.DrawFn, width: int) -> dict[str, Any]:
    is_new = sometimes(draw, 3)
    bounds = NEW_BOUNDS if is_new else OLD_BOUNDS
    schema: dict[str, Any] = {"fields": [draw(fields(f"f{n}", bounds)) for n in range(width)]}
    missing = st.sampled_from([["", "NA"], ["NA", "-"], [""], []])
    if is_new:
        schema["$schema"] = V2
        missing |= st.just([{"value": "NA", "label": "not known"}, {"value": "-"}])
        schema["fieldsMatch"] = draw(st.sampled_from(MATCHES))
    if sometimes(draw, 3):
        schema["missingValues"] = draw(missing)
    for field in schema["fields"]:
        if sometimes(draw, 8):
            field["missingValues"] = draw(missing)
    names = [field["name"] for field in schema["fields"] if field["type"] in KEYS]
    if names and sometimes(draw):
        schema["primaryKey"] = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    return schema


@st.composite
def labels_of(draw: st.DrawFn, names: list[str], kinds: list[str]) -> tuple[list[str], list[str]]:
    """The titles of a file, and the kind of what stands under each."""
    labels, kinds = list(names), list(kinds)
    change = draw(
        st.sampled_from(["none"] * 12 + ["drop", "add", "swap", "double", "blank", "case"])
    )
    if change == "add":
        return [*labels, "extra"], [*kinds, "any"]
    if change == "drop" and len(labels) > 1:
        return labels[:-1], kinds[:-1]
    if change == "swap":
        return labels[::-1], kinds[::-1]
    if change == "double" and len(labels) > 1:
        labels[1] = labels[0]
    if change == "blank":
        labels[-1] = ""
    if change == "case":
        labels[0] = labels[0].upper()
    return labels, kinds


@st.composite
def rows_of(draw: st.DrawFn, kinds: list[str], delimiter: str) -> str:
    cells = [draw(cells_of(kind)) for kind in kinds]
    cells = [quote(cell, delimiter, always=sometimes(draw, 12)) for cell in cells]
    change = draw(
        st.sampled_from(["none"] * 20 + ["drop", "add", "bare", "blank", "quote", "space"])
    )
    if change == "drop":
        cells = cells[:-1]
    if change == "add":
        cells += draw(st.lists(st.sampled_from(["", "z"]), min_size=1, max_size=4))
    if change in ("bare", "blank"):
        cells = [] if change == "bare" else [""] * len(cells)
    if change == "quote" and cells:
        cells[0] += draw(st.sampled_from(['"', '"a', ' "']))
    if change == "space" and cells:
        cells[-1] = " " + cells[-1]
    return delimiter.join(cells)


def quote(cell: str, delimiter: str, *, always: bool) -> str:
    if always or any(mark in cell for mark in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@st.composite
def tables(draw: st.DrawFn, max_width: int = 5, max_rows: int = 10) -> Dirty:
    schema = draw(schemas(draw(st.integers(1, max_width))))
    names = [field["name"] for field in schema["fields"]]
    labels, kinds = draw(labels_of(names, [field["type"] for field in schema["fields"]]))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    rows = draw(st.lists(rows_of(kinds, delimiter), max_size=max_rows))
    if rows and sometimes(draw):
        rows.append(rows[0])
    text = end.join([delimiter.join(labels), *rows]) + draw(st.sampled_from([end, end, ""]))
    encodings = ["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"]
    if _fits(text, "cp1252"):
        encodings += ["cp1252", "cp1252"]
    return Dirty(schema, text, delimiter, draw(st.sampled_from(encodings)))


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
