"""The types that pass from part to part: what was seen of a call, who made it, and the record that became of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bototrail.record.plan import Plan


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Connection(NamedTuple):
    """What the socket of a call told.

    Attributes:
        source_ip: our own end of it, an IPv4 or IPv6 address.
        tls_version: `TLSv1.2`, `TLSv1.3`, or None when the connection is not encrypted.
        cipher_suite: OpenSSL's name of the cipher, or None.
    """

    source_ip: str
    tls_version: str | None
    cipher_suite: str | None


class Call:
    """One SDK call as the hooks saw it: the input of `record.assemble`, nothing in it is shared with the program.

    Fields that were not seen keep the defaults of the class, so that a call costs no more than what was seen of it.

    Attributes:
        plan: what is known of its operation beforehand.
        region: the region the request was signed for (never `aws-global`).
        partition: botocore's partition name, such as `aws` or `aws-cn`.
        access_key_id: the key that signed, None for an unsigned call.
        url: the address that the last attempt went to, `https://host/path?query`.
        request_headers: headers of the request by their names as sent; values are str or bytes. Read, never kept.
        request_length: bytes of the request's body, None when that is not known.
        user_agent: the User-Agent header as sent.
        request_parameters: what `plan.request_parameters` made of the arguments, secrets already gone.
        status: HTTP status of the answer, None when none came.
        response_headers: headers of the answer, names in lower case.
        response_elements: what `plan.response_elements` made of the result.
        parsed: the result or error, the very object that the program gets. Read, never kept.
        error_code: the code in the answer, or the exception's class when no answer came; None on success.
        error_message: likewise.
        answered: whether error_code comes from the service's answer (then it is translated) or from botocore.
        error_fields: the other members of the error that the service sent, such as `{"message": ...}`.
        request_id: the service's request id, None when no answer came.
        connection: the socket of the last attempt, None when there was none (Stubber, moto in the process).
        stubbed: answered by a handler (botocore's Stubber) before anything was sent.
        presigned: not a call at all but an URL that was signed for somebody.
        labels: what `bototrail.labelled` says here.
        time: when the call ended, seconds since 1970.
    """

    plan: Plan
    region: str = "us-east-1"
    partition: str = "aws"
    access_key_id: str | None = None
    url: str = ""
    request_headers: Mapping[str, Any] = NOTHING
    request_length: int | None = None
    user_agent: str = ""
    request_parameters: Any = None
    status: int | None = None
    response_headers: Mapping[str, str] = NOTHING
    response_elements: Any = None
    parsed: Mapping[str, Any] = NOTHING
    error_code: str | None = None
    error_message: str | None = None
    answered: bool = True
    error_fields: Mapping[str, Any] = NOTHING
    request_id: str | None = None
    connection: Connection | None = None
    stubbed: bool = False
    presigned: bool = False
    labels: Mapping[str, str] | None = None
    time: float = 0.0

    def __init__(self, **seen: Any) -> None:
        self.__dict__.update(seen)


class Owner(NamedTuple):
    """Who a record belongs to, as the bytes that go into it.

    For a caller who is not yet known both are placeholders, replaced when the record is delivered or read.

    Attributes:
        identity: the JSON object of userIdentity.
        account: the 12 digits of the account (no quotes).
    """

    identity: bytes
    account: bytes
