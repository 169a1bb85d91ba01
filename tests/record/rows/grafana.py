"""Amazon Managed Grafana."""

REQUESTS = [
    ("CreateWorkspace", {"permissionType": "p", "workspaceName": "n"}, {"permissionType": "p", "workspaceName": "***"}),
]
