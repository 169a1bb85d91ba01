"""AWS IAM."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # The id of a key. [service model]
    shown=frozenset(
        {
            "UpdateSAMLProviderRequest.RemovePrivateKey",
        }
    ),
    # Read although they say Generate. [facts §4.6]
    reads=frozenset(
        {
            "GenerateCredentialReport",
            "GenerateOrganizationsAccessReport",
            "GenerateServiceLastAccessedDetails",
        }
    ),
    # Documents in answers stay encoded. [rules.md §4]
    forms={
        "*.AssumeRolePolicyDocument": "encoded",
        "PolicyVersion.Document": "encoded",
    },
    # Passwords, keys and one-time codes are left out. [rules.md §12]
    hidden={
        "*.AddPrivateKey": OMITTED,
        "*.AuthenticationCode1": OMITTED,
        "*.AuthenticationCode2": OMITTED,
        "*.Base32StringSeed": OMITTED,
        "*.NewPassword": OMITTED,
        "*.OldPassword": OMITTED,
        "*.Password": OMITTED,
        "*.PrivateKey": OMITTED,
        "*.QRCodePNG": OMITTED,
        "*.SecretAccessKey": OMITTED,
        "*.ServiceCredentialSecret": OMITTED,
        "*.ServicePassword": OMITTED,
    },
)
