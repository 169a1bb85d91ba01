"""Amazon Cognito identity pools."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

_POOL: Final = Resource(
    "AWS::Cognito::IdentityPool",
    "arn:{partition}:cognito-identity:{region}:{account}:identitypool/{request.identityPoolId}",
)
_GIVE: Final = frozenset(
    {
        "GetCredentialsForIdentity",
        "GetId",
        "GetOpenIdToken",
        "GetOpenIdTokenForDeveloperIdentity",
    }
)

SERVICE: Final = Service(
    # What gives out ids, tokens and credentials is no read. [AWS developer guide: example events]
    writes=_GIVE,
    # [facts §4.5]
    data_events=_GIVE | {"UnlinkIdentity"},
    # Providers are written, and by the model their tokens are not. [same; facts §11]
    hidden={
        "*.SecretKey": OMITTED,
        "*.Token": OMITTED,
    },
    # [same]
    resources={
        "GetId": (_POOL,),
        "GetOpenIdTokenForDeveloperIdentity": (_POOL,),
    },
)
