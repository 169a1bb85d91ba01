"""Finding services and operations of botocore by any of their names."""

from __future__ import annotations

import difflib
import gzip
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from bototrail.errors import UnknownNameError
from bototrail.record import Plan, plan_for
from bototrail.record.sources import event_source

_SUFFIX = ".amazonaws.com"
_METADATA = re.compile(rb'"(endpointPrefix|signingName)"\s*:\s*"([^"]+)"')
_DATE = re.compile(r"20\d{6}(v\d)?$")
_HEAD = 4096


class Found(NamedTuple):
    """An operation, its models, and what is to say about how it was found."""

    service: Any
    operation: Any
    notes: tuple[str, ...]


class Catalogue:
    """The service models that botocore has, each read when it is asked for."""

    def __init__(self) -> None:
        from botocore.loaders import create_loader

        self._loader = create_loader(os.environ.get("AWS_DATA_PATH"))
        self._models: dict[str, Any] = {}
        self.names: list[str] = self._loader.list_available_services("service-2")

    def model(self, service: str) -> Any:
        """Botocore's ServiceModel of a service."""
        from botocore.model import ServiceModel

        if service not in self._models:
            self._models[service] = ServiceModel(self._loader.load_service_model(service, "service-2"), service)
        return self._models[service]

    def plans(self, service: str) -> Iterator[Plan]:
        """The plans of all operations of a service."""
        model = self.model(service)
        return (plan_for(model, model.operation_model(name)) for name in model.operation_names)

    def services(self, text: str) -> list[str]:
        """The services that a name may mean, the likeliest first.

        It is botocore's own, the first part of an eventSource, or the name that the service signs with or has in the
        host of its endpoint.

        Raises:
            UnknownNameError: no service is called so.
        """
        name = text.lower()
        if name in self.names:
            return [name]
        source = name.removesuffix(_SUFFIX)
        found = self.logging_to(source)
        if found:
            return found
        found = [source] if source in self.names else [one for one in self.names if source in self._names(one)]
        if found:
            return found
        names = [*self.names, *(self.source(service) for service in self.names)]
        raise UnknownNameError(
            "service",
            "a service by its name in botocore (s3) or its eventSource (s3.amazonaws.com)",
            text,
            suggestion(source, names, f"botocore has {len(self.names)} services"),
        )

    def logging_to(self, source: str) -> list[str]:
        """The services whose eventSource begins with `source`: its namesake first, then the newest."""
        found = [service for service in self.names if self.source(service) == source]
        version = self._loader.determine_latest_version
        newest_first = sorted(found, key=lambda service: str(version(service, "service-2")), reverse=True)
        return sorted(newest_first, key=lambda service: service != source)

    def source(self, service: str) -> str:
        """EventSource of a service, without `.amazonaws.com`."""
        prefix, signing_name = self._names(service)
        return event_source(service, prefix, signing_name)

    def _names(self, service: str) -> tuple[str, str]:
        """Endpoint prefix and signing name, from the model's first bytes: to read all models takes many seconds."""
        version = self._loader.determine_latest_version(service, "service-2")
        for folder in self._loader.search_paths:
            path = Path(folder, service, version, "service-2.json.gz")
            if path.exists():
                with gzip.open(path) as file:
                    found = {key.decode(): value.decode() for key, value in _METADATA.findall(file.read(_HEAD))}
                if "endpointPrefix" in found:
                    return found["endpointPrefix"], found.get("signingName", found["endpointPrefix"])
        model = self.model(service)
        return model.endpoint_prefix, model.signing_name

    def operation(self, service: str, text: str) -> Found:
        """An operation by its name in the model, in boto3, in the AWS CLI, or by its eventName.

        Raises:
            UnknownNameError: there is none.
        """
        services = self.services(service)
        matches = list(self._matches(services, text))
        if not matches and len(services) == 1:
            others = [other for other in self.logging_to(self.source(services[0])) if other not in services]
            matches = list(self._matches(others, text))
        if not matches:
            names = [plan.operation_name for one in services for plan in self.plans(one)]
            hint = f"`bototrail explain {services[0]}` lists them"
            raise UnknownNameError(
                "operation",
                f"an operation of {' or '.join(services)}, by its own name or by its eventName",
                text,
                suggestion(text, names, hint),
            )
        first, *rest = matches
        return Found(self.model(first.service_name), self._operation_model(first), self._notes(first, rest, services))

    def _operation_model(self, plan: Plan) -> Any:
        return self.model(plan.service_name).operation_model(plan.operation_name)

    def _matches(self, services: Iterable[str], text: str) -> Iterator[Plan]:
        """The operation of each service that is meant: by its own name before its eventName."""
        wanted = bare(text)
        for spelling in (wanted, _DATE.sub("", wanted)):
            found = [plan for service in services for plan in self._named(service, spelling)]
            if found:
                yield from found
                return

    def _named(self, service: str, wanted: str) -> list[Plan]:
        plans = list(self.plans(service))
        own = [plan for plan in plans if bare(plan.operation_name) == wanted]
        return (own or [plan for plan in plans if bare(plan.event_name) == wanted])[:1]

    def _notes(self, plan: Plan, others: list[Plan], services: list[str]) -> tuple[str, ...]:
        notes = []
        if plan.service_name not in services:
            notes.append(
                f"{services[0]} has no such operation; {plan.service_name} has, and logs to the same eventSource"
            )
        notes += [
            f"{other.service_name} logs to the same eventSource: `bototrail explain {other.service_name} "
            f"{other.operation_name}`"
            for other in others
        ]
        same = [
            other.operation_name
            for other in self.plans(plan.service_name)
            if other.event_name == plan.event_name and other is not plan
        ]
        return (*notes, *(f"{name} is logged under the same eventName" for name in same))


@lru_cache(maxsize=1)
def shared() -> Catalogue:
    """One catalogue for the whole process, for those who look into it again and again."""
    return Catalogue()


def bare(name: str) -> str:
    """`put-object`, `put_object` and `PutObject` are the same."""
    return name.lower().replace("-", "").replace("_", "")


def suggestion(text: str, names: Iterable[str], otherwise: str) -> str:
    """`did you mean ...?` with the names that are spelt almost like `text`; `otherwise` when there are none."""
    known = {bare(name): name for name in names}
    found = difflib.get_close_matches(bare(text), known, n=3)
    return f"did you mean {', '.join(known[name] for name in found)}?" if found else otherwise
