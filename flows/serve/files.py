"""Files: one published file as an answer, whole or in part, packed or not, or not again."""

import gzip
from email.utils import formatdate
from pathlib import Path

from anyio import to_thread
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from flows.serve.published import Found, Published, Recent, count_hash

METHODS = ("GET", "HEAD", "OPTIONS")
FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=60, must-revalidate"
PACKED_FROM, PACKED_AT_MOST = 1024, 8 * 1024 * 1024  # a larger one is sent as it is, or in parts
SMALL = 256 * 1024  # a file of at most this many bytes is kept in memory once it was asked for
KEPT = 64 * 1024 * 1024  # and this is all that is kept


class Files:
    """What is published, as an ASGI application."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._kept: Recent[Response] = Recent(KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "OPTIONS":
            response = Response(status_code=204, headers={"allow": ", ".join(METHODS)})
        elif scope["method"] not in METHODS:
            refusal = {"error": f"{scope['method']} is not allowed here", "known": list(METHODS)}
            response = JSONResponse(refusal, 405, {"allow": ", ".join(METHODS)})
        else:
            response = await self._answer(scope)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        address = scope["path"].removeprefix("/")
        found = self._published.find(address)
        if found is None:
            return self._refuse(address)
        asked: dict[bytes, bytes] = dict(scope["headers"])
        is_packed = (
            b"range" not in asked
            and PACKED_FROM <= found.stat.st_size <= PACKED_AT_MOST
            and found.is_compressible
            and accepts_gzip(asked.get(b"accept-encoding", b""))
        )
        if b"range" in asked or (not is_packed and found.stat.st_size > SMALL):
            told = await _headers(found, is_packed)
            response: Response = FileResponse(
                found.path, headers=told, stat_result=found.stat, media_type=found.media_type
            )
        else:
            response = await self._whole(found, is_packed)
        if is_known(asked, response.headers["etag"], found.stat.st_mtime):
            kept = ("cache-control", "content-location", "etag", "vary")
            told = {name: response.headers[name] for name in kept if name in response.headers}
            return Response(status_code=304, headers=told)
        return response

    async def _whole(self, found: Found, is_packed: bool) -> Response:
        """An answer from memory, where it was given before."""
        key = (found.key, found.is_fixed, is_packed)
        response = self._kept.get(key)
        if response is None:
            body = await to_thread.run_sync(_read, found.path, is_packed)
            told = await _headers(found, is_packed)
            response = Response(body, headers=told, media_type=found.media_type)
            self._kept.put(key, response, len(body))
        return response

    def _refuse(self, address: str) -> Response:
        if address and self._published.is_folder(address):
            return RedirectResponse(f"{address.rsplit('/', 1)[-1]}/", 307)
        hint = "api/v1/index.json lists the files of the API, datapackage.json those of the tables"
        return JSONResponse({"error": "nothing is published at this address", "hint": hint}, 404)


def _read(path: Path, is_packed: bool) -> bytes:
    body = path.read_bytes()
    return gzip.compress(body, 6, mtime=0) if is_packed else body


async def _headers(found: Found, is_packed: bool) -> dict[str, str]:
    """What is told of a file beside its body; a packed body has a tag of its own."""
    sha256 = found.told_hash or await to_thread.run_sync(count_hash, found)
    told = {
        "accept-ranges": "bytes",
        "cache-control": FOR_EVER if found.is_fixed else SHORTLY,
        "etag": f'"{sha256}-gzip"' if is_packed else f'"{sha256}"',
        "last-modified": formatdate(found.stat.st_mtime, usegmt=True),
    }
    if found.is_compressible:
        told["vary"] = "accept-encoding"
    if is_packed:
        told["content-encoding"] = "gzip"
    if found.release and not found.is_fixed:
        # Where the same bytes will always be, whatever becomes of `latest`.
        told["content-location"] = f"/releases/{found.release}/{found.inside}"
    return told


def is_known(asked: dict[bytes, bytes], etag: str, modified: float) -> bool:
    """Whether who asks has these bytes; a tag that is given counts alone."""
    if tags := asked.get(b"if-none-match"):
        told = [tag.strip().removeprefix("W/") for tag in tags.decode("latin-1").split(",")]
        return "*" in told or etag in told
    since = asked.get(b"if-modified-since")
    return since is not None and since.decode("latin-1") == formatdate(modified, usegmt=True)


def accepts_gzip(told: bytes) -> bool:
    """Whether an Accept-Encoding takes gzip: named, or by `*`, and not with a weight of zero."""
    weights = {}
    for part in told.decode("latin-1").lower().split(",") if told else ():
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")
    return weights.get("gzip", weights.get("*", False))
