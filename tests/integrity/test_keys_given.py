"""Signing keys that are given: the key folder knows them, and holds nothing private of them."""

from __future__ import annotations

import boto3
import pytest
from integrity.made import HOUR, NOON, public_key
from integrity.pems import pem, write_private
from moto import mock_aws

from bototrail.errors import ConfigError
from bototrail.integrity.kept import FOLDER, Kept
from bototrail.integrity.keys import BACKLOG, DAY, VALID, open_keys
from bototrail.integrity.public import PublicKey
from bototrail.integrity.signers import SETTING

DATA = b"an hour"


def test_a_given_key_is_written_down_without_its_private_half(tmp_path):
    setting = str(write_private(tmp_path / "signing.pem", pem()))
    folder = open_keys(tmp_path, None, setting)
    assert folder.in_use(NOON) is None
    signer = folder.current(NOON + 60)
    assert signer.public == PublicKey(public_key().value, NOON - BACKLOG, NOON + VALID)
    assert folder.kept() == [Kept(signer.public, SETTING)] == [folder.in_use(NOON)]
    assert sorted(path.suffix for path in (tmp_path / "keys").iterdir()) == ["", ".json"]


def test_a_given_key_is_prolonged(tmp_path):
    folder = open_keys(tmp_path, tmp_path / "k", pem().decode())
    folder.current(NOON)
    later = NOON + VALID - DAY
    assert folder.current(later - 1).public.end == NOON + VALID
    assert folder.current(later).public == PublicKey(public_key().value, NOON - BACKLOG, later + VALID)


def test_going_over_to_a_given_key(tmp_path):
    made = open_keys(tmp_path).current(NOON)
    given = open_keys(tmp_path, None, pem().decode())
    assert given.current(NOON + DAY).public.value == public_key().value
    assert given.signer_for(NOON, NOON + DAY).public == made.public  # an hour from before
    given.rotate(NOON + DAY)
    assert given.public_keys()[made.public.fingerprint].end == NOON + DAY + 2 * HOUR
    with pytest.raises(ConfigError, match="another signing key to go over to"):
        given.rotate(NOON + DAY)
    given.rotate(NOON + DAY, discard=True)
    assert [kept.here for kept in given.kept()] == [False, False]
    assert open_keys(tmp_path).current(NOON + DAY).public.value not in {made.public.value, public_key().value}


def test_a_given_key_signs_although_a_key_of_the_folder_is_newer(tmp_path):
    given = open_keys(tmp_path, None, pem().decode())
    given.current(NOON)
    open_keys(tmp_path).current(NOON + DAY)
    assert given.signer_for(NOON + 2 * DAY, NOON + 2 * DAY).public.value == public_key().value


def test_an_imported_key_that_is_given_later_becomes_our_own(tmp_path):
    given = open_keys(tmp_path, None, pem().decode())
    given.import_keys([PublicKey(public_key().value, NOON - DAY, NOON + DAY)])
    given.current(NOON)
    assert given.kept() == [Kept(PublicKey(public_key().value, NOON - DAY, NOON + VALID), SETTING)]


def test_a_key_of_the_folder_may_be_the_given_one(tmp_path):
    folder = open_keys(tmp_path)
    public = folder.current(NOON).public
    path = folder.path / f"{public.fingerprint}.pem"
    assert open_keys(tmp_path, None, str(path)).current(NOON).public == public
    assert folder.kept() == [Kept(public, FOLDER, here=True)]


def test_a_key_of_kms_signs(tmp_path):
    with mock_aws():
        made = boto3.client("kms", "eu-central-1").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        arn = made["KeyMetadata"]["Arn"]
        folder = open_keys(tmp_path, None, arn)
        assert (folder.kept(), folder.in_use(NOON)) == ([], None)
        signer = folder.signer_for(NOON, NOON)
        signature = signer.sign(DATA)
    assert folder.kept() == [Kept(signer.public, arn)] == [folder.in_use(NOON)]
    assert folder.public_keys()[signer.public.fingerprint].verify(signature, DATA)
    assert (signer.public.start, signer.public.end) == (NOON - BACKLOG, NOON + VALID)


def test_a_key_of_kms_may_have_several_names(tmp_path):
    with mock_aws():
        client = boto3.client("kms", "eu-central-1")
        arn = client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        client.create_alias(AliasName="alias/trail", TargetKeyId=arn)
        keys = [open_keys(tmp_path, None, name) for name in (arn, f"{arn.partition(':key/')[0]}:alias/trail")]
        publics = {folder.current(NOON).public for folder in keys}
    assert [(kept.public, kept.held_by) for kept in keys[0].kept()] == [(publics.pop(), arn)]


def test_an_alias_that_leads_to_another_key_is_gone_over_to(tmp_path):
    with mock_aws():
        client = boto3.client("kms", "eu-central-1")
        arns = [client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"] for _ in range(3)]
        client.create_alias(AliasName="alias/trail", TargetKeyId=arns[0])
        alias, used = f"{arns[0].partition(':key/')[0]}:alias/trail", []
        for minute, arn in enumerate(arns):
            client.update_alias(AliasName="alias/trail", TargetKeyId=arn)
            folder = open_keys(tmp_path, None, alias)
            used.append(folder.rotate(NOON + 60 * minute).public.fingerprint)
            assert folder.in_use(NOON + 60 * minute).fingerprint == used[-1]
    ends = {kept.fingerprint: kept.public.end - NOON for kept in folder.kept()}
    assert ends == dict(zip(used, [2 * HOUR + 60, 2 * HOUR + 120, VALID], strict=True))
