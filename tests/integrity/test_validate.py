"""Validation of whole buckets: what is found of tampering, in the words of AWS's own verifier where it has some."""

from __future__ import annotations

import gzip

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from integrity.judged import END, KEYS, NOW, counts, faults, verdicts
from integrity.made import (
    BUCKET,
    CHAIN,
    HOUR,
    NOON,
    bucket_folder,
    chain_of,
    digest,
    entries,
    hours,
    private_key,
    public_key,
    write,
)
from integrity.tampering import TAMPERINGS, Tampering, key_of, log_files

from bototrail.integrity.places import MOST_FOLDERS, Remembered, Wanted
from bototrail.integrity.public import PublicKey
from bototrail.integrity.summary import Summary
from bototrail.integrity.validate import among, validate
from bototrail.store.folder import FolderStore


def test_a_good_bucket_is_valid(made, tmp_path):
    found = verdicts(tmp_path)
    summary = Summary()
    for each in found:
        summary.add(each)
    in_order = [key for each in made for key in (each.key, *log_files(each))]
    assert [v.key for v in found] == in_order
    assert {v.line.rpartition("\t")[2] for v in found} == {"valid"}
    assert (summary.passed, dict(summary.counts), summary.found) == (
        True,
        {("Digest file", "valid"): 4, ("Log file", "valid"): 8},
        {CHAIN: (NOON - HOUR, END)},
    )


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda t: t.name)
def test_tampering_is_found(tampering: Tampering, made, tmp_path):
    before = list(made)
    tampering.do(tmp_path, made)
    expected = [(key_of(place, before), reason) for place, reason in tampering.found]
    assert sorted(faults(tmp_path)) == sorted(expected)


def test_lines_are_those_of_the_aws_cli(made, tmp_path):
    (tmp_path / made[1].key).unlink()
    (tmp_path / log_files(made[2])[0]).unlink()
    lines = [v.line for v in verdicts(tmp_path)]
    assert f"Digest file\t{tmp_path}/{made[0].key}\tvalid" in lines
    assert f"Digest file\t{tmp_path}/{made[1].key}\tINVALID: not found" in lines
    assert f"Log file\t{tmp_path}/{log_files(made[2])[0]}\tINVALID: not found" in lines


FINGERPRINT = public_key().fingerprint
SPKI = private_key(0).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
BY_KEYS = {
    # keys that are known, what is said of every digest file
    "none": ({}, f"public key not found in region eu-central-1 for fingerprint {FINGERPRINT}"),
    "another": (
        {public_key(1).fingerprint: public_key(1)},
        f"public key not found in region eu-central-1 for fingerprint {FINGERPRINT}",
    ),
    "SPKI": ({FINGERPRINT: PublicKey(SPKI)}, f"Unable to load PKCS #1 key with fingerprint {FINGERPRINT}"),
    "nonsense": ({FINGERPRINT: PublicKey(b"0\0")}, f"Unable to load PKCS #1 key with fingerprint {FINGERPRINT}"),
    "another by this name": ({FINGERPRINT: public_key(1)}, "signature verification failed"),
    "expired": ({FINGERPRINT: public_key()._replace(end=NOON - 1)}, "public key was not valid at that time"),
    "later": ({FINGERPRINT: public_key()._replace(start=END + 3 * HOUR)}, "public key was not valid at that time"),
}


@pytest.mark.parametrize("name", BY_KEYS)
def test_keys_are_told(name, made, tmp_path):
    keys, reason = BY_KEYS[name]
    found = [(key, said) for key, said in faults(tmp_path, keys=keys) if "CloudTrail-Digest" in key]
    assert found == [(each.key, reason) for each in made]


@pytest.mark.parametrize(
    ("start", "end"), [(NOON, END), (0.0, NOON), (END + 2 * HOUR, END + 4 * HOUR)], ids=["all", "up to", "from"]
)
def test_a_key_may_sign_within_two_hours_after_the_end(start, end, tmp_path):
    bucket_folder(tmp_path, 4)
    keys = {FINGERPRINT: public_key()._replace(start=start, end=end)}
    wrong = [v.end for v in verdicts(tmp_path, keys=keys) if v.reason == "public key was not valid at that time"]
    assert wrong == [e for e in (NOON + n * HOUR for n in range(4)) if not (start <= e + 2 * HOUR and end >= e)]


