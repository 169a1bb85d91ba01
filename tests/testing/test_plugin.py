"""The fixture and the marker, as pytest runs them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
from botocore.client import BaseClient

import bototrail
from bototrail import recorder
from bototrail.testing.plugin import MARKER

TWO = """
    import boto3

    def save():
        boto3.client("s3").create_bucket(Bucket="reports")
        boto3.client("s3").put_object(Bucket="reports", Key="k", Body=b"1")
"""


def test_each_test_has_its_own_calls_and_nothing_stays_behind(inner):
    before = BaseClient.__dict__["_make_api_call"]
    result = inner(
        TWO
        + """
    def test_one(bototrail):
        save()
        assert [r["eventName"] for r in bototrail.records] == ["CreateBucket", "PutObject"]
        bototrail.assert_called("s3:PutObject", Bucket="reports")

    def test_two(bototrail):
        bototrail.assert_not_called()
    """
    )
    result.assert_outcomes(passed=2)
    assert recorder._capture is None
    assert BaseClient.__dict__["_make_api_call"] is before


def test_the_report_points_to_the_tests_line_and_nothing_of_ours(inner):
    result = inner(
        TWO
        + """
    def test_one(bototrail):
        save()
        bototrail.assert_called("s3:PutObject", Key="other")

    def test_two(bototrail):
        bototrail.assert_not_called("s3:PutObjekt")

    def test_three(bototrail):
        bototrail.assert_called("s3", times=2)
    """
    )
    result.assert_outcomes(failed=3)
    text = result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            ">       bototrail.assert_called(?s3:PutObject?, Key=?other?)",
            "E       AssertionError: expected a call s3:PutObject(Key='other'); *",
            "E         2. s3:PutObject  test_it.py:5",
            "E              Key: expected 'other', got 'k'",
            "test_it.py:9: AssertionError",
            "test_it.py:12: UnknownNameError",
            "test_it.py:15: UnknownNameError",
        ]
    )
    assert "trail.py" not in text
    assert "patterns.py" not in text


def test_order_of_fixtures_and_their_calls(inner):
    """What a fixture calls after ours is seen, and can be forgotten; it does not matter whether moto starts before."""
    result = inner(
        """
        import boto3, pytest
        from moto import mock_aws

        @pytest.fixture
        def bucket(bototrail):
            with mock_aws():
                boto3.client("s3").create_bucket(Bucket="reports")
                bototrail.clear()
                yield "reports"

        def test_it(bucket, bototrail):
            boto3.client("s3").put_object(Bucket=bucket, Key="k", Body=b"1")
            bototrail.assert_calls(["s3:PutObject"])

        class TestGroup:
            def setup_method(self):
                boto3.client("s3").create_bucket(Bucket="other")

            def test_it(self, bototrail):
                assert [c.name for c in bototrail] == []
        """
    )
    result.assert_outcomes(passed=2)


def test_stubber_threads_and_clients_made_before(inner):
    result = inner(
        """
        import threading
        import boto3
        from botocore.stub import Stubber

        client = boto3.client("sqs", region_name="us-east-1")

        def test_stubber(bototrail):
            with Stubber(client) as stubber:
                stubber.add_response("list_queues", {"QueueUrls": []})
                client.list_queues()
            bototrail.assert_called_once("sqs:ListQueues")

        def test_threads(bototrail):
            threads = [threading.Thread(target=boto3.client("s3").list_buckets) for _ in range(5)]
            [t.start() for t in threads]
            [t.join() for t in threads]
            bototrail.assert_called("s3:ListBuckets", times=5)
            assert len({call.thread for call in bototrail}) == 5
        """
    )
    result.assert_outcomes(passed=2)


def test_coroutines(inner):
    result = inner(
        """
        import asyncio
        import boto3

        async def test_async(bototrail):
            await asyncio.gather(*(asyncio.to_thread(boto3.client("s3").list_buckets) for _ in range(3)))
            bototrail.assert_called("s3:ListBuckets", times=3)

        @pytest.mark.bototrail(readonly=True)
        async def test_marker():
            await asyncio.to_thread(boto3.client("s3").create_bucket, Bucket="reports")
        """.replace("import asyncio", "import asyncio, pytest"),
        "-p",
        "pytest_asyncio.plugin",
        "-o",
        "asyncio_mode=auto",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
        subprocess=True,
    )
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.skipif(not importlib.util.find_spec("aiobotocore"), reason="aiobotocore is not installed")
async def test_aiobotocore(trail):
    """Its calls are seen as boto3's are, also those that fail."""
    import botocore.exceptions
    from aiobotocore.config import AioConfig
    from aiobotocore.session import get_session

    config = AioConfig(retries={"total_max_attempts": 1}, connect_timeout=1)
    options = {"endpoint_url": "http://127.0.0.1:9", "region_name": "us-east-1", "config": config}
    async with get_session().create_client("s3", **options) as s3:
        with pytest.raises(botocore.exceptions.EndpointConnectionError):
            await s3.put_object(Bucket="reports", Key="k", Body=b"1")
    call = trail.assert_called("s3:PutObject", Bucket="reports", Body=b"1")
    assert (call.error.code, call.file) == ("EndpointConnectionError", __file__)


