"""CloudTrail's documented rules for the fields of a trail; those of selectors are in `selector_rules`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bototrail.trails.faults import Faults, nearest, shown
from bototrail.trails.gather import Raw
from bototrail.trails.insight_rules import check_insights
from bototrail.trails.limits import TAGS, TRAILS_PER_REGION
from bototrail.trails.parse import is_secret
from bototrail.trails.selector_rules import check_selectors
from bototrail.trails.shapes import check_shape, trail_shapes

_PARTITION: Final = r"arn:aws[a-z-]*"
_ADDRESS: Final = r"\d{1,3}(\.\d{1,3}){3}"


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def _unlike(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.fullmatch(text) is None


class Rule(NamedTuple):
    """A rule for the text of a field.

    Attributes:
        field: of the trail.
        code: CloudTrail's exception.
        holds: whether a text keeps it.
        expected: in words.
        message: CloudTrail's own, where it is known; `{length}` stands for the text's length.
    """

    field: str
    code: str
    holds: Callable[[str], bool]
    expected: str
    message: str = ""


_NAME: Final = "InvalidTrailNameException"
_BUCKET: Final = "InvalidS3BucketNameException"
_ALPHANUMERIC: Final = "[0-9A-Za-z]"
_TOO_SHORT: Final = (
    "Trail name too short. Minimum allowed length: 3 characters. Specified name length: {length} characters."
)
_TOO_LONG: Final = (
    "Trail name too long. Maximum allowed length: 128 characters. Specified name length: {length} characters."
)
_CHARACTERS: Final = (
    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), "
    "and underscores (_)."
)

# Of each field the first rule that does not hold is told.
# Sources: CreateTrail's documentation in botocore's model (names, lengths, forms), S3's bucket naming rules, SNS's and
# KMS's forms of names; messages as moto has them of the service. [facts §7.1, §7.2, §8.1]
RULES: Final = (
    Rule("Name", _NAME, lambda text: len(text) >= 3, "3 to 128 characters", _TOO_SHORT),
    Rule("Name", _NAME, lambda text: len(text) <= 128, "3 to 128 characters", _TOO_LONG),
    Rule("Name", _NAME, _like(r"[0-9A-Za-z._-]+"), "letters, digits, '.', '_' and '-'", _CHARACTERS),
    Rule("Name", _NAME, _like(rf"{_ALPHANUMERIC}.*"), "a name that begins with a letter or digit",
         "Trail name must starts with a letter or number."),
    Rule("Name", _NAME, _like(rf".*{_ALPHANUMERIC}"), "a name that ends with a letter or digit",
         "Trail name must ends with a letter or number."),
    Rule("Name", _NAME, _unlike(r".*[._-]{2}.*"), "no two of '.', '_' and '-' side by side"),
    Rule("Name", _NAME, _unlike(_ADDRESS), "a name that is not like an IP address"),
    Rule("S3BucketName", _BUCKET, lambda text: 3 <= len(text) <= 63, "3 to 63 characters"),
    Rule("S3BucketName", _BUCKET, _like(r"[0-9a-z.-]+"), "lower-case letters, digits, '.' and '-'"),
    Rule("S3BucketName", _BUCKET, _like(r"[0-9a-z].*[0-9a-z]"), "a letter or digit at both ends"),
    Rule("S3BucketName", _BUCKET, _unlike(r".*(\.\.|\.-|-\.).*"), "no '..', '.-' or '-.'"),
    Rule("S3BucketName", _BUCKET, _unlike(_ADDRESS), "a name that is not like an IP address"),
    Rule("S3KeyPrefix", "InvalidS3PrefixException", lambda text: len(text) <= 200, "at most 200 characters"),
    Rule("SnsTopicName", "InvalidSnsTopicNameException", lambda text: 1 <= len(text) <= 256, "1 to 256 characters"),
    Rule("SnsTopicName", "InvalidSnsTopicNameException",
         _like(rf"({_PARTITION}:sns:[a-z0-9-]+:\d{{12}}:)?[A-Za-z0-9_-]+"),
         "letters, digits, '_' and '-', or the ARN of a topic that is no FIFO topic"),
    Rule("SnsTopicARN", "InvalidSnsTopicNameException", lambda text: len(text) <= 256, "at most 256 characters"),
    Rule("SnsTopicARN", "InvalidSnsTopicNameException",
         _like(rf"{_PARTITION}:sns:[a-z0-9-]+:\d{{12}}:[A-Za-z0-9_-]+"), "the ARN of a topic that is no FIFO topic"),
    Rule("KmsKeyId", "InvalidKmsKeyIdException",
         _like(rf"({_PARTITION}:kms:[a-z0-9-]+:\d{{12}}:)?alias/[A-Za-z0-9/_-]+"
               rf"|({_PARTITION}:kms:[a-z0-9-]+:\d{{12}}:key/)?(mrk-[0-9a-f]{{32}}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"),
         "alias/NAME, the id of a key, or the ARN of one of both"),
    Rule("CloudWatchLogsLogGroupArn", "InvalidCloudWatchLogsLogGroupArnException",
         _like(rf"{_PARTITION}:logs:[a-z0-9-]+:\d{{12}}:log-group:[A-Za-z0-9_\-/.#]{{1,512}}(:\*)?"),
         "arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*"),
    Rule("CloudWatchLogsRoleArn", "InvalidCloudWatchLogsRoleArnException",
         _like(rf"{_PARTITION}:iam::\d{{12}}:role/[\w+=,.@/-]+"), "arn:aws:iam::ACCOUNT:role/NAME"),
    Rule("HomeRegion", "InvalidHomeRegionException", _like(r"[a-z]+(-[a-z]+)+-\d+"), "a region such as us-east-1"),
    Rule("TrailARN", "CloudTrailARNInvalidException",
         _like(rf"{_PARTITION}:cloudtrail:[a-z0-9-]+:\d{{12}}:trail/[0-9A-Za-z._-]+"),
         "arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME"),
)  # fmt: skip

# The exception for a value that breaks a limit of the model. [errors of the operations in botocore's model]
_CODES: Final = {
    "EventSelectors": "InvalidEventSelectorsException",
    "AdvancedEventSelectors": "InvalidEventSelectorsException",
    "InsightSelectors": "InvalidInsightSelectorsException",
    "TagsList": "InvalidTagParameterException",
}
_NEEDED: Final = ("Name", "S3BucketName")
_MAY_BE_EMPTY: Final = ("S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "KmsKeyId", "CloudWatchLogsLogGroupArn",
                        "CloudWatchLogsRoleArn")  # fmt: skip
"""Empty means none: so UpdateTrail takes them away."""


def check_trails(faults: Faults, trails: Sequence[Raw]) -> None:
    """Every fault of the trails of a file, each by itself and all together."""
    for raw in trails:
        _check_model(faults, raw)
        for rule in (_check_texts, _check_arns, _check_combinations, _check_tags):
            rule(faults, raw)
        check_selectors(faults, raw)
        check_insights(faults, raw)
    _check_names(faults, trails)
    _check_count(faults, trails)


def _check_model(faults: Faults, raw: Raw) -> None:
    """What botocore's model of the service says of CreateTrail, Put…Selectors and AddTags."""
    shapes = trail_shapes()
    for name, value in raw.fields.items():
        if name in shapes:
            code = _CODES.get(name, "InvalidParameterException")
            check_shape(faults, raw.place(name), value, shapes[name], code)
        elif not is_secret(name):
            todo = nearest(name, shapes, f"known are {', '.join(shapes)}")
            faults.add(raw.place(name), "ParamValidationError", "a field of a trail", shown(name), todo)
    for name in _NEEDED:
        if name not in raw.fields:
            who = f"trail {shown(raw.name)}" if raw.name else "every trail"
            faults.add(raw.where, "ParamValidationError", f"{name} in {who}", "none", f"add {name}")


