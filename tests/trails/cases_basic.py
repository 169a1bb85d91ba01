"""Data events by basic selectors: objects, functions, tables."""

from __future__ import annotations

from trails.events import ACCOUNT, basic
from trails.words import (
    BUCKET,
    DYNAMODB,
    FN,
    GET,
    INVOKE,
    ITEM,
    LAMBDA,
    LIST,
    POINT,
    PREFIX,
    S3,
    STREAM,
    TABLE,
    denied,
    function,
    in_,
    s3,
    table,
)

BASIC_S3 = [
    ("all buckets", basic((S3, ["arn:aws:s3"])), GET, True),
    ("all buckets with colons", basic((S3, ["arn:aws:s3:::"])), GET, True),
    ("all buckets of China", basic((S3, ["arn:aws-cn:s3:::"])), in_(GET, "cn-north-1", partition="aws-cn"), True),
    ("all buckets: a listing", basic((S3, ["arn:aws:s3"])), LIST, True),
    ("all buckets among others", basic((S3, ["arn:aws:s3:::x/", "arn:aws:s3:::"])), GET, True),
    ("all buckets: no functions", basic((S3, ["arn:aws:s3"])), INVOKE, False),
    ("all buckets: by an access point", basic((S3, ["arn:aws:s3:::"])), s3("GetObject", POINT + "/k"), True),
    ("all buckets: not directory buckets", basic((S3, ["arn:aws:s3"])), ("s3express", *GET[1:]), False),
    ("a bucket", BUCKET, s3("GetObject", "bucket/k"), True),
    ("a bucket: listings", BUCKET, s3("ListObjectsV2", "bucket"), True),
    ("a bucket: HeadBucket", BUCKET, s3("HeadBucket", "bucket"), True),
    ("a bucket: not one whose name goes on", BUCKET, s3("GetObject", "bucket2/k"), False),
    ("a bucket: not another", BUCKET, GET, False),
    ("no slash: the bucket", basic((S3, ["arn:aws:s3:::bucket"])), s3("GetObject", "bucket/k"), True),
    ("no slash: also one whose name goes on", basic((S3, ["arn:aws:s3:::bucket"])), s3("GetObject", "bucket2/k"), True),
    ("a prefix", PREFIX, s3("GetObject", "bucket/my-images/example.jpg"), True),
    ("a prefix without slash goes on", PREFIX, s3("GetObject", "bucket/my-images2.jpg"), True),
    ("a prefix: another key", PREFIX, s3("GetObject", "bucket/my-videos/a"), False),
    ("a prefix: its case counts", PREFIX, s3("GetObject", "bucket/My-Images/a"), False),
    ("a prefix: a listing under it", PREFIX, s3("ListObjectsV2", "bucket", Prefix="my-images/2026"), True),
    ("a prefix: a listing of more", PREFIX, s3("ListObjectsV2", "bucket"), False),
    ("a prefix with slash", basic((S3, ["arn:aws:s3:::bucket/a/"])), s3("PutObject", "bucket/a/b"), True),
    ("a prefix with slash ends there", basic((S3, ["arn:aws:s3:::bucket/a/"])), s3("PutObject", "bucket/ab"), False),
    ("one of two values", basic((S3, ["arn:aws:s3:::x/", "arn:aws:s3:::b/"])), GET, True),
    ("no values", basic((S3, [])), GET, False),
    ("another partition's ARN", basic((S3, ["arn:aws-cn:s3:::b/"])), in_(GET, "cn-north-1", partition="aws-cn"), True),
    ("another partition's ARN here", basic((S3, ["arn:aws-cn:s3:::b/"])), GET, False),
    ("bucket operations are management", BUCKET, ("s3", "GetBucketPolicy", {"Bucket": "x"}), True),
    (
        "bucket operations are no data",
        basic((S3, ["arn:aws:s3"]), IncludeManagementEvents=False),
        ("s3", "GetBucketPolicy", {"Bucket": "x"}),
        False,
    ),
]

HELLO = basic((LAMBDA, [FN + "helloworld"]))
BASIC_LAMBDA = [
    ("all functions", basic((LAMBDA, ["arn:aws:lambda"])), INVOKE, True),
    ("all functions: no objects", basic((LAMBDA, ["arn:aws:lambda"])), GET, False),
    ("all functions after a denial", basic((LAMBDA, ["arn:aws:lambda"])), denied(INVOKE), True),
    ("all functions of GovCloud", basic((LAMBDA, ["arn:aws-us-gov:lambda"])), in_(INVOKE, "us-gov-west-1"), True),
    ("a function", HELLO, INVOKE, True),
    ("a function: not one with more to its name", HELLO, function("helloworld2"), False),
    ("a function: its prefix is none", basic((LAMBDA, [FN + "hello"])), INVOKE, False),
    ("a function: named by its ARN", HELLO, function(FN + "helloworld"), True),
    ("a function: with the account", HELLO, function(f"{ACCOUNT}:function:helloworld"), True),
    ("a function: a version", HELLO, function("helloworld", Qualifier="7"), True),
    ("a function: an alias in the name", HELLO, function("helloworld:prod"), True),
    ("a function: an alias in the ARN", HELLO, function(FN + "helloworld:prod"), True),
    ("a function in another region", HELLO, in_(INVOKE, "eu-west-1"), False),
    (
        "a function of another account",
        HELLO,
        function("arn:aws:lambda:us-east-1:444455556666:function:helloworld"),
        False,
    ),
    ("functions are made by management events", HELLO, ("lambda", "GetFunction", {"FunctionName": "x"}), True),
    ("streamed", HELLO, ("lambda", "InvokeWithResponseStream", {"FunctionName": "helloworld"}), True),
]

ONE_TABLE = basic((DYNAMODB, [TABLE + "t"]))
BASIC_DYNAMODB = [
    ("all tables", basic((DYNAMODB, ["arn:aws:dynamodb"])), ITEM, True),
    ("a table", ONE_TABLE, ITEM, True),
    ("a table: not one whose name goes on", ONE_TABLE, table("t2"), False),
    ("a table: an index of it", ONE_TABLE, ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}), True),
    ("a table by its ARN", ONE_TABLE, table(TABLE + "t"), True),
    (
        "a table: among others of a batch",
        ONE_TABLE,
        ("dynamodb", "BatchGetItem", {"RequestItems": {"x": {}, "t": {}}}),
        True,
    ),
    ("a table: not of a batch", ONE_TABLE, ("dynamodb", "BatchGetItem", {"RequestItems": {"x": {}, "t2": {}}}), False),
    ("a table: a statement", ONE_TABLE, ("dynamodb", "ExecuteStatement", {"Statement": 'SELECT * FROM "t"'}), True),
    ("a table: its stream", ONE_TABLE, ("dynamodbstreams", "GetRecords", {"ShardIterator": STREAM + "|1|AAA"}), True),
    (
        "a table: another's stream",
        basic((DYNAMODB, [TABLE + "x"])),
        ("dynamodbstreams", "GetRecords", {"ShardIterator": STREAM + "|1|AAA"}),
        False,
    ),
    (
        "tables are made by management events",
        basic((DYNAMODB, ["arn:aws:dynamodb"]), IncludeManagementEvents=False),
        ("dynamodb", "DescribeTable", {"TableName": "t"}),
        False,
    ),
]
