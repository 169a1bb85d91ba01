"""CreateTrail, UpdateTrail, DeleteTrail, StartLogging and StopLogging, as boto3 sees them and as the file has them."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timezone

import pytest
from botocore.exceptions import ClientError
from integrity.made import CHAIN, bucket_folder

from bototrail.deliver.totals import read_trails
from bototrail.endpoint.library import NO_ACCOUNT
from bototrail.trails.file import load_trails

FILE = """\
# Where they go
[buckets]
audit = "./audit"  # a folder

# The first one
[[trailList]]
Name = "first"  # its name
S3BucketName = "audit"
HomeRegion = "eu-central-1"
[[trailList.AdvancedEventSelectors]]
FieldSelectors = [{ Field = "eventCategory", Equals = ["Management"] }]

# The second one
[[trailList]]
Name = "second"
S3BucketName = "audit"
IsMultiRegionTrail = true
HomeRegion = "eu-central-1"
TrailARN = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/second"
"""
ARN = f"arn:aws:cloudtrail:eu-central-1:{NO_ACCOUNT}:trail/"
SECOND = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/second"
LOGS = {
    "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-central-1:111122223333:log-group:g:*",
    "CloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/r",
}


def plain(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def code_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"]


def text(folder, name="trails.toml"):
    return (folder / name).read_text()


# ---- CreateTrail
def test_a_trail_is_made_in_a_file_that_is_not_there_yet(serve_file, tmp_path):
    client = serve_file().client("cloudtrail")
    assert client.describe_trails()["trailList"] == []
    made = plain(client.create_trail(Name="audit", S3BucketName="logs", IsMultiRegionTrail=True))
    assert made == {
        "Name": "audit",
        "S3BucketName": "logs",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "TrailARN": f"{ARN}audit",
        "LogFileValidationEnabled": False,
        "IsOrganizationTrail": False,
        "RecursiveLogging": True,
    }
    assert text(tmp_path) == (
        '[[trailList]]\nName = "audit"\nS3BucketName = "logs"\nIsMultiRegionTrail = true\n'
        'HomeRegion = "eu-central-1"\nIsLogging = false\n'
    )


def test_a_new_trail_stands_behind_the_others_and_all_else_stays(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    tags = [{"Key": "team", "Value": 'a "b" ü \\ \n'}, {"Key": "alone"}]
    options = {"EnableLogFileValidation": True, "S3KeyPrefix": "deep", "SnsTopicName": "topic", **LOGS}
    client.create_trail(Name="third", S3BucketName="audit", KmsKeyId="alias/k", TagsList=tags, **options)
    assert text(tmp_path).startswith(f"{FILE}\n[[trailList]]\n")
    trail = load_trails(tmp_path / "trails.toml").trails[2]
    told = {name: getattr(trail, name) for name in (*options, "KmsKeyId")}
    assert told == {**options, "KmsKeyId": "alias/k"}
    assert trail.TagsList == tuple({"Value": "", **tag} for tag in tags)
    assert (trail.HomeRegion, trail.IsLogging) == ("eu-central-1", False)


def test_empty_texts_are_none(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    client.create_trail(Name="third", S3BucketName="audit", S3KeyPrefix="", SnsTopicName="", TagsList=[])
    assert text(tmp_path) == (
        f'{FILE}\n[[trailList]]\nName = "third"\nS3BucketName = "audit"\nHomeRegion = "eu-central-1"\n'
        "IsLogging = false\n"
    )


TWICE = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
MANY = [{"Key": str(number)} for number in range(51)]
REFUSED = [
    # what is wrong with it, exception
    ({"Name": "ab"}, "InvalidTrailNameException"),
    ({"Name": ""}, "InvalidTrailNameException"),
    ({"Name": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/x"}, "InvalidTrailNameException"),
    ({"Name": "first"}, "TrailAlreadyExistsException"),
    ({"S3BucketName": "Large"}, "InvalidS3BucketNameException"),
    ({"S3BucketName": ""}, "InvalidS3BucketNameException"),
    ({"S3BucketName": "taken"}, "S3BucketDoesNotExistException"),
    ({"S3KeyPrefix": "x" * 201}, "InvalidS3PrefixException"),
    ({"S3KeyPrefix": "../.."}, "InvalidS3PrefixException"),
    ({"SnsTopicName": "a b"}, "InvalidSnsTopicNameException"),
    ({"KmsKeyId": "key"}, "InvalidKmsKeyIdException"),
    ({"CloudWatchLogsLogGroupArn": "group", "CloudWatchLogsRoleArn": LOGS["CloudWatchLogsRoleArn"]},
     "InvalidCloudWatchLogsLogGroupArnException"),
    ({"CloudWatchLogsRoleArn": "role", "CloudWatchLogsLogGroupArn": LOGS["CloudWatchLogsLogGroupArn"]},
     "InvalidCloudWatchLogsRoleArnException"),
    ({"CloudWatchLogsRoleArn": LOGS["CloudWatchLogsRoleArn"]}, "InvalidParameterCombinationException"),
    ({"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False}, "InvalidParameterCombinationException"),
    ({"IsOrganizationTrail": True}, "OrganizationsNotInUseException"),
    ({"TagsList": TWICE}, "InvalidTagParameterException"),
    ({"TagsList": [{"Key": "aws:x"}]}, "InvalidTagParameterException"),
    ({"TagsList": MANY}, "TagsLimitExceededException"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_a_recorder_would_refuse_is_refused(fields, code, serve_file, tmp_path):
    before = FILE.replace("[buckets]\n", '[buckets]\ntaken = "./taken"\n')
    (tmp_path / "taken").write_text("no folder")
    client = serve_file(text=before).client("cloudtrail")
    with pytest.raises(getattr(client.exceptions, code)):
        client.create_trail(**{"Name": "third", "S3BucketName": "audit", **fields})
    assert text(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "trails.toml"]


def test_a_region_has_five_trails(serve_file):
    served = serve_file(text=FILE.replace("TrailARN", "# TrailARN"))
    client = served.client("cloudtrail")
    for number in range(3):
        client.create_trail(Name=f"more-{number}", S3BucketName="audit")
    with pytest.raises(client.exceptions.MaximumNumberOfTrailsExceededException):
        client.create_trail(Name="sixth", S3BucketName="audit")
    served.client("cloudtrail", region="us-east-1").create_trail(Name="sixth", S3BucketName="audit")


def test_the_organization_is_that_of_the_other_trails(serve_file, tmp_path):
    belongs = 'IsOrganizationTrail = true\nOrganizationId = "o-exampleorgid"\n'
    client = serve_file(text=FILE + belongs).client("cloudtrail")
    client.create_trail(Name="third", S3BucketName="audit", IsOrganizationTrail=True)
    client.update_trail(Name="first", IsOrganizationTrail=True)
    client.update_trail(Name="second", IsOrganizationTrail=False)
    found = [trail.OrganizationId for trail in load_trails(tmp_path / "trails.toml").trails]
    assert found == ["o-exampleorgid", None, "o-exampleorgid"]


def test_the_topic_of_a_known_account_is_told_by_its_arn(serve_file):
    client = serve_file(text=FILE).client("cloudtrail")
    told = client.update_trail(Name="second", SnsTopicName="topic")
    assert (told["SnsTopicName"], told["SnsTopicARN"]) == ("topic", "arn:aws:sns:eu-central-1:111122223333:topic")
    assert "SnsTopicARN" not in client.update_trail(Name="first", SnsTopicName="topic")


# ---- UpdateTrail
def test_an_update_changes_what_it_names_and_nothing_else(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    answer = plain(client.update_trail(Name=f"{ARN}first", S3BucketName="other", EnableLogFileValidation=True))
    assert {k: answer[k] for k in ("Name", "S3BucketName", "LogFileValidationEnabled", "TrailARN")} == {
        "Name": "first",
        "S3BucketName": "other",
        "LogFileValidationEnabled": True,
        "TrailARN": f"{ARN}first",
    }
    assert text(tmp_path) == FILE.replace(
        'S3BucketName = "audit"\nHomeRegion = "eu-central-1"\n',
        'S3BucketName = "other"\nHomeRegion = "eu-central-1"\nEnableLogFileValidation = true\n',
        1,
    )


def test_an_empty_text_takes_away(serve_file, tmp_path):
    fields = {"S3KeyPrefix": "p", "SnsTopicName": "topic", "KmsKeyId": "alias/k", **LOGS}
    client = serve_file(text=FILE).client("cloudtrail")
    client.update_trail(Name="second", **fields)
    assert text(tmp_path) != FILE
    client.update_trail(Name="second", **dict.fromkeys(fields, ""))
    assert text(tmp_path) == FILE


def test_what_the_file_calls_otherwise_is_changed_where_it_stands(serve_file, tmp_path):
    own = 'LogFileValidationEnabled = true\nSnsTopicARN = "arn:aws:sns:eu-central-1:111122223333:old"\n'
    client = serve_file(text=FILE + own).client("cloudtrail")
    client.update_trail(Name="second", EnableLogFileValidation=False, SnsTopicName="new")
    assert text(tmp_path) == f'{FILE}LogFileValidationEnabled = false\nSnsTopicName = "new"\n'


UPDATES = [
    ({"Name": "nobody"}, "TrailNotFoundException"),
    ({"Name": SECOND.replace("1111", "4444")}, "TrailNotFoundException"),
    ({"Name": "arn:aws:cloudtrail:x"}, "CloudTrailARNInvalidException"),
    ({"S3BucketName": "A"}, "InvalidS3BucketNameException"),
    ({"IncludeGlobalServiceEvents": False}, "InvalidParameterCombinationException"),
    ({"CloudWatchLogsRoleArn": LOGS["CloudWatchLogsRoleArn"]}, "InvalidParameterCombinationException"),
    ({"KmsKeyId": "?"}, "InvalidKmsKeyIdException"),
    ({"IsOrganizationTrail": True}, "OrganizationsNotInUseException"),
]


@pytest.mark.parametrize(("fields", "code"), UPDATES, ids=range(len(UPDATES)))
def test_updates_that_are_refused(fields, code, serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    with pytest.raises(getattr(client.exceptions, code)):
        client.update_trail(**{"Name": "second", **fields})
    assert text(tmp_path) == FILE


# ---- DeleteTrail
def test_a_deleted_trail_goes_with_its_comments_and_leaves_all_else(serve_file, tmp_path):
    bucket_folder(tmp_path / "audit", 1, chain=CHAIN._replace(trail="first"))
    client = serve_file(text=FILE).client("cloudtrail")
    assert plain(client.delete_trail(Name="first")) == {}
    before, _, rest = FILE.partition("# The first one")
    assert text(tmp_path) == before + rest[rest.index("# The second one") :]
    assert [trail["Name"] for trail in client.describe_trails()["trailList"]] == ["second"]
    assert list((tmp_path / "audit").rglob("*.json.gz"))
    assert code_of(client.delete_trail, Name="first") == "TrailNotFoundException"


def test_without_its_last_trail_a_file_is_one_without_trails(serve_file, tmp_path):
    served = serve_file(text=FILE)
    bucket_folder(tmp_path / "audit", 1)
    client = served.client("cloudtrail")
    assert served.client("s3").list_objects(Bucket="audit")["Contents"]
    client.delete_trail(Name=SECOND)
    client.delete_trail(Name=f"{ARN}first")
    loaded = load_trails(tmp_path / "trails.toml")
    assert (loaded.trails, client.describe_trails()["trailList"]) == ((), [])
    assert text(tmp_path) == 'trailList = []\n\n# Where they go\n[buckets]\naudit = "./audit"  # a folder\n'
    assert served.client("s3").list_objects(Bucket="audit")["Contents"]
    client.create_trail(Name="again", S3BucketName="audit")
    assert [trail.Name for trail in load_trails(tmp_path / "trails.toml").trails] == ["again"]


# ---- StartLogging and StopLogging
def status(client, name):
    return plain(client.get_trail_status(Name=name))


def test_logging_stops_and_starts(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    before = datetime.now(timezone.utc).replace(microsecond=0)
    assert status(client, "first") == {"IsLogging": True}
    assert plain(client.stop_logging(Name="first")) == {}
    stopped = status(client, "first")
    assert (list(stopped), stopped["IsLogging"]) == (["IsLogging", "StopLoggingTime", "TimeLoggingStopped"], False)
    assert stopped["StopLoggingTime"] >= before
    stop = 'HomeRegion = "eu-central-1"\nIsLogging = false\n[[trailList.'
    assert text(tmp_path) == FILE.replace('HomeRegion = "eu-central-1"\n[[trailList.', stop)
    client.start_logging(Name=f"{ARN}first")
    started = status(client, "first")
    assert started.keys() == {*stopped, "StartLoggingTime", "TimeLoggingStarted"}
    assert started["TimeLoggingStarted"] == f"{started['StartLoggingTime']:%Y-%m-%dT%H:%M:%SZ}"
    assert started["IsLogging"]
    assert text(tmp_path).count("IsLogging = true") == 1


def test_what_is_so_already_changes_nothing(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    client.start_logging(Name="first")
    assert (text(tmp_path), status(client, "first")) == (FILE, {"IsLogging": True})


def test_a_deleted_trail_has_stopped(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    client.delete_trail(Name="first")
    (row,) = read_trails(tmp_path / "state", [])
    assert (row["Name"], "StopLoggingTime" in row) == ("first", True)


def test_a_state_that_cannot_be_written_is_no_failure(serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail")
    (tmp_path / "state").write_text("no folder")
    client.stop_logging(Name="first")
    assert not load_trails(tmp_path / "trails.toml").trails[0].IsLogging


# ---- who may change what
CHANGES = [
    ("update_trail", {"Name": "second", "S3KeyPrefix": "x"}),
    ("delete_trail", {"Name": "second"}),
    ("start_logging", {"Name": "second"}),
    ("stop_logging", {"Name": "second"}),
    ("put_event_selectors", {"TrailName": "second", "EventSelectors": [{"ReadWriteType": "All"}]}),
    ("put_insight_selectors", {"TrailName": "second", "InsightSelectors": []}),
]
TAGGING = [
    ("add_tags", {"ResourceId": SECOND, "TagsList": [{"Key": "a"}]}),
    ("remove_tags", {"ResourceId": SECOND, "TagsList": [{"Key": "a"}]}),
]
CREATE = ("create_trail", {"Name": "third", "S3BucketName": "audit"})


@pytest.mark.parametrize(("operation", "arguments"), CHANGES)
def test_a_trail_is_changed_at_home_only(operation, arguments, serve_file, tmp_path):
    client = serve_file(text=FILE).client("cloudtrail", region="us-east-1")
    with pytest.raises(client.exceptions.InvalidHomeRegionException, match="has its home in eu-central-1"):
        getattr(client, operation)(**arguments)
    assert text(tmp_path) == FILE


@pytest.mark.parametrize(("operation", "arguments"), [CREATE, *CHANGES, *TAGGING])
def test_a_read_only_endpoint_changes_nothing(operation, arguments, serve_file, tmp_path):
    client = serve_file(text=FILE, read_only=True).client("cloudtrail")
    with pytest.raises(client.exceptions.OperationNotPermittedException, match="read only"):
        getattr(client, operation)(**arguments)
    assert text(tmp_path) == FILE


@pytest.mark.parametrize(("operation", "arguments"), [CREATE, *CHANGES, *TAGGING])
def test_without_a_trails_file_there_is_nothing_to_change(operation, arguments, serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    client = serve(tmp_path / "b").client("cloudtrail")
    with pytest.raises(client.exceptions.UnsupportedOperationException, match="--trails FILE"):
        getattr(client, operation)(**arguments)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("get_event_selectors", {"TrailName": "audit"}),
        ("get_insight_selectors", {"TrailName": "audit"}),
        ("list_tags", {"ResourceIdList": [CHAIN.arn]}),
    ],
)
def test_digest_files_do_not_tell_selectors_and_tags(operation, arguments, serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    client = serve(tmp_path / "b").client("cloudtrail")
    with pytest.raises(client.exceptions.UnsupportedOperationException, match="--trails FILE"):
        getattr(client, operation)(**arguments)


def test_all_trails_are_listed(serve_file):
    client = serve_file(text=FILE).client("cloudtrail", region="us-east-1")
    assert client.list_trails()["Trails"] == [
        {"TrailARN": f"{ARN}first", "Name": "first", "HomeRegion": "eu-central-1"},
        {"TrailARN": SECOND, "Name": "second", "HomeRegion": "eu-central-1"},
    ]
    assert code_of(client.list_trails, NextToken="more") == "InvalidTokenException"
    assert len(list(client.get_paginator("list_trails").paginate())) == 1


def test_a_file_keeps_its_rights_and_a_link_stays_one(serve_file, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file.toml").write_text(FILE)
    (tmp_path / "real" / "file.toml").chmod(0o640)
    (tmp_path / "trails.toml").symlink_to("real/file.toml")
    serve_file().client("cloudtrail").stop_logging(Name="first")
    assert (tmp_path / "trails.toml").is_symlink()
    assert "IsLogging = false" in (tmp_path / "real" / "file.toml").read_text()
    assert stat.S_IMODE(os.stat(tmp_path / "real" / "file.toml").st_mode) == 0o640
    assert os.listdir(tmp_path / "real") == ["file.toml"]
