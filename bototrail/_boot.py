"""What `bototrail.pth` imports when `BOTOTRAIL` or `BOTOTRAIL_TRAILS` is set: waits for botocore, and costs little.

It has a finder of its own rather than wrapt's post-import hook, because importing wrapt takes longer than all the rest
and most programs that inherit the variable never import botocore.
"""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False  # importing typing would cost more than all the rest
if TYPE_CHECKING:
    from typing import Any

TRIGGERS = ("botocore.client", "awscli.botocore.client")


class _Finder:
    """Finds nothing itself; asks the others, and has the recorder started when a trigger has been imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in TRIGGERS:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec: Any = finder.find_spec(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader:
    """Another loader, and the recorder's start after it."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: Any) -> None:
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        activate()


class _no_collection:  # noqa: N801 used like a function
    """Modules are no garbage: looking for some while they are imported costs as much as the import itself."""

    def __enter__(self) -> None:
        self._enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._enabled:
            gc.enable()


def activate() -> None:
    """Start as the environment says; never raises."""
    try:
        with _no_collection():
            from bototrail.recorder import start_from_environment
        start_from_environment()
    except Exception as error:  # noqa: BLE001 the wall
        import contextlib

        with contextlib.suppress(Exception):  # stderr may be None, closed, or full
            sys.stderr.write(f"bototrail: not recording: {type(error).__name__}: {error}\n")


def install() -> None:
    """Wait for botocore, or start at once when it is imported already."""
    if any(name in sys.modules for name in TRIGGERS):
        activate()
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


install()
