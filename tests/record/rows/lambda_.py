"""AWS Lambda."""

EVENTS = """
AddLayerVersionPermission    AddLayerVersionPermission20181031     Management write
AddPermission                AddPermission20150331v2               Management write
CreateAlias                  CreateAlias20150331                   Management write
CreateEventSourceMapping     CreateEventSourceMapping20150331      Management write
CreateFunction               CreateFunction20150331                Management write
CreateFunctionUrlConfig      CreateFunctionUrlConfig               Management write
DeleteAlias                  DeleteAlias20150331                   Management write
DeleteEventSourceMapping     DeleteEventSourceMapping20150331      Management write
DeleteFunction               DeleteFunction20150331                Management write
DeleteFunctionConcurrency    DeleteFunctionConcurrency20171031     Management write
DeleteLayerVersion           DeleteLayerVersion20181031            Management write
GetAccountSettings           GetAccountSettings20160819            Management read
GetAlias                     GetAlias20150331                      Management read
GetEventSourceMapping        GetEventSourceMapping20150331         Management read
GetFunction                  GetFunction20150331v2                 Management read
GetFunctionCodeSigningConfig GetFunctionCodeSigningConfig          Management read
GetFunctionConfiguration     GetFunctionConfiguration20150331v2    Management read
GetLayerVersion              GetLayerVersion20181031               Management read
GetLayerVersionPolicy        GetLayerVersionPolicy20181031         Management read
GetPolicy                    GetPolicy20150331v2                   Management read
Invoke                       Invoke                                Data       write
InvokeAsync                  InvokeAsync                           Data       write
InvokeWithResponseStream     InvokeWithResponseStream              Data       write
ListAliases                  ListAliases20150331                   Management read
ListEventSourceMappings      ListEventSourceMappings20150331       Management read
ListFunctions                ListFunctions20150331                 Management read
ListLayerVersions            ListLayerVersions20181031             Management read
ListLayers                   ListLayers20181031                    Management read
ListTags                     ListTags20170331                      Management read
ListVersionsByFunction       ListVersionsByFunction20150331        Management read
PublishLayerVersion          PublishLayerVersion20181031           Management write
PublishVersion               PublishVersion20150331                Management write
PutFunctionConcurrency       PutFunctionConcurrency20171031        Management write
RemoveLayerVersionPermission RemoveLayerVersionPermission20181031  Management write
RemovePermission             RemovePermission20150331v2            Management write
TagResource                  TagResource20170331v2                 Management write
UntagResource                UntagResource20170331v2               Management write
UpdateAlias                  UpdateAlias20150331                   Management write
UpdateEventSourceMapping     UpdateEventSourceMapping20150331      Management write
UpdateFunctionCode           UpdateFunctionCode20150331v2          Management write
UpdateFunctionConfiguration  UpdateFunctionConfiguration20150331v2 Management write
"""

REQUESTS = [
    (
        "CreateFunction",
        {"Code": {"ZipFile": b"z"}, "Environment": {"Variables": {"k": "v"}}},
        {"code": {}, "description": "", "environment": {}, "publish": False},
    ),
    ("CreateFunction", {}, {"description": "", "environment": {}, "publish": False}),
    ("Invoke", {"FunctionName": "f", "ClientContext": "e30="}, {"functionName": "f"}),
    ("Invoke", {"FunctionName": "f", "Payload": b"p"}, {"functionName": "f"}),
    ("UpdateFunctionCode", {"FunctionName": "f", "ZipFile": b"z"}, {"functionName": "f", "dryRun": False}),
    ("UpdateFunctionConfiguration", {"Environment": {"Variables": {"k": "v"}}}, {"environment": {}}),
]

RESULTS = [
    ("CreateFunction", {"FunctionName": "f"}, {"functionName": "f", "environment": {}}),
    ("Invoke", {"StatusCode": 200, "ExecutedVersion": "1", "Payload": object()}, None),
    ("InvokeAsync", {"Status": 202}, None),
    ("InvokeWithResponseStream", {"StatusCode": 200, "ExecutedVersion": "1", "EventStream": object()}, None),
]

_FUNCTION = "111122223333 AWS::Lambda::Function arn:aws:lambda:us-east-1:111122223333:function:f"

RESOURCES = [
    ("Invoke", {"FunctionName": "f"}, {}, [_FUNCTION]),
    ("InvokeAsync", {"FunctionName": "f"}, {}, [_FUNCTION]),
    ("InvokeWithResponseStream", {"FunctionName": "f"}, {}, [_FUNCTION]),
]
