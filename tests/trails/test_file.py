"""Trails files: TOML, JSON, what aws cloudtrail prints, where trails go, and files that are broken."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bototrail.errors import ConfigError, TrailsFileError
from bototrail.trails import Trail
from bototrail.trails.file import load_trails
from bototrail.trails.shapes import trail_shapes

ARN = "arn:aws:cloudtrail:us-east-2:123456789012:trail/my-trail"
# As `aws cloudtrail describe-trails` and `get-event-selectors` print them in the user guide.
DESCRIBED = {
    "trailList": [
        {
            "Name": "my-trail",
            "S3BucketName": "my-bucket",
            "S3KeyPrefix": "my-prefix",
            "SnsTopicName": "arn:aws:sns:us-east-2:123456789012:my-topic",
            "SnsTopicARN": "arn:aws:sns:us-east-2:123456789012:my-topic",
            "IncludeGlobalServiceEvents": True,
            "IsMultiRegionTrail": True,
            "HomeRegion": "us-east-2",
            "TrailARN": ARN,
            "LogFileValidationEnabled": True,
            "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-2:123456789012:log-group:CloudTrail:*",
            "CloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/CloudTrail_CloudWatchLogs_Role",
            "KmsKeyId": "arn:aws:kms:us-east-2:123456789012:key/12345678-1234-1234-1234-123456789012",
            "HasCustomEventSelectors": True,
            "HasInsightSelectors": True,
            "IsOrganizationTrail": False,
        }
    ]
}
SELECTORS = {
    "TrailARN": ARN,
    "EventSelectors": [
        {
            "ReadWriteType": "All",
            "IncludeManagementEvents": True,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::amzn-s3-demo-bucket/"]}],
            "ExcludeManagementEventSources": [],
        }
    ],
}
INSIGHTS = {"TrailARN": ARN, "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}]}
TAGS = {
    "ResourceTagList": [
        {
            "ResourceId": ARN,
            "TagsList": [{"Key": "team", "Value": "x"}, {"Key": "aws:cloudformation:stack-name", "Value": "y"}],
        }
    ]
}


@pytest.fixture
def write(tmp_path):
    def written(text, name="trails.toml"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return written


@pytest.fixture
def paste(write):
    def pasted(*documents):
        return write("\n".join(json.dumps(document, indent=4) for document in documents), "trails.json")

    return pasted


def one(file, environ=()):
    (trail,) = load_trails(file, dict(environ)).trails
    return trail


def parts(location):
    path, _, query = location.partition("?")
    return path, dict(parse_qsl(query))


HEAD = '[[trailList]]\nName = "trail"\nS3BucketName = "bucket"\nHomeRegion = "eu-west-1"\n'


def test_defaults_are_those_of_the_api(write):
    trail = one(write(HEAD))
    bucket = "s3://bucket?ACL=bucket-owner-full-control"
    expected = Trail("trail", bucket, "bucket", HomeRegion="eu-west-1", IsMultiRegionTrail=False)
    assert trail.__dict__ == expected.__dict__
    assert Trail.from_dict(trail.to_dict()).__dict__ == trail.__dict__


def test_pasted_documents_become_one_trail(paste):
    loaded = load_trails(paste(TAGS, SELECTORS, DESCRIBED, INSIGHTS), {})
    (trail,) = loaded.trails
    assert loaded.notes == ()
    told = DESCRIBED["trailList"][0]
    same = [name for name in told if name in Trail.__dataclass_fields__]
    assert {name: getattr(trail, name) for name in same} == {name: told[name] for name in same}
    assert (trail.EnableLogFileValidation, trail.TagsList) == (True, ({"Key": "team", "Value": "x"},))
    assert trail.EventSelectors == tuple(SELECTORS["EventSelectors"])
    assert trail.InsightSelectors == tuple(INSIGHTS["InsightSelectors"])


OTHER_FORMS = [
    [{"Trail": DESCRIBED["trailList"][0]}, SELECTORS, INSIGHTS],  # get-trail
    [DESCRIBED, DESCRIBED["trailList"][0], SELECTORS, INSIGHTS],  # create-trail, after describe-trails
    [DESCRIBED, {**SELECTORS, "TrailARN": None, "TrailName": "my-trail"}, INSIGHTS],  # put-event-selectors' input
    [DESCRIBED["trailList"], SELECTORS, INSIGHTS],  # --query trailList
    [{**DESCRIBED, "ResponseMetadata": {"RetryAttempts": 0}}, SELECTORS, INSIGHTS],  # boto3's answer
    [{**DESCRIBED, "buckets": {"my-bucket": "s3://my-bucket"}}, SELECTORS, INSIGHTS],
    # before put-event-selectors, and after
    [{"Trail": {**DESCRIBED["trailList"][0], "HasCustomEventSelectors": False}}, DESCRIBED, SELECTORS, INSIGHTS],
]


@pytest.mark.parametrize("documents", OTHER_FORMS, ids=range(len(OTHER_FORMS)))
def test_other_forms_say_the_same(documents, paste):
    if documents[1].get("TrailARN", ARN) is None:
        documents = [documents[0], {k: v for k, v in documents[1].items() if v is not None}, *documents[2:]]
    assert one(paste(*documents)).__dict__ == one(paste(DESCRIBED, SELECTORS, INSIGHTS)).__dict__


def test_an_organization_is_taken_from_what_organizations_prints(paste):
    described = {"trailList": [{**DESCRIBED["trailList"][0], "IsOrganizationTrail": True}]}
    organization = {"Organization": {"Id": "o-exampleorgid", "Arn": "arn:aws:organizations::1:organization/o-x"}}
    assert one(paste(organization, described, SELECTORS, INSIGHTS)).OrganizationId == "o-exampleorgid"


def test_documents_may_stand_between_commas(tmp_path):
    (tmp_path / "t.json").write_text(",\n".join(map(json.dumps, [DESCRIBED, SELECTORS, INSIGHTS])))
    assert one(tmp_path / "t.json").EventSelectors == tuple(SELECTORS["EventSelectors"])


PASTED_BADLY = [
    # documents, code, words
    ([SELECTORS], "TrailNotFoundException", f"Unknown trail: {ARN} for the user: 123456789012"),
    ([DESCRIBED, {**SELECTORS, "TrailARN": ARN + "s"}], "TrailNotFoundException", f"did you mean {ARN}?"),
    ([DESCRIBED, {"TrailName": "other", "EventSelectors": []}], "TrailNotFoundException", "describe-trails"),
    ([DESCRIBED, {"EventSelectors": []}], "TrailNotFoundException", "found None"),
    ([DESCRIBED, {"ResourceId": ARN[:-2], "TagsList": []}], "TrailNotFoundException", "did you mean"),
    ([DESCRIBED, SELECTORS, {**SELECTORS, "EventSelectors": [{}]}], "InvalidParameterCombinationException", "one and"),
    ([DESCRIBED, {**DESCRIBED["trailList"][0], "KmsKeyId": "alias/x"}], "InvalidParameterCombinationException", "Kms"),
    ([DESCRIBED, {**INSIGHTS, "InsightsDestination": "x"}], "ParamValidationError", "event data stores"),
    ([{"Trails": [{"Name": "x"}]}], "ParamValidationError", "did you mean Trail?"),
    (
        [{"trailList": [{**DESCRIBED["trailList"][0], "TrailARN": ARN.replace("1234", "9999")}]}, DESCRIBED],
        "TrailAlreadyExistsException",
        "TrailAlreadyExistsException: expected each Name once",
    ),
    ([{"trailList": {}}], "ParamValidationError", "a list of trails"),
    ([["x"]], "ParamValidationError", "a table for a trail"),
    (["x"], "ParamValidationError", "an object"),
    ([{"buckets": []}], "ParamValidationError", "a table of bucket names"),
    ([], "TrailNotProvidedException", "at least one trail"),
    ([{"trailList": [{**DESCRIBED["trailList"][0], "Name": "\ud800"}]}], "UnicodeDecodeError", "surrogate"),
]


def test_a_list_without_trails_is_one(paste, write):
    for file, line in ((paste({"trailList": []}, {"buckets": {}}), 2), (write("trailList = []"), 1)):
        loaded = load_trails(file, {})
        assert (loaded.trails, loaded.notes) == ((), (f"{file}:{line}: no trails: nothing is recorded",))


def test_a_stopped_trail_is_noted(write):
    for line, logs, notes in (("", True, 0), ("IsLogging = true", True, 0), ("IsLogging = false", False, 1)):
        loaded = load_trails(write(f"{HEAD}{line}\n"), {})
        assert (loaded.trails[0].IsLogging, len(loaded.notes)) == (logs, notes)
    assert loaded.notes == (
        f"{loaded.path}:5: trail trail is stopped and takes no records: write IsLogging true, or leave it out",
    )


@pytest.mark.parametrize(("documents", "code", "words"), PASTED_BADLY)
def test_documents_that_do_not_fit_are_told(documents, code, words, paste):
    with pytest.raises(TrailsFileError) as caught:
        load_trails(paste(*documents), {})
    assert code in [error.code for error in caught.value.errors], str(caught.value)
    assert words in str(caught.value)


BROKEN = [
    # name, bytes, line, code, words
    ("t.toml", b"a = 1\nb = \n", 2, "TOMLDecodeError", "Invalid value in column 5"),
    ("t.toml", b"a = 1\n\na = 2\n", 3, "TOMLDecodeError", "Cannot overwrite a value in column 6"),
    ("t.toml", b"a = 1\nb = [1,", 2, "TOMLDecodeError", "expected TOML; found"),
    ("t.toml", b"a = " + b"[" * 90_000, 1, "TOMLDecodeError", "too many brackets"),
    ("t.json", b'{"a": 1}\n{"b" 2}', 2, "JSONDecodeError", "Expecting ':' delimiter in column 6"),
    ("t.json", b'{"buckets": {"a": "./a",\n"a": "./b"}}', 2, "JSONDecodeError", "the first is in line 1"),
    ("t.json", b'{"a": NaN}', 1, "JSONDecodeError", "NaN"),
    ("t.json", b"[" * 200_000, 1, "JSONDecodeError", "too many brackets"),
    ("t.json", b'{"a":' + b"1" * 5000 + b"}", 1, "JSONDecodeError", "4300"),
    ("t.toml", b"a = 1\nb = '\xff'\n", 2, "UnicodeDecodeError", "byte 0xff"),
    ("t.toml", b"", 1, "TrailNotProvidedException", "at least one trail"),
    ("t.toml", b"# only a remark\n", 1, "TrailNotProvidedException", "describe-trails"),
    ("t.json", b"", 1, "TrailNotProvidedException", "at least one trail"),
    ("t", b'{"trailList": [}', 1, "JSONDecodeError", "column"),
]


@pytest.mark.parametrize(("name", "raw", "line", "code", "words"), BROKEN)
def test_a_broken_file_is_told_with_its_line(name, raw, line, code, words, tmp_path):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(TrailsFileError) as caught:
        load_trails(tmp_path / name)
    error = caught.value.errors[0]
    assert (error.line, error.code, words in str(error)) == (line, code, True), str(error)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nowhere.toml", "FileNotFoundError"),
        (".", "IsADirectoryError"),
        ("a\0b", "ValueError"),
        ("~no-one/x", "FileError"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(path, code, tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_trails(path if path.startswith("~") else f"{tmp_path}/{path}")
    assert [(error.line, error.code) for error in caught.value.errors] == [(0, code)]


def test_a_file_without_end_is_told(tmp_path):
    (tmp_path / "large.toml").write_bytes(b"#" * 10_000_001)
    for path in (tmp_path / "large.toml", "/dev/zero"):
        with pytest.raises(TrailsFileError, match="at most 10000000 bytes"):
            load_trails(path)


def test_many_faults_are_told_soon(paste):
    trails = [{"Name": f"trail-{n}", "S3BucketName": "B"} for n in range(4000)]
    before = time.monotonic()
    with pytest.raises(TrailsFileError) as caught:
        load_trails(paste({"trailList": trails}))
    assert len(caught.value.errors) > 4000
    assert time.monotonic() - before < 10, "it was half a minute"


@pytest.mark.parametrize(
    "trail",
    [
        {"TrailARN": f"arn:aws:cloudtrail:us-east-1:111122223333:trail/{'b' * 99_999}"},
        {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "a" * 999, "Equals": ["x"]}] * 2}]},
        {"delivery": {"k" * 99_999: "x"}},
    ],
)
def test_messages_are_bounded(trail, paste):
    with pytest.raises(TrailsFileError) as caught:
        load_trails(paste({"trailList": [{"Name": "trail", "S3BucketName": "bucket", **trail}]}))
    assert max(len(str(error)) for error in caught.value.errors) < 4000


def test_windows_files_are_read(tmp_path):
    (tmp_path / "t.toml").write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert one(tmp_path / "t.toml").Name == "trail"


PLACES = [
    # what stands for the bucket, path, options; {base} is the file's folder
    (None, "s3://bucket", {"ACL": "bucket-owner-full-control"}),
    ("'s3://other/below/'", "s3://other/below/", {"ACL": "bucket-owner-full-control"}),
    ("{ ACL = '', region_name = 'eu-west-1' }", "s3://bucket", {"region_name": "eu-west-1"}),
    ("'s3://b?ACL=private&KmsKeyId=k'", "s3://b", {"ACL": "private", "KmsKeyId": "k"}),
    ("{ location = 's3://b?region_name=x', region_name = 'y', ACL = '' }", "s3://b", {"region_name": "y"}),
    ("{ ACL = '', Tagging = { a = 'b c', d = '&' } }", "s3://bucket", {"Tagging": "a=b+c&d=%26"}),
    ("{ ACL = '', Tagging = 'a=b&c=d' }", "s3://bucket", {"Tagging": "a=b&c=d"}),
    ("{ ACL = '', credentials_file = 'keys' }", "s3://bucket", {"credentials_file": "{base}/keys"}),
    ("'S3://other'", "s3://other", {"ACL": "bucket-owner-full-control"}),
    ("'./audit'", "{base}/audit", {}),
    ("'~/audit'", "{home}/audit", {}),
    ("'/var/audit'", "/var/audit", {}),
    ("'file:///var/audit'", "/var/audit", {}),
    ("'memory://audit'", "memory://audit", {}),
]


@pytest.mark.parametrize(("bucket", "path", "options"), PLACES)
def test_a_bucket_is_where_the_file_says(bucket, path, options, write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    location = one(write(HEAD + (f"[buckets]\nbucket = {bucket}" if bucket else ""))).bucket
    known = {"base": str(tmp_path), "home": str(tmp_path / "home")}
    found = parts(location) if location.startswith("s3:") else (location, {})
    assert found == (path.format(**known), {name: value.format(**known) for name, value in options.items()})


@pytest.mark.parametrize("prefix", ["a b/c?d#e%", "../x", "/x", "x/"])
def test_a_prefix_in_s3_is_as_it_is_written(prefix, write):
    trail = one(write(HEAD + f"S3KeyPrefix = '{prefix}'"))
    assert (trail.S3KeyPrefix, parts(trail.bucket)[0]) == (prefix, "s3://bucket")


def test_a_trails_own_options_come_before_the_buckets_and_these_before_common_ones(write):
    text = """
        KmsKeyId = "alias/trail"
        [trailList.delivery]
        region_name = "common"
        profile_name = "common"
        endpoint_url = "http://common"
        [trailList.delivery.s3]
        region_name = "own"
        ACL = ""
        [buckets.bucket]
        region_name = "bucket"
        profile_name = "bucket"
        KmsKeyId = "alias/bucket"
    """
    trail = one(write(HEAD + text))
    expected = {
        "region_name": "own",
        "profile_name": "bucket",
        "endpoint_url": "http://common",
        "KmsKeyId": "alias/trail",
    }
    assert parts(trail.bucket) == ("s3://bucket", expected)
    assert trail.delivery["s3"] == {"region_name": "own", "ACL": ""}


def test_credentials_files_are_found_beside_the_trails_file(write, tmp_path):
    text = "[trailList.delivery]\ncredentials_file = 'a'\n[trailList.delivery.logs]\ncredentials_file = '/b'\n"
    expected = {"credentials_file": f"{tmp_path}/a", "logs": {"credentials_file": "/b"}}
    assert one(write(HEAD + text)).delivery == expected


HOMES = [
    # fields, environment, home region, whether it is noted
    ('HomeRegion = "eu-west-1"', {"AWS_REGION": "x-y-1"}, "eu-west-1", False),
    ('TrailARN = "arn:aws:cloudtrail:eu-west-2:111122223333:trail/trail"', {"AWS_REGION": "x-y-1"}, "eu-west-2", False),
    ("", {"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "x-y-1"}, "eu-west-3", True),
    ("", {"AWS_DEFAULT_REGION": "eu-north-1"}, "eu-north-1", True),
    ("", {}, "us-east-1", True),
    ("IsMultiRegionTrail = true", {"AWS_REGION": "eu-west-3"}, "eu-west-3", False),
]


@pytest.mark.parametrize(("fields", "environ", "home", "noted"), HOMES)
def test_the_home_region_is_found(fields, environ, home, noted, write):
    loaded = load_trails(write(HEAD.replace('HomeRegion = "eu-west-1"\n', "") + fields), environ)
    assert (loaded.trails[0].HomeRegion, bool(loaded.notes)) == (home, noted)


def test_event_bridge_has_defaults_of_its_own(write):
    bridge = one(write(HEAD + "EventBridge = { ReadOnlyManagementEvents = true }")).event_bridge
    assert bridge == {"EventBusName": "default", "ReadOnlyManagementEvents": True, "Source": "aws.{service}"}


def test_what_boto3_answers_loads_without_change(paste):
    boto3, moto = pytest.importorskip("boto3"), pytest.importorskip("moto")
    advanced = [
        {
            "Name": "writes to one prefix",
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::audit/x/"]},
            ],
        },
        {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
    ]
    insights = [{"InsightType": "ApiErrorRateInsight"}]
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    with moto.mock_aws():
        boto3.client("s3", **keys).create_bucket(Bucket="audit")
        boto3.client("sns", **keys).create_topic(Name="topic")
        client = boto3.client("cloudtrail", **keys)
        made = client.create_trail(
            Name="trail", S3BucketName="audit", S3KeyPrefix="p", SnsTopicName="topic", IsMultiRegionTrail=True,
            EnableLogFileValidation=True, TagsList=[{"Key": "team", "Value": "x"}],
        )  # fmt: skip
        client.put_event_selectors(TrailName="trail", AdvancedEventSelectors=advanced)
        client.put_insight_selectors(TrailName="trail", InsightSelectors=insights)
        answers = [
            made,
            client.describe_trails(),
            client.get_trail(Name="trail"),
            client.get_event_selectors(TrailName="trail"),
            client.get_insight_selectors(TrailName="trail"),
            client.list_tags(ResourceIdList=[made["TrailARN"]]),
        ]
    trail = one(paste(*answers))
    assert (trail.TrailARN, trail.SnsTopicName) == (made["TrailARN"], "arn:aws:sns:us-east-1:123456789012:topic")
    assert (trail.EnableLogFileValidation, trail.S3KeyPrefix) == (True, "p")
    assert (trail.AdvancedEventSelectors, trail.InsightSelectors) == (tuple(advanced), tuple(insights))
    assert trail.TagsList == ({"Key": "team", "Value": "x"},)


INNER = """
    trailList buckets s3 FieldSelectors Field Equals Key Value Trail ResourceTagList ResourceId Organization Type Values
    DataResources Tagging location bucket endpoint_url credentials_file ReadWriteType InsightType EventBusName Source
"""
NAMES = st.sampled_from([*trail_shapes(), *INNER.split(), "\ud800", "a\nb"])
TEXTS = ["bucket", "", "eventCategory", "s3://x", "s3://x?a=\ud800", "a\nb", "\ud800", "true"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(document=JSON)
def test_whatever_a_file_holds_is_loaded_or_told(document, paste):
    for documents in ([document], [{"trailList": [document]}], [{"buckets": {"bucket": document}}, DESCRIBED]):
        errors = ()
        try:
            load_trails(paste(*documents), {})
        except TrailsFileError as error:  # anything else is a fault of ours
            errors = error.errors
        assert [str(error) for error in errors if len(str(error).splitlines()) > 1] == []


@pytest.mark.parametrize(("location", "noted"), [("./audit", True), ("s3://other", False)])
def test_a_key_that_encrypts_nothing_is_noted(location, noted, write):
    trail = {"Name": "trail", "S3BucketName": "logs", "IsMultiRegionTrail": True, "KmsKeyId": "alias/k"}
    loaded = load_trails(write(json.dumps({"buckets": {"logs": location}, "trailList": [trail]}), "trails.json"), {})
    assert [("KmsKeyId, which means nothing" in note) for note in loaded.notes] == [True] * noted
