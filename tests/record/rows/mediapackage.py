"""AWS Elemental MediaPackage."""

_GIVEN, _LOGGED = {"CdnIdentifierSecret": "arn"}, {"cdnIdentifierSecret": "arn"}

REQUESTS = [
    ("UpdateOriginEndpoint", {"Authorization": _GIVEN}, {"authorization": _LOGGED}),
]
