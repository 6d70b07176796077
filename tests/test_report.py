"""The publisher's report: sentences, causes, and four kinds of file, on cells that mean harm."""

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from flows.errors import MachineError
from flows.handover import Words
from flows.steps.validate.telling import words_en, words_fr
from flows.steps.validate.telling.causes import likely_cause, suggest_value
from flows.steps.validate.telling.report import write_report
from flows.steps.validate.telling.report_markdown import as_code, as_text
from flows.steps.validate.telling.report_tables import guard
from flows.steps.validate.telling.report_words import HIDDEN, REPORT
from flows.steps.validate.telling.shown import make_visible, shorten
from flows.steps.validate.telling.words import (
    say_cause,
    say_expected,
    say_fault,
    say_remedy,
    say_rule,
)
from flows.steps.validate.verdict import Fault, Rule, Verdict

NBSP, NARROW = "\u00a0", "\u202f"
VOID = {"meta", "link", "br", "img", "input", "hr"}
CODES = [
    "source-error",
    "encoding-error",
    "blank-header",
    "unmatched-header",
    "blank-label",
    "duplicate-label",
    "extra-label",
    "missing-label",
    "incorrect-label",
    "blank-row",
    "extra-cell",
    "missing-cell",
    "type-error",
    "unique-error",
    "primary-key",
    "foreign-key",
    "swallowed-rows",
    "french-siren-value",
    "french-siret-value",
    "french-gps-coordinates",
    "reversed-french-gps-coordinates",
    "nomenclature-actes-value",
    "opening-hours-value",
    "one-of-required",
    "compare-columns-value",
    "cohesive-columns-value",
    "year-interval-value",
    "sum-columns-value",
    "phone-number-value",
    "a-check-of-tomorrow",
]
CONSTRAINTS = [
    "required",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "pattern",
    "enum",
    "categories",
    "jsonSchema",
]


def type_fault(cell, expected, row=2, line=None, field="champ"):
    return Fault("type-error", row, line or row, field, cell, "type", expected)


def constraint(cell, rule, expected, row=2, field="champ"):
    return Fault("constraint-error", row, row, field, cell, rule, expected)


def check(cell, code, row=2, field="champ"):
    return Fault(code, row, row, field, cell, code)


def rule_of(*faults, count=None):
    first = faults[0]
    return Rule(first.type, first.field, first.rule, first.expected, count or len(faults), faults)


def verdict_of(*rules, rows=10, rejected=4, notes=(), file="lieux.csv"):
    errors = sorted((f for rule in rules for f in rule.examples), key=lambda f: f.row or 0)
    return Verdict(file, rows, rejected, rules, tuple(errors), (), notes)


SCHEMA = {
    "title": "Équipements",
    "fields": [
        {
            "name": "debut",
            "type": "date",
            "title": "Début",
            "description": "Jour d’ouverture",
            "example": "2024-12-31",
        },
        {"name": "champ", "type": "string"},
        {"name": "nom", "type": "string"},
    ],
}
DATES = [
    type_fault("31/12/2024", "date", row=2, field="debut"),
    type_fault("01/02/2024", "date", row=3, line=5, field="debut"),
    type_fault("NC", "date", row=4, field="debut"),
]
HOSTILE = "<script>alert('x')</script>\n| a `b` |\r\n![i](http://evil.example) \u202e=1+1"


@pytest.fixture
def written(tmp_path):
    """Write a verdict as a report; give its text."""

    def write(suffix, verdict, schema=SCHEMA, **options):
        path = tmp_path / f"rapport.{suffix}"
        write_report(path, verdict, schema, **options)
        return path.read_bytes().decode("utf-8")

    return write


# Sentences


