"""Amazon ECR, public."""

REQUESTS = [
    ("UploadLayerPart", {"uploadId": "u", "layerPartBlob": b"l"}, {"uploadId": "u"}),
]
