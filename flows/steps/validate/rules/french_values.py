"""French values: what a SIRET, a year interval or a telephone number is, in SQL where SQL can.

Each constant is a template of DuckDB SQL on one text, {0}: false where it is wrong, true or NULL
where it is right or missing. Each function is a predicate, or makes one or a template. What they
accept follows Validata, the validator of schema.data.gouv.fr (validata-table 0.12.5), which takes
SIREN and SIRET from frformat.
"""

from collections.abc import Callable
from itertools import permutations

# The spellings of a digit, a space and a dot that frformat forgives (python-stdnum 1.20 maps them
# to ASCII, then drops spaces and dots wherever they stand, and other blanks at both ends).
_DIGITS = "0123456789"
_OTHER_DIGITS = "".join(
    chr(zero + digit)
    for zero in (0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)  # full width, then bold...
    for digit in range(10)
)
_SPACES = " \u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_DOTS = (
    ".\u00b7\u0387\u06d4\u3002\u0701\u0702\u0830\u0f0b\u0f0c\u16eb\u2022\u2024\u2027\u2e31\u2e33"
    "\u30fb\ufe52\uff0e\uff65\U00010101\U0001091f\U00010a50\u02d9\ufbb2\ufbb3\u2219\u22c5"
)
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"


def _parse_digits(length: int) -> str:
    """The digits of {0} as nibbles of a BIGINT (0x356 for '356'), or NULL: not that many digits."""
    plain = "replace({0}, ' ', '')"  # cheap, and enough for nearly every cell
    ascii_only = f"replace({plain}, '.', '')"
    ascii_too = f"translate({plain}, '{_OTHER_DIGITS}{_SPACES}{_DOTS}', '{_DIGITS * 6}')"  # slow
    clean = f"case when strlen({{0}}) > length({{0}}) then {ascii_too} else {ascii_only} end"
    digits = f"[0-9]{{{{{length}}}}}"
    return (
        f"try_cast('0x' || case when regexp_full_match({plain}, '{digits}') then {plain}"
        f" else regexp_extract(trim({clean}, '{_BLANKS}'), '^{digits}$') end as bigint)"
    )


# A byte of *h* holds two digits. Luhn doubles the upper one, and takes 9 off from 10 on: it adds
# 2d, and 1 more (modulo 10) where d is 5 or more. A remainder by 255 is the sum of the bytes.
_LOWER = f"({{h}} & {0x0F0F0F0F0F0F0F})"
_UPPER = f"({{h}} >> 4 & {0x0F0F0F0F0F0F0F})"
_FROM_FIVE = f"({_UPPER} + {0x0B0B0B0B0B0B0B} >> 4 & {0x01010101010101})"
_LUHN = f"(({_LOWER} + 2 * {_UPPER} + {_FROM_FIVE}) % 255 % 10 = 0)"
_DIGIT_SUM = f"(({_LOWER} + {_UPPER}) % 255)"


def _hold(length: int, rule: str) -> str:
    """A template: {0} has *length* digits, and they, `h`, follow *rule*. The lambda binds once."""
    held = f"list_transform([{_parse_digits(length)}], lambda h: {rule})[1]"
    return f"({{0}} is null or coalesce({held}, false))"


SIREN = _hold(9, _LUHN.format(h="h"))
"""Nine digits whose Luhn key holds, as INSEE defines the SIREN. frformat's `Siren` agrees."""

SIRET = _hold(
    14,
    f"case when h >> 20 = {0x356000000} and h <> {0x35600000000048}"
    f" then {_DIGIT_SUM.format(h='h')} % 5 = 0"
    f" else {_LUHN.format(h='h')} and {_LUHN.format(h='(h >> 20)')} end",
)
"""Fourteen digits whose Luhn key holds, and that of their SIREN too. frformat's `Siret` agrees.

La Poste (356000000) has more offices than the key allows: there the digits sum to a multiple of 5,
except at its head office, 35600000000048, which keeps the key. The source is python-stdnum 1.20,
which Validata and frformat call: an office of La Poste that follows Luhn alone is refused.
"""

# The nine headings of the nomenclature of acts (SCDL Délibérations), without accents or capitals.
_HEADINGS = (
    "commande publique",
    "urbanisme",
    "domaine et patrimoine",
    "fonction publique",
    "institutions et vie politique",
    "libertes publiques et pouvoirs de police",
    "finances locales",
    "domaines de competences par themes",
    "autres domaines de competences",
)
NOMENCLATURE_ACTE = (
    f"(strip_accents(lower(split_part({{0}}, '/', 1))) in {_HEADINGS}"
    " and contains({0}, '/') and not contains({0}, '/ '))"
)
"""A heading, a slash without spaces around it, and anything. As Validata, which wants the slash;
frformat 0.5.0 takes `Urbanisme!` for valid, since it drops the last letter where none is.
"""