def all_faults():
    return [
        *(check("x", code) for code in CODES),
        *(constraint("x", rule, "5") for rule in CONSTRAINTS),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("fault", all_faults(), ids=lambda f: f"{f.type}-{f.rule}")
def test_every_fault_has_its_sentences(fault, language):
    for cell, field, row in [("x", "champ", 2), (None, None, None), ("", "champ", None)]:
        said = say_fault(replace(fault, cell=cell, field=field, row=row, line=row), language)
        assert re.fullmatch(r"[A-ZÀÉ].+\.", said)
        assert not re.search(r"[{}]|None", said)
    rule = rule_of(fault)
    for text in (
        say_rule(rule, language),
        say_expected(rule, language),
        say_remedy(rule, None, language),
    ):
        assert text
        assert not re.search(r"[{}]|None", text)


def test_a_sentence_names_row_line_field_and_cell():
    fault = type_fault("31/12/2024", "date/default", row=3, line=5, field="debut")

    assert say_fault(fault, "fr").replace(NBSP, " ") == (
        "Ligne 3 du tableau (ligne 5 du fichier texte), colonne « debut » : la valeur"
        " « 31/12/2024 » ne convient pas : la colonne attend une date écrite AAAA-MM-JJ (par"
        " exemple 2024-12-31)."
    )
    assert fault.message == (
        "Row 3 of the table (line 5 of the text file), column “debut”: the value “31/12/2024” does"
        " not fit: the column takes a date written YYYY-MM-DD (for example 2024-12-31)."
    )


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("date/%d/%m/%Y", "une date écrite JJ/MM/AAAA"),
        ("boolean/oui|non", "« oui » ou « non »"),
        ("number/,", "un nombre, avec une virgule comme séparateur décimal (par exemple 12,5)"),
        ("string/email", "une adresse électronique (par exemple mairie@exemple.fr)"),
        ("geopoint/object", 'une position (par exemple {"lon": 2.35, "lat": 48.85})'),
        ("colour", "une valeur du type colour"),
        ("", "une valeur"),
    ],
)
def test_types_in_plain_words(expected, said):
    assert say_expected(type_fault("x", expected), "fr").replace(NBSP, " ") == said


@pytest.mark.parametrize("listed", ['["a", "b"]', "['a', 'b']", '[{"value": "a"}, {"value": "b"}]'])
def test_a_list_is_read_however_it_is_written(listed):
    assert say_expected(constraint("x", "enum", listed), "en") == "one of these values: “a”, “b”"


def test_a_long_list_is_cut_and_counted():
    values = json.dumps([f"v{n}" for n in range(1300)])
    # 10 are shown; 1300 - 10 = 1290
    assert say_expected(constraint("x", "enum", values), "en").endswith("“v9”, and 1,290 more")
    assert say_expected(constraint("x", "enum", values), "fr").endswith(f"et 1{NARROW}290 autres")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"^\d{5}$", "exactly 5 digits"),
        ("[0-9]{14}", "exactly 14 digits"),
        (r"^([013-9]\d|2[AB1-9])\d{3}$", "a French commune code of 5 characters"),
        ("^[A-Z]+$", "the one that the expression “^[A-Z]+$” describes"),
    ],
)
def test_patterns_in_plain_words(pattern, said):
    assert say_expected(constraint("x", "pattern", pattern), "en").startswith(said)


def test_a_cell_is_shortened_and_what_it_hides_is_seen():
    assert make_visible(" a\tb\r\nc\u00a0d\u202e\u200b ") == "␣a⇥b↵c⍽d‹U+202E›‹U+200B›␣"
    assert make_visible("   ") == "␣␣␣"
    assert shorten("a" * 61) == "a" * 60 + "…"
    assert shorten("a" * 59 + " b") == "a" * 59 + "…"  # the cut adds no space at the end
    assert len(say_fault(type_fault("x\n" * 100_000, "date"), "fr")) < 300


def test_one_character_and_several():
    assert say_expected(constraint("", "minLength", "1"), "fr") == "au moins 1 caractère"
    assert say_expected(constraint("", "minLength", "5"), "fr") == "au moins 5 caractères"


def test_both_languages_have_the_same_words():
    for french, english in zip(words_fr.WORDS, words_en.WORDS, strict=True):
        assert french.keys() == english.keys()
    assert REPORT["fr"].keys() == REPORT["en"].keys()


def test_french_typography():
    texts = [say_remedy(check("x", code), None, "fr") for code in CODES]
    texts += [say_cause(cause, "fr") + say_remedy(check("x", "a"), cause, "fr") for cause in CAUSES]
    texts += [say_fault(fault, "fr") for fault in all_faults()] + list(REPORT["fr"].values())
    for text in texts:
        assert not re.search(r"'| [;:!?»]|« |  |\bn'", text), text


# Causes: one line a cause, and cells near it of which nothing is said

