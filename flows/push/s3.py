"""S3: the release under an address of its own, then `latest/`, and a pointer that says which.

No storage moves many objects in one step, so that readers have two ways to one release:

- `latest.json` names the newest release that is whole, and where it stands (`releases/<name>/`),
  which never changes. It is written once all of that was sent, listed and compared.
- `latest/` has constant addresses. While it changes, from before the first object until after the
  last, `latest.json` says `"changing": true`. Who read it before and after, and found it the same
  and not changing, read one release in between.

Order: the release, its SHA256SUMS after all else; the listing is compared; the pointer says that
`latest/` changes; the storage copies what differs, files in folders first, then those at the top,
which name them, then SHA256SUMS; the listing is compared; the pointer says the new release; what no
release of today holds is removed from `latest/`. Stopped anywhere, the next push does the rest.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from flows.errors import PushError
from flows.publish.release import SUMS
from flows.push.bucket import AGAIN, AT_ONCE, IMMUTABLE, REVALIDATED, Bucket, Stored
from flows.push.outgoing import Outgoing, OutgoingFile
from flows.push.plan import Change, Stage, stages_of

POINTER = "latest.json"
Listing = dict[str, Stored]


def plan_s3(bucket: Bucket, outgoing: Outgoing) -> list[Stage]:
    """What would change in the bucket. Raises PushError where the name is taken by another."""
    home = f"releases/{outgoing.name}/"
    there, latest = bucket.list(home), bucket.list("latest/")
    _refuse_another(bucket, home, there, outgoing)
    missing = _differing(bucket, home, there, outgoing.files)
    stale_there = sorted(there.keys() - {file.path for file in outgoing.files})
    sending = [
        *(_put_stage(bucket, home, files) for files in _in_order(missing)),
        _remove_stage(bucket, home, stale_there),
    ]
    return stages_of(
        *sending,
        _check_stage(bucket, home, outgoing, sending),
        *_plan_latest(bucket, home, latest, outgoing),
        _listing_stage(bucket, outgoing),
        _remove_stage(bucket, "latest/", _stale(latest, outgoing)),
    )


def _plan_latest(bucket: Bucket, home: str, latest: Listing, outgoing: Outgoing) -> list[Stage]:
    """`latest/` between two writings of the pointer."""
    before = bucket.read_json(POINTER)
    after = {
        "release": outgoing.name,
        "path": home,
        "sha256sums": next(file.sha256 for file in outgoing.files if file.path == SUMS),
        "changing": False,
    }
    differing = _differing(bucket, "latest/", latest, outgoing.files)
    copying = [_copy_stage(bucket, home, files) for files in _in_order(differing)]
    announced = before | {"changing": True} if before and differing else before
    return [
        _point_stage(bucket, "say that latest/ changes", before, announced),
        *copying,
        _check_stage(bucket, "latest/", outgoing, copying),
        _point_stage(bucket, f"point {POINTER} at {home}", announced, after),
    ]


def _refuse_another(bucket: Bucket, home: str, there: Listing, outgoing: Outgoing) -> None:
    """SHA256SUMS is sent last: where it stands, a whole release was sent under that name."""
    sums = next(file for file in outgoing.files if file.path == SUMS)
    if SUMS in there and not bucket.is_same(home + SUMS, there[SUMS], sums):
        where = f"{bucket.destination.bucket}/{bucket.destination.prefix}{home}"
        hint = "give another prefix, or remove it there, then push again"
        raise PushError(bucket.destination.name, f"{where} is another release of that name", hint)


def _differing(
    bucket: Bucket, folder: str, there: Listing, files: Iterable[OutgoingFile]
) -> list[OutgoingFile]:
    return [
        file for file in files if not bucket.is_same(folder + file.path, there.get(file.path), file)
    ]


def _in_order(files: list[OutgoingFile]) -> Iterator[list[OutgoingFile]]:
    """Files in folders, then those at the top, which speak of them, then the sums of all."""
    yield [file for file in files if "/" in file.path]
    yield [file for file in files if "/" not in file.path and file.path != SUMS]
    yield [file for file in files if file.path == SUMS]


def _put_stage(bucket: Bucket, home: str, files: list[OutgoingFile]) -> Stage:
    changes = (
        Change("send", home + f.path, f.bytes, partial(bucket.put, home + f.path, f, IMMUTABLE))
        for f in files
    )
    return Stage(f"send {home}", tuple(changes), AT_ONCE)


def _copy_stage(bucket: Bucket, home: str, files: list[OutgoingFile]) -> Stage:
    changes = (
        Change(
            "copy",
            f"latest/{file.path}",
            0,
            partial(bucket.copy, home + file.path, f"latest/{file.path}", file, REVALIDATED),
        )
        for file in files
    )
    return Stage("copy to latest/", tuple(changes), AT_ONCE)


def _remove_stage(bucket: Bucket, folder: str, paths: list[str]) -> Stage:
    changes = (
        Change("remove", folder + path, 0, partial(bucket.remove, folder + path)) for path in paths
    )
    return Stage(f"remove from {folder}", tuple(changes), AT_ONCE)


def _point_stage(bucket: Bucket, what: str, before: object, after: dict[str, object]) -> Stage:
    change = Change("write", what, 0, partial(bucket.put_json, POINTER, after))
    return Stage(what, (change,) if before != after else ())


def _listing_stage(bucket: Bucket, outgoing: Outgoing) -> Stage:
    """The files beside the releases, which speak of them."""
    there = bucket.list("releases/", deep=False) if outgoing.listing else {}
    changes = (
        Change(
            "send",
            f"releases/{file.path}",
            file.bytes,
            partial(bucket.put, f"releases/{file.path}", file, REVALIDATED),
        )
        for file in _differing(bucket, "releases/", there, outgoing.listing)
    )
    return Stage("send the list of releases", tuple(changes))


def _check_stage(bucket: Bucket, folder: str, outgoing: Outgoing, sent: Iterable[Stage]) -> Stage:
    """Compare what is listed with what was meant, wherever something was changed."""
    check = Change("check", folder, 0, partial(_check, bucket, folder, outgoing))
    return Stage(f"check {folder}", (check,) if any(stage.changes for stage in sent) else ())


def _check(bucket: Bucket, folder: str, outgoing: Outgoing) -> None:
    for file in _differing(bucket, folder, bucket.list(folder), outgoing.files):
        where = f"{bucket.destination.bucket}/{bucket.destination.prefix}{folder}{file.path}"
        raise PushError(bucket.destination.name, f"{where} is not what was sent", AGAIN)


def _stale(latest: Listing, outgoing: Outgoing) -> list[str]:
    return sorted(latest.keys() - {file.path for file in outgoing.files})
