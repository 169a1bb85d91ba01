"""Selectors, insights and tags of trails, as boto3 sees them and as the file has them."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from bototrail.endpoint.library import NO_ACCOUNT
from bototrail.trails import DEFAULT_SELECTORS
from bototrail.trails.file import load_trails

FILE = """\
[[trailList]]
Name = "first"
S3BucketName = "audit"
HomeRegion = "eu-central-1"
HasCustomEventSelectors = true
# what it keeps
[[trailList.AdvancedEventSelectors]]
FieldSelectors = [{ Field = "eventCategory", Equals = ["Management"] }]

# The second one
[[trailList]]
Name = "second"
S3BucketName = "audit"
HomeRegion = "eu-central-1"
TagsList = [{ Key = "team", Value = "x" }, { Key = "alone" }]  # who
InsightSelectors = [{ InsightType = "ApiCallRateInsight" }]

[[trailList]]
Name = "third"
S3BucketName = "audit"
HomeRegion = "eu-central-1"
AllEvents = true
"""
ARN = f"arn:aws:cloudtrail:eu-central-1:{NO_ACCOUNT}:trail/"
BASIC = [
    {
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": True,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/", "arn:aws:s3:::c/d"]}],
        "ExcludeManagementEventSources": ["kms.amazonaws.com"],
    }
]
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
ADVANCED = [
    {"Name": "all writes", "FieldSelectors": [MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}]},
    {
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": [f"arn:aws:s3:::bucket-{n}/" for n in range(9)]},
        ]
    },
]


@pytest.fixture
def client(serve_file):
    return serve_file(text=FILE).client("cloudtrail")


def trails(folder):
    return {trail.Name: trail for trail in load_trails(folder / "trails.toml").trails}


def selectors(client, name):
    found = client.get_event_selectors(TrailName=name)
    del found["ResponseMetadata"]
    return found


# ---- event selectors
@pytest.mark.parametrize("name", ["first", "second", "third"])
@pytest.mark.parametrize(
    ("given", "attribute"),
    [({"EventSelectors": BASIC}, "EventSelectors"), ({"AdvancedEventSelectors": ADVANCED}, "AdvancedEventSelectors")],
)
def test_selectors_that_are_put_take_the_place_of_all_others(given, attribute, name, client, tmp_path):
    put = client.put_event_selectors(TrailName=name, **given)
    del put["ResponseMetadata"]
    assert put == selectors(client, name) == {"TrailARN": f"{ARN}{name}", **given}
    trail = trails(tmp_path)[name]
    assert getattr(trail, attribute) == tuple(given[attribute])
    assert not trail.everything
    assert client.get_trail(Name=name)["Trail"]["HasCustomEventSelectors"]


def test_selectors_stand_where_those_before_them_did(client, tmp_path):
    client.put_event_selectors(TrailName="first", EventSelectors=[{"ReadWriteType": "All"}])
    head, _, rest = FILE.partition("HasCustomEventSelectors = true\n")
    rest = rest[rest.index("\n# The second") :]
    line = 'EventSelectors = [{ ReadWriteType = "All" }]\n'
    assert (tmp_path / "trails.toml").read_text() == f"{head}{line}{rest}"


def test_selectors_that_nobody_put_are_those_of_a_new_trail(client):
    expected = {"TrailARN": f"{ARN}second", "AdvancedEventSelectors": list(DEFAULT_SELECTORS)}
    assert selectors(client, "second") == expected


def test_all_events_are_told_as_management_and_data(client):
    found = selectors(client, "third")["AdvancedEventSelectors"]
    assert [row["FieldSelectors"] for row in found] == [
        [{"Field": "eventCategory", "Equals": [category]}] for category in ("Management", "Data")
    ]


BADLY_PUT = [
    # arguments, exception
    ({"TrailName": "nobody", "EventSelectors": BASIC}, "TrailNotFoundException"),
    ({"TrailName": "a", "EventSelectors": BASIC}, "InvalidTrailNameException"),
    ({"TrailName": "arn:x", "EventSelectors": BASIC}, "CloudTrailARNInvalidException"),
    ({"TrailName": "first"}, "InvalidEventSelectorsException"),
    ({"TrailName": "first", "EventSelectors": []}, "InvalidEventSelectorsException"),
    ({"TrailName": "first", "EventSelectors": BASIC, "AdvancedEventSelectors": ADVANCED},
     "InvalidEventSelectorsException"),
    ({"TrailName": "first", "EventSelectors": BASIC * 6}, "InvalidEventSelectorsException"),
    ({"TrailName": "first", "EventSelectors": [{"ReadWriteType": "Some"}]}, "InvalidEventSelectorsException"),
    ({"TrailName": "first", "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventName", "Equals": ["x"]}]}]},
     "InvalidEventSelectorsException"),
    # the insights of this trail need management events
    ({"TrailName": "second", "AdvancedEventSelectors": ADVANCED[1:]}, "InvalidEventSelectorsException"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code"), BADLY_PUT, ids=range(len(BADLY_PUT)))
def test_selectors_that_are_refused(arguments, code, client, tmp_path):
    with pytest.raises(getattr(client.exceptions, code)):
        client.put_event_selectors(**arguments)
    assert (tmp_path / "trails.toml").read_text() == FILE


# ---- insights
def test_insights_are_put_told_and_taken_away(client, tmp_path):
    given = [{"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiErrorRateInsight"}]
    for call, options in (
        (client.put_insight_selectors, {"InsightSelectors": given}),
        (client.get_insight_selectors, {}),
    ):
        found = call(TrailName="first", **options)
        assert (found["TrailARN"], found["InsightSelectors"]) == (f"{ARN}first", given)
    assert client.get_trail(Name="first")["Trail"]["HasInsightSelectors"]
    assert client.put_insight_selectors(TrailName="second", InsightSelectors=[])["InsightSelectors"] == []
    assert [trail.InsightSelectors for trail in trails(tmp_path).values()] == [tuple(given), (), ()]
    with pytest.raises(client.exceptions.InsightNotEnabledException, match=f"{ARN}second does not have Insights"):
        client.get_insight_selectors(TrailName="second")


STORE = "arn:aws:cloudtrail:eu-central-1:111122223333:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
RATE = [{"InsightType": "ApiCallRateInsight"}]
BAD_INSIGHTS = [
    ({"TrailName": "nobody"}, "TrailNotFoundException"),
    ({}, "InvalidParameterException"),
    ({"EventDataStore": STORE}, "UnsupportedOperationException"),
    ({"TrailName": "first", "EventDataStore": STORE}, "InvalidParameterCombinationException"),
]


@pytest.mark.parametrize(("arguments", "code"), BAD_INSIGHTS, ids=range(len(BAD_INSIGHTS)))
@pytest.mark.parametrize(
    ("operation", "more"), [("get_insight_selectors", {}), ("put_insight_selectors", {"InsightSelectors": RATE})]
)
def test_insights_of_no_trail(operation, more, arguments, code, client):
    with pytest.raises(getattr(client.exceptions, code)):
        getattr(client, operation)(**arguments, **more)


def test_insights_into_what_a_trail_does_not_log_are_refused(client):
    client.put_event_selectors(TrailName="first", AdvancedEventSelectors=ADVANCED[1:])
    with pytest.raises(client.exceptions.InvalidInsightSelectorsException):
        client.put_insight_selectors(TrailName="first", InsightSelectors=RATE)
    with pytest.raises(client.exceptions.InvalidInsightSelectorsException):
        client.put_insight_selectors(TrailName="third", InsightSelectors=[{"InsightType": "Other"}])


# ---- tags
def tags(client, *names):
    rows = client.list_tags(ResourceIdList=[f"{ARN}{name}" for name in names])["ResourceTagList"]
    return {row["ResourceId"].rpartition("/")[2]: row["TagsList"] for row in rows}


def test_tags_are_added_replaced_and_removed(client, tmp_path):
    assert tags(client, "second", "first") == {
        "second": [{"Key": "team", "Value": "x"}, {"Key": "alone", "Value": ""}],
        "first": [],
    }
    more = [{"Key": "cost", "Value": "1"}, {"Key": "team", "Value": "y"}]
    client.add_tags(ResourceId=f"{ARN}second", TagsList=more)
    client.add_tags(ResourceId=f"{ARN}first", TagsList=[{"Key": "new"}])
    assert tags(client, "second", "first") == {
        "second": [{"Key": "team", "Value": "y"}, {"Key": "alone", "Value": ""}, {"Key": "cost", "Value": "1"}],
        "first": [{"Key": "new", "Value": ""}],
    }
    assert "]  # who\n" in (tmp_path / "trails.toml").read_text()
    gone = [{"Key": "alone"}, {"Key": "team", "Value": "x"}, {"Key": "cost", "Value": "1"}, {"Key": "none"}]
    client.remove_tags(ResourceId=f"{ARN}second", TagsList=gone)
    assert tags(client, "second") == {"second": [{"Key": "team", "Value": "y"}]}
    client.remove_tags(ResourceId=f"{ARN}second", TagsList=[{"Key": "team"}])
    assert (tags(client, "second"), trails(tmp_path)["second"].TagsList) == ({"second": []}, ())


BAD_ARNS = [
    # ARN, exception
    ("first", "CloudTrailARNInvalidException"),
    ("arn:aws:cloudtrail", "CloudTrailARNInvalidException"),
    ("arn:aws:cloudtrail:eu-central-1:1:trail/first", "CloudTrailARNInvalidException"),
    (f"{ARN}nobody", "ResourceNotFoundException"),
    (ARN.replace("eu-central", "eu-west") + "first", "ResourceNotFoundException"),
    (STORE, "ResourceNotFoundException"),
    ("arn:aws:s3:::bucket", "ResourceTypeNotSupportedException"),
    ("arn:aws:cloudtrail:eu-central-1:111122223333:other/x", "ResourceTypeNotSupportedException"),
]


@pytest.mark.parametrize(("arn", "code"), BAD_ARNS)
def test_tags_of_no_trail(arn, code, client):
    for operation, arguments in (
        ("list_tags", {"ResourceIdList": [arn]}),
        ("add_tags", {"ResourceId": arn, "TagsList": [{"Key": "a"}]}),
        ("remove_tags", {"ResourceId": arn, "TagsList": [{"Key": "a"}]}),
    ):
        with pytest.raises(getattr(client.exceptions, code)):
            getattr(client, operation)(**arguments)


BAD_TAGS = [
    ([{"Key": "a"}, {"Key": "a"}], "InvalidTagParameterException"),
    ([{"Key": "team", "Value": "1"}, {"Key": "team", "Value": "2"}], "InvalidTagParameterException"),
    ([{"Key": "aws:a"}], "InvalidTagParameterException"),
    ([{"Key": "k" * 129}], "InvalidTagParameterException"),
    ([{"Key": str(number)} for number in range(49)], "TagsLimitExceededException"),
]


@pytest.mark.parametrize(("given", "code"), BAD_TAGS, ids=range(len(BAD_TAGS)))
def test_tags_that_are_refused(given, code, client, tmp_path):
    with pytest.raises(getattr(client.exceptions, code)):
        client.add_tags(ResourceId=f"{ARN}second", TagsList=given)
    assert (tmp_path / "trails.toml").read_text() == FILE


def test_lists_of_tags_that_are_refused(client):
    for arguments, code in (
        ({"ResourceIdList": [f"{ARN}first"] * 21}, "ValidationException"),
        ({"ResourceIdList": [f"{ARN}first"], "NextToken": "more"}, "InvalidTokenException"),
    ):
        with pytest.raises(ClientError, match=code):
            client.list_tags(**arguments)


# ---- what the AWS CLI prints
DESCRIBED = {
    "Name": "first",
    "S3BucketName": "audit",
    "HomeRegion": "eu-central-1",
    "TrailARN": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/first",
    "HasCustomEventSelectors": True,
    "HasInsightSelectors": True,
    "LogFileValidationEnabled": False,
}
PASTED = [
    {"trailList": [DESCRIBED, {**DESCRIBED, "Name": "second", "TrailARN": f"{DESCRIBED['TrailARN'][:-5]}second"}]},
    {"TrailARN": DESCRIBED["TrailARN"], "EventSelectors": BASIC},
    {"TrailARN": DESCRIBED["TrailARN"], "InsightSelectors": RATE},
    {"ResourceTagList": [{"ResourceId": DESCRIBED["TrailARN"], "TagsList": [{"Key": "team", "Value": "x"}]}]},
    {"Trail": DESCRIBED},
]


def test_a_trail_of_several_documents_is_changed_wherever_they_tell_of_it(serve_file, tmp_path):
    text = "\n".join(json.dumps(document, indent=4) for document in PASTED)
    client = serve_file("trails.json", text).client("cloudtrail")
    arn = DESCRIBED["TrailARN"]
    client.update_trail(Name="first", S3BucketName="other", EnableLogFileValidation=True)
    client.put_event_selectors(TrailName="first", AdvancedEventSelectors=ADVANCED)
    client.put_insight_selectors(TrailName="first", InsightSelectors=[])
    client.add_tags(ResourceId=arn, TagsList=[{"Key": "cost", "Value": "1"}])
    client.stop_logging(Name="first")
    trail = load_trails(tmp_path / "trails.json").trails[0]
    assert (trail.S3BucketName, trail.EnableLogFileValidation, trail.IsLogging) == ("other", True, False)
    assert (trail.EventSelectors, trail.AdvancedEventSelectors) == ((), tuple(ADVANCED))
    assert (trail.InsightSelectors, [tag["Key"] for tag in trail.TagsList]) == ((), ["team", "cost"])
    client.delete_trail(Name="first")
    assert json.loads((tmp_path / "trails.json").read_text().partition("\n{")[0]) == {
        "trailList": PASTED[0]["trailList"][1:]
    }
    client.delete_trail(Name="second")
    assert load_trails(tmp_path / "trails.json").trails == ()
