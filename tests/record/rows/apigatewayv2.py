"""Amazon API Gateway, HTTP and WebSocket."""

REQUESTS = [
    ("UpdateStage", {"ApiId": "a", "StageVariables": {"k": "v"}}, {"apiId": "a", "stageVariables": "***"}),
]
