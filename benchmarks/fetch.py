"""Time from a URL to validated Parquet against doing it by hand, and of many sources at once.

    python benchmarks/fetch.py                  a CSV of 2 GB in a ZIP (6 GB of disk)
    python benchmarks/fetch.py --megabytes 200

By hand means `curl` to disk, `unzip`, then our validator on the CSV that lies there. Both ways run
in children of their own, whose peak memory is told. A child serves everything from loopback.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
BLOCK_ROWS = 20_000
SOURCES = 30
SLOWEST_SECONDS = 2.0
COLUMNS = {
    "code": {"type": "string", "constraints": {"required": True, "pattern": "[0-9AB]{5}"}},
    "name": {"type": "string"},
    "year": {"type": "integer", "constraints": {"minimum": 2000, "maximum": 2030}},
    "date": {"type": "date"},
    "people": {"type": "integer", "constraints": {"minimum": 0}},
    "share": {"type": "number"},
}


# What is served


class Handler(BaseHTTPRequestHandler):
    """Gives a file, or from a byte on; or a small one after a delay; or the most connections."""

    protocol_version = "HTTP/1.1"
    folder = Path()
    lock = threading.Lock()
    now = most = 0

    def do_GET(self) -> None:
        """Answer by the path."""
        kind, _, rest = self.path[1:].partition("/")
        if kind == "file":
            self._send_file(self.folder / rest)
        elif kind == "delay":
            self._send_late(float(rest))
        else:
            most, Handler.most = Handler.most, 0
            self._send(str(most).encode())

    def _send_file(self, path: Path) -> None:
        size = path.stat().st_size
        start = int(self.headers.get("Range", "bytes=0-")[6:].rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(size - start))
        self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("ETag", f'"{size}"')
        self.end_headers()
        with path.open("rb") as file:
            file.seek(start)
            self.wfile.flush()
            self.connection.sendfile(file, start)

    def _send_late(self, seconds: float) -> None:
        with Handler.lock:
            Handler.now += 1
            Handler.most = max(Handler.most, Handler.now)
        time.sleep(seconds)
        with Handler.lock:
            Handler.now -= 1
        self._send(b"code\n01001\n")

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def serve(folder: str) -> None:
    """Serve *folder* on as many ports as there are sources, and print them."""
    Handler.folder = Path(folder)
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(SOURCES)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps([server.server_port for server in servers]), flush=True)
    sys.stdin.read()  # until whoever started us is done


@contextmanager
def serving(folder: Path) -> Iterator[list[str]]:
    """The addresses of a server in another process."""
    command = [sys.executable, __file__, "--serve", str(folder)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as child:
        assert child.stdin
        assert child.stdout
        try:
            ports = json.loads(child.stdout.readline())
            yield [f"http://127.0.0.1:{port}" for port in ports]
        finally:
            child.stdin.close()


def make_files(folder: Path, megabytes: int) -> None:
    """A CSV of that size, always the same, and its ZIP."""
    chance = random.Random(2026)
    rows = (
        f"{chance.randrange(100_000):05},commune {chance.randrange(10**9)},"
        f"{chance.randrange(2000, 2027)},2026-{chance.randrange(1, 13):02}-01,"
        f"{chance.randrange(10**6)},{chance.random():.6f}\n"
        for _ in range(BLOCK_ROWS)
    )
    block = "".join(rows).encode()
    with (folder / "big.csv").open("wb") as file:
        file.write(",".join(COLUMNS).encode() + b"\n")
        while file.tell() < megabytes * 1_000_000:
            file.write(block)
    with zipfile.ZipFile(folder / "big.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.write(folder / "big.csv", "big.csv")
    (folder / "big.csv").unlink()
    schema = {"fields": [{"name": name, **told} for name, told in COLUMNS.items()]}
    path = folder / "schemas" / "sources" / "big.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(schema), encoding="utf-8")


# Two ways to validated Parquet, each in a child


def make_source(**changes: Any) -> Any:
    """The source of the big file."""
    from flows.catalog.models import Source

    body = {"title": {"fr": "x", "en": "x"}, "publisher": "p", "homepage": "h", "licence": "lov2"}
    told = {"name": "big", "cadence": "yearly", "format": "csv", "rows": {"min": 1, "max": 10**9}}
    return Source.model_validate(body | told | changes)


def go_by_hand(folder: Path, url: str) -> dict[str, float]:
    """Seconds of curl, unzip and the validator."""
    from flows.handover import RawFile
    from flows.settings import Settings
    from flows.steps.validate import validate_file

    plain, packed = folder / "hand", folder / "hand.zip"
    raw = RawFile("big", None, plain / "big.csv", "0" * 64, "2026-01-01")
    steps: dict[str, Callable[[], object]] = {
        "curl": lambda: run("curl", "-sSf", "--noproxy", "*", "-o", packed, url),
        "unzip": lambda: run("unzip", "-q", packed, "-d", plain),
        "validate": lambda: validate_file(Settings(folder), make_source(url=url), raw),
    }
    return {name: measure(step) for name, step in steps.items()}


def go_with_jalon(folder: Path, url: str) -> dict[str, float]:
    """Seconds of fetching and of validating what was fetched."""
    from flows.settings import Settings
    from flows.steps.fetch import fetch_source
    from flows.steps.validate import validate_file

    settings, source = Settings(folder), make_source(url=url, layout={"member": "*.csv"})
    raw: list[Any] = []
    fetching = measure(lambda: raw.extend(fetch_source(settings, source, live=True)))
    return {
        "fetch": fetching,
        "validate": measure(lambda: validate_file(settings, source, raw[0])),
    }


WAYS = {"hand": go_by_hand, "jalon": go_with_jalon}


def run(*command: object) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(each) for each in command], check=True)


def measure(call: Callable[[], object]) -> float:
    """The seconds of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def go(way: str, folder: str, url: str) -> None:
    """Go one way, and print its seconds and the peak memory of this process in MB."""
    seconds = WAYS[way](Path(folder), url)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "peak": peak}))


