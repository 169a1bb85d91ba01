"""From the hooks to entries: who made the call, which record it becomes, and who gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bototrail.capture.ask import Asker, access_key_of, account_of_credentials
from bototrail.capture.hooks import Hooks
from bototrail.capture.install import Wraps
from bototrail.capture.seen import Caller, Seen
from bototrail.clock import event_id, now
from bototrail.model import Call, Owner
from bototrail.record import assemble
from bototrail.record.identity import TEACHES, Identities, Identity, account_of, caller_of_unsigned, learned
from bototrail.spool.entry import IDENTITY, NO_ACCOUNT, Entry, Header, new_mark, unknown_owner
from bototrail.trails import LOG_KINDS

Sink = Callable[[Entry], None]
_MANY = 10_000


class Capture:
    """Sees every call of this process while somebody listens.

    Args:
        identities: the book of callers, shared with whoever finishes the records.
        trouble: told of what went wrong, by kind.
    """

    def __init__(self, identities: Identities, trouble: Callable[[str, BaseException], None]) -> None:
        self.identities = identities
        self.trouble = trouble
        self.asker: Asker = Asker(self.teach)
        self.wake: Callable[[], None] = lambda: None
        self.offline = False
        self.source_ip: str | None = None
        self.on_learned: Sink | None = None
        self.trails: tuple[str, ...] = ("default",)
        self._sinks: tuple[Sink, ...] = ()
        self._wraps: Wraps | None = None
        self._headers: dict[tuple[str | None, ...], bytes] = {}
        self._accounts: dict[str, str | None] = {}
        self._mark = new_mark()
        self._unknown = unknown_owner(self._mark)

    def add(self, sink: Sink, presigned: bool = False) -> None:
        """Let `sink` have every entry from now on; the first one switches the hooks on."""
        self._sinks = (*self._sinks, sink)
        if self._wraps is None:
            hooks = Hooks(self._finished, self._signed if presigned else None, self.trouble)
            self._wraps = Wraps(hooks, presigned)
            self._wraps.install()

    def remove(self, sink: Sink) -> None:
        """Stop giving entries to `sink`; the last one switches the hooks off."""
        self._sinks = tuple(s for s in self._sinks if s != sink)
        if not self._sinks and self._wraps is not None:
            self._wraps.remove()
            self._wraps = None

    def attach(self, client: Any) -> None:
        """Hook a client that botocore hands to its plug-in."""
        if self._wraps is not None:
            self._wraps.hooks.adopt(client)

    def teach(self, key: str, identity: Identity) -> None:
        """Take in who a caller is, and have it spooled for those who deliver after us."""
        self.identities.put(key, identity)
        if self.on_learned is not None:
            self.on_learned(Entry(Header(kind=IDENTITY, caller=key).encode(), identity.json()))

    def after_fork_in_child(self) -> None:
        """A child asks for itself."""
        self.asker.forget()

    # ---- a call has ended
    def _finished(self, seen: Seen, error: BaseException | None) -> None:
        call = _call(seen, error)
        caller = self._caller(seen)
        call.access_key_id = caller.access_key_id if caller else None
        operation = (call.plan.service_name, call.plan.operation_name)
        if operation in TEACHES and seen.parsed is not None and seen.error is None:
            self._learn(operation, seen, caller)
        self._emit(call, seen, caller)

    def _signed(self, seen: Seen) -> None:
        plan = seen.facts.plan(seen.operation)
        call = Call(plan, seen.facts.signed_for(seen.context), seen.facts.partition, url=seen.facts.endpoint_url)
        call.request_parameters = plan.request_parameters(seen.params)
        call.presigned, call.labels, call.time = True, seen.scope.labels, now()
        caller = self._caller(seen)
        call.access_key_id = caller.access_key_id if caller else None
        self._emit(call, seen, caller)

    def _emit(self, call: Call, seen: Seen, caller: Caller | None) -> None:
        owner, account = self._owner(seen, caller)
        pending = owner is self._unknown or account is None
        record = assemble(call, event_id(), owner, source_ip=self.source_ip)
        kind = LOG_KINDS.get(call.plan.event_category, "CloudTrail")
        known = (kind, call.region, account, caller.key if caller and pending else None)
        header = self._headers.get(known)
        if header is None:
            if len(self._headers) >= _MANY:  # a program may assume a role, and get a new key, for ever
                self._headers.clear()
            mark = self._mark if pending else None
            header = Header(self.trails, kind, call.region, account, known[3], mark).encode()
            self._headers[known] = header
        entry = Entry(header, record)
        for sink in self._sinks:
            sink(entry)

    # ---- who made it
    def _caller(self, seen: Seen) -> Caller | None:
        if seen.context.get("auth_type") == "none":
            return None
        key = access_key_of(seen.client)
        if key is None:
            return None
        host = seen.facts.emulator
        return Caller(f"{key}@{host}" if host else key, key, account_of_credentials(seen.client))

    def _owner(self, seen: Seen, caller: Caller | None) -> tuple[Owner, str | None]:
        if caller is None:
            service, operation = seen.facts.service_name, seen.operation.name
            identity = caller_of_unsigned(service, operation, seen.params, seen.parsed or {})
            account = identity.account_id if (identity.account_id or "").isdigit() else NO_ACCOUNT
            return Owner(identity.json(), (account or NO_ACCOUNT).encode()), account
        known = self.identities.get(caller.key)
        if known is not None and known.arn and known.account_id:
            return Owner(known.json(), known.account_id.encode()), known.account_id
        if known is None and not self.offline and self.asker.want(caller.key, caller.access_key_id, seen):
            self.wake()
        return self._unknown, caller.account or self._account_in(caller.access_key_id)

    def _account_in(self, access_key_id: str) -> str | None:
        if access_key_id not in self._accounts:
            if len(self._accounts) >= _MANY:
                self._accounts.clear()
            self._accounts[access_key_id] = account_of(access_key_id)
        return self._accounts[access_key_id]

    def _learn(self, operation: tuple[str, str], seen: Seen, caller: Caller | None) -> None:
        me = self.identities.get(caller.key) if caller else None
        key = caller.access_key_id if caller else None
        suffix = f"@{seen.facts.emulator}" if seen.facts.emulator else ""
        found = learned(*operation, seen.params, seen.parsed or {}, me, key)
        for access_key_id, identity in found.items():
            self.teach(access_key_id + suffix, identity)


def _call(seen: Seen, error: BaseException | None) -> Call:
    plan = seen.plan or seen.facts.plan(seen.operation)
    request = seen.request or {}
    headers = seen.sent or request.get("headers") or {}
    agent = headers.get("User-Agent") or ""
    call = Call(
        plan,
        seen.facts.signed_for(seen.context),
        seen.facts.partition,
        url=str(seen.url or request.get("url") or seen.facts.endpoint_url),
        request_headers=headers,
        user_agent=agent.decode("utf-8", "replace") if isinstance(agent, bytes) else str(agent),
        request_parameters=seen.request_parameters,
        status=seen.status,
        response_headers=seen.headers,
        response_elements=seen.response_elements,
        request_id=seen.request_id,
        connection=seen.connection,
        stubbed=seen.request is None,
        labels=seen.scope.labels,
        time=now(),
    )
    if seen.error is not None:
        call.error_code = str(seen.error.get("QueryErrorCode") or seen.error.get("Code") or seen.status)
        message = seen.error.get("Message")
        call.error_message = None if message is None else str(message)
        parsed = seen.parsed or {}
        call.error_fields = {k: v for k, v in parsed.items() if k not in ("ResponseMetadata", "Error")}
    elif seen.status is None and error is not None:
        call.error_code, call.error_message, call.answered = type(error).__name__, str(error), False
    return call
