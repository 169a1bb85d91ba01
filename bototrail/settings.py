"""Where records go and how: from keyword options, from the environment, or by default."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bototrail.errors import ConfigError

OFF = frozenset({"0", "off", "false", "no"})
ON = frozenset({"1", "on", "true", "yes"})
MIB = 1024 * 1024


@dataclass(frozen=True, eq=False, repr=False)
class Settings:
    """Everything that can be set; each field can also come from the environment.

    Attributes:
        bucket: folder (made absolute) or URL of the bucket, `BOTOTRAIL`; empty with a trails file.
        state: state directory that holds the spool, `BOTOTRAIL_STATE`.
        identity: `auto` asks STS once per access key in the background, `offline` never asks, `BOTOTRAIL_IDENTITY`.
        flush_seconds: seconds between deliveries, `BOTOTRAIL_FLUSH_SECONDS`.
        exit_seconds: the longest that delivery may hold up the end of the program, `BOTOTRAIL_EXIT_SECONDS`.
        source_ip: what to write as sourceIPAddress instead of the connection's own address, `BOTOTRAIL_SOURCE_IP`.
        presigned: whether signing an URL is recorded too, `BOTOTRAIL_PRESIGNED`.
        spool_bytes: how much may wait in the state directory, all processes together, `BOTOTRAIL_SPOOL_BYTES`.
        spool_days: how long it may wait there, `BOTOTRAIL_SPOOL_DAYS` (CloudTrail itself tries for 30 days).
        trails: the trails file, `BOTOTRAIL_TRAILS`; it says which buckets there are.
        log_file_validation: whether log files get signed digest files, `BOTOTRAIL_LOG_FILE_VALIDATION`; a trails file
            says it for each trail by EnableLogFileValidation.
        memory_bytes: how much is kept in memory when the state directory cannot be written, `BOTOTRAIL_MEMORY_BYTES`.
        keys: key folder of the keys that digest files are signed and checked with, `BOTOTRAIL_KEYS`; None is `keys` in
            the state directory.
        signing_key: what they are signed with instead of a key made there, `BOTOTRAIL_SIGNING_KEY`: a PEM file (made
            absolute), PEM text, or the ARN of a key or alias in AWS KMS.
    """

    bucket: str
    state: Path
    identity: str = "auto"
    flush_seconds: float = 300.0
    exit_seconds: float = 5.0
    source_ip: str | None = None
    presigned: bool = False
    spool_bytes: int = 1024 * MIB
    spool_days: float = 30.0
    memory_bytes: int = 64 * MIB
    trails: Path | None = None
    log_file_validation: bool = False
    keys: Path | None = None
    signing_key: str | None = None


def switched_off(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether `BOTOTRAIL` switches everything off, which wins over code."""
    return environ.get("BOTOTRAIL", "").strip().lower() in OFF


def default_state(environ: Mapping[str, str] = os.environ) -> Path:
    """The state directory: `BOTOTRAIL_STATE`, or the place that the platform keeps for such (platformdirs' rules)."""
    return _directory(environ, "STATE", "~/Library/Application Support", "~/.local/state")


def default_cache(environ: Mapping[str, str] = os.environ) -> Path:
    """The cache directory: `BOTOTRAIL_CACHE`, or the place that the platform keeps for such (platformdirs' rules)."""
    return _directory(environ, "CACHE", "~/Library/Caches", "~/.cache")


