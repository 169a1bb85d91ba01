"""Operators and fields of advanced selectors."""

from __future__ import annotations

from trails.events import ACCOUNT, ANN, advanced, data, selector
from trails.words import ARN, DESCRIBE, FN, GET, INVOKE, LIST, PUT, denied, objects, s3

EXAMPLE = objects(
    "resources.ARN = arn:aws:s3:::c/object1",
    "resources.ARN ^= arn:aws:s3:::b/",
    "resources.ARN $= object3",
    "resources.ARN != arn:aws:s3:::b/object6",
    "resources.ARN !^= arn:aws:s3:::b/deselect",
    "resources.ARN !$= object5",
)
OPERATORS = [
    ("example: StartsWith", EXAMPLE, s3("GetObject", "b/object1"), True),
    ("example: StartsWith, another", EXAMPLE, s3("GetObject", "b/object2"), True),
    ("example: EndsWith", EXAMPLE, s3("GetObject", "b1/object3"), True),
    ("example: Equals", EXAMPLE, s3("GetObject", "c/object1"), True),
    ("example: NotStartsWith", EXAMPLE, s3("GetObject", "b/deselectObject4"), False),
    ("example: NotEndsWith", EXAMPLE, s3("GetObject", "b/object5"), False),
    ("example: NotEquals", EXAMPLE, s3("GetObject", "b/object6"), False),
    ("example: nothing selects", EXAMPLE, s3("GetObject", "d/object1"), False),
    ("example: deselected though EndsWith selects", EXAMPLE, s3("GetObject", "b/deselect-object3"), False),
    ("Equals", objects(f"resources.ARN = {ARN}k"), GET, True),
    ("Equals is exact", objects(f"resources.ARN = {ARN}"), GET, False),
    ("Equals: one of two", objects(f"resources.ARN = x | {ARN}k"), GET, True),
    ("Equals: case counts", objects(f"resources.ARN = {ARN}K"), GET, False),
    ("StartsWith", objects(f"resources.ARN ^= {ARN}"), GET, True),
    ("StartsWith: one of two", objects(f"resources.ARN ^= x | {ARN}"), GET, True),
    ("StartsWith: not in the middle", objects("resources.ARN ^= b/k"), GET, False),
    ("EndsWith", objects("resources.ARN $= /k"), GET, True),
    ("EndsWith: one of two", objects("resources.ARN $= .jpg | k"), GET, True),
    ("EndsWith: not in the middle", objects("resources.ARN $= b/"), GET, False),
    ("no wildcards", objects("resources.ARN = arn:aws:s3:::b/*"), GET, False),
    ("NotEquals", objects(f"resources.ARN != {ARN}k"), GET, False),
    ("NotEquals: another object", objects(f"resources.ARN != {ARN}k"), s3("GetObject", "b/k2"), True),
    ("NotEquals: one of two rejects", objects(f"resources.ARN != x | {ARN}k"), GET, False),
    ("NotStartsWith", objects(f"resources.ARN !^= {ARN}"), GET, False),
    ("NotStartsWith: another", objects(f"resources.ARN !^= {ARN}"), s3("GetObject", "b2/k"), True),
    ("NotEndsWith", objects("resources.ARN !$= .log"), s3("PutObject", "b/a.log"), False),
    ("NotEndsWith: another", objects("resources.ARN !$= .log"), s3("PutObject", "b/a.log.gz"), True),
    ("select and deselect", objects(f"resources.ARN ^= {ARN}", f"resources.ARN !^= {ARN}tmp/"), GET, True),
    (
        "select and deselect: rejected",
        objects(f"resources.ARN ^= {ARN}", f"resources.ARN !^= {ARN}tmp/"),
        s3("GetObject", "b/tmp/x"),
        False,
    ),
    (
        "two rows of one field are ANDed",
        advanced(
            {
                "FieldSelectors": [
                    *data("S3::Object", f"resources.ARN ^= {ARN}")["FieldSelectors"],
                    {"Field": "resources.ARN", "EndsWith": ["x"]},
                ]
            }
        ),
        GET,
        False,
    ),
    (
        "an unknown ARN fails X",
        advanced(data("Lambda::Function", f"resources.ARN = {FN}helloworld")),
        denied(INVOKE),
        False,
    ),
    (
        "an unknown ARN passes NotX",
        advanced(data("Lambda::Function", f"resources.ARN != {FN}helloworld")),
        denied(INVOKE),
        True,
    ),
    ("type alone", objects(), GET, True),
    ("another type", advanced(data("SQS::Queue")), GET, False),
    ("types are spelt exactly", advanced(data("s3::object")), GET, False),
    ("the bucket beside the object is none of its type", advanced(data("S3::Bucket")), GET, False),
    ("no object ends as the bucket beside it", objects("resources.ARN $= :::b"), GET, False),
    ("data by type is no management", objects(), DESCRIBE, False),
]

