"""Documents within the size limit, as JSON, for Terraform and for CloudFormation."""

from __future__ import annotations

import json

from bototrail.policy.document import Policy, size, split
from bototrail.policy.statements import Statement


def long_statement(count):
    return Statement("S3GetObject", ("s3:GetObject",), tuple(f"arn:aws:s3:::bucket/{n:08}" for n in range(count)))


def test_a_statement_that_is_too_large_is_shared_out():
    one = long_statement(500)
    parts = split((one,))
    assert all(size(part) <= 6144 for part in parts)
    assert [resource for part in parts for each in part for resource in each.resources] == list(one.resources)
    assert len({each.sid for part in parts for each in part}) == sum(map(len, parts))
    assert len(Policy((one,)).documents) == len(parts) > 2


def test_one_action_on_one_resource_cannot_be_made_smaller():
    one = Statement("S3GetObject", ("s3:GetObject",), ("arn:aws:s3:::bucket/" + "x" * 7000,))
    assert [[each.resources for each in part] for part in split((one, one))] == [[one.resources], [one.resources]]


def test_several_documents_are_a_list():
    assert [d["Version"] for d in json.loads(Policy((long_statement(500),)).json())] == ["2012-10-17"] * 3


def test_an_empty_policy_is_a_document_without_statements():
    assert json.loads(Policy(()).json()) == {"Version": "2012-10-17", "Statement": []}


ONE = Statement(
    "S3ListBucketB",
    ("s3:ListBucket",),
    ("arn:aws:s3:::b", "arn:aws:s3:::${*}"),
    (("StringEquals", "s3:prefix", ("a/", '%{"x"}')),),
)


def test_terraform():
    assert Policy((ONE,)).terraform("my-policy") == (
        'data "aws_iam_policy_document" "my_policy" {\n'
        "  statement {\n"
        '    sid       = "S3ListBucketB"\n'
        '    effect    = "Allow"\n'
        '    actions   = ["s3:ListBucket"]\n'
        "    resources = [\n"
        '      "arn:aws:s3:::b",\n'
        '      "arn:aws:s3:::&{*}",\n'
        "    ]\n"
        "\n"
        "    condition {\n"
        '      test     = "StringEquals"\n'
        '      variable = "s3:prefix"\n'
        "      values   = [\n"
        '        "a/",\n'
        '        "%%{\\"x\\"}",\n'
        "      ]\n"
        "    }\n"
        "  }\n"
        "}\n"
        "\n"
        'resource "aws_iam_policy" "my_policy" {\n'
        '  name   = "my-policy"\n'
        "  policy = data.aws_iam_policy_document.my_policy.json\n"
        "}"
    )


def test_terraform_has_no_escapes_that_hcl_lacks_and_nothing_steers_a_terminal():
    one = Statement("S3GetObject", ("s3:GetObject",), ("arn:aws:s3:::b/\b\f\x9b\u202e",))
    text = Policy((one,)).terraform() + Policy((one,)).json()
    assert "\\u0008\\u000c\\u009b\\u202e" in text
    assert not {"\x9b", "\u202e"} & set(text)


def test_cloudformation():
    policy = Policy((ONE,))
    assert json.loads(policy.cloudformation("my-policy")) == {
        "Resources": {
            "MyPolicyPolicy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"ManagedPolicyName": "my-policy", "PolicyDocument": policy.documents[0]},
            }
        }
    }
    names = json.loads(Policy((long_statement(200),)).cloudformation())["Resources"]
    assert list(names) == ["Bototrail1Policy", "Bototrail2Policy"]