MARKED = (
    TWO
    + """
    import pytest
    mark = pytest.mark.bototrail
"""
)


def test_a_marker_fails_tests_that_pass_but_call_what_they_must_not(inner):
    result = inner(
        MARKED
        + """
    @mark(readonly=True)
    def test_readonly():
        save()

    @mark(deny=["s3:Put*", "sqs:*"], allow="s3:CreateBucket", max_calls=1)
    def test_several():
        save()

    @mark(readonly=False, allow={"s3:*"}, deny=[], max_calls=2)
    def test_fine():
        save()

    @mark(max_calls=0)
    def test_no_calls():
        pass

    @mark(max_calls=0)
    def test_that_fails_itself():
        save()
        assert 1 == 2

    @mark(max_calls=0)
    @pytest.mark.xfail(strict=True)
    def test_expected():
        save()

    @mark()
    def test_nothing_said():
        save()
    """
    )
    result.assert_outcomes(passed=3, failed=3, xfailed=1)
    text = result.stdout.str()
    assert (
        "@pytest.mark.bototrail(readonly=True): calls that write (2 of 2):\n"
        "  1. s3:CreateBucket(Bucket='reports')  test_it.py:4\n"
        "  2. s3:PutObject(Bucket='reports', Key='k', Body=b'1')  test_it.py:5\n"
    ) in text
    assert (
        "@pytest.mark.bototrail(deny=['s3:Put*', 'sqs:*']): calls of these (1 of 2):\n"
        "  2. s3:PutObject(Bucket='reports', Key='k', Body=b'1')  test_it.py:5\n"
        "@pytest.mark.bototrail(allow='s3:CreateBucket'): other calls (1 of 2):\n"
        "  2. s3:PutObject(Bucket='reports', Key='k', Body=b'1')  test_it.py:5\n"
        "@pytest.mark.bototrail(max_calls=1): calls (2 of 2):\n"
    ) in text
    assert "assert 1 == 2" in text
    assert "marker.py" not in text


def test_a_marker_does_not_hold_because_a_comparison_raised(inner):
    result = inner(
        MARKED
        + """
    from bototrail.testing import call

    def typo(key):
        return key.startwith("x")

    @mark(deny=call("s3:PutObject", Key=typo))
    def test_deny():
        save()

    @mark(allow=["s3:CreateBucket", call("s3:PutObject", Key=typo)])
    def test_allow():
        save()

    @mark(allow=[call("s3:PutObject", Key=typo), "s3:*"], deny=call("s3:PutObject", Bucket="b", Key=typo))
    def test_told_otherwise():
        save()
    """
    )
    result.assert_outcomes(passed=1, failed=2)
    why = "AttributeError: 'str' object has no attribute 'startwith' while comparing Key of s3:PutObject"
    told = f"Calls of which it cannot be told (1):\n  2. {why}  test_it.py:5\n"
    text = result.stdout.str().partition("short test summary")[0]
    assert text.count(f"): comparing raised an exception.\n{told}") == 2


def test_the_nearest_marker_wins_for_each_keyword_and_fixtures_do_not_count(inner):
    result = inner(
        MARKED
        + """
    pytestmark = mark(readonly=True, max_calls=1)

    @pytest.fixture
    def prepared():
        save()
        yield
        save()

    def test_module(prepared):
        boto3.client("s3").list_buckets()

    @mark(readonly=False)
    class TestGroup:
        def test_class(self):
            boto3.client("s3").create_bucket(Bucket="reports")

        @mark(max_calls=None)
        def test_function(self):
            save()

        def test_too_many(self):
            save()
    """
    )
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["@pytest.mark.bototrail(max_calls=1): calls (2 of 2):"])