def _sound(faults: Faults, raw: Raw, *names: str) -> bool:
    return all(name not in raw.fields or faults.sound(raw.place(name)) for name in names)


def _check_texts(faults: Faults, raw: Raw) -> None:
    for rule in RULES:
        value = raw.fields.get(rule.field)
        if not isinstance(value, str) or not faults.sound(raw.place(rule.field)):
            continue
        if not (rule.holds(value) or (value == "" and rule.field in _MAY_BE_EMPTY)):
            message = rule.message.format(length=len(value)) if rule.message else ""
            found = shown(value) if len(value) < 130 else f"{len(value)} characters"
            expected = f"{rule.expected} for {rule.field}"
            faults.add(raw.place(rule.field), rule.code, expected, found, "correct it", message=message)


def _check_arns(faults: Faults, raw: Raw) -> None:
    """TrailARN says the region and the name again."""
    arn = raw.text("TrailARN")
    if not arn or not _sound(faults, raw, "TrailARN", "Name", "HomeRegion"):
        return
    region, name = arn.split(":")[3], arn.rpartition("/")[2]
    if raw.name and name != raw.name:
        expected, todo = f"the name {name!r} that TrailARN says", "correct one of both"
        faults.add(raw.place("Name"), "CloudTrailARNInvalidException", expected, shown(raw.name), todo)
    if (home := raw.text("HomeRegion")) and home != region:
        expected, todo = f"the region {region} that TrailARN says", "correct one of both"
        faults.add(raw.place("HomeRegion"), "InvalidHomeRegionException", expected, shown(home), todo)


