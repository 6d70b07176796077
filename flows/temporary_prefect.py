"""Temporary Prefect: a server of our own for one run, its home and its logs under data/prefect.

The user's own Prefect is left alone: with PREFECT_API_URL set, nothing is started here.
"""

import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import Settings

START_SECONDS = 120
STOP_SECONDS = 10

# What watches over schedules, workers, automations and leases: a server of one run has none.
UNUSED_SERVICES = [
    "CANCELLATION_CLEANUP",
    "CLEANUP_RECONCILER",
    "EVENT_PERSISTER",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "SCHEDULER",
    "TRIGGERS",
]


def is_configured() -> bool:
    """Whether the user has named a Prefect of their own."""
    return bool(os.environ.get("PREFECT_API_URL") or os.environ.get("PREFECT_PROFILE"))


@contextmanager
def temporary_server(settings: Settings, meanwhile: Callable[[], object]) -> Iterator[None]:
    """Run a server on loopback and point this process at it; *meanwhile* runs while it starts.

    Raises ChildProcessError when it dies, TimeoutError when it does not answer in time.
    """
    home = settings.data / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    server = _start(home, port)
    os.environ.update(_quiet(home), PREFECT_API_URL=url)
    try:
        meanwhile()
        _give_up_early()
        _wait_for(f"{url}/health", server)
        yield
        _send_events()
    finally:
        del os.environ["PREFECT_API_URL"]
        _stop(server)


def _start(home: Path, port: int) -> "subprocess.Popen[bytes]":
    """The server, in a session of its own so that Ctrl-C reaches us and not it.

    The pipe on its standard input tells it when we end, even by kill -9: see run_server.
    """
    command = [sys.executable, "-m", "flows.temporary_prefect", "server", "start"]
    with (home / "server.log").open("ab") as log:
        return subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, **_lean(home)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def run_server() -> None:
    """Be `prefect server start` until told to stop, or until whoever started us is no more."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    """Wait for the end of the pipe, which comes when its other end closes; then stop."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


def _lean(home: Path) -> dict[str, str]:
    """A server without telemetry, dashboard, or what one run has no use for."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in UNUSED_SERVICES},
    }


def _quiet(home: Path) -> dict[str, str]:
    """A run that logs to a file alone.

    Not to the terminal; nor to the server, which would be gone when the last lines are sent: the
    run then waits more than a minute at its end.
    """
    return {
        "PREFECT_HOME": str(home),
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).parent / "prefect_logging.yml"),
        "PREFECT_LOGGING_HANDLERS_FILE_FILENAME": str(home / "runs.log"),
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_CLIENT_MAX_RETRIES": "2",  # enough for a busy database; a lost server stays lost
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ChildProcessError(f"Prefect's server ended with code {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"Prefect's server did not answer within {START_SECONDS} s")


def _give_up_early() -> None:
    """Try to reach a lost server once more with the events, where Prefect would for minutes."""
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker

    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=1)


def _send_events() -> None:
    """Send the last states of the tasks, which travel as events, while the server can hear."""
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all(timeout=STOP_SECONDS)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    finally:
        if server.stdin:
            server.stdin.close()


if __name__ == "__main__":
    run_server()
