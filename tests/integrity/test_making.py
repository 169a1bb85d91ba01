"""Digest files are made hour by hour, by whoever comes first, and every log file gets into one."""

from __future__ import annotations

from integrity.hosts import Host, digests_in, named, short

from bototrail.trails import Trail


def test_an_hour_gets_its_digest_when_it_has_ended(host, clock, tmp_path):
    clock.at(12, 20)
    key = host.deliver()
    clock.at(12, 59, 59)
    assert host.digests() == []
    clock.at(13)
    assert host.digests() == ["13:00:00"]
    assert host.digests() == []
    fields = digests_in(tmp_path / "bucket")["13:00:00"]
    file = fields.pop("logFiles")[0]
    assert (file["s3Bucket"], file["s3Object"], fields["previousDigestSignature"]) == ("my-bucket", key, None)
    assert fields["digestS3Object"] == (
        "AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2026/09/21/"
        "111122223333_CloudTrail-Digest_eu-central-1_audit_eu-west-1_20260921T130000Z.json.gz"
    )
    assert (fields["digestStartTime"], fields["newestEventTime"]) == ("2026-09-21T12:20:00Z", "2026-09-21T12:20:00Z")


def test_empty_hours_are_proven_too(host, clock, tmp_path):
    clock.at(12, 20)
    first = host.deliver()
    clock.at(15, 10)
    last = host.deliver()
    clock.at(16, 0, 1)
    assert host.digests() == ["13:00:00", "14:00:00", "15:00:00", "16:00:00"]
    assert named(tmp_path / "bucket") == {"13:00:00": [first], "14:00:00": [], "15:00:00": [], "16:00:00": [last]}


def test_each_account_and_region_has_a_chain_of_its_own(host, clock):
    clock.at(12, 20)
    for account in ("111122223333", "444455556666"):
        for region in ("eu-central-1", "us-east-1"):
            host.deliver(account, region)
    clock.at(13)
    assert [(each.series.account, each.series.region, len(each.files)) for each in host.make()] == [
        ("111122223333", "eu-central-1", 1),
        ("111122223333", "us-east-1", 1),
        ("444455556666", "eu-central-1", 1),
        ("444455556666", "us-east-1", 1),
    ]


def test_who_slept_for_two_days_makes_up_for_it_hour_by_hour(host, clock, tmp_path):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)
    host.digests()
    clock.at(13 + 48)
    assert len(host.digests()) == 48
    fields = list(digests_in(tmp_path / "bucket").values())  # by their times of day, which is enough here
    assert all(each["logFiles"] == [] for each in fields[1:])


def test_after_a_very_long_sleep_one_digest_covers_what_lies_before_the_last_31_days(host, clock, tmp_path):
    clock.at(12, 20)
    key = host.deliver()
    clock.at(12 + 40 * 24, 30)
    assert len(host.digests()) == 31 * 24 + 1
    [first] = [f for f in digests_in(tmp_path / "bucket").values() if f["previousDigestSignature"] is None]
    assert (first["digestStartTime"], first["digestEndTime"]) == (
        "2026-09-21T12:20:00Z",
        "2026-09-30T12:00:00Z",
    )  # 31 days before the end
    assert [file["s3Object"] for file in first["logFiles"]] == [key]


def test_a_trail_that_does_not_log_any_more_gets_a_last_digest_and_no_empty_ones(host, clock):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)
    assert host.digests(trails=[]) == ["13:00:00"]
    clock.at(16)
    assert host.digests(trails=[]) == []
    assert host.digests(trails=[host.trail]) == ["14:00:00", "15:00:00", "16:00:00"]


def test_the_hour_that_has_not_ended_can_be_closed(host, clock, tmp_path):
    clock.at(12, 20)
    first = host.deliver()
    clock.at(12, 30, 10)
    assert host.digests(closing=True) == ["12:30:10"]
    assert host.digests(closing=True) == []
    clock.at(12, 40)
    second = host.deliver()
    clock.at(13)
    assert host.digests() == ["13:00:00"]
    assert named(tmp_path / "bucket") == {"12:30:10": [first], "13:00:00": [second]}


