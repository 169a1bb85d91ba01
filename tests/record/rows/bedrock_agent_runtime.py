"""Amazon Bedrock agents, at run time."""

REQUESTS = [
    (
        "InvokeAgent",
        {
            "sessionState": {
                "returnControlInvocationResults": [
                    {"apiResult": {"responseBody": {"a": {"images": [{"source": {"bytes": b"i"}}]}}}}
                ]
            }
        },
        {
            "sessionState": {
                "returnControlInvocationResults": [{"apiResult": {"responseBody": {"a": {"images": [{"source": {}}]}}}}]
            }
        },
    ),
]
