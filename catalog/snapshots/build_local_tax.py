"""Rebuild local_tax: rates and mean rental values of the housing tax, 2017 to 2022.

Origin: the Python package openfisca-france, `assets/taxe_habitation/parametres_th_<year>.csv`,
which it drew from the REI files of the DGFiP. Bytes as published, compressed: nothing was
removed, nothing repaired.
"""

from pathlib import Path

from _common import HERE, copy_csv, parse_arguments, python_package, update_sidecar

FOLDER = HERE / "local_tax"


def main() -> None:
    """Rebuild the six files, then their sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    with python_package("openfisca-france", "176.1.8", package_dir) as package:
        data = package / "openfisca_france" / "assets" / "taxe_habitation"
        computed = {
            f"local_tax-{year}.csv.gz": copy_csv(
                data / f"parametres_th_{year}.csv", FOLDER / f"local_tax-{year}.csv.gz"
            )
            for year in range(2017, 2023)
        }
    update_sidecar(FOLDER, computed)


if __name__ == "__main__":
    main()
