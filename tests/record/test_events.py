"""What an event is called and what kind it is, and how its failure is named: one row a fact."""

from __future__ import annotations

from typing import Any

import pytest
from record.calls import of_current_models, plan, service_model

from bototrail.record.rules import READ_PREFIXES
from bototrail.record.sources import EVENT_SOURCES, GLOBAL_SERVICES, event_source

# Service and eventSource, which often is the endpoint prefix of the model.
SOURCES = """
acm acm
apigateway apigateway
apigatewaymanagementapi apigateway
apigatewayv2 apigateway
appconfigdata appconfig
application-autoscaling autoscaling
application-insights application-insights
application-signals applicationsignals
appstream appstream
autoscaling autoscaling
bedrock bedrock
bedrock-agent bedrock
bedrock-agent-runtime bedrock
bedrock-agentcore-control bedrock-agentcore
bedrock-data-automation bedrock
bedrock-data-automation-runtime bedrock
bedrock-runtime bedrock
chime-sdk-identity chime
chime-sdk-media-pipelines chime-sdk-media-pipelines
chime-sdk-meetings chime
chime-sdk-messaging chime
chime-sdk-voice chime-sdk-voice
cloudhsmv2 cloudhsm
cloudwatch monitoring
cognito-idp cognito-idp
connectparticipant connect
detective detective
dynamodb dynamodb
dynamodbstreams dynamodb
ebs ebs
ecr ecr
ecr-public ecr-public
efs elasticfilesystem
elb elasticloadbalancing
elbv2 elasticloadbalancing
emr elasticmapreduce
es es
events events
identitystore sso-directory
kafka kafka
keyspacesstreams cassandra
lex-models lex
lex-runtime lex
lexv2-models lex
lexv2-runtime lex
logs logs
marketplace-agreement agreement-marketplace
marketplace-catalog aws-marketplace
marketplace-entitlement aws-marketplace
mediatailor mediatailor
memorydb memorydb
meteringmarketplace metering-marketplace
mgh migrationhub
mq amazonmq
mwaa airflow
opensearch es
pinpoint-email ses
pinpoint-sms-voice sms-voice
pinpoint-sms-voice-v2 sms-voice
polly tts
rds-data rdsdata
resourcegroupstaggingapi tagging
s3 s3
s3control s3
s3outposts s3-outposts
sagemaker sagemaker
sagemaker-runtime sagemaker
ses ses
sesv2 ses
sso sso
sso-admin sso
sso-oidc sso
stepfunctions states
"""
SOURCE_OF = dict(line.split() for line in SOURCES.strip().splitlines())


@of_current_models
@pytest.mark.parametrize(("service", "source"), [*SOURCE_OF.items()])
def test_an_event_is_of_the_source_that_aws_names(service: str, source: str) -> None:
    made = plan(service, service_model(service).operation_names[0])
    assert made.event_source == f"{source}.amazonaws.com"