def _directory(environ: Mapping[str, str], kind: str, on_macos: str, elsewhere: str) -> Path:
    if given := environ.get(f"BOTOTRAIL_{kind}"):
        return Path(given).expanduser().absolute()
    if sys.platform == "darwin":
        return Path(on_macos).expanduser() / "bototrail"
    base = environ.get(f"XDG_{kind}_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path(elsewhere).expanduser()) / "bototrail"


def load(bucket: str | os.PathLike[str] | None = None, **options: Any) -> Settings:
    """Merge `bucket` and `options` (names as in `Settings`; None means not given) over the environment.

    A bucket given here wins over a trails file of the environment, and that one over a bucket there.

    Raises:
        ConfigError: an option is unknown, a value cannot be used, or both a bucket and a trails file are given.
    """
    known = {f.name for f in fields(Settings)}
    if unknown := sorted(set(options) - known):
        raise ConfigError(f"options among {', '.join(sorted(known))}", ", ".join(unknown), "check the spelling")
    values: dict[str, Any] = {}
    for name, convert in _CONVERTERS.items():
        given = options.get(name)
        where = name
        if given is None:
            where = f"BOTOTRAIL_{name.upper()}"
            given = os.environ.get(where) or None
        if given is not None:
            values[name] = convert(where, given)
    state = options.get("state")
    values["state"] = default_state() if state is None else Path(state).expanduser().absolute()
    values["trails"] = _trails_file(bucket, options.get("trails"))
    if values["trails"] is None:
        values["bucket"] = bucket_location(bucket if bucket is not None else os.environ.get("BOTOTRAIL", ""))
    return Settings(**{"bucket": "", **values})


def _trails_file(bucket: str | os.PathLike[str] | None, given: str | os.PathLike[str] | None) -> Path | None:
    if bucket is not None and given is not None:
        raise ConfigError("a bucket or a trails file", "both", "name the bucket in the trails file, or leave one out")
    if bucket is None and given is None:
        given = os.environ.get("BOTOTRAIL_TRAILS") or None
    return None if given is None else Path(given).expanduser().absolute()


def bucket_location(value: str | os.PathLike[str]) -> str:
    """A folder as an absolute path, an URL as it is; whether it can be written is for the delivery to say."""
    text = os.fspath(value).strip()
    todo = "set it to a folder such as ./audit or to an URL such as s3://my-bucket/prefix"
    if not text:
        raise ConfigError("a folder or URL for the bucket", "nothing", todo)
    if text.lower() in ON or "\0" in text or "\n" in text:
        raise ConfigError("a folder or URL for the bucket", repr(text), todo)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):(//)?", text)
    if scheme is None:
        return str(Path(text).expanduser().absolute())
    if scheme[2] is None or scheme.end() == len(text):
        raise ConfigError("a folder or URL for the bucket", repr(text), todo)
    if ("@" in text or "%40" in text) and _has_password(text):
        where = "leave them out, and give them as the store's own configuration or environment does"
        raise ConfigError("a bucket URL without credentials", "credentials in it", where)
    if scheme[1].lower() == "file":
        return str(Path(text[scheme.end() :]).absolute())
    return text.replace(scheme[1], "s3", 1) if scheme[1].lower() == "s3" else text


def _has_password(url: str) -> bool:
    """Whether there are credentials in a URL, or in the one of an endpoint among its options."""
    endpoint = dict(parse_qsl(urlsplit(url).query)).get("endpoint_url", "")
    return any(urlsplit(each).password is not None for each in (url, endpoint))


def _number(where: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number < float("inf"):
        raise ConfigError(f"a number of at least 0 for {where}", repr(value), "correct it or leave it out")
    return number


def _size(where: str, value: Any) -> int:
    return int(_number(where, value))


def _flag(where: str, value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in ON | OFF:
        raise ConfigError(f"true or false for {where}", repr(value), "correct it or leave it out")
    return text in ON


def _identity(where: str, value: Any) -> str:
    if value not in ("auto", "offline"):
        raise ConfigError(f"auto or offline for {where}", repr(value), "correct it or leave it out")
    return str(value)


def _text(_where: str, value: Any) -> str:
    return str(value)


def _path(_where: str, value: Any) -> Path:
    return Path(value).expanduser().absolute()


def _signing_key(where: str, value: Any) -> str:
    text = str(value).strip()
    return text if "-----BEGIN" in text or text.startswith("arn:") else str(_path(where, text))


_CONVERTERS: Mapping[str, Callable[[str, Any], Any]] = {
    "exit_seconds": _number,
    "flush_seconds": _number,
    "identity": _identity,
    "log_file_validation": _flag,
    "keys": _path,
    "memory_bytes": _size,
    "presigned": _flag,
    "signing_key": _signing_key,
    "source_ip": _text,
    "spool_bytes": _size,
    "spool_days": _number,
}
