"""A server that speaks the part of data.gouv.fr's interface that a push needs, as udata answers it.

What it refuses, changes on its own and protects is that of udata 17: names of files are made plain,
a hosted resource keeps the address, size and hash that the server gave it, what a PUT does not name
stays, but extras are replaced, a new resource comes first, listings come in pages.
"""

import hashlib
import json
import re
import uuid
from itertools import count

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

KEY = "ey.Secret-key-of-nobody"
ORGANIZATION = "5f0c1a2b3c4d5e6f70819293"
EXTENSIONS = {"csv", "txt", "json", "pdf", "xlsx", "zip", "gz", "geojson"}
FREQUENCIES = {"daily", "weekly", "monthly", "quarterly", "annual", "irregular", "unknown"}
LICENCES = {"lov2", "odc-odbl", "notspecified"}
GRANULARITIES = {f"fr:{level}" for level in ("commune", "epci", "departement", "region")}
HOSTED = ("filetype", "url", "checksum", "filesize", "mime", "format")
DATASET = "/api/1/datasets/<dataset_id>/"
RESOURCE = f"{DATASET}resources/<resource_id>/"
URLS = Map(
    [
        Rule("/api/1/datasets/", methods=["POST"], endpoint="create"),
        Rule(DATASET, methods=["GET"], endpoint="read"),
        Rule(DATASET, methods=["PUT"], endpoint="update"),
        Rule(f"{DATASET}upload/", methods=["POST"], endpoint="upload"),
        Rule(f"{DATASET}resources/", methods=["POST"], endpoint="link"),
        Rule(RESOURCE, methods=["PUT"], endpoint="describe"),
        Rule(f"{RESOURCE}upload/", methods=["POST"], endpoint="replace"),
        Rule("/api/1/contacts/", methods=["POST"], endpoint="contact"),
        Rule("/api/1/organizations/<org>/datasets/", methods=["GET"], endpoint="list"),
    ]
)


class RefusalError(Exception):
    """What the server says no to."""


