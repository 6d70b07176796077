"""Documents: the JSON Schemas of what a release says of itself, which it bears too."""

import shutil

from flows.publish.draft import Draft

DOCUMENTS = ("changes", "errata", "renamed")


def write_document_schemas(draft: Draft) -> None:
    """Write schemas/<name>.schema.json for each of DOCUMENTS, as this project has it."""
    for path in map(schema_path, DOCUMENTS):
        target = draft.folder / path
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(draft.settings.root / path, target)


def schema_path(document: str) -> str:
    """Where its schema stands: in the project, and in a release."""
    return f"schemas/{document}.schema.json"
