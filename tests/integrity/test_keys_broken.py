"""Key folders that were damaged, or that others can write."""

from __future__ import annotations

import os

import orjson
import pytest
from integrity.made import NOON
from integrity.pems import pem, write_private
from integrity.published import AWS_CLI

from bototrail.errors import BototrailError, ConfigError
from bototrail.integrity.keys import KeyFolder


@pytest.fixture
def folder(tmp_path):
    return KeyFolder(tmp_path / "state" / "keys")


BROKEN = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:200]),
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(os.urandom(500)),
    "another key": lambda path: path.write_bytes(orjson.dumps(AWS_CLI)),
    "several keys": lambda path: path.write_bytes(
        orjson.dumps({"PublicKeyList": [AWS_CLI, orjson.loads(path.read_bytes())]})
    ),
    "wrong fingerprint": lambda path: path.write_bytes(
        path.read_bytes().replace(b'"Fingerprint": "', b'"Fingerprint": "0')
    ),
    "huge": lambda path: os.truncate(path, 2**40),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "a list": lambda path: path.write_bytes(b"[]"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_public_key_is_told(how, folder):
    path = folder.path / f"{folder.current(NOON).public.fingerprint}.json"
    BROKEN[how](path)
    with pytest.raises(BototrailError) as raised:
        folder.public_keys()
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("how", ["truncated", "empty", "garbage", "huge", "a folder", "a pipe"])
def test_a_broken_private_key_is_told_and_rotation_helps(how, folder):
    path = folder.path / f"{folder.current(NOON).public.fingerprint}.pem"
    BROKEN[how](path)
    again = KeyFolder(folder.path)
    with pytest.raises(ConfigError) as raised:
        again.current(NOON)
    assert str(path) in str(raised.value)
    assert again.rotate(NOON).public == again.current(NOON).public


def test_a_private_key_of_another_public_one_is_told(folder):
    path = folder.path / f"{folder.current(NOON).public.fingerprint}.pem"
    write_private(path, pem())
    with pytest.raises(ConfigError, match="found another one; restore the file, or go over to another key"):
        KeyFolder(folder.path).current(NOON)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_is_refused(mode, folder):
    folder.path.mkdir(parents=True)
    folder.path.chmod(mode)
    for use in (lambda: folder.current(NOON), lambda: folder.rotate(NOON), lambda: folder.import_keys([])):
        with pytest.raises(ConfigError, match=f"found mode {mode:04o}; chmod 700"):
            use()


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "keys").write_text("a file")
    for use in (KeyFolder.kept, lambda folder: folder.current(NOON), lambda folder: folder.import_keys([])):
        with pytest.raises(ConfigError, match="expected a key folder that can be read and written at"):
            use(KeyFolder(tmp_path / "keys"))
