"""What the resources of a call are, from its parameters as CloudTrail spells them.

Most of it is one table, in which a service is found by its name: calls to 102 services and the ARNs that they are on.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from bototrail.policy import Need
from bototrail.policy.findings import findings
from bototrail.record import plan_for

REGION, ACCOUNT = "eu-central-1", "111122223333"
HERE = f"{REGION}:{ACCOUNT}"

# Name in botocore -> prefix of its actions, where that is another.
PREFIXES = {
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "cloudcontrol": "cloudformation",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "kinesisanalyticsv2": "kinesisanalytics",
    "location": "geo",
    "opensearch": "es",
    "pinpoint": "mobiletargeting",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "stepfunctions": "states",
    "timestream-write": "timestream",
}

# Service, operation, arguments, resources. `@` is region and account, `~` the ARN's begin up to there; the action is
# the operation's own unless another stands before the resource.
CALLS: list[tuple[str, str, dict[str, Any], str | list[str]]] = [
    ("acm", "DescribeCertificate", {"CertificateArn": "arn:aws:acm:@:certificate/1a2b-3c"}, "~certificate/1a2b-3c"),
    ("acm", "RequestCertificate", {}, "*"),
    ("acm", "DeleteCertificate", {"CertificateArn": "arn:aws:acm:@:certificate/x"}, "~certificate/x"),
    ("amplify", "GetApp", {"appId": "d123"}, "~apps/d123"),
    ("apigateway", "GetRestApis", {}, "apigateway:GET arn:aws:apigateway:eu-central-1::/restapis"),
    ("apigateway", "CreateRestApi", {}, "apigateway:POST arn:aws:apigateway:eu-central-1::/restapis"),
    (
        "apigateway",
        "PutMethod",
        {"restApiId": "abc", "resourceId": "r", "httpMethod": "GET"},
        "apigateway:PUT arn:aws:apigateway:eu-central-1::/restapis/abc/resources/r/methods/GET",
    ),
    (
        "apigateway",
        "DeleteRestApi",
        {"restApiId": "abc"},
        "apigateway:DELETE arn:aws:apigateway:eu-central-1::/restapis/abc",
    ),
    (
        "apigateway",
        "GetResources",
        {"restApiId": "abc"},
        "apigateway:GET arn:aws:apigateway:eu-central-1::/restapis/abc/resources",
    ),
    (
        "apigateway",
        "CreateDeployment",
        {"restApiId": "abc"},
        "apigateway:POST arn:aws:apigateway:eu-central-1::/restapis/abc/deployments",
    ),
    (
        "apigatewayv2",
        "CreateRoute",
        {"ApiId": "abc"},
        "apigateway:POST arn:aws:apigateway:eu-central-1::/apis/abc/routes",
    ),
    ("apigatewayv2", "GetApis", {}, "apigateway:GET arn:aws:apigateway:eu-central-1::/apis"),
    ("apigatewayv2", "DeleteApi", {"ApiId": "abc"}, "apigateway:DELETE arn:aws:apigateway:eu-central-1::/apis/abc"),
    ("application-autoscaling", "RegisterScalableTarget", {}, "~scalable-target/*"),
    ("application-autoscaling", "PutScalingPolicy", {"ServiceNamespace": "ecs"}, "~scalable-target/*"),
    ("apprunner", "DescribeService", {"ServiceArn": "arn:aws:apprunner:@:service/s/1"}, "~service/s/1"),
    ("appsync", "GetGraphqlApi", {"apiId": "abc"}, "~apis/abc"),
    ("appsync", "DeleteGraphqlApi", {"apiId": "abc"}, "~apis/abc"),
    ("athena", "StartQueryExecution", {}, "~workgroup/primary"),
    ("athena", "StartQueryExecution", {"WorkGroup": "w"}, "~workgroup/w"),
    ("athena", "GetDataCatalog", {"Name": "c"}, "~datacatalog/c"),
    ("athena", "GetQueryExecution", {}, "~workgroup/*"),
    ("athena", "CreateWorkGroup", {"Name": "w"}, "~workgroup/w"),
    ("athena", "ListWorkGroups", {}, "*"),
    ("autoscaling", "PutScalingPolicy", {"AutoScalingGroupName": "g"}, "~autoScalingGroup:*:autoScalingGroupName/g"),
    (
        "autoscaling",
        "UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g"},
        "~autoScalingGroup:*:autoScalingGroupName/g",
    ),
    (
        "autoscaling",
        "CreateAutoScalingGroup",
        {"AutoScalingGroupName": "g"},
        "~autoScalingGroup:*:autoScalingGroupName/g",
    ),
    ("backup", "StartBackupJob", {"BackupVaultName": "v"}, "~backup-vault:v"),
    ("backup", "GetBackupPlan", {"BackupPlanId": "1a2b-3c"}, "~backup-plan:1a2b-3c"),
    ("backup", "CreateBackupVault", {"BackupVaultName": "v"}, "~backup-vault:v"),
    ("backup", "DescribeBackupJob", {}, "*"),
    (
        "batch",
        "SubmitJob",
        {"jobName": "j", "jobQueue": "arn:aws:batch:@:job-queue/q", "jobDefinition": "d:3"},
        ["~job/*", "~job-definition/d:3", "~job-queue/q"],
    ),
    ("batch", "TerminateJob", {"jobId": "1a2b-3c"}, "~job/1a2b-3c"),
    ("batch", "DescribeJobs", {}, "*"),
    (
        "bedrock",
        "GetFoundationModel",
        {"modelIdentifier": "anthropic.claude-v2"},
        "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-v2",
    ),
    ("bedrock", "ListFoundationModels", {}, "*"),
    (
        "bedrock-agent-runtime",
        "InvokeAgent",
        {"agentId": "AGENT1", "agentAliasId": "ALIAS1"},
        "~agent-alias/AGENT1/ALIAS1",
    ),
    (
        "bedrock-runtime",
        "Converse",
        {"modelId": "eu.amazon.nova-v1:0"},
        [
            "bedrock:InvokeModel ~inference-profile/eu.amazon.nova-v1:0",
            "bedrock:InvokeModel arn:aws:bedrock:*::foundation-model/*",
        ],
    ),
    (
        "bedrock-runtime",
        "ConverseStream",
        {"modelId": "arn:aws:bedrock:@:provisioned-model/p"},
        "bedrock:InvokeModelWithResponseStream ~provisioned-model/p",
    ),
    (
        "bedrock-runtime",
        "InvokeModel",
        {"modelId": "amazon.nova-v1:0"},
        "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-v1:0",
    ),
    ("cloud9", "ListEnvironments", {}, "*"),
    ("cloudcontrol", "GetResource", {}, "*"),
    ("cloudformation", "CreateStack", {"StackName": "s"}, "~stack/s/*"),
    ("cloudformation", "DeleteStack", {"StackName": "arn:aws:cloudformation:@:stack/s/1a2b-3c"}, "~stack/s/1a2b-3c"),
    ("cloudformation", "DescribeStacks", {}, "*"),
    ("cloudformation", "DescribeStackEvents", {"StackName": "s"}, "~stack/s/*"),
    ("cloudformation", "CreateChangeSet", {"StackName": "s"}, "~stack/s/*"),
    ("cloudformation", "ExecuteChangeSet", {"StackName": "s"}, "~stack/s/*"),
    ("cloudformation", "DescribeStackSet", {"StackSetName": "s"}, "~stackset/s:*"),
    ("cloudfront", "CreateInvalidation", {"DistributionId": "E1"}, "arn:aws:cloudfront::111122223333:distribution/E1"),
    ("cloudfront", "GetDistribution", {"Id": "E1"}, "arn:aws:cloudfront::111122223333:distribution/E1"),
    ("cloudfront", "ListDistributions", {}, "*"),
    ("cloudtrail", "CreateTrail", {"Name": "t"}, "~trail/t"),
    ("cloudtrail", "LookupEvents", {}, "*"),
    ("cloudtrail", "StartLogging", {"Name": "arn:aws:cloudtrail:@:trail/t"}, "~trail/t"),
    ("cloudtrail", "GetTrailStatus", {"Name": "t"}, "~trail/t"),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a"}, "~alarm:a"),
    ("cloudwatch", "DeleteAlarms", {"AlarmNames": ["a", "b"]}, ["~alarm:a", "~alarm:b"]),
    ("cloudwatch", "GetDashboard", {}, "arn:aws:cloudwatch::111122223333:dashboard/*"),
    ("cloudwatch", "PutMetricData", {}, "*"),
    ("cloudwatch", "PutDashboard", {"DashboardName": "d"}, "arn:aws:cloudwatch::111122223333:dashboard/d"),
    ("cloudwatch", "SetAlarmState", {"AlarmName": "a"}, "~alarm:a"),
    ("codebuild", "StartBuild", {"projectName": "p"}, "~project/p"),
    ("codebuild", "BatchGetBuilds", {"ids": ["p:1a2b-3c"]}, "~project/p"),
    ("codebuild", "StopBuild", {"id": "p:1a2b-3c"}, "~project/p"),
    ("codebuild", "CreateProject", {"name": "p"}, "~project/p"),
    ("codecommit", "GetBranch", {"repositoryName": "r"}, "~r"),
    ("codecommit", "BatchGetRepositories", {"repositoryNames": ["r", "s"]}, ["~r", "~s"]),
    ("codecommit", "CreateRepository", {"repositoryName": "r"}, "~r"),
    ("codecommit", "ListRepositories", {}, "*"),
    ("codedeploy", "CreateDeployment", {"applicationName": "a", "deploymentGroupName": "g"}, "~deploymentgroup:a/g"),
    ("codedeploy", "CreateApplication", {"applicationName": "a"}, "~application:a"),
    ("codepipeline", "StartPipelineExecution", {"name": "p"}, "~p"),
    ("codepipeline", "GetPipeline", {"name": "p"}, "~p"),
    (
        "cognito-identity",
        "DescribeIdentityPool",
        {"IdentityPoolId": "eu-central-1:1a2b-3c"},
        "~identitypool/eu-central-1:1a2b-3c",
    ),
    ("cognito-idp", "AdminCreateUser", {"UserPoolId": "eu-central-1_AbCdEf"}, "~userpool/eu-central-1_AbCdEf"),
    ("cognito-idp", "ListUserPools", {}, "*"),
    ("cognito-idp", "CreateUserPoolClient", {"UserPoolId": "eu-central-1_AbCdEf"}, "~userpool/eu-central-1_AbCdEf"),
    ("comprehend", "DetectSentiment", {}, "*"),
    ("config", "PutConfigRule", {"ConfigRule": {"ConfigRuleName": "r", "Source": {"Owner": "AWS"}}}, "~config-rule/r"),
    ("config", "DeleteConfigRule", {"ConfigRuleName": "r"}, "~config-rule/r"),
    ("ds", "DescribeDirectories", {}, "*"),
    ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}, "~table/t/index/i"),
    (
        "dynamodb",
        "GetItem",
        {"TableName": "arn:aws:dynamodb:eu-west-1:999988887777:table/t"},
        "arn:aws:dynamodb:eu-west-1:999988887777:table/t",
    ),
    (
        "dynamodb",
        "Query",
        {"TableName": "arn:aws:dynamodb:eu-west-1:999988887777:table/t", "IndexName": "i"},
        "arn:aws:dynamodb:eu-west-1:999988887777:table/t/index/i",
    ),
    ("dynamodb", "BatchGetItem", {"RequestItems": {"a": {"Keys": []}, "b": {"Keys": []}}}, ["~table/a", "~table/b"]),
    (
        "dynamodb",
        "TransactWriteItems",
        {"TransactItems": [{"Put": {"TableName": "t", "Item": {}}}, {"Delete": {"TableName": "u", "Key": {}}}]},
        ["dynamodb:DeleteItem ~table/u", "dynamodb:PutItem ~table/t"],
    ),
    (
        "dynamodb",
        "TransactGetItems",
        {"TransactItems": [{"Get": {"TableName": "t", "Key": {}}}]},
        "dynamodb:GetItem ~table/t",
    ),
    (
        "dynamodb",
        "BatchExecuteStatement",
        {"Statements": [{"Statement": 'INSERT INTO "t" VALUE {}'}, {"Statement": "select a from u"}]},
        ["dynamodb:PartiQLSelect ~table/u", "dynamodb:PartiQLInsert ~table/t"],
    ),
    (
        "dynamodb",
        "ExecuteTransaction",
        {"TransactStatements": [{"Statement": 'UPDATE "t" SET a=1'}]},
        "dynamodb:PartiQLUpdate ~table/t",
    ),
    ("dynamodb", "CreateTable", {"TableName": "t"}, "~table/t"),
    ("dynamodb", "DescribeTable", {"TableName": "t"}, "~table/t"),
    ("dynamodb", "ListTables", {}, "*"),
    ("dynamodb", "Scan", {"TableName": "t"}, "~table/t"),
    ("dynamodb", "UpdateTimeToLive", {"TableName": "t"}, "~table/t"),
    ("dynamodb", "CreateBackup", {"TableName": "t"}, "~table/t"),
    (
        "dynamodb",
        "ExecuteStatement",
        {"Statement": "DELETE FROM Music WHERE a=1"},
        "dynamodb:PartiQLDelete ~table/Music",
    ),
    (
        "dynamodbstreams",
        "GetShardIterator",
        {"StreamArn": "arn:aws:dynamodb:@:table/t/stream/2020-01-01T00:00:00.000"},
        "~table/t/stream/2020-01-01T00:00:00.000",
    ),
    (
        "ec2",
        "TerminateInstances",
        {"InstanceIds": ["i-01234567", "i-12345678"]},
        ["~instance/i-01234567", "~instance/i-12345678"],
    ),
    ("ec2", "DescribeInstances", {}, "*"),
    ("ec2", "CreateTags", {"Resources": ["i-01234567"]}, "~instance/i-01234567"),
    ("ec2", "AuthorizeSecurityGroupIngress", {"GroupId": "sg-01234567"}, "~security-group/sg-01234567"),
    (
        "ec2",
        "AttachVolume",
        {"VolumeId": "vol-01234567", "InstanceId": "i-01234567"},
        ["~instance/i-01234567", "~volume/vol-01234567"],
    ),
    (
        "ec2",
        "CreateSnapshot",
        {"VolumeId": "vol-01234567"},
        ["~volume/vol-01234567", "arn:aws:ec2:eu-central-1::snapshot/*"],
    ),
    ("ec2", "DeleteKeyPair", {"KeyName": "k"}, "~key-pair/k"),
    ("ec2", "CreateVpc", {}, "~vpc/*"),
    ("ec2", "CreateSubnet", {"VpcId": "vpc-01234567"}, ["~vpc/vpc-01234567", "~subnet/*"]),
    ("ec2", "CreateSecurityGroup", {"VpcId": "vpc-01234567"}, ["~vpc/vpc-01234567", "~security-group/*"]),
    ("ec2", "StartInstances", {"InstanceIds": ["i-01234567"]}, "~instance/i-01234567"),
    ("ec2", "DeleteSecurityGroup", {"GroupId": "sg-01234567"}, "~security-group/sg-01234567"),
    ("ec2", "CreateVolume", {}, "~volume/*"),
    ("ec2", "ModifyInstanceAttribute", {"InstanceId": "i-01234567"}, "~instance/i-01234567"),
    ("ec2", "DeleteSnapshot", {"SnapshotId": "snap-01234567"}, "arn:aws:ec2:eu-central-1::snapshot/snap-01234567"),
    ("ec2", "CreateRoute", {"RouteTableId": "rtb-01234567"}, "~route-table/rtb-01234567"),
    (
        "ec2",
        "AssociateAddress",
        {"AllocationId": "eipalloc-01234567", "InstanceId": "i-01234567"},
        ["~elastic-ip/eipalloc-01234567", "~instance/i-01234567"],
    ),
    ("ec2", "CreateKeyPair", {"KeyName": "k"}, "~key-pair/k"),
    ("ec2", "DeleteVpcEndpoints", {"VpcEndpointIds": ["vpce-01234567"]}, "~vpc-endpoint/vpce-01234567"),
    ("ec2", "DeleteLaunchTemplate", {"LaunchTemplateId": "lt-01234567"}, "~launch-template/lt-01234567"),
    ("ecr", "PutImage", {"repositoryName": "team/app"}, "~repository/team/app"),
    ("ecr", "GetAuthorizationToken", {}, "*"),
    ("ecr", "CreateRepository", {"repositoryName": "team/app"}, "~repository/team/app"),
    ("ecr", "BatchGetImage", {"repositoryName": "app"}, "~repository/app"),
    ("ecr", "DescribeRepositories", {"repositoryNames": ["a/b", "c"]}, ["~repository/a/b", "~repository/c"]),
    ("ecs", "DescribeClusters", {}, "~cluster/default"),
    ("ecs", "CreateCluster", {"clusterName": "c"}, "~cluster/c"),
    ("ecs", "RunTask", {"taskDefinition": "fam:3"}, "~task-definition/fam:*"),
    ("ecs", "RunTask", {"taskDefinition": "fam"}, "~task-definition/fam:*"),
    ("ecs", "UpdateService", {"cluster": "c", "service": "s"}, "~service/c/s"),
    ("ecs", "UpdateService", {"service": "s"}, "~service/default/s"),
    (
        "ecs",
        "DescribeServices",
        {"cluster": "arn:aws:ecs:@:cluster/c", "services": ["s", "t"]},
        ["~service/c/s", "~service/c/t"],
    ),
    ("ecs", "StopTask", {"cluster": "c", "task": "0123abcd"}, "~task/c/0123abcd"),
    ("ecs", "RegisterTaskDefinition", {"family": "fam"}, "~task-definition/fam:*"),
    ("ecs", "DescribeTaskDefinition", {}, "*"),
    ("ecs", "ListTasks", {"cluster": "c"}, "~container-instance/c/*"),
    ("ecs", "ExecuteCommand", {"cluster": "c", "task": "t"}, ["~cluster/c", "~task/c/t"]),
    ("ecs", "CreateService", {"cluster": "c", "serviceName": "s"}, "~service/c/s"),
    ("ecs", "DescribeTasks", {"cluster": "c", "tasks": ["t1", "t2"]}, ["~task/c/t1", "~task/c/t2"]),
    ("ecs", "UpdateService", {"service": "arn:aws:ecs:@:service/c/s"}, "~service/c/s"),
    ("ecs", "DeleteCluster", {"cluster": "c"}, "~cluster/c"),
    ("efs", "CreateMountTarget", {"FileSystemId": "fs-01234567"}, "~file-system/fs-01234567"),
    ("efs", "CreateFileSystem", {}, "*"),
    ("efs", "DescribeFileSystems", {"FileSystemId": "fs-01234567"}, "~file-system/fs-01234567"),
    ("efs", "DeleteFileSystem", {"FileSystemId": "fs-01234567"}, "~file-system/fs-01234567"),
    ("eks", "CreateCluster", {}, "*"),
    ("eks", "DescribeNodegroup", {"clusterName": "c", "nodegroupName": "n"}, "~nodegroup/c/n/*"),
    ("eks", "CreateNodegroup", {"clusterName": "c"}, "~cluster/c"),
    ("eks", "DescribeCluster", {"name": "c"}, "~cluster/c"),
    ("eks", "DeleteNodegroup", {"clusterName": "c", "nodegroupName": "n"}, "~nodegroup/c/n/*"),
    ("eks", "CreateAddon", {"clusterName": "c"}, "~cluster/c"),
    ("elasticache", "DeleteCacheCluster", {"CacheClusterId": "c"}, "~cluster:c"),
    (
        "elasticache",
        "CreateReplicationGroup",
        {"ReplicationGroupId": "g", "CacheParameterGroupName": "default.redis7", "CacheSubnetGroupName": "s"},
        ["~parametergroup:default.redis7", "~replicationgroup:g", "~subnetgroup:s"],
    ),
    ("elasticache", "ModifyReplicationGroup", {"ReplicationGroupId": "g"}, "~replicationgroup:g"),
    ("elasticbeanstalk", "CreateEnvironment", {"ApplicationName": "a", "EnvironmentName": "e"}, "~environment/a/e"),
    ("elb", "CreateLoadBalancer", {"LoadBalancerName": "l"}, "~loadbalancer/l"),
    (
        "elbv2",
        "CreateListener",
        {"LoadBalancerArn": "arn:aws:elasticloadbalancing:@:loadbalancer/app/l/50dc"},
        "~loadbalancer/app/l/50dc",
    ),
    (
        "elbv2",
        "RegisterTargets",
        {"TargetGroupArn": "arn:aws:elasticloadbalancing:@:targetgroup/t/73e2"},
        "~targetgroup/t/73e2",
    ),
    ("elbv2", "CreateLoadBalancer", {"Name": "l"}, "~loadbalancer/app/l/*"),
    (
        "elbv2",
        "DeleteTargetGroup",
        {"TargetGroupArn": "arn:aws:elasticloadbalancing:@:targetgroup/t/73e2"},
        "~targetgroup/t/73e2",
    ),
    ("elbv2", "CreateTargetGroup", {"Name": "t"}, "~targetgroup/t/*"),
    (
        "elbv2",
        "CreateRule",
        {"ListenerArn": "arn:aws:elasticloadbalancing:@:listener/app/l/50dc/f2f7"},
        "~listener/app/l/50dc/f2f7",
    ),
    ("elbv2", "DescribeLoadBalancers", {}, "*"),
    (
        "elbv2",
        "ModifyLoadBalancerAttributes",
        {"LoadBalancerArn": "arn:aws:elasticloadbalancing:@:loadbalancer/net/l/50dc"},
        "~loadbalancer/net/l/50dc",
    ),
    ("elbv2", "CreateLoadBalancer", {"Name": "l", "Type": "network"}, "~loadbalancer/net/l/*"),
    ("emr", "AddJobFlowSteps", {"JobFlowId": "j-1ABC"}, "~cluster/j-1ABC"),
    ("emr", "TerminateJobFlows", {"JobFlowIds": ["j-1ABC", "j-2ABC"]}, ["~cluster/j-1ABC", "~cluster/j-2ABC"]),
    ("emr", "DescribeCluster", {"ClusterId": "j-1ABC"}, "~cluster/j-1ABC"),
    ("emr", "RunJobFlow", {}, "*"),
    ("events", "PutRule", {"Name": "r"}, "~rule/r"),
    ("events", "PutRule", {"Name": "r", "EventBusName": "b"}, "~rule/b/r"),
    ("events", "PutTargets", {"Rule": "r"}, "~rule/r"),
    ("events", "PutEvents", {"Entries": [{"EventBusName": "b", "Source": "s"}]}, "~event-bus/b"),
    ("events", "PutEvents", {}, "~event-bus/default"),
    (
        "events",
        "PutEvents",
        {"Entries": [{"EventBusName": "arn:aws:events:@:event-bus/b", "Source": "s"}]},
        "~event-bus/b",
    ),
    ("events", "DescribeEventBus", {"Name": "b"}, "~event-bus/b"),
    ("events", "DeleteRule", {"Name": "r"}, "~rule/r"),
    ("events", "RemoveTargets", {"Rule": "r", "EventBusName": "b"}, "~rule/b/r"),
    ("events", "CreateEventBus", {"Name": "b"}, "~event-bus/b"),
    ("firehose", "PutRecord", {"DeliveryStreamName": "s"}, "~deliverystream/s"),
    ("firehose", "CreateDeliveryStream", {"DeliveryStreamName": "s"}, "~deliverystream/s"),
    ("firehose", "DescribeDeliveryStream", {"DeliveryStreamName": "s"}, "~deliverystream/s"),
    ("fsx", "DeleteFileSystem", {"FileSystemId": "fs-01234567"}, "~file-system/fs-01234567"),
    (
        "glue",
        "CreateTable",
        {"DatabaseName": "d", "TableInput": {"Name": "t"}},
        ["~catalog", "~database/d", "~table/d/t"],
    ),
    ("glue", "CreateDatabase", {"DatabaseInput": {"Name": "d"}}, ["~catalog", "~database/d"]),
    ("glue", "GetTable", {"DatabaseName": "d", "Name": "t"}, ["~catalog", "~database/d", "~table/d/t"]),
    ("glue", "GetDatabase", {"Name": "d"}, ["~catalog", "~database/d"]),
    ("glue", "GetDatabases", {}, ["~catalog", "~database/*"]),
    ("glue", "GetPartitions", {"DatabaseName": "d", "TableName": "t"}, ["~catalog", "~database/d", "~table/d/t"]),
    ("glue", "StartJobRun", {"JobName": "j"}, "~job/j"),
    ("glue", "CreateJob", {"Name": "j"}, "~job/j"),
    ("glue", "StartCrawler", {"Name": "c"}, "~crawler/c"),
    ("glue", "GetTables", {"DatabaseName": "d"}, ["~catalog", "~database/d", "~table/d/*"]),
    (
        "glue",
        "BatchCreatePartition",
        {"DatabaseName": "d", "TableName": "t"},
        ["~catalog", "~database/d", "~table/d/t"],
    ),
    ("glue", "GetJobRun", {"JobName": "j"}, "~job/j"),
    ("guardduty", "GetDetector", {"DetectorId": "12abc3"}, "~detector/12abc3"),
    ("guardduty", "CreateFilter", {"DetectorId": "12abc3", "Name": "f"}, "~detector/12abc3/filter/f"),
    ("iam", "CreateRole", {"RoleName": "r", "Path": "/app/"}, "arn:aws:iam::111122223333:role/app/r"),
    ("iam", "AttachRolePolicy", {"RoleName": "r"}, "arn:aws:iam::111122223333:role/r"),
    ("iam", "CreatePolicy", {"PolicyName": "p"}, "arn:aws:iam::111122223333:policy/p"),
    (
        "iam",
        "GetPolicyVersion",
        {"PolicyArn": "arn:aws:iam::111122223333:policy/x/p"},
        "arn:aws:iam::111122223333:policy/x/p",
    ),
    (
        "iam",
        "AddRoleToInstanceProfile",
        {"InstanceProfileName": "p", "RoleName": "r"},
        ["arn:aws:iam::111122223333:instance-profile/p", "iam:PassRole arn:aws:iam::111122223333:role/r"],
    ),
    ("iam", "CreateAccessKey", {"UserName": "u"}, "arn:aws:iam::111122223333:user/u"),
    ("iam", "AddUserToGroup", {"GroupName": "g"}, "arn:aws:iam::111122223333:group/g"),
    ("iam", "ListRoles", {}, "*"),
    (
        "iam",
        "CreateServiceLinkedRole",
        {"AWSServiceName": "ecs.amazonaws.com"},
        "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/*",
    ),
    (
        "iam",
        "CreateOpenIDConnectProvider",
        {"Url": "https://token.example.com"},
        "arn:aws:iam::111122223333:oidc-provider/token.example.com",
    ),
    ("iam", "GetRole", {"RoleName": "r"}, "arn:aws:iam::111122223333:role/r"),
    ("iam", "CreateUser", {"UserName": "u", "Path": "/a/"}, "arn:aws:iam::111122223333:user/a/u"),
    ("iam", "CreateInstanceProfile", {"InstanceProfileName": "p"}, "arn:aws:iam::111122223333:instance-profile/p"),
    ("iam", "PutRolePolicy", {"RoleName": "r"}, "arn:aws:iam::111122223333:role/r"),
    ("iam", "DeletePolicy", {"PolicyArn": "arn:aws:iam::111122223333:policy/p"}, "arn:aws:iam::111122223333:policy/p"),
    (
        "iam",
        "DeleteServiceLinkedRole",
        {"RoleName": "AwsEcs"},
        "arn:aws:iam::111122223333:role/aws-service-role/*/AwsEcs",
    ),
    (
        "iam",
        "DeleteOpenIDConnectProvider",
        {"OpenIDConnectProviderArn": "arn:aws:iam::111122223333:oidc-provider/x.y"},
        "arn:aws:iam::111122223333:oidc-provider/x.y",
    ),
    ("iam", "GetGroup", {"GroupName": "g"}, "arn:aws:iam::111122223333:group/g"),
    (
        "iam",
        "UploadServerCertificate",
        {"ServerCertificateName": "c"},
        "arn:aws:iam::111122223333:server-certificate/c",
    ),
    ("inspector2", "ListFindings", {}, "*"),
    ("iot", "CreateThing", {"thingName": "t"}, "~thing/t"),
    ("iot", "DescribeEndpoint", {}, "*"),
    ("iot", "AttachPolicy", {"target": "arn:aws:iot:@:cert/x"}, "~cert/x"),
    ("kafka", "DescribeCluster", {"ClusterArn": "arn:aws:kafka:@:cluster/c/1a2b-3c-1"}, "~cluster/c/1a2b-3c-1"),
    ("keyspaces", "GetTable", {"keyspaceName": "k", "tableName": "t"}, "cassandra:Select ~/keyspace/k/table/t"),
    ("kinesis", "PutRecord", {"StreamName": "s"}, "~stream/s"),
    ("kinesis", "GetShardIterator", {"StreamARN": "arn:aws:kinesis:@:stream/s"}, "~stream/s"),
    ("kinesis", "GetRecords", {}, "~stream/*"),
    ("kinesis", "CreateStream", {"StreamName": "s"}, "~stream/s"),
    ("kinesis", "ListStreams", {}, "*"),
    (
        "kinesis",
        "SubscribeToShard",
        {"ConsumerARN": "arn:aws:kinesis:@:stream/s/consumer/c:1"},
        "~stream/s/consumer/c:1",
    ),
    ("kinesisanalyticsv2", "StartApplication", {"ApplicationName": "a"}, "~application/a"),
    (
        "kms",
        "ReEncrypt",
        {"SourceKeyId": "arn:aws:kms:@:key/a", "DestinationKeyId": "arn:aws:kms:@:key/b"},
        ["kms:ReEncryptFrom ~key/a", "kms:ReEncryptTo ~key/b"],
    ),
    ("kms", "Encrypt", {"KeyId": "1234abcd"}, "~key/1234abcd"),
    ("kms", "Encrypt", {}, "~key/*"),
    ("kms", "CreateAlias", {"AliasName": "alias/a", "TargetKeyId": "1234abcd"}, ["~alias/a", "~key/1234abcd"]),
    ("kms", "CreateKey", {}, "*"),
    ("kms", "Decrypt", {}, "~key/*"),
    ("kms", "ScheduleKeyDeletion", {"KeyId": "1234abcd"}, "~key/1234abcd"),
    (
        "kms",
        "DescribeKey",
        {"KeyId": "arn:aws:kms:us-east-1:999988887777:key/mrk-1"},
        "arn:aws:kms:us-east-1:999988887777:key/mrk-1",
    ),
    ("kms", "DeleteAlias", {"AliasName": "alias/a"}, ["~alias/a", "~key/*"]),
    ("lambda", "Invoke", {"FunctionName": "f"}, "lambda:InvokeFunction ~function:f"),
    ("lambda", "Invoke", {"FunctionName": "f", "Qualifier": "prod"}, "lambda:InvokeFunction ~function:f:prod"),
    ("lambda", "Invoke", {"FunctionName": "arn:aws:lambda:@:function:f:7"}, "lambda:InvokeFunction ~function:f:7"),
    ("lambda", "GetFunction", {"FunctionName": "111122223333:function:f"}, "~function:f"),
    (
        "lambda",
        "CreateFunction",
        {"FunctionName": "f", "Layers": ["arn:aws:lambda:@:layer:l:3"]},
        ["~function:f", "lambda:GetLayerVersion ~layer:l:3"],
    ),
    ("lambda", "PublishLayerVersion", {"LayerName": "l"}, "~layer:l"),
    ("lambda", "GetLayerVersion", {"LayerName": "l", "VersionNumber": 3}, "~layer:l:3"),
    ("lambda", "GetLayerVersionByArn", {"Arn": "arn:aws:lambda:@:layer:l:3"}, "lambda:GetLayerVersion ~layer:l:3"),
    ("lambda", "CreateEventSourceMapping", {}, "*"),
    ("lambda", "UpdateEventSourceMapping", {"UUID": "14e0db71"}, "~event-source-mapping:14e0db71"),
    ("lambda", "AddPermission", {"FunctionName": "f"}, "~function:f"),
    ("lambda", "DeleteFunction", {"FunctionName": "arn:aws:lambda:@:function:f"}, "~function:f"),
    ("lambda", "CreateAlias", {"FunctionName": "f"}, "~function:f"),
    ("lambda", "UpdateFunctionCode", {"FunctionName": "f"}, "~function:f"),
    ("lambda", "DeleteLayerVersion", {"LayerName": "l", "VersionNumber": 2}, "~layer:l:2"),
    ("lambda", "DeleteEventSourceMapping", {"UUID": "14e0db71"}, "~event-source-mapping:14e0db71"),
    ("lambda", "TagResource", {"Resource": "arn:aws:lambda:@:function:f"}, "~function:f"),
    ("lightsail", "GetInstances", {}, "*"),
    ("location", "SearchPlaceIndexForText", {"IndexName": "i"}, "~place-index/i"),
    ("logs", "CreateLogGroup", {"logGroupName": "/aws/lambda/f"}, "~log-group:/aws/lambda/f:*"),
    (
        "logs",
        "CreateLogStream",
        {"logGroupName": "/aws/lambda/f", "logStreamName": "2024/01/01/[$LATEST]abc"},
        "~log-group:/aws/lambda/f:log-stream:2024/01/01/[$LATEST]abc",
    ),
    ("logs", "PutLogEvents", {"logGroupName": "g", "logStreamName": "s"}, "~log-group:g:log-stream:s"),
    ("logs", "TagResource", {"resourceArn": "arn:aws:logs:@:log-group:g"}, "~log-group:g"),
    ("logs", "TagLogGroup", {"logGroupName": "g"}, "~log-group:g"),
    ("logs", "DescribeLogStreams", {"logGroupName": "g"}, "~log-group:g:*"),
    ("logs", "FilterLogEvents", {"logGroupIdentifier": "arn:aws:logs:@:log-group:g"}, "~log-group:g:*"),
    ("logs", "StartQuery", {"logGroupNames": ["a", "b"]}, ["~log-group:a:*", "~log-group:b:*"]),
    ("logs", "DescribeLogGroups", {}, "*"),
    ("logs", "ListTagsForResource", {"resourceArn": "arn:aws:logs:@:log-group:g"}, "~log-group:g"),
    ("logs", "DeleteLogGroup", {"logGroupName": "g"}, "~log-group:g:*"),
    ("logs", "PutRetentionPolicy", {"logGroupName": "g"}, "~log-group:g:*"),
    ("logs", "GetLogEvents", {"logGroupName": "g", "logStreamName": "s"}, "~log-group:g:log-stream:s"),
    ("mediaconvert", "GetJob", {"Id": "123-abc"}, "~jobs/123-abc"),
    ("memorydb", "DeleteCluster", {"ClusterName": "c"}, "~cluster/c"),
    ("mq", "RebootBroker", {"BrokerId": "b-1234a5b6"}, "~broker:*:b-1234a5b6"),
    ("mq", "DescribeBroker", {"BrokerId": "b-1"}, "~broker:*:b-1"),
    ("mq", "ListBrokers", {}, "*"),
    ("opensearch", "DescribeDomain", {"DomainName": "d"}, "~domain/d"),
    ("opensearch", "UpdateDomainConfig", {"DomainName": "d"}, "~domain/d"),
    (
        "organizations",
        "MoveAccount",
        {"AccountId": "222222222222", "SourceParentId": "r-ab12", "DestinationParentId": "ou-ab12-11111111"},
        [
            "arn:aws:organizations::111122223333:account/o-*/222222222222",
            "arn:aws:organizations::111122223333:ou/o-*/ou-ab12-11111111",
            "arn:aws:organizations::111122223333:root/o-*/r-ab12",
        ],
    ),
    ("organizations", "DescribeOrganization", {}, "*"),
    (
        "organizations",
        "DescribeAccount",
        {"AccountId": "222222222222"},
        "arn:aws:organizations::111122223333:account/o-*/222222222222",
    ),
    (
        "organizations",
        "CreateOrganizationalUnit",
        {"ParentId": "r-ab12"},
        "arn:aws:organizations::111122223333:root/o-*/r-ab12",
    ),
    ("pinpoint", "GetApp", {"ApplicationId": "a"}, "~apps/a"),
    ("pipes", "CreatePipe", {"Name": "p"}, "~pipe/p"),
    ("pipes", "DescribePipe", {"Name": "p"}, "~pipe/p"),
    ("polly", "SynthesizeSpeech", {}, "*"),
    ("quicksight", "DescribeDashboard", {"DashboardId": "d"}, "~dashboard/d"),
    ("ram", "CreateResourceShare", {}, "*"),
    (
        "rds",
        "CreateDBInstance",
        {"DBInstanceIdentifier": "d", "DBSubnetGroupName": "sg", "DBParameterGroupName": "pg"},
        ["~db:d", "~pg:pg", "~subgrp:sg"],
    ),
    ("rds", "CreateDBSnapshot", {"DBInstanceIdentifier": "d", "DBSnapshotIdentifier": "s"}, ["~db:d", "~snapshot:s"]),
    ("rds", "DeleteDBCluster", {"DBClusterIdentifier": "c"}, "~cluster:c"),
    ("rds", "AddTagsToResource", {"ResourceName": "arn:aws:rds:@:db:d"}, "~db:d"),
    ("rds", "DescribeDBInstances", {"DBInstanceIdentifier": "d"}, "~db:d"),
    ("rds", "DeleteDBInstance", {"DBInstanceIdentifier": "d"}, "~db:d"),
    ("rds", "CreateDBCluster", {"DBClusterIdentifier": "c", "DBSubnetGroupName": "g"}, ["~cluster:c", "~subgrp:g"]),
    ("rds", "DeleteDBSnapshot", {"DBSnapshotIdentifier": "s"}, "~snapshot:s"),
    ("rds", "ModifyDBParameterGroup", {"DBParameterGroupName": "p"}, "~pg:p"),
    ("rds", "CreateDBSubnetGroup", {"DBSubnetGroupName": "g"}, "~subgrp:g"),
    (
        "rds-data",
        "ExecuteStatement",
        {"resourceArn": "arn:aws:rds:@:cluster:c", "secretArn": "arn:aws:secretsmanager:@:secret:s-AbCdEf"},
        ["arn:aws:rds:@:cluster:c", "secretsmanager:GetSecretValue ~secret:s-AbCdEf"],
    ),
    ("redshift", "DeleteCluster", {"ClusterIdentifier": "c"}, "~cluster:c"),
    ("redshift", "DescribeClusters", {}, "*"),
    ("redshift", "PauseCluster", {"ClusterIdentifier": "c"}, "~cluster:c"),
    ("redshift-data", "ExecuteStatement", {"ClusterIdentifier": "c"}, "arn:aws:redshift:@:cluster:c"),
    ("rekognition", "CreateCollection", {}, "*"),
    ("resource-groups", "CreateGroup", {}, "*"),
    ("resourcegroupstaggingapi", "GetResources", {}, "*"),
    ("route53", "ChangeResourceRecordSets", {"HostedZoneId": "/hostedzone/Z1"}, "arn:aws:route53:::hostedzone/Z1"),
    ("route53", "GetChange", {"Id": "/change/C1"}, "arn:aws:route53:::change/C1"),
    ("route53", "CreateHostedZone", {}, "*"),
    ("route53", "GetHostedZone", {"Id": "Z1"}, "arn:aws:route53:::hostedzone/Z1"),
    (
        "s3",
        "CopyObject",
        {"Bucket": "b", "Key": "k", "CopySource": "arn:aws:s3:@:accesspoint/ap/object/x/y"},
        ["s3:PutObject arn:aws:s3:::b/k", "s3:GetObject ~accesspoint/ap/object/x/y"],
    ),
    (
        "s3",
        "CopyObject",
        {"Bucket": "b", "Key": "k", "CopySource": "src/a%20b?versionId=3", "Tagging": "a=b", "ACL": "private"},
        [
            "s3:PutObject arn:aws:s3:::b/k",
            "s3:GetObjectVersion arn:aws:s3:::src/a b",
            "s3:PutObjectTagging arn:aws:s3:::b/k",
            "s3:PutObjectAcl arn:aws:s3:::b/k",
        ],
    ),
    ("s3", "PutObject", {"Bucket": "b", "Key": "a*b?${c}ü"}, "arn:aws:s3:::b/a${*}b${?}${$}{c}ü"),
    ("s3", "GetObject", {"Bucket": "arn:aws:s3:@:accesspoint/ap", "Key": "k"}, "~accesspoint/ap/object/k"),
    ("s3", "ListObjectsV2", {"Bucket": "b"}, "s3:ListBucket arn:aws:s3:::b"),
    ("s3", "ListObjectsV2", {"Bucket": "arn:aws:s3:@:accesspoint/ap"}, "s3:ListBucket ~accesspoint/ap"),
    ("s3", "DeleteObjects", {"Bucket": "b"}, "s3:DeleteObject arn:aws:s3:::b/*"),
    (
        "s3",
        "CreateBucket",
        {"Bucket": "b", "ObjectLockEnabledForBucket": True, "ObjectOwnership": "BucketOwnerEnforced"},
        [
            "arn:aws:s3:::b",
            "s3:PutBucketObjectLockConfiguration arn:aws:s3:::b",
            "s3:PutBucketVersioning arn:aws:s3:::b",
            "s3:PutBucketOwnershipControls arn:aws:s3:::b",
        ],
    ),
    ("s3", "PutBucketEncryption", {"Bucket": "b"}, "s3:PutEncryptionConfiguration arn:aws:s3:::b"),
    ("s3", "PutObject", {"Bucket": "b", "Key": "k"}, "arn:aws:s3:::b/k"),
    ("s3", "UploadPart", {"Bucket": "b", "Key": "a/b c"}, "s3:PutObject arn:aws:s3:::b/a/b c"),
    ("s3", "AbortMultipartUpload", {"Bucket": "b", "Key": "k"}, "arn:aws:s3:::b/k"),
    ("s3", "ListParts", {"Bucket": "b", "Key": "k"}, "s3:ListMultipartUploadParts arn:aws:s3:::b/k"),
    ("s3", "GetBucketPolicy", {"Bucket": "b"}, "arn:aws:s3:::b"),
    ("s3", "HeadBucket", {"Bucket": "b"}, "s3:ListBucket arn:aws:s3:::b"),
    ("s3", "ListBuckets", {}, "s3:ListAllMyBuckets *"),
    ("s3", "GetBucketLifecycleConfiguration", {"Bucket": "b"}, "s3:GetLifecycleConfiguration arn:aws:s3:::b"),
    ("s3", "GetObjectLockConfiguration", {"Bucket": "b"}, "s3:GetBucketObjectLockConfiguration arn:aws:s3:::b"),
    ("s3", "PutBucketAccelerateConfiguration", {"Bucket": "b"}, "s3:PutAccelerateConfiguration arn:aws:s3:::b"),
    ("s3", "PutBucketNotificationConfiguration", {"Bucket": "b"}, "s3:PutBucketNotification arn:aws:s3:::b"),
    ("s3", "PutPublicAccessBlock", {"Bucket": "b"}, "s3:PutBucketPublicAccessBlock arn:aws:s3:::b"),
    ("s3", "RestoreObject", {"Bucket": "b", "Key": "k"}, "arn:aws:s3:::b/k"),
    ("s3", "PutObjectLegalHold", {"Bucket": "b", "Key": "k"}, "arn:aws:s3:::b/k"),
    ("s3control", "CreateAccessPoint", {"Name": "ap"}, "~accesspoint/ap"),
    ("s3express", "GetObject", {"Bucket": "b--euc1-az1--x-s3"}, "s3express:CreateSession ~bucket/b--euc1-az1--x-s3"),
    (
        "s3express",
        "ListObjectsV2",
        {"Bucket": "b--euc1-az1--x-s3"},
        "s3express:CreateSession ~bucket/b--euc1-az1--x-s3",
    ),
    (
        "s3express",
        "PutBucketEncryption",
        {"Bucket": "b--euc1-az1--x-s3"},
        "s3express:PutEncryptionConfiguration ~bucket/b--euc1-az1--x-s3",
    ),
    ("sagemaker", "CreateTrainingJob", {"TrainingJobName": "j"}, "~training-job/j"),
    ("sagemaker", "DescribeEndpoint", {"EndpointName": "E"}, "~endpoint/E"),
    ("sagemaker", "CreateModel", {"ModelName": "m"}, "~model/m"),
    ("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "e"}, "~endpoint/e"),
    ("scheduler", "CreateSchedule", {"Name": "s"}, "~schedule/default/s"),
    ("scheduler", "GetSchedule", {"Name": "s", "GroupName": "g"}, "~schedule/g/s"),
    ("secretsmanager", "GetSecretValue", {"SecretId": "prod/db"}, "~secret:prod/db-??????"),
    (
        "secretsmanager",
        "GetSecretValue",
        {"SecretId": "arn:aws:secretsmanager:@:secret:prod/db-AbCdEf"},
        "~secret:prod/db-AbCdEf",
    ),
    ("secretsmanager", "CreateSecret", {}, "~secret:*"),
    (
        "secretsmanager",
        "BatchGetSecretValue",
        {"SecretIdList": ["a", "b"]},
        ["*", "secretsmanager:GetSecretValue ~secret:a-??????", "secretsmanager:GetSecretValue ~secret:b-??????"],
    ),
    ("secretsmanager", "ListSecrets", {}, "*"),
    ("secretsmanager", "PutSecretValue", {"SecretId": "s"}, "~secret:s-??????"),
    ("securityhub", "GetFindings", {}, "*"),
    ("servicecatalog", "DescribeProduct", {"Id": "prod-abc"}, "arn:aws:catalog:@:product/prod-abc"),
    ("servicediscovery", "RegisterInstance", {"ServiceId": "srv-abc"}, "~service/srv-abc"),
    ("sesv2", "GetEmailIdentity", {"EmailIdentity": "example.com"}, "~identity/example.com"),
    ("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "c"}, "~configuration-set/c"),
    ("sesv2", "DeleteEmailTemplate", {"TemplateName": "t"}, "~template/t"),
    ("sesv2", "GetAccount", {}, "*"),
    ("shield", "DescribeSubscription", {}, "*"),
    ("signer", "StartSigningJob", {"profileName": "p"}, "~/signing-profiles/p"),
    ("sns", "Publish", {"PhoneNumber": "+491701234567"}, "*"),
    ("sns", "Publish", {"TopicArn": "arn:aws:sns:@:t"}, "~t"),
    ("sns", "Subscribe", {"TopicArn": "arn:aws:sns:@:t"}, "~t"),
    ("sns", "CreateTopic", {"Name": "t"}, "~t"),
    ("sns", "ListTopics", {}, "*"),
    ("sns", "Unsubscribe", {"SubscriptionArn": "arn:aws:sns:@:t:5b1e"}, "~t:5b1e"),
    ("sns", "DeleteTopic", {"TopicArn": "arn:aws:sns:@:t"}, "~t"),
    ("sqs", "SendMessage", {"QueueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/q"}, "~q"),
    ("sqs", "CreateQueue", {"QueueName": "q"}, "~q"),
    ("sqs", "GetQueueUrl", {"QueueName": "q"}, "~q"),
    ("sqs", "ListQueues", {}, "*"),
    (
        "ssm",
        "SendCommand",
        {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-01234567", "i-12345678"]},
        [
            "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript",
            "arn:aws:ec2:@:instance/i-01234567",
            "arn:aws:ec2:@:instance/i-12345678",
        ],
    ),
    (
        "ssm",
        "SendCommand",
        {"DocumentName": "mine", "InstanceIds": ["mi-1"]},
        ["~document/mine", "~managed-instance/mi-1"],
    ),
    ("ssm", "StartSession", {"Target": "i-01234567"}, "arn:aws:ec2:@:instance/i-01234567"),
    ("ssm", "GetParameter", {"Name": "/a/b"}, "~parameter/a/b"),
    ("ssm", "GetParameter", {"Name": "plain"}, "~parameter/plain"),
    (
        "ssm",
        "GetParameter",
        {"Name": "/aws/service/ami-amazon-linux-latest/x"},
        "arn:aws:ssm:eu-central-1::parameter/aws/service/ami-amazon-linux-latest/x",
    ),
    ("ssm", "GetParametersByPath", {"Path": "/a/"}, "~parameter/a/"),
    ("ssm", "GetParameters", {"Names": ["/a", "b:3"]}, ["~parameter/a", "~parameter/b"]),
    ("ssm", "PutParameter", {"Name": "/a"}, "~parameter/a"),
    ("ssm", "DeleteParameters", {"Names": ["/a/b", "c"]}, ["~parameter/a/b", "~parameter/c"]),
    (
        "ssm",
        "GetParameter",
        {"Name": "arn:aws:ssm:eu-central-1:999988887777:parameter/shared/a"},
        "arn:aws:ssm:eu-central-1:999988887777:parameter/shared/a",
    ),
    ("ssm", "DescribeParameters", {}, "*"),
    (
        "ssm",
        "GetParametersByPath",
        {"Path": "/aws/service/global-infrastructure"},
        "arn:aws:ssm:eu-central-1::parameter/aws/service/global-infrastructure",
    ),
    ("ssm", "GetDocument", {"Name": "mine"}, "~document/mine"),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "arn:aws:states:@:stateMachine:m"}, "~stateMachine:m"),
    ("stepfunctions", "CreateStateMachine", {"name": "m"}, "~stateMachine:m"),
    ("stepfunctions", "DescribeExecution", {"executionArn": "arn:aws:states:@:execution:m:e"}, "~execution:m:e"),
    ("stepfunctions", "SendTaskSuccess", {}, "*"),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "arn:aws:states:@:stateMachine:m:prod"}, "~stateMachine:m"),
    ("stepfunctions", "StopExecution", {"executionArn": "arn:aws:states:@:execution:m:e"}, "~execution:m:e"),
    (
        "stepfunctions",
        "DescribeStateMachine",
        {"stateMachineArn": "arn:aws:states:@:stateMachine:m"},
        "~stateMachine:m",
    ),
    ("stepfunctions", "GetExecutionHistory", {"executionArn": "arn:aws:states:@:execution:m:e"}, "~execution:m:e"),
    ("stepfunctions", "StartSyncExecution", {"stateMachineArn": "arn:aws:states:@:stateMachine:m"}, "~stateMachine:m"),
    ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::111122223333:role/r"}, "arn:aws:iam::111122223333:role/r"),
    (
        "sts",
        "AssumeRole",
        {"RoleArn": "arn:aws:iam::111122223333:role/r", "Tags": [{"Key": "a", "Value": "b"}]},
        ["arn:aws:iam::111122223333:role/r", "sts:TagSession arn:aws:iam::111122223333:role/r"],
    ),
    ("synthetics", "StartCanary", {"Name": "c"}, "~canary:c"),
    ("textract", "DetectDocumentText", {}, "*"),
    ("timestream-write", "WriteRecords", {"DatabaseName": "d", "TableName": "t"}, "~database/d/table/t"),
    ("transfer", "DescribeUser", {"ServerId": "s-01234567", "UserName": "u"}, "~user/s-01234567/u"),
    ("transfer", "StartServer", {"ServerId": "s-01234567"}, "~server/s-01234567"),
    ("transfer", "CreateUser", {"ServerId": "s-01234567"}, "~server/s-01234567"),
    ("translate", "TranslateText", {}, "*"),
    ("wafv2", "GetWebACL", {"Name": "w", "Scope": "REGIONAL", "Id": "1234"}, "~regional/webacl/w/1234"),
    ("wafv2", "CreateIPSet", {"Name": "w", "Scope": "CLOUDFRONT"}, "~global/ipset/w/*"),
    ("wafv2", "ListWebACLs", {}, "*"),
    ("wafv2", "UpdateIPSet", {"Name": "n", "Scope": "REGIONAL", "Id": "i"}, "~regional/ipset/n/i"),
    ("workspaces", "DescribeWorkspaces", {}, "*"),
    ("xray", "PutTraceSegments", {}, "*"),
]


def _here(value: Any) -> Any:
    if isinstance(value, dict):
        return {_here(key): _here(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_here(inner) for inner in value]
    return value.replace("@", HERE) if isinstance(value, str) else value


@cache
def model_of(name: str) -> ServiceModel:
    return ServiceModel(create_loader().load_service_model(name, "service-2"), name)


def record_of(service: str, operation: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The record of a call as bototrail writes it; directory buckets are S3's, signed for S3 Express."""
    name, rows = ("s3", service) if service == "s3express" else (service, "")
    model = model_of(name)
    plan = plan_for(model, model.operation_model(operation), rows)
    return {
        "eventType": "AwsApiCall",
        "eventSource": plan.event_source,
        "eventName": plan.event_name,
        "awsRegion": REGION,
        "recipientAccountId": ACCOUNT,
        "requestParameters": plan.request_parameters(_here(arguments)),
        "readOnly": plan.read_only,
        **more,
    }


