"""Delivery to a real S3 server that checks signatures and rights, and what happens when it does not work."""

from __future__ import annotations

import shutil
import sys
import time

import pytest
from support import check_key, names, read_log_file, until

CALLS = """
    import sys, boto3
    s3 = boto3.client("s3")
    for number in range(int(sys.argv[1])):
        s3.list_objects_v2(Bucket="photos", Prefix=str(number))
"""

UNTIL_STOPPED = """
    import pathlib, boto3
    s3, number = boto3.client("s3"), 0
    while not pathlib.Path("stop").exists():
        s3.list_objects_v2(Bucket="photos", Prefix=str(number))
        number += 1
    print(number)
"""


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


def prefixes(records):
    return sorted(int(r["requestParameters"]["prefix"]) for r in records)


@pytest.mark.newest
def test_log_files_lie_in_the_bucket_as_cloudtrail_puts_them(place, seaweed):
    place.record(CALLS, 3, BOTOTRAIL=seaweed.location("audit/of-mine"))
    objects = seaweed.objects("audit/of-mine/")
    assert objects.pop("audit/of-mine/AWSLogs/")["Body"] == b""
    [(key, found)] = objects.items()
    records = read_log_file(found["Body"])
    check_key(key.removeprefix("audit/of-mine/"), records)
    assert (found["ContentType"], found["ContentEncoding"]) == ("application/json", "gzip")
    assert prefixes(records) == [0, 1, 2]


def test_without_a_prefix_the_logs_lie_at_the_top(place, seaweed):
    location = seaweed.location("", bucket="trail-top").replace("trail-top/", "trail-top")
    seaweed.client().create_bucket(Bucket="trail-top")
    place.record(CALLS, 1, BOTOTRAIL=location)
    assert len([key for key in seaweed.objects("AWSLogs/", bucket="trail-top") if key.endswith(".gz")]) == 1


def test_a_prefix_may_be_any_text(place, seaweed):
    place.record(CALLS, 1, BOTOTRAIL=seaweed.location("prüfung/日本 2026"))
    assert prefixes(seaweed.records("prüfung/日本 2026/AWSLogs/")) == [0]


@pytest.mark.newest
@pytest.mark.parametrize("identity", [("writer", "wrong"), ("reader", "reader-secret"), ("nobody", "nothing")])
class TestWithoutTheRightToWrite:
    def test_start_says_what_to_do(self, identity, place, seaweed):
        source = """
            import sys, bototrail
            try:
                bototrail.start(sys.argv[1])
            except bototrail.ConfigError as error:
                print(error)
        """
        key, secret = identity
        keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        done = place.run(sys.executable, place.program(source), seaweed.location(f"start-{secret}"), **keys)
        assert "expected an S3 bucket trail that can be written" in done.stdout
        assert "s3:PutObject is what delivery needs" in done.stdout
        assert done.stderr == ""

    def test_the_program_runs_on_and_its_records_wait_for_flush(self, identity, place, seaweed):
        key, secret = identity
        keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        prefix = f"environment-{secret}"
        done = place.record(CALLS, 3, BOTOTRAIL=seaweed.location(prefix), **keys)
        [line] = done.stderr.splitlines()
        assert line.startswith("bototrail: records wait in the spool: expected an S3 bucket trail that can be written")
        assert secret not in line
        assert place.flush(code=1, **keys).stderr.splitlines()[-1].startswith("not delivered: s3://trail/")
        assert seaweed.records(prefix) == []
        place.flush()
        assert prefixes(seaweed.records(prefix)) == [0, 1, 2]


@pytest.mark.newest
def test_credentials_of_delivery_may_be_a_profile_of_their_own(place, seaweed):
    config = place.folder / "config"
    config.write_text("[profile audit]\naws_access_key_id = writer\naws_secret_access_key = writer-secret\n")
    keys = {"AWS_ACCESS_KEY_ID": "program", "AWS_SECRET_ACCESS_KEY": "program-secret", "AWS_CONFIG_FILE": config}
    place.record(CALLS, 1, BOTOTRAIL=seaweed.location("profile", profile_name="audit"), **keys)
    assert prefixes(seaweed.records("profile")) == [0]


