"""What an event is called and what kind it is, and how its failure is named: one row a fact."""

from __future__ import annotations

from typing import Any

import pytest

EVENTS: list[tuple[str, str, str, str, bool, str]] = [
    ("apigatewayv2", "GetApis", "apigateway", "GetApis", True, "Management"),
    ("bedrock-runtime", "Converse", "bedrock", "Converse", True, "Management"),
    ("cloudwatch", "GetDashboard", "monitoring", "GetDashboard", True, "Management"),
    ("cognito-idp", "ListUsers", "cognito-idp", "ListUsers", True, "Management"),
    ("ecr", "BatchGetImage", "ecr", "BatchGetImage", True, "Management"),
    ("efs", "CreateTags", "elasticfilesystem", "CreateTags", False, "Management"),
    ("elbv2", "CreateRule", "elasticloadbalancing", "CreateRule", False, "Management"),
    ("emr", "ListClusters", "elasticmapreduce", "ListClusters", True, "Management"),
    ("iam", "GenerateCredentialReport", "iam", "GenerateCredentialReport", True, "Management"),
    ("identitystore", "CreateGroup", "sso-directory", "CreateGroup", False, "Management"),
    ("kms", "Decrypt", "kms", "Decrypt", True, "Management"),
    ("lambda", "GetFunction", "lambda", "GetFunction20150331v2", True, "Management"),
    ("lambda", "Invoke", "lambda", "Invoke", False, "Data"),
    ("mq", "ListBrokers", "amazonmq", "ListBrokers", True, "Management"),
    ("opensearch", "ListTags", "es", "ListTags", True, "Management"),
    ("resourcegroupstaggingapi", "GetResources", "tagging", "GetResources", True, "Management"),
    ("s3", "GetBucketLifecycleConfiguration", "s3", "GetBucketLifecycle", True, "Management"),
    ("s3", "GetPublicAccessBlock", "s3", "GetBucketPublicAccessBlock", True, "Management"),
    ("s3", "HeadBucket", "s3", "HeadBucket", True, "Data"),
    ("s3", "ListObjectsV2", "s3", "ListObjects", True, "Data"),
    ("s3control", "GetPublicAccessBlock", "s3", "GetAccountPublicAccessBlock", True, "Management"),
    ("sagemaker", "ListModels", "sagemaker", "ListModels", True, "Management"),
    ("sesv2", "GetAccount", "ses", "GetAccount", True, "Management"),
    ("sso-admin", "ListInstances", "sso", "ListInstances", True, "Management"),
    ("stepfunctions", "ListActivities", "states", "ListActivities", True, "Management"),
    ("sts", "AssumeRole", "sts", "AssumeRole", True, "Management"),
    ("sts", "GetSessionToken", "sts", "GetSessionToken", False, "Management"),
]


@pytest.mark.parametrize(("service", "operation", "source", "name", "read_only", "category"), EVENTS)
def test_an_event_is_named_and_sorted_as_aws_does(
    plan: Any, service: str, operation: str, source: str, name: str, read_only: bool, category: str
) -> None:
    made = plan(service, operation)
    found = (made.event_source, made.event_name, made.read_only, made.event_category)
    assert found == (f"{source}.amazonaws.com", name, read_only, category)
    assert made.management == (category == "Management")


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
    ("kms", "DescribeKey", "NotFoundException", 400, "NotFoundException", False),
    ("sts", "AssumeRole", "AccessDenied", 403, "AccessDenied", False),
    ("sts", "GetSessionToken", "AccessDenied", 403, "AccessDenied", True),
    ("s3", "CreateBucket", "AccessDenied", 403, "AccessDenied", True),
    ("s3", "HeadBucket", "404", 404, "NoSuchBucket", True),
    ("s3", "HeadObject", "403", 403, "AccessDenied", True),
    ("s3", "HeadObject", "404", 404, "NoSuchKey", True),
    ("s3", "CreateBucket", "BucketAlreadyExists", 409, "BucketAlreadyExists", True),
    ("sns", "CreateTopic", "AuthorizationError", 403, "AccessDenied", False),
    ("ssm", "PutParameter", "ThrottlingException", 400, "ThrottlingException", False),
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


def test_a_missing_bucket_is_no_resource(record: Any) -> None:
    made = record("s3", "GetBucketAcl", {"Bucket": "b"}, error_code="NoSuchBucket", status=404)
    assert "resources" not in made
    assert "resources" in record("s3", "GetBucketAcl", {"Bucket": "b"}, error_code="AccessDenied", status=403)


def test_a_refused_call_has_reached_no_version_of_the_service(record: Any) -> None:
    refused = {"error_code": "AccessDenied", "error_message": "m", "status": 403}
    made = record("cloudfront", "CreateFunction", {"Name": "f"}, **refused)
    assert made["eventName"] == "CreateFunction2020_05_31"
    assert "apiVersion" not in made
    made = record("cloudfront", "CreateFunction", {"Name": "f"})
    assert (made["eventName"], made["apiVersion"]) == ("CreateFunction", "2020_05_31")
    assert "apiVersion" not in record("dynamodb", "ListTables", **refused)
    assert record("dynamodb", "ListTables", error_code="X")["apiVersion"] == "2012-08-10"
