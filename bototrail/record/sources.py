"""Services whose eventSource does not begin with the endpoint prefix of their model."""

from __future__ import annotations

from typing import Final

# Services that log in their partition's global region, wherever the client's region is. [rules.md §1]
GLOBAL_SERVICES: Final = frozenset({"cloudfront", "health", "iam", "organizations", "route53", "support"})

# botocore's service name -> eventSource without `.amazonaws.com`. [rules.md §2; facts §1.10]
EVENT_SOURCES: Final = {
    "apigateway": "apigateway",
    "apigatewaymanagementapi": "apigateway",
    "apigatewayv2": "apigateway",
    "application-autoscaling": "autoscaling",
    "application-insights": "application-insights",
    "application-signals": "applicationsignals",
    "appstream": "appstream",
    "bedrock": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "chime-sdk-identity": "chime",
    "chime-sdk-media-pipelines": "chime-sdk-media-pipelines",
    "chime-sdk-meetings": "chime",
    "chime-sdk-messaging": "chime",
    "chime-sdk-voice": "chime-sdk-voice",
    "cloudhsmv2": "cloudhsm",
    "detective": "detective",
    "dynamodbstreams": "dynamodb",
    "ecr": "ecr",
    "ecr-public": "ecr-public",
    "es": "es",
    "identitystore": "sso-directory",
    "lex-models": "lex",
    "lex-runtime": "lex",
    "lexv2-models": "lex",
    "lexv2-runtime": "lex",
    "marketplace-agreement": "agreement-marketplace",
    "marketplace-catalog": "aws-marketplace",
    "marketplace-entitlement": "aws-marketplace",
    "mediatailor": "mediatailor",
    "meteringmarketplace": "metering-marketplace",
    "mgh": "migrationhub",
    "mq": "amazonmq",
    "opensearch": "es",
    "pinpoint-email": "ses",
    "pinpoint-sms-voice": "sms-voice",
    "pinpoint-sms-voice-v2": "sms-voice",
    "polly": "tts",
    "rds-data": "rdsdata",
    "resourcegroupstaggingapi": "tagging",
    "s3control": "s3",
    "s3outposts": "s3-outposts",
    "sagemaker": "sagemaker",
    "sagemaker-runtime": "sagemaker",
    "ses": "ses",
    "sesv2": "ses",
    "sso": "sso",
    "sso-admin": "sso",
    "sso-oidc": "sso",
}
