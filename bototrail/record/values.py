"""Turning one value into JSON: copies, never the program's own objects."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any
from urllib.parse import quote

import orjson

Converter = Callable[[Any], Any]

_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EXACT = frozenset({str, int, float, bool, type(None)})
# A longer one would only make the field too large for a record.
_LONGEST_BLOB = 100 * 1024
_DEEPEST = 100
_MOST = 100_000
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


def type_text(value: object) -> str:
    """What stands for a value that is not of the type that the model says."""
    return f"<{type(value).__name__}>"


def plain(value: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """A string, number or boolean as it is; anything else as the string that stands for it."""
    if type(value) in _EXACT:
        return value
    if isinstance(value, str):  # an Enum, a lazy string: what the SDK would send
        return str.__str__(value)
    if isinstance(value, int):  # an IntEnum, a number of numpy: likewise
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, datetime):
        return locale_date(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return blob(value)
    if isinstance(value, (Mapping, list, tuple, set, frozenset)) or hasattr(type(value), "__next__"):
        return type_text(value)
    try:
        return str.__str__(str(value))
    except Exception:  # noqa: BLE001 - the program's own __str__
        return type_text(value)


def text(value: Any) -> str:
    """The value as a string, as it would stand in an URL, a header or a body."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)) and len(value) <= _LONGEST_BLOB:
        return value.decode("utf-8", "replace")
    try:
        return str(plain(value))
    except ValueError:  # a number of more digits than Python prints
        return type_text(value)


def blob(value: Any) -> str:
    """Bytes as they are on the wire; content that is read from elsewhere is never touched."""
    if not isinstance(value, (str, bytes, bytearray, memoryview)):
        return type_text(value)
    size = value.nbytes if isinstance(value, memoryview) else len(value)
    if size > _LONGEST_BLOB:
        return f"<{size} bytes>"
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    return b64encode(value.tobytes() if isinstance(value, memoryview) else value).decode()  # perhaps in pieces


def _utc(value: Any) -> datetime | None:
    """The moment that a timestamp argument names; None when it is spelt in a way of its own."""
    try:
        if isinstance(value, datetime):
            return value if value.tzinfo is timezone.utc else value.astimezone(timezone.utc)
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, timezone.utc)
    except Exception:  # noqa: BLE001 - out of range, or the program's own tzinfo
        return None
    return None


def locale_date(value: Any) -> Any:
    """`Jul 9, 2023, 1:05:03 PM`."""
    moment = _utc(value)
    if moment is None:
        return value if type(value) is str else type_text(value)
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    clock = f"{hour}:{moment.minute:02}:{moment.second:02} {half}"
    return f"{_MONTHS[moment.month]} {moment.day}, {moment.year}, {clock}"


def iso_date(value: Any, precision: str | None = "milliseconds") -> Any:
    """`2023-07-09T13:05:03.000Z`; without a precision with as many digits as there are."""
    moment = _utc(value)
    if moment is None:
        return value if type(value) is str else type_text(value)
    if precision is None:
        micros = moment.microsecond
        precision = "microseconds" if micros % 1000 else "milliseconds" if micros else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def epoch_date(value: Any) -> Any:
    """Seconds since 1970 with milliseconds."""
    moment = _utc(value)
    if moment is None:
        return value if type(value) is str else type_text(value)
    return round(moment.timestamp(), 3)


def millisecond_date(value: Any) -> Any:
    """Milliseconds since 1970."""
    moment = _utc(value)
    if moment is None:
        return value if type(value) is str else type_text(value)
    return int(moment.timestamp() * 1000)


DATES: Mapping[str, Converter] = {
    "epoch": epoch_date,
    "iso": partial(iso_date, precision=None),
    "locale": locale_date,
    "milliseconds": millisecond_date,
}


def document(value: Any) -> Any:
    """Free JSON, copied; of what is deeper or longer than any record the beginning."""
    return _copied(value, 0, [_MOST])


