"""Amazon Neptune."""

REQUESTS = [
    ("ModifyDBCluster", {"MasterUserPassword": "p"}, {"masterUserPassword": "****"}),
]

RESULTS = [
    ("StopDBCluster", {"DBCluster": {"DBClusterArn": "a"}}, {"dBClusterArn": "a"}),
]
