"""Who signs: PEM files, PEM text, AWS KMS; and what cannot."""

from __future__ import annotations

import logging
import os
import re
import traceback

import pytest
from integrity.made import public_key, sign
from integrity.pems import (
    OPENSSH,
    PKCS1,
    curve_key,
    edwards_key,
    pem,
    private_der,
    public_pem,
    secrets_in,
    short_key,
    write_private,
)

from bototrail.errors import ConfigError
from bototrail.integrity.public import PublicKey, rsa_key
from bototrail.integrity.signers import SETTING, FileSigner, new_key, signing_key

REGION = "eu-central-1"
DATA = b"2026-09-21T12:00:00Z\nbucket/key\n" + b"0" * 64 + b"\nnull"


@pytest.mark.parametrize("form", ["file", "PKCS#1 file", "text", "text on one line", "text with blanks"])
def test_a_key_is_given_as_file_or_text(form, tmp_path):
    text = pem().decode()
    setting = {
        "file": str(write_private(tmp_path / "a.pem", pem())),
        "PKCS#1 file": str(write_private(tmp_path / "b.pem", pem(form=PKCS1))),
        "text": text,
        "text on one line": text.replace("\n", r"\n"),
        "text with blanks": f"\n  {text}\n",
    }[form]
    given = signing_key(setting)
    signer = given.open()
    assert (given.held_by, signer.public, signer.sign(DATA)) == (SETTING, public_key(), sign(0, DATA))


def test_a_new_key_signs_what_its_public_half_verifies():
    signer = FileSigner.from_pem(new_key(), "new")
    signature = signer.sign(DATA)
    assert re.fullmatch("[0-9a-f]{512}", signature)
    assert [signer.public.verify(signature, data) for data in (DATA, DATA + b"\n")] == [True, False]
    key = rsa_key(signer.public.value)
    assert (key.key_size, key.public_numbers().e) == (2048, 65537)


def test_a_signer_shows_nothing_of_its_key():
    signer = signing_key(pem().decode()).open()
    assert secrets_in(repr(signer), str(signer), repr(vars(signer))) == []


CANNOT_SIGN = [
    (lambda: pem(password=b"x"), "one that is encrypted; decrypt it"),
    (lambda: pem(form=PKCS1, password=b"x"), "one that is encrypted; decrypt it"),
    (lambda: pem(form=OPENSSH), "one in OpenSSH's own form"),
    (lambda: pem(curve_key()), "a key of another kind, such as EC"),
    (lambda: pem(curve_key(), PKCS1), "a key of another kind, such as EC"),
    (lambda: pem(edwards_key()), "a key of another kind, such as EC"),
    (lambda: pem(short_key()), "of 2048 bits or more; found one of 1024 bits"),
    (lambda: public_pem(), "a public key"),
    (lambda: pem()[:500], "none that can be read"),
    (lambda: pem().replace(b"PRIVATE KEY", b"CERTIFICATE"), "a certificate"),
    (lambda: pem().replace(b"\nMII", b"\nMIJ"), "none that can be read"),
    (lambda: b"-----BEGIN ", "none that can be read"),
]


@pytest.mark.parametrize("how", ["file", "text"])
@pytest.mark.parametrize(("data", "words"), CANNOT_SIGN)
def test_a_key_that_cannot_sign_is_told_and_not_shown(data, words, how, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    setting = data().decode() if how == "text" else str(write_private(tmp_path / "key.pem", data()))
    with pytest.raises(ConfigError) as raised:
        signing_key(setting)
    told = "".join(traceback.format_exception(raised.value))
    assert (words in str(raised.value), secrets_in(told, repr(raised.value), caplog.text)) == (True, []), raised.value


def test_der_is_no_private_key_that_is_taken(tmp_path):
    with pytest.raises(ConfigError, match="none that can be read"):
        signing_key(str(write_private(tmp_path / "key.der", private_der())))


def test_a_key_that_was_given_in_place_of_a_path_is_not_shown():
    body = "".join(pem().decode().splitlines()[1:-1])
    for setting in (body, f"/home/user/{body}", body[:240]):
        with pytest.raises(ConfigError, match=r"by a name of .* characters; .* given as PEM") as raised:
            signing_key(setting)
        assert body[:64] not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602])
def test_a_private_key_that_others_can_use_is_refused(mode, tmp_path):
    path = write_private(tmp_path / "key.pem", pem())
    path.chmod(mode)
    with pytest.raises(ConfigError, match=f"its owner's alone; found mode {mode:04o}; chmod 600 {path}"):
        signing_key(str(path))
    path.chmod(0o400)
    assert signing_key(str(path)).open().public == public_key()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_a_private_key_may_be_given_to_us_by_its_owners_group(tmp_path):
    path = write_private(tmp_path / "key.pem", pem())
    os.chown(path, 12345, -1)
    path.chmod(0o640)
    assert signing_key(str(path)).open().public == public_key()
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="mode 0644"):
        signing_key(str(path))


def test_a_link_to_a_key_is_followed_as_secrets_are_mounted(tmp_path):
    (tmp_path / "link").symlink_to(write_private(tmp_path / "key.pem", pem()))
    assert signing_key(str(tmp_path / "link")).open().public == public_key()


@pytest.mark.parametrize("kind", ["none", "folder", "pipe", "large"])
def test_what_is_no_file_is_told(kind, tmp_path):
    path = tmp_path / "key.pem"
    {
        "none": lambda: None,
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path, 0o600),
        "large": lambda: os.truncate(write_private(path, b""), 2**40),
    }[kind]()
    words = {"none": "No such file", "large": "more than"}.get(kind, "no ordinary file")
    with pytest.raises(ConfigError, match=words):
        signing_key(str(path))


def test_a_signer_takes_on_a_validity():
    signer = signing_key(pem().decode()).open()
    valid = signer.valid(PublicKey(signer.public.value, 10, 20))
    assert (valid.public.start, valid.public.end, valid.sign(DATA)) == (10, 20, signer.sign(DATA))
