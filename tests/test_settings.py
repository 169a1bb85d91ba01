"""Settings: options over environment over defaults, and errors that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from bototrail import settings
from bototrail.errors import ConfigError


def test_options_win_over_the_environment_and_the_environment_over_defaults(monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_FLUSH_SECONDS", "7")
    monkeypatch.setenv("BOTOTRAIL_IDENTITY", "offline")
    found = settings.load("./audit", identity="auto")
    assert (found.flush_seconds, found.identity, found.exit_seconds) == (7.0, "auto", 5.0)
    assert found.bucket == str(Path("audit").absolute())


@pytest.mark.parametrize(
    ("given", "location"),
    [
        ("/a/b", "/a/b"),
        ("file:///a/b", "/a/b"),
        ("s3://bucket/prefix?region_name=eu-west-1", "s3://bucket/prefix?region_name=eu-west-1"),
        ("gs://bucket", "gs://bucket"),
        ("/a/ünï", "/a/ünï"),
    ],
)
def test_locations(given, location):
    assert settings.bucket_location(given) == location


@pytest.mark.parametrize("nonsense", ["", " ", "1", "true", "ON", "s3:bucket", "s3://", "s3:", "a\0b", "a\nb"])
def test_nonsense_is_told_with_what_to_do(nonsense):
    with pytest.raises(ConfigError, match=r"expected .*; found .*; set it to a folder"):
        settings.bucket_location(nonsense)


@pytest.mark.parametrize(
    "option",
    [{"flush_seconds": "soon"}, {"flush_seconds": -1}, {"identity": "maybe"}, {"presigned": "perhaps"}, {"colour": 1}],
)
def test_options_that_cannot_be_used_are_told(option):
    with pytest.raises(ConfigError, match=r"expected .*; found .*"):
        settings.load("/a", **option)


def test_a_value_of_the_environment_is_named_in_the_error(monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_SPOOL_BYTES", "much")
    with pytest.raises(ConfigError, match="BOTOTRAIL_SPOOL_BYTES"):
        settings.load("/a")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"BOTOTRAIL_STATE": "/s", "XDG_STATE_HOME": "/x"}, "/s"),
        ({"XDG_STATE_HOME": "/x"}, "/x/bototrail"),
        ({"XDG_STATE_HOME": "relative"}, str(Path("~/.local/state/bototrail").expanduser())),
    ],
)
def test_the_state_directory_follows_the_platforms_rules(environ, expected, monkeypatch):
    monkeypatch.setattr(settings.sys, "platform", "linux")
    assert str(settings.default_state(environ)) == expected


@pytest.mark.parametrize("value", ["0", "off", "OFF", "false", " no "])
def test_switched_off(value):
    assert settings.switched_off({"BOTOTRAIL": value})


ARN = "arn:aws:kms:eu-central-1:111122223333:key/1"
PEM = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("given", "kept"),
    [(f" {ARN}", ARN), (f"{PEM}\n", PEM), ("/a/key.pem", "/a/key.pem"), ("k", str(Path("k").absolute()))],
)
def test_a_signing_key_is_a_file_a_text_or_an_arn(given, kept, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_SIGNING_KEY", given)
    monkeypatch.setenv("BOTOTRAIL_KEYS", "keys")
    found = settings.load("/a")
    assert (found.signing_key, found.keys) == (kept, Path("keys").absolute())
    assert (settings.load("/a", signing_key=ARN, keys="/k").keys, "PRIVATE" in repr(found)) == (Path("/k"), False)
