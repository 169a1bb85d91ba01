"""What a parameter's value puts in the place of a template's variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_SCOPES: Final = {"CLOUDFRONT": "global", "REGIONAL": "regional"}


def _function(value: str) -> str:
    """The name of a Lambda function, out of its name, partial or whole ARN, with or without a qualifier."""
    return (value.partition(":function:")[2] or value).partition(":")[0]


# `prefix:Variable` -> how its value is made. [resource ARN formats in the services' own guides]
_FILTERS: Final[dict[str, Callable[[str], str]]] = {
    "cloudformation:StackName": lambda value: _last(value) if value[:4] != "arn:" else value.split("/")[1],
    "codebuild:ProjectName": lambda value: value.rpartition("/")[2].partition(":")[0],  # builds are `project:id`
    "ecs:TaskDefinitionFamilyName": lambda value: _last(value).partition(":")[0],
    "ecs:TaskDefinitionRevisionNumber": lambda value: _last(value).partition(":")[2],
    "iam:OidcProviderName": lambda value: value.rpartition("://")[2],
    "kms:Alias": lambda value: value.removeprefix("alias/"),
    "kms:KeyId": lambda value: "" if "alias/" in value else _last(value),
    "lambda:FunctionName": _function,
    "organizations:OrganizationalUnitId": lambda value: value if value[:3] == "ou-" else "",
    "organizations:RootId": lambda value: value if value[:2] == "r-" else "",
    "rds:DbClusterInstanceName": lambda value: _last(value).lower(),  # RDS keeps its names in lower case
    "rds:DbInstanceName": lambda value: _last(value).lower(),
    "route53:Id": lambda value: value.rpartition("/")[2],  # /hostedzone/Z1
    "s3:BucketName": lambda value: "" if value[:4] == "arn:" else value,  # an access point's
    "secretsmanager:SecretId": lambda value: f"{value}-??????" if value[:4] != "arn:" else "",
    "ssm:ParameterNameWithoutLeadingSlash": lambda value: value.partition(":")[0].lstrip("/"),
    "states:StateMachineName": lambda value: value.split(":")[6] if value.count(":") > 5 else value,
    "wafv2:Scope": lambda value: _SCOPES.get(value, ""),
}

# Variables whose values are kept as they are, slashes and colons included.
_WHOLE: Final = frozenset(
    {
        "codeartifact:PackageName",
        "ecr-public:RepositoryName",
        "ecr:RepositoryName",
        "logs:LogGroupName",
        "logs:LogStreamName",
        "s3:ObjectName",
    }
)


def own_part(variable: str, value: str, service: str = "") -> str:
    """The part of a value that stands in an ARN: of an ARN, URL or path the last one; empty when there is none.

    Args:
        variable: `prefix:Variable`.
        value: a parameter.
        service: ARNs of this service are given back whole.
    """
    if variable in _FILTERS:
        return _FILTERS[variable](value)
    if service and value[:4] == "arn:" and value.split(":")[2:3] == [service]:
        return value
    return value if variable in _WHOLE and value[:4] != "arn:" else _last(value)


def _last(value: str) -> str:
    if value[:4] == "arn:":
        own = value.split(":", 5)[5] if value.count(":") >= 5 else ""
        return own.rpartition("/")[2].rpartition(":")[2]
    return value.rstrip("/").rpartition("/")[2] if "://" in value else value
