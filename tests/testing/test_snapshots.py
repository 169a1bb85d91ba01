"""`assert_matches_snapshot`: writing, comparing and updating the files beside the tests."""

from __future__ import annotations

import json

from bototrail.testing.snapshot import safe_name

TEST = """
    import boto3

    def test_saves(bototrail):
        boto3.client("s3").create_bucket(Bucket="reports")
        boto3.client("s3").put_object(Bucket="reports", Key="KEY", Body=b"1")
        bototrail.assert_matches_snapshot()
"""


SHOWN = "__bototrail__/test_it/test_saves.json"


def lines(result):
    return [line.removeprefix("E").strip() for line in result.outlines if line.startswith("E")]


def test_a_missing_snapshot_fails_with_the_command_that_writes_it(inner):
    result = inner(TEST)
    result.assert_outcomes(failed=1)
    assert lines(result) == [
        "AssertionError: there is no snapshot __bototrail__/test_it/test_saves.json yet; this writes it:",
        "pytest --bototrail-snapshot=missing test_it.py::test_saves",
    ]
    assert not (inner.path / "__bototrail__").exists()


def test_a_snapshot_is_written_compared_and_updated(inner):
    path = inner.path / "__bototrail__" / "test_it" / "test_saves.json"
    result = inner(TEST, "--bototrail-snapshot=missing")
    result.stdout.fnmatch_lines(["bototrail: 1 snapshot written", "  __bototrail__/test_it/test_saves.json"])
    first = path.read_bytes()
    assert [r["eventName"] for r in json.loads(first)["Records"]] == ["CreateBucket", "PutObject"]
    inner(TEST).assert_outcomes(passed=1)
    changed = TEST.replace("KEY", "OTHER")
    result = inner(changed)
    result.assert_outcomes(failed=1)
    assert lines(result) == [
        f"AssertionError: the calls differ from the snapshot {SHOWN} (- the file, + this run):",
        "1. s3:CreateBucket",
        "~   2. s3:PutObject",
        '"requestParameters": {',
        '"bucketName": "reports",',
        '-    "key": "KEY"',
        '+    "key": "OTHER"',
        "},",
        '"responseElements": null,',
        "...",
        "{",
        '"type": "AWS::S3::Object",',
        '-      "ARN": "arn:aws:s3:::reports/KEY"',
        '+      "ARN": "arn:aws:s3:::reports/OTHER"',
        "},",
        "{",
        "If they are right:",
        "pytest --bototrail-snapshot=update test_it.py::test_saves",
    ]
    result = inner(changed, "--bototrail-snapshot=missing")
    result.assert_outcomes(failed=1)
    assert path.read_bytes() == first
    inner(changed, "--bototrail-snapshot=update").stdout.fnmatch_lines(["bototrail: 1 snapshot written"])
    inner(changed, "--bototrail-snapshot=update").stdout.fnmatch_lines(["bototrail: 0 snapshots written"])
    inner(changed).assert_outcomes(passed=1)
    inner(TEST, "--bototrail-snapshot=update").assert_outcomes(passed=1)
    assert path.read_bytes() == first
    assert sorted(p.name for p in path.parent.iterdir()) == ["test_saves.json"]


def test_layout_of_a_file_does_not_count(inner):
    inner(TEST, "--bototrail-snapshot=missing")
    path = inner.path / "__bototrail__" / "test_it" / "test_saves.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    inner(TEST).assert_outcomes(passed=1)


def test_a_broken_or_foreign_file_is_told(inner):
    texts = ["", "{", "<<<<<<< HEAD\n", "[]", '{"Records": 1}', '{"Records": [1]}', "\xff"]
    test = f"""
        import pytest

        @pytest.mark.parametrize("number", range({len(texts)}))
        def test_saves(bototrail, number):
            bototrail.assert_matches_snapshot()
        """
    inner(test, "--bototrail-snapshot=missing")
    paths = sorted((inner.path / "__bototrail__" / "test_it").iterdir())
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode("latin-1"))
    result = inner(test)
    result.assert_outcomes(failed=len(texts))
    told = lines(result)
    assert len(told) == len(texts)
    for line in told:
        assert line.startswith("bototrail.errors.ConfigError: expected ")
        assert line.endswith("; pytest --bototrail-snapshot=update writes it anew")
    inner(test, "--bototrail-snapshot=update").assert_outcomes(passed=len(texts))


def test_names_of_files(inner):
    result = inner(
        """
        import boto3, pytest

        @pytest.mark.parametrize("name", ["a/b", "a-b", "A-B", "ü", "x" * 300])
        def test_p(bototrail, name):
            bototrail.assert_matches_snapshot()

        class TestIt:
            def test_m(self, bototrail):
                bototrail.assert_matches_snapshot("first")
                boto3.client("s3").list_buckets()
                bototrail.assert_matches_snapshot("second one")
                bototrail.assert_matches_snapshot()
                with pytest.raises(Exception, match="expected a name for each snapshot of a test; found none a second"):
                    bototrail.assert_matches_snapshot()
                with pytest.raises(Exception, match="found the name 'first' a second time"):
                    bototrail.assert_matches_snapshot("first")
        """,
        "--bototrail-snapshot=missing",
    )
    result.assert_outcomes(passed=6)
    names = sorted(p.name for p in (inner.path / "__bototrail__" / "test_it").iterdir())
    assert len(names) == 8
    assert names[:3] == [
        "TestIt.test_m.first.json",
        "TestIt.test_m.json",
        f"TestIt.test_m.{safe_name('second one')}.json",
    ]
    assert all(len(name) < 130 and name.isascii() for name in names)


def test_look_alikes_have_different_names():
    texts = ["a[b]", "a-b", "a[b", "a b", "../a", "a/", "", "ü", "u", "x" * 300, "x" * 301]
    assert len({safe_name(text) for text in texts}) == len(texts)
    assert safe_name("TestA.test_b") == "TestA.test_b"
    assert "/" not in safe_name("../../x")


def test_masks_and_orders_are_given_with_the_assertion(inner):
    test = """
        import boto3, random, time

        def test_saves(bototrail):
            s3 = boto3.client("s3")
            s3.create_bucket(Bucket="reports")
            bototrail.clear()
            for key in random.sample("abcdef", 6):
                s3.put_object(Bucket="reports", Key=key, Body=b"1")
            bototrail.assert_matches_snapshot("sorted", ordered=False)
            s3.put_object(Bucket="reports", Key=str(time.time()), Body=b"1")
            bototrail.clear()
            s3.delete_object(Bucket="reports", Key=str(time.time()))
            bototrail.assert_matches_snapshot("masked", mask=["key", "ARN"])
            bototrail.clear()
            boto3.client("sqs").list_queues(QueueNamePrefix=str(time.time()))
            bototrail.assert_matches_snapshot("one", mask="queueNamePrefix")
        """
    inner(test, "--bototrail-snapshot=missing").assert_outcomes(passed=1)
    for _ in range(2):
        inner(test).assert_outcomes(passed=1)
