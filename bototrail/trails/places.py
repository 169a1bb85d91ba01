"""Where a trail's log files go: S3BucketName, the table of buckets and options become one location."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from bototrail.errors import ConfigError
from bototrail.settings import bucket_location
from bototrail.trails.faults import Faults, nearest, shown
from bototrail.trails.gather import Gathered, Raw
from bototrail.trails.lines import Path
from bototrail.trails.shapes import S3_OPTIONS, check_shape, own_shape

CLOUDTRAIL_ACL: Final = "bucket-owner-full-control"
"""What CloudTrail puts log files with, and what its bucket policies ask for. [facts §8.5]"""

_CLIENT: Final = ("profile_name", "credentials_file", "region_name", "endpoint_url", "role_arn")


class Places:
    """The table of buckets of a file.

    Args:
        gathered: what the file tells.
        faults: where faults are put.
        base: the file's own folder, which relative ones are relative to.
    """

    def __init__(self, gathered: Gathered, faults: Faults, base: FilePath) -> None:
        self._faults, self._base = faults, base
        self._buckets: dict[str, tuple[str, dict[str, str]]] = {}
        self._where = gathered.bucket_places
        for name, value in gathered.buckets.items():
            self._read(name, value)
        self._told(gathered)

    @property
    def table(self) -> dict[str, Any]:
        """The table as a trails file anywhere can have it: folders and files are absolute."""
        return {name: {"location": place, **own} if own else place for name, (place, own) in self._buckets.items()}

    def _read(self, name: str, value: Any) -> None:
        where = self._where[name]
        table = {"location": value} if isinstance(value, str) else value
        if not isinstance(table, dict):
            expected = f"a folder, an URL, or a table with location and options, for bucket {shown(name)}"
            self._faults.add(where, "ParamValidationError", expected, shown(value), "correct it")
            return
        if not isinstance(value, str):
            table = self._options(where, table, "Bucket", "location")
        location = self._location(where, table.pop("location", f"s3://{name}"))
        if table and not location.startswith("s3://"):
            expected, found = f"options of an s3:// URL for bucket {shown(name)}", f"{', '.join(table)} for {location}"
            todo = "leave them out: folders and other stores have none"
            self._faults.add(where, "InvalidParameterCombinationException", expected, found, todo)
        if location.startswith("s3://"):
            self._check_name(where, location)
            query = dict(parse_qsl(location.partition("?")[2], keep_blank_values=True))
            table = {**self._options(where, query, "S3Client"), **table}
            location = location.partition("?")[0]
        self._buckets[name] = (location, table)

    def _options(self, where: Path, table: dict[str, Any], shape: str, *others: str) -> dict[str, Any]:
        """Options in the form in which an URL has them; those that are at fault are left out."""
        tagging = table.get("Tagging")
        # A text is taken as it is: it has PutObject's own form already.
        checked = {k: v for k, v in table.items() if not (k == "Tagging" and isinstance(v, str))}
        check_shape(self._faults, where, checked, own_shape(shape), "InvalidParameterException")
        sound = {
            name: table[name]
            for name in (*S3_OPTIONS, *others)
            if name in table and self._faults.sound((*where, name)) and isinstance(table[name], str)
        }
        if isinstance(tagging, dict) and self._faults.sound((*where, "Tagging")):
            sound["Tagging"] = urlencode(tagging)
        return self._with_file(sound)

    def _with_file(self, options: dict[str, Any]) -> dict[str, Any]:
        if "credentials_file" in options:
            options["credentials_file"] = str(self._base / FilePath(options["credentials_file"]).expanduser())
        return options

    def _location(self, where: Path, text: str) -> str:
        text = text.strip()
        is_url = re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text)
        try:
            if not is_url and text and "\0" not in text:
                text = str(self._base / FilePath(text).expanduser())
            return bucket_location(text)
        except (ConfigError, ValueError, RuntimeError) as error:
            expected, found = "a folder or URL for a bucket", getattr(error, "found", str(error))
            todo = "write a folder such as ./audit or an URL such as s3://bucket/prefix"
            self._faults.add(where, "InvalidParameterException", expected, found, todo)
            return "/"

    def _check_name(self, where: Path, location: str) -> None:
        """What boto3 takes for a bucket; other servers than S3 have rules of their own. [botocore, VALID_BUCKET]."""
        name = location.removeprefix("s3://").partition("?")[0].partition("/")[0]
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,255}", name):
            expected, todo = "the name of a bucket in an s3:// URL", "write s3://bucket/prefix"
            self._faults.add(where, "InvalidS3BucketNameException", expected, shown(name), todo)

    def _told(self, gathered: Gathered) -> None:
        used = {raw.text("S3BucketName") for raw in gathered.trails}
        for name in self._buckets:
            if name not in used:
                hint = nearest(name, used - {""}, "no S3BucketName says it")
                self._faults.note(self._where[name], f"no trail uses the bucket {shown(name)}: {hint}")

    def delivery(self, raw: Raw) -> dict[str, Any]:
        """A trail's table `delivery`, with paths made absolute."""
        table = raw.fields.get("delivery", {})
        if not isinstance(table, dict) or not self._faults.sound(raw.place("delivery")):
            return {}
        out: dict[str, Any] = self._with_file({name: table[name] for name in table if name in _CLIENT})
        for name in ("s3", "sns", "logs", "events"):
            if name in table:
                out[name] = self._with_file(dict(table[name]))
        return out

    def place(self, raw: Raw, delivery: Mapping[str, Any]) -> str:
        """`Trail.bucket`: the location, and for S3 the options as its query. The prefix is a part of the keys."""
        location, own = self._buckets.get(raw.text("S3BucketName"), (f"s3://{raw.text('S3BucketName')}", {}))
        if not location.startswith("s3://"):
            self._check_prefix(raw, location)
            if raw.text("KmsKeyId"):
                text = f"trail {raw.name} has a KmsKeyId, which means nothing to its bucket: only S3 encrypts with KMS"
                self._faults.note(raw.place("KmsKeyId"), text)
            return location
        common = {name: value for name, value in delivery.items() if name in _CLIENT}
        options = {"ACL": CLOUDTRAIL_ACL, **common, **own}
        options |= delivery.get("s3", {})
        if key := raw.text("KmsKeyId"):
            options["KmsKeyId"] = key
        self._check_encryption(raw, options)
        kept = {name: options[name] for name in sorted(options) if options[name]}
        return f"{location}?{urlencode(kept)}" if kept else location

    def _check_encryption(self, raw: Raw, options: Mapping[str, str]) -> None:
        if options.get("KmsKeyId") and options.get("ServerSideEncryption") == "AES256":
            code, todo = "InvalidParameterCombinationException", "leave one of both out"
            expected = "ServerSideEncryption aws:kms with KmsKeyId"
            self._faults.add(raw.place("KmsKeyId"), code, expected, "AES256", todo)

    def _check_prefix(self, raw: Raw, location: str) -> None:
        """Below a folder or another store's URL: a prefix must not lead out of it."""
        prefix = raw.text("S3KeyPrefix")
        if prefix.startswith("/") or ".." in prefix.split("/") or "\0" in prefix:
            expected = f"a prefix that stays below {location}"
            code = "InvalidS3PrefixException"
            self._faults.add(raw.place("S3KeyPrefix"), code, expected, shown(prefix), "leave '/' and '..' out")