FIELDS = [
    ("eventName", objects("eventName = PutObject"), PUT, True),
    ("eventName: another", objects("eventName = PutObject"), GET, False),
    ("eventName StartsWith", objects("eventName ^= Put | Delete"), s3("DeleteObject", "b/k"), True),
    ("eventName EndsWith", objects("eventName $= Tagging"), s3("GetObjectTagging", "b/k"), True),
    ("eventName NotEquals", objects("eventName != GetObject"), GET, False),
    ("eventName NotStartsWith", objects("eventName !^= Get | Head"), s3("HeadObject", "b/k"), False),
    ("eventName NotEndsWith", objects("eventName !$= Acl"), s3("PutObjectAcl", "b/k"), False),
    ("eventName as in the record", objects("eventName = ListObjects"), LIST, True),
    ("eventName is not the operation's", objects("eventName = ListObjectsV2"), LIST, False),
    ("eventName and ARN", objects("eventName = PutObject", f"resources.ARN ^= {ARN}"), PUT, True),
    ("eventName, not the ARN", objects("eventName = PutObject", "resources.ARN ^= arn:aws:s3:::c/"), PUT, False),
    ("the ARN, not eventName", objects("eventName = PutObject", f"resources.ARN ^= {ARN}"), GET, False),
    ("eventSource of data", objects("eventSource = s3.amazonaws.com"), GET, True),
    ("eventSource of data: another", objects("eventSource != s3.amazonaws.com"), GET, False),
    ("eventType", objects("eventType = AwsApiCall"), GET, True),
    ("eventType: a service's own", objects("eventType = AwsServiceEvent"), GET, False),
    (
        "eventType: none of the service's own",
        objects("eventName = DeleteObject", "eventType != AwsServiceEvent"),
        s3("DeleteObject", "b/k"),
        True,
    ),
    ("userIdentity.arn", objects(f"userIdentity.arn = {ANN}"), GET, True),
    ("userIdentity.arn: another", objects(f"userIdentity.arn = {ANN}2"), GET, False),
    ("userIdentity.arn StartsWith", objects(f"userIdentity.arn ^= arn:aws:iam::{ACCOUNT}:"), GET, True),
    ("userIdentity.arn EndsWith", objects("userIdentity.arn $= /ann"), GET, True),
    ("userIdentity.arn NotEquals", objects(f"userIdentity.arn != {ANN}"), GET, False),
    ("userIdentity.arn NotStartsWith", objects("userIdentity.arn !^= arn:aws:sts::"), GET, True),
    ("userIdentity.arn NotEndsWith", objects("userIdentity.arn !$= /ann"), GET, False),
    ("userIdentity.arn and ARN", objects(f"userIdentity.arn = {ANN}", "resources.ARN ^= arn:aws:s3:::c/"), GET, False),
    ("from the console", objects("sessionCredentialFromConsole = true"), GET, False),
    ("not from the console", objects("sessionCredentialFromConsole != true"), GET, True),
    (
        "network activity",
        advanced(selector("eventCategory = NetworkActivity", "eventSource = s3.amazonaws.com")),
        GET,
        False,
    ),
    (
        "network activity: management",
        advanced(selector("eventCategory = NetworkActivity", "eventSource = ec2.amazonaws.com")),
        DESCRIBE,
        False,
    ),
    (
        "network activity: refused by an endpoint",
        advanced(selector("eventCategory = NetworkActivity", "errorCode = VpceAccessDenied")),
        GET,
        False,
    ),
    ("insights", advanced(selector("eventCategory = Insight")), DESCRIBE, False),
    ("a field that no event has", objects("noSuchField = x"), GET, False),
    ("a field that no event has, deselected", objects("noSuchField != x"), GET, True),
]
