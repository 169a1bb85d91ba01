"""Digest files in the background of a recording process. Light to import: most programs have no such trails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Final

from bototrail.capture.scope import paused
from bototrail.clock import monotonic, now
from bototrail.deliver.ledger import Ledger
from bototrail.errors import MissingExtraError
from bototrail.settings import Settings
from bototrail.trails import Trail

HOUR: Final = 3600
FIRST_REST: Final = 60.0
LAST_REST: Final = 900.0
"""Seconds: rests between attempts that failed grow from the one to the other."""


def check_digests(settings: Settings, trails: Sequence[Trail]) -> None:
    """See whether digest files can be signed, if there are to be any.

    Raises:
        ConfigError: the signing key cannot be used.
        MissingExtraError: the package for it is not installed.
    """
    if any(trail.EnableLogFileValidation for trail in trails):
        from bototrail.integrity.keys import open_keys

        if find_spec("cryptography") is None:
            raise MissingExtraError("log file validation", "integrity")
        open_keys(settings.state, settings.keys, settings.signing_key)


class Digests:
    """Makes digest files when they are due.

    Args:
        settings: what was set.
        ledger: gives the ledger of the process's delivery; another one after a fork.
        trails: gives the trails that log now.
        trouble: told of what went wrong.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Callable[[], Ledger],
        trails: Callable[[], Sequence[Trail]],
        trouble: Callable[[str, BaseException | str], None],
    ) -> None:
        self._settings, self._ledger, self._trails, self._trouble = settings, ledger, trails, trouble
        self._last = self._next = 0.0
        self._again, self._rest = 0.0, FIRST_REST

    def due(self) -> bool:
        """Whether there may be something to do now."""
        if not any(trail.EnableLogFileValidation for trail in self._trails()):
            return False
        # Before the last time: the clock was set back, and what is due by it is not known.
        return monotonic() >= self._again and (now() >= self._next or now() < self._last)

    def make(self) -> None:
        """Make what is due; never raises."""
        self._last = now()
        try:
            with paused():
                well = self._make()
        except Exception as error:  # noqa: BLE001 nobody above us could do anything
            self._trouble("digest", error)
            well = False
        if well:
            self._next, self._again, self._rest = self._last // HOUR * HOUR + HOUR, 0.0, FIRST_REST
        else:
            self._again, self._rest = monotonic() + self._rest, min(LAST_REST, 2 * self._rest)

    def _make(self) -> bool:
        from bototrail.integrity.keys import open_keys
        from bototrail.integrity.making import DigestMaker

        settings = self._settings
        keys = partial(open_keys, settings.state, settings.keys, settings.signing_key)
        made = DigestMaker(settings.state, keys, self._ledger()).make(self._logging())
        for each in made:
            if each.error is not None:
                self._trouble("digest", each.error)
        return all(each.error is None for each in made)

    def _logging(self) -> list[Trail]:
        return [trail for trail in self._trails() if trail.EnableLogFileValidation]
