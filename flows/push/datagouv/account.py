"""Account: data.gouv.fr through its official client, one method a request, as one organisation.

The client tries every call again, creations too: after an answer that was lost, it would make a
dataset twice. Here only what may be repeated is, and where time can heal; a creation that was not
heard of is found by the next push, by what its extras say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from datagouv import Client, Dataset, Resource
from datagouv.api.dataset import DatasetCreator
from datagouv.api.resource import ResourceCreator
from datagouv.utils.base_object import BaseObject
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential

from flows.catalog.destinations import DataGouv
from flows.errors import PipelineError, PushError
from flows.push.outgoing import OutgoingFile
from flows.push.secrets import find_secret

AGAIN = "push again: what is there is not made twice"
HINTS = {
    400: "mend what it names in the catalogue, run, and push again",
    401: "look at the secret that api_key: names",
    403: "look at the secret that api_key: names, and at the rights of its owner there",
    404: "look at organization: in catalog/destinations.yml",
    410: "it was removed there: have it restored, or name the datasets to push under datasets:",
    413: "lower largest_megabytes: in catalog/destinations.yml, so that it is linked",
    415: "name the datasets to push under datasets: in catalog/destinations.yml, without this one",
}
LONGEST = 300  # characters of what a server says
SLOWEST = 50_000  # bytes a second of an upload that is still worth waiting for
PATIENCE_SECONDS = 60
Body = dict[str, Any]


def _time_may_heal(error: BaseException) -> bool:
    cause = error.__cause__ if isinstance(error.__cause__, httpx.HTTPError) else error
    if isinstance(cause, httpx.HTTPStatusError):
        return cause.response.status_code >= 500 or cause.response.status_code == 429
    return isinstance(cause, httpx.TransportError)


RETRY = retry_if_exception(_time_may_heal)
STOP = stop_after_attempt(3)
WAIT = wait_exponential(multiplier=2, max=20)
# The policies of the client itself, which also prints what it does.
for repeated in (BaseObject.update, DatasetCreator.create, ResourceCreator.create_remote):
    repeated.retry.before_sleep = None
BaseObject.update.retry.retry = RETRY
BaseObject.update.retry.stop = STOP
BaseObject.update.retry.wait = WAIT
for creation in (DatasetCreator.create, ResourceCreator.create_remote):
    creation.retry.stop = stop_after_attempt(1)


class Account:
    """What the key of one destination may do there; no secret stands in what it says."""

    def __init__(self, destination: DataGouv) -> None:
        self.destination = destination
        self._key = find_secret(destination.name, destination.api_key)
        environment = destination.environment
        patience = httpx.Timeout(PATIENCE_SECONDS)
        self._client = Client(environment, self._key, verbose=False, timeout=patience)
        if destination.address:
            self._client.base_url = destination.address

    def close(self) -> None:
        """End its connections."""
        self._client.session.close()

    def list(self) -> list[Body]:
        """The id, state and extras of each dataset of the organisation, private ones too."""
        where = f"api/1/organizations/{self.destination.organization}/datasets/?page_size=100"
        with self._errors("the datasets of the organisation"):
            found = self._client.get_all_from_api_query(where, mask="data{id,deleted,extras}")
            return list(found)

    def read(self, dataset_id: str) -> Body | None:
        """The dataset with its resources, or nothing if there is none of that id."""
        with self._errors(f"dataset {dataset_id}"):
            answer = self._ask("GET", f"api/1/datasets/{dataset_id}/")
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            return self._body(answer)

    def create(self, payload: Body) -> str:
        """The id of a new dataset of the organisation."""
        with self._errors(f"dataset {payload['title']}"):
            owned = payload | {"organization": self.destination.organization}
            return str(self._client.dataset().create(owned).id)

    def update(self, dataset_id: str, payload: Body) -> Body:
        """The dataset, changed."""
        with self._errors(f"dataset {dataset_id}"):
            known = Dataset(dataset_id, fetch=False, _client=self._client)
            return self._body(known.update(payload))

    def upload(self, dataset_id: str, resource_id: str | None, file: OutgoingFile) -> Body:
        """A resource that holds the file: a new one, or the one of that id."""
        where = f"{self._client.base_url}/api/1/datasets/{dataset_id}/"
        where += f"resources/{resource_id}/upload/" if resource_id else "upload/"
        patience = PATIENCE_SECONDS + file.bytes / SLOWEST
        # The client leaves the files that it sends open, and waits for all of them equally long.
        with self._errors(file.path), file.source.open("rb") as body:
            name = file.path.rsplit("/", 1)[-1]
            answer = self._client.session.post(
                where, files={"file": (name, body)}, timeout=patience
            )
            return self._body(answer)

    def link(self, dataset_id: str, payload: Body) -> None:
        """Make a resource that stands elsewhere."""
        with self._errors(payload["url"]):
            self._client.resource().create_remote(payload, dataset_id)

    def describe(self, dataset_id: str, resource_id: str, payload: Body) -> None:
        """Change what is said of a resource."""
        with self._errors(f"resource {payload['title']}"):
            known = Resource(resource_id, dataset_id, fetch=False, _client=self._client)
            known.update(payload)

    def contact(self, contact: Body) -> str:
        """The id of a contact point, which the platform makes only if there is none like it."""
        payload = contact | {"organization": self.destination.organization}
        with self._errors("the contact point"):
            return str(self._body(self._ask("POST", "api/1/contacts/", payload))["id"])

    @retry(retry=RETRY, stop=STOP, wait=WAIT, reraise=True)
    def _ask(self, method: str, path: str, payload: Body | None = None) -> httpx.Response:
        """A request that may be made twice."""
        where = f"{self._client.base_url}/{path}"
        answer: httpx.Response = self._client.session.request(method, where, json=payload)
        if answer.status_code != httpx.codes.NOT_FOUND:
            answer.raise_for_status()
        return answer

    def _body(self, answer: httpx.Response) -> Body:
        answer.raise_for_status()
        body: Body = answer.json()
        return body

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        """Turn a refusal or a silence into one sentence about *what*."""
        try:
            yield
        except (PipelineError, OSError):
            raise
        except Exception as error:
            cause = error if isinstance(error, httpx.HTTPError | ValueError) else error.__cause__
            if cause is None:
                raise
            raise self._tell(what, cause) from None  # whose request holds the key

    def _tell(self, what: str, cause: BaseException) -> PushError:
        if not isinstance(cause, httpx.HTTPStatusError):
            told = f"no answer to use ({type(cause).__name__})"
            return PushError(self.destination.name, f"{what}: {told}", AGAIN)
        code = cause.response.status_code
        said = " ".join(cause.response.text.split())[:LONGEST].replace(self._key, "…")
        return PushError(
            self.destination.name, f"{what}: refused with {code}: {said}", HINTS.get(code, AGAIN)
        )
