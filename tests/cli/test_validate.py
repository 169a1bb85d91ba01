"""`bototrail validate`: what it prints, its exit codes, its options."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from base64 import b64encode

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from integrity.made import CHAIN, HOUR, NOON, bucket_folder, private_key, public_key, write
from integrity.tampering import log_files

from bototrail.cli import main
from bototrail.cli.progress import Line, Progress
from bototrail.integrity.summary import Summary
from bototrail.integrity.verdicts import Verdict

UNTIL = ("--end", "2026-09-21T15:30:00Z")


@pytest.fixture
def bucket(tmp_path):
    """A good bucket, and its public key in the key folder of the state directory."""
    keys = tmp_path / "state" / "keys"
    keys.mkdir(parents=True)
    (keys / "public.der").write_bytes(public_key().value)
    bucket_folder(tmp_path / "bucket")
    return tmp_path / "bucket"


def run(*arguments):
    return CliRunner().invoke(main, ["validate", *map(str, arguments)], catch_exceptions=False)


def test_a_good_bucket(bucket):
    done = run(bucket, *UNTIL)
    assert (done.exit_code, done.stderr, done.stdout) == (
        0,
        "",
        f"""\
Validating log files in {bucket} up to 2026-09-21T15:30:00Z


Results requested for the first digest file to 2026-09-21T15:30:00Z
Results found for 2026-09-21T11:00:00Z to 2026-09-21T15:00:00Z:

4/4 digest files valid
8/8 log files valid
""",
    )


def test_a_bucket_that_was_tampered_with(bucket):
    made = bucket_folder(bucket)
    (bucket / made[1].key).unlink()
    (bucket / log_files(made[3])[0]).write_bytes(b"")
    done = run(bucket, *UNTIL, "--start", "2026-09-21T11:30:00Z")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    lost = "".join(f"Log file\t{bucket}/{key}\tINVALID: not listed in any digest file\n" for key in log_files(made[1]))
    assert (done.exit_code, done.stderr, done.stdout) == (
        1,
        "",
        f"""\
Validating log files in {bucket} between 2026-09-21T11:30:00Z and 2026-09-21T15:30:00Z

Digest file\t{bucket}/{made[1].key}\tINVALID: not found
    {made[2].key} names it
Log file\t{bucket}/{log_files(made[3])[0]}\tINVALID: hash value doesn't match
    it has {empty}
{lost}
Results requested for 2026-09-21T11:30:00Z to 2026-09-21T15:30:00Z
Results found for 2026-09-21T11:30:00Z to 2026-09-21T15:00:00Z:

