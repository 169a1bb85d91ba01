"""Buckets by the names that S3 clients know them by."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bototrail.clock import monotonic
from bototrail.endpoint.library import Place
from bototrail.errors import BucketError, ConfigError, ServiceError
from bototrail.store import Store

_AGAIN: Final = 1.0  # seconds until a name that is not known is looked for again


class Buckets:
    """Buckets by the names that S3 clients know them by.

    Args:
        places: the buckets; the earlier one has a name that two of them claim, and what trails say comes first.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = places
        self._names: dict[str, Store] = {}
        self._looked = -_AGAIN
        self._failure: BucketError | None = None
        self._lock = threading.Lock()

    def find(self, name: str) -> Store:
        """The bucket of a name.

        Raises:
            ServiceError: NoSuchBucket.
            BucketError: it may be the name of a bucket that cannot be read.
        """
        if name not in self._names:
            with self._lock:
                if monotonic() - self._looked >= _AGAIN:
                    self._look()
                    self._looked = monotonic()
        if name in self._names:
            return self._names[name]
        if self._failure is not None:
            raise self._failure
        raise ServiceError("NoSuchBucket", "The specified bucket does not exist", 404)

    def _look(self) -> None:
        self._failure = None
        for names in (Place.said, Place.told):
            for place in self._places:
                self._take(place, names)

    def _take(self, place: Place, names: Callable[[Place], Iterator[str]]) -> None:
        try:
            for name in names(place):
                self._names.setdefault(name, place.store)
        except ConfigError:  # its folder is not there yet
            return
        except BucketError as error:
            self._failure = error
