"""App: which address is answered by what, and what every answer tells a browser."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.serve.files import METHODS, Files
from flows.serve.published import Published
from flows.serve.query import Queries

QUERY = "api/v1/query"
EXPOSED = (
    "accept-ranges, content-encoding, content-length, content-location, content-range, etag, link"
)
EVERY = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": EXPOSED,
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# Pages bring a policy of their own, and may stand in a frame. A script that runs as a worker, as
# the engine of the SQL console does, has that of its answer. Nothing else is to run anything.
PAGE_POLICY = "object-src 'none'; base-uri 'none'"
SCRIPT_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob:"
OTHER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PREFLIGHT = {
    "access-control-allow-methods": ", ".join(METHODS),
    "access-control-allow-headers": "if-match, if-modified-since, if-none-match, if-range, range",
    "access-control-max-age": "86400",
}
Raw = list[tuple[bytes, bytes]]


def _raw(told: dict[str, str]) -> Raw:
    return [(name.encode(), value.encode()) for name, value in told.items()]


OF_PAGES = _raw({**EVERY, "content-security-policy": PAGE_POLICY})
OF_SCRIPTS = _raw({**EVERY, "content-security-policy": SCRIPT_POLICY})
OF_OTHERS = _raw({**EVERY, "content-security-policy": OTHER_POLICY})
OF_PREFLIGHT = _raw(PREFLIGHT)


class App:
    """Everything in a folder of releases, and queries on each of them."""

    def __init__(self, public: Path) -> None:
        published = Published(public)
        answer = Queries(published).answer
        paths = (f"/{QUERY}", f"/{{base:path}}/{QUERY}")
        routes = [Route(path, answer, methods=list(METHODS)) for path in paths]
        self._queries = Starlette(routes=routes)
        self._files = Files(published)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Files are reached without a router: there may be many of them."""

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_more(scope, message)]}
            await send(message)

        if scope["type"] != "http":
            return
        app: ASGIApp = self._queries if scope["path"].endswith(f"/{QUERY}") else self._files
        await app(scope, receive, tell)


def _more(scope: Scope, message: Message) -> Raw:
    kind = next((value for name, value in message["headers"] if name == b"content-type"), b"")
    told = OF_OTHERS
    if kind.startswith(b"text/html"):
        told = OF_PAGES
    elif kind.startswith(b"text/javascript"):
        told = OF_SCRIPTS
    return [*told, *OF_PREFLIGHT] if scope["method"] == "OPTIONS" else told
