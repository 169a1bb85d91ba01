"""Which `resources.type` selectors know the data events of a service by, and the ARNs of their resources.

Records of some services name no resources, and others name them by another type than selectors do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, eq=False, repr=False)
class Row:
    """One type that data events of an operation belong to.

    Attributes:
        type: name of the type in selectors.
        arns: templates (`record.rules.Resource`) of its ARNs, the first that yields something counts; without one that
            does, the ARNs that the record's own `resources` have of this type.
        when: member of requestParameters and what must be found in it for the event to be of this type.
        unless: members, and what must not be found in them.
        named: whether the event is of this type only if an ARN is known.
    """

    type: str
    arns: tuple[str, ...] = ()
    when: tuple[str, str] | None = None
    unless: tuple[tuple[str, str], ...] = ()
    named: bool = False


Rows = Mapping[str, tuple[Row, ...]]


def _each(names: str, *rows: Row) -> Rows:
    return dict.fromkeys(names.split(), rows)


_OF_SERVICE: Final = "arn:{partition}:%s:{region}:{account}:"
_BEDROCK: Final = _OF_SERVICE % "bedrock"
_EVENTS: Final = _OF_SERVICE % "events"
_KINESIS: Final = _OF_SERVICE % "kinesis"
_SES: Final = _OF_SERVICE % "ses"

# A call by an access point names that in place of the bucket, by its ARN or by an alias.
# [S3 user guide, access point aliases, Object Lambda access point aliases, Outposts access point aliases]
_OBJECT_LAMBDA: Final = ("bucketName", r"^arn:[^:]*:s3-object-lambda:|--ol-s3$")
_OUTPOSTS: Final = ("bucketName", r"^arn:[^:]*:s3-outposts:|--op-s3$")
_ACCESS_POINT: Final = ("bucketName", r"^arn:[^:]*:s3:[^:]*:[^:]*:accesspoint[:/]|-s3alias$")
# The ARN of its objects begins with its own. [CloudTrail API reference, AdvancedFieldSelector: use StartsWith]
_BY_POINT: Final = ("{request.bucketName}/{request.key?}",)

_OBJECT: Final = Row("AWS::S3::Object", unless=(_OBJECT_LAMBDA, _OUTPOSTS))
_POINT: Final = Row("AWS::S3::AccessPoint", _BY_POINT, when=_ACCESS_POINT)
_LAMBDA_POINT: Final = Row("AWS::S3ObjectLambda::AccessPoint", _BY_POINT, when=_OBJECT_LAMBDA)
_OUTPOST: Final = Row("AWS::S3Outposts::Object", _BY_POINT, when=_OUTPOSTS)

# [facts §4.5]
_S3: Final = {
    **_each(
        "AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject "
        "DeleteObjectTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention "
        "GetObjectTagging HeadObject ListObjectVersions ListObjects ListParts PutObject PutObjectAcl "
        "PutObjectLegalHold PutObjectRetention PutObjectTagging RestoreObject UpdateObjectEncryption UploadPart",
        _OBJECT,
        _POINT,
        _LAMBDA_POINT,
        _OUTPOST,
    ),
    # Not of an access point for Object Lambda.
    **_each("HeadBucket UploadPartCopy", _OBJECT, _POINT, _OUTPOST),
    # Not of an access point.
    **_each("DeleteObjects GetObjectTorrent SelectObjectContent", _OBJECT, _LAMBDA_POINT, _OUTPOST),
}

# [facts §4.5; S3 user guide, access points for directory buckets]
_S3_EXPRESS: Final = _each(
    "AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload CreateSession DeleteObject "
    "DeleteObjects GetObject GetObjectAttributes HeadBucket HeadObject ListObjectsV2 ListParts PutObject UploadPart "
    "UploadPartCopy",
    Row("AWS::S3Express::Object"),
    Row(
        "AWS::S3Express::AccessPoint",
        (_OF_SERVICE % "s3express" + "accesspoint/{request.bucketName}",),
        when=("bucketName", "--xa-s3$"),
    ),
)

# A selector of tables takes the events of their streams, too. [CloudTrail user guide, data events, DynamoDB streams]
_TABLE: Final = Row("AWS::DynamoDB::Table")
_DYNAMODB: Final = {
    # [facts §4.5]
    **_each(
        "BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement ExecuteTransaction GetItem "
        "PutItem Query Scan TransactGetItems TransactWriteItems UpdateItem",
        _TABLE,
    ),
    # An iterator begins with the ARN of its stream.
    "GetRecords": (Row("AWS::DynamoDB::Stream", ("{request.shardIterator|stream}",)), _TABLE),
    "GetShardIterator": (Row("AWS::DynamoDB::Stream", ("{request.streamArn}",)), _TABLE),
}

# The ARN of a function has no version or alias. [CloudTrail user guide, resources.ARN of AWS::Lambda::Function]
_LAMBDA: Final = _each(
    "Invoke InvokeAsync InvokeWithResponseStream",
    Row("AWS::Lambda::Function", (_OF_SERVICE % "lambda" + "function:{request.functionName|unqualified}",)),
)

# Messages to phone numbers are never logged. [facts §4.5; SNS developer guide]
_SNS: Final = _each(
    "Publish PublishBatch",
    Row(
        "AWS::SNS::Topic",
        ("{request.topicArn,request.targetArn}",),
        unless=(("targetArn", ":endpoint/"), ("phoneNumber", "")),
    ),
    Row("AWS::SNS::PlatformEndpoint", ("{request.targetArn}",), when=("targetArn", ":endpoint/")),
)

# [facts §4.5]
_SQS: Final = _each(
    "ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch GetQueueAttributes "
    "GetQueueUrl ListDeadLetterSourceQueues ListQueueTags ListQueues ReceiveMessage SendMessage SendMessageBatch",
    Row("AWS::SQS::Queue"),
)

# [facts §4.5]
_STREAM: Final = Row("AWS::Kinesis::Stream", (_KINESIS + "stream/{request.streamARN,request.streamName}",))
_KINESIS_ROWS: Final = {
    **_each("GetRecords GetShardIterator PutRecord PutRecords", _STREAM),
    "SubscribeToShard": (Row("AWS::Kinesis::StreamConsumer", ("{request.consumerARN}",)),),
}

# [facts §4.5; the ARNs of the Service Authorization Reference]
_SES_ROWS: Final = {
    **_each(
        "SendBulkEmail SendBulkTemplatedEmail SendEmail SendRawEmail SendTemplatedEmail",
        Row(
            "AWS::SES::EmailIdentity",
            (
                "{request.sourceArn,request.fromArn,request.fromEmailAddressIdentityArn}",
                _SES + "identity/{request.source,request.fromEmailAddress|address}",
            ),
        ),
        Row("AWS::SES::ConfigurationSet", (_SES + "configuration-set/{request.configurationSetName}",), named=True),
    ),
}
_TEMPLATE: Final = Row("AWS::SES::Template", ("{request.templateArn}", _SES + "template/{request.template}"))

# [facts §4.5; Bedrock user guide, CloudTrail data events]
_ASYNC: Final = Row("AWS::Bedrock::AsyncInvoke", ("{request.invocationArn}", "{response.invocationArn}"))
_MODEL: Final = Row("AWS::Bedrock::Model", ("arn:{partition}:bedrock:{region}::foundation-model/{request.modelId}",))
_BEDROCK_ROWS: Final = {
    "ApplyGuardrail": (Row("AWS::Bedrock::Guardrail", (_BEDROCK + "guardrail/{request.guardrailIdentifier}",)),),
    "GetAsyncInvoke": (_ASYNC, _MODEL),
    "InvokeModelWithBidirectionalStream": (_MODEL,),
    "StartAsyncInvoke": (_ASYNC, _MODEL),
}

# They have no ARNs. [facts §4.3]
_METRICS: Final = _each(
    "GetMetricData GetMetricStatistics GetMetricWidgetImage ListMetrics PutMetricData", Row("AWS::CloudWatch::Metric")
)
_XRAY: Final = _each(
    "BatchGetTraces GetSamplingTargets GetServiceGraph GetTimeSeriesServiceStatistics GetTraceGraph "
    "GetTraceSummaries PutTelemetryRecords PutTraceSegments",
    Row("AWS::XRay::Trace"),
)

# An event that names no bus goes to the default one. [EventBridge API reference, PutEventsRequestEntry]
_BUS: Final = Row(
    "AWS::Events::EventBus",
    (_EVENTS + "event-bus/{request.entries.*.eventBusName}", _EVENTS + "event-bus/default"),
)

# [facts §4.5]
_COGNITO: Final = _each(
    "GetCredentialsForIdentity GetId GetOpenIdToken GetOpenIdTokenForDeveloperIdentity UnlinkIdentity",
    Row("AWS::Cognito::IdentityPool"),
)

# [facts §4.5]
_RDS: Final = _each(
    "BatchExecuteStatement BeginTransaction CommitTransaction ExecuteStatement RollbackTransaction",
    Row("AWS::RDS::DBCluster", ("{request.resourceArn}",)),
)

_ENDPOINTS: Final = _each(
    "InvokeEndpoint InvokeEndpointAsync InvokeEndpointWithResponseStream",
    Row("AWS::SageMaker::Endpoint", (_OF_SERVICE % "sagemaker" + "endpoint/{request.endpointName}",)),
)

_FIREHOSE: Final = _each(
    "PutRecord PutRecordBatch",
    Row(
        "AWS::KinesisFirehose::DeliveryStream",
        (_OF_SERVICE % "firehose" + "deliverystream/{request.deliveryStreamName}",),
    ),
)

_SNAPSHOTS: Final = _each(
    "GetSnapshotBlock ListChangedBlocks ListSnapshotBlocks PutSnapshotBlock", Row("AWS::EC2::Snapshot")
)

_STATES: Final = {
    "GetActivityTask": (Row("AWS::StepFunctions::Activity", ("{request.activityArn}",)),),
    "StartSyncExecution": (Row("AWS::StepFunctions::StateMachine", ("{request.stateMachineArn}",)),),
}

DATA_TYPES: Final[Mapping[str, Rows]] = {
    "bedrock.amazonaws.com": _BEDROCK_ROWS,
    "cloudtrail-data.amazonaws.com": {"PutAuditEvents": (Row("AWS::CloudTrail::Channel", ("{request.channelArn}",)),)},
    "cognito-identity.amazonaws.com": _COGNITO,
    "dynamodb.amazonaws.com": _DYNAMODB,
    "ebs.amazonaws.com": _SNAPSHOTS,
    "events.amazonaws.com": {"PutEvents": (_BUS,)},
    "firehose.amazonaws.com": _FIREHOSE,
    "kinesis.amazonaws.com": _KINESIS_ROWS,
    "lambda.amazonaws.com": _LAMBDA,
    "monitoring.amazonaws.com": _METRICS,
    "rdsdata.amazonaws.com": _RDS,
    "rdsdataapi.amazonaws.com": _RDS,
    "s3.amazonaws.com": _S3,
    "s3express.amazonaws.com": _S3_EXPRESS,
    "sagemaker.amazonaws.com": _ENDPOINTS,
    "ses.amazonaws.com": {
        **_SES_ROWS,
        # SendEmail of the second version may use one, too, but its content is hidden in the record.
        **{
            name: (*_SES_ROWS[name], _TEMPLATE)
            for name in ("SendBulkEmail", "SendBulkTemplatedEmail", "SendTemplatedEmail")
        },
    },
    "sns.amazonaws.com": _SNS,
    "sqs.amazonaws.com": _SQS,
    "states.amazonaws.com": _STATES,
    "xray.amazonaws.com": _XRAY,
}
"""EventSource -> eventName -> the types that its data events are of."""
