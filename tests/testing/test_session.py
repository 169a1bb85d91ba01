"""`--bototrail` and `--bototrail-summary`: the whole run, in one process and in several."""

from __future__ import annotations

import gzip
import json
import re
import threading

import pytest
from border import delivered

import bototrail
from bototrail import recorder
from bototrail.testing.calls import CallError
from bototrail.testing.recorded import Recorded
from bototrail.testing.summary import Summary, denied

SUITE = """
    import threading
    import boto3, botocore.exceptions, pytest

    @pytest.fixture
    def bucket(aws):
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="reports")
        yield "reports"
        s3.delete_bucket(Bucket="reports")

    def test_one(bucket):
        s3 = boto3.client("s3")
        s3.list_buckets()
        thread = threading.Thread(target=s3.list_buckets)
        thread.start()
        thread.join()

    @pytest.mark.parametrize("n", [1, 2])
    def test_two(n):
        boto3.client("sqs").list_queues()

    def test_three():
        pass
"""
LABELS = [
    ("CreateBucket", "test_it.py::test_one", "setup"),
    ("DeleteBucket", "test_it.py::test_one", "teardown"),
    ("ListBuckets", "test_it.py::test_one", "call"),
    ("ListBuckets", "test_it.py::test_one", "call"),
    ("ListQueues", "test_it.py::test_two[1]", "call"),
    ("ListQueues", "test_it.py::test_two[2]", "call"),
]


def labels(records):
    found = [(r["eventName"], r["additionalEventData"]["labels"]) for r in records]
    return sorted((name, label["test"], label["phase"]) for name, label in found)


@pytest.fixture(autouse=True)
def _labels_end():
    yield
    assert bototrail.status() == {"recording": False}
    assert recorder._capture is None


def test_a_run_is_recorded_with_the_test_of_each_call(inner):
    result = inner(SUITE, "--bototrail=audit")
    result.assert_outcomes(passed=4)
    folder = inner.path / "audit"
    result.stdout.fnmatch_lines(
        [f"bototrail: recording into {folder}", f"bototrail: 6 records in 2 log files in {folder}"]
    )
    records = delivered(folder)
    assert labels(records) == LABELS
    assert not [t for t in threading.enumerate() if t.name.startswith("bototrail") and not t.daemon]


def test_the_bucket_may_stand_in_the_ini_file_and_is_then_meant_from_there(inner):
    (inner.path / "pytest.ini").write_text("[pytest]\nbototrail = there/audit\n")
    (inner.path / "inner").mkdir()
    (inner.path / "inner" / "test_more.py").write_text(
        "import boto3\ndef test_it(): boto3.client('s3').list_buckets()\n"
    )
    inner("", "inner").assert_outcomes(passed=1)
    assert len(delivered(inner.path / "there" / "audit")) == 1
    inner("", "inner", "--bototrail=here").assert_outcomes(passed=1)
    assert len(delivered(inner.path / "here")) == 1
    assert len(delivered(inner.path / "there" / "audit")) == 1


