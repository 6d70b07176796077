"""What is collected and published: models, reading, and the checks that need no data."""

from flows.catalog.models import (
    MADE_BY_STEPS,
    Catalog,
    Dataset,
    Indicator,
    Publication,
    Source,
)
from flows.catalog.read import load_catalog, read_yaml
from flows.catalog.targets import Target
from flows.catalog.text import Text

__all__ = [
    "MADE_BY_STEPS",
    "Catalog",
    "Dataset",
    "Indicator",
    "Publication",
    "Source",
    "Target",
    "Text",
    "load_catalog",
    "read_yaml",
]
