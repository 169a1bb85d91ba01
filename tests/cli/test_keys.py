"""`bototrail keys`: what is listed, what is given to auditors, and what never is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import boto3
import pytest
from click.testing import CliRunner
from integrity.made import public_key
from integrity.pems import pem, public_der, public_pem, secrets_in, write_private
from integrity.published import AWS_CLI, GUIDE
from moto import mock_aws

from bototrail.cli import main
from bototrail.integrity.key_files import load_public_keys
from bototrail.integrity.keys import KeyFolder, open_keys

TIME = r"\d{4}-\d\d-\d\dT\d\d:00:00Z"


def run(*arguments, given=None):
    return CliRunner().invoke(main, ["keys", *map(str, arguments)], input=given, catch_exceptions=False)


@pytest.fixture
def folder(tmp_path):
    return KeyFolder(tmp_path / "state" / "keys")  # as BOTOTRAIL_STATE of the tests has it


def test_there_is_nothing_at_first(folder):
    done = run("list")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"no keys in {folder.path}; one is made when the first digest file is signed\n"
    assert json.loads(run("list", "--format", "json").stdout) == {"PublicKeyList": []}
    done = run("export")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"expected a key to export; found none in {folder.path}; one is made" in done.stderr
    assert not folder.path.parent.exists()


def test_a_key_is_made_listed_and_followed_by_another(folder):
    first = run("rotate")
    name = first.stdout[:32]
    assert re.fullmatch(rf"{name}  signs from {TIME} on\n", first.stdout)
    head, line = run("list").stdout.splitlines()
    assert head.split("  ")[0] == "fingerprint"
    assert re.fullmatch(rf"{name}  {TIME}  {TIME}  here; signs now", line)
    second = run("rotate", "--discard").stdout[:32]
    found = {line[:32]: line.rpartition("Z  ")[2] for line in run("list").stdout.splitlines()[1:]}
    assert found == {name: "deleted", second: "here; signs now"}
    assert {kept.fingerprint: kept.here for kept in folder.kept()} == {name: False, second: True}


def test_what_is_exported_is_what_list_public_keys_prints(folder):
    run("rotate"), run("rotate")
    exported = json.loads(run("export").stdout)
    assert exported == folder.public_keys().as_json() == json.loads(run("list", "--format", "json").stdout)
    assert list(exported["PublicKeyList"][0]) == ["Value", "ValidityStartTime", "ValidityEndTime", "Fingerprint"]


def test_some_keys_are_exported_in_other_forms(folder, tmp_path):
    run("import", write(tmp_path / "a.pem", public_pem()), write(tmp_path / "b.json", json.dumps(AWS_CLI)))
    name = public_key().fingerprint
    assert run("export", "--format", "pem", name).stdout == public_pem().decode()
    assert run("export", "--format", "der", name).stdout_bytes == public_key().value
    assert [row["Fingerprint"] for row in json.loads(run("export", name).stdout)["PublicKeyList"]] == [name]
    both = run("export", "--format", "pem", AWS_CLI["Fingerprint"], name, name).stdout
    assert (both.count("BEGIN PUBLIC KEY"), both.endswith(public_pem().decode())) == (2, True)


@pytest.mark.parametrize("form", ["json", "pem", "der"])
def test_what_is_exported_into_a_file_can_be_imported(form, folder, tmp_path):
    run("rotate")
    file, name = tmp_path / f"key.{form}", folder.kept()[0].fingerprint
    assert (run("export", "--format", form, "--output", file).stdout, list(load_public_keys([file]))) == ("", [name])
    auditor = tmp_path / "auditor"
    assert run("import", "--keys", auditor, file).stdout == f"{name}  imported\n"
    assert run("import", "--keys", auditor, file).stdout == f"{name}  known already\n"
    assert run("list", "--keys", auditor).stdout.splitlines()[1].endswith("  elsewhere; imported")


def test_keys_are_imported_from_a_pipe_and_a_folder(tmp_path):
    write(tmp_path / "all" / "guide.json", json.dumps({"PublicKeyList": GUIDE}))
    done = run("import", "-", tmp_path / "all", given=json.dumps({"PublicKeyList": [AWS_CLI]}))
    names = [row["Fingerprint"] for row in (AWS_CLI, *GUIDE)]
    assert [line.split()[0] for line in done.stdout.splitlines()] == names
    listed = {line[:32]: line[34:76].split() for line in run("list").stdout.splitlines()[1:]}
    assert listed == {
        names[0]: ["2016-01-18T00:25:02Z", "2016-02-17T00:25:02Z"],
        names[1]: ["2015-07-08T01:04:01Z", "2015-08-07T01:04:01Z"],
        names[2]: ["2015-06-18T01:04:20Z", "2015-07-18T01:04:20Z"],
    }


def test_a_key_without_a_validity_is_valid_always(tmp_path):
    run("import", write(tmp_path / "key.pem", public_pem()))
    line = f"{public_key().fingerprint}  {'always':<20}  {'always':<20}  elsewhere; imported"
    assert run("list").stdout.splitlines()[1] == line


@pytest.mark.parametrize("how", ["file", "variable"])
def test_a_key_of_a_file_signs(how, folder, tmp_path, monkeypatch):
    file = write_private(tmp_path / "signing.pem", pem())
    options = ["--signing-key", file] if how == "file" else []
    if how == "variable":
        monkeypatch.setenv("BOTOTRAIL_SIGNING_KEY", pem().decode())
    assert run("rotate", *options).stdout[:32] == public_key().fingerprint
    assert run("list", *options).stdout.splitlines()[1].endswith("  in the signing key's file; signs now")
    done = run("rotate", *options)
    assert (done.exit_code, "make a new one, and give that as the signing key" in done.stderr) == (2, True)
    assert list(folder.path.glob("*.pem")) == []


def test_a_key_of_kms_signs(monkeypatch):
    with mock_aws():
        made = boto3.client("kms", "eu-central-1").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        arn = made["KeyMetadata"]["Arn"]
        monkeypatch.setenv("BOTOTRAIL_SIGNING_KEY", arn)
        assert run("rotate").exit_code == 0
    assert run("list").stdout.splitlines()[1].endswith(f"  {arn}; signs now")  # without asking KMS


def test_the_key_folder_is_that_of_the_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_KEYS", str(tmp_path / "elsewhere"))
    run("rotate")
    assert len(open_keys(tmp_path, tmp_path / "elsewhere").kept()) == 1
    assert run("list", "--keys", tmp_path / "none").stdout == ""


WRONG = [
    (["export", "x"], "found 'x'; name one of bototrail keys list"),
    (["export", "--format", "der"], "expected one key for --format der; found 2"),
    (["export", "--output", "{tmp}"], "expected a file that can be written at"),
    (["export", "--format", "xml"], "xml"),
    (["import"], "Missing argument"),
    (["import", "{tmp}/none"], "No such file"),
    (["import", "{tmp}/private.pem"], "found a private key in {tmp}/private.pem; export the public one"),
    (["import", "{tmp}/pipe"], "no ordinary file"),
    (["import", "-"], "something else in the standard input"),
    (["list", "--signing-key", "{tmp}/none.pem"], "No such file"),
    (["rotate", "--signing-key", "{tmp}/open.pem"], "chmod 600 {tmp}/open.pem"),
    (["rotate", "--signing-key", "arn:aws:s3:::x"], "expected the ARN of a key in AWS KMS"),
    (["rotate", "--keys", "{tmp}/private.pem"], "expected a key folder that can be read and written"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_use_is_told(arguments, words, folder, tmp_path):
    run("rotate"), run("rotate")
    write_private(tmp_path / "private.pem", pem())
    write_private(tmp_path / "open.pem", pem()).chmod(0o644)
    os.mkfifo(tmp_path / "pipe")
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, words.format(tmp=tmp_path) in done.stderr) == (2, True), done.stderr
    assert secrets_in(done.stdout, done.stderr) == []


def test_too_much_from_a_pipe_is_told():
    done = run("import", "-", given=b" " * (1024 * 1024) + b"{}")
    assert (done.exit_code, "more than 1048576 bytes in the standard input" in done.stderr) == (2, True)


def test_nothing_private_is_ever_printed(folder, tmp_path):
    write_private(tmp_path / "signing.pem", pem())
    run("rotate")
    (private,) = folder.path.glob("*.pem")
    lines = private.read_text().splitlines()
    options = ["--signing-key", tmp_path / "signing.pem"]
    commands = [["list"], ["list", "--format", "json"], ["export"], ["export", "--format", "pem"], ["list", *options]]
    done = [run(*command) for command in [*commands, ["rotate", *options]]]
    shown = [each.stdout + each.stderr for each in done]
    assert secrets_in(*shown) == [line for line in lines if any(line in text for text in shown)] == []


def test_a_name_of_a_file_does_not_steer_the_terminal(tmp_path):
    done = CliRunner().invoke(main, ["keys", "import", f"{tmp_path}/no\x1b[31m.pem"], color=True)
    assert (r"no\x1b[31m.pem" in done.stderr, "\x1b" in done.stderr) == (True, False)


def test_openssl_takes_what_is_exported(folder, tmp_path):
    """Auditors need nothing of ours."""
    if not any(os.access(os.path.join(path, "openssl"), os.X_OK) for path in os.environ["PATH"].split(os.pathsep)):
        pytest.skip("openssl is not installed")
    signature = folder.current(1_789_992_000.0).sign(b"an hour")
    (tmp_path / "signature").write_bytes(bytes.fromhex(signature))
    run("export", "--format", "pem", "--output", tmp_path / "key.pem")
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature"]
    done = subprocess.run(command, cwd=tmp_path, input=b"an hour", capture_output=True, check=False)
    assert done.stdout == b"Verified OK\n"


@pytest.mark.parametrize("command", ["", "list", "export", "import", "rotate"])
def test_help(command):
    done = run(*filter(None, [command]), "--help")
    assert (done.exit_code, "Usage:" in done.stdout) == (0, True)


def test_other_commands_start_without_the_package_for_keys():
    program = "import sys, bototrail.cli, bototrail.integrity.keys; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("arguments", [["rotate"], ["import", "{tmp}/key.der"]])
def test_a_package_that_is_missing_is_told(arguments, tmp_path, monkeypatch):
    (tmp_path / "key.der").write_bytes(public_der())
    for name in [name for name in sys.modules if name.startswith("cryptography.hazmat.primitives")]:
        monkeypatch.setitem(sys.modules, name, None)
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, "pip install 'bototrail[integrity]'" in done.stderr) == (2, True), done.stderr


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
