"""Telling pages that there is something new: a request that is answered when there is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

State = dict[str, Any]

WAIT_SECONDS: Final = 25.0
"""Seconds until a request is answered in any case: less than what proxies wait for."""

MOST_WAITING: Final = 64
"""Requests that may wait at a time; more are answered at once, and are to ask again later."""

_LOOK_SECONDS: Final = 1.0
_TICK_SECONDS: Final = 0.25


class Watch:
    """Looks for news while somebody waits for them: one look for all who wait, and no thread for any of them.

    Args:
        look: gives the state as it is now.
        stopping: whether the server ends, so that nobody may wait.
    """

    def __init__(self, look: Callable[[], Awaitable[State]], stopping: Callable[[], bool]) -> None:
        self._look, self._stopping = look, stopping
        self._waiting = 0
        self._state: State | None = None
        self._looked = 0.0
        self._looking: asyncio.Task[State] | None = None

    async def news(self, seen: str, gone: Callable[[], Awaitable[bool]]) -> State:
        """The state as soon as it is another one than what was seen, or after a while.

        Args:
            seen: the `mark` of the state that the page has; empty for none.
            gone: whether the browser has gone away.
        """
        state = await self._now()
        if self._waiting >= MOST_WAITING:
            return state
        loop = asyncio.get_running_loop()
        end = loop.time() + WAIT_SECONDS
        self._waiting += 1
        try:
            while state["mark"] == seen and loop.time() < end and not self._stopping() and not await gone():
                await asyncio.sleep(_TICK_SECONDS)
                state = await self._now()
        finally:
            self._waiting -= 1
        return state

    async def _now(self) -> State:
        """The state, at most a second old."""
        loop = asyncio.get_running_loop()
        if self._state is not None and loop.time() - self._looked < _LOOK_SECONDS:
            return self._state
        if self._looking is None:
            self._looking = loop.create_task(self._looked_at())
        return await asyncio.shield(self._looking)  # others may wait for it, too

    async def _looked_at(self) -> State:
        try:
            self._state = await self._look()
            return self._state
        finally:
            self._looked = asyncio.get_running_loop().time()
            self._looking = None
