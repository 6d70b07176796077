"""Time of a push to a folder and to a bucket, against the bare copies that they cannot do without.

    python benchmarks/push.py [PROJECT]

A push to a folder reads the release to check it, copies it, and reads the copy: the second row does
the same with `sha256sum`, and no more. A push to a bucket, of a server on loopback in a process of
its own, sends each file, has it copied to its constant address and compares the listings; its floor
puts each file at one address, and no more. Pushes of what is there already only read.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.catalog.destinations import S3, Destination, Folder
from flows.publish.release import find_latest
from flows.push.bucket import Bucket
from flows.push.outgoing import find_outgoing
from flows.push.push import push_release
from flows.settings import Settings, find_settings

ROUNDS, PORT = 3, 5371
CHECK = "sha256sum --quiet -c SHA256SUMS"
CHECKED = f'cd "$0" && {CHECK} && cp -r . "$1" && cd "$1" && {CHECK}'


def main() -> None:
    """Print each time, the best of three for a folder, and its ratio to the floor."""
    project = find_settings(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    release = find_latest(project.public)
    if release is None:
        sys.exit("no release yet: jalon run makes one")
    with TemporaryDirectory(dir=project.data) as folder:
        settings = Settings(Path(folder))
        settings.public.symlink_to(project.public)
        time_folder(settings, release)
        time_bucket(settings)


def time_folder(settings: Settings, release: Path) -> None:
    """Against `cp -r`, whole and checked."""
    folder = str(settings.root)
    floor = best(folder, lambda to: run("cp", "-r", str(release), str(to)))
    checked = best(folder, lambda to: run("bash", "-c", CHECKED, str(release), str(to)))
    tell("cp -r", floor, floor)
    tell("sha256sum, cp -r, sha256sum", checked, floor)
    tell("push to a folder", best(folder, lambda to: push_to_folder(settings, to)), floor)
    there = settings.root / "there"
    push_to_folder(settings, there)
    tell("of what is there", time_of(lambda: push_to_folder(settings, there)), floor)


def time_bucket(settings: Settings) -> None:
    """Against the bare requests that put each file."""
    os.environ |= {"BENCHMARK_KEY": "key", "BENCHMARK_SECRET": "secret"}
    destination = S3(
        name="bucket",
        kind="s3",
        bucket="open-data",
        endpoint=f"http://127.0.0.1:{PORT}",
        access_key="benchmark-key",
        secret_key="benchmark-secret",
    )
    with serve(), closing(Bucket(destination)) as bucket:
        bucket._client.create_bucket(Bucket="open-data")
        files = find_outgoing(settings, None).files
        floor = time_of(lambda: [bucket.put(f"bare/{each.path}", each, "") for each in files])
        tell("put each file", floor, floor)
        tell("push to a bucket", time_of(lambda: push(settings, destination)), floor)
        tell("of what is there", time_of(lambda: push(settings, destination)), floor)


@contextmanager
def serve() -> Iterator[None]:
    """A server that speaks S3, until the end of the block."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(PORT)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            while not is_open():
                time.sleep(0.1)
            yield
        finally:
            server.terminate()


def is_open() -> bool:
    """Whether the server listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def push_to_folder(settings: Settings, to: Path) -> None:
    """Send the release to a folder."""
    push(settings, Folder(name="there", kind="folder", path=str(to)))


def push(settings: Settings, destination: Destination) -> None:
    """Send the release."""
    push_release(settings, destination, find_outgoing(settings, None), lambda _: None, False)


def run(*command: str) -> None:
    """Run a command that must not fail."""
    subprocess.run(command, check=True)


def best(folder: str, action: Callable[[Path], object]) -> float:
    """The shortest of some rounds, each into a folder of its own."""
    times = []
    for _ in range(ROUNDS):
        with TemporaryDirectory(dir=folder) as to:
            times.append(time_of(lambda to=to: action(Path(to) / "there")))
    return min(times)


def time_of(action: Callable[[], object]) -> float:
    """The seconds that it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def tell(name: str, seconds: float, floor: float) -> None:
    """One row."""
    print(f"{name:30} {seconds:8.2f} s {seconds / floor:8.2f} x its floor")


if __name__ == "__main__":
    main()