3/4 digest files valid, 1/4 digest files INVALID
5/8 log files valid, 3/8 log files INVALID
""",
    )


def test_what_is_valid_is_shown_on_request(bucket):
    done = run(bucket, *UNTIL, "--verbose")
    assert (done.exit_code, done.stdout.count("\tvalid\n")) == (0, 12)


def test_other_counts_are_told(bucket):
    made = bucket_folder(bucket, chain=CHAIN._replace(region="us-east-1"))
    for each in made:
        (bucket / each.key).unlink()
    done = run(bucket, "--end", "2026-09-21T19:30:00Z")
    assert done.stdout.splitlines()[-4:] == [
        "4/4 digest files valid",
        "8/8 log files valid",
        "1 stretch of time without digest files",
        "8 log files in regions without digest files",
    ]


NO_DIGESTS = [
    ("empty", [], "name the bucket that was recorded into"),
    ("logs", [], "`bototrail digest --now`"),
    ("logs", ["--trail", "audit"], "leave out --trail"),
    ("bucket", ["--start", "2h"], "leave out --trail, --account, --region, --start"),
]


@pytest.mark.parametrize("keys", [True, False])
@pytest.mark.parametrize(("place", "options", "advice"), NO_DIGESTS)
def test_no_digests_with_what_to_do(place, options, advice, keys, bucket, tmp_path):
    (tmp_path / "empty").mkdir()
    write(tmp_path / "logs", log_files(bucket_folder(bucket)[0])[0], b"")
    if not keys and place != "bucket":  # none are asked for where there is nothing to check
        shutil.rmtree(tmp_path / "state")
    done = run(tmp_path / place, *options)
    assert (done.exit_code, done.stdout.splitlines()[-1], advice in done.stderr) == (1, "No digests found", True)


def test_no_valid_digests(bucket, tmp_path):
    pem = private_key(1).public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)
    (tmp_path / "other.pem").write_bytes(pem)
    done = run(bucket, *UNTIL, "--public-keys", tmp_path / "other.pem")
    assert (done.exit_code, "\nNo valid digests found in range\n" in done.stdout) == (1, True)


def test_without_end_the_newest_digest_must_be_there(bucket):
    done = run(bucket)
    where = f"{bucket}/{CHAIN.folder} audit"
    assert (done.exit_code, done.stdout.splitlines()[2:4]) == (
        1,
        [
            f"Digest chain\t{where}\tINVALID: no digest file since 2026-09-21T15:00:00Z",
            "    bototrail digest makes those that are due; of a trail that was stopped, say until when with --end",
        ],
    )


def test_json_is_one_document(bucket):
    made = bucket_folder(bucket)
    (bucket / log_files(made[0])[1]).unlink()
    done = run(bucket, *UNTIL, "--format", "json")
    document = json.loads(done.stdout)
    rows = document.pop("verdicts")
    assert document["summary"].pop("seconds") > 0
    assert (done.exit_code, document) == (
        1,
        {
            "location": str(bucket),
            "start": None,
            "end": "2026-09-21T15:30:00Z",
            "summary": {
                "passed": False,
                "counts": {"Digest file": {"valid": 4}, "Log file": {"valid": 7, "INVALID": 1}},
                "found": [
                    {
                        "trail": CHAIN.arn,
                        "region": "eu-central-1",
                        "start": "2026-09-21T11:00:00Z",
                        "end": "2026-09-21T15:00:00Z",
                    }
                ],
            },
        },
    )
    assert (len(rows), rows[2]) == (
        12,
        {
            "kind": "Log file",
            "location": f"{bucket}/{log_files(made[0])[1]}",
            "key": log_files(made[0])[1],
            "status": "INVALID",
            "reason": "not found",
            "detail": "",
            "backfill": False,
            "trail": CHAIN.arn,
            "region": "eu-central-1",
            "start": None,
            "end": None,
            "files": 1,
        },
    )


def test_json_lines_are_the_same(bucket):
    document = json.loads(run(bucket, *UNTIL, "--format", "json").stdout)
    first, *rows, last = map(json.loads, run(bucket, *UNTIL, "--format", "jsonl").stdout.splitlines())
    assert (rows, last["summary"]["counts"]) == (document["verdicts"], document["summary"]["counts"])
    assert first == {"location": str(bucket), "start": None, "end": "2026-09-21T15:30:00Z"}


NASTY = f"{CHAIN.folder}2026/09/21/x\x1b[2J\n\u202eDigest file\tvalid\x9b.json.gz"


@pytest.mark.parametrize("form", ["table", "json", "jsonl"])
def test_no_name_in_a_bucket_commands_the_terminal(form, bucket):
    write(bucket, NASTY, b"")
    done = run(bucket, *UNTIL, "--format", form)
    odd = {c for c in done.stdout if (ord(c) < 32 and c not in "\n\t") or ord(c) in (0x9B, 0x202E)}
    assert (done.exit_code, odd, "x\x1b" in done.stdout) == (1, set(), False)
    assert not any(line.startswith("Digest file\tvalid") for line in done.stdout.splitlines())


def test_names_beyond_the_terminals_alphabet_are_printed(bucket):
    made = bucket_folder(bucket, chain=CHAIN._replace(prefix="ночь"))
    (bucket / made[0].key).write_bytes(b"")
    code = "import sys; from bototrail.cli import main; sys.argv[0] = 'bototrail'; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", str(bucket), *UNTIL],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert (done.returncode, rb"\u043d\u043e\u0447\u044c" in done.stdout, done.stderr) == (1, True, b"")


FILTERS = [
    (["--region", "us-east-1"], 4),
    (["--account", CHAIN.account], 8),
    (["--account", "999999999999"], 0),
    (["--trail", "audit", "--region", "eu-central-1"], 4),
    (["--trail", CHAIN.arn], 4),
    (["--trail", "another"], 0),
    (["--start", "2026-09-21T14:30:00Z"], 2),
    (["--jobs", "1"], 8),
]


@pytest.mark.parametrize(("options", "digests"), FILTERS)
def test_filters(options, digests, bucket):
    bucket_folder(bucket, chain=CHAIN._replace(region="us-east-1", home="us-east-1"))
    done = run(bucket, *UNTIL, *options)
    said = f"\n{digests}/{digests} digest files valid\n" if digests else "\nNo digests found\n"
    assert (said in done.stdout, done.exit_code) == (True, 0 if digests else 1), done.stdout


def test_keys_as_the_aws_cli_lists_them(bucket, tmp_path):
    key = public_key()
    row = {
        "Value": b64encode(key.value).decode(),
        "ValidityStartTime": NOON - HOUR,
        "ValidityEndTime": NOON + 2 * HOUR,
        "Fingerprint": key.fingerprint,
    }
    (tmp_path / "keys.json").write_text(json.dumps({"PublicKeyList": [row]}))
    done = run(bucket, *UNTIL, "--public-keys", tmp_path / "keys.json")
    assert (done.exit_code, done.stdout.count("INVALID: public key was not valid at that time")) == (1, 1)


def test_cloudtrail_is_asked_for_keys_on_request(bucket, monkeypatch, client):
    from border import answer

    from bototrail.integrity import aws_keys

    def cloudtrail(region):
        made = client("cloudtrail", region)
        answer(made, (400, b'{"__type": "AccessDeniedException", "Message": "no\\nrow"}'))
        return made

    monkeypatch.setattr(aws_keys.AwsKeys.__init__, "__defaults__", (cloudtrail,))
    done = run(bucket, *UNTIL, "--public-keys", "aws")
    assert (done.exit_code, done.stdout.count("INVALID: public key not found in region eu-central-1 for")) == (1, 4)
    [line] = done.stderr.splitlines()
    assert line.startswith("CloudTrail in eu-central-1 gave no public keys: "), line
    assert line.endswith("no row; name them with --public-keys, or correct that")


WRONG = [
    (["{tmp}/nothing"], "nothing there"),
    ([], "Missing argument"),
    (["{tmp}/bucket", "--trail", "a b"], "expected a trail's name or ARN for --trail"),
    (["{tmp}/bucket", "--trail", "arn:aws:s3:::bucket"], "expected a trail's name or ARN for --trail"),
    (["{tmp}/bucket", "--account", "1"], "expected 12 digits"),
    (["{tmp}/bucket", "--region", "../x"], "expected a region"),
    (["{tmp}/bucket", "--start", "soon"], "expected a moment"),
    (["{tmp}/bucket", "--start", "1h", "--end", "2h"], "expected a --start before the --end"),
    (["{tmp}/bucket", "--start", "2999-01-01"], "expected a --start before the --end"),
    (["{tmp}/bucket", "--format", "xml"], "xml"),
    (["{tmp}/bucket", "--jobs", "0"], "jobs"),
    (["{tmp}/bucket", "--public-keys", "{tmp}/nothing"], "nothing"),
    (["{tmp}/bucket", "--public-keys", "{tmp}/bucket"], "public keys to validate with"),
    (["{tmp}/bucket", "--state", "{tmp}/new"], "none in"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_use_is_told(arguments, words, bucket, tmp_path):
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, words in " ".join(done.stderr.split())) == (2, True), done.stderr


class Terminal(io.StringIO):
    def isatty(self):
        return True


def verdict(hours: float, status: str = "valid") -> Verdict:
    return Verdict("Digest file", "", "", status, chain=CHAIN, start=NOON + (hours - 1) * HOUR, end=NOON + hours * HOUR)


def test_progress_is_drawn_on_a_terminal_and_taken_away(monkeypatch):
    time = [0.0]
    monkeypatch.setattr("bototrail.cli.progress.monotonic", lambda: time[0])
    out, summary = Terminal(), Summary()
    with Line(out) as line:
        progress = Progress(line, NOON + 3 * HOUR)
        for hours in range(4):
            summary.add(verdict(hours))
            progress.show(verdict(hours), summary)
            time[0] += 0.3
    # 79 columns of the 80 that a terminal of unknown width has
    first = f"[{'#' * 18}{'-' * 6}] 3 digest files, 0 log files, 0 INVALID  audit eu-cen"
    then = f"[{'#' * 24}] 4 digest files, 0 log files, 0 INVALID  audit eu-cen"
    assert out.getvalue() == f"\r\x1b[K{first}\r\x1b[K{then}\r\x1b[K"


def test_no_progress_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr("bototrail.cli.progress._AFTER", 0.0)
    out = io.StringIO()
    with Line(out) as line:
        Progress(line, NOON).show(verdict(0), Summary())
    assert out.getvalue() == ""


def test_a_folder_is_validated_without_aws_or_what_shows_tables(bucket):
    code = (
        "import sys; from bototrail.cli import main\n"
        f"try: main(['validate', {str(bucket)!r}, '--end', '2026-09-21T15:30:00Z'])\n"
        "except SystemExit as e: code = e.code\n"
        "print(code, sorted({'boto3', 'botocore.client', 'rich', 's3fs', 'fsspec', 'asyncio'} & set(sys.modules)))"
    )
    env = {k: v for k, v in os.environ.items() if k != "BOTOTRAIL"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_reader_who_goes_away_is_told_nothing_good(bucket):
    """A pipe that is closed early must not turn an unfinished check into a good one."""
    read, wrote = os.pipe()
    os.close(read)
    code = "import sys; from bototrail.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "validate", str(bucket), *UNTIL]
    done = subprocess.run(command, stdout=wrote, stderr=subprocess.PIPE, check=False)
    os.close(wrote)
    assert (done.returncode, done.stderr) == (1, b"")


def test_without_a_standard_output_the_exit_code_tells(bucket, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as ended:
        main(["validate", str(bucket), *UNTIL])
    assert ended.value.code == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_an_output_that_cannot_be_written_is_told(bucket):
    code = "import sys; from bototrail.cli import main; main(sys.argv[1:])"
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-c", code, "validate", str(bucket), *UNTIL]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr.startswith("Error: expected an output that can be written; found No space left on device")


def test_ctrl_c_is_no_verdict(bucket, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("bototrail.cli.validate.verdicts_on", interrupted)
    done = run(bucket)
    assert (done.exit_code, done.stderr) == (130, "interrupted\n")
