"""Amazon Bedrock, invocations."""

EVENTS = """
ApplyGuardrail                     Data        read
Converse                           Management  read
ConverseStream                     Management  read
CountTokens                        Management  read
GetAsyncInvoke                     Data        read
InvokeModel                        Management  read
InvokeModelWithBidirectionalStream Data        read
InvokeModelWithResponseStream      Management  read
ListAsyncInvokes                   Management  read
StartAsyncInvoke                   Data        write
"""

REQUESTS = [
    ("ApplyGuardrail", {"source": "INPUT", "content": [{"text": {"text": "t"}}]}, {"source": "INPUT"}),
    ("Converse", {"modelId": "m", "additionalModelRequestFields": {"k": 1}}, {"modelId": "m"}),
    ("Converse", {"modelId": "m", "messages": [{"role": "user", "content": []}]}, {"modelId": "m"}),
    ("Converse", {"modelId": "m", "promptVariables": {"k": {"text": "t"}}}, {"modelId": "m"}),
    ("Converse", {"modelId": "m", "requestMetadata": {"k": "v"}}, {"modelId": "m"}),
    ("Converse", {"modelId": "m", "system": [{"text": "t"}]}, {"modelId": "m"}),
    ("Converse", {"modelId": "m", "toolConfig": {"tools": []}}, {"modelId": "m"}),
    ("CountTokens", {"modelId": "m", "input": {"invokeModel": {"body": b"b"}}}, {"modelId": "m"}),
    ("InvokeModel", {"modelId": "m", "accept": "a", "body": b"b"}, {"modelId": "m", "accept": "a"}),
    ("StartAsyncInvoke", {"modelId": "m", "modelInput": {"k": "v"}}, {"modelId": "m"}),
]

RECORDS = [
    (
        "InvokeModel",
        {"params": {"modelId": "m"}, "error_code": "AccessDeniedException", "status": 403},
        {"errorCode": "AccessDenied", "requestParameters": {"modelId": "m"}},
    ),
]
