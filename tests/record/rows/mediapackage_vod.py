"""AWS Elemental MediaPackage VOD."""

_GIVEN, _LOGGED = {"CdnIdentifierSecret": "arn"}, {"cdnIdentifierSecret": "arn"}

REQUESTS = [
    ("UpdatePackagingGroup", {"Authorization": _GIVEN}, {"authorization": _LOGGED}),
]
