"""A server on loopback that breaks every rule of HTTP, one route a fault."""

import bz2
import gzip
import io
import json
import socket
import socketserver
import struct
import tarfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

CSV = b"code,name\n" + b"".join(b"%05d,commune %d\n" % (n, n) for n in range(400))
JSON = json.dumps([{"code": f"{n:05}"} for n in range(400)]).encode()
PAGE = b"<!DOCTYPE html>\n<html><body>Maintenance</body></html>"
DATE = "Tue, 04 Aug 2026 10:11:12 GMT"
STRONG, OTHER = {"ETag": '"one"'}, {"ETag": '"two"'}
HALF = len(CSV) // 2


def make_zip(member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(member, JSON)
    return file.getvalue()


def make_tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as packed:
        member = tarfile.TarInfo("a.csv")
        member.size = len(CSV)
        packed.addfile(member, io.BytesIO(CSV))
    return file.getvalue()


ZIP = make_zip("a.csv")
PARQUET = b"PAR1" + bytes(200) + b"PAR1"
PACKED = gzip.compress(CSV, mtime=0)
SQUEEZED = bz2.compress(CSV)
ARCHIVED = gzip.compress(make_tar(), mtime=0)
PACKED_TWICE = gzip.compress(CSV[:HALF]) + gzip.compress(CSV[HALF:]) + bytes(9)
CONTENTS = {
    "csv": CSV,
    "json": JSON,
    "geojson": JSON,
    "xlsx": make_zip("[Content_Types].xml"),
    "ods": make_zip("mimetype"),
    "parquet": PARQUET,
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "gpkg": b"SQLite format 3\0" + bytes(500),
}
Route = Callable[["Exchange"], None]
ROUTES: dict[str, Route] = {}


class Exchange(socketserver.BaseRequestHandler):
    """One request on one connection, which ends with it."""

    def handle(self):
        with suppress(OSError):
            head = self._read_head()
            line, *told = head.decode("latin-1").split("\r\n")
            self.path = line.split(" ")[1]
            self.headers = {n.lower(): v for n, _, v in (each.partition(": ") for each in told)}
            with self.server.lock:
                self.server.times[self.path] += 1
                self.times = self.server.times[self.path]
                self.server.asked.append((self.path, self.headers))
            ROUTES[self.path.strip("/").partition("?")[0].split("/")[0]](self)

    def _read_head(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (piece := self.request.recv(65536)):
                raise ConnectionError
            head += piece
        return head.strip()

    def send(self, data):
        self.request.sendall(data)

    def head(self, status="200 OK", headers=()):
        lines = [f"HTTP/1.1 {status}", *(f"{n}: {v}" for n, v in dict(headers).items())]
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))

    def answer(self, body=CSV, status="200 OK", **headers):
        told = {n.replace("_", "-"): v for n, v in headers.items()}
        length = {} if "Content-Length" in told else {"Content-Length": len(body)}
        lines = [f"HTTP/1.1 {status}", *(f"{n}: {v}" for n, v in (length | told).items())]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)  # at once

    def rest(self, body=CSV, **headers):
        """What a Range asks for."""
        start = int(self.headers["range"].removeprefix("bytes=").rstrip("-"))
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        headers = {"Content_Range": span, **headers}
        self.answer(body[start:], "206 Partial Content", **headers)

    def chunk(self, data):
        self.send(b"%x\r\n%b\r\n" % (len(data), data))

    def reset(self):
        """Break the connection so that the client sees a reset, not an end."""
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()

    def linger(self):
        """Say nothing until the test is over."""
        self.server.over.wait(5)

    def drip(self, data):
        """One byte now and then."""
        for byte in data:
            self.send(bytes([byte]))
            if self.server.over.wait(0.05):
                return


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Exchange)
        self.lock, self.over = threading.Lock(), threading.Event()
        self.times, self.asked = Counter(), []
        self.port = self.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"


@contextmanager
def misbehave() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def route(function: Route) -> Route:
    ROUTES[function.__name__.replace("_", "-")] = function
    return function


def add(name: str, body=CSV, status="200 OK", **headers) -> None:
    """A route which always answers the same."""
    ROUTES[name] = lambda to: to.answer(body, status, **headers)


def add_first(name: str, first: Route, then: Route) -> None:
    """A route whose first answer is another."""
    ROUTES[name] = lambda to: (first if to.times == 1 else then)(to)


def whole(to):
    to.answer(ETag='"one"')


def half(**headers):
    return lambda to: to.answer(CSV[:HALF], Content_Length=len(CSV), **headers)


def drop(to):
    """Close without a word."""


# Whole files

add("whole", Last_Modified=DATE)
for kind, content in CONTENTS.items():
    add(f"whole-{kind}", content)
