"""What a record shows to have been needed."""

from __future__ import annotations

from typing import NamedTuple

Condition = tuple[str, str, str]
"""Operator, key and value: `("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com")`."""


class Need(NamedTuple):
    """One permission.

    Attributes:
        action: `s3:PutObject`.
        resource: an ARN, in which `*` stands for what the record does not tell; or `*`.
        conditions: what is certain beside that.
        verified: whether the Service Authorization Reference has the action.
        implied: whether the call needs it beside its own action.
    """

    action: str
    resource: str
    conditions: tuple[Condition, ...] = ()
    verified: bool = True
    implied: bool = False


class Use(NamedTuple):
    """A call that has a resource decrypted or encrypted, if it is encrypted with a key of the customer's.

    Attributes:
        resource: its ARN.
        action: what the key's use needs, `kms:Decrypt`.
        via: the service that uses the key, for the condition.
    """

    resource: str
    action: str
    via: str
