"""`bototrail explain`: what it prints, how it finds operations, and clear words for what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import botocore
import pytest
from click.testing import CliRunner

from bototrail.cli import main
from bototrail.operations import Catalogue

TEXTS = Path(__file__).parent / "explained"
CURRENT = tuple(map(int, botocore.__version__.split(".")[:2])) >= (1, 43)


def explain(*arguments: str):
    return CliRunner().invoke(main, ["explain", *arguments], catch_exceptions=False)


def words(text: str) -> list[str]:
    """What a page says, without its layout, and without the numbers of members, which grow."""
    return [word.rstrip(",;") for word in re.sub(r"\d+ members? not shown", "", text).split()]


@pytest.mark.skipif(not CURRENT, reason="older models lack newer members")
@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_page(path):
    """Each text begins with the command that prints the rest. Newer models may have more members, never other words."""
    command, _, expected = path.read_text().partition("\n")
    done = explain(*command.split()[2:])
    assert done.exit_code == 0
    said = iter(words(done.stdout))
    assert [word for word in words(expected) if word not in said] == []


def test_there_are_pages():
    assert len(list(TEXTS.glob("*.txt"))) >= 8


MODEL = {
    "version": "2.0",
    "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "mine", "protocol": "json", "serviceId": "Mine"},
    "operations": {
        "DoIt": {
            "name": "DoIt",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "DoItRequest"},
            "output": {"shape": "DoItResponse"},
            "errors": [{"shape": "TooOften"}],
        }
    },
    "shapes": {
        "DoItRequest": {
            "type": "structure",
            "required": ["Name"],
            "members": {
                "Name": {"shape": "Text"},
                "Steps": {"shape": "Steps"},
                "PIN": {"shape": "Secret"},
                "Body": {"shape": "Stream"},
                "When": {"shape": "Moment"},
            },
        },
        "DoItResponse": {"type": "structure", "members": {"Done": {"shape": "Flag"}}},
        "Flag": {"type": "boolean"},
        "Moment": {"type": "timestamp"},
        "Secret": {"type": "string", "sensitive": True},
        "Step": {"type": "structure", "members": {"Title": {"shape": "Text"}, "Steps": {"shape": "Steps"}}},
        "Steps": {"type": "list", "member": {"shape": "Step"}},
        "Stream": {"type": "blob", "streaming": True},
        "Text": {"type": "string"},
        "TooOften": {"type": "structure", "members": {}, "exception": True},
    },
}
PAGE = """\
mine DoIt

eventSource          mine.amazonaws.com
eventName            DoIt
eventCategory        Management, managementEvent true
readOnly             false
apiVersion           absent
awsRegion            the region that the request is signed for

requestParameters
  name        string; required
  steps[]
    title     string
    steps     list of structure, as above
  pIN         hidden as "HIDDEN_DUE_TO_SECURITY_REASONS"
  when        timestamp, such as "Jul 9, 2023, 1:05:03 PM"
  (left out)  Body

responseElements
  done  boolean

resources            absent
additionalEventData  only bototrail's own: labels, stubbed, presigned

errors
  refused            errorCode AccessDenied; requestParameters are null
  modelled           TooOften
  no answer          errorCode is the exception's name, such as EndpointConnectionError

never written
  requestParameters      PIN (hidden), Body