def used(record: dict[str, Any]) -> list[str]:
    """Actions and resources, without what is implied."""
    return sorted(f"{need.action} {need.resource}" for need in findings(record).needs if not need.implied)


def expected(service: str, operation: str, resources: str | list[str]) -> list[str]:
    own = f"{PREFIXES.get(service, service)}:{operation}"
    out = []
    for text in [resources] if isinstance(resources, str) else resources:
        first, blank, rest = text.partition(" ")
        named = blank and first.count(":") == 1 and not first.startswith("~")
        action, resource = (first, rest) if named else (own, text)
        begin = f"arn:aws:{action.partition(':')[0]}:{HERE}:"
        out.append(f"{action} {resource.replace('~', begin, 1).replace('@', HERE)}")
    return sorted(out)


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "resources"),
    CALLS,
    ids=[f"{service} {operation} {n}" for n, (service, operation, *_) in enumerate(CALLS)],
)
def test_a_call_is_on_these_resources(service, operation, arguments, resources):
    assert used(record_of(service, operation, arguments)) == expected(service, operation, resources)


def test_many_services_are_covered():
    assert len({service for service, *_ in CALLS}) > 90


def test_a_new_instance_takes_many_resources():
    arguments = {
        "ImageId": "ami-0123456789abcdef0",
        "MinCount": 1,
        "MaxCount": 1,
        "SubnetId": "subnet-0123456789abcdef0",
        "SecurityGroupIds": ["sg-0123456789abcdef0", "sg-0123456789abcdef1"],
        "KeyName": "k",
    }
    found = {
        need.partition(" arn:aws:")[2].replace(HERE, "@") for need in used(record_of("ec2", "RunInstances", arguments))
    }
    assert found == {
        f"ec2:{REGION}::image/ami-0123456789abcdef0",
        "ec2:@:instance/*",
        "ec2:@:key-pair/k",
        "ec2:@:network-interface/*",
        "ec2:@:security-group/sg-0123456789abcdef0",
        "ec2:@:security-group/sg-0123456789abcdef1",
        "ec2:@:subnet/subnet-0123456789abcdef0",
        "ec2:@:volume/*",
    }


