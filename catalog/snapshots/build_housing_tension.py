"""Rebuild housing_tension: the ABC zoning of communes, in force since 5 July 2024.

Origin: the Python package openfisca-france, `assets/zonage-communes/zonage-abc-juillet-2024.csv`,
from the ministry in charge of housing. Bytes as published, compressed: semicolons, CRLF,
UTF-8 without a byte-order mark. Nothing was removed.
"""

from pathlib import Path

from _common import HERE, copy_csv, parse_arguments, python_package, update_sidecar

FOLDER = HERE / "housing_tension"
FILE = "housing_tension-2024.csv.gz"


def main() -> None:
    """Rebuild the file, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with python_package("openfisca-france", "176.1.8", package_dir) as package:
        assets = package / "openfisca_france" / "assets"
        computed = copy_csv(
            assets / "zonage-communes" / "zonage-abc-juillet-2024.csv", FOLDER / FILE
        )
    update_sidecar(FOLDER, {FILE: computed})


if __name__ == "__main__":
    main()
