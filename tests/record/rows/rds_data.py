"""Amazon RDS Data API."""

EVENTS = """
BatchExecuteStatement Data       write
BeginTransaction      Data       write
CommitTransaction     Data       write
ExecuteSql            Management write
ExecuteStatement      Data       write
RollbackTransaction   Data       write
"""

REQUESTS = [
    ("BatchExecuteStatement", {"parameterSets": [[]]}, {"parameterSets": "**********"}),
    ("BeginTransaction", {"database": "d"}, {"database": "**********"}),
    ("BeginTransaction", {"schema": "s"}, {"schema": "**********"}),
    ("ExecuteSql", {"sqlStatements": "s"}, {"sqlStatements": "**********"}),
    ("ExecuteStatement", {"parameters": [], "sql": "s"}, {"parameters": [], "sql": "**********"}),
    ("ExecuteStatement", {"parameters": [{"name": "n"}]}, {"parameters": "**********"}),
]

RESULTS = [
    ("BatchExecuteStatement", {"updateResults": [{"generatedFields": []}]}, None),
    ("BeginTransaction", {"transactionId": "t"}, {"transactionId": "t"}),
    ("ExecuteSql", {"sqlStatementResults": [{"numberOfRecordsUpdated": 1}]}, None),
    ("ExecuteStatement", {"records": [[{"stringValue": "v"}]]}, None),
]
