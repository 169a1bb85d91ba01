"""What is known of a call before it is a record: verdicts, and that they agree with `takes`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record.calls import plan
from trails.events import ACCOUNT, ANN, advanced, basic, call_of, data, decided, management, record_of, trail_of
from trails.words import DECRYPT, DESCRIBE, GET, SEND, USERS, s3

from bototrail.record.resources import ACCOUNT as OPEN
from bototrail.trails import Trail, default_trail
from bototrail.trails.records import PLACES, in_region
from bototrail.trails.selectors import EventFacts, Selection, takes

NAMES = st.sampled_from(["b", "bucket", "k", "a/b", "t", "q", "s", "arn:aws:s3:us-east-1:111122223333:accesspoint/p"])
MAYBE = st.none() | NAMES


def _with(**members: Any) -> st.SearchStrategy[dict[str, Any]]:
    made = st.fixed_dictionaries({name: MAYBE if value is None else value for name, value in members.items()})
    return made.map(lambda params: {name: value for name, value in params.items() if value is not None})


TABLES = st.dictionaries(NAMES, st.just({}), max_size=3)
QUEUE = st.sampled_from([f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q", "http://localhost:4566/queue/q"])
TARGETS = st.sampled_from([f"arn:aws:sns:us-east-1:{ACCOUNT}:t", f"arn:aws:sns:us-east-1:{ACCOUNT}:endpoint/GCM/a/b"])
ARGUMENTS: dict[tuple[str, str], Any] = {
    ("s3", "GetObject"): _with(Bucket=None, Key=None),
    ("s3", "PutObject"): _with(Bucket=None, Key=None),
    ("s3", "ListObjectsV2"): _with(Bucket=None, Prefix=None),
    ("s3", "CopyObject"): _with(
        Bucket=None, Key=None, CopySource=st.sampled_from(["b/k", "bucket/a/b", {"Bucket": "b"}])
    ),
    ("s3", "GetBucketPolicy"): _with(Bucket=None),
    ("s3express", "GetObject"): _with(Bucket=st.sampled_from(["b--use1-az4--x-s3", "p--use1-az4--xa-s3"]), Key=None),
    ("lambda", "Invoke"): _with(FunctionName=None),
    ("dynamodb", "Query"): _with(TableName=None),
    ("dynamodb", "BatchGetItem"): _with(RequestItems=TABLES),
    ("dynamodbstreams", "GetShardIterator"): _with(StreamArn=None),
    ("sqs", "SendMessage"): _with(QueueUrl=QUEUE),
    ("sns", "Publish"): _with(
        TopicArn=st.none() | TARGETS, TargetArn=st.none() | TARGETS, PhoneNumber=st.none() | NAMES
    ),
    ("kinesis", "PutRecord"): _with(StreamName=None),
    ("events", "PutEvents"): _with(Entries=st.lists(_with(EventBusName=None), max_size=2)),
    ("ses", "SendTemplatedEmail"): _with(Source=None, Template=None, ConfigurationSetName=None),
    ("bedrock-runtime", "StartAsyncInvoke"): _with(modelId=None),
    ("cloudwatch", "ListMetrics"): st.just({}),
    ("kms", "Decrypt"): _with(KeyId=None),
    ("kms", "DisableKey"): _with(KeyId=None),
    ("rds-data", "ExecuteSql"): st.just({}),
    ("ec2", "DescribeInstances"): st.just({}),
    ("iam", "ListUsers"): st.just({}),
    ("cloudfront", "ListDistributions"): st.just({}),
    ("sts", "AssumeRole"): _with(RoleArn=None),
}
TYPES = [
    *("S3::Object", "S3::AccessPoint", "S3Express::Object", "S3Express::AccessPoint", "Lambda::Function"),
    *("DynamoDB::Table", "DynamoDB::Stream", "SQS::Queue", "SNS::Topic", "SNS::PlatformEndpoint", "Kinesis::Stream"),
    *("Events::EventBus", "SES::Template", "SES::ConfigurationSet", "Bedrock::Model", "CloudWatch::Metric", "KMS::Key"),
]
TEXTS = [
    *("arn:aws:s3:::b/", "arn:aws:s3:::b/k", "arn:aws:s3:::bucket", "arn:aws:s3:us-east-1:", "b/k", "k", "t", "arn:"),
    *(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:t", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t", ACCOUNT),
    *(f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q", "q", "default"),
    *(
        "GetObject",
        "Get",
        "Object",
        "Query",
        "true",
        "false",
        "AwsApiCall",
        "AccessDenied",
        ANN,
        "arn:aws:iam::",
        "ann",
    ),
    *("s3.amazonaws.com", "kms.amazonaws.com", "iam.amazonaws.com", "vpce-1"),
]
OPERATORS = ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"]
VALUES = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2)
FIELDS = st.sampled_from([*PLACES, "resources.ARN", "resources.ARN", "resources.type", "userIdentity.arn"])
ROWS = st.builds(
    lambda field, operators: {"Field": field, **operators},
    FIELDS,
    st.dictionaries(st.sampled_from(OPERATORS), VALUES, min_size=1, max_size=2),
)
ADVANCED = st.builds(
    lambda head, rows: {"FieldSelectors": [*head["FieldSelectors"], *rows]},
    st.sampled_from([*[data(kind) for kind in TYPES], *[management(), {"FieldSelectors": []}] * 5]),
    st.lists(ROWS, max_size=2),
)
BASIC = st.fixed_dictionaries(
    {},
    optional={
        "ReadWriteType": st.sampled_from(["All", "ReadOnly", "WriteOnly"]),
        "IncludeManagementEvents": st.booleans(),
        "ExcludeManagementEventSources": st.lists(st.sampled_from(["kms.amazonaws.com", "rdsdata.amazonaws.com"])),
        "DataResources": st.lists(
            st.fixed_dictionaries(
                {
                    "Type": st.sampled_from(["AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"]),
                    "Values": st.lists(st.sampled_from([*TEXTS, "arn:aws:s3", "arn:aws:lambda", "arn:aws:dynamodb"])),
                }
            ),
            max_size=2,
        ),
    },
)
REGIONS = st.sampled_from(["us-east-1", "eu-central-1"])
TRAIL = st.builds(
    lambda selectors, home, every, world: Trail(
        "t", "/b", HomeRegion=home, IsMultiRegionTrail=every, IncludeGlobalServiceEvents=world, **selectors
    ),
    st.one_of(
        st.lists(BASIC, min_size=1, max_size=2).map(lambda rows: {"EventSelectors": tuple(rows)}),
        st.lists(ADVANCED, min_size=1, max_size=3).map(lambda rows: {"AdvancedEventSelectors": tuple(rows)}),
        st.just({}),
    ),
    REGIONS,
    st.booleans(),
    st.booleans(),
)
URLS = st.sampled_from(
    ["https://sts.amazonaws.com/", "https://vpce-1-a.s3.us-east-1.vpce.amazonaws.com/x", "http://[::1]/"]
)
ERRORS = st.sampled_from([{}, {}, {"error_code": "AccessDeniedException", "status": 403}, {"error_code": "NoSuchKey"}])


@st.composite
def calls(draw: Any) -> Any:
    operation = draw(st.sampled_from(sorted(ARGUMENTS)))
    region = "us-east-1" if plan(*operation).is_global else draw(REGIONS)
    return call_of(*operation, draw(ARGUMENTS[operation]), region=region, url=draw(URLS), **draw(ERRORS))


@settings(max_examples=1500, suppress_health_check=list(HealthCheck))
@given(TRAIL, calls())
def test_a_verdict_is_what_the_record_says(trail, call):
    expected = takes(trail, record_of(call))
    wanted, undecided = decided([trail], call)
    late = any(
        row["Field"] in ("errorCode", "vpcEndpointId")
        or (row["Field"] == "eventName" and call.plan.rules.refused_suffix)  # a denial has another name
        for selector in trail.AdvancedEventSelectors
        for row in selector["FieldSelectors"]
    )
    assert wanted == (("t",) if expected else ()) or (late and undecided == ("t",) and wanted == ())
    assert not undecided or late
    if Selection([trail]).unwanted(call.plan):
        assert not expected


@settings(max_examples=1000, suppress_health_check=list(HealthCheck))
@given(TRAIL, calls())
def test_what_is_decided_before_the_caller_is_known_is_right(trail, call):
    wanted, undecided = decided([trail], call, known=False)
    assert undecided == ("t",) or wanted == (("t",) if takes(trail, record_of(call)) else ())


def event(what: tuple[Any, ...]) -> Any:
    return call_of(*what[:3], **(what[3] if len(what) > 3 else {}))


def trails() -> list[Trail]:
    return [
        Trail("writes", "/b", EventSelectors=({"ReadWriteType": "WriteOnly"},)),
        Trail("objects", "/b", **advanced(data("S3::Object", "resources.ARN ^= arn:aws:s3:::b/"))),
        default_trail("/b"),
        Trail("mine", "/b", **advanced(data("SQS::Queue", f"userIdentity.arn = {ANN}"))),
        Trail("at home", "/b", IsMultiRegionTrail=False, HomeRegion="eu-central-1", **basic()),
    ]


def test_trails_keep_their_order():
    selection = Selection(trails())
    assert selection.names == ("writes", "objects", "default", "mine", "at home")
    verdict = selection.verdict(plan("s3", "GetObject"), "us-east-1")
    assert (verdict.always, [ask.name for ask in verdict.asks], verdict.never) == (("default",), ["objects"], False)
    facts = EventFacts(event(GET), ACCOUNT, ANN, True)
    assert verdict.decide(facts) == (("objects", "default"), ())
    elsewhere = EventFacts(event(s3("GetObject", "c/k")), ACCOUNT, ANN, True)
    assert verdict.decide(elsewhere) == (("default",), ())


def test_a_verdict_is_made_once():
    selection = Selection(trails())
    made = plan("ec2", "RunInstances")
    assert selection.verdict(made, "eu-central-1").always == ("writes", "default", "at home")
    assert selection.verdict(made, "us-east-1").always == ("writes", "default")
    assert selection.verdict(made, "us-east-1") is selection.verdict(made, "us-east-1")


def test_made_up_regions_do_not_pile_up(monkeypatch):
    monkeypatch.setattr("bototrail.trails.selectors._MANY", 3)
    selection = Selection(trails())
    for number in range(10):
        assert selection.verdict(plan("s3", "GetObject"), f"r-{number}").always == ("default",)
        assert len(selection._verdicts) <= 3


def test_what_no_trail_wants_is_known_before_the_call():
    objects = Trail("o", "/b", **advanced(data("S3::Object", "eventName = GetObject")))
    west = Trail("w", "/b", IsMultiRegionTrail=False, HomeRegion="us-west-2", **basic())
    ours = Selection([objects])
    assert not ours.unwanted(plan("s3", "GetObject"))
    assert ours.unwanted(plan("s3", "PutObject"))
    assert ours.unwanted(plan("ec2", "DescribeInstances"))
    assert ours.unwanted(plan("sns", "Publish"))  # which may be of one type or another, but not of this
    assert ours.verdict(plan("s3", "PutObject"), "us-east-1").never
    assert not Selection([west]).unwanted(plan("ec2", "DescribeInstances"))
    assert Selection([west]).verdict(plan("ec2", "DescribeInstances"), "us-east-1").never
    assert Selection([]).unwanted(plan("ec2", "DescribeInstances"))
    assert not Selection([default_trail("/b")]).unwanted(plan("sns", "Publish"))


def test_global_services_may_be_unwanted():
    trail = Trail("t", "/b", IncludeGlobalServiceEvents=False)
    assert Selection([trail]).unwanted(plan(*USERS))
    assert not Selection([trail]).unwanted(plan(*DESCRIBE))
    assert not in_region(trail, "us-east-1", is_global=True)


@pytest.mark.parametrize(
    ("fields", "what", "known"),
    [
        (advanced(data("S3::Object", "resources.ARN ^= arn:aws:s3:::b/")), GET, True),
        (advanced(data("S3::Object", "resources.ARN ^= arn:aws:s3:::c/")), GET, True),
        (advanced(data("S3::Object", f"userIdentity.arn = {ANN}")), GET, False),
        (advanced(data("S3::Object", f"userIdentity.arn = {ANN}", "resources.ARN ^= arn:aws:s3:::c/")), GET, True),
        (advanced(data("S3::Object", f"userIdentity.arn = {ANN}", "eventName = PutObject")), GET, True),
        (advanced(data("S3::Object", f"userIdentity.arn = {ANN}"), data("S3::Object")), GET, True),
        (advanced(data("SQS::Queue", "resources.ARN $= :q")), SEND, True),
        (advanced(data("SQS::Queue", "resources.ARN $= :q")), ("sqs", "ListQueues", {}), True),
        (advanced(data("DynamoDB::Table", "resources.ARN $= /t")), ("dynamodb", "Query", {"TableName": "t"}), False),
        (basic(), DECRYPT, True),
    ],
)
def test_what_needs_the_caller_is_left_open(fields, what, known):
    call = event(what)
    wanted, undecided = decided([trail_of(fields)], call, known=False)
    assert (undecided == ()) is known
    assert not known or wanted == (("t",) if takes(trail_of(fields), record_of(call)) else ())


def test_facts_name_resources():
    call = event(("dynamodb", "Query", {"TableName": "t"}))
    table = "arn:aws:dynamodb:us-east-1:{}:table/t"
    assert EventFacts(call, ACCOUNT, ANN, True).arns("AWS::DynamoDB::Table") == (table.format(ACCOUNT),)
    assert EventFacts(call, None, None, False).arns("AWS::DynamoDB::Table") == (table.format(OPEN),)
    assert EventFacts(call, None, None, False).arns("AWS::S3::Object") == ()
