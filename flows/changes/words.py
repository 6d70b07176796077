"""Words: what has changed, in a few sentences of French and English."""

from collections.abc import Iterator
from typing import Any

from flows.handover import Words

NAMED = 10
TERRITORIES = {
    "added": Words("nouveaux", "new"),
    "removed": Words("retirés", "removed"),
    "ended": Words("disparus", "ended"),
    "renamed": Words("renommés", "renamed"),
    "placed_elsewhere": Words("rattachés ailleurs", "placed elsewhere"),
}
REASONS = {
    "new_indicator": Words("indicateur nouveau", "new indicator"),
    "removed_indicator": Words("indicateur retiré", "removed indicator"),
    "source_file": Words("nouveau fichier source", "new source file"),
    "correction": Words("correction", "correction"),
    "method": Words("méthode modifiée", "changed method"),
    "geography": Words("géographie modifiée", "changed geography"),
    "secrecy": Words("secret statistique", "statistical secrecy"),
    "code": Words("programme modifié", "changed code"),
    "unexplained": Words("cause inconnue", "unknown cause"),
}


def summarise(changes: dict[str, Any], kind: str) -> dict[str, list[str]]:
    """The sentences, what breaks first; there is always one."""
    first = Words("Première version.", "First release.")
    said = [first] if kind == "first" else sentences(changes)
    if not said:
        said = [
            Words(
                "Aucune donnée ne change : seuls des textes ou des pages.",
                "No data change: only texts or pages.",
            )
        ]
    return {"fr": [each.fr for each in said], "en": [each.en for each in said]}


def sentences(changes: dict[str, Any]) -> list[Words]:
    """What breaks first; none, where no data have changed."""
    said = list(_schema(changes["schema"]))
    said += _indicators(changes["indicators"])
    said += _territories(changes["territories"]["counts"])
    said += _others(changes)
    return said


def _schema(schema: dict[str, Any]) -> Iterator[Words]:
    told = {
        "tables_removed": Words("Tables retirées", "Tables removed"),
        "columns_removed": Words("Colonnes retirées", "Columns removed"),
        "types_changed": Words("Colonnes d’un autre type", "Columns of another type"),
        "tables_added": Words("Tables ajoutées", "Tables added"),
        "columns_added": Words("Colonnes ajoutées", "Columns added"),
    }
    for key, words in told.items():
        names = [each["column"] if isinstance(each, dict) else each for each in schema[key]]
        if names:
            yield _list(words, names)


def _indicators(indicators: list[dict[str, Any]]) -> Iterator[Words]:
    told = {
        "removed": Words("Indicateurs retirés", "Indicators removed"),
        "renamed": Words("Indicateurs renommés", "Indicators renamed"),
        "added": Words("Indicateurs ajoutés", "Indicators added"),
    }
    for change, words in told.items():
        names = [
            f"{each['formerly']} → {each['indicator']}" if each["formerly"] else each["indicator"]
            for each in indicators
            if each["change"] == change
        ]
        if names:
            yield _list(words, names)
    if redefined := [each["indicator"] for each in indicators if each["definition"]]:
        yield _list(Words("Descriptions modifiées", "Descriptions changed"), redefined)
    for each in indicators:
        if each["change"] in ("changed", "renamed") and each["reasons"]:
            yield _values(each)


def _values(each: dict[str, Any]) -> Words:
    name, counts = each["indicator"], [each[key] for key in ("added", "modified", "deleted")]
    fr = [f"{count} {word}" for count, word in zip(counts, _COUNTED_FR, strict=True) if count]
    en = [f"{count} {word}" for count, word in zip(counts, _COUNTED_EN, strict=True) if count]
    why = [REASONS[reason] for reason in each["reasons"]]
    return Words(
        f"{name} : observations {', '.join(fr)} ({', '.join(w.fr for w in why)}).",
        f"{name}: observations {', '.join(en)} ({', '.join(w.en for w in why)}).",
    )


_COUNTED_FR = ("ajoutées", "modifiées", "supprimées")
_COUNTED_EN = ("added", "modified", "deleted")


def _territories(counts: dict[str, int]) -> Iterator[Words]:
    found = [(counts[kind], words) for kind, words in TERRITORIES.items() if counts[kind]]
    if found:
        yield Words(
            f"Territoires : {', '.join(f'{count} {words.fr}' for count, words in found)}.",
            f"Territories: {', '.join(f'{count} {words.en}' for count, words in found)}.",
        )


def _others(changes: dict[str, Any]) -> Iterator[Words]:
    """The tables that have changed beside those of which it was told."""
    known = {"observations", "indicators", *changes["schema"]["tables_added"]}
    names = [each["table"] for each in changes["tables"] if each["table"] not in known]
    if names:
        yield _list(Words("Autres tables modifiées", "Other tables changed"), names)


def _list(words: Words, names: list[str]) -> Words:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    fr, en = (f" et {more} autres", f" and {more} more") if more > 0 else ("", "")
    return Words(f"{words.fr} : {shown}{fr}.", f"{words.en}: {shown}{en}.")
