"""The hooks: botocore's events and the wrap around a call, each behind a guard that lets nothing out.

`_make_api_call` is wrapped for the call's beginning and end, which no event tells (a cancelled task, a
KeyboardInterrupt, another handler that raises). In between, three events of the client's own emitter tell what is sent
and answered.
They find their call through a context variable, so threads, tasks, greenlets and nested calls stay apart.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from inspect import signature
from typing import Any

from bototrail.capture.given import given
from bototrail.capture.scope import current
from bototrail.capture.seen import ClientFacts, Seen
from bototrail.model import NOTHING, Connection

Trouble = Callable[[str, BaseException], None]

_EVENTS = (
    ("register_last", "before-parameter-build", "_before_parameter_build"),
    ("register", "before-call", "_before_call"),
    # First of all handlers: botocore's own ones decode what CloudTrail logs undecoded, and a program's may raise.
    ("register_first", "after-call.*.*", "_after_call"),
)


_SIGNING = "bototrail_signing"
_now: ContextVar[Seen | None] = ContextVar("bototrail_call", default=None)  # one for ever: contexts keep them


class Hooks:
    """Registers on clients, and turns what their events say into a `Seen` per call.

    Args:
        finished: called with every call that was sent and has ended, in the thread or task that made it.
        presigned: called with every URL that is signed, when that is asked for.
        trouble: told of what went wrong in here.
    """

    def __init__(
        self,
        finished: Callable[[Seen, BaseException | None], None],
        presigned: Callable[[Seen], None] | None,
        trouble: Trouble,
    ) -> None:
        self._finished = finished
        self._presigned = presigned
        self._trouble = trouble
        self._clients: weakref.WeakKeyDictionary[Any, ClientFacts] = weakref.WeakKeyDictionary()
        self.active = True
        self.unwanted: set[tuple[str, str]] = set()  # services and operations that nobody wants to know of
        self.watched = False  # whether somebody wants to know what the program itself gave

    # ---- clients
    def attach(self, client: Any) -> ClientFacts:
        """Register on a client's emitter; a second time does nothing."""
        facts = self._clients.get(client)
        if facts is None:
            facts = ClientFacts(client.meta)
            emitter = _emitter(client)
            for how, event, name in _EVENTS:
                getattr(emitter, how)(event, getattr(self, name), unique_id=f"bototrail{name}")
            self._clients[client] = facts
        return facts

    def detach_all(self) -> None:
        """Leave every client as it was."""
        self.active = False
        for client in list(self._clients):
            emitter = _emitter(client)
            for _how, event, name in _EVENTS:
                emitter.unregister(event, getattr(self, name), unique_id=f"bototrail{name}")
        self._clients.clear()

    # ---- the wraps
    def call(self, wrapped: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        """Around `BaseClient._make_api_call`."""
        outer = _now.get()
        seen = self._open(client, args, kwargs) if self.active else None
        if seen is None and (outer is None or not self.active):
            return wrapped(*args, **kwargs)
        if self.watched:
            self._look(seen, args, kwargs)
        _now.set(seen)  # also when it is None: the events of a call that is not recorded are not those of the outer one
        try:
            result = wrapped(*args, **kwargs)
        except BaseException as error:
            _now.set(outer)
            self._close(seen, error)
            raise
        _now.set(outer)
        self._close(seen, None)
        return result

    def call_async(self, wrapped: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        """Around `AioBaseClient._make_api_call`."""
        seen = self._open(client, args, kwargs) if self.active else None
        if seen is None and (_now.get() is None or not self.active):
            return wrapped(*args, **kwargs)
        if self.watched:
            self._look(seen, args, kwargs)
        return self._awaited(seen, wrapped, args, kwargs)

    async def _awaited(self, seen: Seen | None, wrapped: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        outer = _now.get()
        _now.set(seen)
        try:
            result = await wrapped(*args, **kwargs)
        except BaseException as error:
            _now.set(outer)
            self._close(seen, error)
            raise
        _now.set(outer)
        self._close(seen, None)
        return result

    def created(self, wrapped: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        """Around `BaseClient.__init__`, only needed for URLs that are signed by a client that never makes a call."""
        result = wrapped(*args, **kwargs)
        self.adopt(client)
        return result

    def adopt(self, client: Any) -> None:
        """Attach to a client that somebody else made; never raises."""
        if self.active:
            self._guarded("capture", self.attach, client)

    def url_signed(self, wrapped: Callable[..., Any], _signer: Any, args: Any, kwargs: Any) -> Any:
        """Around `RequestSigner.generate_presigned_url`."""
        self._guarded("presigned", self._signed, args, kwargs)
        return wrapped(*args, **kwargs)

    def post_signed(self, wrapped: Callable[..., Any], _signer: Any, args: Any, kwargs: Any) -> Any:
        """Around `S3PostPresigner.generate_presigned_post`, whose events speak of CreateBucket."""
        self._guarded("presigned", self._signed, args, kwargs, post=True)
        return wrapped(*args, **kwargs)

    def _signed(self, args: Any, kwargs: Any, post: bool = False) -> None:
        request = args[0] if args else kwargs["request_dict"]
        seen = request.get("context", {}).pop(_SIGNING, None)
        if seen is None or self._presigned is None or not self.active:
            return
        if post:
            fields = (args[1] if len(args) > 1 else kwargs.get("fields")) or {}
            seen.operation = seen.facts.service_model.operation_model("PutObject")
            seen.params = {**seen.params, "Key": fields.get("key", "")}
        self._presigned(seen)

    def _guarded(self, kind: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 the wall
            self._trouble(kind, error)

    def request_sent(self, wrapped: Callable[..., Any], connection: Any, args: Any, kwargs: Any) -> Any:
        """Around `AWSConnection.request`: now the socket is there, and the server has not closed it yet."""
        result = wrapped(*args, **kwargs)
        seen = _now.get()
        if seen is not None:
            try:
                seen.sent = kwargs.get("headers") or (args[3] if len(args) > 3 else None)
                seen.connection = _facts_of_socket(connection.sock)
            except Exception as error:  # noqa: BLE001 the wall
                self._trouble("connection", error)
        return result

    def response_started(self, wrapped: Callable[..., Any], response: Any, args: Any, kwargs: Any) -> Any:
        """Around aiohttp's `ClientResponse.start`, which is given the connection."""
        seen = _now.get()
        if seen is not None:
            try:
                transport = (args[0] if args else kwargs["connection"]).transport
                seen.sent = response.request_info.headers
                seen.connection = _facts_of_transport(transport)
            except Exception as error:  # noqa: BLE001 the wall
                self._trouble("connection", error)
        return wrapped(*args, **kwargs)

    # ---- beginning and end
    def _open(self, client: Any, args: Any, kwargs: Any) -> Seen | None:
        try:
            scope = current()
            if scope.paused:
                return None
            facts = self._clients.get(client) or self.attach(client)
            if self.unwanted:
                operation = args[0] if args else kwargs.get("operation_name")
                if (facts.service_name, operation) in self.unwanted:
                    return None
            return Seen(client, facts, scope.labels)
        except Exception as error:  # noqa: BLE001 the wall
            self._trouble("capture", error)
            return None

    def _look(self, seen: Seen | None, args: Any, kwargs: Any) -> None:
        if seen is not None:
            try:
                seen.given = given(args, kwargs)
            except Exception as error:  # noqa: BLE001 the wall
                self._trouble("given", error)

    def _close(self, seen: Seen | None, error: BaseException | None) -> None:
        if seen is None:
            return
        # Neither sent nor answered: refused by botocore's validation, or by another handler. AWS never heard of it.
        if seen.request is None and seen.status is None:
            if error is None:
                self._guarded("capture", _forget_lookups, seen.client)
            return
        try:
            self._finished(seen, error)
        except Exception as mine:  # noqa: BLE001 the wall
            self._trouble("record", mine)

    # ---- events
    def _before_parameter_build(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        if context.get("is_presign_request"):
            if self._presigned is not None:
                self._guarded("presigned", self._to_be_signed, params, model, context)
        elif (seen := _now.get()) is not None:
            seen.params, seen.operation, seen.context = params, model, context

    def _to_be_signed(self, params: Any, model: Any, context: Any) -> None:
        scope = current()
        for client, facts in list(self._clients.items()):
            if facts.service_model is model.service_model and not scope.paused:
                seen = Seen(client, facts, scope.labels)
                seen.params, seen.operation, seen.context = params, model, context
                context[_SIGNING] = seen
                return

    def _before_call(self, model: Any, params: Any, context: Any, **_: Any) -> None:
        seen = _now.get()
        if seen is None:
            return
        try:
            seen.operation, seen.request, seen.context = model, params, context
            seen.prepare()  # not at the end: the program may change its dicts while it waits for the answer
        except Exception as error:  # noqa: BLE001 the wall
            self._trouble("requestParameters", error)

    def _after_call(self, http_response: Any, parsed: Any, model: Any, context: Any, **_: Any) -> None:
        seen = _now.get()
        if seen is None:
            return
        try:
            seen.operation, seen.context = model, context
            seen.status = status = int(http_response.status_code)
            seen.url = getattr(http_response, "url", "")
            meta = parsed.get("ResponseMetadata") or NOTHING
            headers = meta.get("HTTPHeaders")
            seen.response_headers = headers if isinstance(headers, Mapping) else NOTHING
            request_id = meta.get("RequestId")
            seen.request_id = request_id if type(request_id) is str else request_id and str(request_id)
            seen.parsed = parsed
            if not seen.planned:  # answered by a handler, nothing was sent
                seen.prepare()
            if status >= 300:
                seen.fail(parsed.get("Error") or NOTHING)
            else:
                seen.response_elements = seen.plan.response_elements(parsed, seen.response_headers)
        except Exception as error:  # noqa: BLE001 the wall
            self._trouble("responseElements", error)


for _how, _event, _name in _EVENTS:
    # botocore asks for a handler's signature when it registers it, for every client, and to find it out takes longest.
    _handler = getattr(Hooks, _name)
    _handler.__dict__["__signature__"] = signature(_handler)


def _emitter(client: Any) -> Any:
    """The client's own emitter, without the one around it that knows old names of services; our events have none."""
    return getattr(client.meta.events, "_emitter", client.meta.events)


def _forget_lookups(client: Any) -> None:
    """Another thread may have cached who listens in the moment in which we registered; then we were not called."""
    client.meta.events._emitter._lookup_cache.clear()


def _facts_of_socket(sock: Any) -> Connection | None:
    if sock is None:
        return None
    name = sock.getsockname()
    address = name[0] if isinstance(name, tuple) else "127.0.0.1"
    cipher = sock.cipher() if hasattr(sock, "cipher") else None
    return Connection(address, sock.version(), cipher[0]) if cipher else Connection(address, None, None)


def _facts_of_transport(transport: Any) -> Connection | None:
    name = transport.get_extra_info("sockname")
    tls = transport.get_extra_info("ssl_object")
    address = name[0] if isinstance(name, tuple) else "127.0.0.1"
    return Connection(address, tls.version(), tls.cipher()[0]) if tls else Connection(address, None, None)
