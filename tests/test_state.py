"""What a run looks at to know that nothing has changed: whatever makes bytes of a release."""

import shutil
import subprocess
import sys

from project import ROOT

TOLD = """
import sys
from pathlib import Path
from flows.settings import Settings
from flows.state import describe_inputs

code, settings = Path("flows"), Settings(Path(sys.argv[1]))
told = [describe_inputs(settings, {})]
for path in sys.argv[2:]:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        file.write(" ")
    told.append(describe_inputs(settings, {}))
for before, after in zip(told, told[1:]):
    print(*(key for key in after if after[key] != before[key]))
"""
CHANGED = {
    "flows/publish/site/assets/map.js": "code",
    "flows/publish/site/words/fr.yml": "code",
    "flows/publish/site/assets/icon.svg": "code",
    "flows/sql/latest.sql": "code",
    "flows/__pycache__/state.cpython-314.pyc": "",
    "project/data/duckdb-wasm/worker.js": "engine",
    "project/catalog/sources/a.yml": "catalog",
    "project/catalog/destinations.yml": "",
    "project/schemas/published/a.json": "schemas",
    "project/requirements.lock": "lock",
}


def test_what_makes_bytes_of_a_release_is_an_input(tmp_path):
    left = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "flows", tmp_path / "flows", ignore=left)
    done = subprocess.run(
        [sys.executable, "-B", "-c", TOLD, "project", *CHANGED],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(zip(CHANGED, done.stdout.splitlines(), strict=True)) == CHANGED