# ---- what stands in the record beside the parameters
def test_the_record_s_own_resources_count():
    queue = "arn:aws:sqs:eu-central-1:999988887777:q"
    given = record_of("sqs", "ReceiveMessage", {"QueueUrl": "https://sqs.eu-central-1.amazonaws.com/999988887777/q"})
    given["resources"] = [{"accountId": "999988887777", "type": "AWS::SQS::Queue", "ARN": queue}]
    assert used(given) == [f"sqs:ReceiveMessage {queue}"]


def test_a_key_that_only_the_answer_tells_counts():
    key = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    given = record_of("kms", "Decrypt", {"CiphertextBlob": b""}, resources=[{"type": "AWS::KMS::Key", "ARN": key}])
    assert used(given) == [f"kms:Decrypt {key}"]


@pytest.mark.parametrize("operation", ["CreateAccessKey", "GetUser", "ListMFADevices"])
def test_a_user_that_is_not_named_is_the_caller(operation):
    me = f"arn:aws:iam::{ACCOUNT}:user/team/alice"
    given = record_of("iam", operation, {}, userIdentity={"type": "IAMUser", "arn": me, "accessKeyId": "AKIAEXAMPLE"})
    assert used(given) == [f"iam:{operation} {me}"]


# ---- names that would be patterns, and others that are seldom seen
@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("a*b", "a${*}b"),
        ("what?", "what${?}"),
        ("${aws:username}", "${$}{aws:username}"),
        ("10 $ / 9 €", "10 $ / 9 €"),
        ("Grüße/日本語.txt", "Grüße/日本語.txt"),
        ("a b+c%20d", "a b+c%20d"),
        ("/leading//double/", "/leading//double/"),
        ("arn:like:this", "arn:like:this"),
    ],
)
def test_the_key_of_an_object_is_taken_as_it_is(key, written):
    assert used(record_of("s3", "PutObject", {"Bucket": "b", "Key": key})) == [f"s3:PutObject arn:aws:s3:::b/{written}"]


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DeleteObject", "HeadObject", "GetObjectTagging"])
def test_an_object_behind_an_access_point_is_named_by_it(operation):
    point = f"arn:aws:s3:{HERE}:accesspoint/ap"
    found = findings(record_of("s3", operation, {"Bucket": point, "Key": "a/b"})).needs
    assert [need.resource for need in found] == [f"{point}/object/a/b"]


