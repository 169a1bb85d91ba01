"""`service:Operation`: which calls are meant by which names."""

from __future__ import annotations

import pytest
from border import answer

from bototrail.errors import UnknownNameError
from bototrail.testing.patterns import Pattern

CALLS = {
    # service, method, arguments
    "s3:PutObject": ("s3", "put_object", {"Bucket": "bucket", "Key": "k"}),
    "s3:ListObjectsV2": ("s3", "list_objects_v2", {"Bucket": "bucket"}),
    "s3control:ListJobs": ("s3control", "list_jobs", {"AccountId": "111122223333"}),
    "cloudwatch:PutMetricData": ("cloudwatch", "put_metric_data", {"Namespace": "n"}),
    "stepfunctions:ListStateMachines": ("stepfunctions", "list_state_machines", {}),
    "sesv2:ListContactLists": ("sesv2", "list_contact_lists", {}),
    "sagemaker-runtime:InvokeEndpoint": ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "e", "Body": b"{}"}),
    "lambda:ListFunctions": ("lambda", "list_functions", {}),
}
MEANT = [
    # pattern, the calls that are meant
    ("*", set(CALLS)),
    ("*:*", set(CALLS)),
    ("s3:PutObject", {"s3:PutObject"}),
    ("S3:putobject", {"s3:PutObject"}),
    ("s3:put_object", {"s3:PutObject"}),
    ("s3.amazonaws.com:put-object", {"s3:PutObject"}),
    ("s3:Put?bject", {"s3:PutObject"}),
    ("s3:*", {"s3:PutObject", "s3:ListObjectsV2"}),  # botocore's own name is that service alone
    ("s3*:*", {"s3:PutObject", "s3:ListObjectsV2", "s3control:ListJobs"}),
    ("s3:ListJobs", {"s3control:ListJobs"}),  # but for operations that it has not
    ("s3:list_objects_v2", {"s3:ListObjectsV2"}),
    ("s3:ListObjects", set()),  # eventName of both, but own name of the other
    ("s3:ListObject*", {"s3:ListObjectsV2"}),
    ("cloudwatch:PutMetricData", {"cloudwatch:PutMetricData"}),
    ("monitoring:put_metric_data", {"cloudwatch:PutMetricData"}),
    ("states:*", {"stepfunctions:ListStateMachines"}),
    ("stepfunctions:List*", {"stepfunctions:ListStateMachines"}),
    ("ses:ListContactLists", {"sesv2:ListContactLists"}),
    ("ses:*", set()),
    ("sagemaker:InvokeEndpoint", {"sagemaker-runtime:InvokeEndpoint"}),
    ("lambda:ListFunctions20150331", {"lambda:ListFunctions"}),
    ("lambda:ListFunctions", {"lambda:ListFunctions"}),
    ("*:List*", {c for c in CALLS if ":List" in c}),
    ("dynamodb:*", set()),
]


@pytest.fixture
def all_calls(trail, client):
    for service, method, arguments in CALLS.values():
        made = client(service)
        answer(made, (200, b"" if service in ("s3", "s3control", "cloudwatch") else b"{}"))
        getattr(made, method)(**arguments)
    return trail


def test_patterns_mean_calls_by_every_name_of_theirs(all_calls):
    assert {call.name for call in all_calls} == set(CALLS)
    found = {text: {call.name for call in all_calls.calls(text)} for text, _ in MEANT}
    assert found == dict(MEANT)


@pytest.mark.parametrize("text", ["", ":", "s3", "s3:", ":PutObject", "**"])
def test_what_is_no_pattern(text):
    with pytest.raises(UnknownNameError, match="expected service:Operation"):
        Pattern(text)


@pytest.mark.parametrize(
    "text", ["s[3]:PutObject", "s3:Put(Object", "s3:P.tObject", "no*such:x", "execute-api:nonsense"]
)
def test_what_no_operation_is_called(text):
    with pytest.raises(UnknownNameError, match="found"):
        Pattern(text).check()


@pytest.mark.parametrize(
    "text", ["mon*:*", "execute-api:PostToConnection", "email:*", "s3:GetAccelerateConfiguration*"]
)
def test_what_some_operation_is_called(text):
    Pattern(text).check()
