"""The same calls to moto's CloudTrail and to ours: equal answers, but for what is known to differ."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from bototrail.endpoint.library import NO_ACCOUNT

FILE = 'trailList = []\n[buckets]\nlogs = "./logs"\n'
ACCOUNT = "123456789012"
REGION = "eu-central-1"
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/"
LOGS = {
    "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g:*",
    "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r",
}
MANAGEMENT = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
BASIC = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/"]}],
        "ExcludeManagementEventSources": [],
    }
]
RATE = [{"InsightType": "ApiCallRateInsight"}]
CREATE = ("create_trail", {"Name": "audit", "S3BucketName": "logs"})

CASES = {
    "create": [CREATE],
    "create with everything": [
        ("create_trail", {**CREATE[1], **LOGS, "S3KeyPrefix": "p", "KmsKeyId": "alias/k", "IsMultiRegionTrail": True,
                          "EnableLogFileValidation": True, "TagsList": [{"Key": "team", "Value": "x"}]}),
        ("get_trail", {"Name": "audit"}),
        ("list_tags", {"ResourceIdList": [f"{ARN}audit"]}),
    ],
    "describe": [
        CREATE,
        ("create_trail", {"Name": "other", "S3BucketName": "logs", "IsMultiRegionTrail": True}),
        ("describe_trails", {}),
        ("list_trails", {}),
        ("get_trail", {"Name": f"{ARN}other"}),
        ("get_trail", {"Name": "nobody"}),
        ("get_trail_status", {"Name": "nobody"}),
        ("get_trail_status", {"Name": "ab"}),
    ],
    "logging": [
        CREATE,
        ("get_trail_status", {"Name": "audit"}),
        ("start_logging", {"Name": "audit"}),
        ("get_trail_status", {"Name": "audit"}),
        ("stop_logging", {"Name": f"{ARN}audit"}),
        ("get_trail_status", {"Name": "audit"}),
        ("start_logging", {"Name": "nobody"}),
        ("stop_logging", {"Name": "nobody"}),
    ],
    "update": [
        CREATE,
        ("update_trail", {"Name": "audit", "S3KeyPrefix": "p", "EnableLogFileValidation": True, **LOGS}),
        ("update_trail", {"Name": f"{ARN}audit", "KmsKeyId": "alias/k", "EnableLogFileValidation": False}),
        ("get_trail", {"Name": "audit"}),
        ("update_trail", {"Name": "nobody", "S3KeyPrefix": "p"}),
    ],
    "delete": [CREATE, ("delete_trail", {"Name": "audit"}), ("describe_trails", {}), ("get_trail", {"Name": "audit"})],
    "selectors": [
        CREATE,
        ("put_event_selectors", {"TrailName": "audit", "EventSelectors": BASIC}),
        ("get_event_selectors", {"TrailName": "audit"}),
        ("put_event_selectors", {"TrailName": f"{ARN}audit", "AdvancedEventSelectors": MANAGEMENT}),
        ("get_event_selectors", {"TrailName": "audit"}),
        ("get_event_selectors", {"TrailName": "nobody"}),
    ],
    "insights": [
        CREATE,
        ("put_insight_selectors", {"TrailName": "audit", "InsightSelectors": RATE}),
        ("get_insight_selectors", {"TrailName": "audit"}),
        ("get_insight_selectors", {"TrailName": "nobody"}),
    ],
    "tags": [
        CREATE,
        ("list_tags", {"ResourceIdList": [f"{ARN}audit"]}),
        ("add_tags", {"ResourceId": f"{ARN}audit",
                      "TagsList": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}),
        ("add_tags", {"ResourceId": f"{ARN}audit",
                      "TagsList": [{"Key": "b", "Value": "3"}, {"Key": "c", "Value": "4"}]}),
        ("list_tags", {"ResourceIdList": [f"{ARN}audit"]}),
        ("remove_tags", {"ResourceId": f"{ARN}audit", "TagsList": [{"Key": "a"}, {"Key": "c", "Value": "no"}]}),
        ("list_tags", {"ResourceIdList": [f"{ARN}audit"]}),
    ],
    "refusals": [
        ("create_trail", {"Name": name, "S3BucketName": "logs"}) for name in ("ab", "a" * 129, "a b", "-ab", "ab-")
    ] + [("create_trail", {**CREATE[1], "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False})],
}  # fmt: skip

# What moto leaves out, or answers otherwise than the service: it has no RecursiveLogging, tells HomeRegion and Has… in
# DescribeTrails alone and always false, and takes the time of the call for that of a delivery.
_MEMBERS = {"ResponseMetadata", "RecursiveLogging", "HomeRegion", "HasCustomEventSelectors", "HasInsightSelectors"}
_DELIVERY = {"LatestDeliveryTime", "LatestDeliveryAttemptTime"}


def plain(value):
    """What both should say: without the account, times to the day, and without texts that say nothing."""
    if isinstance(value, dict):
        kept = {name: plain(each) for name, each in value.items() if name not in _MEMBERS | _DELIVERY}
        return {name: each for name, each in kept.items() if each not in ("", [])}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return "a time"
    if not isinstance(value, str):
        return value
    text = value.replace(NO_ACCOUNT, ACCOUNT)
    return text if not text.endswith("Z") or text[4:5] != "-" else "a time"


def said(client, operation, arguments):
    try:
        return plain(getattr(client, operation)(**arguments))
    except ClientError as error:
        return plain(error.response["Error"])


@pytest.fixture
def moto(moto_url):
    options = {"region_name": REGION, "aws_access_key_id": "any", "aws_secret_access_key": "any"}
    s3 = boto3.client("s3", endpoint_url=moto_url, **options)
    s3.create_bucket(Bucket="logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    yield boto3.client("cloudtrail", endpoint_url=moto_url, **options)
    urlopen(Request(f"{moto_url}/moto-api/reset", method="POST")).close()  # tags stay else when their trail has gone


@pytest.mark.parametrize("case", CASES)
def test_answers_are_those_of_moto(case, serve_file, moto):
    ours = serve_file(text=FILE).client("cloudtrail")
    for operation, arguments in CASES[case]:
        found = said(ours, operation, arguments)
        assert found == said(moto, operation, arguments), (operation, arguments)


MODEL = ServiceModel(Loader().load_service_model("cloudtrail", "service-2"), "cloudtrail")


SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential=any/20261121/{REGION}/cloudtrail/aws4_request"}


def test_answers_have_the_members_of_the_model_and_no_others(serve_file):
    seen = set()
    for number, calls in enumerate(CASES.values()):
        served = serve_file(f"{number}.toml", FILE)
        names = served.client("cloudtrail").meta.method_to_api_mapping
        for operation, arguments in calls:
            model = MODEL.operation_model(names[operation])
            answer = served.call(model.name, json.dumps(arguments).encode(), **SIGNED)
            found = json.loads(answer.body)
            if answer.status == 200:
                report = ParamValidator().validate(found, model.output_shape)
                assert not report.has_errors(), report.generate_report()
                seen.add(operation)
            else:
                assert found["__type"] in {shape.name for shape in model.error_shapes}
    assert seen == {operation for calls in CASES.values() for operation, _ in calls}
