"""Defaults, reads and writes, exclusions, several selectors, regions and global services."""

from __future__ import annotations

from trails.events import ACCOUNT, advanced, basic, data, management
from trails.words import (
    ARN,
    DECRYPT,
    DEFAULT,
    DESCRIBE,
    DISABLE,
    GET,
    INVOKE,
    LAMBDA,
    PUT,
    ROLE,
    RUN,
    S3,
    SEND,
    SQL,
    USERS,
    in_,
    objects,
)

DEFAULTS = [
    ("no selectors: management reads", DEFAULT, DESCRIBE, True),
    ("no selectors: management writes", DEFAULT, RUN, True),
    ("no selectors: no data events", DEFAULT, GET, False),
    ("no selectors: no data events of queues", DEFAULT, SEND, False),
    ("everything: management", {"everything": True}, DESCRIBE, True),
    ("everything: data", {"everything": True}, GET, True),
    ("everything: whatever the selectors say", {"everything": True, **basic(ReadWriteType="WriteOnly")}, GET, True),
    ("everything: of all regions", {"everything": True, "IsMultiRegionTrail": True}, in_(GET, "eu-west-1"), True),
    ("everything: of one region", {"everything": True, "IsMultiRegionTrail": False}, in_(GET, "eu-west-1"), False),
]

READ_WRITE = [
    ("an empty basic selector: management", basic(), DESCRIBE, True),
    ("an empty basic selector: writes", basic(), RUN, True),
    ("an empty basic selector: no data", basic(), GET, False),
    ("All: reads", basic(ReadWriteType="All"), DESCRIBE, True),
    ("ReadOnly: a read", basic(ReadWriteType="ReadOnly"), DESCRIBE, True),
    ("ReadOnly: a write", basic(ReadWriteType="ReadOnly"), RUN, False),
    ("WriteOnly: a read", basic(ReadWriteType="WriteOnly"), DESCRIBE, False),
    ("WriteOnly: a write", basic(ReadWriteType="WriteOnly"), RUN, True),
    ("ReadOnly data: a read", basic((S3, ["arn:aws:s3"]), ReadWriteType="ReadOnly"), GET, True),
    ("ReadOnly data: a write", basic((S3, ["arn:aws:s3"]), ReadWriteType="ReadOnly"), PUT, False),
    ("WriteOnly data: a read", basic((S3, ["arn:aws:s3"]), ReadWriteType="WriteOnly"), GET, False),
    ("WriteOnly data: a write", basic((S3, ["arn:aws:s3"]), ReadWriteType="WriteOnly"), PUT, True),
    ("WriteOnly data: management reads", basic((S3, ["arn:aws:s3"]), ReadWriteType="WriteOnly"), DESCRIBE, False),
    ("no management events: management", basic((S3, ["arn:aws:s3"]), IncludeManagementEvents=False), RUN, False),
    ("no management events: data", basic((S3, ["arn:aws:s3"]), IncludeManagementEvents=False), PUT, True),
    ("no management events, no data", basic(IncludeManagementEvents=False), RUN, False),
    ("readOnly true: read", advanced(management("readOnly = true")), DESCRIBE, True),
    ("readOnly true: write", advanced(management("readOnly = true")), RUN, False),
    ("readOnly false: read", advanced(management("readOnly = false")), DESCRIBE, False),
    ("readOnly false: write", advanced(management("readOnly = false")), RUN, True),
    ("readOnly of data: read", objects("readOnly = true"), GET, True),
    ("readOnly of data: write", objects("readOnly = true"), PUT, False),
    ("readOnly is text in lower case", objects("readOnly = True"), GET, False),
    ("AssumeRole is a read", basic(ReadWriteType="ReadOnly"), ROLE, True),
]

NO_KMS = basic(ExcludeManagementEventSources=["kms.amazonaws.com"])
NEITHER = basic(ExcludeManagementEventSources=["kms.amazonaws.com", "rdsdata.amazonaws.com"])
EXCLUDED = [
    ("KMS is in by default", basic(), DECRYPT, True),
    ("Decrypt is a read", basic(ReadWriteType="WriteOnly"), DECRYPT, False),
    ("DisableKey is a write", basic(ReadWriteType="WriteOnly"), DISABLE, True),
    ("KMS excluded", NO_KMS, DECRYPT, False),
    ("KMS excluded, writes too", NO_KMS, DISABLE, False),
    ("KMS excluded, others not", NO_KMS, RUN, True),
    ("KMS excluded, RDS Data API not", NO_KMS, SQL, True),
    ("both excluded: RDS Data API", NEITHER, SQL, False),
    ("both excluded: KMS", NEITHER, DECRYPT, False),
    ("both excluded: RDS itself", NEITHER, ("rds", "DescribeDBClusters"), True),
    ("NotEquals: KMS", advanced(management("eventSource != kms.amazonaws.com")), DECRYPT, False),
    ("NotEquals: another", advanced(management("eventSource != kms.amazonaws.com")), DESCRIBE, True),
    (
        "exclusion is of management events",
        basic(
            ("RDS::DBCluster", ["arn:c"]),
            ExcludeManagementEventSources=["rdsdata.amazonaws.com"],
        ),
        ("rds-data", "BeginTransaction", {"resourceArn": "arn:c", "secretArn": "s"}),
        True,
    ),
]