def test_unittest(inner):
    result = inner(
        MARKED
        + """
    import unittest

    @mark(readonly=True)
    class TestIt(unittest.TestCase):
        def test_reads(self):
            boto3.client("s3").list_buckets()

        def test_writes(self):
            save()

        def test_fails_itself(self):
            save()
            self.fail("itself")
    """
    )
    result.assert_outcomes(passed=1, failed=2)
    text = result.stdout.str().partition("short test summary")[0]
    assert text.count("@pytest.mark.bototrail(readonly=True): calls that write (2 of 2):") == 1
    assert "AssertionError: itself" in text


WRONG = {
    "readonli=True": "found readonli=, which it does not know; it takes allow (a pattern or a list of patterns), "
    "deny (a pattern or a list of patterns), max_calls (a number of at least 0), readonly (True or False)",
    "'s3:*'": "expected keywords only; found 's3:*'; it takes allow (",
    "readonly=1": "expected True or False for readonly; found 1",
    "max_calls=-1": "expected a number of at least 0 for max_calls; found -1",
    "max_calls=True": "expected a number of at least 0 for max_calls; found True",
    "max_calls='2'": "expected a number of at least 0 for max_calls; found '2'",
    "deny=7": "expected a pattern or a list of patterns for deny; found 7",
    "deny=[7]": "expected a pattern or a list of patterns for deny; found [7]",
    "deny='s3:DeletObject'": "deny: expected an operation of s3, by its own name or by its eventName; "
    "found 'DeletObject'; did you mean DeleteObject",
    "allow=['s3:*', 'x']": "allow: expected service:Operation, such as s3:PutObject or s3:*; found 'x'",
}


def test_a_marker_that_cannot_be_understood_is_an_error_of_its_test(inner):
    tests = "".join(f"\n    @mark({text})\n    def test_{n}():\n        pass\n" for n, text in enumerate(WRONG))
    result = inner(MARKED + tests)
    result.assert_outcomes(errors=len(WRONG))
    found = [line for line in result.outlines if line.startswith("@pytest.mark.bototrail: ")]
    for line, words in zip(found, WRONG.values(), strict=True):
        assert line.startswith(f"@pytest.mark.bototrail: {words}")


def test_the_marker_is_known_and_explained(inner):
    result = inner("def test_it(): pass", "--strict-markers", "--markers")
    result.stdout.fnmatch_lines([f"@pytest.mark.{MARKER}: fails the test when its AWS calls, once it has passed, *"])


def test_off_records_nothing_and_says_so_where_it_matters(inner, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL", "off")
    result = inner(
        MARKED
        + """
    def test_asserts(bototrail):
        bototrail.assert_not_called()

    @mark(max_calls=0)
    def test_marked():
        save()
    """,
        "--bototrail=audit",
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["bototrail: switched off by BOTOTRAIL", "E * nothing was recorded to assert"])
    assert not (inner.path / "audit").exists()


def test_a_suite_without_aws_does_not_pay_for_it(inner):
    """Loading the plug-in imports neither botocore nor anything else of ours that is big."""
    program = (
        "import sys, pytest; code = pytest.main(['-q', '-p', 'no:cacheprovider', '-p', 'no:asyncio', 'test_none.py']); "
        "print(code, sorted(m for m in sys.modules if m.startswith(('bototrail', 'botocore', 'wrapt', 'orjson'))))"
    )
    (inner.path / "test_none.py").write_text("def test_it(): pass")
    (inner.path / "conftest.py").unlink()
    done = subprocess.run([sys.executable, "-c", program], cwd=inner.path, capture_output=True, text=True, check=True)
    loaded = ["bototrail", "bototrail._version", "bototrail.testing", "bototrail.testing.plugin"]
    assert done.stdout.splitlines()[-1] == f"0 {loaded}"


def test_the_fixture_hides_no_name_of_the_module_that_tests_need(trail):
    assert {"paused", "labelled"} <= set(bototrail.__all__)
    assert all(hasattr(trail, name) for name in ("paused", "labelled", "records"))
