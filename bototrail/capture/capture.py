"""From the hooks to entries: who made the call, which record it becomes, and who gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bototrail.capture.ask import Asker, access_key_of, account_of_credentials
from bototrail.capture.hooks import Hooks
from bototrail.capture.install import Wraps
from bototrail.capture.later import Later
from bototrail.capture.seen import Caller, Seen
from bototrail.clock import event_id, now
from bototrail.model import Owner
from bototrail.record import assemble
from bototrail.record.identity import (
    TEACHES,
    Identities,
    Identity,
    account_of,
    caller_of_unsigned,
    learned,
    recipient_of_unsigned,
)
from bototrail.spool.entry import IDENTITY, NO_ACCOUNT, Entry, Header, new_mark, unknown_owner
from bototrail.trails import LOG_KINDS

Sink = Callable[[Entry], None]
Watcher = Callable[[Later, Seen], None]
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
        self._watchers: tuple[Watcher, ...] = ()
        self._wraps: Wraps | None = None
        self._callers: dict[tuple[str, str], Caller] = {}
        self._mark = new_mark()
        self._unknown = unknown_owner(self._mark)

    def add(self, sink: Sink, presigned: bool = False) -> None:
        """Let `sink` have every entry from now on; the first one switches the hooks on."""
        self._sinks = (*self._sinks, sink)
        self._switch(presigned)

    def remove(self, sink: Sink) -> None:
        """Stop giving entries to `sink`; when nobody listens any more the hooks are switched off."""
        self._sinks = tuple(s for s in self._sinks if s != sink)
        self._switch()

    def watch(self, watcher: Watcher) -> None:
        """Let `watcher` have every entry and what was seen of its call, in the thread that made it.

        The entry may be kept, what was seen may not.
        As long as somebody watches, `Seen.given` keeps what the program gave.
        """
        self._watchers = (*self._watchers, watcher)
        self._switch()

    def unwatch(self, watcher: Watcher) -> None:
        """Stop telling `watcher`."""
        self._watchers = tuple(w for w in self._watchers if w != watcher)
        self._switch()

    def _switch(self, presigned: bool = False) -> None:
        """Have the hooks in place as long as somebody listens."""
        listening = bool(self._sinks or self._watchers)
        if self._wraps is not None and (not listening or (presigned and not self._wraps.presigned)):
            self._wraps.remove()
            self._wraps = None
        if self._wraps is None and listening:
            hooks = Hooks(self._finished, self._signed if presigned else None, self._tell)
            self._wraps = Wraps(hooks, presigned)
            self._wraps.install()
        if self._wraps is not None:
            self._wraps.hooks.watched = bool(self._watchers)

    def _tell(self, kind: str, error: BaseException) -> None:
        self.trouble(kind, error)  # who is told may change while we listen

    def attach(self, client: Any) -> None:
        """Hook a client that botocore hands to its plug-in."""
        if self._wraps is not None:
            self._wraps.hooks.adopt(client)

    def teach(self, key: str, identity: Identity) -> None:
        """Take in who a caller is, and if that is news, have it spooled for those who deliver after us."""
        if self.identities.put(key, identity) and self.on_learned is not None:
            self.on_learned(Entry(Header(kind=IDENTITY, caller=key).encode(), identity.json()))

    def after_fork_in_child(self) -> None:
        """A child asks for itself."""
        self.asker.forget()

    # ---- a call has ended
    def _finished(self, seen: Seen, error: BaseException | None) -> None:
        seen.end(error, now())
        caller = self._caller(seen)
        if caller is not None:
            seen.access_key_id = caller.access_key_id
        operation = (seen.facts.service_name, seen.plan.operation_name)
        if operation in TEACHES and seen.status is not None and seen.error_code is None:
            self._learn(operation, seen, caller)
        self._emit(seen, caller)

    def _signed(self, seen: Seen) -> None:
        seen.presigned = True
        seen.end(None, now())
        seen.stubbed = False
        caller = self._caller(seen)
        if caller is not None:
            seen.access_key_id = caller.access_key_id
        self._emit(seen, caller)

    def _emit(self, seen: Seen, caller: Caller | None) -> None:
        kind = LOG_KINDS.get(seen.plan.event_category, "CloudTrail")
        if caller is None:
            identity = caller_of_unsigned(seen.facts.service_name, seen.plan.operation_name, seen.params, seen.parsed)
            account = recipient_of_unsigned(identity, seen.params) or NO_ACCOUNT
            owner = Owner(identity.json(), account.encode())
            header = Header(self.trails, kind, seen.region, account).encode()
        else:
            self._identify(seen, caller)
            owner = caller.owner
            header = caller.headers.get((kind, seen.region)) or self._header(caller, kind, seen.region)
        if self._watchers:
            self._show(Later(header, seen, event_id(), owner, self.source_ip), seen)
            return
        entry = Entry(header, assemble(seen, event_id(), owner, self.source_ip))
        for sink in self._sinks:
            sink(entry)

    def _show(self, later: Later, seen: Seen) -> None:
        for sink in self._sinks:
            sink(later.entry())
        for watcher in self._watchers:
            try:
                watcher(later, seen)
            except Exception as error:  # noqa: BLE001, PERF203 the wall; the other ones are told nevertheless
                self.trouble("watcher", error)
        later.let_go()

    def _header(self, caller: Caller, kind: str, region: str) -> bytes:
        known = caller.identity is not None
        made = Header(
            self.trails, kind, region, caller.account, None if known else caller.key, None if known else self._mark
        ).encode()
        caller.headers[kind, region] = made
        return made

    # ---- who made it
    def _caller(self, seen: Seen) -> Caller | None:
        if seen.context.get("auth_type") == "none":
            return None
        key = access_key_of(seen.client)
        if key is None:
            return None
        caller = self._callers.get((key, seen.facts.emulator))
        if caller is None:
            if len(self._callers) >= _MANY:  # a program may assume a role, and get a new key, for ever
                self._callers.clear()
            host = seen.facts.emulator
            account = account_of_credentials(seen.client) or account_of(key)
            caller = Caller(f"{key}@{host}" if host else key, key, account, self._unknown)
            self._callers[key, host] = caller
        return caller

    def _identify(self, seen: Seen, caller: Caller) -> None:
        """Write down who the caller is as soon as that is known; have somebody asked when nothing is."""
        known = self.identities.get(caller.key)
        if known is caller.identity:
            if known is None and not self.offline and self.asker.want(caller.key, caller.access_key_id, seen):
                self.wake()
        elif known is not None and known.arn and known.account_id:
            caller.identity, caller.account = known, known.account_id
            caller.owner = Owner(known.json(), known.account_id.encode())
            caller.headers = {}

    def _learn(self, operation: tuple[str, str], seen: Seen, caller: Caller | None) -> None:
        me = self.identities.get(caller.key) if caller else None
        if me is not None and me.arn == seen.parsed.get("Arn"):
            return  # GetCallerIdentity said so before
        key = caller.access_key_id if caller else None
        suffix = f"@{seen.facts.emulator}" if seen.facts.emulator else ""
        for access_key_id, identity in learned(*operation, seen.params, seen.parsed, me, key).items():
            self.teach(access_key_id + suffix, identity)
