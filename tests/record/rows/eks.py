"""Amazon EKS."""

from datetime import datetime, timezone

REQUESTS = [
    ("CreateNodegroup", {"clusterName": "c", "nodegroupName": "n"}, {"name": "c", "nodegroupName": "n"}),
]

RESULTS = [
    (
        "DeleteCluster",
        {"cluster": {"createdAt": datetime(2022, 3, 26, 12, 14, 48, 418000, timezone.utc)}},
        {"cluster": {"createdAt": 1648296888.418}},
    ),
]

RECORDS = [
    (
        "CreateCluster",
        {"params": {"name": "c"}, "error_code": "AccessDeniedException", "error_message": "m", "status": 403},
        {"errorMessage": None, "requestParameters": {"name": "c"}, "responseElements": {"message": "m"}},
    ),
]
