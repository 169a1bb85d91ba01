"""Which actions an operation needs.

A row of the tables has a row here, which makes it as long as they are.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from bototrail.history.prefixes import PREFIXES
from bototrail.policy import Need
from bototrail.policy.actions import operation_of, wanted
from bototrail.policy.catalogue import action, prefixes
from bototrail.policy.exceptions import ALSO, INSTEAD
from bototrail.policy.findings import findings


def _lines(text: str) -> list[str]:
    return [re.sub(" +", " ", line) for line in text.strip().splitlines()]


# eventSource, eventName -> actions, whatever the parameters; with the prefix where it is another; `-` is nothing.
ALWAYS = """
access-analyzer:GetFindingV2                         GetFinding
access-analyzer:ListFindingsV2                       ListFindings
apigateway:DeleteConnection                          execute-api:ManageConnections
apigateway:GetConnection                             execute-api:ManageConnections
apigateway:PostToConnection                          execute-api:ManageConnections
bcm-pricing-calculator:BatchCreateBillScenarioCommitmentModification CreateBillScenarioCommitmentModification
bcm-pricing-calculator:BatchCreateBillScenarioUsageModification CreateBillScenarioUsageModification
bcm-pricing-calculator:BatchCreateWorkloadEstimateUsage CreateWorkloadEstimateUsage
bcm-pricing-calculator:BatchDeleteBillScenarioCommitmentModification DeleteBillScenarioCommitmentModification
bcm-pricing-calculator:BatchDeleteBillScenarioUsageModification DeleteBillScenarioUsageModification
bcm-pricing-calculator:BatchDeleteWorkloadEstimateUsage DeleteWorkloadEstimateUsage
bcm-pricing-calculator:BatchUpdateBillScenarioCommitmentModification UpdateBillScenarioCommitmentModification
bcm-pricing-calculator:BatchUpdateBillScenarioUsageModification UpdateBillScenarioUsageModification
bcm-pricing-calculator:BatchUpdateWorkloadEstimateUsage UpdateWorkloadEstimateUsage
bedrock:GetFoundationModel                           GetFoundationModel
bedrock:RetrieveAndGenerateStream                    RetrieveAndGenerate
budgets:CreateBudget                                 ModifyBudget
budgets:CreateNotification                           ModifyBudget
budgets:CreateSubscriber                             ModifyBudget
budgets:DeleteBudget                                 ModifyBudget
budgets:DeleteNotification                           ModifyBudget
budgets:DeleteSubscriber                             ModifyBudget
budgets:DescribeBudget                               ViewBudget
budgets:DescribeBudgetNotificationsForAccount        ViewBudget
budgets:DescribeBudgetPerformanceHistory             ViewBudget
budgets:DescribeBudgets                              ViewBudget
budgets:DescribeNotificationsForBudget               ViewBudget
budgets:DescribeSubscribersForNotification           ViewBudget
budgets:UpdateBudget                                 ModifyBudget
budgets:UpdateNotification                           ModifyBudget
budgets:UpdateSubscriber                             ModifyBudget
cassandra:CreateKeyspace                             Create
cassandra:CreateTable                                Create
cassandra:CreateType                                 Create
cassandra:DeleteKeyspace                             Drop
cassandra:DeleteTable                                Drop
cassandra:DeleteType                                 Drop
cassandra:GetKeyspace                                Select
cassandra:GetTable                                   Select
cassandra:GetTableAutoScalingSettings                Select
cassandra:GetType                                    Select
cassandra:ListKeyspaces                              Select
cassandra:ListTables                                 Select
cassandra:ListTagsForResource                        Select
cassandra:ListTypes                                  Select
cassandra:RestoreTable                               Restore
cassandra:UpdateKeyspace                             Alter
cassandra:UpdateTable                                Alter
cloudfront:CreateDistributionWithTags                CreateDistribution TagResource
cloudsearchdomain:UploadDocuments                    cloudsearch:document
detective:ListOrganizationAdminAccounts              ListOrganizationAdminAccount
dms:DescribeDataProviders                            ListDataProviders
dms:DescribeExtensionPackAssociations                ListExtensionPacks
dms:DescribeInstanceProfiles                         ListInstanceProfiles
dms:DescribeMetadataModelAssessments                 ListMetadataModelAssessments
dms:DescribeMetadataModelConversions                 ListMetadataModelConversions
dms:DescribeMetadataModelExportsAsScript             ListMetadataModelExports
dms:DescribeMetadataModelExportsToTarget             ListMetadataModelExports
dms:DescribeMigrationProjects                        ListMigrationProjects
dms:ModifyConversionConfiguration                    UpdateConversionConfiguration
dms:ModifyDataProvider                               UpdateDataProvider
dms:ModifyInstanceProfile                            UpdateInstanceProfile
dms:ModifyMigrationProject                           UpdateMigrationProject
dms:StartExtensionPackAssociation                    AssociateExtensionPack
dms:StartMetadataModelExportAsScript                 StartMetadataModelExportAsScripts
dynamodb:BatchGetItem                                BatchGetItem
dynamodb:BatchWriteItem                              BatchWriteItem
dynamodb:DescribeEndpoints                           -
iam:CreateServiceLinkedRole                          CreateServiceLinkedRole
iam:DeleteServiceLinkedRole                          DeleteServiceLinkedRole
iot-jobs-data:StartCommandExecution                  iot:StartCommandExecution
iotfleetwise:BatchCreateVehicle                      CreateVehicle
iotfleetwise:BatchUpdateVehicle                      UpdateVehicle
lambda:GetLayerVersionByArn                          GetLayerVersion
logs:ListTagsForResource                             ListTagsForResource
neptune-db:CancelGremlinQuery                        CancelQuery
neptune-db:CancelOpenCypherQuery                     CancelQuery
neptune-db:DeletePropertygraphStatistics             DeleteStatistics
neptune-db:DeleteSparqlStatistics                    DeleteStatistics
neptune-db:ExecuteFastReset                          ResetDatabase
neptune-db:ExecuteGremlinExplainQuery                ReadDataViaQuery
neptune-db:ExecuteGremlinProfileQuery                ReadDataViaQuery
neptune-db:ExecuteGremlinQuery                       ReadDataViaQuery
neptune-db:ExecuteOpenCypherExplainQuery             ReadDataViaQuery
neptune-db:ExecuteOpenCypherQuery                    ReadDataViaQuery
neptune-db:GetGremlinQueryStatus                     GetQueryStatus
neptune-db:GetMLDataProcessingJob                    GetMLDataProcessingJobStatus
neptune-db:GetMLEndpoint                             GetMLEndpointStatus
neptune-db:GetMLModelTrainingJob                     GetMLModelTrainingJobStatus
neptune-db:GetMLModelTransformJob                    GetMLModelTransformJobStatus
neptune-db:GetOpenCypherQueryStatus                  GetQueryStatus
neptune-db:GetPropertygraphStatistics                GetStatisticsStatus
neptune-db:GetPropertygraphStream                    GetStreamRecords
neptune-db:GetPropertygraphSummary                   GetGraphSummary
neptune-db:GetRDFGraphSummary                        GetGraphSummary
neptune-db:GetSparqlStatistics                       GetStatisticsStatus
neptune-db:GetSparqlStream                           GetStreamRecords
neptune-db:ListGremlinQueries                        GetQueryStatus
neptune-db:ListOpenCypherQueries                     GetQueryStatus
neptune-db:ManagePropertygraphStatistics             ManageStatistics
neptune-db:ManageSparqlStatistics                    ManageStatistics
neptune-graph:ExecuteQuery                           ReadDataViaQuery
neptune-graph:GetQuery                               GetQueryStatus
quicksight:DescribeAnalysisDefinition                DescribeAnalysis
quicksight:DescribeDashboardDefinition               DescribeDashboard
quicksight:DescribeTemplateDefinition                DescribeTemplate
redshift-data:GetStatementResultV2                   GetStatementResult
s3:CompleteMultipartUpload                           PutObject
s3:CreateMultipartUpload                             PutObject
s3:CreateBucketMetadataConfiguration                 CreateBucketMetadataTableConfiguration
s3:DeleteBucketAnalyticsConfiguration                PutAnalyticsConfiguration
s3:DeleteBucketCors                                  PutBucketCORS
s3:DeleteBucketEncryption                            PutEncryptionConfiguration
s3:DeleteBucketIntelligentTieringConfiguration       PutIntelligentTieringConfiguration
s3:DeleteBucketInventoryConfiguration                PutInventoryConfiguration
s3:DeleteBucketLifecycle                             PutLifecycleConfiguration
s3:DeleteBucketMetadataConfiguration                 DeleteBucketMetadataTableConfiguration
s3:DeleteBucketMetricsConfiguration                  PutMetricsConfiguration
s3:DeleteBucketOwnershipControls                     PutBucketOwnershipControls
s3:DeleteBucketPublicAccessBlock                     PutBucketPublicAccessBlock
s3:DeleteBucketReplication                           PutReplicationConfiguration
s3:DeleteBucketTagging                               PutBucketTagging
s3:DeleteAccountPublicAccessBlock                    PutAccountPublicAccessBlock
s3:DeleteObjects                                     DeleteObject
s3:GetBucketAnalyticsConfiguration                   GetAnalyticsConfiguration
s3:GetBucketEncryption                               GetEncryptionConfiguration
s3:GetBucketIntelligentTieringConfiguration          GetIntelligentTieringConfiguration
s3:GetBucketInventoryConfiguration                   GetInventoryConfiguration
s3:GetBucketLifecycle                                GetLifecycleConfiguration
s3:GetBucketMetadataConfiguration                    GetBucketMetadataTableConfiguration
s3:GetBucketMetricsConfiguration                     GetMetricsConfiguration
s3:GetBucketReplication                              GetReplicationConfiguration
s3:HeadBucket                                        ListBucket
s3:ListBucketAnalyticsConfigurations                 GetAnalyticsConfiguration
s3:ListBucketIntelligentTieringConfigurations        GetIntelligentTieringConfiguration
s3:ListBucketInventoryConfigurations                 GetInventoryConfiguration
s3:ListBucketMetricsConfigurations                   GetMetricsConfiguration
s3:ListBuckets                                       ListAllMyBuckets
s3:ListMultipartUploads                              ListBucketMultipartUploads
s3:ListObjectVersions                                ListBucketVersions
s3:ListObjects                                       ListBucket
s3:ListParts                                         ListMultipartUploadParts
s3:PutBucketAnalyticsConfiguration                   PutAnalyticsConfiguration
s3:PutBucketEncryption                               PutEncryptionConfiguration
s3:PutBucketIntelligentTieringConfiguration          PutIntelligentTieringConfiguration
s3:PutBucketInventoryConfiguration                   PutInventoryConfiguration
s3:PutBucketLifecycle                                PutLifecycleConfiguration
s3:PutBucketMetricsConfiguration                     PutMetricsConfiguration
s3:PutBucketReplication                              PutReplicationConfiguration
s3:PutObject                                         PutObject
s3:SelectObjectContent                               GetObject
s3:UploadPart                                        PutObject
s3:WriteGetObjectResponse                            s3-object-lambda:WriteGetObjectResponse
s3express:AbortMultipartUpload                       CreateSession
s3express:CompleteMultipartUpload                    CreateSession
s3express:CopyObject                                 CreateSession
s3express:CreateMultipartUpload                      CreateSession
s3express:CreateSession                              CreateSession
s3express:DeleteBucketEncryption                     PutEncryptionConfiguration
s3express:DeleteBucketLifecycle                      PutLifecycleConfiguration
s3express:DeleteObject                               CreateSession
s3express:DeleteObjects                              CreateSession
s3express:GetBucketEncryption                        GetEncryptionConfiguration
s3express:GetBucketLifecycleConfiguration            GetLifecycleConfiguration
s3express:GetObject                                  CreateSession
s3express:GetObjectAttributes                        CreateSession
s3express:HeadBucket                                 CreateSession
s3express:HeadObject                                 CreateSession
s3express:ListDirectoryBuckets                       ListAllMyDirectoryBuckets
s3express:ListMultipartUploads                       CreateSession
s3express:ListObjects                                CreateSession
s3express:ListObjectsV2                              CreateSession
s3express:ListParts                                  CreateSession
s3express:PutBucketEncryption                        PutEncryptionConfiguration
s3express:PutBucketLifecycleConfiguration            PutLifecycleConfiguration
s3express:PutObject                                  CreateSession
s3express:RenameObject                               CreateSession
s3express:UploadPart                                 CreateSession
s3express:UploadPartCopy                             CreateSession
secretsmanager:CreateSecret                          CreateSecret
sns:PublishBatch                                     Publish
sqs:ChangeMessageVisibilityBatch                     ChangeMessageVisibility
sqs:DeleteMessageBatch                               DeleteMessage
sqs:SendMessageBatch                                 SendMessage
sso:CreateToken                                      -
sso:CreateTokenWithIAM                               sso-oauth:CreateTokenWithIAM
sso:GetRoleCredentials                               -
sso:ListAccountRoles                                 -
sso:ListAccounts                                     -
sso:Logout                                           -
sso:RegisterClient                                   -
sso:StartDeviceAuthorization                         -
states:DescribeExecution                             DescribeExecution
sts:GetCallerIdentity                                -
sts:GetSessionToken                                  -
tax:BatchGetTaxExemptions                            GetExemptions
tax:GetTaxExemptionTypes                             GetExemptions
tax:ListTaxExemptions                                GetExemptions
tax:PutTaxExemption                                  UpdateExemptions
timestream:Query                                     Select
verifiedpermissions:BatchGetPolicy                   GetPolicy
verifiedpermissions:BatchIsAuthorized                IsAuthorized
verifiedpermissions:BatchIsAuthorizedWithToken       IsAuthorizedWithToken
vpc-lattice:BatchUpdateRule                          UpdateRule
"""

_STATEMENTS = [
    ("SELECT * FROM Music", "dynamodb:PartiQLSelect"),
    ("INSERT INTO \"Music\" VALUE {'Artist':***(Redacted)}", "dynamodb:PartiQLInsert"),
    ("update Music set Plays=***(Redacted)", "dynamodb:PartiQLUpdate"),
    (" DELETE FROM Music", "dynamodb:PartiQLDelete"),
    ('SELECT * FROM "Music"."by-year" WHERE y=***(Redacted)', "dynamodb:PartiQLSelect"),
]
_STORED = [
    ({"x-amz-tagging": "a=b"}, "s3:PutObjectTagging"),
    ({"x-amz-acl": "public-read"}, "s3:PutObjectAcl"),
    ({"x-amz-grant-full-control": "id=1"}, "s3:PutObjectAcl"),
    ({"x-amz-grant-read": "id=1"}, "s3:PutObjectAcl"),
    ({"x-amz-grant-read-acp": "id=1"}, "s3:PutObjectAcl"),
    ({"x-amz-grant-write-acp": "id=1"}, "s3:PutObjectAcl"),
    ({"x-amz-object-lock-mode": "GOVERNANCE"}, "s3:PutObjectRetention"),
    ({"x-amz-object-lock-legal-hold": "ON"}, "s3:PutObjectLegalHold"),
]
_COPIED = [
    ({"x-amz-copy-source": "from/k"}, "s3:GetObject"),
    ({"x-amz-copy-source": "/from/k%3F1"}, "s3:GetObject"),
    ({"x-amz-copy-source": "from/k?versionId=3"}, "s3:GetObjectVersion"),
    ({"x-amz-copy-source": "arn:aws:s3:eu-central-1:111122223333:accesspoint/ap/object/k"}, "s3:GetObject"),
]
_BYPASS = {"x-amz-bypass-governance-retention": "true"}
_K = {"bucketName": "b", "key": "k"}
_MODELS = [
    {"modelId": "anthropic.claude-3-haiku-20240307-v1:0"},
    {"modelId": "eu.anthropic.claude-3-haiku-20240307-v1:0"},
    {"modelId": "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.x"},
    {"modelId": "arn:aws:bedrock:eu-central-1:111122223333:provisioned-model/x"},
]
_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
_LAYER = "arn:aws:lambda:eu-central-1:111122223333:layer:l:3"
_SECRET = {"secretArn": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-AbCdEf"}

Case = tuple[str, dict[str, Any], str]

# Operation, requestParameters, what is needed then.
GIVEN: list[Case] = [
    ("athena:StartQueryExecution", {"workGroup": "w"}, "athena:StartQueryExecution"),
    ("athena:StartQueryExecution", {}, "athena:StartQueryExecution"),
    ("batch:SubmitJob", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d"}, "batch:SubmitJob"),
    *(("bedrock:Converse", model, "bedrock:InvokeModel") for model in _MODELS),
    *(("bedrock:ConverseStream", model, "bedrock:InvokeModelWithResponseStream") for model in _MODELS),
    *(("bedrock:InvokeModel", model, "bedrock:InvokeModel") for model in _MODELS),
    *(("bedrock:InvokeModelWithResponseStream", model, "bedrock:InvokeModelWithResponseStream") for model in _MODELS),
    *(("bedrock:StartAsyncInvoke", model, "bedrock:InvokeModel") for model in _MODELS),
    *(("dynamodb:BatchExecuteStatement", {"requestItems": [{"statement": s}]}, a) for s, a in _STATEMENTS),
    *(("dynamodb:ExecuteStatement", {"statement": s}, a) for s, a in _STATEMENTS),
    *(("dynamodb:ExecuteTransaction", {"transactStatements": [{"statement": s}]}, a) for s, a in _STATEMENTS),
    ("ec2:CopySnapshot", {"sourceSnapshotId": "snap-0123456789abcdef0"}, "ec2:CopySnapshot"),
    ("dynamodb:Query", {"tableName": "t"}, "dynamodb:Query"),
    ("dynamodb:Query", {"tableName": "t", "indexName": "i"}, "dynamodb:Query"),
    ("dynamodb:Scan", {"tableName": "t"}, "dynamodb:Scan"),
    ("dynamodb:Scan", {"tableName": "t", "indexName": "i"}, "dynamodb:Scan"),
    ("dynamodb:TransactGetItems", {"transactItems": [{"get": {"tableName": "t"}}]}, "dynamodb:GetItem"),
    *(
        ("dynamodb:TransactWriteItems", {"requestItems": [{"operation": verb, "tableName": "t"}]}, f"dynamodb:{name}")
        for verb, name in [
            ("ConditionCheck", "ConditionCheckItem"),
            ("Delete", "DeleteItem"),
            ("Put", "PutItem"),
            ("Update", "UpdateItem"),
        ]
    ),
    ("ec2:RunInstances", {}, "ec2:RunInstances"),
    ("ecs:DescribeClusters", {}, "ecs:DescribeClusters"),
    ("ecs:DescribeClusters", {"clusters": ["c"]}, "ecs:DescribeClusters"),
    *(
        ("elasticloadbalancing:CreateLoadBalancer", given, "elasticloadbalancing:CreateLoadBalancer")
        for given in [{"name": "l"}, {"name": "l", "type": "network"}, {"name": "l", "type": "gateway"}]
    ),
    ("events:PutEvents", {"entries": [{"source": "s"}]}, "events:PutEvents"),
    ("events:PutEvents", {"entries": [{"source": "s", "eventBusName": "b"}]}, "events:PutEvents"),
    *(
        (f"events:{name}", {key: "r", **bus}, f"events:{name}")
        for name, key in [
            ("DeleteRule", "name"),
            ("DescribeRule", "name"),
            ("DisableRule", "name"),
            ("EnableRule", "name"),
            ("ListTargetsByRule", "rule"),
            ("PutRule", "name"),
            ("PutTargets", "rule"),
            ("RemoveTargets", "rule"),
        ]
        for bus in [
            {},
            {"eventBusName": "default"},
            {"eventBusName": "b"},
            {"eventBusName": "arn:aws:events:eu-central-1:111122223333:event-bus/b"},
        ]
    ),
    ("glue:CreateDatabase", {"databaseInput": {"name": "d"}}, "glue:CreateDatabase"),
    ("glue:CreateTable", {"databaseName": "d", "tableInput": {"name": "t"}}, "glue:CreateTable"),
    ("glue:UpdateTable", {"databaseName": "d", "tableInput": {"name": "t"}}, "glue:UpdateTable"),
    (
        "iam:AddRoleToInstanceProfile",
        {"instanceProfileName": "p", "roleName": "r"},
        "iam:AddRoleToInstanceProfile iam:PassRole",
    ),
    *(
        ("kms:ReEncrypt", given, "kms:ReEncryptFrom kms:ReEncryptTo")
        for given in [
            {"destinationKeyId": _KEY},
            {"destinationKeyId": "alias/a", "sourceKeyId": _KEY},
            {"destinationKeyId": _KEY, "sourceKeyId": "arn:aws:kms:eu-central-1:111122223333:alias/b"},
            {},
        ]
    ),
    ("lambda:CreateFunction20150331", {"functionName": "f"}, "lambda:CreateFunction"),
    *(
        (f"lambda:{name}", {"layers": [_LAYER]}, f"{own} lambda:GetLayerVersion")
        for name, own in [
            ("CreateFunction20150331", "lambda:CreateFunction"),
            ("UpdateFunctionConfiguration20150331v2", "lambda:UpdateFunctionConfiguration"),
        ]
    ),
    ("lambda:Invoke", {"functionName": "f"}, "lambda:InvokeFunction"),
    ("lambda:Invoke", {"functionName": "f", "qualifier": "1"}, "lambda:InvokeFunction"),
    ("lambda:InvokeWithResponseStream", {"functionName": "f"}, "lambda:InvokeFunction"),
    ("lambda:InvokeWithResponseStream", {"functionName": "f", "qualifier": "1"}, "lambda:InvokeFunction"),
    *(
        ("organizations:CreateOrganizationalUnit", {"parentId": parent}, "organizations:CreateOrganizationalUnit")
        for parent in ["r-ab12", "ou-ab12-11111111"]
    ),
    *(
        (f"rdsdata:{name}", _SECRET, f"rds-data:{name} secretsmanager:GetSecretValue")
        for name in [
            "BatchExecuteStatement",
            "BeginTransaction",
            "CommitTransaction",
            "ExecuteStatement",
            "RollbackTransaction",
        ]
    ),
    *(
        (f"redshift-data:{name}", _SECRET, f"redshift-data:{name} secretsmanager:GetSecretValue")
        for name in ["BatchExecuteStatement", "ExecuteStatement"]
    ),
    *(
        (f"redshift-data:{name}", {"workgroupName": "w"}, f"redshift-data:{name} redshift-serverless:GetCredentials")
        for name in ["BatchExecuteStatement", "ExecuteStatement"]
    ),
    *(
        (
            f"redshift-data:{name}",
            {"clusterIdentifier": "c", "dbUser": "u", "database": "d"},
            f"redshift-data:{name} redshift:GetClusterCredentials",
        )
        for name in ["BatchExecuteStatement", "ExecuteStatement"]
    ),
    *(("s3:CopyObject", {**_K, **given}, f"s3:PutObject {name}") for given, name in [*_COPIED, *_STORED]),
    ("s3:CreateBucket", {"bucketName": "b", "x-amz-acl": "private"}, "s3:CreateBucket"),
    *(
        ("s3:CreateBucket", {"bucketName": "b", **given}, f"s3:CreateBucket {names}")
        for given, names in [
            ({"x-amz-acl": "public-read"}, "s3:PutBucketAcl"),
            ({"x-amz-grant-full-control": "id=1"}, "s3:PutBucketAcl"),
            ({"x-amz-grant-read": "id=1"}, "s3:PutBucketAcl"),
            ({"x-amz-grant-read-acp": "id=1"}, "s3:PutBucketAcl"),
            ({"x-amz-grant-write": "id=1"}, "s3:PutBucketAcl"),
            ({"x-amz-grant-write-acp": "id=1"}, "s3:PutBucketAcl"),
            (
                {"x-amz-bucket-object-lock-enabled": "true"},
                "s3:PutBucketObjectLockConfiguration s3:PutBucketVersioning",
            ),
            ({"x-amz-object-ownership": "BucketOwnerPreferred"}, "s3:PutBucketOwnershipControls"),
        ]
    ),
    *(("s3:CreateMultipartUpload", {**_K, **given}, f"s3:PutObject {name}") for given, name in _STORED),
    ("s3:DeleteObject", _K, "s3:DeleteObject"),
    ("s3:DeleteObject", {**_K, "versionId": "3"}, "s3:DeleteObjectVersion"),
    ("s3:DeleteObject", {**_K, **_BYPASS}, "s3:BypassGovernanceRetention s3:DeleteObject"),
    ("s3:DeleteObjects", {"bucketName": "b", **_BYPASS}, "s3:BypassGovernanceRetention s3:DeleteObject"),
    *(
        (f"s3:{operation}", {**_K, **version}, names)
        for operation, without, with_version in [
            ("DeleteObjectTagging", "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
            ("GetObject", "s3:GetObject", "s3:GetObjectVersion"),
            ("GetObjectAcl", "s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
            (
                "GetObjectAttributes",
                "s3:GetObject s3:GetObjectAttributes",
                "s3:GetObjectVersion s3:GetObjectVersionAttributes",
            ),
            ("GetObjectTagging", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
            ("GetObjectTorrent", "s3:GetObjectTorrent", "s3:GetObjectVersionTorrent"),
            ("HeadObject", "s3:GetObject", "s3:GetObjectVersion"),
            ("PutObjectAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
            ("PutObjectTagging", "s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
        ]
        for version, names in [({}, without), ({"versionId": "3"}, with_version)]
    ),
    *(("s3:PutObject", {**_K, **given}, f"s3:PutObject {name}") for given, name in _STORED),
    ("s3:PutObjectRetention", {**_K, **_BYPASS}, "s3:BypassGovernanceRetention s3:PutObjectRetention"),
    *(("s3:UploadPartCopy", {**_K, **given}, f"s3:PutObject {name}") for given, name in _COPIED),
    (
        "secretsmanager:BatchGetSecretValue",
        {"secretIdList": ["a"]},
        "secretsmanager:BatchGetSecretValue secretsmanager:GetSecretValue",
    ),
    (
        "secretsmanager:BatchGetSecretValue",
        {"filters": [{"key": "name", "values": ["a"]}]},
        "secretsmanager:BatchGetSecretValue secretsmanager:ListSecrets",
    ),
    ("sns:Publish", {"topicArn": "arn:aws:sns:eu-central-1:111122223333:t"}, "sns:Publish"),
    ("sns:Publish", {"phoneNumber": "HIDDEN_DUE_TO_SECURITY_REASONS"}, "sns:Publish"),
    ("ssm:GetParameter", {"name": "/a"}, "ssm:GetParameter"),
    ("ssm:GetParameter", {"name": "/aws/service/x"}, "ssm:GetParameter"),
    ("ssm:GetParameters", {"names": ["/a"]}, "ssm:GetParameters"),
    ("ssm:GetParameters", {"names": ["/aws/service/x"]}, "ssm:GetParameters"),
    ("ssm:GetParametersByPath", {"path": "/a"}, "ssm:GetParametersByPath"),
    ("ssm:GetParametersByPath", {"path": "/aws/service/x"}, "ssm:GetParametersByPath"),
    *(
        ("ssm:SendCommand", given, "ssm:SendCommand")
        for given in [
            {"documentName": "mine", "instanceIds": ["i-0123456789abcdef0"]},
            {"documentName": "AWS-RunShellScript", "instanceIds": ["mi-0123456789abcdef0"]},
            {"documentName": "AWS-RunShellScript", "targets": [{"key": "tag:team", "values": ["blue"]}]},
        ]
    ),
    *(
        ("ssm:StartSession", given, "ssm:StartSession")
        for given in [
            {"target": "i-0123456789abcdef0"},
            {"target": "mi-0123456789abcdef0", "documentName": "mine"},
            {"target": "ecs:c_t_r", "documentName": "AWS-StartPortForwardingSession"},
        ]
    ),
    ("sts:AssumeRole", {"sourceIdentity": "me"}, "sts:AssumeRole sts:SetSourceIdentity"),
    ("sts:AssumeRole", {"tags": [{"key": "a", "value": "b"}]}, "sts:AssumeRole sts:TagSession"),
]


def _whole(key: str, names: list[str]) -> str:
    prefix = key.partition(":")[0]
    return " ".join(name if ":" in name else f"{prefix}:{name}" for name in names if name != "-")


ROWS: list[Case] = [
    *((key, {}, _whole(key, names)) for key, *names in map(str.split, _lines(ALWAYS))),
    *GIVEN,
]


def record(key: str, parameters: Any = None) -> dict[str, Any]:
    head, _, name = key.partition(":")
    return {
        "eventType": "AwsApiCall",
        "eventSource": f"{head}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "recipientAccountId": "111122223333",
        "requestParameters": parameters,
    }


def names(key: str, parameters: Any = None) -> list[str]:
    return sorted({one.action for one in wanted(record(key, parameters))})


@pytest.mark.parametrize(("key", "parameters", "expected"), ROWS, ids=[f"{key} {[*given]}" for key, given, _ in ROWS])
def test_an_operation_needs_these_actions(key, parameters, expected):
    assert names(key, parameters) == sorted(expected.split())


TABLE_ROWS = [
    pytest.param(table, key, n, id=f"{key} {n}")
    for table in (INSTEAD, ALSO)
    for key, rows in table.items()
    for n, _ in enumerate(rows or (None,))
]


@pytest.mark.parametrize(("table", "key", "n"), TABLE_ROWS)
def test_without_a_row_of_the_tables_a_test_above_would_fail(table, key, n, monkeypatch):
    rows = table[key]
    mine = [record(name, given) for name, given, _ in ROWS if ":".join(operation_of(record(name))) == key]
    before = [wanted(one) for one in mine]
    if len(rows) > 1:
        monkeypatch.setitem(table, key, rows[:n] + rows[n + 1 :])
    else:
        monkeypatch.delitem(table, key)
    assert [wanted(one) for one in mine] != before


@pytest.mark.parametrize("table", [INSTEAD, ALSO], ids=["INSTEAD", "ALSO"])
def test_every_action_of_the_tables_exists_and_is_spelt_as_in_the_catalogue(table):
    spelt = {name for rows in table.values() for row in rows for name in row.actions}
    assert {name: found.name for name in spelt if (found := action(name))} == {name: name for name in spelt}


@pytest.mark.parametrize("key", [key for key, rows in INSTEAD.items() if rows[0].actions])
def test_a_refused_call_without_parameters_needs_something(key):
    assert names(key)


# ---- prefixes
PREFIXED = """
agent-registry-control:CreateRegistry                agent-registry:CreateRegistry
agreement-marketplace:AcceptAgreementRequest         aws-marketplace:AcceptAgreementRequest
amazonmq:CreateBroker                                mq:CreateBroker
application-insights:CreateApplication               applicationinsights:CreateApplication
applicationsignals:BatchUpdateExclusionWindows       application-signals:BatchUpdateExclusionWindows
autoscaling:CreateAutoScalingGroup                   autoscaling:CreateAutoScalingGroup
autoscaling:RegisterScalableTarget                   application-autoscaling:RegisterScalableTarget
chime-sdk-media-pipelines:CreateMediaCapturePipeline chime:CreateMediaCapturePipeline
chime-sdk-voice:BatchDeletePhoneNumber               chime:BatchDeletePhoneNumber
cloudcontrolapi:CreateResource                       cloudformation:CreateResource
cloudsearchdomain:NotYetInTheReference               cloudsearch:NotYetInTheReference
cloudwatch-omni:CreateAlert                          cloudwatch:CreateAlert
contact-lens:ListRealtimeContactAnalysisSegments     connect:ListRealtimeContactAnalysisSegments
data-signer:GetRevocationStatus                      signer:GetRevocationStatus
deployment-marketplace:PutDeploymentParameter        aws-marketplace:PutDeploymentParameter
discovery-marketplace:GetListing                     aws-marketplace:GetListing
eventsv2:CreateSubscriber                            events:CreateSubscriber
forecastquery:QueryForecast                          forecast:QueryForecast
iot-jobs-data:DescribeJobExecution                   iotjobsdata:DescribeJobExecution
iotdata:GetThingShadow                               iot:GetThingShadow
iotsecuredtunneling:CloseTunnel                      iot:CloseTunnel
ivsrealtime:CreateParticipantToken                   ivs:CreateParticipantToken
mail-manager:CreateAddressList                       ses:CreateAddressList
metering-marketplace:MeterUsage                      aws-marketplace:MeterUsage
migrationhub:AssociateCreatedArtifact                mgh:AssociateCreatedArtifact
migrationhub-config:CreateHomeRegionControl          mgh:CreateHomeRegionControl
monitoring:PutMetricData                             cloudwatch:PutMetricData
mturk-requester:ApproveAssignment                    mechanicalturk:ApproveAssignment
partnercentral-account:AcceptConnectionInvitation    partnercentral:AcceptConnectionInvitation
partnercentral-benefits:AmendBenefitApplication      partnercentral:AmendBenefitApplication
partnercentral-channel:CreateChannelHandshake        partnercentral:CreateChannelHandshake
partnercentral-prm:CreateRevenueAttribution          partnercentral:CreateRevenueAttribution
partnercentral-selling:AssignOpportunity             partnercentral:AssignOpportunity
personalize-events:PutEvents                         personalize:PutEvents
personalize-runtime:GetRecommendations               personalize:GetRecommendations
pinpoint:CreateApp                                   mobiletargeting:CreateApp
rdsdata:ExecuteStatement                             rds-data:ExecuteStatement
reporting-marketplace:GetBuyerDashboard              aws-marketplace:GetBuyerDashboard
servicecatalog-appregistry:CreateApplication         servicecatalog:CreateApplication
sso-directory:CreateGroup                            identitystore:CreateGroup
sso-directory:DescribeGroups                         sso-directory:DescribeGroups
tagging:GetResources                                 tag:GetResources
tts:SynthesizeSpeech                                 polly:SynthesizeSpeech
"""


@pytest.mark.parametrize(("key", "expected"), [line.split() for line in _lines(PREFIXED)])
def test_an_action_has_the_prefix_of_its_service(key, expected):
    assert names(key) == [expected]


def test_every_prefix_has_a_row_above_and_exists():
    heads = {line.partition(":")[0] for line in _lines(PREFIXED)}
    assert heads == PREFIXES.keys()
    assert {prefix for row in PREFIXES.values() for prefix in row} <= prefixes()


# Both services of Auto Scaling log to one eventSource, and both have actions of these names.
@pytest.mark.parametrize(
    "name", ["DescribeScalingActivities", "DescribeScheduledActions", "DeleteScheduledAction", "PutScalingPolicy"]
)
def test_a_namespace_tells_application_auto_scaling(name):
    given = {"serviceNamespace": "ecs", "resourceId": "service/c/s"}
    assert names(f"autoscaling:{name}", given) == [f"application-autoscaling:{name}"]
    assert names(f"autoscaling:{name}", {"autoScalingGroupName": "g"}) == [f"autoscaling:{name}"]


# ---- versions behind the name
VERSIONED = """
cloudfront:CreateDistribution2020_05_31            cloudfront:CreateDistribution
cloudfront:CreateInvalidation2019_03_26            cloudfront:CreateInvalidation
cloudfront:ListCloudFrontOriginAccessIdentities2020_05_31 cloudfront:ListCloudFrontOriginAccessIdentities
lambda:AddPermission20150331v2                     lambda:AddPermission
lambda:CreateFunction20150331                      lambda:CreateFunction
lambda:GetAccountSettings20160819                  lambda:GetAccountSettings
lambda:GetLayerVersionByArn20181031                lambda:GetLayerVersion
lambda:ListFunctions20150331                       lambda:ListFunctions
lambda:PutFunctionConcurrency20171031              lambda:PutFunctionConcurrency
lambda:TagResource20170331v2                       lambda:TagResource
lambda:UpdateFunctionConfiguration20150331v2       lambda:UpdateFunctionConfiguration
"""


@pytest.mark.parametrize(("key", "expected"), [line.split() for line in _lines(VERSIONED)])
def test_a_version_behind_the_name_is_not_part_of_the_action(key, expected):
    assert names(key) == [expected]


# ---- what other tools get wrong
KNOWN_MISTAKES = """
access-analyzer:ListFindingsV2      access-analyzer:ListFindings
ecr:BatchCheckLayerAvailability     ecr:BatchCheckLayerAvailability
elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeLoadBalancers
glue:GetTables                      glue:GetTables
inspector2:ListFindings             inspector2:ListFindings
kafka:DescribeClusterV2             kafka:DescribeClusterV2
lex:CreateBot                       lex:CreateBot
mediapackage:RotateChannelCredentials mediapackage:RotateChannelCredentials
s3:GetBucketCors                    s3:GetBucketCORS
cloudsearchdomain:Search            cloudsearch:search
s3:HeadBucket                       s3:ListBucket
s3:HeadObject                       s3:GetObject
s3:ListBuckets                      s3:ListAllMyBuckets
s3:ListObjects                      s3:ListBucket
s3:UploadPart                       s3:PutObject
s3express:ListObjectsV2             s3express:CreateSession
ses:SendEmail                       ses:SendEmail
sqs:SendMessageBatch                sqs:SendMessage
wafv2:GetWebACL                     wafv2:GetWebACL
"""


@pytest.mark.parametrize(("key", "expected"), [line.split() for line in _lines(KNOWN_MISTAKES)])
def test_what_other_tools_have_answered_wrongly(key, expected):
    assert names(key, {}) == [expected]


@pytest.mark.parametrize("key", ["dynamodb:DescribeEndpoints", "sts:GetCallerIdentity", "sts:GetSessionToken"])
def test_some_calls_need_no_permission(key):
    assert findings(record(key, {})).needs == []


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("newservice:DoSomething", "newservice:DoSomething"),
        ("ec2:NotYetInTheReference", "ec2:NotYetInTheReference"),
        ("monitoring:NotYetInTheReference", "cloudwatch:NotYetInTheReference"),
        ("autoscaling:NotYetInTheReference", "autoscaling:NotYetInTheReference"),
    ],
)
def test_an_action_that_the_reference_does_not_know_is_kept_and_marked(key, expected):
    assert findings(record(key, {"name": "n"})).needs == [Need(expected, "*", verified=False)]


def test_an_action_is_spelt_as_in_the_reference_whatever_the_case_of_the_event():
    assert names("apigateway:TAGRESOURCE") == ["apigateway:TAGRESOURCE"]
    assert names("iam:getuser") == ["iam:GetUser"]
