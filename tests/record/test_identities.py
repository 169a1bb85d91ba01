"""The book of identities: what is better known wins, and it does not grow for ever."""

import threading
from dataclasses import replace

import pytest

from bototrail.record.identity import Identities, Identity, Issuer, from_caller

ACCOUNT = "123456789012"
BEGIN = "2026-03-01T12:00:00Z"
ALICE = Identity("IAMUser", "AIDAX", f"arn:aws:iam::{ACCOUNT}:user/alice", ACCOUNT, "AKIAOLD", "alice")


def test_the_book_answers_for_keys_it_knows():
    book = Identities()
    assert book.put("AKIAX", ALICE) is True
    assert book.put("AKIAX", ALICE) is False
    assert (book.get("AKIAX"), book.get("AKIAY"), book.get(None)) == (ALICE, None, None)
    assert book.known() == {"AKIAX": ALICE}


BARE = Identity("Unknown", account_id=ACCOUNT, access_key_id="AKIAOLD")
NAMED = Identity("IAMUser", account_id=ACCOUNT, access_key_id="AKIAOLD", user_name="alice")
SHORT = from_caller(f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly", "AROAX:nightly", ACCOUNT, "ASIANEW")
FULL = replace(
    SHORT,
    issuer=Issuer("Role", "AROAX", f"arn:aws:iam::{ACCOUNT}:role/service/deploy", ACCOUNT, "deploy"),
    creation_date=BEGIN,
    mfa_authenticated="false",
)
OTHER = Identity("IAMUser", "AIDAY", f"arn:aws:iam::{ACCOUNT}:user/bob", ACCOUNT, "AKIAOLD", "bob")
BEGUN = Identity("Unknown", account_id=ACCOUNT, creation_date=BEGIN, mfa_authenticated="true")
ELSEWHERE = Identity("Unknown", account_id="111122223333", creation_date=BEGIN)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(BARE, ALICE, ALICE, id="an ARN wins"),
        pytest.param(ALICE, BARE, ALICE, id="an ARN stays"),
        pytest.param(BARE, NAMED, NAMED, id="a name wins over a bare key"),
        pytest.param(NAMED, ALICE, ALICE, id="an ARN wins over a name"),
        pytest.param(SHORT, FULL, FULL, id="the role's path wins"),
        pytest.param(FULL, SHORT, FULL, id="the role's path stays"),
        pytest.param(ALICE, OTHER, OTHER, id="a key that changed hands"),
        pytest.param(
            BEGUN,
            ALICE,
            replace(ALICE, creation_date=BEGIN, mfa_authenticated="true"),
            id="what only the first knew is kept",
        ),
        pytest.param(ELSEWHERE, ALICE, ALICE, id="but not of another account"),
    ],
)
def test_the_better_known_identity_is_kept(first, second, kept):
    book = Identities()
    book.put("KEY", first)
    book.put("KEY", second)
    assert book.get("KEY") == kept


def test_the_book_has_a_bound_and_forgets_temporary_keys_first():
    book = Identities(limit=10)
    book.put("AKIAX", ALICE)
    for number in range(1000):
        book.put(f"ASIA{number}", ALICE)
    known = book.known()
    assert len(known) <= 10
    assert {"AKIAX", "ASIA999"} <= set(known)


def test_many_threads_write_one_book():
    book = Identities(limit=50)
    troubles = []

    def work(name):
        try:
            for number in range(2000):
                book.put(f"ASIA{name}{number}", ALICE)
                book.get(f"ASIA{number}")
                book.known()
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(book.known()) <= 54