COMMUNE = r"^([013-9]\d|2[AB1-9])\d{3}$"
STATES = "['Ouvert', 'Fermé', 'En travaux']"
CAUSES = {
    "lost_leading_zero": (constraint("1004", "pattern", COMMUNE), "01004"),
    "decimal_comma": (type_fault("12,5", "number"), "12.5"),
    "day_month_swapped": (type_fault("2024-31-12", "date"), "2024-12-31"),
    "french_date": (type_fault("31/12/2024", "date"), "2024-12-31"),
    "us_date": (type_fault("12/31/2024", "date"), "2024-12-31"),
    "iso_date": (type_fault("2024-12-31", "date/%d/%m/%Y"), "31/12/2024"),
    "date_in_words": (type_fault("1er août 2024", "date"), "2024-08-01"),
    "compact_date": (type_fault("20241231", "date"), "2024-12-31"),
    "time_after_date": (type_fault("2024-12-31T00:00:00", "date"), "2024-12-31"),
    "partial_date": (type_fault("2024-12", "date"), None),
    "impossible_date": (type_fault("2023-02-29", "date"), None),
    "trailing_space": (constraint("Ouvert ", "enum", STATES), "Ouvert"),
    "wrong_encoding": (constraint("FermÃ©", "enum", STATES), "Fermé"),
    # 45292 days after 30 December 1899; 45291 is 31 December 2023
    "excel_date_number": (type_fault("45292", "date"), "2024-01-01"),
    "excel_decimal": (type_fault("1004.0", "integer"), "1004"),
    "thousands_separator": (type_fault("1 234,5", "number"), "1234.5"),
    "case_or_accent": (constraint("en-Travaux", "enum", STATES), "En travaux"),
    "scientific_notation": (check("1.23E+13", "french-siret-value"), None),
    "text_for_missing": (type_fault("n/a", "number"), None),
    "percent_or_unit": (type_fault("12,5 %", "number"), "12.5"),
    "boolean_words": (type_fault("Oui", "boolean"), "true"),
    # 7+3+4+2+2+5+2+1 with every second digit doubled: 7+6+2+(16-9)+2+(18-9)+3+4+0 = 40
    "spaces_inside": (check("732 829 320", "french-siren-value"), "732829320"),
    "spreadsheet_error": (type_fault("#REF!", "integer"), None),
    "missing_https": (type_fault("www.exemple.fr", "string/uri"), "https://www.exemple.fr"),
    "coordinates_swapped": (check("48.85,2.35", "french-gps-coordinates"), None),
}


def test_each_cause_has_words_and_an_example():
    assert CAUSES.keys() == words_fr.WORDS.causes.keys()


@pytest.mark.parametrize("cause", CAUSES)
def test_cause(cause):
    fault, meant = CAUSES[cause]

    assert likely_cause(fault) == cause
    assert suggest_value(fault) == meant
    assert say_remedy(fault, cause, "en") == words_en.WORDS.causes[cause][1]


@pytest.mark.parametrize(
    ("fault", "cause", "meant"),
    [
        (constraint("1004.0", "pattern", COMMUNE), "excel_decimal", "01004"),
        (constraint(" 1004", "pattern", COMMUNE), "lost_leading_zero", "01004"),
        (constraint("1", "enum", "['01', '02']"), "lost_leading_zero", "01"),
        (constraint("1000", "minLength", "5"), "lost_leading_zero", "01000"),
        (type_fault("1.234.567,5", "number"), "thousands_separator", "1234567.5"),
        (type_fault(f"1{NARROW}234", "integer"), "thousands_separator", "1234"),
        (type_fault("35 €", "integer"), "percent_or_unit", "35"),
        (type_fault("NON", "boolean/oui|non"), "boolean_words", "non"),
        (type_fault("12/31/2024", "date/%d/%m/%Y"), "day_month_swapped", "31/12/2024"),
        (type_fault("31/12/2024 10:00", "date"), "time_after_date", "2024-12-31"),
        (type_fault("N\ufffdmes", "integer"), "wrong_encoding", None),
        (check("NC", "unique-error"), "text_for_missing", None),
        (type_fault("—", "date"), "text_for_missing", None),
    ],
)
def test_causes_that_meet(fault, cause, meant):
    assert (likely_cause(fault), suggest_value(fault)) == (cause, meant)


