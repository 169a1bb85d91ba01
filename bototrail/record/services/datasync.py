"""AWS DataSync."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # A keytab holds keys. [API reference]
    hidden={
        "*.KerberosKeytab": HIDDEN,
        "*.KerberosKrb5Conf": HIDDEN,
    },
)
