"""Faults of servers at one request or from one on, and clients killed there."""

import os
import signal
import socket
import threading
import time
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        """Say nothing."""


class Faulty:
    """A WSGI application before which requests are counted; `fault` is asked about each.

    It may answer `refuse` (503, nothing done), `lose` (done, and no answer), `linger` (done, and a
    late answer) or `kill` (done, then the client is killed before it hears of it). What *reader*
    has authorised is only answered.
    """

    def __init__(self, app, reader="no reader"):
        self.app, self.reader, self.lock = app, reader, threading.Lock()
        self.reset()

    def reset(self, fault=lambda number: None, client=None):
        self.fault, self.client, self.asked = fault, client, []

    def __call__(self, environ, start_response):
        if self.reader in environ.get("HTTP_AUTHORIZATION", ""):
            return self.app(environ, start_response)
        with self.lock:
            self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
            fault = self.fault(len(self.asked))
        if fault == "refuse":
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        answer = [b"".join(self.app(environ, start_response))]
        if fault == "linger":
            time.sleep(1)
        if fault == "kill":
            os.kill(self.client, signal.SIGKILL)
        if fault in ("kill", "lose"):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return answer

    def writes(self):
        """What was asked that changes something."""
        return [(method, path) for method, path in self.asked if method not in ("GET", "HEAD")]


@contextmanager
def serve(app, handler=Quiet):
    """The address of a real server of *app* on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def at(number, fault):
    """That fault at one request alone."""
    return lambda asked: fault if asked == number else None


def since(number, fault):
    """That fault at every request from one on."""
    return lambda asked: fault if asked >= number else None
