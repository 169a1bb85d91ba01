"""The real AWS CLI, version 1 from PyPI, against `bototrail serve` over a folder, and the commands of its page."""

from __future__ import annotations

import gzip
import json
import re
import signal
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from integrity.made import BUCKET, CHAIN, NOON, bucket_folder, digest, public_key, write
from servers import free_ports
from support import Place, script

PAGE = (Path(__file__).parent.parent / "docs" / "endpoint.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SINCE = ("--start-time", "2026-09-21T00:00:00Z")

pytestmark = pytest.mark.skipif(not find_spec("awscli"), reason="the AWS CLI is not installed, see `integration`")


@pytest.fixture
def place(tmp_path):
    """A place from which there is no way to AWS, nor to anything that stands for it."""
    made = Place(tmp_path, "http://127.0.0.1:1")
    (tmp_path / "key.der").write_bytes(public_key().value)
    yield made
    made.end()


TRAILS = """\
# kept by hand
[buckets]
company-logs = "./audit"  # a folder

[[trailList]]
Name = "all"
S3BucketName = "company-logs"
HomeRegion = "eu-central-1"
"""


@contextmanager
def serving(place, *arguments, lines=4):
    """Clients find the endpoint while this lasts, which ends as SIGINT ends it."""
    process = place.start(script("bototrail"), "serve", "--port", "0", "--public-keys", "key.der", *arguments)
    said = [process.stdout.readline() for _ in range(lines)]
    assert said[-1], process.communicate()
    names = re.findall(r"(AWS_ENDPOINT_URL_\w+)=(\S+)", "".join(said))
    place.environ |= dict(names)
    yield said
    process.send_signal(signal.SIGINT)
    assert (process.wait(30), process.stderr.read()) == (0, "")


def aws(place, *words, code=0):
    return place.run(script("aws"), *words, "--region", CHAIN.region, code=code)


def validate(place, *words, code=0):
    done = aws(place, "cloudtrail", "validate-logs", "--trail-arn", CHAIN.arn, *SINCE, *words, code=code)
    return done.stdout + done.stderr


def test_a_folder_is_valid(place):
    made = bucket_folder(place.bucket, 4)
    late = digest([], NOON, None, backfill=True)
    write(place.bucket, late.key, late.body)
    with serving(place, "--bucket", "bucket"):
        said = validate(place, "--verbose")
    for each in made:
        assert f"Digest file\ts3://{BUCKET}/{each.key}\tvalid\n" in said
    assert f"(backfill) Digest file\ts3://{BUCKET}/{late.key}\tvalid\n" in said
    assert said.count("Log file\t") == 8
    assert said.rstrip().endswith(
        "4/4 digest files valid\n1/1 backfill digest files valid\n8/8 log files valid",
    )


def test_a_folder_that_was_tampered_with(place):
    made = bucket_folder(place.bucket, 4)
    changed, gone = sorted(place.bucket.rglob("*_CloudTrail_*"))[:2]
    changed.write_bytes(gzip.compress(b'{"Records":[]}'))
    gone.unlink()
    write(place.bucket, made[1].key, made[2].body)
    with serving(place, "--bucket", "bucket"):
        said = validate(place, code=1)
    assert f"{changed.name}\tINVALID: hash value doesn't match" in said
    assert f"{gone.name}\tINVALID: not found" in said
    assert f"{made[1].key}\tINVALID: has been moved from its original location" in said
    assert "3/4 digest files valid, 1/4 digest files INVALID\n4/6 log files valid, 2/6 log files INVALID" in said


def test_another_key_makes_nothing_valid(place):
    bucket_folder(place.bucket, 1)
    (place.folder / "key.der").write_bytes(public_key(1).value)
    with serving(place, "--bucket", "bucket"):
        assert "INVALID: public key not found in region eu-central-1 for fingerprint" in validate(place, code=1)


def test_a_prefix_and_another_region_are_found(place):
    chain = CHAIN._replace(prefix="a/b", region="us-east-1")
    bucket_folder(place.bucket, 2, chain=chain)
    with serving(place, "--bucket", "bucket"):
        done = place.run(
            *(script("aws"), "cloudtrail", "validate-logs", "--trail-arn", chain.arn, *SINCE, "--region", "us-east-1")
        )
    assert "2/2 digest files valid\n4/4 log files valid" in done.stdout


def test_an_organization(place):
    chain = CHAIN._replace(organization="o-exampleorgid")
    bucket_folder(place.bucket, 2, chain=chain)
    with serving(place, "--bucket", "bucket", lines=5):
        assert "2/2 digest files valid\n4/4 log files valid" in validate(place, "--account-id", chain.account)


def test_the_other_answers(place):
    bucket_folder(place.bucket, 2)
    with serving(place, "--bucket", "bucket"):
        (trail,) = json.loads(aws(place, "cloudtrail", "describe-trails").stdout)["trailList"]
        assert json.loads(aws(place, "cloudtrail", "get-trail", "--name", "audit").stdout) == {"Trail": trail}
        assert (trail["TrailARN"], trail["S3BucketName"]) == (CHAIN.arn, BUCKET)
        status = json.loads(aws(place, "cloudtrail", "get-trail-status", "--name", "audit").stdout)
        assert status == {"IsLogging": False, "LatestDigestDeliveryTime": NOON + 3600}
        (key,) = json.loads(aws(place, "cloudtrail", "list-public-keys").stdout)["PublicKeyList"]
        assert key["Fingerprint"] == public_key().fingerprint
        unknown = aws(place, "cloudtrail", "get-trail", "--name", "nobody", code=None)
    assert "(TrailNotFoundException)" in unknown.stderr


def test_a_bucket_in_s3_below_a_prefix(place, moto):
    """The endpoint stands before another server, which has no ListPublicKeys."""
    chain = CHAIN._replace(prefix="below")
    made = {each.key: each for each in bucket_folder(place.folder / "made", 2, chain=chain)}
    s3 = moto.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for path in (p for p in (place.folder / "made").rglob("*") if p.is_file()):
        key = str(path.relative_to(place.folder / "made"))
        s3.put_object(
            Bucket=BUCKET, Key=key, Body=path.read_bytes(), Metadata=made[key].metadata if key in made else {}
        )
    with serving(place, "--bucket", f"s3://{BUCKET}/below?endpoint_url={moto.url}"):
        said = validate(place, "--verbose")
        assert "2/2 digest files valid\n4/4 log files valid" in said
        listed = aws(place, "s3", "ls", "--recursive", f"s3://{BUCKET}").stdout.split()
        assert sorted(listed[3::4]) == sorted(row["Key"] for row in s3.list_objects(Bucket=BUCKET)["Contents"])


def test_the_page(place):
    """What it prints is run as it stands, apart from the installation and the port."""
    bucket_folder(place.folder / "audit", 2)
    (port,) = free_ports(1)
    start, check, more, *_ = (text.replace("8390", str(port)) for text in BLOCKS)
    serve = start.splitlines()[-1]
    assert serve == "bototrail serve --bucket ./audit"
    process = place.start(*serve.split(), "--port", port, "--public-keys", "key.der")
    said = [process.stdout.readline() for _ in range(4)]
    assert said[1] == check.splitlines(keepends=True)[0]
    assert f"{said[3].rstrip()} --verbose" == check.splitlines()[2]
    done = place.run("bash", "-euc", check)
    assert "2/2 digest files valid\n4/4 log files valid" in done.stdout
    place.run("bash", "-euc", f"{check.splitlines()[0]}\n{more}")
    assert len(list(place.folder.glob("copy/**/*.json.gz"))) == 6


def test_the_life_of_a_trail(place, moto):
    """From its creation in a file that is kept by hand, over what is recorded for it, to its end."""
    file = place.program(TRAILS, "trails.toml")

    def cloudtrail(*words, **options):
        done = aws(place, "cloudtrail", *words, **options)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def record():
        source = "import boto3; boto3.client('sts').get_caller_identity()"
        place.run(sys.executable, "-c", source, BOTOTRAIL_TRAILS="trails.toml", AWS_ENDPOINT_URL=moto.url)
        return sorted({path.relative_to(place.folder / "audit").parts[0] for path in place.folder.rglob("*.json.gz")})

    with serving(place, "--trails", "trails.toml"):
        where = ("--s3-bucket-name", "company-logs", "--s3-key-prefix", "w", "--is-multi-region-trail")
        made = cloudtrail("create-trail", "--name", "writes", *where, "--tags-list", "Key=team,Value=x")
        arn = made["TrailARN"]
        assert (made["S3KeyPrefix"], arn) == ("w", "arn:aws:cloudtrail:eu-central-1:000000000000:trail/writes")
        assert record() == []  # the other one is of another region
        assert cloudtrail("get-trail-status", "--name", "writes") == {"IsLogging": False}
        basic = "ReadWriteType=ReadOnly,IncludeManagementEvents=true"
        put = cloudtrail("put-event-selectors", "--trail-name", "writes", "--event-selectors", basic)
        assert put["EventSelectors"] == [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}]
        assert cloudtrail("get-event-selectors", "--trail-name", "writes") == put
        cloudtrail("start-logging", "--name", arn)
        assert record() == ["w"]
        status = cloudtrail("get-trail-status", "--name", "writes")
        assert (status["IsLogging"], "LatestDeliveryTime" in status) == (True, True)
        cloudtrail("add-tags", "--resource-id", arn, "--tags-list", "Key=cost,Value=1")
        (row,) = cloudtrail("list-tags", "--resource-id-list", arn)["ResourceTagList"]
        assert row["TagsList"] == [{"Key": "team", "Value": "x"}, {"Key": "cost", "Value": "1"}]
        assert cloudtrail("update-trail", "--name", "writes", "--s3-key-prefix", "v")["S3KeyPrefix"] == "v"
        cloudtrail("stop-logging", "--name", "writes")
        assert record() == ["w"]
        assert cloudtrail("get-trail-status", "--name", "writes")["StopLoggingTime"] >= status["StartLoggingTime"]
        assert [trail["Name"] for trail in cloudtrail("list-trails")["Trails"]] == ["all", "writes"]
        cloudtrail("delete-trail", "--name", "writes")
        gone = aws(place, "cloudtrail", "delete-trail", "--name", "writes", code=None)
    assert "(TrailNotFoundException)" in gone.stderr
    assert file.read_text() == TRAILS


def test_the_page_on_trails(place):
    """Its commands as they stand, but for the port."""
    file = place.program(f"trailList = []\n\n{TRAILS.partition('[[')[0].rstrip()}\n", "trails.toml")
    before = file.read_text()
    with serving(place, "--trails", "trails.toml") as said:
        url = re.search(r"http://[^;]+", said[0])[0]
        place.run("bash", "-euc", BLOCKS[-1].replace("http://127.0.0.1:8390", url))
    assert file.read_text() == before
    with serving(place, "--trails", "trails.toml", "--read-only"):
        refused = aws(place, "cloudtrail", "create-trail", "--name", "new", "--s3-bucket-name", "logs", code=None)
    assert "(OperationNotPermittedException)" in refused.stderr
