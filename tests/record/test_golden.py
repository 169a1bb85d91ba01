"""Whole records, one of each of the first services, gone through by hand."""

from __future__ import annotations

from typing import Any

import pytest

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
USER = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE",
    "arn": "arn:aws:iam::111122223333:user/ann",
    "accountId": "111122223333",
    "accessKeyId": "AKIAEXAMPLE",
    "userName": "ann",
}


def whole(service: str, name: str, **fields: Any) -> dict[str, Any]:
    """A record with what is the same in all of these."""
    base = {
        "eventVersion": "1.11",
        "userIdentity": USER,
        "eventTime": "2023-11-14T22:13:20Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "Boto3/1.44.5",
        "requestParameters": None,
        "responseElements": None,
        "requestID": "5f1c7b5e-0000-4000-8000-000000000000",
        "eventID": "0a0b0c0d-0000-4000-8000-000000000000",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.us-east-1.amazonaws.com",
        },
    }
    return {**base, **fields}


DATA = {"managementEvent": False, "eventCategory": "Data"}
ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd"
QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/q"

GOLDEN: list[tuple[str, str, Any, Any, dict[str, Any]]] = [
    (
        "dynamodb",
        "PutItem",
        {"TableName": "Music", "Item": {"Artist": {"S": "nobody"}, "Title": {"S": "none"}}},
        {"ConsumedCapacity": {"TableName": "Music"}},
        whole(
            "dynamodb",
            "PutItem",
            requestParameters={"tableName": "Music", "item": ["Artist", "Title"]},
            apiVersion="2012-08-10",
            resources=[
                {
                    "accountId": "111122223333",
                    "type": "AWS::DynamoDB::Table",
                    "ARN": "arn:aws:dynamodb:us-east-1:111122223333:table/Music",
                }
            ],
            **DATA,
        ),
    ),
    (
        "ec2",
        "StopInstances",
        {"InstanceIds": ["i-1"], "Force": True},
        {
            "StoppingInstances": [{"InstanceId": "i-1", "CurrentState": {"Code": 64, "Name": "stopping"}}],
            "ResponseMetadata": {"RequestId": "5f1c7b5e"},
        },
        whole(
            "ec2",
            "StopInstances",
            requestParameters={"instancesSet": {"items": [{"instanceId": "i-1"}]}, "force": True},
            responseElements={
                "requestId": "5f1c7b5e",
                "instancesSet": {
                    "items": [{"instanceId": "i-1", "currentState": {"code": 64, "name": "stopping"}}],
                },
            },
        ),
    ),
    (
        "iam",
        "CreateUser",
        {"UserName": "bob"},
        {"User": {"Path": "/", "UserName": "bob", "Arn": "arn:aws:iam::111122223333:user/bob"}},
        whole(
            "iam",
            "CreateUser",
            requestParameters={"userName": "bob"},
            responseElements={"user": {"path": "/", "userName": "bob", "arn": "arn:aws:iam::111122223333:user/bob"}},
        ),
    ),
    (
        "kms",
        "Encrypt",
        {"KeyId": "1234abcd", "Plaintext": b"p", "EncryptionContext": {"Dept": "x"}},
        {"CiphertextBlob": b"c"},
        whole(
            "kms",
            "Encrypt",
            requestParameters={
                "keyId": "1234abcd",
                "encryptionContext": {"Dept": "x"},
                "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
            },
            readOnly=True,
            resources=[{"accountId": "111122223333", "type": "AWS::KMS::Key", "ARN": ARN}],
        ),
    ),
    (
        "lambda",
        "DeleteFunction",
        {"FunctionName": "f"},
        {},
        whole("lambda", "DeleteFunction20150331", requestParameters={"functionName": "f"}),
    ),
    (
        "s3",
        "PutObject",
        {"Bucket": "b", "Key": "dir/k", "Body": b"x", "ACL": "private"},
        {"ETag": "e"},
        whole(
            "s3",
            "PutObject",
            userAgent="[Boto3/1.44.5]",
            requestParameters={
                "bucketName": "b",
                "key": "dir/k",
                "x-amz-acl": "private",
                "Host": "s3.us-east-1.amazonaws.com",
            },
            additionalEventData={
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": 0.0,
                "AuthenticationMethod": "AuthHeader",
                "bytesTransferredOut": 0.0,
            },
            resources=[
                {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/dir/k"},
                {"accountId": "111122223333", "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::b"},
            ],
            **DATA,
        ),
    ),
    (
        "secretsmanager",
        "CreateSecret",
        {"Name": "n", "SecretString": "s", "ClientRequestToken": "t"},
        {"ARN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:n-1", "Name": "n"},
        whole(
            "secretsmanager",
            "CreateSecret",
            requestParameters={"name": "n", "clientRequestToken": "t", "forceOverwriteReplicaSecret": False},
            responseElements={"arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:n-1"},
        ),
    ),
    (
        "sns",
        "Publish",
        {"TopicArn": "arn:aws:sns:us-east-1:444455556666:t", "Message": "m", "Subject": "s"},
        {"MessageId": "i"},
        whole(
            "sns",
            "Publish",
            requestParameters={
                "topicArn": "arn:aws:sns:us-east-1:444455556666:t",
                "message": HIDDEN,
                "subject": HIDDEN,
            },
            responseElements={"messageId": "i"},
            resources=[
                {
                    "accountId": "444455556666",
                    "type": "AWS::SNS::Topic",
                    "ARN": "arn:aws:sns:us-east-1:444455556666:t",
                }
            ],
            **DATA,
        ),
    ),
    (
        "sqs",
        "DeleteMessage",
        {"QueueUrl": QUEUE, "ReceiptHandle": "h"},
        {},
        whole(
            "sqs",
            "DeleteMessage",
            requestParameters={"queueUrl": QUEUE, "receiptHandle": "h"},
            resources=[
                {
                    "accountId": "111122223333",
                    "type": "AWS::SQS::Queue",
                    "ARN": "arn:aws:sqs:us-east-1:111122223333:q",
                }
            ],
            **DATA,
        ),
    ),
    (
        "ssm",
        "PutParameter",
        {"Name": "/a/b", "Value": "v", "Type": "SecureString"},
        {"Version": 1, "Tier": "Standard"},
        whole(
            "ssm",
            "PutParameter",
            requestParameters={"name": "/a/b", "value": HIDDEN, "type": "SecureString", "allowedPattern": ""},
            responseElements={"version": 1, "tier": "Standard"},
            resources=[{"accountId": "111122223333", "ARN": "arn:aws:ssm:us-east-1:111122223333:parameter/a/b"}],
        ),
    ),
    (
        "sts",
        "AssumeRole",
        {"RoleArn": "arn:aws:iam::444455556666:role/r", "RoleSessionName": "s"},
        {"Credentials": {"AccessKeyId": "ASIA", "SecretAccessKey": "x", "SessionToken": "t"}},
        whole(
            "sts",
            "AssumeRole",
            requestParameters={"roleArn": "arn:aws:iam::444455556666:role/r", "roleSessionName": "s"},
            responseElements={"credentials": {"accessKeyId": "ASIA", "sessionToken": "t"}},
            readOnly=True,
            resources=[
                {
                    "accountId": "444455556666",
                    "type": "AWS::IAM::Role",
                    "ARN": "arn:aws:iam::444455556666:role/r",
                }
            ],
        ),
    ),
]


@pytest.mark.parametrize(("service", "operation", "params", "parsed", "expected"), GOLDEN, ids=lambda x: str(x)[:20])
def test_a_whole_record(
    record: Any, service: str, operation: str, params: Any, parsed: Any, expected: dict[str, Any]
) -> None:
    assert record(service, operation, params, parsed) == expected
