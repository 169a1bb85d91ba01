"""Operations whose IAM action is not called as they are, and what they need beside it.

It is one long table, so that a row is found by its service.

Keys are `eventSource's head:eventName`. An operation without a row needs the action of its own name.
ARN templates are those of `record.rules.Resource`.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Row(NamedTuple):
    """Actions that an operation needs.

    Attributes:
        actions: names of actions; none for an operation that needs no permission.
        when: path of a parameter that must be given, a regular expression may follow behind `=`; `!` in front: must
            not be.
        arn: template of the resource, where the parameters' names do not tell it.
        each: list in the parameters; then `when` and `arn` are about its elements.
    """

    actions: tuple[str, ...]
    when: str = ""
    arn: str = ""
    each: str = ""


_BUCKET: Final = "arn:{partition}:s3:::{request.bucketName}"
_OBJECT: Final = _BUCKET + "/{request.key}"
_SOURCE: Final = "arn:{partition}:s3:::{request.x-amz-copy-source|source_object}"
_TABLE: Final = "arn:{partition}:dynamodb:{region}:{account}:table/"
_NAMED_TABLE: Final = _TABLE + "{request.tableName}"
_DIRECTORY: Final = "arn:{partition}:s3express:{region}:{account}:bucket/{request.bucketName}"


def _versioned(action: str, version: str) -> tuple[Row, ...]:
    return Row((action,), "!versionId", _OBJECT), Row((version,), "versionId", _OBJECT)


def _partiql(path: str, each: str = "") -> tuple[Row, ...]:
    table, index = _TABLE + "{request.statement|from}", _TABLE + "{request.statement|from_index}"
    begins, from_index = r"(?i)^\s*", r"\bFROM\s+\"?[\w.-]+?\"?\.\"?[\w-]+\"?(?:\s|$|;)"
    return (
        Row(("dynamodb:PartiQLSelect",), rf"{path}={begins}SELECT\b.*{from_index}", index, each),
        Row(("dynamodb:PartiQLSelect",), rf"{path}={begins}SELECT\b(?!.*{from_index})", table, each),
        *(
            Row((f"dynamodb:PartiQL{verb}",), rf"{path}={begins}{verb}\b", table, each)
            for verb in ("Insert", "Update", "Delete")
        ),
    )


def _rule(operation: str, name: str) -> dict[str, tuple[Row, ...]]:
    """A rule on the default bus has no bus in its ARN."""
    action, rules = f"events:{operation}", "arn:{partition}:events:{region}:{account}:rule/"
    rows = (
        Row((action,), "!eventBusName", f"{rules}{{request.{name}}}"),
        Row((action,), "eventBusName=^(?!arn:|default$)", f"{rules}{{request.eventBusName}}/{{request.{name}}}"),
        Row((action,), "eventBusName=^arn:"),
    )
    return {action: rows}


def _model(action: str) -> tuple[Row, ...]:
    """Models by id, those of several regions by the id of their inference profile, everything by its ARN."""
    return (
        Row((action,), f"modelId=^(?!arn:|{_PROFILE})", f"{_BEDROCK}{{region}}::foundation-model/{{request.modelId}}"),
        Row(
            (action,), f"modelId=^{_PROFILE}", f"{_BEDROCK}{{region}}:{{account}}:inference-profile/{{request.modelId}}"
        ),
        Row((action,), f"modelId=^{_PROFILE}", f"{_BEDROCK}*::foundation-model/*"),
        Row((action,), "modelId=^arn:", "{request.modelId}"),
        Row((action,), "modelId=^arn:.*:inference-profile/", f"{_BEDROCK}*::foundation-model/*"),
    )


_BEDROCK: Final = "arn:{partition}:bedrock:"
_PROFILE: Final = r"(?:apac|au|ca|eu|global|jp|us|us-gov)\."
_WORKGROUP: Final = "arn:{partition}:athena:{region}:{account}:workgroup/"
_BUS: Final = "arn:{partition}:events:{region}:{account}:event-bus/"
_BALANCER: Final = "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/"
_FUNCTION: Final = "arn:{partition}:lambda:{region}:{account}:function:{request.functionName|function}"
_INVOKE: Final = (
    Row(("lambda:InvokeFunction",), "!qualifier", _FUNCTION.replace("|function", "|qualified")),
    Row(("lambda:InvokeFunction",), "qualifier", _FUNCTION + ":{request.qualifier}"),
)
_ORGANIZATIONS: Final = "arn:{partition}:organizations::{account}:"
_BATCH: Final = "arn:{partition}:batch:{region}:{account}:"
_GLUE: Final = "arn:{partition}:glue:{region}:{account}:"
_SSM: Final = "arn:{partition}:ssm:{region}:"
_INSTANCE: Final = "arn:{partition}:ec2:{region}:{account}:instance/"


def _table(action: str) -> tuple[Row, ...]:
    return (
        Row((action,), arn=_GLUE + "catalog"),
        Row((action,), arn=_GLUE + "database/{request.databaseName}"),
        Row((action,), arn=_GLUE + "table/{request.databaseName}/{request.tableInput.name}"),
    )


def _document(action: str) -> tuple[Row, ...]:
    """Documents of AWS are in no account."""
    return (
        Row((action,), r"documentName=^(?:AWS|Amazon)\w*-", _SSM + ":document/{request.documentName}"),
        Row((action,), r"documentName=^(?!(?:AWS|Amazon)\w*-)", _SSM + "{account}:document/{request.documentName}"),
    )


_NONE: Final = (Row(()),)
_KEY: Final = "arn:{partition}:kms:{region}:{account}:key/"


def _of_key(action: str, parameter: str) -> tuple[Row, ...]:
    rows = (
        Row((action,), f"{parameter}=^(?!.*alias/)", f"{_KEY}{{request.{parameter}}}"),
        Row((action,), f"!{parameter}"),
    )
    return *rows, Row((action,), f"{parameter}=alias/")


_MODIFY_BUDGET: Final = (Row(("budgets:ModifyBudget",)),)
_VIEW_BUDGET: Final = (Row(("budgets:ViewBudget",)),)
_COPIED: Final = (
    Row(("s3:GetObject",), r"x-amz-copy-source=^(?!arn:)(?!.*\?versionId=)", _SOURCE),
    Row(("s3:GetObject",), r"x-amz-copy-source=^arn:(?!.*\?versionId=)", "{request.x-amz-copy-source}"),
    Row(("s3:GetObjectVersion",), r"x-amz-copy-source=\?versionId=", _SOURCE),
)
_CONNECTIONS: Final = (Row(("execute-api:ManageConnections",)),)
_DIRECTORY_BUCKET: Final = (Row(("s3express:CreateSession",), arn=_DIRECTORY),)

# In place of the action that is called as the operation. Rows of which `when` holds, all of them.
INSTEAD: Final[dict[str, tuple[Row, ...]]] = {
    # [IAM Access Analyzer API reference]
    "access-analyzer:GetFindingV2": (Row(("access-analyzer:GetFinding",)),),
    "access-analyzer:ListFindingsV2": (Row(("access-analyzer:ListFindings",)),),
    # [API Gateway developer guide, control access to a WebSocket API's connections]
    "apigateway:DeleteConnection": _CONNECTIONS,
    "apigateway:GetConnection": _CONNECTIONS,
    "apigateway:PostToConnection": _CONNECTIONS,
    # [Amazon Athena user guide: queries run in the workgroup `primary` unless the call names another]
    "athena:StartQueryExecution": (
        Row(("athena:StartQueryExecution",), "!workGroup", _WORKGROUP + "primary"),
        Row(("athena:StartQueryExecution",), "workGroup", _WORKGROUP + "{request.workGroup}"),
    ),
    # [AWS Batch user guide]
    "batch:SubmitJob": (
        Row(("batch:SubmitJob",), arn=_BATCH + "job/*"),
        Row(("batch:SubmitJob",), arn=_BATCH + "job-definition/{request.jobDefinition}"),
        Row(("batch:SubmitJob",), arn=_BATCH + "job-queue/{request.jobQueue}"),
    ),
    # [AWS Billing and Cost Management API reference: batches are checked as what they are made of]
    "bcm-pricing-calculator:BatchCreateBillScenarioCommitmentModification": (
        Row(("bcm-pricing-calculator:CreateBillScenarioCommitmentModification",)),
    ),
    "bcm-pricing-calculator:BatchCreateBillScenarioUsageModification": (
        Row(("bcm-pricing-calculator:CreateBillScenarioUsageModification",)),
    ),
    "bcm-pricing-calculator:BatchCreateWorkloadEstimateUsage": (
        Row(("bcm-pricing-calculator:CreateWorkloadEstimateUsage",)),
    ),
    "bcm-pricing-calculator:BatchDeleteBillScenarioCommitmentModification": (
        Row(("bcm-pricing-calculator:DeleteBillScenarioCommitmentModification",)),
    ),
    "bcm-pricing-calculator:BatchDeleteBillScenarioUsageModification": (
        Row(("bcm-pricing-calculator:DeleteBillScenarioUsageModification",)),
    ),
    "bcm-pricing-calculator:BatchDeleteWorkloadEstimateUsage": (
        Row(("bcm-pricing-calculator:DeleteWorkloadEstimateUsage",)),
    ),
    "bcm-pricing-calculator:BatchUpdateBillScenarioCommitmentModification": (
        Row(("bcm-pricing-calculator:UpdateBillScenarioCommitmentModification",)),
    ),
    "bcm-pricing-calculator:BatchUpdateBillScenarioUsageModification": (
        Row(("bcm-pricing-calculator:UpdateBillScenarioUsageModification",)),
    ),
    "bcm-pricing-calculator:BatchUpdateWorkloadEstimateUsage": (
        Row(("bcm-pricing-calculator:UpdateWorkloadEstimateUsage",)),
    ),
    # [Amazon Bedrock API reference]
    "bedrock:Converse": _model("bedrock:InvokeModel"),
    "bedrock:ConverseStream": _model("bedrock:InvokeModelWithResponseStream"),
    "bedrock:GetFoundationModel": (
        Row(("bedrock:GetFoundationModel",), arn=f"{_BEDROCK}{{region}}::foundation-model/{{request.modelIdentifier}}"),
    ),
    "bedrock:InvokeModel": _model("bedrock:InvokeModel"),
    "bedrock:InvokeModelWithResponseStream": _model("bedrock:InvokeModelWithResponseStream"),
    "bedrock:RetrieveAndGenerateStream": (Row(("bedrock:RetrieveAndGenerate",)),),
    "bedrock:StartAsyncInvoke": _model("bedrock:InvokeModel"),
    # [AWS Budgets: there are no actions for single operations]
    "budgets:CreateBudget": _MODIFY_BUDGET,
    "budgets:CreateNotification": _MODIFY_BUDGET,
    "budgets:CreateSubscriber": _MODIFY_BUDGET,
    "budgets:DeleteBudget": _MODIFY_BUDGET,
    "budgets:DeleteNotification": _MODIFY_BUDGET,
    "budgets:DeleteSubscriber": _MODIFY_BUDGET,
    "budgets:DescribeBudget": _VIEW_BUDGET,
    "budgets:DescribeBudgetNotificationsForAccount": _VIEW_BUDGET,
    "budgets:DescribeBudgetPerformanceHistory": _VIEW_BUDGET,
    "budgets:DescribeBudgets": _VIEW_BUDGET,
    "budgets:DescribeNotificationsForBudget": _VIEW_BUDGET,
    "budgets:DescribeSubscribersForNotification": _VIEW_BUDGET,
    "budgets:UpdateBudget": _MODIFY_BUDGET,
    "budgets:UpdateNotification": _MODIFY_BUDGET,
    "budgets:UpdateSubscriber": _MODIFY_BUDGET,
    # [Amazon Keyspaces: actions are the verbs of CQL]
    "cassandra:CreateKeyspace": (Row(("cassandra:Create",)),),
    "cassandra:CreateTable": (Row(("cassandra:Create",)),),
    "cassandra:CreateType": (Row(("cassandra:Create",)),),
    "cassandra:DeleteKeyspace": (Row(("cassandra:Drop",)),),
    "cassandra:DeleteTable": (Row(("cassandra:Drop",)),),
    "cassandra:DeleteType": (Row(("cassandra:Drop",)),),
    "cassandra:GetKeyspace": (Row(("cassandra:Select",)),),
    "cassandra:GetTable": (Row(("cassandra:Select",)),),
    "cassandra:GetTableAutoScalingSettings": (Row(("cassandra:Select",)),),
    "cassandra:GetType": (Row(("cassandra:Select",)),),
    "cassandra:ListKeyspaces": (Row(("cassandra:Select",)),),
    "cassandra:ListTables": (Row(("cassandra:Select",)),),
    "cassandra:ListTagsForResource": (Row(("cassandra:Select",)),),
    "cassandra:ListTypes": (Row(("cassandra:Select",)),),
    "cassandra:RestoreTable": (Row(("cassandra:Restore",)),),
    "cassandra:UpdateKeyspace": (Row(("cassandra:Alter",)),),
    "cassandra:UpdateTable": (Row(("cassandra:Alter",)),),
    # [Amazon CloudFront API reference: an action of its own is only in older policies]
    "cloudfront:CreateDistributionWithTags": (Row(("cloudfront:CreateDistribution", "cloudfront:TagResource")),),
    # [Amazon CloudSearch developer guide]
    "cloudsearchdomain:UploadDocuments": (Row(("cloudsearch:document",)),),
    # [Service Authorization Reference: singular]
    "detective:ListOrganizationAdminAccounts": (Row(("detective:ListOrganizationAdminAccount",)),),
    # [Service Authorization Reference: other verbs than in the API]
    "dms:DescribeDataProviders": (Row(("dms:ListDataProviders",)),),
    "dms:DescribeExtensionPackAssociations": (Row(("dms:ListExtensionPacks",)),),
    "dms:DescribeInstanceProfiles": (Row(("dms:ListInstanceProfiles",)),),
    "dms:DescribeMetadataModelAssessments": (Row(("dms:ListMetadataModelAssessments",)),),
    "dms:DescribeMetadataModelConversions": (Row(("dms:ListMetadataModelConversions",)),),
    "dms:DescribeMetadataModelExportsAsScript": (Row(("dms:ListMetadataModelExports",)),),
    "dms:DescribeMetadataModelExportsToTarget": (Row(("dms:ListMetadataModelExports",)),),
    "dms:DescribeMigrationProjects": (Row(("dms:ListMigrationProjects",)),),
    "dms:ModifyConversionConfiguration": (Row(("dms:UpdateConversionConfiguration",)),),
    "dms:ModifyDataProvider": (Row(("dms:UpdateDataProvider",)),),
    "dms:ModifyInstanceProfile": (Row(("dms:UpdateInstanceProfile",)),),
    "dms:ModifyMigrationProject": (Row(("dms:UpdateMigrationProject",)),),
    "dms:StartExtensionPackAssociation": (Row(("dms:AssociateExtensionPack",)),),
    "dms:StartMetadataModelExportAsScript": (Row(("dms:StartMetadataModelExportAsScripts",)),),
    # [Amazon DynamoDB developer guide: PartiQL; transactions; Query and Scan of an index]
    "dynamodb:BatchExecuteStatement": _partiql("statement", "requestItems"),
    "dynamodb:BatchGetItem": (Row(("dynamodb:BatchGetItem",), arn=_TABLE + "{request.requestItems.*}"),),
    "dynamodb:BatchWriteItem": (Row(("dynamodb:BatchWriteItem",), arn=_TABLE + "{request.requestItems.*}"),),
    "dynamodb:DescribeEndpoints": _NONE,
    "dynamodb:ExecuteStatement": _partiql("statement"),
    "dynamodb:ExecuteTransaction": _partiql("statement", "transactStatements"),
    "dynamodb:Query": (
        Row(("dynamodb:Query",), "!indexName", _NAMED_TABLE),
        Row(("dynamodb:Query",), "indexName", _NAMED_TABLE + "/index/{request.indexName}"),
    ),
    "dynamodb:Scan": (
        Row(("dynamodb:Scan",), "!indexName", _NAMED_TABLE),
        Row(("dynamodb:Scan",), "indexName", _NAMED_TABLE + "/index/{request.indexName}"),
    ),
    "dynamodb:TransactGetItems": (Row(("dynamodb:GetItem",), "", _TABLE + "{request.get.tableName}", "transactItems"),),
    "dynamodb:TransactWriteItems": (
        Row(("dynamodb:ConditionCheckItem",), "operation=^ConditionCheck$", _NAMED_TABLE, "requestItems"),
        Row(("dynamodb:DeleteItem",), "operation=^Delete$", _NAMED_TABLE, "requestItems"),
        Row(("dynamodb:PutItem",), "operation=^Put$", _NAMED_TABLE, "requestItems"),
        Row(("dynamodb:UpdateItem",), "operation=^Update$", _NAMED_TABLE, "requestItems"),
    ),
    # [Amazon ECS API reference]
    "ecs:DescribeClusters": (
        Row(("ecs:DescribeClusters",), "!clusters", "arn:{partition}:ecs:{region}:{account}:cluster/default"),
        Row(("ecs:DescribeClusters",), "clusters"),
    ),
    # [Elastic Load Balancing user guides: an application load balancer unless the call says otherwise]
    "elasticloadbalancing:CreateLoadBalancer": (
        Row(("elasticloadbalancing:CreateLoadBalancer",), "!type", _BALANCER + "app/{request.name}/*"),
        Row(("elasticloadbalancing:CreateLoadBalancer",), "type=^gateway$", _BALANCER + "gwy/{request.name}/*"),
        Row(("elasticloadbalancing:CreateLoadBalancer",), "type=^network$", _BALANCER + "net/{request.name}/*"),
    ),
    # [Amazon EventBridge user guide]
    **_rule("DeleteRule", "name"),
    **_rule("DescribeRule", "name"),
    **_rule("DisableRule", "name"),
    **_rule("EnableRule", "name"),
    **_rule("ListTargetsByRule", "rule"),
    "events:PutEvents": (
        Row(("events:PutEvents",), "!eventBusName", _BUS + "default", "entries"),
        Row(("events:PutEvents",), "eventBusName", _BUS + "{request.eventBusName}", "entries"),
    ),
    **_rule("PutRule", "name"),
    **_rule("PutTargets", "rule"),
    **_rule("RemoveTargets", "rule"),
    # [Glue developer guide, Data Catalog ARNs]
    "glue:CreateDatabase": (
        Row(("glue:CreateDatabase",), arn=_GLUE + "catalog"),
        Row(("glue:CreateDatabase",), arn=_GLUE + "database/{request.databaseInput.name}"),
    ),
    "glue:CreateTable": _table("glue:CreateTable"),
    "glue:UpdateTable": _table("glue:UpdateTable"),
    # [IAM user guide, service-linked role permissions]
    "iam:CreateServiceLinkedRole": (
        Row(
            ("iam:CreateServiceLinkedRole",),
            arn="arn:{partition}:iam::{account}:role/aws-service-role/{request.aWSServiceName}/*",
        ),
    ),
    "iam:DeleteServiceLinkedRole": (
        Row(
            ("iam:DeleteServiceLinkedRole",),
            arn="arn:{partition}:iam::{account}:role/aws-service-role/*/{request.roleName}",
        ),
    ),
    # [AWS IoT and AWS IoT FleetWise API references]
    "iot-jobs-data:StartCommandExecution": (Row(("iot:StartCommandExecution",)),),
    "iotfleetwise:BatchCreateVehicle": (Row(("iotfleetwise:CreateVehicle",)),),
    "iotfleetwise:BatchUpdateVehicle": (Row(("iotfleetwise:UpdateVehicle",)),),
    # [AWS KMS developer guide: both keys]
    "kms:ReEncrypt": (*_of_key("kms:ReEncryptFrom", "sourceKeyId"), *_of_key("kms:ReEncryptTo", "destinationKeyId")),
    # [AWS Lambda API reference]
    "lambda:GetLayerVersionByArn": (Row(("lambda:GetLayerVersion",)),),
    "lambda:Invoke": _INVOKE,
    "lambda:InvokeWithResponseStream": _INVOKE,
    # [Amazon CloudWatch Logs user guide: no `:*` behind the ARN]
    "logs:ListTagsForResource": (Row(("logs:ListTagsForResource",), arn="{request.resourceArn}"),),
    # [Amazon Neptune user guide: data-access actions; a query's own verbs are not in the record]
    "neptune-db:CancelGremlinQuery": (Row(("neptune-db:CancelQuery",)),),
    "neptune-db:CancelOpenCypherQuery": (Row(("neptune-db:CancelQuery",)),),
    "neptune-db:DeletePropertygraphStatistics": (Row(("neptune-db:DeleteStatistics",)),),
    "neptune-db:DeleteSparqlStatistics": (Row(("neptune-db:DeleteStatistics",)),),
    "neptune-db:ExecuteFastReset": (Row(("neptune-db:ResetDatabase",)),),
    "neptune-db:ExecuteGremlinExplainQuery": (Row(("neptune-db:ReadDataViaQuery",)),),
    "neptune-db:ExecuteGremlinProfileQuery": (Row(("neptune-db:ReadDataViaQuery",)),),
    "neptune-db:ExecuteGremlinQuery": (Row(("neptune-db:ReadDataViaQuery",)),),
    "neptune-db:ExecuteOpenCypherExplainQuery": (Row(("neptune-db:ReadDataViaQuery",)),),
    "neptune-db:ExecuteOpenCypherQuery": (Row(("neptune-db:ReadDataViaQuery",)),),
    "neptune-db:GetGremlinQueryStatus": (Row(("neptune-db:GetQueryStatus",)),),
    "neptune-db:GetMLDataProcessingJob": (Row(("neptune-db:GetMLDataProcessingJobStatus",)),),
    "neptune-db:GetMLEndpoint": (Row(("neptune-db:GetMLEndpointStatus",)),),
    "neptune-db:GetMLModelTrainingJob": (Row(("neptune-db:GetMLModelTrainingJobStatus",)),),
    "neptune-db:GetMLModelTransformJob": (Row(("neptune-db:GetMLModelTransformJobStatus",)),),
    "neptune-db:GetOpenCypherQueryStatus": (Row(("neptune-db:GetQueryStatus",)),),
    "neptune-db:GetPropertygraphStatistics": (Row(("neptune-db:GetStatisticsStatus",)),),
    "neptune-db:GetPropertygraphStream": (Row(("neptune-db:GetStreamRecords",)),),
    "neptune-db:GetPropertygraphSummary": (Row(("neptune-db:GetGraphSummary",)),),
    "neptune-db:GetRDFGraphSummary": (Row(("neptune-db:GetGraphSummary",)),),
    "neptune-db:GetSparqlStatistics": (Row(("neptune-db:GetStatisticsStatus",)),),
    "neptune-db:GetSparqlStream": (Row(("neptune-db:GetStreamRecords",)),),
    "neptune-db:ListGremlinQueries": (Row(("neptune-db:GetQueryStatus",)),),
    "neptune-db:ListOpenCypherQueries": (Row(("neptune-db:GetQueryStatus",)),),
    "neptune-db:ManagePropertygraphStatistics": (Row(("neptune-db:ManageStatistics",)),),
    "neptune-db:ManageSparqlStatistics": (Row(("neptune-db:ManageStatistics",)),),
    # [Amazon Neptune Analytics user guide]
    "neptune-graph:ExecuteQuery": (Row(("neptune-graph:ReadDataViaQuery",)),),
    "neptune-graph:GetQuery": (Row(("neptune-graph:GetQueryStatus",)),),
    # [AWS Organizations user guide: the parent is the root or a unit]
    "organizations:CreateOrganizationalUnit": (
        Row(
            ("organizations:CreateOrganizationalUnit",), "parentId=^r-", _ORGANIZATIONS + "root/o-*/{request.parentId}"
        ),
        Row(("organizations:CreateOrganizationalUnit",), "parentId=^ou-", _ORGANIZATIONS + "ou/o-*/{request.parentId}"),
    ),
    # [Amazon QuickSight API reference]
    "quicksight:DescribeAnalysisDefinition": (Row(("quicksight:DescribeAnalysis",)),),
    "quicksight:DescribeDashboardDefinition": (Row(("quicksight:DescribeDashboard",)),),
    "quicksight:DescribeTemplateDefinition": (Row(("quicksight:DescribeTemplate",)),),
    # [Amazon Redshift Data API reference]
    "redshift-data:GetStatementResultV2": (Row(("redshift-data:GetStatementResult",)),),
    # [Amazon S3 user guide: required permissions for S3 API operations]
    "s3:CompleteMultipartUpload": (Row(("s3:PutObject",), arn=_OBJECT),),
    "s3:CopyObject": (Row(("s3:PutObject",), arn=_OBJECT), *_COPIED),
    "s3:CreateMultipartUpload": (Row(("s3:PutObject",), arn=_OBJECT),),
    "s3:CreateBucketMetadataConfiguration": (Row(("s3:CreateBucketMetadataTableConfiguration",)),),
    "s3:DeleteBucketAnalyticsConfiguration": (Row(("s3:PutAnalyticsConfiguration",)),),
    "s3:DeleteBucketCors": (Row(("s3:PutBucketCORS",)),),
    "s3:DeleteBucketEncryption": (Row(("s3:PutEncryptionConfiguration",)),),
    "s3:DeleteBucketIntelligentTieringConfiguration": (Row(("s3:PutIntelligentTieringConfiguration",)),),
    "s3:DeleteBucketInventoryConfiguration": (Row(("s3:PutInventoryConfiguration",)),),
    "s3:DeleteBucketLifecycle": (Row(("s3:PutLifecycleConfiguration",)),),
    "s3:DeleteBucketMetadataConfiguration": (Row(("s3:DeleteBucketMetadataTableConfiguration",)),),
    "s3:DeleteBucketMetricsConfiguration": (Row(("s3:PutMetricsConfiguration",)),),
    "s3:DeleteBucketOwnershipControls": (Row(("s3:PutBucketOwnershipControls",)),),
    "s3:DeleteBucketPublicAccessBlock": (Row(("s3:PutBucketPublicAccessBlock",)),),
    "s3:DeleteBucketReplication": (Row(("s3:PutReplicationConfiguration",)),),
    "s3:DeleteBucketTagging": (Row(("s3:PutBucketTagging",)),),
    "s3:DeleteAccountPublicAccessBlock": (Row(("s3:PutAccountPublicAccessBlock",)),),
    "s3:DeleteObject": _versioned("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:DeleteObjectTagging": _versioned("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
    "s3:DeleteObjects": (Row(("s3:DeleteObject",), arn=_BUCKET + "/*"),),  # the keys are not logged
    "s3:GetBucketAnalyticsConfiguration": (Row(("s3:GetAnalyticsConfiguration",)),),
    "s3:GetBucketEncryption": (Row(("s3:GetEncryptionConfiguration",)),),
    "s3:GetBucketIntelligentTieringConfiguration": (Row(("s3:GetIntelligentTieringConfiguration",)),),
    "s3:GetBucketInventoryConfiguration": (Row(("s3:GetInventoryConfiguration",)),),
    "s3:GetBucketLifecycle": (Row(("s3:GetLifecycleConfiguration",)),),
    "s3:GetBucketMetadataConfiguration": (Row(("s3:GetBucketMetadataTableConfiguration",)),),
    "s3:GetBucketMetricsConfiguration": (Row(("s3:GetMetricsConfiguration",)),),
    "s3:GetBucketReplication": (Row(("s3:GetReplicationConfiguration",)),),
    "s3:GetObject": _versioned("s3:GetObject", "s3:GetObjectVersion"),
    "s3:GetObjectAcl": _versioned("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "s3:GetObjectAttributes": (
        Row(("s3:GetObject", "s3:GetObjectAttributes"), "!versionId"),
        Row(("s3:GetObjectVersion", "s3:GetObjectVersionAttributes"), "versionId"),
    ),
    "s3:GetObjectTagging": _versioned("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
    "s3:GetObjectTorrent": _versioned("s3:GetObjectTorrent", "s3:GetObjectVersionTorrent"),
    "s3:HeadBucket": (Row(("s3:ListBucket",)),),
    "s3:HeadObject": _versioned("s3:GetObject", "s3:GetObjectVersion"),
    "s3:ListBucketAnalyticsConfigurations": (Row(("s3:GetAnalyticsConfiguration",)),),
    "s3:ListBucketIntelligentTieringConfigurations": (Row(("s3:GetIntelligentTieringConfiguration",)),),
    "s3:ListBucketInventoryConfigurations": (Row(("s3:GetInventoryConfiguration",)),),
    "s3:ListBucketMetricsConfigurations": (Row(("s3:GetMetricsConfiguration",)),),
    "s3:ListBuckets": (Row(("s3:ListAllMyBuckets",)),),
    "s3:ListMultipartUploads": (Row(("s3:ListBucketMultipartUploads",)),),
    "s3:ListObjectVersions": (Row(("s3:ListBucketVersions",)),),
    "s3:ListObjects": (Row(("s3:ListBucket",)),),
    "s3:ListParts": (Row(("s3:ListMultipartUploadParts",)),),
    "s3:PutBucketAnalyticsConfiguration": (Row(("s3:PutAnalyticsConfiguration",)),),
    "s3:PutBucketEncryption": (Row(("s3:PutEncryptionConfiguration",)),),
    "s3:PutBucketIntelligentTieringConfiguration": (Row(("s3:PutIntelligentTieringConfiguration",)),),
    "s3:PutBucketInventoryConfiguration": (Row(("s3:PutInventoryConfiguration",)),),
    "s3:PutBucketLifecycle": (Row(("s3:PutLifecycleConfiguration",)),),
    "s3:PutBucketMetricsConfiguration": (Row(("s3:PutMetricsConfiguration",)),),
    "s3:PutBucketReplication": (Row(("s3:PutReplicationConfiguration",)),),
    "s3:PutObject": (Row(("s3:PutObject",), arn=_OBJECT),),
    "s3:PutObjectAcl": _versioned("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
    "s3:PutObjectTagging": _versioned("s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
    "s3:SelectObjectContent": (Row(("s3:GetObject",)),),
    "s3:UploadPart": (Row(("s3:PutObject",), arn=_OBJECT),),
    "s3:UploadPartCopy": (Row(("s3:PutObject",), arn=_OBJECT), *_COPIED),
    "s3:WriteGetObjectResponse": (Row(("s3-object-lambda:WriteGetObjectResponse",)),),
    # [Amazon S3 user guide: the operations on objects of a directory bucket need a session, and nothing more]
    "s3express:AbortMultipartUpload": _DIRECTORY_BUCKET,
    "s3express:CompleteMultipartUpload": _DIRECTORY_BUCKET,
    "s3express:CopyObject": _DIRECTORY_BUCKET,
    "s3express:CreateMultipartUpload": _DIRECTORY_BUCKET,
    "s3express:CreateSession": _DIRECTORY_BUCKET,
    "s3express:DeleteBucketEncryption": (Row(("s3express:PutEncryptionConfiguration",), arn=_DIRECTORY),),
    "s3express:DeleteBucketLifecycle": (Row(("s3express:PutLifecycleConfiguration",), arn=_DIRECTORY),),
    "s3express:DeleteObject": _DIRECTORY_BUCKET,
    "s3express:DeleteObjects": _DIRECTORY_BUCKET,
    "s3express:GetBucketEncryption": (Row(("s3express:GetEncryptionConfiguration",), arn=_DIRECTORY),),
    "s3express:GetBucketLifecycleConfiguration": (Row(("s3express:GetLifecycleConfiguration",), arn=_DIRECTORY),),
    "s3express:GetObject": _DIRECTORY_BUCKET,
    "s3express:GetObjectAttributes": _DIRECTORY_BUCKET,
    "s3express:HeadBucket": _DIRECTORY_BUCKET,
    "s3express:HeadObject": _DIRECTORY_BUCKET,
    "s3express:ListDirectoryBuckets": (Row(("s3express:ListAllMyDirectoryBuckets",)),),
    "s3express:ListMultipartUploads": _DIRECTORY_BUCKET,
    "s3express:ListObjects": _DIRECTORY_BUCKET,
    "s3express:ListObjectsV2": _DIRECTORY_BUCKET,
    "s3express:ListParts": _DIRECTORY_BUCKET,
    "s3express:PutBucketEncryption": (Row(("s3express:PutEncryptionConfiguration",), arn=_DIRECTORY),),
    "s3express:PutBucketLifecycleConfiguration": (Row(("s3express:PutLifecycleConfiguration",), arn=_DIRECTORY),),
    "s3express:PutObject": _DIRECTORY_BUCKET,
    "s3express:RenameObject": _DIRECTORY_BUCKET,
    "s3express:UploadPart": _DIRECTORY_BUCKET,
    "s3express:UploadPartCopy": _DIRECTORY_BUCKET,
    # [Amazon SNS and SQS API references: batches are checked as single messages]
    "sns:Publish": (Row(("sns:Publish",), "phoneNumber", "*"), Row(("sns:Publish",), "!phoneNumber")),
    "sns:PublishBatch": (Row(("sns:Publish",)),),
    "sqs:ChangeMessageVisibilityBatch": (Row(("sqs:ChangeMessageVisibility",)),),
    "sqs:DeleteMessageBatch": (Row(("sqs:DeleteMessage",)),),
    "sqs:SendMessageBatch": (Row(("sqs:SendMessage",)),),
    # [AWS Secrets Manager user guide: six characters that nobody knows stand behind the name]
    "secretsmanager:CreateSecret": (
        Row(
            ("secretsmanager:CreateSecret",),
            arn="arn:{partition}:secretsmanager:{region}:{account}:secret:{request.name}-??????",
        ),
    ),
    # [IAM Identity Center: the portal takes a token, no IAM permission; OIDC has a prefix of its own]
    "sso:CreateToken": _NONE,
    "sso:CreateTokenWithIAM": (Row(("sso-oauth:CreateTokenWithIAM",)),),
    "sso:GetRoleCredentials": _NONE,
    "sso:ListAccountRoles": _NONE,
    "sso:ListAccounts": _NONE,
    "sso:Logout": _NONE,
    "sso:RegisterClient": _NONE,
    "sso:StartDeviceAuthorization": _NONE,
    # [AWS Step Functions developer guide]
    "states:DescribeExecution": (Row(("states:DescribeExecution",), arn="{request.executionArn}"),),
    "ssm:SendCommand": (
        *_document("ssm:SendCommand"),
        Row(("ssm:SendCommand",), "instanceIds='i-", _INSTANCE + "{request.instanceIds.*}"),
        Row(("ssm:SendCommand",), "instanceIds='mi-", _SSM + "{account}:managed-instance/{request.instanceIds.*}"),
        Row(("ssm:SendCommand",), "targets", _INSTANCE + "*"),
    ),
    "ssm:StartSession": (
        *_document("ssm:StartSession"),
        Row(("ssm:StartSession",), "target=^i-", _INSTANCE + "{request.target}"),
        Row(("ssm:StartSession",), "target=^mi-", _SSM + "{account}:managed-instance/{request.target}"),
        Row(("ssm:StartSession",), "target=^ecs:", "arn:{partition}:ecs:{region}:{account}:task/*"),
    ),
    # [IAM user guide: GetCallerIdentity and GetSessionToken need no permission]
    "sts:GetCallerIdentity": _NONE,
    "sts:GetSessionToken": _NONE,
    # [AWS tax settings API reference]
    "tax:BatchGetTaxExemptions": (Row(("tax:GetExemptions",)),),
    "tax:GetTaxExemptionTypes": (Row(("tax:GetExemptions",)),),
    "tax:ListTaxExemptions": (Row(("tax:GetExemptions",)),),
    "tax:PutTaxExemption": (Row(("tax:UpdateExemptions",)),),
    # [Amazon Timestream developer guide]
    "timestream:Query": (Row(("timestream:Select",)),),
    # [Amazon Verified Permissions and Amazon VPC Lattice API references]
    "verifiedpermissions:BatchGetPolicy": (Row(("verifiedpermissions:GetPolicy",)),),
    "verifiedpermissions:BatchIsAuthorized": (Row(("verifiedpermissions:IsAuthorized",)),),
    "verifiedpermissions:BatchIsAuthorizedWithToken": (Row(("verifiedpermissions:IsAuthorizedWithToken",)),),
    "vpc-lattice:BatchUpdateRule": (Row(("vpc-lattice:UpdateRule",)),),
}

_ACL: Final = ("x-amz-acl", *(f"x-amz-grant-{right}" for right in ("full-control", "read", "read-acp", "write-acp")))
_STORING: Final = (
    Row(("s3:PutObjectTagging",), "x-amz-tagging", _OBJECT),
    *(Row(("s3:PutObjectAcl",), header, _OBJECT) for header in _ACL),
    Row(("s3:PutObjectRetention",), "x-amz-object-lock-mode", _OBJECT),
    Row(("s3:PutObjectLegalHold",), "x-amz-object-lock-legal-hold", _OBJECT),
)
_BYPASSING: Final = (Row(("s3:BypassGovernanceRetention",), "x-amz-bypass-governance-retention=(?i)true", _OBJECT),)

_SECRET: Final = (Row(("secretsmanager:GetSecretValue",), "secretArn=^arn:", "{request.secretArn}"),)

_REDSHIFT: Final = "arn:{partition}:redshift:{region}:{account}:"
_CREDENTIALS: Final = (
    Row(
        ("redshift-serverless:GetCredentials",),
        "workgroupName",
        "arn:{partition}:redshift-serverless:{region}:{account}:workgroup/*",  # its ARN has an id, not the name
    ),
    Row(
        ("redshift:GetClusterCredentials",), "dbUser", _REDSHIFT + "dbuser:{request.clusterIdentifier}/{request.dbUser}"
    ),
    Row(
        ("redshift:GetClusterCredentials",),
        "dbUser",
        _REDSHIFT + "dbname:{request.clusterIdentifier}/{request.database}",
    ),
)

# Beside the action that is called as the operation, or beside its rows above.
ALSO: Final[dict[str, tuple[Row, ...]]] = {
    # [EC2 user guide, copying a snapshot: the new one too]
    "ec2:CopySnapshot": (Row(("ec2:CopySnapshot",), arn="arn:{partition}:ec2:{region}::snapshot/*"),),
    # [EC2 user guide, launching instances: all but those with an instance store have a volume]
    "ec2:RunInstances": (Row(("ec2:RunInstances",), arn="arn:{partition}:ec2:{region}:{account}:volume/*"),),
    # [IAM API reference]
    "iam:AddRoleToInstanceProfile": (
        Row(("iam:PassRole",), "roleName", "arn:{partition}:iam::{account}:role/{request.roleName}"),
    ),
    # [AWS Lambda developer guide, access to layers]
    "lambda:CreateFunction": (Row(("lambda:GetLayerVersion",), "layers", "{request.layers.*}"),),
    "lambda:UpdateFunctionConfiguration": (Row(("lambda:GetLayerVersion",), "layers", "{request.layers.*}"),),
    # [Amazon Aurora and Amazon Redshift user guides: the Data API reads the secret for the caller]
    "rdsdata:BatchExecuteStatement": _SECRET,
    "rdsdata:BeginTransaction": _SECRET,
    "rdsdata:CommitTransaction": _SECRET,
    "rdsdata:ExecuteStatement": _SECRET,
    "rdsdata:RollbackTransaction": _SECRET,
    "redshift-data:BatchExecuteStatement": (*_SECRET, *_CREDENTIALS),
    "redshift-data:ExecuteStatement": (*_SECRET, *_CREDENTIALS),
    # [Amazon S3 user guide: required permissions for S3 API operations]
    "s3:CopyObject": _STORING,
    "s3:CreateBucket": (
        Row(("s3:PutBucketAcl",), "x-amz-acl=^(?!private$)"),
        *(Row(("s3:PutBucketAcl",), header) for header in (*_ACL[1:], "x-amz-grant-write")),
        Row(
            ("s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"),
            "x-amz-bucket-object-lock-enabled=(?i)true",
        ),
        Row(("s3:PutBucketOwnershipControls",), "x-amz-object-ownership"),
    ),
    "s3:CreateMultipartUpload": _STORING,
    "s3:DeleteObject": _BYPASSING,
    "s3:DeleteObjects": (
        Row(("s3:BypassGovernanceRetention",), "x-amz-bypass-governance-retention=(?i)true", _BUCKET + "/*"),
    ),
    "s3:PutObject": _STORING,
    "s3:PutObjectRetention": _BYPASSING,
    # [AWS Secrets Manager API reference]
    "secretsmanager:BatchGetSecretValue": (
        Row(("secretsmanager:GetSecretValue",), "secretIdList"),
        Row(("secretsmanager:ListSecrets",), "filters"),
    ),
    # [IAM user guide, session tags and source identity]
    "sts:AssumeRole": (
        Row(("sts:SetSourceIdentity",), "sourceIdentity", "{request.roleArn}"),
        Row(("sts:TagSession",), "tags", "{request.roleArn}"),
    ),
}