def _check_combinations(faults: Faults, raw: Raw) -> None:
    code = "InvalidParameterCombinationException"
    given = raw.fields.get
    if given("IsMultiRegionTrail") is True and given("IncludeGlobalServiceEvents") is False:
        place, message = (
            raw.place("IncludeGlobalServiceEvents"),
            "Multi-Region trail must include global service events.",
        )
        todo = "leave IncludeGlobalServiceEvents out, or IsMultiRegionTrail"
        faults.add(
            place, code, "IncludeGlobalServiceEvents true with IsMultiRegionTrail true", "false", todo, message=message
        )
    validation = ("EnableLogFileValidation", "LogFileValidationEnabled")
    if all(isinstance(given(name), bool) for name in validation) and given(validation[0]) != given(validation[1]):
        expected = f"the same in {validation[0]} and {validation[1]}, which mean the same"
        faults.add(raw.place(validation[1]), code, expected, "true and false", "leave one of both out")
    logs = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
    for one, other in (logs, logs[::-1]):
        if given(one) and not given(other):
            faults.add(raw.place(one), code, f"{logs[0]} and {logs[1]}, or neither", f"only {one}", f"add {other}")
    _check_organization(faults, raw)


def _check_organization(faults: Faults, raw: Raw) -> None:
    code, belongs = "InvalidParameterCombinationException", raw.fields.get("IsOrganizationTrail") is True
    if belongs and "OrganizationId" not in raw.fields:
        todo = "add it, or append what aws organizations describe-organization prints to a JSON file"
        faults.add(raw.place("IsOrganizationTrail"), code, "OrganizationId with IsOrganizationTrail", "none", todo)
    if not belongs and "OrganizationId" in raw.fields:
        expected, todo = "IsOrganizationTrail true with OrganizationId", "add it, or leave OrganizationId out"
        faults.add(raw.place("OrganizationId"), code, expected, "none", todo)


def _check_tags(faults: Faults, raw: Raw) -> None:
    """At most 50, keys unique, none that begins with aws:, which is kept for AWS. [AddTags]."""
    tags = raw.fields.get("TagsList")
    if not isinstance(tags, list) or not _sound(faults, raw, "TagsList"):
        return
    if len(tags) > TAGS:
        todo = "leave some out"
        faults.add(raw.place("TagsList"), "TagsLimitExceededException", f"at most {TAGS} tags", f"{len(tags)}", todo)
    seen: set[str] = set()
    for index, tag in enumerate(tags):
        place, key = raw.place("TagsList", index, "Key"), tag["Key"]
        if key in seen:
            faults.add(place, _CODES["TagsList"], "each Key once", f"{shown(key)} again", "leave one out")
        if key.lower().startswith("aws:"):
            faults.add(place, _CODES["TagsList"], "a Key that does not begin with aws:", shown(key), "rename it")
        seen.add(key)


def _check_names(faults: Faults, trails: Sequence[Raw]) -> None:
    """Trails of a file are told apart by their names alone."""
    first: dict[str, Raw] = {}
    for raw in trails:
        if raw.name and raw.name in first:
            account = _account(raw)
            known = account and account == _account(first[raw.name])
            message = f"Trail {raw.name} already exists for customer: {account}" if known else ""
            todo = "give it another name, without TrailARN, or leave it out"
            found, todo = f"{shown(raw.name)} again", todo if account else "give it another name, or leave it out"
            faults.add(raw.place("Name"), "TrailAlreadyExistsException", "each Name once", found, todo, message=message)
        first.setdefault(raw.name, raw)


def _account(raw: Raw) -> str:
    parts = raw.text("TrailARN").split(":")
    return parts[4] if len(parts) > 5 else ""


def region_of(raw: Raw) -> str:
    """The home region that a trail says itself, empty if it does not."""
    parts = raw.text("TrailARN").split(":")
    return raw.text("HomeRegion") or (parts[3] if len(parts) > 5 else "")


def _check_count(faults: Faults, trails: Sequence[Raw]) -> None:
    """Shadow trails count, so a trail of all regions does in each of them; accounts count apart. [facts §8.3, §8.6]."""
    told: set[int] = set()
    for account in {_account(raw): 0 for raw in trails}:
        own = [raw for raw in trails if _account(raw) == account]
        for region in {region_of(raw): 0 for raw in own}:
            here = [raw for raw in own if region_of(raw) == region or raw.fields.get("IsMultiRegionTrail") is True]
            if len(here) > TRAILS_PER_REGION and id(sixth := here[TRAILS_PER_REGION]) not in told:
                told.add(id(sixth))
                message = f"User: {account} already has {TRAILS_PER_REGION} trails in {region}." if account else ""
                expected = f"at most {TRAILS_PER_REGION} trails in {region or 'a region'}"
                todo = "leave some out: a trail with IsMultiRegionTrail counts in every region"
                code = "MaximumNumberOfTrailsExceededException"
                faults.add(sixth.where, code, expected, f"{len(here)}", todo, message=message)
