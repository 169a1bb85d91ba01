"""A day in the life of a small photo service: a script sets it up, uses it, looks at it and takes it down again.

This is an ordinary boto3 program. Nothing in it knows that it is being recorded: `bototrail demo` runs it with
`BOTOTRAIL=DIR` in its environment, against a pretended AWS (moto) on this machine. It can be run against any other,
with `AWS_ENDPOINT_URL` and keys in the environment. Whoever makes something hands its deletion to `tidy` in the same
breath, so that nothing is left over, even if a later step fails.
"""

from __future__ import annotations

import io
import json
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

REGION = "eu-central-1"
NAME = "photos"
MEGABYTE = 1024 * 1024
LATEST_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

# What nobody should ever find in a log.
DATABASE_PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - made up
MAIL_TOKEN = "tok-91f3-never-to-be-seen"  # noqa: S105 - made up
CAPTION = b"Grandma's secret recipe, photographed"

LAMBDA_SOURCE = "def handler(event, context):\n    return {'thumbnail': event['key']}\n"


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect the calls inside to be refused by AWS with the given error code."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise
        print(f"  refused, as it should be: {code}")
    else:
        raise SystemExit(f"expected {code}, but the call went through")


def policy(*actions: str, effect: str = "Allow", **more: Any) -> str:
    """A policy document of one statement."""
    statement = {"Effect": effect, "Action": list(actions), **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def make_role(aws: boto3.Session, tidy: ExitStack, account: str) -> str:
    """A role for the service, and a wait until it can be used."""
    iam, name = aws.client("iam"), f"{NAME}-worker"
    with refused("NoSuchEntity"):
        iam.get_role(RoleName=name)
    trust = policy("sts:AssumeRole", Principal={"AWS": account, "Service": ["lambda.amazonaws.com"]})
    role = iam.create_role(Path="/service/", RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    tidy.callback(iam.delete_role, RoleName=name)
    rights = policy("s3:GetObject", "s3:ListBucket", "dynamodb:UpdateItem", Resource="*")
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=rights)
    tidy.callback(iam.delete_role_policy, RoleName=name, PolicyName="work")
    iam.get_waiter("role_exists").wait(RoleName=name)
    print(f"created role {role['Arn']}")
    return str(role["Arn"])


def make_bucket(aws: boto3.Session, tidy: ExitStack, account: str) -> str:
    """An encrypted bucket. Making it twice is refused."""
    s3, bucket = aws.client("s3"), f"{NAME}-{account}"
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    tidy.callback(s3.delete_bucket, Bucket=bucket)
    tidy.callback(aws.resource("s3").Bucket(bucket).objects.delete)
    s3.get_waiter("bucket_exists").wait(Bucket=bucket)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "holiday"}]})
    print(f"created bucket {bucket}")
    with refused("BucketAlreadyOwnedByYou"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    return bucket


def keep_secrets(aws: boto3.Session, tidy: ExitStack) -> None:
    """A password and a token that must not show up anywhere."""
    secrets, ssm = aws.client("secretsmanager"), aws.client("ssm")
    secrets.create_secret(Name=f"{NAME}/database", SecretString=DATABASE_PASSWORD)
    tidy.callback(secrets.delete_secret, SecretId=f"{NAME}/database", ForceDeleteWithoutRecovery=True)
    secrets.get_secret_value(SecretId=f"{NAME}/database")
    with refused("ResourceNotFoundException"):
        secrets.get_secret_value(SecretId=f"{NAME}/forgotten")
    ssm.put_parameter(Name=f"/{NAME}/mail-token", Value=MAIL_TOKEN, Type="SecureString")
    tidy.callback(ssm.delete_parameter, Name=f"/{NAME}/mail-token")
    ssm.get_parameter(Name=f"/{NAME}/mail-token", WithDecryption=True)
    with refused("ParameterNotFound"):
        ssm.get_parameter(Name=f"/{NAME}/fax-number")
    print("put away a password and a token")


def seal_captions(aws: boto3.Session, tidy: ExitStack) -> None:
    """A key, used once, then nobody may look at it any more."""
    kms = aws.client("kms")
    key = kms.create_key(Description="captions of photos")["KeyMetadata"]["KeyId"]
    tidy.callback(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=7)
    kms.create_alias(AliasName=f"alias/{NAME}", TargetKeyId=key)
    tidy.callback(kms.delete_alias, AliasName=f"alias/{NAME}")
    sealed = kms.encrypt(KeyId=f"alias/{NAME}", Plaintext=CAPTION)["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=sealed)
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    print(f"sealed a caption with the key {key}")
    hands_off = policy("kms:DescribeKey", effect="Deny", Principal="*", Resource="*")
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=hands_off)
    with refused("AccessDeniedException"):
        kms.describe_key(KeyId=key)


def make_table(aws: boto3.Session, tidy: ExitStack) -> None:
    """A table of photos, by way of a boto3 resource. The same photo cannot be entered twice."""
    key = {"AttributeName": "key"}
    table = aws.resource("dynamodb").create_table(
        TableName=NAME,
        KeySchema=[{**key, "KeyType": "HASH"}],
        AttributeDefinitions=[{**key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    tidy.callback(table.delete)
    table.wait_until_exists()
    print(f"created table {table.name}")
    for number in range(3):
        table.put_item(Item={"key": f"lisbon/{number:02}.jpg", "title": "At the sea", "stars": number})
    with refused("ConditionalCheckFailedException"):
        table.put_item(Item={"key": "lisbon/00.jpg"}, ConditionExpression="attribute_not_exists(title)")
    found = table.get_item(Key={"key": "lisbon/02.jpg"})["Item"]
    print(f"entered three photos, the last with {found['stars']} stars")


def make_function(aws: boto3.Session, tidy: ExitStack, role: str) -> None:
    """A Lambda function from a zip file made in memory, and a place for its logs."""
    functions, logs, package = aws.client("lambda"), aws.client("logs"), io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("thumbnails.py", LAMBDA_SOURCE)
    with refused("ResourceNotFoundException"):
        functions.get_function(FunctionName="thumbnails")
    functions.create_function(
        FunctionName="thumbnails",
        Runtime="python3.12",
        Role=role,
        Handler="thumbnails.handler",
        Code={"ZipFile": package.getvalue()},
        Environment={"Variables": {"TABLE": NAME}},
    )
    tidy.callback(functions.delete_function, FunctionName="thumbnails")
    functions.get_waiter("function_active_v2").wait(FunctionName="thumbnails")
    logs.create_log_group(logGroupName="/aws/lambda/thumbnails")
    tidy.callback(logs.delete_log_group, logGroupName="/aws/lambda/thumbnails")
    logs.put_retention_policy(logGroupName="/aws/lambda/thumbnails", retentionInDays=14)
    deployed = {"MetricName": "Deployed", "Value": 1, "Unit": "Count"}
    aws.client("cloudwatch").put_metric_data(Namespace=NAME, MetricData=[deployed])
    print("created function thumbnails and its log group")


def make_messages(aws: boto3.Session, tidy: ExitStack) -> str:
    """A topic that feeds a queue."""
    sns, sqs = aws.client("sns"), aws.client("sqs")
    queue = sqs.create_queue(QueueName=NAME)["QueueUrl"]
    tidy.callback(sqs.delete_queue, QueueUrl=queue)
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name=NAME)["TopicArn"]
    tidy.callback(sns.delete_topic, TopicArn=topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    sns.publish(TopicArn=topic, Subject="New album", Message="Lisbon is online")
    for message in sqs.receive_message(QueueUrl=queue).get("Messages", []):
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    print(f"created topic {topic} and the queue behind it")
    return str(queue)


def make_schedule(aws: boto3.Session, tidy: ExitStack, role: str) -> None:
    """A state machine, started by a rule every night and by hand now, and a name in the DNS."""
    states, events = aws.client("stepfunctions"), aws.client("events")
    work = {"StartAt": "Tidy", "States": {"Tidy": {"Type": "Succeed"}}}
    machine = states.create_state_machine(name="tidy", definition=json.dumps(work), roleArn=role)["stateMachineArn"]
    tidy.callback(states.delete_state_machine, stateMachineArn=machine)
    events.put_rule(Name="every-night", ScheduleExpression="rate(1 day)")
    tidy.callback(events.delete_rule, Name="every-night")
    events.put_targets(Rule="every-night", Targets=[{"Id": "tidy", "Arn": machine, "RoleArn": role}])
    tidy.callback(events.remove_targets, Rule="every-night", Ids=["tidy"])
    states.start_execution(stateMachineArn=machine, input=json.dumps({"album": "lisbon"}))
    print(f"started {machine}")
    dns = aws.client("route53")
    zone = dns.create_hosted_zone(Name="photos.example.", CallerReference=NAME)["HostedZone"]["Id"]
    tidy.callback(dns.delete_hosted_zone, Id=zone)
    print("took the name photos.example")


def ask_for_a_server(aws: boto3.Session, tidy: ExitStack) -> None:
    """Open a port and ask whether a server could be had; a dry run is always an error, even if it is a yes."""
    ec2 = aws.client("ec2")
    group = ec2.create_security_group(GroupName=NAME, Description="Web server of the photos")["GroupId"]
    tidy.callback(ec2.delete_security_group, GroupId=group)
    web = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[web])
    image = aws.client("ssm").get_parameter(Name=LATEST_LINUX)["Parameter"]["Value"]
    with refused("DryRunOperation"):
        ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, DryRun=True)
    print("asked for a server; one could be had")


def upload(aws: boto3.Session, bucket: str) -> None:
    """Twelve small photos one by one and a film in parts, by several threads."""
    s3 = aws.client("s3")
    for number in range(12):
        s3.put_object(Bucket=bucket, Key=f"lisbon/{number:02}.jpg", Body=b"\xff\xd8" + bytes(number))
    parts = TransferConfig(multipart_threshold=5 * MEGABYTE, multipart_chunksize=5 * MEGABYTE, max_concurrency=3)
    with tempfile.NamedTemporaryFile(suffix=".mp4") as film:
        film.write(bytes(11 * MEGABYTE))
        film.flush()
        s3.upload_file(film.name, bucket, "lisbon/film.mp4", Config=parts)
    print("uploaded twelve photos, and a film of 11 MB in parts")


def look(aws: boto3.Session, bucket: str) -> None:
    """List page by page, look for what is not there, and lend a photo to somebody by a signed URL."""
    s3 = aws.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 5})
    sizes = [page["KeyCount"] for page in pages]
    print(f"listed {sum(sizes)} objects on {len(sizes)} pages")
    with refused("NoSuchKey"):
        s3.get_object(Bucket=bucket, Key="lisbon/99.jpg")
    with refused("404"):
        s3.head_object(Bucket=bucket, Key="porto/00.jpg")
    s3.copy_object(Bucket=bucket, Key="best/00.jpg", CopySource={"Bucket": bucket, "Key": "lisbon/03.jpg"})
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "best/00.jpg"}, ExpiresIn=60)
    with urllib.request.urlopen(url) as answer:
        print(f"somebody fetched a photo of {len(answer.read())} bytes by its signed URL")


