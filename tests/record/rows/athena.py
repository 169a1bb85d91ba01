"""Amazon Athena."""

EVENTS = """
ExportNotebook Management read
"""

REQUESTS = [
    (
        "CreatePreparedStatement",
        {"StatementName": "n", "QueryStatement": "q"},
        {"statementName": "n", "queryStatement": "***OMITTED***"},
    ),
    (
        "StartCalculationExecution",
        {"SessionId": "s", "CodeBlock": "c"},
        {"sessionId": "s", "codeBlock": "HIDDEN_FOR_SECURITY_REASONS"},
    ),
    ("StartQueryExecution", {"ExecutionParameters": ["p"]}, {"executionParameters": "***OMITTED***"}),
    ("StartQueryExecution", {"QueryString": "SELECT 1"}, {"queryString": "***OMITTED***"}),
    ("UpdateNotebook", {"Payload": "p"}, {"payload": "HIDDEN_FOR_SECURITY_REASONS"}),
]
