"""Plan: what would change on data.gouv.fr, dataset by dataset.

A dataset is made private, its files are sent, what arrived is compared with what was meant, and it
is opened only then. One that is open is brought up to date in place: each resource keeps its id and
address, and is replaced whole. The platform changes no two in one step, so the dataset says so
meanwhile: `jalon:state` is `changing` from before the first change until all of it was compared.

What bears our extras is ours: `jalon:dataset` and `jalon:resource` are names that never change,
`jalon:metadata` is the hash of what was said last. What a person has changed by hand stays until
the release says something new, and what a person has closed stays closed. Nothing is removed: a
resource that a release no longer holds is said to be no longer updated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flows.errors import CatalogError, PushError
from flows.files import read_json, write_json
from flows.push.datagouv.account import AGAIN, Account, Body
from flows.push.datagouv.records import DatasetRecord, read_records
from flows.push.datagouv.wanted import Wanted, digest_of, resources_of
from flows.push.outgoing import Outgoing
from flows.push.plan import Change, Stage, stages_of
from flows.settings import Settings

DATASET, RESOURCE = "jalon:dataset", "jalon:resource"
METADATA, STATE = "jalon:metadata", "jalon:state"
DRAFT, OPEN, CHANGING, RETIRED = "draft", "open", "changing", "retired"
NO_LONGER = " (n’est plus mis à jour)"


def plan_datagouv(settings: Settings, account: Account, outgoing: Outgoing) -> list[Stage]:
    """What would change there. Raises PushError where a dataset was removed by someone."""
    records = _choose(account, outgoing)
    memory = _Memory(settings.data / "push" / f"{account.destination.name}.json")
    found = _find(account, memory, [record.name for record in records])
    datasets = [_Dataset(account, memory, each, found.get(each.name)) for each in records]
    return stages_of(*(Stage(str(each), tuple(each.changes())) for each in datasets))


def _choose(account: Account, outgoing: Outgoing) -> list[DatasetRecord]:
    """The datasets that the destination names, or all."""
    to = account.destination
    records = {each.name: each for each in read_records(outgoing, to.zones)}
    if unknown := sorted(set(to.datasets) - records.keys()):
        problem = f"{to.name}: no dataset {unknown[0]} (known: {', '.join(records)})"
        raise CatalogError("catalog/destinations.yml", problem)
    return [records[name] for name in to.datasets or records]


class _Memory:
    """The ids that datasets were given, so that they need not be looked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.ids: dict[str, str] = read_json(path)
        except (FileNotFoundError, ValueError):
            self.ids = {}  # they are found again

    def keep(self, name: str, dataset_id: str) -> None:
        """Note an id."""
        if self.ids.get(name) != dataset_id:
            self.ids[name] = dataset_id
            write_json(self._path, dict(sorted(self.ids.items())))


def _find(account: Account, memory: _Memory, names: list[str]) -> dict[str, Body]:
    """The datasets that are there: by the ids that we know, else by what their extras say."""
    known = [(name, memory.ids[name]) for name in names if name in memory.ids]
    read = {name: account.read(dataset_id) for name, dataset_id in known}
    found = {name: body for name, body in read.items() if body and _name_of(body) == name}
    if missing := [name for name in names if name not in found]:
        # Of two of a name, the older: ids ascend.
        listed = sorted(account.list(), key=lambda body: str(body["id"]), reverse=True)
        ids = {_name_of(body): str(body["id"]) for body in listed}
        read = {name: account.read(ids[name]) for name in missing if name in ids}
        found |= {name: body for name, body in read.items() if body}
    for name, body in found.items():
        _refuse_removed(account, name, body)
        memory.keep(name, str(body["id"]))
    return found


def _refuse_removed(account: Account, name: str, body: Body) -> None:
    if body.get("deleted"):
        hint = "have it restored there, or name the datasets to push under datasets:"
        raise PushError(account.destination.name, f"dataset {name} was removed there", hint)


def _name_of(body: Body) -> str:
    return str((body.get("extras") or {}).get(DATASET, ""))


