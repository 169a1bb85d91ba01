"""Amazon S3 Control: accounts, access points, Storage Lens."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Operations of the account are named so. [rules.md §3]
    event_names={
        "DeletePublicAccessBlock": "DeleteAccountPublicAccessBlock",
        "GetPublicAccessBlock": "GetAccountPublicAccessBlock",
        "PutPublicAccessBlock": "PutAccountPublicAccessBlock",
    },
    # Its records are S3's. [rules.md §6]
    dialect="s3",
    user_agent="[{}]",
    # The account is in the Host. [rules.md §6]
    hidden={
        "*.AccountId": OMITTED,
        "*.MFA": OMITTED,
    },
    # Of paths only the name of an access point. [rules.md §4, §6]
    renames={
        "*.Name": "name",
    },
    # [rules.md §6]
    host=True,
    # [rules.md §6, in the order of records]
    extra={
        "SignatureVersion": "signature",
        "CipherSuite": "cipher",
        "bytesTransferredIn": "sent",
        "AuthenticationMethod": "authentication",
        "x-amz-id-2": "header x-amz-id-2",
        "bytesTransferredOut": "received",
    },
    # [rules.md §8]
    keeps_parameters=frozenset({"*"}),
)
