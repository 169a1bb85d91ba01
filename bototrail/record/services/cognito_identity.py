"""Amazon Cognito identity pools."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, OMITTED, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetCredentialsForIdentity",
            "GetId",
            "GetOpenIdToken",
            "GetOpenIdTokenForDeveloperIdentity",
            "UnlinkIdentity",
        }
    ),
    # [facts §11]
    hidden={
        "*.Logins": HIDDEN,
        "*.LoginsToRemove": HIDDEN,
        "*.SecretKey": OMITTED,
        "*.SessionToken": HIDDEN,
        "*.Token": HIDDEN,
    },
)
