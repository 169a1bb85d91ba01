"""Amazon ECR."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

SERVICE: Final = Service(
    # [UploadLayerPart of 2021]
    hidden={
        "UploadLayerPartRequest.layerPartBlob": OMITTED,
        "UploadLayerPartRequest.partFirstByte": OMITTED,
        "UploadLayerPartRequest.partLastByte": OMITTED,
        "UploadLayerPartRequest.registryId": OMITTED,
        "UploadLayerPartRequest.repositoryName": OMITTED,
        "UploadLayerPartRequest.uploadId": OMITTED,
    },
    # [CreateRepository]
    resources={"*": (Resource("", "arn:{partition}:ecr:{region}:{account}:repository/{request.repositoryName}"),)},
)
