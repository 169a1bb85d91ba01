"""Services whose IAM prefix is not the head of their eventSource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

# eventSource without `.amazonaws.com` -> prefixes, tried in this order.
# [Service Authorization Reference, beside the eventSources of all services of botocore]
PREFIXES: Final = {
    "agent-registry-control": ("agent-registry",),
    "agreement-marketplace": ("aws-marketplace",),
    "amazonmq": ("mq",),
    "application-insights": ("applicationinsights",),
    "applicationsignals": ("application-signals",),
    "autoscaling": ("autoscaling", "application-autoscaling"),
    "chime-sdk-media-pipelines": ("chime",),
    "chime-sdk-voice": ("chime",),
    "cloudcontrolapi": ("cloudformation",),
    "cloudsearchdomain": ("cloudsearch",),
    "cloudwatch-omni": ("cloudwatch",),
    "contact-lens": ("connect",),
    "data-signer": ("signer",),
    "deployment-marketplace": ("aws-marketplace",),
    "discovery-marketplace": ("aws-marketplace",),
    "eventsv2": ("events",),
    "forecastquery": ("forecast",),
    "iot-jobs-data": ("iotjobsdata",),
    "iotdata": ("iot",),
    "iotsecuredtunneling": ("iot",),
    "ivsrealtime": ("ivs",),
    "mail-manager": ("ses",),
    "metering-marketplace": ("aws-marketplace",),
    "migrationhub": ("mgh",),
    "migrationhub-config": ("mgh",),
    "monitoring": ("cloudwatch",),
    "mturk-requester": ("mechanicalturk",),
    "partnercentral-account": ("partnercentral",),
    "partnercentral-benefits": ("partnercentral",),
    "partnercentral-channel": ("partnercentral",),
    "partnercentral-prm": ("partnercentral",),
    "partnercentral-selling": ("partnercentral",),
    "personalize-events": ("personalize",),
    "personalize-runtime": ("personalize",),
    "pinpoint": ("mobiletargeting",),
    "rdsdata": ("rds-data",),
    "reporting-marketplace": ("aws-marketplace",),
    "servicecatalog-appregistry": ("servicecatalog",),
    "sso-directory": ("identitystore", "sso-directory"),
    "tagging": ("tag",),
    "tts": ("polly",),
}

# What Lambda and CloudFront put behind the names of their operations. [rules: eventName]
_VERSION: Final = re.compile(r"(?:20\d{6}(?:v\d)?|20\d\d_\d\d_\d\d)$")


def prefixes_of(event_source: str) -> tuple[str, ...]:
    """The IAM prefixes of the service that logs to `event_source` (`monitoring.amazonaws.com`)."""
    head = event_source.removesuffix(".amazonaws.com")
    return PREFIXES.get(head, (head,))


def operation_of(record: Mapping[str, Any]) -> tuple[str, str]:
    """The head of the eventSource, and the operation without the version that some services put behind it."""
    source, name = record.get("eventSource"), record.get("eventName")
    head = source.removesuffix(".amazonaws.com") if isinstance(source, str) else ""
    return head, _VERSION.sub("", name) if isinstance(name, str) else ""
