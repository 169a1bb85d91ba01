"""AWS Lambda."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

_FUNCTION: Final = Resource(
    "AWS::Lambda::Function", "arn:{partition}:lambda:{region}:{account}:function:{request.functionName|function}"
)

SERVICE: Final = Service(
    # Operations of the first API carry its date; newer ones have no suffix. [rules.md §3; facts §1.11]
    event_names={
        "AddLayerVersionPermission": "AddLayerVersionPermission20181031",
        "AddPermission": "AddPermission20150331v2",
        "CreateAlias": "CreateAlias20150331",
        "CreateEventSourceMapping": "CreateEventSourceMapping20150331",
        "CreateFunction": "CreateFunction20150331",
        "DeleteAlias": "DeleteAlias20150331",
        "DeleteEventSourceMapping": "DeleteEventSourceMapping20150331",
        "DeleteFunction": "DeleteFunction20150331",
        "DeleteFunctionConcurrency": "DeleteFunctionConcurrency20171031",
        "DeleteLayerVersion": "DeleteLayerVersion20181031",
        "GetAccountSettings": "GetAccountSettings20160819",
        "GetAlias": "GetAlias20150331",
        "GetEventSourceMapping": "GetEventSourceMapping20150331",
        "GetFunction": "GetFunction20150331v2",
        "GetFunctionConfiguration": "GetFunctionConfiguration20150331v2",
        "GetLayerVersion": "GetLayerVersion20181031",
        "GetLayerVersionPolicy": "GetLayerVersionPolicy20181031",
        "GetPolicy": "GetPolicy20150331v2",
        "ListAliases": "ListAliases20150331",
        "ListEventSourceMappings": "ListEventSourceMappings20150331",
        "ListFunctions": "ListFunctions20150331",
        "ListLayerVersions": "ListLayerVersions20181031",
        "ListLayers": "ListLayers20181031",
        "ListTags": "ListTags20170331",
        "ListVersionsByFunction": "ListVersionsByFunction20150331",
        "PublishLayerVersion": "PublishLayerVersion20181031",
        "PublishVersion": "PublishVersion20150331",
        "PutFunctionConcurrency": "PutFunctionConcurrency20171031",
        "RemoveLayerVersionPermission": "RemoveLayerVersionPermission20181031",
        "RemovePermission": "RemovePermission20150331v2",
        "TagResource": "TagResource20170331v2",
        "UntagResource": "UntagResource20170331v2",
        "UpdateAlias": "UpdateAlias20150331",
        "UpdateEventSourceMapping": "UpdateEventSourceMapping20150331",
        "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
        "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
    },
    # [facts §4.5]
    data_events=frozenset(
        {
            "Invoke",
            "InvokeAsync",
            "InvokeWithResponseStream",
        }
    ),
    # What a function answers is content. [facts §1.9]
    silent=frozenset(
        {
            "Invoke",
            "InvokeWithResponseStream",
        }
    ),
    # The code is left out, and of the environment its variables. [rules.md §12]
    hidden={
        "*.Payload": OMITTED,
        "*.Variables": OMITTED,
        "*.ZipFile": OMITTED,
        "InvocationRequest.ClientContext": OMITTED,
    },
    # [rules.md §4]
    defaults={
        "CreateFunctionRequest": {"description": "", "environment": {}, "publish": False},
        "UpdateFunctionCodeRequest": {"dryRun": False},
    },
    # [rules.md §12]
    answer_defaults={"FunctionConfiguration": {"environment": {}}},
    # [facts §4.5]
    resources={
        "Invoke": (_FUNCTION,),
        "InvokeAsync": (_FUNCTION,),
        "InvokeWithResponseStream": (_FUNCTION,),
    },
)
