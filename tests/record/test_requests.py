"""Requests by the general rules, one row a rule; `rows/` has what single services do."""

from __future__ import annotations

from typing import Any

import pytest
from record.rows import HIDDEN, NOON

REQUESTS: list[tuple[str, str, Any, Any]] = [
    ("iam", "CreateServiceLinkedRole", {"AWSServiceName": "x"}, {"aWSServiceName": "x"}),
    ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "d"}, {"dBInstanceIdentifier": "d"}),
    ("sns", "TagResource", {"Tags": [{"Key": "K", "Value": "V"}]}, {"tags": [{"key": "K", "value": "V"}]}),
    ("iam", "ListUsers", {}, None),
    ("sts", "GetCallerIdentity", {}, None),
    ("lambda", "TagResource", {"Tags": {"Key": "V"}}, {"tags": {"Key": "V"}}),
    ("sqs", "AddPermission", {"AWSAccountIds": ["1"], "Unknown": 1}, {"aWSAccountIds": ["1"]}),
    ("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/x"}, {"logGroupNamePrefix": "/x"}),
    ("config", "GetResourceConfigHistory", {"laterTime": NOON}, {"laterTime": "Jul 9, 2023, 12:05:03 PM"}),
    # JSON in a header
    (
        "iot-data",
        "Publish",
        {"topic": "t", "userProperties": [{"a": "b"}]},
        {"topic": "t", "userProperties": [{"a": "b"}]},
    ),
    ("backup", "ListBackupJobs", {"ByCreatedAfter": NOON}, {"byCreatedAfter": "Jul 9, 2023, 12:05:03 PM"}),
    # members of REST services are called as in the body, but not as in the path
    ("glue", "GetConnections", {"HidePassword": True}, {"hidePassword": True}),
    ("identitystore", "CreateGroup", {"DisplayName": "g"}, {"displayName": "g"}),
    ("lambda", "GetFunction", {"FunctionName": "f"}, {"functionName": "f"}),
    # sensitive by the model; what is empty stays empty
    ("acm", "ImportCertificate", {"PrivateKey": b"k"}, {"privateKey": HIDDEN}),
    ("rds", "CreateDBCluster", {"PreSignedUrl": ""}, {"preSignedUrl": ""}),
    ("ssm", "SendCommand", {"Parameters": {"c": ["x"]}}, {"parameters": HIDDEN, "interactive": False}),
    ("ssm", "SendCommand", {"Parameters": {}}, {"parameters": HIDDEN, "interactive": False}),
    ("stepfunctions", "CreateStateMachine", {"definition": "{}"}, {"definition": HIDDEN}),
    # secrets by their names alone
    ("appflow", "CreateConnectorProfile", {"connectorProfileConfig": {}}, {"connectorProfileConfig": {}}),
    ("cloudformation", "RecordHandlerProgress", {"BearerToken": "b"}, {"bearerToken": HIDDEN}),
    (
        "emr",
        "RunJobFlow",
        {"KerberosAttributes": {"KdcAdminPassword": "p"}},
        {"kerberosAttributes": {"kdcAdminPassword": HIDDEN}},
    ),
    ("redshift", "CreateHsmConfiguration", {"HsmPartitionPassword": "p"}, {"hsmPartitionPassword": HIDDEN}),
    ("redshift", "CreateHsmConfiguration", {"HsmPartitionPassword": ""}, {"hsmPartitionPassword": ""}),
]


@pytest.mark.parametrize(("service", "operation", "params", "expected"), REQUESTS)
def test_a_request_is_spelt_as_aws_does(plan: Any, service: str, operation: str, params: Any, expected: Any) -> None:
    assert plan(service, operation).request_parameters(params) == expected
