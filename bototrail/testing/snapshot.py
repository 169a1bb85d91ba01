"""Snapshots: a file per test with the records that it should make, beside the test in `__bototrail__`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bototrail.errors import ConfigError
from bototrail.testing.calls import Call
from bototrail.testing.diffs import different
from bototrail.testing.masking import masked

FOLDER = "__bototrail__"
WRITTEN = pytest.StashKey[list[str]]()
"""Paths of the snapshots that this process wrote, or of all when processes have reported."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 100


class Snapshots:
    """The snapshots of one test.

    Args:
        node: the test.
    """

    def __init__(self, node: pytest.Item) -> None:
        self._node = node
        self._used: set[str] = set()

    def compare(self, calls: Sequence[Call], name: str | None, *, mask: frozenset[str], ordered: bool) -> str:
        """Compare with the file, or write it when that is asked for.

        Args:
            calls: in the order in which they began.
            name: of the snapshot, for tests that have several.
            mask: names of members whose values do not count.
            ordered: whether the order counts.

        Returns:
            what differs, as text; empty when nothing does, or when it was written.

        Raises:
            ConfigError: the file is no snapshot, or the test has used the name before.
        """
        __tracebackhide__ = True
        path = self._path(name)
        records = masked(calls, mask, ordered=ordered)
        mode = self._node.config.option.bototrail_snapshot
        if mode == "update" or (mode == "missing" and not path.exists()):
            self._write(path, records)
            return ""
        shown = self._shown(path)
        test = shlex.quote(self._node.nodeid)
        if not path.exists():
            return f"there is no snapshot {shown} yet; this writes it:\n  pytest --bototrail-snapshot=missing {test}"
        lines = different(_read(path), records)
        if not lines:
            return ""
        head = f"the calls differ from the snapshot {shown} (- the file, + this run):"
        return "\n".join((head, *lines, f"If they are right:\n  pytest --bototrail-snapshot=update {test}"))

    def _path(self, name: str | None) -> Path:
        __tracebackhide__ = True
        used = name or ""
        if used in self._used:
            what = f"the name {name!r}" if name else "none"
            raise ConfigError("a name for each snapshot of a test", f"{what} a second time", "give them names")
        self._used.add(used)
        test = self._node.nodeid.partition("::")[2].replace("::", ".")
        parts = [safe_name(test), *([safe_name(name)] if name else [])]
        return self._node.path.parent / FOLDER / self._node.path.stem / f"{'.'.join(parts)}.json"

    def _shown(self, path: Path) -> str:
        root = self._node.config.invocation_params.dir
        return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)

    def _write(self, path: Path, records: list[dict[str, Any]]) -> None:
        """Write the file if it says something else; in one step, for others may read it."""
        text = json.dumps({"Records": records}, indent=2, ensure_ascii=False) + "\n"
        if path.exists() and path.read_bytes() == text.encode():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        self._node.config.stash.setdefault(WRITTEN, []).append(self._shown(path))


def safe_name(text: str) -> str:
    """`text` as a part of a file's name: with a digest behind it if it had to be changed, for others may look alike."""
    safe = _UNSAFE.sub("-", text).strip("-.")[:_LONGEST]
    if safe == text:
        return safe
    return f"{safe}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _read(path: Path) -> list[dict[str, Any]]:
    __tracebackhide__ = True
    todo = "pytest --bototrail-snapshot=update writes it anew"
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise ConfigError(f"JSON in the snapshot {path}", f"{error}", todo) from None
    records = found.get("Records") if isinstance(found, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ConfigError(f'{{"Records": [...]}} in the snapshot {path}', "something else", todo)
    return records
