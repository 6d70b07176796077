"""Rebuild innovation_labs: the innovation labs that published texts name.

Origin: no package. The figures were copied by hand from published texts into small CSV
files; --package-dir names the folder that holds them. Bytes as they are, compressed.
"""

from pathlib import Path

from _common import HERE, copy_csv, parse_arguments, update_sidecar

FOLDER = HERE / "innovation_labs"
NAMES = ("labs",)


def main() -> None:
    """Rebuild the files, then their sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    if package_dir is None:
        raise SystemExit("no package holds these files: name their folder with --package-dir")
    computed = {
        f"{name}.csv.gz": copy_csv(package_dir / f"{name}.csv", FOLDER / f"{name}.csv.gz")
        for name in NAMES
    }
    update_sidecar(FOLDER, computed)


if __name__ == "__main__":
    main()
