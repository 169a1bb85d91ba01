"""The buckets of a trails file that may change."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from bototrail.endpoint.book import Book
from bototrail.endpoint.library import Place
from bototrail.trails import Trail


class FilePlaces:
    """The buckets of a trails file as it is now; one that was there once stays, as CloudTrail leaves it.

    Args:
        book: the trails file.
        bucket: a folder or URL that stands for the buckets of all trails.
    """

    def __init__(self, book: Book, bucket: str | None = None) -> None:
        self._book, self._bucket = book, bucket
        self._places = {} if bucket is None else {bucket: Place(bucket, ())}
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Place]:
        trails = self._book.trails()
        with self._lock:
            places: dict[str, list[Trail]] = {location: [] for location in self._places}
            for trail in trails:
                places.setdefault(self._bucket or trail.bucket, []).append(trail)
            for location, own in places.items():
                self._places.setdefault(location, Place(location)).trails = tuple(own)
            found = list(self._places.values())
        # What trails use now is asked for names first.
        return iter(sorted(found, key=lambda place: not place.trails))
