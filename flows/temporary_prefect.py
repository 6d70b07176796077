"""Temporary Prefect: a server of our own for one run, its home and its log under data/prefect.

The user's own Prefect is left alone: with PREFECT_API_URL set, nothing is started here.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import Settings

START_SECONDS = 120
STOP_SECONDS = 10


def is_configured() -> bool:
    """Whether the user has named a Prefect of their own."""
    return bool(os.environ.get("PREFECT_API_URL") or os.environ.get("PREFECT_PROFILE"))


@contextmanager
def temporary_server(settings: Settings) -> Iterator[None]:
    """Run a server on loopback and point this process at it; what it prints goes to its log.

    Raises TimeoutError when it does not answer in time.
    """
    home = settings.data / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    os.environ.update(_quiet(home), PREFECT_API_URL=url)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port)], stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(f"{url}/health", server)
            yield
        finally:
            del os.environ["PREFECT_API_URL"]
            _stop(server)


def _quiet(home: Path) -> dict[str, str]:
    """No telemetry, a home of its own, and a log file in place of the terminal."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).parent / "prefect_logging.yml"),
        "PREFECT_LOGGING_HANDLERS_FILE_FILENAME": str(home / "runs.log"),
        "PREFECT_CLI_PROMPT": "false",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise TimeoutError(f"Prefect's server ended with code {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"Prefect's server did not answer within {START_SECONDS} s")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
