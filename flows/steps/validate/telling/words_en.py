"""The sentences in English; the keys are those of `words_fr`."""

from flows.steps.validate.telling.words_kinds import Kind, Words

KINDS = {
    "source-error": Kind(
        "the file cannot be read as a table",
        "The file must be readable as a table",
        "a whole CSV file, with the column titles on its first line",
        "Open the file in a spreadsheet, check that it is neither empty nor cut, then save it"
        " again as CSV.",
    ),
    "encoding-error": Kind(
        "the file holds unreadable characters, because it is not saved as UTF-8",
        "The file must be saved as UTF-8",
        "a file saved as UTF-8, so that accents can be read everywhere",
        "Save the file again, choosing “CSV UTF-8” in your spreadsheet.",
    ),
    "blank-header": Kind(
        "the line of column titles is empty",
        "The first line must give the column titles",
        "a first line with the column titles",
        "Add the column titles on the first line of the file.",
    ),
    "unmatched-header": Kind(
        "no column title is in the schema",
        "The column titles must be those of the schema",
        "a first line with the column titles of the schema",
        "Check that the first line holds the column titles, and that the file is compared with"
        " the right schema.",
    ),
    "blank-label": Kind(
        "a column has no title",
        "Each column must have a title",
        "a title for each column",
        "Give the column a title, or remove it if it is empty.",
    ),
    "duplicate-label": Kind(
        "this title is given to several columns",
        "Each column title must be used only once",
        "column titles that all differ",
        "Remove the second column, or change its title.",
    ),
    "extra-label": Kind(
        "this column is not in the schema",
        "The file must hold only the columns of the schema",
        "only the columns of the schema",
        "Remove this column; if its title is misspelt, use that of the schema.",
    ),
    "missing-label": Kind(
        "this column is in the schema but not in the file",
        "The file must hold all the columns that the schema asks for",
        "a column with this title",
        "Add this column; if it is there under another title, use that of the schema.",
    ),
    "incorrect-label": Kind(
        "{value} is not the title that the schema has in this place",
        "The column titles must be those of the schema, in the same order",
        "the titles of the schema, spelt the same way and in the same order",
        "Use the titles of the schema, with the same capitals and in the same order.",
    ),
    "blank-row": Kind(
        "the row is entirely empty",
        "No row may be empty",
        "filled rows, with no empty row between them or at the end",
        "Remove the empty rows.",
    ),
    "extra-cell": Kind(
        "the row has more cells than there are column titles",
        "Each row must have as many cells as there are columns",
        "as many cells as column titles",
        "Look for one separator too many in this row; a text that holds the separator must stand"
        ' between straight quotes (").',
    ),
    "missing-cell": Kind(
        "the row ends before this column",
        "Each row must have as many cells as there are columns",
        "as many cells as column titles",
        "Complete the row; leave a cell empty where there is nothing to say, and keep its"
        " separator.",
    ),
    "type-error": Kind(
        "{value} does not fit: the column takes {expected}",
        "Each value must be {expected}",
        "{expected}",
        "Correct the value, or leave the cell empty if the information is missing and the column"
        " is not mandatory.",
    ),
    "constraint-error": Kind(
        "{value} breaks a rule of the schema",
        "Each value must follow the rules of the schema",
        "a value that follows the schema",
        "Compare the value with the description of the column in the schema, then correct it.",
    ),
    "required": Kind(
        "the cell is empty, but a value is mandatory",
        "A value is mandatory",
        "a value in each row",
        "Fill in the cell. If the information does not exist, ask the authors of the schema how"
        " to say so.",
    ),
    "minLength": Kind(
        "{value} is too short: it must have at least {expected}",
        "Each value must have at least {expected}",
        "at least {expected}",
        "Complete the value; if it is a code, check that its leading zeros are there.",
    ),
    "maxLength": Kind(
        "{value} is too long: it must have at most {expected}",
        "Each value must have at most {expected}",
        "at most {expected}",
        "Shorten the value; also look for needless spaces.",
    ),
    "minimum": Kind(
        "{value} is too small: the minimum is {expected}",
        "Each value must be at least {expected}",
        "{expected} or more",
        "Check the value: its sign, its unit, its decimal point.",
    ),
    "maximum": Kind(
        "{value} is too large: the maximum is {expected}",
        "Each value must be at most {expected}",
        "{expected} or less",
        "Check the value: its unit, its decimal point, one digit too many.",
    ),
    "exclusiveMinimum": Kind(
        "{value} is too small: it must be more than {expected}",
        "Each value must be more than {expected}",
        "more than {expected}",
        "Check the value: its sign, its unit, its decimal point.",
    ),
    "exclusiveMaximum": Kind(
        "{value} is too large: it must be less than {expected}",
        "Each value must be less than {expected}",
        "less than {expected}",
        "Check the value: its unit, its decimal point, one digit too many.",
    ),
    "pattern": Kind(
        "{value} does not have the right form: {expected}",
        "Each value must have the right form",
        "{expected}",
        "Write the value in the right form: same digits, same letters, same separators, no"
        " needless space.",
    ),
    "enum": Kind(
        "{value} is not in the list of allowed values: {expected}",
        "Each value must come from the list of allowed values",
        "one of these values: {expected}",
        "Choose a value from the list and copy it as it stands, with its capitals and accents.",
    ),
    "unique-error": Kind(
        "{value} is already in another row, but it must be unique",
        "Each value may stand only once in the column",
        "a different value in each row",
        "Remove the repeated row, or correct whichever of the two values is wrong.",
    ),
    "primary-key": Kind(
        "the identifier of the row is empty, or is already in another row",
        "Each row must have an identifier of its own",
        "an identifier that is filled in and differs from row to row",
        "Remove the repeated row, or correct its identifier.",
    ),
    "foreign-key": Kind(
        "{value} is not in the list that this column refers to",
        "Each value must be in the list that the column refers to",
        "a value that exists in the list of reference",
        "Correct the value, or add it first to the list of reference.",
    ),
    "swallowed-rows": Kind(
        "a quotation mark is not closed, and the rows after it were read as a single cell",
        "Each quotation mark that opens must close",
        'straight quotes (") in pairs around a text',
        "Close the quotation mark in this row, or remove it. A quotation mark that is part of the"
        ' text is written twice ("").',
    ),
    "french-siren-value": Kind(
        "{value} is not a valid Siren number",
        "Each value must be a valid Siren number",
        "a Siren number: 9 digits without a space, the last one being a check digit",
        "Copy the number from the French register of firms (Annuaire des entreprises) into a"
        " column formatted as text.",
    ),
    "french-siret-value": Kind(
        "{value} is not a valid Siret number",
        "Each value must be a valid Siret number",
        "a Siret number: 14 digits without a space, the last one being a check digit",
        "Copy the number from the French register of firms (Annuaire des entreprises) into a"
        " column formatted as text.",
    ),
    "french-gps-coordinates": Kind(
        "{value} is not a place in France",
        "Each position must be in France",
        "the longitude, then the latitude, in degrees, of a place in France",
        "Check that the longitude comes before the latitude, and that both have a decimal point.",
    ),
    "reversed-french-gps-coordinates": Kind(
        "{value} gives the latitude before the longitude",
        "The longitude must come before the latitude",
        "the longitude, then the latitude, in degrees",
        "Swap the two numbers: the longitude comes first.",
    ),
    "nomenclature-actes-value": Kind(
        "{value} does not follow the French nomenclature of public acts",
        "Each value must follow the French nomenclature of public acts",
        "a subject of the nomenclature, a slash without a space, then the detail (for example"
        " Finances locales/Subventions)",
        "Use the subject's name in the nomenclature, and remove the spaces around the slash.",
    ),
    "opening-hours-value": Kind(
        "{value} is not written as opening hours",
        "Opening hours must be written as in OpenStreetMap",
        "hours written as in OpenStreetMap (for example Mo-Fr 09:00-17:00)",
        "Shorten the days (Mo, Tu, We, Th, Fr, Sa, Su) and write the hours as 09:00-17:00.",
    ),
    "one-of-required": Kind(
        "at least one of the linked columns must be filled in, and all are empty",
        "At least one of the linked columns must be filled in",
        "a value in at least one of these columns",
        "Fill in at least one of these columns in the row.",
    ),
    "compare-columns-value": Kind(
        "two values of the row contradict each other",
        "Two columns must stay in the order that the schema sets",
        "two values in the order that the schema sets (for example an end after a start)",
        "Compare the two values in the row, and correct the one that is wrong.",
    ),
    "cohesive-columns-value": Kind(
        "the linked columns must be all filled in or all empty",
        "The linked columns must be all filled in or all empty",
        "all the linked columns filled in, or all empty",
        "Complete the linked columns in the row, or empty them all.",
    ),
    "year-interval-value": Kind(
        "{value} is neither a year nor a valid period",
        "Each value must be a year or a period",
        "a year (2024), or two years, the earlier one first (2023/2024)",
        "Write each year with four digits, and a slash between two years.",
    ),
    "sum-columns-value": Kind(
        "{value} is not the sum of the linked columns",
        "The total must be the sum of the linked columns",
        "the exact sum of the linked columns",
        "Add the row up again, and correct the total or one of the amounts.",
    ),
    "phone-number-value": Kind(
        "{value} is not a valid telephone number",
        "Each value must be a valid telephone number",
        "a whole telephone number (for example 01 23 45 67 89 or +33 1 23 45 67 89)",
        "Complete the number and give only one a cell; keep its leading zero.",
    ),
    "other": Kind(
        "{value} breaks a rule of the schema",
        "A rule of the schema is broken",
        "a value that follows the schema",
        "Compare the value with the description of the column in the schema, then correct it.",
    ),
}
TYPES = {
    "any": "a value",
    "string": "a text",
    "string/email": "an e-mail address (for example mairie@exemple.fr)",
    "string/uri": "a full address (for example https://www.exemple.fr)",
    "string/uuid": "a UUID (32 digits or letters in five groups)",
    "string/binary": "a content encoded in base64",
    "integer": "a whole number, without space or comma (for example 1250)",
    "number": "a number with a decimal point (for example 12.5)",
    "number/,": "a number with a decimal comma (for example 12,5)",
    "boolean": "true or false",
    "boolean/": "{form}",
    "date": "a date written YYYY-MM-DD (for example 2024-12-31)",
    "date/any": "a date (for example 2024-12-31)",
    "date/": "a date written {form}",
    "time": "a time written HH:MM:SS (for example 09:30:00)",
    "time/any": "a time (for example 09:30)",
    "time/": "a time written {form}",
    "datetime": "a date and time (for example 2024-12-31T09:30:00Z)",
    "datetime/any": "a date and time (for example 2024-12-31T09:30:00)",
    "datetime/": "a date and time written {form}",
    "year": "a year of four digits (for example 2024)",
    "yearmonth": "a year and a month (for example 2024-12)",
    "duration": "a duration as in ISO 8601 (for example P1D for one day)",
    "geopoint": "the longitude, a comma, then the latitude (for example 2.35,48.85)",
    "geopoint/array": "the longitude and latitude in brackets (for example [2.35,48.85])",
    "geopoint/object": 'a position (for example {{"lon": 2.35, "lat": 48.85}})',
    "geojson": "a GeoJSON object",
    "object": "a JSON object, between braces",
    "array": "a JSON list, between brackets (for example [1, 2])",
    "list": "a list of values with commas between them",
    "other": "a value of type {name}",
}
PATTERNS = {
    "digits": "exactly {n} digits",
    "commune": "a French commune code of 5 characters (for example 01004 or 2A004)",
    "other": "the one that the expression {pattern} describes",
}
CAUSES = {
    "lost_leading_zero": (
        "The leading zero is lost, as when a spreadsheet takes a code for a number.",
        "Format the column as text in the spreadsheet, put the zero back, then export.",
    ),
    "decimal_comma": (
        "The number is written with a decimal comma.",
        "Replace the comma by a point in the whole column.",
    ),
    "thousands_separator": (
        "A space or a point separates the thousands.",
        "Choose a number format without thousands separator in the spreadsheet.",
    ),
    "percent_or_unit": (
        "A unit or a sign follows the number.",
        "Remove the unit: only the number stays in the cell.",
    ),
    "excel_decimal": (
        "A spreadsheet or a program added “.0” to a whole number.",
        "Format the column as text, or without decimals, then remove the “.0”.",
    ),
    "scientific_notation": (
        "The spreadsheet abbreviated a long number: digits are lost.",
        "Take the original number again in a column formatted as text: it cannot be found from"
        " this cell.",
    ),
    "french_date": (
        "The date is written the French way, day first.",
        "Choose the expected date format in the spreadsheet, then export again.",
    ),
    "us_date": (
        "The date is written the American way, month first.",
        "Choose the expected date format in the spreadsheet, then export again.",
    ),
    "iso_date": (
        "The date is written year first.",
        "Choose the expected date format in the spreadsheet, then export again.",
    ),
    "date_in_words": (
        "The month is written in words.",
        "Choose the expected date format in the spreadsheet, then export again.",
    ),
    "compact_date": (
        "The date is written without separators.",
        "Separate the year, the month and the day as expected.",
    ),
    "day_month_swapped": (
        "The day and the month seem to be swapped.",
        "Swap the day and the month, and check the rest of the column: where the day is 12 or"
        " less, the fault cannot be seen.",
    ),
    "time_after_date": (
        "A time follows the date.",
        "Remove the time: only the date is expected.",
    ),
    "partial_date": (
        "The date is incomplete.",
        "Complete the date with the month and the day.",
    ),
    "impossible_date": (
        "This day is not in the calendar.",
        "Check the day and the month in the original document.",
    ),
    "excel_date_number": (
        "The spreadsheet exported the serial number of the date instead of the date.",
        "Format the column as a date in the spreadsheet, then export again.",
    ),
    "trailing_space": (
        "There are spaces before or after the value.",
        "Remove these spaces; the TRIM function of a spreadsheet does it for a whole column.",
    ),
    "spaces_inside": (
        "Spaces or signs separate the digits.",
        "Remove these spaces and signs.",
    ),
    "wrong_encoding": (
        "Accents were damaged: the file was opened or saved in an encoding other than UTF-8.",
        "Start again from the original file, and save it choosing “CSV UTF-8”.",
    ),
    "case_or_accent": (
        "The value differs from an allowed one only by capitals, accents, spaces or hyphens.",
        "Copy the value as it is written in the list.",
    ),
    "text_for_missing": (
        "The cell holds a word or a sign to say that the information is missing.",
        "Leave the cell empty where the information is missing and the column is not mandatory.",
    ),
    "boolean_words": (
        "The answer is written in words, or with another sign than the expected one.",
        "Replace each answer by the one that the schema expects.",
    ),
    "spreadsheet_error": (
        "The cell holds an error message of the spreadsheet.",
        "Correct the formula in the spreadsheet, then export again.",
    ),
    "missing_https": (
        "The address does not start with https:// or http://.",
        "Add https:// before the address, and check that it opens.",
    ),
    "coordinates_swapped": (
        "The latitude and the longitude seem to be swapped.",
        "Swap the two numbers: the longitude comes first.",
    ),
}
LABELS = {
    "row": "Row {row}",
    "row_and_line": "Row {row} of the table (line {line} of the text file)",
    "line": "Line {line} of the text file",
    "field": "column {field}",
    "header": "Column titles",
    "value": "the value {cell}",
    "unseen": "the value",
    "empty": "the empty cell",
    "more": "and {n} more",
    "character": "{n} character",
    "characters": "{n} characters",
    "or": " or ",
    "Y": "YYYY",
    "y": "YY",
    "m": "MM",
    "d": "DD",
}
WORDS = Words(KINDS, TYPES, CAUSES, PATTERNS, LABELS)
