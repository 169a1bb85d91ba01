"""Several hosts share a bucket: one chain, and every log file of each of them in a digest file."""

from __future__ import annotations

import pytest
from integrity.hosts import Host, named


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
