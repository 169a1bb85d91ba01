"""Amazon ElastiCache."""

REQUESTS = [
    ("ModifyReplicationGroup", {"AuthToken": "t"}, {"authToken": "****"}),
]

RESULTS = [
    ("DeleteCacheCluster", {"CacheCluster": {"ARN": "a", "NumCacheNodes": 1}}, {"aRN": "a", "numCacheNodes": 1}),
]
