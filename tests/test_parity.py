"""Our verdicts against frictionless's own: on drawn tables, real ones, and its own examples."""

import json
from collections import Counter
from pathlib import Path

import frictionless
import pytest
from frictionless import system
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dirty import V2, tables
from flows.steps.validate.package import validate_package
from parity import ALL, REFUSED, SHARED, Case, ask_frictionless, ask_us, tell_errors, tell_faults

SCHEMAS = SHARED / "table_schemas"
SOURCES = SHARED / "sources"
INVALID = {
    "NaturalSolutions__schema-arbre/schema.json",
    "cnigfr__schema-friches/annexes_schema/_version_2022-04_MR/schema.json",
    "etalab__schema-comptage-mobilites-channel/schema.json",
}
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared files are not here")


def assert_same(case):
    theirs, ours = ask_frictionless(case), ask_us(case)
    assert ours == theirs
    assert theirs != REFUSED


# -- Tables drawn at random ------------------------------------------------------------------------


def check_drawn(folder, table, is_told, says_encoding):
    path = folder / "table.csv"
    path.write_bytes(table.text.encode(table.encoding))
    csv = {"delimiter": table.delimiter, "quoteChar": '"', "skipInitialSpace": False}
    dialect = {"headerRows": [1], "csv": csv} if is_told else {}
    encoding = "utf-8" if table.encoding == "utf-8-sig" else table.encoding
    case = Case(path, table.schema, dialect, encoding, says_encoding or encoding == "cp1252")
    theirs, ours = ask_frictionless(case), ask_us(case)
    if (
        theirs == REFUSED and ours != REFUSED
    ):  # the one thing of these that we judge and it does not
        assert "duplicate-label" in {key[0] for key in ours}
    else:
        assert ours == theirs


drawn = given(table=tables(), is_told=st.booleans(), says_encoding=st.booleans())
checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@drawn
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=checks)
def test_drawn_tables(tmp_path, table, is_told, says_encoding):
    check_drawn(tmp_path, table, is_told, says_encoding)


@pytest.mark.soak
@drawn
@settings(max_examples=2000, deadline=None, suppress_health_check=checks)
def test_many_drawn_tables(tmp_path, table, is_told, says_encoding):
    check_drawn(tmp_path, table, is_told, says_encoding)


# -- Published schemas, with the files that follow them --------------------------------------------


def find_pairs():
    for path in sorted(SCHEMAS.rglob("*.json")):
        if "fields" in json.loads(path.read_text(encoding="utf-8")):
            yield from (
                pytest.param(path, file, id=f"{path.relative_to(SCHEMAS)}-{file.name}")
                for file in sorted(path.parent.rglob("*.csv"))
                if _owner(file) == path.parent
            )


def _owner(file):
    """The nearest folder above that has a schema."""
    return next(folder for folder in file.parents if list(folder.glob("schema*.json")))


@needs_shared
@pytest.mark.parametrize(("path", "file"), [*find_pairs()])
def test_published_schemas(path, file):
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema.pop("custom_checks", None)  # frictionless has none of the French checks
    case = Case(file, schema)

    theirs, ours = ask_frictionless(case), ask_us(case)

    assert ours == theirs
    assert (ours == REFUSED) == (str(path.relative_to(SCHEMAS)) in INVALID)


# -- Real files ------------------------------------------------------------------------------------