def test_an_empty_bucket_has_no_digests(tmp_path):
    assert verdicts(tmp_path) == []
    assert not Summary().passed


def test_log_files_alone_are_not_told_one_by_one(made, tmp_path):
    for each in made:
        (tmp_path / each.key).unlink()
    assert verdicts(tmp_path) == []


def test_empty_hours_are_valid(tmp_path):
    bucket_folder(tmp_path, 5, per_hour=0)
    assert counts(tmp_path, now=NOW + HOUR) == {("Digest file", "valid"): 5}


NEWEST = [
    # seconds after the last digest file's end, explicit end, whether it is enough
    (0.0, None, True),
    (2 * HOUR - 1, None, True),
    (2 * HOUR, None, False),
    (400 * HOUR, None, False),
    (400 * HOUR, END, True),
    (400 * HOUR, END + HOUR - 1, True),
    (400 * HOUR, END + HOUR, False),
    (2 * HOUR - 1, END + 2 * HOUR - 1, True),
]


@pytest.mark.parametrize(("after", "end", "enough"), NEWEST)
def test_the_newest_digest_must_be_there(after, end, enough, made, tmp_path):
    said = [] if enough else [(CHAIN.folder, "no digest file since 2026-09-21T15:00:00Z")]
    assert faults(tmp_path, now=END + after, end=end) == said


def test_of_two_trails_in_a_folder_each_has_its_chain(tmp_path):
    other = CHAIN._replace(trail="other")
    made, others = bucket_folder(tmp_path), bucket_folder(tmp_path, chain=other)
    assert counts(tmp_path) == {("Digest file", "valid"): 8, ("Log file", "valid"): 16}
    assert counts(tmp_path, trails=("other",)) == {("Digest file", "valid"): 4, ("Log file", "valid"): 8}
    assert counts(tmp_path, trails=(other.arn,)) == {("Digest file", "valid"): 4, ("Log file", "valid"): 8}
    assert counts(tmp_path, trails=("none",)) == {}
    (tmp_path / made[1].key).unlink()
    lost = [(key, "not listed in any digest file") for key in log_files(made[1])]
    assert faults(tmp_path, trails=("other",)) == sorted(lost)
    (tmp_path / others[3].key).unlink()
    assert (CHAIN.folder, "no digest file since 2026-09-21T14:00:00Z") in faults(tmp_path, trails=("other",))


def test_a_log_file_is_fine_if_any_trail_names_it(tmp_path):
    made = bucket_folder(tmp_path)
    other = CHAIN._replace(trail="other")
    for each in chain_of(hours(4), chain=other):
        write(tmp_path, each.key, each.body)
    assert counts(tmp_path) == {("Digest file", "valid"): 8, ("Log file", "valid"): 16}
    (tmp_path / made[1].key).write_bytes(b"")
    assert faults(tmp_path) == [(made[1].key, "invalid format")]


def test_accounts_and_regions_and_organizations_are_apart(tmp_path):
    chains = [
        CHAIN,
        CHAIN._replace(region="us-east-1"),
        CHAIN._replace(account="444455556666"),
        CHAIN._replace(organization="o-exampleorgid", trail="members"),
        CHAIN._replace(prefix="a/b c"),
    ]
    for chain in chains:
        bucket_folder(tmp_path, chain=chain)
    found = {v.chain for v in verdicts(tmp_path)}
    assert (found, faults(tmp_path)) == (set(chains), [])
    assert {v.chain for v in verdicts(tmp_path, accounts=("444455556666",))} == {chains[2]}
    assert {v.chain for v in verdicts(tmp_path, regions=("us-east-1",))} == {chains[1]}
    of_organization = "arn:aws:cloudtrail:eu-central-1:999999999999:trail/members"
    assert {v.chain for v in verdicts(tmp_path, trails=(of_organization,))} == {chains[3]}


