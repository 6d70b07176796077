"""Environments of their own, for packages whose requirements cannot be those of the project."""

import subprocess
import sys
from pathlib import Path

import pytest


def make_environment(folder: Path, *packages: str) -> Path:
    """Make one with *packages*, from the registry that pip reads; the path of its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", *packages]
    installed = subprocess.run(command, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"pip cannot install {packages}: {installed.stderr.strip()[-200:]}")
    return python


def run_script(python: Path, script: str, *arguments: str) -> str:
    """What *script* prints in that environment; its standard error is that of a failure."""
    command = [str(python), "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
