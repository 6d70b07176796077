"""Bucket: storage that speaks S3, one request a method, and its refusals in one sentence.

An object is put in one request and is there whole or not at all, so that nothing half-sent has to
be found again. The server checks what arrives against Content-MD5, which every such storage knows;
the newer checksums are not known to all.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from flows.catalog.destinations import S3
from flows.errors import PushError
from flows.media_types import served_type_of
from flows.push.outgoing import OutgoingFile
from flows.push.secrets import find_secret

AT_ONCE = 8
MOST_BYTES = 5 * 1024**3  # what storage takes in one request
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"  # kept, and asked for again each time: 304 while it has not changed
AGAIN = "push again: what has arrived is not sent twice"
HINTS = {
    "NoSuchBucket": "make the bucket, or mend its name in catalog/destinations.yml",
    "AccessDenied": "give the key the rights to list, read, write and remove there",
    "InvalidAccessKeyId": "look at the secret that access_key: names",
    "SignatureDoesNotMatch": "look at the secret that secret_key: names",
}


@dataclass(frozen=True)
class Stored:
    """An object as a listing tells it."""

    bytes: int
    etag: str


class Bucket:
    """The objects of one destination, by their path under its prefix."""

    def __init__(self, destination: S3) -> None:
        self.destination = destination
        config = Config(
            connect_timeout=20,
            read_timeout=120,
            retries={"mode": "standard"},
            max_pool_connections=AT_ONCE,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if destination.endpoint else "auto"},
        )
        self._client = boto3.client(
            "s3",
            endpoint_url=destination.endpoint,
            region_name=destination.region,
            aws_access_key_id=find_secret(destination.name, destination.access_key),
            aws_secret_access_key=find_secret(destination.name, destination.secret_key),
            config=config,
        )

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    def list(self, folder: str, deep: bool = True) -> dict[str, Stored]:
        """What stands under *folder*, by its path there."""
        prefix = self.destination.prefix + folder
        asked = {"Bucket": self.destination.bucket, "Prefix": prefix}
        asked |= {} if deep else {"Delimiter": "/"}
        found = {}
        with self._errors(folder):
            for page in self._client.get_paginator("list_objects_v2").paginate(**asked):
                for each in page.get("Contents", []):
                    path = each["Key"].removeprefix(prefix)
                    found[path] = Stored(each["Size"], each["ETag"].strip('"'))
        return found

    def put(self, path: str, file: OutgoingFile, cache: str) -> None:
        """Send a file whole."""
        if file.bytes > MOST_BYTES:
            problem = f"{file.path} is larger than the 5 GB that storage takes at once"
            raise PushError(self.destination.name, problem, "publish it in parts")
        with self._errors(path), file.source.open("rb") as body:
            digest = base64.b64encode(bytes.fromhex(md5_of(file))).decode()
            said = self._say(path, file.sha256, cache)
            self._client.put_object(**said, Body=body, ContentMD5=digest)

    def copy(self, source: str, path: str, file: OutgoingFile, cache: str) -> None:
        """Let the storage copy *source*, which holds that file, without sending it."""
        key = {"Bucket": self.destination.bucket, "Key": self.destination.prefix + source}
        said = self._say(path, file.sha256, cache)
        with self._errors(path):
            self._client.copy_object(**said, CopySource=key, MetadataDirective="REPLACE")

    def put_json(self, path: str, body: dict[str, Any]) -> None:
        """Write a small object of ours."""
        data = (json.dumps(body, indent=2) + "\n").encode()
        said = self._say(path, hashlib.sha256(data).hexdigest(), REVALIDATED)
        with self._errors(path):
            self._client.put_object(**said, Body=data)

    def read_json(self, path: str) -> dict[str, Any]:
        """What a small object of ours says; nothing if it is not there, or cannot be read."""
        with self._errors(path):
            try:
                answer = self._client.get_object(**self._where(path))
            except self._client.exceptions.NoSuchKey:
                return {}
            with answer["Body"] as body:
                text = body.read()
        try:
            told = json.loads(text)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def remove(self, path: str) -> None:
        """Remove an object, if it is there."""
        with self._errors(path):
            self._client.delete_object(**self._where(path))

    def is_same(self, path: str, stored: Stored | None, file: OutgoingFile) -> bool:
        """Whether an object holds that file: by its ETag, else by what we noted when it was sent.

        An ETag is the MD5 of what was put, unless the storage encrypts with keys of its own.
        """
        if stored is None or stored.bytes != file.bytes:
            return False
        return stored.etag == md5_of(file) or self._noted(path) == file.sha256

    def _noted(self, path: str) -> str | None:
        with self._errors(path):
            head = self._client.head_object(**self._where(path))
        noted: str | None = head["Metadata"].get("sha256")
        return noted

    def _where(self, path: str) -> dict[str, str]:
        return {"Bucket": self.destination.bucket, "Key": self.destination.prefix + path}

    def _say(self, path: str, sha256: str, cache: str) -> dict[str, Any]:
        said = {
            "ContentType": served_type_of(path),
            "CacheControl": cache,
            "Metadata": {"sha256": sha256},
        }
        acl = self.destination.acl
        return self._where(path) | said | ({"ACL": acl} if acl else {})

    @contextmanager
    def _errors(self, path: str) -> Iterator[None]:
        """Turn a refusal or a silence into one sentence about *path*; no secret stands in it."""
        where = f"{self.destination.bucket}/{self.destination.prefix}{path}"
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "error"))
            hint = HINTS.get(code, AGAIN)
            raise PushError(self.destination.name, f"{where}: refused with {code}", hint) from None
        except BotoCoreError as error:
            problem = f"{where}: no answer ({type(error).__name__})"
            raise PushError(self.destination.name, problem, AGAIN) from None


def md5_of(file: OutgoingFile) -> str:
    """The hash by which storage knows what was put."""
    with file.source.open("rb") as body:
        digest = hashlib.file_digest(body, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()
