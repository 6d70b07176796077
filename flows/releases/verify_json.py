"""Verify JSON: whether the documents of a release, and its API, are as the schemas in it say."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from flows.files import read_json
from flows.publish.api.columns import API
from flows.publish.api.shapes import SHAPES, Shape, schema_of
from flows.publish.documents import DOCUMENTS, schema_path

Check = Callable[[Path], str | None]


def verify_json(release: Path) -> Iterator[str]:
    """Every fault of each document, and of each file of the API that its index lists."""
    told = {f"{name}.json": schema_path(name) for name in DOCUMENTS}
    told[f"{API}/index.json"] = f"{API}/schemas/index.json"
    index = read_json(release / API / "index.json")
    told |= {
        f"{API}/{each['path']}": f"{API}/{each['schema']}"
        for each in index["files"]
        if each["schema"]
    }
    check = cache(_make_check)
    for path, schema in told.items():
        if not (release / path).is_file():
            yield f"{path}: is missing"
        elif fault := check(release / schema)(release / path):
            yield f"{path}: {fault}"


def _make_check(path: Path) -> Check:
    """By the shape of which the schema was made, in a hundredth of the time; else by itself."""
    schema, shape = read_json(path), SHAPES.get(path.stem)
    told = {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
    if shape and told == schema_of(path.stem):
        return _by_shape(shape)
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator(schema)

    def check(document: Path) -> str | None:
        error = next(checker.iter_errors(read_json(document)), None)
        return f"{error.json_path}: {error.message}" if error else None

    return check


def _by_shape(shape: type[Shape]) -> Check:
    def check(document: Path) -> str | None:
        try:
            shape.model_validate_json(document.read_bytes(), strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return None

    return check