CONSTRAINTS = (
    *("required", "unique", "pattern", "enum", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
)


def field(name, kind="string", **more):
    constraints = {key: more.pop(key) for key in list(more) if key in CONSTRAINTS}
    return {"name": name, "type": kind, **more, "constraints": constraints}


COMMUNE = r"([013-9]\d|2[AB1-9])\d{3}"
FRENCH = {"decimalChar": ","}
# (file, encoding, dialect, fields): bounds are narrow, so that there are some.
REAL = [
    (
        "encodings/odsen_extrait.csv",
        *("cp1252", {"commentChar": "%"}),
        [
            field("Matricule", pattern=r"\d{5}[A-Z]", required=True),
            field("Qualité", enum=["M.", "Mme"]),
            field("Date naissance", "datetime", format="%Y-%m-%d %H:%M:%S.%f"),
            field("Date de décès", "date"),
            field("Courrier électronique", format="email"),
        ],
    ),
    (
        "encodings/smb_2013_2023_extrait.csv",
        *("utf-16", {}),
        [
            field("Niveau hiérarchique", "integer", maximum=1),
            field("31/01/2013", "number", **FRENCH, minimum=0),
            field("31/08/2013", "number", **FRENCH),
            field("28/02/2013", "integer"),
        ],
    ),
    (
        "france_services/liste-fs-20240801.csv",
        *("utf-8", {}),
        [
            field("id_fs", "integer", unique=True),
            field("insee_com", pattern=COMMUNE),
            field("latitude", "number", minimum=41, maximum=51.5),
            field("longitude", "number"),
            field("h_lundi", pattern=r"\d\d:\d\d - \d\d:\d\d( / \d\d:\d\d - \d\d:\d\d)?"),
            field("prise_rdv", "boolean", trueValues=["Oui"], falseValues=["Non"]),
            field("format_fs", enum=["Fixe", "Itinérante"], required=True),
        ],
    ),
    (
        "observatory/dataepci.csv",
        *("utf-8", {"csv": {"delimiter": ";"}}),
        [
            field("epci2018", minLength=9, maxLength=9),
            field("ID_1", "number", **FRENCH, exclusiveMaximum=100),
            field("ID_3", "number", **FRENCH, required=True),
            field("ID_9", "integer"),
        ],
    ),
    (
        "zonings/montagne.csv",
        *("utf-8", {}),
        [field("insee_com", unique=True), field("niveau_montagne", pattern=r"0[1-4] - .*")],
    ),
    (
        "geography/departements.csv",
        *("utf-8", {}),
        [field("DEP", maxLength=2), field("TNCC", "integer", maximum=4), field("REG", "integer")],
    ),
    (
        "geography/donnees_communes_mayotte.csv",
        *("utf-8", {}),
        [field("CODREG", "integer"), field("REG", required=True), field("PMUN", "year")],
    ),
    (
        "local_finance/ofgl_communes_2025_extrait.csv",
        *("utf-8", {"headerRows": [1]}),
        [
            field("com_code", pattern=COMMUNE),
            field("montant", "number", required=True),
            field("euros_par_habitant", "number", minimum="0", maximum=5000),
            field("ptot", "integer", exclusiveMinimum=0),
            field("siren", "integer", enum=["215501891", 210500237]),
        ],
    ),
    (
        "third_places/CGET_TiersLieux_2019.csv",
        *("utf-8", {}),
        [
            field("ID", "integer"),
            field("CP", pattern=r"\d{5}"),
            field("WEB", format="uri"),
            field("LAT", "number", minimum=0),
            field("POPCOM", "integer", bareNumber=False),
            field("METRO", "boolean"),
        ],
    ),
    (
        "secrecy/POP_FILOSOFI_AGE.csv",
        *("utf-8", {}),
        [
            field("Période", "year", minimum=2021),
            field("Valeur", "number", required=True, **FRENCH),
            field("Statut de confidentialité", enum=["Diffusable"]),
        ],
    ),
    (
        "health/toutes_specialites_departement.csv",
        *("utf-8", {}),
        [
            field("annee", "year"),
            field("effectif", "integer", maximum=1000),
            field("densite", "number"),
            field("classe_age", pattern=r"\w+"),
            field("vision_generale_all", "boolean", trueValues=["oui"], falseValues=["non"]),
        ],
    ),
    (
        "hiring/bmo_2024_dictionnaire.csv",
        *("utf-8", {}),
        [field("Unnamed: 0"), field("Unnamed: 2", "integer")],
    ),
    (
        "citizen_participation/engagement_citoyen.csv",
        *("utf-8", {}),
        [
            field("codgeo", pattern=COMMUNE),
            field("echelon", enum=["commune", "epci"]),
            field("periode", pattern=r"\d{4}-\d{4}"),
            field("url", format="uri", required=True),
        ],
    ),
    (
        "digital_fragility/score_competence_administratives_communes.csv",
        *("cp1252", {}),
        [
            field("DEP", "integer"),
            field("LIBCOM", pattern=r"[\w' -]+"),
            field("score_competence_administratives_region", "number", maximum=150),
        ],
    ),
]


@needs_shared
@pytest.mark.parametrize(
    ("name", "encoding", "dialect", "fields"), REAL, ids=[Path(each[0]).stem for each in REAL]
)
def test_real_files(name, encoding, dialect, fields):
    schema = {"$schema": V2, "fieldsMatch": "subset", "fields": fields}
    case = Case(SOURCES / name, schema, dialect, encoding, encoding == "cp1252")

    assert_same(case)


# -- Frictionless's own small files, written anew --------------------------------------------------

ID_NAME = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]
PEOPLE = [*ID_NAME, {"name": "age", "type": "integer"}]
FOUR = [{"name": f"f{n}", "type": "integer"} for n in range(1, 5)]
TABLE = "id,name\n1,english\n2,中国人\n"
MATRIX = "f1,f2,f3,f4\n11,12,13,14\n21,22,23,24\n31,32,33,34\n"
OWN = {
    "table": (TABLE, ID_NAME, {}),
    "invalid": (
        "id,name,,name\n1,english\n1,english\n\n2,german,1,2,3\n",
        [*ID_NAME, {"name": "field3"}, {"name": "name2"}],
        {},
    ),
    "invalid, short schema": (
        "id,name,,name\n1,english\n1,english\n\n2,german,1,2,3\n",
        ID_NAME,
        {},
    ),
    "invalid, wide schema": ("id\n1\n", PEOPLE, {}),
    "schema errors": (
        "id,name,age\n1101,John,30\n1102,Julie,26\ni_should_be_a_number,,\n,2,3,4,5,6\n",
        PEOPLE,
        {},
    ),
    "defective rows": ("id,name,age\n1101,John\n1102,Julie,26,Potatoes\n", PEOPLE, {}),
    "blank rows": ("id,name,age\n1101,John,30\n1102,Julie,26\n,,\n", PEOPLE, {}),
    "blank rows left out": (
        "id,name\n1,a\n\n,\n2,b\n",
        ID_NAME,
        {"skipBlankRows": True},
    ),
    "blank labels": (",name,\n1,b,2\n", PEOPLE, {}),
    "all labels blank": (",\n1,b\n", ID_NAME, {}),
    "duplicate labels": ("id,name,id\n1101,John,0\n1102,Julie,0\n", PEOPLE, {}),
    "labels of another case": ("ID,Name\n1,a\n", ID_NAME, {}),
    "labels of any case": ("ID,Name\n1,a\n", ID_NAME, {"headerCase": False}),
    "spaces around labels": (" id , name \n1,a\n", ID_NAME, {}),
    "no header": ("1,english\n2,中国人\n3,german,extra\n", ID_NAME, {"header": False}),
    "header of numbers": ("1,english\n2,中国人\n3,german,extra\n", ID_NAME, {}),
    "semicolons": (TABLE.replace(",", ";"), ID_NAME, {}),
    "tabs": (TABLE.replace(",", "\t"), ID_NAME, {}),
    "bars": (TABLE.replace(",", "|"), ID_NAME, {}),
    "delimiter told": (TABLE.replace(",", "@"), ID_NAME, {"csv": {"delimiter": "@"}}),
    "wrong delimiter told": (TABLE, ID_NAME, {"csv": {"delimiter": ";"}}),
    "carriage returns": (TABLE.replace("\n", "\r\n"), ID_NAME, {}),
    "only carriage returns": (TABLE.replace("\n", "\r"), ID_NAME, {}),
    "comments": ("# comment\n" + MATRIX, FOUR, {"commentChar": "#"}),
    "comment among rows": (MATRIX + "#a,b\n41,42,43,44\n", FOUR, {"commentChar": "#"}),
    "comment row": (MATRIX, FOUR, {"commentRows": [3]}),
    "comment not told": ("# comment\n" + MATRIX, FOUR, {}),
    "header on row 2": (MATRIX, FOUR, {"headerRows": [2]}),
    "header on rows 1 and 2": (MATRIX, FOUR, {"headerRows": [1, 2]}),
    "header joined by a dash": (MATRIX, FOUR, {"headerRows": [1, 2], "headerJoin": "-"}),
    "escaping": (
        'ID, Test\n1, "Test line 1"\n2, "Test "" line 2"\n3, "Test \\" line 3"\n',
        [{"name": "ID", "type": "integer"}, {"name": "Test"}],
        {"csv": {"escapeChar": "\\"}},
    ),
    "initial spaces": (
        'ID, Test\n1, "Test line 1"\n2, "Test "" line 2"\n',
        [{"name": "ID", "type": "integer"}, {"name": "Test"}],
        {"csv": {"skipInitialSpace": True}},
    ),
    "quoted by bars": (
        "id,name\n1,|a,b|\n",
        ID_NAME,
        {"csv": {"quoteChar": "|", "delimiter": ","}},
    ),
    "lines in a cell": ('id,name\n1,"a\nb\n\nc"\nx,"d"\n', ID_NAME, {}),
    "yes and no": (
        "id,value\n1,yes\n2,no\n3,true",
        [
            ID_NAME[0],
            {"name": "value", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
        ],
        {},
    ),
    "time zones": (
        "id;timestamp\n0;2020-01-01T15:00:00Z\n1;2020-01-01T15:00:00+03:00\n2;2020-01-01T15:00:00\n",
        [ID_NAME[0], {"name": "timestamp", "type": "datetime"}],
        {},
    ),
    "leading zeros": ("value\n01\n002\n00003\n", [{"name": "value", "type": "integer"}], {}),
    "floats": (
        'id,value\n1,"-1,200.5"\n2,10%\n3,$5\n',
        [ID_NAME[0], {"name": "value", "type": "number", "groupChar": ",", "bareNumber": False}],
        {},
    ),
    "header alone": ("id,name\n", ID_NAME, {}),
    "header alone, no end": ("id,name", ID_NAME, {}),
    "nothing": ("", ID_NAME, {}),
    "blank line alone": ("\n", ID_NAME, {}),
    "no fields": ("id,name\n1,a\n", [], {}),
}


@pytest.mark.parametrize(("text", "fields", "dialect"), OWN.values(), ids=OWN)
def test_frictionless_files(tmp_path, text, fields, dialect):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())

    assert_same(Case(path, {"fields": fields}, dialect))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        *[("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
        *[("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("latin-1", "iso8859-1")],
        *[("cp1252", "utf-8"), ("utf-8", "ascii"), ("utf-8", "cp1252"), ("mac-roman", "mac-roman")],
    ],
)
def test_encodings_that_are_told(tmp_path, encoding, told):
    path = tmp_path / "table.csv"
    path.write_bytes("id,name\n1,é\nx,ç\n".encode(encoding))

    assert_same(Case(path, {"fields": ID_NAME}, {}, told))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("id", "id,name\n1,a\n2,b\n1,c\n01,d\n"),
        (["id"], "id,name\n1,a\n,b\n1,c\n,d\nx,e\nx,f\n\n"),
        (["id", "name"], "id,name\n1,a\n1,b\n1,a\n,a\n1,\n,\n1\n"),
    ],
)
def test_primary_keys(tmp_path, key, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")

    assert_same(Case(path, {"fields": ID_NAME, "primaryKey": key}))


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("datetime", ["2024-01-05T10:20:30Z", "2024-01-05T11:20:30+01:00", "2024-01-05T10:20:30"]),
        ("datetime", ["0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+02:00"]),
        ("number", ["1", "1.0", "1e0", "10e-1", "0", "-0"]),
        ("boolean", ["1", "true", "0"]),
        ("integer", ["1", "01", "+1", " 1", "2"]),
        ("year", ["2024", "2024", "0024"]),
        ("string", ["é", "e\u0301", "é", "É"]),
        ("geopoint", ["1,2", "1.0,2", "01,2.00"]),
        ("duration", ["P1D", "PT24H", "P7D", "P1W"]),
    ],
)
def test_values_that_are_the_same(tmp_path, kind, cells):
    path = tmp_path / "table.csv"
    path.write_text("a\n" + "".join(f'"{cell}"\n' for cell in cells), encoding="utf-8")
    fields = [{"name": "a", "type": kind, "constraints": {"unique": True}}]

    assert_same(Case(path, {"fields": fields, "primaryKey": "a"}))


