"""Requests, one row a fact of how AWS spells them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
REMOVED = "<sensitiveDataRemoved>"
NOON = datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)

REQUESTS: list[tuple[str, str, Any, Any]] = [
    # the general rule
    ("iam", "CreateServiceLinkedRole", {"AWSServiceName": "x"}, {"aWSServiceName": "x"}),
    ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "d"}, {"dBInstanceIdentifier": "d"}),
    ("sns", "TagResource", {"Tags": [{"Key": "K", "Value": "V"}]}, {"tags": [{"key": "K", "value": "V"}]}),
    ("iam", "ListUsers", {}, None),
    ("sts", "GetCallerIdentity", {}, None),
    ("lambda", "TagResource", {"Tags": {"Key": "V"}}, {"tags": {"Key": "V"}}),
    ("sqs", "AddPermission", {"AWSAccountIds": ["1"], "Unknown": 1}, {"aWSAccountIds": ["1"]}),
    ("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/x"}, {"logGroupNamePrefix": "/x"}),
    ("config", "GetResourceConfigHistory", {"laterTime": NOON}, {"laterTime": "Jul 9, 2023, 12:05:03 PM"}),
    (
        "s3",
        "PutBucketAcl",
        {"Bucket": "b", "AccessControlPolicy": {"Grants": [{"Grantee": {"Type": "Group", "URI": "u"}}]}},
        {
            "bucketName": "b",
            "acl": "",
            "AccessControlPolicy": {
                "AccessControlList": {
                    "Grant": {
                        "Grantee": {
                            "xsi:type": "Group",
                            "URI": "u",
                            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                        }
                    }
                },
                "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
            },
        },
    ),
    (
        "iot-data",
        "Publish",
        {"topic": "t", "userProperties": [{"a": "b"}]},
        {"topic": "t", "userProperties": [{"a": "b"}]},
    ),
    # left out and hidden
    ("ssm", "SendCommand", {"Parameters": {}}, {"parameters": HIDDEN, "interactive": False}),
    ("iam", "CreateLoginProfile", {"UserName": "u", "Password": "p"}, {"userName": "u"}),
    ("iam", "ChangePassword", {"OldPassword": "p", "NewPassword": "q"}, None),
    ("sts", "AssumeRole", {"RoleArn": "r", "TokenCode": "123456"}, {"roleArn": "r"}),
    ("secretsmanager", "PutSecretValue", {"SecretId": "s", "SecretString": "p"}, {"secretId": "s"}),
    ("ssm", "SendCommand", {"Parameters": {"c": ["x"]}}, {"parameters": HIDDEN, "interactive": False}),
    ("sns", "Publish", {"TopicArn": "t", "Message": "m"}, {"topicArn": "t", "message": HIDDEN}),
    ("sqs", "SendMessage", {"QueueUrl": "q", "MessageBody": "m"}, {"queueUrl": "q", "messageBody": HIDDEN}),
    ("kms", "Sign", {"KeyId": "k", "Message": b"m"}, {"keyId": "k"}),
    ("kms", "Decrypt", {"CiphertextBlob": b"c"}, {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}),
    ("lambda", "Invoke", {"FunctionName": "f", "Payload": b"p"}, {"functionName": "f"}),
    ("rds", "CreateDBCluster", {"PreSignedUrl": ""}, {"preSignedUrl": ""}),
    ("rds", "CreateDBCluster", {"MasterUserPassword": "p"}, {"masterUserPassword": HIDDEN}),
    ("rds-data", "ExecuteStatement", {"parameters": [], "sql": "s"}, {"parameters": [], "sql": "**********"}),
    # spelt otherwise by their services
    ("apigateway", "GetRestApis", {}, {"template": False}),
    ("apigateway", "ImportRestApi", {"body": b'{"a":1}'}, {"body": '{"a":1}', "template": False}),
    ("backup", "ListBackupJobs", {"ByCreatedAfter": NOON}, {"byCreatedAfter": "Jul 9, 2023, 12:05:03 PM"}),
    ("cognito-idp", "AdminInitiateAuth", {"ClientId": "c"}, {"clientId": "c"}),
    ("connect", "CreateInstance", {"InstanceAlias": "a"}, {"InstanceAlias": "a"}),
    ("databrew", "DeleteDataset", {"Name": "n"}, {"name": "n"}),
    ("databrew", "CreateDataset", {"Name": "n"}, {"Name": "n"}),
    (
        "ecs",
        "RegisterTaskDefinition",
        {"containerDefinitions": [{"environment": [{"name": "a", "value": "b"}]}]},
        {"containerDefinitions": [{"environment": [{"name": "a", "value": "***REDACTED***"}]}]},
    ),
    ("ssm", "StartAutomationExecution", {"Parameters": {"a": ["b", "c"]}}, {"parameters": {"a": [HIDDEN, HIDDEN]}}),
    (
        "codebuild",
        "StartBuild",
        {"environmentVariablesOverride": [{"name": "a", "value": "b", "type": "PLAINTEXT"}]},
        {"environmentVariablesOverride": [{"name": HIDDEN, "value": HIDDEN, "type": HIDDEN}]},
    ),
    (
        "apigateway",
        "CreateStage",
        {"restApiId": "a", "stageName": "s", "deploymentId": "d"},
        {"restApiId": "a", "createStageInput": {"stageName": "s", "deploymentId": "d"}, "template": False},
    ),
    ("connect", "GetContactAttributes", {"InstanceId": "i"}, {"InstanceId": "i"}),
    ("eks", "CreateNodegroup", {"clusterName": "c", "nodegroupName": "n"}, {"name": "c", "nodegroupName": "n"}),
    ("glue", "GetConnections", {}, {"hidePassword": False}),
    ("identitystore", "CreateGroup", {"DisplayName": "g"}, {"displayName": "g"}),
    ("identitystore", "CreateGroup", {"Description": "d"}, {"description": HIDDEN}),
    ("pinpoint", "GetCampaigns", {"ApplicationId": "a", "PageSize": "9"}, {"application-id": "a", "page-size": "9"}),
    ("pinpoint-sms-voice", "CreateConfigurationSet", {"ConfigurationSetName": "c"}, {"ConfigurationSetName": "c"}),
    ("resource-groups", "ListGroups", {"NextToken": "n", "Filters": []}, {"nextToken": "n", "Filters": []}),
    ("synthetics", "UpdateCanary", {"Name": "n", "Schedule": {}}, {"name": "n", "Schedule": {}}),
    ("ce", "GetTags", {"TagKey": "k"}, {"TagKey": "k"}),
    ("eks", "DescribeCluster", {"name": "c"}, {"name": "c"}),
    ("eks", "DescribeAccessEntry", {"clusterName": "c"}, {"name": "c"}),
    ("securityhub", "DeleteMembers", {"AccountIds": ["1"]}, {"AccountIds": ["1"]}),
    ("appsync", "UpdateResolver", {"requestMappingTemplate": "t"}, {"requestMappingTemplate": "***"}),
    ("cloudwatch", "GetDashboard", {"DashboardName": "d"}, None),
    ("events", "DeleteRule", {"Name": "r"}, {"name": "r", "force": False}),
    ("events", "RemoveTargets", {"Rule": "r"}, {"rule": "r", "force": False}),
    # secrets by their names alone
    ("apigateway", "GetApiKey", {"apiKey": "id"}, {"apiKey": "id", "template": False}),
    ("appflow", "CreateConnectorProfile", {"connectorProfileConfig": {}}, {"connectorProfileConfig": {}}),
    (
        "emr",
        "RunJobFlow",
        {"KerberosAttributes": {"KdcAdminPassword": "p"}},
        {"kerberosAttributes": {"kdcAdminPassword": HIDDEN}},
    ),
    ("iam", "UpdateSAMLProvider", {"RemovePrivateKey": "id"}, {"removePrivateKey": "id"}),
    ("redshift", "CreateHsmConfiguration", {"HsmPartitionPassword": "p"}, {"hsmPartitionPassword": HIDDEN}),
    ("redshift", "CreateHsmConfiguration", {"HsmPartitionPassword": ""}, {"hsmPartitionPassword": ""}),
    ("cloudformation", "RecordHandlerProgress", {"BearerToken": "b"}, {"bearerToken": HIDDEN}),
    (
        "glue",
        "CreateConnection",
        {"ConnectionInput": {"Name": "n", "ConnectionProperties": {"PASSWORD": "p"}}},
        {"connectionInput": {"name": "n"}},
    ),
    # sensitive by the model alone
    ("acm", "ImportCertificate", {"PrivateKey": b"k"}, {"privateKey": HIDDEN}),
    # DynamoDB
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {"a": {"S": "v"}}}, {"tableName": "t", "item": ["a"]}),
    ("dynamodb", "GetItem", {"TableName": "t", "Key": {"a": {"S": "k"}}}, {"tableName": "t", "key": {"a": "k"}}),
    ("dynamodb", "Query", {"TableName": "t", "ExpressionAttributeValues": {":a": {"S": "v"}}}, {"tableName": "t"}),
    (
        "dynamodb",
        "TransactWriteItems",
        {"TransactItems": [{"Put": {"TableName": "t", "Item": {"a": {"S": "v"}}}}, {"Delete": {"TableName": "u"}}]},
        {
            "requestItems": [
                {"operation": "Put", "tableName": "t", "items": ["a"]},
                {"operation": "Delete", "tableName": "u"},
            ]
        },
    ),
    (
        "dynamodb",
        "BatchExecuteStatement",
        {"Statements": [{"Statement": "SELECT * FROM t WHERE a = 'v'", "Parameters": [{"S": "v"}]}]},
        {"requestItems": [{"statement": "SELECT * FROM t WHERE a = ***(Redacted)"}]},
    ),
    # EC2, flat
    ("ec2", "DescribeRegions", {}, {"regionSet": {}}),
    ("ec2", "DescribeBundleTasks", {}, {"bundlesSet": {}}),
    ("ec2", "DescribeAvailabilityZones", {}, {"availabilityZoneSet": {}, "availabilityZoneIdSet": {}}),
    ("ec2", "DescribeAccountAttributes", {}, {"accountAttributeNameSet": {}, "filterSet": {}}),
    ("ec2", "CreateVolume", {"Size": 1, "AvailabilityZone": "z"}, {"size": "1", "zone": "z"}),
    ("ec2", "DescribeInstances", {}, {"instancesSet": {}, "filterSet": {}}),
    (
        "ec2",
        "DescribeVpcs",
        {"VpcIds": ["vpc-1"], "Filters": [{"Name": "n", "Values": ["a", "b"]}]},
        {
            "vpcSet": {"items": [{"vpcId": "vpc-1"}]},
            "filterSet": {"items": [{"name": "n", "valueSet": {"items": [{"value": "a"}, {"value": "b"}]}}]},
        },
    ),
    (
        "ec2",
        "CreateTags",
        {"Resources": ["i-1"], "Tags": [{"Key": "k", "Value": "true"}]},
        {
            "resourcesSet": {"items": [{"resourceId": "i-1"}]},
            "tagSet": {"items": [{"key": "k", "value": "true"}]},
        },
    ),
    (
        "ec2",
        "AuthorizeSecurityGroupIngress",
        {"GroupId": "g", "IpPermissions": [{"FromPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
        {
            "groupId": "g",
            "ipPermissions": {
                "items": [
                    {
                        "fromPort": 22,
                        "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
                        "groups": {},
                        "ipv6Ranges": {},
                        "prefixListIds": {},
                    }
                ]
            },
        },
    ),
    (
        "ec2",
        "CreateVpc",
        {"CidrBlock": "c", "TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "k", "Value": "v"}]}]},
        {
            "cidrBlock": "c",
            "tagSpecificationSet": {"items": [{"resourceType": "vpc", "tags": [{"key": "k", "value": "v"}]}]},
        },
    ),
    (
        "ec2",
        "RunInstances",
        {"ImageId": "ami", "MinCount": 1, "MaxCount": 2, "UserData": "u", "Placement": {"AvailabilityZone": "z"}},
        {
            "instancesSet": {"items": [{"imageId": "ami", "minCount": 1, "maxCount": 2}]},
            "userData": REMOVED,
            "availabilityZone": "z",
            "blockDeviceMapping": {},
            "disableApiStop": False,
            "disableApiTermination": False,
            "monitoring": {"enabled": False},
        },
    ),
    (
        "ec2",
        "ModifySnapshotAttribute",
        {"SnapshotId": "s", "CreateVolumePermission": {"Add": [{"UserId": "1"}]}},
        {
            "snapshotId": "s",
            "createVolumePermission": {"add": {"items": [{"userId": "1"}]}},
            "attributeType": "CREATE_VOLUME_PERMISSION",
        },
    ),
    # EC2, wrapped
    ("ec2", "DescribeLaunchTemplates", {}, {"DescribeLaunchTemplatesRequest": ""}),
    (
        "ec2",
        "DeleteFlowLogs",
        {"FlowLogIds": ["fl-1"]},
        {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-1"}}},
    ),
    (
        "ec2",
        "CreateNatGateway",
        {"SubnetId": "s", "TagSpecifications": [{"Tags": [{"Key": "a", "Value": "true"}, {"Key": "b", "Value": "7"}]}]},
        {
            "CreateNatGatewayRequest": {
                "SubnetId": "s",
                "TagSpecification": {
                    "Tag": [{"Key": "a", "Value": True, "tag": 1}, {"Key": "b", "Value": 7, "tag": 2}],
                    "tag": 1,
                },
            }
        },
    ),
    # S3
    ("s3", "GetBucketAcl", {"Bucket": "b"}, {"bucketName": "b", "acl": ""}),
    (
        "s3",
        "ListObjectsV2",
        {"Bucket": "b", "Prefix": "", "MaxKeys": 5},
        {"bucketName": "b", "prefix": "", "max-keys": "5", "list-type": "2"},
    ),
    (
        "s3",
        "PutObject",
        {
            "Bucket": "b",
            "Key": "k",
            "Body": b"x",
            "ContentType": "t",
            "SSECustomerKey": "s",
            "SSECustomerKeyMD5": "m",
            "SSECustomerAlgorithm": "AES256",
            "Metadata": {"a": "b"},
            "SSEKMSKeyId": "key",
        },
        {
            "bucketName": "b",
            "key": "k",
            "x-amz-server-side-encryption-customer-algorithm": "AES256",
            "x-amz-server-side-encryption-aws-kms-key-id": "key",
        },
    ),
    (
        "s3",
        "PutBucketTagging",
        {"Bucket": "b", "Tagging": {"TagSet": [{"Key": "k", "Value": "true"}]}},
        {
            "bucketName": "b",
            "tagging": "",
            "Tagging": {
                "TagSet": {"Tag": {"Key": "k", "Value": True}},
                "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
            },
        },
    ),
    (
        "s3",
        "PutBucketPolicy",
        {"Bucket": "b", "Policy": '{"Version":"2012-10-17"}'},
        {"bucketName": "b", "policy": "", "bucketPolicy": {"Version": "2012-10-17"}},
    ),
    (
        "s3",
        "PutBucketAcl",
        {"Bucket": "b", "GrantRead": "uri=x"},
        {"bucketName": "b", "acl": "", "accessControlList": {"x-amz-grant-read": "uri=x"}},
    ),
    (
        "s3",
        "CopyObject",
        {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "c", "Key": "l", "VersionId": "v"}},
        {"bucketName": "b", "key": "k", "x-amz-copy-source": "c/l?versionId=v"},
    ),
    ("s3", "DeleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}]}}, {"bucketName": "b", "delete": ""}),
    (
        "s3control",
        "CreateAccessPoint",
        {"AccountId": "1", "Name": "a", "Bucket": "b"},
        {
            "name": "a",
            "CreateAccessPointRequest": {"Bucket": "b", "xmlns": "http://awss3control.amazonaws.com/doc/2018-08-20/"},
        },
    ),
    (
        "s3",
        "SelectObjectContent",
        {"Bucket": "b", "Key": "k", "Expression": "secret"},
        {"bucketName": "b", "key": "k", "select": "", "select-type": "2"},
    ),
    ("s3control", "ListAccessPoints", {"AccountId": "1", "Bucket": "b"}, {"bucket": "b"}),
]


@pytest.mark.parametrize(("service", "operation", "params", "expected"), REQUESTS)
def test_a_request_is_spelt_as_aws_does(plan: Any, service: str, operation: str, params: Any, expected: Any) -> None:
    assert plan(service, operation).request_parameters(params) == expected