"""


def test_a_model_of_the_users_own(monkeypatch, tmp_path):
    folder = tmp_path / "mine" / "2020-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(MODEL))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    assert explain("mine", "do-it").stdout == PAGE
    assert explain("states", "CreateStateMachine").exit_code == 0


FOUND = [
    ("s3", "PutObject", "s3 PutObject"),
    ("S3", "put_object", "s3 PutObject"),
    ("s3.amazonaws.com", "put-object", "s3 PutObject"),
    ("s3", "PutBucketLifecycle", "s3 PutBucketLifecycle"),
    ("s3", "getaccelerateconfiguration", "s3 GetBucketAccelerateConfiguration"),
    ("stepfunctions", "createStateMachine", "stepfunctions CreateStateMachine"),
    ("states", "CreateStateMachine", "stepfunctions CreateStateMachine"),
    ("States.AmazonAWS.com", "CreateStateMachine", "stepfunctions CreateStateMachine"),
    ("monitoring", "put_metric_data", "cloudwatch PutMetricData"),
    ("lambda", "CreateFunction20150331", "lambda CreateFunction"),
    ("lambda", "updatefunctioncode20150331", "lambda UpdateFunctionCode"),
    ("rds", "describe_db_instances", "rds DescribeDBInstances"),
    ("rds.amazonaws.com", "CreateDBInstance", "rds CreateDBInstance"),
    ("elasticloadbalancing", "CreateTargetGroup", "elbv2 CreateTargetGroup"),
    ("elasticloadbalancing", "RegisterInstancesWithLoadBalancer", "elb RegisterInstancesWithLoadBalancer"),
    ("apigateway.amazonaws.com", "CreateIntegrationResponse", "apigatewayv2 CreateIntegrationResponse"),
    ("ses", "CreateEmailIdentity", "sesv2 CreateEmailIdentity"),
    ("email", "CloneReceiptRuleSet", "ses CloneReceiptRuleSet"),  # in the host of its endpoint
    ("sagemaker", "InvokeEndpoint", "sagemaker-runtime InvokeEndpoint"),
]


@pytest.mark.parametrize(("service", "operation", "title"), FOUND)
def test_names_are_taken_in_every_spelling(service, operation, title):
    done = explain(service, operation)
    assert (done.exit_code, done.stdout.partition("\n")[0]) == (0, title)


def test_the_quick_look_at_a_model_finds_what_the_model_says():
    catalogue = Catalogue()
    for service in catalogue.names[::40]:
        source = next(catalogue.plans(service)).event_source.removesuffix(".amazonaws.com")
        assert service in catalogue.logging_to(source)


NOTES = [
    ("elasticloadbalancing", "CreateLoadBalancer", "elb logs to the same eventSource"),
    ("ses", "CreateEmailIdentity", "ses has no such operation; sesv2 has, and logs to the same eventSource"),
    ("s3", "ListObjects", "ListObjectsV2 is logged under the same eventName"),
]


@pytest.mark.parametrize(("service", "operation", "note"), NOTES)
def test_a_choice_is_told(service, operation, note):
    assert f"note: {note}" in explain(service, operation).stdout
    notes = json.loads(explain("--format", "json", service, operation).stdout)["notes"]
    assert any(text.startswith(note) for text in notes)


WRONG = [
    (["dynamodbb", "PutItem"], "found 'dynamodbb'; did you mean dynamodb"),
    (["statess"], "found 'statess'; did you mean states"),
    (["nonesuch-service-at-all"], "expected a service by its name in botocore (s3) or its eventSource"),
    (["iam", "CreateLoginProfil"], "found 'CreateLoginProfil'; did you mean CreateLoginProfile"),
    (["s3", "put-objct"], "did you mean PutObject"),
    (["iam", "zzzz"], "`bototrail explain iam` lists them"),
    (["iam", "CreateUser", "--depth", "0"], "--depth"),
    (["iam", "CreateUser", "--format", "csv"], "csv"),
    ([], "Missing argument 'SERVICE'"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_is_wrong_is_told(arguments, words):
    done = explain(*arguments)
    assert (done.exit_code, words in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


def test_json_has_everything():
    found = json.loads(explain("kms", "Decrypt", "--format", "json").stdout)
    assert (found["eventName"], found["readOnly"], found["eventCategory"]) == ("Decrypt", True, "Management")
    assert found["requestParameters"]["skeleton"]["encryptionContext"] == {"<key>": "string"}
    assert {"member": "CiphertextBlob", "key": None, "type": "blob", "hidden": None, "required": False} in found[
        "requestParameters"
    ]["members"]
    assert found["responseElements"] == {"null": "reads log no result"}
    assert found["example"]["requestParameters"]["keyId"] == "example-KeyId"
    assert found["example"]["responseElements"] is None


def test_depth():
    short, long = (explain("ec2", "RunInstances", "--depth", depth).stdout for depth in ("1", "4"))
    assert "list of structure" in short
    assert "enaSrdUdpEnabled" not in short
    assert "enaSrdUdpEnabled" in long


def test_all_operations_of_a_service():
    lines = explain("lambda").stdout.splitlines()
    assert lines[0] == "eventSource  lambda.amazonaws.com"
    assert lines[2].split() == ["service", "operation", "eventName", "eventCategory", "readOnly"]
    assert ["lambda", "CreateFunction", "CreateFunction20150331", "Management", "false"] in map(str.split, lines)
    assert ["lambda", "Invoke", "Invoke", "Data", "false"] in map(str.split, lines)


def test_all_operations_of_an_event_source():
    rows = json.loads(explain("elasticloadbalancing", "--format", "json").stdout)
    assert {row["service"] for row in rows} == {"elb", "elbv2"}
    assert {row["eventSource"] for row in rows} == {"elasticloadbalancing.amazonaws.com"}


def test_nothing_of_the_users_configuration_is_needed(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert explain("sts", "AssumeRole").exit_code == 0


def test_help_has_examples():
    done = explain("--help")
    assert (done.exit_code, "\n    bototrail explain iam CreateLoginProfile\n" in done.stdout) == (0, True)
