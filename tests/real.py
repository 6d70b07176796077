"""The real files of publishers, where this machine has them: what each source gives of its own."""

from pathlib import Path
from typing import Any

import yaml

from flows.catalog import load_catalog
from flows.settings import Settings
from flows.steps.fetch import fetch_source
from flows.steps.fetch.by_hand import give_file
from project import ROOT

FILES = ROOT.parent / "shared" / "data" / "sources"
TOLD = Path(__file__).parent / "real"


def read_told() -> dict[str, dict[str, Any]]:
    """What is known of each real file: its rows, what is rejected and lost, and a total."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(TOLD.glob("*.yml"))
    }


def give_real_files(settings: Settings) -> None:
    """Give each source its real file, once."""
    catalog = load_catalog(settings.catalog)
    for name, told in read_told().items():
        source = catalog.sources[name]
        if not fetch_source(settings, source):
            for edition in source.addresses():
                path = FILES / told["file"].format(edition=edition)
                give_file(settings, source, path, edition)
