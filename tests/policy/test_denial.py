"""What is made of the messages of refused calls."""

from __future__ import annotations

import pytest
from history.refusals import NOT, refused

from bototrail.policy import Need
from bototrail.policy.findings import findings

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf"
_NO = "because no identity-based policy allows the"

NEEDS = [
    (
        "without parameters",
        {"eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue"},
        f"{NOT} secretsmanager:GetSecretValue on resource: {SECRET} {_NO} secretsmanager:GetSecretValue action",
        [Need("secretsmanager:GetSecretValue", SECRET)],
    ),
    (
        "spelt as the reference spells it",
        {"eventSource": "sqs.amazonaws.com", "eventName": "SendMessage"},
        f"{NOT} sqs:sendmessage on resource: arn:aws:sqs:us-east-1:111122223333:q",
        [Need("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q")],
    ),
    (
        "for a bare name",
        {"eventName": "CreateRole"},
        f"{NOT} iam:CreateRole on resource: role R {_NO} iam:CreateRole action",
        [Need("iam:CreateRole", "arn:aws:iam::111122223333:role/R")],
    ),
    (
        "for another action than the call's own",
        {"eventSource": "lambda.amazonaws.com", "eventName": "CreateFunction20150331"},
        f"{NOT} iam:PassRole on resource: arn:aws:iam::111122223333:role/r {_NO} iam:PassRole action",
        [
            Need("lambda:CreateFunction", "arn:aws:lambda:us-east-1:111122223333:function:*"),
            Need("iam:PassRole", "arn:aws:iam::111122223333:role/r"),
        ],
    ),
    (
        "instead of what the parameters say",
        {
            "eventSource": "s3.amazonaws.com",
            "eventName": "GetObject",
            "requestParameters": {"bucketName": "b", "key": "k"},
        },
        f'{NOT} s3:GetObject on resource: "arn:aws:s3:::b/k" {_NO} s3:GetObject action',
        [Need("s3:GetObject", "arn:aws:s3:::b/k")],
    ),
    (
        "of API Gateway's verbs",
        {"eventSource": "apigateway.amazonaws.com", "eventName": "GetApiKeys"},
        f"{NOT} apigateway:GET on resource: arn:aws:apigateway:us-east-1::/apikeys",
        [Need("apigateway:GET", "arn:aws:apigateway:us-east-1::/apikeys")],
    ),
    (
        "that no catalogue knows",
        {"eventSource": "newservice.amazonaws.com", "eventName": "DoIt"},
        f"{NOT} newservice:DoIt on resource: arn:aws:newservice:us-east-1:111122223333:thing/t",
        [Need("newservice:DoIt", "arn:aws:newservice:us-east-1:111122223333:thing/t", verified=False)],
    ),
]


@pytest.mark.parametrize(("about", "message", "expected"), [row[1:] for row in NEEDS], ids=[row[0] for row in NEEDS])
def test_a_refused_call_needs_what_its_message_names(about, message, expected):
    found = findings(refused(message, **about))
    assert sorted(found.needs) == sorted(expected)
