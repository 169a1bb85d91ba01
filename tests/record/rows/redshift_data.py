"""Amazon Redshift Data API."""

REQUESTS = [
    ("BatchExecuteStatement", {"Sqls": ["s"]}, {"sqls": "***OMITTED***"}),
    ("ExecuteStatement", {"Parameters": [{"name": "n", "value": "v"}]}, {"parameters": "***OMITTED***"}),
    ("ExecuteStatement", {"Sql": "s"}, {"sql": "***OMITTED***"}),
]
