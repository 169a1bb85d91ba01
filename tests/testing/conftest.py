"""A trail of calls that are answered at the HTTP border, and pytest inside of pytest."""

from __future__ import annotations

import re
from textwrap import dedent

import moto.backends
import pytest
from border import answer
from moto import mock_aws

import bototrail
from bototrail.recorder import watching
from bototrail.testing import session, snapshot  # noqa: F401 pytester forgets what is imported inside of it
from bototrail.testing.trail import Trail

INNER = """
    import pytest
    from moto import mock_aws

    @pytest.fixture(autouse=True)
    def aws():
        with mock_aws():
            yield
"""
_PLACE = re.compile(r"\S+\.py:\d+")


@pytest.fixture(scope="session", autouse=True)
def _imported():
    """Import moto's services once; have hooks on imports in place that a pytest inside of pytest would take away."""
    with mock_aws(), bototrail.recording():
        for service in ("s3", "sqs", "sts", "dynamodb"):
            moto.backends.get_backend(service)


@pytest.fixture
def trail():
    with watching(Trail) as made:
        yield made


@pytest.fixture
def s3(client):
    made = client("s3")
    answer(made, (200, b""))
    return made


@pytest.fixture
def sqs(client):
    made = client("sqs")
    answer(made, (200, b"{}"))
    return made


@pytest.fixture
def dynamodb(client):
    made = client("dynamodb")
    answer(made, (200, b"{}"))
    return made


@pytest.fixture
def fails():
    """What an assertion says when it fails, with `@` for the places of calls."""

    def text(assertion, *arguments, error=AssertionError, **named):
        with pytest.raises(error) as caught:
            assertion(*arguments, **named)
        assert type(caught.value) is error
        return _PLACE.sub("@", str(caught.value))

    return text


@pytest.fixture
def inner(pytester):
    """Runs tests, which are given as text, with moto in place of AWS."""
    pytester.makeconftest(dedent(INNER))

    def run(text, *options, subprocess=False, **files):
        pytester.makepyfile(**{"test_it": dedent(text), **{name: dedent(each) for name, each in files.items()}})
        method = pytester.runpytest_subprocess if subprocess else pytester.runpytest_inprocess
        return method("-p", "no:asyncio", "-p", "no:cacheprovider", *options)

    run.path = pytester.path
    return run
