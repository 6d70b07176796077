"""Version: the semantic version of a release, from what has changed of its schema and data."""

from typing import Any, Literal

Kind = Literal["first", "major", "minor", "patch", "none"]
# A property of an indicator without which its values mean something else, or stand elsewhere.
MEANING = frozenset(("unit_fr", "unit_en", "per", "rollup", "dataset"))


def kind_of(changes: dict[str, Any]) -> Kind:
    """Whether reusers have to change what they made of it, may, or need not.

    Major: a table, column, indicator, dataset or level is gone or bears another name, an indicator
    moved to another dataset, a type is another, or a unit. Minor: one is there that was not, or a
    territory or period came or went. Patch: values or texts alone.
    """
    schema, indicators = changes["schema"], changes["indicators"]
    told = [each["change"] for each in indicators]
    spans = [span for each in indicators for span in each["spans"]]
    if (
        schema["tables_removed"]
        or schema["columns_removed"]
        or schema["types_changed"]
        or {"removed", "renamed"} & set(told)
        or any(span["change"] == "removed" and span["kind"] == "level" for span in spans)
        or any(each["property"] in MEANING for every in indicators for each in every["definition"])
    ):
        return "major"
    territories = changes["territories"]["counts"]
    if (
        schema["tables_added"]
        or schema["columns_added"]
        or "added" in told
        or spans
        or any(territories[kind] for kind in ("added", "removed", "ended"))
    ):
        return "minor"
    return "patch" if changes["tables"] else "none"


def bump(versions: list[str], kind: Kind, first: str) -> str:
    """The version after the highest of *versions*, which is at least *first*."""
    if not versions:
        return first
    major, minor, patch = max(parse(each) for each in versions)
    after = {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
    }.get(kind, (major, minor, patch + 1))
    return ".".join(str(part) for part in max(after, parse(first)))


def parse(version: str) -> tuple[int, int, int]:
    """1.10.2 comes after 1.9.0."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)