YEAR_INTERVAL = "(regexp_full_match({0}, '[0-9]{{4}}/[0-9]{{4}}') and left({0}, 4) < right({0}, 4))"
YEAR = "regexp_full_match({0}, '[0-9]{{4}}')"


def place_in_france() -> tuple[str, str]:
    """Two templates for a geopoint: it is in France, and it is once turned round.

    The bounds are frformat's, rectangles around metropolitan France and five overseas départements,
    their edges left out. {0} has one of the spellings of Table Schema: `lon, lat`, `[lon, lat]` or
    an object. One that cannot be read gives NULL: it is the fault of its type.
    """
    from frformat.formats.coordonnees_gps_francaises import POLYGONS

    boxes = [polygon.bounds for polygon in POLYGONS]
    here, turned = (
        " or ".join(
            f"p[{x}] > {west} and p[{y}] > {south} and p[{x}] < {east} and p[{y}] < {north}"
            for west, south, east, north in boxes
        )
        for x, y in permutations((1, 2))
    )
    point = f"[{_coordinate('lon', 1)}, {_coordinate('lat', 2)}]"
    known = f"case when list_count({point}) = 2 then {point} end"
    in_france, reversed_in_france = (
        f"list_transform([{known}], lambda p: {place})[1]" for place in (here, turned)
    )
    return in_france, reversed_in_france


def _coordinate(key: str, rank: int) -> str:
    pair = f"try_cast(split_part(translate({{0}}, '[]\"', ''), ',', {rank}) as double)"
    number = f"""regexp_extract({{0}}, '"{key}"\\s*:\\s*"?([-+.0-9eE]+)', 1)"""
    return f"coalesce({pair}, try_cast({number} as double))"


def compare(operator: str) -> str:
    """A template: {0} *operator* {1}, by number, by date, by time, else by letter.

    A number beside what is none is an error, as Validata says. Numbers have a point, and dates are
    ISO 8601: other spellings compare by letter.
    """
    number, other = (f"try_cast({{{n}}} as double)" for n in (0, 1))
    by_kind = {
        kind: f"try_cast({{0}} as {kind}) {operator} try_cast({{1}} as {kind})"
        for kind in ("double", "decimal(38, 12)", "timestamptz", "time")
    }
    # Two numbers that are one double may be two decimals, and casting to these is slow.
    return (
        "case when {0} is null or {1} is null then null"
        f" when ({number} is null) <> ({other} is null) then false"
        f" when {number} <> {other} then {by_kind['double']}"
        f" when {number} = {other} then coalesce({by_kind['decimal(38, 12)']}, {by_kind['double']})"
        f" else coalesce({by_kind['timestamptz']}, {by_kind['time']}, {{0}} {operator} {{1}}) end"
    )


def add_up(terms: int) -> str:
    """A template: {0} is the sum of {1} to {*terms*}. NULL where one is missing or no number."""
    places = range(terms + 1)
    short = " and ".join(f"regexp_full_match({{{n}}}, '{_SHORT_NUMBER}')" for n in places)
    # The wide decimals are slow. They leave room for a hundred terms to add up.
    return f"case when {short} then {_add(places, 18, 4)} else {_add(places, 36, 12)} end"


_SHORT_NUMBER = "[-+]?[0-9]{{1,12}}([.][0-9]{{1,4}})?"


def _add(places: range, width: int, scale: int) -> str:
    total, *numbers = (f"try_cast({{{n}}} as decimal({width}, {scale}))" for n in places)
    return f"{total} = {' + '.join(numbers)}"


def is_phone_number(text: str) -> bool:
    """Whether *text* is a French or international number, or a French short one (115, 3949)."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or phonenumbers.is_valid_short_number(number)


def is_opening_hours(text: str) -> bool:
    """Whether *text* is an `opening_hours` of OpenStreetMap, such as `Mo-Fr 09:00-18:00`."""
    import opening_hours

    return bool(opening_hours.validate(text))


def listed(format_name: str, version: object) -> Callable[[str], bool]:
    """Whether a text is in one of frformat's lists, letter for letter.

    A list of the Code officiel géographique has a version a year, the last being `latest`;
    ValueError when frformat has not that version.
    """
    import frformat
    from frformat.set_format import VersionedSetFormat

    kind = getattr(frformat, format_name)
    if not issubclass(kind, VersionedSetFormat):
        return kind().is_valid  # type: ignore[no-any-return]
    return kind(str(version)).is_valid  # type: ignore[no-any-return]