@dataclass
class _Dataset:
    """One dataset, and what stands there of it, which grows as it is made."""

    account: Account
    memory: _Memory
    record: DatasetRecord
    body: Body | None
    resources: dict[tuple[str, str], Body] = field(init=False)
    wanted: list[Wanted] = field(init=False)

    def __post_init__(self) -> None:
        self.wanted = list(resources_of(self.record, self.account.destination))
        every = self.body["resources"] if self.body else []
        self.resources = {}
        for each in every:
            if name := (each.get("extras") or {}).get(RESOURCE) or self._adopt(each):
                self.resources.setdefault((name, each["filetype"]), each)

    def __str__(self) -> str:
        return str(self.record.metadata["title"])

    def changes(self) -> Iterator[Change]:
        """In the order in which they may be made: it is opened last."""
        making, is_draft = list(self._making()), self._is_draft()
        is_marked = self._state() == CHANGING  # by a push that was killed
        if making and not is_draft and not is_marked:
            yield Change("mark", f"{self} as changing", 0, partial(self._be, CHANGING))
        yield from making
        if making or is_draft or is_marked:
            yield Change("check", str(self), 0, self._check)
        if is_draft and not self.account.destination.stays_private:
            yield Change("open", str(self), 0, self._open)
        elif is_marked or (making and not is_draft):
            yield Change("unmark", str(self), 0, partial(self._be, OPEN))

    def _making(self) -> Iterator[Change]:
        if self.body is None:
            yield Change("create", f"{self}, private", 0, self._create)
        for each in reversed(self.wanted):
            yield from self._bring(each)
        held = {(each.name, each.filetype) for each in self.wanted}
        for key, resource in self.resources.items():
            if key not in held and _extras(resource).get(METADATA) != RETIRED:
                make = partial(self._retire, resource)
                yield Change("retire", f"{resource['title']} of {self}", 0, make)
        if self.body and _extras(self.body).get(METADATA) != self._digest:
            yield Change("describe", str(self), 0, self._describe)

    def _bring(self, wanted: Wanted) -> Iterator[Change]:
        """One resource to what it should be."""
        there = self.resources.get((wanted.name, wanted.filetype))
        what = f"{wanted.file.path if wanted.file else wanted.name} of {self}"
        if there is None:
            verb, make = ("send", self._send) if wanted.is_stored else ("link", self._link)
            yield Change(verb, what, wanted.bytes, partial(make, wanted))
        elif wanted.is_stored and not wanted.is_held(there):
            yield Change("replace", what, wanted.bytes, partial(self._send, wanted, there))
        elif not _says(there, wanted):
            yield Change("describe", what, 0, partial(self._say, wanted, there))

    @property
    def _id(self) -> str:
        if self.body is None:
            raise LookupError(f"{self} was not created yet")
        return str(self.body["id"])

    @property
    def _digest(self) -> str:
        return digest_of(self.record.metadata | {"contact": self.record.contact})

    def _is_draft(self) -> bool:
        """Not one that was open and that a person has closed."""
        was_open = self._state() in (OPEN, CHANGING)
        return self.body is None or (bool(self.body["private"]) and not was_open)

    def _state(self) -> str | None:
        return _extras(self.body).get(STATE) if self.body else None

    def _adopt(self, resource: Body) -> str | None:
        """What a push sent that was killed before it could say what it is: by its file's name."""
        if resource["filetype"] != "file" or resource.get("description"):
            return None
        title = _plain(resource["title"])
        files = (each for each in self.wanted if each.is_stored and each.file)
        return next((e.name for e in files if e.file and _plain(_base(e.file.path)) == title), None)

    def _create(self) -> None:
        extras = {DATASET: self.record.name, METADATA: self._digest, STATE: DRAFT}
        payload = self._metadata() | {"private": True, "extras": extras}
        dataset_id = self.account.create(payload)
        self.body = {"id": dataset_id, "private": True, "extras": extras, "resources": []}
        self.memory.keep(self.record.name, dataset_id)

    def _describe(self) -> None:
        self._update(self._metadata(), {METADATA: self._digest})

    def _be(self, state: str) -> None:
        self._update({}, {STATE: state})

    def _open(self) -> None:
        self._update({"private": False}, {STATE: OPEN})

    def _update(self, payload: Body, extras: Body) -> None:
        """What is not said stays, but for extras, which are replaced: those of others are kept."""
        there = self.body or {}
        said = {"private": there.get("private", True), "extras": _extras(there) | extras}
        self.body = self.account.update(self._id, said | payload)

    def _metadata(self) -> Body:
        if not self.record.contact:
            return self.record.metadata
        contact = {"id": self.account.contact(self.record.contact)}
        return self.record.metadata | {"contact_points": [contact]}

    def _send(self, wanted: Wanted, there: Body | None = None) -> None:
        if wanted.file is None:
            raise LookupError(f"{wanted.name} has no file")
        resource_id = str(there["id"]) if there else None
        self._say(wanted, self.account.upload(self._id, resource_id, wanted.file))

    def _link(self, wanted: Wanted) -> None:
        self.account.link(self._id, wanted.payload | {"extras": _said(wanted)})

    def _say(self, wanted: Wanted, there: Body) -> None:
        extras = _extras(there) | _said(wanted)
        self.account.describe(self._id, str(there["id"]), wanted.payload | {"extras": extras})

    def _retire(self, resource: Body) -> None:
        title = resource["title"].removesuffix(NO_LONGER) + NO_LONGER
        extras = _extras(resource) | {METADATA: RETIRED}
        payload = {"title": title, "type": "other", "extras": extras}
        self.account.describe(self._id, str(resource["id"]), payload)

    def _check(self) -> None:
        """Compare what is there with what was meant."""
        body = self.account.read(self._id) or {"resources": []}
        there = {(_extras(e).get(RESOURCE), e["filetype"]): e for e in body["resources"]}
        for each in self.wanted:
            resource = there.get((each.name, each.filetype))
            if not resource or not each.is_held(resource) or not _says(resource, each):
                problem = f"{each.name} of {self} is not what was sent"
                raise PushError(self.account.destination.name, problem, AGAIN)
        self.body = body


def _said(wanted: Wanted) -> Body:
    return {RESOURCE: wanted.name, METADATA: wanted.digest}


def _says(resource: Body, wanted: Wanted) -> bool:
    """Whether it was told what it is; replacing a file replaces the title, and nothing else."""
    is_told = _said(wanted).items() <= _extras(resource).items()
    return is_told and resource["title"] == wanted.payload["title"]


def _extras(body: Body) -> Body:
    return dict(body.get("extras") or {})


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _plain(name: str) -> str:
    """A file's name as the platform may have changed it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