@pytest.mark.parametrize(
    "fault",
    [
        type_fault("bonjour", "date"),
        type_fault("12,5", "integer"),  # mended, it would still be no whole number
        type_fault("1,234", "integer"),  # thousands in English, a decimal in French
        type_fault("123", "date"),
        constraint("12", "pattern", COMMUNE),  # a zero would not be enough
        constraint("Ferme la nuit", "enum", STATES),
        constraint("so", "enum", "['SO', 'So']"),  # two values are as near
        constraint("", "required", "true"),
        check("12345678901234", "french-siret-value"),
        check("x" * 1_000_000, "a-check-of-tomorrow"),
        check(None, "primary-key"),
        constraint("a" * 40 + "! ", "pattern", "^(a+)+$"),  # would take for ever
        constraint("1", "pattern", "("),
    ],
)
def test_no_cause_when_unsure(fault):
    assert likely_cause(fault) is None
    assert suggest_value(fault) is None


# HTML


class Page(HTMLParser):
    """Checks that every tag closes in its turn; keeps tags, and the text with its language."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or self.language))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.texts.append((self.language, data))

    @property
    def language(self):
        return self.open[-1][1] if self.open else None

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]

    def text(self, language):
        return "".join(text for lang, text in self.texts if lang == language)


def test_html_has_landmarks_headings_and_tables(written):
    page = Page(written("html", verdict_of(rule_of(*DATES, count=1250), notes=("Vu.",))))

    names = [tag for tag, _ in page.tags]
    assert names.count("main") == names.count("h1") == names.count("header") == 1
    assert page.all("html")[0]["lang"] == "fr"
    assert [article["lang"] for article in page.all("article")] == ["fr", "en"]
    assert names.count("caption") == names.count("table") == 4  # 2 languages: rules, 1 of examples
    assert all(cell["scope"] in {"col", "row"} for cell in page.all("th"))
    levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_html_links_and_labels_lead_somewhere(written):
    page = Page(written("html", verdict_of(rule_of(*DATES)), rejects="rejets 1.csv"))

    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    addresses = {link["href"] for link in page.all("a")}
    assert {a for a in addresses if a[0] != "#"} == {"rejets%201.csv"}
    assert {a[1:] for a in addresses if a[0] == "#"} <= set(ids)
    labels = {attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs}
    assert labels <= set(ids)


def test_html_stands_alone(written):
    text = written("html", verdict_of(rule_of(check(HOSTILE, "a-check", field=HOSTILE))))
    page = Page(text)

    assert {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "form"} == set()
    assert not any(re.match("on|src", name) for _, attrs in page.tags for name in attrs)
    assert "url(" not in text
    assert "@import" not in text
    assert "@media print" in text


def test_html_says_it_in_both_languages(written):
    page = Page(written("html", verdict_of(rule_of(*DATES, count=1250), rows=2000, rejected=1250)))

    french, english = page.text("fr").replace(NARROW, " ").replace(NBSP, " "), page.text("en")
    assert "750 sur 2 000" in french  # 2000 - 1250
    assert "750 of 2,000" in english
    assert "La date est écrite à la française, le jour en premier." in french
    assert "The date is written the French way, day first." in english
    assert "Jour d’ouverture" in french
    assert "Jour d’ouverture" not in english  # the schema's words keep their language
    assert "Ligne 3 du tableau (ligne 5 du fichier texte)" in french


def test_a_valid_file_has_no_rules(written):
    verdict = verdict_of(rejected=0)

    page = Page(written("html", verdict))
    assert "Le fichier respecte le schéma." in page.text("fr")
    assert page.all("table") == []
    assert "**The file follows the schema.**" in written("md", verdict)
    assert json.loads(written("json", verdict))["rules"] == []
    assert written("csv", verdict).count("\n") == 1


@pytest.mark.parametrize("rejects", ["javascript:alert(1)", '"><b>.csv', "data:text/html,x"])
def test_the_rejects_link_is_a_file_or_a_page(written, rejects):
    page = Page(written("html", verdict_of(rule_of(*DATES)), rejects=rejects))

    outside = [link["href"] for link in page.all("a") if link["href"][0] != "#"]
    assert all(re.fullmatch(r"[\w%.()/-]+", address) for address in outside)


# Markdown


def test_markdown_is_french_then_english(written):
    text = written("md", verdict_of(rule_of(*DATES)), rejects="rejets.csv").replace(NBSP, " ")

    french, english = text.split("\n---\n")
    assert "- Nombre d’erreurs : 3" in french
    assert (
        "  - Ligne 2, colonne « debut » : `31/12/2024` (valeur proposée : `2024-12-31`)" in french
    )
    assert "- Number of errors: 3" in english
    assert "`rejets.csv`" in french
    assert "⍽" not in french.split("## Comment lire")[0]


def test_markdown_neutralises_hostile_texts(written):
    fault = check(HOSTILE, "a-check", field=HOSTILE)
    text = written("md", verdict_of(rule_of(fault), notes=(HOSTILE, "- x", "1. y"), file=HOSTILE))

    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", re.sub(r"\\.", "", text))
    assert not re.search(r"[<>|`\[\]!~]|://", bare)
    assert "- \\- x" in text
    assert "- 1\\. y" in text
    assert "\u202e" not in text


def test_markdown_code_outlasts_backticks():
    assert as_code("a``b") == "```a``b```"
    assert as_code("`") == "`` ` ``"
    assert as_text("code_insee *x* a@b.fr") == "code_insee \\*x\\* a\\@b.fr"


# CSV


def test_csv_has_a_line_an_error(written):
    faults = [*DATES, check("a\nb;c", "a-check", row=7)]
    text = written("csv", verdict_of(rule_of(*DATES), rule_of(faults[-1])))

    assert text.startswith("\ufefftype,row,line,field,cell,message_fr,message_en,likely_cause\r\n")
    rows = list(csv.DictReader(text.lstrip("\ufeff").splitlines()))
    assert len(rows) == 4
    assert [rows[1][name] for name in ("type", "row", "line", "field", "cell", "likely_cause")] == [
        "type-error",
        "3",
        "5",
        "debut",
        "01/02/2024",
        "french_date",
    ]
    assert rows[3]["cell"] == "a↵b;c"
    assert rows[0]["message_fr"] == say_fault(DATES[0], "fr")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+1", "'-1+1"),
        ("  =1", "  '=1"),
        ("\t=1", "\t'=1"),
        ("＝1", "'＝1"),
        ("x;=1+1", "x;'=1+1"),  # a spreadsheet in French splits on semicolons
        ('"=1+1', "\"'=1+1"),
        ("-12.5", "-12.5"),  # a number is not a formula
        ("+33612345678", "+33612345678"),
        ("2.35,-48.85", "2.35,-48.85"),
        ("a=b-c@d", "a=b-c@d"),
    ],
)
def test_csv_cells_are_no_formulas(cell, safe):
    assert guard(cell) == safe


# JSON, privacy, and what holds for all


def test_json_tells_the_whole(written):
    verdict = verdict_of(rule_of(*DATES, count=1250), rows=2000, rejected=1250, notes=("Vu.",))
    body = json.loads(written("json", verdict, rejects="rejets.csv"))

    assert (body["rows"], body["valid_rows"], body["rejected_rows"]) == (2000, 750, 1250)
    assert body["counts"] == {"type-error": 1250}
    assert body["rejects"] == "rejets.csv"
    assert body["notes"] == ["Vu."]
    (rule,) = body["rules"]
    assert rule["likely_cause"] == "french_date"  # 2 of 3 examples
    assert rule["title"]["en"].startswith("Column “debut”: each value must be a date")
    assert rule["examples"][0]["suggestion"] == "2024-12-31"
    assert rule["examples"][2]["likely_cause"] == "text_for_missing"


SUFFIXES = ["html", "csv", "json", "md"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hidden_cells_are_nowhere(written, suffix):
    rules = (
        rule_of(type_fault("s3cret-a", "date", row=2, field="debut")),
        rule_of(constraint("seen-b", "maxLength", "3", row=3)),
        rule_of(check("s3cret-c", "extra-cell", row=4, field=None)),
        rule_of(constraint("s3cret-d", "maxLength", "3", row=4, field="champ")),  # row 4 has moved
        rule_of(check("s3cret-e", "swallowed-rows", row=5)),
        rule_of(Fault("extra-label", None, None, "s3cret-f", "s3cret-g")),
        rule_of(Fault("incorrect-label", 1, 1, "champ", "s3cret-h")),
        rule_of(type_fault("s3cret 31/12/2024", "date", row=6, field="debut")),
    )
    text = written(suffix, verdict_of(*rules), public_fields=frozenset({"champ", "nom"}))

    hidden = re.findall("s3cret-.|31/12/2024", text)
    # A title under a field that is public is the cell of a public field.
    assert hidden == re.findall("s3cret-h", text)
    assert "seen-b" in text
    assert HIDDEN in text


def test_every_cell_is_hidden_after_the_last_error_kept():
    from flows.steps.validate.telling.report_facts import gather_facts

    late = constraint("voisin", "maxLength", "3", row=90)
    cut = check("x", "extra-cell", row=5, field=None)
    rules = (rule_of(cut, count=40), rule_of(late))
    verdict = Verdict("f.csv", 100, 41, rules, (cut,))  # 39 faults of that kind were not kept

    facts = gather_facts(verdict, SCHEMA, frozenset({"champ"}), None)
    assert facts.findings[1].samples[0].hidden
    assert not gather_facts(verdict, SCHEMA, None, None).findings[1].samples[0].hidden


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_verdict_gives_the_same_bytes(written, suffix):
    verdict = verdict_of(rule_of(*DATES), notes=("Vu.",))

    assert written(suffix, verdict) == written(suffix, verdict)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_long_cells_and_broken_bytes_are_written(written, suffix):
    long = constraint("z" * 1_000_000, "maxLength", "3")
    broken = constraint("caf\udce9", "maxLength", "3")

    assert len(written(suffix, verdict_of(rule_of(long), rule_of(broken)))) < 20_000


def test_the_format_of_the_schema_is_what_is_expected(written):
    fields = [
        {"name": "debut", "type": "date", "format": "%d/%m/%Y"},
        {"name": "champ", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
        {"name": "nom", "type": "number", "decimalChar": ","},
    ]
    faults = (
        type_fault("2024-12-31", "date", field="debut"),
        type_fault("true", "boolean"),
        type_fault("35 €", "number", field="nom"),
    )
    verdict = verdict_of(*map(rule_of, faults))
    rules = json.loads(written("json", verdict, schema={"fields": fields}))["rules"]

    assert [rule["expected"] for rule in rules] == ["date/%d/%m/%Y", "boolean/oui|non", "number/,"]
    assert [rule["examples"][0]["suggestion"] for rule in rules] == ["31/12/2024", "oui", "35"]


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(MachineError, match=r"end it in \.html, \.csv, \.json, \.md"):
        write_report(tmp_path / "rapport.pdf", verdict_of(), SCHEMA)


# What has changed since the file before

DRIFT = [
    Words("nouvelle colonne « <b>x</b> »", "new column <b>x</b>"),
    Words("nombre de lignes : 2 → 9", "number of rows: 2 → 9"),
]


@pytest.mark.parametrize("rules", [(), (rule_of(*DATES),)], ids=["valid", "invalid"])
def test_drift_stands_in_both_languages(written, rules):
    verdict = verdict_of(*rules, rejected=4 if rules else 0)
    page, text = (written(suffix, verdict, drift=DRIFT) for suffix in ("html", "md"))
    for language in ("fr", "en"):
        told = f'id="{language}-drift">{REPORT[language]["drift"]}</h3>'
        assert page.count(told) == text.count(f"## {REPORT[language]['drift']}\n") == 1
        assert page.count(REPORT[language]["drift_text"]) == 1
    assert page.count("<li>nombre de lignes : 2 → 9</li>") == 1
    assert page.count("<li>new column &lt;b&gt;x&lt;/b&gt;</li>") == 1
    assert "- number of rows: 2 → 9\n" in text
    assert "- new column \\<b\\>x\\</b\\>\n" in text
    told = json.loads(written("json", verdict, drift=DRIFT))["drift"]
    assert told == [{"fr": each.fr, "en": each.en} for each in DRIFT]


@pytest.mark.parametrize("suffix", ["html", "md", "json", "csv"])
def test_without_drift_nothing_is_told_of_it(written, suffix):
    verdict = verdict_of(rule_of(*DATES))
    bare = written(suffix, verdict)
    assert "drift" not in bare
    assert REPORT["fr"]["drift"] not in bare
    assert written(suffix, verdict, drift=[]) == bare
    changed = written(suffix, verdict, drift=DRIFT)
    assert changed == written(suffix, verdict, drift=DRIFT)
    # The lines of the CSV are errors, and a change is none.
    assert (changed == bare) == (suffix == "csv")