def tell_way(way: str, folder: Path, url: str) -> float:
    """Print what one way takes; its seconds in all."""
    command = [sys.executable, __file__, "--go", way, str(folder), url]
    done = subprocess.run(command, check=True, stdout=-1, text=True)
    told = json.loads(done.stdout)
    total = sum(told["seconds"].values())
    steps = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in told["seconds"].items())
    print(f"{way:<6} {total:8.2f} s  ({steps}), peak memory {told['peak']:.0f} MB")
    return total


# Many sources at once


def tell_many(addresses: list[str]) -> None:
    """Print how long 30 sources take at once, on hosts of their own and on a single one."""
    from flows.steps.fetch.http import Client

    chance = random.Random(2026)
    delays = [SLOWEST_SECONDS, *(chance.uniform(0.1, SLOWEST_SECONDS) for _ in addresses[1:])]
    client = Client()
    for what, hosts in (("a host each", addresses), ("one host", addresses[:1] * SOURCES)):
        urls = [f"{host}/delay/{delay:.2f}" for host, delay in zip(hosts, delays, strict=True)]
        seconds = measure(partial(read_at_once, client, urls))
        with client.open("most", f"{addresses[0]}/most") as answer:
            most = int(b"".join(answer.pieces))
        print(
            f"{SOURCES} sources, {what}: {seconds:.2f} s, the slowest {SLOWEST_SECONDS:.2f} s, one"
            f" after the other {sum(delays):.2f} s, at most {most} connections at a time"
        )


def read_at_once(client: Any, urls: list[str]) -> None:
    """Read all files, each in a thread of its own."""
    with ThreadPoolExecutor(SOURCES) as pool:
        list(pool.map(partial(read_whole, client), urls))


def read_whole(client: Any, url: str) -> int:
    """The size of a file."""
    with client.open("x", url) as answer:
        return sum(map(len, answer.pieces))


def main(megabytes: int) -> None:
    """Make the files, and print a line for each comparison."""
    os.environ["NO_PROXY"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_files(folder, megabytes)
        size = (folder / "big.zip").stat().st_size / 1e6
        print(f"a CSV of {megabytes:,} MB in a ZIP of {size:,.0f} MB")
        with serving(folder) as addresses:
            tell_many(addresses)
            hand, jalon = (tell_way(way, folder, f"{addresses[0]}/file/big.zip") for way in WAYS)
            print(f"Jalon takes {jalon / hand:.2f} × the time by hand")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--go", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve)
    elif given.go:
        go(*given.go)
    else:
        main(given.megabytes)