def test_with_start_and_end_only_these_hours_count(tmp_path):
    made = bucket_folder(tmp_path, 12)
    inside = {"start": NOON + 4 * HOUR, "end": NOON + 6 * HOUR, "now": NOON + 20 * HOUR}
    assert counts(tmp_path, **inside) == {("Digest file", "valid"): 4, ("Log file", "valid"): 8}
    for n in (0, 1, 2, 9, 10, 11):
        (tmp_path / made[n].key).unlink()
        for key in log_files(made[n]):
            (tmp_path / key).write_bytes(b"broken")
    assert faults(tmp_path, **inside) == []
    (tmp_path / made[5].key).unlink()
    lost = [(key, "not listed in any digest file") for key in log_files(made[5])]
    assert faults(tmp_path, **inside) == [(made[5].key, "not found"), *lost]


def test_the_first_digest_in_range_is_compared_with_the_one_before(tmp_path):
    made = bucket_folder(tmp_path, 4)
    start = NOON + 2 * HOUR
    other = digest(entries(hours(2)[1].files), NOON + HOUR, made[0].link, start=NOON + 60)
    write(tmp_path, other.key, other.body)
    assert faults(tmp_path, start=start) == [(made[2].key, "previousDigestHashValue doesn't match")]
    (tmp_path / made[1].key).unlink()
    assert faults(tmp_path, start=start) == []  # nobody asked for it
    lost = [(key, "not listed in any digest file") for key in log_files(made[1])]
    assert faults(tmp_path, start=NOON + HOUR) == [(made[1].key, "not found")]
    assert faults(tmp_path, start=NOON) == [(made[1].key, "not found"), *lost]


def test_a_trail_that_was_restarted_is_valid_from_then_on(tmp_path):
    some = hours(8)
    first, second = chain_of(some[:3]), chain_of(some[5:])
    for each in (*first, *second):
        write(tmp_path, each.key, each.body)
    for hour in (*some[:3], *some[5:]):
        for key, content in hour.files.items():
            write(tmp_path, key, gzip.compress(content))
    now = NOON + 8 * HOUR
    cut = [(second[0].key, "names no digest file before it, but there is one")]
    assert faults(tmp_path, now=now) == cut
    assert faults(tmp_path, now=now, start=NOON + 3 * HOUR) == cut  # not all of the time asked for is covered
    assert faults(tmp_path, now=now, start=NOON + 4 * HOUR) == []


def test_log_files_of_after_the_end_are_looked_up_in_later_digests(tmp_path):
    late = hours(1)[0]
    some = [hour._replace(files={}) for hour in hours(12)]
    some[6] = some[6]._replace(files=late.files)  # delivered six hours late
    for each in chain_of(some):
        write(tmp_path, each.key, each.body)
    for key, content in late.files.items():
        write(tmp_path, key, gzip.compress(content))
    assert faults(tmp_path, now=NOON + 20 * HOUR, end=NOON) == []


def test_a_digest_of_the_future_is_none(tmp_path):
    made = bucket_folder(tmp_path, 4)
    assert faults(tmp_path, now=END - 301) == [(made[3].key, "digestEndTime is in the future")]
    assert faults(tmp_path, now=END - 299) == []


def test_a_bucket_whose_name_is_given(made, tmp_path):
    assert faults(tmp_path, bucket=BUCKET) == []
    wrong = {reason for key, reason in faults(tmp_path, bucket="other") if "Digest" in key}
    assert wrong == {"has been moved from its original location"}


def test_folders_are_asked_for_once(tmp_path):
    bucket_folder(tmp_path)
    store, asked = FolderStore(tmp_path), []
    ask = store.folders
    store.folders = lambda under="": asked.append(under) or ask(under)
    remembered = Remembered(store)
    for _ in range(2):
        list(validate(remembered, among(KEYS), Wanted(), jobs=1, now=END))
    assert len(asked) == len(set(asked)) > 3


def test_more_folders_than_may_be_remembered_are_asked_for_anew(tmp_path):
    names = [f"{n:03d}/" for n in range(MOST_FOLDERS + 2)]
    for name in names:
        (tmp_path / name).mkdir()
    remembered = Remembered(FolderStore(tmp_path))
    assert list(remembered.folders()) == names
    (tmp_path / "zzz").mkdir()
    assert list(remembered.folders()) == [*names, "zzz/"]
