"""Amazon API Gateway, REST."""

from record.rows import NOON

REQUESTS = [
    ("CreateApiKey", {"value": "v"}, {"createApiKeyInput": {"value": "***"}, "template": False}),
    (
        "CreateDeployment",
        {"restApiId": "a", "canarySettings": {"stageVariableOverrides": {"k": "v"}}},
        {
            "restApiId": "a",
            "createDeploymentInput": {"canarySettings": {"stageVariableOverrides": "***"}},
            "template": False,
        },
    ),
    (
        "CreateStage",
        {"restApiId": "a", "stageName": "s", "deploymentId": "d", "variables": {"k": "v"}},
        {
            "restApiId": "a",
            "createStageInput": {"stageName": "s", "deploymentId": "d", "variables": "***"},
            "template": False,
        },
    ),
    ("GetApiKey", {"apiKey": "id"}, {"apiKey": "id", "template": False}),
    ("GetRestApis", {}, {"template": False}),
    ("ImportApiKeys", {"body": b"k", "format": "csv"}, {"format": "csv", "template": False}),
    ("ImportRestApi", {"body": b'{"a":1}'}, {"body": '{"a":1}', "template": False}),
    ("PutRestApi", {"body": b'{"a":1}'}, {"body": '{"a":1}', "template": False}),
]

RESULTS = [
    ("CreateApiKey", {"id": "i", "value": "v"}, {"id": "i", "value": "***"}),
    (
        "CreateStage",
        {"createdDate": NOON},
        {"createdDate": "Jul 9, 2023, 12:05:03 PM"},
    ),
    ("CreateStage", {"variables": {"a": "b"}}, {"variables": "***"}),
    ("CreateStage", {"variables": {}}, {"variables": {}}),
]
