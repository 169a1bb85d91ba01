"""AWS KMS signs: moto's, and one at the border of HTTP that hashes as the real one does."""

from __future__ import annotations

import base64
import hashlib
import io

import boto3
import orjson
import pytest
from botocore.awsrequest import AWSResponse
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from integrity.made import private_key, public_key, sign
from integrity.pems import public_der
from moto import mock_aws

from bototrail.errors import BototrailError, ConfigError, DeliveryError
from bototrail.integrity.kms import RAW_BYTES
from bototrail.integrity.signers import signing_key

REGION = "eu-central-1"
DATA = b"2026-09-21T12:00:00Z\nbucket/key\n" + b"0" * 64 + b"\nnull"


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
