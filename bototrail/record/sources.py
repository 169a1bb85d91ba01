"""Services whose eventSource does not begin with the endpoint prefix of their model."""

from __future__ import annotations

from typing import Final

# Services that log in their partition's global region, wherever the client's region is. [rules.md §1]
GLOBAL_SERVICES: Final = frozenset({"cloudfront", "health", "iam", "organizations", "route53", "support"})

# botocore's service name -> eventSource without `.amazonaws.com`. [rules.md §2; facts §1.10]
EVENT_SOURCES: Final = {
    "apigatewaymanagementapi": "apigateway",
    "appconfigdata": "appconfig",
    "application-autoscaling": "autoscaling",
    "application-insights": "application-insights",
    "application-signals": "applicationsignals",
    "appstream": "appstream",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "bedrock-data-automation": "bedrock",
    "bedrock-data-automation-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "chime-sdk-identity": "chime",
    "chime-sdk-media-pipelines": "chime-sdk-media-pipelines",
    "chime-sdk-meetings": "chime",
    "chime-sdk-messaging": "chime",
    "chime-sdk-voice": "chime-sdk-voice",
    "cloudhsmv2": "cloudhsm",
    "connectparticipant": "connect",
    "identitystore": "sso-directory",
    "keyspacesstreams": "cassandra",
    "lexv2-models": "lex",
    "lexv2-runtime": "lex",
    "memorydb": "memorydb",
    "meteringmarketplace": "metering-marketplace",
    "mgh": "migrationhub",
    "mq": "amazonmq",
    "pinpoint-email": "ses",
    "polly": "tts",
    "rds-data": "rdsdata",
    "s3control": "s3",
    "ses": "ses",
    "sesv2": "ses",
    "sso": "sso",
    "sso-oidc": "sso",
}


def event_source(service_name: str, endpoint_prefix: str, signing_name: str) -> str:
    """EventSource of a service, without `.amazonaws.com`.

    It is what its row says, else its endpoint's name, or if that has dots the one it signs with.
    [rules.md §2, facts §1.10; Detective, ECR, IoT managed integrations, SageMaker]
    """
    named = signing_name.lower() if "." in endpoint_prefix else endpoint_prefix
    return EVENT_SOURCES.get(service_name, named)