@of_current_models
@pytest.mark.parametrize("service", sorted(EVENT_SOURCES))
def test_no_source_can_be_taken_away_unnoticed(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    monkeypatch.delitem(EVENT_SOURCES, service)
    model = service_model(service)
    found = event_source(service, model.endpoint_prefix, model.signing_name)
    assert found != SOURCE_OF[service]


@pytest.mark.parametrize(
    ("service", "expected"),
    [(name, True) for name in ("cloudfront", "health", "iam", "organizations", "route53", "support")]
    + [(name, False) for name in ("account", "ce", "s3", "sts")],
)
def test_some_services_log_in_one_region(service: str, expected: bool) -> None:
    assert plan(service, service_model(service).operation_names[0]).is_global == expected


def test_no_global_service_can_be_added_unnoticed() -> None:
    assert len(GLOBAL_SERVICES) == 6


# The general rule: operation and whether it is a read.
READS = """
cloudformation ValidateTemplate read
cloudtrail LookupEvents read
cloudtrail StartLogging write
config SelectResourceConfig read
dynamodb Query read
dynamodb Scan read
ecr BatchGetImage read
glue SearchTables read
iam ListUsers read
iam SimulatePrincipalPolicy read
lambda GetFunction read
rekognition DetectFaces read
route53 TestDNSAnswer read
s3 HeadBucket read
sagemaker BatchDescribeModelPackage read
sqs DeleteQueue write
ssm DescribeParameters read
wafv2 CheckCapacity read
"""


@pytest.mark.parametrize(("service", "operation", "kind"), [line.split() for line in READS.strip().splitlines()])
def test_the_name_of_an_operation_says_whether_it_reads(service: str, operation: str, kind: str) -> None:
    assert plan(service, operation).read_only == (kind == "read")


@pytest.mark.parametrize("prefix", READ_PREFIXES)
def test_no_prefix_can_be_taken_away_unnoticed(prefix: str) -> None:
    others = tuple(other for other in READ_PREFIXES if other != prefix)
    reads = [line.split()[1] for line in READS.strip().splitlines() if line.endswith("read")]
    assert any(name.startswith(prefix) and not name.startswith(others) for name in reads)


ERRORS: list[tuple[str, str, str, int, str, bool]] = [
    # service, operation, code in the answer, status, errorCode, whether requestParameters are kept
    ("autoscaling", "CreateAutoScalingGroup", "ValidationError", 400, "ValidationException", True),
    ("dynamodb", "PutItem", "ConditionalCheckFailedException", 400, "ConditionalCheckFailedException", True),
    ("ec2", "StopInstances", "InternalError", 500, "Server.InternalError", True),
    ("ec2", "StopInstances", "UnauthorizedOperation", 403, "Client.UnauthorizedOperation", True),
    ("iam", "CreateUser", "AccessDenied", 403, "AccessDenied", False),
    ("iam", "CreateUser", "EntityAlreadyExists", 409, "EntityAlreadyExistsException", True),
    ("cloudwatch", "GetDashboard", "ResourceNotFound", 404, "DashboardNotFoundError", True),
    ("iam", "CreateUser", "Throttling", 400, "ThrottlingException", True),
    ("kms", "Encrypt", "AccessDeniedException", 400, "AccessDenied", False),
    ("s3", "CreateBucket", "BucketAlreadyExists", 409, "BucketAlreadyExists", True),
]


@pytest.mark.parametrize(("service", "operation", "code", "status", "expected", "kept"), ERRORS)
def test_an_error_is_named_as_aws_does(
    record: Any, service: str, operation: str, code: str, status: int, expected: str, kept: bool
) -> None:
    parameters = {"a": "b"}
    made = record(service, operation, request_parameters=parameters, error_code=code, error_message="m", status=status)
    assert (made["errorCode"], made["errorMessage"], made["responseElements"]) == (expected, "m", None)
    assert (made["requestParameters"] is not None) == kept


def test_a_message_that_the_model_calls_sensitive_is_hidden(record: Any) -> None:
    seen = {"error_code": "ValidationException", "error_message": "m", "status": 400}
    assert record("proton", "CreateService", **seen)["errorMessage"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    # No model has seen what the SDK itself says.
    assert record("proton", "CreateService", **seen, answered=False)["errorMessage"] == "m"


def test_some_services_write_the_error_as_their_answer(record: Any) -> None:
    seen = {"error_code": "BadRequestException", "error_message": "m", "error_fields": {"Message": "m"}, "status": 400}
    made = record("guardduty", "CreateDetector", {"Enable": True}, **seen)
    assert made["responseElements"] == {"message": "m"}
    assert "errorMessage" not in made
    assert record("guardduty", "GetDetector", {"DetectorId": "d"}, **seen)["responseElements"] is None


@pytest.mark.parametrize(
    ("service", "operation", "code", "fields", "expected"),
    [
        ("detective", "AcceptInvitation", "ValidationException", {}, {"Message": "m"}),
        ("eks", "CreateCluster", "ResourceInUseException", {"message": "m", "x": 1}, {"message": "m"}),
        ("guardduty", "CreateIPSet", "UnknownException", {}, {"message": "m"}),
    ],
)
def test_the_body_of_an_error_is_spelt_as_on_the_wire(
    record: Any, service: str, operation: str, code: str, fields: Any, expected: Any
) -> None:
    made = record(service, operation, error_code=code, error_message="m", error_fields=fields, status=400)
    assert made["responseElements"] == expected
    assert "errorMessage" not in made


def test_a_code_of_the_sdk_itself_is_not_translated(record: Any) -> None:
    seen = {"error_code": "AccessDeniedException", "error_message": "m", "answered": False}
    made = record("iam", "CreateUser", {"UserName": "u"}, **seen)
    assert (made["errorCode"], made["requestParameters"]) == ("AccessDeniedException", {"userName": "u"})


def test_a_refused_call_has_reached_no_version_of_the_service(record: Any) -> None:
    refused = {"error_code": "AccessDenied", "error_message": "m", "status": 403}
    made = record("cloudfront", "CreateFunction", {"Name": "f"}, **refused)
    assert made["eventName"] == "CreateFunction2020_05_31"
    assert "apiVersion" not in made
    made = record("cloudfront", "CreateFunction", {"Name": "f"})
    assert (made["eventName"], made["apiVersion"]) == ("CreateFunction", "2020_05_31")
    assert "apiVersion" not in record("dynamodb", "ListTables", **refused)
    assert record("dynamodb", "ListTables", error_code="X")["apiVersion"] == "2012-08-10"