class Platform:
    """The datasets, contact points and files of one platform; a WSGI application."""

    def __init__(self):
        self.datasets, self.contacts, self.files, self.numbers = {}, [], {}, count()
        self.most_bytes = 10_000_000

    def __call__(self, environ, start_response):
        with Request(environ) as request:
            status, body = self.answer(environ, request)
            request.get_data()  # what is left of an upload that was refused
        answer = Response(json.dumps(body), status, mimetype="application/json")
        return answer(environ, start_response)

    def answer(self, environ, request):
        if request.headers.get("X-API-KEY") != KEY:
            return 401, {"message": "Invalid API Key"}
        try:
            endpoint, given = URLS.bind_to_environ(environ).match()
            return getattr(self, endpoint)(request, **given)
        except RefusalError as refusal:
            return refusal.args
        except HTTPException as error:
            return error.code, {"message": error.name}

    # Requests

    def list(self, request, org):
        if org != ORGANIZATION:
            raise RefusalError(404, {"message": "No such organisation"})
        page, size = int(request.args.get("page", 1)), 2  # whatever was asked for
        every = list(self.datasets.values())
        part = every[(page - 1) * size : page * size]
        more = f"{request.base_url}?page={page + 1}" if page * size < len(every) else None
        return 200, {"data": [self.show(each) for each in part], "next_page": more}

    def create(self, request):
        body = self.read_dataset(request.get_json())
        if not body.get("title") or not body.get("description"):
            raise RefusalError(400, {"errors": {"title": ["This field is required."]}})
        number = len(self.datasets) + 1
        dataset = {"private": False, "extras": {}, "deleted": None, "resources": []} | body
        dataset["id"] = hashlib.sha1(b"%d" % number, usedforsecurity=False).hexdigest()[:24]
        self.datasets[dataset["id"]] = dataset
        return 201, self.show(dataset)

    def read(self, request, dataset_id):
        return 200, self.show(self.find(dataset_id))

    def update(self, request, dataset_id):
        dataset = self.find(dataset_id)
        if dataset["deleted"]:
            raise RefusalError(410, {"message": "Dataset has been deleted"})
        dataset |= self.read_dataset(request.get_json())
        return 200, self.show(dataset)

    def upload(self, request, dataset_id):
        dataset = self.find(dataset_id)
        resource = {"description": None, "type": "main", "extras": {}, "schema": None}
        resource["id"] = self.next_id()
        resource |= self.store(request)
        dataset["resources"].insert(0, resource)
        return 201, resource | {"success": True}

    def replace(self, request, dataset_id, resource_id):
        resource = self.find_resource(dataset_id, resource_id)
        resource |= self.store(request)
        return 200, resource | {"success": True}

    def link(self, request, dataset_id):
        dataset = self.find(dataset_id)
        body = self.read_resource(request.get_json())
        if body.get("filetype") != "remote":
            raise RefusalError(400, {"message": "This endpoint only supports remote resources"})
        resource = {"description": None, "extras": {}, "schema": None} | body
        resource["id"] = self.next_id()
        dataset["resources"].insert(0, resource)
        return 201, resource

    def describe(self, request, dataset_id, resource_id):
        resource = self.find_resource(dataset_id, resource_id)
        body = self.read_resource(request.get_json())
        if body.get("filetype", resource["filetype"]) != resource["filetype"]:
            raise RefusalError(400, {"message": "Cannot modify filetype after creation"})
        hosted = HOSTED if resource["filetype"] == "file" else ()
        resource |= {key: value for key, value in body.items() if key not in hosted}
        return 200, resource

    def contact(self, request):
        body = request.get_json()
        if not body.get("email") and not body.get("contact_form"):
            raise RefusalError(400, {"message": "At least an email or a contact form is required"})
        is_new = body not in self.contacts
        if is_new:
            self.contacts.append(body)
        return 201 if is_new else 200, body | {"id": f"{self.contacts.index(body):024x}"}

    # What they have in common

    def find(self, dataset_id):
        if dataset_id not in self.datasets:
            raise RefusalError(404, {"message": "Dataset not found"})
        return self.datasets[dataset_id]

    def find_resource(self, dataset_id, resource_id):
        for each in self.find(dataset_id)["resources"]:
            if each["id"] == resource_id:
                return each
        raise RefusalError(404, {"message": "Resource does not exist"})

    def next_id(self):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, str(next(self.numbers))))

    def show(self, dataset):
        organization = {"id": ORGANIZATION, "name": "Commune"}
        return dataset | {"organization": organization, "slug": plain(dataset["title"])}

    def store(self, request):
        file = request.files["file"]
        data = file.read()
        if len(data) > self.most_bytes:
            raise RefusalError(413, {"message": "Request Entity Too Large"})
        name = plain(file.filename)
        if name.rsplit(".", 1)[-1] not in EXTENSIONS:
            raise RefusalError(400, {"message": f"{name}: extension not allowed"})
        sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        url = f"https://static.example/{sha1[:8]}/{name}"
        self.files[url] = data
        return {
            "title": name,
            "filetype": "file",
            "url": url,
            "checksum": {"type": "sha1", "value": sha1},
            "filesize": len(data),
            "format": name.partition(".")[2],
            "mime": "text/csv",
        }

    def read_dataset(self, body):
        errors = {}
        if body.get("frequency", "unknown") not in FREQUENCIES:
            errors["frequency"] = ["Not a valid choice"]
        if body.get("license", "lov2") not in LICENCES:
            errors["license"] = ["Unknown license"]
        if body.get("spatial", {}).get("granularity", "fr:commune") not in GRANULARITIES:
            errors["spatial"] = ["Not a valid choice"]
        if any(zone != "country:fr" for zone in body.get("spatial", {}).get("zones", [])):
            errors["zones"] = ["Unknown geoid(s)"]
        if any(not 3 <= len(tag) <= 96 for tag in body.get("tags", [])):
            errors["tags"] = ["must be between 3 and 96 characters long"]
        if errors:
            raise RefusalError(400, {"errors": errors})
        tags = {"tags": sorted(plain(tag) for tag in body["tags"])} if "tags" in body else {}
        return body | tags

    def read_resource(self, body):
        types = {"main", "documentation", "update", "api", "code", "other"}
        if body.get("type", "main") not in types or not body.get("title"):
            raise RefusalError(400, {"errors": {"type": ["Not a valid choice"]}})
        return body

    # What a test compares

    def state(self):
        """All but ids, and the order of resources."""
        return {
            dataset["extras"].get("jalon:dataset"): {
                "said": {k: v for k, v in dataset.items() if k not in ("id", "resources")},
                "resources": sorted(
                    json.dumps({k: v for k, v in each.items() if k != "id"}, sort_keys=True)
                    for each in dataset["resources"]
                ),
            }
            for dataset in self.datasets.values()
        }

    def dataset(self, name):
        every = [d for d in self.datasets.values() if d["extras"].get("jalon:dataset") == name]
        assert len(every) == 1, f"{len(every)} datasets {name}"
        return every[0]

    def resource(self, dataset, name):
        every = self.dataset(dataset)["resources"]
        found = [each for each in every if each["extras"].get("jalon:resource") == name]
        assert len(found) == 1, f"{len(found)} resources {name}"
        return found[0]


def plain(name):
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")
