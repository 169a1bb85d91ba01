"""The real clock.

Programs under test freeze, patch and mock `time`, `datetime`, `os.urandom` and `uuid`. The functions here are kept in
closures made at import, which such tools do not reach, so that eventTime and eventID stay true and no mocked value is
eaten.
"""

from __future__ import annotations

import os
import time as _time
from collections import deque
from collections.abc import Callable

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_POOL = 1024  # bytes of randomness fetched at a time: the system call costs more than all the rest


def _functions() -> tuple[
    Callable[[], float], Callable[[], float], Callable[[float], str], Callable[[float], str], Callable[[], str]
]:
    wall, steady, gmtime, strftime, urandom = _time.time, _time.monotonic, _time.gmtime, _time.strftime, os.urandom
    last: tuple[int, str] = (-1, "")
    pool: deque[str] = deque()

    def now() -> float:
        """Seconds since 1970 (UTC)."""
        return wall()

    def monotonic() -> float:
        """Seconds of a clock that never steps back."""
        return steady()

    def event_time(seconds: float) -> str:
        """`YYYY-MM-DDTHH:MM:SSZ`, whole seconds, as CloudTrail writes eventTime."""
        nonlocal last
        second = int(seconds)
        known = last
        if known[0] == second:
            return known[1]
        text = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(second))
        last = (second, text)
        return text

    def minute(seconds: float) -> str:
        """`YYYYMMDDTHHmmZ`, as in the names of log files."""
        return strftime("%Y%m%dT%H%MZ", gmtime(seconds))

    def event_id() -> str:
        """A random (version 4) UUID in lower case."""
        try:
            h = pool.popleft()  # atomic: two threads never get the same
        except IndexError:
            block = urandom(_POOL).hex()
            h = block[:32]
            pool.extend(block[i : i + 32] for i in range(32, len(block), 32))
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"

    os.register_at_fork(after_in_child=pool.clear)  # else parent and child would give out the same ids
    return now, monotonic, event_time, minute, event_id


now, monotonic, event_time, minute, event_id = _functions()
