"""AWS STS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

_ROLE: Final = Resource("AWS::IAM::Role", "{request.roleArn}")
_PROVIDER: Final = Resource("AWS::IAM::SAMLProvider", "{request.principalArn}")

SERVICE: Final = Service(
    # "AssumeRole* are read-only, GetFederationToken and GetSessionToken are not." [rules.md §11, facts §1.9]
    reads=frozenset(
        {
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "DecodeAuthorizationMessage",
        }
    ),
    # [same]
    writes=frozenset(
        {
            "GetFederationToken",
            "GetSessionToken",
        }
    ),
    # Reads that log their result. [rules.md §7]
    responses=frozenset(
        {
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
        }
    ),
    # The sessionToken is written in full; without the secretAccessKey it is useless. [rules.md §12]
    shown=frozenset(
        {
            "Credentials.SessionToken",
        }
    ),
    # [rules.md §12]
    hidden={
        "*.SecretAccessKey": OMITTED,
        "AssumeRoleRequest.TokenCode": OMITTED,  # no record shows one-time codes
        "AssumeRoleWithSAMLRequest.SAMLAssertion": OMITTED,
        "AssumeRoleWithWebIdentityRequest.WebIdentityToken": OMITTED,
        "GetSessionTokenRequest.TokenCode": OMITTED,
    },
    # [GetSessionToken of 2024; AssumeRole does not]
    keeps_parameters=frozenset({"GetSessionToken"}),
    # [rules.md §10]
    resources={
        "AssumeRole": (_ROLE,),
        "AssumeRoleWithSAML": (_ROLE, _PROVIDER),
        "AssumeRoleWithWebIdentity": (_ROLE,),
    },
)
