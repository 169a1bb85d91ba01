"""CloudTrail's rules: one row for each, with the exception's name and the line that is named.

One long file because it is one table.
"""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bototrail.errors import TrailsFileError
from bototrail.trails.file import load_trails
from bototrail.trails.resource_types import NETWORK_SOURCES, RESOURCE_TYPES
from bototrail.trails.rules import RULES

HEAD = '[[trailList]]\nName = "trail"\nS3BucketName = "bucket"\nIsMultiRegionTrail = true\n'
# Rows begin here.
FIRST = HEAD.count("\n") + 1
ORGANIZATION = 'OrganizationId = "o-abcdefghij"\n'
ACCOUNT = "arn:aws:cloudtrail:us-east-1:111122223333:trail/"


def faults(tmp_path, text, name="trails.toml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TrailsFileError) as caught:
        load_trails(file, {})
    return caught.value.errors


def loads(tmp_path, text, name="trails.toml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return load_trails(file, {})


def trail(**fields):
    """A trail in TOML whose fields are TOML too."""
    written = {"Name": '"trail"', "S3BucketName": '"bucket"', "IsMultiRegionTrail": "true"} | fields
    return "[[trailList]]\n" + "".join(f"{name} = {value}\n" for name, value in written.items())


TEXTS = [
    # field, value, code, words
    ("Name", "ab", "InvalidTrailNameException", "Minimum allowed length: 3 characters. Specified name length: 2"),
    ("Name", "", "InvalidTrailNameException", "Specified name length: 0 characters."),
    (
        "Name",
        "a" * 129,
        "InvalidTrailNameException",
        "Maximum allowed length: 128 characters. Specified name length: 129",
    ),
    ("Name", "tr/il", "InvalidTrailNameException", "can only contain uppercase letters"),
    ("Name", "träil", "InvalidTrailNameException", "can only contain uppercase letters"),
    ("Name", "trail\\n", "InvalidTrailNameException", "can only contain uppercase letters"),
    ("Name", "-trail", "InvalidTrailNameException", "must starts with a letter or number"),
    ("Name", "trail.", "InvalidTrailNameException", "must ends with a letter or number"),
    ("Name", "my-_trail", "InvalidTrailNameException", "side by side"),
    ("Name", "my..trail", "InvalidTrailNameException", "side by side"),
    ("Name", "192.168.5.4", "InvalidTrailNameException", "IP address"),
    ("S3BucketName", "ab", "InvalidS3BucketNameException", "3 to 63"),
    ("S3BucketName", "a" * 64, "InvalidS3BucketNameException", "3 to 63"),
    ("S3BucketName", "Bucket", "InvalidS3BucketNameException", "lower-case"),
    ("S3BucketName", "buc_ket", "InvalidS3BucketNameException", "lower-case"),
    ("S3BucketName", "-bucket", "InvalidS3BucketNameException", "both ends"),
    ("S3BucketName", "bucket-", "InvalidS3BucketNameException", "both ends"),
    ("S3BucketName", "my..bucket", "InvalidS3BucketNameException", "'..'"),
    ("S3BucketName", "my.-bucket", "InvalidS3BucketNameException", "'.-'"),
    ("S3BucketName", "10.0.0.1", "InvalidS3BucketNameException", "IP address"),
    ("S3KeyPrefix", "p" * 201, "InvalidS3PrefixException", "at most 200"),
    ("SnsTopicName", "top ic", "InvalidSnsTopicNameException", "letters, digits"),
    ("SnsTopicName", "t" * 257, "InvalidSnsTopicNameException", "1 to 256"),
    ("SnsTopicName", "arn:aws:sns:us-east-1:1:topic", "InvalidSnsTopicNameException", "the ARN of a topic"),
    ("SnsTopicName", "topic.fifo", "InvalidSnsTopicNameException", "no FIFO topic"),
    ("SnsTopicARN", "arn:aws:sns:us-east-1:111122223333:t.fifo", "InvalidSnsTopicNameException", "no FIFO topic"),
    ("SnsTopicARN", "topic", "InvalidSnsTopicNameException", "the ARN of a topic"),
    ("KmsKeyId", "my key", "InvalidKmsKeyIdException", "alias/NAME"),
    ("KmsKeyId", "arn:aws:s3:::bucket", "InvalidKmsKeyIdException", "alias/NAME"),
    ("HomeRegion", "Virginia", "InvalidHomeRegionException", "us-east-1"),
    ("TrailARN", "trail", "CloudTrailARNInvalidException", "arn:aws:cloudtrail"),
    ("TrailARN", f"{ACCOUNT}other", "CloudTrailARNInvalidException", "the name 'other'"),
]


@pytest.mark.parametrize(("field", "value", "code", "words"), TEXTS)
def test_a_text_that_breaks_a_rule_is_refused(field, value, code, words, tmp_path):
    (error,) = faults(tmp_path, trail(**{field: f'"{value}"'}))
    assert (error.code, words in str(error)) == (code, True), str(error)


def test_every_rule_has_a_row(tmp_path):
    rows = {(field, code) for field, _, code, _ in TEXTS}
    apart = {("CloudWatchLogsLogGroupArn", "InvalidCloudWatchLogsLogGroupArnException"),
             ("CloudWatchLogsRoleArn", "InvalidCloudWatchLogsRoleArnException")}  # fmt: skip
    assert {(rule.field, rule.code) for rule in RULES} <= rows | apart


KEY = "12345678-1234-1234-1234-123456789012"
GROUP = 'CloudWatchLogsLogGroupArn = "arn:aws:logs:us-east-1:111122223333:log-group:CloudTrail/x:*"\n'
ROLE = 'CloudWatchLogsRoleArn = "arn:aws:iam::111122223333:role/service-role/logs"\n'
SOUND = [
    'S3KeyPrefix = ""\nSnsTopicName = ""\nKmsKeyId = ""',
    'S3KeyPrefix = "a b/ü"',
    'SnsTopicName = "my_topic-1"',
    'SnsTopicName = "arn:aws-us-gov:sns:us-gov-west-1:111122223333:topic"',
    'KmsKeyId = "alias/my/key"',
    f'KmsKeyId = "{KEY}"',
    f'KmsKeyId = "arn:aws:kms:us-east-2:123456789012:key/{KEY}"',
    'KmsKeyId = "arn:aws-cn:kms:cn-north-1:123456789012:alias/key"',
    'KmsKeyId = "mrk-1234567890abcdef1234567890abcdef"',
    GROUP + ROLE,
    f'TrailARN = "{ACCOUNT}trail"\nHomeRegion = "us-east-1"',
    "IsOrganizationTrail = true\n" + ORGANIZATION,
    "EnableLogFileValidation = true\nLogFileValidationEnabled = true",
    "EventBridge = {}",
    ("EventSelectors = [{ DataResources = [\n"
     "{ Type = 'AWS::S3::Object', Values = ['arn:aws:s3', 'arn:aws:s3:::', 'arn:aws:s3:::b/'] },\n"
     "{ Type = 'AWS::Lambda::Function', Values = ['arn:aws:lambda'] },\n"
     "{ Type = 'AWS::DynamoDB::Table', Values = ['arn:aws:dynamodb:us-east-1:111122223333:table/t'] },\n"
     "] }]"),
    'TagsList = [{ Key = "team" }]',
    "InsightSelectors = []",
    'InsightSelectors = [{ InsightType = "ApiCallRateInsight", EventCategories = ["Management"] }]',
]  # fmt: skip


@pytest.mark.parametrize("fields", SOUND)
def test_what_cloudtrail_takes_is_taken(fields, tmp_path):
    assert loads(tmp_path, HEAD + fields).notes == ()


def advanced(*conditions, category="Data"):
    """An advanced selector, each condition on a line of its own; the category stands in the first."""
    written = [f'{{ Field = "eventCategory", Equals = ["{category}"] }}'] if category else []
    if category == "Data":
        written.append('{ Field = "resources.type", Equals = ["AWS::S3::Object"] }')
    lines = ",\n".join([*written, *conditions])
    return f"AdvancedEventSelectors = [{{ FieldSelectors = [\n{lines}\n] }}]"


def basic(*members):
    return f"EventSelectors = [{{ {', '.join(members)} }}]"


def resource(kind, *values):
    return basic(f"DataResources = [{{ Type = '{kind}', Values = {list(values)} }}]")


S3_TYPE = '{ Field = "resources.type", Equals = ["AWS::S3::Object"] }'
SELECTORS = "InvalidEventSelectorsException"
COMBINATION = "InvalidParameterCombinationException"
TAG = "InvalidTagParameterException"
MODEL = "ParamValidationError"
INSIGHT = "InvalidInsightSelectorsException"
CALL_RATE = '\nInsightSelectors = [{ InsightType = "ApiCallRateInsight" }]'
ERROR_RATE = '\nInsightSelectors = [{ InsightType = "ApiErrorRateInsight" }]'

ROWS = [
    # what follows HEAD, code, line counted from there, words
    # types, unknown and missing members, by botocore's model
    ("EnableLogFileValidation = 'yes'", MODEL, 1, "true or false for EnableLogFileValidation; found 'yes' (text)"),
    ("\nRecursiveLogging = 1", MODEL, 2, "true or false for RecursiveLogging; found 1 (a number)"),
    ("S3Prefix = 'x'", MODEL, 1, "did you mean S3KeyPrefix?"),
    ("\n\nCompletelyWrong = 'x'", MODEL, 3, "known are "),
    ("EventSelectors = 'All'", MODEL, 1, "a list for EventSelectors"),
    ("EventSelectors = ['All']", MODEL, 1, "a table for EventSelectors"),
    (basic("ReadWriteTyp = 'All'"), MODEL, 1, "did you mean ReadWriteType?"),
    (basic("ReadWriteType = 'Both'"), SELECTORS, 1, "'ReadOnly' or 'WriteOnly' or 'All'"),
    ("AdvancedEventSelectors = [{ Name = 'x' }]", MODEL, 1, "add FieldSelectors"),
    ("AdvancedEventSelectors = [{ FieldSelectors = [] }]", SELECTORS, 1, "at least one of FieldSelectors"),
    ("AdvancedEventSelectors = [{ FieldSelectors = [{ Equals = ['x'] }] }]", MODEL, 1, "add Field"),
    (advanced('{ Field = "eventName", Equals = [] }'), SELECTORS, 4, "at least one of Equals"),
    (advanced('{ Field = "eventName", Equals = [""] }'), SELECTORS, 4, "1 to 2048 characters for Equals"),
    (advanced(f'{{ Field = "eventName", Equals = ["{"x" * 2049}"] }}'), SELECTORS, 4, "found 2049"),
    (advanced('{ Field = "event Name", Equals = ["x"] }'), SELECTORS, 4, "for Field; found 'event Name'"),
    (advanced('{ Field = "eventName", Like = ["x"] }'), MODEL, 4, "a member of FieldSelectors; found 'Like'"),
    (advanced(category="Management").replace("[{ F", f"[{{ Name = '{'x' * 1001}', F"), SELECTORS, 1,
     "0 to 1000 characters for Name"),
    ("TagsList = [{ Value = 'x' }]", MODEL, 1, "add Key"),
    ("TagsList = [{ Key = '' }]", TAG, 1, "1 to 128 characters for Key"),
    (f"TagsList = [{{ Key = 'k', Value = '{'v' * 257}' }}]", TAG, 1, "1 to 256 characters for Value"),
    # combinations
    ("IncludeGlobalServiceEvents = false", COMBINATION, 1, "Multi-Region trail must include global service events."),
    ("EnableLogFileValidation = true\nLogFileValidationEnabled = false", COMBINATION, 2, "mean the same"),
    (GROUP, COMBINATION, 1, "add CloudWatchLogsRoleArn"),
    (ROLE, COMBINATION, 1, "add CloudWatchLogsLogGroupArn"),
    ("CloudWatchLogsLogGroupArn = 'group'\n" + ROLE, "InvalidCloudWatchLogsLogGroupArnException", 1, "log-group"),
    (GROUP + "CloudWatchLogsRoleArn = 'role'", "InvalidCloudWatchLogsRoleArnException", 2, "role/NAME"),
    ("IsOrganizationTrail = true", COMBINATION, 1, "describe-organization"),
    (ORGANIZATION, COMBINATION, 1, "add it, or leave OrganizationId out"),
    ("IsOrganizationTrail = true\nOrganizationId = 'o-ABC'", "InvalidParameterException", 2, "o-[a-z0-9]"),
    (f"HomeRegion = 'eu-west-1'\nTrailARN = '{ACCOUNT}trail'", "InvalidHomeRegionException", 1, "us-east-1"),
    # basic selectors
    (basic() + "\n" + advanced(category="Management"), SELECTORS, 2, "EventSelectors or AdvancedEventSelectors"),
    ("EventSelectors = [\n{}, {}, {}, {}, {},\n{} ]", SELECTORS, 3, "at most 5 event selectors; found 6"),
    (basic("ExcludeManagementEventSources = ['kmsx.amazonaws.com']"), SELECTORS, 1, "did you mean kms.amazonaws.com?"),
    (basic("ExcludeManagementEventSources = ['s3']"), SELECTORS, 1, "kms.amazonaws.com or rdsdata.amazonaws.com"),
    (resource("AWS::SQS::Queue", "arn:aws:sqs"), SELECTORS, 1, "for other types use AdvancedEventSelectors"),
    (resource("AWS::S3::Objects", "arn:aws:s3"), SELECTORS, 1, "did you mean AWS::S3::Object?"),
    (basic("DataResources = [{ Values = ['arn:aws:s3'] }]"), SELECTORS, 1, "for Type; found None"),
    (resource("AWS::S3::Object", "arn:aws:s3:::*"), SELECTORS, 1,
     "Value arn:aws:s3:::* for DataResources.Values is invalid."),
    (resource("AWS::S3::Object", "arn:aws:s3:::bucket"), SELECTORS, 1, "arn:aws:s3:::BUCKET/"),
    (resource("AWS::S3::Object", "bucket/"), SELECTORS, 1, "arn:aws:s3:::BUCKET/"),
    (resource("AWS::Lambda::Function", "arn:aws:lambda:*"), SELECTORS, 1,
     "Value arn:aws:lambda:* for DataResources.Values is invalid."),
    (resource("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:111122223333:function"), SELECTORS, 1, "whole ARN"),
    (resource("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:111122223333:function:f:1"), SELECTORS, 1,
     "without version"),
    (resource("AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:111122223333:table/"), SELECTORS, 1, "whole ARN"),
    (resource("AWS::S3::Object", *(f"arn:aws:s3:::b{n}/" for n in range(251))), SELECTORS, 1,
     "at most 250 data resources in a trail; found 251"),
    # advanced selectors
    (advanced('{ Field = "readOnly", Equals = ["true"] }', category=""), SELECTORS, 1, "a condition on eventCategory"),
    (advanced(category="Insight"), SELECTORS, 2, "only event data stores can have it"),
    (advanced(category="data"), SELECTORS, 2, "did you mean Data?"),
    (advanced('{ Field = "eventCategory", NotEquals = ["Data"] }', category=""), SELECTORS, 2, "Equals with one of"),
    (advanced('{ Field = "eventCategory", Equals = ["Data", "Management"] }', category=""), SELECTORS, 2,
     "one selector for each"),
    (advanced('{ Field = "eventCategory", Equals = ["Data"] }', category=""), SELECTORS, 1, "resources.type"),
    (advanced('{ Field = "eventCategory", Equals = ["Management"], NotEquals = ["Data"] }', category=""), SELECTORS, 2,
     "Equals for eventCategory of Management events; found NotEquals"),
    (advanced('{ Field = "eventName", Equals = ["x"] }', category="Management"), SELECTORS, 3, "event data stores"),
    (advanced('{ Field = "resources.ARN", Equals = ["x"] }', category="Management"), SELECTORS, 3,
     "a field of Management events (eventCategory, eventSource, readOnly)"),
    (advanced('{ Field = "eventSource", Equals = ["kms.amazonaws.com"] }', category="Management"), SELECTORS, 3,
     "NotEquals for eventSource of Management events; found Equals"),
    (advanced('{ Field = "eventSource", NotEquals = ["s3.amazonaws.com"] }', category="Management"), SELECTORS, 3,
     "kms.amazonaws.com or rdsdata.amazonaws.com"),
    (advanced('{ Field = "eventname", Equals = ["x"] }'), SELECTORS, 4, "did you mean eventName?"),
    (advanced('{ Field = "errorCode", Equals = ["x"] }'), SELECTORS, 4, "a field of Data events"),
    (advanced('{ Field = "eventName" }'), SELECTORS, 4, "an operator for eventName"),
    (advanced(S3_TYPE.replace("Equals", "StartsWith"), '{ Field = "eventCategory", Equals = ["Data"] }', category=""),
     SELECTORS, 2, "Equals for resources.type of Data events; found StartsWith"),
    (advanced(S3_TYPE.replace('["', '["AWS::SQS::Queue", "'), '{ Field = "eventCategory", Equals = ["Data"] }',
              category=""), SELECTORS, 2, "one value for resources.type; found 2"),
    (advanced(S3_TYPE.replace("Object", "Objekt"), '{ Field = "eventCategory", Equals = ["Data"] }', category=""),
     SELECTORS, 2, "did you mean AWS::S3::Object?"),
    (advanced('{ Field = "eventCategory", Equals = ["Data"] }',
              '{ Field = "resources.type", Equals = ["AWS::XRay::Trace"] }',
              '{ Field = "resources.ARN", StartsWith = ["arn:"] }', category=""), SELECTORS, 4, "events have none"),
    (advanced('{ Field = "readOnly", Equals = ["True"] }'), SELECTORS, 4, "did you mean true?"),
    (advanced('{ Field = "readOnly", NotEquals = ["true"] }'), SELECTORS, 4, "Equals for readOnly"),
    (advanced('{ Field = "resources.ARN", Equals = ["bucket"] }'), SELECTORS, 4, "a whole ARN with Equals"),
    (advanced('{ Field = "resources.ARN", NotEquals = ["arn:aws:s3"] }'), SELECTORS, 4, "a whole ARN with NotEquals"),
    (advanced('{ Field = "eventName", Equals = ["x"] }', '{ Field = "eventName", Equals = ["y"] }'), SELECTORS, 5,
     "each Field once in a selector"),
    (advanced('{ Field = "sessionCredentialFromConsole", Equals = ["false"] }'), SELECTORS, 4, "true for session"),
    (advanced(category="NetworkActivity"), SELECTORS, 1, "a condition on eventSource"),
    (advanced('{ Field = "eventSource", Equals = ["kms"] }', category="NetworkActivity"), SELECTORS, 3,
     "SERVICE.amazonaws.com"),
    (advanced('{ Field = "eventSource", Equals = ["kms.amazonaws.com"] }', '{ Field = "errorCode", Equals = ["x"] }',
              category="NetworkActivity"), SELECTORS, 4, "VpceAccessDenied for errorCode"),
    (advanced('{ Field = "eventSource", Equals = ["kms.amazonaws.com"] }', '{ Field = "readOnly", Equals = ["true"] }',
              category="NetworkActivity"), SELECTORS, 4, "a field of NetworkActivity events"),
    (advanced(f'{{ Field = "eventName", Equals = {[f"E{n}" for n in range(499)]} }}'), SELECTORS, 1,
     "at most 500 values in all selectors of a trail; found 501"),
    ("AllEvents = true\n" + basic(), "InvalidParameterCombinationException", 1, "AllEvents or selectors; found both"),
    ("SelectorRules = 'Lake'", "InvalidParameterException", 1, "'Trail' or 'EventDataStore'"),
    ("SelectorRules = 'EventDataStore'\n"
     + advanced('{ Field = "resources.ARN", Equals = ["x"] }', category="Management"),
     SELECTORS, 4, "a field of Management events"),
    # insights
    ("InsightSelectors = [{ InsightType = 'Calls' }]", INSIGHT, 1, "'ApiCallRateInsight' or 'ApiErrorRateInsight'"),
    ("InsightSelectors = [{ InsightType = 'ApiCallRateInsight', EventCategories = ['All'] }]", INSIGHT, 1, "'Data'"),
    ("InsightSelectors = [{ EventCategories = ['Management'] }]", INSIGHT, 1, "InsightType in every insight selector"),
    (basic("ReadWriteType = 'ReadOnly'") + CALL_RATE, INSIGHT, 2, "management write events, for ApiCallRateInsight"),
    (advanced('{ Field = "readOnly", Equals = ["true"] }', category="Management") + CALL_RATE, INSIGHT, 5,
     "found management read"),
    (basic("IncludeManagementEvents = false") + ERROR_RATE, INSIGHT, 2, "management read or management write"),
    (basic() + CALL_RATE.replace(" }", ", EventCategories = ['Data'] }"), INSIGHT, 2, "a trail that logs data events"),
    # tags
    ("TagsList = [" + ", ".join(f"{{ Key = 'k{n}' }}" for n in range(51)) + "]", "TagsLimitExceededException", 1,
     "at most 50 tags; found 51"),
    ("TagsList = [\n{ Key = 'k' },\n{ Key = 'k' }]", TAG, 3, "each Key once"),
    ("TagsList = [{ Key = 'aws:x' }]", TAG, 1, "does not begin with aws:"),
    # our own
    ("EventBridge = { BusName = 'x' }", MODEL, 1, "did you mean EventBusName?"),
    ("EventBridge = { EventBusName = 'x y' }", "InvalidParameterException", 1, "for EventBusName"),
    ("EventBridge = { ReadOnlyManagementEvents = 'no' }", MODEL, 1, "true or false"),
    ("[trailList.delivery]\nprofile = 'x'", MODEL, 2, "did you mean profile_name?"),
    ("[trailList.delivery.s3]\n\nACL = 'everyone'", "InvalidParameterException", 3, "bucket-owner-full-control"),
    ("[trailList.delivery.sns]\nendpoint_url = 'localhost:4566'", "InvalidParameterException", 2, "https?://"),
    ("[trailList.delivery]\nrole_arn = 'admin'", "InvalidParameterException", 2, "role/"),
    ("[trailList.delivery]\naws_secret_access_key = 'hunter2'", "SecretInFile", 2, "name a profile (profile_name)"),
    ("[trailList.delivery]\nendpoint_url = 'http://me:hunter2@host'", "SecretInFile", 2, "credentials in it"),
    ("KmsKeyId = 'alias/x'\n[trailList.delivery.s3]\nServerSideEncryption = 'AES256'", COMBINATION, 1, "aws:kms"),
    # the table of buckets
    ("[buckets]\nbucket = 1", MODEL, 2, "a folder, an URL, or a table"),
    ("[buckets]\nbucket = ''", "InvalidParameterException", 2, "a folder or URL for a bucket"),
    ("[buckets]\nbucket = 's3://x?endpoint=y'", MODEL, 2, "did you mean endpoint_url?"),
    ("[buckets]\nbucket = 's3://x?ACL=all'", "InvalidParameterException", 2, "for ACL; found 'all'"),
    ("[buckets]\nbucket = ' '", "InvalidParameterException", 2, "a folder or URL for a bucket"),
    ("[buckets]\nbucket = 's3://[::1'", "InvalidS3BucketNameException", 2, "the name of a bucket"),
    ("[buckets]\nbucket = 's3:x'", "InvalidParameterException", 2, "a folder or URL for a bucket"),
    ("[buckets.bucket]\nlocation = 's3://x'\nendpointurl = 'http://x'", MODEL, 3, "did you mean endpoint_url?"),
    ("[buckets.bucket]\nlocation = './x'\nACL = 'private'", COMBINATION, 1, "options of an s3:// URL"),
    ("[buckets.bucket]\nExpectedBucketOwner = '12'", "InvalidParameterException", 2, "ExpectedBucketOwner"),
    ("[buckets.bucket]\nTagging = { a = 1 }", MODEL, 2, "text for a"),
    ("[buckets.bucket]\naws_access_key_id = 'AKIA'", "SecretInFile", 2, "credentials_file"),
    ("[buckets]\nbucket = 's3://b?aws_secret_access_key=hunter2'", "SecretInFile", 2, "credentials_file"),
    ("S3KeyPrefix = '../out'\n[buckets]\nbucket = './x'", "InvalidS3PrefixException", 1, "stays below"),
    ("S3KeyPrefix = '/etc'\n[buckets]\nbucket = './x'", "InvalidS3PrefixException", 1, "stays below"),
    # the file
    ("delivery = 1", MODEL, 1, "a table for delivery"),
    ("[bucket]\nx = 'y'", MODEL, 1, "did you mean buckets?"),
    ("[[trailList]]\nName = 'other'", MODEL, 1, "add S3BucketName"),
    ("[[trailList]]\nS3BucketName = 'bucket'", MODEL, 1, "add Name"),
    ("[[trailList]]\nS3BucketName = 'bucket'\nName = 'trail'", "TrailAlreadyExistsException", 3, "each Name once"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "line", "words"), ROWS)
def test_a_rule_that_is_broken_is_told_with_its_line(fields, code, line, words, tmp_path):
    (error,) = faults(tmp_path, HEAD + fields)
    assert (error.code, error.line - FIRST + 1, words in str(error)) == (code, line, True), str(error)
    assert str(error).startswith(f"{tmp_path}/trails.toml:{error.line}: {code}: ")
    assert "hunter2" not in str(error)


NOTED = [
    ("HasCustomEventSelectors = true", 1, "get-event-selectors"),
    ("HasInsightSelectors = true", 1, "get-insight-selectors"),
    ("[buckets]\nbukket = './x'", 2, "did you mean bucket?"),
    (advanced('{ Field = "eventSource", Equals = ["kmz.amazonaws.com"] }', category="NetworkActivity"), 3, "kms"),
    (
        advanced(
            '{ Field = "eventCategory", Equals = ["Data"] }',
            '{ Field = "resources.type", Equals = ["AWS::Quantum::Teapot"] }',
            category="",
        ),
        3,
        "newer",
    ),
]


@pytest.mark.parametrize(("fields", "line", "words"), NOTED)
def test_what_is_only_remarkable_is_noted(fields, line, words, tmp_path):
    (note,) = loads(tmp_path, HEAD + fields).notes
    assert (note.startswith(f"{tmp_path}/trails.toml:{line + FIRST - 1}: "), words in note) == (True, True), note


def test_a_region_has_five_trails_and_those_of_all_regions_count_in_each(tmp_path):
    def some(names, **fields):
        return "".join(trail(Name=f'"{name}"', **fields) for name in names)

    one, other = {"IsMultiRegionTrail": "false", "HomeRegion": '"eu-west-1"'}, {"HomeRegion": '"us-east-1"'}
    assert len(loads(tmp_path, some(["t-1", "t-2", "t-3", "t-4", "t-5"], **one)).trails) == 5
    (error,) = faults(tmp_path, some(["t-1", "t-2", "t-3", "t-4"], **one) + some(["m-1", "m-2"], **other))
    assert (error.code, error.line) == ("MaximumNumberOfTrailsExceededException", 26)
    assert "at most 5 trails in eu-west-1; found 6" in str(error)


def test_the_service_message_names_the_account_where_it_is_known(tmp_path):
    trails = "".join(trail(Name=f'"t-{n}"', TrailARN=f'"{ACCOUNT}t-{n}"') for n in range(6))
    (error,) = faults(tmp_path, trails)
    assert "User: 111122223333 already has 5 trails in us-east-1. expected" in str(error)


def test_forms_that_mean_all_do_not_count_as_data_resources(tmp_path):
    values = ["arn:aws:s3:::", *(f"arn:aws:s3:::b{n}/" for n in range(250))]
    assert len(loads(tmp_path, HEAD + resource("AWS::S3::Object", *values)).trails) == 1


def test_every_known_type_can_be_selected(tmp_path):
    one = "[[trailList.AdvancedEventSelectors]]\n" + advanced().partition("[{ ")[2].removesuffix(" }]") + "\n"
    text = HEAD + "".join(one.replace("AWS::S3::Object", name) for name in RESOURCE_TYPES)
    assert len(loads(tmp_path, text).trails[0].AdvancedEventSelectors) == len(RESOURCE_TYPES) == 250


@pytest.mark.parametrize("table", [RESOURCE_TYPES, NETWORK_SOURCES])
def test_names_are_sorted_and_unique(table):
    assert list(table) == sorted(set(table), key=str.lower)


def test_fields_outside_of_a_trail_are_told_where_to_go(tmp_path):
    (error,) = faults(tmp_path, 'HomeRegion = "eu-west-1"\n' + HEAD)
    assert (error.line, "move it below [[trailList]]" in str(error)) == (1, True)


def test_all_faults_are_told_in_the_order_of_their_lines(tmp_path):
    text = textwrap.dedent("""\
        [buckets]
        bucket = 1
        [[trailList]]
        Name = "x"
        S3BucketName = "bucket"
        IsMultiRegion = true
        EventSelectors = [{ ReadWriteType = "All", ReadOnly = 1 }]
    """)
    found = faults(tmp_path, text)
    assert [(error.line, error.code) for error in found] == [
        (2, MODEL),
        (4, "InvalidTrailNameException"),
        (6, MODEL),
        (7, MODEL),
    ]
    with pytest.raises(TrailsFileError) as caught:
        load_trails(tmp_path / "trails.toml")
    assert str(caught.value) == "\n".join(str(error) for error in found)


def test_members_that_an_older_botocore_does_not_know_are_checked_all_the_same():
    from botocore.model import ShapeResolver

    from bototrail.trails.faults import Faults
    from bototrail.trails.lines import Lines
    from bototrail.trails.shapes import check_shape

    older = {"InsightSelector": {"type": "structure", "members": {"Type": {"shape": "T"}}}, "T": {"type": "string"}}
    shape = ShapeResolver(older).get_shape_by_name("InsightSelector")
    found = Faults("f", Lines(""))
    check_shape(found, (), {"EventCategories": ["Data"]}, shape, INSIGHT)
    assert found.errors == []
    check_shape(found, (), {"EventCategories": ["Dater"]}, shape, INSIGHT)
    assert [(error.code, error.todo) for error in found.errors] == [(INSIGHT, "did you mean Data?")]


# botocore's own validator as witness: what we let pass, it lets pass.

TEXT = st.sampled_from(["", "x", "All", "eventCategory"])
ANY = st.recursive(
    TEXT | st.booleans() | st.integers(0, 1),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from(["Name", "FieldSelectors", "Field", "Equals", "Key", "Value", "ReadWriteType", "DataResources",
                         "Type", "Values", "InsightType", "EventCategories"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
INPUTS = {
    "EventSelectors": "PutEventSelectors",
    "AdvancedEventSelectors": "PutEventSelectors",
    "InsightSelectors": "PutInsightSelectors",
    "TagsList": "CreateTrail",
    "Name": "CreateTrail",
    "IsMultiRegionTrail": "CreateTrail",
}


@settings(max_examples=300)
@given(st.sampled_from(sorted(INPUTS)), ANY)
def test_what_we_let_pass_botocore_lets_pass(name, value):
    from botocore.loaders import Loader
    from botocore.model import ServiceModel
    from botocore.validate import ParamValidator

    from bototrail.trails.faults import Faults
    from bototrail.trails.lines import Lines
    from bototrail.trails.shapes import check_shape, trail_shapes

    found = Faults("", Lines(""))
    check_shape(found, (name,), value, trail_shapes()[name], "code")
    model = ServiceModel(Loader().load_service_model("cloudtrail", "service-2"), "cloudtrail")
    shape = model.operation_model(INPUTS[name]).input_shape.members[name]
    witness = ParamValidator().validate(value, shape)
    assert witness.has_errors() <= bool(found.errors), witness.generate_report()


@pytest.mark.parametrize(
    "condition",
    [
        '{ Field = "eventName", StartsWith = ["Create"] }',
        '{ Field = "eventSource", Equals = ["iam.amazonaws.com", "kms.amazonaws.com"] }',
        '{ Field = "eventType", NotEquals = ["AwsServiceEvent"] }',
        '{ Field = "userIdentity.arn", EndsWith = ["/ann"] }',
        '{ Field = "sessionCredentialFromConsole", NotEquals = ["true"] }',
    ],
)
def test_event_data_stores_may_ask_more_of_management_events(condition, tmp_path):
    selectors = advanced(condition, category="Management")
    (fault,) = faults(tmp_path, HEAD + selectors)
    assert 'SelectorRules = "EventDataStore"' in str(fault)
    (made,) = loads(tmp_path, HEAD + 'SelectorRules = "EventDataStore"\n' + selectors).trails
    assert made.SelectorRules == "EventDataStore"


def test_all_events(tmp_path):
    (made,) = loads(tmp_path, HEAD + "AllEvents = true\n").trails
    assert made.everything
