"""Amazon Cognito identity pools."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

_POOL: Final = (
    Resource(
        "AWS::Cognito::IdentityPool",
        "arn:{partition}:cognito-identity:{region}:{account}:identitypool/{request.identityPoolId}",
    ),
)

SERVICE: Final = Service(
    # They make something, and log their result. [AWS developer guide, example events]
    writes=frozenset(
        {
            "GetCredentialsForIdentity",
            "GetId",
            "GetOpenIdToken",
            "GetOpenIdTokenForDeveloperIdentity",
        }
    ),
    # [facts §4.5; AWS developer guide]
    data_events=frozenset(
        {
            "GetCredentialsForIdentity",
            "GetId",
            "GetOpenIdToken",
            "GetOpenIdTokenForDeveloperIdentity",
            "UnlinkIdentity",
        }
    ),
    # Providers with their tokens hidden. [facts §11]
    forms={
        "*.Logins": "veiled",
    },
    # The sessionToken is written, as by STS. [facts §11; AWS developer guide]
    shown=frozenset(
        {
            "Credentials.SessionToken",
        }
    ),
    # [facts §11]
    hidden={
        "*.SecretKey": OMITTED,
        "*.Token": OMITTED,
    },
    # Where the request names it. [AWS developer guide]
    resources={
        "GetId": _POOL,
        "GetOpenIdTokenForDeveloperIdentity": _POOL,
    },
)
