"""How the variables of ARN templates are called in requests, where they are not called alike."""

from __future__ import annotations

import re
from typing import Final

from bototrail.history import resource_arns

# Variables that say nothing of what they name: they are only filled from a parameter that does.
GENERIC: Final = frozenset({"", "id", "name", "resource", "resourceid", "resourcename", "token", "type", "uuid"})

# Services that check each of the required resource types of an action, also those that the request does not name.
# [EC2 user guide, resource-level permissions; Glue developer guide, Data Catalog ARNs; KMS developer guide, aliases]
EVERY_REQUIRED: Final = frozenset({"ec2", "glue", "kms"})

# `prefix:type` -> the one ARN of that type. [Glue developer guide: an account and region have one Data Catalog]
CONSTANTS: Final = {
    "glue:catalog": "arn:${Partition}:glue:${Region}:${Account}:catalog",
}

# `prefix:Variable` -> what it is when the request says nothing. [API references of the services]
DEFAULTS: Final = {
    "athena:WorkGroupName": "primary",
    "ecs:ClusterName": "default",
    "events:EventBusName": "default",
    "scheduler:GroupName": "default",
}

# prefix -> ARNs that end otherwise in policies, but for tagging. [CloudWatch Logs user guide, log group ARNs]
SUFFIXES: Final = {
    "logs": (re.compile(r"arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+"), ":*"),
}

# Types of EC2 -> what the ids of theirs begin with.
EC2_IDS: Final = {row.name: row.start for row in resource_arns.EC2_IDS if row.name}

# `prefix:Variable` or `prefix:type.Variable` -> parameters, letters and digits in lower case, tried in this order.
# [API references]
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "application-autoscaling:ResourceId": (),
    "appsync:GraphQLAPIId": ("apiid",),
    "athena:WorkGroupName": ("workgroup", "name"),
    "autoscaling:GroupFriendlyName": ("autoscalinggroupname", "autoscalinggroupnames"),
    "autoscaling:GroupId": (),
    "cloudformation:Id": (),
    "cloudwatch:AlarmName": ("alarmname", "alarmnames", "name"),
    "ec2:GroupName": (),
    "ec2:KeyPairName": ("keyname",),
    "ec2:SecurityGroupId": ("groupid", "securitygroupid", "securitygroupids", "securitygroup"),
    "ec2:VpcEndpointServiceId": ("serviceid",),
    "ecs:ClusterName": ("cluster", "clusters", "clustername"),
    "ecs:ServiceName": ("service", "services", "servicename"),
    "ecs:TaskDefinitionFamilyName": ("taskdefinition", "family", "familyprefix"),
    "ecs:TaskDefinitionRevisionNumber": ("taskdefinition",),
    "ecs:TaskId": ("task", "tasks"),
    "eks:ClusterName": ("clustername", "name"),
    "eks:UUID": (),
    "elasticmapreduce:ClusterId": ("jobflowid", "jobflowids", "clusterid", "resourceid"),
    "events:RuleName": ("rule", "name", "rulename"),
    "iam:OidcProviderName": ("url",),
    "kms:Alias": ("aliasname",),
    "kms:KeyId": ("keyid", "targetkeyid"),
    "lambda:LayerVersion": ("versionnumber",),
    "logs:LogGroupName": ("loggroupname", "loggroupidentifier", "loggroupnames", "loggroupidentifiers"),
    "memorydb:multiregioncluster.ClusterName": ("multiregionclustername",),
    "mobiletargeting:AppId": ("applicationid",),
    "organizations:OrganizationalUnitId": (
        "organizationalunitid",
        "targetid",
        "parentid",
        "sourceparentid",
        "destinationparentid",
    ),
    "organizations:RootId": ("rootid", "targetid", "parentid", "sourceparentid", "destinationparentid"),
    "rds:ClusterParameterGroupName": ("dbclusterparametergroupname", "sourcedbclusterparametergroupidentifier"),
    "rds:ClusterSnapshotName": ("dbclustersnapshotidentifier", "sourcedbclustersnapshotidentifier"),
    "rds:DbClusterInstanceName": ("dbclusteridentifier", "sourcedbclusteridentifier"),
    "rds:DbInstanceName": ("dbinstanceidentifier", "sourcedbinstanceidentifier"),
    "rds:GlobalCluster": ("globalclusteridentifier",),
    "rds:ParameterGroupName": ("dbparametergroupname", "sourcedbparametergroupidentifier"),
    "rds:SecurityGroupName": ("dbsecuritygroupname",),
    "rds:SnapshotName": ("dbsnapshotidentifier", "sourcedbsnapshotidentifier"),
    "rds:SubnetGroupName": ("dbsubnetgroupname",),
    "route53:Id": ("hostedzoneid", "id"),
    "s3:BucketName": ("bucketname",),
    "s3:ObjectName": ("key",),
    "secretsmanager:SecretId": ("secretid", "secretidlist", "name"),
    "sns:TopicName": ("name", "topicarn"),
    "sqs:QueueName": ("queuename", "queueurl"),
    "ssm:InstanceId": ("instanceid", "instanceids"),
    "ssm:maintenancewindow.ResourceId": ("windowid",),
    "ssm:ParameterNameWithoutLeadingSlash": ("name", "names", "path"),
    "ssm:patchbaseline.PatchBaselineIdResourceId": ("baselineid",),
}

# Services whose resource is named alike in all calls -> template as in `record.rules.Resource`. [SQS API reference]
TEMPLATES: Final = {
    "sqs": "arn:{partition}:sqs:{region}:{request.queueUrl|queue}",
}

# Actions of IAM on the user who calls, when the call names none. [IAM API reference, parameter UserName]
ABOUT_CALLER: Final = frozenset(
    {
        "iam:ChangePassword",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:DeactivateMFADevice",
        "iam:DeleteAccessKey",
        "iam:DeleteLoginProfile",
        "iam:DeleteServiceSpecificCredential",
        "iam:DeleteSigningCertificate",
        "iam:GetLoginProfile",
        "iam:GetUser",
        "iam:ListAccessKeys",
        "iam:ListMFADevices",
        "iam:ListServiceSpecificCredentials",
        "iam:ListSigningCertificates",
        "iam:ListSSHPublicKeys",
        "iam:ResetServiceSpecificCredential",
        "iam:UpdateAccessKey",
        "iam:UpdateServiceSpecificCredential",
        "iam:UpdateSigningCertificate",
        "iam:UploadSigningCertificate",
    }
)
