"""data.gouv.fr: the current file of a dataset, since an address with a date in it rots.

See https://guides.data.gouv.fr/guide-data.gouv.fr/api-de-data.gouv.fr/reference/datasets.
"""

import re
from typing import TYPE_CHECKING, Any

from flows.catalog.apis import DataGouv
from flows.errors import SourceError
from flows.steps.fetch.apis.target import Target

if TYPE_CHECKING:
    from flows.steps.fetch.http import Client

LISTED = 10


def find_resource(client: "Client", name: str, api: DataGouv, format_: str) -> Target:
    """The newest file of the dataset that fits *api*; those that say to be a *format_* go first.

    Raises SourceError when the dataset was withdrawn (which it answers by a 410 to strangers, and
    by a date to its owners), or no file of it fits.
    """
    dataset = client.get_json(name, api.address)
    if not isinstance(dataset, dict) or not isinstance(dataset.get("resources"), list):
        problem = f"{api.address} does not answer with a dataset"
        raise SourceError(name, problem, "look at dataset: in its YAML")
    for word in ("deleted", "archived"):
        if dataset.get(word):
            problem = f"the dataset {api.dataset} was {word} on {str(dataset[word])[:10]}"
            raise SourceError(name, problem, "look for the dataset that takes its place")
    fit = [each for each in dataset["resources"] if each.get("url") and _fits(api, each)]
    if not fit:
        titles = [str(each.get("title")) for each in dataset["resources"]][:LISTED]
        problem = f"no file of {api.dataset} fits: it has {', '.join(titles) or 'none'}"
        raise SourceError(name, problem, "mend resource:, title: or schema_name: in its YAML")
    # A hint, and no filter: publishers write there what they like.
    apt = [each for each in fit if str(each.get("format")).lower().startswith(format_)]
    chosen = max(apt or fit, key=_date)
    return Target(str(chosen["url"]), _date(chosen)[:10] or None)


def _fits(api: DataGouv, resource: dict[str, Any]) -> bool:
    if api.resource is not None:
        return resource.get("id") == api.resource
    if resource.get("type") == "documentation":  # its notice often bears the same title
        return False
    if api.title is not None:
        return re.search(api.title, str(resource.get("title") or "")) is not None
    schema = resource.get("schema") or {}
    return bool(schema.get("name") == api.schema_name)


def _date(resource: dict[str, Any]) -> str:
    """When it was modified last; ISO dates sort as text."""
    return str(resource.get("last_modified") or resource.get("published") or "")