add("called-html", Content_Type="text/html")
add("packed", PACKED)
add("packed-twice", PACKED_TWICE)
add("packed-on-the-way", PACKED, Content_Encoding="gzip")
add("zipped", ZIP)
add("squeezed", SQUEEZED)
add("archived", ARCHIVED)


@route
def chunked(to):
    to.head(headers={"Transfer-Encoding": "chunked"})
    for start in range(0, len(CSV), 1000):
        to.chunk(CSV[start : start + 1000])
    to.chunk(b"")


@route
def without_length(to):
    to.head()
    to.send(CSV)


# Connections that break

add_first("break", half(**STRONG), lambda to: to.rest(**STRONG))
add_first("break-dated", half(Last_Modified=DATE), lambda to: to.rest(Last_Modified=DATE))
add_first("break-no-range", half(**STRONG), whole)
add_first("break-other", half(**STRONG), lambda to: to.answer(**OTHER))
add_first(
    "break-no-range-dated", half(Last_Modified=DATE), lambda to: to.answer(Last_Modified=DATE)
)
add_first(
    "break-other-length",
    half(Last_Modified=DATE),
    lambda to: to.answer(CSV * 2, Last_Modified=DATE),
)
ROUTES["break-unknown"] = half()
ROUTES["break-weak"] = half(ETag='W/"one"')
ROUTES["break-always"] = half(**STRONG)
add_first("break-gone", half(**STRONG), lambda to: to.answer(b"", "404 Not Found"))
add_first(
    "break-unsatisfied", half(**STRONG), lambda to: to.answer(b"", "416 Range Not Satisfiable")
)
add_first("break-busy", half(**STRONG), lambda to: busy_then_rest(to))
add_first("range-wrong", half(**STRONG), lambda to: to.rest(Content_Range=f"bytes 0-9/{len(CSV)}"))
add_first("range-missing", half(**STRONG), lambda to: to.answer(CSV[HALF:], "206 Partial Content"))
add_first("range-other-etag", half(**STRONG), lambda to: to.rest(**OTHER))
add_first("range-other-size", half(**STRONG), lambda to: to.rest(CSV * 2))
add_first("drop-once", drop, whole)
ROUTES["drop"] = drop
ROUTES["reset-always"] = lambda to: to.reset()


def busy_then_rest(to):
    to.answer(b"", "503 Service Unavailable") if to.times == 2 else to.rest(**STRONG)


@route
def reset(to):
    if to.times > 1:
        to.rest(**STRONG)
        return
    half(**STRONG)(to)
    time.sleep(0.05)  # so that the client has read it: a reset throws away what is on its way
    to.reset()


@route
def range_short(to):
    """Each answer brings at most a thousand bytes, in good order."""
    if to.times == 1:
        to.answer(CSV[:1000], Content_Length=len(CSV), **STRONG)
        return
    start = int(to.headers["range"][6:-1])
    end = min(start + 1000, len(CSV))
    to.answer(
        CSV[start:end], "206 Partial Content", Content_Range=f"bytes {start}-{end - 1}/{len(CSV)}"
    )


@route
def chunked_cut(to):
    to.head(headers={"Transfer-Encoding": "chunked"})
    to.chunk(CSV[:HALF])


@route
def chunked_wrong(to):
    to.head(headers={"Transfer-Encoding": "chunked"})
    to.chunk(CSV[:HALF])
    to.send(b"many\r\n")


@route
def chunked_resumed(to):
    if to.times > 1:
        to.rest(**STRONG)
        return
    to.head(headers={"Transfer-Encoding": "chunked", **STRONG})
    to.chunk(CSV[:HALF])


@route
def head_cut(to):
    to.send(b"HTTP/1.1 200 OK\r\nContent-Le")


@route
def nonsense(to):
    to.send(b"good morning\r\n\r\n")


@route
def headers_many(to):
    to.head(headers={f"X-{n}": n for n in range(200)})


@route
def header_long(to):
    to.head(headers={"X": "x" * 70_000})


# Lengths

add("length-short", Content_Length=10)
add("length-long", Content_Length=len(CSV) + 100)
add("length-word", Content_Length="many")
add("length-negative", Content_Length=-5)
add("length-two", Content_Length=f"10, {len(CSV)}")
add("huge", Content_Length=10_000_000_000)
add("transfer-unknown", Transfer_Encoding="squeezed")


@route
def endless(to):
    to.head(headers={"Transfer-Encoding": "chunked"})
    while not to.server.over.is_set():
        to.chunk(CSV)


# Statuses

for code in ("400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"):
    add(code[:3], b"sorry", code)
add("416", b"", "416 Range Not Satisfiable")
add("202", CSV, "202 Accepted")
add("205", b"", "205 Reset Content")
add("206", CSV[:9], "206 Partial Content", Content_Range=f"bytes 0-8/{len(CSV)}")
add("300", b"", "300 Multiple Choices")
for code in ("429", "500", "502", "503", "504"):
    add_first(f"{code}-once", lambda to, code=code: to.answer(b"", f"{code} Trouble"), whole)