@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset", "partial"])
@pytest.mark.parametrize("labels", ["id,name", "name,id", "id", "name,id,more", "more", "id,more"])
def test_ways_to_match_fields(tmp_path, match, labels):
    path = tmp_path / "table.csv"
    path.write_text(f"{labels}\n1,a,b\nx,2\n", encoding="utf-8")
    fields = [ID_NAME[0], {**ID_NAME[1], "constraints": {"required": True}}]

    assert_same(Case(path, {"$schema": V2, "fieldsMatch": match, "fields": fields}))


# -- Keys that lead from table to table ------------------------------------------------------------

CITIES = {
    "fields": [
        {"name": "id", "type": "integer"},
        {"name": "name"},
        {"name": "next_id", "type": "integer"},
    ]
}
CITY_ROWS = "id,name,next_id\n1,london,2\n2,paris,3\n3,rome,4\n4,rio,\n5,,9\n"


def key(fields, resource, reference):
    return {"fields": fields, "reference": {"resource": resource, "fields": reference}}


PACKAGES = {
    "within a table": ({"cities": (CITIES, [key("next_id", "", "id")], CITY_ROWS)}),
    "between tables": {
        "cities": (CITIES, [key("id", "people", "label")], CITY_ROWS),
        "people": (
            {
                "fields": [
                    {"name": "label", "type": "integer"},
                    {"name": "population", "type": "integer"},
                ]
            },
            [],
            "label,population\n1,8\n2,2\n03,4\nx,1\n",
        ),
    },
    "of two fields": {
        "cities": (CITIES, [key(["id", "name"], "people", ["a", "b"])], CITY_ROWS),
        "people": (
            {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]},
            [],
            "a,b\n1,london\n2,rome\n5,\n",
        ),
    },
    "two keys": {
        "cities": (
            {**CITIES, "primaryKey": ["id"]},
            [key("next_id", "", "id"), key("name", "names", "name")],
            CITY_ROWS,
        ),
        "names": ({"fields": [{"name": "name"}]}, [], "name\nlondon\nparis\n"),
    },
    "to another type": {
        "cities": (CITIES, [key("name", "ids", "id")], "id,name,next_id\n1,1,1\n2,x,2\n"),
        "ids": ({"fields": [{"name": "id", "type": "integer"}]}, [], "id\n1\n"),
    },
}


def write_package(folder, told):
    resources = []
    for name, (schema, keys, text) in told.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        whole = {**schema, "foreignKeys": keys} if keys else schema
        resources.append(
            {"name": name, "path": f"{name}.csv", "encoding": "utf-8", "schema": whole}
        )
    path = folder / "datapackage.json"
    path.write_text(json.dumps({"name": "all", "resources": resources}), encoding="utf-8")
    return path


@pytest.mark.parametrize("told", PACKAGES.values(), ids=PACKAGES)
def test_packages_with_foreign_keys(tmp_path, told):
    path = write_package(tmp_path, told)
    with system.use_context(trusted=True):
        report = frictionless.Package(str(path)).validate(limit_errors=ALL)

    theirs = {task.name: _by_row(tell_errors(task.errors)) for task in report.tasks}
    ours = {
        resource.name: _by_row(tell_faults(verdict)) for resource, verdict in validate_package(path)
    }

    assert ours == theirs


def _by_row(told):
    return Counter({each[:2]: count for each, count in told.items()})
