"""From the hooks to entries: who made the call, which record it becomes, and who gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

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
from bototrail.trails.selectors import EventFacts, Selection, at_global_endpoint

Sink = Callable[[Entry], None]
Watcher = Callable[[Later, Seen], None]
_MANY = 10_000
_NOBODY: tuple[str, ...] = ()


class HeaderKey(NamedTuple):
    """What tells the headers of one caller's entries apart; as in `Header`."""

    kind: str
    region: str
    trails: tuple[str, ...]
    maybe: tuple[str, ...]


class Who(NamedTuple):
    """Whose call it was.

    Attributes:
        owner: what is written into the record.
        account: 12 digits as far as they are known.
        arn: userIdentity.arn, as far as it is known.
        known: whether nothing of it will change.
    """

    owner: Owner
    account: str | None
    arn: str | None
    known: bool


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
        self._spool: Sink | None = None
        self._selection = Selection(())
        self._sinks: tuple[Sink, ...] = ()
        self._watchers: tuple[Watcher, ...] = ()
        self._wraps: Wraps | None = None
        self._unwanted: set[tuple[str, str]] | None = None
        self._callers: dict[tuple[str, str], Caller] = {}
        self._mark = new_mark()
        self._unknown = unknown_owner(self._mark)

    def record(self, spool: Sink, selection: Selection, presigned: bool = False) -> None:
        """Let `spool` have the entries that trails want from now on."""
        self._spool, self._selection = spool, selection
        self._switch(presigned)

    def select(self, selection: Selection) -> None:
        """Have other trails from now on."""
        self._selection = selection
        self._switch()

    def stop_recording(self) -> None:
        """Stop giving entries to the spool."""
        self._spool, self._selection = None, Selection(())
        self._switch()

    def add(self, sink: Sink) -> None:
        """Let `sink` have every entry from now on, whatever trails want."""
        self._sinks = (*self._sinks, sink)
        self._switch()

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
        listening = bool(self._spool or self._sinks or self._watchers)
        if self._wraps is not None and (not listening or (presigned and not self._wraps.presigned)):
            self._wraps.remove()
            self._wraps = None
        if self._wraps is None and listening:
            hooks = Hooks(self._finished, self._signed if presigned else None, self._tell)
            self._wraps = Wraps(hooks, presigned)
            self._wraps.install()
        if self._wraps is not None:
            hooks = self._wraps.hooks
            hooks.watched = bool(self._watchers)
            # A set of its own for each selection: what was learned of the last one must not get into this one's.
            hooks.unwanted = set()
            self._unwanted = None if self._sinks or self._watchers else hooks.unwanted

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
        spool, unwanted = self._spool, self._unwanted  # before the selection is asked: it may change meanwhile
        verdict = self._selection.verdict(seen.plan, seen.region, at_global_endpoint(seen))
        if verdict.never and unwanted is not None:
            self._skip(seen, unwanted)
            return
        who = self._who(seen, caller)
        trails, maybe = verdict.always, _NOBODY
        if verdict.asks:
            trails, maybe = verdict.decide(EventFacts(seen, who.account, who.arn, who.known))
        sinks = self._sinks if spool is None or not (trails or maybe) else (spool, *self._sinks)
        if not (sinks or self._watchers):
            return
        key = HeaderKey(LOG_KINDS.get(seen.plan.event_category, "CloudTrail"), seen.region, trails, maybe)
        if caller is None:
            header = Header(trails, key.kind, key.region, who.account, maybe=maybe).encode()
        else:
            header = caller.headers.get(key) or self._header(caller, key)
        if self._watchers:
            self._show(Later(header, seen, event_id(), who.owner, self.source_ip), seen, sinks)
            return
        entry = Entry(header, assemble(seen, event_id(), who.owner, self.source_ip))
        for sink in sinks:
            sink(entry)

    def _skip(self, seen: Seen, unwanted: set[tuple[str, str]]) -> None:
        """Nobody wants this call; when nobody can want any of its kind, let the hooks pass them by."""
        service, operation = seen.facts.service_name, seen.plan.operation_name
        if (service, operation) not in TEACHES and all(map(self._selection.unwanted, seen.facts.plans_of(operation))):
            unwanted.add((service, operation))

    def _show(self, later: Later, seen: Seen, sinks: tuple[Sink, ...]) -> None:
        for sink in sinks:
            sink(later.entry())
        for watcher in self._watchers:
            try:
                watcher(later, seen)
            except Exception as error:  # noqa: BLE001, PERF203 the wall; the other ones are told nevertheless
                self.trouble("watcher", error)
        later.let_go()

    def _header(self, caller: Caller, key: HeaderKey) -> bytes:
        asked, mark = (None, None) if caller.identity is not None else (caller.key, self._mark)
        header = Header(key.trails, key.kind, key.region, caller.account, asked, mark, key.maybe)
        if len(caller.headers) >= _MANY:
            caller.headers.clear()
        made = caller.headers[key] = header.encode()
        return made

    # ---- who made it
    def _who(self, seen: Seen, caller: Caller | None) -> Who:
        if caller is None:
            identity = caller_of_unsigned(seen.facts.service_name, seen.plan.operation_name, seen.params, seen.parsed)
            account = recipient_of_unsigned(identity, seen.params) or NO_ACCOUNT
            return Who(Owner(identity.json(), account.encode()), account, identity.arn, known=True)
        self._identify(seen, caller)
        known = caller.identity
        return Who(caller.owner, caller.account, known.arn if known else None, known is not None)

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
