"""Trails of a trails file, changed where the file tells of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, Final, NamedTuple

from bototrail.errors import ConfigError, TrailsFileError
from bototrail.trails.documents import JsonDocuments, TomlDocument
from bototrail.trails.file import TrailsFile, read_trails
from bototrail.trails.gather import Raw
from bototrail.trails.lines import Path
from bototrail.trails.parse import is_json, parse
from bototrail.trails.trail import Trail

_CANNOT: Final = "change it by hand; with each trail in a [[trailList]] of its own it can be done"


class Told(NamedTuple):
    """A trail of a file.

    Attributes:
        trail: the trail.
        raw: where the file tells of it.
    """

    trail: Trail
    raw: Raw

    @property
    def fields(self) -> Mapping[str, Any]:
        """What the file says of it."""
        return self.raw.fields


class Editing:
    """A trails file that is being changed.

    Args:
        path: the file; its ending says what the text is, where it is empty.
        text: what it holds, None when it is not there yet.
        environ: as for `load_trails`.

    Raises:
        TrailsFileError: it cannot be used as it is.

    Attributes:
        told: its trails, as they were at the beginning.
        buckets: its table of buckets, with absolute paths.
        changed: whether something was changed.
    """

    def __init__(self, path: FilePath, text: str | None, environ: Mapping[str, str] = os.environ) -> None:
        self._path, self._environ = path, environ
        self.told: tuple[Told, ...] = ()
        self.buckets: Mapping[str, Any] = {}
        self.changed = False
        documents: list[Any] = []
        if text is not None:
            loaded, told = read_trails(path, text, environ)
            self.told, self.buckets = tuple(Told(*each) for each in told), loaded.buckets
            documents = [document for _, document in parse(path, text).documents]
        kind = JsonDocuments if is_json(path, text or "") else TomlDocument
        self._documents: JsonDocuments | TomlDocument = kind(text or "", documents)

    def put(self, told: Told, name: str, value: Any) -> None:
        """Have a field say something, wherever the file says it, else where it tells of the trail first."""
        for place in told.raw.everywhere.get(name) or [(*told.raw.where, name)]:
            self._put(place, value)

    def clear(self, told: Told, name: str) -> None:
        """Have a field say nothing."""
        for place in told.raw.everywhere.get(name, ()):
            self.changed = True
            if place[:-1] in told.raw.tables:
                self._documents.drop(place)
            else:  # an answer of GetEventSelectors without selectors, and the like, is none
                self._put(place, [])

    def replace(self, told: Told, name: str, other: str, value: Any) -> None:
        """Have the field `other` say something in the place of the field `name`, which then says nothing."""
        if other in told.raw.everywhere or name not in told.raw.everywhere:
            self.put(told, other, value)
        else:
            self._put((*told.raw.places[name][:-1], other), value)
        self.clear(told, name)

    def add(self, fields: dict[str, Any]) -> None:
        """Have another trail."""
        self.changed = True
        try:
            self._documents.add(fields)
        except LookupError:
            raise self._cannot() from None

    def delete(self, told: Told) -> None:
        """Have one trail less."""
        self.changed = True
        places = {*told.raw.tables, *told.raw.others}
        # From behind, because those that follow in a list move up.
        for place in sorted(places, key=lambda path: [(isinstance(name, str), name) for name in path], reverse=True):
            self._documents.drop(place)
        if len(self.told) == 1:
            self._documents.say_none()

    def _put(self, place: Path, value: Any) -> None:
        self.changed = True
        try:
            self._documents.put(place, value)
        except LookupError:
            raise self._cannot() from None

    def _cannot(self) -> ConfigError:
        found = f"{self._path}, where this cannot be done"
        return ConfigError("a trails file that can be changed and keep its form", found, _CANNOT)

    def result(self) -> tuple[str, TrailsFile]:
        """The text that comes of it, and what it says.

        Raises:
            TrailsFileError: CloudTrail would refuse what it says.
            ConfigError: the text would not say what it should.
        """
        text = self._documents.text
        try:
            says = [document for _, document in parse(self._path, text).documents]
        except TrailsFileError:
            raise self._cannot() from None
        if says != self._documents.documents:
            raise self._cannot()
        return text, read_trails(self._path, text, self._environ)[0]
