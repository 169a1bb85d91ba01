"""Amazon ECR, public."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Layers are content. [as ECR UploadLayerPart]
    hidden={
        "UploadLayerPartRequest.layerPartBlob": OMITTED,
    },
)
