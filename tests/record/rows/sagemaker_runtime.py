"""Amazon SageMaker, invocations."""

EVENTS = """
InvokeEndpoint                   Data write
InvokeEndpointAsync              Data write
InvokeEndpointWithResponseStream Data write
"""

REQUESTS = [
    ("InvokeEndpoint", {"EndpointName": "e", "Body": b"b"}, {"endpointName": "e"}),
    ("InvokeEndpoint", {"EndpointName": "e", "CustomAttributes": "c"}, {"endpointName": "e"}),
]
