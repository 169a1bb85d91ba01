"""Putting the wraps in place, in botocore and in what carries a copy of it, and taking them away again."""

from __future__ import annotations

import gc
import sys
from typing import Any

import wrapt

from bototrail.capture.hooks import Hooks

WRAPS = (
    # module, class, method, handler in Hooks
    ("aiobotocore.client", "AioBaseClient", "_make_api_call", "call_async"),
    ("aiohttp.client_reqrep", "ClientResponse", "start", "response_started"),
    ("awscli.botocore.awsrequest", "AWSConnection", "request", "request_sent"),
    ("awscli.botocore.client", "BaseClient", "_make_api_call", "call"),
    ("botocore.awsrequest", "AWSConnection", "request", "request_sent"),
    ("botocore.client", "BaseClient", "_make_api_call", "call"),
)
PRESIGN_WRAPS = (
    ("awscli.botocore.client", "BaseClient", "__init__", "created"),
    ("botocore.client", "BaseClient", "__init__", "created"),
    ("aiobotocore.signers", "AioRequestSigner", "generate_presigned_url", "url_signed"),
    ("aiobotocore.signers", "AioS3PostPresigner", "generate_presigned_post", "post_signed"),
    ("awscli.botocore.signers", "RequestSigner", "generate_presigned_url", "url_signed"),
    ("awscli.botocore.signers", "S3PostPresigner", "generate_presigned_post", "post_signed"),
    ("botocore.signers", "RequestSigner", "generate_presigned_url", "url_signed"),
    ("botocore.signers", "S3PostPresigner", "generate_presigned_post", "post_signed"),
)
"""Only for URLs, whose client may never make a call. (aiobotocore's clients inherit this `__init__`.)"""


_live: list[Wraps] = []
_awaited: set[str] = set()


class Wraps:
    """The wraps of one `Hooks`, in modules that are imported already and in those that will be.

    Clients need no search: one made before is attached to at its next call.
    """

    def __init__(self, hooks: Hooks, presigned: bool) -> None:
        self.hooks = hooks
        self._rows = WRAPS + (PRESIGN_WRAPS if presigned else ())
        self.presigned = presigned
        self._placed: list[tuple[Any, str, Any]] = []

    def install(self) -> None:
        """Wrap now what is imported, and the rest as soon as it is."""
        _live.append(self)
        for name in sorted({row[0] for row in self._rows}):
            if name in sys.modules:
                self.place(sys.modules[name])
            elif name not in _awaited:
                _awaited.add(name)  # such a hook cannot be taken back, so there is one for all
                wrapt.register_post_import_hook(_imported, name)
        if self.presigned and "botocore.client" in sys.modules:
            base = sys.modules["botocore.client"].BaseClient
            for client in [o for o in gc.get_objects() if issubclass(type(o), base)]:
                self.hooks.adopt(client)

    def place(self, module: Any) -> None:
        """Wrap what is to be wrapped in a module."""
        for name, owner, method, handler in self._rows:
            if name == module.__name__ and (cls := getattr(module, owner, None)) is not None:
                wrapper = wrapt.wrap_function_wrapper(cls, method, getattr(self.hooks, handler))
                self._placed.append((cls, method, wrapper))

    def remove(self) -> None:
        """Put everything back; where somebody wrapped our wrap, it stays and lets every call through."""
        _live.remove(self)
        self.hooks.detach_all()
        for cls, method, wrapper in reversed(self._placed):
            if cls.__dict__.get(method) is wrapper:
                setattr(cls, method, wrapper.__wrapped__)
        self._placed.clear()


def _imported(module: Any) -> None:
    for wraps in _live:
        wraps.place(module)
