"""The command `jalon serve`."""

import click

from flows.errors import CatalogError, MachineError
from flows.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.pass_obj
def serve(settings: Settings, host: str, port: int) -> None:
    """Serve public/ over HTTP: the latest release, every other one, and queries.

    On this machine alone, unless --host says otherwise. It stops at Ctrl-C.
    """
    from flows.publish.release import find_latest
    from flows.serve.app import App
    from flows.serve.run import run

    if find_latest(settings.public) is None:
        raise CatalogError(str(settings.public), "nothing is published yet", "jalon run publishes")
    try:
        run(App(settings.public), host, port, click.echo)
    except OSError as error:
        hint = "another program listens there; choose another with --port"
        raise MachineError(f"{host}:{port}", error.strerror or str(error), hint) from error
