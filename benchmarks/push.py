"""Time of a push to a folder, against `cp -r`, and against it with `sha256sum` before and after.

    python benchmarks/push.py [PROJECT]

A push reads the release to check it, copies it, and reads the copy: the second floor does the same
and no more. The last row is a push of what is there already, which only reads both.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.catalog.destinations import Folder
from flows.publish.release import find_latest
from flows.push.outgoing import find_outgoing
from flows.push.push import push_release
from flows.settings import Settings, find_settings

ROUNDS = 3
CHECK = "sha256sum --quiet -c SHA256SUMS"
CHECKED = f'cd "$0" && {CHECK} && cp -r . "$1" && cd "$1" && {CHECK}'


def main() -> None:
    """Print each time, the best of three, and its ratio to `cp -r`."""
    project = find_settings(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    release = find_latest(project.public)
    if release is None:
        sys.exit("no release yet: jalon run makes one")
    with TemporaryDirectory(dir=project.data) as folder:
        settings = Settings(Path(folder))
        settings.public.symlink_to(project.public)
        floor = best(folder, lambda to: run("cp", "-r", str(release), str(to)))
        checked = best(folder, lambda to: run("bash", "-c", CHECKED, str(release), str(to)))
        tell("cp -r", floor, floor)
        tell("sha256sum, cp -r, sha256sum", checked, floor)
        tell("push", best(folder, lambda to: push(settings, to)), floor)
        there = Path(folder) / "there"
        push(settings, there)
        tell("push of what is there", time_of(lambda: push(settings, there)), floor)


def push(settings: Settings, to: Path) -> None:
    """Send the release to a folder."""
    destination = Folder(name="there", kind="folder", path=str(to))
    push_release(settings, destination, find_outgoing(settings, None), lambda _: None, False)


def run(*command: str) -> None:
    """Run a command that must not fail."""
    subprocess.run(command, check=True)


def best(folder: str, action: Callable[[Path], None]) -> float:
    """The shortest of some rounds, each into a folder of its own."""
    times = []
    for _ in range(ROUNDS):
        with TemporaryDirectory(dir=folder) as to:
            times.append(time_of(lambda to=to: action(Path(to) / "there")))
    return min(times)


def time_of(action: Callable[[], None]) -> float:
    """The seconds that it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def tell(name: str, seconds: float, floor: float) -> None:
    """One row."""
    print(f"{name:30} {seconds:8.2f} s {seconds / floor:8.2f} x cp -r")


if __name__ == "__main__":
    main()
