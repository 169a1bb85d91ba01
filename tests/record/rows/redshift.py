"""Amazon Redshift."""

REQUESTS = [
    ("CreateCluster", {"MasterUserPassword": "p"}, {"masterUserPassword": "****"}),
]

RESULTS = [
    ("CreateCluster", {"Cluster": {"ClusterIdentifier": "c"}}, {"clusterIdentifier": "c"}),
]
