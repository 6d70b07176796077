"""Causes: why a code is not on a map, each with the sentence that people read, in both languages.

The keys are stable: they stand in what the commands print as JSON. `{meant}` is the code that is
meant or that the commune has become, `{year}` the first map without it, or with it.
"""

from flows.handover import Words

CAUSES: dict[str, Words] = {
    "empty": Words("cellule vide", "empty cell"),
    "surrounding_blanks": Words(
        "espaces autour du code ou dedans", "blanks around the code or within it"
    ),
    "lower_case": Words("lettre minuscule, comme 2a004", "small letter, as in 2a004"),
    "float_export": Words(
        "nombre décimal, comme 1004.0 : la colonne est passée par un tableur ou un logiciel"
        " de statistique",
        "decimal number, as in 1004.0: the column went through a spreadsheet or statistics tool",
    ),
    "lost_leading_zero": Words(
        "zéro initial perdu, comme 1004 pour 01004", "lost leading zero, as in 1004 for 01004"
    ),
    "six_characters": Words(
        "département et commune sur trois caractères chacun, comme 971101 pour 97101",
        "département and commune on three characters each, as in 971101 for 97101",
    ),
    "placeholder_code": Words(
        "code d’une commune inconnue, comme 35999", "code for an unknown commune, as in 35999"
    ),
    "municipal_arrondissement": Words(
        "arrondissement municipal de Paris, Lyon ou Marseille",
        "municipal arrondissement of Paris, Lyon or Marseille",
    ),
    "delegated_commune": Words(
        "commune déléguée d’une commune nouvelle", "delegated commune, part of another commune"
    ),
    "associated_commune": Words(
        "commune associée à une autre", "associated commune, part of another commune"
    ),
    "corsica_before_1976": Words(
        "code corse d’avant 1976, comme 20004 pour 2A004, ou lettre perdue",
        "code of Corsica before 1976, as in 20004 for 2A004, or its letter was lost",
    ),
    "mayotte_before_2011": Words(
        "code de Mayotte d’avant le département, comme 98511 pour 97611",
        "code of Mayotte before it was a département, as in 98511 for 97611",
    ),
    "guadeloupe_before_2007": Words(
        "Saint-Barthélemy ou Saint-Martin, communes de Guadeloupe jusqu’en 2007",
        "Saint-Barthélemy or Saint-Martin, communes of Guadeloupe until 2007",
    ),
    "vanished_commune": Words(
        "commune qui n’existait plus, ou sous un autre code",
        "commune that no longer was, or had another code",
    ),
    "commune_created_later": Words(
        "commune créée ou rétablie plus tard", "commune created or restored later"
    ),
    "postal_code": Words("code postal, et non code INSEE", "postal code, not an INSEE code"),
    "overseas_collectivity": Words(
        "collectivité d’outre-mer, hors de cette carte", "overseas collectivity, not on this map"
    ),
    "foreign_country": Words("pays étranger (99…)", "foreign country (99…)"),
    "departement_code": Words("code d’un département", "code of a département"),
    "epci_code": Words("SIREN d’une intercommunalité", "SIREN of an intermunicipality (EPCI)"),
    "unknown": Words("inconnu de toutes les cartes", "not known to any map"),
}

COLUMN_KINDS: dict[str, Words] = {
    "commune": Words("codes de communes", "codes of communes"),
    "postal_code": Words("codes postaux", "postal codes"),
    "epci_code": Words("codes d’intercommunalités", "codes of intermunicipalities (EPCI)"),
    "departement_code": Words("codes de départements", "codes of départements"),
}