@pytest.mark.parametrize("bucket", ["s3:///", "nosuchscheme://x", "{file}", "s3://b?x=y"])
def test_a_bucket_that_cannot_be_used_ends_the_run_at_once(inner, bucket):
    (inner.path / "file").write_text("")
    result = inner(SUITE, f"--bototrail={bucket.format(file=inner.path / 'file')}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --bototrail: expected " in result.stderr.str()


def test_what_records_already_is_not_recorded_elsewhere(inner):
    bototrail.start(inner.path / "first", identity="offline")
    try:
        result = inner(SUITE, "--bototrail=second")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert "records into" in result.stderr.str()
        inner(SUITE, "--bototrail=first").stdout.fnmatch_lines(["bototrail: 6 records in 1 log file in *first"])
        assert bototrail.status()["recording"]
    finally:
        bototrail.stop()


def test_many_processes_record_into_one_bucket_and_one_of_them_reports(inner):
    result = inner(SUITE, "--bototrail=audit", "--bototrail-summary", "-n2", "--dist=load", subprocess=True)
    result.assert_outcomes(passed=4)
    assert labels(delivered(inner.path / "audit")) == LABELS
    text = result.stdout.str()
    assert len(re.findall(r"^bototrail: 6 records in \d log files in ", text, re.MULTILINE)) == 1
    assert re.search(r"^6 calls, 0 failed, \d\.\d{3} s in 3 tests$", text, re.MULTILINE)
    assert re.search(r"^ +4 +\d\.\d{3}  test_it.py::test_one$", text, re.MULTILINE)


def test_a_worker_that_crashes_takes_its_numbers_with_it_but_not_its_records(inner):
    suite = (
        SUITE + "\n    def test_crash():\n        boto3.client('s3').list_buckets()\n        import os; os._exit(1)\n"
    )
    options = ("--bototrail=audit", "--bototrail-summary", "-n1", "--max-worker-restart=0")
    result = inner(suite, *options, subprocess=True)
    result.stdout.fnmatch_lines(
        [
            "bototrail: 1 worker crashed; what they counted is lost, what they recorded waits for `bototrail flush` *",
        ]
    )
    inner("def test_it(): pass", "--bototrail=audit")  # delivers what was left
    assert len([r for r in delivered(inner.path / "audit") if "test_crash" in json.dumps(r)]) == 1


def test_snapshots_are_written_by_many_processes(inner):
    test = """
        import boto3, pytest

        @pytest.mark.parametrize("n", range(6))
        def test_it(n, bototrail):
            boto3.client("s3").list_buckets()
            bototrail.assert_matches_snapshot()
    """
    result = inner(test, "--bototrail-snapshot=update", "-n2", subprocess=True)
    result.stdout.fnmatch_lines(["bototrail: 6 snapshots written"])
    inner(test).assert_outcomes(passed=6)


def test_the_summary_in_one_process(inner):
    denials = """
    def test_denied():
        from botocore.stub import Stubber
        s3 = boto3.client("s3")
        with Stubber(s3) as stubber:
            for _ in range(2):
                stubber.add_client_error("get_object", "AccessDenied", "User: me is not\\n authorized", 403)
            for _ in range(2):
                with pytest.raises(botocore.exceptions.ClientError):
                    s3.get_object(Bucket="reports", Key="hunter2")
    """
    result = inner(SUITE + denials, "--bototrail-summary")
    result.assert_outcomes(passed=5)
    text = re.sub(r"\d\.\d{3}", "0.000", result.stdout.str())
    assert text.partition(" AWS calls ")[2].partition("\n\n")[2].partition("\n====")[0] == (
        "8 calls, 2 failed, 0.000 s in 4 tests\n"
        "\n"
        "    calls   failed  seconds  calls per test\n"
        "        4             0.000  test_it.py::test_one\n"
        "        2        2    0.000  test_it.py::test_denied\n"
        "        1             0.000  test_it.py::test_two[1]\n"
        "        1             0.000  test_it.py::test_two[2]\n"
        "\n"
        "    calls   failed  seconds  calls per operation\n"
        "        2        2    0.000  s3:GetObject\n"
        "        2             0.000  s3:ListBuckets\n"
        "        2             0.000  sqs:ListQueues\n"
        "        1             0.000  s3:CreateBucket\n"
        "        1             0.000  s3:DeleteBucket\n"
        "\n"
        "  seconds  slowest calls\n"
        + "".join(f"    0.000  {name}\n" for name in re.findall(r"^    0\.000  (\S+  \S+)$", text, re.MULTILINE))
        + "\n"
        "   denied\n"
        "        2  s3:GetObject  AccessDenied  test_it.py::test_denied\n"
        "           User: me is not authorized"
    )
    assert len(re.findall(r"^    0\.000  \S+  \S+$", text, re.MULTILINE)) == 8


def test_a_run_without_calls(inner):
    inner("def test_it(): pass", "--bototrail-summary").stdout.fnmatch_lines(["no AWS call was made"])


def made(name="s3:ListBuckets", duration=0.5, error=None):
    class Call:
        pass

    call = Call()
    call.name, call.duration, call.error = name, duration, error
    return call


def test_long_tables_are_cut_unless_all_is_asked_for():
    for everything in (False, True):
        summary = Summary(everything)
        for number in range(15):
            summary.add(f"test_{number:02}", "call", made())
        shown = [line for line in summary.lines() if re.search(r" test_\d\d$", line) and "s3:" not in line]
        assert len(shown) == (15 if everything else 10)
        assert ("  ... 5 more, see -v" in "\n".join(summary.lines())) is not everything


def test_numbers_of_processes_add_up_and_travel_as_json():
    one, two = Summary(), Summary()
    refused = CallError("UnauthorizedOperation", "no " * 100, "Client.UnauthorizedOperation")
    for summary in (one, two):
        summary.add("a", "setup", made())
        summary.add("a", "call", made(duration=1.0, error=refused))
        summary.add("", "", made(duration=0.1))
    one.merge_json(json.loads(json.dumps(two.to_json())))
    lines = one.lines()
    assert lines[0] == "6 calls, 2 failed, 3.200 s in 2 tests"
    assert "        4        2    3.000  a" in lines
    assert "        2             0.200  (outside of tests)" in lines
    assert lines[-2] == "        2  s3:ListBuckets  UnauthorizedOperation  a"
    assert lines[-1] == f"           {('no ' * 100)[:157]}..."


@pytest.mark.parametrize(
    ("code", "logged", "is_denied"),
    [
        ("AccessDenied", "AccessDenied", True),
        ("AccessDeniedException", "AccessDenied", True),
        ("UnauthorizedOperation", "Client.UnauthorizedOperation", True),
        ("AuthorizationError", "AccessDenied", True),
        ("403", "AccessDenied", True),
        ("NoSuchBucket", "NoSuchBucket", False),
        ("ExpiredToken", "ExpiredToken", False),
    ],
)
def test_denials(code, logged, is_denied):
    assert denied(CallError(code, "", logged)) is is_denied


def test_what_could_not_be_delivered_is_told():
    recorded = Recorded("s3://bucket")
    recorded.merge_json({"records": 1, "files": 1, "errors": ["NoSuchBucket", "NoSuchBucket"]})
    assert list(recorded.lines()) == [
        "1 record in 1 log file in s3://bucket",
        "not everything is delivered: NoSuchBucket; what waits is delivered by `bototrail flush`",
    ]


def test_nothing_of_what_the_program_gave_reaches_the_disk(inner):
    """Neither the bucket, nor the spool, nor snapshots, nor pytest's own cache and reports of tests that pass."""
    test = """
        import boto3

        def test_it(bototrail):
            s3, secrets, sqs = (boto3.client(name) for name in ("s3", "secretsmanager", "sqs"))
            s3.create_bucket(Bucket="reports")
            s3.put_object(Bucket="reports", Key="k", Body=b"hunter2", SSECustomerKey="hunter2" * 4 + "1234",
                          SSECustomerAlgorithm="AES256")
            secrets.create_secret(Name="s", SecretString="hunter2")
            sqs.send_message(QueueUrl=sqs.create_queue(QueueName="q")["QueueUrl"], MessageBody="hunter2")
            bototrail.assert_called("sqs:SendMessage", MessageBody="hunter2")
            bototrail.assert_matches_snapshot()
    """
    options = ("--bototrail=audit", "--bototrail-summary", "--bototrail-snapshot=missing", "--junitxml=junit.xml", "-v")
    inner(test, *options).assert_outcomes(passed=1)
    written = [path for path in inner.path.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    kinds = {path.suffix for path in written}
    assert {".gz", ".json", ".xml"} <= kinds
    for path in written:
        data = path.read_bytes()
        assert b"hunter2" not in (gzip.decompress(data) if path.suffix == ".gz" else data), path


def test_who_collects_over_all_tests_is_given_every_call_with_its_record(inner, monkeypatch):
    class Collector:
        name = "collector"

        def __init__(self):
            self.found = []

        def add(self, test, phase, call):
            self.found.append((call.record["eventName"], test, phase))

        def to_json(self):
            return self.found

        def merge_json(self, found):
            raise AssertionError("there is one process only")

        def report(self, terminal):
            terminal.write_line(f"collected {len(self.found)}")

    collector = Collector()
    monkeypatch.setattr("bototrail.testing.session.consumers", lambda _: [collector])
    result = inner(SUITE, "--bototrail-summary")
    result.stdout.fnmatch_lines(["collected 6"])
    assert sorted(collector.found) == LABELS


@pytest.mark.parametrize("options", [(), ("-n2",)])
def test_a_call_that_cannot_be_taken_in_does_not_end_the_run(inner, options):
    breaks = """
    @pytest.fixture(autouse=True, scope="session")
    def broken():
        from bototrail.testing.summary import Summary
        add = Summary.add

        def fails_for_queues(self, test, phase, call):
            if call.service == "sqs":
                raise KeyError("broken")
            add(self, test, phase, call)

        Summary.add = fails_for_queues
    """
    suite = SUITE + breaks
    result = inner(suite, "--bototrail-summary", "--bototrail-policy=role.json", *options, subprocess=True)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["4 calls, 0 failed, *", "bototrail: 2 calls could not be taken in, and may be *"])
    assert "sqs:ListQueues" in (inner.path / "role.json").read_text()


def test_control_characters_of_messages_are_spelt_out():
    summary = Summary()
    summary.add("a", "call", made(error=CallError("AccessDenied", "\x1b[2Jno\u202e \x9bright", "AccessDenied")))
    assert summary.lines()[-1] == r"           \x1b[2Jno\u202e \x9bright"


def test_a_bucket_that_cannot_be_used_ends_a_run_of_many_processes_before_they_start(inner):
    (inner.path / "file").write_text("")
    result = inner(SUITE, "--bototrail=file", "-n2", subprocess=True)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --bototrail: expected " in result.stderr.str()
