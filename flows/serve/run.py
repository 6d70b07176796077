"""Run: the server, on a socket that is bound before anything is said of it."""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

TALKING_AT_MOST = 512  # more connections than this are answered with 503
IDLE_SECONDS = 15


def run(app: ASGIApp, host: str, port: int, tell: Callable[[str], object]) -> None:
    """Serve until Ctrl-C; raises OSError where the address is not to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=TALKING_AT_MOST) as server:
        # A body follows its head in a packet of its own, which is not to wait for a reply to it.
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        shown = f"[{host}]" if ":" in host else host
        tell(f"http://{shown}:{server.getsockname()[1]}/ (Ctrl-C stops it)")
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=TALKING_AT_MOST,
            timeout_keep_alive=IDLE_SECONDS,
        )
        with suppress(KeyboardInterrupt):  # uvicorn has ended well, and says so by raising it again
            uvicorn.Server(config).run(sockets=[server])
