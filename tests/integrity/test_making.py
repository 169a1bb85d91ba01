"""Digest files are made hour by hour, by whoever comes first, and every log file gets into one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from integrity.hosts import ACCOUNT, REGION, Clock, Host, digests_in, named, short
from integrity.made import NOON, digest, write

from bototrail.errors import DeliveryError
from bototrail.integrity.form import Chain, LogEntry
from bototrail.trails import Trail


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def trail(tmp_path):
    return Trail("audit", str(tmp_path / "bucket"), S3BucketName="my-bucket", HomeRegion="eu-west-1")


@pytest.fixture
def host(tmp_path, trail):
    return Host(tmp_path / "state", trail)


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


# ---- several hosts
@pytest.fixture(params=["keys of each other known", "keys not known"])
def hosts(request, tmp_path, trail):
    known = request.param == "keys of each other known"
    one = Host(tmp_path / "one", trail, 0, (1,) if known else ())
    return one, Host(tmp_path / "two", trail, 1, (0,) if known else ())


def test_two_hosts_make_one_chain_and_every_log_file_is_in_it(hosts, clock, tmp_path):
    one, two = hosts
    clock.at(12, 20)
    files = [one.deliver(), two.deliver()]
    clock.at(13)
    assert (one.digests(), two.digests()) == (["13:00:00"], ["13:00:00 backfill"])
    clock.at(13, 30)
    files += [two.deliver(), one.deliver()]
    clock.at(14)
    assert (two.digests(), one.digests()) == (["14:00:00"], ["14:00:00 backfill"])
    assert named(tmp_path / "bucket") == {
        "13:00:00": [files[0]],
        "13:00:00 backfill": [files[1]],
        "14:00:00": [files[2]],
        "14:00:00 backfill": [files[3]],
    }


def test_a_host_that_comes_later_goes_on_from_what_is_there(hosts, clock, tmp_path):
    one, two = hosts
    clock.at(12, 20)
    one.deliver()
    clock.at(15)
    one.digests()
    clock.at(15, 5)
    key = two.deliver()
    clock.at(16)
    assert (two.digests(), one.digests()) == (["16:00:00"], [])
    assert named(tmp_path / "bucket")["16:00:00"] == [key]


def test_a_host_that_slept_follows_what_others_made_and_backfills_its_own(hosts, clock, tmp_path):
    one, two = hosts
    clock.at(12, 20)
    one.deliver()
    clock.at(13)
    one.digests()
    two.deliver()
    two.make()
    clock.at(13, 10)
    mine = two.deliver()
    clock.at(13, 30, 7)
    one.deliver()
    one.digests(closing=True)
    clock.at(16)
    one.digests()
    assert two.digests() == ["16:00:00 backfill"]
    assert mine in named(tmp_path / "bucket")["16:00:00 backfill"]
    clock.at(17)
    assert (two.digests(), one.digests()) == (["17:00:00"], [])
    assert "17:00:00" in named(tmp_path / "bucket")


def test_backfills_of_one_hour_follow_each_other(tmp_path, trail, clock):
    hosts = [Host(tmp_path / str(n), trail, n, tuple({0, 1, 2, 3} - {n})) for n in range(4)]
    clock.at(12, 20)
    keys = [host.deliver() for host in hosts]
    clock.at(13)
    times = [host.digests() for host in hosts]
    assert times == [["13:00:00"], ["13:00:00 backfill"], ["13:00:01 backfill"], ["13:00:02 backfill"]]
    assert [each for files in named(tmp_path / "bucket").values() for each in files] == sorted(keys, key=keys.index)


def test_who_loses_the_race_for_an_hour_goes_on_from_the_winner(hosts, clock, tmp_path, monkeypatch):
    one, two = hosts
    clock.at(12, 20)
    files = [one.deliver(), two.deliver()]
    clock.at(13)
    sign = two.keys.sign

    def sign_late(data):
        one.digests()  # the other one puts his while we sign
        return sign(data)

    with monkeypatch.context() as race:
        race.setattr(two.keys, "sign", sign_late)
        assert two.digests() == ["13:00:00 backfill"]
    assert named(tmp_path / "bucket") == {"13:00:00": [files[0]], "13:00:00 backfill": [files[1]]}


def test_hosts_that_are_late_by_different_hours_do_not_part_the_chain_of_backfills(tmp_path, trail, clock, monkeypatch):
    one, two, three = (Host(tmp_path / str(n), trail, n, tuple({0, 1, 2} - {n})) for n in range(3))
    clock.at(12, 20)
    files = [one.deliver(), two.deliver()]
    clock.at(13, 20)
    files += [one.deliver(), three.deliver()]
    clock.at(15)
    one.digests()
    sign = two.keys.sign

    def sign_late(data):
        three.digests()  # the other one puts his while we sign
        return sign(data)

    with monkeypatch.context() as race:
        race.setattr(two.keys, "sign", sign_late)
        assert two.digests() == ["15:00:01 backfill"]
    found = named(tmp_path / "bucket")
    assert found["15:00:00 backfill"] + found["15:00:01 backfill"] == [files[3], files[1]]


def test_what_was_signed_before_a_crash_is_not_put_when_others_have_gone_on_without_it(
    hosts, clock, tmp_path, monkeypatch
):
    one, two = hosts
    clock.at(12, 20)
    mine, other = one.deliver(), two.deliver()

    def killed(*_, **__):
        raise KeyboardInterrupt

    clock.at(12, 30)
    with monkeypatch.context() as cut:
        cut.setattr("bototrail.deliver.buckets.FolderBucket.put", killed)
        with pytest.raises(KeyboardInterrupt):
            one.make(closing=True)
    clock.at(13)
    assert (two.digests(), one.digests()) == (["13:00:00"], ["13:00:00 backfill"])
    assert named(tmp_path / "bucket") == {"13:00:00": [other], "13:00:00 backfill": [mine]}


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


# ---- what goes wrong
def test_a_digest_that_was_cut_off_is_put_again_with_the_same_bytes(host, clock, tmp_path, monkeypatch):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("bototrail.deliver.buckets.FolderBucket.put", killed)
        with pytest.raises(KeyboardInterrupt):
            host.make()
    signed = host.ledger.series()[0][2]["pending"]["link"]
    monkeypatch.setattr(host.keys, "sign", None)
    clock.at(13, 20)
    assert host.digests() == ["13:00:00"]
    assert host.ledger.series()[0][2]["head"] == signed


@pytest.mark.parametrize("first", [True, False], ids=["starting digest", "later one"])
def test_a_digest_that_was_cut_off_does_not_cut_the_chain_of_those_who_went_on(
    first, hosts, clock, tmp_path, monkeypatch
):
    one, two = hosts
    clock.at(12, 20)
    files = [one.deliver()]
    if not first:
        clock.at(13)
        one.digests()
        clock.at(13, 20)
        files.append(one.deliver())
    clock.at(14)
    with monkeypatch.context() as cut:
        cut.setattr("bototrail.deliver.buckets.FolderBucket.put", None)
        one.make()
    assert one.ledger.series()[0][2]["pending"]
    clock.at(13, 30)
    files.append(two.deliver())
    clock.at(13, 45)
    two.digests(closing=True)
    clock.at(15)
    one.digests(), two.digests()
    found = named(tmp_path / "bucket")
    starting = [fields for fields in digests_in(tmp_path / "bucket").values() if not fields["previousDigestSignature"]]
    assert (sorted(each for named_ in found.values() for each in named_), len(starting)) == (
        sorted(files),
        1 + any("backfill" in time for time in found),
    )


def test_a_digest_that_was_put_and_not_noted_is_not_made_again(host, clock, tmp_path, monkeypatch):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)
    save, calls = host.ledger.save, []

    def killed(series, state, covered=()):
        calls.append(state)
        if state.get("head"):
            raise KeyboardInterrupt
        save(series, state, covered)

    with monkeypatch.context() as cut:
        cut.setattr(host.ledger, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            host.make()
    assert list(digests_in(tmp_path / "bucket")) == ["13:00:00"]
    assert host.digests() == ["13:00:00"]
    clock.at(14)
    assert host.digests() == ["14:00:00"]
    assert list(digests_in(tmp_path / "bucket")) == ["13:00:00", "14:00:00"]


def test_a_bucket_that_cannot_be_written_is_told_and_tried_again(host, clock, monkeypatch):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)

    def down(*_, **__):
        raise DeliveryError("it is down", code="SlowDown")

    with monkeypatch.context() as cut:
        cut.setattr("bototrail.deliver.buckets.FolderBucket.put", down)
        assert [(each.files, str(each.error)) for each in host.make()] == [([], "it is down")]
    assert host.digests() == ["13:00:00"]


PLANTED = {
    "no digest": b"planted",
    "a digest of somebody else's chain": None,
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_was_planted_where_a_digest_should_go_is_passed_over(host, clock, tmp_path, what):
    clock.at(12, 20)
    first = host.deliver()
    clock.at(13)
    host.digests()
    [known] = (tmp_path / "bucket").rglob("*T130000Z.json.gz")
    taken = known.with_name(known.name.replace("T130000Z", "T140000Z"))
    taken.write_bytes(PLANTED[what] or known.read_bytes())
    clock.at(13, 20)
    second = host.deliver()
    clock.at(14)
    [made] = host.make()
    assert str(taken.relative_to(tmp_path / "bucket")) in str(made.error)
    clock.at(15)
    assert host.digests() == ["15:00:00"]
    taken.unlink()
    assert named(tmp_path / "bucket") == {"13:00:00": [first], "15:00:00": [second]}


def test_a_planted_digest_of_an_unknown_key_vouches_for_nothing(host, clock, tmp_path):
    clock.at(12, 20)
    key = host.deliver()
    [noted] = host.ledger.files(host.ledger.series()[0][0])[0]
    chain = Chain(ACCOUNT, REGION, "audit", "eu-west-1")
    entry = LogEntry("my-bucket", noted.key, noted.hash, noted.oldest, noted.newest)
    planted = digest([entry], NOON + 3600, None, chain=chain, bucket="my-bucket", key=3)
    write(tmp_path / "bucket", planted.key, planted.body)
    clock.at(13, 10)
    assert host.digests() == ["13:00:00 backfill"]
    assert named(tmp_path / "bucket")["13:00:00 backfill"] == [key]


def test_a_planted_digest_of_the_future_does_not_stop_the_chain(host, clock, tmp_path):
    clock.at(12, 20)
    host.deliver()
    stranger = Host(tmp_path / "stranger", host.trail, 3)
    clock.at(12 + 24 * 365)
    stranger.deliver()
    clock.at(13 + 24 * 365)
    stranger.digests()
    clock.at(13)
    assert host.digests() == ["13:00:00"]


def test_a_bucket_that_is_gone_is_not_made_again(host, clock, tmp_path):
    clock.at(12, 20)
    key = host.deliver()
    clock.at(13)
    (tmp_path / "bucket" / key).unlink()
    (tmp_path / "bucket").rename(tmp_path / "unmounted")
    assert host.digests() == []
    (tmp_path / "unmounted").rename(tmp_path / "bucket")
    assert host.digests() == ["13:00:00"]


def test_one_process_at_a_time_makes_digests(host, clock, tmp_path):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)
    source = (
        "import fcntl, sys\nfile = open(sys.argv[1], 'w')\nfcntl.lockf(file, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\nsys.stdin.read()"
    )
    command = [sys.executable, "-c", source, str(host.state / "digests.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"locked\n"
        assert host.make() == []
        other.communicate()
    assert host.digests() == ["13:00:00"]
