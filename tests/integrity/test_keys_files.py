"""Public keys in files: every form, and whatever else may be found in its place."""

from __future__ import annotations

import math
import os
from base64 import b64encode

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from integrity.made import public_key
from integrity.pems import (
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
from integrity.published import AWS_CLI, GUIDE

from bototrail.errors import BototrailError, ConfigError, KeyFormatError
from bototrail.integrity.key_files import MOST_BYTES, as_pem, load_public_keys, pkcs1
from bototrail.integrity.public import PublicKey
from bototrail.integrity.public_keys import PublicKeys

LATEST = 253_402_300_799


def listed(*rows: object) -> bytes:
    return orjson.dumps({"PublicKeyList": rows})


@pytest.mark.parametrize("row", [AWS_CLI, *GUIDE])
def test_fingerprints_are_those_that_aws_publishes(row):
    (key,) = PublicKeys.from_json({"PublicKeyList": [row]}).values()
    assert (key.fingerprint, key.start, key.end) == (
        row["Fingerprint"],
        float(row["ValidityStartTime"]),
        float(row["ValidityEndTime"]),
    )


FORMS = [
    lambda: public_pem(),
    lambda: public_pem(form=PublicFormat.PKCS1),
    lambda: b"Bag Attributes: none\r\n" + public_pem().replace(b"\n", b"\r\n"),
    lambda: public_der(),
    lambda: public_der(form=PublicFormat.PKCS1),
    lambda: b"\xef\xbb\xbf\n" + orjson.dumps({"Value": public_key().fields()["Value"]}),
    lambda: listed({"Value": public_key().fields()["Value"], "ValidityStartTime": None}),
    lambda: listed(public_key().fields()),
]


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_the_same_in_every_form(form, tmp_path):
    path = tmp_path / "key"
    path.write_bytes(form())
    assert dict(load_public_keys([path])) == {public_key().fingerprint: public_key()}


NOON = 1_789_992_000
TIMES = [
    "2026-09-21T12:00:00Z",
    "2026-09-21T12:00:00",
    "2026-09-21T12:00:00.000000+00:00",
    "2026-09-21T14:00:00+02:00",
    "1789992000.0",
    1789992000.0,
    1789992000,
]


@pytest.mark.parametrize("time", TIMES)
def test_times_are_read_as_every_client_prints_them(time):
    row = {**AWS_CLI, "ValidityStartTime": time, "ValidityEndTime": time}
    (key,) = PublicKeys.from_json(row).values()
    assert (key.start, key.end) == (NOON, NOON)


def test_a_validity_loses_nothing_when_it_is_rounded():
    (key,) = PublicKeys.from_json({**AWS_CLI, "ValidityStartTime": NOON + 0.7, "ValidityEndTime": NOON + 1.2}).values()
    assert (key.start, key.end) == (NOON, NOON + 2)


VALIDITY = st.tuples(st.integers(0, LATEST), st.integers(0, LATEST) | st.just(math.inf)).map(sorted)


@given(st.lists(st.tuples(st.integers(0, 3), VALIDITY), unique_by=lambda each: each[0]))
def test_what_is_written_as_json_is_read_back(some):
    keys = PublicKeys(PublicKey(public_key(number).value, *validity) for number, validity in some)
    document = orjson.loads(orjson.dumps(keys.as_json()))
    assert dict(PublicKeys.from_json(document)) == dict(keys)


def test_json_is_that_of_list_public_keys():
    key = PublicKey(public_key().value, NOON, NOON + 60)
    assert PublicKeys([key]).as_json() == {
        "PublicKeyList": [
            {
                "Value": public_key().fields()["Value"],
                "ValidityStartTime": "2026-09-21T12:00:00Z",
                "ValidityEndTime": "2026-09-21T12:01:00Z",
                "Fingerprint": key.fingerprint,
            }
        ]
    }


def test_keys_of_a_range_come_in_the_order_of_their_starts():
    one, two, three = (PublicKey(public_key(n).value, *v) for n, v in enumerate([(20, 30), (0, 10), (10, 20)]))
    keys = PublicKeys([one, two, three])
    assert [keys.between(*r) for r in [(0, 99), (10, 10), (11, 19), (31, 40)]] == [
        [two, three, one],
        [two, three],
        [three],
        [],
    ]


SEEN_AGAIN = [
    # known, told later, what is known then
    ((10, 20), (5, 15), (5, 15)),
    ((10, 20), (12, 30), (10, 30)),
    ((10, 20), (0, math.inf), (10, 20)),
    ((0, math.inf), (10, 20), (10, 20)),
]


@pytest.mark.parametrize(("known", "told", "then"), SEEN_AGAIN)
def test_a_key_that_is_given_twice_has_one_validity(known, told, then):
    value = public_key().value
    (key,) = PublicKeys([PublicKey(value, *known), PublicKey(value, *told)]).values()
    assert (key.start, key.end) == then


class _Forged(PublicKey):
    """A key that was made to have the fingerprint of another."""

    fingerprint = public_key().fingerprint


def test_two_keys_of_one_fingerprint_are_a_forgery():
    with pytest.raises(KeyFormatError, match="two different keys of fingerprint"):
        PublicKeys([public_key(), _Forged(public_key(1).value)])


WRONG = [
    (lambda: b"", "something else"),
    (lambda: b"garbage", "something else"),
    (lambda: os.urandom(300), ""),
    (lambda: b"\x30", "something else"),
    (lambda: b"{", "JSON that cannot be parsed"),
    (lambda: b"[" * 100_000, "JSON that cannot be parsed"),
    (lambda: b"[]", "neither PublicKeyList nor Value"),
    (lambda: b"{}", "neither PublicKeyList nor Value"),
    (lambda: b'{"PublicKeyList": 7}', "no list"),
    (lambda: listed(7), "without a Value"),
    (lambda: listed({"Value": 7}), "without a Value"),
    (lambda: listed({"Value": "{}"}), "no base64"),
    (lambda: listed({"Value": "\u00fc"}), "no base64"),
    (lambda: listed({"Value": ""}), "ValueError"),
    (lambda: listed({"Value": AWS_CLI["Value"][:200]}), "ValueError"),
    (lambda: listed({**AWS_CLI, "Fingerprint": GUIDE[0]["Fingerprint"]}), f"'{GUIDE[0]['Fingerprint']}' given to"),
    (lambda: listed({**AWS_CLI, "Fingerprint": GUIDE[0]["Fingerprint"]}), f"is '{AWS_CLI['Fingerprint']}'"),
    (lambda: listed({**AWS_CLI, "Fingerprint": None}), "None given to"),
    (lambda: listed({**AWS_CLI, "ValidityEndTime": 5}), "ValidityStartTime after ValidityEndTime"),
    (lambda: listed({"Value": b64encode(public_der()).decode()}), "a key of another kind"),
    (lambda: listed({"Value": b64encode(public_der(short_key(), PublicFormat.PKCS1)).decode()}), "1024 bits"),
    (lambda: public_pem(short_key()), "1024 bits"),
    (lambda: public_pem(curve_key()), "none of RSA"),
    (lambda: public_der(edwards_key()), "none of RSA"),
    (lambda: public_pem().replace(b"PUBLIC KEY", b"CERTIFICATE"), "a CERTIFICATE"),
    (lambda: public_pem()[:200], "something else"),
    (lambda: public_pem()[:100] + b"\n-----END PUBLIC KEY-----\n", "something else"),
    (lambda: b" " * MOST_BYTES + b"{}", "more than 1048576 bytes"),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_what_is_no_public_key_is_told(data, words, tmp_path):
    path = tmp_path / "key"
    path.write_bytes(data())
    with pytest.raises(BototrailError) as raised:
        load_public_keys([path])
    assert (words in str(raised.value), str(path) in str(raised.value)) == (True, True), raised.value


@pytest.mark.parametrize("time", ["", "soon", "2026-13-01T00:00:00Z", -1, LATEST + 1, 1e400, True, [], {}, "9" * 400])
@pytest.mark.parametrize("name", ["ValidityStartTime", "ValidityEndTime"])
def test_what_is_no_time_is_told(name, time):
    with pytest.raises(KeyFormatError, match=f"for {name}; export"):
        PublicKeys.from_json({**AWS_CLI, name: time})


PRIVATE = [
    lambda: pem(),
    lambda: pem(form=PKCS1),
    lambda: pem(password=b"secret"),
    lambda: public_pem() + pem(),
    lambda: private_der(),
    lambda: private_der(PKCS1),
]


@pytest.mark.parametrize("data", PRIVATE)
def test_a_private_key_is_refused_and_not_shown(data, tmp_path):
    path = tmp_path / "key"
    path.write_bytes(data())
    with pytest.raises(KeyFormatError, match=r"found a private key in .*; export the public one") as raised:
        load_public_keys([path])
    assert secrets_in(str(raised.value), repr(raised.value)) == []


def test_a_folder_gives_all_that_is_in_it(tmp_path):
    (tmp_path / "a.json").write_bytes(listed(AWS_CLI, *GUIDE))
    (tmp_path / "b.pem").write_bytes(public_pem() + public_pem(form=PublicFormat.PKCS1))
    (tmp_path / "c.der").write_bytes(public_key(1).value)
    (tmp_path / "d.json").mkdir()
    (tmp_path / "README").write_text("no key")
    (tmp_path / ".hidden.json").write_text("no key")
    names = {row["Fingerprint"] for row in [AWS_CLI, *GUIDE]} | {public_key(n).fingerprint for n in (0, 1)}
    assert set(load_public_keys([tmp_path])) == names


def test_a_private_key_in_a_folder_is_told_unless_its_public_half_is_beside_it(tmp_path):
    path = write_private(tmp_path / "key.pem", pem())
    with pytest.raises(KeyFormatError, match="a private key"):
        load_public_keys([tmp_path])
    path.with_suffix(".json").write_bytes(orjson.dumps(public_key().fields()))
    assert list(load_public_keys([tmp_path])) == [public_key().fingerprint]


def test_what_is_no_ordinary_file_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, words in {
        "pipe": "no ordinary file",
        "none": "No such file",
        "x" * 300: "too long",
        "\0": "no path",
    }.items():
        with pytest.raises(ConfigError, match=words):
            load_public_keys([tmp_path / name])


def test_a_large_file_is_not_read(tmp_path):
    with (tmp_path / "key.json").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(ConfigError, match="more than 1048576 bytes"):
        load_public_keys([tmp_path])


def test_pem_is_what_openssl_and_we_take():
    text = as_pem(public_key())
    assert (text, pkcs1(text.encode(), pem=True)) == (public_pem().decode(), public_key().value)
