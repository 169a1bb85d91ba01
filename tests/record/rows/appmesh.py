"""AWS App Mesh."""

RECORDS = [
    ("ListMeshes", {}, {"apiVersion": "2019-01-25"}),
]
