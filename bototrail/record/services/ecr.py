"""Amazon ECR."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Resource, Service

SERVICE: Final = Service(
    # [CreateRepository]
    resources={"*": (Resource("", "arn:{partition}:ecr:{region}:{account}:repository/{request.repositoryName}"),)},
)
