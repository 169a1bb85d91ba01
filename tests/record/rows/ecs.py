"""Amazon ECS."""

_GIVEN, _LOGGED = [{"name": "a", "value": "b"}], [{"name": "a", "value": "***REDACTED***"}]

EVENTS = """
DiscoverPollEndpoint Management read
"""

REQUESTS = [
    (
        "RegisterTaskDefinition",
        {"containerDefinitions": [{"environment": _GIVEN}]},
        {"containerDefinitions": [{"environment": _LOGGED}]},
    ),
    (
        "RunTask",
        {"overrides": {"containerOverrides": [{"environment": _GIVEN}]}},
        {"overrides": {"containerOverrides": [{"environment": _LOGGED}]}},
    ),
]
