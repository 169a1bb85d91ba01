"""A bucket in S3, or in a server that speaks its API."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import orjson

from bototrail.deliver.clients import CLIENT_OPTIONS, error_code, expect, failed, make_client, unusable
from bototrail.errors import ConfigError

S3_OPTIONS: Final = {
    **CLIENT_OPTIONS,
    "ACL": "a canned ACL, such as bucket-owner-full-control",
    "ExpectedBucketOwner": "the account that the bucket must belong to",
    "KmsKeyId": "the KMS key that log files are encrypted with",
    "ServerSideEncryption": "AES256 or aws:kms",
    "Tagging": "tags of every log file, as a query string",
}
"""Options in the query of an s3:// URL, under boto3's, S3's and CloudTrail's names."""

_EMPTY: Final = {"Body": b""}


class Put(NamedTuple):
    """What came of putting a file.

    Attributes:
        where: its path or URL.
        created: whether it was put there now; False when one of its name was there before, and is still.
        tag: S3's ETag without quotes, where it should be the MD5 of the file.
    """

    where: str
    created: bool
    tag: str = ""


def s3_location(location: str) -> tuple[str, str, dict[str, str]]:
    """What an `s3://` URL says: the bucket's name, the prefix (empty, or ending in `/`), and the options.

    Raises:
        ConfigError: it is none, or has unknown options.
    """
    todo = f"write s3://bucket/prefix?option=value with options among {', '.join(sorted(S3_OPTIONS))}"
    try:
        url = urlsplit(location, allow_fragments=False)  # `#` may be a part of a key
    except ValueError as error:
        raise ConfigError("an S3 URL", str(error), todo) from None
    options = dict(parse_qsl(url.query))
    if unknown := sorted(set(options) - set(S3_OPTIONS)):
        raise ConfigError("an S3 URL with known options", ", ".join(unknown), todo)
    if not url.netloc or "@" in url.netloc:
        raise ConfigError("the name of a bucket", "none" if not url.netloc else "credentials in the URL", todo)
    return url.netloc, f"{url.path.strip('/')}/" if url.path.strip("/") else "", options


class S3Bucket:
    """A bucket in S3 or in a server that speaks its API, through a plain boto3 client of its own."""

    def __init__(self, location: str) -> None:
        self.name, self.prefix, options = s3_location(location)
        self._options = options
        self._client: Any = None
        self._conditional = True

    def put(self, key: str, body: bytes, source_arn: str = "", metadata: Mapping[str, str] | None = None) -> Put:
        """See `Bucket`: a conditional create, so that nobody overwrites what is there."""
        where = f"s3://{self.name}/{self.prefix}{key}"
        try:
            answer = self._create(key, source_arn, Body=body, **_about(key, metadata))
        except Exception as error:
            raise failed(where, error) from error
        return Put(where, answer is not None, _md5(answer or {}))

    def replace(self, key: str, body: bytes, tag: str, metadata: Mapping[str, str]) -> Put:
        """See `Bucket`."""
        where = f"s3://{self.name}/{self.prefix}{key}"
        place = {"Bucket": self.name, "Key": self.prefix + key, "IfMatch": tag}
        try:
            answer = self._s3().put_object(**place, **self._extra(key, ""), Body=body, **_about(key, metadata))
        except Exception as error:
            raise failed(where, error) from error
        return Put(where, True, _md5(answer))

    def check(self, key: str = "AWSLogs/", source_arn: str = "", *, now: bool = False) -> None:
        """See `Bucket`: puts the empty object that stands for the folder of the logs, unless it is there."""
        todo = "create the bucket, or correct its name, credentials or policy (s3:PutObject is what delivery needs)"
        try:
            self._create(key, source_arn, **_EMPTY)
        except Exception as error:
            if (wrong := unusable(f"an S3 bucket {self.name} that can be written", error, todo)) is not None:
                raise wrong from None
            if now:
                raise failed(f"s3://{self.name}/{self.prefix}{key}", error) from error

    def _create(self, key: str, source_arn: str, **arguments: Any) -> Mapping[str, Any] | None:
        """What the service answers; None when there is an object of that key already."""
        from botocore.exceptions import ClientError

        where = {"Bucket": self.name, "Key": self.prefix + key}
        condition = {"IfNoneMatch": "*"} if self._conditional else {}
        try:
            answer = self._s3().put_object(**where, **condition, **self._extra(key, source_arn), **arguments)
        except ClientError as error:
            code = error_code(error)
            if code in ("PreconditionFailed", "412"):
                return None  # it is there: somebody delivered it before, and was cut off
            if code not in ("NotImplemented", "501") or not self._conditional:
                raise
            self._conditional = False  # the name is ours alone, so plain is safe too
            return self._create(key, source_arn, **arguments)
        return dict(answer)

    def _extra(self, key: str, source_arn: str) -> dict[str, str]:
        extra = {n: self._options[n] for n in ("ACL", "ExpectedBucketOwner", "Tagging") if self._options.get(n)}
        how, kms = self._options.get("ServerSideEncryption"), self._options.get("KmsKeyId")
        if kms:
            extra |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms}
            if source_arn:
                extra["SSEKMSEncryptionContext"] = self._context(key, source_arn)
        elif how:
            extra["ServerSideEncryption"] = how
        return extra

    def _context(self, key: str, source_arn: str) -> str:
        """The encryption context that key policies of CloudTrail ask for (facts §2.3, §8.5), in base64."""
        partition = source_arn.split(":", 2)[1]
        arn = f"arn:{partition}:s3:::{self.name}/{self.prefix}{key}"
        return base64.b64encode(orjson.dumps({"aws:cloudtrail:arn": source_arn, "aws:s3:arn": arn})).decode()

    def _s3(self) -> Any:
        if self._client is None:
            client = make_client("s3", self._options, read_timeout=20)
            expect(client, "PutObject", "ETag")
            self._client = client
        return self._client


def _about(key: str, metadata: Mapping[str, str] | None) -> dict[str, Any]:
    """What S3 is told of a file: of log files and digest files what CloudTrail tells, of others nothing."""
    about: dict[str, Any] = {}
    if key.endswith(".json.gz"):
        about = {"ContentType": "application/json", "ContentEncoding": "gzip"}
    return {**about, "Metadata": dict(metadata)} if metadata else about


def _md5(answer: Mapping[str, Any]) -> str:
    """The ETag, unless it is known to be no MD5 because of the encryption."""
    return str(answer.get("ETag", "")).strip('"') if answer.get("ServerSideEncryption") in (None, "AES256") else ""