def test_what_was_delivered_a_moment_before_is_in_the_digest_that_closes_the_hour(host, clock, tmp_path, monkeypatch):
    def pass_by(seconds):
        clock.time += seconds

    monkeypatch.setattr("bototrail.integrity.chain.sleep", pass_by)
    clock.at(12, 30, 10.5)
    key = host.deliver()
    clock.at(12, 30, 10.75)
    assert host.digests(closing=True) == ["12:30:11"]
    assert named(tmp_path / "bucket") == {"12:30:11": [key]}


# ---- clocks
def test_a_clock_that_jumped_ahead_and_back_leaves_every_log_file_in_a_digest(host, clock, tmp_path):
    clock.at(12, 20)
    host.deliver()
    clock.at(20)
    host.digests()
    clock.at(13, 5)
    key = host.deliver()
    assert host.digests() == []
    clock.at(14)
    assert host.digests() == ["14:00:00 backfill"]
    assert named(tmp_path / "bucket")["14:00:00 backfill"] == [key]
    clock.at(21)
    assert host.digests() == ["21:00:00"]


def test_a_clock_that_steps_back_a_little_puts_the_log_file_into_a_backfill(host, clock, tmp_path):
    clock.at(12, 20)
    host.deliver()
    clock.at(13, 0, 2)
    host.digests()
    clock.at(12, 59, 58)
    key = host.deliver()
    clock.at(14)
    assert host.digests() == ["14:00:00", "14:00:00 backfill"]
    assert named(tmp_path / "bucket")["14:00:00 backfill"] == [key]


# ---- trails and buckets that change
def test_a_renamed_trail_begins_a_chain_and_the_old_one_ends(host, clock, tmp_path):
    clock.at(12, 20)
    first = host.deliver()
    host.trail = Trail("renamed", host.trail.bucket, S3BucketName="my-bucket", HomeRegion="eu-west-1")
    second = host.deliver()
    clock.at(14)
    made = {each.series.trail: list(map(short, each.files)) for each in host.make(trails=[host.trail])}
    assert made == {"audit": ["13:00:00", "14:00:00"], "renamed": ["13:00:00", "14:00:00"]}
    clock.at(15)
    assert [each.series.trail for each in host.make(trails=[host.trail])] == ["renamed"]
    old, new = (sorted((tmp_path / "bucket").rglob(f"*_{name}_*T130000Z.json.gz")) for name in ("audit", "renamed"))
    assert (first in old[0].read_text("latin1"), len(old), len(new), second) == (False, 1, 1, second)


def test_a_bucket_that_was_moved_is_gone_on_with(host, clock, tmp_path):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)
    host.digests()
    (tmp_path / "bucket").rename(tmp_path / "moved")
    assert host.digests() == []
    assert not (tmp_path / "bucket").exists()
    host.trail = Trail("audit", str(tmp_path / "moved"), S3BucketName="my-bucket", HomeRegion="eu-west-1")
    clock.at(13, 10)
    host.deliver()
    clock.at(14)
    assert host.digests() == ["14:00:00"]
    assert list(digests_in(tmp_path / "moved")) == ["13:00:00", "14:00:00"]


def test_a_lost_state_directory_is_no_break(tmp_path, trail, clock):
    clock.at(12, 20)
    before = Host(tmp_path / "one", trail)
    before.deliver()
    clock.at(13)
    before.digests()
    after = Host(tmp_path / "two", trail)
    clock.at(14, 10)
    after.deliver()
    clock.at(15)
    assert after.digests() == ["14:00:00", "15:00:00"]
    assert list(digests_in(tmp_path / "bucket")) == ["13:00:00", "14:00:00", "15:00:00"]