def test_a_listing_is_for_its_prefix_only():
    found = findings(record_of("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "logs/"})).needs
    assert found == [Need("s3:ListBucket", "arn:aws:s3:::b", (("StringEquals", "s3:prefix", "logs/"),))]


def test_a_key_s_alias_is_a_condition():
    found = findings(record_of("kms", "Encrypt", {"KeyId": "alias/a/b", "Plaintext": b""})).needs
    assert found == [
        Need("kms:Encrypt", f"arn:aws:kms:{HERE}:key/*", (("StringEquals", "kms:RequestAlias", "alias/a/b"),))
    ]


def test_what_has_no_resource_is_for_its_region():
    found = findings(record_of("ec2", "DescribeInstances", {})).needs
    assert found == [Need("ec2:DescribeInstances", "*", (("StringEquals", "aws:RequestedRegion", REGION),))]


# ---- where
@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("us-west-2", "aws"),
    ],
)
def test_a_region_tells_the_partition(region, partition):
    records = [
        record_of("s3", "PutObject", {"Bucket": "b", "Key": "k"}),
        record_of("sqs", "GetQueueUrl", {"QueueName": "q"}),
        record_of("iam", "GetRole", {"RoleName": "r"}),
        record_of("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}),
    ]
    assert [used({**one, "awsRegion": region})[0].partition(" ")[2] for one in records] == [
        f"arn:{partition}:s3:::b/k",
        f"arn:{partition}:sqs:{region}:{ACCOUNT}:q",
        f"arn:{partition}:iam::{ACCOUNT}:role/r",
        f"arn:{partition}:dynamodb:{region}:{ACCOUNT}:table/t/index/i",
    ]


@pytest.mark.parametrize("account", [None, "000000000000"])
def test_an_account_that_nobody_knows_may_be_any(account):
    records = [
        record_of("sqs", "GetQueueUrl", {"QueueName": "q"}),
        record_of("iam", "GetRole", {"RoleName": "r"}),
        record_of("lambda", "Invoke", {"FunctionName": "f"}),
        record_of(
            "dynamodb",
            "GetItem",
            {"TableName": "t", "Key": {}},
            resources=[{"type": "AWS::DynamoDB::Table", "ARN": f"arn:aws:dynamodb:{REGION}:000000000000:table/t"}],
        ),
    ]
    assert [used({**one, "recipientAccountId": account})[0].partition(" ")[2] for one in records] == [
        f"arn:aws:sqs:{REGION}:*:q",
        "arn:aws:iam::*:role/r",
        f"arn:aws:lambda:{REGION}:*:function:f",
        f"arn:aws:dynamodb:{REGION}:*:table/t",
    ]


RAW: list[tuple[str, str, dict[str, Any], list[str]]] = [
    (
        "sqs",
        "ReceiveMessage",
        {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/999988887777/q"},
        ["arn:aws:sqs:eu-central-1:999988887777:q"],
    ),
    (
        "dynamodb",
        "ExecuteStatement",
        {"statement": 'SELECT * FROM "t"."i" WHERE a = ***(Redacted)'},
        [f"arn:aws:dynamodb:{HERE}:table/t/index/i"],
    ),
    (
        "dynamodb",
        "GetRecords",
        {"shardIterator": f"arn:aws:dynamodb:{HERE}:table/t/stream/2020|1|AAA"},
        [f"arn:aws:dynamodb:{HERE}:table/t/stream/2020"],
    ),
    (
        "dms",
        "StartReplicationTask",
        {"replicationTaskArn": f"arn:aws:dms:{HERE}:task:X"},
        [f"arn:aws:dms:{HERE}:task:X"],
    ),
    ("rds", "DeleteDBInstance", {"dBInstanceIdentifier": "D-Upper"}, [f"arn:aws:rds:{HERE}:db:d-upper"]),
    (
        "secretsmanager",
        "GetSecretValue",
        {"secretId": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        [f"arn:aws:secretsmanager:{HERE}:secret:*"],
    ),
    ("monitoring", "DeleteAlarms", {"alarmNames": ["svc/a/late"]}, [f"arn:aws:cloudwatch:{HERE}:alarm:svc/a/late"]),
    ("iotdata", "Publish", {"topic": "dt/dev/1"}, [f"arn:aws:iot:{HERE}:topic/dt/dev/1"]),
    ("lambda", "Invoke", {"functionName": "f:prod"}, [f"arn:aws:lambda:{HERE}:function:f:prod"]),
    (
        "ssm",
        "GetParameters",
        {"names": ["/aws/service/x", "/my/p"]},
        [f"arn:aws:ssm:{REGION}::parameter/aws/service/x", f"arn:aws:ssm:{HERE}:parameter/my/p"],
    ),
    ("kms", "DeleteAlias", {"aliasName": "alias/a"}, [f"arn:aws:kms:{HERE}:alias/a", f"arn:aws:kms:{HERE}:key/*"]),
    (
        "ec2",
        "CopySnapshot",
        {"sourceSnapshotId": "snap-0123456789abcdef0"},
        [f"arn:aws:ec2:{REGION}::snapshot/snap-0123456789abcdef0", f"arn:aws:ec2:{REGION}::snapshot/*"],
    ),
    ("lambda", "GetFunction20150331v2", {"functionName": "***"}, [f"arn:aws:lambda:{HERE}:function:*"]),
    ("sns", "Publish", {"phoneNumber": "HIDDEN_DUE_TO_SECURITY_REASONS"}, ["*"]),
]


@pytest.mark.parametrize(("head", "name", "parameters", "expected"), RAW, ids=[row[1] for row in RAW])
def test_what_stands_in_records_of_aws_s_own(head, name, parameters, expected):
    found = findings(
        {
            "eventType": "AwsApiCall",
            "eventSource": f"{head}.amazonaws.com",
            "eventName": name,
            "awsRegion": REGION,
            "recipientAccountId": ACCOUNT,
            "requestParameters": parameters,
        }
    )
    assert [need.resource for need in found.needs] == expected


def test_a_key_named_by_the_arn_of_an_alias_is_bound_to_the_alias():
    arn = f"arn:aws:kms:{HERE}:alias/orders"
    found = findings(
        {
            "eventSource": "kms.amazonaws.com",
            "eventName": "Encrypt",
            "awsRegion": REGION,
            "recipientAccountId": ACCOUNT,
            "requestParameters": {"keyId": arn},
        }
    )
    condition = (("StringEquals", "kms:RequestAlias", "alias/orders"),)
    assert Need("kms:Encrypt", f"arn:aws:kms:{HERE}:key/*", condition) in found.needs