def _copied(value: Any, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if type(value) in _EXACT:
        return value
    if depth > _DEEPEST or left[0] < 0:  # such as a list that contains itself twice
        return type_text(value)
    if type(value) is dict or isinstance(value, Mapping):
        return {k if type(k) is str else text(k): _copied(v, depth + 1, left) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(v, depth + 1, left) for v in value]
    return plain(value)


def names(value: Any) -> Any:
    """The keys of a mapping, without their values."""
    if type(value) is dict or isinstance(value, Mapping):
        return [k if type(k) is str else text(k) for k in value]
    return type_text(value)


def redacted(value: Any) -> Any:
    """Environment variables of a container: `[{"name": "A", "value": "***REDACTED***"}]`."""
    if not isinstance(value, (list, tuple)):
        return type_text(value)
    return [{**({"name": plain(x["name"])} if "name" in x else {}), "value": "***REDACTED***"} for x in value]


def veiled(value: Any) -> Any:
    """A map whose values are hidden one by one, in lists too."""
    if not isinstance(value, Mapping):
        return type_text(value)
    return {text(k): [HIDDEN for _ in v] if isinstance(v, (list, tuple)) else HIDDEN for k, v in value.items()}


def encoded(value: Any) -> Any:
    """A policy as it is in an answer of IAM: percent-encoded JSON, which the SDK decodes for the program."""
    if not isinstance(value, Mapping):
        return plain(value)
    try:
        return quote(json.dumps(document(value)), safe="-._~")
    except ValueError:  # a number of more digits than Python prints
        return {"omitted": True}


def parsed_json(value: Any) -> Any:
    """A JSON document as an object; as it is when it is none."""
    value = plain(value)
    try:
        return orjson.loads(value) if type(value) is str else value
    except orjson.JSONDecodeError:
        return value


def untyped(value: Any) -> Any:
    """A DynamoDB key, or a list of keys, without types: `{"id": {"S": "a"}}` -> `{"id": "a"}`."""
    if isinstance(value, (list, tuple)):
        return [untyped(x) if isinstance(x, Mapping) else type_text(x) for x in value]
    if type(value) is not dict and not isinstance(value, Mapping):
        return type_text(value)
    return {k if type(k) is str else text(k): _bare(v) for k, v in value.items()}


def _bare(value: Any) -> Any:
    if (type(value) is dict or isinstance(value, Mapping)) and len(value) == 1:
        return plain(next(iter(value.values())))
    return plain(value)


# Strings, Ion literals, numbers, and whatever of these is not closed; names stand in double quotes.
# A name in double quotes is one only where a table is named: elsewhere it may be a text in the wrong quotes.
_QUOTED = r'"(?:[^"]|"")*"'
_PARTIQL_NAMES = rf"\b(?:FROM|INTO|UPDATE|JOIN)\s+{_QUOTED}(?:\.{_QUOTED})*|[A-Za-z_$][\w$.]*"
_PARTIQL_VALUES = rf"'(?:[^']|'')*'|`[^`]*`|{_QUOTED}|[+-]?\.?\d[\w.+-]*"
_PARTIQL = re.compile(f"({_PARTIQL_NAMES})|({_PARTIQL_VALUES})|(['\"`]|--|/\\*)", re.IGNORECASE)
_REDACTED = "***(Redacted)"


def partiql(value: Any) -> Any:
    """A PartiQL statement with every value in it redacted, as DynamoDB does with those of attributes that are no key.

    A statement with a comment, or with a quote that is not closed, is hidden as a whole.
    """
    value = plain(value)
    if type(value) is not str or any(found[3] for found in _PARTIQL.finditer(value)):
        return _REDACTED
    return _PARTIQL.sub(lambda found: _REDACTED if found[2] else found[1], value)


def xml_value(value: Any) -> Any:
    """A string as AWS's XML-to-JSON translation writes it: what looks like a boolean or a number becomes one."""
    value = plain(value)
    if type(value) is not str or not value or len(value) > 20:
        return value
    if value in ("true", "false"):
        return value == "true"
    digits = value[1:] if value[0] == "-" else value
    if digits.isascii() and digits.isdigit() and (digits[0] != "0" or digits == "0") and len(digits) < 19:
        return int(value)
    return value
