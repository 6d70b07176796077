"""How `jalon serve` compares with nginx, on the same file of a territory, on this machine.

Usage: python benchmarks/serve.py [PUBLIC] (a folder with a release; else public/ of the project).
It needs nginx and wrk, and says so where they are not there. Each server is asked in turn by the
same wrk, over connections that stay open, three times; the best of each counts. Latency is told by
wrk over one connection, when nothing else is asked.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATH = "api/v1/territories/EPCI-243500139.json"
SECONDS, CONNECTIONS, ROUNDS = 3, 16, 3
NGINX = """\
worker_processes auto;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
daemon off;
events {{}}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 100000000;
  types {{ application/json json; }}
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@contextmanager
def running(command: list[str], address: str) -> Iterator[None]:
    """A server while the block runs; it answers once the block begins."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(address)
            yield
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    """Return once *address* answers."""
    for _ in range(200):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{address} does not answer")


def ask(address: str, connections: int) -> tuple[float, float]:
    """Requests a second, and the median of their milliseconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(told)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", told).groups()
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure(address: str) -> tuple[float, float]:
    """The best rate over many connections, and the least median over one."""
    rates = [ask(address, CONNECTIONS)[0] for _ in range(ROUNDS)]
    return max(rates), min(ask(address, 1)[1] for _ in range(ROUNDS))


def main() -> None:
    """Measure both, and say how they compare."""
    if missing := [name for name in ("nginx", "wrk") if not shutil.which(name)]:
        print(f"not measured: {' and '.join(missing)} not installed (apt-get install nginx wrk)")
        return
    public = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "public").resolve()
    if not (public / "latest" / PATH).is_file():
        sys.exit(f"{public}/latest/{PATH}: not there; jalon run publishes a release")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=8091, root=public / "latest"))
        address = f"http://127.0.0.1:8091/{PATH}"
        with running(["nginx", "-c", str(config)], address):
            found["nginx"] = measure(address)
    serve = [sys.executable, "-m", "flows", "--root", str(public.parent), "serve", "--port", "8092"]
    address = f"http://127.0.0.1:8092/{PATH}"
    with running(serve, address):
        found["jalon serve"] = measure(address)
    print(f"{PATH}, {(public / 'latest' / PATH).stat().st_size:,} bytes")
    for name, (rate, median) in found.items():
        print(f"{name:<12} {rate:>10,.0f} requests/s {median:>8.3f} ms at the median")
    ratio = found["jalon serve"][0] / found["nginx"][0]
    print(f"jalon serve reaches {ratio:.0%} of nginx (wanted: 20 % or more, and under 5 ms)")


if __name__ == "__main__":
    main()
