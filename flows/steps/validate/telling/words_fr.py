"""The sentences in French. Ordinary spaces stand for those that do not break: see `typeset`."""

from flows.steps.validate.telling.words_kinds import Kind, Words

KINDS = {
    "source-error": Kind(
        "le fichier ne peut pas être lu comme un tableau",
        "Le fichier doit pouvoir être lu comme un tableau",
        "un fichier CSV complet, avec les titres des colonnes sur la première ligne",
        "Ouvrez le fichier dans un tableur, vérifiez qu’il n’est ni vide ni coupé, puis"
        " enregistrez-le à nouveau au format CSV.",
    ),
    "encoding-error": Kind(
        "le fichier contient des caractères illisibles, car il n’est pas enregistré en UTF-8",
        "Le fichier doit être enregistré en UTF-8",
        "un fichier enregistré en UTF-8, pour que les accents se lisent partout",
        "Enregistrez à nouveau le fichier en choisissant « CSV UTF-8 » dans votre tableur.",
    ),
    "blank-header": Kind(
        "la ligne des titres de colonnes est vide",
        "La première ligne doit donner les titres des colonnes",
        "une première ligne qui porte les titres des colonnes",
        "Ajoutez les titres des colonnes sur la première ligne du fichier.",
    ),
    "unmatched-header": Kind(
        "aucun titre de colonne ne figure dans le schéma",
        "Les titres des colonnes doivent être ceux du schéma",
        "une première ligne qui porte les titres des colonnes du schéma",
        "Vérifiez que la première ligne porte bien les titres des colonnes, et que le fichier est"
        " comparé au bon schéma.",
    ),
    "blank-label": Kind(
        "une colonne n’a pas de titre",
        "Chaque colonne doit avoir un titre",
        "un titre pour chaque colonne",
        "Donnez un titre à la colonne, ou supprimez-la si elle est vide.",
    ),
    "duplicate-label": Kind(
        "ce titre est donné à plusieurs colonnes",
        "Chaque titre de colonne ne doit servir qu’une fois",
        "des titres de colonnes tous différents",
        "Supprimez la colonne en double, ou changez son titre.",
    ),
    "extra-label": Kind(
        "cette colonne n’est pas prévue par le schéma",
        "Le fichier ne doit contenir que les colonnes du schéma",
        "uniquement les colonnes du schéma",
        "Supprimez cette colonne ; si son titre est mal écrit, reprenez celui du schéma.",
    ),
    "missing-label": Kind(
        "cette colonne, prévue par le schéma, est absente du fichier",
        "Le fichier doit contenir toutes les colonnes demandées par le schéma",
        "une colonne qui porte ce titre",
        "Ajoutez cette colonne ; si elle existe sous un autre titre, reprenez celui du schéma.",
    ),
    "incorrect-label": Kind(
        "{value} n’est pas le titre que le schéma prévoit à cette place",
        "Les titres des colonnes doivent être ceux du schéma, dans le même ordre",
        "les titres du schéma, écrits de la même façon et dans le même ordre",
        "Reprenez les titres du schéma, avec les mêmes majuscules et dans le même ordre.",
    ),
    "blank-row": Kind(
        "la ligne est entièrement vide",
        "Aucune ligne ne doit être vide",
        "des lignes remplies, sans ligne vide entre elles ni à la fin",
        "Supprimez les lignes vides.",
    ),
    "extra-cell": Kind(
        "la ligne contient plus de cellules qu’il n’y a de titres de colonnes",
        "Chaque ligne doit avoir autant de cellules qu’il y a de colonnes",
        "autant de cellules que de titres de colonnes",
        "Cherchez un séparateur en trop sur cette ligne ; un texte qui contient le séparateur doit"
        ' être entouré de guillemets droits (").',
    ),
    "missing-cell": Kind(
        "la ligne s’arrête avant cette colonne",
        "Chaque ligne doit avoir autant de cellules qu’il y a de colonnes",
        "autant de cellules que de titres de colonnes",
        "Complétez la ligne ; laissez une cellule vide là où il n’y a rien à dire, sans retirer"
        " son séparateur.",
    ),
    "type-error": Kind(
        "{value} ne convient pas : la colonne attend {expected}",
        "Chaque valeur doit être {expected}",
        "{expected}",
        "Corrigez la valeur, ou laissez la cellule vide si l’information manque et que la colonne"
        " n’est pas obligatoire.",
    ),
    "constraint-error": Kind(
        "{value} ne respecte pas une règle du schéma",
        "Chaque valeur doit respecter les règles du schéma",
        "une valeur conforme au schéma",
        "Comparez la valeur à la description de la colonne dans le schéma, puis corrigez-la.",
    ),
    "required": Kind(
        "la cellule est vide, alors qu’une valeur est obligatoire",
        "Une valeur est obligatoire",
        "une valeur dans chaque ligne",
        "Remplissez la cellule. Si l’information n’existe pas, demandez aux auteurs du schéma"
        " comment le dire.",
    ),
    "minLength": Kind(
        "{value} est trop courte : il faut au moins {expected}",
        "Chaque valeur doit compter au moins {expected}",
        "au moins {expected}",
        "Complétez la valeur ; s’il s’agit d’un code, vérifiez que ses zéros de tête sont là.",
    ),
    "maxLength": Kind(
        "{value} est trop longue : il faut au plus {expected}",
        "Chaque valeur doit compter au plus {expected}",
        "au plus {expected}",
        "Raccourcissez la valeur ; cherchez aussi des espaces en trop.",
    ),
    "minimum": Kind(
        "{value} est trop petite : le minimum est {expected}",
        "Chaque valeur doit être au moins égale à {expected}",
        "{expected} ou plus",
        "Vérifiez la valeur : son signe, son unité, sa virgule.",
    ),
    "maximum": Kind(
        "{value} est trop grande : le maximum est {expected}",
        "Chaque valeur doit être au plus égale à {expected}",
        "{expected} ou moins",
        "Vérifiez la valeur : son unité, sa virgule, un chiffre en trop.",
    ),
    "exclusiveMinimum": Kind(
        "{value} est trop petite : il faut plus que {expected}",
        "Chaque valeur doit dépasser {expected}",
        "plus que {expected}",
        "Vérifiez la valeur : son signe, son unité, sa virgule.",
    ),
    "exclusiveMaximum": Kind(
        "{value} est trop grande : il faut moins que {expected}",
        "Chaque valeur doit rester inférieure à {expected}",
        "moins que {expected}",
        "Vérifiez la valeur : son unité, sa virgule, un chiffre en trop.",
    ),
    "pattern": Kind(
        "{value} n’a pas la forme prévue : {expected}",
        "Chaque valeur doit avoir la forme prévue",
        "{expected}",
        "Récrivez la valeur sous la forme prévue : mêmes chiffres, mêmes lettres, mêmes"
        " séparateurs, sans espace en trop.",
    ),
    "enum": Kind(
        "{value} ne figure pas dans la liste prévue : {expected}",
        "Chaque valeur doit venir de la liste prévue",
        "l’une de ces valeurs : {expected}",
        "Choisissez une valeur de la liste et copiez-la telle quelle, avec ses majuscules et ses"
        " accents.",
    ),
    "unique-error": Kind(
        "{value} figure déjà dans une autre ligne, alors qu’elle doit être unique",
        "Chaque valeur ne doit figurer qu’une fois dans la colonne",
        "une valeur différente à chaque ligne",
        "Supprimez la ligne en double, ou corrigez celle des deux valeurs qui est fausse.",
    ),
    "primary-key": Kind(
        "l’identifiant de la ligne est vide, ou figure déjà dans une autre ligne",
        "Chaque ligne doit avoir son propre identifiant",
        "un identifiant rempli, et différent à chaque ligne",
        "Supprimez la ligne en double, ou corrigez son identifiant.",
    ),
    "foreign-key": Kind(
        "{value} ne se retrouve pas dans la liste à laquelle cette colonne renvoie",
        "Chaque valeur doit se retrouver dans la liste à laquelle la colonne renvoie",
        "une valeur qui existe dans la liste de référence",
        "Corrigez la valeur, ou ajoutez-la d’abord à la liste de référence.",
    ),
    "swallowed-rows": Kind(
        "un guillemet n’est pas refermé, et les lignes suivantes ont été lues comme une seule"
        " cellule",
        "Chaque guillemet ouvert doit être refermé",
        'des guillemets droits (") par paires autour d’un texte',
        "Refermez le guillemet sur cette ligne, ou supprimez-le. Un guillemet qui fait partie du"
        ' texte s’écrit deux fois ("").',
    ),
    "french-siren-value": Kind(
        "{value} n’est pas un numéro Siren valable",
        "Chaque valeur doit être un numéro Siren valable",
        "un numéro Siren : 9 chiffres sans espace, le dernier servant de contrôle",
        "Recopiez le numéro depuis l’Annuaire des entreprises, dans une colonne au format texte.",
    ),
    "french-siret-value": Kind(
        "{value} n’est pas un numéro Siret valable",
        "Chaque valeur doit être un numéro Siret valable",
        "un numéro Siret : 14 chiffres sans espace, le dernier servant de contrôle",
        "Recopiez le numéro depuis l’Annuaire des entreprises, dans une colonne au format texte.",
    ),
    "french-gps-coordinates": Kind(
        "{value} ne désigne pas un lieu situé en France",
        "Chaque position doit se trouver en France",
        "la longitude puis la latitude, en degrés, d’un lieu situé en France",
        "Vérifiez que la longitude vient avant la latitude, et que chacune a un point comme"
        " séparateur décimal.",
    ),
    "reversed-french-gps-coordinates": Kind(
        "{value} donne la latitude avant la longitude",
        "La longitude doit venir avant la latitude",
        "la longitude puis la latitude, en degrés",
        "Échangez les deux nombres : la longitude vient en premier.",
    ),
    "nomenclature-actes-value": Kind(
        "{value} ne suit pas la nomenclature des actes",
        "Chaque valeur doit suivre la nomenclature des actes",
        "une matière de la nomenclature des actes, une barre oblique sans espace, puis le détail"
        " (par exemple Finances locales/Subventions)",
        "Reprenez le nom de la matière dans la nomenclature, et retirez les espaces autour de la"
        " barre oblique.",
    ),
    "opening-hours-value": Kind(
        "{value} n’est pas écrite comme un horaire d’ouverture",
        "Chaque horaire d’ouverture doit suivre l’écriture d’OpenStreetMap",
        "des horaires écrits comme dans OpenStreetMap (par exemple Mo-Fr 09:00-17:00)",
        "Écrivez les jours en anglais abrégé (Mo, Tu, We, Th, Fr, Sa, Su) et les heures sous la"
        " forme 09:00-17:00.",
    ),
    "one-of-required": Kind(
        "au moins une des colonnes liées doit être remplie, et toutes sont vides",
        "Au moins une des colonnes liées doit être remplie",
        "une valeur dans au moins une de ces colonnes",
        "Remplissez au moins une de ces colonnes sur la ligne.",
    ),
    "compare-columns-value": Kind(
        "deux valeurs de la ligne sont incohérentes entre elles",
        "Deux colonnes doivent rester dans l’ordre prévu",
        "deux valeurs dans l’ordre prévu par le schéma (par exemple une fin après un début)",
        "Comparez les deux valeurs sur la ligne, et corrigez celle qui est fausse.",
    ),
    "cohesive-columns-value": Kind(
        "les colonnes liées doivent être toutes remplies ou toutes vides",
        "Les colonnes liées doivent être toutes remplies ou toutes vides",
        "toutes les colonnes liées remplies, ou toutes vides",
        "Complétez les colonnes liées sur la ligne, ou videz-les toutes.",
    ),
    "year-interval-value": Kind(
        "{value} n’est ni une année, ni une période valable",
        "Chaque valeur doit être une année ou une période",
        "une année (2024), ou deux années dont la première est la plus ancienne (2023/2024)",
        "Écrivez chaque année avec quatre chiffres, et une barre oblique entre deux années.",
    ),
    "sum-columns-value": Kind(
        "{value} n’est pas la somme des colonnes liées",
        "Le total doit être la somme des colonnes liées",
        "la somme exacte des colonnes liées",
        "Refaites l’addition sur la ligne, et corrigez le total ou l’un des montants.",
    ),
    "phone-number-value": Kind(
        "{value} n’est pas un numéro de téléphone valable",
        "Chaque valeur doit être un numéro de téléphone valable",
        "un numéro de téléphone complet (par exemple 01 23 45 67 89 ou +33 1 23 45 67 89)",
        "Complétez le numéro et n’en donnez qu’un par cellule ; gardez son zéro de tête.",
    ),
    "other": Kind(
        "{value} ne respecte pas une règle du schéma",
        "Une règle du schéma n’est pas respectée",
        "une valeur conforme au schéma",
        "Comparez la valeur à la description de la colonne dans le schéma, puis corrigez-la.",
    ),
}
TYPES = {
    "any": "une valeur",
    "string": "un texte",
    "string/email": "une adresse électronique (par exemple mairie@exemple.fr)",
    "string/uri": "une adresse complète (par exemple https://www.exemple.fr)",
    "string/uuid": "un identifiant UUID (32 chiffres ou lettres en cinq groupes)",
    "string/binary": "un contenu codé en base64",
    "integer": "un nombre entier, sans espace ni virgule (par exemple 1250)",
    "number": "un nombre, avec un point comme séparateur décimal (par exemple 12.5)",
    "number/,": "un nombre, avec une virgule comme séparateur décimal (par exemple 12,5)",
    "boolean": "true (vrai) ou false (faux)",
    "boolean/": "{form}",
    "date": "une date écrite AAAA-MM-JJ (par exemple 2024-12-31)",
    "date/any": "une date (par exemple 2024-12-31)",
    "date/": "une date écrite {form}",
    "time": "une heure écrite HH:MM:SS (par exemple 09:30:00)",
    "time/any": "une heure (par exemple 09:30)",
    "time/": "une heure écrite {form}",
    "datetime": "une date et une heure (par exemple 2024-12-31T09:30:00Z)",
    "datetime/any": "une date et une heure (par exemple 2024-12-31T09:30:00)",
    "datetime/": "une date et une heure écrites {form}",
    "year": "une année à quatre chiffres (par exemple 2024)",
    "yearmonth": "une année et un mois (par exemple 2024-12)",
    "duration": "une durée selon la norme ISO 8601 (par exemple P1D pour un jour)",
    "geopoint": "la longitude, une virgule, puis la latitude (par exemple 2.35,48.85)",
    "geopoint/array": "la longitude et la latitude entre crochets (par exemple [2.35,48.85])",
    "geopoint/object": 'une position (par exemple {{"lon": 2.35, "lat": 48.85}})',
    "geojson": "un objet GeoJSON",
    "object": "un objet JSON, entre accolades",
    "array": "une liste JSON, entre crochets (par exemple [1, 2])",
    "list": "une liste de valeurs séparées par des virgules",
    "other": "une valeur du type {name}",
}
PATTERNS = {
    "digits": "exactement {n} chiffres",
    "commune": "un code de commune de l’Insee, en 5 caractères (par exemple 01004 ou 2A004)",
    "other": "celle que décrit l’expression {pattern}",
}
CAUSES = {
    "lost_leading_zero": (
        "Le zéro de tête a disparu, comme lorsqu’un tableur prend un code pour un nombre.",
        "Mettez la colonne au format texte dans le tableur, remettez le zéro, puis exportez.",
    ),
    "decimal_comma": (
        "Le nombre est écrit avec une virgule décimale.",
        "Remplacez la virgule par un point dans toute la colonne.",
    ),
    "thousands_separator": (
        "Les milliers sont séparés par un espace ou un point.",
        "Choisissez dans le tableur un format de nombre sans séparateur de milliers.",
    ),
    "percent_or_unit": (
        "Une unité ou un signe suit le nombre.",
        "Retirez l’unité : seul le nombre reste dans la cellule.",
    ),
    "excel_decimal": (
        "Un tableur ou un logiciel a ajouté « .0 » à un nombre entier.",
        "Mettez la colonne au format texte, ou sans décimale, puis retirez le « .0 ».",
    ),
    "scientific_notation": (
        "Le tableur a abrégé un long numéro : des chiffres sont perdus.",
        "Reprenez le numéro d’origine dans une colonne au format texte : il ne peut pas être"
        " retrouvé à partir de cette cellule.",
    ),
    "french_date": (
        "La date est écrite à la française, le jour en premier.",
        "Choisissez dans le tableur le format de date prévu, puis exportez à nouveau.",
    ),
    "us_date": (
        "La date est écrite à l’américaine, le mois en premier.",
        "Choisissez dans le tableur le format de date prévu, puis exportez à nouveau.",
    ),
    "iso_date": (
        "La date est écrite avec l’année en premier.",
        "Choisissez dans le tableur le format de date prévu, puis exportez à nouveau.",
    ),
    "date_in_words": (
        "Le mois est écrit en toutes lettres.",
        "Choisissez dans le tableur le format de date prévu, puis exportez à nouveau.",
    ),
    "compact_date": (
        "La date est écrite sans séparateur.",
        "Séparez l’année, le mois et le jour comme prévu.",
    ),
    "day_month_swapped": (
        "Le jour et le mois semblent inversés.",
        "Échangez le jour et le mois, et vérifiez le reste de la colonne : quand le jour ne"
        " dépasse pas 12, l’erreur ne se voit pas.",
    ),
    "time_after_date": (
        "Une heure suit la date.",
        "Retirez l’heure : seule la date est attendue.",
    ),
    "partial_date": (
        "La date est incomplète.",
        "Complétez la date avec le mois et le jour.",
    ),
    "impossible_date": (
        "Ce jour n’existe pas dans le calendrier.",
        "Vérifiez le jour et le mois dans le document d’origine.",
    ),
    "excel_date_number": (
        "Le tableur a exporté le numéro de série de la date au lieu de la date.",
        "Mettez la colonne au format date dans le tableur, puis exportez à nouveau.",
    ),
    "trailing_space": (
        "Des espaces se trouvent avant ou après la valeur.",
        "Retirez ces espaces ; la fonction SUPPRESPACE d’un tableur le fait pour toute la colonne.",
    ),
    "spaces_inside": (
        "Des espaces ou des signes séparent les chiffres.",
        "Retirez ces espaces et ces signes.",
    ),
    "wrong_encoding": (
        "Les accents ont été abîmés : le fichier a été ouvert ou enregistré dans un autre codage"
        " que l’UTF-8.",
        "Repartez du fichier d’origine, et enregistrez-le en choisissant « CSV UTF-8 ».",
    ),
    "case_or_accent": (
        "La valeur ne diffère d’une valeur prévue que par les majuscules, les accents, les"
        " espaces ou les tirets.",
        "Copiez la valeur telle qu’elle est écrite dans la liste.",
    ),
    "text_for_missing": (
        "La cellule contient un mot ou un signe pour dire que l’information manque.",
        "Laissez la cellule vide lorsque l’information manque et que la colonne n’est pas"
        " obligatoire.",
    ),
    "boolean_words": (
        "La réponse est écrite en toutes lettres, ou avec un autre signe que celui qui est prévu.",
        "Remplacez chaque réponse par celle que prévoit le schéma.",
    ),
    "spreadsheet_error": (
        "La cellule contient un message d’erreur du tableur.",
        "Corrigez la formule dans le tableur, puis exportez à nouveau.",
    ),
    "missing_https": (
        "L’adresse ne commence pas par https:// ou http://.",
        "Ajoutez https:// devant l’adresse, et vérifiez qu’elle s’ouvre.",
    ),
    "coordinates_swapped": (
        "La latitude et la longitude semblent inversées.",
        "Échangez les deux nombres : la longitude vient en premier.",
    ),
}
LABELS = {
    "row": "Ligne {row}",
    "row_and_line": "Ligne {row} du tableau (ligne {line} du fichier texte)",
    "line": "Ligne {line} du fichier texte",
    "field": "colonne {field}",
    "header": "Titres des colonnes",
    "value": "la valeur {cell}",
    "unseen": "la valeur",
    "empty": "la cellule vide",
    "more": "et {n} autres",
    "character": "{n} caractère",
    "characters": "{n} caractères",
    "or": " ou ",
    "Y": "AAAA",
    "y": "AA",
    "m": "MM",
    "d": "JJ",
}
WORDS = Words(KINDS, TYPES, CAUSES, PATTERNS, LABELS)
