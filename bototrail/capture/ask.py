"""Asking STS who an access key belongs to: once per key, in the background, never where it was not heard of before.

* A call that went to AWS: AWS's STS is asked.
* A call to another endpoint (an emulator, MinIO): that endpoint is asked if it speaks STS, nobody else.
* A call that never left the process (moto, Stubber): asked in the same way, but with no way to the network.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bototrail.capture.scope import paused
from bototrail.capture.seen import Secret, Seen
from bototrail.record.identity import Identity, from_caller, is_account

_TIMEOUTS = {"connect_timeout": 3, "read_timeout": 5, "retries": {"total_max_attempts": 2}}


class Asker:
    """Keeps what is to be asked until the background thread, or a reader, has time for it.

    Args:
        learned: called with a caller's key and identity.
    """

    def __init__(self, learned: Callable[[str, Identity], None]) -> None:
        self._learned = learned
        self._asked: set[str] = set()
        self._wanted: dict[str, tuple[Secret, dict[str, Any], bool]] = {}
        self._asking = threading.Lock()

    def want(self, key: str, access_key: str, seen: Seen) -> bool:
        """Remember to ask for `key`; true when it is new. Costs next to nothing the second time."""
        if key in self._asked:
            return False
        secret = snapshot(seen.client, access_key)
        if secret is None:
            return False
        if len(self._asked) >= 10_000:
            self._asked.clear()
        self._asked.add(key)
        facts = seen.facts
        where: dict[str, Any] = {"region_name": facts.region if not facts.region.endswith("-global") else "us-east-1"}
        if facts.emulator:
            where = {"region_name": where["region_name"], "endpoint_url": facts.endpoint_url}
        self._wanted[key] = (secret, where, seen.connection is not None)
        return True

    @property
    def waiting(self) -> bool:
        """Whether there is a caller to ask for."""
        return bool(self._wanted)

    def ask(self) -> list[str]:
        """Ask for all that is wanted; returns what could not be answered, one text each.

        Who reads while the background thread asks waits for its answer, so that what is read does not hang on a race.
        """
        with self._asking:
            return self._ask()

    def _ask(self) -> list[str]:
        failures = []
        while self._wanted:
            key = next(iter(self._wanted), "")
            wanted = self._wanted.pop(key, None)
            if wanted is None:
                continue
            try:
                with paused():
                    self._learned(key, _who(wanted[0], wanted[1], wanted[2]))
            except Exception as error:  # noqa: BLE001 whatever goes wrong, the caller stays unknown and no more
                failures.append(f"{key}: {type(error).__name__}: {error}")
        return failures

    def forget(self) -> None:
        """Start anew (in a forked child)."""
        self._asked, self._wanted, self._asking = set(), {}, threading.Lock()


def access_key_of(client: Any) -> str | None:
    """The access key id that signs a client's requests; reading it must not refresh the credentials."""
    credentials = client._request_signer._credentials
    if credentials is None:
        return None
    found = credentials.__dict__
    key = found.get("_access_key") or found.get("access_key")
    return key if isinstance(key, str) else None


def account_of_credentials(client: Any) -> str | None:
    """The account that the program's configuration names for these credentials, if it does."""
    found = vars(client._request_signer._credentials)
    account = found.get("_account_id") or found.get("account_id")
    return account if isinstance(account, str) and is_account(account) else None


def snapshot(client: Any, access_key: str) -> Secret | None:
    """The credentials that signed, without refreshing them; None when they have changed already."""
    found = vars(client._request_signer._credentials)
    secret = found.get("_secret_key") or found.get("secret_key")
    key = found.get("_access_key") or found.get("access_key")
    if key != access_key or not isinstance(secret, str):
        return None
    return Secret(access_key, secret, found.get("_token") or found.get("token"))


@lru_cache(maxsize=4)
def _loader(path: str | None) -> Any:
    """Reading models is most of the cost of a client, and tests that record each for itself ask again and again."""
    from botocore.loaders import create_loader

    return create_loader(path)


def _who(secret: Secret, where: dict[str, Any], connected: bool) -> Identity:
    from botocore.config import Config
    from botocore.httpsession import URLLib3Session
    from botocore.session import Session

    class Unconnected(URLLib3Session):  # type: ignore[misc] # botocore has no types
        def _get_connection_manager(self, *_: Any, **__: Any) -> Any:
            raise ConnectionRefusedError("the call never left this process, so its caller is not asked for elsewhere")

    session = Session()
    session.register_component("data_loader", _loader(session.get_config_variable("data_path")))
    session.set_credentials(secret.access_key, secret.secret_key, secret.token)
    options = dict(_TIMEOUTS)
    if "endpoint_url" not in where:
        options["ignore_configured_endpoint_urls"] = True
    client = session.create_client("sts", config=Config(**options), **where)
    if not connected:
        client._endpoint.http_session = Unconnected()
    answer = client.get_caller_identity()
    return from_caller(answer["Arn"], answer["UserId"], answer["Account"], secret.access_key)
