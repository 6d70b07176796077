"""Codes: the words of the code lists of SDMX that we use, with the meaning that they have here."""

from flows.catalog import Text

CONCEPTS = {
    "INDICATOR": Text(fr="Indicateur", en="Indicator"),
    "REF_AREA": Text(fr="Territoire de référence", en="Reference area"),
    "TIME_PERIOD": Text(fr="Période", en="Time period"),
    "OBS_VALUE": Text(fr="Valeur de l’observation", en="Observation value"),
    "OBS_STATUS": Text(fr="Statut de l’observation", en="Observation status"),
    "CONF_STATUS": Text(fr="Confidentialité", en="Confidentiality status"),
    "COVERAGE": Text(
        fr="Part de la population dont la donnée est connue",
        en="Share of the population of which the data are known",
    ),
    "NUMERATOR": Text(fr="Numérateur", en="Numerator"),
    "DENOMINATOR": Text(fr="Dénominateur", en="Denominator"),
}
STATUSES = {
    "A": Text(fr="Valeur normale", en="Normal value"),
    "B": Text(fr="Rupture de série", en="Time series break"),
    "E": Text(fr="Valeur estimée", en="Estimated value"),
    "P": Text(fr="Valeur provisoire", en="Provisional value"),
    "M": Text(fr="Sans objet : la valeur ne peut exister", en="Missing value; data cannot exist"),
    "O": Text(fr="Valeur manquante", en="Missing value"),
    "Q": Text(fr="Valeur masquée", en="Missing value; suppressed"),
}
CONFIDENTIALITY = {
    "F": Text(fr="Libre", en="Free (free for publication)"),
    "C": Text(fr="Confidentielle", en="Confidential statistical information"),
}