SEVERAL = [
    ("two selectors: the first", advanced(management(), data("S3::Object")), RUN, True),
    ("two selectors: the second", advanced(management(), data("S3::Object")), GET, True),
    ("two selectors: neither", advanced(management(), data("S3::Object")), INVOKE, False),
    (
        "two selectors of one type",
        advanced(data(S3, "resources.ARN ^= arn:aws:s3:::a/"), data(S3, f"resources.ARN ^= {ARN}")),
        GET,
        True,
    ),
    (
        "two selectors: one deselects, the other selects",
        advanced(data(S3, f"resources.ARN !^= {ARN}"), data(S3, "eventName = GetObject")),
        GET,
        True,
    ),
    (
        "two selectors: no AND between them",
        advanced(data(S3, "eventName = PutObject"), data("Lambda::Function")),
        INVOKE,
        True,
    ),
    (
        "management and data: reads alone",
        advanced(management("readOnly = true"), data(S3, "readOnly = false")),
        RUN,
        False,
    ),
    ("two types in one basic selector", basic((S3, ["arn:aws:s3"]), (LAMBDA, ["arn:aws:lambda"])), INVOKE, True),
    (
        "two basic selectors: data reads",
        {
            "EventSelectors": (
                {"ReadWriteType": "WriteOnly"},
                *basic((S3, ["arn:aws:s3"]), ReadWriteType="ReadOnly", IncludeManagementEvents=False)["EventSelectors"],
            )
        },
        GET,
        True,
    ),
    (
        "two basic selectors: data writes",
        {
            "EventSelectors": (
                {"ReadWriteType": "WriteOnly"},
                *basic((S3, ["arn:aws:s3"]), ReadWriteType="ReadOnly", IncludeManagementEvents=False)["EventSelectors"],
            )
        },
        PUT,
        False,
    ),
    ("advanced ones overwrite basic ones", {**basic(), **advanced(data("S3::Object"))}, RUN, False),
]

HOME = {"IsMultiRegionTrail": False, "HomeRegion": "eu-central-1"}
EAST = {"IsMultiRegionTrail": False}
NO_GLOBAL = {"IncludeGlobalServiceEvents": False}
STS = {"url": "https://sts.amazonaws.com/"}
REGIONAL = {"url": "https://sts.us-east-1.amazonaws.com/"}
REGIONS = [
    ("all regions: another", DEFAULT, in_(DESCRIBE, "ap-south-1"), True),
    ("one region: that", HOME, in_(DESCRIBE, "eu-central-1"), True),
    ("one region: another", HOME, in_(DESCRIBE, "eu-central-2"), False),
    ("one region: data there", {**HOME, **objects()}, in_(GET, "eu-central-1"), True),
    ("one region: data elsewhere", {**HOME, **objects()}, GET, False),
    ("one region: global services", HOME, USERS, False),
    ("one region: global services, in us-east-1", EAST, USERS, True),
    ("global services left out", {**EAST, **NO_GLOBAL}, USERS, False),
    ("global services left out: others", {**EAST, **NO_GLOBAL}, DESCRIBE, True),
    ("global services left out: CloudFront", {**EAST, **NO_GLOBAL}, ("cloudfront", "ListDistributions"), False),
    ("global services left out: Route 53", {**EAST, **NO_GLOBAL}, ("route53", "ListHostedZones"), False),
    (
        "global services left out: Organizations",
        {**EAST, **NO_GLOBAL},
        ("organizations", "DescribeOrganization"),
        False,
    ),
    ("all regions: global services", DEFAULT, USERS, True),
    ("STS by its global endpoint", EAST, in_(ROLE, "us-east-1", **STS), True),
    ("STS by its global endpoint, left out", {**EAST, **NO_GLOBAL}, in_(ROLE, "us-east-1", **STS), False),
    ("STS of the region is not global", {**EAST, **NO_GLOBAL}, in_(ROLE, "us-east-1", **REGIONAL), True),
    ("STS by its global endpoint, elsewhere", HOME, in_(ROLE, "us-east-1", **STS), False),
    ("STS of the region, at home", HOME, in_(ROLE, "eu-central-1"), True),
    (
        "global services of GovCloud",
        {"IsMultiRegionTrail": False, "HomeRegion": "us-gov-west-1"},
        in_(USERS, "us-gov-west-1"),
        True,
    ),
    (
        "global services of China",
        {"IsMultiRegionTrail": False, "HomeRegion": "cn-north-1"},
        in_(USERS, "cn-north-1"),
        True,
    ),
    ("an organization's trail", {"IsOrganizationTrail": True, "OrganizationId": "o-exampleorgid"}, RUN, True),
    (
        "an organization's trail: its selectors",
        {"IsOrganizationTrail": True, **basic(ReadWriteType="ReadOnly")},
        RUN,
        False,
    ),
    (
        "an organization's trail: an account's queue",
        {
            "IsOrganizationTrail": True,
            **advanced(data("SQS::Queue", f"resources.ARN ^= arn:aws:sqs:us-east-1:{ACCOUNT}:")),
        },
        SEND,
        True,
    ),
]
