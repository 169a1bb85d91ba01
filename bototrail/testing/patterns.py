"""`service:Operation` with wildcards: which calls are meant, and whether there can be any such calls at all.

The service is botocore's name, which means that service alone, or else the first part of an eventSource, or the name
that services sign with: then it means all of them. The operation is spelt as in the model, as in boto3 or as eventName;
a name that an operation has itself does not mean others that are logged under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from bototrail.errors import ConfigError, UnknownNameError
from bototrail.operations import Catalogue, bare, shared, suggestion
from bototrail.testing.calls import Call

_WILD = re.compile(r"[*?]")
_SUFFIX = ".amazonaws.com"


class Pattern:
    """One pattern.

    Args:
        text: such as `s3:PutObject`, `s3:put_object`, `dynamodb:*Item`, `*:Delete*`, or `*` for every call.

    Raises:
        ConfigError: it is no text.
        UnknownNameError: it has no service.
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            found = f"one of type {type(text).__name__}"
            raise ConfigError("a pattern that is a text", found, "such as 's3:PutObject'; arguments go by keyword")
        self.text = text
        service, colon, operation = ("*", ":", "*") if text == "*" else text.partition(":")
        if not (service and colon and operation):
            raise UnknownNameError(
                "pattern", "service:Operation, such as s3:PutObject or s3:*", text, "* stands for every call"
            )
        self.service = service.lower().removesuffix(_SUFFIX)
        self.operation = bare(operation)
        self.any_service = bool(_WILD.search(service))
        self.any_operation = bool(_WILD.search(operation))
        self._service = _compiled(self.service)
        self._operation = _compiled(self.operation)

    def __str__(self) -> str:
        return self.text

    def matches(self, call: Call) -> bool:
        """Whether `call` is meant."""
        return self._means_operation(call) and self._means_service(call)

    def _means_operation(self, call: Call) -> bool:
        name, event = bare(call.operation), bare(call.event_name)
        if self.any_operation:
            return any(self._operation.fullmatch(each) for each in (name, event))
        if self.operation == name:
            return True
        return self.operation == event and event not in _operations(call.service_model)

    def _means_service(self, call: Call) -> bool:
        if self.service == call.service:
            return True
        model = call.service_model
        source = call.event_source.removesuffix(_SUFFIX)
        names = {call.service, source, str(model.endpoint_prefix).lower(), str(model.signing_name).lower()}
        if self.any_service:
            return any(self._service.fullmatch(name) for name in names)
        return self.service in names and self._is_a_common_name()

    def _is_a_common_name(self) -> bool:
        """Whether the service's name is that of several, or has no such operation where it is one's own."""
        catalogue = shared()
        if self.service not in catalogue.names:
            return True
        return not self.any_operation and self.operation not in _operations(catalogue.model(self.service))

    def check(self) -> None:
        """See whether botocore knows an operation that is meant.

        Raises:
            UnknownNameError: it knows none; the message says which ones are spelt almost so.
        """
        _check(self.text)

    def models(self) -> Iterable[tuple[Any, str]]:
        """The service model and name of every operation that is meant; nothing when the service has wildcards."""
        if self.any_service:
            return
        catalogue = shared()
        if not self.any_operation:
            found = catalogue.operation(self.service, self.operation)
            yield found.service, found.operation.name
            return
        for service in catalogue.services(self.service):
            model = catalogue.model(service)
            yield from ((model, name) for name in model.operation_names if self._operation.fullmatch(bare(name)))


@lru_cache(maxsize=1024)
def _check(text: str) -> None:
    pattern, catalogue = Pattern(text), shared()
    if pattern.any_service:
        _check_service(pattern, catalogue)
        return
    services = catalogue.services(pattern.service)
    if any(pattern.operation in _operations(catalogue.model(service)) for service in services):
        return
    if not pattern.any_operation:
        catalogue.operation(pattern.service, text.partition(":")[2])
        return
    plans = [plan for service in services for plan in catalogue.plans(service)]
    names = {name for plan in plans for name in (plan.operation_name, plan.event_name)}
    if not any(pattern._operation.fullmatch(bare(name)) for name in names):
        stem = _WILD.sub("", text.partition(":")[2])
        hint = suggestion(stem, names, f"`bototrail explain {services[0]}` lists them")
        raise UnknownNameError("operation", f"operations of {' or '.join(services)}", text, hint)


def _check_service(pattern: Pattern, catalogue: Catalogue) -> None:
    if any(pattern._service.fullmatch(name) for name in catalogue.names):
        return
    if not any(pattern._service.fullmatch(catalogue.source(name)) for name in catalogue.names):
        hint = suggestion(
            _WILD.sub("", pattern.service), catalogue.names, f"botocore has {len(catalogue.names)} services"
        )
        raise UnknownNameError("service", "services by their names in botocore", pattern.text, hint)


def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."))


_names: dict[tuple[str, str], frozenset[str]] = {}


def _operations(model: Any) -> frozenset[str]:
    """The bare names of a service's operations."""
    key = (model.service_name, model.api_version)
    found = _names.get(key)
    if found is None:
        found = _names[key] = frozenset(map(bare, model.operation_names))
    return found
