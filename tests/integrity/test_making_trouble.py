"""Crashes, buckets that are down, and what was planted where digest files go."""

from __future__ import annotations

import subprocess
import sys

import pytest
from integrity.hosts import ACCOUNT, REGION, Host, digests_in, named
from integrity.made import NOON, digest, write

from bototrail.errors import DeliveryError
from bototrail.integrity.form import Chain, LogEntry


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
