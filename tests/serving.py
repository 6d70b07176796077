"""A real server on loopback, for the tests of `jalon serve`, and a client that hides nothing."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from flows.serve.app import App


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Client:
    port: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request; `if_range=...` is the header If-Range. The path is sent as it stands."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


@contextmanager
def serving(public: Path) -> Iterator[Client]:
    """The server of *public* while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(App(public), lifespan="off", log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Client(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
