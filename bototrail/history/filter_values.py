"""What values of fields mean in a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bototrail.errors import ConfigError
from bototrail.record.sources import EVENT_SOURCES

_SHORT: Final = re.compile(r"[A-Za-z0-9-]+")

# What people call services -> eventSource without `.amazonaws.com`, beside the rows of EVENT_SOURCES.
_SERVICES: Final = {
    "accessanalyzer": "access-analyzer",
    "alb": "elasticloadbalancing",
    "amp": "aps",
    "apigatewayv2": "apigateway",
    "cloudcontrol": "cloudcontrolapi",
    "cloudwatch": "monitoring",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "ebs-direct": "ebs",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "identity-center": "sso",
    "keyspaces": "cassandra",
    "kinesisanalyticsv2": "kinesisanalytics",
    "msk": "kafka",
    "mwaa": "airflow",
    "neptune": "rds",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "resourcegroupstaggingapi": "tagging",
    "service-quotas": "servicequotas",
    "sfn": "states",
    "stepfunctions": "states",
}


def checked(field: str, text: str, *, wild: bool) -> str:
    """A value as events have it: a service's short name becomes its event source.

    Args:
        field: a `Column.field`, or `text`.
        text: what was written.
        wild: whether it has wildcards.

    Raises:
        ConfigError: no event can have it.
    """
    check = _CHECKS.get(field)
    return text if check is None else check(text, wild)


def _event_source(text: str, wild: bool) -> str:
    if wild or not _SHORT.fullmatch(text):
        return text
    name = text.lower()
    return f"{_SERVICES.get(name) or EVENT_SOURCES.get(name, name)}.amazonaws.com"


def _read_only(text: str, wild: bool) -> str:
    if text.lower() not in ("true", "false") and not (wild and text == "*"):
        raise ConfigError("true or false for readOnly", repr(text), "correct it")
    return text.lower()


_CHECKS: Final[Mapping[str, Callable[[str, bool], str]]] = {
    "eventSource": _event_source,
    "readOnly": _read_only,
}
