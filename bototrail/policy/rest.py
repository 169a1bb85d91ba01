"""API Gateway, whose actions are the verbs of HTTP and whose resources are the paths of its own API.

Both are in botocore's models. [API Gateway developer guide, "How API Gateway works with IAM"]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

SERVICES: Final = ("apigateway", "apigatewayv2")
_FIELD: Final = re.compile(r"\{(\w+)\+?\}")


class _Operation(NamedTuple):
    verb: str
    path: str
    keys: Mapping[str, str]
    """Field of the path -> key in requestParameters."""


@cache
def _operations() -> dict[str, list[_Operation]]:
    """The operations of both APIs by their name; the same name may be in both."""
    from botocore.loaders import create_loader

    found: dict[str, list[_Operation]] = {}
    for service in SERVICES:
        model = create_loader().load_service_model(service, "service-2")
        for name, operation in model["operations"].items():
            http = operation["http"]
            members = model["shapes"].get(operation.get("input", {}).get("shape"), {}).get("members", {})
            keys = {
                str(member.get("locationName", key)): key[:1].lower() + key[1:]
                for key, member in members.items()
                if member.get("location") == "uri"
            }
            path = str(http["requestUri"]).partition("?")[0].removeprefix("/v2")
            found.setdefault(name, []).append(_Operation(str(http["method"]), path, keys))
    return found


def request(operation: str, parameters: Mapping[str, Any]) -> tuple[str, str] | None:
    """Verb and path of an operation; None when neither API has one of that name.

    Args:
        operation: eventName.
        parameters: requestParameters; a part of the path that they do not tell is `*`.
    """
    candidates = _operations().get(operation)
    if not candidates:
        return None
    best = max(candidates, key=lambda one: (all(key in parameters for key in one.keys.values()), len(one.keys)))

    def value(found: re.Match[str]) -> str:
        given = parameters.get(best.keys.get(found[1], ""))
        return quote(str(given), safe="*") if given else "*"

    return best.verb, _FIELD.sub(value, best.path)