add("503", b"", "503 Service Unavailable")
add("wait-long", b"", "429 Too Many Requests", Retry_After="3600")
add("wait-nonsense", b"", "503 Service Unavailable", Retry_After="soon")


@route
def no_content(to):
    to.head("204 No Content")


@route
def not_modified(to):
    to.head("304 Not Modified")


def ask_to_wait(days):
    def answer(to):
        date = format_datetime(datetime.now(UTC) + timedelta(days=days), usegmt=True)
        to.answer(b"", "503 Service Unavailable", Retry_After=date)

    return answer


ROUTES["wait-until"] = ask_to_wait(1)
add_first("wait-past", ask_to_wait(-1), whole)
add_first("wait-a-little", lambda to: to.answer(b"", "429 Slow Down", Retry_After=1), whole)

# Something else

add("page", PAGE, Content_Type="text/html")
add("page-called-csv", PAGE, Content_Type="text/csv")
add("fragment", b"<span>Sorry</span>", Content_Type="text/html; charset=utf-8")
add("xml", b"<?xml version='1.0'?><error/>", Content_Type="text/xml")
add("empty", b"")
add("blank", b" \r\n\r\n")
add("json-error", b'{"error": "quota"}', Content_Type="application/json")
add("pdf", b"%PDF-1.7 ...")
add("text", b"Service unavailable")
add("packed-cut", PACKED[:-20])
add("packed-damaged", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:])
add("packed-and-more", PACKED + b"more")
add("packed-page", gzip.compress(PAGE))
add("packed-in-packed", gzip.compress(PACKED))
add("packed-nothing", gzip.compress(b""))
add("packed-bomb", gzip.compress(b"1,2\n" * 500_000))
add("zip-cut", CONTENTS["xlsx"][:-30])
add("parquet-cut", PARQUET[:-4])
add("coded-cut", PACKED[:-20], Content_Encoding="gzip")
add("coded-damaged", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], Content_Encoding="gzip")
add("coded-bomb", gzip.compress(b"1,2\n" * 500_000), Content_Encoding="gzip")
add("coded-strangely", Content_Encoding="br")
add("coded-not", Content_Encoding="gzip")


@route
def json_cut(to):
    to.head()
    to.send(JSON[:500])


# Slowness


@route
def drip_body(to):
    to.head(headers={"Content-Length": len(CSV), **STRONG})
    to.drip(CSV)


@route
def drip_head(to):
    to.send(b"HTTP/1.1 200 OK\r\n")
    to.drip(b"X: y\r\n" * 1000)


@route
def drip_chunk_size(to):
    to.head(headers={"Transfer-Encoding": "chunked"})
    to.chunk(CSV)
    to.drip(b"0" * 1000)


@route
def silent(to):
    to.linger()


@route
def silent_body(to):
    to.head(headers={"Content-Length": len(CSV), **STRONG})
    to.linger()


@route
def silent_once(to):
    if to.times > 1:
        to.rest(**STRONG)
        return
    to.head(headers={"Content-Length": len(CSV), **STRONG})
    to.send(CSV[:HALF])
    to.linger()


# Redirects


def add_redirect(name, location, status="302 Found"):
    """`{port}` stands for the port of this server."""

    def redirect(to):
        to.answer(b"moved", status, Location=location.format(port=to.server.port))

    ROUTES[name] = redirect


for code in (301, 302, 303, 307, 308):
    add_redirect(f"moved-{code}", "/whole", f"{code} Moved")
add_redirect("moved-relative", "../whole?a=b#c")
add_redirect("moved-absolute", "http://127.0.0.1:{port}/whole")
add_redirect("moved-round", "/moved-back")
add_redirect("moved-back", "/moved-round")
for step in range(8):
    add_redirect(f"moved-{step}", f"/moved-{step + 1}" if step < 7 else "/whole")
add_redirect("moved-https", "https://127.0.0.1:{port}/whole")
add_redirect("moved-file", "file:///etc/passwd")
add_redirect("moved-user", "http://user:pass@127.0.0.1:{port}/whole")
add_redirect("moved-name", "http://localhost:{port}/whole")
add_redirect("moved-port", "http://127.0.0.1:1/whole")
add_redirect("moved-inside", "http://10.0.0.1/whole")
add_redirect("moved-cloud", "http://169.254.169.254/latest/meta-data")
add_redirect("moved-decimal", "http://2130706433:{port}/whole")
add_redirect("moved-v6", "http://[::ffff:127.0.0.1]:{port}/whole")
add_redirect("moved-nonsense", "http://[1/whole")
add_redirect("moved-gone", "/404")
add("moved-nowhere", b"", "302 Found")
