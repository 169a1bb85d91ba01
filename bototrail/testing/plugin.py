"""The pytest plug-in: fixture, marker and options. It is loaded in every run of pytest, so it imports nothing yet."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bototrail.testing.trail import Trail

MARKER = "bototrail(allow=None, deny=None, max_calls=None, readonly=None)"
_DESCRIPTION = (
    "fails the test when its AWS calls, once it has passed, are others than those of the patterns `allow`, some of "
    "the patterns `deny`, more than `max_calls`, or when `readonly=True` and one of them writes. Fixtures' calls do "
    "not count."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our options."""
    group = parser.getgroup("bototrail", "AWS calls (bototrail)")
    where = "record the AWS calls of the whole run as CloudTrail log files, each labelled with its test"
    group.addoption(
        "--bototrail",
        dest="bototrail",
        metavar="DIR",
        help=f"{where}, into this folder or URL such as s3://bucket/prefix",
    )
    parser.addini("bototrail", f"{where}, into this folder (relative to the rootdir) or URL", default="")
    group.addoption(
        "--bototrail-policy",
        dest="bototrail_policy",
        metavar="FILE",
        help="write the smallest IAM policy that allows what the tests called themselves, not their fixtures; as JSON, "
        "or for Terraform when FILE ends in .tf",
    )
    group.addoption(
        "--bototrail-summary",
        dest="bototrail_summary",
        action="store_true",
        help="show at the end which tests made AWS calls, how many, the slowest and those denied; all of them with -v",
    )
    group.addoption(
        "--bototrail-snapshot",
        dest="bototrail_snapshot",
        choices=("check", "missing", "update"),
        default="check",
        help="what assert_matches_snapshot() does: compare (default), write those that are missing, or rewrite all "
        "that differ",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker takes; switch on what was asked for."""
    config.addinivalue_line("markers", f"{MARKER}: {_DESCRIPTION}")
    option = config.option
    wanted = option.bototrail or config.getini("bototrail") or option.bototrail_summary or option.bototrail_policy
    if wanted or option.bototrail_snapshot != "check":
        from bototrail.testing.session import Session

        config.pluginmanager.register(Session(config), "bototrail-session")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A marker that cannot be understood is an error of its test."""
    if item.get_closest_marker("bototrail") is not None:
        from bototrail.testing.marker import rules_of

        rules_of(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Hold the test to its marker."""
    if item.get_closest_marker("bototrail") is None:
        return (yield)
    from bototrail.testing.marker import held

    with held(item):
        return (yield)


@pytest.fixture(name="bototrail")
def bototrail_fixture(request: pytest.FixtureRequest) -> Iterator[Trail]:
    """The AWS calls of this test: `bototrail.calls(...)`, `.assert_called(...)`, `.records` and more."""
    from bototrail.recorder import watching
    from bototrail.testing.snapshot import Snapshots
    from bototrail.testing.trail import Trail

    with watching(lambda capture: Trail(capture, Snapshots(request.node))) as trail:
        yield trail
