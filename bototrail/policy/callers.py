"""Which records are of a certain caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bototrail.errors import ConfigError

_ARN: Final = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(\d{12}):(role|user|assumed-role|root|federated-user)(?:/(.+))?")


class Caller:
    """Somebody whose calls are wanted.

    Args:
        text: ARN of a role, a session, or a user; or the bare name of a role or user.

    Raises:
        ConfigError: it is an ARN of something else.
    """

    def __init__(self, text: str) -> None:
        found = _ARN.fullmatch(text)
        if found is None and (text.startswith("arn:") or not re.fullmatch(r"[\w+=,.@-]+", text)):
            todo = "take it from `aws iam get-role` or from userIdentity of a record"
            raise ConfigError("the ARN or name of a role or user", repr(text), todo)
        self._arn = text if found and found[2] == "assumed-role" else ""
        self._account = found[1] if found else ""
        self._kinds = {found[2]} if found else {"role", "user"}
        self._name = (found[3] or found[2]).rpartition("/")[2] if found else text

    def made(self, record: Mapping[str, Any]) -> bool:
        """Whether a record's call was made by this caller; a role's path does not matter, few records tell it."""
        identity = record.get("userIdentity")
        who: Mapping[str, Any] = identity if isinstance(identity, Mapping) else {}
        if self._arn:
            return who.get("arn") == self._arn
        context = who.get("sessionContext")
        issuer = context.get("sessionIssuer") if isinstance(context, Mapping) else None
        for arn in (issuer.get("arn") if isinstance(issuer, Mapping) else None, who.get("arn")):
            kind, name, account = _parts(str(arn or ""))
            if kind in self._kinds and name == self._name and self._account in ("", account):
                return True
        return False


def _parts(arn: str) -> tuple[str, str, str]:
    """Kind, bare name and account of a caller's ARN; a session is of its role."""
    found = _ARN.fullmatch(arn)
    if found is None:
        return "", "", ""
    if found[2] == "assumed-role":
        return "role", (found[3] or "").partition("/")[0], found[1]
    return found[2], (found[3] or found[2]).rpartition("/")[2], found[1]
