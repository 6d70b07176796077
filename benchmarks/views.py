"""First views of a national release in a browser: when something is painted, and what is fetched.

`python benchmarks/views.py [PROJECT]`: PROJECT holds a release (default: here), sent by our server.
Of territories, the heaviest are looked at: the limit is on what is sent, compressed. Each page is
looked at RUNS times, and the earliest paint counts. It needs chromium of Debian.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from flows.publish.release import find_latest
from flows.settings import find_settings

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
MOST_BYTES, MOST_MS = 150_000, 1_000
RUNS = 3
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
UNPACKED = "performance.getEntries().reduce((sum, each) => sum + (each.decodedBodySize ?? 0), 0)"


def main() -> None:
    """Tell each view, and whether it keeps within the limits."""
    settings = find_settings(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    release = find_latest(settings.public)
    assert release, "run the project first"
    with serving(settings.root) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for path in choose(release):
            tell(path, [look(browser, address, path) for _ in range(RUNS)])
        browser.close()


def choose(release: Path) -> list[str]:
    """Home, a territory of each level, and a commune of the largest file."""
    pages = ["fr/", "fr/territoire/", "fr/territoire/FRA/"]
    for prefix in ("REG", "DEP", "EPCI"):
        found = (release / "fr/territoire").glob(f"{prefix}-*/index.html")
        heaviest = max(found, key=lambda page: page.stat().st_size)
        pages.append(f"fr/territoire/{heaviest.parent.name}/")
    shard = max((release / "api/v1/communes").glob("*.json"), key=lambda file: file.stat().st_size)
    leads = f"<a href=../{shard.stem}/>"
    stubs = (release / "fr/territoire").glob("COM-*/index.html")
    commune = next(each for each in stubs if leads in each.read_text(encoding="utf-8"))
    return [*pages, f"fr/territoire/{commune.parent.name}/"]


def look(browser: Browser, address: str, path: str) -> tuple[float, int, int]:
    """Milliseconds until something is painted, bytes sent and bytes unpacked; nothing is cached."""
    page = browser.new_page(base_url=address)
    sent: list[int] = []
    page.on("requestfinished", lambda asked: sent.append(asked.sizes()["responseBodySize"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    painted, unpacked = page.evaluate(PAINTED), page.evaluate(UNPACKED)
    page.close()
    return painted, sum(sent), unpacked


def tell(path: str, views: list[tuple[float, int, int]]) -> None:
    """The earliest of *views*, against the limits."""
    painted, sent, unpacked = min(views)
    kept = "kept" if sent <= MOST_BYTES and painted <= MOST_MS else "NOT KEPT"
    print(
        f"{path:<33}{sent / 1e3:6.1f} kB sent, {unpacked / 1e3:6.1f} kB unpacked,"
        f" painted after {painted:5.0f} ms ({kept}: {MOST_BYTES / 1e3:.0f} kB, {MOST_MS} ms)"
    )


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """`jalon serve` while the block runs; its address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "flows", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/latest/"
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    """Return once the port answers."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    main()
