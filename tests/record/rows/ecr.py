"""Amazon ECR."""

REQUESTS = [
    ("UploadLayerPart", {"layerPartBlob": b"l"}, None),
    ("UploadLayerPart", {"partFirstByte": 0}, None),
    ("UploadLayerPart", {"partLastByte": 1}, None),
    ("UploadLayerPart", {"registryId": "r"}, None),
    ("UploadLayerPart", {"repositoryName": "r"}, None),
    ("UploadLayerPart", {"uploadId": "u"}, None),
]

_REPOSITORY = "111122223333 arn:aws:ecr:us-east-1:111122223333:repository/r"

RESOURCES = [
    ("CreateRepository", {"repositoryName": "r"}, {}, [_REPOSITORY]),
]
