"""AWS Signer."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Neither what is signed nor the signature is written. [as KMS]
    hidden={
        "SignPayloadRequest.payload": OMITTED,
        "SignPayloadResponse.signature": OMITTED,
    },
)
