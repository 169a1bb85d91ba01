"""What trails take, case by case, after the CloudTrail user guide: name, trail, call, whether it is logged."""

from __future__ import annotations

from trails.cases_advanced import FIELDS, OPERATORS
from trails.cases_basic import BASIC_DYNAMODB, BASIC_LAMBDA, BASIC_S3
from trails.cases_management import DEFAULTS, EXCLUDED, READ_WRITE, REGIONS, SEVERAL
from trails.cases_resources import RESOURCES

CASES = [
    *DEFAULTS,
    *READ_WRITE,
    *EXCLUDED,
    *SEVERAL,
    *REGIONS,
    *BASIC_S3,
    *BASIC_LAMBDA,
    *BASIC_DYNAMODB,
    *OPERATORS,
    *FIELDS,
    *RESOURCES,
]
