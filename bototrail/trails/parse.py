"""From the bytes of a trails file to its documents: one in TOML, one or several in JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from bototrail.errors import TrailsError, TrailsFileError
from bototrail.trails.faults import Faults, nearest, shown
from bototrail.trails.lines import Lines, Path, json_lines, toml_lines

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Parsed:
    """What a file holds.

    Attributes:
        documents: each with the path at which `lines` knows it.
        faults: where what is wrong is put; it knows the lines.
    """

    documents: tuple[tuple[Path, Any], ...]
    faults: Faults


def parse(path: FilePath, text: str) -> Parsed:
    """Parse what a file holds.

    Raises:
        TrailsFileError: it is neither JSON nor TOML.
    """
    return _json(path, text) if is_json(path, text) else _toml(path, text)


def is_json(path: FilePath, text: str) -> bool:
    """Whether a file is JSON, because it ends in `.json` or begins like it; else it is TOML."""
    return path.suffix.lower() == ".json" or (path.suffix.lower() != ".toml" and bool(_JSON_START.match(text)))


# `[` would do too, but also begins a table of TOML.
_JSON_START: Final = re.compile(r"\s*\{")


def read_text(path: FilePath) -> str:
    """The text of a file, with a line feed alone at the end of lines.

    Raises:
        TrailsFileError: it cannot be read, or it is no text.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise _broken(path, type(error).__name__, 0, "a trails file that can be read", found, _NAME_ONE) from None
    return text_of(path, raw)


def text_of(path: FilePath, raw: bytes) -> str:
    """What the bytes of a file say, with a line feed alone at the end of lines.

    Raises:
        TrailsFileError: they are no text, or too many.
    """
    if len(raw) > _LARGEST:
        expected, todo = f"a trails file of at most {_LARGEST} bytes", "leave out what is not about trails"
        raise _broken(path, "FileError", 0, expected, "more", todo)
    try:
        # Windows writes a byte order mark; lines end in \n for whoever counts them.
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x}"
        raise _broken(path, "UnicodeDecodeError", line, "text in UTF-8", found, "save the file as UTF-8") from None


_NAME_ONE: Final = "name a TOML or JSON file with trails"
_LARGEST: Final = 10_000_000
"""Bytes of a file; all that CloudTrail allows to trails is a fraction of it, and devices never end."""


def _broken(path: FilePath, code: str, line: int, *said: str) -> TrailsFileError:
    expected, found, todo = said
    return TrailsFileError([TrailsError(code, str(path), line, expected=expected, found=found, todo=todo)])


_TOML_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def _toml(path: FilePath, text: str) -> Parsed:
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "too many brackets within brackets"
        place = _TOML_PLACE.search(reason)
        line, column = (int(place[1]), f" in column {place[2]}") if place and place[1] else (_last(text), "")
        reason = reason[: place.start()] if place else reason
        raise _broken(path, "TOMLDecodeError", line, "TOML", reason + column, "correct it") from None
    return Parsed((((), document),), Faults(str(path), toml_lines(text)))


def _last(text: str) -> int:
    """The last line that has something on it."""
    return text.rstrip().count("\n") + 1


def _json(path: FilePath, text: str) -> Parsed:
    """Several documents may follow one another, as when the outputs of several commands are appended to one file."""
    documents: list[tuple[Path, Any]] = []
    at = _past_blank(text, 0)
    try:
        for value, _, end in json_documents(text):
            documents.append(((len(documents),), value))
            at = _past_blank(text, end)
    except json.JSONDecodeError as error:
        found = f"{error.msg} in column {error.colno}"
        raise _broken(path, "JSONDecodeError", error.lineno, "JSON", found, "correct it") from None
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "too many brackets within brackets"
        line = text.count("\n", 0, at) + 1
        raise _broken(path, "JSONDecodeError", line, "JSON", reason, "correct it") from None
    faults = Faults(str(path), lines := json_lines(text))
    _told_twice(faults, lines)
    return Parsed(tuple(documents), faults)


def json_documents(text: str) -> Iterator[tuple[Any, int, int]]:
    """The documents of a JSON text, each with where it begins and ends.

    Raises:
        ValueError: it is no JSON.
    """
    decoder = json.JSONDecoder(parse_constant=_no_number)
    at = _past_blank(text, 0)
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        yield value, at, end
        at = _past_blank(text, end)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name}, which JSON does not have")


def _past_blank(text: str, at: int) -> int:
    """Past white space, and a comma between documents."""
    found = re.compile(r"[\s,]*").match(text, at)
    return found.end() if found else at


def _told_twice(faults: Faults, lines: Lines) -> None:
    """The parser of the standard library takes the last of two equal keys; TOML's refuses them itself."""
    for where, line in lines.duplicates:
        todo = f"leave one out; the first is in line {lines.line(where)}"
        faults.add(where, "JSONDecodeError", "each key once in an object", f"{shown(where[-1])} again", todo, line=line)


def check_keys(faults: Faults, where: Path, table: dict[str, Any], known: tuple[str, ...], what: str) -> None:
    """Unknown keys of `table` are faults."""
    for key in table:
        if key not in known and not is_secret(key):
            todo = nearest(key, known, f"known are {', '.join(known)}")
            faults.add((*where, key), "ParamValidationError", f"a key of {what}", shown(key), todo)


# Names under which boto3 takes secrets. [boto3.Session, botocore configuration]
_SECRETS: Final = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})
_USER_IN_URL: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@")

_SECRET_OPTION: Final = re.compile(rf"[?&]({'|'.join(sorted(_SECRETS))})=", re.IGNORECASE)


# JSON can write it, nothing can store it.
_HALF: Final = re.compile("[\ud800-\udfff]")


def is_secret(key: str) -> bool:
    """Whether a key of this name would hold a secret."""
    return key.lower().replace("-", "_") in _SECRETS


def check_values(faults: Faults, where: Path, value: Any) -> None:
    """A file is shared and kept in repositories: secrets in it are faults, and are not repeated."""
    todo = "name a profile (profile_name) or a file of credentials (credentials_file) instead"
    if isinstance(value, dict):
        for key, inner in value.items():
            check_values(faults, (*where, key), key)
            if is_secret(str(key)):
                faults.add((*where, key), "SecretInFile", "a file without secrets", str(key), todo)
            else:
                check_values(faults, (*where, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            check_values(faults, (*where, index), inner)
    elif isinstance(value, str) and _HALF.search(value):
        found, advice = "half of a surrogate pair", "write the whole character"
        faults.add(where, "UnicodeDecodeError", "text in Unicode", found, advice)
    elif isinstance(value, str) and _USER_IN_URL.match(value):
        faults.add(where, "SecretInFile", "an URL without user and password", "credentials in it", todo)
    elif isinstance(value, str) and (names := _SECRET_OPTION.findall(value)):
        faults.add(where, "SecretInFile", "an URL without secrets", ", ".join(names), todo)