def work_as_role(aws: boto3.Session, role: str, bucket: str) -> None:
    """Take on the role of the service and work with the keys that come with it."""
    lent = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="nightly-tidy")["Credentials"]
    worker = boto3.Session(lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"], REGION)
    worker.client("s3").get_object(Bucket=bucket, Key="lisbon/01.jpg")["Body"].read()
    photos = worker.resource("dynamodb").Table(NAME)
    photos.update_item(Key={"key": "lisbon/01.jpg"}, UpdateExpression="REMOVE title")
    print(f"worked as {role}")


def work_as_user(aws: boto3.Session, tidy: ExitStack, queue: str) -> None:
    """Make a user with a key of his own; he sends a message."""
    iam, user = aws.client("iam"), f"{NAME}-camera"
    iam.create_user(UserName=user, Path="/devices/")
    tidy.callback(iam.delete_user, UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    tidy.callback(iam.delete_access_key, UserName=user, AccessKeyId=key["AccessKeyId"])
    camera = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    camera.client("sts").get_caller_identity()
    camera.client("sqs").send_message(QueueUrl=queue, MessageBody="a new photo is on its way")
    print(f"the user {user} sent a message")


def delete_film(aws: boto3.Session, bucket: str) -> None:
    """Delete the film and ask until it is really gone."""
    film = aws.resource("s3").Object(bucket, "lisbon/film.mp4")
    film.delete()
    film.wait_until_not_exists()
    print("deleted the film")


def main() -> None:
    """The whole day."""
    aws = boto3.Session(region_name=REGION)
    me = aws.client("sts").get_caller_identity()
    print(f"working as {me['Arn']}")
    account = str(me["Account"])
    with ExitStack() as tidy:
        role = make_role(aws, tidy, account)
        bucket = make_bucket(aws, tidy, account)
        keep_secrets(aws, tidy)
        seal_captions(aws, tidy)
        make_table(aws, tidy)
        make_function(aws, tidy, role)
        queue = make_messages(aws, tidy)
        make_schedule(aws, tidy, role)
        ask_for_a_server(aws, tidy)
        upload(aws, bucket)
        look(aws, bucket)
        work_as_role(aws, role, bucket)
        work_as_user(aws, tidy, queue)
        delete_film(aws, bucket)
    print("deleted everything else")


if __name__ == "__main__":
    main()