def test_a_bucket_that_is_made_later_is_found_by_the_same_process(place, seaweed):
    location = seaweed.location("logs", bucket="trail-later")
    keys = {"AWS_ACCESS_KEY_ID": "porter", "AWS_SECRET_ACCESS_KEY": "porter-secret"}
    program = place.program(UNTIL_STOPPED)
    process = place.start(sys.executable, program, BOTOTRAIL=location, BOTOTRAIL_FLUSH_SECONDS=0.5, **keys)
    until(lambda: [p for p in place.status()["processes"] if p["counters"].get("errors")], what="a first try")
    seaweed.client().create_bucket(Bucket="trail-later")
    until(lambda: seaweed.records("logs/", bucket="trail-later"), what="delivery by retry")
    (place.folder / "stop").touch()
    stdout, stderr = process.communicate(timeout=60)
    assert "create the bucket" in stderr
    assert prefixes(seaweed.records("logs/", bucket="trail-later")) == list(range(int(stdout)))


def test_nothing_is_lost_or_doubled_when_the_server_is_killed_while_it_takes_log_files(place, seaweed):
    location = seaweed.location("killed")
    process = place.start(
        sys.executable, place.program(UNTIL_STOPPED), BOTOTRAIL=location, BOTOTRAIL_FLUSH_SECONDS=0.01
    )
    until(lambda: len(seaweed.objects("killed/")) > 5, what="delivery")
    seaweed.kill()
    time.sleep(0.5)
    seaweed.start()
    (place.folder / "stop").touch()
    stdout, _ = process.communicate(timeout=90)
    until(lambda: place.flush(code=None).returncode == 0, what="a flush without errors")
    assert prefixes(seaweed.records("killed/")) == list(range(int(stdout)))


def test_a_log_file_that_is_there_already_is_left_as_it_is(place, seaweed):
    source = CALLS + "    import os; os._exit(0)\n"
    place.record(source, 2, BOTOTRAIL=seaweed.location("there"))
    place.flush(code=1, AWS_SECRET_ACCESS_KEY="wrong")  # a first try, by which the log file has its name
    shutil.copytree(place.state, place.folder / "copy")
    place.flush()
    [key] = [key for key in seaweed.objects("there/") if key.endswith(".gz")]
    seaweed.client().put_object(Bucket="trail", Key=key, Body=b"somebody else's")
    shutil.rmtree(place.state)
    shutil.copytree(place.folder / "copy", place.state)
    assert place.flush().stdout.startswith(f"s3://trail/{key}")
    assert {k: o["Body"] for k, o in seaweed.objects("there/").items() if k.endswith(".gz")} == {
        key: b"somebody else's"
    }


def test_delivery_never_records_itself(place, seaweed):
    location = seaweed.location("itself")
    place.record(CALLS + "    import os; os._exit(0)\n", 2, BOTOTRAIL=location)
    place.flush(BOTOTRAIL=location)
    place.flush(BOTOTRAIL=location)
    assert names(seaweed.records("itself/")) == {"ListObjects": 2}


class TestServerThatNeverAnswers:
    BOUND = 15
    """Seconds; a single attempt to deliver would take 20 before it is given up."""

    def test_neither_calls_nor_the_end_of_the_program_wait_for_it(self, place, hanging):
        source = """
            import time, boto3
            s3, longest = boto3.client("s3"), 0
            for number in range(20):
                begin = time.monotonic()
                s3.list_objects_v2(Bucket="photos", Prefix=str(number))
                longest = max(longest, time.monotonic() - begin)
                time.sleep(0.05)
            print(longest)
        """
        begin = time.monotonic()
        location = f"s3://trail/logs?endpoint_url={hanging.url}"
        options = {"BOTOTRAIL": location, "BOTOTRAIL_EXIT_SECONDS": 1, "BOTOTRAIL_FLUSH_SECONDS": 0.1}
        done = place.record(source, **options)
        assert time.monotonic() - begin < self.BOUND
        assert float(done.stdout) < 5
        [process] = place.status()["processes"]
        assert process["waiting_bytes"] > 0

    def test_a_program_without_calls_does_not_wait_for_what_others_left_behind(self, place, hanging):
        location = f"s3://trail/logs?endpoint_url={hanging.url}"
        place.record(CALLS + "    import os; os._exit(0)\n", 1, BOTOTRAIL=location)
        begin = time.monotonic()
        place.record("import boto3", BOTOTRAIL=location, BOTOTRAIL_EXIT_SECONDS=1)
        assert time.monotonic() - begin < self.BOUND

    def test_stop_and_flush_keep_to_their_timeouts(self, place, hanging):
        source = """
            import time, boto3, bototrail
            begin = time.monotonic()
            boto3.client("s3").list_objects_v2(Bucket="photos")
            print(bototrail.flush(timeout=0.5).complete, bototrail.stop(timeout=0.5).complete)
            print(time.monotonic() - begin)
        """
        done = place.record(source, BOTOTRAIL=f"s3://trail/logs?endpoint_url={hanging.url}")
        outcome, seconds = done.stdout.splitlines()
        assert outcome == "False False"
        assert float(seconds) < self.BOUND
