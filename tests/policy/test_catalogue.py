"""Every operation of botocore beside what IAM knows."""

from __future__ import annotations

import re

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from bototrail.policy.actions import wanted
from bototrail.policy.catalogue import action, actions_of, prefixes, template_of, variables
from bototrail.policy.findings import findings
from bototrail.policy.rest import request
from bototrail.record import plan_for

SERVICES = create_loader().list_available_services("service-2")
SLICES = 8

# Services that the Service Authorization Reference does not have, or of which it knows half at most.
UNKNOWN = {
    "account-access-runtime", "applicationcostprofiler", "cloudhsm", "codecatalyst", "connectparticipant",
    "connectscheduling", "elementalinference", "geo-maps", "iam-toolbox", "iotthingsgraph", "lambda-core",
    "neptunedata", "opensearchmemory", "sagemaker-inference-router-runtime",
}  # fmt: skip


def records(service):
    """A record of each operation, with nothing in it but which operation it is."""
    model = ServiceModel(create_loader().load_service_model(service, "service-2"), service)
    for name in model.operation_names:
        plan = plan_for(model, model.operation_model(name))
        yield {
            "eventType": "AwsApiCall",
            "eventSource": plan.event_source,
            "eventName": plan.event_name,
            "awsRegion": "eu-central-1",
            "recipientAccountId": "111122223333",
            "requestParameters": {},
        }


@pytest.mark.parametrize("number", range(SLICES))
def test_every_action_is_in_the_catalogue_or_marked(number):
    known, unknown = 0, []
    for service in SERVICES[number::SLICES]:
        for record in records(service):
            found = findings(record)
            assert found is not None
            assert found.needs or not wanted(record), f"{service} {record['eventName']} is dropped"
            for need in found.needs:
                exists = action(need.action) is not None
                assert need.verified is exists
                assert not exists or action(need.action).name == need.action
                known += exists
                if not exists and service not in UNKNOWN:
                    unknown.append(f"{service} {need.action}")
    # Operations that are newer than the reference; 1 to 2 of a hundred at most times.
    assert len(unknown) < 0.04 * known, unknown


def test_api_gateway_has_a_verb_and_a_path_for_each_operation():
    for service in ("apigateway", "apigatewayv2"):
        for record in records(service):
            verb, path = request(record["eventName"], {})
            assert re.fullmatch("GET|POST|PUT|PATCH|DELETE", verb)
            assert action(f"apigateway:{verb}") is not None
            assert path.startswith("/")
            assert "{" not in path
    assert request("InventThing", {}) is None


def test_of_two_apis_the_one_is_meant_whose_parameters_are_there():
    assert request("GetStages", {"restApiId": "a1"}) == ("GET", "/restapis/a1/stages")
    assert request("GetStages", {"apiId": "b2"}) == ("GET", "/apis/b2/stages")
    assert request("GetStages", {}) == ("GET", "/restapis/*/stages")
    assert request("TagResource", {"resourceArn": "arn:aws:apigateway:x::/restapis/a1"})[1] == (
        "/tags/arn%3Aaws%3Aapigateway%3Ax%3A%3A%2Frestapis%2Fa1"
    )


def test_actions_are_found_in_any_case():
    found = action("S3:putobject")
    assert found.name == "s3:PutObject"
    assert found.access_level == "Write"
    assert "arn:${Partition}:s3:::${BucketName}/${ObjectName}" in found.resource_types[-1].templates
    assert "s3:x-amz-acl" in found.condition_keys


@pytest.mark.parametrize("name", ["s3:PutObjekt", "nothing:Here", "s3", ""])
def test_what_is_no_action_is_none(name):
    assert action(name) is None


def test_services_are_listed():
    assert "sqs" in prefixes()
    assert "sqs:SendMessage" in actions_of("sqs")
    assert actions_of("nothing") == []


@pytest.mark.parametrize(
    ("prefix", "arn", "last"),
    [
        ("s3", "arn:aws:s3:::bucket", "BucketName"),
        ("s3", "arn:aws:s3:::bucket/key/with/slashes", "ObjectName"),
        ("dynamodb", "arn:aws:dynamodb:x:1:table/orders", "TableName"),
        ("dynamodb", "arn:aws:dynamodb:x:1:table/orders/index/by", "IndexName"),
        ("logs", "arn:aws:logs:x:1:log-group:/app/orders", "LogGroupName"),
        ("logs", "arn:aws:logs:x:1:log-group:/app/orders:log-stream:one", "LogStreamName"),
        ("iam", "arn:aws:iam::1:role/service/path/worker", "RoleNameWithPath"),
    ],
)
def test_an_arn_is_of_the_most_particular_type(prefix, arn, last):
    assert variables(template_of(prefix, arn))[-1] == last


def test_an_arn_of_another_service_is_of_no_type():
    assert template_of("sqs", "arn:aws:s3:::bucket") is None
