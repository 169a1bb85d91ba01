"""Who signs: PEM files, PEM text, AWS KMS; and what cannot."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import re
import traceback

import boto3
import orjson
import pytest
from botocore.awsrequest import AWSResponse
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from integrity.made import private_key, public_key, sign
from integrity.pems import (
    OPENSSH,
    PKCS1,
    curve_key,
    edwards_key,
    pem,
    private_der,
    public_der,
    public_pem,
    secrets_in,
    short_key,
    write_private,
)
from moto import mock_aws

from bototrail.errors import BototrailError, ConfigError, DeliveryError
from bototrail.integrity.kms import RAW_BYTES
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


@pytest.fixture
def kms():
    with mock_aws():
        yield boto3.client("kms", REGION)


def kms_key(kms, spec="RSA_2048", usage="SIGN_VERIFY"):
    return kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]


@pytest.mark.parametrize("spec", ["RSA_2048", "RSA_4096"])
def test_kms_signs_what_the_public_key_verifies(spec, kms):
    arn = kms_key(kms, spec)
    given = signing_key(arn)
    signer = given.open()
    assert (given.held_by, given.open() is signer) == (arn, True)
    assert signer.public.verify(signer.sign(DATA), DATA)


def test_kms_follows_an_alias_once(kms):
    one, two = kms_key(kms), kms_key(kms)
    kms.create_alias(AliasName="alias/trail", TargetKeyId=one)
    arn = f"arn:aws:kms:{REGION}:123456789012:alias/trail"
    signer = signing_key(arn).open()
    kms.update_alias(AliasName="alias/trail", TargetKeyId=two)
    later = signing_key(arn).open()
    assert signer.public.verify(signer.sign(DATA), DATA)
    assert [s.public.fingerprint for s in (signer, later)] == [
        signing_key(key).open().public.fingerprint for key in (one, two)
    ]


@pytest.mark.parametrize(
    ("spec", "usage", "words"),
    [
        ("ECC_NIST_P256", "SIGN_VERIFY", "KeySpec ECC_NIST_P256, KeyUsage SIGN_VERIFY; make one with"),
        ("RSA_2048", "ENCRYPT_DECRYPT", "KeySpec RSA_2048, KeyUsage ENCRYPT_DECRYPT; make one with"),
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "KeySpec SYMMETRIC_DEFAULT"),
    ],
)
def test_a_key_of_kms_that_cannot_sign_is_told(spec, usage, words, kms):
    with pytest.raises(ConfigError, match=words):
        signing_key(kms_key(kms, spec, usage)).open()


def test_a_key_that_kms_does_not_have_is_told_with_its_code(kms):
    with pytest.raises(DeliveryError, match="NotFoundException") as raised:
        signing_key(kms_key(kms)[:-12] + "000000000000").open()
    assert raised.value.code == "NotFoundException"


ARNS = [
    "arn:aws:kms:eu-central-1:111122223333",
    "arn:aws:kms::111122223333:key/x",
    "arn:aws:s3:::bucket",
    "arn:aws:kms:eu-central-1:111122223333:key/",
    "arn:aws:kms:../../x:111122223333:key/x",
]


@pytest.mark.parametrize("arn", ARNS)
def test_what_is_no_arn_of_a_key_is_told(arn):
    with pytest.raises(ConfigError, match="expected the ARN of a key in AWS KMS"):
        signing_key(arn)


class Kms:
    """KMS at the border of HTTP: it signs as the real one does, hashes when it is given a DIGEST, or fails."""

    def __init__(self, monkeypatch, key=0, fail=None):
        self.asked, self.key, self.fail = [], key, fail
        monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", self.send)

    def send(self, request):
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        asked = orjson.loads(request.body)
        self.asked.append((operation, asked))
        status, answer = self.fail if self.fail and operation == "Sign" else (200, getattr(self, operation)(asked))
        return AWSResponse(request.url, status, {}, Body(answer if isinstance(answer, bytes) else orjson.dumps(answer)))

    def GetPublicKey(self, asked):
        return {
            "KeyId": ARN.replace("alias/trail", "key/1"),
            "KeySpec": "RSA_2048",
            "KeyUsage": "SIGN_VERIFY",
            "PublicKey": base64.b64encode(public_der(private_key(0))).decode(),
            "SigningAlgorithms": ["RSASSA_PKCS1_V1_5_SHA_256"],
        }

    def Sign(self, asked):
        message = base64.b64decode(asked["Message"])
        how = Prehashed(SHA256()) if asked["MessageType"] == "DIGEST" else SHA256()
        return {"Signature": base64.b64encode(private_key(self.key).sign(message, PKCS1v15(), how)).decode()}


class Body(io.BytesIO):
    def stream(self, *_, **__):
        yield self.read()


ARN = "arn:aws:kms:eu-central-1:111122223333:alias/trail"


@pytest.mark.parametrize(("size", "kind"), [(RAW_BYTES, "RAW"), (RAW_BYTES + 1, "DIGEST")])
def test_what_is_too_long_for_kms_is_signed_by_its_hash(size, kind, monkeypatch):
    kms = Kms(monkeypatch)
    data = b"x" * size
    message = data if kind == "RAW" else hashlib.sha256(data).digest()
    signer = signing_key(ARN).open()
    assert [signer.sign(data), signer.sign(data)] == [sign(0, data)] * 2
    asked = {
        "KeyId": ARN.replace("alias/trail", "key/1"),
        "Message": base64.b64encode(message).decode(),
        "MessageType": kind,
        "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
    }
    assert kms.asked == [("GetPublicKey", {"KeyId": ARN}), ("Sign", asked), ("Sign", asked)]


def test_a_signature_of_another_key_is_not_taken(monkeypatch):
    Kms(monkeypatch, key=1)
    with pytest.raises(DeliveryError, match=f"no signature of the key {public_key().fingerprint}"):
        signing_key(ARN).open().sign(DATA)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, {"__type": "AccessDeniedException", "message": "no"}), "AccessDeniedException"),
        ((400, {"__type": "DisabledException", "message": "no"}), "DisabledException"),
        ((200, b"<html>a guest network</html>"), "ResponseParserError"),
    ],
)
def test_what_keeps_kms_from_signing_is_told(answer, code, monkeypatch):
    Kms(monkeypatch, fail=answer)
    with pytest.raises(DeliveryError, match=f"^{ARN}: ") as raised:
        signing_key(ARN).open().sign(DATA)
    assert raised.value.code == code


def test_an_error_of_ours_is_all_that_comes_out(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "of-nobody")
    with pytest.raises(BototrailError, match="of-nobody"):
        signing_key(ARN).open()


def test_a_signer_takes_on_a_validity():
    signer = signing_key(pem().decode()).open()
    valid = signer.valid(PublicKey(signer.public.value, 10, 20))
    assert (valid.public.start, valid.public.end, valid.sign(DATA)) == (10, 20, signer.sign(DATA))
