"""What `tail` does while something is in its way."""

from __future__ import annotations

import shutil

from history.logged import event, put

from bototrail.cli.following import Looks
from bototrail.history.history import History


def test_a_cache_that_cannot_be_written_for_now_is_told_once(tmp_path, monkeypatch, capsys):
    times = (100.0**n for n in range(20))  # a look takes long, and the next one is long after it
    monkeypatch.setattr("bototrail.cli.following.monotonic", lambda: next(times))
    cache = tmp_path / "cache"
    put(tmp_path / "bucket", event("GetObject", "2026-09-21T12:00:00Z", "e-get"))
    history = History(str(tmp_path / "bucket"), days=36_500, cache=cache)
    looks = Looks(history)
    history.refresh()
    shutil.rmtree(cache)
    cache.write_text("no folder")
    assert (looks.look(), looks.look()) == (True, True)
    told = capsys.readouterr().err
    assert (told.count("trying again"), told.count("\n"), "BOTOTRAIL_CACHE" in told) == (1, 1, True)
    cache.unlink()
    assert (looks.look(), history.totals()) == (True, (1, 1))
    history.close()
