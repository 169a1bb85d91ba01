"""AWS App Mesh."""

from record.rows import NOON

REQUESTS = [
    (
        "CreateVirtualGateway",
        {"spec": {"listeners": [{"tls": {"certificate": {"file": {"privateKey": "/k"}}}}]}},
        {"spec": {"listeners": [{"tls": {"certificate": {"file": {"privateKey": "/k"}}}}]}},
    ),
]

RESULTS = [
    (
        "CreateMesh",
        {"mesh": {"metadata": {"createdAt": NOON}}},
        {"mesh": {"metadata": {"createdAt": "Jul 9, 2023, 12:05:03 PM"}}},
    ),
]

RECORDS = [
    ("ListMeshes", {}, {"apiVersion": "2019-01-25"}),
]
