"""What GetTrailStatus says of a trail."""

from __future__ import annotations

from deliver.spooled import GROUP, delivery, down, entry, spool_of, trail

from bototrail.deliver.totals import note_logging, read_trails


def test_the_status_of_a_trail_is_what_get_trail_status_says(tmp_path, logs):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    logs.trouble = down
    delivery(tmp_path).round(spool.folder)
    (row,) = read_trails(tmp_path / "state", [spool.folder.path])
    times = {name: row.pop(name) for name in list(row) if name.endswith(("Time", "Succeeded"))}
    assert set(times) == {"LatestDeliveryTime", "LatestDeliveryAttemptTime", "LatestDeliveryAttemptSucceeded"}
    assert all(time.endswith("Z") for time in times.values())
    assert row == {
        "Name": "one",
        "bucket": str(tmp_path / "one"),
        "IsLogging": True,
        "LatestDeliveryError": None,
        "LatestCloudWatchLogsDeliveryError": "ServiceUnavailable",
    }
    logs.trouble = None
    delivery(tmp_path).round(spool.folder)
    (row,) = read_trails(tmp_path / "state", [])
    assert (row["LatestCloudWatchLogsDeliveryError"], row["IsLogging"]) == (None, False)
    assert row["LatestCloudWatchLogsDeliveryTime"] >= times["LatestDeliveryTime"]


def test_the_status_of_trails_that_nobody_uses_is_forgotten_in_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("bototrail.deliver.totals.KEPT", 2)
    for name in ("one", "two", "one", "three"):
        note_logging(tmp_path, [trail(tmp_path, name)], "StartLoggingTime", 0.0)
    assert [row["Name"] for row in read_trails(tmp_path, [])] == ["one", "three"]
